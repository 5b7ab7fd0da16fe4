"""The picture that the network card shows in place of the drawing, laid over the paper of the scratchpad."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.lab.in_card import AlteredPicture
from mnistviz.gui.network.card_layout import FRAME
from mnistviz.gui.network.dots import paint_dots


class OverPad(QLabel):
    """Covers the paper of the pad, but not its frame."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("over_pad")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # otherwise the pad is painted with it
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def show_over(self, pad: QRect, altered: AlteredPicture | None) -> None:
        inset = FRAME + 2
        paper = pad.adjusted(inset, inset, -inset, -inset)
        self.setVisible(altered is not None)
        if altered is None or paper.isEmpty():
            return
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(paper.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = QRect(QPoint(0, 0), paper.size())
        painter.drawImage(place, digit_image(altered.picture, self._theme))
        paint_dots(painter, QRectF(place), altered.dots, self._theme)
        painter.end()
        self.setGeometry(paper)
        self.setPixmap(pixmap)
        self.setAccessibleName(altered.note)
        self.raise_()
