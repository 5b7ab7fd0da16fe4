"""The ring around the focus, measured from pixels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from mnistviz.gui.common.focus_order import scroll_to, tab_order

LEAST = 3.0  # to 1, of what is there with the focus to what is there without
AROUND = 5  # pixels inside and outside a widget where its ring may be


def luminances(widget: QWidget, room: QRect) -> NDArray[np.float64]:
    """As the Web Content Accessibility Guidelines define it."""
    QApplication.processEvents()
    picture = widget.grab(room).toImage().convertToFormat(QImage.Format.Format_RGBX8888)
    pixels = np.array(picture.constBits()).reshape(picture.height(), -1, 4)[:, :, :3] / 255
    linear = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ (0.2126, 0.7152, 0.0722))


def ring_of(part: QWidget, elsewhere: QWidget) -> tuple[float, float]:
    """Which share of the outline of a part has a ring of two pixels or more, and its contrast to what was there."""
    window = part.window()
    scroll_to(part)
    QApplication.processEvents()
    around = part.parentWidget() or part
    seen = QRect(part.pos(), part.size()) & around.rect()
    place = seen.translated(around.mapTo(window, QPoint(0, 0)))
    room = place.adjusted(-AROUND, -AROUND, AROUND, AROUND)
    elsewhere.setFocus(Qt.FocusReason.TabFocusReason)
    before = luminances(window, room)
    part.setFocus(Qt.FocusReason.TabFocusReason)
    if not part.isVisible():  # it went meanwhile
        return 1.0, LEAST
    after = luminances(window, room)
    ratios = (np.maximum(before, after) + 0.05) / (np.minimum(before, after) + 0.05)
    ring, wide, edge = ratios >= LEAST, 2 * AROUND, 2 * AROUND - 1
    lines = (
        ring[:wide, edge:-edge].sum(axis=0), ring[-wide:, edge:-edge].sum(axis=0),
        ring[edge:-edge, :wide].sum(axis=1), ring[edge:-edge, -wide:].sum(axis=1),
    )  # fmt: skip
    along = np.concatenate(lines) >= 2
    return float(along.mean()), float(np.median(ratios[ring])) if ring.any() else 1.0


def rings(window: QWidget) -> Iterator[tuple[str, float, float]]:
    """All parts that Tab reaches, with their rings."""
    order = tab_order(window)
    for at, part in enumerate(order):
        elsewhere = order[(at + len(order) // 2) % len(order)]
        if part is not elsewhere and part.isVisible():
            yield part.objectName(), *ring_of(part, elsewhere)
