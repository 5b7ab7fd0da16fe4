"""The strip: the line of each run along its digits, flags, axis and playhead, all of them items of a graphics scene."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from msgspec import Struct
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QGraphicsLineItem,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsRectItem,
    QGraphicsView,
    QToolTip,
    QWidget,
)

from mnistviz.engine.acts import Flag
from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_figure import inked
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import blank_pixmap
from mnistviz.gui.common.scales import Range, grown, ticks
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import add_items, show_scene, small_font
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.runs.lane import Lane, nearest_flag

LEFT = 8  # pixels beside the lanes, for half a label
BORDER = 1  # pixel around the lines
LANE = 16  # pixels from lane to lane, with text of the usual size
BELOW = 18  # pixels below the lanes, for the axis and its labels
THICK, THIN = 4.0, 2.5  # pixels: the past of the selected run, and all other lines
BEND, CLEAR = 6.0, 4.0  # pixels: the corner of a fork, and its distance from lanes that it crosses
AHEAD: Final = 0.35  # the opacity of lines ahead of the playhead
FLAG_HALF, FLAG_HIGH, TO_FLAG = 4.5, 5.5, 2.5  # pixels of a flag, and from the line to it
STAR, RIM = 6.2, 1.5  # pixels: half of a star's width, and the rim between it and the line
KNOB, KNOB_AT = 5.0, 5.0  # pixels: the radius of the playhead's knob, and the height of its centre
TICK, KEPT = 4, 2  # pixels below the axis, for labels and for stored checkpoints
BETWEEN_TICKS, MOST_TICKS = 90, 9  # pixels between two labels, at least
LEAST_WIDTH = 150  # pixels
TEN = 10  # mini-batches: with Shift
NEAR = 6  # pixels from the pointer to a flag
GRIP, ON_LINE = 7, 1  # pixels beside the playhead that belong to it: at its knob, and at its line
BEYOND = 3  # pixels after the end of a run that belong to it


def room_above(lane_height: int) -> int:
    """Return the pixels above the lanes for the knob, which goes into the first lane if that is higher than usual."""
    return max(3, 7 - (lane_height - LANE) // 2)


class StripAxis(Struct, frozen=True):
    """An axis of `digits` over `width` pixels, from the pixel `left` on."""

    digits: float = 1.0
    left: float = 0.0
    width: float = 1.0

    def across(self, digits: float) -> float:
        return self.left + digits / self.digits * self.width

    def digits_at(self, x: float) -> float:
        return (x - self.left) / self.width * self.digits


def strip_ticks(epochs: float, width: float) -> list[float]:
    """Return the labelled epochs of an axis over `width` pixels, half an epoch apart or more."""
    return ticks(Range(0, epochs), int(min(MOST_TICKS - 1, width / BETWEEN_TICKS, 2 * epochs)))


class LaneItem:
    """The line of a lane, drawn once before and once ahead of the playhead."""

    def __init__(self, *sides: QGraphicsItem) -> None:
        self._lines = [[QGraphicsPathItem(side) for side in sides] for _ in (THICK, THIN)]

    def draw(self, paths: Sequence[QPainterPath], colour: QColor, z: float) -> None:
        """Show a thick path and a thin one."""
        for path, items, width in zip(paths, self._lines, (THICK, THIN), strict=True):
            for item in items:
                item.setPen(QPen(colour, width, c=Qt.PenCapStyle.FlatCap))
                item.setZValue(z)
                item.setPath(path)


class Strip(QGraphicsView):
    """The lanes of the runs. A drag moves the playhead; a click on the lane of another run selects that run."""

    def __init__(self, lab: Lab, parent: QWidget) -> None:
        super().__init__(parent)
        self._lab = lab
        self.axis = StripAxis()
        self.playhead = 0.0  # its position in digits
        self.lanes: tuple[Lane, ...] = ()  # the lanes shown, empty before there is a run
        self._checkpoints: tuple[int, ...] | None = None
        self.flag_words: Callable[[Sequence[Any]], str] = lambda acts: ""  # returns a text for interventions
        self.run_words: Callable[[int], str] = lambda number: ""  # returns the title of a run by its number
        self.lane_height, self._top, self._right = LANE, room_above(LANE), 60
        self._rows = range(1)  # the indices of the visible lanes
        self._epoch = 1  # digits per epoch of the selected run
        self._pressed: QPointF | None = None
        self._on_playhead = False  # whether the playhead was pressed
        self._off = 0.0  # pixels from the pointer to the pressed playhead
        self._dragging = False
        self._painted_for: object = None  # the state for which the axis was painted
        self._drawn: object = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(LEAST_WIDTH)
        self._build_scene()
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)  # the card shows through
        self.adopt_theme()

    def _build_scene(self) -> None:
        scene = show_scene(self)
        self._background, self.kept = QGraphicsPixmapItem(), QGraphicsPathItem()
        self._before, self._ahead = QGraphicsRectItem(), QGraphicsRectItem()
        self._ahead.setOpacity(AHEAD)
        paths = (QGraphicsPathItem() for _ in range(5))
        self.flags, self._rims, self.stars, self.diverged, self._knob = paths
        self._upright = QGraphicsLineItem()
        items: tuple[QGraphicsItem, ...] = (
            self._background, self.kept, self._before, self._ahead, self.flags, self._rims, self.stars, self.diverged,
            self._upright, self._knob,
        )  # fmt: skip
        add_items(scene, *enumerate(items))
        for clip in (self._before, self._ahead):
            clip.setPen(QPen(Qt.PenStyle.NoPen))
            clip.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape)
        for path in (self.kept, self.flags, self.stars, self.diverged, self._knob):
            path.setPen(QPen(Qt.PenStyle.NoPen))
        self.lane_items: list[LaneItem] = []

    def adopt_theme(self) -> None:
        self._upright.setPen(QPen(QColor(theme().accent), 2))
        for path in (self.flags, self._knob):
            path.setBrush(QColor(theme().accent))
        self.stars.setBrush(QColor(theme().text))
        self.diverged.setBrush(QColor(theme().wrong))
        self.kept.setBrush(QColor(theme().line))
        self._rims.setPen(QPen(QColor(theme().card), 2 * RIM, j=Qt.PenJoinStyle.RoundJoin))
        self.setStyleSheet(f"Strip {{ background: transparent; border: {BORDER}px solid transparent; }}")
        self._painted_for = self._drawn = None

    def show_rows(self, rows: range, lane_height: int, right: int) -> None:
        """Set the visible lanes, their height, and the pixels at their right for the unit; used by the next `draw`."""
        self._rows, self.lane_height, self._right = rows, lane_height, right
        self._top = room_above(lane_height)

    def draw(self, lanes: tuple[Lane, ...], epoch: int, playhead: int, kept: tuple[int, ...] = ()) -> None:
        """Draw the lanes over an axis in epochs of `epoch` digits, with the playhead after `playhead` digits and marks
        for the selected run's stored checkpoints, `kept`."""
        epochs = grown(max((lane.end for lane in lanes), default=0) / epoch, 1.0)
        area = self._area()
        self.axis = StripAxis(epoch * epochs, area.left(), area.width())
        self.lanes, self._epoch, self.playhead = lanes, epoch, playhead
        look = self.devicePixelRatioF(), self.font(), theme()
        if (axis := (epochs, self._rows, area, self.viewport().size(), look)) != self._painted_for:
            self._painted_for, self._drawn, self._checkpoints = axis, None, None
            self.setSceneRect(0, 0, self.viewport().width(), self.viewport().height())
            self._background.setPixmap(self._painted(epochs, area))
        if lanes != self._drawn:
            self._drawn = lanes
            self._draw_lanes()
            self._draw_marks()
        if kept != self._checkpoints:
            self._checkpoints, marks = kept, QPainterPath()
            for x in sorted({round(self.axis.across(digits)) for digits in kept}):
                marks.addRect(x, round(area.bottom()) + 1, 1, KEPT)
            self.kept.setPath(marks)
        self._draw_playhead(playhead, area)

    def clear(self) -> None:
        self.lanes = ()
        self._painted_for = self._drawn = None
        self._background.setPixmap(QPixmap())
        self._draw_lanes()
        for path in (self.kept, self.flags, self._rims, self.stars, self.diverged, self._knob):
            path.setPath(QPainterPath())
        self._upright.hide()  # a line of length zero would show as a dot

    @property
    def selected(self) -> Lane | None:
        return next((lane for lane in self.lanes if lane.selected), None)

    def middle(self, place: int) -> float:
        """Return the height of a lane's centre in pixels, outside the area for a lane that is not visible."""
        return self._top + self.lane_height * (place - self._rows.start + 0.5)

    def _area(self) -> QRectF:
        """Return the rectangle of the lanes; its lower edge is the axis."""
        width = max(1, self.viewport().width() - LEFT - self._right)
        return QRectF(LEFT, self._top, width, self.lane_height * len(self._rows))

    def _visible(self) -> Iterator[tuple[int, Lane]]:
        return ((place, self.lanes[place]) for place in self._rows if place < len(self.lanes))

    def _draw_lanes(self) -> None:
        visible = list(self._visible())
        while len(self.lane_items) < len(visible):
            self.lane_items.append(LaneItem(self._before, self._ahead))
        for item, (place, lane) in zip(self.lane_items, visible, strict=False):
            item.draw(self._paths(place, lane), QColor(theme().run_colour(lane.hue)), -place)
        for item in self.lane_items[len(visible) :]:
            item.draw((QPainterPath(), QPainterPath()), QColor(), 0)

    def _paths(self, place: int, lane: Lane) -> tuple[QPainterPath, QPainterPath]:
        thick, thin = QPainterPath(), QPainterPath()
        y, begin, end = self.middle(place), self.axis.across(lane.begin), self.axis.across(lane.end)
        until = min(max(begin, self.axis.across(lane.thick)), end) if lane.thick > lane.begin else begin
        first = thick if lane.selected else thin
        if lane.parent is not None:
            begin = self._fork(first, place, lane.parent, begin, end)
        if until > begin:
            thick.moveTo(begin, y)
            thick.lineTo(until, y)
        if end > max(begin, until):
            thin.moveTo(max(begin, until), y)
            thin.lineTo(end, y)
        return thick, thin

    def _fork(self, path: QPainterPath, place: int, parent: int, x: float, end: float) -> float:
        """Draw a line from the parent's lane, with gaps at those it crosses; return the x where the lane begins."""
        y, bend = self.middle(place), min(BEND, max(0.0, end - x))
        top = max(self.middle(parent), self._top)
        for between in range(max(parent + 1, self._rows.start), place):
            crossed, digits = self.lanes[between], self.axis.digits_at(x)
            if crossed.begin <= digits <= crossed.end:
                path.moveTo(x, top)
                path.lineTo(x, self.middle(between) - CLEAR)
                top = self.middle(between) + CLEAR
        path.moveTo(x, top)
        path.lineTo(x, y - bend)
        path.quadTo(x, y, x + bend, y)
        return x + bend

    def _draw_marks(self) -> None:
        flags, stars, diverged = QPainterPath(), QPainterPath(), QPainterPath()
        stars.setFillRule(Qt.FillRule.WindingFill)  # two runs may share their best checkpoint
        for place, lane in self._visible():
            y = self.middle(place)
            for flag in lane.flags:
                if flag.digits >= lane.begin:  # earlier ones are on the lane it branched off
                    x = round(self.axis.across(flag.digits))
                    _add_triangle(flags, x, y + TO_FLAG, FLAG_HALF, FLAG_HIGH)
            if lane.best is not None and (star := self.best_place(place)).y() > self._top:
                stars.addPath(star_at(star))
            if lane.diverged:
                _add_triangle(diverged, self.axis.across(lane.end), y - STAR, STAR, 2 * STAR - 1)
        for item, path in ((self.flags, flags), (self.stars, stars), (self.diverged, diverged)):
            item.setPath(path)
        rims = QPainterPath(stars)
        rims.addPath(diverged)
        self._rims.setPath(rims)

    def best_place(self, place: int) -> QPointF:
        """Return the centre of a lane's star, on the lane that shows that step."""
        best = self.lanes[place].best
        assert best is not None
        x = self.axis.across(best[0])
        while (parent := self.lanes[place].parent) is not None and best[0] < self.lanes[place].begin:
            place = parent
        return QPointF(x, self.middle(place))

    def _draw_playhead(self, digits: int, area: QRectF) -> None:
        x, height = round(self.axis.across(digits)), self.viewport().height()
        self._before.setRect(0, 0, x, height)
        self._ahead.setRect(x, 0, self.viewport().width() - x, height)
        self._upright.setLine(x, KNOB_AT, x, area.bottom())
        self._upright.show()
        knob = QPainterPath()
        knob.addEllipse(QPointF(x, KNOB_AT), KNOB, KNOB)
        self._knob.setPath(knob)

    def _painted(self, epochs: float, area: QRectF) -> QPixmap:
        picture = blank_pixmap(self.viewport().size(), self.devicePixelRatioF())
        with QPainter(picture) as painter:
            painter.setFont(small_font(self))
            metrics, axis = QFontMetricsF(painter.font(), picture), round(area.bottom())
            left = Qt.AlignmentFlag.AlignLeft
            ink = theme().muted
            inked(painter, theme().line).drawLine(QPointF(area.left(), axis), QPointF(area.right(), axis))
            room = QRectF(0, axis + TICK - 1, 0, metrics.height())
            for epoch in strip_ticks(epochs, area.width()):
                x, text = round(self.axis.across(epoch * self._epoch)), numbers.tick(epoch)
                inked(painter, theme().line).drawLine(QPointF(x, axis), QPointF(x, axis + TICK))
                room.setWidth(metrics.horizontalAdvance(text) + 1)
                room.moveLeft(max(0.0, x - room.width() / 2))
                draw_text(painter, room, left, text, ink=ink, whose="strip")
            unit = tr("epochs")
            room.moveLeft(max(room.right(), area.right()) + metrics.averageCharWidth())
            room.setWidth(metrics.horizontalAdvance(unit) + 1)
            draw_text(painter, room, left, unit, ink=ink, whose="strip")
        return picture

    def lane_at(self, at: QPointF) -> Lane | None:
        """Return the lane at a place: that of the selected run at its past and between the lanes."""
        place = self._rows.start + math.floor((at.y() - self._top) / self.lane_height)
        if at.y() >= self._top and place in self._rows and place < len(self.lanes):
            lane = self.lanes[place]
            if lane.selected or max(lane.begin, lane.thick) < self.axis.digits_at(at.x()):
                return lane
        return self.selected

    def flag_at(self, at: QPointF) -> Flag | None:
        lane = self.lane_at(at)
        within = NEAR / self.axis.width * self.axis.digits
        return None if lane is None else nearest_flag(lane.flags, self.axis.digits_at(at.x()), within)

    def starred_at(self, at: QPointF) -> list[Lane]:
        """Return the lanes whose stars are at a place, the clicked one first: a star may be on the parent's lane."""
        meant = self.lane_at(at)
        stars = [(lane, self.best_place(i) - at) for i, lane in self._visible() if lane.best is not None]
        beside = ((lane, abs(away.y())) for lane, away in stars if abs(away.x()) <= NEAR)
        near = [lane for lane, far in beside if lane is meant or far <= self.lane_height / 2]
        return sorted(near, key=lambda lane: lane is not meant)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.lanes:
            return
        at = event.position()
        self._pressed, self._dragging = at, False
        off = self.axis.across(self.playhead) - at.x()
        self._on_playhead = abs(off) <= (GRIP if at.y() <= KNOB_AT + KNOB else ON_LINE)
        self._off = off if self._on_playhead else 0.0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        x = event.position().x()
        far = abs(x - self._pressed.x()) >= min(QApplication.startDragDistance(), 4)
        if self._dragging or far:
            self._dragging = True
            self._lab.playhead.visit_nearest(self.axis.digits_at(x + self._off))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        at = event.position()
        was_dragging, self._pressed, self._dragging = self._dragging, None, False
        if was_dragging:
            self._lab.playhead.visit_nearest(self.axis.digits_at(at.x() + self._off))
        elif not self._on_playhead:
            self._click(at)

    def _click(self, at: QPointF) -> None:
        if (lane := self.lane_at(at)) is None:
            return
        flag, starred, digits = self.flag_at(at), self.starred_at(at), self.axis.digits_at(at.x())
        beyond = self._is_beyond(lane, at)
        wanted = starred[0] if starred else lane
        if not wanted.selected:
            self._lab.runs.select(wanted.run)
        if starred and wanted.best is not None:
            self._lab.playhead.visit(wanted.best[1])
        elif flag is not None:
            self._lab.playhead.visit(flag.step)
        elif not beyond:
            self._lab.playhead.visit_nearest(digits)
        elif lane.selected:
            self._lab.playhead.live_again()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = None
            self._lab.playhead.live_again()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = TEN if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Down:
                self._lab.playhead.step_by(-by)
            case Qt.Key.Key_Right | Qt.Key.Key_Up:
                self._lab.playhead.step_by(by)
            case Qt.Key.Key_PageUp:
                self._lab.playhead.epoch_by(-1)
            case Qt.Key.Key_PageDown:
                self._lab.playhead.epoch_by(1)
            case Qt.Key.Key_Home:
                self._lab.playhead.visit(0)
            case Qt.Key.Key_End:
                self._lab.playhead.visit(self._lab.playhead.end)
            case _:
                event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.lanes:
            QToolTip.showText(event.globalPos(), self.words_at(QPointF(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def _is_beyond(self, lane: Lane, at: QPointF) -> bool:
        return at.x() > self.axis.across(lane.end) + BEYOND

    def words_at(self, at: QPointF) -> str:
        """Return the text for a place, or the help of the strip where there is nothing."""
        if (lane := self.lane_at(at)) is None:
            return self.whatsThis()
        if starred := self.starred_at(at):
            return "\n".join(map(self._best_words, starred))
        flag, digits = self.flag_at(at), self.axis.digits_at(at.x())
        if flag is not None:
            what = self.flag_words(flag.acts) if flag.acts else tr("branched off")
            text = tr("{what} after mini-batch {step}", what=what, step=flag.step)
        elif lane.diverged and digits >= lane.end - NEAR / self.axis.width * self.axis.digits:
            text = tr("The run diverged here: its cost is no longer a finite number.")
        else:
            epoch = numbers.epochs(min(max(0.0, digits), lane.end) / self._epoch)
            if not self._is_beyond(lane, at):
                text = tr("Epoch {epoch}. Click to go there.", epoch=epoch)
            elif lane.selected:
                text = tr("The run ends at epoch {epoch}. Click to go there.", epoch=epoch)
            else:
                text = tr("The run ends at epoch {epoch}. Click to select it.", epoch=epoch)
        return self._of_run(lane, text)

    def _best_words(self, lane: Lane) -> str:
        assert lane.best is not None
        digits, _, share = lane.best
        text = tr("Better than the end of any epoch: {percent} at epoch {epoch}. Click to look at it.")
        if digits % self._epoch == 0:
            text = tr("The best end of an epoch: {percent} after epoch {epoch}. Click to look at it.")
        epoch = numbers.epochs(digits / self._epoch)
        return self._of_run(lane, text.format(percent=numbers.percent(share), epoch=epoch))

    def _of_run(self, lane: Lane, text: str) -> str:
        """Return a text about a lane, with the name of its run unless that is selected."""
        return text if lane.selected else tr("{run}: {what}", run=self.run_words(lane.run), what=text)


def star_at(middle: QPointF) -> QPainterPath:
    path, radii = QPainterPath(), (STAR, 0.42 * STAR)
    turns = ((math.pi * corner / 5, radii[corner % 2]) for corner in range(10))
    corners = [middle + QPointF(math.sin(angle), -math.cos(angle)) * radius for angle, radius in turns]
    path.addPolygon(corners)
    path.closeSubpath()
    return path


def _add_triangle(path: QPainterPath, x: float, top: float, half: float, high: float) -> None:
    path.addPolygon([QPointF(x, top), QPointF(x + half, top + high), QPointF(x - half, top + high)])
    path.closeSubpath()
