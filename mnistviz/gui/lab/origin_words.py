"""How long an opened network had learned, in words: the bar and the network's card both say it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from mnistviz.engine.origin import Origin
from mnistviz.gui.common import numbers


def before_opened(origin: Origin) -> str:
    """How long an opened network had learned, in a few words."""
    if origin.epochs is not None:
        return QCoreApplication.translate("Origin", "by its file after {epochs} epochs").format(
            epochs=numbers.epochs(origin.epochs)
        )
    if origin.mini_batches is not None:
        return QCoreApplication.translate("Origin", "by its file after {count} mini-batches").format(
            count=numbers.whole(origin.mini_batches)
        )
    return QCoreApplication.translate("Origin", "how long it has learned is unknown")
