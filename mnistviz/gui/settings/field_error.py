"""The error of a typed value, shown without moving anything."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.wrapped import WrappedLabel

_WIDTH = 260  # pixels
_BELOW, _SIDE = 4, 4  # pixels, below the field, and from the edge of the window at least


class FieldError(WrappedLabel):
    """A sentence below a field, on top of other widgets: nothing moves, so the next click hits its target. It follows
    the field when that moves."""

    def __init__(self, owner: QWidget) -> None:
        """Create the label as a child of `owner`; it is shown in the window of the field."""
        super().__init__(parent=owner)
        self._field: QWidget | None = None
        self.setProperty("role", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_error(self, field: QWidget, why: str) -> None:
        """Show why the text of this field is invalid; an empty sentence hides the error."""
        if not (why or self.text()):
            return
        self._watch(False)
        self._field = field
        self.setText(why)
        self.hide()
        if why:
            self._watch(True)
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the field when it or a parent is moved, scrolled or resized."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._place()
        return False

    def _watch(self, watches: bool) -> None:
        around = self._field
        while around is not None:
            around.removeEventFilter(self)
            if watches:
                around.installEventFilter(self)
            around = None if around.isWindow() else around.parentWidget()

    def _place(self) -> None:
        field = self._field
        assert field is not None
        window = field.window()
        if self.parent() is not window:
            self.setParent(window)
        self.setVisible(not field.visibleRegion().isEmpty())  # the field may be scrolled out of view
        self.setFixedWidth(_WIDTH)
        self.resize(_WIDTH, self.heightForWidth(_WIDTH))
        corner = field.mapTo(window, QPoint(field.width(), field.height() + _BELOW))
        self.move(max(_SIDE, corner.x() - _WIDTH), corner.y())
        self.raise_()
