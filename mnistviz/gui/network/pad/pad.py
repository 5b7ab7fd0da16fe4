"""The paper of the scratchpad: draw and erase with mouse, tablet or finger."""

from collections.abc import Callable
from math import dist
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QCursor,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPointingDevice,
    QPolygonF,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

from mnistviz.engine.digits import SIDE, Digits
from mnistviz.engine.distortion import Noise, with_noise
from mnistviz.engine.handwriting import ERASER, PEN, STEP, Ink, Stroke
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.painted_figure import ARROWS
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import blank_pixmap
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.common.theme import LIGHT, theme
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.widgets import claims, describe, small_font
from mnistviz.gui.network.pad.sheet import MOST_POINTS, PLACES, WIDE, Sheet, Sheets
from mnistviz.marking import marked

_CHORD: Final = 4  # pixels: the length of straight pieces that still look smooth
_PALE: Final = 0.6
_TONES: Final = np.rint(255 * (0.08 + 0.92 * (np.arange(256) / 255) ** 0.6)).astype(np.uint8)
"""Makes the paper and faint lines of a photograph visible against blank paper."""
_LARGEST_RING: Final = 120  # pixels; some desktops refuse larger pointers


def paint_stroke(painter: QPainter, stroke: Stroke, side: float) -> None:
    """Paint a stroke on a pad of this side, its upper left corner at the painter's origin."""
    every = max(1, int(_CHORD / (STEP * side)))
    line = np.concatenate([stroke.line[:-1:every], stroke.line[-1:]]) * side
    points = [QPointF(x, y) for x, y in line[:, :2].tolist()]
    widths = (line[:, 2] * PEN).tolist()
    pen = QPen(QColor(theme().ink), widths[0])
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    if len(points) == 1:
        painter.drawPoint(points[0])
    elif min(widths) == max(widths):
        painter.drawPolyline(QPolygonF(points))
    else:
        for start, end, width in zip(points, points[1:], widths[1:], strict=False):
            pen.setWidthF(width)
            painter.setPen(pen)
            painter.drawLine(start, end)


class InkPicture:
    def __init__(self) -> None:
        self._ink, self._pixmap = Ink(), QPixmap()
        self._on: tuple[object, ...] = ()
        self._photo: NDArray[np.uint8] | None = None

    def of(
        self, ink: Ink, size: QSizeF, side: float, ratio: float, photo: NDArray[np.uint8] | None = None
    ) -> QPixmap:
        """Return the picture in a logical `size`, sharp at the device pixel ratio `ratio`. `side` is that of a pad
        for one digit. A `photo` of the original writing shows faintly below it."""
        on, known = (size, side, ratio, theme()), self._ink.strokes
        same = on == self._on and ink.digit is self._ink.digit and photo is self._photo
        if not same or ink.strokes[: len(known)] != known:
            self._pixmap, known = _paper(ink.digit, size, side, ratio, photo), ()
        self._ink, self._on, self._photo = ink, on, photo
        if len(ink.strokes) > len(known):
            with QPainter(self._pixmap) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                for stroke in ink.strokes[len(known) :]:
                    paint_stroke(painter, stroke, side)
        return self._pixmap


def _paper(
    digit: NDArray[np.uint8] | None, size: QSizeF, side: float, ratio: float, photo: NDArray[np.uint8] | None
) -> QPixmap:
    pixmap = blank_pixmap(size, ratio, QColor(theme().paper))
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if photo is not None:
            painter.setOpacity(_PALE)
            room = QRectF(0, 0, side * photo.shape[1] / len(photo), side)
            painter.drawImage(room, digit_image(_TONES[photo], theme()))
            painter.setOpacity(1)
            mode = QPainter.CompositionMode
            painter.setCompositionMode(
                mode.CompositionMode_Lighten if theme().dark else mode.CompositionMode_Darken
            )
        if digit is not None:
            high, wide = digit.shape
            painter.drawImage(QRectF(0, 0, side * wide / high, side), digit_image(digit, theme()))
    return pixmap


