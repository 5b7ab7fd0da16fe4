"""Runs of a file as facts of runs, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.recipe_line import line_of
from mnistviz.engine.experiment.saved import DataNote, Experiment, RunRecipe, SavedRun
from mnistviz.engine.moment import Moment
from mnistviz.engine.problems import Problem
from mnistviz.engine.run_content import RunContent
from mnistviz.gui.lab.shown import RunFacts


def facts_of(saved: SavedRun, number: int, numbers: Mapping[int, int]) -> RunFacts:
    """What is known of a run of a file before the worker has it; `numbers` are those of now for those of the file."""
    content, fork = saved.content, saved.fork
    start = Moment(number, 0, 0, content.start, saved.settings, content.start)
    parent = None if fork is None else replace(fork, number=numbers.get(fork.number, 0))
    return RunFacts(
        number,
        saved.settings,
        name=saved.name,
        hue=saved.hue,
        parent=parent,
        origin=saved.origin,
        on=saved.on,
        hidden=saved.hidden,
        stopped=content.stopped,
        moment=None if saved.complete else start,
        history=content.history,
        evaluations=content.evaluations,
        readings=content.readings,
        best=content.best,
        replayed=None if saved.complete else (0, content.record.step),
    )


def line_of_run(run: RunFacts, digits: Digits, step: int) -> str:
    """A run up to a step as one line of text; raises the `Problem` that says why only a file can hold it."""
    if run.record is None or run.moment is None:
        raise Problem("line_not_ready")
    start = run.moment.initial if run.opened else None
    return line_of(RunRecipe.of(run.settings, run.record, start, step), digits.checksum)


def experiment_of(
    digits: Digits,
    runs: Sequence[RunFacts],
    selected: int,
    contents: Mapping[int, RunContent],
    pending: Mapping[int, SavedRun],
) -> Experiment:
    """The open runs as they are saved: each with what the worker has of it, or as it was opened where it is not there
    yet."""
    saved = [
        SavedRun(
            run.number,
            run.settings,
            contents[run.number] if run.number in contents else pending[run.number].content,
            run.letter,
            run.name,
            run.hue,
            run.on,
            run.hidden,
            run.parent,
            run.origin,
            pending[run.number].checks if run.number in pending else {},
        )
        for run in runs
        if run.number in contents or run.number in pending
    ]
    return Experiment(DataNote.of(digits), tuple(saved), selected)
