"""The line below the picture: legends of bars and colours or a description of the selected part, and actions."""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.network.card_gestures import CardGestures
from mnistviz.gui.network.card_layout import CardLayout
from mnistviz.gui.network.card_picture import CardPicture, Changes, Weights
from mnistviz.gui.network.card_words import AGAINST, ANSWER, FOR, FootWords, whole_parts
from mnistviz.gui.network.weight_controls import WeightLegend

_MARKS: Final = {FOR: "■", AGAINST: "■", ANSWER: "▮"}
_GAP: Final = 8


class CardFoot(QWidget):
    """Line below the picture with the legends or the selected part, and the actions below the outputs."""

    def __init__(self, theme: Theme, gestures: CardGestures, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("network_foot")
        self._theme = theme
        self._places: CardLayout | None = None
        self._words = FootWords()
        self._weights: Weights | Changes | None = None
        self._has_path, self._has_actions, self._folded, self._alone = False, True, False, False
        self._is_written = False
        self._has_scale = True  # True while pictures of weights are shown
        self.legends = _line("network_legends", self)
        self.legends.setTextFormat(Qt.TextFormat.RichText)
        self.reading = _line("network_reading", self, small=False)
        self.legend = WeightLegend("units_legend", theme, self)
        self.path, self.large = QToolButton(self), QToolButton(self)
        for button in (self.path, self.large):
            button.setProperty("role", "option")
        self.path.setText(self.tr("Strongest path"))
        self.path.setCheckable(True)
        describe(
            self.path,
            "network_path",
            self.tr("Strongest path"),
            self.tr(
                "From the output back, shows in each layer the unit that contributes most to the next. "
                "It ends where none does."
            ),
        )
        self.path.toggled.connect(gestures.show_path)
        self.large.setText(self.tr("See it large"))
        describe(
            self.large,
            "see_unit_large",
            self.tr("See it large"),
            self.tr("Shows the chosen unit large: all its weights, and the digits that activate it. (Enter)"),
        )
        self.large.clicked.connect(gestures.open_chosen)
        self._offer_large(False)
        self.legend.hide()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.legend.set_theme(theme)
        self._show()

    def show_layers(self, sizes: tuple[int, ...]) -> None:
        self._has_path = len(sizes) > 2
        self._show()

    def show_folded(self, folded: bool) -> None:
        """Adapt to a folded card, which shows the chosen unit beside the layers without a button."""
        self._folded = folded
        self._show()

    def show_actions(self, on: bool, *, alone: bool = False) -> None:
        """Show or hide the actions below the outputs. With `alone` the text has the whole line."""
        if (on, alone) != (self._has_actions, self._alone):
            self._has_actions, self._alone = on, alone
            self._show()

    def show_symbols(self, text: str) -> None:
        set_tooltip(self.reading, text)

    def show_picture(self, picture: CardPicture) -> None:
        weights, rescaled = picture.weights, False
        if weights is not None and weights is not self._weights:
            self._weights = weights
            learned = isinstance(weights, Weights) and weights.learned
            rescaled = self.legend.show_scale(weights.limit, learned, bare=isinstance(weights, Changes))
        if (weights is not None) != self._has_scale:
            self._has_scale, rescaled = weights is not None, True
        words = picture.words.foot
        if not self._is_written or rescaled or (words is not self._words and words != self._words):
            self._words, self._is_written = words, True
            self._offer_large(words.offers_large)
            self._show()

    def _offer_large(self, on: bool) -> None:
        self.large.setEnabled(on)
        set_tooltip(self.large, self.large.whatsThis() if on else self.tr("Click a unit first."))

    def place(self, places: CardLayout) -> None:
        self._places = places
        room = places.foot.united(places.actions)
        self.setGeometry(room)
        self._show()

    def _show(self) -> None:
        places = self._places
        if places is None:
            return
        foot, actions = (each.translated(-self.pos()) for each in (places.foot, places.actions))
        right = actions.right() + 1
        self.path.setVisible(self._has_path and self._has_actions)
        self.large.setVisible(self._has_actions and not self._folded)
        for button in (self.large, self.path):
            width = button.sizeHint().width()
            button.setGeometry(right - width, actions.top(), width, actions.height())
            right -= 0 if button.isHidden() else width + _GAP
        if self._alone:
            foot.setRight(actions.right())
        else:
            foot.setRight(min(foot.right(), right - 1 if self._has_actions else actions.left() - _GAP))
        reads = any(self._words.reading)
        self.reading.setVisible(reads)
        self.legends.setVisible(not reads)
        if reads:
            self._write_reading(foot)
        else:
            self._write_legends(foot)

    def _write_reading(self, room: QRect) -> None:
        self.legend.hide()
        self.reading.setGeometry(room)
        metrics = QFontMetrics(self.reading.font())
        fits = (each for each in self._words.reading if metrics.horizontalAdvance(each) <= room.width())
        self.reading.setText(next(fits, whole_parts(self._words.reading[-1], metrics, room.width())))

    def _write_legends(self, room: QRect) -> None:
        """Show the longest legend that fits beside the colour scale, which gets shorter first."""
        metrics = QFontMetrics(self.legends.font())
        needed = [metrics.horizontalAdvance(_marked(each)) for each in self._words.legends]
        widths = (
            self.legend.sizeHint().width(),
            self.legend.shortened(),
            self.legend.minimumSizeHint().width(),
        )
        fits = (
            (wide, number)
            for number, long in enumerate(needed)
            for wide in widths
            if long + 2 * _GAP + wide <= room.width()
        )
        wide, number = next(fits, (widths[-1], len(needed) - 1))
        wide = wide if wide <= room.width() and self._has_scale else 0
        self.legend.setGeometry(room.right() + 1 - wide, room.top(), wide, room.height())
        self.legend.setVisible(self._is_written and wide > 0)
        self.legends.setGeometry(room.left(), room.top(), max(0, room.width() - wide - _GAP), room.height())
        text = escape(self._words.legends[number]).replace("   ", "\u00a0 \u00a0")
        theme = self._theme
        for mark, colour in ((FOR, theme.yes), (AGAINST, theme.no), (ANSWER, theme.answer)):
            text = text.replace(mark, f'<span style="color:{colour}">{_MARKS[mark]}</span>')
        if text != self.legends.text():
            self.legends.setText(text)


def _line(name: str, parent: QWidget, *, small: bool = True) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setProperty("role", "smallPrint" if small else "reading")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return label


def _marked(text: str) -> str:
    for mark, sign in _MARKS.items():
        text = text.replace(mark, sign)
    return text
