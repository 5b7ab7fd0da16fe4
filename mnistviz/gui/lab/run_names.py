"""The names of runs: the user's own, or the settings that differ, in the user's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from PySide6.QtCore import QCoreApplication

from mnistviz.engine.acts import Changed, Frozen, Taught
from mnistviz.engine.fork import Fork
from mnistviz.engine.settings import Settings
from mnistviz.gui.common import numbers
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.lab.shown import RunFacts

MOST = 3  # settings in a name


def run_name(run: RunFacts, runs: Sequence[RunFacts] = ()) -> str:
    """Return the user's name of a run, or what distinguishes it from the other `runs`."""
    return run.name or made_name(run, runs)


def made_name(run: RunFacts, runs: Sequence[RunFacts] = ()) -> str:
    """Return a short description of a run: for a branch its change, as "η 0.5 from epoch 3.2"; else the settings in
    which the runs differ, or its layers if they don't."""
    if run.parent is not None:
        return _branched(run, run.parent)
    if run.opened:
        return QCoreApplication.translate("RunNames", "opened network {layers}").format(
            layers=_value("sizes", run.settings.sizes)
        )
    return made_names(run, runs)[0]


def made_names(run: RunFacts, runs: Sequence[RunFacts]) -> tuple[str, ...]:
    """Return the settings in which a run that is no branch differs from others like it, from long to short. The
    shortest text still distinguishes it from the most similar run."""
    own = begun_with(run)
    others = [begun_with(other) for other in runs if other.parent is None and other.number != run.number]
    parts = [setting(name, getattr(own, name)) for name in differences(own, others)[:MOST]]
    comma = QCoreApplication.translate("RunNames", ", ")
    counts = range(len(parts), 0, -1)
    return tuple(comma.join(parts[:count]) for count in counts) or (_value("sizes", run.settings.sizes),)


def differences(own: Settings, others: Sequence[Settings]) -> list[str]:
    """Return the settings that are not the same in all runs: first those that distinguish the own ones from the most
    similar ones, then the rest in the order of their declaration."""
    names_of_all = [field.name for field in fields(Settings)]
    apart = [
        [name for name in names_of_all if getattr(own, name) != getattr(other, name)] for other in others
    ]
    first: list[str] = []
    for differ in sorted(filter(None, apart), key=len):
        if not set(first) & set(differ):
            first.append(differ[0])
    rest = set().union(*apart) - set(first)
    return [*first, *(name for name in names_of_all if name in rest)]


def begun_with(run: RunFacts) -> Settings:
    """Return the settings of the run's own first mini-batch: earlier values were never used."""
    begin = 0 if run.parent is None else run.parent.step
    changes = {
        name: new
        for act in run.history.interventions
        if isinstance(act, Changed) and act.step <= begin
        for name, _, new in act.changes
    }
    known = {**changes, **({} if run.parent is None else run.parent.plan)}
    return run.settings.changed(**known) if known else run.settings


def setting(name: str, value: object) -> str:
    if name == "sizes":
        return _value(name, value)
    if name == "classes_left_out" and not value:
        return QCoreApplication.translate("RunNames", "all classes")
    return QCoreApplication.translate("RunNames", "{name} {value}").format(
        name=names.short(name), value=_value(name, value)
    )


def _branched(run: RunFacts, fork: Fork) -> str:
    place = numbers.epochs(fork.digits / run.epoch if run.epoch else 0.0)
    if fork.kind == "butterfly":
        return QCoreApplication.translate("RunNames", "one tiny change from epoch {place}").format(
            place=place
        )
    if fork.kind == "twin":
        return QCoreApplication.translate("RunNames", "twin from epoch {place}").format(place=place)
    changes = QCoreApplication.translate("RunNames", ", ").join(changes_of(run, fork)[:MOST])
    return QCoreApplication.translate("RunNames", "{changes} from epoch {place}").format(
        changes=changes, place=place
    )


def changes_of(run: RunFacts, fork: Fork) -> list[str]:
    """Return what was changed where a run branched off: the planned settings, or the edit of weights by hand."""
    if fork.plan:
        return [setting(name, value) for name, value in fork.plan.items()]
    acts = [act for act in run.history.interventions if act.step == fork.step]
    if any(isinstance(act, Taught) for act in acts):
        return [QCoreApplication.translate("RunNames", "a drawing taught")]
    if acts and all(isinstance(act, Frozen) for act in acts):
        return [QCoreApplication.translate("RunNames", "units frozen")]
    return [QCoreApplication.translate("RunNames", "weights by hand")]


def _value(name: str, value: object) -> str:
    if name == "sizes" and isinstance(value, tuple):
        return "-".join(map(str, value))
    return names.value(name, value)
