"""A seeded monkey over the whole window, which `hand.py` moves in a process of its own and this watches.

The promise: whatever is done, in whatever order, there is no exception and no warning; what can't be done is said
in a sentence; training goes on; memory stays flat; and the window closes, leaving nothing behind.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Final

from mnistviz.engine.network import Network
from mnistviz.engine.storage import save_network
from tests.data_sets import write_data_set
from tests.torture import Result, memory
from tests.torture.program import environment, own_folder

MOST_GROWTH: Final = {"held": 30.0, "threads": 4, "files": 8}
"""By how much the megabytes held, the threads and the open files may grow, once it is warm."""
WARM: Final = 120.0
"""Seconds after which it is."""
STUCK: Final = 60.0
"""Seconds without any action, after which it is ended and says where it was."""
MOST_CLOSING: Final = 5.0
"""Seconds from closing the window to the end of the process."""

_ROOT: Final = Path(__file__).resolve().parents[2]
_REMEMBERED: Final = 30  # actions
_SIZES: Final = (
    (784, 10),
    (784, 30, 10),
    (784, 1, 3),
    (784, 2000, 2),
    (784, *[20] * 8, 10),
    (784, 5),
    (100, 4, 10),
)


def run(thorough: bool, seed: int) -> list[Result]:
    return [at_the_window(600 if thorough else 2, seed)]


def at_the_window(seconds: float, seed: int) -> Result:
    """Has the hand work for so many seconds; with the same seed it does the same, as far as timing lets it."""
    with TemporaryDirectory(prefix="torture-") as name:
        folder = Path(name)
        _write_files(folder / "files", seed)
        seen = Seen()
        command = [sys.executable, "-m", "tests.torture.hand", str(seed), str(seconds), str(folder / "files")]
        errors = folder / "errors"
        with _started(command, {**environment(folder), **memory.ENVIRONMENT}, errors) as program:
            outside = Thread(target=_watch, args=(program, seen), daemon=True)
            outside.start()
            assert program.stdout is not None
            for line in program.stdout:
                seen.read(line)
            _end(program, seen)
            outside.join()
        told = errors.read_text("utf-8", "replace")
        if told:
            seen.fault(f"on standard error: {told[-4000:]}")
        if program.returncode != 0:
            seen.fault(f"exit code {program.returncode}")
        for pattern in ("*.tmp", "*.lock"):
            for left in (*own_folder(folder).rglob(pattern), *(folder / "files").rglob(pattern)):
                seen.fault(f"left: {left}")
    seen.judge_memory()
    return Result(f"a monkey at the window for {seconds:.0f} s", seen.figures(), tuple(seen.faults))


@dataclass
class Seen:
    """What the hand has told, and what was seen from outside."""

    actions: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    faults: list[str] = field(default_factory=list)
    quiet: list[dict[str, float]] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)
    closing: float | None = None
    most_memory: float = 0.0
    most_threads: int = 0

    heard: float = field(default_factory=time.monotonic)

    def read(self, line: str) -> None:
        self.heard = time.monotonic()
        kind, _, what = line.rstrip("\n").partition(" ")
        match kind:
            case "did":
                while self.actions and self.actions[-1].startswith("do "):
                    self.actions.pop()  # it came back
                self.actions.append(line.rstrip())
            case "do" | "note":
                self.actions.append(line.rstrip())
            case "FAULT":
                self.fault(json.loads(what))
            case "quiet":
                self.quiet.append(json.loads(what))
            case "figures":
                self.told = json.loads(what)
            case "closing":
                self.closing = float(what)

    def fault(self, what: str) -> None:
        """A fault, with what was done before it."""
        self.faults.append("\n         ".join([what.replace("\n", "\n         "), *self.actions]))

    def judge_memory(self) -> None:
        """At the quiet moments the program holds little: what it holds then should not become more."""
        if not self.quiet:
            self.fault("no quiet moment was reached")
            return
        for what, most in MOST_GROWTH.items():
            if memory.growth(self.warm(what)) > most:
                self.fault(f"what grows: {what}, {[round(each[what]) for each in self.quiet]}")

    def warm(self, what: str) -> list[float]:
        """A figure of each quiet moment since the program was warm."""
        warm = [each for each in self.quiet if each["at"] >= WARM] or self.quiet[:1]
        return [each[what] for each in warm]

    def figures(self) -> str:
        at_rest = "memory not measured"
        if self.quiet:
            held, resident = self.warm("held"), self.warm("resident")
            at_rest = (
                f"at rest {min(held):.0f} to {max(held):.0f} MB held, growth {memory.growth(held):+.1f}; "
                f"{min(resident):.0f} to {max(resident):.0f} MB resident, growth {memory.growth(resident):+.1f}"
            )
        stalls = sorted(self.told.get("stalls", []), reverse=True)
        longest = f": {stalls[0][0]:.1f} s at most, after “{stalls[0][1]}”" if stalls else ""
        return (
            f"{self.told.get('done', 0):,} actions, {self.told.get('refused', 0)} messages; {at_rest}; "
            f"{self.most_memory:.0f} MB at most at any time; {self.most_threads} threads at most; "
            f"{len(stalls)} stalls over 1 s{longest}"
        )


@contextmanager
def _started(command: list[str], env: dict[str, str], errors: Path) -> Iterator[subprocess.Popen[str]]:
    with (
        errors.open("wb") as stderr,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            cwd=_ROOT,
            env=env,
            start_new_session=True,
        ) as program,
    ):
        yield program


def _watch(program: subprocess.Popen[str], seen: Seen) -> None:
    """Looks at the process four times a second as long as it lives, and ends it if it does nothing any more."""
    while program.poll() is None:
        if time.monotonic() > seen.heard + STUCK:
            seen.fault(f"nothing has been done for {STUCK:.0f} s; where it was stands below")
            os.killpg(program.pid, signal.SIGABRT)
            return
        with suppress(OSError, KeyError):
            status = Path(f"/proc/{program.pid}/status").read_text()
            lines = dict(line.split(":", 1) for line in status.splitlines())
            seen.most_memory = max(seen.most_memory, int(lines["VmRSS"].split()[0]) / 1000)
            seen.most_threads = max(seen.most_threads, int(lines["Threads"]))
        time.sleep(0.25)


def _end(program: subprocess.Popen[str], seen: Seen) -> None:
    """Its output has ended: so must the process, and all that it started."""
    try:
        program.wait(STUCK)
    except subprocess.TimeoutExpired:
        seen.fault("the process does not end")
        os.killpg(program.pid, signal.SIGKILL)
        return
    if seen.closing is None:
        seen.fault("it ended before it was closed")
    elif (took := time.monotonic() - seen.closing) > MOST_CLOSING:
        seen.fault(f"to close the window took {took:.1f} s")
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
        seen.fault("a process is left")


def _write_files(folder: Path, seed: int) -> None:
    """Networks of many sizes, damaged ones, and small data sets, one of them damaged."""
    folder.mkdir()
    chance = random.Random(seed)
    for number, sizes in enumerate(_SIZES):
        save_network(Network(sizes, seed=number), folder / f"good{number}.npz", {})
    whole = (folder / "good1.npz").read_bytes()
    flipped = bytearray(whole)
    flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    for number, content in enumerate(
        (b"", b"PK nonsense", whole[: len(whole) // 2], bytes(flipped), chance.randbytes(5000))
    ):
        (folder / f"bad{number}.npz").write_bytes(content)
    for classes in (2, 3, 7, 10):
        write_data_set(folder / f"data{classes}", classes, training=60 * classes, test=10 * classes)
    damaged = folder / "data_damaged"
    shutil.copytree(folder / "data3", damaged)
    (damaged / "train-labels-idx1-ubyte").write_bytes(b"\0\0\10\1")
