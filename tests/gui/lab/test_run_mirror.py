"""The window's side of a run: what it believes, and the figures that it makes of what it was told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mnistviz.engine.acts import Changed, Restored
from mnistviz.engine.handover import Mailbox, Update
from mnistviz.engine.history import History
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab import shown
from mnistviz.gui.lab.shown import COST_OVER, Lifecycle, RunFacts, RunMirror

SETTINGS = Settings(sizes=(784, 10))
NETWORK = Network(SETTINGS.sizes)

Tell = Callable[..., None]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox(lambda: None)


@pytest.fixture
def mirror(mailbox: Mailbox) -> RunMirror:
    return RunMirror(RunFacts(1, SETTINGS), mailbox)


@pytest.fixture
def tell(mailbox: Mailbox, mirror: RunMirror) -> Tell:
    """Lets the mirror take an update of a run that has reached a step."""

    def told(step: int = 0, history: History | None = None, **what: object) -> None:
        moment = Moment(1, step, 10 * step, NETWORK, SETTINGS, NETWORK)
        mailbox.put(Update(moment, history or History(), **what))  # type: ignore[arg-type]
        assert mirror.take()

    return told


def test_no_view_knows_a_mirror() -> None:
    """What is shown is a value; its content would move on under whoever held the mirror."""
    gui = Path(shown.__file__).parents[1]
    knows = [path for path in gui.rglob("*.py") if "RunMirror" in path.read_text(encoding="utf-8")]
    assert {path.parent.name for path in knows} == {"lab"}


def test_nothing_new_is_nothing_to_take(mirror: RunMirror, tell: Tell) -> None:
    assert not mirror.take()
    tell(3)
    assert mirror.facts.step == 3
    assert not mirror.take()


def test_what_was_told_before_the_last_press_is_not_believed(mirror: RunMirror, tell: Tell) -> None:
    """Start was pressed, and the worker has not heard of it yet: the button stays at pause."""
    mirror.expect(7)
    mirror.change(lifecycle=Lifecycle.LEARNING)
    tell(playing=False, obeyed=6)
    assert mirror.facts.playing
    assert not mirror.facts.has_obeyed
    tell(playing=False, obeyed=7)  # and rests again, by its stopping rule
    assert not mirror.facts.playing
    assert mirror.facts.has_obeyed


def test_the_cost_is_the_mean_of_the_last_hundred_mini_batches_or_of_those_there_are(
    mirror: RunMirror, tell: Tell
) -> None:
    assert COST_OVER == 100
    assert mirror.facts.cost_at(mirror.facts.step) is None
    tell(0)
    assert mirror.facts.cost_at(mirror.facts.step) is None
    costs = np.concatenate((np.full(500, 1.0), np.linspace(0.5, 0.1, 1_000)))
    history = History()
    for step in range(0, 1_500, 7):
        history = history.with_costs(step, 10 * step, costs[step : step + 7], 10)
        end = min(step + 7, 1_500)
        tell(end, history)
        assert mirror.facts.cost_at(mirror.facts.step) == pytest.approx(costs[max(0, end - 100) : end].mean())


def test_the_cost_is_none_of_other_weights_that_were_there_before(mirror: RunMirror, tell: Tell) -> None:
    history = (
        History().with_costs(0, 0, np.linspace(1.0, 2.0, 50), 10).with_intervention(Restored(50, 500, 7))
    )
    tell(50, history)
    assert mirror.facts.cost_at(50) is None
    assert mirror.facts.cost_at(49) == pytest.approx(np.linspace(1.0, 2.0, 50)[:49].mean())
    later = history.with_intervention(Changed(50, 500, (("eta", 3.0, 1.0),)))
    later = later.with_costs(50, 500, np.array([0.25, 0.75]), 10)
    tell(52, later)
    assert mirror.facts.cost_at(52) == pytest.approx(0.5)


def test_the_cost_in_a_long_run_is_of_at_most_a_thousandth_of_it_more(mirror: RunMirror, tell: Tell) -> None:
    costs = np.random.default_rng(0).random(9_003)
    history = History()
    for end in (5_000, 5_001, 8_111, 9_003):
        begin = history.costs.size
        history = history.with_costs(begin, 10 * begin, costs[begin:end], 10)
        tell(end, history)
        means = [costs[end - over : end].mean() for over in range(100, 100 + end // 1_000 + 1)]
        assert any(
            mirror.facts.cost_at(mirror.facts.step) == pytest.approx(mean, rel=1e-12) for mean in means
        )


def test_the_cost_of_a_run_that_diverged_is_no_number(mirror: RunMirror, tell: Tell) -> None:
    history = History()
    history = history.with_costs(0, 0, np.array([1.0, np.inf]), 10)
    tell(2, history)
    cost = mirror.facts.cost_at(2)
    assert cost is not None
    assert not np.isfinite(cost)


def test_the_speed_is_that_of_the_last_second_and_none_at_rest(mirror: RunMirror, tell: Tell) -> None:
    assert mirror.facts.mini_batches_per_second is None
    tell(0, playing=True, clock=50.0)
    assert mirror.facts.mini_batches_per_second is None
    for tenth in range(1, 31):  # 1,000 a second for two seconds, then 4,000
        step = 100 * tenth + 300 * max(0, tenth - 20)
        tell(step, playing=True, clock=50 + tenth / 10)
    assert mirror.facts.mini_batches_per_second == pytest.approx(4_000, rel=0.1)
    tell(step, playing=False, clock=53.5)
    assert mirror.facts.mini_batches_per_second is None
    tell(step, playing=True, clock=500.0)
    tell(step + 10, playing=True, clock=501.0)
    assert mirror.facts.mini_batches_per_second == pytest.approx(10), "the rest does not count"


def test_facts_stay_what_they_were_when_news_or_gestures_make_others(mirror: RunMirror, tell: Tell) -> None:
    tell(3, playing=True, clock=50.0)
    before, kept = mirror.facts, vars(mirror.facts).copy()
    tell(9, History().with_costs(0, 0, np.ones(9), 10), playing=False, clock=51.0, diverged=True, eta=0.5)
    mirror.change(name="mine", hue=3, on=True)
    assert vars(before) == kept
    assert (mirror.facts.step, mirror.facts.name, mirror.facts.eta) == (9, "mine", 0.5)
    assert mirror.facts is mirror.facts, "the same as long as nothing is new"


def test_it_knows_whether_something_can_be_taken_back(mirror: RunMirror, tell: Tell) -> None:
    tell(1, can_take_back=True)
    assert mirror.facts.can_take_back
    tell(2)
    assert not mirror.facts.can_take_back
