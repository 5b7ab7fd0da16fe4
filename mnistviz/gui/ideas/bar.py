"""The bar above the ideas: the way back to the lab, what the lab does meanwhile, and the pages before and after."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.shortened_label import ShortenedLabel
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe, set_icon
from mnistviz.gui.lab.shown import Shown


class IdeasBar(QWidget):
    """Says how far the lab is, and lets it pause and go on."""

    pause_wanted = Signal()
    previous_wanted, next_wanted = Signal(), Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._playing = theme, False
        self.setProperty("role", "transportBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(12, 8, 12, 8)
        self.row.setSpacing(8)
        self.state = ShortenedLabel()
        self.state.setObjectName("lab_state")
        self.state.setProperty("role", "quietText")
        self.state.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.pause, self.previous, self.next = QPushButton(), QPushButton(), QPushButton()
        self.row.addSpacing(8)
        self.row.addWidget(self.state)
        self.row.addWidget(self.pause)
        self.row.addStretch(1)
        self.row.addWidget(self.previous)
        self.row.addWidget(self.next)
        for button, name, text, tip, keys in (
            (self.previous, "previous_page", self.tr("‹ Previous"), self.tr("The page before."), "Alt+Left"),
            (self.next, "next_page", self.tr("Next ›"), self.tr("The page after."), "Alt+Right"),
        ):
            button.setText(text)
            describe(button, name, text.strip("‹› "), tip, keys)
        self.pause.clicked.connect(self.pause_wanted)
        self.previous.clicked.connect(self.previous_wanted)
        self.next.clicked.connect(self.next_wanted)
        self.draw(Shown())

    def draw(self, shown: Shown) -> None:
        """What the lab does now."""
        run, moment = shown.run, shown.moment
        if run is None or moment is None:
            self.state.set_wordings(self.tr("The lab has no network yet"))
            self.pause.hide()
            return
        epoch = numbers.epochs(moment.digits / shown.epoch_of(run))
        found = run.evaluations.get("validation")
        accuracy = "" if found is None else numbers.percent(found.accuracy)
        if run.playing:
            long, short = self.tr("The lab trains on: epoch {epoch}"), self.tr("Lab trains: epoch {epoch}")
        else:
            long, short = self.tr("The lab rests: epoch {epoch}"), self.tr("Lab rests: epoch {epoch}")
        texts = [long.format(epoch=epoch), short.format(epoch=epoch)]
        if accuracy:
            texts = [f"{texts[0]} · {accuracy}", *texts]
        self.state.set_wordings(*texts)
        self._show_playing(run.playing, can=not (run.failed or run.diverged))

    def _show_playing(self, playing: bool, *, can: bool) -> None:
        self._playing = playing
        text = self.tr("Pause the lab") if playing else self.tr("Train on")
        if self.pause.text() != text:
            self.pause.setText(text)
            tip = self.tr("Lets the lab's network rest, or learn on, while you are here.")
            describe(self.pause, "lab_pause", text, tip)
            self._show_icon()
        self.pause.setVisible(can)

    def _show_icon(self) -> None:
        set_icon(self.pause, "pause" if self._playing else "play", self._theme)

    def set_ends(self, *, first: bool, last: bool) -> None:
        """Whether the page that is open is the first, or the last."""
        self.previous.setEnabled(not first)
        self.next.setEnabled(not last)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._show_icon()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())
