"""Words and buttons that keep their room whatever they say, so that nothing around them moves."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget


def keep_place(widget: QWidget, keep: bool = True) -> None:
    """Lets a widget keep its place while it is hidden, or gives that up."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(keep)
    widget.setSizePolicy(policy)


class SteadyText(QLabel):
    """Wrapped words, as high as the highest of some other words at least."""

    def __init__(self, role: str = "", text: str = "", *, room: Iterable[str] = ()) -> None:
        """`room` are the words that there is always room for."""
        super().__init__(text)
        self._room = list(room)
        if role:
            self.setProperty("role", role)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def keep_room(self, *texts: str) -> None:
        """Keeps room for these words, too."""
        self._room += texts
        self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        self.ensurePolished()
        metrics, wide = self.fontMetrics(), max(1, width)
        flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)
        texts = {*self._room, self.text()}
        return max(
            metrics.boundingRect(QRect(0, 0, wide, 9999), flags, text or " ").height() for text in texts
        )

    def sizeHint(self) -> QSize:
        return QSize(100, self.heightForWidth(max(self.width(), 100)))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.heightForWidth(max(self.width(), 100)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class SteadyButton(QPushButton):
    """A button as wide as the longest words that it has said or will say."""

    def __init__(self, text: str = "", *others: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._texts = {text, *others}

    def keep_room(self, *texts: str) -> None:
        """Keeps room for these words, too."""
        self._texts |= set(texts)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint, metrics = super().sizeHint(), self.fontMetrics()
        wide = {text: metrics.size(Qt.TextFlag.TextShowMnemonic, text).width() for text in self._texts}
        own = wide.setdefault(self.text(), metrics.size(Qt.TextFlag.TextShowMnemonic, self.text()).width())
        return QSize(hint.width() + max(wide.values()) - own, hint.height())
