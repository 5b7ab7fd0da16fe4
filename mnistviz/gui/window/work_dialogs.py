"""The dialogs of work that takes a while: a file that is made, and a data set of the user's that is converted."""

from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from mnistviz.engine.cancelling import Cancelled, until
from mnistviz.engine.data_sets import importing
from mnistviz.engine.data_sets.source import DataChoice, Fit, PictureSource, within
from mnistviz.engine.digits import SIDE, Digits
from mnistviz.engine.functions import Bytes
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import MOST_CLASSES
from mnistviz.gui.common import numbers
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.picture_file import PICTURE_FILES
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import ElidedLabel, describe, problem_sentence, restyle
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


EXAMPLES: Final = 20
_COLUMNS: Final = 10
_ENLARGED: Final = 2  # pixels of the screen per pixel of an example
_DATA_SET_WIDTH: Final = 700  # pixels
_CLASSES_HEIGHT: Final = 104  # pixels, at most
_AROUND_CLASSES: Final = 16  # pixels
_AROUND_NAME, _ABOVE_NAME = 42, 4  # pixels of the check box and its margins, which Qt underestimates
_FAILED: Final = 2  # a result besides Qt's two
_KEY: Final = "data_set"  # of its jobs


class _Survey(Struct, frozen=True, eq=False):
    source: PictureSource
    pictures: list[Bytes]
    names: list[str]
    light_on_dark: bool | None


