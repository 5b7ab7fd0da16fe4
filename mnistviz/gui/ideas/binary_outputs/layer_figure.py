"""The fourth layer as a grid: a click changes the sign of a weight, and the digit's bits follow at once."""

from collections.abc import Callable
from itertools import product
from typing import Any, Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontInfo, QPainter, QPolygonF

from mnistviz.engine.digits import SIDE
from mnistviz.engine.ideas.binary_outputs import FourthLayer, Sample, number_of
from mnistviz.gui.common import numbers
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.painted_figure import CENTRE, ENTER, LEFT, RIGHT, PaintedFigure, inked, sized
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import letters_on, theme, toned
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.common.widgets import SMALLEST
from mnistviz.gui.ideas.binary_outputs.binary_outputs_words import say
from mnistviz.gui.ideas.parts.page_parts import Act


class Content(Struct, frozen=True, eq=False):
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
        return int(number_of(self.layer.fired(sample.activations[np.newaxis]))[0])

    @property
    def active(self) -> int | None:
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


class LayerPlaces(Struct, dict=True):
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
        side = max(40.0, min(0.22 * self.width, 0.6 * self.height, 230.0))
        self.picture = QRectF(2, self.row_height * _HEAD, side, side)
        self._side = min(self.row_height - 2, 44.0)  # of a test digit
        reads = self._side + 4.2 * self.line
        room = self.width - self.picture.right() - reads - self.name
        self._wide = min(_WIDEST_CELL, 0.62 * room / self.bits)
        self._right = self.width - reads - 0.9 * self.line  # right edge of the cells
        self._left = self._right - self._wide * self.bits
        self.bit_radius = min(self.row_height / 2 - 2, 13.0)

    def cell(self, row: int, bit: int) -> QRectF:
        """Return the cell of a weight; above the first row is the bit's name, below the last its bias and the bit."""
        return QRectF(self._left + bit * self._wide, self.top(row), self._wide, self.row_height)

    def bit(self, bit: int) -> QPointF:
        return self.cell(self.classes + 1, bit).center() + QPointF(0, 1)

    def top(self, row: int) -> float:
        return (row + _HEAD) * self.row_height

    def names(self, row: int) -> QRectF:
        return QRectF(self.picture.right() + 0.8 * self.line, self.top(row), self.name, self.row_height)

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
        row, bit = int((y - self.top(0)) // self.row_height), int((x - self._left) // self._wide)
        return (row, bit) if 0 <= row <= self.classes and 0 <= bit < self.bits else None

    def sample_at(self, x: float, y: float) -> int | None:
        row = int((y - self.top(0)) // self.row_height)
        return row if 0 <= row < self.classes and x >= self.sample(row).left() - 2 else None


_SIGNS: Final = {
    Qt.Key.Key_Plus: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: 0, Qt.Key.Key_Delete: 0, Qt.Key.Key_Backspace: 0,
}  # fmt: skip
_CYCLE: Final = {0: 1, 1: -1, -1: 0}


class LayerFigure(PaintedFigure):
    """A grid of weights. Keys: arrows choose a weight, Enter cycles its sign, +, − and 0 set it."""

    def __init__(self, changed: Act, sample_chosen: Callable[[int], object]) -> None:
        super().__init__()
        self.changed, self._sample_chosen = changed, sample_chosen
        self.content = Content(FourthLayer.empty(10), tuple(map(str, range(10))))
        self.current = (0, 0)
        """Row and bit with the keyboard cursor; the row after the last class holds the biases."""
        self.setMouseTracking(True)

    def minimumSizeHint(self) -> QSize:
        return QSize(390, round(1.4 * SMALLEST * (self.layer.classes + 3)))

    @property
    def layer(self) -> FourthLayer:
        return self.content.layer

    def show_layer(self, layer: FourthLayer) -> None:
        self._show(layer=layer)
        self._describe_current()

    def show_classes(self, classes: tuple[str, ...]) -> None:
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

    def cell(self, row: int, bit: int) -> QRectF:
        return self.places().cell(row, bit)

    def set_sign(self, row: int, bit: int, sign: int) -> None:
        if sign == self.content.sign(row, bit):
            return
        layer, bias = self.layer, row == self.layer.classes
        self.show_layer(layer.with_bias(bit, sign) if bias else layer.with_weight(row, bit, sign))
        self.changed()

    def press(self, at: QPointF) -> None:
        cell, row = self.places().cell_at(at.x(), at.y()), self.places().sample_at(at.x(), at.y())
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
        return True

    def key(self, key: Qt.Key) -> bool:
        sign = _CYCLE[self.content.sign(*self.current)] if key in ENTER else _SIGNS.get(key)
        if sign is not None:
            self.set_sign(*self.current, sign)
        return sign is not None

    def _describe_current(self) -> None:
        row, bit = self.current
        worth = 2 ** (self.layer.weights.shape[1] - 1 - bit)
        sign = say(f"sign_{self.content.sign(row, bit)}")
        if row == self.layer.classes:
            text = say("bias_of", worth=worth, sign=sign)
        else:
            text = say("weight_of", name=self.content.name(row), worth=worth, sign=sign)
        self.tell(text)

    def paint(self, painter: QPainter) -> None:
        content, places = self.content, self.places()
        size = min(QFontInfo(self.font()).pixelSize(), max(SMALLEST, round(0.82 * places.row_height)))
        painter.setFont(sized(self.font(), size))
        self._paint_picture(painter, places)
        self._paint_heads(painter, places)
        predictions = number_of(content.layer.fired_when_sure())
        for row in range(content.layer.classes):
            self._paint_output(painter, places, row)
            self._paint_sample(painter, places, row, int(predictions[row]))
        self._paint_wires(painter, places)
        for row, bit in product(range(content.layer.classes + 1), range(content.layer.weights.shape[1])):
            self._paint_weight(painter, places, row, bit)
        self._paint_bits(painter, places)

    def _paint_picture(self, painter: QPainter, places: LayerPlaces) -> None:
        content = self.content
        frame = places.picture
        if content.shown is not None:
            painter.drawImage(frame, digit_image(content.shown.pixels.reshape(SIDE, SIDE), theme()))
        inked(painter, theme().line).drawRect(frame)
        room = QRectF(0, frame.bottom() + 5, frame.right() + 2, 3 * places.line)
        inked(painter, theme().muted)
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        draw_text(painter, room, flags, content.caption)

    def _paint_heads(self, painter: QPainter, places: LayerPlaces) -> None:
        muted, bits = theme().muted, self.layer.weights.shape[1]
        for bit in range(bits):
            worth = numbers.whole(2 ** (bits - 1 - bit))
            self.write(painter, places.cell(-1, bit), CENTRE, worth, muted, heavy=True)
        outputs, read = (places.names(0), places.bar(0)), (places.sample(0), places.read(0))
        for id, (first, last) in (("head_outputs", outputs), ("head_bits", read)):
            room = QRectF(first.left(), 0, last.right() - first.left(), places.row_height)
            self.write(painter, room, LEFT, say(id), muted, heavy=False)

    def _paint_output(self, painter: QPainter, places: LayerPlaces, row: int) -> None:
        content = self.content
        is_active = row == content.active
        colour = theme().text if is_active or content.shown is None else theme().muted
        self.write(painter, places.names(row), RIGHT, content.name(row), colour, heavy=is_active)
        share = None if content.shown is None else float(content.shown.activations[row])
        self.paint_bar(painter, places.bar(row), share, theme().answer)

    def _paint_wires(self, painter: QPainter, places: LayerPlaces) -> None:
        content, row = self.content, self.content.active
        if row is None:
            return
        signs = [content.sign(row, bit) for bit in range(content.layer.weights.shape[1])]
        if not any(signs):
            return
        middle, last = places.cell(row, 0).center().y(), max(bit for bit, sign in enumerate(signs) if sign)
        inked(painter, theme().answer, _WIRE)
        start = QPointF(places.bar(row).right() + 2, middle)
        painter.drawLine(start, QPointF(places.cell(row, last).center().x(), middle))
        for bit in np.flatnonzero(signs).tolist():
            left, down = places.cell(row, bit).left(), places.cell(content.layer.classes + 1, bit).top()
            begin, x = QPointF(left + _GAP / 2 + 1, middle), left + 0.5 * _WIRE
            negative = signs[bit] < 0
            style = Qt.PenStyle.DashLine if negative and theme().hatched else Qt.PenStyle.SolidLine
            inked(painter, theme().no if negative else theme().yes, _WIRE, style=style)
            painter.drawPolyline(QPolygonF([begin, QPointF(x, middle), QPointF(x, down), places.bit(bit)]))

    def _paint_weight(self, painter: QPainter, places: LayerPlaces, row: int, bit: int) -> None:
        content = self.content
        sign, strength, bias = content.sign(row, bit), content.strength(row), row == content.layer.classes
        cell = places.cell(row, bit).adjusted(_GAP / 2, 3.5 if bias else 1.5, -_GAP / 2, -1.5)
        hue = {1: theme().yes, 0: theme().line, -1: theme().no}[sign]
        fill = toned(theme(), hue, -0.86 * (1 - strength)) if sign else theme().field
        inked(painter, hue, fill=fill).drawRoundedRect(cell, 4, 4)
        colour = letters_on(theme(), fill) if sign else theme().muted
        self.write(painter, cell, CENTRE, {1: "+", 0: "0", -1: "−"}[sign], colour, heavy=sign != 0)
        if has_ring(self) and self.current == (row, bit):
            self.frame(painter, cell.adjusted(-1, -1, 1, 1), 5, 2.4)
        if bias and bit == 0:
            label = places.names(row)
            label.setRight(cell.left() - 0.7 * places.line)
            self.write(painter, label, RIGHT, say("biases"), theme().muted, heavy=False)

    def _paint_bits(self, painter: QPainter, places: LayerPlaces) -> None:
        content = self.content
        shown, row = content.shown, content.layer.classes + 1
        first = places.cell(row, 0)
        label = QRectF(places.names(row).left(), first.top(), 0, first.height())
        label.setRight(first.left() - 0.7 * places.line)
        self.write(painter, label, RIGHT, say("bits"), theme().muted, heavy=False)
        if shown is None:
            return
        for bit, fires in enumerate(content.layer.fired(shown.activations[np.newaxis])[0]):
            cell, radius = places.cell(row, bit).adjusted(0, 2, 0, 0), places.bit_radius
            colours = (theme().yes,) * 2 if fires else (theme().line, theme().card)
            inked(painter, colours[0], 1.8, fill=colours[1]).drawEllipse(places.bit(bit), radius, radius)
            ink = theme().card if fires else theme().text
            self.write(painter, cell, CENTRE, numbers.whole(int(fires)), ink, heavy=True)
        room = places.read(row)
        room.setLeft(places.sample(row).left() - 2)
        self._paint_verdict(painter, room, content.reads(shown), shown.label)

    def _paint_sample(self, painter: QPainter, places: LayerPlaces, row: int, predicted: int) -> None:
        content = self.content
        sample = content.samples[row] if row < len(content.samples) else None
        if sample is None:
            return
        frame = places.sample(row)
        painter.drawImage(frame, digit_image(sample.pixels.reshape(SIDE, SIDE), theme()))
        chosen = content.shown is sample
        inked(painter, theme().accent if chosen else theme().border, 2 if chosen else 1).drawRect(frame)
        self._paint_verdict(painter, places.read(row), predicted, row, quiet=True)

    def _paint_verdict(
        self, painter: QPainter, room: QRectF, predicted: int, label: int | None, *, quiet: bool = False
    ) -> None:
        text, colour = self.content.name(predicted), theme().text
        if label is not None:  # the sign first: a long name is elided
            right = predicted == label
            text, colour = (f"✓ {text}", theme().right) if right else (f"✗ {text}", theme().wrong)
        self.write(painter, room, LEFT, text if quiet else say("verdict", number=text), colour, heavy=True)
