"""Painted text. All of it passes through here, so that a test can read it and check that it fits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QObject, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from mnistviz.gui.common.painter_tools import colour
from mnistviz.gui.common.wrapped import unparted, whole_words


class Painted(Struct, frozen=True):
    """A text and its place, in pixels of the device."""

    whose: str  # object name of the widget, or as the caller sets it
    text: str  # in full
    shown: str  # as it is painted
    needed: QSizeF  # the size of `shown`
    room: QRectF

    @property
    def fits(self) -> bool:
        """True if no letter is cut off. Rounding may take a pixel, and no letter fills the height of a line."""
        wide, high = self.needed.width(), self.needed.height()
        filled = 0.8 if any(map(str.isalpha, self.shown)) else 0.6
        return wide <= self.room.width() + 1 and filled * high <= self.room.height()


listeners: Final[list[Callable[[Painted], object]]] = []
"""Empty except in tests; nothing is measured then."""


def draw_text(
    painter: QPainter,
    room: QRectF,
    flags: Qt.AlignmentFlag | Qt.TextFlag,
    text: str,
    *,
    ink: str = "",
    elide: Qt.TextElideMode | None = None,
    whose: str = "",
) -> None:
    """Paint `text` in `room`, in `ink` or the pen's colour; with `elide`, shorten it after a whole word if it is too
    long. `whose` is needed only if the painter does not paint on a widget."""
    if ink:
        painter.setPen(colour(ink))
    if flags & Qt.TextFlag.TextWordWrap:
        text = unparted(text)
    if elide is None and not listeners:
        painter.drawText(room, flags, text)
        return
    metrics = QFontMetricsF(painter.font(), painter.device())
    shown = text if elide is None else whole_words(text, metrics, room.width())
    painter.drawText(room, flags, shown)
    if listeners:
        device = painter.device()
        name = device.objectName() if isinstance(device, QObject) else ""
        note_text(text, room, metrics, whose or name, shown=shown, flags=flags)


def note_text(
    text: str,
    room: QRectF,
    metrics: QFontMetricsF,
    whose: str,
    *,
    shown: str | None = None,
    flags: Qt.AlignmentFlag | Qt.TextFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Report text that Qt paints itself, such as an item of a scene, to the listeners."""
    if listeners:
        shown = text if shown is None else shown
        needed = metrics.boundingRect(room, flags, shown).size()
        for listener in tuple(listeners):
            listener(Painted(whose, text, shown, needed, QRectF(room)))  # a copy: the rectangle may be shared


@contextmanager
def watched() -> Iterator[list[Painted]]:
    """Collect all text that is painted inside the context."""
    painted: list[Painted] = []
    listeners.append(painted.append)
    try:
        yield painted
    finally:
        listeners.remove(painted.append)