class DataSetDialog(QDialog):
    """Surveys a data set, shows its pictures as digits, and converts those of the chosen classes."""

    def __init__(
        self,
        path: Path,
        jobs: Jobs,
        parent: QWidget,
        made: Callable[[Digits], object],
        failed: Callable[[Exception], object],
    ) -> None:
        super().__init__(parent)
        self.made, self._failed = made, failed
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("data_set_dialog")
        self.setWindowTitle(tr("Open a data set"))
        self._path, self._jobs = path, jobs
        self._survey: _Survey | None = None
        self.work = LongWork(_KEY, jobs)
        self.title, self.about = label("hero", path.name, wraps=True), label("reading", wraps=True)
        self._make_choices()
        self._lay_out()
        self.finished.connect(self._stop)

    def begin(self) -> None:
        choice = DataChoice(self._path, pictures=lambda: PICTURE_FILES)

        def surveyed(tell: Told, cancelled: Cancelled) -> _Survey:
            progress = until(tell, cancelled)
            source = importing.survey(choice, within(progress, 0, 0.8))
            pictures, names = importing.examples(source, EXAMPLES)
            light = importing.are_all_light_on_dark(source, within(progress, 0.8, 1))
            return _Survey(source, pictures, names, light)

        self.work.begin(tr("Reading {file} …", file=self._path.name), surveyed, self._show_survey, self._fail)

    @property
    def choice(self) -> DataChoice:
        fit: Fit = "scaled" if self.fit.value() == "scaled" else "mnist"
        return DataChoice(self._path, fit, self._ticked(), self.transpose.isChecked(), lambda: PICTURE_FILES)

    def _make_choices(self) -> None:
        tip = tr("Finds the ink, scales it into a box of 20 × 20, and centres it by its mass.")
        as_mnist = "mnist", tr("As MNIST was made"), tip
        tip = tr("Scales each whole picture to 28 × 28, with its margins.")
        ways, name = (as_mnist, ("scaled", tr("Plainly scaled"), tip)), tr("How pictures become 28 × 28")
        self.fit = Switch("data_fit", name, ways, lambda _: self._show_examples())
        self.transpose = QCheckBox(tr("Swap rows and columns"))
        tip = tr("Turns pictures that lie on their sides, as those of EMNIST do.")
        describe(self.transpose, "data_transpose", tr("Swap rows and columns"), tip)
        self.classes = QListWidget()
        self.classes.setFlow(QListView.Flow.LeftToRight)
        self.classes.setWrapping(True)
        self.classes.setResizeMode(QListView.ResizeMode.Adjust)
        self.classes.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.classes.setSpacing(2)
        self.classes.setFixedHeight(34)
        tip = tr("Tick two to ten classes; the others are left out.")
        describe(self.classes, "data_classes", tr("Classes"), tip)
        self.chosen = label("hint", wraps=True)
        self.transpose.toggled.connect(self._show_examples)
        self.classes.itemChanged.connect(self._show_chosen)

    def _lay_out(self) -> None:
        self._choices = QWidget()
        row = row_of(self.fit, 12, self.transpose, None)
        column_of(row, self._example_card(), self.chosen, self.classes, spacing=10, inside=self._choices)
        self._choices.setEnabled(False)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setIcon(QIcon())  # as the others
        accept = QDialogButtonBox.ButtonRole.AcceptRole
        self.open_button = styled(self.buttons.addButton(tr("Open"), accept), "primary")
        self.open_button.setEnabled(False)
        tip = tr("Uses these digits. The runs on other digits are closed.")
        describe(self.open_button, "data_open", tr("Open"), tip)
        self.buttons.accepted.connect(self._make)
        self.buttons.rejected.connect(self.reject)
        self.work.cancel_button.hide()  # the dialog has one of its own
        parts = self.title, self.about, self._choices, row_of((self.work, 1), self.buttons)
        column_of(*parts, spacing=10, margins=(18, 16, 18, 14), inside=self)
        self.setFixedWidth(_DATA_SET_WIDTH)
        self.open_button.setDefault(True)  # Enter presses it, once it is enabled
        self.setFocus()  # else Cancel would have it, as all else is disabled at first

    def _example_card(self) -> QWidget:
        card = styled(QFrame(), "card")
        grid = QGridLayout(card)
        grid.setContentsMargins(10, 10, 10, 10)
        grid.setSpacing(6)
        self._pictures: list[QLabel] = []
        self._names: list[ElidedLabel] = []
        for place in range(EXAMPLES):
            picture, name = QLabel(), styled(ElidedLabel(), "smallPrint")
            picture.setFixedSize(QSize(SIDE * _ENLARGED, SIDE * _ENLARGED))
            picture.setObjectName(f"data_example_{place}")
            for each in (picture, name):
                each.setAlignment(Qt.AlignmentFlag.AlignCenter)
            name.setMaximumWidth(SIDE * _ENLARGED)
            row, column = divmod(place, _COLUMNS)
            grid.addWidget(picture, 2 * row, column, Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(name, 2 * row + 1, column)
            self._pictures.append(picture)
            self._names.append(name)
        return card

    def _show_survey(self, data: _Survey) -> None:
        self._survey = data
        source = data.source
        self.title.setText(source.name)
        about = self._about(source)
        if source.left_out:
            left_out = Problem("data_left_out", count=len(source.left_out), file=source.left_out[0])
            about += " " + problem_sentence(left_out)
        self.about.setText(about)
        self.transpose.setChecked(source.transposed)
        for name, words in zip(data.names, self._names, strict=False):
            words.setText(name)
        for number, name in enumerate(source.classes):
            item = QListWidgetItem(name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if number < MOST_CLASSES else Qt.CheckState.Unchecked)
            wide = self.classes.fontMetrics().horizontalAdvance(name) + _AROUND_NAME
            most = self.classes.viewport().width() - _AROUND_CLASSES
            item.setSizeHint(QSize(min(wide, most), self.classes.fontMetrics().height() + _ABOVE_NAME))
            self.classes.addItem(item)
        self.classes.doItemsLayout()
        last = self.classes.visualItemRect(self.classes.item(self.classes.count() - 1))
        self.classes.setFixedHeight(min(last.bottom() + _AROUND_CLASSES, _CLASSES_HEIGHT))
        self._choices.setEnabled(True)
        self._show_chosen()
        self._show_examples()
        if self.focusWidget() in (None, self):
            self.open_button.setFocus()

    def _about(self, source: PictureSource) -> str:
        count, several = numbers.whole(source.count()), len(source.classes)
        classes = tr("1 class") if several == 1 else tr("{count} classes", count=numbers.whole(several))
        if source.test is None:
            text = tr("{count} pictures in {classes}. A sixth of them is set aside for the test.")
            return text.format(count=count, classes=classes)
        text = tr("{count} pictures in {classes}, {test} of them for the test.")
        return text.format(count=count, classes=classes, test=numbers.whole(len(source.test.labels)))

    def _show_examples(self) -> None:
        data, choice = self._survey, self.choice
        if data is None:
            return
        fit = partial(importing.fitted, data.pictures, choice.fit, data.light_on_dark)
        work = partial(fit, transposed=bool(choice.transposed))
        self._jobs.ask(f"{_KEY}_examples", lambda cancelled: work(), self._paint, self._fail, quick=True)

    def _paint(self, digits: NDArray[np.uint8]) -> None:
        for pixels, picture in zip(digits, self._pictures, strict=False):
            image = digit_image(pixels.reshape(SIDE, SIDE), theme())
            picture.setPixmap(QPixmap.fromImage(image.scaled(picture.size())))

    def _ticked(self) -> tuple[str, ...]:
        items = (self.classes.item(row) for row in range(self.classes.count()))
        return tuple(item.text() for item in items if item.checkState() is Qt.CheckState.Checked)

    def _show_chosen(self) -> None:
        ticked = self._ticked()
        good = self._survey is not None and 2 <= len(ticked) <= MOST_CLASSES
        text = tr("Classes ticked: {count} of {all}. From {least} to {most} are needed.")
        text = text.format(count=len(ticked), all=self.classes.count(), least=2, most=MOST_CLASSES)
        if self._survey is not None and good:
            try:
                importing.numbers_wanted(self._survey.source, ticked)
            except Problem as problem:
                good, text = False, problem_sentence(problem)
        self.chosen.setText(text)
        restyle(self.chosen, "invalid", not good)
        self.open_button.setEnabled(good)

    def _make(self) -> None:
        data, choice = self._survey, self.choice
        if data is None:
            return
        self._choices.setEnabled(False)
        self.open_button.setEnabled(False)

        def work(tell: Told, cancelled: Cancelled) -> Digits:
            return importing.import_digits(data.source, choice, until(tell, cancelled))

        self.work.begin(tr("Making the digits …"), work, self._finish, self._fail)

    def _finish(self, digits: Digits) -> None:
        self.accept()
        self.made(digits)

    def _fail(self, error: Exception) -> None:
        self.done(_FAILED)
        self._failed(error)

    def _stop(self) -> None:
        self.work.cancel()
        self._jobs.withdraw(f"{_KEY}_examples")
