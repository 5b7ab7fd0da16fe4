"""The top bar: start and pause, single steps, the learning rate, the speed, and the figures."""

from collections.abc import Callable, Mapping
from itertools import zip_longest

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAccessible, QResizeEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QToolButton, QWidget

from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.layouts import row_of, styled
from mnistviz.gui.common.steady import SteadySlider
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import TEXT, theme
from mnistviz.gui.common.timers import Throttle
from mnistviz.gui.common.tooltips import tooltip, without_mnemonic
from mnistviz.gui.common.widgets import ActionPushButton, describe, push_button, set_icon, show_beside
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.figures import (
    FigureLabel,
    Figures,
    accuracy_texts,
    cost_texts,
    epoch_progress,
    epoch_texts,
    figures_of,
    slots,
    speed_text,
)

SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, None)
"""Mini-batches per second by slider position; None is full speed."""

_KEYS = "Ctrl+Left, Ctrl+Right"
_SLIDER, _SHORT_SLIDER = 84, 56  # pixels
_ICON_ONLY = 40  # pixels, of a button without its words at least
_SLACK = 2  # pixels that a label has more than its text
_ICONS = {"start": "play", "wait": "play", "stop": "pause", "replay": "film"}  # of states that have another's


class SpeedChoice(QObject):
    """Creates the slider of the speed with its two labels."""

    def __init__(self, parent: QObject, changed: Callable[[float | None], object]) -> None:
        """Call `changed` with mini-batches per second, or None for full speed."""
        super().__init__(parent)
        self.changed = changed
        self.title, self.word = QLabel(tr("Speed")), QLabel()
        self.slider = SteadySlider(Qt.Orientation.Horizontal)
        self.parts: Mapping[str, QWidget] = {
            "speed_title": self.title, "speed": self.slider, "speed_word": self.word,
        }  # fmt: skip
        self.slider.setRange(0, len(SPEEDS) - 1)
        self.slider.setPageStep(1)
        self._tip = tr(
            "How many mini-batches per second: from one, to see each step, to as many as this computer "
            "can do."
        )
        self._now = ""
        describe(self.slider, "speed_slider", tr("Speed"), self._tip, _KEYS)
        self.slider.setValue(len(SPEEDS) - 1)
        self.slider.words = lambda at: self._name(SPEEDS[at])
        self._show()
        self.slider.valueChanged.connect(self._moved)

    def value(self) -> float | None:
        return SPEEDS[self.slider.value()]

    def set_value(self, rate: float | None) -> None:
        self.slider.setValue(SPEEDS.index(rate))

    def step(self, direction: int) -> None:
        self.slider.setValue(self.slider.value() + direction)

    def tell(self, now: str) -> None:
        if now != self._now:
            self._now = now
            tip = tooltip(" ".join(filter(None, (self._tip, now))), _KEYS)
            for part in self.parts.values():
                part.setToolTip(tip)

    def measure(self) -> dict[str, tuple[int, ...]]:
        metrics = self.word.fontMetrics()
        word = max(metrics.horizontalAdvance(self._name(rate)) for rate in SPEEDS) + _SLACK
        title = self.title.sizeHint().width()
        return {"speed_title": (title, 0), "speed": (_SLIDER, _SHORT_SLIDER, 0), "speed_word": (word, 0)}

    def _moved(self) -> None:
        self._show()
        self.changed(self.value())

    def _show(self) -> None:
        self.word.setText(self._name(self.value()))

    def _name(self, rate: float | None) -> str:
        return tr("full") if rate is None else tr("{rate}/s", rate=int(rate))


FIGURES_EVERY = 0.25  # seconds between updates of the figures while it learns
_ABOVE, _BELOW = 7, 5  # pixels above and below the parts
_PROGRESS = 4  # pixels, the height of the epoch's progress
_HIGH = 30  # pixels, of buttons and fields at least


class WorkspaceSwitch(QWidget):
    """A double button: Lab and Ideas. Each workspace has one at the left of its bar."""

    def __init__(self, book: ActionBook, where: str) -> None:
        super().__init__()
        self.setObjectName(f"{where}_switch")
        row = row_of(spacing=0, inside=self)
        for id, end in (("lab", "left"), ("ideas", "right")):
            button = styled(QToolButton(), "workspace", f"{where}_switch_{id}")
            button.setProperty("end", end)
            action = book[id]
            button.setDefaultAction(action)
            button.setAccessibleName(without_mnemonic(action.text()))
            button.setWhatsThis(action.whatsThis())
            row.addWidget(button)


