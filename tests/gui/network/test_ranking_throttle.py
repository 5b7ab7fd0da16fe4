"""When the digits are ranked again while a network learns."""

from __future__ import annotations

import pytest

from mnistviz.gui.network.unit.ranked_digits import SECONDS_BETWEEN, SHARE_OF_TIME, RankingThrottle


class Clock:
    """A clock that goes only when told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def ranked(clock: Clock, seconds: float) -> RankingThrottle:
    """The pace after a ranking that took so long."""
    pace = RankingThrottle(clock)
    pace.asked()
    clock.now += seconds
    pace.finished()
    return pace


def test_the_first_ranking_begins_at_once(clock: Clock) -> None:
    assert RankingThrottle(clock).wait() == 0


def test_a_quick_ranking_is_renewed_about_once_a_second(clock: Clock) -> None:
    pace = ranked(clock, 0.01)
    assert pace.wait() == pytest.approx(SECONDS_BETWEEN)
    clock.now += 0.6 * SECONDS_BETWEEN
    assert pace.wait() == pytest.approx(0.4 * SECONDS_BETWEEN)
    clock.now += 0.6 * SECONDS_BETWEEN
    assert pace.wait() == 0


def test_a_slow_ranking_takes_only_its_share_of_the_time(clock: Clock) -> None:
    assert ranked(clock, 3.0).wait() == pytest.approx(3.0 / SHARE_OF_TIME)


def test_another_unit_is_not_kept_waiting(clock: Clock) -> None:
    pace = ranked(clock, 3.0)
    pace.reset()
    assert pace.wait() == 0


def test_what_failed_is_not_tried_again_soon(clock: Clock) -> None:
    pace = RankingThrottle(clock)
    pace.asked()
    pace.failed()
    assert pace.wait() == pytest.approx(10 * SECONDS_BETWEEN)
