"""Where a run comes from: the fork at which it branched off another one, or the file of a network."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple, Self

from msgspec import Struct, field
from msgspec.structs import replace

from mnistviz.engine.files import MOST_COUNT

ForkKind = Literal["branch", "twin", "butterfly"]

MOST_BEFORE: Final = 30


class Fork(Struct, frozen=True):
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
        return ((self.number, self.step, self.digits), *self.before)[:MOST_BEFORE]

    def renumbered(self, number: Callable[[int], int]) -> Self:
        before = tuple((number(run), step, digits) for run, step, digits in self.before)
        return replace(self, number=number(self.number), before=before)


def lineage(number: int, fork_of: Callable[[int], Fork | None]) -> Iterator[tuple[int, int, int]]:
    """Yield the ancestors of a run, nearest first: number, and the mini-batches and samples of the fork. `fork_of`
    returns the fork of a known run, and None for an unknown one."""
    seen = {number}
    while (fork := fork_of(number)) is not None:
        for place in fork.line:
            if place[0] in seen:
                return
            number = place[0]
            seen.add(number)
            yield place


class PastPlace(NamedTuple):
    step: int
    digits: int


_ALL: Final = PastPlace(1 << 62, 1 << 62)


def shared_place(one: int, other: int, fork_of: Callable[[int], Fork | None]) -> PastPlace | None:
    """Return the place up to which two runs, by their numbers, have the same past, or None if they share nothing."""

    def line_of(number: int) -> dict[int, PastPlace]:
        """Return the run and its ancestors, each with the place up to which it is the run's own past."""
        places, until = {number: _ALL}, _ALL
        for before, step, digits in lineage(number, fork_of):
            places[before] = until = min(until, PastPlace(step, digits))
        return places

    first, second = line_of(one), line_of(other)
    return max((min(first[run], second[run]) for run in first.keys() & second.keys()), default=None)


class Origin(Struct, frozen=True):
    """How long a network had trained before it was opened, in all runs recorded in its file; None if unknown."""

    epochs: float | None = None
    mini_batches: int | None = None

    @classmethod
    def of(cls, about: Mapping[str, Any]) -> Self:
        """Parse `about`, as written by `about_run`; its content is unchecked, and may be anything."""
        step, digits, epoch = (whole_number(about.get(name)) for name in ("step", "digits", "epoch"))
        epochs = digits / epoch if digits is not None and epoch else None
        if "before" not in about:
            return cls(epochs, step)
        before = about["before"] if isinstance(about["before"], Mapping) else {}
        epochs_before, step_before = _number(before.get("epochs")), whole_number(before.get("mini_batches"))
        return cls(
            None if epochs is None or epochs_before is None else epochs + epochs_before,
            None if step is None or step_before is None else step + step_before,
        )

    @property
    def learned(self) -> bool:
        return self.mini_batches != 0

    def as_json(self) -> dict[str, float | int | None]:
        return {"epochs": self.epochs, "mini_batches": self.mini_batches}


def whole_number(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < MOST_COUNT else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < MOST_COUNT else None
