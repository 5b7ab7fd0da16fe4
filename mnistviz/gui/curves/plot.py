"""The plot that both curves share: fixed axes, lines with their names, a band, flags, and a cursor that reads values.

Curves are Qt's own graphics items rather than pyqtgraph's, which paint in Python while no Python thread can train. With
two plots of 1,000 points, 50 times a second on two cores, another Python thread loses 26 % of its time to pyqtgraph's
curves, 13 % to a widget that paints itself, and 4 % to Qt's items. Axes, grid and text are one picture, painted anew
only when a range changes.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsEllipseItem,
    QGraphicsItem,
    QGraphicsLineItem,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsRectItem,
    QGraphicsView,
)

from mnistviz.gui.common.painted_figure import ENTER
from mnistviz.gui.common.painter_tools import blank_pixmap
from mnistviz.gui.common.scales import Range
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import add_items, show_scene
from mnistviz.gui.curves import plot_frame
from mnistviz.gui.curves.compose import Drawing, PlotAxis, PlotBand, PlotCursor, PlotLine
from mnistviz.gui.curves.line_item import NEAR, BandItem, LineItem, LineNames, Name, NameStyle
from mnistviz.gui.curves.plot_frame import Frame, Sides, paint_marks, paint_ways_back, x_labels, y_labels

SMALL_TEXT = 12 / 13  # of the widget's own font
LEAST_WIDTH = 180  # pixels
BORDER = 1  # pixel around the plot
ROUGH = 3  # pixels that the end of a line may move before its name does
PLAYHEAD, KNOB = 2, 4  # pixels: its width, and half of that of its knob
AHEAD = 0.35  # opacity of the veil on what comes after the playhead
WHEEL_ZOOM = 0.8
FAR = 1_000_000  # points: to the first or the last
MANY = 500  # points: longer lines are drawn without antialiasing, which is slow


class PlotGestures(NamedTuple):
    """Functions that a plot calls for the user's gestures."""

    point: Callable[[float | None], object]  # point at a place on the x axis, or no longer (None)
    point_at_run: Callable[[int | None], object]
    """Point at the faint line of a run, by its number, or no longer (None)."""
    walk: Callable[[int], object]  # move the cursor by this many points
    zoom: Callable[[float, float | None], object]
    """Zoom by a factor, about a place or about the cursor (None)."""
    pan: Callable[[float], object]  # move the window by a distance on the x axis
    visit: Callable[[float], object]  # view the step at a place that was clicked
    enter: Callable[[], object]  # view the step at the cursor
    follow: Callable[[], object]
    resize: Callable[[], object]


