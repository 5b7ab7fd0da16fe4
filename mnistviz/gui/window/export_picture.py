"""A picture to copy or save, as one value, and its rendering in pixels or as SVG."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from mnistviz.engine.problems import Problem
from mnistviz.gui.common.bare_picture import bare_bounds, paint_bare
from mnistviz.gui.common.theme import Theme

SHARPNESS: Final = 2  # pixels of a PNG per pixel of the screen
INCH: Final = 96  # pixels of the screen
AROUND: Final = 10  # pixels, the margin around a plot
LINE_AT: Final = 4  # pixels from the left, where the units begin as well


class ExportPicture(NamedTuple):
    """A picture: its size, background, painting function and note, and whether its painting needs clipping."""

    size: QSize
    ground: QColor
    paint: Callable[[QPainter], object]
    note: str
    clips: bool = True


def as_image(picture: ExportPicture) -> QImage:
    image = QImage(picture.size * SHARPNESS, QImage.Format.Format_RGB32)
    if image.isNull():
        raise Problem("picture_not_made")
    image.setDevicePixelRatio(SHARPNESS)
    image.fill(picture.ground)
    _paint(picture, QPainter(image))
    per_metre = round(INCH * SHARPNESS / 0.0254)
    image.setDotsPerMeterX(per_metre)
    image.setDotsPerMeterY(per_metre)
    image.setText("Software", "mnistviz")
    image.setText("Description", picture.note)
    return image


def as_svg(picture: ExportPicture) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    versions = QSvgGenerator.SvgVersion
    # only 1.1 supports clipping, but misplaces that of widgets
    drawing = QSvgGenerator(versions.Svg11 if picture.clips else versions.SvgTiny12)
    drawing.setOutputDevice(buffer)
    drawing.setResolution(INCH)
    drawing.setSize(picture.size)
    drawing.setViewBox(QRect(QPoint(0, 0), picture.size))
    drawing.setTitle("mnistviz")
    drawing.setDescription(picture.note)
    painter = QPainter(drawing)
    painter.fillRect(drawing.viewBox(), picture.ground)
    _paint(picture, painter)
    return bytes(buffer.data().data())


def without_controls(widget: QWidget, ground: QColor, note: str) -> ExportPicture:
    room = bare_bounds(widget)

    def paint(painter: QPainter) -> None:
        painter.translate(QPoint(AROUND, AROUND) - room.topLeft())
        paint_bare(widget, painter)

    return ExportPicture(room.size() + QSize(2 * AROUND, 2 * AROUND), ground, paint, note)


def with_line(picture: ExportPicture, text: str, font: QFont, theme: Theme) -> ExportPicture:
    wraps = Qt.TextFlag.TextWordWrap
    wide = picture.size.width() - 2 * LINE_AT
    high = QFontMetrics(font).boundingRect(QRect(0, 0, wide, 1_000), wraps, text).height()

    def paint(painter: QPainter) -> None:
        painter.save()
        picture.paint(painter)
        painter.restore()
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRect(LINE_AT, picture.size.height(), wide, high), wraps, text)

    return picture._replace(size=picture.size + QSize(0, high + AROUND), paint=paint)


def _paint(picture: ExportPicture, painter: QPainter) -> None:
    """Paint the picture and always end the painter, which must not outlive its device."""
    try:
        picture.paint(painter)
    finally:
        painter.end()
