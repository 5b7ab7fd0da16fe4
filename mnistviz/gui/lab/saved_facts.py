"""Conversion between saved runs and the facts of runs, and the description of a run beside its weights."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.recipe_line import line_of
from mnistviz.engine.experiment.saved import DataNote, Experiment, RunRecipe, SavedRun
from mnistviz.engine.history import SETS, Measured
from mnistviz.engine.moment import Moment, SetName
from mnistviz.engine.problems import Problem
from mnistviz.engine.recorder import RunContent
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import about_run
from mnistviz.gui.lab.run_names import made_name
from mnistviz.gui.lab.shown import Lifecycle, RunFacts, Shown, last_measured

_SAVED: Final = ("name", "hue", "about", "origin", "on", "hidden", "bands", "stories")
"""The facts that are saved as they are."""


def facts_of(saved: SavedRun, number: int, number_of: Callable[[int], int]) -> RunFacts:
    """Return the facts of a saved run before the worker has it; `number_of` maps a number in the file to the lab's."""
    content, fork = saved.content, saved.fork
    start = Moment(number, 0, 0, content.start, saved.settings, content.start)
    parent = None if fork is None else fork.renumbered(number_of)
    return RunFacts(
        number,
        saved.settings,
        parent=parent,
        **{name: getattr(saved, name) for name in _SAVED},
        lifecycle=Lifecycle.STOPPED if content.stopped else Lifecycle.RESTING,
        moment=None if saved.complete else start,
        **{name: getattr(content, name) for name in ("history", "evaluations", "readings", "best")},
        replayed=None if saved.complete else (0, content.record.step),
    )


def line_of_run(run: RunFacts, digits: Digits, step: int) -> str:
    """Return a run up to a step as one line of text; raises a `Problem` with the reason if only a file can hold it."""
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
    """Return the open runs as an experiment: with the worker's content, or as opened if it does not have it yet."""
    saved = []
    for run in runs:
        if run.number in contents:
            saved.append(saved_run(run, contents[run.number]))
        elif run.number in pending:
            opened = pending[run.number]
            saved.append(saved_run(run, opened.content, opened.checks))
    return Experiment(DataNote.of(digits), tuple(saved), selected)


def saved_run(run: RunFacts, content: RunContent, checks: Mapping[int, str] | None = None) -> SavedRun:
    return SavedRun(
        run.number,
        run.settings,
        content,
        run.epoch,
        run.letter,
        fork=run.parent,
        checks=checks or {},
        **{**{name: getattr(run, name) for name in _SAVED}, "on": run.on and not run.closed},
    )


def content_of(run: RunFacts) -> RunContent | None:
    """Return the content of a run as known without the worker, to be trained again from its start, or None."""
    moment, record = run.moment, run.record
    if moment is None or record is None or record.start.step:
        return None
    begun = (0, 0) if run.parent is None else (run.parent.step, run.parent.digits)
    known = moment.initial, record, None, run.history, run.best, run.evaluations
    return RunContent(*known, begun=begun, stopped=run.stopped, readings=run.readings)


def describe_run(shown: Shown) -> dict[str, object]:
    """Return the description of the shown run for the file of its network, as measured up to the shown step."""
    digits, run, moment = shown.digits, shown.run, shown.moment
    assert digits is not None
    assert run is not None
    assert moment is not None
    return _described(digits, run, moment.settings, moment.step, moment.digits, shown.measured)


def describe_content(run: RunFacts, content: RunContent, digits: Digits) -> dict[str, object]:
    """Return the description of a run with this content for a list of runs."""
    record, state, of = content.record, content.state, content.evaluations
    sets = cast(tuple[SetName, ...], SETS)
    by_set = {name: last_measured(content.history, of, name, record.step) for name in sets}
    measured = {name: last for name, last in by_set.items() if last is not None}
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
        name: (round(last.accuracy * (last.part or sizes[name])), last.part or sizes[name])
        for name, last in measured.items()
        if last.count == 1  # a mean of several measurements has no count
    }
    return about_run(settings, digits, digits.epoch(settings), step, consumed, right, run.origin)
