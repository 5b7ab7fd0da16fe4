"""The map of all digits with named groups: how each digit was learned, over all measurements of a run."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from mnistviz.engine.mistakes.stories import LEARNING_GROUPS, LearningGroup, LearningMap
from mnistviz.gui.common import numbers
from mnistviz.gui.common.flow_layout import FlowLayout
from mnistviz.gui.common.layouts import column_of
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import push_button
from mnistviz.gui.mistakes import story_words
from mnistviz.gui.mistakes.digit_map import DigitMap, Field, map_fields


class MapCard(QWidget):
    """A map, and below it a button for each group with the number of its digits."""

    def __init__(
        self,
        theme: Theme,
        choose: Callable[[Field, Field], object],
        choose_group: Callable[[LearningGroup], object],
    ) -> None:
        super().__init__()
        self.setObjectName("map_card")
        self.map = DigitMap(theme, choose)
        self._buttons: dict[LearningGroup, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        buttons = QWidget()
        flow = FlowLayout(buttons, 4)
        for group in LEARNING_GROUPS:
            name, tip = story_words.group_words(group)
            button = push_button("option", f"map_group_{group}", tip=tip, accessible=name)
            self._buttons[group] = button
            button.setCheckable(True)
            button.clicked.connect(lambda _on, group=group: choose_group(group))
            self._group.addButton(button)
            flow.addWidget(button)
        column_of((self.map, 1), buttons, spacing=4, inside=self)

    def set_theme(self, theme: Theme) -> None:
        self.map.set_theme(theme)

    def show_map(self, found: LearningMap, hue: str) -> None:
        """Show all digits in their fields, and how many are in each group."""
        right = (found.shares * found.measurements).round()
        self.map.show_fields(map_fields(right, found.lost, found.measurements), hue)
        for group, count in found.counts.items():
            name, _ = story_words.group_words(group)
            self._buttons[group].setText(
                self.tr("{name} {count}").format(name=name, count=numbers.whole(count))
            )

    def show_group(self, chosen: str) -> None:
        """Check the button of the chosen group; an empty name checks none."""
        for group, button in self._buttons.items():
            button.setChecked(group == chosen)
