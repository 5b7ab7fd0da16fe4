"""What two networks predict correctly of the same digits: a bar, and a button for each of four groups."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import FlowLayout, column_of, label
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import describe, push_button, show_beside
from mnistviz.gui.mistakes import against_words
from mnistviz.gui.mistakes.read_digits import VERDICT_GROUPS, TwoReadings, VerdictGroup

_HIGH, _LOW = 2.3, 6  # lines: the highest button; pixels: the least height around its text
_GAP = 6  # pixels between the parts
_BAR, _LEAST = 10, 2  # pixels: height, and least width of a part that is not empty


class GroupBar(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("group_bar")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._parts: list[tuple[int, str]] = []

    def show_parts(self, parts: list[tuple[int, str]], said: str) -> None:
        self._parts = parts
        self.setAccessibleName(said)
        set_tooltip(self, said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, _BAR)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        total = max(1, sum(count for count, _ in self._parts))
        filled = [each for each in self._parts if each[0]]
        free = self.width() - _LEAST * len(filled)
        left = 0.0
        for count, colour in filled:
            wide = _LEAST + free * count / total
            painter.fillRect(QRectF(left, 0, wide, self.height()), QColor(colour))
            left += wide


class GroupCard(Fitted, QWidget):
    """Buttons in two rows, A right and wrong, and two columns, B right and wrong; below them the significance."""

    def __init__(self, choose: Callable[[VerdictGroup], object], ask_chance: Callable[[], object]) -> None:
        """`choose` gets a group; `ask_chance` starts the test of significance, or cancels it."""
        super().__init__()
        self.setObjectName("group_card")
        self.bar = GroupBar()
        self.buttons: dict[VerdictGroup, QPushButton] = {}
        self._texts: dict[VerdictGroup, tuple[str, str]] = {}  # in full, and the count alone
        self._grid = grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        places = {"b_right": (0, 1), "b_wrong": (0, 2), "a_right": (1, 0), "a_wrong": (2, 0)}
        self._heads = {name: label("cardTitle") for name in places}
        for name, place in places.items():
            grid.addWidget(self._heads[name], *place)
        for name in ("b_right", "b_wrong"):
            self._heads[name].setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._heads[name].setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        spoken = tr("Digits of two runs or moments")  # until there are two
        tip = tr("Shows these digits in the gallery.")
        for number, group in enumerate(VERDICT_GROUPS):
            button = push_button("option", f"verdicts_{group}", tip=tip, accessible=spoken, checkable=True)
            self.buttons[group] = button
            button.clicked.connect(lambda _on, group=group: choose(group))
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
            grid.addWidget(button, number // 2 + 1, number % 2 + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        self._told: tuple[str, ...] = ()  # the verdict, from long to short
        self._chance = label("quietText", name="chance_told", wraps=True)
        self.chance_button = push_button("option", "chance", act=ask_chance)
        self._buttons = FlowLayout(spacing=_GAP)
        self._buttons.addWidget(self.chance_button)
        table = (grid, 1)  # up to the largest height of its buttons
        parts = self.bar, table, self._chance, self._buttons, None
        column_of(*parts, spacing=_GAP, margins=(0, 2, 0, 0), inside=self)
        self.show_chance(offered=True, works=False)

    def add_button(self, button: QPushButton) -> None:
        self._buttons.addWidget(button)

    def show_groups(self, two: TwoReadings) -> None:
        colours: dict[VerdictGroup, str] = {
            "both_right": theme().track, "only_a_wrong": two.a.hue, "only_b_wrong": two.b.hue,
            "both_wrong": theme().answer,
        }  # fmt: skip
        parts = [(len(two.numbers(group)), colour) for group, colour in colours.items()]
        self.bar.show_parts(parts, against_words.shares_told(two))
        for name, text, hue in against_words.heads(two):
            self._heads[name].setText(text)
            self._heads[name].setStyleSheet(f"color: {hue};")
        for group, button in self.buttons.items():
            name, tip = against_words.group_words(two, group)
            count = numbers.whole(len(two.numbers(group)))
            self._texts[group] = (tr("{name} {count}", name=name, count=count), count)
            show_beside(button, _square(colours[group], self.devicePixelRatioF()))
            describe(button, button.objectName(), self._texts[group][0], tip)
        self.refit()

    def refit(self) -> None:
        """Show only the counts if not all buttons have room for more: the heads name them. On a low card the verdict is
        shorter and the bar hidden, so that the counts stay legible."""
        parts = [self._grid.minimumSize().height(), 2]
        if not self._buttons.isEmpty():
            parts.append(self._buttons.heightForWidth(self.width()) + _GAP)
        free = self.height() - sum(parts)
        fitting = (text for text in self._told if self._height(text) <= free - _BAR - _GAP)
        text = next(fitting, self._told[-1] if self._told else "")
        self._chance.setText(text)
        self.bar.setVisible(self._height(text) <= free - _BAR - _GAP)
        buttons = [(self.buttons[group], texts) for group, texts in self._texts.items()]
        short = any(_width(button, texts[0]) > button.width() for button, texts in buttons)
        for button, texts in buttons:
            button.setText(texts[short])

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            line = self.fontMetrics().height()
            for button in self.buttons.values():
                button.setMinimumHeight(line + _LOW)
                button.setMaximumHeight(round(_HIGH * line))
            self.refit()  # the font may have changed; unchanged text costs nothing
        return done

    def show_group(self, chosen: str) -> None:
        for group, button in self.buttons.items():
            button.setChecked(group == chosen)

    def show_chance(self, *told: str, offered: bool, works: bool, trains: bool = True) -> None:
        """Show the verdict or the progress of the test, from long to short. `offered` shows the button, `works` lets it
        cancel; `trains` if the two runs share their past."""
        self._told = told
        self._chance.setVisible(bool(told))
        set_tooltip(self._chance, told[0] if told else "")
        self.chance_button.setVisible(offered)
        self.chance_button.setText(tr("Cancel") if works else tr("Is it more than chance?"))
        if works:
            tip = tr("Stops the training in other orders. (Escape)")
        elif trains:
            tip = tr("Trains both runs from where they parted with five other orders of the digits.")
        else:
            tip = tr("Counts the digits that only one of the two networks reads right.")
        describe(self.chance_button, "chance", self.chance_button.text(), tip)
        self.refit()

    def _height(self, text: str) -> int:
        wide = QRect(0, 0, max(1, self.width()), 1 << 15)
        high = self.fontMetrics().boundingRect(wide, Qt.TextFlag.TextWordWrap, text).height()
        return high + _GAP if text else 0


def _width(button: QPushButton, text: str) -> int:
    advance = button.fontMetrics().horizontalAdvance
    return button.sizeHint().width() + advance(text) - advance(button.text())


def _square(colour: str, ratio: float) -> QIcon:
    picture = QPixmap(round(10 * ratio), round(10 * ratio))
    picture.fill(QColor(colour))
    picture.setDevicePixelRatio(ratio)
    return QIcon(picture)
