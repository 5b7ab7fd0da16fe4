"""Pictures from files and from the clipboard as arrays. It needs no window and no application."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLoggingCategory, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter
from shiboken6 import delete

from mnistviz.engine.data_sets.source import PictureFiles
from mnistviz.engine.files import TooLarge, read_file, reason
from mnistviz.engine.problems import Problem

MOST_PIXELS: Final = 80_000_000
MOST_BYTES: Final = 100_000_000
MOST_SIDE: Final = 2_400
"""A larger picture is scaled down: so many pixels are more than enough for a row of digits."""

SUFFIXES: Final = (
    ".png", ".jpg", ".jpeg", ".jfif", ".webp", ".bmp", ".gif", ".pbm", ".pgm", ".ppm", ".tif", ".tiff", ".ico",
)  # fmt: skip
"""The suffixes of picture files. The kind of a file is decided by its content."""

_BEGINNINGS: Final = {
    b"png": rb"\x89PNG\r\n\x1a\n", b"jpeg": rb"\xff\xd8", b"webp": rb"RIFF....WEBP", b"bmp": rb"BM",
    b"gif": rb"GIF8[79]a", b"pbm": rb"P[14]", b"pgm": rb"P[25]", b"ppm": rb"P[36]",
    b"tiff": rb"II[*+]\x00|MM\x00[*+]", b"ico": rb"\x00\x00\x01\x00",
}  # fmt: skip
"""Qt's names of the formats, and the first bytes of each.

Qt is not asked to detect the format: it would ask all its plugins in turn, and that of SVG connects signals. A worker
thread that connects while it has Python's lock deadlocks with a main thread that disconnects and waits for that lock.
"""

_MOST_MEGABYTES: Final = MOST_PIXELS * 8 // 2**20 + 1  # unpacked, with 16 bits for each colour
_ENDS: Final = {b"jpeg": b"\xff\xd9", b"gif": b"\0;"}


def read_picture(path: Path) -> tuple[NDArray[np.uint8], float]:
    """Return the picture in a file as `pixels_of` does, upright, and the number of its pixels to one of the file.

    Of several pages or frames the first is read. The size is checked before anything is unpacked. Raises a `Problem`
    that names the file.
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
    kind = next((kind for kind, first in _BEGINNINGS.items() if re.match(first, content, re.DOTALL)), None)
    if kind is None:
        raise Problem("picture_unknown", file=name)
    if _is_cut_off(kind, content):
        raise Problem("picture_damaged", file=name)
    with nothing_printed(), _reader_of(content, kind) as reader:
        size = reader.size()  # some formats do not report it
        _check_size(size, name)
        if (small := _reduced(size)) != size:
            reader.setScaledSize(small)  # a photograph is unpacked only as far as needed
        image = reader.read()
        if image.isNull():
            raise Problem("picture_damaged", file=name)
        whole = size if size.isValid() else image.size()
        pixels = pixels_of(image, name)
        return pixels, max(pixels.shape[:2]) / max(whole.width(), whole.height())


PICTURE_FILES: Final = PictureFiles(SUFFIXES, lambda path: read_picture(path)[0])


def pixels_of(image: QImage, name: str) -> NDArray[np.uint8]:
    """Return a copy of an image's pixels: (h, w) if all is opaque and grey, else red, green, blue and alpha, (h, w, 4).

    A large image is scaled down. Raises the `Problem` "picture_too_large", about a picture of that name.
    """
    _check_size(image.size(), name)
    if (small := _reduced(image.size())) != image.size():
        image = image.scaled(small, mode=Qt.TransformationMode.SmoothTransformation)
    grey = image.isGrayscale() and not image.hasAlphaChannel()
    kind, channels = (QImage.Format.Format_Grayscale8, 1) if grey else (QImage.Format.Format_RGBA8888, 4)
    image = image.convertToFormat(kind)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = lines[:, : image.width() * channels].copy()
    return pixels if grey else pixels.reshape(image.height(), image.width(), channels)


@contextmanager
def nothing_printed() -> Iterator[None]:
    """Silence standard error, where the libraries beneath Qt report a damaged picture past Qt and Python."""
    if (saved := _standard_error()) is None:
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


def _standard_error() -> int | None:
    with suppress(OSError, ValueError):
        if sys.stderr is not None:
            sys.stderr.flush()
        return os.dup(2)
    return None


@contextmanager
def _reader_of(content: bytes, kind: bytes) -> Iterator[QImageReader]:
    """Yield Qt's reader of these bytes. It is deleted before them: the unpacker accesses them until its end."""
    QLoggingCategory.setFilterRules("qt.gui.imageio*=false")  # a `Problem` reports the fault instead
    QImageReader.setAllocationLimit(_MOST_MEGABYTES)
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, kind)
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    try:
        yield reader
    finally:
        delete(reader)


def _is_cut_off(kind: bytes, content: bytes) -> bool:
    """Return True if the end of a file is missing, of a kind where Qt silently fills in the rest."""
    if kind == b"bmp":
        return len(content) < int.from_bytes(content[2:6], "little")
    return kind in _ENDS and content.rfind(_ENDS[kind]) < len(content) // 2


def _check_size(size: QSize, name: str) -> None:
    if (count := size.width() * size.height()) > MOST_PIXELS:
        most = MOST_PIXELS // 1_000_000
        raise Problem("picture_too_large", file=name, millions=max(round(count / 1e6), most + 1), most=most)


def _reduced(size: QSize) -> QSize:
    if max(size.width(), size.height()) <= MOST_SIDE:
        return size
    return size.scaled(MOST_SIDE, MOST_SIDE, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))


def png_bytes(image: QImage) -> bytes:
    """Return an image as a PNG. Raise a `Problem`."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise Problem("picture_not_made")
    return bytes(buffer.data().data())
