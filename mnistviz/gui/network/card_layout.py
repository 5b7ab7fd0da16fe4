"""Where the parts of the network card are, from its size and the network's: numbers only, so that it can be tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize

from mnistviz.engine.digits import SIDE
from mnistviz.gui.network.unit_slots import BESIDE, CELL, GAP, LEAST_GAP

MARGIN: Final = 14
HEAD: Final = 36  # from the top of the card to the stages, where text has its usual size
FOOT: Final = 34  # from the stages to the bottom
EDGE: Final = 4  # pixels of the view around the stages, for the frame of a chosen unit
LEAST_PAD: Final = 112
LARGEST_SEEN: Final = 4  # pixels of the screen for one of the 28 × 28
COMFORTABLE_PAD: Final = 168  # the side of a pad that does not get smaller for the sake of the tiles
FRAME: Final = 2  # pixels around the paper of the pad, for the ring of the focus
TOOL: Final = 30
TOOL_GAP: Final = 6
TOOLS: Final = 7
RIBBON_TOOL: Final = 26  # the same in a folded card
RIBBON_TOOL_GAP: Final = 4
BELOW_PAD: Final = 10
BETWEEN: Final = 24  # stages, for the lines from one to the next
BAR: Final = 14  # a layer that is folded to a bar
ROOM_FOR_TILES: Final = 250  # what the open layer should have at least, before others get narrower
SMALLEST_ROOM: Final = 60
USUAL_UNITS: Final = 30  # of the layer whose tiles the pad leaves room for
_ROWS: Final = 10  # of outputs that always have a line each
_TOOLS_BELOW: Final = 236  # pixels of height in which a pad has its tools below it
_NARROW: Final = 1_120  # pixels of the card's width: in less, gaps are smaller
_USUAL_HEIGHT: Final = 362  # of the stages; what is written large grows with them
_TALLEST: Final = 1.5  # so many times
_ACROSS: Final = (3, 2, 1, 0)
"""From wide to narrow: how many cells of a folded layer are in a row; with 0 the layer is a bar."""


@dataclass(frozen=True)
class CardTexts:
    """Heights of lines and widths of words in the fonts of now, in pixels."""

    line: int = 17
    small: int = 15
    names: int = 10
    """The longest name of a class."""
    switch: int = 140
    """The choice of what the pictures of the weights show."""

    @property
    def button(self) -> int:
        """The height of a small button."""
        return max(24, round(1.6 * self.small))


@dataclass(frozen=True)
class CardLayout:
    """Rectangles of the card; those of stages and outputs count from the corner of `view`."""

    pad: QRect
    tools: QRect
    tool_columns: int
    seen: QRect
    """The 28 × 28 with its frame."""
    seen_caption: QRect
    view: QRect
    head: int
    """The height of the line above the stages."""
    switch: QRect
    """In the head of the open layer, or in the foot where that is too narrow."""
    foot: QRect
    """The line below the stages."""
    actions: QRect
    """The line below the outputs."""
    open: QRect
    folded: dict[int, QRect]
    across: int
    """Cells in a row of a folded layer."""
    outputs: QRect
    """Empty where the outputs are elsewhere."""
    verdict: QRect | None
    """None where the verdict is a line in the head."""
    balance: QRect | None
    """None where only hovering shows the balance."""
    rows: QRect
    stacked: bool
    """Whether each output has its name above its bar, since names are long."""
    measure: QRect | None = None
    """A line below the stages; None where there is no room."""


@dataclass(frozen=True)
class _Gaps:
    """Pixels between the columns of the card."""

    seen: int
    tiles: int
    outputs: int


_USUAL_GAPS: Final = _Gaps(19, 33, 42)
_SMALL_GAPS: Final = _Gaps(15, 28, 32)


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
    outputs are the tiles. The pad is as large for each network. Where it is narrow folded layers give way: `_ACROSS`.
    """
    head, foot = max(HEAD, texts.button + 10), max(FOOT, texts.button + 10)
    stage = QRect(MARGIN, above + head, size.width() - 2 * MARGIN, size.height() - above - head - foot)
    gaps = _SMALL_GAPS if size.width() < _NARROW else _USUAL_GAPS
    column = _outputs_width(size.width(), texts)
    if above:
        pad, tools, columns, zoom = QRect(), QRect(), TOOLS, 2
        left = stage.left() - 1
        seen_left = stage.left() + 8
    else:
        side = _pad_side(stage, column, gaps, large=pad_large)
        pad, tools, columns = _pad_and_tools(stage, side)
        left = max(pad.right(), tools.right() if tools.left() > pad.right() else 0)
        zoom = min(max(2, side // (3 * SIDE)), LARGEST_SEEN)
        seen_left = left + 1 + gaps.seen
    seen, caption = _seen(stage, seen_left, zoom * SIDE + 2, texts)
    view = QRect(left + 1, stage.top() - EDGE, stage.right() - left + EDGE, stage.height() + 2 * EDGE)
    first = seen.right() + 1 + gaps.tiles
    outputs = QRect(stage.right() + 1 - column, stage.top(), column, stage.height())
    measure = texts.small + 4 if len(sizes) > 3 and stage.height() >= 200 else 0
    room = QRect(first, stage.top(), outputs.left() - gaps.outputs - first, stage.height() - measure)
    places, across = _stages(room, len(sizes) - 2, opened)
    opened = opened if len(sizes) > 2 else 1
    open_room = places.pop(opened)
    high = texts.button
    line = QRect(first, stage.bottom() + 1 + (foot - high) // 2 - 1, outputs.left() - 8 - first, high)
    switch = QRect(0, above + (head - 2 - high) // 2, texts.switch, high)
    switch.moveRight(open_room.right())
    if open_room.width() < texts.switch + 80:
        switch = QRect(line.right() + 1 - texts.switch, line.top(), texts.switch, line.height())
        line.setRight(switch.left() - 12)
    corner = -view.topLeft()
    verdict, balance, rows, stacked = _in_outputs(outputs.translated(corner), sizes[-1], texts)
    return CardLayout(
        pad, tools, columns, seen, caption, view, head, switch, line,
        QRect(outputs.left() - gaps.outputs + 8, line.top(), column + gaps.outputs - 8, line.height()),
        open_room.translated(corner), {layer: place.translated(corner) for layer, place in places.items()},
        across, outputs.translated(corner), verdict, balance, rows, stacked,
        QRect(first, room.bottom() + 1, room.width(), measure).translated(corner) if measure else None,
    )  # fmt: skip


def arrange_pane(
    size: QSize, sizes: tuple[int, ...], opened: int, texts: CardTexts, *, alone: bool = False
) -> tuple[CardLayout, QRect]:
    """The places of the layers in a pane of their own, and of one unit that is seen large beside them. The titles of
    layers are there where there are several. The layers `alone` have all the room, and a title."""
    head = max(HEAD, texts.button + 10) if len(sizes) > 3 or alone else 6
    foot = max(FOOT, texts.button + 10)
    half = size.width() if alone else round(0.49 * size.width())
    unit = QRect(half + 16, 0, size.width() - half - 16, size.height())
    stage = QRect(EDGE, head, half - 2 * EDGE, size.height() - head - foot)
    measure = texts.small + 4 if len(sizes) > 3 and stage.height() >= 200 else 0
    room = stage.adjusted(0, 0, 0, -measure)
    places, across = _stages(room, len(sizes) - 2, opened)
    open_room = places.pop(opened if len(sizes) > 2 else 1)
    view = stage.adjusted(-EDGE, -EDGE, EDGE, EDGE)
    corner = -view.topLeft()
    line = QRect(stage.left(), stage.bottom() + 1 + (foot - texts.button) // 2, stage.width(), texts.button)
    none = QRect()
    layout = CardLayout(
        none, none, TOOLS, none, none, view, head, none, line, line, open_room.translated(corner),
        {layer: place.translated(corner) for layer, place in places.items()}, across, none, None, None, none, False,
        QRect(stage.left(), room.bottom() + 1, room.width(), measure).translated(corner) if measure else None,
    )  # fmt: skip
    return layout, unit


def least_height(line: int, rows: int) -> int:
    """The height of a card whose outputs are lines of text, and whose pad is as small as it may be."""
    least = max(min(rows, _ROWS) * line, LEAST_PAD, 3 * TOOL + 2 * TOOL_GAP)
    return max(HEAD, round(1.6 * line) + 7) + max(FOOT, round(1.6 * line) + 7) + least


def _outputs_width(width: int, texts: CardTexts) -> int:
    names = min(texts.names, 90)
    wanted = 0.199 * width if width >= 1_156 else 230 - 0.7 * (1_156 - width)
    return min(max(round(wanted), 146 + names), 250 + names)


# Pad


def _pad_side(stage: QRect, outputs: int, gaps: _Gaps, *, large: bool) -> int:
    """The side of the paper: whole pixels for each of the 28, and as large as leaves the usual tiles their room."""
    most = stage.height() if stage.height() < _TOOLS_BELOW else stage.height() - BELOW_PAD - TOOL
    if large:
        seen = LARGEST_SEEN * SIDE + 2
        rest = seen + outputs + gaps.seen + gaps.tiles + gaps.outputs + FRAME + ROOM_FOR_TILES
        return _whole(min(most, stage.width() - rest))
    most = _whole(min(most, round(0.248 * stage.width())))
    best, best_zoom = most, 0
    for side in range(most, min(most, LEAST_PAD) - 1, -SIDE):
        seen = max(2, side // (3 * SIDE)) * SIDE + 2
        beside = 0 if stage.height() >= _TOOLS_BELOW else 3 * (TOOL + TOOL_GAP) + 4
        room = stage.width() - side - FRAME - beside - seen - outputs - gaps.seen - gaps.tiles - gaps.outputs
        zoom = _usual_zoom(room, stage.height()) if room >= ROOM_FOR_TILES else 0
        if zoom > best_zoom and (side >= COMFORTABLE_PAD or not best_zoom):
            best, best_zoom = side, zoom
    return best


def _whole(side: int) -> int:
    return max(LEAST_PAD, side // SIDE * SIDE)


def _usual_zoom(width: int, height: int) -> int:
    """How many pixels a weight has where the usual tiles are in so much room: one at least."""
    zoom = 1
    while True:
        tile = QSize((zoom + 1) * SIDE, (zoom + 1) * SIDE) + BESIDE
        across = (width + LEAST_GAP) // (tile.width() + LEAST_GAP)
        down = (height + LEAST_GAP) // (tile.height() + LEAST_GAP)
        if across * down < USUAL_UNITS:
            return zoom
        zoom += 1


def _pad_and_tools(stage: QRect, side: int) -> tuple[QRect, QRect, int]:
    """The pad with the ring around its paper, its tools below or beside it, and how many of these are in a row."""
    paper = QRect(stage.topLeft(), QSize(side, side))
    pad = paper.adjusted(-FRAME, -FRAME, FRAME, FRAME)
    pitch = TOOL + TOOL_GAP
    if stage.height() < _TOOLS_BELOW:
        tools = QRect(paper.right() + 11, stage.top(), 3 * pitch - TOOL_GAP, 3 * pitch - TOOL_GAP)
        return pad, tools, 3
    columns = TOOLS if side + TOOL_GAP >= TOOLS * pitch else (TOOLS + 1) // 2
    rows = -(-TOOLS // columns)
    top = paper.bottom() + 1 + BELOW_PAD
    return pad, QRect(stage.left(), top, columns * pitch - TOOL_GAP, rows * pitch - TOOL_GAP), columns


def _seen(stage: QRect, left: int, side: int, texts: CardTexts) -> tuple[QRect, QRect]:
    """The 28 × 28 half way up, and the lines below it."""
    top = stage.top() + max(0, (stage.height() - side) // 2)
    seen = QRect(left, top, side, side)
    top = seen.bottom() + 5
    return seen, QRect(seen.left() - 10, top, side + 20, min(4 * texts.small, stage.bottom() + 1 - top))


# Stages


def _stages(room: QRect, hidden: int, opened: int) -> tuple[dict[int, QRect], int]:
    """The room of each layer, and how many cells of a folded one are in a row."""
    across, between, wide = 0, BETWEEN, room.width()
    for across in _ACROSS:
        between = BETWEEN if across else BETWEEN - 8
        wide = room.width() - max(0, hidden - 1) * (_folded_width(across) + between)
        if wide >= ROOM_FOR_TILES or hidden < 2:
            break
    places, x = {}, room.left()
    for layer in range(1, max(hidden, 1) + 1):
        width = max(wide, SMALLEST_ROOM) if layer == opened or not hidden else _folded_width(across)
        places[layer] = QRect(x, room.top(), width, room.height())
        x += width + between
    return places, across


def _folded_width(across: int) -> int:
    return across * CELL + (across - 1) * GAP if across else BAR


# Outputs


def verdict_size(height: int, line: int) -> int:
    """The pixels of the verdict's letters beside stages of that height."""
    grown = min(max(height / _USUAL_HEIGHT, 0.8), _TALLEST)
    return round(2.12 * line * grown)


def _in_outputs(
    column: QRect, count: int, texts: CardTexts
) -> tuple[QRect | None, QRect | None, QRect, bool]:
    """Verdict, balance and the rows of the outputs, and whether these have their names above their bars. Where it is
    low the rows get lower, then the balance goes; the verdict goes last."""
    height, least = column.height(), texts.line + 1
    long_names = texts.names > 0.42 * column.width()
    below_word = (2 if long_names else 1) * texts.small  # the reasons
    verdict = max(round(1.25 * verdict_size(height, texts.line)), round(1.6 * texts.line) + below_word + 2)
    balance = 4 * texts.line + 6
    stacked = long_names and height - verdict - balance >= count * 2 * least
    if stacked:
        least *= 2
    with_balance = height >= verdict + balance + count * least
    with_verdict = height >= verdict + min(count, _ROWS) * round(0.88 * texts.line)
    used = (verdict if with_verdict else 0) + (balance if with_balance else 0)
    grown = min(max(height / _USUAL_HEIGHT, 1.0), _TALLEST)
    pitch = max(1, min((height - used) // count, round((2.5 if stacked else 1.3) * texts.line * grown)))
    top = column.top() + min(height - count * pitch, used + 22)
    return (
        QRect(column.topLeft(), QSize(column.width(), verdict)) if with_verdict else None,
        QRect(column.topLeft() + QPoint(0, verdict), QSize(column.width(), balance))
        if with_balance
        else None,
        QRect(column.left(), top, column.width(), pitch * count),
        stacked,
    )
