"""What parts of the window say and offer in the line at the bottom: edits by hand, seed bands, pins, and Ctrl+Z."""

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Qt

from mnistviz.engine.luck.bands import band_of
from mnistviz.engine.mistakes.pins import MOST_PINS, Pin
from mnistviz.gui.common import numbers
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.lab.edited_copy import EditedCopy
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import BandFinished, ChangeKind
from mnistviz.gui.lab.luck_questions import BandWork
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.network.pad.scratchpad import Scratchpad, explain_action
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.pins.pinned import Pinned
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.message import Offer, Rank, StatusMessage
from mnistviz.marking import marked


class CopyLine(QObject):
    def __init__(self, hand: HandWork, line: BottomLine, parent: QObject) -> None:
        super().__init__(parent)
        self._hand, self._line = hand, line
        hand.changed.connect(self._show)
        hand.dropped.connect(self._offer_again)
        # queued: closing the preview ends the earlier undo offer
        hand.kept.connect(self._offer_undo, Qt.ConnectionType.QueuedConnection)

    def put_back(self) -> bool:
        """Discard the preview, as Escape does; return False if there is none or it is not visible."""
        can = self._hand.put_back.isEnabled()  # False in the ideas, where `trigger` would still act
        if can:
            self._hand.put_back.trigger()
        return can

    def _show(self) -> None:
        self._line.say(Rank.COPY, () if self._hand.tried is None else (self._message(),))

    def _message(self) -> StatusMessage:
        keep, put_back = self._hand.keep, self._hand.put_back
        back_tip = tr("{tip} (Escape)", tip=put_back.whatsThis())
        text = tr("You look at a copy that you have changed by hand. Keep it or put it back to go on.")
        short = tr("This is a copy: keep it or put it back.")
        offer = Offer(keep.iconText(), keep.iconText(), keep.toolTip(), keep.trigger)
        trial = Offer(put_back.iconText(), put_back.iconText(), back_tip, put_back.trigger)
        return StatusMessage(Rank.COPY, "copy", text, short, offer=offer, trial=trial)

    def _offer_again(self, dropped: EditedCopy) -> None:
        text, short = tr("What you have tried by hand is dropped."), tr("Put back.")
        hand = self._hand
        self._line.offer_undo(
            text, short, partial(hand.show, dropped), lambda: hand.tried is None, redo=hand.put_back.trigger
        )

    def _offer_undo(self) -> None:
        text, short = tr("The network now has what you have tried by hand."), tr("Kept.")
        self._line.offer_undo(text, short, self._hand.take_back, lambda: self._hand.can_undo_accepted)


# fmt: off
_TRAINS: Final = {
    (True, "seeds"): marked("Run {letter} with other seeds: {done} of {of} are there. Paused."),
    (True, "tiny changes"): marked("Copies of run {letter} with one tiny change: {done} of {of} are there. Paused."),
    (False, "seeds"): marked(
        "Run {letter} with other seeds: {done} of {of} are there, the next one is at {percent} %."),
    (False, "tiny changes"): marked(
        "Copies of run {letter} with one tiny change: {done} of {of} are there, the next one is at {percent} %."),
}  # by whether it is paused, and the kind of the band
_ENDED: Final = {
    (True, "seeds"): marked(
        "At epoch {epoch}, run {letter} reads {own} of the validation digits right, {count} other seeds {low} to "
        "{high}."),
    (True, "tiny changes"): marked(
        "At epoch {epoch}, run {letter} reads {own} of the validation digits right, {count} copies with one tiny "
        "change {low} to {high}."),
    (False, "seeds"): marked(
        "At epoch {epoch}, {count} other seeds of run {letter} read {low} to {high} of the validation digits right."),
    (False, "tiny changes"): marked(
        "At epoch {epoch}, {count} copies of run {letter} with one tiny change read {low} to {high} of the validation "
        "digits right."),
}  # by whether the accuracy of the run itself is known then, and the kind of the band
# fmt: on


