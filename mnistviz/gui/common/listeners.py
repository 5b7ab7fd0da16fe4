"""Listeners to kinds of change."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal


class Listeners(QObject):
    """Calls the listeners to a kind of change, in the order in which they were added. Deleted ones are not called."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._kinds: dict[object, _Kind] = {}

    def listen(self, kind: object, act: Callable[..., object]) -> None:
        if kind not in self._kinds:
            self._kinds[kind] = _Kind(self)
        self._kinds[kind].told.connect(act)

    def tell(self, kind: object, change: object = None) -> None:
        if kind in self._kinds:
            self._kinds[kind].told.emit(change)


class _Kind(QObject):
    told = Signal(object)
