"""The star below the scratchpad, which pins its picture or unpins it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from mnistviz.engine.mistakes.pins import MOST_PINS, Pin
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.network.pad.scratchpad import Scratchpad, explain_action
from mnistviz.gui.pins.pinned import Pinned
from mnistviz.gui.window.bottom_line import BottomLine


class Pinning(QObject):
    """Connects the pad with the pins, and offers to undo pinning here, and unpinning here or in the tab."""

    def __init__(self, pad: Scratchpad, lab: Lab, line: BottomLine, parent: QObject) -> None:
        super().__init__(parent)
        self._pad, self._lab, self._line = pad, lab, line
        self._pinned = Pinned(lab.chosen)
        self._pins = self._pinned.pins
        self._state: tuple[bool, bool] | None = None  # whether there is a picture, and whether it is pinned
        pad.pin_action.triggered.connect(self._toggle)
        for changed in (pad.changed, pad.row_action.toggled):
            changed.connect(self._show)
        lab.listen(ChangeKind.DIGITS, self._show)
        lab.chosen.restored.connect(self._pins_restored)
        lab.chosen.listen("pins", self._take_pins)
        self._show()

    def _pins_restored(self) -> None:
        self._pins = ()  # the user has unpinned none of them

    def _take_pins(self) -> None:
        before, self._pins = self._pins, self._pinned.pins
        for place, pin in enumerate(before):
            if pin not in self._pins:
                self._offer_undo(pin, place)
        self._show()

    @property
    def _pin(self) -> Pin | None:
        picture = None if self._pad.is_wide else self._pad.picture
        if picture is None:
            return None
        sheet, digits = self._pad.sheet, self._lab.digits
        untouched = self._pad.is_as_in_the_set
        if not untouched or sheet.number is None or sheet.label is None or digits is None:
            return Pin(picture.tobytes())
        return Pin(picture.tobytes(), sheet.label, digits.checksum, sheet.set_name, sheet.number)

    def _is_pinned(self, pin: Pin | None) -> bool:
        return pin in self._pinned.pins

    def _toggle(self) -> None:
        pin = self._pin
        if pin is not None and self._is_pinned(pin):
            self._pinned.unpin(pin)
        elif pin is not None and self._pinned.pin(pin):
            self._line.offer_undo(
                self.tr("Pinned. The tab Pins shows what each run answered to it, from its start to now."),
                self.tr("Pinned."),
                partial(self._undo_pin, pin),
                partial(self._is_pinned, pin),
            )
        elif pin is not None:
            text = self.tr("{most} pictures are pinned, which is the most. Unpin one of them first.")
            self._line.tell(text.format(most=MOST_PINS))
        self._state = None  # the click has toggled the action in any case
        self._show()

    def _undo_pin(self, pin: Pin) -> None:
        """Unpin what was just pinned, without another offer."""
        self._pins = tuple(each for each in self._pins if each != pin)
        self._pinned.unpin(pin)

    def _offer_undo(self, pin: Pin, place: int) -> None:
        if pin == self._pin:
            text = self.tr("The picture on the scratchpad is no longer pinned.")
        else:
            text = self.tr("The picture is no longer pinned.")
        self._line.offer_undo(
            text,
            self.tr("No longer pinned."),
            partial(self._pinned.pin, pin, place),
            lambda: not self._is_pinned(pin),
        )

    def _show(self) -> None:
        pin, action = self._pin, self._pad.pin_action
        state = pin is not None, self._is_pinned(pin)
        if state == self._state:
            return
        self._state = state
        action.setEnabled(pin is not None)
        action.setChecked(state[1])
        if pin is None:
            tip = self.tr("Pins one drawing or digit. There is none on the scratchpad.")
        elif state[1]:
            tip = self.tr("Takes this picture from the pins.")
        else:
            tip = self.tr("Pins this picture: the tab Pins shows what each run answered to it, all along.")
        explain_action(action, tip)
