"""A panel for each layer: a histogram of its weighted inputs z with the slope of the activation, and of activations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.array_paths import line_path
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme, toned
from mnistviz.gui.common.widgets import describe, small_font, tabular

Floats = NDArray[np.float64]

_GAP: Final = 18  # pixels from panel to panel, with a line in the middle
_CLOSE: Final = 10  # the same where panels are narrow
_NARROW: Final = 8  # lines of text: in panels of less they stand closer
_SHARE: Final = 0.58  # of the height of both histograms, for that of z
_LOW: Final = 2.6  # lines: a histogram that is lower has no number above its highest bar
_TALL: Final = 10.5  # lines: from there on the sizes of the weights have a line of their own
_PALE: Final = -0.55  # the tone of bars where the activation has a slope
_SOFT: Final = -0.3  # that of activations
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE: Final = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, eq=False)
class LayerBars:
    """A histogram: `heights` are shares of the highest bar, `flat` bars are darker, `labels` stand below at shares of
    the width, with the name of the axis at its right end, and `most` says how large the highest bar is. `beside` are
    the heights of another run's bars, of which an outline is seen; then the highest of both has the full height."""

    heights: Floats
    flat: NDArray[np.bool_]
    labels: tuple[tuple[float, str], ...]
    axis: tuple[str, ...]
    most: str = ""
    slope: Floats | None = None
    """The slope of the activation in the middle of each bar, as a share of the steepest."""
    reach: str = ""
    """How far the axis goes: in the place of its name where there is no room for all labels."""
    beside: Floats | None = None


@dataclass(frozen=True, eq=False)
class LayerPicture:
    """What is shown of one layer. Of several wordings, the longest first, the first that fits is painted."""

    names: tuple[str, ...]
    shares: tuple[str, ...]
    weights: tuple[str, ...]
    z: LayerBars
    a: LayerBars


class LegendPart(NamedTuple):
    """A sign, "line", "bar" or "outline", and what it means, in fewer and fewer words; without one it stands at the
    right."""

    sign: str
    texts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class LayersContent:
    """All layers after the input, in the hue of their run; the outlines are in that of the run beside. `told` says what
    a bar means: of a layer, among those of z or of the activations, by its number."""

    hue: str
    layers: tuple[LayerPicture, ...] = ()
    legend: tuple[LegendPart, ...] = ()
    told: Callable[[BarPlace], str] = lambda place: ""
    beside_hue: str = ""


class BarPlace(NamedTuple):
    """A bar of one of the histograms of a layer."""

    layer: int
    of_z: bool
    bar: int


class PanelPlaces(NamedTuple):
    """Where the parts of a panel are, in pixels."""

    name: QRectF
    second: QRectF
    z: QRectF
    a: QRectF


