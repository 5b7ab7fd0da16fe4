"""A remedy is tried before it is offered, and a change is told beside the run without it."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from mnistviz.engine import trials
from mnistviz.engine.commands import Change, Command, Pause, Play, StepDigits
from mnistviz.engine.digits import Digits
from mnistviz.engine.luck.bands import Spread
from mnistviz.engine.observations import Finding
from mnistviz.engine.settings import Settings
from mnistviz.engine.verdicts import Verdict
from mnistviz.gui.lab import tryouts
from mnistviz.gui.lab.tryouts import SeedVerdict, TriedFinding
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.message import StatusMessage
from tests.gui.children import known
from tests.gui.lab_by_hand import LabByHand, end, lab_by_hand_on

START = Settings(sizes=(784, 12, 10), eta=1.0)
ETA = Finding("run_stuck", {"now": 10.1, "classes": 10}, {"eta": 0.3})
ANEW = Finding("run_stuck", {"now": 10.1, "classes": 10}, {"initial_weights": "scaled"}, in_new_run=True)

CHANGE = Finding(
    "change_less",
    {
        "setting": "eta", "old": 0.1, "new": 0.5, "place": 1.0, "before": 0.06, "after": 0.04, "without": 0.05,
        "digits": 50_000, "effect": "less", "short_effect": "less",
    },
)  # fmt: skip
FELL = Finding("run_fell", {"epoch": 1, "accuracy": 90.0, "now": 80.0})


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch, with_trials: None, small_digits: Digits) -> Iterator[LabByHand]:
    monkeypatch.setattr(trials, "LEAST_DIGITS", 1_000)
    lab = lab_by_hand_on(monkeypatch, small_digits)
    yield lab
    end(lab)


@pytest.fixture
def line(lab: LabByHand, qtbot: QtBot) -> BottomLine:
    return lab.show(qtbot, BottomLine(lab.tryouts), 1_400, 40)


Find = Callable[..., None]


@pytest.fixture
def find(monkeypatch: pytest.MonkeyPatch) -> Find:
    """Has this be all that is found in any run, and says whether its remedy helps."""

    def find(*found: Finding, helps: bool | None = None) -> None:
        monkeypatch.setattr("mnistviz.gui.lab.tryouts.findings_of", lambda shown: found)
        if helps is not None:
            monkeypatch.setattr(trials.RemedyResult, "helps", helps)

    return find


def said(line: BottomLine) -> StatusMessage:
    """What it says first, as soon as the words before it could be read."""
    line.catch_up()
    assert line.message.said is not None
    return line.message.said


def all_said(line: BottomLine) -> list[StatusMessage]:
    """All that there is to say, the most important first."""
    line.catch_up()
    told: list[StatusMessage] = []
    while line.message.said is not None and line.message.said not in told:
        told.append(line.message.said)
        line.message.next_button.click()
    return told


def draw(lab: LabByHand) -> None:
    for _ in range(8):
        lab.draw()


def try_it(lab: LabByHand) -> None:
    """Has what is found tried, and shows what came of it."""
    draw(lab)
    lab.work()
    draw(lab)


def rest(lab: LabByHand, *commands: Command) -> None:
    """Has the selected run do this, and nothing beside."""
    for command in commands:
        lab.runs.send(command)
    while lab.training.work():  # type: ignore[attr-defined]
        pass
    lab.take()


@pytest.mark.parametrize(
    ("finding", "tried"), [(ETA, " after 1,003 more digits."), (ANEW, " after 1,003 digits.")]
)
def test_offers_remedy(find: Find, lab: LabByHand, line: BottomLine, finding: Finding, tried: str) -> None:
    find(finding, helps=True)
    lab.runs.begin(START)
    rest(lab, StepDigits(300))
    draw(lab)
    offer, trial = said(line).offer, said(line).trial
    assert (offer.off, offer.text.startswith("Apply")) == (False, True)
    assert (trial.off, trial.text) == (True, "Trying it: \u2007\u20070 %")
    lab.work()
    draw(lab)
    offer = said(line).offer
    assert (offer.off, offer.text.startswith("Apply")) == (False, True)
    assert said(line).trial is None
    assert said(line).text.endswith(tried), "the result comes before: it is seen where there is little room"
    assert " instead of " in said(line).text


def test_a_diverged_run_is_told_though_evaluated_twice(find: Find, lab: LabByHand, line: BottomLine) -> None:
    find()
    lab.run_to(30, START)
    find(FELL)
    run = known(lab.shown.run)
    mixed = {**run.evaluations, "test": replace(run.evaluations["test"], step=0)}
    for diverged in (False, True):
        line.draw(replace(lab.shown, run=replace(run, evaluations=mixed, diverged=diverged)))
        line.catch_up()
        assert (line.message.said is not None) == diverged


def test_beside_copies_that_ran_away_a_remedy_claims_no_share_of_theirs(
    find: Find, monkeypatch: pytest.MonkeyPatch, lab: LabByHand, line: BottomLine
) -> None:
    find(ANEW)
    result = trials.RemedyResult((0.0, 0.0, 0.0), (0.9, 0.95, 0.9), 1_000, 1_000)
    monkeypatch.setattr("mnistviz.gui.lab.tryouts.try_remedy", lambda *given: result)
    lab.run_to(30, START)
    try_it(lab)
    assert said(line).text.endswith(" Tried with three seeds: 90.00 % after 1,000 digits.")


def test_what_did_not_help_is_told_and_a_trial_can_end(find: Find, lab: LabByHand, line: BottomLine) -> None:
    find(ETA, helps=False)
    lab.run_to(30, START)
    draw(lab)
    lab.work()
    assert said(line).offer is None
    assert "A remedy was tried and did not clearly help: " in said(line).why
    find(Finding("stopped_epochs", {"epochs": 3, "epoch": 2, "accuracy": 91.0}, back_to_best=True))
    lab.run_to(30, START)
    draw(lab)
    assert not lab.tryouts.jobs.is_open("remedy")
    offer = said(line).offer
    assert (offer.off, offer.text) == (False, "Apply: back to the best")
    assert "It has not been tried." not in offer.tip
    assert said(line).trial is None
    find(ETA)
    lab.runs.begin(START)
    rest(lab, StepDigits(300))
    draw(lab)
    assert lab.tryouts.jobs.is_open("remedy")
    lab.runs.send(Play())
    lab.training.work()  # type: ignore[attr-defined]
    lab.take()
    draw(lab)
    assert not lab.tryouts.jobs.is_open("remedy")


def learn_with_a_remedy(find: Find, lab: LabByHand) -> None:
    """A run learns, and what would help it was not tried."""
    find(ETA, helps=True)
    lab.run_to(30, START)
    lab.tryouts.stop()
    lab.runs.send(Play())
    lab.work(3)
    draw(lab)


def test_remedy_is_offered_in_training_and_told_though_the_run_has_learned_on(
    find: Find, lab: LabByHand, line: BottomLine, qtbot: QtBot
) -> None:
    learn_with_a_remedy(find, lab)
    told = said(line)
    assert told.trial is not None
    assert "It has not been tried." in told.offer.tip
    qtbot.waitUntil(line.message.trial_button.isVisible)
    step = lab.run.step if lab.run is not None else 0
    line.message.trial_button.click()
    assert line.message.said is not None  # it stays
    assert lab.tryouts.jobs.is_open("remedy")
    assert lab.run.playing
    assert lab.run.step == step
    find()  # the notice goes before the trial is done
    lab.work(3)
    draw(lab)
    (tried,) = [each.text for each in all_said(line) if each.text.startswith("Tried: ")]
    assert "with η = 0.3" in tried
    assert "learned on" in tried


def test_a_pause_leaves_what_may_help_and_its_trial_in_place(
    find: Find, monkeypatch: pytest.MonkeyPatch, lab: LabByHand, line: BottomLine
) -> None:
    """It is tried then, without being asked; until that has begun, one may ask."""
    learn_with_a_remedy(find, lab)
    offered = said(line).offer
    rest(lab, Pause())
    monkeypatch.setattr(lab.tryouts, "findings", lambda shown: [TriedFinding(ETA)])
    draw(lab)
    trial = said(line).trial
    assert (trial.off, trial.text) == (False, "Try it first")
    monkeypatch.undo()
    find(ETA)
    draw(lab)
    trial = said(line).trial
    assert (trial.off, trial.text) == (True, "Trying it: \u2007\u20070 %")
    assert said(line).offer == offered


def test_a_change_is_told_beside_the_run_without_it(lab: LabByHand, line: BottomLine) -> None:
    lab.runs.begin(START)
    for command in (StepDigits(1_500), Change({"eta": 0.01}), StepDigits(1_500)):
        lab.runs.send(command)
        lab.work()
    try_it(lab)
    texts = [each.text for each in all_said(line)]
    (told,) = [text for text in texts if text.startswith("η went from 1.0 to 0.01")]
    assert "; without the change, to " in told
    assert told.endswith((": lower with it.", ": higher with it.", ": no clear difference."))
    assert "Over the next 1,003 digits the mean cost went " in told


def test_a_remedy_that_could_not_be_tried_keeps_no_other_from_its_trial(
    find: Find, monkeypatch: pytest.MonkeyPatch, lab: LabByHand, line: BottomLine
) -> None:
    find(ETA, replace(ANEW, code="run_fell", values={"epoch": 1, "accuracy": 90.0, "now": 80.0}), helps=True)
    real = trials.try_remedy

    def faulty(run: object, settings: Settings, remedy: trials.Remedy, *others: object) -> object:
        if not remedy.in_new_run:
            raise ValueError("on purpose")
        return real(run, settings, remedy, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(tryouts, "try_remedy", faulty)
    lab.run_to(30, START)
    try_it(lab)
    lab.work()
    draw(lab)
    failed, tried = all_said(line)
    assert failed.offer.text == "Apply: η = 0.3"
    assert "Tried with three seeds: " in tried.text


def test_going_back_to_before_the_change_is_offered_where_that_is_nearer_than_the_best(
    find: Find, monkeypatch: pytest.MonkeyPatch, lab: LabByHand, line: BottomLine
) -> None:
    """It takes back the same settings, and less of what was learned; and that is what is tried."""
    worse = {"accuracy": 90.0, "now": 20.0, "epoch": 1, "step": 0, "setting": "eta", "old": 1.0, "new": 50.0}
    find(Finding("run_worse", worse, {"eta": START.eta}, back_to_best=True), helps=True)
    tried: list[int | None] = []
    usual = trials.try_remedy

    def noted(run: Any, settings: Any, remedy: trials.Remedy, *rest: Any) -> Any:
        tried.append(remedy.back_to)
        return usual(run, settings, remedy, *rest)

    monkeypatch.setattr(tryouts, "try_remedy", noted)
    run = lab.run_to(130, START)
    best = run.best
    assert best.step < 130
    lab.settings.change({"eta": 50.0})
    lab.run_to(170)
    try_it(lab)
    offer = said(line).offer
    assert offer.text == "Go back to before η 50.0"
    assert tried[-1] == 130
    asked: list[str] = []
    line.go_back_wanted.connect(lambda: asked.append("back"))
    line.apply_wanted.connect(lambda finding: asked.append("apply"))
    offer.take()
    assert asked == ["back"]
    lab.settings.change({"momentum": 0.1})  # and to before this would keep the η that does harm
    lab.run_to(200)
    try_it(lab)
    offer = said(line).offer
    assert offer.text == "Apply: back to the best, η = 1.0"
    assert tried[-1] == best.step
    count = len(tried)
    lab.settings.change({"momentum": 0.0})
    lab.work()
    try_it(lab)
    assert len(tried) == count + 1, "with other settings it helps more or less"


@pytest.mark.parametrize(
    ("p", "verdict"),
    [(0.2, ": no clear difference."), (0.05, ", probably fewer."), (0.005, ", clearly fewer.")],
)
def test_new_runs_with_a_remedy_are_told_beside_other_seeds(
    monkeypatch: pytest.MonkeyPatch, lab: LabByHand, line: BottomLine, p: float, verdict: str
) -> None:
    text = f"8 other seeds this run reads 3.0 to 5.0 %{verdict}"
    weighed = SeedVerdict(Spread.of(np.linspace(0.03, 0.05, 8)), Verdict(0.01, p, "seeds", 10_000))
    monkeypatch.setattr(lab.tryouts, "findings", lambda shown: [TriedFinding(FELL, "known", weighed=weighed)])
    lab.run_to(30, START)
    draw(lab)
    told = said(line)
    assert told.text.endswith(text)
    assert told.why.endswith(text), "which stands in the line where there is room"


def test_a_run_of_a_belief_is_noticed_once_it_is_on_and_a_usual_one_not_in_its_first_epoch(
    find: Find, lab: LabByHand, line: BottomLine
) -> None:
    """It was said what is to be seen in it, and that came again with each start."""
    find(CHANGE)
    run = lab.run_to(30, START)
    lab.runs.note(run.number, "Most is forgotten.")
    lab.time.switch(run.number, False)
    draw(lab)
    assert all_said(line) == []
    lab.time.switch(run.number, True)
    draw(lab)
    assert said(line).key == CHANGE.identity
    saturated = Finding(
        "layer_saturated", {"layer": 1, "share": 70.0}, {"initial_weights": "scaled"}, in_new_run=True
    )
    find(saturated, ETA, CHANGE)
    lab.run_to(90, Settings(seed=4))
    draw(lab)
    assert all_said(line) == []
    rest(lab, StepDigits(200))
    draw(lab)
    assert said(line).key == saturated.identity
    for settings, changed in ((Settings(eta=100.0), ()), (Settings(), (Change({"eta": 0.5}),))):
        lab.run_to(60, settings)
        rest(lab, *changed)
        draw(lab)
        assert said(line).key == ETA.identity
