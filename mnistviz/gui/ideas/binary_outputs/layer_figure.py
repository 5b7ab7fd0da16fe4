"""The fourth layer as a grid: a click changes the sign of a weight, and the digit's bits follow at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontInfo, QPainter, QPolygonF

from mnistviz.engine.digits import SIDE
from mnistviz.engine.ideas.binary_outputs import FourthLayer, Sample, number_of
from mnistviz.gui.common import numbers
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.painted_figure import CENTRE, ENTER, LEFT, RIGHT, PaintedFigure, bold, set_ink
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme, letters_on, toned
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.common.widgets import SMALLEST
from mnistviz.gui.ideas.binary_outputs.binary_outputs_words import say


@dataclass(frozen=True, eq=False)
class Content:
    """The `layer`, the `shown` digit with its `caption`, and `samples`, a test digit of each class."""

    layer: FourthLayer
    classes: tuple[str, ...]
    shown: Sample | None = None
    caption: str = ""
    samples: tuple[Sample | None, ...] = ()

    def name(self, number: int) -> str:
        """Return the name of a number: a class, or a number that stands for none."""
        return class_name(self.classes, number)

    def reads(self, sample: Sample) -> int:
        """Return the number that the bits predict for a digit."""
        return int(number_of(self.layer.fired(sample.activations[np.newaxis]))[0])

    @property
    def active(self) -> int | None:
        """The output with the largest activation for the shown digit."""
        return None if self.shown is None else int(self.shown.activations.argmax())

    def strength(self, row: int) -> float:
        """Return the activation of an output, 0 to 1, which scales its weights; 1 for the bias, and without a digit."""
        if self.shown is None or row == self.layer.classes:
            return 1.0
        return min(1.0, max(0.0, float(self.shown.activations[row])))

    def sign(self, row: int, bit: int) -> int:
        """Return the sign of a weight; the row after the last class holds the biases."""
        return int(self.layer.biases[bit] if row == self.layer.classes else self.layer.weights[row, bit])


_HEAD, _FOOT = 1.0, 2.0  # rows above and below those of the digits: names of the bits; biases and bits
_WIDEST_CELL = 62.0
_GAP, _WIRE = 9.0, 2.2  # pixels between two columns of weights, and width of a wire


@dataclass
class LayerPlaces:
    """Layout of a figure of `width` × `height` pixels, with text `line` pixels high, for a fourth layer of `classes` ×
    `bits`; names of digits are `name` pixels wide."""

    width: float
    height: float
    line: float
    classes: int
    bits: int
    name: float

    def __post_init__(self) -> None:
        self.row_height = self.height / (self.classes + _HEAD + _FOOT)
        """The height of a digit's row."""
        side = max(40.0, min(0.22 * self.width, 0.6 * self.height, 230.0))
        self.picture = QRectF(2, self.row_height * _HEAD, side, side)
        """The area of the digit that is shown."""
        self._side = min(self.row_height - 2, 44.0)  # of a test digit
        reads = self._side + 4.2 * self.line
        self._wide = min(
            _WIDEST_CELL, 0.62 * (self.width - self.picture.right() - reads - self.name) / self.bits
        )
        self._right = self.width - reads - 0.9 * self.line  # right edge of the cells
        self._left = self._right - self._wide * self.bits
        self.bit_radius = min(self.row_height / 2 - 2, 13.0)
        """The radius of the circle that shows a bit."""

    def cell(self, row: int, bit: int) -> QRectF:
        """Return the cell of a weight; above the first digit's row is the name of the bit, below the last one its bias,
        and below that the bit."""
        return QRectF(self._left + bit * self._wide, self.top(row), self._wide, self.row_height)

    def bit(self, bit: int) -> QPointF:
        return self.cell(self.classes + 1, bit).center() + QPointF(0, 1)

    def top(self, row: int) -> float:
        return (row + _HEAD) * self.row_height

    def names(self, row: int) -> QRectF:
        left = self.picture.right() + 0.8 * self.line
        return QRectF(left, self.top(row), self.name, self.row_height)

    def bar(self, row: int) -> QRectF:
        names = self.names(row)
        left = names.right() + 6
        high = min(12.0, 0.5 * self.row_height)
        wide = self._left - 0.7 * self.line - left
        return QRectF(left, names.center().y() - high / 2, max(4.0, wide), high)

    def sample(self, row: int) -> QRectF:
        top = self.top(row) + (self.row_height - self._side) / 2
        return QRectF(self._right + 0.9 * self.line, top, self._side, self._side)

    def read(self, row: int) -> QRectF:
        sample = self.sample(row)
        return QRectF(sample.right() + 6, self.top(row), self.width - sample.right() - 6, self.row_height)

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return row and bit of the weight or bias at a pixel."""
        row, bit = int((y - self.top(0)) // self.row_height), int((x - self._left) // self._wide)
        return (row, bit) if 0 <= row <= self.classes and 0 <= bit < self.bits else None

    def sample_at(self, x: float, y: float) -> int | None:
        """Return the row of the test digit at a pixel."""
        row = int((y - self.top(0)) // self.row_height)
        return row if 0 <= row < self.classes and x >= self.sample(row).left() - 2 else None


_SIGNS: Final = {
    Qt.Key.Key_Plus: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: 0, Qt.Key.Key_Delete: 0, Qt.Key.Key_Backspace: 0,
}  # fmt: skip
_CYCLE: Final = {0: 1, 1: -1, -1: 0}


class LayerFigure(PaintedFigure):
    """A grid of weights. Keys: arrows choose a weight, Enter cycles its sign, +, − and 0 set it."""

    def __init__(
        self, theme: Theme, changed: Callable[[], object], sample_chosen: Callable[[int], object]
    ) -> None:
        """Create the figure. `changed` is called when the user changes a weight or a bias, `sample_chosen` with the
        class of a test digit that is clicked."""
        super().__init__(theme)
        self.changed, self._sample_chosen = changed, sample_chosen
        self.content = Content(FourthLayer.empty(10), tuple(map(str, range(10))))
        self.current = (0, 0)
        """Row and bit with the keyboard cursor; the row after the last class holds the biases."""
        self.setMouseTracking(True)

    def minimumSizeHint(self) -> QSize:
        return QSize(390, round(1.4 * SMALLEST * (self.layer.classes + 3)))

    # Contents

    @property
    def layer(self) -> FourthLayer:
        return self.content.layer

    def show_layer(self, layer: FourthLayer) -> None:
        self._show(layer=layer)
        self._describe_current()

    def show_classes(self, classes: tuple[str, ...]) -> None:
        """Start again with the classes of another data set."""
        self.current = (0, 0)
        self.content = Content(FourthLayer.empty(len(classes)), classes)
        self.show_layer(self.content.layer)

    def show_sample(self, sample: Sample | None, caption: str) -> None:
        self._show(shown=sample, caption=caption)

    def show_samples(self, samples: tuple[Sample | None, ...]) -> None:
        self._show(samples=samples)

    def _show(self, **what: Any) -> None:
        self.content = replace(self.content, **what)
        self.update()

    def places(self) -> LayerPlaces:
        metrics = self.fontMetrics()
        wide = max(metrics.horizontalAdvance(name) for name in (*self.content.classes, "00"))
        name = min(wide, 0.14 * self.width())
        classes, bits = self.layer.weights.shape
        return LayerPlaces(self.width(), self.height(), metrics.height(), classes, bits, name)

    # Gestures

    def cell(self, row: int, bit: int) -> QRectF:
        """Return the area of a weight; the row after the last class holds the biases."""
        return self.places().cell(row, bit)

    def set_sign(self, row: int, bit: int, sign: int) -> None:
        """Set the sign of a weight or bias as the user does."""
        if sign == self.content.sign(row, bit):
            return
        layer = self.layer
        bias = row == layer.classes
        self.show_layer(layer.with_bias(bit, sign) if bias else layer.with_weight(row, bit, sign))
        self.changed()

    def press(self, at: QPointF) -> None:
        cell = self.places().cell_at(at.x(), at.y())
        row = self.places().sample_at(at.x(), at.y())
        if cell is not None:
            self.current = cell
            self.set_sign(*cell, _CYCLE[self.content.sign(*cell)])
        elif row is not None and row < len(self.content.samples):
            self._sample_chosen(row)

    def takes(self, at: QPointF) -> bool:
        cell, row = self.places().cell_at(at.x(), at.y()), self.places().sample_at(at.x(), at.y())
        return cell is not None or row is not None

    def arrow(self, right: int, down: int) -> bool:
        (row, bit), (rows, bits) = self.current, self.layer.weights.shape
        self.current = (max(0, min(rows, row + down)), max(0, min(bits - 1, bit + right)))
        self._describe_current()
        self.update()
        return True

    def key(self, key: Qt.Key) -> bool:
        sign = _CYCLE[self.content.sign(*self.current)] if key in ENTER else _SIGNS.get(key)
        if sign is not None:
            self.set_sign(*self.current, sign)
        return sign is not None

    def paint(self, painter: QPainter) -> None:
        LayerPainting(self, painter).paint()

    def _describe_current(self) -> None:
        row, bit = self.current
        worth = 2 ** (self.layer.weights.shape[1] - 1 - bit)
        sign = say(f"sign_{self.content.sign(row, bit)}")
        if row == self.layer.classes:
            text = say("bias_of", worth=worth, sign=sign)
        else:
            text = say("weight_of", name=self.content.name(row), worth=worth, sign=sign)
        self.setAccessibleDescription(text)


class LayerPainting:
    """One painting of the figure."""

    def __init__(self, figure: LayerFigure, painter: QPainter) -> None:
        self._figure, self._painter = figure, painter
        self._content, self._places, self._theme = figure.content, figure.places(), figure.theme
        self._current = figure.current if has_ring(figure) else None
        size = min(QFontInfo(figure.font()).pixelSize(), max(SMALLEST, round(0.82 * self._places.row_height)))
        self._plain = figure.font()
        self._plain.setPixelSize(size)
        self._bold = bold(self._plain)

    def paint(self) -> None:
        content = self._content
        self._picture()
        self._heads()
        predictions = number_of(content.layer.fired_when_sure())
        for row in range(content.layer.classes):
            self._output(row)
            self._sample(row, int(predictions[row]))
        bits = content.layer.weights.shape[1]
        self._wires()
        for row in range(content.layer.classes + 1):
            for bit in range(bits):
                self._weight(row, bit)
        self._bits()

    def _text(
        self, room: QRectF, flags: Qt.AlignmentFlag, text: str, colour: str, *, is_bold: bool = False
    ) -> None:
        self._painter.setFont(self._bold if is_bold else self._plain)
        self._figure.write(self._painter, room, flags, text, colour)

    def _picture(self) -> None:
        content, theme, painter = self._content, self._theme, self._painter
        frame = self._places.picture
        if content.shown is not None:
            painter.drawImage(frame, digit_image(content.shown.pixels.reshape(SIDE, SIDE), theme))
        set_ink(painter, theme.line)
        painter.drawRect(frame)
        room = QRectF(0, frame.bottom() + 5, frame.right() + 2, 3 * self._places.line)
        set_ink(painter, theme.muted)
        painter.setFont(self._plain)
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        draw_text(painter, room, flags, content.caption)

    def _heads(self) -> None:
        content, places, muted = self._content, self._places, self._theme.muted
        bits = content.layer.weights.shape[1]
        for bit in range(bits):
            self._text(
                places.cell(-1, bit), CENTRE, numbers.whole(2 ** (bits - 1 - bit)), muted, is_bold=True
            )
        bar = places.bar(0)
        left = places.names(0).left()
        room = QRectF(left, 0, bar.right() - left, places.row_height)
        self._text(room, LEFT, say("head_outputs"), muted)
        sample = places.sample(0)
        room = QRectF(sample.left(), 0, places.width - sample.left(), places.row_height)
        self._text(room, LEFT, say("head_bits"), muted)

    def _output(self, row: int) -> None:
        content, places, theme = self._content, self._places, self._theme
        is_active = row == content.active
        colour = theme.text if is_active or content.shown is None else theme.muted
        self._text(places.names(row), RIGHT, content.name(row), colour, is_bold=is_active)
        track = places.bar(row)
        share = None if content.shown is None else float(content.shown.activations[row])
        self._figure.paint_bar(self._painter, track, share, theme.answer)

    def _wires(self) -> None:
        """Paint wires from the most active output along its row, and from each of its weights down to the bit."""
        content, places, painter = self._content, self._places, self._painter
        row = content.active
        if row is None:
            return
        signs = [content.sign(row, bit) for bit in range(content.layer.weights.shape[1])]
        last = max((bit for bit, sign in enumerate(signs) if sign), default=None)
        if last is None:
            return
        middle, below = places.cell(row, 0).center().y(), content.layer.classes + 1
        set_ink(painter, self._theme.answer, _WIRE)
        start = QPointF(places.bar(row).right() + 2, middle)
        painter.drawLine(start, QPointF(places.cell(row, last).center().x(), middle))
        for bit, sign in enumerate(signs):
            if sign:
                cell, end = places.cell(row, bit), places.bit(bit)
                x, down = cell.left() + 0.5 * _WIRE, places.cell(below, bit).top()
                begin = QPointF(cell.left() + _GAP / 2 + 1, middle)
                set_ink(painter, self._theme.yes if sign > 0 else self._theme.no, _WIRE)
                painter.drawPolyline(QPolygonF([begin, QPointF(x, middle), QPointF(x, down), end]))

    def _weight(self, row: int, bit: int) -> None:
        """Paint a weight in its colour, paler the less active its output is."""
        content, theme, painter = self._content, self._theme, self._painter
        sign, strength = content.sign(row, bit), content.strength(row)
        bias = row == content.layer.classes
        cell = self._places.cell(row, bit).adjusted(_GAP / 2, 1.5, -_GAP / 2, -1.5)
        if bias:
            cell.adjust(0, 2, 0, 0)
        hue = {1: theme.yes, 0: theme.line, -1: theme.no}[sign]
        fill = toned(theme, hue, -0.86 * (1 - strength)) if sign else theme.field
        set_ink(painter, hue, fill=fill)
        painter.drawRoundedRect(cell, 4, 4)
        colour = letters_on(theme, fill) if sign else theme.muted
        self._text(cell, CENTRE, {1: "+", 0: "0", -1: "−"}[sign], colour, is_bold=sign != 0)
        if self._current == (row, bit):
            self._figure.frame(painter, cell.adjusted(-1, -1, 1, 1), 5, 2.4)
        if bias and bit == 0:
            label = self._places.names(row)
            label.setRight(cell.left() - 0.7 * self._places.line)
            self._text(label, RIGHT, say("biases"), theme.muted)

    def _bits(self) -> None:
        """Paint the bits for the shown digit, and the number that they make."""
        content, places, theme, painter = self._content, self._places, self._theme, self._painter
        shown, row = content.shown, content.layer.classes + 1
        first = places.cell(row, 0)
        label = QRectF(places.names(row).left(), first.top(), 0, first.height())
        label.setRight(first.left() - 0.7 * places.line)
        self._text(label, RIGHT, say("bits"), theme.muted)
        if shown is None:
            return
        fired = content.layer.fired(shown.activations[np.newaxis])[0]
        for bit, fires in enumerate(fired):
            cell = places.cell(row, bit)
            radius = places.bit_radius
            set_ink(painter, theme.yes if fires else theme.line, 1.8, fill=theme.yes if fires else theme.card)
            painter.drawEllipse(places.bit(bit), radius, radius)
            colour = theme.card if fires else theme.text
            self._text(cell.adjusted(0, 2, 0, 0), CENTRE, numbers.whole(int(fires)), colour, is_bold=True)
        room = places.read(row)
        room.setLeft(places.sample(row).left() - 2)
        self._verdict(room, content.reads(shown), shown.label)

    def _sample(self, row: int, predicted: int) -> None:
        """Paint a digit of the row's class, and what the bits predict when only its output is active."""
        content, places, painter = self._content, self._places, self._painter
        sample = content.samples[row] if row < len(content.samples) else None
        if sample is None:
            return
        frame = places.sample(row)
        painter.drawImage(frame, digit_image(sample.pixels.reshape(SIDE, SIDE), self._theme))
        chosen = content.shown is sample
        set_ink(painter, self._theme.accent if chosen else self._theme.border, 2 if chosen else 1)
        painter.drawRect(frame)
        self._verdict(places.read(row), predicted, row, quiet=True)

    def _verdict(self, room: QRectF, predicted: int, label: int | None, *, quiet: bool = False) -> None:
        """Paint the number that the bits predict, with a sign and a colour for correct or wrong."""
        content, theme = self._content, self._theme
        text = content.name(predicted)
        colour = theme.text
        if label is not None:
            right = predicted == label
            text = f"✓ {text}" if right else f"✗ {text}"  # the sign first: a long name is elided
            colour = theme.right if right else theme.wrong
        shown = text if quiet else say("verdict", number=text)
        self._text(room, LEFT, shown, colour, is_bold=True)
