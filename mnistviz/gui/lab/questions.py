"""Requests that take a while: jobs over immutable values with progress, which yield Python's lock to the training."""

import math
import time
from collections.abc import Callable, Hashable
from functools import partial
from typing import Final, Generic, TypeVar

from msgspec.structs import replace
from PySide6.QtCore import QObject

from mnistviz.engine.acts import Changed
from mnistviz.engine.cancelling import Cancelled, unheard
from mnistviz.engine.digits import Digits
from mnistviz.engine.distortion import distorts
from mnistviz.engine.functions import quietly
from mnistviz.engine.futures import MINI_BATCHES, Forecast, Varied, add_future, look_ahead
from mnistviz.engine.moment import Moment
from mnistviz.engine.replay import Replay, moment_of, reachable, replay_length
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.trainer import Trainer, TrainerState
from mnistviz.engine.trials import RecordedRun
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.common.timers import Throttle, new_timer
from mnistviz.gui.lab.jobs import Jobs, Tell
from mnistviz.gui.lab.shown import RunFacts, Shown

SLICE = PAUSE = 0.004  # seconds: long work yields Python's lock to the training after so long
SHORT = 200_000_000  # weights × digits: a replay of so many takes no noticeable time
FORECASTS: Final = 17  # over the slider of a setting
_ETAS: Final = (0.03, 0.05, 0.07, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 20.0, 30.0)
_MOST_CACHED = 16_000_000  # bytes of forecasts
_CACHED_FOR = 60_000  # milliseconds after the last request was withdrawn

_About = tuple[Hashable, ...]  # what a forecast depends on, the number of the run first
Progress = Callable[[int, int], object]
Failed = Callable[[Exception], object]
T = TypeVar("T")
Of = TypeVar("Of")


class Questions(Jobs):
    """Jobs with progress. Of each key the newest request counts; `withdraw` cancels one, and then nothing is called any
    more. The work gets immutable values, so a run may train meanwhile."""

    def __init__(
        self, parent: QObject, digits: Callable[[], Digits | None], learns: Callable[[], bool]
    ) -> None:
        """`learns()`, called by the workers, returns whether a network trains now."""
        super().__init__(parent)
        self._digits, self._learns = digits, learns

    @property
    def digits(self) -> Digits:
        """The data set, once there is one."""
        digits = self._digits()
        assert digits is not None
        return digits

    def ask(
        self,
        key: str,
        work: Callable[..., T | None],
        then: Callable[[T], object],
        failed: Failed,
        progress: Callable[..., object] | None = None,
        *,
        quick: bool = False,
    ) -> None:
        """Let a worker call `work(cancelled, tell)`, as `Jobs.ask` does. The work calls `cancelled()` and `tell(done,
        of)` as often as it likes. In training, work that is not `quick` pauses in `cancelled()`."""

        def answer(cancelled: Cancelled, tell: Tell) -> T:
            result = work(cancelled if quick else _yielding(cancelled, self._learns), tell)
            return result  # type: ignore[return-value]  # None is of cancelled work, and is not delivered

        super().ask(key, answer, then, failed, progress or unheard, quick=quick)

    def ask_run(
        self,
        key: str,
        run: RunFacts,
        work: Callable[[RecordedRun, Cancelled, Progress], T | None],
        then: Callable[[T], object],
        failed: Failed,
        progress: Progress | None = None,
        *,
        step: int | None = None,
        quick: bool | None = False,
    ) -> None:
        """Ask about the record of an open run; see `ask`. If the run is closed, or has no such `step`, call `failed` at
        once. If `quick` is None, it is True if the replay to the step is short."""
        if (recorded := self.recorded(key, run, failed, step)) is not None:
            if quick is None:
                quick = _is_short(recorded, 0 if step is None else step)
            self.ask(key, partial(work, recorded), then, failed, progress, quick=quick)

    def recorded(
        self, key: str, run: RunFacts, failed: Failed, step: int | None = None
    ) -> RecordedRun | None:
        """Return the record of an open run. If it is closed, or has no such `step`, call `failed` and return None."""
        if (recorded := recorded_run(run, self._digits())) is None:
            why_not = f"run {run.number} is closed"
        elif step is not None and reachable(recorded.record, step) != step:
            why_not = f"run {run.number} has no step {step}"
        else:
            return recorded
        self.withdraw(key)
        failed(ValueError(why_not))
        return None

    def ask_moment(
        self,
        key: str,
        run: RunFacts,
        step: int,
        then: Callable[[Moment], object],
        failed: Failed,
        progress: Progress | None = None,
    ) -> None:
        """Call `then` with the exact checkpoint of an open run after `step` mini-batches. Progress counts mini-batches.
        The playhead does not use it: its step is replayed by the training thread, with priority."""

        def moment(recorded: RecordedRun, cancelled: Cancelled, tell: Progress) -> Moment:
            trainer = _replayed(recorded, step, cancelled, tell)
            return moment_of(run.number, recorded.start, len(trainer.training), trainer.state(), "exact")

        self.ask_run(key, run, moment, then, failed, progress, step=step, quick=None)


