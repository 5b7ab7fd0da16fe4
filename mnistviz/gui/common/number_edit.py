"""A field for a number within bounds, which restores the last valid one."""

import math
import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QLocale, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from mnistviz.engine.problems import Problem
from mnistviz.gui.common import numbers
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.widgets import problem_sentence, restyle

_MOST_LETTERS = 24
_WIDEST = 13  # letters: the largest width of a growing field
_SLACK = 2  # pixels beside the letters
_CUT = "…"
_SHOWN_FOR = 6_000  # milliseconds that the reason is shown: the field already shows a valid number
_LIST = re.compile(r"(?!\d[,\s]\d{3}$)\d+(\s*[-+,;/x×→\s]\s*\d+)+")  # and not a number of thousands


def parse_number(text: str, locale: QLocale) -> float | None:
    """Return the number in `text`, as `locale` writes it, as Python does, or with a decimal comma. Spaces between
    figures are ignored, and 20 % is 0.2. Return None if it is not a number."""
    text = "".join(text.split()).replace("−", "-")
    if text.endswith("%"):
        share = parse_number(text[:-1], locale)
        return None if share is None else share / 100
    comma = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    for reader, written in ((locale, text), (QLocale.c(), text), (QLocale.c(), comma)):
        value, valid = reader.toDouble(written)
        if valid and math.isfinite(value):
            return value
    return None


