"""What the line at the bottom may say, and which of it comes first."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import IntEnum


def always() -> bool:
    """What was done once stays true."""
    return True


class Rank(IntEnum):
    """What comes first is said first."""

    UNDO = 0  # for ten seconds
    FAULT = 1
    COPY = 2  # until it is kept or put back
    WORK = 3  # as long as it goes on
    NOTICE = 4


@dataclass(frozen=True)
class Offer:
    """What a button beside the words does: `text` says it, `short` where there is little room, `tip` at length. It
    can't be pressed while it is `off`."""

    text: str
    short: str
    tip: str
    take: Callable[[], object] = field(compare=False)
    off: bool = False


@dataclass(frozen=True)
class StatusMessage:
    """Something to say. It stays the same, however its words change, as long as its `key` does."""

    rank: Rank
    key: Hashable
    text: str
    short: str = ""
    why: str = ""
    offer: Offer | None = None
    trial: Offer | None = None
    """Tries what is offered."""
    refuses: bool = False
    """Whether it says why something can't be, whatever its rank."""
    holds: Callable[[], bool] = field(default=always, compare=False)
    """Whether it is still true; once it is not, it is said no more."""

    @property
    def is_fault(self) -> bool:
        return self.refuses or self.rank is Rank.FAULT

    @property
    def wordings(self) -> tuple[str, ...]:
        """The sentence and its short form, if it has one."""
        return tuple(filter(None, (self.text, self.short)))
