"""Icons from `assets/icons`, drawn in the colours of the theme."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QIcon, QPainter
from PySide6.QtSvg import QSvgRenderer

from mnistviz.assets import asset
from mnistviz.gui.common.painter_tools import blank_pixmap

_SIZES = (16, 32, 48)
_RATIOS = (1, 2, 3)  # pixels of the screen to one of the icon


@lru_cache(64)  # of two looks; an icon takes 29 kB
def icon(name: str, colour: str, disabled: str = "") -> QIcon:
    """Return `assets/icons/NAME.svg` with `currentColor` replaced by `colour`, and by `disabled` if disabled."""
    result = QIcon()
    drawing = (asset("icons") / f"{name}.svg").read_text(encoding="utf-8")
    for mode, hue in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled or colour)):
        renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", hue).encode()))
        for size in _SIZES:
            pixmap = blank_pixmap(QSize(size, size), 1)
            with QPainter(pixmap) as painter:
                renderer.render(painter, QRectF(0, 0, size, size))
            result.addPixmap(pixmap, mode)
    return result


@lru_cache(128)  # of one look and size
def spaced(shown: QIcon, side: int, gap: int) -> QIcon:
    """Return the icon with a gap at its right, for a button with text beside it."""
    result = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
        for ratio in _RATIOS:
            pixmap = blank_pixmap(QSize(side + gap, side) * ratio, 1)
            with QPainter(pixmap) as painter:
                painter.drawPixmap(0, 0, shown.pixmap(QSize(side, side) * ratio, 1.0, mode))
            result.addPixmap(pixmap, mode)
    return result