def _yielding(cancelled: Cancelled, learns: Callable[[], bool]) -> Cancelled:
    """Return `cancelled`, but yielding Python's lock to the training after each slice of work."""
    begun = time.monotonic()

    def asked() -> bool:
        nonlocal begun
        if time.monotonic() - begun >= SLICE:
            if learns():
                time.sleep(PAUSE)
            begun = time.monotonic()
        return cancelled()

    return asked


def recorded_run(run: RunFacts, digits: Digits | None) -> RecordedRun | None:
    """Return the record from which an open run is replayed, or None if it is closed or has no news yet."""
    if run.record is None or run.moment is None or digits is None:
        return None
    return RecordedRun(run.record, run.moment.initial, digits)


def _is_short(recorded: RecordedRun, step: int) -> bool:
    settings, weights = recorded.record.start.settings, recorded.record.start.parameters.size
    products = (replay_length(recorded.record, step) + 1) * settings.mini_batch_size * weights
    return products <= SHORT and not distorts(settings)


def state_before_acts(step: int, recorded: RecordedRun, cancelled: Cancelled, tell: Progress) -> TrainerState:
    """Return the state of a run after `step` mini-batches, before any intervention there."""
    return _replayed(recorded, step, cancelled, tell, judged=True).state_as_judged()


@quietly
def _replayed(
    recorded: RecordedRun, step: int, cancelled: Cancelled, tell: Progress, *, judged: bool = False
) -> Trainer:
    """Replay until the step is reached or the request is cancelled."""
    trainer = recorded.trainer()
    replay = Replay(recorded.record, trainer, step, judged=judged)
    while not replay.advance() and not cancelled():
        tell(replay.done, replay.of)
    return trainer


class RepeatedQuestion(Generic[Of]):
    """A request that is repeated for each network that is shown: what the last result is `of`, and what is `asked` now.
    The view stores the result. `ask` is called at once if the network does not change, else once in so many seconds,
    and makes the request if `begin` allows it."""

    def __init__(
        self, questions: Questions | None, key: str, seconds: float, ask: Callable[[], None], parent: QObject
    ) -> None:
        """Without `questions` nothing is ever requested."""
        self.of: Of | None = None
        self.asked: Of | None = None
        self.throttle = Throttle(seconds, ask, parent)
        self._questions, self._key = questions, key

    def follow(self, shown: Shown) -> None:
        """Repeat the request as often as needed for what is shown."""
        if shown.still:
            self.throttle.now()
        else:
            self.throttle.ask()

    def begin(self, of: Of, shown: Shown) -> bool:
        """Return True if this should be requested now: it is not known, and not requested already."""
        if self._questions is None or of in (self.of, self.asked):
            return False
        if self._questions.is_open(self._key) and not shown.still:
            return False  # while the network trains, an open request must finish first, else none would
        self.asked = of
        return True

    def end(self) -> Of | None:
        """Mark the request as answered. Return what the previous result was of."""
        before, self.of, self.asked = self.of, self.asked, None
        return before

    def withdraw(self) -> None:
        if self._questions is not None:
            self._questions.withdraw(self._key)
        self.asked = None

    def forget(self) -> None:
        self.withdraw()
        self.of = None


