"""What the lines of the figure are: a sign in the colour of each, and a word."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

_MOST = 3


class Legend(QWidget):
    """One line under the figure."""

    def __init__(self) -> None:
        super().__init__()
        self._entries = [(QLabel(), QLabel()) for _ in range(_MOST)]
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(5)
        for number, (sign, word) in enumerate(self._entries):
            word.setProperty("role", "hint")
            if number:
                line.addSpacing(8)
            line.addWidget(sign)
            line.addWidget(word)
        line.addStretch(1)

    def show_entries(self, entries: Sequence[tuple[str, str, str]]) -> None:
        """Each a colour, a sign and a word."""
        for number, (sign, word) in enumerate(self._entries):
            seen = number < len(entries)
            sign.setVisible(seen)
            word.setVisible(seen)
            if seen:
                colour, mark, text = entries[number]
                sign.setText(mark)
                sign.setStyleSheet(f"color: {colour};")
                word.setText(text)
