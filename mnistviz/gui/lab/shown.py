"""What all views show at one time, from one place, `Lab.shown`; and what is known of each run, with its news."""

from bisect import bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Any, Final, Self, TypeVar, cast

from msgspec import Struct, field
from msgspec.structs import replace

from mnistviz.engine.acts import Flag, flags_of, puts_other_weights
from mnistviz.engine.digits import Digits
from mnistviz.engine.evaluation import Health
from mnistviz.engine.fork import Fork, Origin, shared_place
from mnistviz.engine.handover import Mailbox, Update
from mnistviz.engine.history import History, Measured
from mnistviz.engine.history_replayer import Visited
from mnistviz.engine.luck.bands import Band
from mnistviz.engine.mistakes.pins import PinStory
from mnistviz.engine.moment import Best, Evaluation, KeptReadings, Moment, SetName
from mnistviz.engine.recorder import BatchSizeSegment, Record, cursor_at, step_at
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.trainer import Cursor
from mnistviz.engine.verdicts import is_best
from mnistviz.gui.common.position_entry import RunPosition
from mnistviz.gui.lab.preview import Preview


class Draft(Struct, frozen=True):
    """The settings in the controls, beside those that the run trains with."""

    settings: Settings = field(default_factory=Settings)
    running: Settings | None = None
    for_new_run: bool = False
    """True if all of it waits for a new run, as a chosen recipe does. Until then no control affects the run."""
    plan: Mapping[str, Any] = field(default_factory=dict)
    """Live settings that were changed at an earlier step, by name, for a branch."""
    step: int = 0  # The step of the plan. A replay does not move it.
    taken_over: bool = False  # true if the run has ended its schedule of η since η was set by hand

    def set(self, values: Mapping[str, Any]) -> Self:
        taken_over = self.taken_over and "schedule" not in values
        return replace(self, settings=replace(self.settings, **values), taken_over=taken_over)

    def choose(self, settings: Settings) -> Self:
        waits = self.running is not None and settings != self.running
        return replace(self, settings=settings, for_new_run=waits)

    def begin(self, running: Settings, now: Settings | None) -> Self:
        return replace(
            self, settings=now or self.settings, running=running, for_new_run=False, taken_over=False
        )

    def follow(self, running: Settings) -> Self:
        """Return the draft for a run with settings `running`: live ones follow, unless all wait for a new run."""
        if self.for_new_run:
            return replace(self, running=running)
        there = running.changed(**self.plan) if self.plan else running
        changed = dict(live(there).items() - live(self.settings).items())
        taken_over = self.taken_over or changed.get("schedule") == "constant"
        return replace(
            self, settings=replace(self.settings, **changed), running=running, taken_over=taken_over
        )

    def revert(self) -> Self:
        if self.running is None:
            return replace(self, plan={})
        return replace(self, settings=self.running, for_new_run=False, plan={})

    def with_outputs(self, count: int) -> Self:
        running = None if self.running is None else self.running.for_classes(count)
        return replace(self, settings=self.settings.for_classes(count), running=running)


def live(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name, each in SETTINGS.items() if not each.new_run}


COST_OVER = 100  # mini-batches in the mean of the shown cost, at least
_RATE_WINDOW = 1.0  # seconds


class Lifecycle(Enum):
    """The state of a run: one of these at a time."""

    RESTING = auto()
    LEARNING = auto()
    WAITING = auto()  # runs that train with it must catch up first
    STOPPED = auto()  # its stopping rule has ended it, until it is started again
    FAILED = auto()
    CLOSED = auto()


_OF_UPDATE: Final = (
    *("moment", "history", "record", "evaluations", "readings", "health", "eta", "best", "diverged"),
    *("schedule_from", "can_take_back"),
)
"""The facts that an update has as they are."""
_PLAYING: Final = (Lifecycle.LEARNING, Lifecycle.WAITING)


