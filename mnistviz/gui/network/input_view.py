"""The 28 × 28 input of the network, or contributions to a unit; and the picture shown in place of a drawing."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from mnistviz.engine.digits import PIXELS, SIDE
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.layouts import styled
from mnistviz.gui.common.painted_figure import ARROWS, ENTER, inked
from mnistviz.gui.common.painter_tools import blank_pixmap
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.weight_images import cell_at, weights_image
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.common.wrapped import WrappedLabel
from mnistviz.gui.lab.in_card import AlteredPicture, Dot
from mnistviz.gui.network import card_words
from mnistviz.gui.network.card_layout import FRAME, SMALL, CardLayout
from mnistviz.gui.network.card_picture import CardPicture, Evidence
from mnistviz.gui.network.selection import Selection

_LEAST_ROUND = 5  # screen pixels for each picture pixel, below which marks are squares


def paint_dots(painter: QPainter, place: QRectF, dots: Sequence[Dot]) -> None:
    """Paint marks on the picture in the rectangle `place`, visible on paper and on ink."""
    cell = place.width() / SIDE
    painter.save()
    for dot in dots:
        row, column = divmod(dot.pixel, SIDE)
        middle = place.topLeft() + QPointF((column + 0.5) * cell, (row + 0.5) * cell)
        if cell < _LEAST_ROUND:
            square = QRectF(middle.x() - cell / 2, middle.y() - cell / 2, cell, cell)
            inked(painter, fill=theme().accent).drawRect(square)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            inked(painter, theme().card, max(1.0, 0.12 * cell), fill=theme().accent)
            painter.drawEllipse(middle, 0.34 * cell, 0.34 * cell)
        if dot.newest:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            radius = max(cell, 4.0)
            for colour, width in ((theme().card, 3.0), (theme().accent, 1.6)):
                inked(painter, colour, width).drawEllipse(middle, radius, radius)
    painter.restore()


class InputView(QLabel):
    """Small framed picture of the network's input, shown as pixmaps that Qt paints."""

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent, alignment=Qt.AlignmentFlag.AlignCenter)
        self._selection = selection
        tip = tr(
            "The 28 × 28 pixels that the network gets: a drawing is scaled and centred as in MNIST, unless you "
            "choose otherwise. Point at a pixel, and each unit shows its weight for it. While a unit is pointed "
            "at, what it gets from each pixel, or from each unit of the layer before: weight × activation."
        )
        describe(self, "network_input", tr("What the network gets"), tip)
        # low, so that units stay visible
        set_tooltip(self, tr("Point at a pixel: each unit rings its weight for it."))
        self.caption = styled(WrappedLabel(parent=parent), "smallPrint", "network_input_caption")
        self.caption.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._image: NDArray[np.uint8] | None = None
        self._evidence: Evidence | None = None
        self._said_of: tuple[object, ...] = ()  # what the caption describes
        self._words: Sequence[str] = ()  # from long to short
        self._dots: tuple[Dot, ...] = ()
        self._place = QRect()  # the picture's rectangle, in screen pixels
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._show()

    def adopt_theme(self) -> None:
        self._show()

    def show_image(self, image: NDArray[np.uint8] | None) -> None:
        if image is not self._image or self._evidence is not None:
            self._image, self._evidence = image, None
            self._show()

    def show_picture(self, picture: CardPicture) -> None:
        """Show contributions, positive in orange, or else the pixels with their marks; and a caption."""
        evidence = picture.evidence
        layer = None if evidence is None else evidence.layer
        if (layer, picture.captions) != self._said_of:
            self._said_of = layer, picture.captions
            own = picture.captions if layer is None else ()
            self._words = own or (card_words.seen(layer),)
            self._write()
        if evidence is None and picture.dots == self._dots:
            self.show_image(picture.image)
            return
        self._image, self._evidence, self._dots = picture.image, evidence, picture.dots
        self._show()

    def place(self, room: QRect, caption: QRect) -> None:
        self.setGeometry(room)
        self.caption.setGeometry(caption)
        self._write()
        self._show()

    def _write(self) -> None:
        caption, fits = self.caption, False
        for text in self._words:
            caption.setText(text)
            if fits := caption.heightForWidth(caption.width()) <= caption.height():
                break
        caption.setVisible(fits)

    def _show(self) -> None:
        ratio = self.devicePixelRatioF()
        if self.size().isEmpty():
            return
        pixmap = blank_pixmap(self.size(), ratio, QColor(theme().line))
        with QPainter(pixmap) as painter:
            inside = self.rect().adjusted(1, 1, -1, -1)
            painter.fillRect(inside, QColor(theme().paper if self._evidence is None else theme().card))
            image, self._place = self._picture(), QRect()
            if image is not None:
                painter.scale(1 / ratio, 1 / ratio)  # aligned with screen pixels
                size = QSizeF(inside.size()) * ratio
                zoom = min(size.width() / image.width(), size.height() / image.height())
                zoom = math.floor(zoom + 1e-6) if zoom >= 1 else zoom
                drawn = QSizeF(image.size()) * zoom
                corner = QPointF(inside.topLeft()) * ratio
                left = round(corner.x() + (size.width() - drawn.width()) / 2)
                top = round(corner.y() + (size.height() - drawn.height()) / 2)
                self._place = QRect(QPoint(left, top), drawn.toSize())
                painter.drawImage(self._place, image)
                if self._evidence is None:
                    paint_dots(painter, QRectF(self._place), self._dots)
        self.setPixmap(pixmap)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        pixels = not self._place.isEmpty() and (self._evidence is None or self._evidence.layer == 0)
        at = (event.position() * self.devicePixelRatioF()).toPoint()
        self._selection.point_pixel(cell_at(at, QRectF(self._place), PIXELS) if pixels else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.mouseMoveEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._selection.choose_pixel()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._selection.point_pixel(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._selection.point_pixel(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Point at a pixel with the arrows, from the middle, and choose it with Enter."""
        at, (right, down) = self._selection.pointed_pixel, ARROWS.get(Qt.Key(event.key()), (0, 0))
        row, column = divmod(SIDE * SIDE // 2 + SIDE // 2 if at is None else at, SIDE)
        if right or down:
            row, column = min(max(row + down, 0), SIDE - 1), min(max(column + right, 0), SIDE - 1)
            self._selection.point_pixel(row * SIDE + column)
        elif event.key() in ENTER and at is not None:
            self._selection.choose_pixel()
        else:
            super().keyPressEvent(event)

    def _picture(self) -> QImage | None:
        if self._evidence is not None:
            return weights_image(self._evidence.values, self._evidence.limit, theme())
        return None if self._image is None else digit_image(self._image, theme())


class OverPad(QLabel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("over_pad")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # otherwise the pad is painted with it
        self.hide()

    def show_over(self, pad: QRect, altered: AlteredPicture | None) -> None:
        inset = FRAME + 2
        paper = pad.adjusted(inset, inset, -inset, -inset)
        self.setVisible(altered is not None)
        if altered is None or paper.isEmpty():
            return
        pixmap = blank_pixmap(paper.size(), self.devicePixelRatioF())
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            place = QRect(QPoint(0, 0), paper.size())
            painter.drawImage(place, digit_image(altered.picture, theme()))
            paint_dots(painter, QRectF(place), altered.dots)
        self.setGeometry(paper)
        self.setPixmap(pixmap)
        self.setAccessibleName(altered.note)
        self.raise_()


class SmallDigit(QLabel):
    """The digit that the network gets, beside the verdict while something else is in the place of the scratchpad."""

    def __init__(self, leave: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._leave = leave
        self._image: NDArray[np.uint8] | None = None
        tip = tr("Brings the scratchpad back. (P)")
        describe(self, "small_digit", tr("The digit on the scratchpad"), tip)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setScaledContents(True)
        self.hide()

    def adopt_theme(self) -> None:
        self._show()

    def show_picture(self, picture: CardPicture) -> None:
        if picture.image is not self._image:
            self._image = picture.image
            self._show()

    def place(self, places: CardLayout) -> None:
        """Place it in the upper right corner of the outputs, or below the words of a verdict beside their rows."""
        if (verdict := places.verdict) is not None:
            place = QRect(0, 0, SMALL, SMALL)
            place.moveCenter(verdict.center())
            place.moveRight(verdict.right())
            if verdict.height() > 4 * SMALL:
                place.moveBottomLeft(verdict.bottomLeft())  # the lines to the outputs end in front of them
            elif verdict.height() > 2 * SMALL:
                place.moveTop(verdict.top())  # the words reach lower
            self.setGeometry(place.translated(places.view.topLeft()))
        self.raise_()

    def _show(self) -> None:
        side = round(SMALL * self.devicePixelRatioF())
        pixmap = QPixmap(side, side)
        pixmap.fill(QColor(theme().edge))
        image = np.zeros((SIDE, SIDE), np.uint8) if self._image is None else self._image
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRect(1, 1, side - 2, side - 2), digit_image(image, theme()))
        self.setPixmap(pixmap)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._leave()
