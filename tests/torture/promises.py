"""What must hold after each thing that is done at the window."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import numpy as np
from PySide6.QtGui import QImage

from mnistviz.engine.problems import Problem
from mnistviz.gui.lab.lab import Lab

PATIENCE: Final = 45.0
"""Seconds that the worker may take to look at a command, or to train on one mini-batch, and digits to be read."""
_PING: Final = 2.0  # seconds between two commands that change nothing
_WRITTEN: Final = 20.0  # seconds that a file may take
_OF_NO_SCREEN: Final = "This plugin does not support"
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
        now = time.monotonic()
        self._pinged = self._heard = self._advanced = self.reading = now
        self._steps: object = None
        self._awaited: dict[Path, tuple[float, int]] = {}  # since when, and how the file was marked before

    def check(self) -> None:
        now = time.monotonic()
        self._check_worker(now)
        for path in [*self._awaited]:
            since, before = self._awaited[path]
            if _mark(path) != before:
                del self._awaited[path]
                self._check_file(path)
            elif now > since + _WRITTEN:
                del self._awaited[path]
                told("note", f"{path.name} was not written")

    # The worker

    def _check_worker(self, now: float) -> None:
        lab, training = self._lab, self._lab.training
        if not training.isRunning():
            self.broken = True
            fault("the training thread is dead")
            return
        if not training._controls.waiting:
            self._heard = now
            if now > self._pinged + _PING and lab.run is not None:
                self._pinged = now
                training.select(lab.run.number)
        elif now > self._heard + PATIENCE:
            self.broken = True
            fault(
                f"the worker has heard no command for {PATIENCE:.0f} s; it is at\n{_stacks('training_thread.py')}"
            )
            return
        steps = tuple(
            (run.number, run.step, *(each.step for each in run.evaluations.values()))
            for run in lab.runs
            if lab.learning and run.on and run.playing
        )
        if steps != self._steps or not steps:
            self._steps, self._advanced = steps, now
        elif now > self._advanced + PATIENCE:
            self.broken = True
            fault(
                f"nothing has been learned for {PATIENCE:.0f} s; the worker is at\n{_stacks('training_thread.py')}"
            )

    def check_reading(self) -> None:
        """Digits were asked for at `reading`, and are not there yet."""
        if time.monotonic() > self.reading + PATIENCE:
            self.broken = True
            fault(f"no digits have come for {PATIENCE:.0f} s; the workers are at\n{_stacks('jobs.py')}")

    # Exports

    def expect(self, path: Path) -> None:
        """A file is going to be written."""
        self._awaited[path] = time.monotonic(), _mark(path)

    def check_image(self, image: QImage, what: str) -> None:
        if image.isNull():
            fault(f"{what} is no picture")
            return
        grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
        if np.ptp(np.frombuffer(grey.constBits(), np.uint8)) == 0:
            fault(f"{what} shows nothing")

    def _check_file(self, path: Path) -> None:
        content = path.read_bytes()
        if not content:
            fault(f"{path.name} is empty")
        elif path.suffix == ".png":
            self.check_image(QImage.fromData(content), path.name)
        elif path.suffix == ".svg":
            try:
                parts = sum(1 for _ in ElementTree.fromstring(content).iter())
            except ElementTree.ParseError as error:
                fault(f"{path.name} is no SVG: {error}")
                return
            if parts < _LEAST_PARTS:
                fault(f"{path.name} shows nothing")
        elif content.count(b"\n") < 2:
            fault(f"{path.name} has no lines")


def _mark(path: Path) -> int:
    """Changes when a file is written anew."""
    try:
        found = path.stat()
    except OSError:
        return 0
    return hash((found.st_mtime_ns, found.st_ino))


def _stacks(file: str) -> str:
    """Where the threads are that have come from a file of the program."""
    stacks = ["".join(traceback.format_stack(frame, 12)) for frame in sys._current_frames().values()]
    return "\n".join(stack for stack in stacks if file in stack and "hand.py" not in stack)
