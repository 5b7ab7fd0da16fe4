"""Orderly end of training on Ctrl-C, SIGTERM and a closing terminal, with the result saved."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Final, Self

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
SIGNALS: Final = tuple(signal.Signals[name] for name in _NAMES if hasattr(signal, name))
"""Windows has no SIGHUP, but SIGBREAK when its terminal closes."""

_SAME: Final = 1.0
"""Seconds within which a second signal is ignored: `timeout` and a closing terminal send two."""


INTERRUPTED: Final = 130  # as in shells


@contextlib.contextmanager
def ended_at_once() -> Iterator[None]:
    """End the program at once on Ctrl-C while modules are imported, which could swallow an exception."""

    def end(number: int, frame: FrameType | None) -> None:
        with contextlib.suppress(OSError):
            os.write(2, b"Stopped.\n")
        os._exit(INTERRUPTED)

    if (previous := signal.getsignal(signal.SIGINT)) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


class Interruption:
    """Context in which the first signal is only stored in `number`; a second one ends the program. A signal that was
    ignored, as SIGHUP under `nohup`, still is."""

    def __enter__(self) -> Self:
        self.number: int | None = None
        self._since = 0.0
        self._usual = {
            each: signal.signal(each, self._note)
            for each in SIGNALS
            if signal.getsignal(each) is not signal.SIG_IGN
        }
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._restore()

    def _note(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self.number is None:
            self.number, self._since = number, now
        elif number == signal.SIGINT or now > self._since + _SAME:
            self._restore()
            signal.raise_signal(number)

    def _restore(self) -> None:
        for number, handler in self._usual.items():
            signal.signal(number, handler)
