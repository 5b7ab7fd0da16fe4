"""What must hold after each thing that is done at the window."""

import io
import json
import logging
import struct
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import numpy as np
from PIL import Image
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from mnistviz.engine.experiment.experiment_file import load_experiment
from mnistviz.engine.problems import Problem
from mnistviz.engine.run_scheduler import Select
from mnistviz.engine.storage import load_network
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.window.work_dialogs import WorkDialog

PATIENCE: Final = 45.0
"""Seconds that the worker may take to look at a command, or to train on one mini-batch, and digits to be read."""
_PING: Final = 2.0  # seconds between two commands that change nothing
_WRITTEN: Final = 20.0  # seconds that a file may take
_OF_NO_SCREEN: Final = "This plugin does not support"
_ENDS: Final = 3.0  # seconds after which a dialog closes whose work has ended
_LEAST_PARTS: Final = 5  # of an SVG that shows something


def told(kind: str, what: str) -> None:
    print(kind, what, flush=True)


def fault(what: str) -> None:
    told("FAULT", json.dumps(what))


class Watch(logging.Handler):
    """Whatever the program logs as a warning or worse is a fault, but for files that could not be written for a
    reason that the user was told."""

    def emit(self, record: logging.LogRecord) -> None:
        cause = record.args[0] if isinstance(record.args, tuple) and record.args else None
        if record.msg == "not written: %r" and isinstance(cause, Problem):
            return
        text = record.getMessage()
        if text.startswith(_OF_NO_SCREEN):
            return
        if record.exc_info:
            text += "\n" + "".join(traceback.format_exception(*record.exc_info))
        fault(f"logged: {text}")


