"""Weights by hand: what the user tries on a copy of the network, what it does to the test digits, and what is kept."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from mnistviz.engine.commands import TakeBack
from mnistviz.engine.hand_edits import WeightEdit, switched_off
from mnistviz.engine.microscope.what_if import Bill
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.lab.what_if_copy import WhatIf, weight_at, with_edit
from mnistviz.gui.network.unit import hand_words as words

_KEY = "weights by hand"


class HandWork(QObject):
    """The actions, and what has come of them. All of it is on a copy that the lab shows in the place of the network,
    until it is kept or put back. Layers are numbered as in `NetworkCard`, units from 0."""

    changed = Signal()
    """Something else is tried, or nothing any more, or more is known of it."""
    digits_wanted = Signal()
    """The digits are to be seen that the copy reads differently."""

    def __init__(self, lab: Lab, unit: Callable[[], tuple[int, int]], parent: QObject) -> None:
        """`unit` says which unit is seen large."""
        super().__init__(parent)
        self._lab, self._unit = lab, unit
        self._shown = Shown()
        self._before: list[WhatIf | None] = []  # what was tried before each gesture
        self._kept: WhatIf | None = None  # which the run is about to have
        self._billed: WhatIf | None = None  # what the bill is of, or is asked for
        self._read_before: tuple[Moment, NDArray[np.uint8]] | None = None
        self.bill: Bill | None = None
        self.said: tuple[str, ...] = ()
        """What it does to the test digits, from long to short."""
        self.switch_off = self._action(
            "switch_unit_off",
            self.tr("S&witch the unit off"),
            self.tr("Switch off"),
            self.tr("Tries on a copy what the network does without this unit: its activation is 0."),
        )
        self.switch_off.setCheckable(True)
        self.keep = self._action(
            "keep_by_hand",
            self.tr("&Keep it"),
            self.tr("Keep it"),
            self.tr("Does to the network what you have tried on the copy."),
        )
        self.put_back = self._action(
            "put_back_by_hand",
            self.tr("&Put back"),
            self.tr("Put back"),
            self.tr("Shows the network as it is again. What you have tried is dropped."),
        )
        self.undo = self._action(
            "undo_by_hand",
            self.tr("&Undo what was done by hand"),
            "",
            self.tr("Takes back what you did last to the weights by hand, to the last bit."),
            "Ctrl+Z",
        )
        self.show_digits = self._action(
            "show_changed_digits",
            self.tr("&Digits that differ"),
            words.changed(None),
            self.tr("Opens the digits that the copy reads differently, in Mistakes."),
        )
        self.switch_off.triggered.connect(self._switch)
        self.keep.triggered.connect(self._keep)
        self.put_back.triggered.connect(self._put_back)
        self.undo.triggered.connect(self._undo)
        self.show_digits.triggered.connect(self.digits_wanted)
        lab.stand_in_changed.connect(self._follow)
        self._enable()

    def _action(self, name: str, text: str, short: str, tip: str, keys: str = "") -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        action.setIconText(short)
        action.setShortcut(QKeySequence(keys))
        set_tooltip(action, tip, keys)
        action.setWhatsThis(tip)
        return action

    # What it shows

    @property
    def tried(self) -> WhatIf | None:
        """What is tried now."""
        found = self._shown.stand_in
        return found if isinstance(found, WhatIf) else None

    def draw(self, shown: Shown) -> None:
        """Takes what is shown; while something is tried, asks what it does."""
        self._shown = shown
        tried = self.tried
        if tried is None:
            self._before.clear()
        if tried is not self._billed:
            self._ask()
        self._enable()

    def show_unit(self) -> None:
        """Another unit is seen large."""
        self._enable()

    def _follow(self) -> None:
        self.draw(self._lab.shown)
        self.changed.emit()

    def _enable(self) -> None:
        """Says which of the actions can act, and why not."""
        shown, tried = self._shown, self.tried
        why_not = words.why_not(shown)
        network = None if shown.moment is None else shown.moment.network
        hidden = network is not None and self._is_hidden(network)
        self.switch_off.setEnabled(not why_not and hidden)
        self.switch_off.setChecked(hidden and network is not None and self._is_off(network))
        self.keep.setEnabled(tried is not None and tried is not self._kept)
        self.put_back.setEnabled(tried is not None)
        run = shown.run
        self.undo.setEnabled(bool(self._before) or (shown.live and run is not None and run.can_take_back))
        self.show_digits.setEnabled(self.bill is not None)
        self.show_digits.setIconText(words.changed(self.bill))
        if not hidden and not why_not:
            why_not = self.tr("Only hidden units can be switched off: an output is the network's answer.")
        set_tooltip(self.switch_off, why_not or self.switch_off.whatsThis())
        tip = self.keep.whatsThis()
        if not shown.live:
            tip = self.tr("Begins a branch at this moment in which it is done. The run stays as it was.")
        set_tooltip(self.keep, tip)

    def _is_hidden(self, network: Network) -> bool:
        layer, unit = self._unit()
        return 0 < layer < len(network.sizes) - 1 and unit < network.sizes[layer]

    def _is_off(self, network: Network) -> bool:
        layer, unit = self._unit()
        return not network.weights[layer][:, unit].any()

    # What the user does

    def edit(self, edit: WeightEdit) -> None:
        """Tries one more change of weights."""
        moment = self._shown.of_run.moment
        if moment is not None and not words.why_not(self._shown):
            self._try(with_edit(moment, self.tried, edit))

    def _try(self, what_if: WhatIf | None) -> None:
        self._before.append(self.tried)
        self._lab.show_stand_in(what_if)

    def _switch(self, on: bool) -> None:
        """Switches the unit off on the copy, or gives it the weights of the run back."""
        of = self._shown.of_run.moment
        if of is None or not self._is_hidden(of.network):
            return
        layer, unit = self._unit()
        edit = switched_off(of.network, layer - 1, unit)
        if not on:
            values = tuple(weight_at(of.network, edit.layer, place) for place in edit.places)
            edit = WeightEdit(edit.layer, edit.places, values)
        self.edit(edit)

    def _keep(self) -> None:
        self._kept = self.tried
        self._enable()
        if self._kept is not None:
            self._lab.keep(self._kept)

    def _put_back(self) -> None:
        if self.tried is not None:
            self._lab.show_stand_in(None)

    def _undo(self) -> None:
        """Takes the last gesture back, or else what was kept last."""
        if self._before:
            self._lab.show_stand_in(self._before.pop())
        elif self._shown.live:
            self._lab.send(TakeBack())

    # What it does to the test digits

    def _ask(self) -> None:
        tried = self.tried
        self._billed, self.bill, self.said = tried, None, ()
        if tried is None:
            self._lab.what_if.withdraw(_KEY)
            return
        known = self._read_before
        read = known[1] if known is not None and tried.is_for(known[0]) else None
        self.said = words.read(0, 1)
        self._lab.what_if.bill(_KEY, tried, read, self._on_bill, self._on_failure, self._on_progress)

    def _on_bill(self, bill: Bill) -> None:
        assert self._billed is not None
        self._read_before = self._billed.of, bill.read_before
        self.bill, self.said = bill, words.told(bill)
        self._enable()
        self.changed.emit()

    def _on_failure(self, error: Exception) -> None:
        self.said = words.not_read()
        self.changed.emit()

    def _on_progress(self, done: int, of: int) -> None:
        self.said = words.read(done, of)
        self.changed.emit()
