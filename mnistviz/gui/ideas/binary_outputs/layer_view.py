"""The fourth layer as a grid: a click gives a weight another sign, and the digit's bits answer at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnistviz.engine.ideas.binary_outputs import FourthLayer
from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import LIGHT, Theme
from mnistviz.gui.ideas.binary_outputs.content import Content, Sample
from mnistviz.gui.ideas.binary_outputs.layer_painting import SMALLEST, LayerPainting
from mnistviz.gui.ideas.binary_outputs.layer_places import LayerPlaces

_ARROWS: Final = {
    Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
}  # fmt: skip
_SIGNS: Final = {
    Qt.Key.Key_Plus: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: 0, Qt.Key.Key_Delete: 0, Qt.Key.Key_Backspace: 0,
}  # fmt: skip
_CYCLE: Final = {0: 1, 1: -1, -1: 0}


class LayerView(QWidget):
    """By keys: arrows choose a weight, Enter gives it the next sign, as do +, − and 0."""

    changed = Signal()
    sample_chosen = Signal(int)  # the class of a test digit that is to be read

    def __init__(self, theme: Theme = LIGHT) -> None:
        super().__init__()
        self.theme = theme
        self.content = Content(FourthLayer.empty(10), tuple(map(str, range(10))))
        self.current = (0, 0)
        """Row and bit that the keys are at; the row after the last class is that of the biases."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()  # it takes what there is

    def minimumSizeHint(self) -> QSize:
        return QSize(390, round(1.25 * SMALLEST * (self.layer.classes + 3)))

    # What is shown

    @property
    def layer(self) -> FourthLayer:
        """What is set."""
        return self.content.layer

    def show_layer(self, layer: FourthLayer) -> None:
        self._show(layer=layer)
        self._tell_current()

    def show_classes(self, classes: tuple[str, ...]) -> None:
        """Begins anew, for another data set."""
        self.current = (0, 0)
        self.content = Content(FourthLayer.empty(len(classes)), classes)
        self.show_layer(self.content.layer)

    def show_sample(self, sample: Sample | None, caption: str) -> None:
        """The digit that is read, and what to call it."""
        self._show(shown=sample, caption=caption)

    def show_samples(self, samples: tuple[Sample | None, ...]) -> None:
        """A test digit of each class."""
        self._show(samples=samples)

    def _show(self, **what: Any) -> None:
        self.content = replace(self.content, **what)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def places(self) -> LayerPlaces:
        metrics = self.fontMetrics()
        wide = max(metrics.horizontalAdvance(name) for name in (*self.content.classes, "00"))
        layer = self.layer
        name = min(wide, 0.14 * self.width())
        return LayerPlaces(
            self.width(), self.height(), metrics.height(), layer.classes, layer.weights.shape[1], name
        )

    # Hand

    def cell(self, row: int, bit: int) -> QRectF:
        """Where a weight is; the row after the last class is that of the biases."""
        return self.places().cell(row, bit)

    def set_sign(self, row: int, bit: int, sign: int) -> None:
        """Gives a weight or bias a sign, as the hand would."""
        if sign == self.content.sign(row, bit):
            return
        layer = self.layer
        bias = row == layer.classes
        self.show_layer(layer.with_bias(bit, sign) if bias else layer.with_weight(row, bit, sign))
        self.changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position()
        cell = self.places().cell_at(at.x(), at.y())
        row = self.places().sample_at(at.x(), at.y())
        if cell is not None:
            self.current = cell
            self.set_sign(*cell, _CYCLE[self.content.sign(*cell)])
        elif row is not None and row < len(self.content.samples):
            self.sample_chosen.emit(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at, places = event.position(), self.places()
        over = places.cell_at(at.x(), at.y()) is not None or places.sample_at(at.x(), at.y()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        row, bit = self.current
        if key in _ARROWS:
            down, right = _ARROWS[key]
            rows, bits = self.layer.weights.shape
            self.current = (max(0, min(rows, row + down)), max(0, min(bits - 1, bit + right)))
            self._tell_current()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.set_sign(row, bit, _CYCLE[self.content.sign(row, bit)])
        elif key in _SIGNS:
            self.set_sign(row, bit, _SIGNS[key])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        current = self.current if self.hasFocus() else None
        LayerPainting(self, self.content, self.places(), self.theme, current).paint()

    def _tell_current(self) -> None:
        """For those who hear it."""
        row, bit = self.current
        worth = numbers.whole(2 ** (self.layer.weights.shape[1] - 1 - bit))
        sign = {1: self.tr("yes"), 0: self.tr("nothing"), -1: self.tr("no")}[self.content.sign(row, bit)]
        if row == self.layer.classes:
            text = self.tr("Bias of the bit worth {worth}: {sign}").format(worth=worth, sign=sign)
        else:
            text = self.tr("Weight from “{name}” to the bit worth {worth}: {sign}").format(
                name=self.content.name(row), worth=worth, sign=sign
            )
        self.setAccessibleDescription(text)
