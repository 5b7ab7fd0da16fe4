"""Data sets: asks for one, has it read, and tells what was refused."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from mnistviz.engine.problems import Problem
from mnistviz.gui.common.messages import message, tell
from mnistviz.gui.common.widgets import problem_sentence
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.window.bottom_line import BottomLine


class DataSets(QObject):
    """Lets the lab read digits; its dialogs open above `window`."""

    refused = Signal()

    def __init__(self, lab: Lab, folder: Path | None, line: BottomLine, window: QWidget) -> None:
        """`folder` is the data set that the program was started with; None is the bundled one."""
        super().__init__(window)
        self._lab, self._folder, self._line, self._window = lab, folder, line, window
        self._asked: Path | None = folder
        self._present: Path | None = folder
        """Where the digits of now are from; None for the bundled ones."""
        lab.digits_loaded.connect(self._on_loaded)
        lab.digits_refused.connect(self._on_refused)

    def load(self, folder: Path | None = None) -> None:
        """Reads a data set in the background; without a folder, the one the program was started with."""
        self._line.status.show_reading()
        self._asked = folder or self._folder
        self._lab.load_digits(self._asked)

    def load_bundled(self) -> None:
        """Reads the MNIST that came with the program, unless it is in use: its runs would be closed for nothing."""
        if self._lab.digits is not None and self._present is None:
            self._line.tell(self.tr("The bundled digits are already in use."))
            return
        self._folder = None
        self.load()

    def ask(self) -> None:
        """Asks for the folder of another data set."""
        title = self.tr("Open a data set: a folder with four files in the MNIST format")
        dialog = QFileDialog(self._window, title)
        dialog.setObjectName("file_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._load_chosen)
        dialog.open()

    def _on_loaded(self) -> None:
        self._present = self._asked

    def _load_chosen(self, folder: str) -> None:
        self.load(Path(folder))

    def _on_refused(self, why: Problem | str, folder: Path | None) -> None:
        self.refused.emit()
        text = problem_sentence(why) if isinstance(why, Problem) else why
        title = self.tr("The digits could not be read")
        if folder is None or self._lab.digits is not None:
            tell(self._window, title, text)
            return
        text += " " + self.tr("You can use the digits that came with the program.")
        box = message(self._window, title, text, fault=True)
        bundled = box.addButton(self.tr("Use the bundled digits"), QMessageBox.ButtonRole.AcceptRole)
        bundled.clicked.connect(self.load_bundled)
        box.addButton(QMessageBox.StandardButton.Close)
        box.open()
