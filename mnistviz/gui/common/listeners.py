"""Who listens for which kind of change."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal


class Listeners(QObject):
    """Calls those who listen for a kind of change, in the order in which they came. Who has gone is not called."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._kinds: dict[object, _Kind] = {}

    def listen(self, kind: object, act: Callable[..., object]) -> None:
        """Have `act` called at each change of a kind, with what is told of it if it takes that."""
        if kind not in self._kinds:
            self._kinds[kind] = _Kind(self)
        self._kinds[kind].told.connect(act)

    def tell(self, kind: object, change: object = None) -> None:
        if kind in self._kinds:
            self._kinds[kind].told.emit(change)


class _Kind(QObject):
    told = Signal(object)
