"""Runs of a file as facts of runs, and the other way round; and what is told of a run beside its weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.recipe_line import line_of
from mnistviz.engine.experiment.saved import DataNote, Experiment, RunRecipe, SavedRun
from mnistviz.engine.history import SETS, Measured
from mnistviz.engine.moment import Moment, SetName
from mnistviz.engine.problems import Problem
from mnistviz.engine.recorder import FIRST_STRIDE
from mnistviz.engine.run_content import RunContent
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import about_run
from mnistviz.gui.lab.run_names import made_name
from mnistviz.gui.lab.shown import Lifecycle, RunFacts, Shown, last_measured


def facts_of(saved: SavedRun, number: int, number_of: Callable[[int], int]) -> RunFacts:
    """What is known of a run of a file before the worker has it; `number_of` gives the number of now for one of the
    file."""
    content, fork = saved.content, saved.fork
    start = Moment(number, 0, 0, content.start, saved.settings, content.start)
    parent = None if fork is None else fork.renumbered(number_of)
    return RunFacts(
        number,
        saved.settings,
        name=saved.name,
        hue=saved.hue,
        about=saved.about,
        parent=parent,
        origin=saved.origin,
        on=saved.on,
        hidden=saved.hidden,
        lifecycle=Lifecycle.STOPPED if content.stopped else Lifecycle.RESTING,
        moment=None if saved.complete else start,
        history=content.history,
        evaluations=content.evaluations,
        readings=content.readings,
        bands=saved.bands,
        stories=saved.stories,
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
    saved = []
    for run in runs:
        if run.number in contents:
            saved.append(saved_run(run, contents[run.number]))
        elif run.number in pending:
            opened = pending[run.number]
            saved.append(saved_run(run, opened.content, opened.checks))
    return Experiment(DataNote.of(digits), tuple(saved), selected)


def saved_run(run: RunFacts, content: RunContent, checks: Mapping[int, str] | None = None) -> SavedRun:
    """A run as it is saved, with what it has come to."""
    return SavedRun(
        run.number,
        run.settings,
        content,
        run.epoch,
        run.letter,
        run.name,
        run.hue,
        run.on and not run.closed,
        run.hidden,
        run.parent,
        run.origin,
        checks or {},
        run.bands,
        run.about,
        run.stories,
    )


def content_of(run: RunFacts) -> RunContent | None:
    """What a run has come to, as far as it is known beside the worker: the rest is trained again from its start. None
    where that can't be done."""
    moment, record = run.moment, run.record
    if moment is None or record is None or record.start.step:
        return None
    begun = (0, 0) if run.parent is None else (run.parent.step, run.parent.digits)
    return RunContent(
        moment.initial,
        record,
        None,
        run.history,
        run.best,
        run.evaluations,
        {},
        False,
        begun,
        run.stopped,
        FIRST_STRIDE,
        run.readings,
    )


def describe_run(shown: Shown) -> dict[str, object]:
    """What the file of the network shown says of its run: what had been measured by then."""
    digits, run, moment = shown.digits, shown.run, shown.moment
    assert digits is not None
    assert run is not None
    assert moment is not None
    return _described(digits, run, moment.settings, moment.step, moment.digits, shown.measured)


def describe_content(run: RunFacts, content: RunContent, digits: Digits) -> dict[str, object]:
    """What a list of runs says of one that has come to this."""
    record, state, of = content.record, content.state, content.evaluations
    sets = cast(tuple[SetName, ...], SETS)
    found = {name: last_measured(content.history, of, name, record.step) for name in sets}
    measured = {name: last for name, last in found.items() if last is not None}
    consumed = record.segments[-1].cursor.digits(digits.epoch(run.settings))
    settings = run.settings if state is None else state.settings
    validation = measured.get("validation")
    return {
        "letter": run.letter,
        "called": run.name or (made_name(run) if run.parent is not None else ""),
        "sizes": list(run.settings.sizes),
        "measured_at": None if validation is None else validation.step,
        **_described(digits, run, settings, record.step, consumed, measured),
    }


def _described(
    digits: Digits,
    run: RunFacts,
    settings: Settings,
    step: int,
    consumed: int,
    measured: Mapping[SetName, Measured],
) -> dict[str, object]:
    sizes = digits.sizes(run.settings)
    right: dict[str, tuple[int, int]] = {
        name: (round(found.accuracy * (found.part or sizes[name])), found.part or sizes[name])
        for name, found in measured.items()
        if found.count == 1  # the mean of several says of none how many were right
    }
    return about_run(settings, digits, digits.epoch(settings), step, consumed, right, run.origin)
