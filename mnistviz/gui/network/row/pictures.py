"""Pictures of handwriting: opened, pasted or dropped, cleaned in the background, and placed on the wide pad."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QObject, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from mnistviz.engine.cancelling import Cancelled, check
from mnistviz.engine.handwriting import Ink
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import Box, Evened, even
from mnistviz.gui.common.messages import home, tell
from mnistviz.gui.common.picture_file import SUFFIXES, nothing_printed, pixels_of, read_picture
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.widgets import problem_sentence
from mnistviz.gui.lab.jobs import Jobs, Tell, details
from mnistviz.gui.network.pad.pad import Pad
from mnistviz.gui.network.pad.sheet import WIDE, Scan, Sheet, scanned

_JOB: Final = "picture"
_READ, _EVENED = 0.4, 0.7  # progress after the file was read, and after its background was evened

Found = tuple[NDArray[np.uint8], Scan]


class Pictures(QObject):
    """Opens pictures, cleans them in `jobs`, and puts their ink on the pad. Does nothing without `jobs`."""

    def __init__(
        self,
        jobs: Jobs | None,
        pad: Pad,
        window: QWidget,
        show_busy: Callable[[bool], object],
        progress: Callable[[float], object],
    ) -> None:
        """Create the reader; `show_busy` is called when reading begins, and when it ends in any way."""
        super().__init__(window)
        self._jobs, self._pad, self._window = jobs, pad, window
        self._show_busy, self._show_progress = show_busy, progress
        self._folder = home()

    @property
    def is_reading(self) -> bool:
        return self._jobs is not None and self._jobs.is_open(_JOB)

    def ask_open(self) -> None:
        dialog = QFileDialog(self._window.window(), tr("Open a picture"), str(self._folder))
        dialog.setObjectName("file_dialog")
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        dialog.setNameFilters([tr("Pictures ({kinds})", kinds=kinds), tr("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.open)
        dialog.open()

    def open(self, path: str | Path) -> None:
        path = Path(path)
        self._folder = path.parent
        self._begin(lambda: read_picture(path)[0], path.name)

    def paste(self) -> None:
        # None after the clipboard was cleared
        copied: QMimeData | None = QGuiApplication.clipboard().mimeData()
        if copied is None or not self.take(copied):
            advice = tr("Copy a picture or the file of one first.")
            tell(self._window.window(), tr("There is no picture to paste"), advice)

    def takes(self, data: QMimeData) -> bool:
        return self._jobs is not None and (_file_in(data) is not None or data.hasImage())

    def take(self, data: QMimeData) -> bool:
        """Read a dropped or pasted picture. Return False if it is none."""
        if not self.takes(data):
            return False
        if (path := _file_in(data)) is not None:
            self.open(path)
            return True
        with nothing_printed():
            image = data.imageData()
        if not isinstance(image, QImage) or image.isNull():
            return False
        name = tr("the picture")
        self._begin(partial(pixels_of, image, name), name)
        return True

    def cancel(self) -> None:
        if self._jobs is not None and self.is_reading:
            self._jobs.withdraw(_JOB)
            self._show_busy(False)

    def change(
        self, threshold: float | None, part: Box | None, line: int = 0, *, trying: bool = False
    ) -> None:
        """Extract other ink from the picture on the pad: with another threshold (None for the best one), part, or line
        of writing, counted from 0. With `trying`, later changes belong to the same undo step."""
        if (scan := self._pad.sheet.scan) is None or self._jobs is None:
            return

        def work(cancelled: Cancelled, tell: Tell) -> Found:
            report = _report(tell, cancelled, 0, 1)
            return scanned(scan.name, scan.evened, WIDE, threshold, part, line, report)

        self._ask(work, partial(self._on_changed, scan, trying), scan.name)
        if not trying:
            self._show_busy(True)

    def _begin(self, read: Callable[[], NDArray[np.uint8]], name: str) -> None:
        if self._jobs is None:
            return

        def work(cancelled: Cancelled, tell: Tell) -> Found:
            report = _report(tell, cancelled, 0, 1)
            pixels = read()
            report(_READ)
            evened: Evened = even(pixels, _report(tell, cancelled, _READ, _EVENED))
            return scanned(name, evened, WIDE, progress=_report(tell, cancelled, _EVENED, 1))

        self._show_busy(True)  # the pad becomes wide, which may restore a saved row
        self._ask(work, partial(self._on_read, self._pad.sheet.ink), name)

    def _ask(
        self, work: Callable[[Cancelled, Tell], Found], then: Callable[[Found], object], name: str
    ) -> None:
        if self._jobs is not None:
            self._jobs.ask(_JOB, work, then, partial(self._on_failed, name), self._show_progress)

    def _on_read(self, before: Ink, result: Found) -> None:
        """Show a picture's ink if the pad still has the ink `before`; otherwise keep what was drawn meanwhile."""
        ink, scan = result
        untouched = self._pad.sheet.ink is before
        if untouched:
            self._pad.put(Sheet(Ink(digit=ink), scan=scan))
        self._show_busy(False)
        if not untouched:
            advice = tr(
                "It changed while the picture was being read. Open or paste the picture again to read it."
            )
            tell(self._window.window(), tr("Your drawing stays on the pad"), advice)

    def _on_changed(self, before: Scan, trying: bool, result: Found) -> None:
        ink, scan = result
        if (now := self._pad.sheet.scan) is not None and now.evened is before.evened:
            self._pad.lay(Sheet(Ink(digit=ink), scan=scan))
            if not trying:
                self._pad.lift()
        self._show_busy(False)

    def _on_failed(self, name: str, error: Exception) -> None:
        self._show_busy(False)
        title, window = tr("The picture could not be read"), self._window.window()
        if isinstance(error, Problem):
            tell(window, title, problem_sentence(Problem(error.code, **{"file": name, **error.values})))
        else:
            tell(window, title, details(error))


def _report(tell: Tell, cancelled: Cancelled, first: float, last: float) -> Callable[[float], object]:
    """Return a function with which the worker reports progress; it raises `Withdrawn` after cancellation."""

    def report(share: float) -> None:
        check(cancelled)
        tell(first + (last - first) * share)

    return report


def _file_in(data: QMimeData) -> Path | None:
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in SUFFIXES else None
