"""Small parts that pages are built from: texts and buttons of constant size, a row of choices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from mnistviz.gui.common.layouts import FlowLayout, row_of
from mnistviz.gui.common.widgets import push_button
from mnistviz.gui.common.wrapped import WrappedLabel, unparted


def keep_place(widget: QWidget, keep: bool = True) -> None:
    """Let a widget keep its room while it is hidden, or no longer."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(keep)
    widget.setSizePolicy(policy)


class SteadyText(WrappedLabel):
    """A wrapped text, at least as high as the highest of some other texts."""

    def __init__(self, role: str = "", *, room: Iterable[str] = ()) -> None:
        """Create a text; `room` are the texts that there is always room for."""
        super().__init__()
        self._room = list(room)
        if role:
            self.setProperty("role", role)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def keep_room(self, texts: Iterable[str]) -> None:
        self._room = list(texts)
        self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        self.ensurePolished()
        metrics, wide = self.fontMetrics(), max(1, width)
        flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)
        texts = map(unparted, {*self._room, self.text()})
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
    """A button as wide as the longest of its texts."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self._texts = {""}
        self.clicked.connect(act)

    def keep_room(self, *texts: str) -> None:
        self._texts |= set(texts)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint, metrics = super().sizeHint(), self.fontMetrics()
        wide = {text: metrics.size(Qt.TextFlag.TextShowMnemonic, text).width() for text in self._texts}
        own = wide.setdefault(self.text(), metrics.size(Qt.TextFlag.TextShowMnemonic, self.text()).width())
        return QSize(hint.width() + max(wide.values()) - own, hint.height())


class ChoiceRow(QWidget):
    """A button for each choice, between optional widgets before and after them."""

    def __init__(
        self,
        names: str,
        choices: Mapping[str, tuple[str, str]],
        chosen: Callable[[Any], object],
        *,
        role: str = "tab",
        spacing: int = 6,
        wraps: bool = False,
        before: QWidget | None = None,
        after: QWidget | None = None,
    ) -> None:
        """Create the buttons. `names` is the prefix of the object names; `choices` maps ids to text and tooltip;
        `chosen` is called with the id that the user chooses. With `wraps` the row continues in new lines."""
        super().__init__()
        group = QButtonGroup(self)
        line = FlowLayout(self, spacing=spacing) if wraps else row_of(spacing=spacing, inside=self)
        self.buttons: dict[str, QPushButton] = {}
        if before is not None:
            line.addWidget(before)
        for id, (text, tip) in choices.items():
            button = self.buttons[id] = push_button(role, f"{names}_{id}", text, tip, act=partial(chosen, id))
            button.setCheckable(True)
            group.addButton(button)
            line.addWidget(button)
        if isinstance(line, QHBoxLayout):
            line.addStretch(1)
        if after is not None:
            line.addWidget(after)

    def show_choice(self, id: str) -> None:
        """Check a button without calling `chosen`."""
        self.buttons[id].setChecked(True)
