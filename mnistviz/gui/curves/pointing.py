"""Which run is pointed at in a plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF

from mnistviz.gui.curves.compose import PlotLine
from mnistviz.gui.curves.line_item import LineItem
from mnistviz.gui.curves.line_names import LineNames

NEAR = 6  # pixels


def run_at(
    at: QPointF, lines: Sequence[PlotLine], items: Mapping[tuple[int, str], LineItem], names: LineNames
) -> int | None:
    """The number of the run whose line, or the name of one, is nearest to a place; None if none is near."""
    name = names.at(at)
    if name is not None:
        return next((line.name[0] for line in lines if line.label == name), None)
    far = [(items[line.name].distance(at), line.name[0]) for line in lines if line.name in items]
    distance, number = min(far, default=(NEAR + 1.0, 0))
    return None if distance > NEAR else number
