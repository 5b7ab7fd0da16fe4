"""How often the card tells: as often as one sees it, and never too late where one can follow each mini-batch."""

from __future__ import annotations

import pytest

from mnistviz.gui.network import card_throttle
from mnistviz.gui.network.card_throttle import PICTURES, RUSH, WORDS, CardThrottle


class Clock:
    def __init__(self) -> None:
        self.now = 5.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(card_throttle, "time", made)
    return made


def test_words_are_told_four_times_a_second(clock: Clock) -> None:
    told = CardThrottle()
    assert told.due("words")
    clock.now += 0.9 * WORDS
    assert not told.due("words")
    assert told.due("path"), "each has its own time"
    clock.now += 0.2 * WORDS
    assert told.due("words")


def test_what_is_hurried_is_due_at_once(clock: Clock) -> None:
    told = CardThrottle()
    assert told.due("words")
    assert told.due("path")
    told.hurry("words")
    assert told.due("words")
    assert not told.due("path")
    told.hurry()
    assert told.due("path")


def test_at_full_speed_every_third_frame_draws_the_weights(clock: Clock) -> None:
    told, drawn = CardThrottle(), []
    for frame in range(9):
        drawn.append(told.pictures_due(frame * 5 * RUSH, playing=True))
        clock.now += 0.033
    assert drawn == [True, False, False] * 3
    assert 0.066 < PICTURES < 0.099


@pytest.mark.parametrize(("each", "playing"), [(1, True), (RUSH, True), (5 * RUSH, False)])
def test_where_one_can_follow_or_at_rest_every_frame_draws_them(
    clock: Clock, each: int, playing: bool
) -> None:
    told = CardThrottle()
    for frame in range(5):
        assert told.pictures_due(frame * each, playing=playing)
        clock.now += 0.033


def test_another_network_is_drawn_at_once(clock: Clock) -> None:
    told = CardThrottle()
    assert told.pictures_due(10_000, playing=True)
    clock.now += 0.001
    told.hurry()
    assert told.pictures_due(20_000, playing=True)
    assert told.pictures_due(0, playing=True), "a new run begins at 0"
