"""A panel for each layer: histograms of its weighted inputs z, with the slope of the activation, and of activations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter

from mnistviz.gui.common.painted_figure import CENTRE, LEFT, RIGHT, PaintedFigure
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import colour, pen, polygon
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme, toned

Floats = NDArray[np.float64]

_GAP, _CLOSE = 18, 10  # pixels: between panels, with a line in the middle, and between narrow ones
_NARROW: Final = 8  # lines of text: the width of a narrow panel
_SHARE: Final = 0.58  # of the height of both histograms, for that of z
_LOW: Final = 2.6  # lines: a lower histogram has no number above its highest bar
_TALL: Final = 10.5  # lines: the height that has a line for the sizes of the weights
_PALE: Final = -0.55  # the tone of bars where the activation has a slope
_SOFT: Final = -0.3  # the tone of activations


class LayerBars(Struct, frozen=True, eq=False):
    """A histogram. `heights` are shares of the highest bar, whose size is the text `most`; `flat` bars are darker;
    `labels` stand below at shares of the width, the name of the axis at its right end. `beside` are the heights of
    another run's bars, drawn as an outline; then the highest bar of both has the full height."""

    heights: Floats
    flat: NDArray[np.bool_]
    labels: tuple[tuple[float, str], ...]
    axis: tuple[str, ...]
    most: str = ""
    slope: Floats | None = None
    """The slope of the activation in the middle of each bar, as a share of the steepest."""
    reach: str = ""  # the range of the axis, shown instead of its name if not all labels fit
    beside: Floats | None = None


class LayerPicture(Struct, frozen=True, eq=False):
    """The texts and histograms of one layer; texts from long to short, and the last of `shares` is a bare number."""

    names: tuple[str, ...]
    shares: tuple[str, ...]
    weights: tuple[str, ...]
    z: LayerBars
    a: LayerBars


class LegendPart(NamedTuple):
    """A sign, "line", "bar" or "outline", and its meaning from long to short. Without a sign it stands at the right."""

    sign: str
    texts: tuple[str, ...]


class LayersContent(Struct, frozen=True, eq=False):
    """All layers after the input, and outlines of the run beside, each in its run's colour. `told` describes a bar."""

    hue: str
    layers: tuple[LayerPicture, ...] = ()
    legend: tuple[LegendPart, ...] = ()
    told: Callable[[BarPlace], str] = lambda place: ""
    beside_hue: str = ""


class BarPlace(NamedTuple):
    """A bar of a histogram of z or of activations. Panel 0 is the first layer after the input."""

    panel: int
    of_z: bool
    bar: int


class PanelPlaces(NamedTuple):
    name: QRectF
    second: QRectF
    z: QRectF
    a: QRectF


