"""The costliest mini-batch of a stretch, beside the costs that training itself reports."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import Digits
from mnistviz.engine.microscope.mini_batch import costliest_step, near
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import BatchSizeSegment, Record
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, Trainer
from mnistviz.engine.trials import RecordedRun


def test_it_is_the_one_whose_cost_was_largest(small_digits: Digits) -> None:
    settings = Settings()
    start = Network(settings.sizes)
    trainer = Trainer(start.copy(), settings, small_digits.training)
    begin = trainer.state()
    costs = np.array([trainer.step() for _ in range(60)])
    segment = BatchSizeSegment(0, Cursor(0, 0), settings.mini_batch_size)
    run = RecordedRun(Record(60, begin, (), (), (segment,), (), {}), start, small_digits)
    for first, last in ((0, 60), (10, 40), (33, 34)):
        assert costliest_step(run, first, last) == first + int(costs[first:last].argmax())
    with pytest.raises(Withdrawn):
        costliest_step(run, 0, 60, lambda: True)
    with pytest.raises(ValueError, match="no mini-batch"):
        costliest_step(run, 5, 5)


def test_what_is_near_grows_with_the_run_and_stays_in_it() -> None:
    assert near(10, 60) == (8, 13)
    assert near(0, 60) == (0, 3)
    assert near(60, 60) == (58, 60)
    assert near(30_000, 66_000) == (29_780, 30_221)
