"""Data sets: choosing one, reading it, and reporting errors."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from mnistviz.engine.cancelling import Cancelled, unheard, until
from mnistviz.engine.digits import Digits
from mnistviz.engine.problems import Problem
from mnistviz.gui.common import numbers
from mnistviz.gui.common.messages import home, message, tell
from mnistviz.gui.common.texts import tr
from mnistviz.gui.lab.jobs import details
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind, DigitsLeft, DigitsRefused
from mnistviz.gui.lab.open_runs import ClosedTogether
from mnistviz.gui.window.bottom_line import BottomLine


class DataSets(QObject):
    reading_ended = Signal()  # emitted when reading has ended without a result

    def __init__(self, lab: Lab, folder: Path | None, line: BottomLine, window: QWidget) -> None:
        """Read `folder` first, or the bundled digits if it is None."""
        super().__init__(window)
        self._lab, self._folder, self._line, self._window = lab, folder, line, window
        self._asked: Path | None = folder
        self._present: Path | None = folder  # the path of the current digits; None for the bundled ones
        lab.listen(DigitsLeft, self._report_closed)
        lab.listen(ChangeKind.DIGITS, self._on_digits)
        lab.listen(DigitsRefused, self._on_refused)

    def place(self) -> str:
        return "" if self._present is None else str(self._present.absolute())

    def load(self, place: Path | None = None) -> None:
        """Read a data set in the background; without a path, that of the program's start. One that is not in the four
        files of MNIST is shown in a dialog first."""
        place = place or self._folder
        self._line.status.set_wordings(tr("Reading the digits …"))
        if place is None:
            self._read(None)
            return
        work, then = partial(_is_plain, place), partial(self._on_checked, place)
        self._lab.jobs.ask("digits", work, then, partial(self._lab.data.refuse, place), quick=True)

    def _on_checked(self, place: Path, plain: bool) -> None:
        if plain:
            self._read(place)
        else:
            self._show_choices(place)
            self.reading_ended.emit()

    def _read(self, folder: Path | None) -> None:
        self._asked = folder
        self._lab.data.load(folder)

    def load_bundled(self) -> None:
        """Read the bundled MNIST, unless it is in use: its runs would be closed for nothing."""
        if self._lab.digits is not None and self._present is None:
            self._line.tell(tr("The bundled digits are already in use."))
            return
        self._folder = None
        self.load()

    def ask(self, mode: QFileDialog.FileMode) -> None:
        """Ask the user for a folder or a file with a data set."""
        dialog = QFileDialog(self._window, tr("Open a data set"), str(home()), fileMode=mode)
        dialog.setObjectName("file_dialog")
        if mode is QFileDialog.FileMode.ExistingFile:
            dialog.setNameFilters([tr("Data sets (*.csv *.tsv *.npz *ubyte *ubyte.gz)"), tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda place: self.load(Path(place)))
        dialog.open()

    def _show_choices(self, place: Path) -> None:
        from mnistviz.gui.window.work_dialogs import DataSetDialog  # imported late, for a faster start

        for earlier in self._window.findChildren(DataSetDialog):
            earlier.reject()
        use, refuse = partial(self.use, place), partial(self._lab.data.refuse, place)
        dialog = DataSetDialog(place, self._lab.jobs, self._window, use, refuse)
        dialog.rejected.connect(self._ensure_digits)
        dialog.open()
        dialog.begin()

    def use(self, place: Path, digits: Digits) -> None:
        self._lab.jobs.withdraw("digits")
        self._asked = place
        self._lab.data.use(digits)

    def _ensure_digits(self) -> None:
        """Keep the current digits after a cancelled choice, or load the bundled ones if there are none."""
        if self._lab.digits is None:
            self.load_bundled()

    def _on_digits(self) -> None:
        self._present = self._asked

    def _report_closed(self, change: DigitsLeft) -> None:
        closed = change.closed
        count = len(closed.runs)
        text, short = tr("{count} runs of {data} were closed."), tr("{count} runs closed")
        if count == 1:
            text, short = tr("One run of {data} was closed."), tr("One run closed")
        values = {"count": numbers.whole(count), "data": closed.digits.name}
        undo = partial(self._restore, closed, self._present)
        self._line.offer_undo(text.format(**values), short.format(**values), undo, brief=True)

    def _restore(self, closed: ClosedTogether, place: Path | None) -> None:
        self._lab.jobs.withdraw("digits")
        self._asked = place
        self._lab.data.bring_back(closed)

    def _on_refused(self, change: DigitsRefused) -> None:
        error = change.error
        self.reading_ended.emit()
        text = details(error)
        title = tr("The digits could not be read")
        if change.folder is None or not isinstance(error, Problem) or self._lab.digits is not None:
            tell(self._window, title, text)
            return
        text += " " + tr("You can use the digits that came with the program.")
        box = message(self._window, title, text, fault=True)
        bundled = box.addButton(tr("Use the bundled digits"), QMessageBox.ButtonRole.AcceptRole)
        bundled.clicked.connect(self.load_bundled)
        box.addButton(QMessageBox.StandardButton.Close)
        box.open()


def _is_plain(place: Path, cancelled: Cancelled) -> bool:
    """Return True if a data set needs no choices. Raise a `Problem`."""
    from mnistviz.engine.data_sets.importing import is_of_four_files  # imported late, for a faster start

    return is_of_four_files(place, until(unheard, cancelled))


def holds_pictures(path: Path) -> bool:
    """Return True if an `.npz` is a data set and not a network."""
    from mnistviz.engine.data_sets.array_files import holds_data_set

    return holds_data_set(path)
