"""What is shown is a value: what was shown once stays what it was, whatever the runs and the hand do meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from mnistviz.engine.columns import Columns
from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.gui.lab.shown import Shown
from tests.gui.lab.conftest import SMALL, Hand


def frozen(value: Any) -> Any:
    """All that a value holds, copied: arrays as bytes, and so on to the last field."""
    match value:
        case Digits():
            return value.checksum
        case Network():
            return value.sizes, value.parameters.tobytes()
        case Columns():
            bins = () if value._bins is None else tuple(each.tobytes() for each in value._bins)
            return value.span, value.size, value.rows.tobytes(), bins
        case np.ndarray():
            return value.shape, value.tobytes()
        case Mapping():
            return {name: frozen(each) for name, each in value.items()}
        case tuple() | list():
            return type(value), [frozen(each) for each in value]
        case _ if is_dataclass(value):
            return {field.name: frozen(getattr(value, field.name)) for field in fields(value)}
    return value


def test_what_was_shown_stays_what_it_was_while_the_runs_go_on(hand: Hand) -> None:
    lab = hand.lab
    hand.run(replace(SMALL, seed=2), steps=20)
    hand.run(steps=30)
    kept: list[tuple[Shown, Any]] = []

    def keep() -> None:
        kept.append((lab.shown, frozen(lab.shown)))

    keep()
    first, second = (run.number for run in lab.runs.open)
    lab.settings.change({"eta": 0.5})
    hand.learn()
    keep()
    lab.time.switch(first, True)
    lab.runs.rename(second, "mine")
    lab.runs.recolour(second, 5)
    lab.runs.hide(first, True)
    keep()
    hand.wait(lambda: hand.selected.best is not None)
    hand.look(12)
    keep()
    hand.wait(lambda: bool(lab.shown.evaluations))
    lab.settings.change({"eta": 0.1})
    keep()
    lab.runs.branch()
    # its first news may come before it has begun to learn, and `toggle_play` pauses what learns
    hand.wait(lambda: hand.selected.ready and hand.selected.playing and hand.selected.step > 12)
    keep()
    lab.time.toggle_play()
    lab.runs.close(first)
    hand.wait(lambda: not any(run.playing for run in lab.runs.open))
    for number, (shown, then) in enumerate(kept):
        assert frozen(shown) == then, number
    assert len({str(then) for _, then in kept}) == len(kept), "each time something was another"


def test_facts_are_the_same_object_until_something_is_new(hand: Hand) -> None:
    run = hand.run(steps=5)
    assert hand.still(run)
    facts = hand.lab.run
    assert facts is not None
    assert (
        hand.lab.run
        is facts
        is hand.lab.shown.run
        is hand.lab.runs.open[0]
        is hand.lab.runs.find(facts.number)
    )
    hand.lab.runs.rename(facts.number, "mine")
    assert hand.lab.run is not facts
    assert (facts.name, run.name) == ("", "mine")


def test_how_long_an_epoch_is_is_not_counted_anew(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.run(steps=1)
    run, shown = hand.lab.run, hand.lab.shown
    assert run is not None
    assert run.epoch > 0
    monkeypatch.setattr(Digits, "epoch", lambda *_: pytest.fail("the digits were counted"))
    assert shown.epoch_of(run) == run.epoch


def networks_in(value: Any) -> int:
    """How many networks a value holds, to the last field."""
    match value:
        case Network():
            return 1
        case Mapping():
            return sum(map(networks_in, value.values()))
        case tuple() | list():
            return sum(map(networks_in, value))
        case _ if is_dataclass(value):
            return sum(networks_in(getattr(value, field.name)) for field in fields(value))
    return 0


def test_what_is_put_aside_holds_no_network_and_knows_its_run_again(hand: Hand) -> None:
    lab = hand.lab
    blank = lab.shown
    hand.run(replace(SMALL, seed=2), steps=20)
    hand.run(steps=30)
    shown = lab.shown
    aside = shown.put_aside()
    assert networks_in(shown) > 0
    assert networks_in(aside) == 0
    assert not shown.is_first(aside)
    assert not shown.is_first(aside.put_aside())
    assert shown.is_first(blank.put_aside())
    assert [run.number for run in aside.others] == [run.number for run in shown.others]