class FutureQuestions:
    """Requests for forecasts, cached by the state of the run until it is closed or a while after the user has left."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions
        self._cache: dict[_About, Forecast] = {}
        self._expiry = new_timer(questions, lambda: self._cache.clear(), _CACHED_FOR)

    def withdraw(self, key: str) -> None:
        self._questions.withdraw(key)
        self._expiry.start()

    def forget(self, number: int) -> None:
        self._cache = {about: forecast for about, forecast in self._cache.items() if about[0] != number}

    def ask(
        self,
        key: str,
        run: RunFacts,
        step: int,
        now: Settings,
        varied: Varied,
        then: Callable[[Forecast], object],
        failed: Failed,
        progress: Progress | None = None,
        mini_batches: int = MINI_BATCHES,
    ) -> None:
        """Forecast an open run after `step` mini-batches, with the settings `now`, for the values of the slider and
        that of `now`. Progress counts digits. Cached results are delivered at once; if the run is closed or has
        no such step, `failed` is called at once."""
        self._expiry.stop()
        if (recorded := self._questions.recorded(key, run, failed, step)) is None:
            return
        # what it depends on: the initial weights, and all settings but the one that is varied
        acts = tuple(act for act in recorded.record.acts if act.step == step and not isinstance(act, Changed))
        others = replace(now, **{varied: SETTINGS[varied].default})
        about = run.number, step, acts, others, varied, mini_batches
        known, wanted = self._cache.get(about), getattr(now, varied)
        if known is not None and any(future.value == wanted for future in known.futures):
            self._questions.withdraw(key)
            then(known)
            return

        def work(cancelled: Cancelled, tell: Progress) -> Forecast:
            forecast = known
            if forecast is None:
                values = slider_values(varied, now.mini_batch_size * mini_batches, now.eta)
                forecast = look_ahead(recorded, step, varied, values, mini_batches, cancelled, tell, now=now)
            return add_future(recorded, forecast, wanted, cancelled)

        self._questions.ask(key, work, partial(self._store, about, then), failed, progress)

    def _store(self, about: _About, then: Callable[[Forecast], object], forecast: Forecast) -> None:
        self._cache.pop(about, None)
        self._cache[about] = forecast
        while len(self._cache) > 1 and sum(each.nbytes for each in self._cache.values()) > _MOST_CACHED:
            del self._cache[next(iter(self._cache))]
        then(forecast)


def slider_values(varied: Varied, digits: int, eta: float) -> tuple[float, ...]:
    """Return values of a setting's slider: of η round ones around the present one, else evenly spaced ones; of
    mini-batch sizes only those that so many digits suffice for."""
    setting = SETTINGS[varied]
    scale = Scale.of(setting)
    if varied == "eta":
        power = round(math.log10(eta)) if eta > 0 else 0
        some = (_ETAS[round(number * (len(_ETAS) - 1) / (FORECASTS - 1))] for number in range(FORECASTS))
        values = {float(f"{each}e{power}") for each in some}
        return tuple(sorted(value for value in values if scale.low <= value <= scale.high))
    places = (round(number * scale.positions / (FORECASTS - 1)) for number in range(FORECASTS))
    kinds = {setting.kind(scale.value(place)) for place in places}
    return tuple(sorted(value for value in kinds if varied != "mini_batch_size" or 2 * value <= digits))