class LayerCharts(QWidget):
    """Histograms side by side. What is pointed at, with the mouse or the arrow keys, is told in the line below."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._content = theme, LayersContent(theme.muted)
        self._pointed: BarPlace | None = None
        describe(self, "layer_charts", self.tr("Weighted inputs and activations by layer"), "")
        self.setWhatsThis(
            self.tr(
                "For each layer: how often each weighted input z occurs, with the slope of the activation over it, and "
                "below how often each activation does. Point at a bar to read it. Left and Right go from bar to bar, "
                "Up and Down from z to the activations, Page Up and Page Down from layer to layer."
            )
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    @property
    def content(self) -> LayersContent:
        return self._content

    @property
    def pointed(self) -> BarPlace | None:
        """The bar that is read."""
        return self._pointed

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_content(self, content: LayersContent) -> None:
        """Shows these layers; the bar that was read is read again, if it is there still."""
        self._content = content
        place = self._pointed
        if place is not None and not (
            place.layer < len(content.layers) and place.bar < len(self._bars(place).heights)
        ):
            place = None
        self._point(place, again=True)

    # Places

    @property
    def _line(self) -> float:
        return QFontMetricsF(small_font(self), self).height()

    def minimumSizeHint(self) -> QSize:
        line = self._line
        return QSize(round(18 * line), round(8.5 * line))

    def _advance(self, text: str, *, bold: bool = False) -> float:
        return QFontMetricsF(self._bold if bold else self._plain, self).horizontalAdvance(text)

    @property
    def _plain(self) -> QFont:
        return tabular(small_font(self))

    @property
    def _bold(self) -> QFont:
        bold = small_font(self)
        bold.setWeight(QFont.Weight.DemiBold)
        return bold

    def panels(self) -> list[PanelPlaces]:
        """Where each layer is."""
        count, line = max(1, len(self._content.layers)), self._line
        gap = _GAP if self.width() / count >= _NARROW * line else _CLOSE
        wide = (self.width() - 1 - gap * (count - 1)) / count
        top = (2 if self._has_second_line(wide) else 1) * line + 3
        free = self.height() - top - 3 * line - 8
        high = round(_SHARE * free)
        second = QRectF(0, line, wide, line)
        return [
            PanelPlaces(
                QRectF(left, 0, wide, line),
                second.translated(left, 0),
                QRectF(left, top, wide, high),
                QRectF(left, top + high + line + 2, wide, free - high),
            )
            for left in (round(number * (wide + gap)) for number in range(count))
        ]

    def _has_second_line(self, wide: float) -> bool:
        return self.height() >= _TALL * self._line or not self._shares_fit(wide)

    def _shares_fit(self, wide: float) -> bool:
        """Whether name and share of every layer stand side by side."""
        return all(self._beside_name(layer, wide) or not layer.shares for layer in self._content.layers)

    def _beside_name(self, layer: LayerPicture, wide: float) -> str:
        free = wide - self._advance(layer.names[0], bold=True) - 6
        return self._fitting(layer.shares, free)

    def _fitting(self, texts: Sequence[str], wide: float) -> str:
        return next((text for text in texts if self._advance(text) <= wide), "")

    def _bars(self, place: BarPlace) -> LayerBars:
        layer = self._content.layers[place.layer]
        return layer.z if place.of_z else layer.a

    def place_at(self, at: QPointF) -> BarPlace | None:
        """The bar at a point, or above or below it."""
        if not self._content.layers:
            return None
        for number, panel in enumerate(self.panels()):
            if panel.z.left() - 2 <= at.x() < panel.z.right() + 2:
                of_z = at.y() < (panel.z.bottom() + panel.a.top()) / 2
                room = panel.z if of_z else panel.a
                place = BarPlace(number, of_z, 0)
                count = len(self._bars(place).heights)
                bar = int((at.x() - room.left()) / room.width() * count)
                return place._replace(bar=min(max(bar, 0), count - 1))
        return None

    # What the user does

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self.place_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, layers = Qt.Key(event.key()), len(self._content.layers)
        if key == Qt.Key.Key_Escape and self._pointed is not None:
            self._point(None)
            return
        here = self._pointed or BarPlace(0, True, -1)
        steps = {
            Qt.Key.Key_Left: here._replace(bar=here.bar - 1),
            Qt.Key.Key_Right: here._replace(bar=here.bar + 1),
            Qt.Key.Key_Home: here._replace(bar=0),
            Qt.Key.Key_End: here._replace(bar=10**6),
            Qt.Key.Key_Up: self._across(here, of_z=True),
            Qt.Key.Key_Down: self._across(here, of_z=False),
            Qt.Key.Key_PageUp: here._replace(layer=max(here.layer - 1, 0)),
            Qt.Key.Key_PageDown: here._replace(layer=min(here.layer + 1, layers - 1)),
        }
        if key not in steps or not layers or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        place = steps[key]
        count = len(self._bars(place).heights)
        if place.bar >= count and key == Qt.Key.Key_Right and place.layer + 1 < layers:
            place = place._replace(layer=place.layer + 1, bar=0)
        elif place.bar < 0 and key == Qt.Key.Key_Left and place.layer:
            place = place._replace(layer=place.layer - 1, bar=count - 1)
        self._point(place._replace(bar=min(max(place.bar, 0), count - 1)))

    def _across(self, here: BarPlace, *, of_z: bool) -> BarPlace:
        """The bar of the other histogram that lies above or below one."""
        if here.of_z == of_z or not self._content.layers:
            return here
        there = here._replace(of_z=of_z)
        share = (max(here.bar, 0) + 0.5) / len(self._bars(here).heights)
        return there._replace(bar=int(share * len(self._bars(there).heights)))

    def _point(self, place: BarPlace | None, *, again: bool = False) -> None:
        if again or place != self._pointed:
            self._pointed = place
            self.setAccessibleDescription("" if place is None else self._content.told(place))
            self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        layers, panels = self._content.layers, self.panels()
        if not layers:
            return
        fit = self._shares_fit(panels[0].name.width())
        for number, (layer, panel) in enumerate(zip(layers, panels, strict=True)):
            self._paint_head(painter, layer, panel, beside=fit)
            self._paint_z(painter, layer.z, panel.z)
            self._paint_a(painter, layer.a, panel.a)
            if number:
                x = round((panel.name.left() + panels[number - 1].name.right()) / 2) + 0.5
                painter.setPen(QPen(QColor(self._theme.border), 1))
                painter.drawLine(QPointF(x, 2), QPointF(x, panel.a.bottom() + self._line))
        if self._pointed is not None:
            self._paint_pointed(painter, self._pointed, panels[self._pointed.layer])
        foot = QRectF(0, self.height() - self._line - 1, self.width(), self._line)
        if self._pointed is None:
            self._paint_legend(painter, foot)
        else:
            painter.setPen(QColor(self._theme.text))
            told = self._content.told(self._pointed)
            draw_text(painter, foot, _LEFT, told, elide=Qt.TextElideMode.ElideRight)
        if has_ring(self) and self._pointed is None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.accent), 1))
            painter.drawRect(panels[0].z.adjusted(0.5, 0.5, -0.5, -0.5))  # where the keys begin

    def _paint_head(
        self, painter: QPainter, layer: LayerPicture, panel: PanelPlaces, *, beside: bool
    ) -> None:
        theme, wide = self._theme, panel.name.width()
        name = next((name for name in layer.names if self._advance(name, bold=True) <= wide), "")
        painter.setFont(self._bold)
        painter.setPen(QColor(theme.text))
        draw_text(painter, panel.name, _LEFT, name)
        painter.setFont(self._plain)
        if beside:
            draw_text(painter, panel.name, _RIGHT, self._beside_name(layer, wide))
        if self._has_second_line(wide):
            painter.setPen(QColor(theme.muted))
            texts = layer.weights if beside else layer.shares
            draw_text(painter, panel.second, _LEFT, self._fitting(texts, wide))

    def _paint_z(self, painter: QPainter, bars: LayerBars, room: QRectF) -> None:
        theme, hue = self._theme, self._content.hue
        edges = self._edges(bars, room)
        for bar in np.flatnonzero(bars.flat).tolist():
            painter.fillRect(
                QRectF(edges[bar], room.top(), edges[bar + 1] - edges[bar], room.height()),
                QColor(theme.field),
            )
        shades = QColor(toned(theme, hue, _PALE)), QColor(hue)
        self._paint_bars(painter, bars, room, shades, head=0)
        self._paint_outline(painter, bars, room, head=0)
        if bars.slope is not None:
            middles = room.left() + (np.arange(len(bars.slope)) + 0.5) / len(bars.slope) * room.width()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.text), 1.5))
            painter.drawPath(line_path(middles, room.bottom() - 1 - bars.slope * (room.height() - 3)))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_axis(painter, bars, room)

    def _paint_a(self, painter: QPainter, bars: LayerBars, room: QRectF) -> None:
        colour = QColor(toned(self._theme, self._content.hue, _SOFT))
        line = self._line
        head = line if bars.most and room.height() >= _LOW * line else 0
        self._paint_bars(painter, bars, room, (colour, colour), head=head)
        self._paint_outline(painter, bars, room, head=head)
        if head:
            heights = bars.heights if bars.beside is None else np.maximum(bars.heights, bars.beside)
            highest = int(heights.argmax())
            edges = self._edges(bars, room)
            wide = self._advance(bars.most) + 2
            left = min(
                max((edges[highest] + edges[highest + 1] - wide) / 2, room.left()), room.right() - wide
            )
            painter.setPen(QColor(self._theme.muted))
            draw_text(painter, QRectF(left, room.top() - 1, wide, line), _CENTRE, bars.most)
        self._paint_axis(painter, bars, room)

    def _edges(self, bars: LayerBars, room: QRectF) -> list[float]:
        """Where bars begin and end, on whole pixels."""
        count = len(bars.heights)
        edges: list[float] = np.rint(room.left() + np.arange(count + 1) / count * room.width()).tolist()
        return edges

    def _paint_bars(
        self, painter: QPainter, bars: LayerBars, room: QRectF, shades: tuple[QColor, QColor], *, head: float
    ) -> None:
        edges, free = self._edges(bars, room), room.height() - head
        between = 1 if room.width() >= 4 * len(bars.heights) else 0
        for bar, height in enumerate(bars.heights.tolist()):
            if height:
                high = max(1, round(height * free))
                wide = max(1, edges[bar + 1] - edges[bar] - between)
                where = QRectF(edges[bar], round(room.bottom()) - high, wide, high)
                painter.fillRect(where, shades[int(bars.flat[bar])])

    def _paint_outline(self, painter: QPainter, bars: LayerBars, room: QRectF, *, head: float) -> None:
        """The bars of the run beside, as one line with steps."""
        if bars.beside is None:
            return
        foot = round(room.bottom()) - 0.5
        across = np.repeat(self._edges(bars, room), 2)
        down = np.full(len(across), foot)
        down[1:-1] = np.repeat(foot - np.rint(bars.beside * (room.height() - head - 1)), 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._content.beside_hue), 1.6))
        painter.drawPath(line_path(across.astype(float), down))

    def _paint_axis(self, painter: QPainter, bars: LayerBars, room: QRectF) -> None:
        """The line below, with labels that do not touch, the middle one first, and the name of the axis."""
        theme, line, foot = self._theme, self._line, round(room.bottom())
        painter.fillRect(QRectF(room.left(), foot, room.width(), 1), QColor(theme.line))
        painter.setPen(QColor(theme.muted))
        painter.setFont(self._plain)
        taken = list[tuple[float, float]]()

        def place(middle: float, text: str) -> bool:
            wide = self._advance(text) + 1
            left = min(max(middle - wide / 2, room.left()), room.right() - wide)
            if any(left < end + 3 and begin < left + wide + 3 for begin, end in taken):
                return False
            taken.append((left, left + wide))
            draw_text(painter, QRectF(left, foot + 1, wide, line), _CENTRE, text)
            return True

        def fits(labels: Sequence[tuple[float, str]]) -> bool:
            """Whether all of them have room beside each other and the name of the axis."""
            free = room.width() * (labels[-1][0] - labels[0][0]) - self._advance(labels[-1][1])
            return free >= 2 * self._advance(labels[0][1]) if len(labels) > 2 else True

        at_ends = bars.labels[0][0] == 0
        all_fit = at_ends or fits(bars.labels)
        middle = bars.labels[len(bars.labels) // 2 : len(bars.labels) // 2 + 1]
        if not all_fit:
            place(room.right(), bars.reach)
        for share, text in bars.labels if all_fit else middle:
            place(room.left() + share * room.width(), text)
        for text in bars.axis:
            if place(room.center().x() if at_ends else room.right(), text):
                break

    def _paint_pointed(self, painter: QPainter, place: BarPlace, panel: PanelPlaces) -> None:
        """A line through the bar that is read, and a sign below it."""
        bars, room = self._bars(place), panel.z if place.of_z else panel.a
        edges = self._edges(bars, room)
        left, wide = edges[place.bar], max(2, edges[place.bar + 1] - edges[place.bar])
        accent = QColor(self._theme.accent)
        high = max(2, round(float(bars.heights[place.bar]) * (room.height() - 1)))
        painter.fillRect(QRectF(left, round(room.bottom()) - high, wide, high), accent)
        painter.setPen(QPen(accent, 1))
        x = left + wide // 2 + 0.5
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom() + 2))

    def _paint_legend(self, painter: QPainter, foot: QRectF) -> None:
        """What signs mean, from the left; what has none stands at the right. What does not fit is left out."""
        theme, middle = self._theme, foot.center().y()
        left, right = foot.left(), foot.right()
        for part in self._content.legend:
            sign = 22.0 if part.sign else 0.0
            text = self._fitting(part.texts, right - left - sign - 8)
            if not text:
                continue
            wide = self._advance(text) + 2
            if not part.sign:
                right -= wide
                painter.setPen(QColor(theme.muted))
                draw_text(painter, QRectF(right, foot.top(), wide, foot.height()), _RIGHT, text)
                right -= 12
                continue
            if part.sign == "line":
                painter.fillRect(QRectF(left, round(middle) - 1, 14, 2), QColor(theme.text))
            elif part.sign == "outline":
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(self._content.beside_hue), 1.6))
                painter.drawRect(QRectF(left + 3, round(middle) - 4, 9, 9))
            else:
                painter.fillRect(QRectF(left + 3, round(middle) - 4, 9, 9), QColor(self._content.hue))
            painter.setPen(QColor(theme.muted))
            draw_text(painter, QRectF(left + 20, foot.top(), wide, foot.height()), _LEFT, text)
            left += 20 + wide + 14
