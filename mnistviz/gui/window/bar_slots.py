"""The positions of the parts of the top bar, computed from its width and theirs, never from what they currently
show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MARGIN, INSIDE = 8, 6  # pixels: at both ends of the bar, and between the parts of a group
AFTER_FIRST = 12  # pixels between the first two groups, which have no line between them
LEAST_BETWEEN, USUAL_BETWEEN, MOST_BETWEEN = 8, 18, 30  # pixels between other groups

GROUPS = (
    ("switch",),
    ("play", "step", "epoch_step", "new"),
    ("eta", "ahead"),
    ("speed_title", "speed", "speed_word", "speeds"),
    ("epoch", "cost", "accuracy"),
)
"""The parts from left to right. The last group is aligned right."""

SHORTENED = (
    ("speed_title",),
    ("speed", "speed_word", "speeds"),
    ("ahead",),
    ("step", "epoch_step", "new"),
    ("eta",),
    ("cost",),
    ("epoch",),
)
"""The parts that are shortened if the bar is too narrow, the least important first."""

WIDENED = ("eta", "accuracy", "epoch", "cost")
"""The parts that get spare width, the most important first: each up to its usual width, then up to its most. Before
that, the gaps get it: up to the usual one, and after the first two parts up to the most."""


@dataclass(frozen=True)
class Widths:
    least: int
    usual: int
    most: int

    @classmethod
    def fixed(cls, width: int) -> Widths:
        return cls(width, width, width)


NONE = Widths.fixed(0)
"""The widths of a part that is left out."""


@dataclass(frozen=True)
class Needs:
    """The widths of a part, and those of its short form."""

    long: Widths
    short: Widths

    @classmethod
    def always(cls, widths: Widths) -> Needs:
        return cls(widths, widths)


@dataclass(frozen=True)
class Slots:
    """The layout of the bar: x and width of each visible part, x of each line between groups, and the shortened
    parts."""

    places: Mapping[str, tuple[int, int]]
    rules: tuple[int, ...]
    short: frozenset[str]


def slots(width: int, needs: Mapping[str, Needs]) -> Slots:
    """Return the layout of a bar of `width` pixels; parts missing in `needs` are left out."""
    for count in range(len(SHORTENED) + 1):
        short = frozenset(part for parts in SHORTENED[:count] for part in parts)
        chosen = {part: need.short if part in short else need.long for part, need in needs.items()}
        widths = {part: each.least for part, each in chosen.items() if each.least}
        groups = [seen for group in GROUPS if (seen := [part for part in group if part in widths])]
        divided = max(0, len(groups) - 2)  # gaps with a line
        gaps = (
            AFTER_FIRST * (len(groups) > 1) + LEAST_BETWEEN * divided + INSIDE * (len(widths) - len(groups))
        )
        spare = width - 2 * MARGIN - gaps - sum(widths.values())
        if spare >= 0:
            break
    spare, between = max(0, spare), LEAST_BETWEEN
    usual = {part: each.usual for part, each in chosen.items()}
    most = {part: each.most for part, each in chosen.items()}
    for gap, parts, limits in (
        (USUAL_BETWEEN, WIDENED[:2], usual),
        (MOST_BETWEEN, WIDENED, usual),
        (MOST_BETWEEN, WIDENED, most),
    ):
        if divided:
            more = min(spare // divided, gap - between)
            between, spare = between + more, spare - more * divided
        spare = _widen(widths, parts, limits, spare)
    places, rules, x = {}, [], MARGIN
    for number, group in enumerate(groups):
        if number == len(groups) - 1:
            x += spare
        if number > 1:
            rules.append(x - between // 2 + 1)
        for part in group:
            places[part] = (x, widths[part])
            x += widths[part] + INSIDE
        x += (between if number else AFTER_FIRST) - INSIDE
    return Slots(places, tuple(rules), short)


def _widen(widths: dict[str, int], parts: Sequence[str], limits: Mapping[str, int], spare: int) -> int:
    """Widen the parts up to their limits, in this order; return the remaining spare width."""
    for part in parts:
        if part in widths:
            more = min(spare, max(0, limits[part] - widths[part]))
            widths[part] += more
            spare -= more
    return spare
