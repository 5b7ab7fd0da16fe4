"""Teach this drawing: a window for its label, the number of steps, and the effect on the test digits in advance."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHideEvent, QPixmap
from PySide6.QtWidgets import QButtonGroup, QLabel, QWidget

from mnistviz.engine.acts import MOST_STEPS, Lesson
from mnistviz.engine.digits import PIXELS, SIDE
from mnistviz.engine.problems import Problem
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.layouts import FlowLayout, column_of, label, row_of, styled
from mnistviz.gui.common.numbers import exact, whole
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.common.widgets import problem_sentence, push_button
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.side_window import SideWindow
from mnistviz.gui.network.unit import hand_words as words
from mnistviz.gui.network.unit.hand_bar import TriedLine
from mnistviz.gui.network.unit.hand_work import HandWork

_PICTURE: Final = 3 * SIDE  # pixels
_SHOWN: Final = 12  # digits that are lost, and digits that are won
_DIGIT: Final = 40  # pixels


class LessonPanel(SideWindow):
    """Window beside the main one. Each press of *Teach* continues from the preview."""

    def __init__(
        self, hand: HandWork, drawing: Callable[[], NDArray[np.uint8] | None], window: QWidget
    ) -> None:
        """Create the window; `drawing` returns the scratchpad's picture, (28, 28), or None for blank paper."""
        super().__init__(window, "lesson")
        self._hand, self._drawing = hand, drawing
        self._shown = Shown()
        self._classes: tuple[str, ...] = ()
        title = tr("Teach this drawing")
        what = tr(
            "Teaches the network what the drawing is, on a copy, and shows the test digits lost and won."
        )
        self.set_titles(title, title, what)
        self._build()
        hand.changed.connect(self._show)

    def _build(self) -> None:
        self._picture = label("", name="lesson_drawing")
        self._picture.setFixedSize(_PICTURE, _PICTURE)
        self._picture.setAccessibleName(tr("The drawing"))
        self.choices = QButtonGroup(self)
        self._names = FlowLayout(spacing=4)
        self._make_switches()
        tip = tr("Gives the lesson to the copy. (Enter)")
        self.teach = push_button("primary", "lesson_teach", tr("Teach"), tip, act=self._teach)
        self.said = styled(ShortenedLabel(), "", "lesson_said")
        self.lost, self.won = (
            _Pictures(f"lesson_{which}", tip, partial(self._hand.open_digits, which))
            for which, tip in (("lost", words.opens_lost()), ("won", words.opens_won()))
        )
        self._tried = TriedLine(self._hand)
        what = column_of(label("cardTitle", tr("The drawing is a …")), self._names, None, spacing=6)
        column_of(
            row_of(self._picture, (what, 1), spacing=12),
            row_of(self.steps, self.beside, None, self.teach, spacing=8),
            self.said,
            self._tried,
            self.lost,
            self.won,
            None,
            spacing=8,
            margins=(12, 12, 12, 12),
            inside=self,
        )
        self.resize(560, 380)

    def _make_switches(self) -> None:
        one = "one", tr("one step"), tr("Makes a single step.")
        read = ("read", tr("until it is read so"), tr("Makes up to fifty steps, until it is read so."))
        self.steps = Switch("lesson_steps", tr("How many steps"), (one, read))
        tip = tr("Each step is along the gradient of the drawing alone.")
        others = tr("A training digit of each other class is learned with it.")
        beside = ("alone", tr("it alone"), tip), ("others", tr("with others"), others)
        self.beside = Switch("lesson_beside", tr("Beside it"), beside)

    def draw(self, shown: Shown) -> None:
        self._shown = shown
        self._hand.draw(shown)
        if (moment := shown.moment) is not None:
            names = () if shown.digits is None else shown.digits.classes
            self._offer(tuple(class_name(names, output) for output in range(moment.network.sizes[-1])))
        self._show()

    def adopt_theme(self) -> None:
        self._show()

    def open(self) -> None:
        self._hand.taught = self._hand.lesson_failed = None
        self.draw(self._hand.lab.shown)
        self.show_in_front()
        if (first := self.choices.button(0)) is not None:
            first.setFocus()

    def _offer(self, names: tuple[str, ...]) -> None:
        if names == self._classes:
            return
        self._classes = names
        for button in self.choices.buttons():
            self.choices.removeButton(button)
            self._names.removeWidget(button)
            button.deleteLater()
        for output, name in enumerate(names):
            tip = tr("The drawing is a {name}.", name=name)
            button = push_button("option", f"lesson_class_{output}", name, tip, act=self._show)
            button.setCheckable(True)
            self.choices.addButton(button, output)
            self._names.addWidget(button)

    @property
    def _label(self) -> int | None:
        return None if self.choices.checkedId() < 0 else self.choices.checkedId()

    def _show(self, *_clicked: object) -> None:
        if self._shown.moment is None:
            return
        picture = QPixmap.fromImage(digit_image(self._pixels().reshape(SIDE, SIDE), theme()))
        self._picture.setPixmap(picture.scaled(self._picture.size()))
        self.teach.setEnabled(self._hand.can_try and self._label is not None)
        self.said.set_wordings(*self._message())
        self._tried.show_state()
        effect, digits = self._hand.effect, self._shown.digits
        none = np.empty(0, np.intp)
        lost, won = (none, none) if effect is None else (effect.lost, effect.won)
        for part, numbers, text in (
            (self.lost, lost, tr("{count} test digits lost")),
            (self.won, won, tr("{count} test digits won")),
        ):
            images = None if digits is None else digits.test.images
            part.show_digits(images, numbers, text.format(count=whole(len(numbers))))

    def _message(self) -> tuple[str, ...]:
        hand = self._hand
        if why_not := words.why_not(self._shown):
            return (why_not,)
        if isinstance(hand.lesson_failed, Problem):
            return (problem_sentence(hand.lesson_failed),)
        if hand.lesson_failed is not None:
            return (tr("The drawing could not be taught."),)
        if hand.taught is not None:
            return words.taught(hand.taught, class_name(self._classes, hand.taught.lesson.label))
        if self._label is None:
            return (tr("Choose first what the drawing is."),)
        return (tr("The steps have η {eta}, that of the next mini-batch.", eta=exact(self._eta)),)

    @property
    def _eta(self) -> float:
        moment = self._shown.moment
        assert moment is not None
        return self._shown.eta if self._shown.eta is not None else moment.settings.eta

    def _pixels(self) -> NDArray[np.uint8]:
        drawn = self._drawing()
        return np.zeros(PIXELS, np.uint8) if drawn is None else drawn.ravel()

    def _teach(self) -> None:
        moment, digits, chosen = self._shown.moment, self._shown.digits, self._label
        if moment is None or digits is None or chosen is None:
            return
        beside: tuple[int, ...] = ()
        if self.beside.value() == "others":
            training = digits.trained_on(moment.settings)
            beside = one_of_each_other(training.labels, chosen, len(self._classes), moment.digits)
        until_read = self.steps.value() == "read"
        steps = MOST_STEPS if until_read else 1
        lesson = Lesson(self._pixels().tobytes(), chosen, float(self._eta), beside, steps)
        self._hand.teach(lesson, until_read=until_read)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._show()  # the drawing may have changed

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._shown = self._shown.put_aside()


