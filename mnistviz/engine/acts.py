"""What is done to a run in mid-course: typed, in order, and each stamped with its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Act:
    """Something done to a run after `step` mini-batches and `digits` digits; the next mini-batch feels it
    first."""

    step: int
    digits: int


@dataclass(frozen=True)
class Changed(Act):
    """Live settings became others: (field, old value, new value) for each."""

    changes: tuple[tuple[str, object, object], ...]

    def joined(self, *later: Changed) -> Changed:
        """All as one, without what was changed back: each field from its first old value to its last new
        one."""
        old: dict[str, object] = {}
        new: dict[str, object] = {}
        for each in (self, *later):
            for name, before, after in each.changes:
                old.setdefault(name, before)
                new[name] = after
        changes = tuple((name, before, new[name]) for name, before in old.items() if before != new[name])
        return Changed(self.step, self.digits, changes)


@dataclass(frozen=True)
class Restored(Act):
    """The weights went back to those after `source` mini-batches."""

    source: int


@dataclass(frozen=True)
class Halved(Act):
    """The schedule halved η, at the judgement of an epoch: from `before` to `after`."""

    before: float
    after: float


Intervention = Changed | Restored | Halved


def summed_up(acts: list[Intervention]) -> list[Intervention]:
    """What is left to tell of neighbouring acts: all changes as one, and the last of every other kind.

    In the order in which each was done last; changes that came to nothing are left out.
    """
    last: dict[type, Intervention] = {}
    for act in acts:
        before = last.pop(type(act), None)
        if isinstance(act, Changed) and isinstance(before, Changed):
            act = before.joined(act)
        last[type(act)] = act
    return [act for act in last.values() if not isinstance(act, Changed) or act.changes]
