"""What is shown of the runs, as experiments and sessions save it, and its restoration once the runs are ready."""

import json
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace
from PySide6.QtCore import QObject

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.experiment.acts_json import act_as_json, acts_from_json
from mnistviz.engine.moment import Moment
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.lab.edited_copy import EditedCopy
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.preview import Mixture
from mnistviz.gui.lab.shown import RunFacts

MOST_COPY_BYTES: Final = 700_000
"""The limit on a copy's acts as JSON: some 30,000 weights. A session's note needs four times as many bytes."""
_MOST_ACTS: Final = 10_000
_LONGEST_NAME: Final = 60
_KEY: Final = "shown again"

log = logging.getLogger(__name__)


class MixtureRecord(Struct, frozen=True):
    """The other network of a mixture: that of the run with this `letter` after `step` mini-batches; without a letter
    there is no mixture. `share` is that of the selected run."""

    letter: str = ""
    step: int = 0
    share: float = 0.0
    names: tuple[str, str] = ("", "")


class CopyRecord(Struct, frozen=True):
    """The edits of a copy, as `act_as_json` has them, and how many acts the run `had` by then."""

    acts: tuple[list[Any], ...] = ()
    had: int = 0


class ShownRecord(Struct, frozen=True):
    """The viewed `step` of the selected run, None for its end; the `plan` of a branch there; whether the settings wait
    for a new run; and what is shown in place of the run's network."""

    step: int | None = None
    plan: Mapping[str, Any] = field(default_factory=dict)
    for_new_run: bool = False
    mixture: MixtureRecord = field(default_factory=MixtureRecord)
    copy: CopyRecord = field(default_factory=CopyRecord)


class ShownRestorer(QObject):
    """Restores what a record shows, as far as it fits the runs, unless the user does something first."""

    def __init__(self, lab: Lab, copy_shown: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._lab, self._copy_shown = lab, copy_shown
        self._record: ShownRecord | None = None  # until all of it is shown
        self._number = 0  # of the selected run
        self._waits = False  # until the run is ready

    def record(self) -> ShownRecord:
        """Return what is shown now, or will be. A copy with very many changes is left out."""
        if (to_come := self._remaining) is not None:
            return to_come
        lab, run = self._lab, self._lab.run
        preview = lab.preview if lab.playhead.exact else None  # else it belongs to the step before
        record = ShownRecord(
            lab.settings.place, dict(lab.settings.draft.plan), lab.settings.draft.for_new_run
        )
        if run is not None and isinstance(preview, EditedCopy):
            acts = tuple(map(act_as_json, preview.acts))
            if len(json.dumps(acts)) <= MOST_COPY_BYTES:
                return replace(record, copy=CopyRecord(acts, len(run.history.interventions)))
        elif isinstance(preview, Mixture) and (other := lab.runs.find(preview.a.run)) is not None:
            mixture = MixtureRecord(other.letter, preview.a.step, preview.share, preview.names)
            return replace(record, mixture=mixture)
        return record

    @property
    def _remaining(self) -> ShownRecord | None:
        """What is still to be restored; None if the user has done something first."""
        lab, record, run = self._lab, self._record, self._lab.run
        if record is None or run is None or run.number != self._number:
            return None
        return record if self._waits or (lab.preview is None and lab.playhead.step == record.step) else None

    def begin(self, record: ShownRecord) -> None:
        """Begin to restore a record once the runs are open, though they may not be ready yet."""
        lab, run = self._lab, self._lab.run
        if run is None:
            return
        if record.for_new_run:
            lab.settings.set_draft(replace(lab.settings.draft, for_new_run=True))
        self._record, self._number, self._waits = record, run.number, True
        self.look(run)

    def look(self, run: RunFacts) -> None:
        lab, record = self._lab, self._record
        if not self._waits or record is None or lab.run is None or not lab.run.ready:
            return
        if (other := self._other(record.mixture)) is not None and not (other.ready or other.failed):
            return
        self._waits = False
        if lab.run.number != self._number or not lab.playhead.live or lab.run.playing:
            self._record = None
            return
        if record.step is not None:
            lab.playhead.visit(record.step)
            plan = _checked(record.plan)
            lab.settings.set_draft(replace(lab.settings.draft.set(plan), plan=plan, step=lab.playhead.here))
        lab.playhead.when_exact(partial(self._show_preview, record))

    def _show_preview(self, record: ShownRecord, moment: Moment) -> None:
        run, digits, other = self._lab.run, self._lab.digits, self._other(record.mixture)
        if record is not self._record or run is None or digits is None or moment.run != run.number:
            return
        acts, mixture = record.copy.acts, record.mixture
        if other is not None and other.moment is not None and 0 <= mixture.share <= 1:
            then = partial(self._show_mixture, mixture, moment)
            if other.moment.step == mixture.step:
                then(other.moment)
            else:
                self._lab.questions.ask_moment(_KEY, other, mixture.step, then, self._skip)
        elif 0 < len(acts) <= _MOST_ACTS and record.copy.had == len(run.history.interventions):

            def work(cancelled: Cancelled) -> EditedCopy:
                try:
                    parsed = acts_from_json([*acts], moment.step)
                    return EditedCopy.from_acts(moment, parsed, digits.trained_on(moment.settings))
                except (Problem, ValueError, OverflowError) as error:
                    log.warning("a copy is passed over: %r", error)
                    return EditedCopy.begin(moment)

            self._lab.jobs.ask(_KEY, work, self._show_copy, self._skip, quick=True)
        else:
            self._record = None

    def _show_copy(self, edited_copy: EditedCopy) -> None:
        self._record = None
        if self._lab.preview is None and edited_copy.acts:
            self._lab.show_preview(edited_copy)
            self._copy_shown()

    def _show_mixture(self, mixture: MixtureRecord, of: Moment, a: Moment) -> None:
        from mnistviz.engine.mistakes.mixing import can_mix  # late: the window opens sooner

        self._record = None
        names = tuple(name[:_LONGEST_NAME] for name in mixture.names if name.isprintable())
        if self._lab.preview is None and can_mix(a.network, of.network) and len(names) == 2:
            self._lab.show_preview(Mixture(of, a, mixture.share, names))

    def _skip(self, error: Exception) -> None:
        self._record = None
        log.warning("what was shown in the place of a moment is passed over: %r", error)

    def _other(self, mixture: MixtureRecord) -> RunFacts | None:
        return next((run for run in self._lab.runs.open if run.letter == mixture.letter), None)


def _checked(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a plan that a run can take; none if one of them is invalid."""
    try:
        return {n: SETTINGS[n].checked(value) for n, value in plan.items() if not SETTINGS[n].new_run}
    except (Problem, KeyError, TypeError, ValueError) as error:
        log.warning("the plan is passed over: %r", error)
        return {}
