"""The network at the last flag before the step shown, for comparing outputs before and after a change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mnistviz.engine.acts import Changed, gesture_of
from mnistviz.engine.moment import Moment
from mnistviz.gui.lab.moments import Moments
from mnistviz.gui.lab.shown import Shown


class LastFlag:
    """Loads the network at the last change of a setting in a background job, once for each change."""

    KEY: Final = "network at the last flag"

    def __init__(self, moments: Moments | None, changed: Callable[[], object]) -> None:
        """Call `changed` whenever `moment` changes; without `moments` there is never one."""
        self.moment: Moment | None = None
        self._moments, self._changed = moments, changed
        self._of: tuple[int, int] | None = None  # run and step of the last request

    def follow(self, shown: Shown) -> None:
        """Request the network at the flag before this step, unless it is loaded or requested."""
        step = last_change(shown)
        of = None if step is None or shown.number is None else (shown.number, step)
        if of == self._of or self._moments is None:
            return
        self._of = of
        self._set(None)
        if of is None or step is None or shown.run is None:
            self._moments.withdraw(self.KEY)
        else:
            self._moments.ask(self.KEY, shown.run, step, self._set, lambda error: self._set(None))

    def _set(self, moment: Moment | None) -> None:
        if moment is not self.moment:
            self.moment = moment
            self._changed()


def last_change(shown: Shown) -> int | None:
    """Return the step of the last change of a setting before the step shown, or of the fork. Return None if there is
    none, for a mixture, or if the record is not that long yet. Settings from before the first training step do not
    count."""
    run, moment = shown.run, shown.moment
    if run is None or moment is None or run.record is None or shown.stand_in is not None:
        return None
    steps = [] if run.parent is None else [run.parent.step]
    commands = run.history.interventions
    for number in range(len(commands) - 1, -1, -1):
        if isinstance(commands[number], Changed) and commands[number].step < moment.step:
            steps.append(commands[gesture_of(commands, number).start].step)
            break
    earliest = 0 if run.origin is not None and run.origin.learned else 1
    known = [step for step in steps if earliest <= step < moment.step and step <= run.record.step]
    return max(known, default=None)
