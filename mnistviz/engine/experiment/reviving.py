"""Continuation of a run from a file, after a check whether this machine trains it identically."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from mnistviz.engine.acts import Changed
from mnistviz.engine.budget import Budget
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.rebuilding import Rebuilding
from mnistviz.engine.experiment.saved import Departure, SavedRun, checksum, early_checks, weights_at
from mnistviz.engine.functions import quietly
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.health import Health
from mnistviz.engine.recorder import Recorder
from mnistviz.engine.run import Run, RunSnapshot
from mnistviz.engine.run_content import RunContent

REPORT_INTERVAL: Final = 0.1  # seconds between two progress reports

Progress = Callable[[int, int], object]


class Reviving:
    """A run from a file under construction, for the worker. It continues from its newest state, or is retrained if the
    file has none."""

    def __init__(
        self,
        number: int,
        saved: SavedRun,
        digits: Digits,
        mailbox: Mailbox,
        budget: Budget | None = None,
        *,
        progress: Progress = lambda done, of: None,
        arrived: Callable[[Departure | None], object] = lambda departure: None,
    ) -> None:
        """Create the construction. `progress` receives the mini-batches done and their total; `arrived` is called when
        the run is complete, with its mismatch to the file."""
        self.number = number
        self._progress, self._arrived, self._reported = progress, arrived, 0.0
        self.waits_for: Run | None = None
        self._saved, self._digits, self._mailbox, self._budget = saved, digits, mailbox, budget
        self._rebuilding: Rebuilding | None = None
        if not saved.complete:
            self._rebuilding = Rebuilding(
                number, saved.recipe, digits, mailbox, checks=saved.checks, budget=budget
            )

    def drop(self) -> None:
        if self._rebuilding is not None:
            self._rebuilding.drop()

    @quietly
    def work(self, interrupted: Callable[[], bool]) -> Run | None:
        """Work for one slice; return the run once it is complete."""
        if self._rebuilding is not None:
            run = self._rebuilding.work(interrupted)
            if run is not None:
                self._arrived(self._rebuilding.departure)
            elif time.monotonic() - self._reported >= REPORT_INTERVAL:
                self._reported = time.monotonic()
                self._progress(self._rebuilding.done, self._rebuilding.of)
            return run
        departed, content = departure(self._saved, self._digits), self._saved.content
        if departed is not None:
            content = rebased_on_newest(content)
        run = revived(self.number, content, self._digits, self._mailbox, self._budget)
        self._arrived(departed)
        return run


def departure(saved: SavedRun, digits: Digits) -> Departure | None:
    """Return where the first mini-batches of a run from a file give other weights here, or None."""
    content = saved.content
    start = content.record.start.step
    latest = start + max(early_checks(content.record.start.settings))
    # older versions stored a check made before a manual edit at the same step
    acted = {act.step for act in content.record.acts if not isinstance(act, Changed)}
    early = sorted(step for step in saved.checks if start <= step <= latest and step not in acted)
    agreed: int | None = None
    weights = weights_at(content, digits.training, early) if early else {}
    for step in early:
        if checksum(weights[step]) != saved.checks[step]:
            return Departure(agreed, step)
        agreed = step
    return None


def rebased_on_newest(content: RunContent) -> RunContent:
    """Return the run as one whose record begins with the newest state, since the steps before can't be replayed here.
    Stored states before it remain known."""
    assert content.state is not None
    record = replace(content.record, start=content.state)
    return replace(content, record=record)


def revived(
    number: int, content: RunContent, digits: Digits, mailbox: Mailbox, budget: Budget | None = None
) -> Run:
    state, record = content.state, content.record
    assert state is not None
    recorder = Recorder.revived(
        record, content.history, content.best, content.stride, content.begun[0], budget or Budget()
    )
    recorder.readings = content.readings
    finite = bool(np.isfinite(state.parameters).all())
    past = RunSnapshot(
        content.start,
        state,
        recorder,
        not finite,
        dict(content.evaluations),
        dict(content.best_evaluations),
        Health(),
        content.read_whole,
        content.begun,
        content.stopped,
    )
    run = Run(number, record.start.settings, digits, mailbox, past=past)
    if finite:
        run.examine_activations()
    return run
