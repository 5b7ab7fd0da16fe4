"""A row of digits on the pad: joins ink, predictions, manual cuts and cells, and selects the network's digit."""

from collections.abc import Callable
from typing import Self

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QWidget

from mnistviz.engine.digits import PIXELS
from mnistviz.engine.handwriting import Stroke
from mnistviz.engine.rows import Candidates
from mnistviz.gui.common.choices import RowPart
from mnistviz.gui.common.theme import set_theme, theme
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.card_layout import RowPlaces
from mnistviz.gui.network.pad.scratchpad import Scratchpad
from mnistviz.gui.network.row import row_words
from mnistviz.gui.network.row.cells import CutEditor, RowCell
from mnistviz.gui.network.row.reader import Reader, ReadRow
from mnistviz.gui.network.row.row_controls import GAPS, RowActions, ScanControls
from mnistviz.gui.network.row.sheet_view import SheetView


class Walk(Struct, frozen=True, eq=False):
    """Segment that the user has stepped to, and the segments that it belongs to."""

    candidates: Candidates
    shape: int


class RowController(QObject):
    """Joins the parts of a row while the pad is wide; otherwise it passes on the pad's digit."""

    widened = Signal(bool)  # a row was started or ended: the whole card must be arranged again

    def __init__(
        self, pad: Scratchpad, jobs: Jobs | None, parent: QWidget, changed: Callable[[], object]
    ) -> None:
        """Create the controller; `changed` is called when the network gets another input."""
        super().__init__(parent)
        self._pad, self._changed = pad, changed
        self._classes: tuple[str, ...] = ()
        self._fits = True
        self._seen = False
        self.is_spread = True
        """True while the row has the room of the upper tiles, or in a low card of all; False for that of the pad."""
        self._chosen = 0
        self._centre = 0.0  # x coordinate of the chosen digit, by which it is found again
        self._last_stroke: Stroke | None = None
        self._walk: Walk | None = None
        self._last: NDArray[np.uint8] | None = None
        self.reader = Reader(jobs, self)
        self.actions = RowActions(pad, parent, self)
        self.view = SheetView(pad)
        self.cutting = CutEditor(pad, self.reader, self.view, self.choose, parent)
        self.cells = self.cutting.cells
        self._scanning = ScanControls(jobs, pad, self.view, self.actions, parent)
        self.pictures, self.side = self._scanning.pictures, self._scanning.side
        for widget in (self.view, self.cells, self.side):
            widget.hide()
        pad.installEventFilter(self)
        self._connect()
        set_theme(theme(), self.view, self.cells)
        self.actions.set_icons()

    def _connect(self) -> None:
        pad, reader, actions, choose_line = self._pad, self.reader, self.actions, self._scanning.choose_line
        pad.changed.connect(self._on_ink)
        pad.stepped.connect(self._on_step)
        reader.cut.connect(self._on_cut)
        reader.judged.connect(self._on_judged)
        actions.wide.toggled.connect(self._set_wide)
        actions.candidates.toggled.connect(self._show)
        handlers: dict[QAction, Callable[[], object]] = {
            actions.walk: lambda: self._walk_on(1),
            actions.walk_back: lambda: self._walk_on(-1),
            actions.cut_again: self.cutting.cut_again,
            actions.picture: self.pictures.ask_open,
            actions.line_below: lambda: choose_line(1),
            actions.line_above: lambda: choose_line(-1),
        }
        for action, handler in handlers.items():
            action.triggered.connect(handler)

    @property
    def is_on(self) -> bool:
        return self._pad.is_wide

    @property
    def _is_visible(self) -> bool:
        return self.is_on and self._seen

    @property
    def picture(self) -> NDArray[np.uint8] | None:
        """The network's 28 × 28 input: the drawing, or one digit of the row as last read."""
        if not self.is_on:
            return self._pad.picture
        if (shape := self._shape) is not None:
            return self.reader.row.pictures[shape]
        return self._last if self.reader.is_behind else None

    @property
    def true_label(self) -> int | None:
        if not self.is_on:
            return self._pad.true_label
        labels = self._labels
        return labels[self._chosen] if self._walked is None and labels else None

    @property
    def note(self) -> str:
        """The note on the pad's contents; empty for a row, which has a text beside it."""
        return "" if self.is_on else self._pad.note

    @property
    def _shape(self) -> int | None:
        if self._walked is not None:
            return self._walked
        way = self.reader.row.way
        return way[self._chosen] if self._chosen < len(way) else None

    @property
    def _walked(self) -> int | None:
        walk, row = self._walk, self.reader.row
        is_current = walk is not None and walk.candidates is row.candidates and row.reading is not None
        return walk.shape if walk is not None and is_current else None

    @property
    def _labels(self) -> tuple[int, ...]:
        row, way = self.reader.row.sheet.row, self.reader.row.way
        return row.labels if row is not None and len(row.labels) == len(way) else ()

    def draw(self, shown: Shown) -> None:
        if shown.moment is None or not self._is_visible:
            return
        if (fits := shown.moment.network.sizes[0] == PIXELS) != self._fits:
            self._fits = fits
            self._show()
        self.reader.set_moment(shown.moment)

    def adopt(self, other: Self) -> None:
        """Copy the result from another card's row, because cutting a long row takes seconds."""
        self.reader.row = other.reader.row

    def be_ready(self) -> None:
        if self._is_visible:
            self.reader.read_now()

    def set_classes(self, classes: tuple[str, ...]) -> None:
        self._classes = classes
        self._show()

    def place(self, places: RowPlaces) -> None:
        self.cells.setGeometry(places.cells)
        self.side.setGeometry(places.side)
        self.view.place()
        self._show()

    def set_seen(self, seen: bool) -> None:
        self._seen = seen
        if self._is_visible:
            self.reader.start(self._pad.sheet)
        else:
            self.reader.stop()

    def spread(self, on: bool) -> None:
        if on != self.is_spread:
            self.is_spread = on
            self.widened.emit(self.is_on)

    def _set_wide(self, wide: bool) -> None:
        self.is_spread = True
        self._walk, self._last = None, self._pad.picture
        self.actions.part.setChecked(False)
        self.cutting.hold(None)
        self._pad.set_wide(wide)
        for widget in (self.view, self.cells, self.side):
            widget.setVisible(wide)
        if wide:
            self.set_seen(self._seen)
        else:
            self.actions.show_state(read=False, by_hand=False, scan=None)
            self.reader.release()
        self.widened.emit(wide)
        self._changed()

    def _on_ink(self) -> None:
        if self._is_visible:
            self._scanning.show()
            self.reader.inked(self._pad.sheet, in_haste=self._pad.is_drawing)
        else:
            self._changed()

    def _on_step(self) -> None:
        if self._is_visible and not self._pad.is_drawing:
            self.reader.inked(self._pad.sheet, in_haste=False)

    def _on_cut(self) -> None:
        """Choose the digit that was drawn last, or the one at the old position, after ink or cuts have changed."""
        if self._pad.sheet.cuts is None:
            self.cutting.let_go()
        if (strokes := self.reader.row.sheet.ink.strokes) and strokes[-1] is not self._last_stroke:
            self._last_stroke = strokes[-1]
            self._centre = float(strokes[-1].points[-1, 0])
        self._on_judged()

    def _on_judged(self) -> None:
        row = self.reader.row
        if centres := [row.centre(shape) for shape in row.way]:
            self._chosen = min(range(len(centres)), key=lambda number: abs(centres[number] - self._centre))
        self._publish()

    def choose(self, cell: int) -> None:
        row = self.reader.row
        if 0 <= cell < len(row.way):
            self._walk, self._chosen = None, cell
            self._centre = row.centre(row.way[cell])
            self._publish()
            self.spread(False)

    def _walk_on(self, by: int) -> None:
        """Show the next of all segments, from left to right; after the last one the chosen segments again."""
        if (candidates := self.reader.row.candidates) is None or self.reader.row.reading is None:
            return
        shape, count = self._walked, len(candidates)
        if shape is None:
            shape = -1 if by > 0 else count
        self._walk = Walk(candidates, shape + by) if 0 <= shape + by < count else None
        self._publish()
        self.spread(False)

    def _publish(self) -> None:
        self._last = self.picture
        self._show()
        self._changed()

    def _show(self) -> None:
        if not self._is_visible:
            return
        row = self.reader.row
        doubtful = row.reading.doubtful if row.reading is not None else ()
        self.view.show_way([row.box(shape) for shape in row.way], doubtful)
        self.view.show_shapes(row, self._classes, self._walked, every=self.actions.candidates.isChecked())
        self.cutting.show()
        self.cells.show_cells(self._cells(row), -1 if self._walked is not None else self._chosen)
        self.side.note.set_wordings(*self._note(row))
        self.actions.show_state(read=bool(row.way), by_hand=row.by_hand, scan=self._pad.sheet.scan)

    def _cells(self, row: ReadRow) -> list[RowCell]:
        reading, labels = row.reading, self._labels
        if reading is None:
            return []
        cells = []
        for number, shape in enumerate(reading.way):
            right = labels[number] == reading.verdicts[shape] if labels else None
            name, figure = row_words.verdict(reading, self._classes, shape)
            centre, doubtful = self.cutting.in_view(row.centre(shape)), reading.doubtful[number]
            told = row_words.told(name, figure, float(reading.certainties[shape]))
            cells.append(RowCell(row.pictures[shape], name, figure, centre, right, doubtful, told))
        return cells

    def _note(self, row: ReadRow) -> list[str]:
        reading, walked = row.reading, self._walked
        if reading is not None and walked is not None:
            count = len(reading.certainties)
            return row_words.walked(walked, count, *row_words.verdict(reading, self._classes, walked))
        sheet = row.sheet
        labels = () if sheet.row is None else sheet.row.labels
        line = (0, 1) if sheet.scan is None else (sheet.scan.line, sheet.scan.lines)
        return row_words.note(row, self._classes, labels, fits=self._fits, line=line)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle keys on the pad with the cells; while a part of a picture is chosen, mouse and keys do that."""
        if self._scanning.part.handle(event):
            return True
        if self.is_on and event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.TabletPress):
            self.spread(True)
        if event.type() == QEvent.Type.KeyPress and self.is_on and isinstance(event, QKeyEvent):
            return self._scanning.handle_key(event) or self.cells.handle_key(event)
        return False

    def part(self) -> RowPart:
        return RowPart(self.is_on, self._pad.gap, self.actions.candidates.isChecked())

    def take_part(self, part: RowPart) -> None:
        if part.gap is not None and GAPS[0] <= part.gap <= GAPS[1]:
            self.side.gap.setValue(part.gap)
        self.actions.candidates.setChecked(part.candidates)
        self.actions.wide.setChecked(part.wide)
        if not self.is_on and self._pad.sheet.is_row:
            self._pad.set_wide(False)  # an older version saved a row for a narrow pad
