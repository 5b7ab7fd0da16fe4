"""Any checkpoint of any open run, beside the shown one: replayed from the record of the run in the background."""

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

SHORT = 200_000_000  # weights × digits: a replay of so many takes no noticeable time

T = TypeVar("T")


class Moments(ViewQuestions):
    """Requests for checkpoints, in jobs of their own.

    Neither strokes nor rankings wait for a replay, nor does a short one for a long one. The playhead uses none of them:
    its step is replayed by the training thread, with priority.
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
        """Call `then` with the exact checkpoint of an open run after `step` mini-batches, even if the run trains
        meanwhile, or `failed`, if it has no such step. `progress` gets the mini-batches that are done, and their total.
        The newest request of a key counts."""

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
        """Call `then` with the state after `step` mini-batches, before any intervention there."""

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
    """Replay until the step is reached or the request is cancelled."""
    while not replay.advance() and not cancelled():
        tell(replay.done, replay.of)
