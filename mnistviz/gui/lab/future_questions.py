"""Forecasts of a run for the window: each request is a job over immutable values."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from mnistviz.engine.acts import Changed
from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.futures import MINI_BATCHES, Outlook, Varied, add_future, look_ahead
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.trials import RecordedRun
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.lab.questions import Failed, Progress, Questions
from mnistviz.gui.lab.shown import RunFacts

VALUES: Final = 17
_MOST_CACHED = 16_000_000  # bytes of forecasts
_CACHED_FOR = 60_000  # milliseconds after the last request was withdrawn

_About = tuple[Hashable, ...]
"""What a forecast depends on, the number of the run first."""


class FutureQuestions:
    """Requests for forecasts, cached by the state of the run, so that another η on the slider is looked up. The cache
    is cleared when the run is closed, and a while after the user has left."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions
        self._cache: dict[_About, Outlook] = {}
        self._expiry = new_timer(questions, lambda: self._cache.clear(), _CACHED_FOR)

    def withdraw(self, key: str) -> None:
        self._questions.withdraw(key)
        self._expiry.start()

    def forget(self, number: int) -> None:
        self._cache = {about: outlook for about, outlook in self._cache.items() if about[0] != number}

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
        """Forecast an open run after `step` mini-batches, with the settings `now`, for the values of the slider, that
        of `now`, and `more`. Progress counts digits. Cached results are delivered at once; if the run is closed or has
        no such step, `failed` is called at once."""
        self._expiry.stop()
        recorded = self._questions.recorded(key, run, failed, step)
        if recorded is None:
            return
        about = _key(run.number, recorded, step, now, varied, mini_batches)
        known, wanted = self._cache.get(about), {getattr(now, varied), *more}
        if known is not None and wanted <= {future.value for future in known.futures}:
            self._questions.withdraw(key)
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

        self._questions.ask(key, work, partial(self._store, about, then), failed, progress)

    def _store(self, about: _About, then: Callable[[Outlook], object], outlook: Outlook) -> None:
        self._cache.pop(about, None)
        self._cache[about] = outlook
        while len(self._cache) > 1 and sum(each.nbytes for each in self._cache.values()) > _MOST_CACHED:
            del self._cache[next(iter(self._cache))]
        then(outlook)


def slider_values(varied: Varied, digits: int) -> tuple[float, ...]:
    """Return evenly spaced values of a setting's slider; of mini-batch sizes only those that so many digits suffice
    for."""
    setting = SETTINGS[varied]
    scale = Scale.of(setting)
    places = (round(number * scale.positions / (VALUES - 1)) for number in range(VALUES))
    values = {setting.kind(scale.value(place)) for place in places}
    return tuple(sorted(value for value in values if varied != "mini_batch_size" or 2 * value <= digits))


def _key(
    number: int, recorded: RecordedRun, step: int, now: Settings, varied: Varied, mini_batches: int
) -> _About:
    """Return what a forecast depends on: the initial weights, and all settings but the one that is varied."""
    by_hand = tuple(act for act in recorded.record.acts if act.step == step and not isinstance(act, Changed))
    others = replace(now, **{varied: SETTINGS[varied].default})
    return number, step, by_hand, others, varied, mini_batches
