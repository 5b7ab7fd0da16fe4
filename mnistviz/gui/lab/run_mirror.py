"""The window's side of a run: a mirror of what its mailbox has told so far."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from mnistviz.engine.handover import Mailbox
from mnistviz.engine.health import Health
from mnistviz.engine.history import History
from mnistviz.engine.moment import Best, Evaluation, Moment, SetName
from mnistviz.engine.origin import Origin
from mnistviz.engine.settings import Settings

_RATE_WINDOW = 1.0  # seconds
COST_OVER = 100  # mini-batches that the cost shown is the mean of, at least


@dataclass(frozen=True)
class Fork:
    """Where a run branched off: from which one, by its number, after how many mini-batches and digits; and what was
    changed there."""

    number: int
    step: int
    digits: int
    plan: Mapping[str, Any] = field(default_factory=dict)
    kind: Literal["branch", "twin", "butterfly"] = "branch"


class RunMirror:
    """All that views need to know of a run. `take()` brings it up to date, in the GUI thread."""

    def __init__(
        self,
        number: int,
        settings: Settings,
        mailbox: Mailbox,
        origin: Origin | None = None,
        *,
        epoch: int = 0,
        data: str = "",
        parent: Fork | None = None,
    ) -> None:
        self.number = number
        self.letter = ""
        self.name = ""
        """As the user calls it; empty where it is called by what differs."""
        self.hue = 0
        self.parent = parent
        self.on = False
        """Whether it learns when the lab learns."""
        self.was_on = False
        """Whether it did when it was closed."""
        self.hidden = False
        self.closed = False
        self.waits = False
        """Whether others that learn with it have to catch up first."""
        self.epoch = epoch
        """How many digits an epoch has."""
        self.data = data
        """The checksum of its data set."""
        self.origin = origin
        """What the file says that its network comes from; None for a network of its own."""
        self.settings = settings
        """What the run was begun with."""
        self.history = History()
        self.moment: Moment | None = None
        self.evaluations: dict[SetName, Evaluation] = {}
        self.playing = False
        self.sent = 0
        """The ticket of the last command that it was sent."""
        self._obeyed = 0
        self.diverged = False
        self.stopped = False
        self.health = Health()
        self.eta = settings.eta
        """The learning rate of the next mini-batch, as the schedule has it."""
        self.best: Best | None = None
        self.failed = False
        """Whether an exception has ended it."""
        self._mailbox = mailbox
        self._seen: deque[tuple[float, int]] = deque()

    @property
    def ready(self) -> bool:
        """Whether its first news have come."""
        return self.moment is not None

    @property
    def digits_seen(self) -> int:
        """Digits so far, as far as is known here."""
        return 0 if self.moment is None else self.moment.digits

    @property
    def mini_batch_size(self) -> int:
        """How many digits its next mini-batch has."""
        return (self.settings if self.moment is None else self.moment.settings).mini_batch_size

    @property
    def opened(self) -> bool:
        """Whether its network comes from a file: then steps and epochs count since it was opened."""
        return self.origin is not None

    @property
    def has_learned(self) -> bool:
        """Whether its network may know something."""
        return self.step > 0 or (self.origin is not None and self.origin.learned)

    @property
    def step(self) -> int:
        """Mini-batches so far, as far as is known here."""
        return 0 if self.moment is None else self.moment.step

    @property
    def has_obeyed(self) -> bool:
        """Whether what is known here was told after the last command was taken."""
        return self._obeyed >= self.sent

    def take(self) -> bool:
        """Takes what is new; False if nothing is."""
        update = self._mailbox.take()
        if update is None:
            return False
        self.history.apply(update.changes)
        self.moment = update.moment
        if self.parent is not None and self.parent.step != update.begun[0]:
            self.parent = replace(self.parent, step=update.begun[0], digits=update.begun[1])
        self.evaluations = update.evaluations
        self._obeyed = update.obeyed
        if self.has_obeyed:  # what was told before the last command was taken is out of date
            self.playing = update.playing and not self.failed  # nor does it know of the fault that came after
        self.diverged = update.diverged
        self.stopped = update.stopped
        self.health = update.health
        self.eta = update.eta
        self.best = update.best
        if not self.playing:
            self._seen.clear()
        self._seen.append((update.clock, update.moment.step))
        while self._seen[-1][0] - self._seen[0][0] > _RATE_WINDOW and len(self._seen) > 2:
            self._seen.popleft()
        return True

    @property
    def cost(self) -> float | None:
        """The mean cost of the last hundred mini-batches, or of those there are; None before the first.

        In a run of more than 2,000 it is of up to a column of the history more: at most a thousandth of the run.
        """
        return self.history.mean_cost(self.step, COST_OVER)

    def mini_batches_per_second(self) -> float | None:
        """The speed over the last second; None while the run rests."""
        if not self.playing or len(self._seen) < 2:
            return None
        (then, before), (now, after) = self._seen[0], self._seen[-1]
        return (after - before) / (now - then) if now > then else None
