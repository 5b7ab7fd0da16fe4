"""Rectangles of the parts of a row on the upper part of the card, computed from numbers alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize

from mnistviz.engine.digits import SIDE
from mnistviz.gui.network.card_layout import MARGIN, TOOL, TOOL_GAP, TOOLS
from mnistviz.gui.network.pad.sheet import WIDE
from mnistviz.gui.network.row.cells import LANE

SIDE_WIDTH: Final = TOOLS * (TOOL + TOOL_GAP) - TOOL_GAP
"""The width of the tools beside the pad, in pixels."""
_SHARE: Final = 0.36  # fraction of the card's height
_BETWEEN: Final = 12  # pixels between pad and tools
_LEAST_PAD: Final = 64
_HANDY_PAD: Final = 100  # the height of the pad in a low window, if the network leaves room


@dataclass(frozen=True)
class RowPlaces:
    """Rectangles of the card; `height` is their height at the top of it."""

    height: int
    pad: QRect
    cells: QRect
    tools: QRect
    side: QRect


def cells_height(line: int) -> int:
    """Return the height of the cells: a picture, or a class above a figure, and the strip above."""
    return LANE + max(SIDE + 6, 2 * line + 4)


def least_row(line: int) -> int:
    """Return the height of a row whose pad is as low as possible."""
    tools = 3 * TOOL + 2 * TOOL_GAP + line + 8
    return max(tools, _LEAST_PAD + cells_height(line) + 2) + 6


def handy_row(line: int) -> int:
    """Return the height of a row whose pad is comfortable to write on."""
    return max(least_row(line), _HANDY_PAD + cells_height(line) + 2 + 8)


def row_places(card: QSize, line: int, below: int) -> RowPlaces:
    """Return the layout of a row on a `card` of this size, whose network needs the height `below` at least."""
    width, height = card.width(), card.height()
    inner = width - 2 * MARGIN
    cells = cells_height(line)
    widest = (
        inner - SIDE_WIDTH - _BETWEEN - 4
    ) / WIDE + 4  # the height of a pad that leaves room for the tools
    wanted = min(max(round(_SHARE * height), handy_row(line)), height - below)
    room = max(least_row(line), min(wanted, round(widest) + cells + 2 + 8))
    pad_height = min(room - 8 - cells - 2, int(widest))
    pad = QRect(MARGIN, 10, round((pad_height - 4) * WIDE) + 4, pad_height)
    left = pad.right() + 1 + _BETWEEN
    tools = QRect(left, pad.top(), width - MARGIN - left, TOOL)
    side = QRect(left, tools.bottom() + 1 + TOOL_GAP, tools.width(), room - 8 - TOOL - TOOL_GAP)
    return RowPlaces(room, pad, QRect(pad.left(), pad.bottom() + 3, pad.width(), cells), tools, side)
