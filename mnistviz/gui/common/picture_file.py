"""Pictures from files and from the clipboard as arrays. No window and no application is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLoggingCategory, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from mnistviz.engine.files import TooLarge, read_file, reason
from mnistviz.engine.problems import Problem

MOST_PIXELS: Final = 80_000_000
"""Larger pictures are not read at all."""
MOST_BYTES: Final = 100_000_000
"""Nor are larger files."""
MOST_SIDE: Final = 2_400
"""A larger picture is made smaller while it is read: so many pixels are more than enough for a row of digits."""

_FORMATS: Final = ("png", "jpeg", "webp", "bmp", "gif", "pbm", "pgm", "ppm", "tiff", "tga", "ico")
_JPEG_END: Final = b"\xff\xd9"


def read_picture(path: Path) -> tuple[NDArray[np.uint8], float]:
    """The picture in a file as `pixels_of` gives it, upright, and how many of its pixels there are to one of the file.

    Its size is looked at before anything is unpacked. Raises a `Problem` that names the file.
    """
    name = path.name or str(path)
    try:
        content = read_file(path, MOST_BYTES)
    except FileNotFoundError as error:
        raise Problem("picture_missing", file=str(path)) from error
    except TooLarge as error:
        raise Problem("picture_file_too_large", file=name, most=MOST_BYTES) from error
    except OSError as error:
        raise Problem("picture_unreadable", file=name, reason=reason(error)) from error
    QLoggingCategory.setFilterRules("qt.gui.imageio*=false")  # what is wrong is told below, in plain words
    data = QByteArray(content)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    kind = bytes(reader.format().data()).decode("ascii", "replace")
    if kind not in _FORMATS:
        raise Problem("picture_unknown", file=name)
    if kind == "jpeg" and content.rfind(_JPEG_END) < len(content) // 2:
        raise Problem("picture_damaged", file=name)  # Qt would make up the rest
    size = reader.size()
    if size.isValid() and size.width() * size.height() > MOST_PIXELS:
        pixels, most = (round(count / 1e6) for count in (size.width() * size.height(), MOST_PIXELS))
        raise Problem("picture_too_large", file=name, millions=pixels, most=most)
    small = size.scaled(QSize(MOST_SIDE, MOST_SIDE), Qt.AspectRatioMode.KeepAspectRatio)
    if size.isValid() and max(size.width(), size.height()) > MOST_SIDE:
        reader.setScaledSize(small.expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        raise Problem("picture_damaged", file=name)
    scale = max(image.width(), image.height()) / max(size.width(), size.height()) if size.isValid() else 1.0
    return pixels_of(image), scale


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """A copy of an image's pixels: (h, w) if all is opaque and grey, else red, green, blue and alpha, (h, w, 4)."""
    grey = image.isGrayscale() and not image.hasAlphaChannel()
    kind, channels = (QImage.Format.Format_Grayscale8, 1) if grey else (QImage.Format.Format_RGBA8888, 4)
    image = image.convertToFormat(kind)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = lines[:, : image.width() * channels].copy()
    return pixels if grey else pixels.reshape(image.height(), image.width(), channels)
