"""The last change of a run, which can be reverted with all training since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QCoreApplication

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
)
from mnistviz.engine.observations import Finding
from mnistviz.gui.common.widgets import translated
from mnistviz.gui.lab.run_names import setting
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.marking import QT_TRANSLATE_NOOP

MOST = 2  # settings in a name

_BEFORE: Final[Mapping[type[Intervention], str]] = {
    Restored: QT_TRANSLATE_NOOP("WayBack", "Go back to before you went back"),
    Stepped: QT_TRANSLATE_NOOP("WayBack", "Go back to before the step by hand"),
    SteppedBack: QT_TRANSLATE_NOOP("WayBack", "Go back to before the steps with −η"),
    Edited: QT_TRANSLATE_NOOP("WayBack", "Go back to before weights were set by hand"),
    Frozen: QT_TRANSLATE_NOOP("WayBack", "Go back to before the last change of what learns"),
    Taught: QT_TRANSLATE_NOOP("WayBack", "Go back to before the drawing was taught"),
}


@dataclass(frozen=True)
class WayBack:
    """The way back before the last change of settings or weights, after `step` mini-batches: `before` has the settings
    as they were, `after` as they became, and `weights` is the kind of edit of the weights."""

    step: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    weights: type[Intervention] | None = None


def way_back(shown: Shown) -> WayBack | None:
    """Return the way back before the last change of the selected run, if it had an effect; None at an earlier step."""
    return None if shown.run is None or not shown.live else _way_back(shown.run)


def nearer_way(run: RunFacts, finding: Finding) -> WayBack | None:
    """Return the way back before the last change, if it reverts the same settings as a finding that offers the best
    weights, and less of the training."""
    way, best = _way_back(run), run.best
    if way is None or best is None or not (finding.back_to_best and finding.remedy):
        return None
    same = finding.remedy.items() <= way.before.items()
    return way if same and way.weights is None and way.step > best.step else None


def _way_back(run: RunFacts) -> WayBack | None:
    if run.failed or run.record is None:
        return None
    acts = run.history.interventions
    gesture = last_gesture(acts)
    if not gesture:
        return None
    first, weights = gesture[0], None
    for act in acts:
        if act.step == first.step and type(act) in _BEFORE:
            weights = type(act)
    if weights is None and not 0 < first.step < run.step:
        return None
    changed = [act for act in gesture if isinstance(act, Changed)]
    changes = changed[0].joined(*changed[1:]).changes if changed else ()
    return WayBack(
        first.step,
        {name: old for name, old, _ in changes},
        {name: new for name, _, new in changes},
        weights,
    )


def way_back_words(way: WayBack) -> str:
    if way.weights is not None:
        return translated(_BEFORE[way.weights], "WayBack")
    names = [name for name in way.after if name != "schedule" or len(way.after) == 1]
    if len(names) > MOST:
        return QCoreApplication.translate("WayBack", "Go back to before the last change")
    what = QCoreApplication.translate("WayBack", ", ").join(setting(name, way.after[name]) for name in names)
    return QCoreApplication.translate("WayBack", "Go back to before {change}").format(change=what)
