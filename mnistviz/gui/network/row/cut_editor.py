"""Manual cuts of a row: moved, added and removed, each as one undo step, or left to the network again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.network.pad.pad import Pad
from mnistviz.gui.network.pad.sheet import MOST_CUTS, WIDE
from mnistviz.gui.network.row.cells import RowCells
from mnistviz.gui.network.row.reader import Reader
from mnistviz.gui.network.row.sheet_view import SheetView

_NUDGE: Final = 1 / 56  # of the pad's height: the step of a key


class CutEditor:
    """Changes the cuts of the sheet on the pad, and knows the one that is dragged."""

    def __init__(
        self, pad: Pad, reader: Reader, view: SheetView, theme: Theme, choose: Callable[[int], object],
        card: QWidget,
    ) -> None:  # fmt: skip
        self._pad, self._reader, self._view = pad, reader, view
        self.cells = RowCells(theme, self, choose, card)
        self._held: int | None = None

    def show(self) -> None:
        row = self._reader.row
        has_reading = row.reading is not None
        places = [self.in_view(place) for place in self._places] if has_reading else []
        if self._held is not None and self._held >= len(places):
            self._held = None
        self._view.show_cuts(row.lines, self._held)
        self.cells.show_handles(places, self._held, gone=self.cells.gone and self._held is not None)

    @property
    def _places(self) -> list[float]:
        """The positions of the cuts; manual ones count before they are evaluated."""
        cuts = self._pad.sheet.cuts
        return [*(self._reader.row.places if cuts is None else cuts)]

    def hold(self, cut: int | None) -> None:
        self._held = cut
        self.show()

    def release(self) -> None:
        self._pad.lift()

    def let_go(self) -> None:
        self._held = None

    def cut_again(self) -> None:
        self._held = None
        if self._pad.sheet.cuts is not None:
            self._pad.put(self._pad.sheet.cut_at(None))

    def in_view(self, x: float) -> float:
        """Return an x coordinate of the view, in pixels, for one of the pad, in heights."""
        paper = self._pad.paper
        return paper.left() + x * paper.height()

    def _from_view(self, x: float) -> float:
        paper = self._pad.paper
        return min(max((x - paper.left()) / paper.height(), 0.0), WIDE)

    def _cut_at(self, places: list[float], held: float | None, *, trying: bool = False) -> None:
        """Cut the row at these places only, and select the cut at `held`."""
        cuts = sorted({min(max(place, 0.0), WIDE) for place in places})[:MOST_CUTS]
        self._held = cuts.index(held) if held in cuts else None
        sheet = self._pad.sheet.cut_at(tuple(cuts))
        if trying:
            self._pad.lay(sheet)
            self.show()
        else:
            self._pad.put(sheet)

    def move(self, cut: int, x: float) -> None:
        places = self._places
        if 0 <= cut < len(places):
            place = self._from_view(x)
            self._cut_at([*places[:cut], place, *places[cut + 1 :]], place, trying=True)

    def nudge(self, cut: int, by: int) -> None:
        places = self._places
        if 0 <= cut < len(places):
            place = min(max(places[cut] + by * _NUDGE, 0.0), WIDE)
            self._cut_at([*places[:cut], place, *places[cut + 1 :]], place)

    def remove(self, cut: int) -> None:
        places = self._places
        if 0 <= cut < len(places):
            self._cut_at([*places[:cut], *places[cut + 1 :]], None)

    def add(self, x: float) -> None:
        self._add(self._from_view(x))

    def _add(self, place: float) -> None:
        self._cut_at([*self._places, place], place)

    def split(self, cell: int) -> None:
        """Cut a digit in two, in its middle."""
        row = self._reader.row
        if cell < len(row.way):
            self._add(row.centre(row.way[cell]))