class RunFacts(Struct, weakref=True, frozen=True, eq=False):
    """All that is known of a run at one time.

    It is immutable: news and gestures create new facts. `settings` are those at its begin, `name` is the user's name,
    empty if it is named by its settings, `epoch` is the number of digits in an epoch, `data` is the checksum of its
    data set, and `origin` is the origin of a network from a file, or None. It is `on` if it trains when the lab trains,
    or did until it was closed; `was_selected` is True for a closed one that was the selected run. `eta` is the learning
    rate of the next mini-batch, as the schedule has it that began after `schedule_from` digits. It `has_obeyed` if all
    this is newer than the last command.
    """

    number: int
    settings: Settings
    letter: str = ""
    name: str = ""
    hue: int = 0
    about: str = ""  # a note on what it shows, if the program opened it for that
    parent: Fork | None = None
    epoch: int = 0
    data: str = ""
    origin: Origin | None = None
    on: bool = False
    was_selected: bool = False
    hidden: bool = False
    lifecycle: Lifecycle = Lifecycle.RESTING
    has_obeyed: bool = True
    diverged: bool = False
    can_take_back: bool = False  # true if its weights were edited after its last mini-batch: `TakeBack`
    moment: Moment | None = None
    history: History = field(default_factory=History)
    record: Record | None = None
    """Replays any of its checkpoints: `Lab.moments`. None before its first news, and once it is closed."""
    evaluations: Mapping[SetName, Evaluation] = field(default_factory=dict)
    readings: KeptReadings = field(default_factory=KeptReadings)
    bands: tuple[Band, ...] = ()
    """The results of other runs of its recipe, at most one band of each kind."""
    stories: tuple[PinStory, ...] = ()  # its outputs for pinned pictures, as far as they were computed
    health: Health = field(default_factory=Health)
    eta: float = 0.0
    schedule_from: int = 0
    best: Best | None = None
    replayed: tuple[int, int] | None = None
    """The mini-batches of a run of a file that have been trained again, and their total; None when it is ready."""
    speed: float | None = None

    def put_aside(self) -> Self:
        return replace(self, moment=None, record=None, evaluations={}, readings=KeptReadings())

    @property
    def playing(self) -> bool:
        return self.lifecycle in _PLAYING

    @property
    def stopped(self) -> bool:
        return self.lifecycle is Lifecycle.STOPPED

    @property
    def failed(self) -> bool:
        return self.lifecycle is Lifecycle.FAILED

    @property
    def closed(self) -> bool:
        return self.lifecycle is Lifecycle.CLOSED

    @property
    def ready(self) -> bool:
        """True if its first news have come. Until then, the checkpoint of a run that is trained again is its start."""
        return self.moment is not None and self.replayed is None

    @property
    def step(self) -> int:
        return 0 if self.moment is None else self.moment.step

    @property
    def digits_seen(self) -> int:
        return 0 if self.moment is None else self.moment.digits

    def newest(self, set_name: SetName) -> Measured | None:
        return last_measured(self.history, self.evaluations, set_name, self.step)

    @property
    def now(self) -> Settings:
        return self.settings if self.moment is None else self.moment.settings

    @property
    def best_so_far(self) -> Measured | None:
        """The best end of an epoch; if paused, the current weights if they are better on all validation digits."""
        best, now = self.best, self.evaluations.get("validation")
        if best is None:
            return None
        measured = now is not None and now.complete and now.step == self.step and not self.playing
        if now is not None and measured and not is_best(best.accuracy, now.accuracy):
            return Measured(now.accuracy, now.step, now.digits)
        return Measured(best.accuracy, best.step, best.epoch * self.epoch)

    @property
    def segments(self) -> Sequence[BatchSizeSegment]:
        first = BatchSizeSegment(0, Cursor(0, 0), self.settings.mini_batch_size, self.settings.order)
        return (first,) if self.record is None else self.record.segments

    def digits_at(self, step: int) -> int:
        return cursor_at(self.segments, step, self.epoch).digits(self.epoch)

    def step_at(self, digits: int) -> int:
        return step_at(self.segments, digits, self.epoch)

    def nearest_step(self, digits: int) -> int:
        """Return the existing step whose digits are nearest to so many."""
        before = min(max(0, self.step_at(digits)), self.step)
        after = min(before + 1, self.step)
        return min((before, after), key=lambda step: abs(self.digits_at(step) - digits))

    def position(self, here: int) -> RunPosition:
        epoch = self.epoch
        return RunPosition(
            here, self.step, self.digits_seen / epoch, lambda epochs: self.step_at(round(epochs * epoch))
        )

    @property
    def flags(self) -> tuple[Flag, ...]:
        fork = None if self.parent is None else (self.parent.digits, self.parent.step)
        return flags_of(self.history.interventions, fork)

    @property
    def opened(self) -> bool:
        """True if its network comes from a file: then steps and epochs count since it was opened."""
        return self.origin is not None

    @property
    def has_learned(self) -> bool:
        return self.step > 0 or (self.origin is not None and self.origin.learned)

    def repeats(self, other: Self) -> bool:
        """Return True if it learns the very same as another one: the same was done to both."""
        forks = {each.number: each.parent for each in (self, other) if each.parent is not None}
        opened = (self.origin or other.origin) and shared_place(self.number, other.number, forks.get) is None
        own, others = ((each.settings, each.data, each.history.interventions) for each in (self, other))
        return not opened and own == others

    def cost_at(self, step: int, whole: int = 1) -> float | None:
        """Return the mean cost of the last hundred of the first `step` mini-batches; None before the first.

        If an act replaced the trained weights, only those since count. In a run of more than 2,000 the mean covers up
        to a column of the history more: at most a thousandth of the run. With the largest span of columns of several
        runs as `whole`, it covers the same mini-batches in each.
        """
        acts, since = self.history.interventions, step - COST_OVER
        for number in range(bisect_right(acts, step, key=lambda act: act.step) - 1, -1, -1):
            if acts[number].step <= since:
                break
            if puts_other_weights(acts[number]):
                since = acts[number].step
        end = max(step - step % whole, min(step, whole))
        begin = max(0, min(since - since % whole, end - whole))  # a column at least
        return None if since == step else self.history.mean_cost(end, end - begin)

    @property
    def mini_batches_per_second(self) -> float | None:
        return self.speed if self.playing else None


