"""The bar on top: start and pause, single steps, the learning rate, the speed, and the figures of the moment."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mnistviz.engine.digits import Digits
from mnistviz.gui.common import numbers
from mnistviz.gui.common.seldom import Seldom
from mnistviz.gui.common.steady import SteadyList, SteadySlider
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import ActionPushButton, describe, set_icon
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.figures import FigureLabels, Figures, epoch_progress, figures_of

SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, None)
"""Mini-batches a second, by position of the slider; None is as fast as the machine can."""

FIGURES_EVERY = 0.25  # seconds from one writing to the next while it learns, at least: nobody reads faster
_BETWEEN = 10  # pixels between the parts


class Transport(QWidget):
    """The buttons of a run's transport, a place for η, the speed, and the figures.

    Where it is short, it leaves things away one after the other, and only as many as it must.
    """

    speed_changed = Signal(object)  # mini-batches a second, or None for full speed

    def __init__(self, theme: Theme, actions: ActionBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "transportBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._playing = self._waiting = self._failed = self._past = False
        self._shown = Shown()
        self._writing = Seldom(FIGURES_EVERY, lambda: self.show_figures(figures_of(self._shown)), self)
        self.play_action = actions["play"]
        self.step_action, self.epoch_action = actions["step"], actions["epoch"]
        self.new_action = actions["new"]
        self._tips = [
            action.whatsThis() for action in (self.play_action, self.step_action, self.epoch_action)
        ]
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(0)
        outside.setSizeConstraint(
            QLayout.SizeConstraint.SetNoConstraint
        )  # it makes itself short where it must
        self.row = row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 6)
        row.setSpacing(8)
        outside.addLayout(row)
        self._add_buttons(row)
        row.addSpacing(_BETWEEN)
        self._eta = QHBoxLayout()
        row.addLayout(self._eta, 1)  # what is to spare is for its slider
        row.addSpacing(_BETWEEN)
        self._add_speed(row)
        row.addStretch()
        self._add_figures(row)
        labels = self._labels
        self._shorter: tuple[Callable[[bool], None], ...] = (
            self._show_icons_only,
            self.rate.setHidden,
            self._speed_title.setHidden,
            labels.set_short,
            self._show_speeds_as_list,
            self.cost.setHidden,
            self.epoch.setHidden,
        )
        """What it leaves away where it is short, first things first."""
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        describe(
            self.progress,
            "epoch_progress",
            self.tr("Progress of the epoch"),
            self.tr("How far this epoch is."),
        )
        outside.addWidget(self.progress)
        self._show_speed()
        self.set_theme(theme)
        self.set_digits(None)
        self.forget()

    def _add_buttons(self, row: QHBoxLayout) -> None:
        self.play_button = QPushButton()
        self.play_button.setProperty("role", "primary")
        describe(self.play_button, "play_button", self.tr("Start"), self.play_action.toolTip())
        self.play_button.clicked.connect(self.play_action.trigger)
        row.addWidget(self.play_button)
        self._short_buttons = [
            ActionPushButton(action) for action in (self.step_action, self.epoch_action, self.new_action)
        ]
        for button in self._short_buttons:
            row.addWidget(button)

    def _add_speed(self, row: QHBoxLayout) -> None:
        self._speed_title = QLabel(self.tr("Speed"))
        row.addWidget(self._speed_title)
        self.speed = SteadySlider(Qt.Orientation.Horizontal)
        self.speed.setRange(0, len(SPEEDS) - 1)
        self.speed.setPageStep(1)
        self.speed.setValue(len(SPEEDS) - 1)
        self.speed.setMinimumWidth(60)
        self.speed.setMaximumWidth(100)
        self.speeds = SteadyList()
        self.speeds.addItems([self._speed_name(rate) for rate in SPEEDS])
        tip = self.tr(
            "From one mini-batch a second, to see each step, to as fast as the machine can. (Ctrl+Left, Ctrl+Right)"
        )
        describe(self.speed, "speed_slider", self.tr("Speed"), tip)
        describe(self.speeds, "speed_choice", self.tr("Speed"), tip)
        self.speed.valueChanged.connect(self._speed_moved)
        self.speeds.activated.connect(self.speed.setValue)
        row.addWidget(self.speed)
        self.speed_text = QLabel()
        row.addWidget(self.speed_text)
        row.addWidget(self.speeds)

    def _add_figures(self, row: QHBoxLayout) -> None:
        self._labels = labels = FigureLabels(self)
        self.epoch, self.rate = labels.epoch, labels.rate
        self.cost, self.accuracy, self.figures = labels.cost, labels.accuracy, labels.all
        for figure in self.figures:
            figure.setContentsMargins(4, 0, 0, 0)
            figure.grown.connect(self._fit_width)
            row.addWidget(figure)

    def place_switch(self, switch: QWidget) -> None:
        """Takes the switch of the workspaces in, at the left."""
        self.row.insertWidget(0, switch)
        self.row.insertSpacing(1, 4)

    def place_eta(self, control: EtaControl) -> None:
        """Takes the control of η in, which the settings have made. Its words go last of all."""
        self._eta.addWidget(control)
        self._shorter += (control.set_short,)
        control.show()
        self._fit_width()

    def draw(self, shown: Shown) -> None:
        """Shows the figures of the moment; while it learns, four times a second at most."""
        self._shown = shown
        if shown.rests:
            self._writing.now()
        else:
            self._show_progress(epoch_progress(shown))
            self._writing.ask()

    def show_figures(self, figures: Figures) -> None:
        self._labels.show(figures)
        self._show_progress(figures.epoch_progress)

    def _show_progress(self, share: float) -> None:
        self.progress.setUpdatesEnabled(False)  # or setValue would paint at once, by itself
        self.progress.setValue(round(1000 * share))
        self.progress.setUpdatesEnabled(True)

    def forget(self) -> None:
        """Shows no figures but noughts."""
        self._shown = Shown()
        self.show_figures(Figures())
        self._writing.hurry()

    def set_playing(
        self, playing: bool, *, waiting: bool = False, failed: bool = False, past: bool = False
    ) -> None:
        """Shows a run that learns, one that rests, one that will start as soon as the digits are there, or one
        that a fault has ended, in whose place there can only be a new one. In the past it is the film that plays."""
        if (playing, waiting, failed, past) == (self._playing, self._waiting, self._failed, self._past):
            return
        if failed != self._failed:
            for action in (self.step_action, self.epoch_action):
                action.setEnabled(not failed)
        self._playing, self._waiting, self._failed, self._past = playing, waiting, failed, past
        self._show_text()
        self._show_icons()
        self._fit_width()

    def _show_text(self) -> None:
        text, entry = self.tr("Start"), self.tr("&Start")
        if self._failed:
            text, entry = self.tr("New run"), self.tr("New run &after a fault")
        elif self._waiting:
            text = self.tr("Starting …")
        elif self._past and self._playing:
            text, entry = self.tr("Stop"), self.tr("&Stop the film")
        elif self._past:
            text, entry = self.tr("Film"), self.tr("&Play the film")
        elif self._playing:
            text, entry = self.tr("Pause"), self.tr("&Pause")
        tips = (
            self._tips[0],
            self.tr("Plays what was recorded from here on, then trains on; or stops the film."),
        )
        set_tooltip(self.play_action, tips[self._past], self.play_action.shortcut())
        self.play_button.setToolTip(self.play_action.toolTip())
        for action, tip, then in zip(
            (self.step_action, self.epoch_action),
            self._tips[1:],
            (
                self.tr("Goes on by one mini-batch of what was recorded."),
                self.tr("Goes to the end of the epoch."),
            ),
            strict=True,
        ):
            set_tooltip(action, then if self._past else tip, action.shortcut())
        self.play_action.setText(entry)
        self.play_button.setText(text)
        self.play_button.setAccessibleName(text)

    def set_digits(self, digits: Digits | None) -> None:
        """What there is to train on. Start can be pressed before."""
        for action in (self.step_action, self.epoch_action, self.new_action):
            action.setEnabled(digits is not None)

    def set_rate(self, rate: float | None) -> None:
        """Puts the speed slider to `rate`, one of `SPEEDS`."""
        self.speed.setValue(SPEEDS.index(rate))

    def speed_value(self) -> float | None:
        """Mini-batches a second, or None for full speed."""
        return SPEEDS[self.speed.value()]

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())  # it makes itself short where it must

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_width()

    def _fit_width(self) -> None:
        """Leaves away as little as it must."""
        for left_away in range(len(self._shorter) + 1):
            for number, leave_away in enumerate(self._shorter):
                leave_away(number < left_away)
            for layout in self.findChildren(QLayout):
                layout.invalidate()  # before the bar is shown, Qt keeps what it worked out last
            if self.sizeHint().width() <= self.width():
                break

    def _show_icons_only(self, short: bool) -> None:
        for button in self._short_buttons:
            button.set_icon_only(short)

    def _show_speeds_as_list(self, short: bool) -> None:
        self.speed.setHidden(short)
        self.speed_text.setHidden(short)
        self.speeds.setHidden(not short)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for action, name in (
            (self.step_action, "step"),
            (self.epoch_action, "epoch"),
            (self.new_action, "new"),
        ):
            set_icon(action, name, theme)
        self._show_icons()
        for figure in self.figures:
            figure.fit()
        widths = []
        for text in (
            self.tr("Start"),
            self.tr("Pause"),
            self.tr("Starting …"),
            self.tr("Film"),
            self.tr("Stop"),
        ):
            self.play_button.setText(text)
            widths.append(self.play_button.sizeHint().width())
        self.play_button.setMinimumWidth(max(widths))
        self._show_text()
        metrics = self.speed_text.fontMetrics()
        self.speed_text.setMinimumWidth(
            max(metrics.horizontalAdvance(self._speed_name(rate)) for rate in SPEEDS) + 2
        )
        self._fit_width()

    def _show_icons(self) -> None:
        still = "film" if self._past else "play"
        name = "new" if self._failed else "pause" if self._playing else still
        set_icon(self.play_button, name, self._theme, self._theme.on_accent)
        set_icon(self.play_action, name, self._theme)

    def _speed_moved(self) -> None:
        self._show_speed()
        self.speed_changed.emit(self.speed_value())

    def _show_speed(self) -> None:
        self.speed_text.setText(self._speed_name(self.speed_value()))
        self.speeds.setCurrentIndex(self.speed.value())

    def _speed_name(self, rate: float | None) -> str:
        if rate is None:
            return self.tr("full")
        return self.tr("{rate} / s").format(rate=numbers.whole(int(rate)))

    def slower(self) -> None:
        """Moves the speed slider one down."""
        self.speed.setValue(self.speed.value() - 1)

    def faster(self) -> None:
        """Moves the speed slider one up."""
        self.speed.setValue(self.speed.value() + 1)
