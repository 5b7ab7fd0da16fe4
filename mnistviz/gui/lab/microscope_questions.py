"""Requests of the window about one mini-batch or the layers of a network: each is a job over immutable values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.distortion import distorts
from mnistviz.engine.microscope.bookkeeping import Bookkeeping, LeaveOneOut, keep_books, leave_one_out
from mnistviz.engine.microscope.layer_histograms import LayerHistogram, shared_histograms
from mnistviz.engine.microscope.mini_batch import MiniBatch, costliest_step, mini_batch_at
from mnistviz.engine.network import Network
from mnistviz.engine.replay import replay_length
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.moments import SHORT
from mnistviz.gui.lab.questions import Failed, Progress, ViewQuestions
from mnistviz.gui.lab.shown import RunFacts

LOOKED_AT = 1_000  # digits for the histograms of layers
QUICK = 20  # digits: so few steps are done at once


class MicroscopeQuestions(ViewQuestions):
    """Requests about one mini-batch, or the layers of a network."""

    def look(
        self,
        key: str,
        run: RunFacts,
        step: int,
        then: Callable[[tuple[MiniBatch, Bookkeeping]], object],
        failed: Failed,
        progress: Progress | None = None,
    ) -> None:
        """Compute update `step` + 1 of an open run, and its effect; at its end, the next one. Progress counts the
        mini-batches of the replay. If the run is closed or has no such step, `failed` is called at once."""
        recorded = self._recorded(key, run, failed, step)
        if recorded is None:
            return
        settings, record = recorded.record.start.settings, recorded.record
        replayed = replay_length(record, step) * run.now.mini_batch_size
        products = (replayed + run.now.mini_batch_size) * record.start.parameters.size
        quick, validation = products <= SHORT and not distorts(settings), recorded.digits.validation

        def work(cancelled: Cancelled, tell: Progress) -> tuple[MiniBatch, Bookkeeping]:
            batch = mini_batch_at(recorded, step, cancelled, tell)
            return batch, keep_books(batch, validation)

        self._questions.ask(key, work, then, failed, progress, quick=quick)

    def leave_one_out(
        self,
        key: str,
        batch: MiniBatch,
        then: Callable[[LeaveOneOut], object],
        failed: Failed,
        progress: Progress | None = None,
    ) -> None:
        """Compute the step without each of its digits; see `leave_one_out`. Progress counts digits."""
        digits = self._digits()
        assert digits is not None
        work = partial(leave_one_out, batch, digits.validation)
        self._questions.ask(key, work, then, failed, progress, quick=len(batch) <= QUICK)

    def costliest(
        self,
        key: str,
        run: RunFacts,
        begin: int,
        end: int,
        then: Callable[[int], object],
        failed: Failed,
        progress: Progress | None = None,
    ) -> None:
        """Find the step before the costliest mini-batch between two steps of an open run; see `costliest_step`."""
        recorded = self._recorded(key, run, failed)
        if recorded is not None:
            work = partial(costliest_step, recorded, begin, end)
            self._questions.ask(key, work, then, failed, progress)

    def layers(
        self,
        key: str,
        networks: Sequence[Network],
        settings: Settings,
        then: Callable[[tuple[tuple[tuple[LayerHistogram, ...], ...], int]], object],
        failed: Failed,
    ) -> None:
        """Compute the histograms of some networks' layers, on the first thousand training digits of these settings, and
        the number of digits; see `shared_histograms`."""
        digits = self._digits()
        assert digits is not None
        images = digits.trained_on(settings).first(LOOKED_AT).images
        quick = len(images) * sum(network.parameters.size for network in networks) <= SHORT

        def work(cancelled: Cancelled, tell: Progress) -> tuple[tuple[tuple[LayerHistogram, ...], ...], int]:
            return shared_histograms(networks, images), len(images)

        self._questions.ask(key, work, then, failed, quick=quick)
