"""The learning rate η: a slider and an exact field in a row, for the bar on top."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QStyle, QStyleOptionSlider, QWidget

from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.common import numbers, setting_names
from mnistviz.gui.common.announcements import announce
from mnistviz.gui.common.layouts import row_of, styled
from mnistviz.gui.common.scales import ROUND, Scale, nice_above, nice_below
from mnistviz.gui.common.steady import SteadySlider
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import describe, restyle
from mnistviz.gui.settings.setting_control import DOT_ROOM, NumberField

LEAST_SLIDER = 160  # pixels
_LETTERS, _FEWER_LETTERS = 6, 5  # of the field
_HOLLOW = 12  # pixels
_HEIGHTS = {"fewer": 10, "same": 7, "more": 4}  # pixels of the ticks of forecasts
_TICK, _NEAR, _KNOB = 2.5, 4, 9  # pixels: width of a tick, how near the mouse must be, room of the knob
_BEYOND = 1 + 1e-6  # so that a step leaves a round number
_BETWEEN, _SLACK = 8, 1  # pixels between the parts, and of the label beside its text
_WIDEST = 16_777_215  # pixels: Qt's QWIDGETSIZE_MAX, which means no limit


class _EtaSlider(SteadySlider):
    def __init__(self, double_clicked: Callable[[], object]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._double_clicked = double_clicked
        self.hollow = styled(QWidget(self), "hollowKnob")
        self.hollow.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.hollow.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hollow.setFixedSize(_HOLLOW, _HOLLOW)
        self.hollow.hide()
        self.in_use: int | None = None
        self.before: int | None = None  # while forecasts are shown: where it was at the last mini-batch

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place_hollow()

    def sliderChange(self, change: QSlider.SliderChange) -> None:
        super().sliderChange(change)
        self.place_hollow()

    def place_hollow(self) -> None:
        at = self.before if self.in_use is None else self.in_use
        self.hollow.setVisible(at is not None and at != self.value())
        if at is not None:
            self.hollow.move(self.place_of(at) - _HOLLOW // 2 + 1, (self.height() - _HOLLOW) // 2)

    def place_of(self, position: int) -> int:
        """Return the pixel of the middle of the knob at a position."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        option.sliderPosition = position
        control, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
        return self.style().subControlRect(control, option, part, self).center().x()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._double_clicked()


