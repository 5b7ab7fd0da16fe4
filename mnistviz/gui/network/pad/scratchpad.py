"""The scratchpad with its tools and test digits."""

import random
from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QLocale, QRect, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget

from mnistviz.engine.digits import SIDE, Digits, DigitSet
from mnistviz.engine.distortion import Noise
from mnistviz.engine.handwriting import Ink
from mnistviz.engine.moment import SetName
from mnistviz.engine.rows import MadeRow, make_row, set_row
from mnistviz.gui.common.digit_image import PadDigit
from mnistviz.gui.common.layouts import row_of
from mnistviz.gui.common.numbers import whole
from mnistviz.gui.common.painted_figure import ARROWS
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.common.tooltips import explain
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.common.widgets import ActionButton, EntryMenu, describe, new_action, set_icon
from mnistviz.gui.network.card_layout import TOOL_GAP
from mnistviz.gui.network.pad.pad import KEYS, Pad
from mnistviz.gui.network.pad.sheet import MOST_POINTS, WIDE, Sheet, TestRow

_ROW_OF = 5  # test digits in a row
_ROW_WIDTH = round(WIDE * SIDE)
_BESIDE = ("aside", "alone")


class Scratchpad(Pad):
    """Pad with tools and test digits. Its actions have shortcuts that work while it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rng = random.Random()
        self._digits: Digits | None = None
        self._last: tuple[SetName, int] = ("test", -1)  # set and number of the last sample that was shown
        self.gap = 4
        self._make_actions()
        self.stepped.connect(self._update_actions)
        self._update_actions()
        self.adopt_theme()

    @property
    def true_label(self) -> int | None:
        return self.sheet.label

    @property
    def digit(self) -> PadDigit | None:
        picture = None if self.is_wide else self.picture
        return None if picture is None else PadDigit(picture, self.true_label, self._words)

    @property
    def note(self) -> str:
        if self.sheet.number is not None:
            return " · ".join((self._words, tr("← → for others")))
        return self._words if self.sheet.ink else tr("press T for a test digit")

    @property
    def _words(self) -> str:
        number, label = self.sheet.number, self.sheet.label
        classes = () if self._digits is None else self._digits.classes
        if number is None or label is None:
            what = tr("your drawing")
            if label is not None:
                what = tr("a “{name}”, moved", name=class_name(classes, label))
            framing = "" if self.is_centred else tr("not centred")
            return " · ".join(filter(None, (framing, what, self._noise_note)))
        note = {
            "test": tr("test digit {number}, a “{name}”"),
            "validation": tr("validation digit {number}, a “{name}”"),
            "training": tr("training digit {number}, a “{name}”"),
        }[self.sheet.set_name]
        note = note.format(number=QLocale().toString(number), name=class_name(classes, label))
        return " · ".join(filter(None, (note, self._noise_note)))

    @property
    def _noise_note(self) -> str:
        if self.noise is None:
            return ""
        return tr("noise {percent} %", percent=whole(round(100 * self.noise.strength)))

    @property
    def is_as_in_the_set(self) -> bool:
        """True if the network gets a sample of a data set unchanged."""
        return self.sheet.number is not None and self.noise is None

    def set_digits(self, digits: Digits | None) -> None:
        """Set the data set of the test digits. A sample that is not in it becomes ink without a label."""
        self._digits = digits
        if digits is not None:
            self.check(digits)
        self._update_actions()

    def adopt_theme(self) -> None:
        for action, icon in self._icons.items():
            set_icon(action, icon)
        super().adopt_theme()

    def show_test_digit(self) -> None:
        if self._digits is None:
            return
        if self.is_wide:
            seed, gaps = self.rng.randrange(1 << 31), (self.gap, self.gap)
            self._put_row(make_row(self._digits.test, seed, count=_ROW_OF, gaps=gaps, width=_ROW_WIDTH))
        else:
            self._put_digit("test", self.rng.randrange(len(self._digits.test)))

    def show_digit(self, set_name: SetName, number: int) -> None:
        if self._digits is not None and 0 <= number < len(_set_of(self._digits, set_name)):
            self._put_digit(set_name, number)

    def start_with_digit(self, number: int) -> None:
        """Show a test digit as it lies there from the beginning: nothing was done that could be undone."""
        self._put_digit("test", number, self.start_with)

    def set_gap(self, gap: int) -> None:
        self.gap = gap
        if (row := self.sheet.row) is not None and self._digits is not None and self.sheet.cuts is None:
            test, gaps = self._digits.test, [gap] * (len(row.numbers) - 1)
            self._put_row(set_row(test, row.numbers, gaps, _ROW_WIDTH))

    def show_next(self, by: int) -> None:
        if self._digits is not None:
            known = self.sheet.number
            name, last = self._last if known is None else (self.sheet.set_name, known)
            self._put_digit(name, (last + by) % len(_set_of(self._digits, name)) if last >= 0 else 0)

    def _put_digit(
        self, set_name: SetName, number: int, put: Callable[[Sheet], object] | None = None
    ) -> None:
        assert self._digits is not None
        self._last = set_name, number
        of = _set_of(self._digits, set_name)
        # A copy: undo steps must not keep a closed data set in memory.
        ink = Ink(digit=of.images[number].reshape(SIDE, SIDE).copy())
        (put or self.put)(Sheet(ink, number, int(of.labels[number]), set_name=set_name))

    def _put_row(self, made: MadeRow) -> None:
        self.put(Sheet(Ink(digit=made.canvas), row=TestRow.of(made)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        moves = event.modifiers() == Qt.KeyboardModifier.ShiftModifier and not self.is_centred
        far = 4 if event.modifiers() == Qt.KeyboardModifier.ShiftModifier else 1
        if self.by_keys is not None and event.key() == Qt.Key.Key_Escape:
            self.keys_action.setChecked(False)
        elif self.press_pen(Qt.Key(event.key()), far):
            event.accept()
        elif event.key() in ways and plain and not self.is_wide:
            self.show_next(ways[Qt.Key(event.key())])
        elif event.key() in ARROWS and moves and not self.is_wide:
            if (ink := self.sheet.ink.moved(*ARROWS[Qt.Key(event.key())])) is not self.sheet.ink:
                self.put(Sheet(ink, label=self.sheet.label))
        else:
            super().keyPressEvent(event)

    def clear(self) -> None:
        if self.sheet.ink:
            self.put(Sheet())

    def record(self) -> dict[str, Any]:
        beside = dict(zip(_BESIDE, self.beside, strict=True))
        if sum(sheet.points for sheet in (self.sheet, *beside.values()) if sheet is not None) > MOST_POINTS:
            beside = {}  # the file has no room for all
        return {
            "tool": "eraser" if self.eraser_action.isChecked() else "pen",
            "centred": self.is_centred,
            "noise": None if self.noise is None else [self.noise.strength, self.noise.seed],
            **self.sheet.record(),
            **{name: sheet.record() for name, sheet in beside.items() if sheet is not None and sheet.ink},
        }

    def take_record(self, state: Mapping[str, Any]) -> None:
        """Restore the result of `record`, without undo steps. Invalid values leave blank paper and no noise."""
        (self.eraser_action if state.get("tool") == "eraser" else self.pen_action).setChecked(True)
        self.centred_action.setChecked(state.get("centred") is not False)
        match state.get("noise"):
            case [int() | float() as strength, int() as seed] if 0 < strength <= 1 and 0 <= seed < 2**32:
                self.set_noise(Noise(float(strength), seed))
            case _:
                self.set_noise(None)
        sheet = Sheet.from_record(state)
        self.start_with(sheet if self._digits is None else sheet.checked(self._digits))

    def take_beside(self, state: Mapping[str, Any]) -> None:
        """Restore the sheet that had no room, from the result of `record`, once the pad has its old width."""
        sheets = {
            name: Sheet.from_record(each) for name in _BESIDE if isinstance(each := state.get(name), dict)
        }
        if self._digits is not None:
            sheets = {name: sheet.checked(self._digits) for name, sheet in sheets.items()}
        if sheets:
            self.put_beside(sheets.get("aside"), sheets.get("alone", Sheet()))

    def _make_actions(self) -> None:
        self._icons: dict[QAction, str] = {}
        tip = tr("Draws on the scratchpad.")
        self.pen_action = self._action("pen", tr("&Pen"), "P", tip=tip, checkable=True)
        tip = tr("Erases what it touches, as the right mouse button does.")
        self.eraser_action = self._action("eraser", tr("&Eraser"), "E", tip=tip, checkable=True)
        tip = tr("Takes back the last step on the scratchpad.")
        self.undo_action = self._action("undo", tr("&Undo drawing"), tip=tip, act=self.undo)
        tip = tr("Redoes the step that was undone.")
        self.redo_action = self._action("redo", tr("&Redo drawing"), tip=tip, act=self.redo)
        tip = translated(KEYS)
        self.keys_action = self._action(
            "keys", tr("&Draw with keys"), "D", icon="pen", tip=tip, checkable=True
        )
        self.keys_action.toggled.connect(self.draw_with_keys)
        text, act = tr("A &test digit"), self.show_test_digit
        self.test_digit_action = self._action("test_digit", text, "T", icon="dice", act=act)
        tip = tr("Clears the scratchpad.")
        self.clear_action = self._action("clear", tr("&Clear"), "Del", tip=tip, act=self.clear)
        tip = tr("Makes the scratchpad wide, for several digits, or square again, for one.")
        self.row_action = self._action("row", tr("Ro&w of digits"), "R", tip=tip, checkable=True)
        tip = tr("Pins one drawing or digit. There is none on the scratchpad.")
        self.pin_action = self._action("pin", tr("Pi&n"), "N", icon="star", tip=tip, checkable=True)
        text = tr("Noise and &framing …")
        self.options_action = self._action("options", text, "G", icon="sliders", checkable=True)
        text = tr("Scaled and centred as in &MNIST")
        self.centred_action = self._action("centred", text, "M", checkable=True)
        self.centred_action.setChecked(True)
        text, act = tr("&Draw the noise anew"), self._draw_noise_anew
        tip = tr("Adds other random numbers of the same strength to each pixel.")
        self.noise_anew_action = self._action("noise_anew", text, "Shift+G", icon="dice", tip=tip, act=act)
        self.noise_anew_action.setEnabled(False)
        tools = QActionGroup(self)
        for tool in (self.pen_action, self.eraser_action):
            tools.addAction(tool)
        self.pen_action.setChecked(True)
        self.row_action.toggled.connect(self._update_actions)
        self.centred_action.toggled.connect(self.set_centred)
        self.eraser_action.toggled.connect(self.use_eraser)

    def _explain_options(self) -> None:
        row = self.row_action.isChecked()
        for action in (self.options_action, self.centred_action):
            action.setEnabled(not row)
        if row:
            options = centred = tr(
                "Noise and framing are for one digit: in a row, each digit is cut out and centred."
            )
        else:
            options = tr("Adds noise to what lies here, and chooses whether a drawing is scaled and centred.")
            centred = tr(
                "Scales and centres a drawing as MNIST's digits are. Off, the network gets it as you draw it."
            )
        explain_action(self.options_action, options)
        explain_action(self.centred_action, centred)

    def set_noise(self, noise: Noise | None) -> None:
        super().set_noise(noise)
        self.noise_anew_action.setEnabled(noise is not None)

    def _draw_noise_anew(self) -> None:
        if self.noise is not None:
            self.set_noise(replace(self.noise, seed=self.noise.seed + 1))

    def _action(
        self, name: str, text: str, *keys: str, tip: str = "", icon: str = "", checkable: bool = False,
        act: Callable[[], object] | None = None,
    ) -> QAction:  # fmt: skip
        action = new_action(self, f"scratchpad_{name}", text, checkable=checkable, act=act)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(action)
        self._icons[action] = icon or name
        if tip:
            explain_action(action, tip)
        return action

    def _update_actions(self) -> None:
        self.undo_action.setEnabled(self._sheets.can_undo)
        self.redo_action.setEnabled(self._sheets.can_redo)
        self.clear_action.setEnabled(bool(self.sheet.ink))
        self.test_digit_action.setEnabled(self._digits is not None)
        self._explain_options()
        tip = tr("Shows a test digit, chosen at random, and its label.")
        if self._digits is None:
            tip = tr("Shows a test digit once the digits are loaded.")
        elif self.row_action.isChecked():
            tip = tr("Sets five test digits in a row and shows their labels.")
        explain_action(self.test_digit_action, tip)


def _set_of(digits: Digits, set_name: SetName) -> DigitSet:
    digit_set: DigitSet = getattr(digits, set_name)
    return digit_set


def explain_action(action: QAction, tip: str) -> None:
    """Set an action's description if it has changed, since this is called for each stroke."""
    if action.whatsThis() != tip:
        explain(action, tip, action.shortcut())
        action.setStatusTip(tip)


class Tools(QWidget):
    """One line of tools: those of the first minute, and "…", a menu of the others."""

    def __init__(self, pad: Scratchpad, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scratchpad_tools")
        self._row = row_of(spacing=TOOL_GAP, inside=self)
        first = pad.pen_action, pad.eraser_action, pad.undo_action, pad.test_digit_action
        self.buttons: list[QToolButton] = [ActionButton(action, self) for action in first]
        self.more = QToolButton(self)
        self.more.setText("…")
        tip = tr("More tools of the scratchpad: redo, clear, pin, a row of digits, noise and framing.")
        describe(self.more, "scratchpad_more", tr("More tools"), tip)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = EntryMenu("scratchpad_menu", tr("More tools"), self)
        others = pad.redo_action, pad.clear_action, pad.pin_action, pad.row_action, pad.options_action
        menu.addActions(others)
        self.more.setMenu(menu)
        self.buttons.append(self.more)
        for button in self.buttons:
            button.setProperty("role", "small")
            self._row.addWidget(button)
        self._row.addStretch()

    def place(self, room: QRect, side: int) -> None:
        for button in self.buttons:
            button.setFixedSize(side, side)
        self.setGeometry(room)
