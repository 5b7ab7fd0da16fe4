"""The findings on a run, and trials of their remedies and of its last change, in background jobs."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.causes import OTHER_COSTS, ChangeStretch, last_change
from mnistviz.engine.digits import Digits
from mnistviz.engine.luck.bands import Spread, band_of
from mnistviz.engine.observations import Finding, RunFindings, change_finding, findings
from mnistviz.engine.trials import ChangeResult, RecordedRun, Remedy, RemedyResult, try_remedy, try_without
from mnistviz.engine.verdicts import Verdict, compare_seeds
from mnistviz.engine.workspace import number_of_parameters
from mnistviz.gui.lab.questions import Progress, Questions
from mnistviz.gui.lab.run_names import nearer_way
from mnistviz.gui.lab.shown import RunFacts, Shown


def findings_of(shown: Shown) -> Sequence[Finding]:
    """Return the findings on the shown run, the most important first; none before there is a checkpoint."""
    digits, run, moment = shown.digits, shown.run, shown.moment
    if digits is None or run is None or moment is None:
        return ()
    counts = np.bincount(digits.validation.labels, minlength=len(digits.classes))
    return findings(
        RunFindings(
            run.history,
            moment.settings,
            digits.classes,
            shown.epoch_of(run),
            run.evaluations,
            run.health.layers,
            run.best,
            diverged=run.diverged,
            stopped=run.stopped,
            present=tuple(counts > 0),
            eta=run.eta,
        )
    )


REMEDY, CHANGE = "remedy", "change"  # job keys
ENOUGH = 5_000  # digits after a change, before it is tried during training
MOST_EPOCHS, LARGE = 4, 100_000  # epochs of a trial at most, or one if there are more weights than this

TrialState = Literal["untried", "trying", "helps", "useless", "known"]
"""The state of a remedy's trial; `known` needs none."""


class SeedVerdict(Struct, frozen=True):
    """Whether new runs with a remedy reach another accuracy than the run with other seeds, of this `spread`."""

    spread: Spread
    verdict: Verdict


class TriedFinding(Struct, frozen=True):
    """A finding and the trial of its remedy, of which the share `done` is done. New runs with it are `weighed` against
    other seeds of the run, if these are known."""

    finding: Finding
    state: TrialState = "untried"
    result: RemedyResult | None = None
    done: float = 0.0
    weighed: SeedVerdict | None = None