class RunMirror:
    """A run of the lab: its newest `facts`, which news and gestures replace, in the GUI thread."""

    def __init__(self, facts: RunFacts, mailbox: Mailbox) -> None:
        self.facts = facts
        self._mailbox = mailbox
        self._sent = self._obeyed = 0  # tickets of commands
        self._seen: deque[tuple[float, int]] = deque()  # times and numbers of mini-batches

    def change(self, **facts: Any) -> None:
        self.facts = replace(self.facts, **facts)

    def expect(self, ticket: int) -> None:
        """Ignore news of whether it plays that are older than the command with this ticket, the last one sent."""
        self._sent = ticket
        self.change(has_obeyed=self._obeyed >= ticket)

    def expect_playing(self, playing: bool) -> None:
        """Mark it as training or paused before the worker reports it; a run that has failed is neither."""
        if playing != self.facts.playing and not self.facts.failed:
            self.change(lifecycle=Lifecycle.LEARNING if playing else Lifecycle.RESTING)

    def take(self) -> bool:
        """Take the news. Return False if there are none."""
        if (update := self._mailbox.take()) is None:
            return False
        facts, parent, moment = self.facts, self.facts.parent, update.moment
        if parent is not None and parent.step != update.begun[0]:
            parent = replace(parent, step=update.begun[0], digits=update.begun[1])
        self._obeyed = update.obeyed
        lifecycle, is_current = facts.lifecycle, self._obeyed >= self._sent
        if is_current and not facts.failed:  # news from before the last command or fault are outdated
            lifecycle = _lifecycle_of(update, lifecycle)
        self.facts = replace(
            facts,
            parent=parent,
            lifecycle=lifecycle,
            has_obeyed=is_current,
            replayed=None,  # there are no news of a run before it is ready
            **{name: getattr(update, name) for name in _OF_UPDATE},
            speed=self._speed(update.clock, moment.step, playing=lifecycle in _PLAYING),
        )
        return True

    def _speed(self, clock: float, step: int, *, playing: bool) -> float | None:
        """Return mini-batches a second over the last second; None before there are two times to compare."""
        seen = self._seen
        if not playing:
            seen.clear()
        seen.append((clock, step))
        while seen[-1][0] - seen[0][0] > _RATE_WINDOW and len(seen) > 2:
            seen.popleft()
        (then, before), (now, after) = seen[0], seen[-1]
        return (after - before) / (now - then) if now > then else None


def _lifecycle_of(update: Update, before: Lifecycle) -> Lifecycle:
    if update.playing:
        return before if before in _PLAYING else Lifecycle.LEARNING
    return Lifecycle.STOPPED if update.stopped else Lifecycle.RESTING


def last_measured(
    history: History, evaluations: Mapping[SetName, Evaluation], set_name: SetName, step: int
) -> Measured | None:
    """Return the last measurement of a set up to a step: an evaluation, unless the history has a newer measurement."""
    known, read = history.measured(set_name, step), evaluations.get(set_name)
    if read is None or (known is not None and read.step < known.step):
        return known
    return Measured(read.accuracy, read.step, read.digits, read.part)


_UNKNOWN: Final = Health()
T = TypeVar("T")


