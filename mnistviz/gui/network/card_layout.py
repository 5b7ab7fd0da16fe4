"""Where the parts of the network card are, from its size and the network's: numbers only, so that it can be tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize

from mnistviz.gui.network.unit_slots import CELL, LEAST_GAP

LEAST_PAD: Final = 120
MARGIN: Final = 12
SEEN: Final = 58  # the side of the 28 × 28 with its frame
AROUND: Final = 8  # beside it, for the words below that are wider
TOOL: Final = 30
TOOL_GAP: Final = 5
TOOLS: Final = 7
BETWEEN: Final = 24  # stages, for the lines from one to the next
FAN: Final = 44  # before the outputs, where lines from a unit spread
BAR: Final = 14  # a layer that is folded to a bar
ROOM_FOR_TILES: Final = 250  # what the open layer should have at least, before others get narrower
_ROWS: Final = 10  # of outputs that always have a line each
_TOOLS_BELOW: Final = 236  # pixels that a pad with its tools below it should have at least
_PAD_BESIDE: Final = 170  # pixels that a pad with the 28 × 28 beside it should have at least
_STEPS: Final = ((False, 3), (True, 3), (True, 2), (True, 1), (True, 0))
"""From wide to narrow: whether the 28 × 28 is below the pad, and how many cells of a folded layer are in a row; with 0
the layer is a bar."""


@dataclass(frozen=True)
class CardTexts:
    """Heights of lines and widths of words in the fonts of now, in pixels."""

    line: int = 17
    small: int = 15
    names: int = 10
    """The longest name of a class."""


@dataclass(frozen=True)
class CardLayout:
    """Rectangles of the card; those of stages and outputs count from the corner of `view`."""

    pad: QRect
    tools: QRect
    tool_columns: int
    seen: QRect
    seen_caption: QRect
    view: QRect
    head: int
    """The height of the line above."""
    foot: QRect
    """The line of legends below the view."""
    reading: QRect | None
    """The line of words below that, where there is room for it; else it takes the place of the legends."""
    note: QRect
    """What lies on the pad, in words."""
    open: QRect
    folded: dict[int, QRect]
    across: int
    """Cells in a row of a folded layer."""
    outputs: QRect
    verdict: QRect | None
    """None where the verdict is a line in the head."""
    balance: QRect | None
    """None where only hovering shows the balance."""
    rows: QRect
    measure: QRect | None = None
    """A line below the stages; None where there is no room."""


def arrange(
    size: QSize,
    sizes: tuple[int, ...],
    opened: int,
    texts: CardTexts,
    *,
    pad_large: bool = False,
    above: int = 0,
) -> CardLayout:
    """The places of everything on a card of this size, for a network of these `sizes` with the layer `opened` seen.

    A row of digits takes the pixels `above`, and then there is neither pad nor tools here. Without a hidden layer the
    outputs are the tiles. Narrow cards give way in steps, low ones too; see `_STEPS`.
    """
    inside = QRect(0, 0, size.width(), size.height()).adjusted(MARGIN, 8 + above, -MARGIN, -8)
    head, line = texts.line + 14, texts.line + 12
    words = texts.line + 3 if inside.height() - head - 2 * line >= 200 else 0
    body = QRect(inside.left(), inside.top() + head, inside.width(), inside.height() - head - line - words)
    hidden = len(sizes) - 2
    others = [layer for layer in range(1, hidden + 1) if layer != opened]
    low = body.height() < _TOOLS_BELOW
    for below, across in _STEPS:
        left = _left(body, below or low, low, texts, pad_large)
        if above:
            left.setWidth(SEEN + 2 * AROUND)
        outputs = _outputs_width(inside.width(), texts, narrow=below)
        folded = {layer: _folded_width(across) for layer in others}
        between = BETWEEN if across else BETWEEN - 8
        fan = between if below else FAN
        taken = left.width() + between + outputs + fan + sum(folded.values()) + between * len(folded)
        room = inside.width() - taken
        large = above > 0 or below or low or left.width() - 14 - SEEN - AROUND >= _PAD_BESIDE
        if (room >= ROOM_FOR_TILES and large) or (not others and below):
            break
    view = QRect(left.right() + 1, body.top(), inside.right() - left.right(), body.height())
    places, x = {}, between
    measure = texts.small + 4 if hidden > 1 and body.height() >= 200 else 0
    for layer in range(1, max(hidden, 1) + 1):
        width = max(room, SMALLEST_ROOM) if layer == opened or not hidden else folded[layer]
        places[layer] = QRect(x, 0, width, view.height() - measure)
        x += width + between
    column = QRect(view.width() - outputs, 0, outputs - 4, view.height())  # room for the frame of a row
    verdict, balance, rows = _in_outputs(column, sizes[-1], texts)
    pad, tools, columns, seen, caption = (
        _without_pad(left, texts) if above else _beside_pad(left, below, low, texts)
    )
    foot = QRect(view.left() + between, body.bottom() + 1 + 3, view.width() - between, line - 3)
    opened = opened if hidden else 1
    return CardLayout(
        pad, tools, columns, seen, caption, view, head, foot,
        QRect(foot.left(), foot.bottom() + 1, foot.width(), words) if words else None,
        QRect(left.left(), foot.top(), left.width(), foot.height()),
        places.pop(opened), places, across, column, verdict, balance, rows,
        QRect(0, view.height() - measure, column.left(), measure) if measure else None,
    )  # fmt: skip


SMALLEST_ROOM: Final = 60
_SEEN_BELOW_TOOLS: Final = 3 * TOOL + 2 * TOOL_GAP + 9 + SEEN + 11


def least_height(line: int, rows: int) -> int:
    """The height of a card whose outputs are lines of text, and whose pad is as small as it may be."""
    return 16 + line + 14 + line + 12 + max(min(rows, _ROWS) * line, LEAST_PAD, _SEEN_BELOW_TOOLS)


def _folded_width(across: int) -> int:
    return across * CELL + (across - 1) * LEAST_GAP if across else BAR


def _outputs_width(width: int, texts: CardTexts, *, narrow: bool) -> int:
    names = min(texts.names, 90)
    return min(max(round((0.19 if narrow else 0.225) * width), 150 + names), 250 + names)


def _left(body: QRect, narrow: bool, low: bool, texts: CardTexts, pad_large: bool) -> QRect:
    """All that is left of the view: the pad, its tools and the 28 × 28."""
    beside = 3 * TOOL + 2 * TOOL_GAP + 10
    below = TOOL + 8
    if low:
        side = body.height()
        width = side + beside
    elif narrow:
        side = body.height() - 2 * TOOL - TOOL_GAP - 8
        width = max(side, 4 * TOOL + 3 * TOOL_GAP + 10 + SEEN)
    else:
        side = body.height() - below
        width = side + 14 + SEEN + AROUND
    most = round((0.6 if pad_large else 0.30 if not narrow else 0.25) * body.width())
    if width > most:
        width = max(most, LEAST_PAD + (beside if low else 14 + SEEN + AROUND if not narrow else 60))
    return QRect(body.left(), body.top(), width, body.height())


def _beside_pad(
    left: QRect, below: bool, low: bool, texts: CardTexts
) -> tuple[QRect, QRect, int, QRect, QRect]:
    """Pad, tools, columns of tools, the 28 × 28 and its caption."""
    tall = texts.small + 1
    if low:
        side = min(left.height(), left.width() - 3 * TOOL - 2 * TOOL_GAP - 10)
        tools = QRect(left.left() + side + 10, left.top(), 3 * TOOL + 2 * TOOL_GAP, 3 * TOOL + 2 * TOOL_GAP)
        seen = QRect(tools.left() + (tools.width() - SEEN) // 2, tools.bottom() + 9, SEEN, SEEN)
        caption = QRect(tools.left(), seen.bottom() + 1, tools.width(), tall)
        if caption.bottom() > left.bottom():
            caption = QRect()
        return QRect(left.topLeft(), QSize(side, side)), tools, 3, seen, caption
    if below:
        block = 2 * TOOL + TOOL_GAP
        side = min(left.width(), left.height() - block - 8)
        top = left.top() + side + 8
        tools = QRect(left.left(), top, 4 * TOOL + 3 * TOOL_GAP, block)
        seen = QRect(left.right() + 1 - SEEN, top, SEEN, SEEN)  # where the way to the first layer begins
        caption = QRect(tools.right() + 4, top, max(0, seen.left() - tools.right() - 8), block)
        return QRect(left.topLeft(), QSize(side, side)), tools, 4, seen, caption
    side = min(left.width() - 14 - SEEN - AROUND, left.height() - TOOL - 8)
    pad = QRect(left.topLeft(), QSize(side, side))
    tools = QRect(left.left(), pad.bottom() + 9, max(side, TOOLS * (TOOL + TOOL_GAP)), TOOL)
    seen = QRect(QPoint(pad.right() + 15, pad.center().y() - SEEN // 2), QSize(SEEN, SEEN))
    return pad, tools, TOOLS, seen, seen.adjusted(-AROUND, SEEN + 3, AROUND, 3 + tall)


def _without_pad(left: QRect, texts: CardTexts) -> tuple[QRect, QRect, int, QRect, QRect]:
    """The 28 × 28 alone, in the middle."""
    seen = QRect(left.left() + AROUND, left.center().y() - (SEEN + texts.small) // 2, SEEN, SEEN)
    return QRect(), QRect(), TOOLS, seen, seen.adjusted(-AROUND, SEEN + 3, AROUND, 4 + texts.small)


def _in_outputs(column: QRect, count: int, texts: CardTexts) -> tuple[QRect | None, QRect | None, QRect]:
    """Verdict, balance and the rows of the outputs. Where it is low the verdict goes first, then the balance."""
    verdict, balance = round(1.75 * texts.line) + 2 * texts.small + 4, 42 + 2 * texts.small + 2
    needed = count * (texts.line + 3)
    with_verdict = column.height() - needed >= verdict + balance
    with_balance = column.height() - needed >= balance
    top = column.top()
    places: list[QRect | None] = []
    for there, height in ((with_verdict, verdict), (with_balance, balance)):
        places.append(QRect(column.left(), top, column.width(), height) if there else None)
        top += height if there else 0
    row = min((column.bottom() + 1 - top) // count, texts.line + 14)
    return places[0], places[1], QRect(column.left(), top, column.width(), row * count)
