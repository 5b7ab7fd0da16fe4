"""The lines below the picture: what lies on the pad, what the bars mean, the colours, and what is pointed at."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.network.card_layout import CardLayout
from mnistviz.gui.network.card_picture import CardPicture, Weights
from mnistviz.gui.network.card_words import AGAINST, ANSWER, FOR, FootWords
from mnistviz.gui.network.weight_controls import WeightLegend, WeightSwitch

_LEGENDS: Final = 22  # lines of text: as wide are the legends that the colour scale gives way to
_MARKS: Final = {FOR: "■", AGAINST: "■", ANSWER: "▮"}


class CardFoot(QWidget):
    """The lines below the picture: what is on the pad, the legends, the colours, and what is pointed at."""

    large_wanted = Signal()
    """The chosen unit is to be seen large."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network_foot")
        self._theme = theme
        self._places: CardLayout | None = None
        self._words = FootWords()
        self._weights: Weights | None = None
        self.note = _line("network_note", self)
        self.legends = _line("network_legends", self)
        self.legends.setTextFormat(Qt.TextFormat.RichText)
        self.reading = _line("network_reading", self, small=False)
        self.large = QToolButton(self)
        self.large.setText(self.tr("See it large"))
        self.large.setProperty("role", "quiet")
        describe(
            self.large,
            "see_unit_large",
            self.tr("See it large"),
            self.tr("Shows the chosen unit large: all its weights, and the digits that fire it. (Enter)"),
        )
        self.large.clicked.connect(self.large_wanted)
        self.large.hide()
        self.colours = QWidget(self)
        row = QHBoxLayout(self.colours)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.showing = WeightSwitch("units_showing")
        self.legend = WeightLegend("units_legend", theme)
        row.addStretch(1)
        row.addWidget(self.showing)
        row.addWidget(self.legend)
        self.colours.hide()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.legend.set_theme(theme)
        self._show()

    def show_picture(self, picture: CardPicture) -> None:
        """Writes the lines, and what the strongest colours of the weights are for."""
        if self.colours.isHidden():
            self.colours.show()
            self._show()
        if picture.weights is not None and picture.weights is not self._weights:
            self._weights = picture.weights
            self.legend.show_scale(picture.weights.limit, learned=picture.weights.learned)
        self._write(picture.words.foot)

    def show_note(self, note: str) -> None:
        """Writes what lies on the pad."""
        self._write(replace(self._words, note=note))

    def _write(self, words: FootWords) -> None:
        if words is not self._words and words != self._words:
            self._words = words
            self.large.setVisible(words.offers_large)
            self._show()

    def place(self, places: CardLayout) -> None:
        self._places = places
        bottom = places.foot if places.reading is None else places.reading
        self.setGeometry(0, places.foot.top(), bottom.right() + 4, bottom.bottom() + 1 - places.foot.top())
        self._show()

    def _show(self) -> None:
        places = self._places
        if places is None:
            return
        top = places.foot.top()
        self.note.setGeometry(places.note.translated(0, -top))
        self.note.setText(_whole(self._words.note, self.note))
        foot = places.foot.translated(0, -top)
        wide = self._colours_width(foot.width())
        self.colours.setGeometry(foot.right() + 1 - wide, foot.top(), wide, foot.height())
        rest = foot.adjusted(0, 0, -wide - 10, 0)
        if places.reading is None:
            self._show_reading_in(rest, in_place=any(self._words.reading) and self._words.pointed)
            return
        self._show_reading_in(places.reading.translated(0, -top), in_place=True)
        self._show_legends_in(rest)

    def _colours_width(self, room: int) -> int:
        """How wide the colour scale is: it gets narrower where a longer legend fits then."""
        if self.colours.isHidden():
            return 0
        usual, least = self.colours.sizeHint().width(), self.colours.minimumSizeHint().width()
        return max(least, min(usual, room - _LEGENDS * self.fontMetrics().height()))

    def _fitting(self, room: int) -> int:
        """The number of the first legend that fits."""
        fits = (
            number
            for number, each in enumerate(self._words.legends)
            if _width(_marked(each), self.legends) <= room
        )
        return next(fits, len(self._words.legends))

    def _show_reading_in(self, room: QRect, *, in_place: bool) -> None:
        self.reading.setVisible(in_place)
        self.legends.setVisible(
            not in_place or (self._places is not None and self._places.reading is not None)
        )
        if not in_place:
            self.large.setGeometry(0, 0, 0, 0)
            self._show_legends_in(room)
            return
        button = 0 if self.large.isHidden() else self.large.sizeHint().width() + 6
        self.reading.setGeometry(room.adjusted(0, 0, -button, 0))
        fits = (each for each in self._words.reading if _width(each, self.reading) <= self.reading.width())
        self.reading.setText(next(fits, _whole(self._words.reading[-1], self.reading)))
        words = min(
            QFontMetrics(self.reading.font()).horizontalAdvance(self.reading.text()), self.reading.width()
        )
        high = max(room.height(), self.large.sizeHint().height())
        self.large.setGeometry(room.left() + words + 6, room.bottom() + 1 - high, button, high)

    def _show_legends_in(self, room: QRect) -> None:
        self.legends.setGeometry(room)
        number = self._fitting(room.width())
        text = escape(self._words.legends[number] if number < len(self._words.legends) else "").replace(
            "   ", "\u00a0 \u00a0"
        )
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


def _width(text: str, label: QLabel) -> int:
    return QFontMetrics(label.font()).horizontalAdvance(text)


def _marked(text: str) -> str:
    for mark, sign in _MARKS.items():
        text = text.replace(mark, sign)
    return text


def _whole(text: str, label: QLabel) -> str:
    """As many of the parts of a reading, which "·" divides, as there is room for: half a part may say what is wrong."""
    parts, metrics = text.split(" · "), QFontMetrics(label.font())
    while parts and metrics.horizontalAdvance(" · ".join(parts)) > label.width():
        parts.pop()
    return " · ".join(parts)
