"""A stage of a mini-batch in numbers, in the place of the scratchpad: digit, formula, and a row for each output."""

import math
from collections.abc import Callable
from itertools import accumulate
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath

from mnistviz.engine.functions import Activation
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.painted_figure import CENTRE, LEFT, RIGHT, PaintedFigure, SmallPrint, bold, inked
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.unit_names import cells
from mnistviz.gui.common.weight_images import colour_table, weights_image
from mnistviz.gui.common.widgets import SMALLEST
from mnistviz.gui.common.wrapped import unparted
from mnistviz.gui.network import stage_words
from mnistviz.gui.network.output_stage import paint_ring
from mnistviz.gui.network.stage_words import StageColumn, StageContent, StageLine, StageProduct

Array = NDArray[Any]
_DIGIT: Final = 72  # pixels, the largest side of the digit
_PICTURE, _LARGEST = 96, 140  # of a factor of the gradient, and where there is more room than that
_GAP: Final = 16  # between the digit and the lines
_CURVE: Final = 32.0  # the width of a curve
_BARS: Final = {"signed": 42.0, "curve": _CURVE, "sum": 108.0}
_BETWEEN: Final = 8.0  # between columns
_BAR: Final = 10.0
_ROW: Final = 24.0  # the largest height of a row's ground
_WRAPPED: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


