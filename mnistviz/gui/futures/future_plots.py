"""The plots of forecasts: costs after the current step, and the final error rate by setting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.painted_figure import CENTRE, ENTER, LEFT, RIGHT, PaintedFigure, place_after, set_ink
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import line_path
from mnistviz.gui.common.scales import Range, ticks
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import small_font
from mnistviz.gui.futures import future_words as words
from mnistviz.gui.futures.future_content import FutureEnd, FuturesContent, place_of

_GAP: Final = 8  # pixels, beside labels
_LEADER: Final = 16  # pixels from the end of a line to its label
_NEAR: Final = 14  # pixels: the mouse points at what is this close
_FUTURE: Final = 0.6  # the opacity of a line
_THICK, _POINTED, _THIN = 3.0, 2.0, 1.2  # pixels
_GUESS: Final = -1.0  # the key of the drawn line; no setting has a value below 0
_LEAST_STROKE: Final = 3  # points that a drawn line needs
_DOT: Final = 3.5  # pixels, the radius
_MARK: Final = 7  # pixels, of a value at the axis


class FuturePlot(PaintedFigure):
    """Base of both plots: axes, the value pointed at, and adopting it by a click."""

    value_wanted = Signal(float)
    """Emitted when the user adopts a value."""
    pointed = Signal(object)
    """Emitted with the value pointed at, or None."""

    def __init__(
        self, theme: Theme, name: str, accessible: str, what: str, *, takes_focus: bool = False
    ) -> None:
        super().__init__(theme, name, accessible, what, takes_focus=takes_focus)
        self._hue = theme.runs[0]
        self.content: FuturesContent | None = None
        self._pointed: float | None = None
        self._offered: float | None = None  # a value that a click adds
        self._area: QRectF | None = None  # cached until the content or the size changes
        self.setMouseTracking(True)

    def show_content(self, content: FuturesContent | None, hue: str) -> None:
        self.content, self._hue, self._area = content, hue, None
        if content is not None and all(end.value != self._pointed for end in content.ends):
            self._pointed = None
        self._update_text()

    def show_pointed(self, value: float | None) -> None:
        if value != self._pointed:
            self._pointed = value
            self._update_text()

    @property
    def area(self) -> QRectF:
        """The rectangle of the lines or dots, cached: it is read for each of them at each mouse movement."""
        if self._area is None:
            self._area = self._find_area()
        return self._area

    def _find_area(self) -> QRectF:
        raise NotImplementedError

    def forget_places(self) -> None:
        self._area = None

    def minimumSizeHint(self) -> QSize:
        return QSize(round(13 * self.line), round(6 * self.line))

    def value_at(self, place: QPointF) -> float | None:
        """Return the value of the line or dot near a place, or None."""
        raise NotImplementedError

    def _update_text(self) -> None:
        content, value = self.content, self._pointed
        text = "" if content is None else content.end(content.chosen if value is None else value).told
        self.tell(text)

    def takes(self, at: QPointF) -> bool:
        return self._pointed is not None or self._offered is not None

    def hover(self, at: QPointF | None) -> None:
        self._point(None if at is None else self.value_at(at))

    def press(self, at: QPointF) -> None:
        value = self.value_at(at)
        if value is not None:
            self.value_wanted.emit(value)

    def _point(self, value: float | None) -> None:
        if value != self._pointed:
            self.show_pointed(value)
            self.pointed.emit(value)

    def tooltip_at(self, at: QPointF) -> str | None:
        value = self.value_at(at)
        if self.content is None or value is None:
            return ""
        text = self.content.end(value).told
        return text if self.content.covered else self.tr("{told} A click takes this value.").format(told=text)

    # Axes

    def _paint_across(
        self, painter: QPainter, area: QRectF, labels: Iterable[tuple[float, str]], name: str
    ) -> None:
        """Paint the axis name at the right and, below the area, the labels that fit; they are placed by shares of the
        width."""
        metrics, free, down = QFontMetricsF(painter.font(), self), -1.0, area.bottom() + 4
        painter.setPen(QColor(self.theme.muted))
        end = self.width() - metrics.horizontalAdvance(name) - 2
        draw_text(painter, QRectF(end, down, self.width() - end, self.line), RIGHT, name)
        for share, text in labels:
            wide = metrics.horizontalAdvance(text) + 2
            left = max(area.left() + share * area.width() - wide / 2, area.left() - _GAP)
            if free < left < end - wide - _GAP:
                draw_text(painter, QRectF(left, down, wide, self.line), CENTRE, text)
                free = left + wide + _GAP

    def _paint_up(self, painter: QPainter, area: QRectF, labels: Sequence[tuple[float, str]]) -> None:
        """Paint grid lines with labels at the left, placed by shares of the height."""
        for share, text in labels:
            y = round(area.bottom() - share * area.height()) + 0.5
            painter.setPen(QPen(QColor(self.theme.grid), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            self.write(
                painter,
                QRectF(0, y - self.line / 2, area.left() - _GAP, self.line),
                RIGHT,
                text,
                self.theme.muted,
                cut=False,
            )

    def _up(self, span: Range, area_height: float) -> list[float]:
        return ticks(span, max(2, int(area_height / (1.8 * self.line))))

    def _tone(self) -> QColor:
        colour = QColor(self._hue)
        colour.setAlphaF(_FUTURE)
        return colour


class FutureFan(FuturePlot):
    """The costs of all forecasts and those until now; the line of the value set is thick. While the forecasts are
    covered, the user may draw a guess."""

    drawn = Signal(object, object)
    """Emitted with the drawn costs as two arrays: mini-batches of the run, costs."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            "futures_fan",
            self.tr("The costs that would come"),
            self.tr("A line for each value, beyond now. The thick one is the value that is set; a click on a line "
                "takes its value."),
        )  # fmt: skip
        self._stroke: list[QPointF] = []
        self._name = self.tr("mini-batches")  # the label of the axis

    def _find_area(self) -> QRectF:
        content, advance = self.content, self.small.advance
        left = right = 0.0
        high = self.height() - 1.5 * self.line - 8
        if content is not None:
            bold = 1.1  # times as wide
            labels = [*(line.label for line in content.lines), self.tr("your guess")]
            right = max(max(map(advance, labels)) * bold + _LEADER, advance(self._name) + 2 * _GAP) + 2
            texts = [numbers.tick(value) for value in self._up(content.costs, high)]
            left = max(map(advance, texts), default=0.0) + _GAP + 2
        return QRectF(left, self.line / 2, self.width() - left - right, high)

    def _place(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        assert self.content is not None
        area = self.area
        across = area.left() + self.content.steps.share(x) * area.width()
        down = area.bottom() - self.content.costs.share(np.where(np.isfinite(y), y, np.nan)) * area.height()
        return across, down

    def value_at(self, place: QPointF) -> float | None:
        """Return the value of the line nearest to a place, or None if none is near."""
        if self.content is None:
            return None
        near: dict[float, float] = {}
        for line in self.content.lines:
            x, y = self._place(line.x, line.y)
            good = np.isfinite(y)
            if good.any() and place.x() >= x[good][0] - _NEAR:
                near[line.value] = abs(float(np.interp(place.x(), x[good], y[good])) - place.y())
        nearest = min(near, key=lambda value: near[value], default=None)
        return nearest if nearest is not None and near[nearest] <= _NEAR else None

    # Drawing the guess

    def press(self, at: QPointF) -> None:
        if self.content is None or not self.content.covered:
            super().press(at)
        else:
            self._stroke = [at]

    def drag(self, at: QPointF) -> None:
        if self._stroke and at.x() > self._stroke[-1].x():  # a curve only goes forward
            self._stroke.append(at)
            self.update()

    def release(self, at: QPointF) -> None:
        stroke, self._stroke = self._stroke, []
        content, area = self.content, self.area
        if content is None or len(stroke) < _LEAST_STROKE:
            self.update()
            return
        x = np.array([point.x() for point in stroke])
        y = np.array([point.y() for point in stroke])
        steps, costs = content.steps, content.costs
        places = steps.low + (x - area.left()) / area.width() * (steps.high - steps.low)
        powers = np.log10([costs.low, costs.high])
        values = 10 ** (powers[0] + (area.bottom() - y) / area.height() * (powers[1] - powers[0]))
        beyond = places >= content.now
        if beyond.sum() >= _LEAST_STROKE:
            self.drawn.emit(places[beyond], values[beyond])
        self.update()

    def _paint_guess(self, painter: QPainter, content: FuturesContent) -> None:
        painter.setPen(QPen(QColor(self.theme.text), 1.8, Qt.PenStyle.DashLine))
        if self._stroke:
            painter.drawPolyline(self._stroke)
        elif content.guess.drawn is not None:
            painter.drawPath(line_path(*self._place(*content.guess.drawn)))

    def _paint_prompt(self, painter: QPainter, now: float, area: QRectF) -> None:
        painter.setPen(QColor(self.theme.muted))
        room = QRectF(now + _GAP, area.top(), area.right() - now - 2 * _GAP, area.height())
        flags = CENTRE | Qt.TextFlag.TextWordWrap
        draw_text(painter, room, flags, self.tr("Draw how the cost goes on from here."))

    def paint(self, painter: QPainter) -> None:
        content, theme = self.content, self.theme
        if content is None:
            return
        painter.setFont(small_font(self))
        area = self.area
        now = float(self._place(np.array([float(content.now)]), np.array([1.0]))[0][0])
        painter.fillRect(QRectF(now, area.top(), area.right() - now, area.height()), QColor(theme.field))
        values = self._up(content.costs, area.height())
        shares = content.costs.share(np.array(values)).tolist()
        self._paint_up(painter, area, list(zip(shares, map(numbers.tick, values), strict=True)))
        most = max(2, int(area.width() / (6 * self.line)))
        steps = [value for value in ticks(content.steps, most) if value == round(value)]
        across = content.steps.share(np.array(steps)).tolist()
        texts = (numbers.whole(round(step)) for step in steps)
        self._paint_across(painter, area, zip(across, texts, strict=True), self._name)
        painter.save()
        painter.setClipRect(area.adjusted(0, -2, 2, 2))
        painter.setPen(QPen(QColor(self._hue), 1.5))
        painter.drawPath(line_path(*self._place(*content.before)))
        for line in sorted(content.lines, key=lambda line: self._weight(line.value)):
            weight = self._weight(line.value)
            painter.setPen(QPen(QColor(self._hue) if weight > _THIN else self._tone(), weight))
            painter.drawPath(line_path(*self._place(line.x, line.y)))
        self._paint_guess(painter, content)
        painter.restore()
        painter.setPen(QPen(QColor(theme.accent), 2))
        painter.drawLine(QPointF(now, area.top()), QPointF(now, area.bottom()))
        self._paint_now(painter, now, area)
        if content.covered and not self._stroke:
            self._paint_prompt(painter, now, area)
        self._paint_names(painter, area)

    def _weight(self, value: float) -> float:
        assert self.content is not None
        if value == self.content.chosen:
            return _THICK
        return _POINTED if value == self._pointed else _THIN

    def _paint_now(self, painter: QPainter, now: float, area: QRectF) -> None:
        text = self.tr("now")
        wide = painter.fontMetrics().horizontalAdvance(text) + 2
        painter.setPen(QColor(self.theme.accent))
        left = now - wide - 5 if now - wide - 5 >= area.left() else now + 5  # clear of the axis labels
        draw_text(painter, QRectF(left, area.top() - 2, wide, self.line), RIGHT, text)

    def _paint_names(self, painter: QPainter, area: QRectF) -> None:
        """Paint the labels that fit beside the line ends; those of the values set, current, pointed at and guessed
        always."""
        content, height = self.content, self.line
        assert content is not None
        chosen = content.chosen
        always = {chosen, content.until_now} if self._pointed is None else {chosen, self._pointed}
        ends: dict[float, QPointF] = {}
        for line in content.lines:
            x, y = self._place(line.x, line.y)
            good = np.isfinite(y)
            if good.any():
                down = min(max(float(y[good][-1]), area.top()), area.bottom())
                ends[line.value] = QPointF(min(float(x[good][-1]), area.right()), down)
        if content.guess.drawn is not None and not content.covered:
            x, y = self._place(*content.guess.drawn)
            ends[_GUESS] = QPointF(min(float(x[-1]), area.right()), float(y[-1]))
            always = {*always, _GUESS}
        wanted = sorted(ends, key=lambda value: (value != chosen, value not in always, -value))
        named: list[float] = []
        for value in wanted:
            free = all(abs(ends[value].y() - ends[other].y()) >= height for other in named)
            if free or value in always:
                named.append(value)
        named.sort(key=lambda value: ends[value].y())
        middles = apart([ends[value].y() for value in named], height, area.top(), area.bottom())
        labels = {line.value: line.label for line in content.lines}
        labels[_GUESS] = self.tr("your guess")
        left = area.right() + _LEADER
        for value, middle in zip(named, middles, strict=True):
            font = small_font(self)
            font.setBold(value == chosen)
            painter.setFont(font)
            painter.setPen(QPen(QColor(self.theme.line), 1))
            painter.drawLine(QPointF(ends[value].x() + 2, ends[value].y()), QPointF(left - 4, middle))
            painter.setPen(QColor(self.theme.text if value in always else self.theme.muted))
            room = QRectF(left, middle - height / 2, self.width() - left, height)
            draw_text(painter, room, LEFT, labels[value])


def apart(places: Sequence[float], pitch: float, low: float, high: float) -> list[float]:
    """Return the positions in order, moved as little as possible so that neighbours are `pitch` apart, within the
    limits."""
    positions: list[float] = []
    for place in places:
        positions.append(max(place, positions[-1] + pitch) if positions else max(place, low))
    limit = max(high, low + pitch * (len(positions) - 1))
    for number in reversed(range(len(positions))):
        positions[number] = min(positions[number], limit)
        limit = positions[number] - pitch
    return positions


class MisreadPlot(FuturePlot):
    """The error rate after each forecast, at its value's position on the slider. The arrow keys move from value to
    value, Enter adopts one. A click between two dots adds the value there."""

    added = Signal(float)
    """Emitted with a value that the user adds."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            "futures_misread",
            self.tr("The share misread after the next mini-batches"),
            self.tr("A dot for each value, where it is on the slider. The bar behind it is what another order of the "
                "same digits changes. Left and Right go from dot to dot; Enter or a click takes its value. A click "
                "between two dots adds the value there."),
            takes_focus=True,
        )  # fmt: skip

    def _find_area(self) -> QRectF:
        advance, line = self.small.advance, self.line
        left, right = advance(words.share(0.111)) + _GAP, 0.0
        if self.content is not None:
            right = advance(self.content.reference_label) + _GAP + 2
        above = 1.3 * line
        return QRectF(left, above, self.width() - left - right, self.height() - above - line - 8)

    def point_of(self, end: FutureEnd) -> QPointF:
        return QPointF(self.area.left() + end.place * self.area.width(), self._down(end.misread))

    def _down(self, share: float) -> float:
        assert self.content is not None
        area = self.area
        at = float(self.content.shares.share(np.array([share]))[0])
        return area.bottom() - min(max(at, 0.0), 1.0) * area.height()

    def value_at(self, place: QPointF) -> float | None:
        """Return the value of the nearest dot, or None if none is near; while covered, the nearest one horizontally."""
        if self.content is None:
            return None
        if self.content.covered:
            across = {end.value: abs(place.x() - self.point_of(end).x()) for end in self.content.ends}
            return min(across, key=lambda value: across[value])
        off = {end.value: (place - self.point_of(end)).manhattanLength() for end in self.content.ends}
        value = min(off, key=lambda value: off[value])
        return value if off[value] <= _NEAR else None

    def show_content(self, content: FuturesContent | None, hue: str) -> None:
        """Show other forecasts; point at an added one if the mouse is still there."""
        super().show_content(content, hue)
        if content is not None and any(end.value == self._offered for end in content.ends):
            offered, self._offered = self._offered, None
            self._point(offered)

    def _offer_at(self, place: QPointF) -> float | None:
        area, content = self.area, self.content
        if content is None or not area.contains(place) or self.value_at(place) is not None:
            return None
        return content.new_at((place.x() - area.left()) / area.width())

    def _offer(self, value: float | None) -> None:
        if value != self._offered:
            self._offered = value
            self._update_text()

    def hover(self, at: QPointF | None) -> None:
        super().hover(at)
        self._offer(None if at is None else self._offer_at(at))

    def press(self, at: QPointF) -> None:
        super().press(at)
        if (offered := self._offer_at(at)) is not None:
            self.added.emit(offered)

    def key(self, key: Qt.Key) -> bool:
        content = self.content
        if content is None:
            return False
        values = [end.value for end in content.ends]
        at = values.index(content.chosen if self._pointed is None else self._pointed)
        goal = place_after(key, at, len(values) - 1)
        if goal is not None:
            self._point(values[goal])
        elif key in ENTER:
            self.value_wanted.emit(values[at])
        return goal is not None or key in ENTER

    def paint(self, painter: QPainter) -> None:
        content, theme = self.content, self.theme
        if content is None:
            return
        painter.setFont(small_font(self))
        area = self.area
        values = self._up(content.shares, area.height())
        shares = content.shares.share(np.array(values)).tolist()
        texts = [words.percent_tick(value) for value in values]
        self._paint_up(painter, area, list(zip(shares, texts, strict=True)))
        self._paint_across(painter, area, content.slider_ticks, content.slider_name)
        painter.setPen(QPen(QColor(theme.accent), 1.5, Qt.PenStyle.DotLine))
        now = self._down(content.reference)
        painter.drawLine(QPointF(area.left(), now), QPointF(area.right(), now))
        painter.setPen(QColor(theme.accent))
        beside = QRectF(
            area.right() + _GAP, now - self.line / 2, self.width() - area.right() - _GAP, self.line
        )
        draw_text(painter, beside, LEFT, content.reference_label)
        if content.covered:
            self._paint_question(painter, content, area)
            return
        points = [self.point_of(end) for end in content.ends]
        flat = Qt.PenCapStyle.FlatCap
        painter.setPen(QPen(QColor(theme.track), 2 * _DOT, Qt.PenStyle.SolidLine, flat))  # the margin
        for end, point in zip(content.ends, points, strict=True):
            x, low, high = point.x(), end.misread - end.margin, end.misread + end.margin
            painter.drawLine(QPointF(x, self._down(max(low, 0.0))), QPointF(x, self._down(high)))
        painter.setPen(QPen(self._tone(), 1))
        painter.drawPolyline(points)
        for end, point in zip(content.ends, points, strict=True):
            self._paint_dot(painter, end, point)
        if self._offered is not None and self._pointed is None:
            place = place_of(content.varied, self._offered)
            self._paint_label(painter, area, words.offer(content.varied, self._offered), place, area.bottom())
        else:
            named = content.end(content.chosen if self._pointed is None else self._pointed)
            self._paint_label(painter, area, named.label, named.place, self.point_of(named).y() - 2.6 * _DOT)
        if content.guess.value is not None:
            at = self.point_of(content.end(content.guess.value))
            painter.setPen(QPen(QColor(theme.text), 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(at.x(), at.y() + 2.6 * _DOT), QPointF(at.x(), area.bottom()))

    def _paint_question(self, painter: QPainter, content: FuturesContent, area: QRectF) -> None:
        """Paint a mark at the axis for each value, and the label of the one pointed at, or else what to do."""
        for end in content.ends:
            x, is_set = self.point_of(end).x(), end.value == content.chosen
            painter.setPen(
                QPen(QColor(self.theme.accent if is_set else self.theme.line), 3 if is_set else 1.5)
            )
            painter.drawLine(QPointF(x, area.bottom() - _MARK), QPointF(x, area.bottom()))
        if self._pointed is not None:
            end = content.end(self._pointed)
            self._paint_label(painter, area, end.label, end.place, area.bottom())
            return
        painter.setPen(QColor(self.theme.muted))
        room = area.adjusted(_GAP, 0, -_GAP, -_MARK)
        text = self.tr("Point at the {setting} that will misread fewest.").format(setting=content.slider_name)
        if self._down(content.reference) < area.center().y():
            room.setTop(self._down(content.reference) + 2)  # below the reference line
        else:
            room.setBottom(self._down(content.reference) - 2)
        flags = CENTRE | Qt.TextFlag.TextWordWrap
        painter.fillRect(painter.boundingRect(room, flags, text), QColor(self.theme.card))  # hide the grid
        draw_text(painter, room, flags, text)

    def _paint_dot(self, painter: QPainter, end: FutureEnd, point: QPointF) -> None:
        content, theme = self.content, self.theme
        assert content is not None
        if end.value == content.chosen:
            set_ink(painter, fill=theme.accent)
            painter.drawEllipse(point, 2 * _DOT, 2 * _DOT)
        paint_outcome(painter, theme, self._hue, end.outcome, point)
        if end.value == self._pointed:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 2 if has_ring(self) else 1))
            painter.drawEllipse(point, 2.4 * _DOT, 2.4 * _DOT)

    def _paint_label(self, painter: QPainter, area: QRectF, text: str, place: float, down: float) -> None:
        """Paint text above the plot, and a line down from it at the value's position on the slider."""
        font = small_font(self)
        font.setBold(True)
        painter.setFont(font)
        wide = QFontMetricsF(font, self).horizontalAdvance(text) + 4
        x = area.left() + place * area.width()
        left = min(max(x - wide / 2, area.left()), self.width() - wide)
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.drawLine(QPointF(x, self.line + 2), QPointF(x, down))
        self.write(painter, QRectF(left, 0, wide, self.line), CENTRE, text, self.theme.text, cut=False)


def paint_outcome(painter: QPainter, theme: Theme, hue: str, outcome: str, at: QPointF) -> None:
    """Paint the dot of a forecast compared with the current value: filled for fewer misclassified, hollow for no clear
    difference, grey for more."""
    colour = QColor(theme.line if outcome == "more" else hue)
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(QColor(theme.card) if outcome == "same" else colour)
    painter.drawEllipse(at, _DOT, _DOT)


class FutureLegend(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("futures_legend")
        self._theme, self._hue = theme, theme.runs[0]
        self._texts: tuple[str, ...] = ()

    def show_legend(self, texts: tuple[str, ...], theme: Theme, hue: str) -> None:
        self._texts, self._theme, self._hue = texts, theme, hue
        self.setAccessibleName(", ".join(texts))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(small_font(self), self)
        wide = sum(metrics.horizontalAdvance(text) + 2 * _GAP + 2 * _DOT for text in self._texts)
        return QSize(round(wide) + 2, round(metrics.height()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(small_font(self))
        metrics, x = QFontMetricsF(painter.font(), self), _DOT + 1
        for outcome, text in zip(("fewer", "same", "more"), self._texts, strict=False):
            paint_outcome(painter, self._theme, self._hue, outcome, QPointF(x, self.height() / 2))
            wide = metrics.horizontalAdvance(text) + 2
            painter.setPen(QColor(self._theme.muted))
            draw_text(painter, QRectF(x + _GAP, 0, wide, self.height()), LEFT, text)
            x += wide + 2 * _GAP + 2 * _DOT - 2
