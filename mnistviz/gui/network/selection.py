"""What the mouse points at, what the user has chosen in the picture of the network, and what gestures do."""

from collections.abc import Callable
from typing import NamedTuple

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from mnistviz.engine.network import Unit


class Selected(Struct, frozen=True):
    """Selection of the user as a value; what is pointed at comes before what is chosen. `cell` is the index of the
    selected weight, `pixel` that of a pixel of the 28 × 28. `layer` is open; `path` shows the path, `learned` the
    change of the weights since the start."""

    unit: Unit | None = None
    cell: int | None = None
    output: int | None = None
    chosen_unit: Unit | None = None
    layer: int = 1
    pixel: int | None = None
    path: bool = False
    learned: bool = False


class Selection(QObject):
    """One unit and one output that are pointed at, one of each that is chosen, and a weight of the chosen unit."""

    changed = Signal()
    unit_chosen = Signal(object)  # the chosen unit has changed: Unit, or None
    output_chosen = Signal(object)  # the chosen output has changed: int, or None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pointed_unit: Unit | None = None
        self.pointed_cell: int | None = None
        self.pointed_pixel: int | None = None
        self.chosen_unit: Unit | None = None
        self.chosen_cell: int | None = None
        self.pointed_output: int | None = None
        self.chosen_output: int | None = None

    @property
    def chosen(self) -> tuple[Unit | None, int | None, int | None]:
        return self.chosen_unit, self.chosen_cell, self.chosen_output

    def value(self, *, layer: int, path: bool, learned: bool) -> Selected:
        unit = self.chosen_unit if self.pointed_unit is None else self.pointed_unit
        output = self.chosen_output if self.pointed_output is None else self.pointed_output
        pixel = self.pointed_pixel
        cell = self.chosen_cell if self.pointed_unit is None else self.pointed_cell
        if unit is not None and unit.layer == 1 and pixel is not None:
            cell = pixel
        return Selected(unit, cell, output, self.chosen_unit, layer, pixel, path, learned)

    def point(self, unit: Unit | None, cell: int | None, output: int | None) -> None:
        if (unit, cell, output) != (self.pointed_unit, self.pointed_cell, self.pointed_output):
            self.pointed_unit, self.pointed_cell, self.pointed_output = unit, cell, output
            self.changed.emit()

    def point_pixel(self, pixel: int | None) -> None:
        if pixel != self.pointed_pixel:
            self.pointed_pixel = pixel
            self.changed.emit()

    def choose_unit(self, unit: Unit | None) -> None:
        if unit != self.chosen_unit:
            if unit is None or self.chosen_unit is None or unit.layer != self.chosen_unit.layer:
                self.chosen_cell = None
            self.chosen_unit = unit
            self.changed.emit()
            self.unit_chosen.emit(unit)

    def choose_cell(self, cell: int | None) -> None:
        if cell != self.chosen_cell and self.chosen_unit is not None:
            self.chosen_cell = cell
            self.changed.emit()

    def choose_pixel(self) -> None:
        """Choose the weight of the chosen unit from the pixel pointed at."""
        if self.chosen_unit is not None and self.chosen_unit.layer == 1 and self.pointed_pixel is not None:
            self.choose_cell(self.pointed_pixel)

    def choose_output(self, output: int | None) -> None:
        if output != self.chosen_output:
            self.chosen_output = output
            self.changed.emit()
            self.output_chosen.emit(output)

    def let_go(self) -> bool:
        """Release the chosen weight, or else unit and output. Return False if nothing was chosen."""
        if self.chosen_cell is not None:
            self.choose_cell(None)
            return True
        chosen = self.chosen_unit is not None or self.chosen_output is not None
        self.choose_unit(None)
        self.choose_output(None)
        return chosen

    def keep_to(self, sizes: tuple[int, ...], before: tuple[int, ...] = ()) -> None:
        """Deselect what a network of these sizes lacks; a hidden unit is no output of the network `before`."""

        def exists(unit: Unit | None) -> bool:
            if unit is None or unit.layer >= len(sizes) or unit.number >= sizes[unit.layer]:
                return False
            return not before or (unit.layer == len(sizes) - 1) == (unit.layer == len(before) - 1)

        self.pointed_unit = self.pointed_cell = self.pointed_output = None  # another unit is under the mouse
        self.chosen_cell = None
        if self.chosen_output is not None and self.chosen_output >= sizes[-1]:
            self.chosen_output = None
        if not exists(self.chosen_unit):
            self.choose_unit(None)
        self.changed.emit()


class CardGestures(NamedTuple):
    open_unit: Callable[[int, int], object]
    open_layer: Callable[[int], object]
    show_content: Callable[[], object]
    refresh: Callable[[], object]
    bring_pad: Callable[[], object]