class StageFigure(PaintedFigure):
    """Its rows stand at the heights of the outputs' rows, or below its lines where those leave too little room."""

    def __init__(
        self, *, leave: Callable[[], object], click: Callable[[int | None], object],
        point: Callable[[int | None], object],
    ) -> None:  # fmt: skip
        """Create the figure; `leave` is called when the digit is clicked, `click` and `point` get an output."""
        super().__init__("stage_table", tr("The stage in numbers"), stage_words.symbols(), takes_focus=False)
        self.content: StageContent | None = None
        self._leave, self._click, self._point = leave, click, point
        self._room, self._outputs = QRectF(), QRectF()
        self._digit, self._tops, self._pitch = QRectF(), list[float](), 1.0
        self._cells = self.small  # the print of the rows
        self.setMouseTracking(True)

    def show_content(self, content: StageContent | None) -> None:
        self.content = content
        self.setVisible(content is not None)
        if content is not None:
            self.tell(content.aloud)
            self.update()

    def place(self, room: QRectF, rows: QRectF) -> None:
        """Set the room inside the figure, and that of all rows of the outputs beside it."""
        self._room, self._outputs = room, rows
        self.update()

    def _row_at(self, at: QPointF) -> int | None:
        rows = () if self.content is None else self.content.rows
        for top, row in zip(self._tops, rows, strict=False):
            if top <= at.y() < top + self._pitch:
                return row.number
        return None

    def takes(self, at: QPointF) -> bool:
        return self._digit.contains(at) or self._row_at(at) is not None

    def hover(self, at: QPointF | None) -> None:
        self._point(None if at is None else self._row_at(at))

    def press(self, at: QPointF) -> None:
        if self._digit.contains(at):
            self._leave()
        else:
            self._click(self._row_at(at))

    def paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(theme().card))
        content, room, small = self.content, self._room, self.small
        if content is None or room.isEmpty():
            return
        count = len(content.rows) or len(content.product.names if content.product else ()) or 1
        line, large = QFontMetricsF(self.font()).height(), self._large()
        high = QFontMetricsF(large).height()
        head = small.line + 3
        lines = high + 2 * line + 8
        pitch = self._outputs.height() / count
        top = max(self._outputs.top(), room.top() + lines + head)
        side = min(_DIGIT, top - head - room.top() - 4)
        self._digit = QRectF(room.left(), room.top(), side, side)
        self._paint_digit(painter, self._digit, content.digit)
        beside = QRectF(room)
        beside.setLeft(self._digit.right() + _GAP)
        beside.setHeight(top - head - room.top())
        self._paint_lines(painter, beside, content, large)
        if content.product is not None:
            self._tops = []
            self._paint_product(painter, room.adjusted(0, top - head - room.top(), 0, 0), content.product)
            return
        self._pitch = min(pitch, (room.bottom() - top) / (count + (content.total is not None)))
        fits = self._pitch >= small.plain.pixelSize()
        self._cells = small if fits else SmallPrint(self, max(SMALLEST, int(0.95 * self._pitch)))
        self._tops = [top + number * self._pitch for number in range(len(content.rows))]
        self._paint_rows(painter, room, content, top - head, head)

    def _large(self) -> QFont:
        font = bold(self.font())
        font.setPixelSize(self.font().pixelSize() + 2)
        return font

    def _paint_digit(self, painter: QPainter, place: QRectF, digit: NDArray[np.uint8]) -> None:
        rows, columns = cells(len(digit))
        pixels = np.zeros(rows * columns, np.uint8)
        pixels[: len(digit)] = digit
        painter.drawImage(place, digit_image(pixels.reshape(rows, columns), theme()))
        inked(painter, theme().edge).drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_lines(self, painter: QPainter, room: QRectF, content: StageContent, large: QFont) -> None:
        painter.setFont(large)
        high, line = QFontMetricsF(large).height(), QFontMetricsF(self.font()).height()
        place = QRectF(room.left(), room.top() - 2, room.width(), high)
        draw_text(painter, place, LEFT, content.equation, elide=Qt.TextElideMode.ElideRight, ink=theme().text)
        painter.setFont(self.font())
        place = QRectF(room.left(), room.top() + high + 3, room.width(), line)
        rest = QRectF(place.topLeft(), room.bottomRight())
        if self._paint_line(painter, place, content.worked):
            rest.setTop(place.bottom() + 2)
        elif self._paint_line(painter, rest, content.worked):
            return
        rest.setHeight(max(line, rest.height()))
        self._paint_line(painter, rest, content.punch)

    def _paint_line(self, painter: QPainter, room: QRectF, line: StageLine) -> bool:
        """Paint the longest wording that fits, wrapped if there is room, and the curve; False if none fits."""
        metrics = QFontMetricsF(self.font())
        curve = 0.0 if line.function is None else _CURVE + 6
        text, used = "", QRectF()
        for text in line.wordings:
            used = metrics.boundingRect(room.adjusted(0, 0, -curve, 0), _WRAPPED, unparted(text))
            if used.height() <= room.height() + 1 and used.width() <= room.width() - curve + 1:
                break
        else:
            return False
        draw_text(painter, room.adjusted(0, 0, -curve, 0), _WRAPPED, text, ink=theme().text)
        if line.function is not None:
            below = used.bottom() - metrics.height()
            self._paint_curve(
                painter, QRectF(used.right() + 6, below, _CURVE, metrics.height()), line.function, line.z
            )
        return True

    def _paint_curve(self, painter: QPainter, room: QRectF, function: Activation, z: float) -> None:
        """Paint an activation function from −6 to 6 and the point at z."""
        high = min(16.0, room.height() - 6)
        x = np.append(np.linspace(-6, 6, 25), min(max(z, -6.0), 6.0)).astype(np.float32)
        y = function.value(x.copy())
        low, most = (float(y.min()), float(y.max())) if function.bounds is None else function.bounds
        across = room.left() + (x + 6) / 12 * room.width()
        up = room.center().y() + high / 2 - (y - low) / (most - low) * high
        path = QPainterPath(QPointF(across[0], up[0]))
        for place in range(1, 25):
            path.lineTo(across[place], up[place])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inked(painter, theme().line).drawPath(path)
        inked(painter, fill=theme().accent).drawEllipse(QPointF(across[-1], up[-1]), 3, 3)

    def _paint_rows(
        self, painter: QPainter, room: QRectF, content: StageContent, top: float, head: float
    ) -> None:
        small = self._cells
        rows = content.rows if content.total is None else (*content.rows, content.total)
        places = self._columns(room, content)
        painter.setFont(bold(small.plain))
        painter.setPen(QColor(theme().text))
        for (left, right), column in zip(places, content.columns, strict=True):
            if column.kind == "sum":
                if small.advance(column.head, bold=True) <= right - left:
                    draw_text(painter, QRectF(left, top, right - left, head), CENTRE, column.head)
            elif column.head:
                draw_text(painter, QRectF(room.left(), top, right - room.left(), head), RIGHT, column.head)
        ends = _sum_ends(content)
        for number, row in enumerate(rows):
            y = self._tops[0] + number * self._pitch
            place = QRectF(room.left(), y, room.width(), self._pitch)
            is_total = number == len(content.rows)
            if row.true or row.read:
                ground = QRectF(place.left() - 6, 0, place.width() + 8, min(_ROW, self._pitch - 1))
                ground.moveCenter(QPointF(ground.center().x(), place.center().y()))
                inked(painter, fill=theme().accent_soft if row.true else theme().field)
                painter.drawRoundedRect(ground, 5, 5)
            if is_total:
                inked(painter, theme().line).drawLine(QPointF(place.left(), y), QPointF(place.right(), y))
            painter.setFont(small.bold)
            self.write(
                painter, place, LEFT, row.name, theme().accent if row.read else theme().text, cut=False
            )
            if row.true:
                paint_ring(painter, place, row.name, theme())
            for at, ((left, right), column) in enumerate(zip(places, content.columns, strict=True)):
                cell = row.cells[at]
                room_of = QRectF(left, y, right - left, self._pitch)
                if column.kind == "text":
                    painter.setFont(small.bold if cell.bold else small.plain)
                    colour = theme().text if cell.bold else theme().muted
                    self.write(painter, room_of, RIGHT, cell.text, colour, cut=False)
                elif column.kind == "curve" and column.function is not None:
                    self._paint_curve(painter, room_of, column.function, cell.value)
                elif column.kind == "signed" and not is_total:
                    self._paint_bar(painter, room_of, cell.value)
                elif column.kind == "sum":
                    self._paint_sum(painter, room_of, ends, number, is_total=is_total)

    def _columns(self, room: QRectF, content: StageContent) -> list[tuple[float, float]]:
        """Return the left and right edges of the columns; curves and bars share what the texts leave free."""
        advance = self._cells.advance

        def text_width(at: int, column: StageColumn) -> float:
            texts = [row.cells[at].text for row in content.rows]
            return max(advance(text, bold=True) for text in (column.widest, column.head, *texts)) + 2

        names = max(advance(row.name, bold=True) for row in content.rows)
        left = room.left() + min(names, 0.25 * room.width()) + 10
        widths = [
            text_width(at, column) if column.kind == "text" else 0.0
            for at, column in enumerate(content.columns)
        ]
        free = room.right() - left - sum(widths) - _BETWEEN * (len(widths) - 1)
        wanted = sum(_BARS.get(column.kind, 0.0) for column in content.columns)
        share = max(0.0, min(1.0, free / max(wanted, 1.0)))
        gap = _BETWEEN + max(0.0, free - wanted) / max(1, len(widths) - 1)
        places = []
        for column, text in zip(content.columns, widths, strict=True):
            wide = text or share * _BARS[column.kind]
            places.append((left, left + wide))
            left += wide + gap
        return places

    def _paint_bar(self, painter: QPainter, room: QRectF, value: float) -> None:
        thick = min(_BAR, 0.5 * room.height())
        track = QRectF(room.left(), room.center().y() - thick / 2, room.width(), thick)
        painter.fillRect(track, QColor(theme().grid))
        middle, long = track.center().x(), max(-1.0, min(value, 1.0)) * track.width() / 2
        if abs(long) >= 0.25:
            bar = QRectF(middle, track.top(), long, thick).normalized()
            painter.fillRect(bar, QColor(theme().yes if value > 0 else theme().no))
        painter.fillRect(QRectF(round(middle), track.top() - 1, 1, thick + 2), QColor(theme().line))

    def _paint_sum(
        self, painter: QPainter, room: QRectF, ends: list[float], number: int, *, is_total: bool
    ) -> None:
        """Paint a bar that begins where the one above ends, a line down to the next one, and 0 as a dotted line."""
        low, high = min(ends), max(ends)
        scale = room.width() / ((high - low) or 1.0)
        x = [room.left() + (end - low) * scale for end in ends]
        thick = min(_BAR, 0.5 * room.height())
        begin, end = (x[0], x[-1]) if is_total else (x[number], x[number + 1])
        bar = QRectF(begin, room.center().y() - thick / 2, end - begin, thick).normalized()
        painter.fillRect(bar, QColor(theme().yes if end > begin else theme().no))
        inked(painter, theme().line, style=Qt.PenStyle.DotLine)
        painter.drawLine(QPointF(x[0], room.top()), QPointF(x[0], room.bottom()))
        if not is_total:
            inked(painter, theme().line)
            painter.drawLine(QPointF(end, bar.bottom()), QPointF(end, bar.top() + room.height()))

    def _paint_product(self, painter: QPainter, room: QRectF, product: StageProduct) -> None:
        small, line = self.small, self.small.line
        free, names = room.height() - line - 4 - (2 * line + 22 if product.names else 0), len(product.names)
        side = max(28.0, min(_PICTURE, free - 8 * names), min(_LARGEST, free - 13.5 * names))
        top = room.top() + line + 4
        first = QRectF(room.left(), top, side, side)
        last = QRectF(room.right() - side, top, side, side)
        middle = QRectF(first.right(), top, last.left() - first.right(), side)
        wide, head = middle.width(), QRectF(room.left(), room.top(), room.width(), line)
        dot, bar, equals = (
            QRectF(middle.left() + begin * wide, top, (end - begin) * wide, side)
            for begin, end in ((0, 0.25), (0.25, 0.8), (0.8, 1))
        )
        painter.drawImage(last, weights_image(product.gradient, product.limit, theme()))
        inked(painter, theme().edge).drawRoundedRect(last.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        texts = [(head, RIGHT, product.heads[2])]
        if product.inputs is not None:
            shades = product.inputs / (np.abs(product.inputs).max() or 1.0)
            self._paint_digit(painter, first, (255 * shades.clip(0, 1)).astype(np.uint8))
            self._paint_bar(painter, bar.adjusted(0, side / 2 - 12, 0, -side / 2), product.delta)
            texts += [(head, LEFT, product.heads[0]), (dot, CENTRE, "·"), (equals, CENTRE, "=")]
            below = QRectF(bar.left(), bar.center().y() + 2, bar.width(), line)
            texts.append((below, CENTRE, product.delta_text))
            if side >= _PICTURE / 2:
                texts.append((QRectF(middle.left(), room.top(), wide, line), CENTRE, product.heads[1]))
        else:
            texts.append((head, LEFT, product.heads[1]))
            self._paint_digits(painter, first.adjusted(0, 0, last.left() - first.right() - 14, 0), product)
        painter.setFont(small.bold)
        for place, align, text in texts:
            self.write(painter, place, align, text, theme().text, cut=False)
        if product.names:
            self._paint_outputs(painter, room.adjusted(0, first.bottom() + 14 - room.top(), 0, 0), product)

    def _paint_digits(self, painter: QPainter, room: QRectF, product: StageProduct) -> None:
        """Paint digits of the mini-batch in two rows, and below each one its δ as a bar."""
        across = (len(product.digits) + 1) // 2
        pitch, high = room.width() / max(across, 1), room.height() / 2
        side = max(8.0, min(pitch, high - 9) - 4)
        for number, digit in enumerate(product.digits):
            place = QRectF(
                room.left() + number % across * pitch, room.top() + number // across * high, side, side
            )
            self._paint_digit(painter, place, digit)
            bar = QRectF(place.left(), place.bottom() + 2, side, 10)
            self._paint_bar(painter, bar, float(product.digits_deltas[number]))

    def _paint_outputs(self, painter: QPainter, room: QRectF, product: StageProduct) -> None:
        """Paint the gradient of the weights to the outputs, a column for each unit, between activations and δ."""
        small, line = self.small, self.small.line
        painter.setFont(small.bold)
        head = QRectF(room.left(), room.top(), room.width(), line)
        self.write(painter, head, LEFT, product.titles[0], theme().text, cut=False)
        painter.setFont(small.plain)
        self.write(painter, head, RIGHT, product.titles[2], theme().muted, cut=False)
        used = small.advance(product.titles[0], bold=True) + 10
        fits = used + small.advance("".join(product.titles[1:])) + 10 <= room.width()
        if product.activations is not None and fits:
            draw_text(painter, head.adjusted(used, 0, 0, 0), LEFT, product.titles[1])
        names = max(small.advance(name, bold=True) for name in product.names) + 8
        high = 16.0 if room.height() > 130 else 8.0
        top = head.bottom() + 3
        pitch = max(4.0, min(14.0, (room.bottom() - top - high - 4) / len(product.names)))
        units = product.outputs.shape[1]
        cell = min(18.0, (room.width() - names - 52) / units)
        matrix = QRectF(room.left() + names, top + high + 4, cell * units, pitch * len(product.names))
        values = np.ascontiguousarray(128.5 + 127 * (product.outputs / product.outputs_limit)).clip(1, 255)
        shown = colour_table(theme())[values.astype(np.uint8)]
        image = QImage(shown.data, units, len(shown), 4 * units, QImage.Format.Format_RGB32)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(matrix, image)
        every = max(1, math.ceil(0.75 * line / pitch))
        painter.setFont(small.bold)
        for number, name in enumerate(product.names):
            y = matrix.top() + number * pitch
            if number % every == 0:
                place = QRectF(room.left(), y + pitch / 2 - line / 2, names, line)
                self.write(painter, place, LEFT, name, theme().text, cut=False)
            if product.deltas is not None:
                bar = QRectF(matrix.right() + 10, y, room.right() - matrix.right() - 10, pitch)
                self._paint_bar(
                    painter, bar, float(product.deltas[number] / (np.abs(product.deltas).max() or 1.0))
                )
        if product.activations is not None:
            shares = (product.activations / (np.abs(product.activations).max() or 1.0)).clip(0, 1)
            for unit, share in enumerate(shares.tolist()):
                track = QRectF(matrix.left() + unit * cell, top, max(1.0, cell - 1), high)
                painter.fillRect(track, QColor(theme().grid))
                painter.fillRect(track.adjusted(0, (1 - share) * high, 0, 0), QColor(theme().answer))
        if product.chosen is not None:
            inked(painter, theme().accent, 2)
            left = matrix.left() + product.chosen * cell
            painter.drawRoundedRect(QRectF(left - 1, top - 1, cell + 1, matrix.bottom() - top + 2), 2, 2)


def _sum_ends(content: StageContent) -> list[float]:
    """Return where each bar of the sum ends, from 0 on."""
    at = next((number for number, column in enumerate(content.columns) if column.kind == "sum"), None)
    values = [] if at is None else [row.cells[at].value for row in content.rows]
    return [0.0, *accumulate(values)]
