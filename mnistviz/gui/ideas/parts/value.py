"""A number to drag or type: its name, a field, and a slider below them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSignalBlocker, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from mnistviz.gui.common.layouts import column_of, label, row_of
from mnistviz.gui.common.number_edit import NumberEdit
from mnistviz.gui.common.scales import ROUND, Scale, nice_above, nice_below
from mnistviz.gui.common.steady import SteadySlider
from mnistviz.gui.common.widgets import describe

_BACK = {Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_PageDown}
_ON = {Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_PageUp}
_ERROR_WIDTH = 230  # pixels
_FAR = {Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}


class _ValueSlider(SteadySlider):
    """A slider whose keys go to the next round number."""

    def __init__(self, step: Callable[[int, bool], object]) -> None:
        """Create a slider; `step` is called with 1 (up) or −1 (down), and whether the step is large."""
        super().__init__(Qt.Orientation.Horizontal)
        self._step = step

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _BACK | _ON:
            self._step(1 if key in _ON else -1, key in _FAR)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()


class Value(QWidget):
    """A field and a slider. Typed numbers may lie beyond the slider, within `bounds`."""

    def __init__(
        self,
        name: str,
        title: str,
        tip: str,
        scale: Scale,
        value: float,
        *,
        bounds: tuple[float, float] | None = None,
        whole: bool = False,
        changed: Callable[[float], object] = lambda _value: None,
    ) -> None:
        """Create the control. `name` is for object names; `scale` maps the slider to numbers; `changed` is called with
        each number that the user sets."""
        super().__init__()
        self.changed = changed
        self.scale, self._bounds = scale, bounds or (0.0 if scale.zero else scale.low, scale.high)
        self.label = QLabel(title)
        self.field = NumberEdit(
            title, self._bounds, value, self._typed, refused=self._refuse, whole=whole, scale=scale
        )
        self.slider = _ValueSlider(self._step)
        self.slider.setRange(0, scale.positions)
        self.error = label("overlay", wraps=True)
        """Why a number is invalid: shown on top of what is below the field for a few seconds, and moves nothing."""
        self.error.setParent(self)
        self.error.hide()
        describe(self.field, f"{name}_field", title, tip)
        describe(self.slider, f"{name}_slider", title, tip)
        self.label.setBuddy(self.field)
        self.label.setToolTip(self.field.toolTip())
        column_of(row_of((self.label, 1), self.field), self.slider, spacing=1, inside=self)
        self.set_value(value)
        self.destroyed.connect(self.error.deleteLater)
        self.slider.valueChanged.connect(lambda position: self.take(self.scale.value(position)))

    def value(self) -> float:
        return self.field.value()

    def set_value(self, value: float) -> None:
        """Show a number without calling `changed`."""
        self.field.set_value(value)
        with QSignalBlocker(self.slider):
            self.slider.setValue(self.scale.position(value))

    def take(self, value: float) -> None:
        """Set a number as the user does, limited to the bounds."""
        low, high = self._bounds
        value = min(max(value, low), high)
        if value != self.value():
            self.set_value(value)
            self.changed(self.value())

    def rescale(self, scale: Scale, bounds: tuple[float, float] | None = None) -> None:
        """Change the range of slider and field; `bounds` limits typed numbers, if they may be beyond it."""
        self.scale, self._bounds = scale, bounds or (0.0 if scale.zero else scale.low, scale.high)
        self.field.set_range(self._bounds, scale)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, scale.positions)
            self.slider.setValue(scale.position(self.value()))

    def set_title(self, title: str) -> None:
        self.label.setText(title)
        self.field.set_name(title)
        self.slider.setAccessibleName(title)

    def _typed(self, step: bool) -> None:
        self.set_value(self.field.value())
        self.changed(self.value())

    def _refuse(self, why: str) -> None:
        self.error.setText(why)
        self.error.setVisible(bool(why))
        if why:
            self._lay_error()

    def _lay_error(self) -> None:
        home: QWidget = self
        while (above := home.parentWidget()) is not None and not isinstance(
            above.parentWidget(), QScrollArea
        ):
            home = above  # the scrolled widget: the text is not clipped and follows the field
        self.error.setParent(home)
        place = self.field.mapTo(home, QPoint(0, self.field.height() + 2))
        wide = min(max(self.width(), _ERROR_WIDTH), home.width() - 8)
        self.error.resize(wide, max(self.error.heightForWidth(wide), self.error.sizeHint().height()))
        right = place.x() + self.field.width()
        self.error.move(max(4, min(right - wide, home.width() - wide - 4)), place.y())
        self.error.show()
        self.error.raise_()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.error.hide()

    def _step(self, direction: int, far: bool) -> None:
        low, high = self.scale.low, self.scale.high
        value = self.value()
        if self.scale.step:
            step = self.scale.step * (10 if far else 1)
            beside = round(value / self.scale.step) * self.scale.step + direction * step
            self.take(float(f"{min(max(beside, low), high):.6g}"))
            return
        for _ in range(3 if far else 1):
            value = _next_round(value, direction, low, high, zero=self.scale.zero)
        self.take(value)


def _next_round(value: float, direction: int, low: float, high: float, *, zero: bool) -> float:
    """Return the next of 1, 2, 5, 10 … above or below a number."""
    if direction > 0:
        return low if value <= 0 else min(high, nice_above(value * 1.001, ROUND))
    if value <= low:
        return 0.0 if zero else low
    return max(low, nice_below(value / 1.001, ROUND))
