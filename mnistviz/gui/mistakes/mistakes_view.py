"""The tab *Mistakes*: which digits are misread, as what, and each of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, cast

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from mnistviz.engine.digits import DigitSet
from mnistviz.engine.mistakes.confusion import MistakeOrder
from mnistviz.engine.mistakes.nearest import NearestDigits, nearest_digits
from mnistviz.engine.moment import Evaluation, SetName
from mnistviz.gui.common.shortened_label import ShortenedLabel
from mnistviz.gui.common.steady import SteadyList
from mnistviz.gui.common.theme import TEXT, Theme
from mnistviz.gui.common.throttle import Throttle
from mnistviz.gui.common.widgets import ElidedLabel, describe
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.mistakes import mistake_words as words
from mnistviz.gui.mistakes.chosen_digit import ChosenDigit
from mnistviz.gui.mistakes.confusion_matrix import ConfusionMatrix
from mnistviz.gui.mistakes.digit_gallery import DigitGallery, GalleryContent
from mnistviz.gui.mistakes.large_digit import LargeDigit
from mnistviz.gui.mistakes.mistake_tools import ChoiceActions, MistakeTools
from mnistviz.gui.mistakes.read_digits import ALL_MISREAD, MatrixChoice, ReadDigits, newest_whole, read_digits

SECONDS: Final = 0.5  # from one picture to the next, at least, while the network learns
NARROW: Final = (
    860  # pixels, at the usual size of text: in less, the chosen digit takes the place of the gallery
)
MATRIX, CHOSEN = 0.335, 0.27  # of the width
_NEAREST: Final = "nearest training digits"  # the key of the job
_HAND_RESTS: Final = 120  # milliseconds after which the nearest digits are looked for


class Mistakes(QWidget):
    """Draws the newest measurement of all digits of a set: of the moment shown, or the last one before it."""

    digit_wanted = Signal(str, int)
    """The set and the number of a digit that is to be put on the scratchpad."""

    def __init__(self, theme: Theme, lab: Lab, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mistakes")
        self._theme, self._lab = theme, lab
        self._shown = Shown()
        self._read: ReadDigits | None = None
        self._digit: int | None = None
        self._near_of: object = None  # what the nearest digits were asked for
        self._large: LargeDigit | None = None
        self._throttle = Throttle(SECONDS, self._show, self)
        self._near_later = QTimer(self, singleShot=True, interval=_HAND_RESTS)
        self._near_later.timeout.connect(self._ask_nearest)
        self.matrix, self.gallery, self.chosen = (
            ConfusionMatrix(theme),
            DigitGallery(theme),
            ChosenDigit(theme),
        )
        self._make_choices()
        self._build()
        self.setFocusProxy(self.matrix)
        self.matrix.chosen.connect(self.choose)
        self.gallery.digit_chosen.connect(self._on_digit)
        self.gallery.opened.connect(self._open_large)

    # Building

    def _make_choices(self) -> None:
        self.sets = ChoiceActions(
            "mistakes_set",
            self.tr("Which digits"),
            (
                ("validation", self.tr("&validation"), self.tr("Shows the validation digits.")),
                ("test", self.tr("&test"), self.tr("Shows the test digits.")),
                ("training", self.tr("t&raining"), self.tr("Shows the first 1,000 training digits.")),
            ),
            self,
        )
        self.sets.set_value("test")
        self.sets.chosen.connect(self._on_set)
        self.views = ChoiceActions(
            "mistakes_view",
            self.tr("What is seen beside the matrix"),
            (
                ("digits", self.tr("&digits"), self.tr("Shows the pictures of the digits.")),
                ("one", self.tr("&one digit"), self.tr("Shows what is known of the digit that is chosen.")),
            ),
            self,
        )
        self.views.chosen.connect(self._arrange)
        self.order = SteadyList()
        for text, id in (
            (self.tr("surest first"), "surest"),
            (self.tr("least sure first"), "least_sure"),
            (self.tr("by number"), "number"),
        ):
            self.order.addItem(text, id)
        tip = self.tr(
            "In which order the digits stand: by the output of the class that was read, or by their numbers."
        )
        describe(self.order, "mistakes_order", self.tr("Order of the digits"), tip)
        self.order.currentIndexChanged.connect(self._show_gallery)
        self.tab_tools = MistakeTools(self.sets.switch, self.views.switch, self.order)

    def _build(self) -> None:
        self._empty = QLabel()
        self._empty.setObjectName("mistakes_empty")
        self._empty.setProperty("role", "quietText")
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title, self.note = QLabel(), ShortenedLabel()
        self.gallery_title, self.gallery_note = ElidedLabel(), ElidedLabel()
        for label, name in ((self.title, "mistakes_title"), (self.gallery_title, "gallery_title")):
            label.setObjectName(name)
            label.setProperty("role", "cardTitle")
            label.setTextFormat(Qt.TextFormat.PlainText)
        for note, name in ((self.note, "mistakes_note"), (self.gallery_note, "gallery_note")):
            note.setObjectName(name)
            note.setProperty("role", "quietText")
        self._none = QLabel()
        self._none.setObjectName("gallery_none")
        self._none.setProperty("role", "quietText")
        self._none.setTextFormat(Qt.TextFormat.PlainText)
        self._none.setWordWrap(True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._tiles = QStackedWidget()
        self._tiles.addWidget(self.gallery)
        self._tiles.addWidget(self._none)
        self._left = _column(_row(self.title, self.note), self.matrix)
        self._middle = _column(_row(self.gallery_title, self.gallery_note), self._tiles)
        full = QWidget()
        self._beside = QHBoxLayout(full)
        self._beside.setContentsMargins(2, 0, 2, 2)
        self._beside.setSpacing(20)
        for part in (self._left, self._middle, self.chosen):
            self._beside.addWidget(part)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(full)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._stack)
        self._arrange()

    # A view

    def draw(self, shown: Shown) -> None:
        """Draws a new measurement; at once where the run rests, else seldom."""
        before, self._shown = self._shown, shown
        if not self.isVisible():
            return
        if shown.rests or shown.is_first(before) or self._read is None:
            self._throttle.now()
        else:
            self._throttle.ask()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for part in (self.matrix, self.gallery, self.chosen):
            part.set_theme(theme)
        self._show_read()

    def state(self) -> dict[str, Any]:
        """The choices, in values that JSON can hold."""
        return {"set": self.sets.value(), "order": self.order.currentData(), "view": self.views.value()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Takes up a `state()`; what makes no sense is passed over."""
        self.sets.set_value(str(state.get("set")))
        self.views.set_value(str(state.get("view")))
        self.order.setCurrentIndex(max(0, self.order.findData(state.get("order"))))
        self._arrange()
        self._show()

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(32 * line, 9 * line)

    # What it shows

    @property
    def set_name(self) -> SetName:
        return cast(SetName, self.sets.value())

    def _show(self) -> None:
        if not self.isVisible():
            return
        shown, read = self._shown, self._read
        newest = newest_whole(shown, self.set_name)
        if read is not None and read.run == shown.number and read.set_name == self.set_name:
            if newest is not None and _same(newest, read.found):
                return
            waits = shown.visited is not None and not shown.visited.settled
            if waits and self.set_name not in shown.evaluations:
                return  # what is drawn says of which moment it is; what is read here follows at once
        self._read = read_digits(shown, newest)
        self._forget_digit_of(read)
        self._show_read()

    def _forget_digit_of(self, before: ReadDigits | None) -> None:
        """Keeps the digit that was chosen as long as its number means the same: in another run, too."""
        now = self._read
        if now is None or before is None or self._digit is None:
            return
        if not now.has_the_digits_of(before) or self._digit >= len(now.found.predictions):
            self._choose_digit(None)

    def _show_read(self) -> None:
        """Shows what was read, or why there is nothing."""
        read = self._read
        self._stack.setCurrentIndex(int(read is not None))
        if read is None:
            self._empty.setText(words.nothing_yet(self._shown))
            return
        run = self._shown.run
        hue = self._theme.runs[(0 if run is None else run.hue) % len(self._theme.runs)]
        self.title.setText(words.misread_title(read))
        self.note.set_wordings(*words.measured_on(read))
        self.matrix.told = partial(words.choice_told, read)
        self.matrix.show_cells(words.matrix_cells(read), hue)
        if max(self.matrix.choice.true or 0, self.matrix.choice.read or 0) >= len(read.classes):
            self.matrix.choose(ALL_MISREAD)
        self._show_gallery()
        self._name_digit()

    def _show_gallery(self) -> None:
        read, choice = self._read, self.matrix.choice
        if read is None:
            return
        chosen = read.chosen(choice, cast(MistakeOrder, self.order.currentData()))
        self.gallery_title.setText(words.choice_title(read, choice))
        self.gallery_note.setText(words.digits_counted(len(chosen)))
        self._none.setText(words.nothing_chosen(read, choice))
        self._tiles.setCurrentIndex(int(not len(chosen)))
        widest, lines = words.widest_line(read)
        content = GalleryContent(
            read.digits.images,
            chosen,
            partial(words.tile_lines, read),
            partial(_told, read),
            widest,
            lines,
        )
        self.gallery.show_content(content, self._digit)

    # What the user does

    def choose(self, choice: MatrixChoice) -> None:
        """Shows the digits of a part of the matrix."""
        self.matrix.choose(choice)
        self._show_gallery()

    def _on_set(self) -> None:
        self._choose_digit(None)
        self._show()

    def _on_digit(self, number: int) -> None:
        self._choose_digit(number)
        self.digit_wanted.emit(self.set_name, number)

    def _choose_digit(self, number: int | None) -> None:
        self._digit = number
        self._name_digit()

    def _name_digit(self) -> None:
        read, number = self._read, self._digit
        if read is None or number is None:
            self.chosen.show_digit("", "")
            self._near_of = None
            return
        title, told = words.digit_title(read.set_name, number), words.digit_told(read, number)
        self.chosen.show_digit(title, told)
        near_of = read.data, read.set_name, number, read.prediction(number), read.run, read.found.step
        if near_of != self._near_of:
            self._near_of = near_of
            self._lab.jobs.withdraw(_NEAREST)
            self.chosen.show_near("")
            self._near_later.start()
        if self._large is not None and self._large.isVisible():
            self._large.show_digit(read.digits.images[number], title, told, self._theme)

    def _open_large(self) -> None:
        read, number = self._read, self._digit
        if read is None or number is None:
            return
        if self._large is None:
            self._large = LargeDigit(self)
            self._large.walked.connect(self.gallery.walk)
        self._large.show()
        self._name_digit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.matrix.choice != ALL_MISREAD:
            self.choose(ALL_MISREAD)
        else:
            super().keyPressEvent(event)

    # The nearest training digits

    def _ask_nearest(self) -> None:
        read, number, shown = self._read, self._digit, self._shown
        if (
            read is None
            or number is None
            or shown.digits is None
            or shown.run is None
            or shown.moment is None
        ):
            return
        image, label, found = read.digits.images[number], read.label(number), read.prediction(number)
        training = shown.digits.training.first(shown.epoch_of(shown.run))
        leave_out = number if read.set_name == "training" else None
        network = shown.moment.network
        self._lab.jobs.ask(
            _NEAREST,
            lambda cancelled: nearest_digits(
                network, image, label, found, training, leave_out=leave_out, cancelled=cancelled
            ),
            partial(self._on_nearest, read, found, training),
            self._on_no_nearest,
            quick=True,
        )

    def _on_nearest(
        self, read: ReadDigits, found: int, training: DigitSet, near: NearestDigits | None
    ) -> None:
        if near is not None:
            self.chosen.show_near(
                self.tr("The nearest training digits"), words.near_pictures(read, found, training, near)
            )

    def _on_no_nearest(self, error: Exception) -> None:
        self.chosen.show_near(self.tr("The nearest training digits could not be found."))

    # Arrangement

    def _arrange(self) -> None:
        """Gives each part its share of the width; where there is too little, one of two."""
        width = self.width()
        narrow = width < NARROW * self.fontInfo().pixelSize() / TEXT
        one = self.views.value() == "one"
        self.tab_tools.offer(self.views.switch, narrow)
        self._middle.setVisible(not narrow or not one)
        self.chosen.setVisible(not narrow or one)
        self._left.setFixedWidth(round((0.46 if narrow else MATRIX) * width))
        if narrow:
            self.chosen.setMaximumWidth(_MOST_PIXELS)
            self.chosen.setMinimumWidth(0)
        else:
            self.chosen.setFixedWidth(round(CHOSEN * width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._throttle.hurry()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._near_later.stop()
        if self._lab.jobs.is_open(_NEAREST):
            self._lab.jobs.withdraw(_NEAREST)
            self._near_of = None


_MOST_PIXELS: Final = (1 << 24) - 1  # of a widget's side, for Qt


def _same(one: Evaluation, other: Evaluation) -> bool:
    return one.step == other.step and one.predictions is other.predictions


def _told(read: ReadDigits, number: int) -> str:
    return f"{words.digit_title(read.set_name, number)}. {words.digit_told(read, number)}"


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for place, part in enumerate(parts):
        row.addWidget(part, int(place == 1))
    return row


def _column(head: QHBoxLayout, body: QWidget) -> QWidget:
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addLayout(head)
    column.addWidget(body, 1)
    return whole
