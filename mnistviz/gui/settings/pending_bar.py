"""A bar above the controls, while they say something that only a new run can do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe, set_icon


class PendingBar(QFrame):
    """Says what waits, with a button that begins a new run and one that goes back to the settings of this one."""

    apply_wanted = Signal()
    revert_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setObjectName("pending_bar")
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.about.setTextFormat(Qt.TextFormat.PlainText)  # it may name a recipe of one's own
        self.apply_button = QPushButton(self.tr("Apply in a new run"))
        self.apply_button.setProperty("role", "primary")
        describe(
            self.apply_button,
            "apply_in_new_run_button",
            self.tr("Apply in a new run"),
            self.tr("Begins a new run with these settings. The curves of the run before stay behind."),
        )
        self.apply_button.clicked.connect(self.apply_wanted)
        self.revert_button = QPushButton()
        describe(
            self.revert_button,
            "revert_settings_button",
            self.tr("Back to the settings of this run"),
            self.tr("Puts the controls back to what the network on the screen learns with."),
        )
        self.revert_button.clicked.connect(self.revert_wanted)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 10, 8)
        column.setSpacing(5)
        column.addWidget(self.about, 1)
        row = QHBoxLayout()
        row.addWidget(self.apply_button, 1)
        row.addWidget(self.revert_button)
        column.addLayout(row)
        self.set_theme(theme)
        self.hide()

    def show_pending(self, about: str) -> None:
        """Says what waits; an empty text hides the bar."""
        self.about.setText(about)
        self.setVisible(bool(about))

    def set_wide(self, wide: bool) -> None:
        """Whether the words and the buttons stand beside each other."""
        direction = QBoxLayout.Direction
        self._column.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    def set_theme(self, theme: Theme) -> None:
        set_icon(self.revert_button, "undo", theme)
