"""What the page on few digits has found out in the background: the engine's functions put together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.ideas.along import Cancelled, Told
from mnistviz.engine.ideas.few_digits import Draw, Price, Whole, draw, price, whole
from mnistviz.engine.moment import Moment

SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
DRAWS = 20  # at a time
FEW = 10  # digits, with which one begins


@dataclass(frozen=True, eq=False)
class Drawn:
    """The whole, and draws made from it."""

    whole: Whole
    draws: tuple[Draw, ...]


def used_digits(moment: Moment, digits: Digits) -> DigitSet:
    """The digits that the run trains on: the whole of this page."""
    return digits.training.first(digits.epoch(moment.settings))


def sizes_up_to(n: int) -> tuple[int, ...]:
    """Round numbers of digits from 1 to n, and n itself."""
    return (*(m for m in SIZES if m < n), n)


def flag_size(n: int) -> int:
    """For how many of n digits one predicts: a hundred times ten, or ten times, where a thousand are nearly all."""
    return 1_000 if n >= 5_000 else 100


def find_draws(
    moment: Moment,
    digits: Digits,
    known: Whole | None,
    plan: Sequence[tuple[int, int]],
    tell: Told,
    cancelled: Cancelled,
) -> Drawn:
    """Draws by `plan`, pairs of how many digits and the number of the draw; the whole first, if it is not `known`."""
    used = used_digits(moment, digits)
    todo = sum(m for m, _ in plan) + (0 if known else len(used))
    done = 0 if known else len(used)
    all_of_them = known or whole(
        moment.network, used, lambda share: tell(share * len(used) / todo), cancelled
    )
    made = []
    for m, number in plan:
        made.append(draw(moment.network, used, all_of_them, m, number, cancelled=cancelled))
        done += m
        tell(done / todo)
    return Drawn(all_of_them, tuple(made))


def find_prices(moment: Moment, digits: Digits, tell: Told, cancelled: Cancelled) -> tuple[Price, ...]:
    """What a gradient and an epoch cost on this machine, for round numbers of digits."""
    used = used_digits(moment, digits)
    sizes = sizes_up_to(len(used))
    found = []
    for number, m in enumerate(sizes):
        if cancelled():
            break
        found.append(price(moment.network, used, m))
        tell((number + 1) / len(sizes))
    return tuple(found)


def spread(draws: Sequence[Draw]) -> float:
    """How far off the draws are on average: the root of the mean square."""
    return math.sqrt(sum(each.off**2 for each in draws) / len(draws)) if draws else math.nan


def tried_for(angle: float, draws: Sequence[Draw]) -> list[tuple[int, bool]]:
    """Of each size of which there are the usual number of draws or more, whether all lie within this angle."""
    found = []
    for m in sorted({each.m for each in draws}):
        angles = [each.angle for each in draws if each.m == m]
        if len(angles) >= DRAWS:
            found.append((m, all(each <= angle for each in angles)))
    return found


def found_within(factor: float, tried: Sequence[tuple[int, bool]]) -> tuple[int, int] | None:
    """A size that is too small, and one at most so many times as large that is enough; None if both were not tried."""
    for few, fits_few in tried:
        for many, fits_many in tried:
            if fits_many and not fits_few and few < many <= factor * few:
                return few, many
    return None


def sizes_about(angle: float, all_of_them: Whole) -> tuple[int, ...]:
    """Sizes below and above that from which on draws lie within this angle, in degrees, about: what is off lies across,
    nearly all of it."""
    sizes = sizes_up_to(all_of_them.n)
    enough = (i for i, m in enumerate(sizes) if math.degrees(all_of_them.expected(m)) < angle)
    first = next(enough, len(sizes) - 1)
    return sizes[max(0, first - 1) : first + 2]
