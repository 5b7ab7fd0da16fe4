"""Thread-safe exchange: `Controls` (to the worker) and `Mailbox` (from it) are the only objects both threads use."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from msgspec import Struct, field

from mnistviz.engine.evaluation import Health
from mnistviz.engine.history import History
from mnistviz.engine.moment import Best, Evaluation, KeptReadings, Moment, SetName
from mnistviz.engine.recorder import Record

T = TypeVar("T")

MOST_HELD_OFF: Final = 1.0  # seconds after which the worker continues in any case


class Controls:
    """A queue of commands, each for one run by its number. Any thread puts, the worker takes."""

    def __init__(self) -> None:
        self.waiting = False
        """True if there is something to take: read without a lock, between two mini-batches."""
        self._commands: deque[tuple[int, Any, int]] = deque()
        self._count = 0
        self._condition = threading.Condition()
        self.closed = self._held_off = False

    def put(self, run: int, *commands: Any) -> int:
        """Append commands for a run and return the ticket of the last: the number of commands so far. Commands put
        together are taken together: nothing is trained between them."""
        with self._condition:
            for command in commands:
                self._count += 1
                self._commands.append((run, command, self._count))
            self.waiting = True
            self._condition.notify()
            return self._count

    def take(self) -> list[tuple[int, Any, int]]:
        """Return all pending commands, oldest first: run, command, ticket. Block while the worker is held off."""
        with self._condition:
            self._condition.wait_for(lambda: self.closed or not self._held_off, MOST_HELD_OFF)
            self._held_off = False
            commands = list(self._commands)
            self._commands.clear()
            self.waiting = self.closed
            return commands

    def wait(self, seconds: float | None) -> None:
        """Block until a command arrives, `close` is called or `seconds` have passed."""
        with self._condition:
            self._condition.wait_for(lambda: self.waiting, seconds)

    def hold_off(self) -> None:
        """Make the worker wait after its current mini-batch until `go_on`, so that Python's lock is free."""
        with self._condition:
            self._held_off = self.waiting = True

    def go_on(self) -> None:
        with self._condition:
            self._held_off = False
            self._condition.notify()

    def close(self) -> None:
        with self._condition:
            self.closed = self.waiting = True
            self._condition.notify()


class Slot(Generic[T]):
    """The newest value that one thread passes to another; a value that was not taken is replaced."""

    def __init__(self, notify: Callable[[], None]) -> None:
        self.empty = True
        """True if the last value was taken: read without a lock, after each mini-batch."""
        self._notify = notify
        self._newest: T | None = None
        self._lock = threading.Lock()

    def put(self, value: T) -> None:
        """Replace the value. Notify only if the reader had emptied the slot, so that signals never pile up."""
        with self._lock:
            was_empty = self._newest is None
            self._newest, self.empty = value, False
        if was_empty:
            self._notify()

    def take(self) -> T | None:
        """Return the newest value once; None if there is nothing new."""
        with self._lock:
            newest, self._newest = self._newest, None
            self.empty = True
            return newest


class Update(Struct, frozen=True, eq=False):
    """The current state of a run."""

    moment: Moment
    history: History
    evaluations: dict[SetName, Evaluation] = field(default_factory=dict)  # the newest of each set
    health: Health = field(default_factory=Health)  # the newest
    eta: float = 0.0  # learning rate of the next mini-batch, by its schedule
    schedule_from: int = 0  # samples before it began
    best: Best | None = None
    playing: bool = False
    diverged: bool = False
    stopped: bool = False  # by the stopping rule
    can_take_back: bool = False  # whether the last edit of weights can be undone
    obeyed: int = 0  # the ticket of the last command handled
    begun: tuple[int, int] = (0, 0)  # mini-batches and samples at the fork
    record: Record | None = None  # from which any step is replayed
    readings: KeptReadings = field(default_factory=KeptReadings)  # of complete evaluations
    clock: float = 0.0  # monotonic seconds at the time of the report


Mailbox = Slot[Update]