class Promises:
    """The worker is alive and goes on, no run has failed, and what was exported shows something."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.broken = False
        """Whether there is no sense in going on."""
        self._pinged = self._heard = self._advanced = self.reading = time.monotonic()
        self._steps: object = None
        self._oldest: int | None = None  # ticket of the command that has waited longest
        self._awaited: dict[Path, tuple[float, int]] = {}  # since when, and how the file was marked before
        self._given_up: dict[Path, tuple[float, int]] = {}
        self._idle: dict[WorkDialog, float] = {}  # since when they show work that nobody does

    def check(self) -> None:
        now = time.monotonic()
        self._check_worker(now)
        self._check_dialogs(now)
        for path, (since, before) in [*self._given_up.items()]:
            if _mark(path) != before:
                fault(f"{path.name} was given up, and is written")
            if _mark(path) != before or now > since + _WRITTEN:
                del self._given_up[path]
        for path in [*self._awaited]:
            since, before = self._awaited[path]
            if _mark(path) != before:
                del self._awaited[path]
                told("wrote", str(path))
            elif now > since + _WRITTEN:
                del self._awaited[path]
                told("note", f"{path.name} was not written")

    def _check_worker(self, now: float) -> None:
        lab, training = self._lab, self._lab.training
        if not training.isRunning():
            self.broken = True
            fault("the training thread is dead")
            return
        oldest = next((ticket for _, _, ticket in [*training.controls._commands]), None)
        if oldest is None or oldest != self._oldest:  # where it is slow there is nearly always a newer one
            self._oldest, self._heard = oldest, now
            if now > self._pinged + _PING and lab.run is not None:
                self._pinged = now
                training.send(lab.run.number, Select())
        elif now > self._heard + PATIENCE:
            self.broken = True
            fault(
                f"the worker has heard no command for {PATIENCE:.0f} s; it is at\n{stacks('training_thread.py')}"
            )
            return
        steps = tuple(
            (run.number, run.step, *(each.step for each in run.evaluations.values()))
            for run in lab.runs.open
            if lab.time.learning and run.on and run.playing
        )
        if steps != self._steps or not steps:
            self._steps, self._advanced = steps, now
        elif now > self._advanced + PATIENCE:
            self.broken = True
            fault(
                f"nothing has been learned for {PATIENCE:.0f} s; the worker is at\n{stacks('training_thread.py')}"
            )

    def check_reading(self) -> None:
        """Digits were asked for at `reading`, and are not there yet."""
        if time.monotonic() > self.reading + PATIENCE:
            self.broken = True
            fault(f"no digits have come for {PATIENCE:.0f} s; the workers are at\n{stacks('jobs.py')}")

    def expect(self, path: Path) -> None:
        self._awaited[path] = time.monotonic(), _mark(path)

    def give_up(self, path: Path) -> None:
        self._awaited.pop(path, None)
        self._given_up[path] = time.monotonic(), _mark(path)

    def _check_dialogs(self, now: float) -> None:
        idle = [
            each
            for each in QApplication.topLevelWidgets()
            if isinstance(each, WorkDialog) and each.isVisible() and not each.work.is_working
        ]
        self._idle = {each: self._idle.get(each, now) for each in idle}
        for each, since in self._idle.items():
            if now > since + _ENDS:
                fault(f"the dialog of {each.windowTitle()} stays, and nothing is done")
                each.reject()


def check_file(path: Path) -> list[str]:
    """What is wrong with a file that was exported. For another process: it takes its time, and memory."""
    kind = path.suffix
    try:
        if not (content := path.read_bytes()):
            return [f"{path.name} is empty"]
        if kind in (".webp", ".gif") or path.stem.startswith("film"):
            with Image.open(io.BytesIO(content)) as film:
                frames = getattr(film, "n_frames", 1)
            return [] if frames > 1 else [f"{path.name} does not move"]
        if kind == ".png":
            return [fault for fault in [picture_fault(QImage.fromData(content), path.name)] if fault]
        _OPENERS[kind](path, content)
    except Exception as error:
        return [f"{path.name} is no {kind[1:]}: {error!r}"]
    return []


def _open_svg(path: Path, content: bytes) -> None:
    assert sum(1 for _ in ElementTree.fromstring(content).iter()) >= _LEAST_PARTS, "it shows nothing"


def _open_table(path: Path, content: bytes) -> None:
    assert content.count(b"\n") >= 2, "it has no lines"


def _open_report(path: Path, content: bytes) -> None:
    assert content.rstrip().endswith(b"</html>"), "it has no end"
    assert b"data:image" in content, "it has no pictures"


def _open_safetensors(path: Path, content: bytes) -> None:
    (length,) = struct.unpack("<Q", content[:8])
    ends = [
        about["data_offsets"][1]
        for name, about in json.loads(content[8 : 8 + length]).items()
        if name[0] != "_"
    ]
    assert 8 + length + max(ends) == len(content), "it has another length"


def _open_notebook(path: Path, content: bytes) -> None:
    assert json.loads(content)["cells"], "it has no cells"


def _open_onnx(path: Path, content: bytes) -> None:
    assert content[0] == 0x08, "it has no version"  # the first field of a model


_OPENERS: Final[dict[str, Callable[[Path, bytes], object]]] = {
    ".svg": _open_svg,
    ".csv": _open_table,
    ".html": _open_report,
    ".safetensors": _open_safetensors,
    ".ipynb": _open_notebook,
    ".onnx": _open_onnx,
    ".npz": lambda path, content: load_network(path),
    ".mnistviz": lambda path, content: load_experiment(path).chosen,
}


def picture_fault(image: QImage, what: str) -> str:
    if image.isNull():
        return f"{what} is no picture"
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return f"{what} shows nothing" if np.ptp(np.frombuffer(grey.constBits(), np.uint8)) == 0 else ""


def _mark(path: Path) -> int:
    try:
        found = path.stat()
    except OSError:
        return 0
    return hash((found.st_mtime_ns, found.st_ino))


def stacks(file: str) -> str:
    """Where the threads are that have come from a file of the program."""
    stacks = ["".join(traceback.format_stack(frame, 12)) for frame in sys._current_frames().values()]
    return "\n".join(stack for stack in stacks if file in stack and "hand.py" not in stack)
