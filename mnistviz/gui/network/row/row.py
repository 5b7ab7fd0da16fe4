"""A row of digits on the pad: joins ink, reading, cells and hand, and says what of it flows through the network."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from mnistviz.engine.digits import PIXELS
from mnistviz.gui.common.class_names import class_name
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.pad.scratchpad import Scratchpad
from mnistviz.gui.network.pad.sheet import MOST_CUTS, WIDE
from mnistviz.gui.network.row import words
from mnistviz.gui.network.row.actions import RowActions
from mnistviz.gui.network.row.cells import Cell
from mnistviz.gui.network.row.hand import Cells
from mnistviz.gui.network.row.places import RowPlaces
from mnistviz.gui.network.row.reader import Reader
from mnistviz.gui.network.row.sheet_view import Marked, SheetView
from mnistviz.gui.network.row.side import Side

_NUDGE = 1 / 56  # of the pad's height: so far a key moves a cut


class Row(QObject):
    """While the pad is wide. Else it is only told what lies on the pad."""

    changed = Signal()
    """Something else flows through the network."""
    widened = Signal(bool)
    """The row is on, or off: all of the card is to be arranged anew."""

    def __init__(self, theme: Theme, pad: Scratchpad, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._pad = theme, pad
        self._classes: tuple[str, ...] = ()
        self._fits = True
        self._chosen = 0
        self._centre = 0.0  # of the chosen digit, by which it is found again
        self._walked: int | None = None
        self._held: int | None = None
        self.reader = Reader(self)
        self.actions = RowActions(theme, pad, self)
        self.view = SheetView(theme, pad)
        self.cells = Cells(theme, parent)
        self.side = Side(self.actions.beside, pad.gap, parent)
        for widget in (self.view, self.cells, self.side):
            widget.hide()
        pad.installEventFilter(self)
        self._connect()
        self.set_theme(theme)

    def _connect(self) -> None:
        pad, reader, cells, actions = self._pad, self.reader, self.cells, self.actions
        pad.changed.connect(self._on_ink)
        pad.stepped.connect(self._on_step)
        reader.cut.connect(self._on_cut)
        reader.judged.connect(self._on_judged)
        cells.cell_wanted.connect(self.choose)
        cells.cut_held.connect(self._hold)
        cells.cut_moved.connect(self._move)
        cells.cut_nudged.connect(self._nudge)
        cells.cut_removed.connect(self._remove)
        cells.cut_added.connect(lambda x: self._add(self._from_view(x)))
        cells.cell_parted.connect(self._part)
        cells.let_go.connect(pad.lift)
        actions.wide.toggled.connect(self._set_wide)
        actions.candidates.toggled.connect(self._show)
        actions.walk.triggered.connect(lambda: self._walk(1))
        actions.walk_back.triggered.connect(lambda: self._walk(-1))
        actions.cut_again.triggered.connect(self.cut_again)
        self.side.gap_changed.connect(pad.set_gap)

    # What flows through the network

    @property
    def is_on(self) -> bool:
        return self._pad.is_wide

    @property
    def picture(self) -> NDArray[np.uint8] | None:
        """The 28 × 28 that flows: the drawing, or one digit of the row."""
        if not self.is_on:
            return self._pad.picture
        shape = self._shape
        return None if shape is None else self._pictures[shape]

    @property
    def true_label(self) -> int | None:
        """What it truly is, if that is known."""
        if not self.is_on:
            return self._pad.true_label
        labels = self._labels
        return labels[self._chosen] if self._walked is None and labels else None

    @property
    def note(self) -> str:
        """What lies on the pad; of a row the words beside it tell."""
        return "" if self.is_on else self._pad.note

    @property
    def _shape(self) -> int | None:
        """The shape that is looked at."""
        way = self._way
        if self._walked is not None:
            return self._walked
        return way[self._chosen] if self._chosen < len(way) else None

    @property
    def _way(self) -> tuple[int, ...]:
        return () if self.reader.reading is None else self.reader.reading.way

    @property
    def _labels(self) -> tuple[int, ...]:
        """The true labels of the cells; none where they are not as many."""
        row = self._pad.sheet.row
        return row.labels if row is not None and len(row.labels) == len(self._way) else ()

    # What the card says

    def draw(self, shown: Shown) -> None:
        """Has the network of this moment judge the row, if it is seen and it is time."""
        if shown.moment is None or not self.view.isVisible():
            return
        network = shown.moment.network
        fits = network.sizes[0] == PIXELS
        if fits != self._fits:
            self._fits = fits
            self._show()
        self.reader.take_network(network)

    def forget(self) -> None:
        """Forgets what the network said."""
        self.reader.forget()

    def set_classes(self, classes: tuple[str, ...]) -> None:
        self._classes = classes
        self._show()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.actions.set_theme(theme)
        self.view.set_theme(theme)
        self.cells.set_theme(theme)

    def place(self, places: RowPlaces) -> None:
        """Takes its places; they are of the card."""
        self.cells.setGeometry(places.cells)
        self.side.setGeometry(places.side)
        self.view.place()
        self._show()

    def set_seen(self, seen: bool) -> None:
        """Whether the card is seen: else nothing is read."""
        if not (seen and self.is_on):
            self.reader.rest()
        else:
            self.reader.take_ink(self._pad.sheet, in_haste=False)

    def _set_wide(self, wide: bool) -> None:
        self._walked = self._held = None
        self._pad.set_wide(wide)
        for widget in (self.view, self.cells, self.side):
            widget.setVisible(wide)
        self.set_seen(wide)
        self.widened.emit(wide)
        self.changed.emit()

    # Ink

    def _on_ink(self) -> None:
        if self.is_on and self.view.isVisible():
            self.reader.take_ink(self._pad.sheet, in_haste=self._pad.is_drawing)
        else:
            self.changed.emit()

    def _on_step(self) -> None:
        if self.is_on and self.view.isVisible() and not self._pad.is_drawing:
            self.reader.take_ink(self._pad.sheet, in_haste=False)

    def _on_cut(self) -> None:
        """Other ink, or other cuts: what is chosen is what was drawn last, or what is where it was."""
        self._walked = None
        strokes = self._pad.sheet.ink.strokes
        if self._pad.is_drawing and strokes and self._pad.sheet.cuts is None:
            self._centre = float(strokes[-1].points[-1, 0])
        self._find_chosen()
        self._show()
        self.changed.emit()

    def _on_judged(self) -> None:
        self._find_chosen()
        self._show()
        self.changed.emit()

    def _find_chosen(self) -> None:
        centres = [self._centre_of(shape) for shape in self._way]
        if centres:
            self._chosen = min(range(len(centres)), key=lambda number: abs(centres[number] - self._centre))

    def _centre_of(self, shape: int) -> float:
        box = self.reader.box(shape)
        return (box.left + box.right) / 2
