"""What may be typed as a place in the run."""

from __future__ import annotations

import pytest

from mnistviz.gui.common.position_entry import Refused, RunPosition, read

RUN = RunPosition(here=12_340, end=39_912, epochs=7.9824, at_epoch=lambda epochs: round(5_000 * epochs))


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("20104", 20_104),
        (" 20104 ", 20_104),
        ("20,104", 20_104),
        ("20.104", 20_104),
        ("20 104", 20_104),
        ("20\N{NARROW NO-BREAK SPACE}104", 20_104),
        ("20’104", 20_104),
        ("２０１０４", 20_104),
        ("0", 0),
        ("39912", 39_912),
        ("+500", 12_840),
        ("+ 500", 12_840),
        ("-1", 12_339),
        ("−1", 12_339),
        ("-12,340", 0),
        ("epoch 3", 15_000),
        ("Epoch 3", 15_000),
        ("EPOCH 3.5", 17_500),
        ("epoch 3,5", 17_500),
        ("epoch3", 15_000),
        ("ep 3", 15_000),
        ("e. 3", 15_000),
        ("epoch: 0", 0),
        ("Epoche 3", 15_000),
    ],
)
def test_a_place_is_read_as_people_write_it(text: str, step: int) -> None:
    assert read(text, RUN, ("epoch", "Epoche")) == step


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "unreadable"),
        ("here", "unreadable"),
        ("12.5", "unreadable"),
        ("1,23", "unreadable"),
        ("--1", "unreadable"),
        ("+", "unreadable"),
        ("epoch", "unreadable"),
        ("epoch three", "unreadable"),
        ("epoch -1", "unreadable"),
        ("3 epochs", "unreadable"),
        ("1e3", "unreadable"),
        ("nan", "unreadable"),
        ("9" * 400, "unreadable"),
        ("epoch " + "9" * 400, "unreadable"),
        ("39913", "beyond"),
        ("+27573", "beyond"),
        ("epoch 8", "beyond"),
        ("-12341", "before"),
    ],
)
def test_what_is_no_place_of_the_run_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text, RUN)
    assert refused.value.why == why


def test_relative_places_count_from_where_one_is() -> None:
    assert read("-1", RunPosition(5, 9, 1.0, int)) == 4
    assert read("+4", RunPosition(5, 9, 1.0, int)) == 9
