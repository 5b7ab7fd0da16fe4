"""Four detectors to paint: where each expects ink and where none, and from which sum on it fires."""

from collections.abc import Callable
from typing import Final

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPolygonF

from mnistviz.engine.digits import PIXELS, SIDE
from mnistviz.engine.ideas.detectors import BLANK, DETECTORS, Detector, SumStrip, Vote
from mnistviz.gui.common import numbers
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.painted_figure import CENTRE, ENTER, LEFT, RIGHT, inked, sized
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.weight_images import weights_image
from mnistviz.gui.common.widgets import SMALLEST
from mnistviz.gui.ideas.nine.nine_words import gate_name, say
from mnistviz.gui.ideas.nine.tile_row import TileRow
from mnistviz.gui.ideas.parts.page_parts import Act

BINS: Final = 28
_STRIP = 1.55  # lines of text
_GREY, _PART = 0.1, 0.4  # of the ink, of a digit that is greyed out, and of one part of it
_KNOB, _REACH = 4.5, 7.0  # pixels: radius of a threshold's knob, and of where the mouse grabs it


class PartsContent(Struct, frozen=True, eq=False):
    """Contents of the row of detectors: the `detectors`, a strip of each one's sums, and the `shares` of the class and
    of all others for which it fires, (4, 2); the `digit`, bytes (784,), with its `caption`, longest wording first, and
    whether it is of the class (`is_own`) called `name`; and how many must fire."""

    detectors: tuple[Detector, ...] = BLANK
    strips: tuple[SumStrip | None, ...] = (None,) * DETECTORS
    shares: NDArray[np.float64] = field(default_factory=lambda: np.zeros((DETECTORS, 2)))
    digit: NDArray[np.uint8] | None = None
    caption: tuple[str, ...] = ()
    is_own: bool = False
    name: str = "9"
    vote: Vote = "all"
    needed: int = 1

    @property
    def painted(self) -> int:
        return sum(not each.is_blank for each in self.detectors)

    def fires(self) -> list[bool]:
        digit = self.digit
        return [digit is not None and each.fires(digit) for each in self.detectors]


