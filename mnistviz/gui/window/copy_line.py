"""The message about a preview edited by hand, with buttons that accept or discard the edits."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt

from mnistviz.gui.lab.what_if_copy import WhatIf
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.status_message import Offer, Rank, StatusMessage


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
        back_tip = self.tr("{tip} (Escape)").format(tip=put_back.whatsThis())
        return StatusMessage(
            Rank.COPY,
            "copy",
            self.tr("You look at a copy that you have changed by hand. Keep it or put it back to go on."),
            self.tr("This is a copy: keep it or put it back."),
            offer=Offer(keep.iconText(), keep.iconText(), keep.toolTip(), keep.trigger),
            trial=Offer(put_back.iconText(), put_back.iconText(), back_tip, put_back.trigger),
        )

    def _offer_again(self, dropped: WhatIf) -> None:
        text, short = self.tr("What you have tried by hand is dropped."), self.tr("Put back.")
        self._line.offer_undo(
            text, short, partial(self._hand.show, dropped), lambda: self._hand.tried is None
        )

    def _offer_undo(self) -> None:
        text, short = self.tr("The network now has what you have tried by hand."), self.tr("Kept.")
        self._line.offer_undo(text, short, self._undo)

    def _undo(self) -> None:
        if not self._hand.take_back():
            self._line.tell(self.tr("It can't be taken back any more: something else has come after it."))