class _Pictures(QWidget):
    def __init__(self, name: str, tip: str, act: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("role", "scrolled")
        self.title, self._row = push_button("option", name, tip=tip, accessible=tip, act=act), QLabel()
        column_of(row_of(self.title, None), self._row, spacing=2, inside=self)
        self._drawn: tuple[Any, ...] = ()

    def show_digits(self, images: NDArray[np.uint8] | None, numbers: NDArray[np.intp], text: str) -> None:
        self.setVisible(images is not None and len(numbers) > 0)
        some = [int(number) for number in numbers[:_SHOWN]]
        self.title.setText(text)
        self.title.setAccessibleName(text)
        if images is None or not some or (some, theme(), id(images)) == self._drawn:
            return
        self._drawn = some, theme(), id(images)
        tiles = np.pad(images[some].reshape(-1, SIDE, SIDE), ((0, 0), (2, 2), (2, 2)))
        picture = QPixmap.fromImage(digit_image(np.hstack(list(tiles)), theme()))
        self._row.setPixmap(picture.scaledToHeight(_DIGIT, Qt.TransformationMode.SmoothTransformation))
        self._row.setAccessibleName(text)


def one_of_each_other(labels: NDArray[np.uint8], label: int, classes: int, begin: int) -> tuple[int, ...]:
    """Return the index of a sample of each class but `label`: the first of each from `begin` on, cyclically."""
    begin %= len(labels)
    rolled = np.roll(labels, -begin)
    indices = (np.flatnonzero(rolled == each)[:1] for each in range(classes) if each != label)
    return tuple(int(place + begin) % len(labels) for places in indices for place in places)
