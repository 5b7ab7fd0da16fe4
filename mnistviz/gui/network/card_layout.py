"""Rectangles of the parts of the network card, computed from numbers alone so that they can be tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize

from mnistviz.engine.digits import SIDE
from mnistviz.gui.network.pad.sheet import WIDE
from mnistviz.gui.network.unit_slots import BELOW, BESIDE, GAP, LEAST_GAP, cell_size

MARGIN: Final = 14
HEAD: Final = 36  # from the top of the card to the stages, where text has its usual size
FOOT: Final = 34  # from the stages to the bottom
EDGE: Final = 4  # pixels around the stages inside the view, for the frame of a chosen unit
LEAST_PAD: Final = 112
LARGEST_SEEN: Final = 4  # screen pixels for each of the 28 × 28
COMFORTABLE_PAD: Final = 168  # side of a pad that is not reduced to enlarge the tiles
FRAME: Final = 2  # pixels around the paper of the pad, for the focus ring
TOOL: Final = 28
TOOL_GAP: Final = 4
TOOLS: Final = 9
RIBBON_TOOL: Final = 26  # the same in a folded card
RIBBON_TOOL_GAP: Final = 4
BELOW_PAD: Final = 10
BETWEEN: Final = 24  # between stages, for the lines
BAR: Final = 14  # a layer that is folded to a bar
ROOM_FOR_TILES: Final = 250  # least width of the open layer before other layers get narrower
SMALLEST_ROOM: Final = 60
USUAL_UNITS: Final = 30  # units of the layer whose tiles the pad leaves room for
_ROWS: Final = 10  # minimum number of outputs that always have a line each
_TOOLS_BELOW: Final = 236  # a pad in a lower card has its tools beside it
_NARROW: Final = 1_120  # pixels of the card's width below which gaps are smaller
_USUAL_HEIGHT: Final = 362  # of the stages; large text grows with them
_TALLEST: Final = 1.5  # largest factor of that growth
_STEADY_PAD: Final = 196  # side above which the pad grows only slowly with the card
_BESIDE_PAD: Final = 90  # pixels of height that a larger pad leaves free
_GIVEN: Final = 8  # pixels by which the outputs get narrower in each try
_MOST_GIVEN: Final = 40  # the same in total
_PAD_SHARE: Final = (
    0.248  # fraction of the stages' width: the largest pad, or the smallest one on a tall card
)
_ENOUGH: Final = 3  # pixels of a weight beyond which neither pad nor folded layers get smaller
_LEAST_SHARE: Final = 0.15  # the fraction for a pad that is reduced
_WIDE_TABLE: Final = 480  # least pixels of a table for which layers are folded
_TALL: Final = 0.45  # height as a fraction of the width: a higher card enlarges pictures and pad
_ACROSS: Final = (3, 2, 1, 0)
"""Numbers of cells in a row of a folded layer, from wide to narrow; 0 is a single bar."""


@dataclass(frozen=True)
class CardTexts:
    line: int = 17
    small: int = 15
    names: int = 10
    switch: int = 140

    @property
    def button(self) -> int:
        return max(24, round(1.6 * self.small))


@dataclass(frozen=True)
class CardLayout:
    """Rectangles of the card; those of stages and outputs are relative to the corner of `view`."""

    pad: QRect
    tools: QRect
    tool_columns: int
    seen: QRect
    seen_caption: QRect
    view: QRect
    head: int
    switch: QRect
    """The switch: in the head of the open layer, or in the foot where that is too narrow."""
    foot: QRect
    actions: QRect
    open: QRect
    folded: dict[int, QRect]
    across: Mapping[int, int]
    """The number of cells in a row of each folded layer; 0 is a bar."""
    outputs: QRect
    verdict: QRect | None
    """None if the verdict is a line in the head."""
    balance: QRect | None
    """The line for the balance of a chosen output; None without room for it."""
    rows: QRect
    stacked: bool
    """True if each output has its name above its bar, because the names are long."""
    measure: QRect | None = None


@dataclass(frozen=True)
class _Gaps:
    seen: int
    tiles: int
    outputs: int


_USUAL_GAPS: Final = _Gaps(19, 33, 42)
_SMALL_GAPS: Final = _Gaps(15, 28, 32)


@dataclass(frozen=True)
class _LeftColumns:
    side: int
    zoom: int
    gaps: _Gaps
    given: int = 0

    @property
    def width(self) -> int:
        gaps = self.gaps.seen + self.gaps.tiles + self.gaps.outputs
        return self.side + self.zoom * SIDE + 2 + gaps - self.given


def arrange(
    size: QSize, sizes: tuple[int, ...], opened: int, texts: CardTexts, *, above: int = 0
) -> CardLayout:
    """Return the layout of a card of this size for a network of these `sizes` with the layer `opened`.

    A row of digits takes the pixels `above`; then pad and tools are not placed here. Without a hidden layer the
    outputs are the tiles. The pad keeps its size whichever layer is open, and is reduced only to enlarge the pictures
    of the first layer. In a narrow card folded layers get narrower: see `_ACROSS`.
    """
    head, foot = max(HEAD, texts.button + 10), max(FOOT, texts.button + 10)
    stage = QRect(MARGIN, above + head, size.width() - 2 * MARGIN, size.height() - above - head - foot)
    measure = texts.small + 4 if len(sizes) > 3 and stage.height() >= 200 else 0
    gaps = _SMALL_GAPS if size.width() < _NARROW else _USUAL_GAPS
    column = _outputs_width(size.width(), texts)
    tall = not above and size.height() > _TALL * size.width()
    if above:
        pad, tools, columns, zoom = QRect(), QRect(), TOOLS, 2
        left = stage.left() - 1
        seen_left = stage.left() + 8
    else:
        least = min(column, max(_least_outputs(texts), column - _MOST_GIVEN))
        left_columns = _left_columns(stage, (least, column), gaps, sizes, stage.height() - measure, tall=tall)
        zoom, gaps, column = left_columns.zoom, left_columns.gaps, column - left_columns.given
        pad, tools, columns = _pad_and_tools(stage, left_columns.side)
        left = max(pad.right(), tools.right() if tools.left() > pad.right() else 0)
        seen_left = left + 1 + gaps.seen
    seen, caption = _seen(stage, seen_left, zoom * SIDE + 2, texts)
    view = QRect(left + 1, stage.top() - EDGE, stage.right() - left + EDGE, stage.height() + 2 * EDGE)
    first = seen.right() + 1 + gaps.tiles
    outputs = QRect(stage.right() + 1 - column, stage.top(), column, stage.height())
    room = QRect(first, stage.top(), outputs.left() - gaps.outputs - first, stage.height() - measure)
    places, across = _stages(room, sizes, opened)
    opened = opened if len(sizes) > 2 else 1
    open_room = places.pop(opened)
    high = texts.button
    line = QRect(first, stage.bottom() + 1 + (foot - high) // 2 - 1, outputs.left() - 8 - first, high)
    if tall and max(pad.bottom(), tools.bottom(), caption.bottom()) < line.top():
        line.setLeft(stage.left())  # nothing else is shown below the pad
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


def arrange_wide(size: QSize, sizes: tuple[int, ...], texts: CardTexts) -> CardLayout:
    """Return the layout with all hidden layers folded, so that a table in place of the outputs has room."""
    usual = arrange(size, sizes, 1, texts)
    first = min(place.left() for place in (usual.open, *usual.folded.values()))
    room = QRect(first, usual.outputs.top(), usual.outputs.right() + 1 - first, usual.outputs.height())
    measure = 0 if usual.measure is None else usual.measure.height()
    foldings = _foldings(sizes, 0, room.height() - measure)
    chosen = next((each for each in foldings if room.width() - _width(each) >= _WIDE_TABLE), foldings[-1])
    places, x = {}, room.left()
    for folded in chosen:
        places[folded.layer] = QRect(x, room.top(), folded.width, room.height() - measure)
        x += folded.width + folded.between
    table = QRect(x, room.top(), room.right() + 1 - x, room.height())
    across = {each.layer: each.across for each in chosen}
    return replace(usual, open=QRect(), folded=places, across=across, outputs=table)


def arrange_pane(
    size: QSize, sizes: tuple[int, ...], opened: int, texts: CardTexts, *, alone: bool = False
) -> tuple[CardLayout, QRect]:
    """Return the layout of the layers in a pane, and the rectangle of a unit shown large beside them. Several layers
    have titles. With `alone` the layers take the whole pane and have titles."""
    head = max(HEAD, texts.button + 10) if len(sizes) > 3 or alone else 6
    foot = max(FOOT, texts.button + 10)
    half = size.width() if alone else round(0.49 * size.width())
    unit = QRect(half + 16, 0, size.width() - half - 16, size.height())
    stage = QRect(EDGE, head, half - 2 * EDGE, size.height() - head - foot)
    measure = texts.small + 4 if len(sizes) > 3 and stage.height() >= 200 else 0
    room = stage.adjusted(0, 0, 0, -measure)
    places, across = _stages(room, sizes, opened)
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
    least = max(min(rows, _ROWS) * line, LEAST_PAD, 3 * TOOL + 2 * TOOL_GAP)
    return max(HEAD, round(1.6 * line) + 7) + max(FOOT, round(1.6 * line) + 7) + least


def _outputs_width(width: int, texts: CardTexts) -> int:
    least = _least_outputs(texts)
    wanted = 0.1965 * width if width >= 1_156 else 230 - 0.7 * (1_156 - width)
    return min(max(round(wanted), least), least + 104)


def _least_outputs(texts: CardTexts) -> int:
    return 146 + min(texts.names, 90)


# Pad


def _left_columns(
    stage: QRect, outputs: tuple[int, int], gaps: _Gaps, sizes: tuple[int, ...], height: int, *, tall: bool
) -> _LeftColumns:
    """Return pad and 28 × 28 as large as the usual tiles allow, with whole pixels for each of the 28. The pad grows
    with the card's height, for which gaps and `outputs` (least and usual width) get narrower; on a `tall` card the
    tiles grow as well. If layers are folded, the pad is reduced if that enlarges the pictures of the first layer in
    this `height`."""
    most = stage.height() if stage.height() < _TOOLS_BELOW else stage.height() - BELOW_PAD - TOOL
    most = min(most, max(_STEADY_PAD, stage.height() - _BESIDE_PAD))
    share = round(_PAD_SHARE * stage.width())
    beside = 0 if stage.height() >= _TOOLS_BELOW else 3 * (TOOL + TOOL_GAP) + 4
    free = stage.width() - outputs[1] - FRAME - beside
    largest = _whole(most if tall else min(most, share))
    sides = range(largest, _whole(min(most, share)) - 1 if tall else LEAST_PAD - 1, -SIDE)

    def usual_zoom(columns: _LeftColumns) -> int:
        room = free - columns.width
        zoom = max(1, _zoom(room, stage.height(), USUAL_UNITS, last=True)) if room >= ROOM_FOR_TILES else 0
        return zoom if columns.side >= COMFORTABLE_PAD else min(zoom, 1)

    given = range(0, 1 if tall else outputs[1] - outputs[0] + 1, _GIVEN)
    best = max(_candidates(sides, gaps, given, smaller=tall), key=usual_zoom)
    if len(sizes) > 3:
        least = max(COMFORTABLE_PAD, _whole(round(_LEAST_SHARE * stage.width())))
        others = _candidates(range(largest, least - 1, -SIDE), gaps, range(1), smaller=True)
        others.sort(key=lambda each: -each.side)
        best = max((best, *others), key=lambda each: _first_zoom(free - each.width, height, sizes))
    return best


def _candidates(sides: range, gaps: _Gaps, given: range, *, smaller: bool) -> list[_LeftColumns]:
    """Return the columns to try, the best first; if `smaller`, also with a smaller 28 × 28."""
    usual = [_LeftColumns(side, min(max(2, side // (3 * SIDE)), LARGEST_SEEN), gaps) for side in sides]
    small = [replace(each, gaps=_SMALL_GAPS) for each in usual]
    if smaller:
        return [*usual, *small, *(replace(each, zoom=max(2, each.zoom - 1)) for each in small)]
    ways = zip(usual, small, strict=True)
    return [way for each, near in ways for way in (each, *(replace(near, given=least) for least in given))]


def _whole(side: int) -> int:
    return max(LEAST_PAD, side // SIDE * SIDE)


def _first_zoom(room: int, height: int, sizes: tuple[int, ...]) -> int:
    widths = (room - _width(folded) for folded in _foldings(sizes, 1, height)[:2])
    return max((_open_zoom(wide, height, sizes) for wide in widths if wide >= ROOM_FOR_TILES), default=0)


def _open_zoom(width: int, height: int, sizes: tuple[int, ...]) -> int:
    return min(_zoom(width, height, sizes[1], last=False), _ENOUGH)


def _zoom(width: int, height: int, units: int, *, last: bool) -> int:
    zoom = 0
    while True:
        side = (zoom + 1) * SIDE
        tile = QSize(side, side) + BESIDE - QSize(0, 0 if last else BELOW)
        across = max(0, width + LEAST_GAP) // (tile.width() + LEAST_GAP)
        down = max(0, height + LEAST_GAP) // (tile.height() + LEAST_GAP)
        if across * down < units:
            return zoom
        zoom += 1


def _pad_and_tools(stage: QRect, side: int) -> tuple[QRect, QRect, int]:
    """Return the rectangles of the pad and its tools, and the number of tools in a row."""
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
    """Return the rectangles of the 28 × 28, halfway up, and of the text below it."""
    top = stage.top() + max(0, (stage.height() - side) // 2)
    seen = QRect(left, top, side, side)
    top = seen.bottom() + 5
    return seen, QRect(seen.left() - 10, top, side + 20, min(4 * texts.small, stage.bottom() + 1 - top))


# Stages


@dataclass(frozen=True)
class _Folded:
    layer: int
    across: int
    width: int

    @property
    def between(self) -> int:
        return BETWEEN if self.across else BETWEEN - 8


def _stages(room: QRect, sizes: tuple[int, ...], opened: int) -> tuple[dict[int, QRect], dict[int, int]]:
    foldings = _foldings(sizes, opened, room.height())
    if opened == 1 and len(sizes) > 3:  # fewer cells in a row if that enlarges the pictures
        rooms = [room.width() - _width(folded) for folded in foldings[:2]]
        wide, narrow = (_open_zoom(width, room.height(), sizes) for width in rooms)
        foldings = foldings[1 if narrow > wide else 0 :]
    chosen = next((each for each in foldings if room.width() - _width(each) >= ROOM_FOR_TILES), foldings[-1])
    folded = {each.layer: each for each in chosen}
    wide = max(room.width() - _width(chosen), SMALLEST_ROOM)
    places, x = {}, room.left()
    for layer in range(1, max(len(sizes) - 2, 1) + 1):
        width = folded[layer].width if layer in folded else wide
        places[layer] = QRect(x, room.top(), width, room.height())
        x += width + (chosen[0].between if chosen else 0)
    return places, {layer: each.across for layer, each in folded.items()}


def _foldings(sizes: tuple[int, ...], opened: int, height: int) -> list[list[_Folded]]:
    """Return the ways to fold the other layers: three cells in a row, as few as show all, two, one, and bars."""
    layers = [layer for layer in range(1, len(sizes) - 1) if layer != opened]
    last = len(sizes) - 2

    def folded(layer: int, across: int) -> _Folded:
        cell, _ = cell_size(sizes[layer], height, across, last=layer == last) if across else (BAR, 1)
        return _Folded(layer, across, across * cell + (across - 1) * GAP if across else BAR)

    def fewest(layer: int) -> int:
        for across in range(1, _ACROSS[0]):
            if cell_size(sizes[layer], height, across, last=layer == last)[1] >= sizes[layer]:
                return across
        return _ACROSS[0]

    foldings = [[folded(layer, across) for layer in layers] for across in _ACROSS]
    return [foldings[0], [folded(layer, fewest(layer)) for layer in layers], *foldings[1:]]


def _width(folded: Sequence[_Folded]) -> int:
    return sum(each.width + each.between for each in folded)


# Outputs


def verdict_size(height: int, line: int) -> int:
    grown = min(max(height / _USUAL_HEIGHT, 0.8), _TALLEST)
    return round(2.12 * line * grown)


def _in_outputs(
    column: QRect, count: int, texts: CardTexts
) -> tuple[QRect | None, QRect | None, QRect, bool]:
    """Return the rectangles of verdict, balance and output rows, and whether names stand above their bars. In a low
    card the rows get lower first, then the balance goes, and the verdict goes last."""
    height, least = column.height(), texts.line + 1
    long_names = texts.names > 0.42 * column.width()
    below_word = (2 if long_names else 1) * texts.small  # the reasons
    verdict = max(round(1.25 * verdict_size(height, texts.line)), round(1.6 * texts.line) + below_word + 2)
    balance = texts.small + 6
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


# A row of digits


LANE: Final = 14
"""The height of the strip with the handles of cuts, above the cells."""
SIDE_WIDTH: Final = TOOLS * (TOOL + TOOL_GAP) - TOOL_GAP
"""The width of the tools beside the pad, in pixels."""
_ROW_SHARE: Final = 0.36  # fraction of the card's height
_BESIDE_ROW: Final = 12  # pixels between pad and tools
_LEAST_ROW: Final = 64
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
    return LANE + max(SIDE + 6, 2 * line + 4)


def least_row(line: int) -> int:
    tools = 3 * TOOL + 2 * TOOL_GAP + line + 8
    return max(tools, _LEAST_ROW + cells_height(line) + 2) + 6


def handy_row(line: int) -> int:
    return max(least_row(line), _HANDY_PAD + cells_height(line) + 2 + 8)


def row_places(card: QSize, line: int, below: int) -> RowPlaces:
    """Return the layout of a row on a `card` of this size, whose network needs the height `below` at least."""
    width, height = card.width(), card.height()
    inner = width - 2 * MARGIN
    cells = cells_height(line)
    widest = (
        inner - SIDE_WIDTH - _BESIDE_ROW - 4
    ) / WIDE + 4  # the height of a pad that leaves room for the tools
    wanted = min(max(round(_ROW_SHARE * height), handy_row(line)), height - below)
    room = max(least_row(line), min(wanted, round(widest) + cells + 2 + 8))
    pad_height = min(room - 8 - cells - 2, int(widest))
    pad = QRect(MARGIN, 10, round((pad_height - 4) * WIDE) + 4, pad_height)
    left = pad.right() + 1 + _BESIDE_ROW
    tools = QRect(left, pad.top(), width - MARGIN - left, TOOL)
    side = QRect(left, tools.bottom() + 1 + TOOL_GAP, tools.width(), room - 8 - TOOL - TOOL_GAP)
    return RowPlaces(room, pad, QRect(pad.left(), pad.bottom() + 3, pad.width(), cells), tools, side)