class NumberEdit(Fitted, QLineEdit):
    """A number field. Return accepts the number, as does leaving; Escape restores the last one; Up and Down step
    through the numbers of `scale`, or the integers. Until one types, Space, Ctrl+Z and the like go to the window."""

    def __init__(
        self,
        name: str,
        bounds: tuple[float, float],
        default: float,
        changed: Callable[[bool], object],
        *,
        refused: Callable[[str], object] = lambda _why: None,
        listed: Callable[[Sequence[float]], object] | None = None,
        whole: bool = False,
        scale: Scale | None = None,
        letters: int = 6,
        grows: bool = True,
    ) -> None:
        """`name` is what sentences call the number; `letters` is the width.

        A field that does not grow elides a longer text with …, and shows it in full while it has the focus. `changed`
        is called when the user changes the number, with True for a step, of which many may follow each other; `refused`
        with the reason why what was typed is invalid, or empty once that is over; `listed`, if there may be none or
        several numbers, with those that are typed, such as 30+20 or 30, 20.
        """
        super().__init__(alignment=Qt.AlignmentFlag.AlignRight, maxLength=_MOST_LETTERS)
        self._changed, self._refused, self._listed = changed, refused, listed
        self._name, self._bounds, self._whole = name, bounds, whole
        self._scale, self._letters, self._grows = scale, letters, grows
        self._reason_timer = new_timer(self, lambda: self._refuse(""), _SHOWN_FOR)
        self._value = default
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAcceptDrops(False)  # a file that is dropped is for the window
        self.editingFinished.connect(self._finish)
        self.textEdited.connect(self._edited)
        if grows:
            self.textChanged.connect(self.updateGeometry)
        self.setText(self._fitting())

    def value(self) -> float:
        return int(self._value) if self._whole else float(self._value)

    def set_value(self, value: float) -> None:
        self._value = value
        self._show()

    def take(self, value: float, *, step: bool = False) -> None:
        """Set the number nearest to `value` within the bounds, as if the user had typed it."""
        low, high = self._bounds
        before = self._value
        self.set_value(min(max(value, low), high))
        if self._value != before:
            self._changed(step)

    def set_range(self, bounds: tuple[float, float], scale: Scale | None) -> None:
        self._bounds, self._scale = bounds, scale

    def set_name(self, name: str) -> None:
        self._name = name
        self.setAccessibleName(name)

    def set_letters(self, letters: int) -> None:
        if letters != self._letters:
            self._letters = letters
            self.updateGeometry()
            if not self._grows and not self.hasFocus():
                self.setText(self._fitting())

    def sizeHint(self) -> QSize:
        hint, metrics = super().sizeHint(), self.fontMetrics()
        letters = max(self._letters, min(len(self.text()), _WIDEST)) if self._grows else self._letters
        seventeen = 17 * metrics.horizontalAdvance("x")  # the width that Qt reserves
        wide = hint.width() - seventeen + letters * metrics.horizontalAdvance("0") + _SLACK
        return QSize(wide, hint.height())

    minimumSizeHint = sizeHint

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            steps = self.isModified() and _steps(event)  # Ctrl+Up would act while the user types
            if steps or (not self.isModified() and _is_for_the_window(event)):
                event.setAccepted(steps)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and (self.isModified() or self._is_refusing()):
            self._show()
        elif not self.isModified() and _is_for_the_window(event):
            event.ignore()
        elif _steps(event):
            if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.take(self._beside(1 if event.key() == Qt.Key.Key_Up else -1), step=True)
        else:
            super().keyPressEvent(event)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()  # or it would press the button that gets the focus next
                if not self._is_refusing():
                    self.selectAll()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.selectAll()  # a word would end at the decimal point

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.shortens:
            self.setText(self.in_full())
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        refusing = self._is_refusing()
        super().focusOutEvent(event)
        if refusing:  # the reason was shown while the field had the focus
            self._refuse("")
        if not self._grows and not self.isModified():
            self.setText(self._fitting())

    def _beside(self, direction: int) -> float:
        if self._scale is None:
            return self._value + direction
        beside = self._scale.beside(self._value, direction)
        if not self._whole:
            return beside
        return max(beside, self._value + 1) if direction > 0 else min(beside, self._value - 1)

    def _edited(self) -> None:
        if self._typed() is not None:
            self._refuse("")

    def _typed(self) -> list[float] | None:
        """Return the number that is typed, or those of a list if the field takes one; None if one is not valid."""
        text, (low, high) = self.text().strip(), self._bounds
        if self._listed is not None and (not text or _LIST.fullmatch(text)):
            values = list(map(float, re.findall(r"\d+", text)))
        elif (value := parse_number(text, self.locale())) is None:
            return None
        else:
            values = [value]
        valid = all(low <= value <= high and not (self._whole and value % 1) for value in values)
        return values if valid else None

    def _finish(self) -> None:
        if not self.isModified():
            return
        if (values := self._typed()) is None:
            low, high = self._bounds
            code = "number_whole" if self._whole else "number_range"
            typed = self.text().strip()
            self._show()
            self._refuse(problem_sentence(Problem(code, name=self._name, low=low, high=high, typed=typed)))
        elif self._listed is not None and len(values) != 1:
            self.setModified(False)
            self._listed(values)
        else:
            self.take(values[0])

    def in_full(self) -> str:
        value = float(self._value)
        return numbers.whole(int(value)) if self._whole else numbers.exact(value)

    @property
    def shortens(self) -> bool:
        return not self._grows and self.text().endswith(_CUT)

    def _fitting(self) -> str:
        text, metrics = self.in_full(), self.fontMetrics()
        room = self._letters * metrics.horizontalAdvance("0") + _SLACK
        if self._grows or self.hasFocus() or metrics.horizontalAdvance(text) <= room:
            return text
        fits = (n for n in range(len(text), 0, -1) if metrics.horizontalAdvance(text[:n] + _CUT) <= room)
        return text[: next(fits, 0)] + _CUT

    def _show(self) -> None:
        self.setText(self._fitting())
        if not self.hasFocus():  # a number too long for a narrow panel is cut at its end
            self.home(False)
        self.setModified(False)
        self._refuse("")

    def _is_refusing(self) -> bool:
        return bool(self.property("invalid"))

    def _refuse(self, why: str) -> None:
        if why:
            self._reason_timer.start()
        else:
            self._reason_timer.stop()
        restyle(self, "invalid", bool(why))
        self._refused(why)


def _steps(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)


def _is_for_the_window(event: QKeyEvent) -> bool:
    standard = QKeySequence.StandardKey
    return event.key() == Qt.Key.Key_Space or event.matches(standard.Undo) or event.matches(standard.Redo)
