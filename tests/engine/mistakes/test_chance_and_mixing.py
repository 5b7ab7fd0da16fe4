"""What chance does to a run, and mixtures of two networks, against the engine's own runs and plain NumPy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.commands import Change, Command, Nudge, RestoreBest, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.luck.copied_runs import BUTTERFLIES
from mnistviz.engine.mistakes.chance import ChanceCounts, butterflies
from mnistviz.engine.mistakes.mixing import FINE_MIX, can_mix, mixed, mixed_moment, mixing_curve
from mnistviz.engine.moment import Evaluation, Moment
from mnistviz.engine.network import Network
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.engine.trials import RecordedRun
from tests.engine.test_record import SMALL, obeyed
from tests.engine.time_machine import Worker

FORK = 106
LATER: tuple[Command, ...] = (Step(60), Change({"momentum": 0.3}), Step(30), RestoreBest())
CHAOTIC = SMALL.changed(mini_batch_size=1, eta=3.0)


def trained(worker: Worker, settings: Settings, end: int) -> tuple[Run, list[Run]]:
    """A run and its butterflies from the fork to an end, all led by hand: the same is done to each."""
    run = worker.begin(1, settings, Step(FORK))
    worker.rest()
    weights = np.abs(run.state().parameters[784 * 4 :][: 10 * 4])  # those to the outputs
    largest = np.argsort(-weights)[:BUTTERFLIES]
    twins = [
        worker.branch(2 + number, 1, None, Nudge((1, *divmod(int(place), 4))))
        for number, place in enumerate(largest)
    ]
    for each in (run, *twins):
        obeyed(each, *LATER, Step(end - FORK - 90))
    return run, twins


HALVED = CHAOTIC.changed(schedule="halve", schedule_epochs=4)


@pytest.mark.parametrize(
    ("settings", "end"), [(CHAOTIC, 500), pytest.param(HALVED, 800, marks=pytest.mark.long)]
)
def test_chance_is_what_branches_with_a_nudge_come_to(
    small_digits: Digits, settings: Settings, end: int
) -> None:
    run, twins = trained(Worker(small_digits), settings, end)
    found = run.recorder.readings.newest["test"]
    assert found.step == end
    counts = butterflies(RecordedRun(run.record(), run.start, small_digits), found, FORK)
    theirs = [each.recorder.readings.newest["test"].predictions for each in twins]
    assert counts == ChanceCounts(tuple(int((each != found.predictions).sum()) for each in theirs), 300)
    assert max(counts.differ) > 0


def test_chance_counts_the_digits_that_were_read_and_can_be_cancelled(small_digits: Digits) -> None:
    worker = Worker(small_digits)
    run = worker.begin(1, SMALL, Step(40))
    worker.rest()
    whole = run.recorder.readings.newest["validation"]
    part = Evaluation("validation", 40, whole.digits, whole.predictions[:70], 1, 300, complete=False)
    recorded = RecordedRun(run.record(), run.start, small_digits)
    far: list[tuple[int, int]] = []
    counts = butterflies(recorded, part, 12, progress=lambda *each: far.append(each))
    assert counts.of == 70
    assert far == sorted(far)
    assert far[-1][1] == BUTTERFLIES * (40 - 12)
    with pytest.raises(Withdrawn):
        butterflies(recorded, part, 12, cancelled=lambda: True)
    for fork in (41, -1):
        with pytest.raises(ValueError, match="nothing to replay"):
            butterflies(recorded, part, fork)


def test_a_mixture_is_weight_by_weight() -> None:
    a, b = Network((784, 5, 10), seed=1), Network((784, 5, 10), seed=2)
    np.testing.assert_allclose(
        mixed(a, b, 0.25).parameters, 0.75 * a.parameters + 0.25 * b.parameters, rtol=1e-6
    )
    assert mixed(a, b, 0).parameters.tobytes() == a.parameters.tobytes()
    assert mixed(a, b, 1).parameters.tobytes() == b.parameters.tobytes()
    assert mixed(a, b, 1) is not b


def test_networks_of_other_layers_or_functions_are_not_mixed() -> None:
    a = Network((784, 5, 10))
    for other in (Network((784, 6, 10)), Network((784, 5, 10), activation="tanh")):
        assert not can_mix(a, other)
        with pytest.raises(ValueError, match="mixed"):
            mixed(a, other, 0.5)


def test_the_curve_is_what_the_mixtures_read(small_digits: Digits) -> None:
    a, b = Network((784, 5, 10), seed=1), Network((784, 5, 10), seed=2)
    curve = mixing_curve(a, b, small_digits.test)
    assert curve is not None
    assert (curve.of, len(curve.at)) == (300, 11)
    for t, right in zip(curve.at, curve.right, strict=True):
        network = a.copy()
        network.parameters[...] = (1 - t) * a.parameters + t * b.parameters
        assert (
            right
            == (
                network.feedforward(small_digits.test.images / 255).argmax(axis=1) == small_digits.test.labels
            ).sum()
        )
    told: list[tuple[int, int]] = []
    assert (
        mixing_curve(a, b, small_digits.test, FINE_MIX, lambda: len(told) == 3, lambda *far: told.append(far))
        is None
    )
    assert told == [(1, 101), (2, 101), (3, 101)]


def test_a_mixed_moment_says_so() -> None:
    a, b = Network((784, 5, 10), seed=1), Network((784, 5, 10), seed=2)
    settings = Settings(sizes=(784, 5, 10))
    one = Moment(1, 10, 100, a, settings, a)
    moment = mixed_moment(one, replace(one, network=b), 0.5)
    assert (moment.kind, moment.run, moment.step) == ("mixed", 1, 10)
    assert moment.network.parameters.tobytes() == mixed(a, b, 0.5).parameters.tobytes()
