"""The dialog of a file that takes a while to make: its progress, and a button to cancel."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Final, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from mnistviz.engine.cancelling import Cancelled
from mnistviz.gui.common.layouts import column_of
from mnistviz.gui.ideas.parts.long_work import LongWork, Told
from mnistviz.gui.lab.jobs import Jobs

T = TypeVar("T")
_WIDTH: Final = 420  # pixels
_NUMBERS: Final = count(1)  # a key for each dialog


class WorkDialog(QDialog):
    """A dialog beside the usable window, until the work is done or cancelled."""

    def __init__(self, title: str, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("work_dialog")
        self.setWindowTitle(title)
        key = f"long_export {next(_NUMBERS)}"  # several may be open at once
        self.work = LongWork("long_export", jobs, key, ended=self.accept)
        self.work.show()
        column_of(self.work, margins=(18, 16, 18, 16), inside=self)
        self.setFixedWidth(_WIDTH)
        self.finished.connect(self.work.cancel)

    def begin(
        self,
        what: str,
        work: Callable[[Told, Cancelled], T],
        then: Callable[[T], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Run `work(tell, cancelled)`, then call `then` with its result, or `failed` with its exception."""
        self.show()
        self.work.begin(what, work, then, failed)
