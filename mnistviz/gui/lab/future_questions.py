"""What the window asks about the futures of a run: each question a job over immutable values, and answered once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
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
from mnistviz.gui.lab.questions import Failed, Progress, Questions, ViewQuestions
from mnistviz.gui.lab.shown import RunFacts

VALUES: Final = 17
_MOST_KEPT = 64_000_000  # bytes of states that outlooks begin in


class FutureQuestions(ViewQuestions):
    """What was answered is kept by the state of the run: another η on the slider is looked up."""

    def __init__(self, questions: Questions, digits: Callable[[], Digits | None]) -> None:
        super().__init__(questions, digits)
        self._kept: dict[Hashable, Outlook] = {}

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
    ) -> None:
        """The futures of an open run after `step` mini-batches, with the settings `now`, for the values of the slider
        and that of `now`. Progress counts digits. What is known already is told at once; where the run is closed or has
        no such step, `failed` is called at once."""
        recorded = self._recorded(key, run, failed, step)
        if recorded is None:
            return
        about = _key(run.number, recorded, step, now, varied, mini_batches)
        known, value = self._kept.get(about), getattr(now, varied)
        if known is not None and any(future.value == value for future in known.futures):
            self.withdraw(key)
            then(known)
            return

        def work(cancelled: Cancelled, tell: Progress) -> Outlook:
            if known is not None:
                return add_future(recorded, known, value, cancelled)
            values = slider_values(varied, now.mini_batch_size * mini_batches)
            return look_ahead(recorded, step, varied, values, mini_batches, cancelled, tell, now=now)

        self._questions.ask(key, work, partial(self._keep, about, then), failed, progress)

    def _keep(self, about: Hashable, then: Callable[[Outlook], object], outlook: Outlook) -> None:
        self._kept.pop(about, None)
        self._kept[about] = outlook
        while len(self._kept) > 1 and sum(each.state.nbytes for each in self._kept.values()) > _MOST_KEPT:
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
) -> Hashable:
    """What makes futures other ones: the weights that they begin with, and all settings but the one that is varied."""
    by_hand = tuple(act for act in recorded.record.acts if act.step == step and not isinstance(act, Changed))
    others = replace(now, **{varied: SETTINGS[varied].default})
    return number, step, by_hand, others, varied, mini_batches
