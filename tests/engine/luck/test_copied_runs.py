"""Runs of a band are the runs that one gets by training them on their own, bit for bit."""

import statistics

import numpy as np
import pytest

from mnistviz.engine.acts import NOW, Edited, Frozen, Stepped, WeightEdit
from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.commands import Change, Command, FinishEpoch, Nudge, RestoreBest, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.rebuilding import rebuilt
from mnistviz.engine.experiment.saved import RunRecipe
from mnistviz.engine.luck import copied_runs
from mnistviz.engine.luck.bands import Band, Spread, band_of
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.engine.trials import RecordedRun
from mnistviz.engine.unattended import train
from tests.engine.luck.made_bands import grown, made_band
from tests.engine.test_unattended import RICH
from tests.engine.time_machine import recorded, state_at, trained

PLAIN = Settings(sizes=(784, 12, 10), eta=2.0, stop="epochs", stop_epochs=3)
EPOCH = 1_003


def validation(run: Run, digits: int) -> float:
    found = run.recorder.history.measured("validation", run.record().step)
    assert found is not None
    assert found.digits == digits
    return found.accuracy


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(PLAIN, marks=pytest.mark.long),
        PLAIN.changed(schedule="halve", schedule_epochs=1, stop_epochs=4, eta=6.0),
        PLAIN.changed(random_labels=0.3, classes_left_out=(9,), order="sorted", stop_epochs=2),
        pytest.param(RICH.changed(stop="epochs", stop_epochs=4), marks=pytest.mark.long),
    ],
)
def test_a_repeat_is_what_the_command_line_trains(small_digits: Digits, settings: Settings) -> None:
    outcome = train(settings, small_digits)
    run = RecordedRun(outcome.content.record, outcome.content.start, small_digits)
    seed, epoch = settings.seed + 7, small_digits.epoch(settings)
    other = train(settings.changed(seed=seed), small_digits)
    grown = copied_runs.repeat(run, seed, copied_runs.places_between(epoch, 0, outcome.digits, ()))
    assert grown.digits.tolist() == [epoch * number for number in range(settings.stop_epochs + 1)]
    assert grown.accuracy[1:].tolist() == [each.accuracy("validation") for each in other.epochs]
    assert grown.test == other.epochs[-1].accuracy("test")
    made = copied_runs.reseeded(run, seed)
    same = copied_runs.trained_copy(made, made.record, run.record.step).network.parameters
    assert same.tobytes() == other.network.parameters.tobytes()


def test_the_costs_of_a_repeat_are_the_means_of_what_each_mini_batch_cost(small_digits: Digits) -> None:
    outcome = train(PLAIN, small_digits)
    run = RecordedRun(outcome.content.record, outcome.content.start, small_digits)
    grown = copied_runs.repeat(run, 9, (0, outcome.digits))
    rows = train(PLAIN.changed(seed=9), small_digits).history.costs.rows
    assert len(grown.cost) == copied_runs.STRETCHES
    assert rows["count"].max() == 1
    stretch = rows["first_digits"] * copied_runs.STRETCHES // outcome.digits
    for number in (0, 50, copied_runs.STRETCHES - 1):
        assert grown.cost[number] == pytest.approx(rows["total"][stretch == number].mean())
        assert grown.cost_digits[number] * copied_runs.STRETCHES // outcome.digits == number


BY_HAND: tuple[Command, ...] = (
    FinishEpoch(),
    Step(7),
    Change({"eta": 0.5, "mini_batch_size": 7}),
    Step(20),
    Frozen(*NOW, Unit(2, 3)),
    Edited(*NOW, WeightEdit(2, ((0, 1),), (0.25,))),
    Step(30),
    RestoreBest(),
    Nudge(),
    Step(11),
    Stepped(*NOW, 0.1, (3, 5)),
    Change({"schedule": "halve", "schedule_epochs": 1}),
    FinishEpoch(),
    Step(10),
)


def test_what_was_done_to_the_run_is_done_to_a_repeat_at_the_same_digits(small_digits: Digits) -> None:
    run = trained(small_digits, *BY_HAND, settings=PLAIN.changed(stop="never"))
    other, _ = rebuilt(RunRecipe.of(PLAIN.changed(stop="never", seed=5), run.record(), None), small_digits)
    assert other is not None
    made = copied_runs.reseeded(recorded(run), 5)
    same = copied_runs.trained_copy(made, made.record, run.step)
    assert same.network.parameters.tobytes() == other.state().parameters.tobytes()
    assert same.settings == other.trainer.settings
    grown = copied_runs.repeat(
        recorded(run), 5, copied_runs.places_between(EPOCH, 0, run.trainer.digits_consumed, (1_010,))
    )
    assert grown.digits.tolist() == [0, EPOCH, run.trainer.digits_consumed] or 1_010 not in grown.digits


def test_a_repeat_of_a_network_from_a_file_begins_with_its_weights(small_digits: Digits) -> None:
    settings = PLAIN.changed(stop="never")
    opened = Network(settings.sizes, seed=77)
    begin = opened.parameters.copy()
    record = trained(small_digits, Step(10), settings=settings).record()
    other = copied_runs.reseeded(RecordedRun(record, opened, small_digits), 5)
    assert other.start.parameters.tobytes() == begin.tobytes() == other.record.start.parameters.tobytes()
    assert other.record.start.settings.seed == 5


