"""The window's side of a run: what it believes, and the figures that it makes of what it was told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mnistviz.engine.handover import Mailbox, Update
from mnistviz.engine.history import History
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.run_mirror import COST_OVER, RunMirror

SETTINGS = Settings(sizes=(784, 10))
NETWORK = Network(SETTINGS.sizes)

Tell = Callable[..., None]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox(lambda: None)


@pytest.fixture
def mirror(mailbox: Mailbox) -> RunMirror:
    return RunMirror(1, SETTINGS, mailbox)


@pytest.fixture
def tell(mailbox: Mailbox, mirror: RunMirror) -> Tell:
    """Lets the mirror take an update of a run that has reached a step."""

    def told(step: int = 0, **what: object) -> None:
        moment = Moment(1, step, 10 * step, NETWORK, SETTINGS, NETWORK)
        mailbox.put(lambda seen: Update(moment, History().changes_since(seen), **what))  # type: ignore[arg-type]
        assert mirror.take()

    return told


def test_nothing_new_is_nothing_to_take(mirror: RunMirror, tell: Tell) -> None:
    assert not mirror.take()
    tell(3)
    assert mirror.step == 3
    assert not mirror.take()


def test_what_was_told_before_the_last_press_is_not_believed(mirror: RunMirror, tell: Tell) -> None:
    """Start was pressed, and the worker has not heard of it yet: the button stays at pause."""
    mirror.sent, mirror.playing = 7, True
    tell(playing=False, obeyed=6)
    assert mirror.playing
    assert not mirror.has_obeyed
    tell(playing=False, obeyed=7)  # and rests again, by its stopping rule
    assert not mirror.playing
    assert mirror.has_obeyed


def test_the_cost_is_the_mean_of_the_last_hundred_mini_batches_or_a_few_more(
    mirror: RunMirror, tell: Tell
) -> None:
    assert COST_OVER == 100
    assert mirror.cost is None
    costs = np.concatenate((np.full(500, 1.0), np.linspace(0.5, 0.1, 1_000)))
    sums = np.concatenate(([0.0], costs.cumsum()))
    for step in range(0, 1_500, 7):
        tell(step, cost_sum=float(sums[step]))
        if step == 0:
            assert mirror.cost is None
            continue
        over = next(over for over in range(min(step, 100), 107) if (step - over) % 7 == 0)
        assert mirror.cost == pytest.approx(costs[step - over : step].mean())


def test_the_cost_over_one_long_stretch_is_that_of_all_of_it(mirror: RunMirror, tell: Tell) -> None:
    tell(0, cost_sum=0.0)
    tell(5_000, cost_sum=1_000.0)
    assert mirror.cost == pytest.approx(0.2)


def test_the_speed_is_that_of_the_last_second_and_none_at_rest(mirror: RunMirror, tell: Tell) -> None:
    assert mirror.mini_batches_per_second() is None
    tell(0, playing=True, clock=50.0)
    assert mirror.mini_batches_per_second() is None
    for tenth in range(1, 31):  # 1,000 a second for two seconds, then 4,000
        step = 100 * tenth + 300 * max(0, tenth - 20)
        tell(step, playing=True, clock=50 + tenth / 10)
    assert mirror.mini_batches_per_second() == pytest.approx(4_000, rel=0.1)
    tell(step, playing=False, clock=53.5)
    assert mirror.mini_batches_per_second() is None
    tell(step, playing=True, clock=500.0)
    tell(step + 10, playing=True, clock=501.0)
    assert mirror.mini_batches_per_second() == pytest.approx(10), "the rest does not count"
