"""When a remedy or a change is tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from mnistviz.engine import trials
from mnistviz.engine.acts import Changed
from mnistviz.engine.commands import Change, StepDigits
from mnistviz.engine.digits import Digits
from mnistviz.engine.effects import ChangeStretch
from mnistviz.engine.history import History
from mnistviz.engine.moment import Evaluation
from mnistviz.engine.observations import Finding
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.lab.tryouts import TriedFinding, weigh_change, weigh_finding
from tests.engine.luck.made_bands import made_band
from tests.gui.lab_by_hand import LabByHand, end, lab_by_hand_on

START = Settings(sizes=(784, 4, 10), eta=1.0)
ETA = Finding("run_stuck", {"now": 10.1, "classes": 10}, {"eta": 0.3})
ANEW = Finding("run_stuck", {"now": 10.1, "classes": 10}, {"initial_weights": "scaled"}, in_new_run=True)


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch, with_trials: None, small_digits: Digits) -> Iterator[LabByHand]:
    monkeypatch.setattr(trials, "LEAST_DIGITS", 100)
    lab = lab_by_hand_on(monkeypatch, small_digits)
    yield lab
    end(lab)


@pytest.mark.parametrize(("finding", "anew"), [(ETA, True), (ANEW, False)], ids=["goes on", "in a new run"])
def test_what_goes_on_from_the_weights_of_now_is_tried_anew_once_there_are_others(
    lab: LabByHand, monkeypatch: pytest.MonkeyPatch, finding: Finding, anew: bool
) -> None:
    monkeypatch.setattr("mnistviz.gui.lab.tryouts.findings_of", lambda shown: [finding])
    monkeypatch.setattr("mnistviz.gui.lab.tryouts.try_remedy", lambda *given: None)
    for step, is_tried in ((10, True), (20, anew)):
        lab.run_to(step, START if step == 10 else None)
        lab.tryouts.findings(lab.shown)
        assert lab.tryouts.jobs.is_open("remedy") is is_tried
        lab.work()
        assert not lab.tryouts.jobs.is_open("remedy")


def test_while_it_learns_a_change_is_not_tried_before_enough_digits_were_learned_after_it(
    lab: LabByHand,
) -> None:
    lab.run_to(120, START)
    lab.send(Change({"eta": 0.3}), StepDigits(4_000))
    assert lab.run is not None
    while lab.run.step < 240:  # of which the effect can be told
        lab.work(slices=1)
    assert lab.run.playing
    lab.tryouts.findings(lab.shown)
    assert not lab.tryouts.jobs.is_open("change")
    lab.work()
    assert not lab.run.playing
    lab.tryouts.findings(lab.shown)
    assert lab.tryouts.jobs.is_open("change")


WORSE = Finding("run_worse", {"accuracy": 95.0, "now": 80.0, "epoch": 1}, {"eta": 1.0}, back_to_best=True)
CHANGED = Changed(300, 3_000, (("eta", 0.1, 0.5),))


def run_with_seeds(*ends: float, history: History | None = None) -> RunFacts:
    """A run of an epoch that has read 80 % of ten digits right, and what other seeds have read after it."""
    read = Evaluation("validation", 5_000, 50_000, np.zeros(10, np.uint8), 8)
    return RunFacts(
        1, START, evaluations={"validation": read}, history=history or History(), bands=(made_band(ends),)
    )


@pytest.mark.parametrize(("highest", "beyond"), [(0.96, False), (0.94, True)])
def test_that_fewer_are_right_than_before_is_weighed_against_other_seeds(
    highest: float, beyond: bool
) -> None:
    found = weigh_finding(run_with_seeds(0.8, 0.9, highest), TriedFinding(WORSE))
    assert found is not None
    assert (found.spread.highest, found.beyond) == (highest, beyond)
    assert weigh_finding(run_with_seeds(0.8, 0.9), TriedFinding(WORSE)) is None, "too few seeds"
    assert weigh_finding(run_with_seeds(0.8, 0.9, highest), TriedFinding(ETA)) is None, "it compares nothing"


@pytest.mark.parametrize(("shares", "beyond"), [((0.96, 0.97, 0.98), True), ((0.94, 0.97, 0.98), False)])
def test_what_a_remedy_gives_in_new_runs_is_weighed_against_other_seeds(
    shares: tuple[float, ...], beyond: bool
) -> None:
    tried = TriedFinding(ANEW, "helps", trials.RemedyResult((0.9, 0.9, 0.9), shares, 50_000))
    found = weigh_finding(run_with_seeds(0.8, 0.9, 0.95), tried)
    assert found is not None
    assert found.beyond is beyond
    changed = run_with_seeds(0.8, 0.9, 0.95, history=History().with_intervention(CHANGED))
    assert weigh_finding(changed, tried) is None, "its other seeds were changed on the way, too"
    assert weigh_finding(run_with_seeds(0.8, 0.9, 0.95), TriedFinding(ANEW, "useless", tried.result)) is None


@pytest.mark.parametrize(
    ("after", "without", "beyond"),
    [(0.05, 0.15, False), (0.05, 0.25, True), (0.25, 0.12, False), (0.25, 0.05, True), (0.1, 0.1, None)],
)
def test_a_change_is_weighed_against_other_seeds(after: float, without: float, beyond: bool | None) -> None:
    """Their costs after it, 0.1 to 0.2, are those of runs with the change."""
    seeds = made_band((0.9, 0.85, 0.8))
    middles = np.arange(250, 50_000, 500)
    runs = tuple(
        replace(each, cost_digits=middles, cost=np.full(len(middles), 1 - each.accuracy[-1]))
        for each in seeds.runs
    )
    run = replace(run_with_seeds(), bands=(replace(seeds, runs=runs),))
    stretch = ChangeStretch((CHANGED,), 20_000, 50_000, 0.3)
    found = weigh_change(run, stretch, trials.ChangeResult(after, without, 0.001))
    assert (None if found is None else found.beyond) is beyond
