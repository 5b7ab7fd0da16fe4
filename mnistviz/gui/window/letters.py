"""Single letters as shortcuts: everywhere, or only while the focus is in the network card."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QWidget

_WITH_OTHERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class Letters(QObject):
    """Keeps letters and signs from being shortcuts outside the network card, once they are restricted to it."""

    def __init__(self, window: QWidget, network: QWidget, restrict: QAction) -> None:
        super().__init__(window)
        self._window, self._network = window, network
        self._restricted = False
        restrict.toggled.connect(self._restrict)

    def _restrict(self, restricted: bool) -> None:
        self._restricted = restricted
        self._window.removeEventFilter(self)
        if restricted:  # else each of the events of the window would wait for Python
            self._window.installEventFilter(self)

    def are_idle(self, event: QKeyEvent) -> bool:
        """Return True if the key is a letter or a sign that is no shortcut where the focus is."""
        focused, text = self._window.focusWidget(), event.text().strip()
        if not (self._restricted and text and text.isprintable()) or event.modifiers() & _WITH_OTHERS:
            return False
        return focused is None or not self._network.isAncestorOf(focused)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride
        if not (override and isinstance(event, QKeyEvent) and self.are_idle(event)):
            return False
        event.accept()
        return True
