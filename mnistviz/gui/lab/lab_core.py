"""The state that the parts of the lab share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mnistviz.engine.commands import Command
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.saved import SavedRun
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.moment import Moment
from mnistviz.gui.lab.lab_changes import ChangeKind, LabChange
from mnistviz.gui.lab.open_runs import OpenRuns
from mnistviz.gui.lab.playhead import Playhead
from mnistviz.gui.lab.shown import RunFacts, RunMirror
from mnistviz.gui.lab.training_thread import TrainingThread


class LabCore:
    """The digits, the runs and the selected one, the worker, the playhead, and `tell`, which reports a change."""

    playhead: Playhead

    def __init__(self, training: TrainingThread, tell: Callable[[LabChange], None]) -> None:
        self.training, self.tell = training, tell
        self.digits: Digits | None = None
        self.digits_refused = False
        """True if the last data set could not be read."""
        self.runs = OpenRuns()
        self.selected: RunMirror | None = None
        self.pending: dict[int, SavedRun] = {}
        """Runs of a file that the worker has not created yet, by their numbers."""
        self.rate: float | None = None
        """Mini-batches a second, or None for full speed."""
        self.count = 0
        """The number of the last run."""

    @property
    def run(self) -> RunFacts | None:
        """The selected run; None before there is any."""
        return None if self.selected is None else self.selected.facts

    @property
    def moment(self) -> Moment | None:
        """The checkpoint of the selected run at the playhead, or near it."""
        visited = None if self.playhead.live else self.playhead.visited
        return visited.moment if visited is not None else None if self.run is None else self.run.moment

    def find(self, number: int) -> RunFacts | None:
        """Return the run of a number, open or closed, or None if it no longer exists."""
        run = self.runs.get(number) or self.runs.get_closed(number)
        return None if run is None else run.facts

    def next_number(self) -> int:
        self.count += 1
        return self.count

    def add(self, facts: RunFacts, mailbox: Mailbox, letter: str = "", hue: int = 0) -> RunMirror:
        digits, settings = self.digits, facts.settings
        assert digits is not None
        facts = replace(facts, epoch=digits.epoch(settings), data=digits.checksum, eta=settings.eta)
        run = RunMirror(facts, mailbox)
        self.runs.add(run, letter, hue)
        return run

    def change(self, number: int, **facts: Any) -> None:
        """Change how an open run is shown."""
        run = self.runs.get(number)
        if run is not None:
            run.change(**facts)
            self.tell(ChangeKind.RUNS)

    def command(self, run: RunMirror, *commands: Command) -> None:
        """Queue commands for a run; no mini-batch is trained between those that are sent together."""
        run.expect(self.training.send(run.facts.number, *commands))
