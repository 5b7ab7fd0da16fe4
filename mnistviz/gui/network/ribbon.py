"""The network card folded to a ribbon: the places of its parts, and the outputs as a row of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsPixmapItem, QGraphicsView, QPushButton, QWidget

from mnistviz.engine.digits import SIDE
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe, set_icon, show_scene, small_font, tabular
from mnistviz.gui.network.card_layout import FRAME, RIBBON_TOOL, RIBBON_TOOL_GAP, CardTexts
from mnistviz.gui.network.card_picture import CardPicture
from mnistviz.gui.network.card_words import OutputWords
from mnistviz.gui.network.flow import BarItem, arrow
from mnistviz.gui.network.output_stage import paint_verdict
from mnistviz.gui.network.selection import Selection

HEIGHT: Final = 110  # pixels, at the usual size of text
_MARGIN: Final = 12
_ARROW: Final = 28  # pixels, for the arrow to the next part
_PITCH: Final = 40  # from one cell to the next
_NARROWEST: Final = 16
_WIDEST: Final = 150
_BETWEEN: Final = 6  # pixels between two cells
_APART: Final = 4  # least pixels between two figures
_SMALLEST_TEXT: Final = 12  # pixels
_VERDICT, _LEAST_VERDICT = 8.4, 6.6  # lines: the width of the verdict, and its minimum
_CENTRED: Final = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class RibbonLayout:
    pad: QRect
    tools: QRect
    seen: QRect
    outputs: QRect
    unfold: QRect


def ribbon_height(texts: CardTexts) -> int:
    """Return the height of the folded card, which grows with the text of the verdict and the names."""
    return max(HEIGHT, 2 * _MARGIN + texts.line + texts.small + 50)


def ribbon_places(size: QSize, unfold: QSize) -> RibbonLayout:
    """Return the layout of a folded card of this size; `unfold` is the size of the button."""
    side = size.height() - 2 * _MARGIN
    pad = QRect(_MARGIN, _MARGIN, side, side)
    tools = high = 3 * RIBBON_TOOL + 2 * RIBBON_TOOL_GAP
    left = pad.right() + 1 + 8
    place = QRect(left, (size.height() - high) // 2, tools, high)
    zoom = max(1, (side - 2) // SIDE)
    seen = QRect(0, 0, zoom * SIDE + 2, zoom * SIDE + 2)
    seen.moveTopLeft(QPoint(place.right() + 1 + _ARROW, (size.height() - seen.height()) // 2))
    button = QRect(QPoint(0, 0), unfold)
    button.moveTopLeft(
        QPoint(size.width() - _MARGIN - unfold.width(), (size.height() - unfold.height()) // 2)
    )
    outputs = QRect(seen.right() + 1, 1, button.left() - 14 - seen.right(), size.height() - 2)
    return RibbonLayout(pad.adjusted(-FRAME, -FRAME, FRAME, FRAME), place, seen, outputs, button)


def _apart(font: QFont) -> float:
    return QFontMetricsF(font).horizontalAdvance("0.00") + _APART


class UnfoldButton(QPushButton):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "option")
        self.setIconSize(QSize(12, 12))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_state(self, theme: Theme, *, folded: bool) -> None:
        if folded:
            text = self.tr("Unfold")
            tip = self.tr("Shows the large scratchpad and all of the network. (F8)")
        else:
            text = self.tr("Fold")
            tip = self.tr("Folds the network card to a ribbon again. (Escape)")
        self.setText(text)
        describe(self, "network_unfold", text, tip)
        set_icon(self, "chevron-down" if folded else "chevron-up", theme)


def way_picture(size: QSize, theme: Theme, ratio: float) -> QPixmap:
    pixmap = QPixmap(size.expandedTo(QSize(1, 1)) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.line), 1.5))
    middle = size.height() / 2
    painter.drawPath(arrow(QPointF(4, middle), QPointF(size.width() - 3, middle)))
    painter.end()
    return pixmap


class OutputRibbon(QGraphicsView):
    """Verdict and a cell for each output: bars as Qt items, and texts as a pixmap."""

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._names: Sequence[str] = ()
        self._words = OutputWords()
        self._picture: CardPicture | None = None
        self._shown: dict[str, object] = {}
        self.cells: list[QRectF] = []
        self._scene = show_scene(self)
        self._ground, self._paper = QGraphicsPixmapItem(), QGraphicsPixmapItem()
        self._others, self._first = BarItem(4), BarItem(5)
        self.bars, self.winner_bar = self._others.item, self._first.item
        self.then, self._frame = QGraphicsPathItem(), QGraphicsPathItem()
        for z, item in ((0, self._ground), (4, self.bars), (5, self.winner_bar), (6, self.then),
                        (7, self._frame), (8, self._paper)):  # fmt: skip
            item.setZValue(z)
            self._scene.addItem(item)
        tip = self.tr("What the network reads, and its outputs. Click one to see what adds to it.")
        describe(self, "network_ribbon_outputs", self.tr("Outputs"), tip)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setMouseTracking(True)
        self.set_theme(theme)
        selection.changed.connect(self._show_frame)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackgroundBrush(QColor(theme.card))
        for item, colour in ((self.bars, theme.muted), (self.winner_bar, theme.accent)):
            item.setBrush(QColor(colour))
        self.then.setPen(QPen(QColor(theme.text), 1.5))
        self._frame.setPen(QPen(QColor(theme.accent), 2))
        self.arrange(self._names)

    def arrange(self, names: Sequence[str]) -> None:
        """Arrange the outputs with these names, also after a change of size, fonts or network."""
        self._names = names
        self._shown.clear()
        self.setSceneRect(QRectF(self.rect()))
        count, right = max(1, len(names)), self.width() - 22
        line, small = self.fontMetrics().height(), small_font(self).pixelSize() + 4
        figure = _apart(tabular(small_font(self)))
        room = right - _ARROW - 12
        free = room - round(_VERDICT * line)
        if free < count * figure:  # the figures below the cells have priority
            free = room - round(_LEAST_VERDICT * line)
        pitch = min(max(free // count, _NARROWEST if count <= 12 else 3), _PITCH if count > 4 else _WIDEST)
        between = _BETWEEN if pitch >= 2 * _BETWEEN else 1
        top, bottom = 12 + line + 1, self.height() - 12 - small - 1
        left = right - count * pitch + between
        self.cells = [QRectF(left + n * pitch, top, pitch - between, bottom - top) for n in range(len(names))]
        self._verdict = QRectF(_ARROW + 14, 4, left - _ARROW - 24, self.height() - 8)
        self._paint_ground()
        self._paint_words()
        self._show_frame()
        if self._picture is not None:
            self.show_picture(self._picture)  # the bars have moved

    def _figures(self) -> QFont | None:
        """Return the font of the figures, small enough that they do not touch, or None if even the smallest is too
        large."""
        font = tabular(small_font(self))
        pitch = self.cells[0].width() + _BETWEEN if self.cells else 0
        for size in range(font.pixelSize(), _SMALLEST_TEXT - 1, -1):
            font.setPixelSize(size)
            if _apart(font) <= pitch:
                return font
        return None

    def sizeHint(self) -> QSize:
        return QSize(540, HEIGHT)

    def show_picture(self, picture: CardPicture) -> None:
        """Show the outputs, those at the last flag, and the texts, where these have changed. A past step or a mixture
        is named in place of the last reason, so that no line is added."""
        self._picture = picture
        words = picture.words.outputs
        if picture.when:
            words = replace(words, reasons=(*words.reasons[:1], picture.when[-1]))
        if words != self._words:
            self._words = words
            self._paint_words()
        values = [] if picture.outputs is None else picture.outputs.tolist()
        heights = [round(4 * cell.height() * min(max(value, 0.0), 1.0)) / 4 for cell, value in zip(
            self.cells, values, strict=False)]  # fmt: skip
        if self._differs("bars", (heights, words.winner)):
            bars = [
                (cell.x(), cell.bottom() - high, cell.width(), high)
                for cell, high in zip(self.cells, heights, strict=False)
            ]
            first = [bars.pop(words.winner)] if 0 <= words.winner < len(bars) else []
            self._first.show(first)
            self._others.show(bars)
        then = picture.outputs_then
        if self._differs("then", None if then is None else then.tobytes()):
            path = QPainterPath()
            for cell, value in zip(self.cells, [] if then is None else then.tolist(), strict=False):
                y = cell.bottom() - cell.height() * min(max(value, 0.0), 1.0)
                path.moveTo(cell.left() - 2, y)
                path.lineTo(cell.right() + 2, y)
            self.then.setPath(path)

    def _differs(self, what: str, now: object) -> bool:
        differs = what not in self._shown or self._shown[what] != now
        self._shown[what] = now
        return differs

    # Painting

    def _pixmap(self) -> QPixmap:
        pixmap = QPixmap(self.size().expandedTo(QSize(1, 1)) * self.devicePixelRatioF())
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap

    def _paint_ground(self) -> None:
        pixmap, theme = self._pixmap(), self._theme
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, way_picture(QSize(_ARROW, self.height()), theme, self.devicePixelRatioF()))
        painter.setPen(QPen(QColor(theme.edge), 1))
        painter.setBrush(QColor(theme.grid))
        for cell in self.cells:
            painter.drawRoundedRect(cell.adjusted(-0.5, -0.5, 0.5, 0.5), 3, 3)
        painter.end()
        self._ground.setPixmap(pixmap)

    def _paint_words(self) -> None:
        pixmap, theme, words = self._pixmap(), self._theme, self._words
        painter = QPainter(pixmap)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        small, figures = tabular(small_font(self)), self._figures()
        size = round(2.6 * self.fontMetrics().height())
        paint_verdict(painter, self._verdict, words, theme, (self.font(), bold, small), size)
        for number, (cell, name) in enumerate(zip(self.cells, self._names, strict=False)):
            winner = number == words.winner
            room = QRectF(cell.left() - 2, 9, cell.width() + 4, cell.top() - 12)
            painter.setFont(bold)
            painter.setPen(QColor(theme.accent if winner else theme.text))
            if cell.width() >= 9:
                draw_text(painter, room, _CENTRED, name, elide=Qt.TextElideMode.ElideRight, whose="output")
            if number < len(words.figures) and figures is not None:
                painter.setFont(figures)
                painter.setPen(QColor(theme.accent if winner else theme.muted))
                below = QRectF(
                    cell.left() - 3, cell.bottom() + 1, cell.width() + 6, self.height() - 12 - cell.bottom()
                )
                draw_text(painter, below, _CENTRED, words.figures[number], whose="figure")
        painter.end()
        self._paper.setPixmap(pixmap)

    def _show_frame(self) -> None:
        path, chosen = QPainterPath(), self._selection.chosen_output
        if chosen is not None and chosen < len(self.cells):
            path.addRoundedRect(self.cells[chosen].adjusted(-2, -2, 2, 2), 4, 4)
        self._frame.setPath(path)

    # Mouse

    def _at(self, point: QPoint) -> int | None:
        return next(
            (
                number
                for number, cell in enumerate(self.cells)
                if cell.adjusted(-2, -20, 2, 20).contains(point.toPointF())
            ),
            None,
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._selection.point(None, None, self._at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        output = self._at(event.position().toPoint())
        if output is not None and event.button() == Qt.MouseButton.LeftButton:
            self._selection.choose_output(None if output == self._selection.chosen_output else output)
