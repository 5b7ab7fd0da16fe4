"""The ink of a row on the wide pad with its possible segments, as Qt items, which Qt paints without Python."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsPixmapItem, QGraphicsSimpleTextItem, QGraphicsView

from mnistviz.engine.handwriting import Ink
from mnistviz.engine.rows import SURE, Box
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.painted_text import note_text
from mnistviz.gui.common.painter_tools import blank_pixmap, line_path, translucent
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import add_items, describe, show_scene
from mnistviz.gui.network.pad.pad import InkPicture, Pad, paint_stroke
from mnistviz.gui.network.row import row_words
from mnistviz.gui.network.row.reader import ReadRow

_MOST_TEXTS: Final = 14  # figures in boxes: more would hide the ink
_MOST_TRIED: Final = 100  # boxes for which a figure is tried
_BETWEEN: Final = 3  # pixels between two figures
_FADED: Final = 0.35  # opacity of ink below boxes and figures
_ROUND: Final = 3  # pixels: the radius of the boxes' corners


class SheetView(QGraphicsView):
    """Shows the ink of a row with its boxes and cuts over the pad; mouse and pen reach the pad."""

    def __init__(self, pad: Pad) -> None:
        super().__init__(pad)
        self._pad = pad
        self._ink: tuple[Ink, QSizeF, float] | None = None
        self._painted = InkPicture()
        self._read: ReadRow | None = None  # the row whose segments are shown
        self._classes: tuple[str, ...] = ()
        self._walked_to: int | None = None
        self._lines: tuple[tuple[NDArray[Any], ...], int | None] = ((), None)
        self.way: list[Box] = []
        self._doubtful: tuple[bool, ...] = ()
        self._scene = show_scene(self)
        self._paper, self._stroke = QGraphicsPixmapItem(), QGraphicsPixmapItem()
        self._invitation = QGraphicsSimpleTextItem()
        self.unsure, self.sure, self._thick, self._walked, self._cuts, self._held, self._plates = (
            QGraphicsPathItem() for _ in range(7)
        )
        self.doubted = QGraphicsPathItem()
        self._plates.setPen(QPen(Qt.PenStyle.NoPen))
        items = (
            self._paper, self._stroke, self._invitation, self.unsure, self.sure, self._cuts, self._thick,
            self.doubted, self._held, self._walked, self._plates,
        )  # fmt: skip
        self._whole, self._band = QGraphicsPixmapItem(), QGraphicsPathItem()
        add_items(self._scene, *enumerate(items), (30, self._whole), (31, self._band))
        self._whole.hide()
        self.texts: list[QGraphicsSimpleTextItem] = []
        self._set_up()
        pad.inked.connect(self.show_ink)

    def _set_up(self) -> None:
        tip = tr("The row, with a box around each digit and a line for each cut.")
        describe(self, "row_picture", tr("The row"), tip)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def adopt_theme(self) -> None:
        self.setBackgroundBrush(QColor(theme().paper))
        self._ink = None
        self.show_ink()

    def place(self) -> None:
        self.setGeometry(self._pad.paper.adjusted(2, 2, -2, -2).toRect())
        self.setSceneRect(QRectF(self.rect()))
        self.show_ink()

    @property
    def _side(self) -> float:
        return self._pad.paper.height()

    def _at(self, x: float, y: float) -> QPointF:
        return self._pad.paper.topLeft() - QPointF(self.pos()) + QPointF(x * self._side, y * self._side)

    def show_ink(self) -> None:
        """Show the ink: the current line separately from the rest, which is painted once."""
        if not self._pad.is_wide:
            return
        under, line = self._pad.layers
        ratio, size, side = self.devicePixelRatioF(), self._pad.paper.size(), self._side
        scan = self._pad.sheet.scan
        photo = None if scan is None else scan.photo
        if (key := (under, size, side)) != self._ink:
            other_size = self._ink is None or key[1:] != self._ink[1:]
            self._ink = key
            self._paper.setPixmap(self._painted.of(under, size, side, ratio, photo))
            self._paper.setPos(self._at(0, 0))
            if other_size:
                self._draw_marks()
        if line is None:
            self._stroke.setPixmap(QPixmap())
        else:
            drawn = blank_pixmap(size, ratio)
            with QPainter(drawn) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                paint_stroke(painter, line, side)
            self._stroke.setPixmap(drawn)
            self._stroke.setPos(self._at(0, 0))
        self._invite(not self._pad.sheet.ink)

    def _invite(self, blank_paper: bool) -> None:
        self._invitation.setVisible(blank_paper)
        if not blank_paper:
            return
        room = QRectF(self.rect()).adjusted(12, 0, -12, 0)
        metrics = QFontMetricsF(self.font())
        long = tr(
            "Write a row of digits here, press T for one of test digits, or drop a picture of handwriting"
        )
        wordings = long, tr("Write a row of digits here, or drop a picture"), tr("Write a row of digits")
        text = next((text for text in wordings if metrics.horizontalAdvance(text) <= room.width()), "")
        self._invitation.setText(text)
        self._invitation.setFont(self.font())
        self._invitation.setBrush(QColor(theme().muted))
        self._invitation.setPos(room.center() - self._invitation.boundingRect().center())
        note_text(text, room, metrics, self.objectName())

    def show_whole(self, picture: NDArray[np.uint8] | None) -> None:
        """Show a whole picture, uint8 (h, w), in place of the row, or the row for None."""
        self._whole.setVisible(picture is not None)
        if picture is not None:
            image = QPixmap.fromImage(digit_image(picture, theme()))
            paper = blank_pixmap(self.size(), 1.0, QColor(theme().paper))
            with QPainter(paper) as painter:
                painter.drawPixmap(0, 0, image)
            self._whole.setPixmap(paper)

    def show_band(self, band: QRectF | None) -> None:
        path = QPainterPath()
        if band is not None:
            path.addRect(band)
        self._band.setPen(QPen(QColor(theme().accent), 2))
        self._band.setPath(path)

    def show_way(self, boxes: list[Box], doubtful: tuple[bool, ...]) -> None:
        if (boxes, doubtful) != (self.way, self._doubtful):
            self.way, self._doubtful = boxes, doubtful
            self._draw_way()

    def show_cuts(self, lines: tuple[NDArray[Any], ...], held: int | None) -> None:
        before, held_before = self._lines
        if held == held_before and len(lines) == len(before) and all(map(np.array_equal, lines, before)):
            return
        self._lines = lines, held
        self._draw_cuts()

    def show_shapes(self, row: ReadRow, classes: tuple[str, ...], walked: int | None, *, every: bool) -> None:
        """Show thin boxes of all segments if `every` is set or one is viewed; that one stands out."""
        shown = row if row.reading is not None and (every or walked is not None) else None
        before = None if self._read is None else self._read.reading
        same = (shown is None) == (self._read is None) and (shown is None or shown.reading is before)
        if same and (classes, walked) == (self._classes, self._walked_to):
            return
        self._read, self._classes, self._walked_to = shown, classes, walked
        if not same:
            self._draw_shapes()
        self._draw_texts()

    def _draw_marks(self) -> None:
        self._draw_way()
        self._draw_cuts()
        self._draw_shapes()
        self._draw_texts()

    def _rect(self, box: Box) -> QRectF:
        return QRectF(self._at(box.left, box.top), self._at(box.right, box.bottom)).adjusted(-2, -2, 2, 2)

    def _draw_way(self) -> None:
        sure, doubtful = QPainterPath(), QPainterPath()
        for box, doubted in zip(self.way, self._doubtful, strict=True):
            (doubtful if doubted else sure).addRoundedRect(self._rect(box), _ROUND, _ROUND)
        self._thick.setPen(QPen(QColor(theme().accent), 2))
        self._thick.setPath(sure)
        self.doubted.setPen(QPen(QColor(theme().accent), 2, Qt.PenStyle.DotLine))
        self.doubted.setPath(doubtful)

    def _draw_cuts(self) -> None:
        lines, held = self._lines
        usual, other = QPainterPath(), QPainterPath()
        corner, side = self._at(0, 0).toTuple(), self._side
        for number, line in enumerate(lines):
            points = QPolygonF([QPointF(x, y) for x, y in (line * side + corner).tolist()])
            (other if number == held else usual).addPolygon(points)
        self._cuts.setPen(QPen(QColor(theme().accent), 1, Qt.PenStyle.DashLine))
        self._cuts.setPath(usual)
        self._held.setPen(QPen(QColor(theme().accent), 3))
        self._held.setPath(other)

    def _draw_shapes(self) -> None:
        row = self._read
        for item in (self._paper, self._stroke):
            item.setOpacity(1 if row is None else _FADED)
        for boxes, colour, sure in ((self.unsure, theme().track, False), (self.sure, theme().muted, True)):
            boxes.setPen(QPen(QColor(colour), 1))
            if row is None or row.reading is None:
                boxes.setPath(QPainterPath())
            else:
                boxes.setPath(self._outlines(row.boxes[(row.reading.certainties >= SURE) == sure]))

    def _outlines(self, boxes: NDArray[np.float64]) -> QPainterPath:
        corners = boxes * self._side + np.tile(self._at(0, 0).toTuple(), 2) + (-2, -2, 2, 2)
        across, down = corners[:, [0, 2, 2, 0, 0, 0]], corners[:, [1, 1, 3, 3, 1, 1]]
        across[:, 5] = np.nan  # between two boxes
        return line_path(across.ravel(), down.ravel())

    def _draw_texts(self) -> None:
        row, walked, one = self._read, self._walked_to, QPainterPath()
        texts: list[tuple[QRectF, int, str]] = []
        if row is not None and row.reading is not None:
            shapes = np.argsort(-row.reading.certainties, kind="stable")[:_MOST_TRIED].tolist()
            if walked is not None:
                shapes = [walked]
                one.addRoundedRect(self._rect(row.box(walked)), _ROUND, _ROUND)
            reading, classes = row.reading, self._classes
            for each in shapes:
                words = " ".join(row_words.verdict(reading, classes, each))
                texts.append((self._rect(row.box(each)), int(reading.verdicts[each]), words))
        self._walked.setPen(QPen(QColor(theme().yes), 3))
        self._walked.setPath(one)
        self._place_texts(texts)

    def _place_texts(self, texts: list[tuple[QRectF, int, str]]) -> None:
        """Place each text at the top or bottom of its box, if it fits there. Of overlapping boxes with the same
        predicted digit, only the most certain one gets a text."""
        metrics = QFontMetricsF(self.font())
        line = 0.85 * metrics.height()
        taken: list[QRectF] = []
        placed: list[tuple[QRectF, int]] = []
        plates = QPainterPath()
        for rect, digit, text in texts:
            if len(taken) >= _MOST_TEXTS:
                break
            size = QSizeF(metrics.horizontalAdvance(text) + 2, line)
            covered = any(digit == other and rect.intersects(box) for box, other in placed)
            if len(texts) > 1 and (covered or size.width() > rect.width()):
                continue
            if (room := self._free_room(rect, size, taken)) is None:
                continue
            plates.addRect(room)
            item = self._text(len(taken))
            taken.append(room)
            placed.append((rect, digit))
            item.setText(text)
            item.setFont(self.font())
            item.setBrush(QBrush(QColor(theme().text)))
            item.setPos(room.topLeft() - QPointF(-1, 0.08 * metrics.height()))
            item.show()
        self._plates.setPath(plates)
        self._plates.setBrush(translucent(theme().paper, 0.8))
        for item in self.texts[len(taken) :]:
            item.hide()

    def _free_room(self, box: QRectF, size: QSizeF, taken: list[QRectF]) -> QRectF | None:
        """Return a free rectangle for a figure in a box, within the pad, or None."""
        left = min(box.center().x() - size.width() / 2, self.width() - 1 - size.width())
        for top in (max(box.top() + 3, 1.0), min(box.bottom() - 3, self.height() - 1) - size.height()):
            room = QRectF(QPointF(max(left, 1.0), top), size)
            around = room.adjusted(-_BETWEEN, -_BETWEEN, _BETWEEN, _BETWEEN)
            if not any(around.intersects(other) for other in taken):
                return room
        return None

    def _text(self, number: int) -> QGraphicsSimpleTextItem:
        while number >= len(self.texts):
            item = QGraphicsSimpleTextItem()
            add_items(self._scene, (20, item))
            self.texts.append(item)
        return self.texts[number]
