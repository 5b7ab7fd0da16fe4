"""A column of panels that scrolls up and down in a low window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class ScrolledColumn(QScrollArea):
    """A scroll area that only scrolls vertically: it is never narrower than its content.

    `beside` is the right margin of the content, where the scroll bar appears, so that nothing moves.
    """

    def __init__(self, inside: QWidget, parent: QWidget | None = None, *, beside: int = 0) -> None:
        super().__init__(parent)
        self._inside, self._beside = inside, beside
        if beside:
            self.verticalScrollBar().rangeChanged.connect(self._give_room)
            self._give_room()
        inside.setProperty("role", "scrolled")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)

    def minimumSizeHint(self) -> QSize:
        bar = self.verticalScrollBar()
        room = 0 if self._beside and not bar.maximum() else bar.sizeHint().width()
        return QSize(self._inside.minimumSizeHint().width() + room, 60)

    def _give_room(self) -> None:
        bar, layout = self.verticalScrollBar(), self._inside.layout()
        assert layout is not None
        margins = layout.contentsMargins()
        margins.setRight(max(0, self._beside - bar.sizeHint().width() * bool(bar.maximum())))
        layout.setContentsMargins(margins)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
