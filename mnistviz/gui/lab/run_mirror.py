"""Takes the news of a run and makes facts of them: the window's side of a mailbox."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Any

from mnistviz.engine.handover import Mailbox
from mnistviz.gui.lab.shown import RunFacts

_RATE_WINDOW = 1.0  # seconds


class RunMirror:
    """A run of the lab: its newest `facts`, which news and gestures replace, in the window's thread."""

    def __init__(self, facts: RunFacts, mailbox: Mailbox) -> None:
        self.facts = facts
        self._mailbox = mailbox
        self._sent = self._obeyed = 0  # tickets of commands
        self._seen: deque[tuple[float, int]] = deque()  # when the run had made how many mini-batches

    def change(self, **facts: Any) -> None:
        """Takes what a gesture has made of the run."""
        self.facts = replace(self.facts, **facts)

    def expect(self, ticket: int) -> None:
        """Believes no news of whether it plays that are older than the command with this ticket, the last one sent."""
        self._sent = ticket
        self.change(has_obeyed=self._obeyed >= ticket)

    def take(self) -> bool:
        """Takes what is new; False if nothing is."""
        update = self._mailbox.take()
        if update is None:
            return False
        facts, parent, moment = self.facts, self.facts.parent, update.moment
        if parent is not None and parent.step != update.begun[0]:
            parent = replace(parent, step=update.begun[0], digits=update.begun[1])
        self._obeyed = update.obeyed
        playing, has_obeyed = facts.playing, self._obeyed >= self._sent
        if has_obeyed:  # what was told before the last command was taken is out of date
            playing = update.playing and not facts.failed  # nor does it know of the fault that came after
        self.facts = replace(
            facts,
            parent=parent,
            moment=moment,
            history=update.history,
            record=update.record,
            evaluations=update.evaluations,
            readings=update.readings,
            health=update.health,
            eta=update.eta,
            best=update.best,
            playing=playing,
            has_obeyed=has_obeyed,
            diverged=update.diverged,
            stopped=update.stopped,
            speed=self._speed(update.clock, moment.step, playing=playing),
        )
        return True

    def _speed(self, clock: float, step: int, *, playing: bool) -> float | None:
        """Mini-batches a second over the last second; None before there are two times to compare."""
        seen = self._seen
        if not playing:
            seen.clear()
        seen.append((clock, step))
        while seen[-1][0] - seen[0][0] > _RATE_WINDOW and len(seen) > 2:
            seen.popleft()
        (then, before), (now, after) = seen[0], seen[-1]
        return (after - before) / (now - then) if now > then else None