class PartsFigure(TileRow):
    """Four detectors to paint: arrows move the cursor, Enter, +, − and 0 paint, PageUp and PageDown go to another."""

    def __init__(
        self, pressed: Act, inked: Callable[[int, NDArray[np.intp], int], object],
        threshold_moved: Callable[[int, float], object], current_changed: Act,
    ) -> None:  # fmt: skip
        """`pressed` precedes changes undone together; `inked` gets a detector, pixels (n,) and their new weight."""
        super().__init__()
        self._pressed, self.inked = pressed, inked
        self.threshold_moved, self._current_changed = threshold_moved, current_changed
        self.content = PartsContent()
        self.current, self.spot = 0, (SIDE // 2, SIDE // 2)
        """The detector with the keyboard cursor, and the cursor's row and column."""
        self.pen, self.brush = 1, 2  # the weight that is painted, and the width of the brush in pixels
        self._dragged: tuple[str, int] | None = None  # a picture or a strip, and its detector
        self._last = QPointF()
        self.setMouseTracking(True)

    @property
    def around(self) -> float:
        return (_STRIP + 4.0) * self.fontMetrics().height()

    def show_content(self, content: PartsContent) -> None:
        self.content = content
        self._describe_pixel()

    @property
    def top(self) -> float:
        return 1.45 * self.fontMetrics().height()

    def strip(self, number: int) -> QRectF:
        tile = self.tile(number)
        return QRectF(tile.left(), tile.bottom() + 4, tile.width(), _STRIP * self.fontMetrics().height())

    def knob(self, number: int) -> QPointF | None:
        """Return the centre of a threshold's knob, or None for a blank detector."""
        room, strip = self.strip(number), self.content.strips[number]
        if strip is None:
            return None
        place = strip.place(self.content.detectors[number].threshold)
        return QPointF(room.left() + place * room.width(), room.top())

    def choose(self, number: int) -> None:
        if number != self.current:
            self.current = number
            self._current_changed()
            self._describe_pixel()

    def press(self, at: QPointF) -> None:
        self._dragged, self._last = self._target(at), at
        if self._dragged is not None:
            self.choose(self._dragged[1])
            self._pressed()
            self.drag(at)

    def _target(self, at: QPointF) -> tuple[str, int] | None:
        """Return what a press there would drag: a strip with its knob, or a picture."""
        for number in range(DETECTORS):
            knob, strip = self.knob(number), self.strip(number).adjusted(-4, 0, 4, 2)
            if knob is not None and (strip.contains(at) or QLineF(knob, at).length() <= _REACH):
                return "strip", number
        tiles = (number for number in range(DETECTORS) if self.tile(number).contains(at))
        return next((("tile", number) for number in tiles), None)

    def drag(self, at: QPointF) -> None:
        if self._dragged is None:
            return
        held, number = self._dragged
        if held == "tile":
            self._stroke(number, at)
        else:
            strip, place = self.content.strips[number], self.strip(number)
            if strip is not None:
                value = strip.value((at.x() - place.left()) / place.width())
                self.threshold_moved(number, round(2 * value) / 2)

    def release(self, at: QPointF) -> None:
        self._dragged = None

    def takes(self, at: QPointF) -> bool:
        return self._target(at) is not None

    def arrow(self, right: int, down: int) -> bool:
        row, column = self.spot
        self.spot = min(SIDE - 1, max(0, row + down)), min(SIDE - 1, max(0, column + right))
        self._describe_pixel()
        return True

    def key(self, key: Qt.Key) -> bool:
        signs = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: 0, Qt.Key.Key_Delete: 0}
        turns = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if key in turns:
            self.choose((self.current + turns[key]) % DETECTORS)
        elif key in signs or key in ENTER:
            self._pressed()
            row, column = self.spot
            pixels = brushed([QPointF(column + 0.5, row + 0.5)], self.brush)
            self.inked(self.current, pixels, signs.get(key, self.pen))
        else:
            return False
        return True

    def _stroke(self, number: int, at: QPointF) -> None:
        """Paint from the last place to this one, so that a fast stroke has no gaps."""
        tile = self.tile(number)
        begin, end = ((point - tile.topLeft()) * (SIDE / tile.width()) for point in (self._last, at))
        way = end - begin
        steps = max(1, round(2 * max(abs(way.x()), abs(way.y()))))
        pixels = brushed([begin + way * (step / steps) for step in range(steps + 1)], self.brush)
        self._last = at
        self.spot = tuple(min(SIDE - 1, max(0, int(part))) for part in (end.y(), end.x()))  # type: ignore[assignment]
        if len(pixels):
            self.inked(number, pixels, self.pen)

    def _describe_pixel(self) -> None:
        row, column = self.spot
        weight = say(f"weight_{self.content.detectors[self.current].weights[row * SIDE + column]}")
        values = {"number": self.current + 1, "row": row + 1, "column": column + 1, "weight": weight}
        self.tell(say("heard_pixel", **values, state=self._state(self.current)))

    def _state(self, number: int) -> str:
        if self.content.detectors[number].is_blank:
            return say("blank")
        return say("fires") if self.content.fires()[number] else say("silent")

    def paint(self, painter: QPainter) -> None:
        content = self.content
        if content.digit is None:
            self.write(painter, QRectF(self.rect()), CENTRE, say("no_digits"), theme().muted)
            return
        self._paint_digit(painter, content.digit)
        self.paint_arrows(painter)
        for number in range(DETECTORS):
            self._paint_tile(painter, number)
            self._paint_strip(painter, number)
            self._paint_words(painter, number, content.digit)
        self._paint_verdict(painter)

    def _paint_digit(self, painter: QPainter, digit: NDArray[np.uint8]) -> None:
        line = self.fontMetrics().height()
        left, wide = self.left, self.words
        side = min(left.width() - 4, self.side - 2)
        frame = QRectF(left.left() + 1, left.top() + 1, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        picture = digit_image(digit.reshape(SIDE, SIDE), theme())
        painter.drawImage(frame, picture.convertToFormat(QImage.Format.Format_RGB32))
        inked(painter, theme().line).drawRect(frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words = QRectF(left.left(), left.top() - 1.45 * line, wide, 1.15 * line)
        self.write(painter, words, LEFT, self.fitting(wide, *self.content.caption), theme().muted, cut=False)
        if not self.content.painted:
            return
        strip, own = self.strip(0), (say("own", name=self.content.name), say("own_short"))
        high = strip.height() / 2 + 2
        for row, (wordings, colour) in enumerate(((own, theme().text), ((say("others"),), theme().muted))):
            room = QRectF(left.left(), strip.top() - 2 + row * high, wide, high)
            self.write(painter, room, RIGHT, self.fitting(wide, *wordings), colour, cut=False)
        texts = say("fires_for", name=self.content.name), say("fires_for_short")
        room = QRectF(left.left(), strip.bottom() + 1.1 * line, wide, line)
        self.write(painter, room, RIGHT, self.fitting(wide, *texts), theme().muted, cut=False)

    def _paint_tile(self, painter: QPainter, number: int) -> None:
        tile, line = self.tile(number), self.fontMetrics().height()
        room = QRectF(tile.left() - 8, tile.top() - 1.45 * line, tile.width() + 16, 1.15 * line)
        title = self.fitting(room.width(), say(f"name_{number}"), numbers.whole(number + 1), heavy=True)
        self.write(painter, room, CENTRE, title, theme().text, cut=False, heavy=True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        detector, digit = self.content.detectors[number], self.content.digit
        if detector.is_blank and digit is not None and self.content.is_own:
            painter.drawImage(tile, digit_image(greyed_part(digit, number), theme()))
        inked(painter, theme().grid)
        for part in (0.25, 0.5, 0.75):
            x, y = tile.left() + part * tile.width(), tile.top() + part * tile.height()
            painter.drawLine(QPointF(x, tile.top()), QPointF(x, tile.bottom()))
            painter.drawLine(QPointF(tile.left(), y), QPointF(tile.right(), y))
        painter.drawImage(tile, weights_image(detector.weights, 1.0, theme(), clear=True))
        inked(painter, theme().edge).drawRect(tile)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if number == self.current:
            self.frame(painter, tile.adjusted(-3, -3, 3, 3), 3, 2)
            if has_ring(self):
                cell = tile.width() / SIDE
                box = QRectF(0, 0, self.brush * cell + 2, self.brush * cell + 2)
                row, column = self.spot
                box.moveCenter(tile.topLeft() + QPointF((column + 0.5) * cell, (row + 0.5) * cell))
                for colour, wide in ((theme().card, 3.5), (theme().accent, 1.8)):
                    inked(painter, colour, wide).drawRect(box)

    def _paint_strip(self, painter: QPainter, number: int) -> None:
        room, strip = self.strip(number), self.content.strips[number]
        middle = room.center().y()
        knob = self.knob(number)
        if strip is None or knob is None or self.content.digit is None:
            inked(painter, fill=theme().track).drawRect(QRectF(room.left(), middle - 1, room.width(), 2))
            return
        threshold, detector = knob.x(), self.content.detectors[number]
        inked(painter, fill=theme().field)
        painter.drawRect(QRectF(threshold, room.top(), room.right() - threshold, room.height()))
        wide, half = room.width() / strip.counts.shape[1], room.height() / 2 - 1
        for row, colour in ((0, theme().answer), (1, theme().line)):
            counts = strip.counts[row]
            inked(painter, fill=colour)
            for at in np.flatnonzero(counts):
                high = max(1.0, half * float(counts[at]) / float(counts.max()))
                top = middle - high if row == 0 else middle + 1
                painter.drawRect(QRectF(room.left() + float(at) * wide, top, wide - 0.5, high))
        own = room.left() + room.width() * strip.place(detector.sum_of(self.content.digit))
        inked(painter, theme().card, 1, fill=theme().text)
        tip = [QPointF(own, middle), QPointF(own - 4, room.bottom() + 2), QPointF(own + 4, room.bottom() + 2)]
        painter.drawPolygon(QPolygonF(tip))
        inked(painter, theme().accent, 2)
        painter.drawLine(QPointF(threshold, room.top() - 1), QPointF(threshold, room.bottom() - 1))
        inked(painter, theme().card, 1, fill=theme().accent).drawEllipse(knob, _KNOB, _KNOB)

    def _paint_words(self, painter: QPainter, number: int, digit: NDArray[np.uint8]) -> None:
        strip, line = self.strip(number), self.fontMetrics().height()
        detector, state = self.content.detectors[number], self._state(number)
        room = QRectF(strip.left() - 3, strip.bottom() + 2, strip.width() + 6, 1.1 * line)
        if detector.is_blank:
            nothing_yet = not self.content.painted
            hint = (say("paint_here"), say("paint_here_short")) if number == self.current else ("",)
            shown = self.fitting(room.width(), *hint if nothing_yet else (state,))
            self.write(painter, room, CENTRE, shown, theme().muted, cut=False, heavy=False)
            return
        fires, threshold = self.content.fires()[number], numbers.tick(round(detector.threshold, 1))
        total = detector.sum_of(digit)
        values = {"sum": numbers.number_text(total, 0 if abs(total) >= 20 else 1), "threshold": threshold}
        left = room.width() - self.wide(state, heavy=True) - 6
        compared = self.fitting(left, say("above" if fires else "not_above", **values))
        flags, colour = RIGHT if compared else CENTRE, theme().text if fires else theme().muted
        self.write(painter, room, flags, state, colour, cut=False, heavy=True)
        self.write(painter, room, LEFT, compared, theme().muted, cut=False, heavy=False)
        room.translate(0, 1.1 * line)
        shares = [numbers.percent(float(share), 0) for share in self.content.shares[number]]
        if not all(self.fitting(room.width() / 2 - 2, text) for text in shares):
            painter.setFont(sized(self.font(), SMALLEST))
        for text, flags, colour in zip(shares, (LEFT, RIGHT), (theme().text, theme().muted), strict=True):
            self.write(painter, room, flags, text, colour, cut=False)
        painter.setFont(self.font())

    def _paint_verdict(self, painter: QPainter) -> None:
        content = self.content
        gate = gate_name(content.vote, content.needed, content.painted)
        if not content.painted:
            lines = (gate, say("gate_none_short")), (say("always_no"), say("no"))
            self.paint_box(painter, lines, self.judged(not content.is_own))
            return
        fires = content.fires()
        shown = [fire for fire, each in zip(fires, content.detectors, strict=True) if not each.is_blank]
        total, bias = sum(shown), content.needed - 0.5
        terms = [numbers.whole(int(fire)) for fire in shown]
        less = numbers.number_text(bias, 1)
        formula = f"{' + '.join(terms)} − {less}", f"{'+'.join(terms)}−{less}"
        yes = total > bias
        value = numbers.number_text(total - bias, 1, sign=True)
        came = say("sum_yes" if yes else "sum_no", sum=value), say("yes" if yes else "no")
        self.paint_box(painter, ((gate,), formula, came), self.judged(yes == content.is_own))


def greyed_part(digit: NDArray[np.uint8], part: int) -> NDArray[np.uint8]:
    """Return a digit greyed out, (28, 28), and less so the one `part` of its ink, counted from the top."""
    rows = np.arange(PIXELS) // SIDE
    inked = rows[digit > 0]
    top, bottom = int(inked.min(initial=SIDE)), int(inked.max(initial=0)) + 1
    parts = (rows - top) * DETECTORS // max(1, bottom - top)
    return (np.where(parts == part, _PART, _GREY) * digit).astype(np.uint8).reshape(SIDE, SIDE)


def brushed(points: list[QPointF], width: int) -> NDArray[np.intp]:
    """Return the pixels that a round brush `width` pixels wide covers along some points, in pixels of the picture."""
    rows, columns = np.divmod(np.arange(PIXELS), SIDE)
    covered = np.zeros(PIXELS, np.bool_)
    for point in points:
        covered |= np.hypot(columns + 0.5 - point.x(), rows + 0.5 - point.y()) <= max(width / 2, 0.5)
        nearest = int(point.y()), int(point.x())
        if min(nearest) >= 0 and max(nearest) < SIDE:
            covered[nearest[0] * SIDE + nearest[1]] = True
    return np.flatnonzero(covered)
