"""The speed of learning: a slider with its value, and a list for narrow windows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.steady import SteadyList, SteadySlider
from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.window.bar_slots import NONE, Needs, Widths

SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, None)
"""Mini-batches per second by slider position; None is full speed."""

_KEYS = "Ctrl+Left, Ctrl+Right"
_SLIDER = 80  # pixels
_SLACK = 2  # pixels that a label has more than its text


class SpeedChoice(QObject):
    """Creates the slider with its labels and the list, of which the top bar shows one, and synchronises them."""

    def __init__(self, parent: QObject, changed: Callable[[float | None], object]) -> None:
        """Call `changed` with mini-batches per second, or None for full speed."""
        super().__init__(parent)
        self.changed = changed
        self.title, self.word = QLabel(self.tr("Speed")), QLabel()
        self.slider, self.list = SteadySlider(Qt.Orientation.Horizontal), SteadyList()
        self.parts: Mapping[str, QWidget] = {
            "speed_title": self.title,
            "speed": self.slider,
            "speed_word": self.word,
            "speeds": self.list,
        }
        self.slider.setRange(0, len(SPEEDS) - 1)
        self.slider.setPageStep(1)
        self.list.addItems([self._name(rate) for rate in SPEEDS])
        policy = SteadyList.SizeAdjustPolicy.AdjustToContentsOnFirstShow  # later the top bar sizes it
        self.list.setSizeAdjustPolicy(policy)
        self._tip = self.tr(
            "How many mini-batches per second: from one, to see each step, to as many as this computer "
            "can do."
        )
        self._now = ""
        for control, name in ((self.slider, "speed_slider"), (self.list, "speed_choice")):
            describe(control, name, self.tr("Speed"), self._tip, _KEYS)
        self.slider.setValue(len(SPEEDS) - 1)
        self._show()
        self.slider.valueChanged.connect(self._moved)
        self.list.activated.connect(self.slider.setValue)

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

    def measure(self) -> dict[str, Needs]:
        metrics = self.word.fontMetrics()
        word = max(metrics.horizontalAdvance(self._name(rate)) for rate in SPEEDS) + _SLACK
        return {
            "speed_title": Needs(Widths.fixed(self.title.sizeHint().width()), NONE),
            "speed": Needs(Widths.fixed(_SLIDER), NONE),
            "speed_word": Needs(Widths.fixed(word), NONE),
            "speeds": Needs(NONE, Widths.fixed(self.list.sizeHint().width())),
        }

    def _moved(self) -> None:
        self._show()
        self.changed(self.value())

    def _show(self) -> None:
        self.word.setText(self._name(self.value()))
        self.list.setCurrentIndex(self.slider.value())

    def _name(self, rate: float | None) -> str:
        if rate is None:
            return self.tr("full")
        return self.tr("{rate}/s").format(rate=numbers.whole(int(rate)))
