"""Where a run branched off another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

ForkKind = Literal["branch", "twin", "butterfly"]

MOST_BEFORE: Final = 30


@dataclass(frozen=True)
class Fork:
    """Where a run branched off: from which one, by its number, after how many mini-batches and digits; what was changed
    there; and the `letter` of that run, which may be closed by now.

    `before` has number, mini-batches and digits of where that run had branched off itself, and so on: of the last
    `MOST_BEFORE` at most.
    """

    number: int
    step: int
    digits: int
    plan: Mapping[str, Any] = field(default_factory=dict)
    kind: ForkKind = "branch"
    letter: str = ""
    before: tuple[tuple[int, int, int], ...] = ()

    @property
    def line(self) -> tuple[tuple[int, int, int], ...]:
        """Number, mini-batches and digits of this and of all before, as a branch of the branch has them."""
        return ((self.number, self.step, self.digits), *self.before)[:MOST_BEFORE]

    def renumbered(self, number: Callable[[int], int]) -> Fork:
        """The same with other numbers of the runs."""
        before = tuple((number(run), step, digits) for run, step, digits in self.before)
        return replace(self, number=number(self.number), before=before)


def lineage(number: int, fork_of: Callable[[int], Fork | None]) -> Iterator[tuple[int, int, int]]:
    """Yield the runs that one comes from, the nearest first: number, and the mini-batches and digits where it was left.

    `fork_of` gives the fork of a run that is known. Others may lie between two that are.
    """
    seen = {number}
    while (fork := fork_of(number)) is not None:
        for place in fork.line:
            if place[0] in seen:
                return
            number = place[0]
            seen.add(number)
            yield place
