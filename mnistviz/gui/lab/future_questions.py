"""What the window asks about the futures of a run: each question a job over immutable values, and answered once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from mnistviz.engine.acts import Changed
from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.digits import Digits
from mnistviz.engine.futures import MINI_BATCHES, Outlook, Varied, add_future, look_ahead
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.trials import RecordedRun
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.lab.questions import Failed, Progress, Questions, ViewQuestions
from mnistviz.gui.lab.shown import RunFacts

VALUES: Final = 17
_MOST_KEPT = 16_000_000  # bytes of outlooks
_KEPT_FOR = 60_000  # milliseconds after the last question was withdrawn

_About = tuple[Hashable, ...]
"""What makes futures other ones, the number of the run first."""


class FutureQuestions(ViewQuestions):
    """What was answered is kept by the state of the run: another η on the slider is looked up. It is let go when the
    run is closed, and a while after the user has left."""

    def __init__(self, questions: Questions, digits: Callable[[], Digits | None]) -> None:
        super().__init__(questions, digits)
        self._kept: dict[_About, Outlook] = {}
        self._left = new_timer(questions, lambda: self._kept.clear(), _KEPT_FOR)

    def withdraw(self, key: str) -> None:
        super().withdraw(key)
        self._left.start()

    def forget(self, number: int) -> None:
        """Lets go what was answered of the run of a number."""
        self._kept = {about: outlook for about, outlook in self._kept.items() if about[0] != number}

    def ask(
        self,
        key: str,
        run: RunFacts,
        step: int,
        now: Settings,
        varied: Varied,
        then: Callable[[Outlook], object],
        failed: Failed,
        progress: Progress | None = None,
        mini_batches: int = MINI_BATCHES,
        more: Sequence[float] = (),
    ) -> None:
        """The futures of an open run after `step` mini-batches, with the settings `now`, for the values of the slider,
        that of `now`, and `more`. Progress counts digits. What is known already is told at once; where the run is
        closed or has no such step, `failed` is called at once."""
        self._left.stop()
        recorded = self._recorded(key, run, failed, step)
        if recorded is None:
            return
        about = _key(run.number, recorded, step, now, varied, mini_batches)
        known, wanted = self._kept.get(about), {getattr(now, varied), *more}
        if known is not None and wanted <= {future.value for future in known.futures}:
            self.jobs.withdraw(key)
            then(known)
            return

        def work(cancelled: Cancelled, tell: Progress) -> Outlook:
            outlook = known
            if outlook is None:
                values = slider_values(varied, now.mini_batch_size * mini_batches)
                outlook = look_ahead(recorded, step, varied, values, mini_batches, cancelled, tell, now=now)
            for value in wanted:
                outlook = add_future(recorded, outlook, value, cancelled)
            return outlook

        self._questions.ask(key, work, partial(self._keep, about, then), failed, progress)

    def _keep(self, about: _About, then: Callable[[Outlook], object], outlook: Outlook) -> None:
        self._kept.pop(about, None)
        self._kept[about] = outlook
        while len(self._kept) > 1 and sum(each.nbytes for each in self._kept.values()) > _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        then(outlook)


def slider_values(varied: Varied, digits: int) -> tuple[float, ...]:
    """The values of a setting that lie evenly on its slider, from one end to the other; of mini-batch sizes those that
    so many digits are enough for."""
    setting = SETTINGS[varied]
    scale = Scale.of(setting)
    places = (round(number * scale.positions / (VALUES - 1)) for number in range(VALUES))
    values = {setting.kind(scale.value(place)) for place in places}
    return tuple(sorted(value for value in values if varied != "mini_batch_size" or 2 * value <= digits))


def _key(
    number: int, recorded: RecordedRun, step: int, now: Settings, varied: Varied, mini_batches: int
) -> _About:
    """What makes futures other ones: the weights that they begin with, and all settings but the one that is varied."""
    by_hand = tuple(act for act in recorded.record.acts if act.step == step and not isinstance(act, Changed))
    others = replace(now, **{varied: SETTINGS[varied].default})
    return number, step, by_hand, others, varied, mini_batches
