"""A seeded monkey over the whole window, which `hand.py` moves in a process of its own and this watches.

The promise: whatever is done, in whatever order, there is no exception and no warning; what can't be done is said
in a sentence; training goes on; what is exported shows something; memory stays flat; and the window closes, leaving
nothing behind. A fault is told once, with what was done before it and with the seed of its window: `python -m
tests.torture --only monkey --seed SEED` does the same acts again, as far as timing lets it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter, deque
from contextlib import suppress
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from threading import Thread
from typing import Final

from msgspec import Struct, field

from tests.torture import Result, memory
from tests.torture.given_files import write_files
from tests.torture.program import environment, own_folder, running
from tests.torture.promises import check_file

MOST_GROWTH: Final = {"held": 30.0, "threads": 4, "files": 8}
"""By how much the megabytes held, the threads and the open files may grow, once it is warm."""
WARM: Final = 120.0  # seconds after which it is
STUCK: Final = 60.0  # seconds without any action, after which it is ended and says where it was
MOST_CLOSING: Final = 5.0  # seconds from closing the window to the end of the process

_ROOT: Final = Path(__file__).resolve().parents[2]
FIRST: Final = 60.0  # seconds of the first window
LEAST: Final = 10.0  # seconds: what is left of the time and is shorter is not worth another window
MOST_SHORT: Final = 3  # windows one after another that live no longer than that; then it gives up
_REMEMBERED: Final = 200  # actions
_TOLD: Final = 30
_TOLD_STALLS: Final = 10


def run(thorough: bool, seed: int, minutes: float | None = None, undertaking: str = "") -> list[Result]:
    seconds = 60 * minutes if minutes is not None else 600 if thorough else 2
    return [at_the_window(seconds, seed, undertaking)]


def at_the_window(seconds: float, seed: int, undertaking: str = "") -> Result:
    """Has the hand work for so many seconds, if they are many in a first window and then in another, which finds what
    the first has kept. Where a window ends before its time, one more is opened in its place. Each has the next seed.
    With an `undertaking` that is the only thing that is done with a purpose."""
    seen = Seen(seed=seed)
    ends, short = seen.began + seconds, 0
    with TemporaryDirectory(prefix="torture-") as name:
        folder = Path(name)
        write_files(folder / "files", seed)
        while True:
            began = time.monotonic()
            first = seen.windows == 0 and seconds > 5 * FIRST
            _one_window(folder, seen, FIRST if first else max(ends - began, 2), undertaking)
            short = short + 1 if time.monotonic() - began < LEAST else 0
            if time.monotonic() > ends - LEAST or short == MOST_SHORT:
                break
            seen.seed += 1
    seen.judge_memory()
    return Result(
        f"a monkey at the window for {seconds:.0f} s", seen.figures(), tuple(seen.told_faults()), seen.notes()
    )


def _one_window(folder: Path, seen: Seen, seconds: float, undertaking: str) -> None:
    """Has the hand work in a process of its own; with the same seed it does the same, as far as timing lets it."""
    seen.begin()
    files, errors = folder / "files", folder / "errors"
    command = [sys.executable, "-m", "tests.torture.hand", str(seen.seed), str(seconds), str(files)]
    command += [undertaking] if undertaking else []
    with running(command, {**environment(folder), **memory.ENVIRONMENT}, errors) as program:
        outside = Thread(target=_watch, args=(program, errors, seen), daemon=True)
        outside.start()
        assert program.stdout is not None
        for line in program.stdout:
            seen.read(line)
        _end(program, seen, outside)
    if program.returncode != 0:
        seen.fault(f"exit code {program.returncode}\n{errors.read_text('utf-8', 'replace')[-6000:]}")
        return  # what a window that is killed leaves, the next one takes away
    for pattern in ("*.tmp", "*.lock"):
        for left in (*own_folder(folder).rglob(pattern), *files.rglob(pattern)):
            seen.fault(f"left: {left}")
            left.unlink()


class Fault(Struct):
    """Something that must not be, with what was done before it happened first."""

    text: str
    minutes: float
    seed: int
    actions: tuple[str, ...]
    count: int = 1

    def told(self) -> str:
        often = f", {self.count} times" if self.count > 1 else ""
        head = f"after {self.minutes:.1f} minutes, --seed {self.seed}{often}: {self.text}"
        return "\n         ".join([head.replace("\n", "\n         "), *self.actions])


class Seen(Struct):
    seed: int = 0
    """Of the window that is open."""
    began: float = field(default_factory=time.monotonic)
    actions: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    faults: dict[str, Fault] = field(default_factory=dict)
    """By what is the same each time."""
    quiet: list[dict[str, float]] = field(default_factory=list)
    """Of the window that is open."""
    stalls: list[tuple[float, str]] = field(default_factory=list)
    done: int = 0
    refused: int = 0
    windows: int = 0
    compared: int = 0
    never: set[str] | None = None
    """The actions of the action book that were triggered in no window."""
    closing: float | None = None
    ended: float = 0.0
    """When the process had ended: it is looked at from another thread, since a comparison may keep this one."""
    most_memory: float = 0.0
    most_threads: int = 0
    heard: float = field(default_factory=time.monotonic)

    def begin(self) -> None:
        self.judge_memory()
        self.windows += 1
        self.actions.clear()
        self.quiet.clear()
        self.closing, self.heard = None, time.monotonic()

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
            case "wrote":
                self.actions.append(line.rstrip())
                for wrong in check_file(Path(what)):
                    self.fault(wrong)
            case "painted":
                self.compare(Path(what))
            case "quiet":
                self.quiet.append(json.loads(what))
            case "stall":
                self.stalls.append(tuple(json.loads(what)))
            case "figures":
                figures = json.loads(what)
                self.done += figures["done"]
                self.refused += figures["refused"]
                never = set(figures["never"])
                self.never = never if self.never is None else self.never & never
            case "closing":
                self.closing = float(what)

    def compare(self, folder: Path) -> None:
        """Has a window opened anew on what was kept in a folder. Where it paints something else, all pictures stay, and
        the acts that led there; the session as it was found, so that it can be opened once more."""
        kept = Path(mkdtemp(prefix="opened-anew-"))
        shutil.copytree(folder, kept, dirs_exist_ok=True)
        command = [sys.executable, "-m", "tests.torture.fresh", str(folder)]
        self.heard = inf  # what the hand says meanwhile is read later
        anew = subprocess.run(command, cwd=_ROOT, env=environment(folder), capture_output=True, text=True)
        found = [line.partition(" ")[2] for line in anew.stdout.splitlines() if line.startswith("FAULT ")]
        self.compared += 1
        if anew.returncode != 0 or anew.stderr:
            found.append(json.dumps(f"opened anew: exit code {anew.returncode}\n{anew.stderr[-3000:]}"))
        if found:
            for picture in folder.glob("* anew.png"):
                shutil.copy(picture, kept)
            (kept / "acts.txt").write_text("\n".join(self.actions))
            print(f"{len(found)} differences: {kept}", file=sys.stderr, flush=True)
        else:
            shutil.rmtree(kept)
        for each in found:
            self.fault(json.loads(each))
        shutil.rmtree(folder)
        self.heard = time.monotonic()

    def fault(self, what: str) -> None:
        if (same := _what_is_the_same(what)) in self.faults:
            self.faults[same].count += 1
        else:
            minutes = (time.monotonic() - self.began) / 60
            self.faults[same] = Fault(what, minutes, self.seed, tuple(self.actions)[-_TOLD:])
            last = what.strip().splitlines()[-1:]
            print(f"after {minutes:.1f} minutes, --seed {self.seed}:", *last, file=sys.stderr, flush=True)

    def told_faults(self) -> list[str]:
        return [fault.told() for fault in self.faults.values()]

    def judge_memory(self) -> None:
        """At the quiet moments the program holds little: what it holds then should not become more."""
        for what, most in MOST_GROWTH.items():
            if self.quiet and memory.growth(self.warm(what)) > most:
                self.fault(f"what grows: {what}, {[round(each[what]) for each in self.quiet]}")

    def warm(self, what: str) -> list[float]:
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
        again = f" in {self.windows} windows" if self.windows > 1 else ""
        return (
            f"{self.done:,} actions{again}, {self.refused} messages, {self.compared} times compared; {at_rest}; "
            f"{self.most_memory:.0f} MB at most at any time; {self.most_threads} threads at most; "
            f"{sum(stall > 1 for stall, _ in self.stalls)} stalls over 1 s"
        )

    def notes(self) -> tuple[str, ...]:
        never = (f"never triggered: {', '.join(sorted(self.never))}",) if self.never else ()
        return (*never, *(text for _, text in sorted(self.stalls, reverse=True)[:_TOLD_STALLS]))


def _what_is_the_same(fault: str) -> str:
    """Of two faults with one cause: what was raised, and where, without numbers."""
    lines = [line.strip() for line in fault.splitlines() if line.strip()]
    places = [line for line in lines if line.startswith("File ") and "mnistviz" in line]
    if places and "RecursionError" in fault:  # it ends anywhere
        [(most, _)] = Counter(line.split(",")[0] for line in places).most_common(1)
        return f"RecursionError {most}"
    return re.sub(r"\d+", "0", " ".join([lines[0][:80], *places[-1:], lines[-1][:120]]))


def _watch(program: subprocess.Popen[str], errors: Path, seen: Seen) -> None:
    """Looks at the process four times a second as long as it lives, and ends it if it does nothing any more."""
    said = False

    def look() -> None:
        """What it says there first is told at once; with all that follows if it comes to its end."""
        nonlocal said
        if not said and (text := errors.read_text("utf-8", "replace")):
            said = True
            seen.fault(f"on standard error: {text[:3000]}")

    while program.poll() is None:
        look()
        if time.monotonic() > seen.heard + STUCK:
            seen.fault(f"nothing has been done for {STUCK:.0f} s; where it was stands below")
            os.killpg(program.pid, signal.SIGABRT)
            program.wait()
            break
        with suppress(OSError, KeyError):
            status = Path(f"/proc/{program.pid}/status").read_text()
            lines = dict(line.split(":", 1) for line in status.splitlines())
            seen.most_memory = max(seen.most_memory, int(lines["VmRSS"].split()[0]) / 1000)
            seen.most_threads = max(seen.most_threads, int(lines["Threads"]))
        time.sleep(0.25)
    seen.ended = time.monotonic()
    look()


def _end(program: subprocess.Popen[str], seen: Seen, outside: Thread) -> None:
    try:
        program.wait(STUCK)
    except subprocess.TimeoutExpired:
        seen.fault("the process does not end; where it was stands below")
        os.killpg(program.pid, signal.SIGABRT)
        program.wait()
        return
    finally:
        outside.join()
    if seen.closing is None:
        seen.fault("it ended before it was closed")
    elif (took := seen.ended - seen.closing) > MOST_CLOSING:
        seen.fault(f"to close the window took {took:.1f} s")
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
        seen.fault("a process is left")
