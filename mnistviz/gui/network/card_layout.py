"""Rectangles of the parts of the network card, computed from numbers alone so that they can be tested."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QRect, QSize

from mnistviz.engine.digits import SIDE
from mnistviz.gui.network.pad.sheet import WIDE
from mnistviz.gui.network.unit_slots import GAP, cell_size

MARGIN: Final = 14
HEAD: Final = 36  # from the top of the card to the stages, where text has its usual size
EDGE: Final = 4  # pixels around the stages inside the view, for the frame of a chosen unit
FRAME: Final = 2  # pixels around the paper of the pad, for the focus ring
TOOL: Final = 30
TOOL_GAP: Final = 6
TOOLS: Final = 5
BETWEEN: Final = 24  # pixels between two layers, for the lines
BAR: Final = 14  # a layer that is folded to a bar
_FOOT, _LOW_FOOT = 34, 28  # from the stages to the bottom; the latter in a low card
LOW: Final = 350  # pixels, the height of such a card
_LEAST_STAGE: Final = 236  # pixels, the height of the stages in the lowest card
_LEAST_PAD: Final = 112
_ROOM_FOR_TILES: Final = 250  # least width of the open layer before other layers get narrower
_SMALLEST_ROOM: Final = 60
_ACROSS, _DOWN = 6, 5  # units of the usual layer, whose tiles have room beside the pad
_SEEN_LEFT, _SEEN_RIGHT, _OUTPUTS_LEFT = 22, 32, 42  # pixels of the gaps between the parts
_SEEN_SHARE: Final = 118  # pixels of the stages' height for each screen pixel of the 28 × 28
_OUTPUTS_SHARE: Final = 0.199  # of the card's width
_USUAL_STAGE: Final = 362  # pixels of height with which the outputs' rows grow
_TALLEST: Final = 1.5  # largest factor of that growth
_TITLE: Final = 80  # pixels, of the open layer at least, beside the switch
_ROWS: Final = 10  # minimum number of outputs that always have a line each
_BELOW: Final = 9  # pixels by which the last row may reach below the stages
SMALL: Final = 48  # pixels, the side of a digit beside the verdict
_BESIDE_VERDICT: Final = 13  # lines of text: least width of outputs beside the verdict


class CardTexts(Struct, frozen=True):
    line: int = 17
    small: int = 15
    names: int = 10
    switch: int = 140

    @property
    def button(self) -> int:
        return max(24, round(1.6 * self.small))

    @property
    def tool(self) -> int:
        return max(TOOL, round(1.75 * self.line))

    @property
    def tools(self) -> int:
        """The width of the line of tools."""
        return TOOLS * (self.tool + TOOL_GAP) - TOOL_GAP


class CardLayout(Struct, frozen=True):
    """Rectangles of the card; those of stages and outputs are relative to the corner of `view`."""

    pad: QRect
    tools: QRect
    seen: QRect
    seen_caption: QRect
    view: QRect
    head: int
    switch: QRect  # the switch: in the head of the open layer, or in the foot where that is too narrow
    foot: QRect
    """The line below the layers, up to the outputs, or to their rows if the verdict stands beside these."""
    open: QRect
    folded: dict[int, QRect]
    across: Mapping[int, int]  # the number of cells in a row of each folded layer; 0 is a bar
    outputs: QRect
    verdict: QRect | None  # none without outputs
    balance: QRect | None  # the line for the balance of a chosen output
    rows: QRect
    stacked: bool  # true if each output has its name above its bar, because the names are long
    measure: QRect | None = None


def heights(height: int, texts: CardTexts) -> tuple[int, int]:
    """Return the heights of head and foot of a card."""
    return max(HEAD, texts.button + 6), max(_FOOT if height >= LOW else _LOW_FOOT, 2 * texts.small - 2)


def least_height(texts: CardTexts) -> int:
    return sum(heights(0, texts)) + _ROWS * round(0.88 * texts.line)


def arrange(
    size: QSize, sizes: tuple[int, ...], opened: int, texts: CardTexts, *, above: int = 0
) -> CardLayout:
    """Return the layout of a card of this size for a network of these `sizes` with the layer `opened`. Height decides
    the tiles: five rows of six in the usual layer. Pad and tiles have their size, and the outputs all that is left. A
    row of digits takes the pixels `above` the layers, and pad and tools are not placed here. Without a hidden layer the
    outputs are the tiles. Columns of other layers take their room from the pad first."""
    head, foot = heights(size.height(), texts)
    stage = QRect(MARGIN, head, size.width() - 2 * MARGIN, size.height() - head - foot)
    measure = texts.small + 4 if len(sizes) > 3 and stage.height() - above >= 200 else 0
    zoom = min(max(3, stage.height() // _SEEN_SHARE), 5)
    gap = min(max(GAP // 2, GAP // 2 + (stage.height() - _LEAST_STAGE) // 31), GAP)
    tiles = _ACROSS * -(-(stage.height() + gap) // _DOWN) - gap
    free = stage.width() - zoom * SIDE - 2 - _SEEN_LEFT - _SEEN_RIGHT - _OUTPUTS_LEFT
    side, column = _pad_and_outputs(size, free, stage.height(), tiles, sizes, texts)
    outputs = QRect(stage.right() + 1 - column, stage.top(), column, stage.height())
    paper = QRect(stage.left(), stage.top(), side, side)
    pad = paper.adjusted(-FRAME, -FRAME, FRAME, FRAME)
    tools = QRect(paper.left(), paper.bottom() + 1 + texts.tool // 3, texts.tools, texts.tool)
    if texts.tools > side + _SEEN_LEFT:  # clear of the 28 × 28
        tools.moveBottom(size.height() - 6)
    layers = stage.adjusted(0, above, 0, 0)
    zoom = 2 if above else zoom
    seen_left = stage.left() + GAP if above else paper.right() + 1 + _SEEN_LEFT
    seen, caption = _seen(layers, seen_left, zoom * SIDE + 2, texts)
    left = stage.left() if above else pad.right() + 1
    top = stage.top() - EDGE
    view = QRect(left, top, stage.right() + 1 + EDGE - left, size.height() - 2 - top)
    first = seen.right() + 1 + _SEEN_RIGHT
    wide = outputs.left() - _OUTPUTS_LEFT - first
    room = QRect(
        first, layers.top(), wide if above or len(sizes) > 3 else min(wide, tiles), layers.height() - measure
    )
    places, across = _stages(room, sizes, opened)
    open_room = places.pop(opened if len(sizes) > 2 else 1)
    line = QRect(first, stage.bottom() + 1, wide + _OUTPUTS_LEFT - GAP, foot)
    high = texts.button
    switch = QRect(0, (head - 2 - high) // 2, texts.switch, high)
    needed = texts.switch + max(_TITLE, round(3.7 * texts.line))
    switch.moveRight(max(open_room.right(), open_room.left() + needed - 1))
    if switch.right() > max(line.right(), open_room.right()):
        left = max(line.right() + 1 - texts.switch, first)  # beside the tools, not over them
        switch = QRect(left, line.top(), texts.switch, line.height())
        line.setRight(switch.left() - 12)
        beside = QRect(switch.right() + 13, line.top(), stage.right() - switch.right() - 12, line.height())
        line = max(line, beside, key=QRect.width)  # below the outputs
    corner = -view.topLeft()
    verdict, balance, rows, stacked = _in_outputs(outputs.translated(corner), sizes[-1], texts)
    if verdict is not None and verdict.right() < rows.left() and switch.top() < line.top():
        line.setRight(max(line.right(), verdict.right() - corner.x()))
    return CardLayout(
        pad, tools, seen, caption, view, head, switch, line, open_room.translated(corner),
        {layer: place.translated(corner) for layer, place in places.items()}, across,
        outputs.translated(corner), verdict, balance, rows, stacked,
        QRect(first, room.bottom() + 1, room.width(), measure).translated(corner) if measure else None,
    )  # fmt: skip


def arrange_units(size: QSize, sizes: tuple[int, ...], opened: int, texts: CardTexts) -> CardLayout:
    """Return the layout of a card that shows the layers alone."""
    head, foot = heights(size.height(), texts)
    stage = QRect(EDGE, head, size.width() - 2 * EDGE, size.height() - head - foot)
    measure = texts.small + 4 if len(sizes) > 3 and stage.height() >= 200 else 0
    room = stage.adjusted(0, 0, 0, -measure)
    places, across = _stages(room, sizes, opened)
    open_room = places.pop(opened if len(sizes) > 2 else 1)
    view = stage.adjusted(-EDGE, -EDGE, EDGE, EDGE)
    corner, none = -view.topLeft(), QRect()
    return CardLayout(
        none, none, none, none, view, head, none, QRect(stage.left(), stage.bottom() + 1, stage.width(), foot),
        open_room.translated(corner), {layer: place.translated(corner) for layer, place in places.items()}, across,
        none, None, None, none, False,
        QRect(stage.left(), room.bottom() + 1, room.width(), measure).translated(corner) if measure else None,
    )  # fmt: skip


def _pad_and_outputs(
    size: QSize, free: int, height: int, tiles: int, sizes: tuple[int, ...], texts: CardTexts
) -> tuple[int, int]:
    """Return the side of the pad and the width of the outputs in this `free` width, beside stages of this `height`."""
    head, _ = heights(size.height(), texts)
    least, usual = 166 + min(texts.names, 90), round(_OUTPUTS_SHARE * size.width())
    widest = size.width()
    if _has_low_rows(height, sizes[-1], texts):
        least = max(least, _BESIDE_VERDICT * texts.line)
    most = max(_LEAST_PAD, size.height() - head - texts.tool - 18)
    needed = tiles
    if len(sizes) > 3:
        needed += _width(_foldings(sizes, 1, height - texts.small - 4)[0])
        usual = least
    side = min(most, max(free - needed - max(usual, least), min(texts.tools, most)))
    side = max(min(side, free - least - _SMALLEST_ROOM), _LEAST_PAD)  # or outputs would lie over the layer
    column = free - side - needed
    if len(sizes) > 3:
        widest = max(least, round(_OUTPUTS_SHARE * size.width()))
    return side, max(min(column, widest), least)


def _seen(stage: QRect, left: int, side: int, texts: CardTexts) -> tuple[QRect, QRect]:
    """Return the rectangles of the 28 × 28, halfway up, and of the text below it."""
    top = stage.top() + max(0, (stage.height() - side) // 2)
    seen = QRect(left, top, side, side)
    top = seen.bottom() + 5
    return seen, QRect(seen.left() - 10, top, side + 20, min(4 * texts.small, stage.bottom() + 1 - top))


class _Folded(Struct, frozen=True):
    layer: int
    across: int
    width: int

    @property
    def between(self) -> int:
        return BETWEEN if self.across else BETWEEN - 8


def _stages(room: QRect, sizes: tuple[int, ...], opened: int) -> tuple[dict[int, QRect], dict[int, int]]:
    foldings = _foldings(sizes, opened, room.height())
    chosen = next((each for each in foldings if room.width() - _width(each) >= _ROOM_FOR_TILES), foldings[-1])
    folded = {each.layer: each for each in chosen}
    wide = max(room.width() - _width(chosen), _SMALLEST_ROOM)
    places, x = {}, room.left()
    for layer in range(1, max(len(sizes) - 2, 1) + 1):
        width = folded[layer].width if layer in folded else wide
        places[layer] = QRect(x, room.top(), width, room.height())
        x += width + (chosen[0].between if chosen else 0)
    return places, {layer: each.across for layer, each in folded.items()}


def _foldings(sizes: tuple[int, ...], opened: int, height: int) -> list[list[_Folded]]:
    """Return the ways to fold the other layers: as many cells in a row as show thirty units, three, two, one; bars."""
    last = len(sizes) - 2

    def folded(layer: int, most: int) -> _Folded:
        total = min(sizes[layer], _ACROSS * _DOWN)
        few = range(min(2, most), most)  # one column is narrower than its head
        across = next((each for each in few if cell_size(total, height, each)[1] >= total), most)
        cell, _ = cell_size(sizes[layer], height, across) if across else (BAR, 1)
        return _Folded(layer, across, max(across, 1) * cell + max(across - 1, 0) * GAP)

    layers = [layer for layer in range(1, last + 1) if layer != opened]
    return [[folded(layer, most) for layer in layers] for most in (_ACROSS, 3, 2, 1, 0)]


def _width(folded: Sequence[_Folded]) -> int:
    return sum(each.width + each.between for each in folded)


def verdict_size(height: int) -> int:
    """Return the size of the letters of a verdict above the rows, in pixels."""
    return max(48, round(0.144 * height))


def _above_rows(height: int, texts: CardTexts) -> int:
    return max(round(1.17 * verdict_size(height)), texts.line + 2 * texts.small + 8)


def _has_low_rows(height: int, count: int, texts: CardTexts) -> bool:
    return height + _BELOW - _above_rows(height, texts) < 1.1 * min(count, _ROWS) * texts.line


def _in_outputs(
    column: QRect, count: int, texts: CardTexts
) -> tuple[QRect | None, QRect | None, QRect, bool]:
    """Return the rectangles of verdict, balance and output rows, and whether names stand above their bars. Where rows
    below the verdict would be lower than their text, they are beside it."""
    height, above = column.height() + _BELOW, _above_rows(column.height(), texts)
    stacked = texts.names > 0.42 * column.width() and height - above >= 2 * count * texts.line
    grown = min(max(column.height() / _USUAL_STAGE, 1.0), _TALLEST)
    wanted = round(count * texts.line * (2.5 if stacked else 1.53) * grown)
    whole = QRect(column.left(), column.top(), column.width(), height)
    if _has_low_rows(column.height(), count, texts):
        beside = round(0.42 * column.width())
        verdict = QRect(column.left(), column.top(), beside - 2 * GAP, column.height())
        balance = verdict.adjusted(0, verdict.height() - 2 * texts.small, 0, 0)
        return verdict, balance, whole.adjusted(beside, 0, 0, min(wanted, height) - height), stacked
    wanted = max(count, min(wanted, height - above))
    top = column.top() + above + round(0.72 * (height - above - wanted))
    high = min(round(1.3 * verdict_size(column.height())), top - column.top() - texts.small - 4)
    verdict = QRect(column.left(), column.top(), column.width(), high)
    balance = QRect(column.left(), top - 3 - texts.small, column.width(), texts.small)
    return verdict, balance, QRect(column.left(), top, column.width(), wanted), stacked


LANE: Final = 14  # the height of the strip with the handles of cuts, above the cells
SIDE_WIDTH: Final = 284  # the width of the tools beside the pad, in pixels
_BESIDE_ROW: Final = 12  # pixels between pad and tools


class RowPlaces(Struct, frozen=True):
    """Rectangles of the card; `height` is that of all together, with the gap below them."""

    height: int
    pad: QRect
    cells: QRect
    tools: QRect
    side: QRect


def cells_height(line: int) -> int:
    return LANE + max(SIDE + 6, 2 * line + 4)


def row_places(room: QRect, texts: CardTexts) -> RowPlaces:
    """Return the layout of a row at the top of `room`: the wide pad with its cells, and the tools at the right."""
    cells, tool = cells_height(texts.line), texts.tool
    least = 3 * tool + 3 * TOOL_GAP + texts.line
    paper = min(int((room.width() - SIDE_WIDTH - _BESIDE_ROW) / WIDE), room.height() - cells - 2 * FRAME - 2)
    pad = QRect(room.left(), room.top(), round(paper * WIDE), paper).adjusted(-FRAME, -FRAME, FRAME, FRAME)
    left = pad.right() + 1 + _BESIDE_ROW
    tools = QRect(left, room.top(), room.right() + 1 - left, tool)
    side = tools.translated(0, tool + TOOL_GAP)
    side.setHeight(max(least, paper + cells) - tool - TOOL_GAP)
    below = QRect(pad.left(), pad.bottom() + 3, pad.width(), cells)
    return RowPlaces(max(least, paper + cells + 2) + 2 * GAP, pad, below, tools, side)


def small_row(pad: QRect, tools: QRect, texts: CardTexts) -> RowPlaces:
    """Return the layout of a row in the place of the square pad, of which all else keeps its place."""
    small = QRect(pad.topLeft(), QSize(pad.width(), round((pad.width() - 2 * FRAME) / WIDE) + 2 * FRAME))
    below = QRect(small.left(), small.bottom() + 3, small.width(), cells_height(texts.line))
    return RowPlaces(0, small, below, tools, pad.adjusted(0, below.bottom() + 2 * GAP - pad.top(), 0, 0))
