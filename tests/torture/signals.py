"""Signals at random moments, and readers that leave: training without a window, and the window's process.

The promise: what was trained is there, whole, and the process ends. Of a window that is killed without a word at
most half a minute of training is lost, and the next one starts.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from mnistviz.engine.files import LEFTOVER_AGE
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.storage import load_network, save_network
from mnistviz.interruption import SIGNALS
from tests.data_sets import write_data_set
from tests.torture import Result
from tests.torture.program import KEPT_EVERY, errors_in, kept_runs, parsed, started

_ROOT: Final = Path(__file__).resolve().parents[2]
_PATIENCE: Final = 60.0  # seconds in which a process must have ended
_START: Final = 1.0  # seconds of work that a program takes to begin, or a little more
_WRITING: Final = 1.0  # seconds of work that it may take to write a network
_ENDLESS: Final = ("--stop", "never")
_OUTPUTS: Final = {
    "head": (1, "whose reader leaves"), "full": (2, "with a full output"), "closed": (0, "with a closed output"),
}  # fmt: skip
"""The exit code with each, and what it is."""


def run(thorough: bool, seed: int) -> list[Result]:
    with TemporaryDirectory(prefix="torture-") as name, _signals_heard():
        folder = Path(name)
        data = write_data_set(folder / "digits", classes=3, training=60, test=20)
        return [
            training_hit(folder / "hit", data, 100 if thorough else 2, seed),
            *(
                output_fails(folder / how, data, how, 20 if thorough else 1, seed)
                for how in (_OUTPUTS if thorough else ("head",))
            ),
            windows_hit(folder / "windows", data, 40 if thorough else 1, seed),
        ]


def training_hit(folder: Path, data: Path, count: int, seed: int) -> Result:
    """Sends a signal to `mnistviz train --save` at a random moment: as it starts, learns, saves, or ends."""
    training = _Training(folder, data)
    chance = random.Random(seed)
    saved = 0
    for number in range(count):
        each = chance.choice(SIGNALS)
        length = chance.choice([("--epochs", "1"), ("--epochs", "30"), _ENDLESS])
        with training.started(f"{number}, {each.name}", *length, stdout=subprocess.PIPE) as program:
            said = program.stdout.readline() if chance.random() < 0.7 else b""
            time.sleep(chance.uniform(0, 0.2 if said else _START))
            program.send_signal(each)
            said += program.stdout.read()
        trained = b"Epoch 0: " in said
        new = training.check(trained)
        saved += new
        ways = {0, 128 + each} if new else {128 + each, -each, *(() if said else (1,))}  # 1: as Python starts
        training.check_code(program.returncode, ways | ({-each} if b"Saved in" in said else set()))
    return training.result(f"mnistviz train, {count} signals", f"{saved} saved, the others had not begun")


def output_fails(folder: Path, data: Path, how: str, count: int, seed: int) -> Result:
    """Trains with a standard output that its reader leaves, that is full, or that is closed."""
    training = _Training(folder, data)
    chance = random.Random(seed)
    code, what = _OUTPUTS[how]
    for number in range(count):
        hit = chance.random() < 0.5
        length = _ENDLESS if hit else ("--epochs", "200")
        with contextlib.ExitStack() as stack:
            output: Any = subprocess.PIPE
            if how == "full":
                output = stack.enter_context(open("/dev/full", "wb"))
            curves = training.path.with_suffix(".csv")
            program = stack.enter_context(
                training.started(
                    f"{how} {number}",
                    *(*length, "--curves", str(curves)),
                    stdout=output,
                    closed=how == "closed",
                )
            )
            if how == "head":
                program.stdout.readline()
                program.stdout.close()
            if hit:
                _let_work(program, _START + chance.uniform(0, 0.5))
                program.terminate()
        training.check(trained=True)
        training.check_code(program.returncode, {128 + signal.SIGTERM} if hit else {code})
    return training.result(f"mnistviz train {what}, {count} times", f"{count} saved")


def windows_hit(folder: Path, data: Path, count: int, seed: int) -> Result:
    """Ends the window's process at random moments while it trains, politely and not; each start is the next."""
    folder.mkdir()
    chance = random.Random(seed)
    faults: list[str] = []
    lost = 0.0
    ways = (*SIGNALS, signal.SIGKILL)
    for number in range(count):
        each = chance.choice(ways) if number else signal.SIGKILL
        what = f"window {number}, {each.name}"
        before = _steps(folder)
        with started(folder, data) as program:
            trains = chance.random() < 0.8
            lines = [program.stdout.readline()] if trains else []
            time.sleep(chance.uniform(0, 1.5 if trains else _START))
            program.send_signal(each)
            lines += program.stdout.readlines()
            _wait(program, what, faults)
        seen = [parsed(line) for line in lines if line]
        hit = max((when for _, _, when in seen), default=0.0)
        told = errors_in(folder).read_text("utf-8")
        if seen and "Traceback" in told:
            faults.append(f"{what}: {told}")
        if trains and not seen:
            faults.append(f"{what}: the next start did not train, exit code {program.returncode}: {told}")
        kept = _steps(folder)
        known = {letter: max(before.get(letter, 0), kept.get(letter, 0)) for letter in {*before, *kept}}
        faults += [f"{what}: run {each} went back" for each in known if kept.get(each, 0) < known[each]]
        if each == signal.SIGKILL:
            since = min((when for letter, step, when in seen if step > known.get(letter, 0)), default=hit)
            lost = max(lost, hit - since)
            if hit - since > KEPT_EVERY / 1000 + _WRITING:
                faults.append(f"{what}: {hit - since:.1f} s of training are lost")
        elif seen:
            if program.returncode != 0:
                faults.append(f"{what}: exit code {program.returncode}")
            faults += [
                f"{what}: {step} mini-batches of {letter} were shown, {kept.get(letter, 0)} are kept"
                for letter, step, _ in seen
                if step > kept.get(letter, 0)
            ]
        elif program.returncode not in (0, -each, 128 + each):
            faults.append(f"{what}: exit code {program.returncode}")
    for left in folder.rglob(".mnistviz-*.tmp"):
        os.utime(left, (0, time.time() - LEFTOVER_AGE - 60))
    with started(folder, data) as program:
        program.stdout.readline()
        program.terminate()
        _wait(program, "the last window", faults)
    faults += [f"left: {left.name}" for left in folder.rglob("*.tmp")]
    faults += [f"left: {left.name}" for left in folder.rglob("*.lock")]
    return Result(
        f"the window's process, {count} signals",
        f"{lost:.1f} s of training lost at most, kept each {KEPT_EVERY / 1000} s",
        tuple(faults),
    )


