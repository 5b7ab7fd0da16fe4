"""Mixes the weights of the two compared networks: their accuracy along the way, and one mixture in the network card."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from mnistviz.engine.mistakes.mixing import COARSE_MIX, FINE_MIX, MixingCurve, mixing_curve
from mnistviz.engine.moment import Moment
from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import FlowLayout, ScrolledColumn, column_of, label, row_of, stack_of, styled
from mnistviz.gui.common.painted_figure import RIGHT, PaintedFigure, inked
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.steady import SteadySlider
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import explain, set_tooltip
from mnistviz.gui.common.widgets import (
    ActionPushButton,
    ElidedLabel,
    describe,
    new_action,
    push_button,
    small_font,
)
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.preview import Mixture
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.mistakes import mixing_words as words
from mnistviz.gui.mistakes.mixing_words import SHAPES, CurveShape, MixedSet, MixNames
from mnistviz.gui.mistakes.read_digits import TwoReadings

_STEPS: Final = 100  # of the slider
_TICKS: Final = (0.0, 0.5, 1.0)  # accuracies with a line
_RIGHT, _TOP, _GAP = 8, 6, 2  # pixels: beside and above the plot, and below it between two parts
_HANDLE, _DOT = 7, 3.5  # pixels: half of the slider's handle, the radius of a dot


class MixCurve(PaintedFigure):
    """The accuracy along the mixtures, from A at the left to B; a line marks the slider."""

    def __init__(self, choose: Callable[[float], object]) -> None:
        super().__init__(takes_focus=False)
        self._choose = choose
        self._curve: MixingCurve | None = None
        self._hues, self._share = (theme().muted, theme().muted), 0.5
        tip = tr("The share of 1,000 digits read right, from A at the left to B. Click to go there.")
        describe(self, "mix_curve", tr("Accuracy along the mixtures"), tip)

    def show_curve(self, curve: MixingCurve | None, hues: tuple[str, str]) -> None:
        self._curve, self._hues = curve, hues
        self.update()

    def show_share(self, share: float) -> None:
        self._share = share
        self.update()

    @property
    def left(self) -> int:
        return self.fontMetrics().horizontalAdvance(numbers.percent(1.0, 0)) + 8

    @property
    def area(self) -> QRectF:
        return QRectF(self.left, _TOP, max(1, self.width() - self.left - _RIGHT), self.height() - 2 * _TOP)

    def point(self, share: float, accuracy: float) -> QPointF:
        area = self.area
        return QPointF(area.left() + share * area.width(), area.bottom() - accuracy * area.height())

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(10 * line, 2 * line)

    def press(self, at: QPointF) -> None:
        self._choose(min(max((at.x() - self.area.left()) / self.area.width(), 0.0), 1.0))

    drag = press

    def paint(self, painter: QPainter) -> None:
        area, curve = self.area, self._curve
        painter.setFont(small_font(self))
        line = painter.fontMetrics().height()
        for accuracy in _TICKS if self.height() >= 3 * line else (0.0, 1.0):
            y = self.point(0, accuracy).y()
            inked(painter, theme().grid).drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(theme().muted))
            top = min(max(y - line / 2, 0.0), float(self.height() - line))
            draw_text(painter, QRectF(0, top, self.left - 6, line), RIGHT, numbers.percent(accuracy, 0))
        if curve is None:
            return
        painter.setPen(QPen(QColor(theme().text), 2))
        pairs = list(zip(curve.at.tolist(), curve.accuracy.tolist(), strict=True))
        painter.drawPolyline(QPolygonF([self.point(*pair) for pair in pairs]))
        for pair, hue in zip((pairs[0], pairs[-1]), self._hues, strict=True):
            inked(painter, fill=hue).drawEllipse(self.point(*pair), _DOT + 1, _DOT + 1)
        inked(painter, theme().accent).drawLine(self.point(self._share, 0), self.point(self._share, 1))
        if (right := words.right_at(curve, self._share)) is not None:
            dot = inked(painter, theme().accent, fill=theme().accent)
            dot.drawEllipse(self.point(self._share, right), _DOT, _DOT)


class MixCard(QWidget):
    """Asks for a prediction of the curve, and shows it once that is answered or skipped."""

    def __init__(
        self, answer: Callable[[str], object], show: Callable[[float], object],
        close: Callable[[], object],
    ) -> None:  # fmt: skip
        super().__init__()
        self._answer, self._show_mixture = answer, show
        self.setObjectName("mix_card")
        self._names = MixNames("", "")
        self._curve: MixingCurve | None = None
        self._wordings: tuple[str, ...] = ()
        tip = tr("Leaves the mixture. (Escape)")
        self._title = styled(ElidedLabel(), "cardTitle", "mix_title")
        button = push_button("option", "mix_close", tr("Close"), tip, act=close)
        self._pages = stack_of(self._asking(), self._showing())
        head = row_of((self._title, 1), button, spacing=8)
        self._room = ScrolledColumn(self._pages)
        column_of(head, (self._room, 1), spacing=4, inside=self)

    def _asking(self) -> QWidget:
        page = QWidget()
        self._question = label("", name="mix_question", wraps=True)
        self.buttons: dict[str, QPushButton] = {}
        choices = FlowLayout(spacing=6)
        texts: dict[str, tuple[str, str]] = {shape: words.shape_words(shape) for shape in SHAPES}
        texts |= {"": (tr("Skip"), tr("Shows the curve without a prediction."))}
        for shape, text in texts.items():
            role, name, act = "" if shape else "option", shape or "nothing", partial(self._answer, shape)
            button = self.buttons[shape] = push_button(role, f"mix_predict_{name}", *text, act=act)
            choices.addWidget(button)
        column_of(self._question, choices, None, spacing=6, inside=page)
        return page

    def _showing(self) -> QWidget:
        page = QWidget()
        self.curve, self.slider = MixCurve(self.choose), SteadySlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.words = lambda at: numbers.percent(at / _STEPS, 0)
        self.slider.setPageStep(_STEPS // 10)
        self.slider.valueChanged.connect(self._on_slider)
        tip = tr("Which mixture the network card shows: only A at the left, only B at the right.")
        describe(self.slider, "mix_slider", tr("Share of B"), tip)
        self._below = row_of(self.slider)
        self._at = label("", name="mix_at", wraps=True)
        self._told = label("quietText", name="mix_told", wraps=True)
        column_of((self.curve, 1), self._below, self._at, self._told, spacing=_GAP, inside=page)
        return page

    @property
    def share(self) -> float:
        return self.slider.value() / _STEPS

    def choose(self, share: float) -> None:
        self.slider.setValue(round(_STEPS * share))

    def ask(self, names: MixNames, read: MixedSet) -> None:
        self._names = names
        self._title.setText(words.title(names))
        self._question.setText(words.question(names, read))
        tip = tr("Each weight goes evenly from its value in {a} to that in {b}; 1,000 digits are read.")
        set_tooltip(self._question, tip.format(**names._asdict()))
        self._pages.setCurrentIndex(0)
        self.choose(0.5)

    def show_curve(self, curve: MixingCurve | None, wordings: tuple[str, ...], hues: tuple[str, str]) -> None:
        self._curve, self._wordings = curve, wordings
        self._pages.setCurrentIndex(1)
        self._told.setAccessibleName(wordings[0])
        self.slider.setEnabled(curve is not None)
        self.curve.show_curve(curve, hues)
        self._show_share()

    def _on_slider(self) -> None:
        self._show_share()
        if self._pages.currentIndex() == 1:
            self._show_mixture(self.share)

    def _show_share(self) -> None:
        said = words.at(self._curve, self.share, self._names)
        self._at.setText(said)
        self.slider.setAccessibleDescription(said)
        self.curve.show_share(self.share)
        self._fit()

    def _fit(self) -> None:
        width, needed = self._pages.width(), self.curve.minimumSizeHint().height() + 3 * _GAP
        free = self._room.height() - needed - self.slider.sizeHint().height()
        free -= self._at.heightForWidth(width)
        self._at.setVisible(free >= 0)  # else the curve shows it alone
        for wording in (*self._wordings, ""):
            self._told.setText(wording)
            if self._told.heightForWidth(width) <= free:
                break
        self._told.setVisible(bool(self._told.text()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._below.setContentsMargins(self.curve.left - _HANDLE, 0, _RIGHT - _HANDLE, 0)
        self._fit()


_KEY = "between two networks"


class Mixing(QObject):
    """The action that opens the card of mixtures, the card, and its requests. It closes when the two are no longer
    compared, or when the mixture is left by *Live* or by viewing another step."""

    def __init__(self, lab: Lab, toggled: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._lab, self._notify = lab, toggled
        self.is_open = False
        self._two: TwoReadings | None = None
        self._ends: tuple[Moment, Moment] | None = None  # the networks of the requested curve
        self._curve: MixingCurve | None = None
        self._failed = False
        self._progress = (0, 0)
        self._predicted: CurveShape | None = None
        self._is_answered = self._is_counted = False
        self.card = MixCard(self._on_answer, self._show_mixture, self.close)
        self.card.hide()
        text, short = tr("Mi&x the weights of the two networks"), tr("Mix the weights")
        self.action = new_action(self, "mix_action", text, short=short, checkable=True, act=self._on_action)
        self.button = styled(ActionPushButton(self.action), "option")
        self.offer(None, "")

    @property
    def is_shown(self) -> bool:
        return self.is_open and isinstance(self._lab.preview, Mixture)

    def offer(self, two: TwoReadings | None, why_not: str) -> None:
        """Enable the action for the two compared networks; or disable it, with the reason, and close the card."""
        before, self._two = self._two, two
        self.action.setEnabled(not why_not and two is not None)
        tip = why_not or tr(
            "Shows the networks between the two: how many digits they read right, and one of them in the network card."
        )
        explain(self.action, tip)
        if not self.action.isEnabled():
            self.close()
        elif self.is_open:
            if before is not None and two is not None and _about(before) != _about(two):
                self._begin()
            else:
                self._show()  # in the current colours
        elif two is not None and isinstance(mixture := self._lab.preview, Mixture):
            self._restore(two, mixture)

    def _restore(self, two: TwoReadings, mixture: Mixture) -> None:
        self.is_open = self._is_answered = True
        self.action.setChecked(True)
        self.card.ask(words.names_of(two), _set_of(two))
        self.card.choose(mixture.share)
        self._show()
        self._notify()

    def take(self, a: Moment | None, b: Moment | None) -> None:
        ends = None if a is None or b is None else (a, b)
        if not self.is_open or ends is None or _are_same(ends, self._ends):
            return
        if self._ends is not None:
            self._begin()
        self._ends = ends
        self._ask(COARSE_MIX)

    def follow(self, shown: Shown) -> None:
        is_shown = self.is_open and self._is_answered and self._curve is not None
        if is_shown and not isinstance(shown.preview, Mixture):
            self.close()

    def close(self) -> bool:
        if not self.is_open:
            return False
        self.is_open = False
        self.action.setChecked(False)
        self._forget()
        self._notify()
        return True

    def _on_action(self, on: bool) -> None:
        if not on:
            self.close()
        elif self._two is not None:
            self.is_open = True
            self._begin()
            self._notify()

    def _on_answer(self, shape: CurveShape | str) -> None:
        self._predicted = next((each for each in words.SHAPES if each == shape), None)
        self._is_answered = True
        self._show()
        self._show_mixture(self.card.share)
        self.card.slider.setFocus()

    def _begin(self) -> None:
        """Ask for a new prediction and discard what is known."""
        self._forget()
        if (two := self._two) is not None:
            self.card.ask(words.names_of(two), _set_of(two))

    def _forget(self) -> None:
        self._lab.questions.withdraw(_KEY)
        self._ends = self._curve = self._predicted = None
        self._failed = self._is_answered = self._is_counted = False
        self._progress = (0, 0)
        self._lab.show_preview(None)

    def _ask(self, at: tuple[float, ...]) -> None:
        two, ends = self._two, self._ends
        if two is not None and ends is not None:
            a, b = ends
            digits = getattr(self._lab.questions.digits, _set_of(two))
            work = partial(mixing_curve, a.network, b.network, digits, at)
            self._lab.questions.ask(_KEY, work, self._on_curve, self._on_failure, self._on_progress)

    def _on_curve(self, curve: MixingCurve) -> None:
        first, self._curve = self._curve is None, curve
        if first:
            self._ask(FINE_MIX)
        self._show()
        if first and self._is_answered:
            self._show_mixture(self.card.share)

    def _on_failure(self, error: Exception) -> None:
        self._failed = True
        self._show()

    def _on_progress(self, done: int, of: int) -> None:
        self._progress = done, of
        if self._curve is None:
            self._show()

    def _show(self) -> None:
        two, curve, (done, of) = self._two, self._curve, self._progress
        if two is None or not self._is_answered:
            return
        if curve is not None:
            said: tuple[str, ...] = words.told(curve, words.names_of(two), self._predicted)
            if self._predicted is not None and len(curve.at) >= len(FINE_MIX) and not self._is_counted:
                self._is_counted = True
                score, shape = words.score_of(curve, self._predicted), words.shape_words(self._predicted)[0]
                self._lab.predictions.add("mixing", "shape", shape, said[0], score)
        elif self._failed:
            said = (tr("The mixtures could not be read."),)
        else:
            percent = numbers.whole(100 * done // max(1, of))
            said = (tr("The mixtures read 1,000 digits each: {percent} %", percent=percent),)
        self.card.show_curve(curve, said, (two.a.hue, two.b.hue))

    def _show_mixture(self, share: float) -> None:
        two, ends = self._two, self._ends
        if two is not None and ends is not None and self._curve is not None:
            self._lab.show_preview(Mixture(ends[1], ends[0], share, words.names_of(two)))


def _set_of(two: TwoReadings) -> words.MixedSet:
    """Return the set that the mixtures are evaluated on, which is never the training set."""
    return "validation" if two.read.set_name == "validation" else "test"


def _about(two: TwoReadings) -> tuple[str, str, str]:
    return _set_of(two), two.a.name, two.b.name


def _are_same(ends: tuple[Moment, Moment], before: tuple[Moment, Moment] | None) -> bool:
    return before is not None and all(one.same_as(other) for one, other in zip(ends, before, strict=True))