class Tryouts(QObject):
    """Caches the trials of remedies; one that continues from current weights is tried again after more training."""

    changed = Signal()

    def __init__(self, questions: Questions, parent: QObject) -> None:
        super().__init__(parent)
        self.jobs = questions
        self._results: dict[Hashable, RemedyResult | None] = {}  # None: it could not be tried
        self._trying: Hashable = None
        self._requested: Hashable = None  # the trial that the user has requested
        self._callback: Callable[[RemedyResult | None], object] | None = None  # gets its result
        self._done = 0.0
        self._changes: dict[Hashable, tuple[ChangeStretch, ChangeResult]] = {}
        self._comparing: Hashable = None

    def findings(self, shown: Shown) -> Sequence[TriedFinding]:
        """Return the findings on the shown run, the most important first, with the results of their trials. Start
        missing trials while the run is paused, or if the user has requested one."""
        run, digits = shown.run, shown.digits
        if run is None or digits is None or run.record is None or run.moment is None:
            return [TriedFinding(finding) for finding in findings_of(shown)]
        tried = [self._tried(run, finding) for finding in findings_of(shown)]
        if shown.rests and not run.playing and run.step:
            missing = (each.finding for each in tried if self._is_missing(run, each.finding))
            if self._trying is None and (first := next(missing, None)) is not None:
                self._ask(run, first)
        elif self._trying is not None and self._trying != self._requested:
            self.stop()
        tried = [replace(each, weighed=weigh_finding(run, each)) for each in tried]
        change = self._changed(run, digits, rests=not run.playing)
        return tried if change is None else [*tried, change]

    def try_first(self, shown: Shown, finding: Finding, then: Callable[[TriedFinding], object]) -> None:
        """Try a remedy while the run trains, and call `then`; by that time the run may show something else."""
        if (run := shown.run) is not None and shown.digits is not None and self._is_missing(run, finding):
            self._requested = _key(run, finding)
            self._callback = lambda result: then(_with_result(finding, result))
            self._ask(run, finding)
            self.changed.emit()

    def stop(self) -> None:
        self.jobs.withdraw(REMEDY)
        self._trying = self._requested = self._callback = None

    def _tried(self, run: RunFacts, finding: Finding) -> TriedFinding:
        if not finding.needs_trial:
            return TriedFinding(finding, "known")
        if (key := _key(run, finding)) == self._trying:
            return TriedFinding(finding, "trying", done=self._done)
        if key not in self._results:
            return TriedFinding(finding)
        return _with_result(finding, self._results[key])

    def _is_missing(self, run: RunFacts, finding: Finding) -> bool:
        """Return True if a remedy needs a trial that has not been run."""
        return finding.needs_trial and _key(run, finding) not in self._results

    def _ask(self, run: RunFacts, finding: Finding) -> None:
        key, settings = _key(run, finding), run.now
        remedy = Remedy(finding.remedy, finding.in_new_run, _back_to(run, finding))
        self._trying, self._done = key, 0.0

        def work(recorded: RecordedRun, cancelled: Cancelled, tell: Progress) -> RemedyResult | None:
            return try_remedy(recorded, settings, remedy, cancelled, tell)

        then = partial(self._on_result, key)
        self.jobs.ask_run(REMEDY, run, work, then, lambda _: then(None), self._on_progress)

    def _on_progress(self, done: int, of: int) -> None:
        self._done = done / of
        self.changed.emit()

    def _on_result(self, key: Hashable, result: RemedyResult | None) -> None:
        self._results[key] = result
        self._trying = None
        self.changed.emit()
        if key == self._requested and self._callback is not None:
            asked, self._requested, self._callback = self._callback, None, None
            asked(result)

    def _changed(self, run: RunFacts, digits: Digits, *, rests: bool) -> TriedFinding | None:
        """Return the effect of the last change of settings once it is known, and again with twice as much data."""
        epoch = digits.epoch(run.settings)
        weights = number_of_parameters(run.settings.sizes)
        change = last_change(run.history, epoch, max(1, min(MOST_EPOCHS, LARGE // weights)))
        if change is None or any(name in OTHER_COSTS for name, _, _ in change.changes) or run.diverged:
            return None
        key = (run.number, change.acts)
        known = self._changes.get(key)
        length = change.end - change.begin
        seen = 0 if known is None else known[0].end - known[0].begin
        due = rests or (length >= ENOUGH and (length >= 2 * seen or length % epoch == 0))
        if length > seen and due and self._comparing != key:
            self._comparing = key
            then = partial(self._on_change_result, key, change)

            def work(recorded: RecordedRun, cancelled: Cancelled, _tell: Progress) -> ChangeResult | None:
                return try_without(recorded, change, cancelled)

            self.jobs.ask_run(CHANGE, run, work, then, lambda _: then(None))
        return None if known is None else TriedFinding(change_finding(*known, epoch))

    def _on_change_result(self, key: Hashable, change: ChangeStretch, result: ChangeResult | None) -> None:
        self._comparing = None
        if result is not None:
            self._changes[key] = change, result
            self.changed.emit()


def _with_result(finding: Finding, result: RemedyResult | None) -> TriedFinding:
    if result is None:
        return TriedFinding(finding)
    return TriedFinding(finding, "helps" if result.helps else "useless", result)


def weigh_finding(run: RunFacts, tried: TriedFinding) -> SeedVerdict | None:
    """Compare new runs with a remedy to other seeds of the run; None without any, or if something else changed, too."""
    band, result = band_of(run.bands, "seeds"), tried.result
    if tried.state != "helps" or result is None or not tried.finding.in_new_run or band is None:
        return None
    known = band.accuracies(result.digits)
    validation = run.evaluations.get("validation")
    if not known or validation is None or run.opened or run.history.interventions:
        return None
    return SeedVerdict(Spread.of(known), compare_seeds(known, result.remedied, len(validation.predictions)))


def _key(run: RunFacts, finding: Finding) -> tuple[object, ...]:
    """Return what a trial depends on: for new runs the settings, for others all that was done to the run."""
    begin: object = run.now if finding.in_new_run else (run.step, run.history.interventions)
    return run.number, begin, tuple(finding.remedy.items()), _back_to(run, finding), finding.in_new_run


def _back_to(run: RunFacts, finding: Finding) -> int | None:
    """Return the step whose weights a remedy restores, or None if it continues from the current ones."""
    if (way := nearer_way(run, finding)) is not None:
        return way.step
    return run.best.step if finding.back_to_best and run.best is not None else None
