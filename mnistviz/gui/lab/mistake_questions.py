"""Requests of the window about misclassified digits: each is a job over immutable values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.digits import Digits
from mnistviz.engine.evaluation import evaluated
from mnistviz.engine.luck.copied_runs import ORDERS, accuracies_in_orders
from mnistviz.engine.mistakes.mixing import COARSE_MIX, MixingCurve, mixing_curve
from mnistviz.engine.mistakes.nearest import NearestDigits, nearest_digits
from mnistviz.engine.mistakes.pins import PictureAlong, outputs_along
from mnistviz.engine.mistakes.stories import FineStretch, look_finer
from mnistviz.engine.moment import Evaluation, Moment, SetName
from mnistviz.engine.verdicts import Verdict, compare_orders
from mnistviz.gui.lab.questions import Failed, Progress, Questions, ViewQuestions
from mnistviz.gui.lab.shown import RunFacts

T = TypeVar("T")
Then = Callable[[T], object]


class MistakeQuestions(ViewQuestions):
    """Requests about misclassified digits, and about two networks."""

    def __init__(self, questions: Questions, trials: Questions, digits: Callable[[], Digits | None]) -> None:
        """`trials` is for jobs that train whole runs, so that no other request waits for them."""
        super().__init__(questions, digits)
        self._trials, self.trial_jobs = trials, trials.jobs

    def withdraw(self, key: str) -> None:
        super().withdraw(key)
        self.trial_jobs.withdraw(key)

    def is_open(self, key: str) -> bool:
        return super().is_open(key) or self.trial_jobs.is_open(key)

    def read(
        self,
        key: str,
        moment: Moment,
        name: SetName,
        then: Then[Evaluation],
        failed: Failed,
        progress: Progress | None = None,
    ) -> None:
        """Evaluate a set with the network of any checkpoint; of the training digits the first thousand. Progress counts
        digits."""
        digits = self._digits()
        assert digits is not None

        work = partial(evaluated, moment, name, digits)
        self._questions.ask(key, work, then, failed, progress)

    def nearest(
        self,
        key: str,
        moment: Moment,
        image: NDArray[np.uint8],
        label: int | None,
        read: int,
        then: Then[NearestDigits],
        failed: Failed,
        leave_out: int | None = None,
    ) -> None:
        """Find the nearest training digits of the run to a digit, (784,); see `nearest_digits`."""
        digits = self._digits()
        assert digits is not None
        training = digits.trained_on(moment.settings)

        def work(cancelled: Cancelled, _tell: Progress) -> NearestDigits:
            return nearest_digits(
                moment.network, image, label, read, training, leave_out=leave_out, cancelled=cancelled
            )

        self._questions.ask(key, work, then, failed, quick=True)

    def finer(
        self,
        key: str,
        run: RunFacts,
        image: NDArray[np.uint8],
        begin: int,
        end: int,
        then: Then[FineStretch],
        failed: Failed,
        progress: Progress | None = None,
    ) -> None:
        """Evaluate a digit after every mini-batch between two steps of an open run; see `look_finer`. Progress counts
        mini-batches. If the run is closed or has no such steps, `failed` is called at once."""
        recorded = self._recorded(key, run, failed)
        if recorded is not None:
            work = partial(look_finer, recorded, image, begin, end)
            self._questions.ask(key, work, then, failed, progress)

    def along(
        self,
        key: str,
        run: RunFacts,
        images: Sequence[NDArray[np.uint8]],
        then: Then[tuple[PictureAlong, ...]],
        failed: Failed,
        before: Sequence[PictureAlong | None] = (),
    ) -> None:
        """Compute the outputs for some pictures at the snapshots of an open run; see `outputs_along`."""
        recorded, now = self._recorded(key, run, failed), run.moment
        if recorded is not None and now is not None:

            def work(_cancelled: Cancelled, _tell: Progress) -> tuple[PictureAlong, ...]:
                return outputs_along(recorded.record, now, run.epoch, images, before)

            self._questions.ask(key, work, then, failed, quick=True)

    def chance(
        self,
        key: str,
        runs: tuple[RunFacts, RunFacts],
        found: tuple[Evaluation, Evaluation],
        fork: int,
        then: Then[Verdict],
        failed: Failed,
        progress: Progress | None = None,
    ) -> None:
        """Compare two open runs that forked at step `fork`, by an evaluation of each, over orders of the digits since
        then; see `accuracies_in_orders`. Progress counts mini-batches."""
        a = self._recorded(key, runs[0], failed)
        b = None if a is None else self._recorded(key, runs[1], failed)
        if a is not None and b is not None:
            steps = [each.step - fork for each in found]

            def work(cancelled: Cancelled, tell: Progress) -> Verdict:
                of = ORDERS * sum(steps)
                first = accuracies_in_orders(a, found[0], fork, cancelled, lambda done, _: tell(done, of))
                before = ORDERS * steps[0]
                second = accuracies_in_orders(
                    b, found[1], fork, cancelled, lambda done, _: tell(before + done, of)
                )
                return compare_orders(first, second, min(len(each.predictions) for each in found))

            self._trials.ask(key, work, then, failed, progress)

    def mixing(
        self,
        key: str,
        a: Moment,
        b: Moment,
        name: Literal["validation", "test"],
        then: Then[MixingCurve],
        failed: Failed,
        at: Sequence[float] = COARSE_MIX,
        progress: Progress | None = None,
    ) -> None:
        """Compute the accuracy of the mixtures of two checkpoints on the first thousand digits of a set; see
        `mixing_curve`. Progress counts mixtures."""
        digits = self._digits()
        assert digits is not None
        work = partial(mixing_curve, a.network, b.network, getattr(digits, name), at)
        self._questions.ask(key, work, then, failed, progress)
