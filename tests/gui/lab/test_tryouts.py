"""When a remedy or a change is tried."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from mnistviz.engine import trials
from mnistviz.engine.acts import Changed
from mnistviz.engine.causes import ChangeStretch
from mnistviz.engine.commands import Change, StepDigits
from mnistviz.engine.digits import Digits
from mnistviz.engine.history import History
from mnistviz.engine.moment import Evaluation
from mnistviz.engine.observations import Finding
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.lab.tryouts import TriedFinding, weigh_finding
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
    lab.runs.send(Change({"eta": 0.3}), StepDigits(4_000))
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


def test_what_came_of_a_change_is_worked_out_again_as_the_run_goes_on_and_says_over_how_many_digits(
    lab: LabByHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths: list[int] = []

    def without(run: object, change: ChangeStretch, cancelled: object) -> trials.ChangeResult:
        lengths.append(change.end - change.begin)
        costs = (0.1, 0.1) if lengths[-1] < 2_000 else (0.08, 0.1)
        return trials.ChangeResult((costs[0],) * 4, (costs[1],) * 4, lengths[-1])

    monkeypatch.setattr("mnistviz.gui.lab.tryouts.try_without", without)
    monkeypatch.setattr("mnistviz.gui.lab.tryouts.ENOUGH", 100)
    lab.run_to(120, START)
    lab.runs.send(Change({"eta": 0.3}), StepDigits(9_000))
    told: list[tuple[str, object]] = []
    while lab.run is not None and (lab.run.step < 140 or lab.run.playing):
        lab.work(slices=1)
        for each in lab.tryouts.findings(lab.shown):
            known = each.finding.code, each.finding.values.get("digits")
            if each.finding.code.startswith("change") and known not in told:
                told.append(known)
    assert lengths[-3:] == [1_003, 2_006, 4_012], "an epoch, two, and four"
    assert all(later >= 2 * earlier or later == 1_003 for earlier, later in pairwise(lengths))
    verdicts = ["change_same" if length < 2_000 else "change_less" for length in lengths]
    assert told == list(zip(verdicts, lengths, strict=True))


CHANGED = Changed(300, 3_000, (("eta", 0.1, 0.5),))


def run_with_seeds(*ends: float, history: History | None = None) -> RunFacts:
    """A run of an epoch that predicts 80 % of 1,000 digits correctly, and what other seeds do after it."""
    read = Evaluation("validation", 5_000, 50_000, np.zeros(1_000, np.uint8), 800)
    return RunFacts(
        1, START, evaluations={"validation": read}, history=history or History(), bands=(made_band(ends),)
    )


@pytest.mark.parametrize(
    ("shares", "sureness"),
    [((0.96, 0.97, 0.98), "probably"), ((0.94, 0.97, 0.98), "no clear difference")],
)
def test_what_a_remedy_gives_in_new_runs_is_weighed_against_other_seeds(
    shares: tuple[float, ...], sureness: str
) -> None:
    tried = TriedFinding(ANEW, "helps", trials.RemedyResult((0.9, 0.9, 0.9), shares, 50_000, 1_000))
    seeds = (0.8, 0.9, 0.93, 0.94, 0.95)
    found = weigh_finding(run_with_seeds(*seeds), tried)
    assert found is not None
    assert found.spread.highest == 0.95
    assert found.verdict.sureness == sureness
    changed = run_with_seeds(*seeds, history=History().with_intervention(CHANGED))
    assert weigh_finding(changed, tried) is None, "its other seeds were changed on the way, too"
    assert weigh_finding(run_with_seeds(*seeds), TriedFinding(ANEW, "useless", tried.result)) is None
    assert weigh_finding(run_with_seeds(*seeds), TriedFinding(ETA)) is None, "it compares nothing"
