"""The controls of a picture on the pad: progress while it is read, its threshold, and the part of it that is read."""

from __future__ import annotations

from PySide6.QtCore import QObject

from mnistviz.engine.rows import Box
from mnistviz.gui.network.pad.pad import Pad
from mnistviz.gui.network.row.crop import CropChooser
from mnistviz.gui.network.row.pictures import Pictures
from mnistviz.gui.network.row.row_actions import RowActions
from mnistviz.gui.network.row.sheet_view import SheetView
from mnistviz.gui.network.row.side import Side


class Scanning(QObject):
    """Joins them to what reads pictures."""

    def __init__(
        self, pictures: Pictures, pad: Pad, view: SheetView, side: Side, actions: RowActions
    ) -> None:
        super().__init__(pictures)
        self._pictures, self._pad, self._side, self._actions = pictures, pad, side, actions
        self.part = CropChooser(pad, view)
        pictures.begun.connect(self._begin)
        pictures.progressed.connect(side.show_progress)
        pictures.ended.connect(self._end)
        side.cancelled.connect(pictures.cancel)
        side.threshold_changed.connect(self._take_threshold)
        actions.picture.triggered.connect(pictures.ask_open)
        actions.part.toggled.connect(self._choose_part)
        self.part.chosen.connect(self._take_part)
        self.part.left.connect(lambda: actions.part.setChecked(False))

    def show(self) -> None:
        """Something else may lie on the pad."""
        scan = self._pad.sheet.scan
        if scan is None:
            self._actions.part.setChecked(False)
        self._side.show_threshold(None if scan is None else scan.threshold)

    def _begin(self) -> None:
        """A picture is being read: there must be room for it."""
        self._actions.wide.setChecked(True)
        self._side.show_busy(True)

    def _end(self) -> None:
        self._side.show_busy(False)
        self.show()

    def _take_threshold(self, threshold: float, moving: bool) -> None:
        scan = self._pad.sheet.scan
        if scan is not None:
            self._pictures.change(threshold, scan.part, trying=moving)

    def _choose_part(self, on: bool) -> None:
        scan = self._pad.sheet.scan
        if on and scan is not None:
            self.part.begin(scan)
        elif self.part.is_on:
            self.part.end()

    def _take_part(self, part: Box | None) -> None:
        self._actions.part.setChecked(False)
        self._pictures.change(None, part, trying=False)