def ring_cursor(diameter: float, ratio: float) -> QCursor:
    """Return a cursor in the shape of a ring, visible on paper and on ink."""
    across = round(min(diameter, _LARGEST_RING))
    pixmap = blank_pixmap(QSize(across + 4, across + 4), ratio)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((LIGHT.paper, 3.0), (LIGHT.accent, 1.5)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(QRectF(2, 2, across, across))
    return QCursor(pixmap)


_CLOSEST: Final = 0.003  # of the pad's side: a point closer to the last one is dropped
_LONGEST: Final = 150  # points of a line, after which a new one starts: each point repaints its whole line
KEYS: Final = marked("Arrows move a pen, Space puts it down or lifts it, Escape ends that.")
_ROOMY = 8  # lines of text: a lower pad shows a short hint
_INVITATION = 60  # part of the pad below the words on a sample, which has a margin of a seventh
_FRAME: Final = 16  # milliseconds between two `changed` signals: one screen frame


class Pad(QWidget):
    """Paper to draw on: left draws, right erases; a tablet's pressure widens the line, and its other end erases."""

    changed = Signal(object)
    """The picture has changed: uint8 (28, 28), or None for blank paper and a row. Also emitted during a stroke."""
    stepped = Signal()
    inked = Signal()  # the ink has changed: emitted for each point of a line
    is_picture = True
    by_keys: tuple[float, float] | None = None
    """Where the pen is that keys move, in heights of a row; None without one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, focusPolicy=Qt.FocusPolicy.StrongFocus)
        self.did: Callable[[], object] = lambda: None  # called for each new step that can be undone
        tip = tr("Draw a digit here; the right mouse button and the pen's other end erase.")
        describe(self, "scratchpad", tr("Scratchpad"), tip)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)

        self._eraser = False
        self.is_wide = False
        self._invites = False  # whether a stroke over a sample starts on blank paper
        self._sheets = Sheets()
        self._aside: Sheets | None = None
        self._alone = Sheet()  # the sheet from before a row was started
        self.is_centred = True
        self.noise: Noise | None = None
        self._picture: NDArray[np.uint8] | None = None
        self._picture_of: Sheet | None = self._sheets.top
        self._published = self._sheets.top  # the sheet when `changed` was last emitted
        self._frame = new_timer(self, self._publish, _FRAME)
        self._painted = InkPicture()

        self._before: Sheet | None = None  # the sheet when the pen came down; None while it is up
        self._erasing = False
        self._under = Ink()  # the ink below the current line
        self._points: list[tuple[float, float, float]] = []  # the points of that line
        self._eraser_at: tuple[float, float] | None = None
        self._finger = -1

    @property
    def sheet(self) -> Sheet:
        return self._sheets.top

    @property
    def picture(self) -> NDArray[np.uint8] | None:
        sheet = self._sheets.top
        if self._picture_of is not sheet:
            self._picture_of, self._picture = sheet, sheet.picture(centred=self.is_centred)
            if self._picture is not None and self.noise is not None:
                noisy = with_noise(self._picture.reshape(1, -1), self.noise, sheet.noise_number)
                self._picture = noisy.reshape(self._picture.shape)
        return self._picture

    def set_centred(self, centred: bool) -> None:
        if centred != self.is_centred:
            self.is_centred = centred
            self._make_anew()

    def set_noise(self, noise: Noise | None) -> None:
        if noise != self.noise:
            self.noise = noise
            self._make_anew()

    def _make_anew(self) -> None:
        self._picture_of = None
        self._show()
        self.changed.emit(None if self.is_wide else self.picture)

    def set_wide(self, wide: bool) -> None:
        """Make room for a row, or for one digit. The sheet stays, but a row is saved while there is no room for it,
        and so is what is drawn meanwhile. The digit from before the row is restored."""
        self.lift()
        self.is_wide = wide
        aside = self._aside if self._aside is not None and self._aside.top.ink else None
        if aside is not None or (not wide and self._sheets.top.is_row):
            self._aside, self._sheets = self._sheets, self._aside or Sheets(self._alone)
            self._publish()
        elif wide:
            self._aside, self._alone = None, self._sheets.top
        self.show_cursor()
        self._show()

    @property
    def layers(self) -> tuple[Ink, Stroke | None]:
        ink = self._sheets.top.ink
        drawing = self._before is not None and bool(self._points)
        return (self._under, ink.strokes[-1]) if drawing else (ink, None)

    @property
    def is_drawing(self) -> bool:
        return self._before is not None

    def invite(self, on: bool) -> None:
        """Say on a sample that one may draw over it; a stroke then clears it first."""
        self._invites = on
        self._show()

    @property
    def _is_draw_over(self) -> bool:
        return self._invites and self._sheets.top.number is not None and not self.is_wide

    def use_eraser(self, eraser: bool) -> None:
        self._eraser = eraser
        self.show_cursor()

    def adopt_theme(self) -> None:
        self._show()

    def lay(self, sheet: Sheet) -> None:
        """Show a sheet as part of a step, which `lift` ends."""
        if self._before is None:
            self._before, self._points = self._sheets.top, []
        self._lay(sheet)

    def put(self, sheet: Sheet) -> None:
        self.lift()
        before = self._sheets.top
        self._sheets.top = sheet
        self._step_from(before)
        self._publish()

    def start_with(self, sheet: Sheet) -> None:
        self.lift()
        self._sheets, self._aside, self._alone = Sheets(sheet), None, Sheet()
        self._publish()

    @property
    def beside(self) -> tuple[Sheet | None, Sheet]:
        return None if self._aside is None else self._aside.top, self._alone

    def put_beside(self, aside: Sheet | None, alone: Sheet) -> None:
        self._aside, self._alone = None if aside is None else Sheets(aside), alone

    def undo(self) -> None:
        self.lift()
        self._sheets.undo()
        self._publish()

    def redo(self) -> None:
        self.lift()
        self._sheets.redo()
        self._publish()

    def check(self, digits: Digits) -> None:
        self.lift()
        for sheets in filter(None, (self._sheets, self._aside)):
            sheets.replace_each(lambda sheet: sheet.checked(digits))
        self._alone = self._alone.checked(digits)
        self._publish()

    def lift(self) -> None:
        if self._before is not None:
            before, self._before = self._before, None
            self._step_from(before)
            self._publish()
            self.stepped.emit()

    def _step_from(self, before: Sheet) -> None:
        if self._sheets.step_from(before):
            self.did()

    def _publish(self) -> None:
        if self._published is not self._sheets.top:
            self._published = self._sheets.top
            self._show()
            self._frame.start()
            self.changed.emit(None if self.is_wide else self.picture)
            self.stepped.emit()

    def draw_with_keys(self, on: bool) -> None:
        """Show a pen in the middle, which keys move, or take it away."""
        self.lift()
        self.by_keys = (self._across() / 2, 0.5) if on else None
        if on:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.update()

    def press_pen(self, key: Qt.Key, far: int) -> bool:
        """Move the pen by so many pixels of the 28 × 28, put it down or lift it; return False for another key."""
        if self.by_keys is None or key not in (*ARROWS, Qt.Key.Key_Space):
            return False
        (x, y), (right, down) = self.by_keys, ARROWS.get(key, (0, 0))
        x, y = x + right * far / SIDE, y + down * far / SIDE
        self.by_keys = min(max(x, 0.0), self._across()), min(max(y, 0.0), 1.0)
        go = self._go_on if key in ARROWS else self._begin
        if key in ARROWS or not self.is_drawing:
            go(self._pen_place)
        else:
            self.lift()
        self.update()
        return True

    @property
    def _pen_place(self) -> QPointF:
        corner, side = self._scale()
        return corner + QPointF(*(self.by_keys or (0.5, 0.5))) * side

    def _begin(self, where: QPointF, pressure: float = 1.0, *, erasing: bool = False) -> None:
        self.lift()
        self._before = self._sheets.top
        self._erasing = erasing or self._eraser
        self._under = Ink() if self._is_draw_over and not self._erasing else self._before.ink
        self._points, self._eraser_at = [], None
        self._go_on(where, pressure)

    def _go_on(self, where: QPointF, pressure: float = 1.0) -> None:
        if self._before is None:
            return
        corner, side = self._scale()
        x, y = round((where.x() - corner.x()) / side, PLACES), round((where.y() - corner.y()) / side, PLACES)
        if not self._erasing:
            self._draw(x, y, pressure)
            return
        ink = self._sheets.top.ink
        rubbed = ink.erased(self._eraser_at or (x, y), (x, y))
        self._eraser_at = (x, y)
        if rubbed is not ink:
            self._lay(Sheet(rubbed))

    def _draw(self, x: float, y: float, pressure: float) -> None:
        wide = self._across()
        on_paper = 0 <= x <= wide and 0 <= y <= 1
        new = dist(self._points[-1][:2], (x, y)) >= _CLOSEST if self._points else on_paper
        if new and self._sheets.top.points < MOST_POINTS:
            self._points.append((min(max(x, 0.0), wide), min(max(y, 0.0), 1.0), pressure))
            self._lay(Sheet(self._under.drawn(Stroke(np.array(self._points, dtype=np.float32)))))
            if len(self._points) >= _LONGEST:
                self._under, self._points = self._sheets.top.ink, self._points[-1:]
        if not on_paper:  # the line ends at the edge; a new one starts where the pen returns
            self._under, self._points = self._sheets.top.ink, []

    def _lay(self, sheet: Sheet) -> None:
        """Show a sheet in mid-stroke, and emit `changed` at most once in each frame."""
        self._sheets.top = sheet
        if self._frame.isActive():
            self._show()
        else:
            self._publish()

    def _show(self) -> None:
        self.update()
        self.inked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._begin(event.position(), erasing=event.button() == Qt.MouseButton.RightButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go_on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.lift()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()  # the right button erases

    def tabletEvent(self, event: QTabletEvent) -> None:
        pressure = round(0.5 + event.pressure(), PLACES)
        if event.type() == QEvent.Type.TabletPress:
            turned = event.pointerType() == QPointingDevice.PointerType.Eraser
            second = event.button() == Qt.MouseButton.RightButton
            self._begin(event.position(), pressure, erasing=turned or second)
        elif event.type() == QEvent.Type.TabletMove:
            self._go_on(event.position(), pressure)
        else:
            self.lift()
        event.accept()

    def event(self, event: QEvent) -> bool:
        if self.by_keys is not None and claims(event, Qt.Key.Key_Space, Qt.Key.Key_Escape):
            return True  # it is for the pen
        if event.type() == QEvent.Type.ToolTip and self._sheets.top.ink:
            return True  # a tooltip would cover the drawing
        if isinstance(event, QTouchEvent):
            self._touch(event)
            event.accept()
            return True
        return super().event(event)

    def _touch(self, event: QTouchEvent) -> None:
        if event.type() == QEvent.Type.TouchBegin:
            first = event.points()[0]
            self._finger = first.id()
            self._begin(first.position())
        elif event.type() == QEvent.Type.TouchUpdate:
            for point in event.points():
                if point.id() == self._finger:
                    self._go_on(point.position())
        else:
            self.lift()

    @property
    def paper(self) -> QRectF:
        across = WIDE if self.is_wide else 1
        side = min((self.width() - 4) / across, self.height() - 4)
        width = side * across
        return QRectF((self.width() - width) // 2, (self.height() - side) // 2, width, side)

    def _across(self) -> float:
        return WIDE if self.is_wide else self._sheets.top.reach

    def _scale(self) -> tuple[QPointF, float]:
        """Return the corner of the ink, and the height of a row; on a pad for one digit a row is smaller."""
        paper = self.paper
        side = paper.width() / self._across()
        return QPointF(paper.x(), paper.center().y() - side / 2), side

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_cursor()
        self.inked.emit()

    def show_cursor(self) -> None:
        """Show a ring as large as pen or eraser as the cursor."""
        size = 2 * ERASER if self._eraser else PEN
        self.setCursor(ring_cursor(size * self.paper.height(), self.devicePixelRatioF()))

    def paintEvent(self, event: QPaintEvent) -> None:
        paper, (under, line) = self.paper, self.layers
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(paper, 8, 8)
        painter.fillPath(outline, QColor(theme().paper))
        painter.save()
        painter.setClipPath(outline)
        corner, side = self._scale()
        painter.translate(corner)
        if self.noise is not None and self._sheets.top.number is not None:
            under = Ink(digit=self.picture)  # noise of a drawing shows only in the 28 × 28
        if not self.is_wide:  # otherwise it is below the picture of the row
            size, ratio = QSizeF(paper.width(), side), self.devicePixelRatioF()
            painter.drawPixmap(QPointF(0, 0), self._painted.of(under, size, side, ratio))
            if line is not None:
                paint_stroke(painter, line, side)
        painter.restore()
        by_keys = self.by_keys is not None
        if not (self._sheets.top.ink or self.is_wide or by_keys):
            painter.setPen(QColor(theme().muted))
            centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            long = paper.height() >= _ROOMY * self.fontMetrics().height()
            invitation = tr("Draw a digit here with the mouse, pen or finger") if long else tr("Draw here")
            margin = 16 if long else 2
            draw_text(painter, paper.adjusted(margin, 0, -margin, 0), centred, invitation)
        elif self._is_draw_over or by_keys:
            painter.setPen(QColor(theme().muted))
            painter.setFont(small_font(self))
            below = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap
            room = paper.adjusted(8, 0, -8, -paper.height() / _INVITATION)
            draw_text(painter, room, below, translated(KEYS) if by_keys else tr("Draw over me"))
        painter.strokePath(outline, QPen(QColor(theme().line), 1))
        if by_keys:
            painter.setPen(QPen(QColor(theme().accent), 2))
            painter.setBrush(QColor(theme().accent) if self.is_drawing else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(self._pen_place, 6, 6)
