"""Small parts of pages: texts and buttons of constant size, choices, numbers to drag or type, and a page's texts."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from numbers import Integral
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QPoint, QRect, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QPushButton, QScrollArea, QSizePolicy, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import FlowLayout, column_of, label, row_of
from mnistviz.gui.common.number_edit import NumberEdit
from mnistviz.gui.common.scales import ROUND, Scale, nice_above, nice_below
from mnistviz.gui.common.steady import SteadySlider
from mnistviz.gui.common.texts import translated
from mnistviz.gui.common.widgets import describe, push_button
from mnistviz.gui.common.wrapped import WrappedLabel, unparted

Act = Callable[[], object]


class Question(Struct, frozen=True):
    """A question with its answers, by id and text. Without answers it is answered in the figure, as `how` explains."""

    id: str
    text: str
    answers: tuple[tuple[str, str], ...] = ()
    how: str = ""


class Task(Struct, frozen=True):
    """Something to try; `done` is the result, shown once done, `room` the longest text in between."""

    id: str
    text: str
    done: str
    room: str = ""


class MainButton(Struct, frozen=True):
    """Text, tooltip and state of the main button. Without text there is no button."""

    text: str = ""
    tip: str = ""
    enabled: bool = True


@lru_cache(4_096)  # a page asks for the same heights a hundred times while it is laid out
def _height(text: str, width: int, font: QFont) -> int:
    room, flags = QRect(0, 0, width, 9999), Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
    return QFontMetrics(font).boundingRect(room, int(flags), unparted(text) or " ").height()


class SteadyText(WrappedLabel):
    """A wrapped text, at least as high as the highest of some other texts."""

    def __init__(self, role: str = "", *, room: Iterable[str] = ()) -> None:
        super().__init__()
        self._room = list(room)
        if role:
            self.setProperty("role", role)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def keep_room(self, texts: Iterable[str]) -> None:
        self._room = list(texts)
        self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        self.ensurePolished()
        font, wide = self.font(), max(1, width)
        return max(_height(text, wide, font) for text in {*self._room, self.text()})

    def sizeHint(self) -> QSize:
        return QSize(100, self.heightForWidth(max(self.width(), 100)))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.heightForWidth(max(self.width(), 100)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class SteadyButton(QPushButton):
    """A button as wide as the longest of its texts."""

    def __init__(self, act: Act) -> None:
        super().__init__()
        self._texts = {""}
        self.clicked.connect(act)

    def keep_room(self, *texts: str) -> None:
        self._texts |= set(texts)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint, metrics = super().sizeHint(), self.fontMetrics()
        wide = {text: metrics.size(Qt.TextFlag.TextShowMnemonic, text).width() for text in self._texts}
        own = wide.setdefault(self.text(), metrics.size(Qt.TextFlag.TextShowMnemonic, self.text()).width())
        return QSize(hint.width() + max(wide.values()) - own, hint.height())


class ChoiceRow(QWidget):
    """A button for each choice, between optional widgets before and after them."""

    def __init__(
        self,
        names: str,
        choices: Mapping[str, tuple[str, str]],
        chosen: Callable[[Any], object],
        *,
        role: str = "tab",
        spacing: int = 6,
        wraps: bool = False,
        before: QWidget | None = None,
        after: QWidget | None = None,
    ) -> None:
        """`names` begins the object names; `choices` are texts and tooltips by id. With `wraps` rows continue below."""
        super().__init__()
        group = QButtonGroup(self)
        line = FlowLayout(self, spacing=spacing) if wraps else row_of(spacing=spacing, inside=self)
        self.buttons: dict[str, QPushButton] = {}
        if before is not None:
            line.addWidget(before)
        for id, (text, tip) in choices.items():
            button = push_button(role, f"{names}_{id}", text, tip, act=partial(chosen, id), checkable=True)
            self.buttons[id] = button
            group.addButton(button)
            line.addWidget(button)
        if not isinstance(line, FlowLayout):
            line.addStretch(1)
        if after is not None:
            line.addWidget(after)

    def show_choice(self, id: str) -> None:
        self.buttons[id].setChecked(True)


_BACK = {Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_PageDown}
_ON = {Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_PageUp}
_ERROR_WIDTH = 230  # pixels
_FAR = {Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}


class _ValueSlider(SteadySlider):
    """A slider whose keys go to the next round number."""

    def __init__(self, step: Callable[[int, bool], object]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._step = step

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (key := Qt.Key(event.key())) in _BACK | _ON:
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
        """`name` begins the object names, `scale` is that of the slider; `changed` gets what the user sets."""
        super().__init__()
        self.changed = changed
        self.scale, self._bounds = scale, bounds or (0.0 if scale.zero else scale.low, scale.high)
        self.label = QLabel(title)
        typed, refuse = self._typed, self._refuse
        self.field = NumberEdit(title, self._bounds, value, typed, refused=refuse, whole=whole, scale=scale)
        self.slider = _ValueSlider(self._step)
        self.slider.setRange(0, scale.positions)
        self.slider.words = lambda at: numbers.exact(self.scale.value(at))
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
        if (value := min(max(value, low), high)) != self.value():
            self.set_value(value)
            self.changed(self.value())

    def rescale(self, scale: Scale, bounds: tuple[float, float] | None = None) -> None:
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
        self.error.hide()
        if not why:
            return
        home: QWidget = self
        above = self.parentWidget()
        while above is not None and not isinstance(above.parentWidget(), QScrollArea):
            # Up to the scrolled widget, where nothing clips the text.
            home, above = above, above.parentWidget()
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
        low, high, step, value = self.scale.low, self.scale.high, self.scale.step, self.value()
        if step:
            beside = round(value / step) * step + direction * step * (10 if far else 1)
            self.take(float(f"{min(max(beside, low), high):.6g}"))
            return
        for _ in range(3 if far else 1):  # the next of 1, 2, 5, 10 …
            if direction > 0:
                value = low if value <= 0 else min(high, nice_above(value * 1.001, ROUND))
            elif value <= low:
                value = 0.0 if self.scale.zero else low
            else:
                value = max(low, nice_below(value / 1.001, ROUND))
        self.take(value)


class Words:
    """Returns a text by its id, translated, with its placeholders filled in; whole numbers in the language's format."""

    def __init__(self, texts: Mapping[str, str | tuple[str, str]]) -> None:
        """Create the table. A pair is a control's text and tooltip `id_tip`, or `task_id` and its result `done_id`."""
        self._texts = dict[str, str]()
        for id, text in texts.items():
            first, second = text if isinstance(text, tuple) else (text, "")
            beside = f"done_{id.removeprefix('task_')}" if id.startswith("task_") else f"{id}_tip"
            self._texts |= {id: first, beside: second} if second else {id: first}

    def __call__(self, id: str, **values: object) -> str:
        text = translated(self._texts[id])
        for name, value in values.items():
            if isinstance(value, Integral):
                values[name] = numbers.whole(int(value))
        return text.format(**values) if values else text

    def choices(self, *ids: str) -> dict[str, tuple[str, str]]:
        """Return text and tooltip of a button for each id, from the texts `id` and `id_tip`."""
        return {id: (self(id), self(f"{id}_tip")) for id in ids}

    def answers(self, *ids: str) -> tuple[tuple[str, str], ...]:
        return tuple((id, self(f"answer_{id}")) for id in ids)

    def task(self, id: str, **values: object) -> Task:
        return Task(id, self(f"task_{id}", **values), self(f"done_{id}", **values))

    def value(self, name: str, id: str, scale: Scale, value: float, **options: Any) -> Value:
        return Value(name, self(id), self(f"{id}_tip"), scale, value, **options)

    def describe(self, widget: QWidget, name: str, id: str) -> None:
        """Set a control's object name, and its accessible name and tooltip from the texts `id` and `id_tip`."""
        describe(widget, name, self(id), self(f"{id}_tip"))

    def button(self, name: str, id: str, act: Act, keys: str = "") -> QPushButton:
        return push_button("", name, self(id), self(f"{id}_tip"), keys, act=act)

    def main(self, id: str, enabled: bool = True) -> MainButton:
        return MainButton(self(id), self(f"{id}_tip"), enabled)

    def look(self, answered: bool, enabled: bool = True) -> MainButton:
        """Return the main button *Look*, which waits for an answer."""
        return MainButton(self("look"), self("look_tip" if answered else "say_first"), answered and enabled)