class ForecastTicks(QWidget):
    """Ticks above the slider, one for each forecast: the higher, the fewer digits are misread then."""

    def __init__(self, slider: _EtaSlider) -> None:
        super().__init__(slider.parentWidget(), mouseTracking=True)
        self.pointed: Callable[[float], object] = lambda _value: None
        self.chosen: Callable[[float], object] = lambda _value: None
        self._slider = slider
        self._ticks: tuple[tuple[float, str, str], ...] = ()
        self._hue = ""
        self.setObjectName("eta_forecasts")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_ticks(self, ticks: tuple[tuple[float, str, str], ...], hue: str, before: float | None) -> None:
        """Show ticks of value, outcome ("fewer", "same" or "more") and sentence, and mark the η of `before`."""
        self._ticks, self._hue = ticks, hue
        self._slider.before = None if before is None else Scale.of(SETTINGS["eta"]).position(before)
        self._slider.place_hollow()
        self._slider.removeEventFilter(self)
        if ticks:
            self._slider.installEventFilter(self)
            self._follow_slider()
        self.setVisible(bool(ticks))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._follow_slider()
        return False

    def _follow_slider(self) -> None:
        """Stand above the knob of the slider, in the bar that both are in."""
        slider, control = self._slider, self._slider.parentWidget()
        if (bar := None if control is None else control.parentWidget()) is not None:
            if self.parentWidget() is not bar:
                self.setParent(bar)
            high = max(_HEIGHTS.values())
            corner = slider.mapTo(bar, QPoint(0, slider.height() // 2 - _KNOB - high))
            self.setGeometry(corner.x(), corner.y(), slider.width(), high)

    def place_of(self, value: float) -> int:
        return self._slider.place_of(Scale.of(SETTINGS["eta"]).position(value))

    def _near(self, at: QPointF) -> tuple[float, str, str] | None:
        tick = min(self._ticks, key=lambda tick: abs(self.place_of(tick[0]) - at.x()), default=None)
        return tick if tick is not None and abs(self.place_of(tick[0]) - at.x()) <= _NEAR else None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for value, outcome, _ in self._ticks:
            high = min(_HEIGHTS[outcome], self.height())
            left = self.place_of(value) - _TICK / 2
            painter.fillRect(QRectF(left, self.height() - high, _TICK, high), QColor(self._hue))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        tick = self._near(event.position())
        set_tooltip(self, "" if tick is None else tick[2])
        if tick is not None:
            self.pointed(tick[0])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (tick := self._near(event.position())) is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen(tick[0])


class EtaControl(NumberField):
    def __init__(self) -> None:
        self._scale = Scale.of(SETTINGS["eta"])
        self._is_cut = self._short = False
        self._now: float | None = None
        self.slider = _EtaSlider(self.reset)
        self.slider.setRange(0, self._scale.positions)
        self.slider.setPageStep(self._scale.positions // 20)
        self.slider.setSingleStep(self._scale.positions // 100)
        self.slider.words = lambda at: numbers.exact(self._scale.value(at))
        self.forecasts = ForecastTicks(self.slider)
        super().__init__("eta", grows=False)
        self.slider.valueChanged.connect(self._slid)
        for end in (self.slider.sliderPressed, self.slider.sliderReleased):
            end.connect(self._end_gesture)
        self.field.textChanged.connect(self._follow_text)
        self._move_slider()

    def mark(self, waits: bool) -> None:
        super().mark(waits)
        restyle(self.field, "planned", waits)

    def fit_font(self) -> None:
        """Leave the widths to the bar on top."""

    def show_eta_in_use(self, eta: float | None) -> None:
        """Mark the η in use with a hollow knob, if it differs from the slider; None hides the knob."""
        self.slider.in_use = None if eta is None else self._scale.position(eta)
        self.slider.place_hollow()

    def show_scheduled(self, eta: float | None) -> None:
        """Show the present η of a schedule in place of the label; None where there is no schedule."""
        if eta != self._now:
            self._now = eta
            self._show_label()

    def _show_label(self) -> None:
        """Set the text of the label without changing its width: nothing moves while a schedule lowers η."""
        name, metrics = self._label(self._short), self.label.fontMetrics()
        wide = metrics.horizontalAdvance(name)
        figures = () if self._now is None else (numbers.rounded(self._now, most) for most in (3, 2))
        texts = (tr("η now {eta}", eta=each) for each in figures)
        text = next((each for each in texts if metrics.horizontalAdvance(each) <= wide), name)
        self.label.setText(text)
        if text == name:  # Qt's own width, whatever the font
            self.label.setMinimumWidth(0)
            self.label.setMaximumWidth(_WIDEST)
        else:
            self.label.setFixedWidth(wide + DOT_ROOM + _SLACK)

    def set_short(self, short: bool) -> None:
        self._short = short
        self.field.set_letters(_FEWER_LETTERS if short else _LETTERS)
        self._show_label()

    def wide(self, *, short: bool) -> int:
        """Return the least width, which does not depend on the text of the field."""
        self.label.ensurePolished()
        self.field.ensurePolished()
        self.field.set_letters(_FEWER_LETTERS if short else _LETTERS)
        label = self.label.fontMetrics().horizontalAdvance(self._label(short)) + DOT_ROOM + _SLACK
        return label + LEAST_SLIDER + self.field.sizeHint().width() + 2 * _BETWEEN

    def _label(self, short: bool) -> str:
        return setting_names.short("eta") if short else self._label_text

    def step(self, direction: int) -> None:
        """Step to the next of 0.1, 0.2, 0.5, 1, 2, 5, 10 … above (1) or below (−1)."""
        value = self.value()
        beside = nice_above(value * _BEYOND, ROUND) if direction > 0 else nice_below(value / _BEYOND, ROUND)
        self.field.take(float(f"{beside:.6g}"), step=True)
        announce(self, f"{self._label_text}: {self.field.text()}")

    def _lay_out(self) -> None:
        self.label.setProperty("role", "hero")
        self.field.setProperty("role", "heroField")
        self.hint.setParent(self)  # it has no place in the bar
        self._row = row_of(self.label, (self.slider, 1), self.field, spacing=_BETWEEN, inside=self)
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def _describe(self, tip: str) -> None:
        super()._describe(tip)
        describe(self.slider, "eta_slider", self._label_text, tip)
        self.slider.setToolTip(self._with_fact(tip))

    def _with_fact(self, tip: str) -> str:
        in_full = tr("In full: {number}.", number=self.field.in_full()) if self._is_cut else ""
        return super()._with_fact("\n".join(filter(None, (tip, in_full))))

    def _show_full_number(self) -> None:
        """Show the number in the tooltip where the field has no room for it."""
        if self._is_cut or self.field.shortens:
            self._is_cut = self.field.shortens
            self._describe(self._tip)

    def _slid(self, position: int) -> None:
        value, held = self._scale.value(position), self.slider.isSliderDown()
        if value != self.value():
            with QSignalBlocker(self.field):  # the slider stays where it was dragged
                self.field.set_value(value)
            self._show_full_number()
            self._refused("")
            self._emit_changed(goes_on=True, held=held)

    def _changed(self, step: bool) -> None:
        super()._changed(step)
        self._move_slider()  # a typed number keeps its text

    def _follow_text(self) -> None:
        self._move_slider()
        self._show_full_number()

    def _move_slider(self) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._scale.position(self.value()))