class Plot(QGraphicsView):
    """One plot. It draws what it is given and reports gestures; it stores neither data nor window."""

    def __init__(self, gestures: PlotGestures, *, readout_on_top: bool, snaps: bool = False) -> None:
        """Create a plot. `readout_on_top` places the values under the cursor; with `snaps` a click on a point means
        exactly that point."""
        super().__init__()
        self.gestures = gestures
        self.heard: Callable[[], str] = str
        """Describes the curves for assistive technologies while no place of them is chosen."""
        self.frame = Frame(Range(0, 1), Range(0, 1), QRectF(0, 0, 1, 1))
        self._dragged_from: float | None = None
        self._pressed_at: float | None = None  # None once it is a drag
        self.needs_escape = False  # whether Escape is needed elsewhere first
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._readout_on_top, self._snaps = readout_on_top, snaps
        self.drawing: Drawing | None = None
        self._named: tuple[Frame | None, object] = (None, None)  # frame and places of the last labels
        self._small: QFont | None = None  # until it has another font
        self._drawn_for: object = None  # sides and appearance of the last drawing
        self._sides: tuple[object, Sides] = (None, Sides(0, 0))
        self.line_items: dict[tuple[int, str], LineItem] = {}
        self.band_items: dict[tuple[int, str], BandItem] = {}
        self._build_scene()
        self._readout = plot_frame.Readout(self)
        self._set_least()
        self.adopt_theme()

    def _build_scene(self) -> None:
        scene = show_scene(self)
        self._background, self.flags = QGraphicsPixmapItem(), QGraphicsPixmapItem()
        self._clip, self.veil = QGraphicsRectItem(), QGraphicsRectItem()
        for each in (self._clip, self.veil):
            each.setPen(QPen(Qt.PenStyle.NoPen))
            each.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape)
        self._veiling = QGraphicsPixmapItem(self.veil)
        self._veiling.setOpacity(1 - AHEAD)
        self._playhead, self._knob = QGraphicsLineItem(), QGraphicsEllipseItem()
        self._knob.setPen(QPen(Qt.PenStyle.NoPen))
        self._cursor, self.cursor_dots = QGraphicsLineItem(), QGraphicsPathItem()
        lines = self._playhead, self._knob, self._cursor
        for part in lines:
            part.setVisible(False)
        layers = self._background, self._clip, self.veil, self.flags, *lines, self.cursor_dots
        add_items(scene, *enumerate(layers))
        self.names = LineNames(scene, 2.5)
        self._playhead_at: float | None = None  # in pixels

    def adopt_theme(self) -> None:
        self._cursor.setPen(QPen(QColor(theme().muted), 0, Qt.PenStyle.DashLine))
        self._playhead.setPen(QPen(QColor(theme().accent), PLAYHEAD))
        self._knob.setBrush(QColor(theme().accent))
        self.cursor_dots.setPen(QPen(QColor(theme().card), 1))
        self.setStyleSheet(
            f"Plot {{ background: transparent; border: {BORDER}px solid transparent; }}"
            f"#readout {{ background: {theme().card}; color: {theme().text}; border: 1px solid {theme().border};"
            f" border-radius: 6px; padding: 4px 7px; }}"
        )

    def wanted_sides(self, drawing: Drawing) -> Sides:
        key = drawing.y, drawing.names, self._appearance()
        if self._sides[0] != key:
            metrics = self._metrics()
            left = plot_frame.left_of_curves(self._y_labels(drawing.y), metrics)
            self._sides = key, Sides(left, plot_frame.right_of_curves(drawing.names, metrics))
        return self._sides[1]

    def draw(self, drawing: Drawing, sides: Sides) -> None:
        """Show a drawing, with `sides` pixels beside the curves. Only what differs from the last one is drawn."""
        before, self.drawing = self.drawing, drawing
        on, self._drawn_for = self._drawn_for, (sides, self._appearance())
        shown = before if on == self._drawn_for else None
        if shown and (shown.x, shown.y, shown.empty) != (drawing.x, drawing.y, drawing.empty):
            shown = None  # everything moves with the frame
        if not shown:
            self._draw_frame(drawing, sides)
        if moved := not shown or shown.playhead != drawing.playhead:
            self._draw_playhead(drawing.playhead)
        if moved or not shown or shown.lines != drawing.lines:
            self._draw_veil(drawing)
        if not shown or shown.lines != drawing.lines:
            self._draw_lines(drawing.lines, shown.lines if shown else ())
        if moved or not shown or (shown.lines, shown.learning) != (drawing.lines, drawing.learning):
            self._draw_names(drawing)
        if not shown or shown.bands != drawing.bands:
            self._draw_bands(drawing.bands, shown.bands if shown else ())
        if not shown or (shown.marks, shown.ways_back) != (drawing.marks, drawing.ways_back):
            self._draw_marks(drawing)
        if not shown or shown.cursor != drawing.cursor:
            self._draw_cursor(drawing.cursor)

    def _appearance(self) -> object:
        return theme(), self.width(), self.height(), self.devicePixelRatioF(), self._small_font()

    def _draw_frame(self, drawing: Drawing, sides: Sides) -> None:
        size = self.viewport().size()
        area = plot_frame.area_of_curves(size, sides, self._metrics().height())
        self.frame = Frame(drawing.x.range, drawing.y.range, area)
        # dots at the edge are whole; lines below the axis are cut off
        self._clip.setRect(area.adjusted(-3, -3, 3, 1))
        self.setSceneRect(0, 0, size.width(), size.height())
        picture = self._painted(QColor(theme().card), self._paint_background)
        for item in (self._background, self._veiling):
            item.setPixmap(picture)

    def _paint_background(self, painter: QPainter) -> None:
        assert self.drawing is not None
        x, empty = self.drawing.x, self.drawing.empty
        width = self.viewport().width()
        along = x_labels(x, self.frame, width, self._metrics())
        up = () if empty else self._y_labels(self.drawing.y)
        plot_frame.paint_axes(painter, self.frame, along, up, x.unit, width, empty=empty)

    def label_end(self, at: float) -> float:
        """Return where the label of the x axis ends that covers a pixel there, or the pixel."""
        if self.drawing is None:
            return at
        metrics, frame = self._metrics(), self.frame
        labels = x_labels(self.drawing.x, frame, self.viewport().width(), metrics)
        halves = [(frame.x_of(value), metrics.horizontalAdvance(text) / 2 + 1) for value, text in labels]
        return max((x + half for x, half in halves if x - half < at), default=at)

    def _draw_lines(self, lines: Sequence[PlotLine], drawn: Sequence[PlotLine]) -> None:
        names = {line.name for line in lines}
        for name in self.line_items.keys() - names:
            for item in self.line_items.pop(name).items():
                self.scene().removeItem(item)
        sharp = self.devicePixelRatioF() >= 1.5
        for line in lines:
            if line.name not in self.line_items:
                self.line_items[line.name] = LineItem(self._clip)
            if line not in drawn:
                self.line_items[line.name].draw(line, self.frame, sharp=sharp)
        smooth = sum(len(line.points.x) for line in lines) <= MANY
        self.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)

    def _draw_bands(
        self, bands: Sequence[PlotBand], drawn: Sequence[PlotBand], *, exact: bool = False
    ) -> None:
        for name in self.band_items.keys() - {band.name for band in bands}:
            for item in self.band_items.pop(name).items():
                self.scene().removeItem(item)
        for band in bands:
            if band.name not in self.band_items:
                self.band_items[band.name] = BandItem(self._clip)
            if band not in drawn:
                self.band_items[band.name].draw(band, self.frame, dark=theme().dark, exact=exact)

    def _draw_names(self, drawing: Drawing) -> None:
        """Label the lines; while they grow, only if an end has moved by more than a few pixels."""
        ends = [(line, end) for line in drawing.lines if (end := self.line_items[line.name].end) is not None]
        places = [(line.label, end.x(), end.y()) for line, end in ends]
        if drawing.learning:
            places = [(label, x // ROUGH, y // ROUGH) for label, x, y in places]
        roughly = drawing.learning, self._playhead_at, places
        if self._named[0] is self.frame and self._named[1] == roughly:
            return
        self._named = self.frame, roughly
        several = len({line.name[0] for line in drawing.lines}) > 1
        names = [
            Name(
                line.name,
                line.label,
                line.style.name_colour or line.style.colour,
                end,
                several and not line.style.faint,
                line.name[0] == drawing.best,
            )
            for line, end in ends
            if line.label
        ]
        look = NameStyle(self._small_font(), theme(), self.devicePixelRatioF())
        self.names.draw(names, self._playhead_at, self.frame, look, learning=drawing.learning)

    def _draw_playhead(self, place: float | None) -> None:
        frame, at = self.frame, None
        if place is not None and frame.x.low <= place <= frame.x.high:
            at = round(frame.x_of(place))
            top = frame.area.top()
            self._playhead.setLine(at, top, at, frame.area.bottom())
            self._knob.setRect(at - KNOB, top - KNOB, 2 * KNOB, 2 * KNOB)
        for part in (self._playhead, self._knob):
            part.setVisible(at is not None)
        self._playhead_at = at

    def _draw_veil(self, drawing: Drawing) -> None:
        """Fade what comes after the playhead with a copy of the background, grid and all."""
        frame, place = self.frame, drawing.playhead
        ends = (float(line.points.x[-1]) / line.per for line in drawing.lines if len(line.points.x))
        veiled = place is not None and place < min(max(ends, default=0.0), frame.x.high)
        self.veil.setVisible(veiled)
        if veiled and place is not None:
            left = max(frame.area.left() - 3, round(frame.x_of(place)))
            room = self._clip.rect()
            self.veil.setRect(QRectF(QPointF(left, room.top()), room.bottomRight()))

    def _draw_marks(self, drawing: Drawing) -> None:
        seen = bool(drawing.marks or drawing.ways_back)
        self.flags.setVisible(seen)

        def paint(painter: QPainter) -> None:
            paint_ways_back(painter, self.frame, drawing.ways_back)
            paint_marks(painter, self.frame, drawing.marks)

        if seen:
            self.flags.setPixmap(self._painted(QColor(0, 0, 0, 0), paint))

    def _draw_cursor(self, cursor: PlotCursor | None) -> None:
        text, frame = cursor.text if cursor else "", self.frame
        if self.accessibleDescription() != text:
            self.setAccessibleDescription(text)
        shown = cursor is not None and frame.x.low <= cursor.place <= frame.x.high
        for item in (self._cursor, self.cursor_dots):
            item.setVisible(shown)
        if not shown or cursor is None:
            self._readout.hide()
            return
        x = frame.x_of(cursor.place)
        self._cursor.setLine(x, frame.area.top(), x, frame.area.bottom())
        path, points = QPainterPath(), []
        for dot in (frame.point(*point) for point in cursor.points):
            if frame.area.adjusted(-1, -1, 1, 1).contains(dot):
                path.addEllipse(dot, 3.5, 3.5)
                points.append(dot)
        self.cursor_dots.setBrush(QColor(cursor.colour))
        self.cursor_dots.setPath(path)
        self._readout.show_beside(x, text, points, frame, on_top=self._readout_on_top)

    def paint(self, painter: QPainter) -> None:
        """Paint everything but the cursor, as vectors and text, at its present size."""
        painter.setFont(self._small_font())
        self._paint_background(painter)
        outer = (item for item in self.scene().items() if item.parentItem() is None)
        hidden = [item for item in outer if item is not self._clip]
        visible = [item.isVisible() for item in hidden]
        for item in hidden:
            item.setVisible(False)
        rect = QRectF(QPointF(0, 0), self.sceneRect().size())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lines, bands = (self.drawing.lines, self.drawing.bands) if self.drawing else ((), ())
        self._draw_bands(bands, (), exact=True)
        for line in lines:  # the target may have smaller pixels
            self.line_items[line.name].draw(line, self.frame, sharp=True, exact=True)
        self.scene().render(painter, rect, rect)
        self._draw_lines(lines, ())
        self._draw_bands(bands, ())
        for item, was in zip(hidden, visible, strict=True):
            item.setVisible(was)
        if self.drawing is not None:
            paint_ways_back(painter, self.frame, self.drawing.ways_back)
            paint_marks(painter, self.frame, self.drawing.marks)
        self.names.paint(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.gestures.resize()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._pressed_at is not None and abs(x - self._pressed_at) >= QApplication.startDragDistance():
            self._pressed_at = None  # until then it may become a click
        if self._pressed_at is None and self._dragged_from is not None:
            self.gestures.pan(self.frame.place(self._dragged_from) - self.frame.place(x))
            self._dragged_from = x
        elif self._pressed_at is None:
            self._point_at(x)
        self.gestures.point_at_run(self._run_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged_from = self._pressed_at = event.position().x()
            self.gestures.point(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, x = self._pressed_at, event.position().x()
        self._dragged_from = self._pressed_at = None
        self._point_at(x)
        area = self.frame.area
        if pressed is not None and area.left() - 4 <= pressed <= area.right() + 4:
            point = self._point_near(event.position()) if self._snaps else None
            self.gestures.visit(self.frame.place(pressed) if point is None else point)

    def _point_near(self, at: QPointF) -> float | None:
        lines = [line for line in (self.drawing.lines if self.drawing else ()) if not line.style.faint]
        near = ((line, self.line_items[line.name].point_near(at)) for line in lines)
        distances = [(point[1], float(line.x[point[0]])) for line, point in near if point is not None]
        return min(distances)[1] if distances else None

    def _run_at(self, at: QPointF) -> int | None:
        """Return the number of the run whose line or label is nearest to a pixel, or None if none is near."""
        lines, named = self.drawing.lines if self.drawing else (), self.names.at(at)
        if named is not None:
            return named
        items = self.line_items
        far = [(items[line.name].distance(at), line.name[0]) for line in lines if line.name in items]
        distance, number = min(far, default=(NEAR + 1.0, 0))
        return None if distance > NEAR else number

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = self._dragged_from = None
            self.gestures.follow()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        set_tooltip(self, self.whatsThis())
        self.gestures.point(None)
        self.gestures.point_at_run(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.gestures.point(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned, sideways = event.angleDelta().y(), event.angleDelta().x()
        if abs(sideways) > abs(turned):
            self.gestures.pan(-sideways / 1200 * (self.frame.x.high - self.frame.x.low))
        elif turned:
            self.gestures.zoom(WHEEL_ZOOM ** (turned / 120), self.frame.place(event.position().x()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        stride, key = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1, event.key()
        walks = {
            Qt.Key.Key_Left: -stride, Qt.Key.Key_Right: stride, Qt.Key.Key_Home: -FAR, Qt.Key.Key_End: FAR,
        }  # fmt: skip
        if key in walks:
            self.gestures.walk(walks[Qt.Key(key)])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.gestures.zoom(WHEEL_ZOOM, None)
        elif key == Qt.Key.Key_Minus:
            self.gestures.zoom(1 / WHEEL_ZOOM, None)
        elif key in ENTER:
            self.gestures.enter()
        elif key == Qt.Key.Key_Escape and not self.needs_escape:
            self.gestures.point(None)
        else:
            event.ignore()

    def _point_at(self, x: float) -> None:
        frame = self.frame
        inside = frame.area.left() - 4 <= x <= frame.area.right() + 4
        set_tooltip(self, "" if inside else self.whatsThis())  # a tooltip would cover the readout
        self.gestures.point(min(max(frame.place(x), frame.x.low), frame.x.high) if inside else None)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._small = None
            self._set_least()
            self.gestures.resize()

    def _set_least(self) -> None:
        self.setMinimumSize(LEAST_WIDTH, plot_frame.least_height(self._metrics().height()) + 2 * BORDER)

    def _painted(self, fill: QColor, paint: Callable[[QPainter], None]) -> QPixmap:
        picture = blank_pixmap(self.viewport().size(), self.devicePixelRatioF(), fill)
        with QPainter(picture) as painter:
            painter.setFont(self._small_font())
            paint(painter)
        return picture

    def _y_labels(self, y: PlotAxis) -> plot_frame.Labels:
        return y_labels(y, self.viewport().height(), self._metrics())

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._small_font())

    def _small_font(self) -> QFont:
        if self._small is None:
            self._small = QFont(self.font())
            self._small.setPixelSize(max(8, round(QFontInfo(self._small).pixelSize() * SMALL_TEXT)))
        return self._small
