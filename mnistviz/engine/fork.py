"""The fork of a run: where it branched off another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

ForkKind = Literal["branch", "twin", "butterfly"]

MOST_BEFORE: Final = 30


@dataclass(frozen=True)
class Fork:
    """Where a run branched off: the `number` of its parent, after how many mini-batches and samples, what was changed
    (`plan`), and the `letter` of the parent, which may be closed. `before` has number, mini-batches and samples of the
    parent's own fork, and so on: the last `MOST_BEFORE` at most."""

    number: int
    step: int
    digits: int
    plan: Mapping[str, Any] = field(default_factory=dict)
    kind: ForkKind = "branch"
    letter: str = ""
    before: tuple[tuple[int, int, int], ...] = ()

    @property
    def line(self) -> tuple[tuple[int, int, int], ...]:
        """Number, mini-batches and samples of this fork and all before it, as for a branch of the branch."""
        return ((self.number, self.step, self.digits), *self.before)[:MOST_BEFORE]

    def renumbered(self, number: Callable[[int], int]) -> Fork:
        """Return the fork with other run numbers."""
        before = tuple((number(run), step, digits) for run, step, digits in self.before)
        return replace(self, number=number(self.number), before=before)


def lineage(number: int, fork_of: Callable[[int], Fork | None]) -> Iterator[tuple[int, int, int]]:
    """Yield the ancestors of a run, nearest first: number, and the mini-batches and samples of the fork. `fork_of`
    returns the fork of a known run. Unknown runs may lie in between."""
    seen = {number}
    while (fork := fork_of(number)) is not None:
        for place in fork.line:
            if place[0] in seen:
                return
            number = place[0]
            seen.add(number)
            yield place
