"""What the window says and where it puts things, over drawn values, beside what is on record.

`make said` writes it anew, with the same values. For what is new it looks for some, until they have taken each branch
and there are some different answers.
"""

import importlib
import re
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType, ModuleType
from typing import Any, Final

import numpy as np
import pytest
from msgspec import Struct
from PySide6.QtCore import QLocale, QMessageLogContext, QStandardPaths, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from mnistviz.gui.app import prepare
from mnistviz.gui.lab import tryouts
from mnistviz.gui.window import frame
from tests.gui.said import arranged, values
from tests.gui.said.catalogue import ENGINE, Asked, asked_of, modules
from tests.gui.said.draws import Draws
from tests.gui.said.painted import painted_of, use_even_font
from tests.gui.said.plain import is_same, plain

TRIED: Final = 250  # values of each function
ENOUGH: Final = 40  # of them in a row that bring nothing new
LEAST: Final = 6  # different answers on record, if there are so many
MOST: Final = 40
LONGEST: Final = 1_500  # letters of an answer, and of all that is painted:
LONGEST_PAINTED: Final = 8_000
_LINE: Final = re.compile(r"(\S+) (\d+): (.*)")


class Record(Struct, frozen=True):
    """A folder with a file for each module of a package, and what is asked of one. Places may be so many pixels off."""

    folder: Path
    asked_of: Callable[[ModuleType], Iterator[Asked]]
    longest: int = LONGEST
    off: float = 0.0
    least: int = LEAST
    most: int = MOST
    package: str = "mnistviz.gui"

    def path_of(self, module: ModuleType) -> Path:
        return self.folder / f"{module.__name__.removeprefix(self.package + '.')}.txt"

    @property
    def names(self) -> list[str]:
        """The modules of which there is something."""
        return sorted(path.stem for path in self.folder.glob("*.txt"))

    def answer(self, asked: Asked, number: int) -> str:
        """Return what is answered to the values of a number."""
        with np.errstate(all="ignore"):
            return plain(asked.ask(Draws(f"{asked.name} {number}")))[: self.longest]


SAID: Final = Record(Path(__file__).with_name("records"), asked_of, least=24, most=80)
ANSWERED: Final = Record(
    Path(__file__).with_name("answered"), asked_of, least=40, most=40, package="mnistviz.engine"
)
PAINTED: Final = Record(Path(__file__).with_name("painted"), painted_of, LONGEST_PAINTED, 0.6, least=16)


def recorded(record: Record, module: ModuleType) -> dict[str, dict[int, str]]:
    """Return the answers on record, by the name of what was asked and the number of its values."""
    path, found = record.path_of(module), dict[str, dict[int, str]]()
    if path.exists():
        for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n"):
            name, number, text = _LINE.fullmatch(line).groups()
            found.setdefault(name, {})[int(number)] = text
    return found


def differences(record: Record, module: ModuleType) -> Iterator[str]:
    """Yield what is answered otherwise than is on record."""
    every = {asked.name: asked for asked in record.asked_of(module)}
    for name, answers in recorded(record, module).items():
        if name not in every:
            yield f"{name} is no longer there"
            continue
        for number, text in answers.items():
            try:
                now = record.answer(every[name], number)
            except Exception as error:
                now = f"{type(error).__name__}: {error}"
            if not is_same(text, now, record.off):
                yield f"{name} {number}\n  on record: {text}\n  now:       {now}"


def searched(record: Record, asked: Asked) -> dict[int, str]:
    """Return answers that take all branches that drawn values take, and some that differ."""
    found, texts, taken = dict[int, str](), set[str](), set[tuple[int, int, int]]()
    last = 0
    for number in range(TRIED):
        if number - last > ENOUGH:
            break
        steps = set[tuple[int, int, int]]()
        try:
            warnings_of_qt.clear()
            signal.setitimer(signal.ITIMER_VIRTUAL, 0.5)  # what is drawn may make no sense to a loop
            with _Traced(asked.file, steps):
                text = record.answer(asked, number)
            if not is_same(text, record.answer(asked, number)):  # not of the values alone
                return {}
            if warnings_of_qt:
                continue
        except Exception:
            continue
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        is_new = text not in texts and len(texts) < record.least
        if len(found) < record.most and (is_new or steps - taken):
            found[number] = text
            texts.add(text)
            taken |= steps
            last = number
    return found


class _Traced:
    """Notes which line of a file follows which while it is entered."""

    def __init__(self, file: str, steps: set[tuple[int, int, int]]) -> None:
        self._file, self._steps = file, steps

    def __enter__(self) -> None:
        sys.settrace(self._begin)

    def __exit__(self, *error: object) -> None:
        sys.settrace(None)

    def _begin(self, frame: FrameType, event: str, given: object) -> Any:
        if frame.f_code.co_filename != self._file:
            return None
        before, code = 0, frame.f_code.co_firstlineno

        def line(frame: FrameType, event: str, given: object) -> Any:
            nonlocal before
            if event == "line":
                self._steps.add((code, before, frame.f_lineno))
                before = frame.f_lineno
            return line

        return line


def write(record: Record, module: ModuleType) -> Path | None:
    """Write the record of a module, of the same values, and of others for what is not on record yet; return where."""
    known, lines = recorded(record, module), list[str]()
    for asked in record.asked_of(module):
        found = dict[int, str]()
        for number in known.get(asked.name, {}):
            try:
                found[number] = record.answer(asked, number)
            except Exception:
                continue
        found = found or searched(record, asked)
        lines += [f"{asked.name} {number}: {text}\n" for number, text in sorted(found.items())]
    if lines:
        record.path_of(module).write_text("".join(lines), encoding="utf-8", newline="\n")
        return record.path_of(module)
    return None


def write_all(record: Record, every: Sequence[ModuleType]) -> None:
    """Write the record of all modules; of one that is gone, or says nothing any more, it goes."""
    record.folder.mkdir(exist_ok=True)
    written = {write(record, module) for module in every}
    for path in {*record.folder.glob("*.txt")} - written:
        path.unlink()


warnings_of_qt: Final[list[str]] = []


def _warned(kind: QtMsgType, where: QMessageLogContext, text: str) -> None:
    if kind != QtMsgType.QtDebugMsg and "plugin does not support" not in text:
        warnings_of_qt.append(text)


def _end(number: int, frame: object) -> None:
    raise TimeoutError


def main() -> int:
    warnings.simplefilter("ignore")
    QStandardPaths.setTestModeEnabled(True)
    application = QApplication([])
    prepare(application)
    QLocale.setDefault(QLocale(QLocale.Language.English))
    values.prepare()
    signal.signal(signal.SIGVTALRM, _end)
    qInstallMessageHandler(_warned)
    every = list(modules())
    write_all(SAID, every)
    write_all(ANSWERED, [importlib.import_module(f"mnistviz.engine.{name}") for name in ENGINE])
    use_even_font(application)
    write_all(PAINTED, every)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(frame, "PAUSE", 1_000_000)
        for trial in ("try_remedy", "try_without"):
            patched.setattr(tryouts, trial, lambda *given: None)
        arranged.write(arranged.arranged_states(Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
