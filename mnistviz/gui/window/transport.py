"""The bar on top: start and pause, single steps, the speed, and the figures of the moment."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSlider, QVBoxLayout, QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import ActionPushButton, describe, set_icon, tabular

SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, None)
"""Mini-batches a second, by position of the slider; None is as fast as the machine can."""


@dataclass(frozen=True)
class Figures:
    """What the bar shows of a run. `accuracy` and `cost` are None until they have been measured."""

    epochs: float
    mini_batches: int
    mini_batches_per_second: float | None
    cost: float | None
    accuracy: float | None
    accuracy_age: int  # mini-batches since it was measured
    epoch_progress: float  # 0 to 1
    l2_term: float = 0.0  # what weight decay adds to the cost


class Figure(QWidget):
    """A small name above a number."""

    grown = Signal()
    """It takes more room than before."""

    def __init__(self, name: str, title: str, tip: str, widest: str, widest_title: str = "") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.title = QLabel(title)
        self.title.setProperty("role", "figureName")
        self.title.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.value = QLabel("–")
        self.value.setProperty("role", "figureValue")
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._widest, self._widest_title = widest, widest_title
        describe(self.value, name, title, tip)
        self.setToolTip(tip)
        column.addWidget(self.title, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.value, 0, Qt.AlignmentFlag.AlignRight)

    def fit(self) -> None:
        """Keeps room for the widest texts. Labels of a fixed size move nothing when their text changes, and
        so the bar need not be laid out anew for each number."""
        self.value.ensurePolished()
        self.value.setFont(tabular(self.value.font()))
        self.title.ensurePolished()
        for label, widest in ((self.value, self._widest), (self.title, self._widest_title)):
            metrics = label.fontMetrics()
            width = max(metrics.horizontalAdvance(text) for text in (widest, label.text()))
            label.setFixedSize(width + 2, metrics.height())

    def show_text(self, text: str, title: str = "") -> None:
        """Shows a number and, where it is given, another name above it."""
        for label, wanted in ((self.value, text), (self.title, title or self.title.text())):
            if wanted != label.text():
                longer = len(wanted) > len(label.text())
                label.setText(wanted)
                if longer and label.sizeHint().width() > label.width():
                    self.fit()
                    self.grown.emit()


class Transport(QWidget):
    """Owns the actions of a run's transport, which the menu shows as well."""

    speed_changed = Signal(object)  # mini-batches a second, or None for full speed

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "transportBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._playing = self._waiting = self._failed = False
        self.play_action = self._action(
            "play", self.tr("&Start"), "Space", self.tr("Starts or pauses the training.")
        )
        self.play_action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        self.step_action = self._action(
            "step",
            self.tr("One &mini-batch"),
            "Ctrl+M",
            self.tr("Trains on exactly one mini-batch, then pauses."),
        )
        self.epoch_action = self._action(
            "epoch", self.tr("One &epoch"), "Ctrl+E", self.tr("Trains to the end of the epoch, then pauses.")
        )
        self.new_action = self._action(
            "new",
            self.tr("&New run"),
            "Ctrl+N",
            self.tr(
                "Begins again with the initial weights of the seed; the last run's curves stay behind the new ones."
            ),
        )
        self.slower_action = self._action(
            "", self.tr("S&lower"), "Ctrl+Left", self.tr("Fewer mini-batches a second.")
        )
        self.faster_action = self._action(
            "", self.tr("&Faster"), "Ctrl+Right", self.tr("More mini-batches a second.")
        )
        self.slower_action.triggered.connect(self._slower)
        self.faster_action.triggered.connect(self._faster)

        self._short_buttons: list[ActionPushButton] = []
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 6)
        row.setSpacing(8)
        outside.addLayout(row)
        self.play_button = QPushButton()
        self.play_button.setProperty("role", "primary")
        describe(self.play_button, "play_button", self.tr("Start"), self.play_action.toolTip())
        self.play_button.clicked.connect(self.play_action.trigger)
        row.addWidget(self.play_button)
        for action, text in (
            (self.step_action, self.tr("Mini-batch")),
            (self.epoch_action, self.tr("Epoch")),
            (self.new_action, self.tr("New run")),
        ):
            action.setIconText(text)
            self._short_buttons.append(ActionPushButton(action))
            row.addWidget(self._short_buttons[-1])
        row.addSpacing(10)
        self._speed_title = QLabel(self.tr("Speed"))
        row.addWidget(self._speed_title)
        self.speed = QSlider(Qt.Orientation.Horizontal)
        self.speed.setRange(0, len(SPEEDS) - 1)
        self.speed.setPageStep(1)
        self.speed.setValue(len(SPEEDS) - 1)
        self.speed.setMinimumWidth(80)
        self.speed.setMaximumWidth(140)
        describe(
            self.speed,
            "speed_slider",
            self.tr("Speed"),
            self.tr("From one mini-batch a second, to see each step, to as fast as the machine can."),
        )
        self.speed.valueChanged.connect(self._speed_moved)
        row.addWidget(self.speed, 1)
        self.speed_text = QLabel()
        self.speed_text.setMinimumWidth(52)
        row.addWidget(self.speed_text)
        row.addStretch(2)

        self.epoch = Figure(
            "epoch_figure", self.tr("epoch"), self.tr("Passes over the training digits."), "9,999.99"
        )
        self.mini_batches = Figure(
            "mini_batches_figure",
            self.tr("mini-batches"),
            self.tr("Updates of the weights so far."),
            "9,999,999",
        )
        self.rate = Figure(
            "rate_figure", self.tr("mini-batches / s"), self.tr("How fast the network learns now."), "99,999"
        )
        self.cost = Figure(
            "cost_figure",
            self.tr("cost"),
            self.tr(
                "Mean cost of the data over the last hundred mini-batches or so: lower is better. "
                "With weight decay its own term, λ/2n Σw², stands beside it."
            ),
            "0.0000",
        )
        self.accuracy = Figure(
            "accuracy_figure",
            self.tr("validation accuracy"),
            self.tr("Share of the validation digits that the network reads right."),
            "100.00 %",
            self.tr("validation, {count} ago").format(count="99,999"),
        )
        self.figures = (self.epoch, self.mini_batches, self.rate, self.cost, self.accuracy)
        for figure in self.figures:
            figure.grown.connect(self._fit_width)
            row.addWidget(figure)
            row.addSpacing(8)
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
        self.forget()

    def draw(self, figures: Figures) -> None:
        """Shows the figures of the moment."""
        locale = QLocale()
        self.epoch.show_text(locale.toString(math.floor(100 * figures.epochs) / 100, "f", 2))
        self.mini_batches.show_text(locale.toString(figures.mini_batches))
        rate = figures.mini_batches_per_second
        if rate is None:
            self.rate.show_text("–")
        else:
            self.rate.show_text(locale.toString(round(rate)) if rate >= 10 else locale.toString(rate, "f", 1))
        title = self.tr("cost")
        if figures.l2_term:
            title = self.tr("cost, λ term {value}").format(value=locale.toString(figures.l2_term, "f", 4))
        cost = "–" if figures.cost is None else locale.toString(figures.cost, "f", 4)
        self.cost.show_text(cost, title)
        if figures.accuracy is None:
            self.accuracy.show_text("–", self.tr("validation accuracy"))
        else:
            percent = locale.toString(100 * figures.accuracy, "f", 2)
            self.accuracy.show_text(
                self.tr("{percent} %").format(percent=percent), self._age(figures.accuracy_age)
            )
        self.progress.setUpdatesEnabled(False)  # or setValue would paint at once, by itself
        self.progress.setValue(round(1000 * figures.epoch_progress))
        self.progress.setUpdatesEnabled(True)

    def forget(self) -> None:
        """Shows no figures but noughts."""
        self.draw(Figures(0.0, 0, None, None, None, 0, 0.0))

    def set_playing(self, playing: bool, *, waiting: bool = False, failed: bool = False) -> None:
        """Shows a run that learns, one that rests, one that will start as soon as the digits are there, or one
        that a fault has ended, in whose place there can only be a new one."""
        if (playing, waiting, failed) == (self._playing, self._waiting, self._failed):
            return
        if failed != self._failed:
            for action in (self.step_action, self.epoch_action):
                action.setEnabled(not failed)
        self._playing, self._waiting, self._failed = playing, waiting, failed
        self._show_text()
        self._show_icons()
        self._fit_width()

    def _show_text(self) -> None:
        text, entry = self.tr("Start"), self.tr("&Start")
        if self._failed:
            text, entry = self.tr("New run"), self.tr("New run &after a fault")
        elif self._waiting:
            text = self.tr("Starting …")
        elif self._playing:
            text, entry = self.tr("Pause"), self.tr("&Pause")
        self.play_action.setText(entry)
        self.play_button.setText(text)
        self.play_button.setAccessibleName(text)

    def enable(self, enabled: bool) -> None:
        """Whether there are digits to train on. Start can be pressed before."""
        for action in (self.step_action, self.epoch_action, self.new_action):
            action.setEnabled(enabled)

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
        """Where the bar is short, its lesser buttons keep only their icons, and the speed of learning goes."""
        for short in (False, True):
            for button in self._short_buttons:
                button.set_icon_only(short)
            self._speed_title.setHidden(short)
            self.rate.setHidden(short)
            if self.sizeHint().width() <= self.width():
                break

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
        for text in (self.tr("Start"), self.tr("Pause"), self.tr("Starting …")):
            self.play_button.setText(text)
            widths.append(self.play_button.sizeHint().width())
        self.play_button.setMinimumWidth(max(widths[:2]))
        self._show_text()
        self._fit_width()

    def _show_icons(self) -> None:
        name = "new" if self._failed else "pause" if self._playing else "play"
        set_icon(self.play_button, name, self._theme, self._theme.on_accent)
        set_icon(self.play_action, name, self._theme)

    def _age(self, mini_batches: int) -> str:
        """The name of an accuracy that was measured so many mini-batches ago."""
        if not mini_batches:
            return self.tr("validation accuracy")
        return self.tr("validation, {count} ago").format(count=QLocale().toString(mini_batches))

    def _speed_moved(self) -> None:
        self._show_speed()
        self.speed_changed.emit(self.speed_value())

    def _show_speed(self) -> None:
        rate = self.speed_value()
        self.speed_text.setText(
            self.tr("full")
            if rate is None
            else self.tr("{rate} / s").format(rate=QLocale().toString(int(rate)))
        )

    def _slower(self) -> None:
        self.speed.setValue(self.speed.value() - 1)

    def _faster(self) -> None:
        self.speed.setValue(self.speed.value() + 1)

    def _action(self, name: str, text: str, shortcut: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setObjectName(f"{name or text.replace('&', '').lower()}_action")
        action.setShortcut(shortcut)
        action.setToolTip(f"{tip} ({action.shortcut().toString()})")
        action.setWhatsThis(tip)
        return action
