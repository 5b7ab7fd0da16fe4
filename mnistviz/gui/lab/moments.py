"""Any moment of any open run, beside the one shown: replayed from the record of the run while all else goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.distortion import distorts
from mnistviz.engine.functions import quietly
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.replay import Replay, moment_of, replay_length
from mnistviz.engine.trainer import Trainer, TrainerState
from mnistviz.gui.lab.questions import Failed, Progress, ViewQuestions
from mnistviz.gui.lab.shown import RunFacts

SHORT = 200_000_000  # weights × digits: a replay of so many is over before anybody would notice

T = TypeVar("T")


class Moments(ViewQuestions):
    """Asks in jobs of its own: neither strokes nor rankings wait for a replay, nor does a short one for a long one.

    The playhead needs none of it: what it looks at is replayed by the worker that trains, and goes first there.
    """

    def ask(
        self,
        key: str,
        run: RunFacts,
        step: int,
        then: Callable[[Moment], object],
        failed: Failed,
        progress: Progress | None = None,
    ) -> None:
        """Calls `then` with the exact moment of an open run after `step` mini-batches, however far the run goes
        meanwhile, or `failed`, where it has no such step. On the way `progress` is told how many mini-batches are done,
        of how many. The newest question of a key counts."""

        def moment(start: Network, trainer: Trainer) -> Moment:
            return moment_of(run.number, start, len(trainer.training), trainer.state(), "exact")

        self._ask(key, run, step, moment, then, failed, progress)

    def ask_before(
        self,
        key: str,
        run: RunFacts,
        step: int,
        then: Callable[[TrainerState], object],
        failed: Failed,
        progress: Progress | None = None,
    ) -> None:
        """The same with the state after `step` mini-batches, as it was before anything was done there."""

        def state(_start: Network, trainer: Trainer) -> TrainerState:
            return trainer.state_as_judged()

        self._ask(key, run, step, state, then, failed, progress, judged=True)

    def _ask(
        self,
        key: str,
        run: RunFacts,
        step: int,
        make: Callable[[Network, Trainer], T],
        then: Callable[[T], object],
        failed: Failed,
        progress: Progress | None,
        *,
        judged: bool = False,
    ) -> None:
        recorded = self._recorded(key, run, failed, step)
        if recorded is None:
            return
        record, start = recorded.record, recorded.start
        settings, weights = record.start.settings, record.start.parameters.size
        products = replay_length(record, step) * settings.mini_batch_size * weights
        long = products > SHORT or distorts(settings)

        def work(cancelled: Cancelled, tell: Progress) -> T:
            trainer = recorded.trainer()
            _replay(Replay(record, trainer, step, judged=judged), cancelled, tell)
            return make(start, trainer)

        self._questions.ask(key, work, then, failed, progress, quick=not long)


@quietly
def _replay(replay: Replay, cancelled: Cancelled, tell: Progress) -> None:
    """Replays until it is there or of no interest any more."""
    while not replay.advance() and not cancelled():
        tell(replay.done, replay.of)