class Shown(Struct, frozen=True, eq=False):
    """A network at one step of the selected run, and what is known of that run; None before there is any.

    `other_runs` are open beside it. At an earlier step `playhead` is the requested step, `moment` is the checkpoint
    there or near it, and `visited` has the rest that is known of it. There all training is `held`, or continues; or the
    replay plays.
    """

    digits: Digits | None = None
    run: RunFacts | None = None
    moment: Moment | None = None
    other_runs: tuple[RunFacts, ...] = ()
    playhead: int | None = None
    held: bool = False
    filming: bool = False
    visited: Visited | None = None
    draft: Draft = field(default_factory=Draft)
    flags: tuple[int, ...] = ()  # the steps of the run with interventions, its fork, and its best step
    starting: bool = False
    preview: Preview | None = None
    """The source of `moment`, if that belongs to no run. All else then describes the run's own step."""

    had_moment: bool = False  # true if there was a checkpoint before it was released

    @property
    def of_run(self) -> Self:
        """The same with the run's own checkpoint instead of a network that belongs to no run."""
        return self if self.preview is None else replace(self, moment=self.preview.of, preview=None)

    def put_aside(self) -> Self:
        return replace(
            self,
            digits=None,
            run=None if self.run is None else self.run.put_aside(),
            moment=None,
            other_runs=tuple(other.put_aside() for other in self.other_runs),
            visited=None,
            preview=None,
            had_moment=self.moment is not None or self.had_moment,
        )

    def network_alone(self) -> Self:
        """Return it without digits, snapshots and other runs, for a view that only shows the network."""
        run = None if self.run is None else replace(self.run, record=None)
        return replace(self, digits=None, run=run, other_runs=())

    def epoch_of(self, run: RunFacts) -> int:
        known = run.epoch  # counting them takes too long for each frame
        return known if known or self.digits is None else self.digits.epoch(run.settings)

    @property
    def others(self) -> tuple[RunFacts, ...]:
        return tuple(run for run in self.other_runs if not run.hidden)

    @property
    def number(self) -> int | None:
        """The number of the run, by which views recognise it; None before there is one."""
        return None if self.run is None else self.run.number

    def is_first(self, before: Self) -> bool:
        """Return True if it is another run than before, or the first checkpoint of a run."""
        had_one = before.had_moment or before.moment is not None
        return self.number != before.number or (self.moment is not None and not had_one)

    @property
    def live(self) -> bool:
        return self.playhead is None

    @property
    def rests(self) -> bool:
        """True if nothing that is shown trains."""
        return self.run is None or not self.run.playing or not self.live

    @property
    def still(self) -> bool:
        """True if the shown network does not change: nothing trains, and no replay plays."""
        return self.rests and not self.filming

    @property
    def learns(self) -> bool:
        """True if training changes the network that is shown."""
        return self.run is not None and self.run.ready and not self.rests

    @property
    def plays(self) -> bool:
        """True if the start button stops something: at an earlier step the replay, at the end the training, also that
        of other runs, unless this one has met its stopping rule."""
        if not self.live:
            return self.filming
        if (run := self.run) is None or run.stopped:
            return self.starting
        return self.starting or run.playing or any(other.playing for other in self.other_runs)

    @property
    def here(self) -> int:
        return self.end if self.playhead is None else self.playhead

    @property
    def end(self) -> int:
        return 0 if self.run is None else self.run.step

    @property
    def evaluations(self) -> Mapping[SetName, Evaluation]:
        """The evaluations: at the end the newest of each set, at an earlier step of this very step only."""
        return self._known("evaluations", {})

    @property
    def measured(self) -> dict[SetName, Measured]:
        if self.run is None or self.moment is None:
            return {}
        sets: tuple[SetName, ...] = ("training", "validation", "test")
        measurements = (
            last_measured(self.run.history, self.evaluations, name, self.moment.step) for name in sets
        )
        return {name: last for name, last in zip(sets, measurements, strict=True) if last is not None}

    @property
    def eta(self) -> float | None:
        """The learning rate of the next mini-batch of the shown step, as the schedule has it."""
        return self._known("eta", None)

    @property
    def schedule_from(self) -> int:
        return self._known("schedule_from", 0)

    @property
    def health(self) -> Health:
        """The activation statistics; at an earlier step only if measured there, and never of a preview."""
        return _UNKNOWN if self.preview is not None else self._known("health", _UNKNOWN)

    @property
    def diverged(self) -> bool:
        return self._known("diverged", False)

    def _known(self, name: str, unknown: T) -> T:
        """Return what is known of the run, at an earlier step of this very step."""
        source = self.run if self.run is None or self.live else self.visited
        return unknown if source is None else cast(T, getattr(source, name))

    @property
    def stopped(self) -> bool:
        return self.live and self.run is not None and self.run.stopped