class LayerCharts(PaintedFigure):
    """Histograms side by side. The line below describes the bar under the mouse, or chosen with the arrow keys."""

    def __init__(self) -> None:
        tip = tr(
            "For each layer: how often each weighted input z occurs, with the slope of the activation over it, and "
            "below how often each activation does. Point at a bar to read it. Left and Right go from bar to bar, "
            "Up and Down from z to the activations, Page Up and Page Down from layer to layer."
        )
        super().__init__("layer_charts", tr("Weighted inputs and activations by layer"), tip)
        self.content = LayersContent(theme().muted)
        self.pointed: BarPlace | None = None
        self._panels: list[PanelPlaces] = []  # cached until resized
        self.setMouseTracking(True)

    def show_content(self, content: LayersContent) -> None:
        """Show these layers. The described bar stays, if it still exists."""
        self.content = content
        self._panels = []
        if (place := self.pointed) is not None and not (
            place.panel < len(content.layers) and place.bar < len(self._bars(place).heights)
        ):
            place = None
        self._point(place, again=True)

    def heard(self) -> str:
        """Describe each layer in a few words, for assistive technologies."""
        return "; ".join(
            f"{each.names[0]}: {each.shares[0]}, {each.weights[0]}" for each in self.content.layers
        )

    def minimumSizeHint(self) -> QSize:
        line = self.line
        return QSize(round(18 * line), round(8.5 * line))

    def forget_places(self) -> None:
        self._panels = []

    def panels(self) -> list[PanelPlaces]:
        if self._panels:
            return self._panels
        count, line = max(1, len(self.content.layers)), self.line
        gap = _GAP if self.width() / count >= _NARROW * line else _CLOSE
        wide = (self.width() - 1 - gap * (count - 1)) / count
        top = (2 if self._has_second_line(wide) else 1) * line + 3
        free = self.height() - top - 3 * line - 8
        high = round(_SHARE * free)
        second = QRectF(0, line, wide, line)
        self._panels = [
            PanelPlaces(
                QRectF(left, 0, wide, line),
                second.translated(left, 0),
                QRectF(left, top, wide, high),
                QRectF(left, top + high + line + 2, wide, free - high),
            )
            for left in (round(number * (wide + gap)) for number in range(count))
        ]
        return self._panels

    def _has_second_line(self, wide: float) -> bool:
        return self.height() >= _TALL * self.line or not self._shares_beside(wide)

    def _shares_beside(self, wide: float) -> bool:
        """Return True if the share of every layer fits beside its name. A bare number does so only if the share with
        its word does not fit in a line of its own either."""
        layers, fitting = [layer for layer in self.content.layers if layer.shares], self.small.fitting
        if all(fitting(layer.shares[:-1], wide) for layer in layers):
            return all(fitting(layer.shares[:-1], self._free_beside(layer, wide)) for layer in layers)
        return all(fitting(layer.shares, self._free_beside(layer, wide)) for layer in layers)

    def _free_beside(self, layer: LayerPicture, wide: float) -> float:
        return wide - self.small.advance(layer.names[0], bold=True) - 6

    def _bars(self, place: BarPlace) -> LayerBars:
        layer = self.content.layers[place.panel]
        return layer.z if place.of_z else layer.a

    def place_at(self, at: QPointF) -> BarPlace | None:
        if not self.content.layers:
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

    def hover(self, at: QPointF | None) -> None:
        self._point(None if at is None else self.place_at(at))

    def key(self, key: Qt.Key) -> bool:
        layers = len(self.content.layers)
        if key == Qt.Key.Key_Escape and self.pointed is not None:
            self._point(None)
            return True
        here = self.pointed or BarPlace(0, True, -1)
        steps = {
            Qt.Key.Key_Left: here._replace(bar=here.bar - 1),
            Qt.Key.Key_Right: here._replace(bar=here.bar + 1),
            Qt.Key.Key_Home: here._replace(bar=0),
            Qt.Key.Key_End: here._replace(bar=10**6),
            Qt.Key.Key_Up: self._across(here, of_z=True),
            Qt.Key.Key_Down: self._across(here, of_z=False),
            Qt.Key.Key_PageUp: here._replace(panel=max(here.panel - 1, 0)),
            Qt.Key.Key_PageDown: here._replace(panel=min(here.panel + 1, layers - 1)),
        }
        if key not in steps or not layers:
            return False
        place = steps[key]
        count = len(self._bars(place).heights)
        if place.bar >= count and key == Qt.Key.Key_Right and place.panel + 1 < layers:
            place = place._replace(panel=place.panel + 1, bar=0)
        elif place.bar < 0 and key == Qt.Key.Key_Left and place.panel:
            place = place._replace(panel=place.panel - 1, bar=count - 1)
        self._point(place._replace(bar=min(max(place.bar, 0), count - 1)))
        return True

    def _across(self, here: BarPlace, *, of_z: bool) -> BarPlace:
        if here.of_z == of_z or not self.content.layers:
            return here
        there = here._replace(of_z=of_z)
        share = (max(here.bar, 0) + 0.5) / len(self._bars(here).heights)
        return there._replace(bar=int(share * len(self._bars(there).heights)))

    def _point(self, place: BarPlace | None, *, again: bool = False) -> None:
        if again or place != self.pointed:
            self.pointed = place
            self.tell("" if place is None else self.content.told(place))

    # Painting: with few new objects, see `inks`

    def paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # all but the slope is on whole pixels
        layers, panels = self.content.layers, self.panels()
        if not layers:
            return
        fit = self._shares_beside(panels[0].name.width())
        for number, (layer, panel) in enumerate(zip(layers, panels, strict=True)):
            self._paint_head(painter, layer, panel, beside=fit)
            self._paint_z(painter, layer.z, panel.z)
            self._paint_a(painter, layer.a, panel.a)
            if number:
                x = round((panel.name.left() + panels[number - 1].name.right()) / 2) + 0.5
                self.draw_line(painter, x, 2, x, panel.a.bottom() + self.line, pen(theme().border))
        if self.pointed is not None:
            self._paint_pointed(painter, self.pointed, panels[self.pointed.panel])
        foot = QRectF(0, self.height() - self.line - 1, self.width(), self.line)
        if self.pointed is None:
            self._paint_legend(painter, foot)
        else:
            told = self.content.told(self.pointed)
            draw_text(painter, foot, LEFT, told, elide=Qt.TextElideMode.ElideRight, ink=theme().text)

    def _paint_head(
        self, painter: QPainter, layer: LayerPicture, panel: PanelPlaces, *, beside: bool
    ) -> None:
        wide, small = panel.name.width(), self.small
        painter.setFont(small.bold)
        draw_text(painter, panel.name, LEFT, small.fitting(layer.names, wide, bold=True), ink=theme().text)
        painter.setFont(small.plain)
        if beside:
            draw_text(painter, panel.name, RIGHT, small.fitting(layer.shares, self._free_beside(layer, wide)))
        if self._has_second_line(wide):
            texts = layer.weights if beside else layer.shares
            draw_text(painter, panel.second, LEFT, small.fitting(texts, wide), ink=theme().muted)

    def _paint_z(self, painter: QPainter, shown: LayerBars, room: QRectF) -> None:
        hue = self.content.hue
        edges, top, high = self._edges(shown, room), room.top(), room.height()
        for bar in np.flatnonzero(shown.flat).tolist():
            ground = self.lend_place(edges[bar], top, edges[bar + 1] - edges[bar], high)
            painter.fillRect(ground, colour(theme().field))
        self._paint_bars(painter, shown, room, (toned(theme(), hue, _PALE), hue), head=0)
        self._paint_outline(painter, shown, room, head=0)
        if shown.slope is not None:
            middles = room.left() + (np.arange(len(shown.slope)) + 0.5) / len(shown.slope) * room.width()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen(theme().text, 1.5))
            painter.drawPolyline(polygon(middles, room.bottom() - 1 - shown.slope * (room.height() - 3)))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_axis(painter, shown, room)

    def _paint_a(self, painter: QPainter, shown: LayerBars, room: QRectF) -> None:
        shade, line = toned(theme(), self.content.hue, _SOFT), self.line
        head = line if shown.most and room.height() >= _LOW * line else 0
        self._paint_bars(painter, shown, room, (shade, shade), head=head)
        self._paint_outline(painter, shown, room, head=head)
        if head:
            heights = shown.heights if shown.beside is None else np.maximum(shown.heights, shown.beside)
            highest = int(heights.argmax())
            edges = self._edges(shown, room)
            wide = self.small.advance(shown.most) + 2
            left = (edges[highest] + edges[highest + 1] - wide) / 2
            left = min(max(left, room.left()), room.right() - wide)
            painter.setPen(colour(theme().muted))
            draw_text(painter, self.lend_place(left, room.top() - 1, wide, line), CENTRE, shown.most)
        self._paint_axis(painter, shown, room)

    def _edges(self, shown: LayerBars, room: QRectF) -> list[float]:
        count = len(shown.heights)
        edges: list[float] = np.rint(room.left() + np.arange(count + 1) / count * room.width()).tolist()
        return edges

    def _paint_bars(
        self, painter: QPainter, shown: LayerBars, room: QRectF, shades: tuple[str, str], *, head: float
    ) -> None:
        edges, foot, inks = self._edges(shown, room), round(room.bottom()), [*map(colour, shades)]
        between = 1 if room.width() >= 4 * len(shown.heights) else 0
        heights, flat = np.rint(shown.heights * (room.height() - head)).tolist(), shown.flat.tolist()
        for bar in np.flatnonzero(shown.heights).tolist():
            high, wide = max(1.0, heights[bar]), max(1.0, edges[bar + 1] - edges[bar] - between)
            painter.fillRect(self.lend_place(edges[bar], foot - high, wide, high), inks[flat[bar]])

    def _paint_outline(self, painter: QPainter, shown: LayerBars, room: QRectF, *, head: float) -> None:
        if shown.beside is None:
            return
        foot = round(room.bottom()) - 0.5
        across = np.repeat(np.array(self._edges(shown, room)), 2)
        down = np.full(len(across), foot)
        down[1:-1] = np.repeat(foot - np.rint(shown.beside * (room.height() - head - 1)), 2)
        painter.setPen(pen(self.content.beside_hue, 1.6))
        painter.drawPolyline(polygon(across, down))

    def _paint_axis(self, painter: QPainter, shown: LayerBars, room: QRectF) -> None:
        """Paint the axis with labels that do not touch, the middle one first, and its name."""
        small, foot = self.small, round(room.bottom())
        painter.fillRect(self.lend_place(room.left(), foot, room.width(), 1), colour(theme().line))
        painter.setPen(colour(theme().muted))
        painter.setFont(small.plain)
        taken = list[tuple[float, float]]()

        def place(middle: float, text: str) -> bool:
            wide = small.advance(text) + 1
            left = min(max(middle - wide / 2, room.left()), room.right() - wide)
            if any(left < end + 3 and begin < left + wide + 3 for begin, end in taken):
                return False
            taken.append((left, left + wide))
            draw_text(painter, self.lend_place(left, foot + 1, wide, small.line), CENTRE, text)
            return True

        def fits(labels: Sequence[tuple[float, str]]) -> bool:
            """Return True if all labels fit beside each other and the name of the axis."""
            free = room.width() * (labels[-1][0] - labels[0][0]) - small.advance(labels[-1][1])
            return free >= 2 * small.advance(labels[0][1]) if len(labels) > 2 else True

        at_ends = shown.labels[0][0] == 0
        all_fit = at_ends or fits(shown.labels)
        middle = shown.labels[len(shown.labels) // 2 : len(shown.labels) // 2 + 1]
        if not all_fit:
            place(room.right(), shown.reach)
        for share, text in shown.labels if all_fit else middle:
            place(room.left() + share * room.width(), text)
        for text in shown.axis:
            if place(room.center().x() if at_ends else room.right(), text):
                break

    def _paint_pointed(self, painter: QPainter, place: BarPlace, panel: PanelPlaces) -> None:
        shown, room = self._bars(place), panel.z if place.of_z else panel.a
        left, right = self._edges(shown, room)[place.bar : place.bar + 2]
        wide, foot, accent = max(2, right - left), round(room.bottom()), theme().accent
        high = max(2, round(float(shown.heights[place.bar]) * (room.height() - 1)))
        painter.fillRect(self.lend_place(left, foot - high, wide, high), colour(accent))
        painter.setPen(pen(accent))
        x = left + wide // 2 + 0.5
        self.draw_line(painter, x, room.top(), x, room.bottom() + 2)

    def _paint_legend(self, painter: QPainter, foot: QRectF) -> None:
        """Paint the signs and their meaning from the left, and texts without a sign at the right. The shortest of the
        latter take precedence over longer texts of the others. What does not fit is left out."""
        small, middle = self.small, round(foot.center().y())
        left, right, top, high = foot.left(), foot.right(), foot.top(), foot.height()
        kept = sum(small.advance(part.texts[-1]) + 14 for part in self.content.legend if not part.sign)
        for part in self.content.legend:
            taken = 22.0 + kept if part.sign else 0.0
            if not (text := small.fitting(part.texts, right - left - taken - 8)):
                continue
            wide = small.advance(text) + 2
            painter.setPen(colour(theme().muted))
            if not part.sign:
                right -= wide
                draw_text(painter, self.lend_place(right, top, wide, high), RIGHT, text)
                right -= 12
                continue
            draw_text(painter, self.lend_place(left + 20, top, wide, high), LEFT, text)
            if part.sign == "line":
                painter.fillRect(self.lend_place(left, middle - 1, 14, 2), colour(theme().text))
            elif part.sign == "outline":
                painter.setPen(pen(self.content.beside_hue, 1.6))
                painter.drawRect(self.lend_place(left + 3, middle - 4, 9, 9))
            else:
                painter.fillRect(self.lend_place(left + 3, middle - 4, 9, 9), colour(self.content.hue))
            left += 20 + wide + 14
