"""How long an opened network was trained, in words, for the status bar and the network card."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from mnistviz.engine.fork import Origin
from mnistviz.gui.common import numbers


def before_opened(origin: Origin) -> str:
    """Return how long an opened network was trained, in a few words."""
    if origin.epochs is not None:
        return QCoreApplication.translate("Origin", "its file says {epochs} epochs before that").format(
            epochs=numbers.epochs(origin.epochs)
        )
    if origin.mini_batches is not None:
        return QCoreApplication.translate("Origin", "its file says {count} mini-batches before that").format(
            count=numbers.whole(origin.mini_batches)
        )
    return QCoreApplication.translate("Origin", "its file does not say how long it was trained")