class _Training:
    """A folder for what `mnistviz train` saves there, over a network that stood there before."""

    def __init__(self, folder: Path, data: Path) -> None:
        folder.mkdir()
        self.path = folder / "network.npz"
        self.faults: list[str] = []
        self._data = data
        self._what = ""

    @contextlib.contextmanager
    def started(
        self, what: str, *options: str, stdout: Any, closed: bool = False
    ) -> Iterator[subprocess.Popen[bytes]]:
        self._what = what
        save_network(Network((784, 2)), self.path, {"digits": 0})
        typed = ["train", "--sizes", "784,5,3", "--mini-batch-size", "7", "--data", str(self._data)]
        typed += ["--save", str(self.path), *options]
        command = [sys.executable, "-m", "mnistviz", *typed]
        if closed:
            command = ["sh", "-c", 'exec "$@" >&-', "sh", *command]
        errors = self.path.with_suffix(".errors")
        with (
            errors.open("wb") as stderr,
            subprocess.Popen(
                command, stdout=stdout, stderr=stderr, cwd=_ROOT, start_new_session=True
            ) as program,
        ):
            yield program
            _wait(program, what, self.faults)
        told = errors.read_text("utf-8")
        if "mnistviz" in told and ", in main" in told:  # else it was still Python that started
            self.faults.append(f"{what}: {told}")
        if program.returncode not in {-each for each in SIGNALS}:  # else it may have been looking at the disk
            self.faults += [f"{what}: left {left.name}" for left in self.path.parent.glob("*.tmp")]

    def check(self, trained: bool) -> bool:
        """Whether a new network is there; it must be if any was `trained`, and else the old one."""
        try:
            _, header = load_network(self.path)
        except Problem as problem:
            self.faults.append(f"{self._what}: {problem}")
            return False
        new = header["about"]["digits"] > 0
        if trained and not new:
            self.faults.append(f"{self._what}: what was trained is lost")
        return bool(new)

    def check_code(self, code: int, promised: set[int]) -> None:
        if code not in promised:
            self.faults.append(f"{self._what}: exit code {code}, not {promised}")

    def result(self, what: str, figures: str) -> Result:
        return Result(what, figures, tuple(self.faults))


@contextlib.contextmanager
def _signals_heard() -> Iterator[None]:
    """What this process ignores, as it does under nohup, the programs that it starts meanwhile do not."""
    ignored = [each for each in SIGNALS if signal.getsignal(each) is signal.SIG_IGN]
    for each in ignored:
        signal.signal(each, signal.SIG_DFL)
    try:
        yield
    finally:
        for each in ignored:
            signal.signal(each, signal.SIG_IGN)


def _let_work(program: subprocess.Popen[Any], seconds: float) -> None:
    """Wait until it has had the processor for so long: it has begun then, however busy the machine is; or has ended."""
    while program.poll() is None:
        had = Path(f"/proc/{program.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        if sum(map(int, had)) > seconds * os.sysconf("SC_CLK_TCK"):
            return
        time.sleep(0.01)


def _steps(folder: Path) -> dict[str, int]:
    return {letter: run.content.record.step for letter, run in kept_runs(folder).items()}


def _wait(program: subprocess.Popen[Any], what: str, faults: list[str]) -> None:
    try:
        program.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        faults.append(f"{what}: it does not end")
        os.killpg(program.pid, signal.SIGKILL)
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
        faults.append(f"{what}: a process is left")