def test_a_copy_with_a_tiny_change_is_the_run_with_a_nudge(small_digits: Digits) -> None:
    settings = PLAIN.changed(stop="never", eta=6.0, mini_batch_size=1)
    run = trained(small_digits, Step(300), Change({"momentum": 0.3}), Step(1_000), settings=settings)
    row, column = divmod(int(np.argsort(-np.abs(state_at(run, 300).parameters[784 * 12 :][:120]))[1]), 12)
    by_hand = trained(
        small_digits,
        Step(300),
        Nudge((2, row, column)),
        Change({"momentum": 0.3}),
        Step(1_000),
        settings=settings,
    )
    run_of = recorded(run)
    record = copied_runs.butterfly(run_of, run_of.replayed(300).state(), 2)
    same = copied_runs.trained_copy(run_of, record, run.step)
    assert same.network.parameters.tobytes() == by_hand.state().parameters.tobytes()
    assert same.network.parameters.tobytes() != run.state().parameters.tobytes()
    grown = copied_runs.tiny_change(run_of, 300, 2, (300, EPOCH, 1_300))
    assert (grown.seed, grown.diverged) == (2, False)
    assert grown.accuracy[-1] == validation(by_hand, 1_300)
    assert grown.cost_digits.min() >= 300


def test_a_run_that_diverges_reads_nothing_right_from_then_on(small_digits: Digits) -> None:
    calm = PLAIN.changed(activation="relu", output="softmax", cost="cross_entropy", eta=0.01, stop="never")
    huge = WeightEdit(
        2, tuple((row, column) for row in range(10) for column in range(12)), (3e38, -3e38) * 60
    )
    run = trained(small_digits, Step(3), Edited(*NOW, huge), Step(8), settings=calm)
    grown = copied_runs.repeat(recorded(run), 3, (0, 20, run.trainer.digits_consumed))
    assert grown.diverged
    assert grown.accuracy[1] > 0
    assert (grown.accuracy[-1], grown.test) == (0.0, 0.0)
    assert np.isnan(grown.cost[-1])


def test_it_looks_often_whether_anybody_waits_and_tells_how_far_it_is(small_digits: Digits) -> None:
    run = recorded(trained(small_digits, Step(40), settings=PLAIN))
    far: list[tuple[int, int]] = []
    copied_runs.repeat(run, 2, (0, 400), progress=lambda *each: far.append(each))
    assert far == sorted(far)
    assert far[0] == (0, 400)
    assert far[-1] == (400, 400)
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 12

    with pytest.raises(Withdrawn):
        copied_runs.repeat(run, 2, (0, 400), cancelled)
    with pytest.raises(Withdrawn):
        copied_runs.tiny_change(run, 5, 1, (50, 400), lambda: True)


def test_measured_at_its_ends_after_each_epoch_and_where_the_run_was() -> None:
    assert copied_runs.places_between(100, 0, 250, ()) == (0, 100, 200, 250)
    assert copied_runs.places_between(100, 0, 200, (30, 200, 300)) == (0, 30, 100, 200)
    assert copied_runs.places_between(100, 120, 250, (30, 130)) == (120, 130, 200, 250)
    assert copied_runs.places_between(100, 40, 60, ()) == (40, 60)
    many = copied_runs.places_between(50_000, 0, 100_000, range(0, 100_000, 10))
    assert len(many) == copied_runs.MOST_OWN + 3
    many = copied_runs.places_between(10, 0, 50_000, ())
    assert (many[0], many[-1], len(many)) == (0, 50_000, copied_runs.MOST_PLACES + 2)
    assert max(np.diff(many)) <= 2 * min(np.diff(many)[1:-1])


ENDS = (0.951, 0.939, 0.948, 0.95, 0.944, 0.946, 0.942, 0.947)


def test_a_spread_has_the_range_the_middle_half_and_the_median() -> None:
    spread = Spread.of(ENDS)
    assert (spread.lowest, spread.highest, spread.n) == (min(ENDS), max(ENDS), 8)
    assert spread.median == pytest.approx(statistics.median(ENDS))
    quarters = statistics.quantiles(ENDS, n=4, method="inclusive")
    assert [spread.lower, spread.upper] == pytest.approx(quarters[::2])


def test_one_run_alone_spreads_by_nothing() -> None:
    assert Spread.of([0.9]) == Spread(0.9, 0.9, 0.9, 0.9, 0.9, 1)


def test_a_band_tells_the_last_measurement_up_to_a_place() -> None:
    band = made_band(ENDS, epochs=2)
    assert band.at(100_000) == band.end == Spread.of(ENDS)
    assert band.at(99_999) == band.at(50_000) == Spread.of(end - 0.01 for end in ENDS)
    assert band.at(0) == Spread.of([0.1] * 8)
    assert band.test == Spread.of(end - 0.01 for end in ENDS)


def test_a_band_knows_nothing_beyond_itself_or_without_a_run() -> None:
    band = made_band(ENDS, begin=20_000)
    assert band.at(19_999) is None
    assert band.at(70_001) is None
    empty = Band("seeds", 0, 50_000)
    assert (empty.at(50_000), empty.end, empty.test) == (None, None, None)
    assert band.accuracies(19_999) == band.accuracies(70_001) == empty.accuracies(50_000) == ()
    assert band.accuracies(70_000) == ENDS


def test_runs_come_in_the_order_of_their_seeds_each_once() -> None:
    band = Band("seeds", 0, 50_000)
    for seed, end in ((5, 0.9), (3, 0.8), (5, 0.7), (4, 0.6)):
        band = band.with_run(grown(seed, (0.1, end)))
    assert [(run.seed, run.accuracy[-1]) for run in band.runs] == [(3, 0.8), (4, 0.6), (5, 0.7)]


def test_a_run_has_a_band_of_each_kind() -> None:
    seeds, tiny = made_band(ENDS), made_band(ENDS[:5], "tiny changes")
    assert band_of((seeds, tiny), "tiny changes") is tiny
    assert band_of((seeds, tiny), "seeds") is seeds
    assert band_of((tiny,), "seeds") is None