class LuckLine(QObject):
    """Shows a message while a seed band is trained, with *Cancel* and *Pause*."""

    def __init__(self, lab: Lab, line: BottomLine, parent: QObject) -> None:
        super().__init__(parent)
        self._lab, self._line = lab, line
        lab.listen(ChangeKind.LUCK, self._show)
        lab.listen(BandFinished, self._report)

    def _show(self) -> None:
        work = self._lab.luck.work
        run = None if work is None else self._lab.runs.find(work.number)
        self._line.say(Rank.WORK, () if work is None or run is None else (self._message(work, run),))

    def _message(self, work: BandWork, run: RunFacts) -> StatusMessage:
        luck, values = self._lab.luck, {"letter": run.letter, "done": work.done, "of": work.of}
        cancel, pause = tr("Cancel"), tr("Continue") if work.paused else tr("Pause")
        stay = tr("Trains no more of them. Those that are there stay.")
        rest = tr("Lets the copies rest, or train on. They also pause with the training.")
        text = translated(_TRAINS[work.paused, work.kind], percent=round(100 * work.share), **values)
        short, key = tr("{letter}: {done} of {of}", **values), (work.number, work.kind)
        offer = Offer(cancel, cancel, stay, luck.cancel)
        trial = Offer(pause, pause, rest, lambda: luck.set_paused(not work.paused))
        return StatusMessage(Rank.WORK, key, text, short, offer=offer, trial=trial)

    def _report(self, change: BandFinished) -> None:
        run = self._lab.runs.find(change.number)
        band = None if run is None else band_of(run.bands, change.kind)
        if run is None or band is None or band.end is None:
            return
        own = run.history.measured("validation", band.until, "digits")
        known = own is not None and own.digits == band.until and not own.part
        text = translated(
            _ENDED[known, change.kind],
            letter=run.letter,
            epoch=numbers.epochs(band.until / run.epoch),
            own=numbers.percent(own.accuracy) if own is not None else "",
            count=band.end.n,
            low=numbers.percent(band.end.lowest),
            high=numbers.percent(band.end.highest),
        )
        self._line.tell(text, minor=True)


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
        if self._pad.is_wide or (picture := self._pad.picture) is None:
            return None
        sheet, digits = self._pad.sheet, self._lab.digits
        untouched = self._pad.is_as_in_the_set
        if not untouched or sheet.number is None or sheet.label is None or digits is None:
            return Pin(picture.tobytes())
        return Pin(picture.tobytes(), sheet.label, digits.checksum, sheet.set_name, sheet.number)

    def _is_pinned(self, pin: Pin | None) -> bool:
        return pin in self._pinned.pins

    def _toggle(self) -> None:
        if (pin := self._pin) is not None and self._is_pinned(pin):
            self._pinned.unpin(pin)
        elif pin is not None and self._pinned.pin(pin):
            text = tr("Pinned. Mistakes, pinned, shows what each run answered to it, from its start to now.")
            undo, holds = partial(self._undo_pin, pin), partial(self._is_pinned, pin)
            self._line.offer_undo(text, tr("Pinned."), undo, holds, redo=partial(self._pinned.pin, pin))
        elif pin is not None:
            text = tr("{most} pictures are pinned, which is the most. Unpin one of them first.")
            self._line.tell(text.format(most=MOST_PINS))
        self._state = None  # the click has toggled the action in any case
        self._show()

    def _undo_pin(self, pin: Pin) -> None:
        """Unpin what was just pinned, without another offer."""
        self._pins = tuple(each for each in self._pins if each != pin)
        self._pinned.unpin(pin)

    def _offer_undo(self, pin: Pin, place: int) -> None:
        if pin == self._pin:
            text = tr("The picture on the scratchpad is no longer pinned.")
        else:
            text = tr("The picture is no longer pinned.")
        short, undo = tr("No longer pinned."), partial(self._pinned.pin, pin, place)
        redo = partial(self._undo_pin, pin)
        self._line.offer_undo(text, short, undo, lambda: not self._is_pinned(pin), redo=redo)

    def _show(self) -> None:
        pin, action = self._pin, self._pad.pin_action
        if (state := (pin is not None, self._is_pinned(pin))) == self._state:
            return
        self._state = state
        action.setEnabled(pin is not None)
        action.setChecked(state[1])
        if pin is None:
            tip = tr("Pins one drawing or digit. There is none on the scratchpad.")
        elif state[1]:
            tip = tr("Takes this picture from the pins.")
        else:
            tip = tr("Pins this picture: Mistakes, pinned, shows what each run answered to it, all along.")
        explain_action(action, tip)
