"""Runs in words: their names, where two of them forked, and the way back before the last change."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from mnistviz.engine.acts import (
    Changed,
    Edited,
    Frozen,
    Intervention,
    Restored,
    Stepped,
    SteppedBack,
    Taught,
    last_gesture,
    net_change,
)
from mnistviz.engine.fork import Fork, Origin, shared_place
from mnistviz.engine.observations import Finding
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.gui.common import numbers
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.marking import marked

MOST = 3  # settings in a name


def run_name(run: RunFacts, runs: Sequence[RunFacts] = ()) -> str:
    """Return the user's name of a run, or what distinguishes it from the other `runs`."""
    return run.name or made_name(run, runs)


def made_name(run: RunFacts, runs: Sequence[RunFacts] = ()) -> str:
    """Describe a run: by its change, as "η 0.5 from epoch 3.2", by settings that differ, or by layers and η."""
    if run.parent is not None:
        return _branched(run, run.parent)
    if run.opened:
        return tr("opened network {layers}", layers=_value("sizes", run.settings.sizes))
    return made_names(run, runs)[0]


def made_names(run: RunFacts, runs: Sequence[RunFacts]) -> tuple[str, ...]:
    """Return the settings in which a run that is no branch differs from others like it, from long to short. The
    shortest text still distinguishes it from the most similar run."""
    own = begun_with(run)
    others = [begun_with(other) for other in runs if other.parent is None and other.number != run.number]
    comma, told = tr(", "), differences(own, others)[:MOST] or ["sizes", "eta"]
    parts = [_until_now(run, name, getattr(own, name)) for name in told]
    return tuple(comma.join(parts[:count]) for count in range(len(parts), 0, -1))


def differences(own: Settings, others: Sequence[Settings]) -> list[str]:
    """Return the settings that differ between runs, first those that distinguish `own` from the most similar ones."""
    apart = [[name for name in SETTINGS if getattr(own, name) != getattr(other, name)] for other in others]
    first: list[str] = []
    for differ in sorted(filter(None, apart), key=len):
        if not set(first) & set(differ):
            first.append(differ[0])
    rest = set().union(*apart) - set(first)
    return [*first, *(name for name in SETTINGS if name in rest)]


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
        return tr("all classes")
    return tr("{name} {value}", name=names.short(name), value=_value(name, value))


def _until_now(run: RunFacts, name: str, first: object) -> str:
    """Return the value that a run began with, and the one that it has now if that is another."""
    text, now = setting(name, first), getattr(run.now, name)
    if name == "sizes" or now == first:
        return text
    return tr("{first} → {now}", first=text, now=_value(name, now))


def _branched(run: RunFacts, fork: Fork) -> str:
    place = fork_place(run, fork)
    if fork.kind == "butterfly":
        return tr("one tiny change from epoch {place}", place=place)
    if not (changes := changes_of(run, fork)[:MOST]):
        return tr("twin from epoch {place}", place=place)
    return tr("{changes} from epoch {place}", changes=tr(", ").join(changes), place=place)


def fork_place(run: RunFacts, fork: Fork) -> str:
    """Return after how many epochs a run branched off, as short as it is: 3 or 3.2."""
    return numbers.tick(math.floor(100 * fork.digits / run.epoch + 1e-6) / 100 if run.epoch else 0.0)


def changes_of(run: RunFacts, fork: Fork) -> list[str]:
    """Return what was changed where a run branched off: settings, or weights by hand; nothing in a copy."""
    acts = [act for act in run.history.interventions if act.step == fork.step]
    plan = dict(fork.plan)
    if fork.kind == "twin":  # settings changed before its first mini-batch are as good as planned
        plan = {name: new for act in acts if isinstance(act, Changed) for name, _, new in act.changes}
    if plan or fork.kind == "twin":
        return [_until_now(run, name, value) for name, value in plan.items()]
    if any(isinstance(act, Taught) for act in acts):
        return [tr("a drawing taught")]
    if acts and all(isinstance(act, Frozen) for act in acts):
        return [tr("units frozen")]
    return [tr("weights by hand")]


def _value(name: str, value: object) -> str:
    if name == "sizes" and isinstance(value, tuple):
        return "-".join(map(str, value))
    return names.value(name, value)


def shared_step(a: RunFacts, b: RunFacts, find: Callable[[int], RunFacts | None]) -> int | None:
    """Return the step at which two runs forked, or None if they share nothing; `find` is `lab.runs.find`."""

    def fork_of(number: int) -> Fork | None:
        known = next((run for run in (a, b) if run.number == number), None) or find(number)
        return None if known is None else known.parent

    place = shared_place(a.number, b.number, fork_of)
    return None if place is None else min(place.step, a.step, b.step)


_MOST_CHANGED = 2  # settings in the words of a way back

_BEFORE: Final[Mapping[type[Intervention], str]] = {
    Restored: marked("Go back to before you went back"),
    Stepped: marked("Go back to before the step by hand"),
    SteppedBack: marked("Go back to before the steps with −η"),
    Edited: marked("Go back to before weights were set by hand"),
    Frozen: marked("Go back to before the last change of what learns"),
    Taught: marked("Go back to before the drawing was taught"),
}


class WayBack(Struct, frozen=True):
    """The way back before the last change of settings or weights, after `step` mini-batches: `before` has the settings
    as they were, `after` as they became, and `weights` is the kind of edit of the weights."""

    step: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    weights: type[Intervention] | None = None


def way_back(shown: Shown) -> WayBack | None:
    return None if shown.run is None or not shown.live else _way_back(shown.run)


def nearer_way(run: RunFacts, finding: Finding) -> WayBack | None:
    """Return the way back to before the last change, if it reverts the same settings as a finding that offers the best
    weights, and loses less of the training."""
    way, best = _way_back(run), run.best
    if way is None or best is None or not (finding.back_to_best and finding.remedy):
        return None
    same = finding.remedy.items() <= way.before.items()
    return way if same and way.weights is None and way.step > best.step else None


def _way_back(run: RunFacts) -> WayBack | None:
    if run.failed or run.record is None:
        return None
    acts, now = run.history.interventions, run.step
    if not any(act.step == now and type(act) in _BEFORE for act in acts):  # changes of now did nothing yet
        acts = tuple(act for act in acts if act.step < now or not isinstance(act, Changed))
    if not (gesture := last_gesture(acts)):
        return None
    first = gesture[0]
    kinds = [type(act) for act in acts if act.step == first.step and type(act) in _BEFORE]
    weights = kinds[-1] if kinds else None
    if weights is None and not 0 < first.step < run.step:
        return None
    changes = () if (net := net_change(gesture)) is None else net.changes
    before, after = ({change[0]: change[side] for change in changes} for side in (1, 2))
    return WayBack(first.step, before, after, weights)


def way_back_words(way: WayBack) -> str:
    if way.weights is not None:
        return translated(_BEFORE[way.weights])
    names = [name for name in way.after if name != "schedule" or len(way.after) == 1]
    if len(names) > _MOST_CHANGED:
        return tr("Go back to before the last change")
    what = tr(", ").join(setting(name, way.after[name]) for name in names)
    return tr("Go back to before {change}", change=what)


def before_opened(origin: Origin) -> str:
    if origin.epochs is not None:
        return tr("its file says {epochs} epochs before that", epochs=numbers.epochs(origin.epochs))
    if origin.mini_batches is not None:
        return tr("its file says {count} mini-batches before that", count=origin.mini_batches)
    return tr("its file does not say how long it was trained")
