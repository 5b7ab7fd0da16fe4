"""Messages for the line at the bottom, and their order."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import IntEnum


def always() -> bool:
    """Return True: a message about what was done stays valid."""
    return True


class Rank(IntEnum):
    """The kinds of messages, the most important first."""

    UNDO = 0  # for ten seconds
    FAULT = 1
    COPY = 2  # until it is accepted or discarded
    WORK = 3  # as long as it goes on
    NOTICE = 4


@dataclass(frozen=True)
class Offer:
    """The command of a message's button: its text, `short` where space is limited, and tooltip. It is disabled while
    `off`."""

    text: str
    short: str
    tip: str
    take: Callable[[], object] = field(compare=False)
    off: bool = False


@dataclass(frozen=True)
class StatusMessage:
    """A message. With the same `key` it counts as the same message, even if its text changes."""

    rank: Rank
    key: Hashable
    text: str
    short: str = ""
    why: str = ""
    offer: Offer | None = None
    trial: Offer | None = None
    """A trial of the offer."""
    refuses: bool = False
    """Whether it reports an invalid input, whatever its rank."""
    holds: Callable[[], bool] = field(default=always, compare=False)
    """Whether it is still true; otherwise it is removed."""

    @property
    def is_fault(self) -> bool:
        return self.refuses or self.rank is Rank.FAULT

    @property
    def wordings(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.text, self.short)))
