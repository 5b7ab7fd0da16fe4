"""A bar above the controls, while they say something that only a new run can do, or a branch."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe, refresh_style, set_icon


class PendingBar(QFrame):
    """Says what waits, with a button that begins a new run, one that branches if something is planned for that, and one
    that goes back to the settings of this run."""

    branch_wanted = Signal()
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
        self.branch_button = QPushButton(self.tr("Branch here"))
        self.branch_button.setProperty("role", "primary")
        describe(
            self.branch_button,
            "branch_here_button",
            self.tr("Branch here"),
            self.tr("Begins a run with the same past up to here, and from here on with what is planned."),
        )
        self.branch_button.clicked.connect(self.branch_wanted)
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
        self._row = row = QHBoxLayout()
        row.addWidget(self.branch_button, 1)
        row.addWidget(self.revert_button)
        column.addLayout(row)
        column.addWidget(self.apply_button)
        self.set_theme(theme)
        self.hide()

    def show_pending(self, about: str, plan: str = "") -> None:
        """Says what waits for a new run, and what is planned for a branch; where both are empty, the bar is hidden."""
        both = self.tr("{plan}. The rest needs a new run.").format(plan=plan)
        text = both if plan and about else plan or about
        self.about.setText(text)
        self.branch_button.setVisible(bool(plan))
        self.apply_button.setVisible(bool(about))
        role = "" if plan else "primary"  # one button is what one came for
        if self.apply_button.property("role") != role:
            self.apply_button.setProperty("role", role)
            refresh_style(self.apply_button)
        self._place_buttons()
        self.setVisible(bool(text))

    def _place_buttons(self) -> None:
        """Both big buttons are in one line, or where that is narrow one above the other."""
        narrow = self._column.direction() is QBoxLayout.Direction.TopToBottom
        if narrow and not self.branch_button.isHidden():
            self._column.insertWidget(2, self.apply_button)
        else:
            self._row.insertWidget(1, self.apply_button, 1)

    def set_wide(self, wide: bool) -> None:
        """Whether the words and the buttons stand beside each other."""
        direction = QBoxLayout.Direction
        self._column.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        self._place_buttons()

    def set_theme(self, theme: Theme) -> None:
        set_icon(self.revert_button, "undo", theme)
