"""What is typed in a terminal, and output to one that may have few letters, a full disk, or a reader who has left."""

import argparse
import codecs
import contextlib
import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from typing import Final, TextIO, TypeVar

SPELLED: Final[dict[str, str]] = {
    "η": "eta",
    "λ": "lambda",
    "μ": "mu",
    "σ": "sigma",
    "Σ": "sum ",
    "√": "sqrt ",
    "²": "^2",
    "′": "'",
    "×": "x",
    "−": "-",
    "→": "->",
    "…": "...",
    "“": '"',
    "”": '"',
}
"""Replacements for a terminal without these letters."""


T = TypeVar("T")


def argument(
    parse: Callable[[str], T], fault: str, accepts: Callable[[str], bool] = lambda text: True
) -> Callable[[str], T]:
    """Return the `type` of an argument: `parse`, where it `accepts` the text; otherwise `fault` says what is wrong."""

    def parsed(text: str) -> T:
        with contextlib.suppress(ValueError):
            if accepts(text):
                return parse(text)
        raise argparse.ArgumentTypeError(fault.format(text=text))

    return parsed


class NotPrinted(Exception):
    """Standard output can't be written, because its reader has left or for another `reason`."""

    def __init__(self, error: OSError) -> None:
        windows = sys.platform == "win32"  # which calls a reader who has left an invalid argument
        self.reader_left = isinstance(error, BrokenPipeError) or (windows and error.errno == errno.EINVAL)
        self.reason = error.strerror or str(error)
        super().__init__(self.reason)


def prepare() -> None:
    """Make both outputs able to print any letter. A closed one is redirected to nowhere."""
    codecs.register_error("spelled", _spelled)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # otherwise the next file opened would get its descriptor
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="spelled")


def say(line: str) -> None:
    """Print `line` on standard output. Raise as `flush` does."""
    with _given_up():
        print(line, flush=True)


def flush() -> None:
    """Flush standard output. Raise `NotPrinted` if that fails, once: later output is discarded."""
    with _given_up():
        sys.stdout.flush()


def tell(text: str, end: str = "\n") -> None:
    """Print `text` on standard error if possible; continue otherwise."""
    try:
        print(text, end=end, file=sys.stderr, flush=True)
    except OSError:
        _silence(sys.stderr)


class ProgressBar:
    """A progress line on standard error, if that is a terminal: the part done of `total`, if that is known."""

    def __init__(self, total: int | None, *, wanted: bool = True) -> None:
        self._total = total
        self._shown = wanted and sys.stderr.isatty()
        self._began = self._drawn = time.monotonic()
        self._length = 0

    def show(self, done: int, label: str) -> None:
        """Draw the bar with `label` before it, at most ten times a second."""
        now = time.monotonic()
        if not self._shown or now < self._drawn + 0.1:
            return
        self._drawn = now
        line = label
        if self._total and done:
            share = min(1.0, done / self._total)
            left = (now - self._began) * (1 - share) / share
            line = f"{label} [{'#' * int(30 * share):.<30}] {share:.0%}, {left:.0f} s left"
        tell(f"\r{line:{self._length}}", end="")
        self._length = len(line)

    def clear(self) -> None:
        if self._length:
            tell(f"\r{'':{self._length}}\r", end="")
            self._length = 0


@contextlib.contextmanager
def _given_up() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        _silence(sys.stdout)
        raise NotPrinted(error) from error


def _silence(stream: TextIO) -> None:
    """Redirect `stream` to nowhere: its buffered output would fail again when Python ends."""
    with contextlib.suppress(OSError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


def _spelled(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    letters = error.object[error.start : error.end]
    spelled = (
        SPELLED.get(letter) or letter.encode("ascii", "backslashreplace").decode() for letter in letters
    )
    return "".join(spelled), error.end
