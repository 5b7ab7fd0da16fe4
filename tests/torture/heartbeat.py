"""Notices when the window's thread stands still, and says where in the program it was.

    with Heartbeat() as heart:
        heart.doing = "dark look"
        ...
    for stall in heart.stalls:
        print(stall.told())

A timer beats in the window's thread. When a beat is late, a second thread samples the first one's Python stack until
the next beat. A sample needs Python's lock: while Qt works and keeps the lock, none is taken, and the next one shows
where the lock was let go.
"""

import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FrameType, TracebackType
from typing import Final, Self

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, QTimer, Signal

BEAT: Final = 0.01  # seconds
LATE: Final = 0.1  # seconds without a beat, from which on it is a stall
_DEEPEST: Final = 40  # frames of a stack that are kept
_ROOT: Final = Path(__file__).resolve().parents[2]

Stack = tuple[str, ...]  # where a thread was, the innermost call first


class Stall(Struct, frozen=True):
    began: float
    """By `time.monotonic()`."""
    seconds: float
    processor: float
    """Seconds of the processor that the window's thread had meanwhile. The rest it waited: for Python's lock, for
    other programs, for a disk."""
    after: str
    """What had been done last (`Heartbeat.doing`)."""
    stacks: tuple[tuple[Stack, int], ...]
    """Each stack that was seen, and how often; the most frequent first."""

    def told(self, stacks: int = 3, frames: int = 8) -> str:
        seen = sum(count for _, count in self.stacks)
        lines = [f"{self.seconds:.3f} s, {self.processor:.3f} s of the processor, after “{self.after}”"]
        lines += [f"  {count}/{seen} {' < '.join(stack[:frames])}" for stack, count in self.stacks[:stacks]]
        return "\n".join(lines)


class Heartbeat(QObject):
    stalled = Signal(object)
    """A `Stall` is over."""

    def __init__(self, parent: QObject | None = None, *, late: float = LATE, beat: float = BEAT) -> None:
        super().__init__(parent)
        self.doing = ""
        """What is being done, to be set by whoever does it."""
        self.stalls: list[Stall] = []
        self._late, self._beat = late, beat
        self._watched = threading.get_ident()
        self.timer = QTimer(self, interval=round(1000 * beat), timerType=Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self._take)
        self._seen: Counter[Stack] = Counter()
        self._stop = threading.Event()
        self._sampler: threading.Thread | None = None
        self._last = self._processor = 0.0

    def start(self) -> None:
        self._renew()
        self._stop.clear()
        self._sampler = threading.Thread(target=self._sample, name="heartbeat", daemon=True)
        self._sampler.start()
        self.timer.start()

    def stop(self) -> None:
        if self._sampler is None:
            return
        self._take()
        self.timer.stop()
        self._stop.set()
        self._sampler.join()
        self._sampler = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def samples(self) -> int:
        return sum(self._seen.copy().values())

    def _take(self) -> None:
        if (gap := time.monotonic() - self._last) > self._late:
            stall = Stall(
                began=self._last,
                seconds=gap,
                processor=time.thread_time() - self._processor,
                after=self.doing,
                stacks=tuple(self._seen.copy().most_common()),
            )
            self.stalls.append(stall)
            self.stalled.emit(stall)
        self._renew()

    def _renew(self) -> None:
        self._seen = Counter()
        self._processor = time.thread_time()
        self._last = time.monotonic()

    def _sample(self) -> None:
        while not self._stop.wait(self._beat):
            seen = self._seen
            if time.monotonic() - self._last > self._late:
                seen[tuple(places(sys._current_frames().get(self._watched)))] += 1


def places(frame: FrameType | None) -> Iterator[str]:
    """Where a thread is, the innermost function first."""
    for _ in range(_DEEPEST):
        if frame is None:
            return
        yield f"{_short(frame.f_code.co_filename)}:{frame.f_lineno} {frame.f_code.co_qualname}"
        frame = frame.f_back


@cache
def _short(name: str) -> str:
    file = Path(name)
    return file.relative_to(_ROOT).as_posix() if file.is_relative_to(_ROOT) else file.name