class Transport(QWidget):
    """Buttons of the run, η, the speed, and the figures, in places that only the bar's width and fonts determine."""

    def __init__(
        self,
        actions: ActionBook,
        eta: EtaControl,
        learn_at: Callable[[float | None], object] = lambda _rate: None,
    ) -> None:
        """Call `learn_at` with mini-batches per second, or None for full speed."""
        super().__init__()
        self.setProperty("role", "transportBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._state = ""
        self._shown = Shown()
        self._writing = Throttle(FIGURES_EVERY, lambda: self.show_figures(figures_of(self._shown)), self)
        self.play_action = actions["play"]
        self.step_action, self.epoch_action = actions["step"], actions["epoch"]
        self._parts: dict[str, QWidget] = {}
        self._needs: dict[str, tuple[int, ...]] = {}
        self._eta = eta
        self._add_buttons()
        self.speed = SpeedChoice(self, learn_at)
        self.speed_value, self.set_rate = self.speed.value, self.speed.set_value
        for name, part in self.speed.parts.items():
            self._add(name, part)
        self._add_figures()
        self._add("eta", eta)
        self._add("switch", WorkspaceSwitch(actions, "lab"))
        self._rules = [styled(QWidget(self), "rule") for _ in range(3)]
        for rule in self._rules:
            rule.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.progress = QProgressBar(self, textVisible=False, maximum=1000)
        tip = tr("How much of this epoch is done.")
        describe(self.progress, "epoch_progress", tr("Progress of the epoch"), tip)
        self.adopt_theme()
        self.show_figures(Figures())

    def _add(self, name: str, part: QWidget) -> None:
        part.setParent(self)
        self._parts[name] = part

    def _add_buttons(self) -> None:
        tip, act = self.play_action.toolTip(), self.play_action.trigger
        self.play_button = push_button("primary", "play_button", tr("Start"), tip, act=act)
        self.play_action.changed.connect(self._follow_action)
        self._add("play", self.play_button)
        actions = {"step": self.step_action, "epoch_step": self.epoch_action}
        self._short_buttons = {name: ActionPushButton(action) for name, action in actions.items()}
        for name, button in self._short_buttons.items():
            self._add(name, button)
        for pressed in (self.play_button, *self._short_buttons.values()):
            pressed.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus where it is

    def _follow_action(self) -> None:
        self.play_button.setToolTip(self.play_action.toolTip())
        self.play_button.setEnabled(self.play_action.isEnabled())

    def _add_figures(self) -> None:
        tip = tr("How often the network has trained on all training digits.")
        self.epoch = FigureLabel("epoch_figure", tr("epochs"), tip, epoch_texts)
        tip = tr("Mean cost of the last hundred mini-batches, or a few more in a long run. Lower is better.")
        self.cost = FigureLabel("cost_figure", tr("cost of the mini-batches"), tip, cost_texts)
        tip = tr("Share of the validation digits that the network reads right.")
        self.accuracy = FigureLabel("accuracy_figure", tr("validation accuracy"), tip, accuracy_texts)
        self.figures = (self.epoch, self.cost, self.accuracy)
        for name, figure in zip(("epoch", "cost", "accuracy"), self.figures, strict=True):
            self._add(name, figure)

    def draw(self, shown: Shown) -> None:
        """Show the state and the figures; at most four times a second while it learns."""
        failed = shown.run is not None and shown.run.failed
        past, usual = "stop" if shown.plays else "replay", "pause" if shown.plays else "start"
        self.show_state("new" if failed else "wait" if shown.starting else usual if shown.live else past)
        if shown.is_first(self._shown):
            self._writing.prioritise()
        self._shown = shown
        if shown.rests:
            self._writing.now()
        else:
            self._show_progress(epoch_progress(shown))
            self._writing.ask()

    def show_figures(self, figures: Figures) -> None:
        for figure in self.figures:
            figure.show_figures(figures)
        self.speed.tell(speed_text(figures))
        self._show_progress(figures.epoch_progress)

    def _show_progress(self, share: float) -> None:
        self.progress.setUpdatesEnabled(False)  # setValue would repaint at once
        # a reader hears each tenth, not sixteen values a second
        self.progress.setValue(100 * int(10 * share) if QAccessible.isActive() else round(1000 * share))
        self.progress.setUpdatesEnabled(True)

    def show_state(self, state: str) -> None:
        """Show what the button does: start or pause the run or the replay, wait for digits, or begin a new run."""
        if state != self._state:
            self._state = state
            self._show_text()
            self._show_icons()

    def _play_texts(self) -> dict[str, tuple[str, str]]:
        """Return the texts of the button and of the menu entry for each state."""
        return {
            "start": (tr("Start"), tr("&Start")),
            "new": (tr("New run"), tr("New run &after a fault")),
            "wait": (tr("Starting"), tr("&Start")),
            "stop": (tr("Stop"), tr("&Stop the replay")),
            "replay": (tr("Replay"), tr("&Replay")),
            "pause": (tr("Pause"), tr("&Pause")),
        }

    def _show_text(self) -> None:
        text, entry = self._play_texts()[self._state or "start"]
        self.play_action.setText(entry)
        self.play_button.setText(text)
        self.play_button.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.minimumHeight())  # the parts shorten themselves if needed

    sizeHint = minimumSizeHint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def _measure(self) -> None:
        for part in (self, *self._parts.values()):
            part.ensurePolished()
            if (layout := part.layout()) is not None:
                layout.invalidate()  # before it is shown, Qt does not update its cache
        needs: dict[str, tuple[int, ...]] = {
            "switch": (self._parts["switch"].sizeHint().width(),),
            "play": (self._play_width(),),
            "eta": (self._eta.wide(short=False), self._eta.wide(short=True)),
            **self.speed.measure(),
            "epoch": (self.epoch.measure(), 0),
            "cost": (self.cost.measure(), 0),
            "accuracy": (self.accuracy.measure(),),
        }
        for name, button in self._short_buttons.items():
            button.set_icon_only(True)
            short = max(_ICON_ONLY, button.sizeHint().width())
            button.set_icon_only(False)
            needs[name] = button.sizeHint().width(), short
        self._needs = needs
        row = max(
            *(figure.height_needed() for figure in self.figures),
            *(part.sizeHint().height() for part in self._parts.values() if part not in self.figures),
        )
        self.setFixedHeight(_ABOVE + row + _BELOW + _PROGRESS)
        self._place()

    def _play_width(self) -> int:
        widths = []
        for text, _ in self._play_texts().values():
            self.play_button.setText(text)
            widths.append(self.play_button.sizeHint().width())
        self._show_text()
        return max(widths)

    def _place(self) -> None:
        bar = slots(self.width(), self._needs, for_a_class=self.fontInfo().pixelSize() > TEXT)
        row = self.height() - _ABOVE - _BELOW - _PROGRESS
        for name, button in self._short_buttons.items():
            button.set_icon_only(bool(bar.short.get(name)))
        self._eta.set_short(bool(bar.short.get("eta")))
        for name, part in self._parts.items():
            place = bar.places.get(name)
            part.setHidden(place is None)
            if place is not None:
                if isinstance(part, FigureLabel):  # higher signs use some of the space above and below
                    height = max(row, part.height_of_signs())
                else:
                    height = min(row, max(_HIGH, part.sizeHint().height()))
                part.setGeometry(place[0], _ABOVE + (row - height) // 2, place[1], height)
        for rule, x in zip_longest(self._rules, bar.rules):
            rule.setHidden(x is None)
            if x is not None:
                rule.setGeometry(x, _ABOVE, 1, row)
        self.progress.setGeometry(0, self.height() - _PROGRESS, self.width(), _PROGRESS)

    def adopt_theme(self) -> None:
        set_icon(self.step_action, "step")
        set_icon(self.epoch_action, "epoch")
        self._show_icons()
        self._measure()

    def _show_icons(self) -> None:
        name = _ICONS.get(self._state, self._state or "play")
        show_beside(self.play_button, icon(name, theme().on_accent, theme().off))
        set_icon(self.play_action, name)
