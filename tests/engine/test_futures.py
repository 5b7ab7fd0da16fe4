"""A future is what really comes where a user sets that value, and looking at it changes nothing."""

from itertools import count

import numpy as np
import pytest
from numpy.typing import NDArray

from mnistviz.engine import futures
from mnistviz.engine.acts import NOW, Stepped
from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.commands import Change, FinishEpoch, RestoreBest, Step
from mnistviz.engine.digits import Digits, grey_values
from mnistviz.engine.distortion import Distortion
from mnistviz.engine.futures import (
    BEFORE,
    KEPT_ORDERS,
    MINI_BATCHES,
    ORDERS,
    Costs,
    Forecast,
    Future,
    Varied,
    add_future,
    affordable_length,
    look_ahead,
)
from mnistviz.engine.network import Network
from mnistviz.engine.randomness import generator, order_of_epoch
from mnistviz.engine.replay import Replay
from mnistviz.engine.run import Run
from mnistviz.engine.schedule import ScheduleState
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, TrainerState
from mnistviz.engine.verdicts import Verdict, compare_few_orders, compare_orders
from tests.engine.time_machine import START, recorded, trained
from tests.examples import one_quick


def really(run: Run, step: int) -> tuple[NDArray[np.float64], float]:
    """The costs of a run after `step` mini-batches, and the share of validation digits that it misreads at its end."""
    replay = Replay(run.record(), recorded(run).trainer(), run.step, costs_from=step)
    while not replay.advance():
        pass
    network, validation = replay.trainer.network, run.digits.validation
    wrong = len(validation) - network.evaluate(validation)
    return np.array([cost for _, cost, _ in replay.costs]), wrong / len(validation)


@one_quick(
    ("varied", "value", "settings"),
    [
        ("eta", 20.0, START),
        ("eta", 0.3, START.changed(schedule="cosine", schedule_epochs=2, dropout=0.2)),
        ("eta", 40.0, START.changed(schedule="halve", schedule_epochs=1, momentum=0.5, eta=40.0)),
        ("eta", 0.1, START.changed(shift=1)),
        ("momentum", 0.9, START.changed(eta=0.2)),
        ("momentum", 0.0, START.changed(eta=0.2, momentum=0.8, momentum_kind="nesterov")),
    ],
    quick=3,
)
def test_a_future_is_bit_for_bit_what_the_run_comes_to_with_that_value(
    small_digits: Digits, varied: Varied, value: float, settings: Settings
) -> None:
    """Also across the end of an epoch, whose last mini-batch is short."""
    forecast = look_ahead(recorded(trained(small_digits, Step(80), settings=settings)), 80, varied, (value,))
    change = () if getattr(settings, varied) == value else (Change({varied: value}),)
    costs, misread = really(trained(small_digits, Step(80), *change, Step(200), settings=settings), 80)
    future = forecast.of(value)
    np.testing.assert_array_equal(future.costs.values, costs)
    assert len(costs) == MINI_BATCHES
    assert future.misread == misread
    assert forecast.until - forecast.digits == 203 + 1_003 + 780


def test_other_mini_batches_train_on_as_many_digits(small_digits: Digits) -> None:
    forecast = look_ahead(recorded(trained(small_digits, Step(10))), 10, "mini_batch_size", (3, 10, 64))
    assert [future.value for future in forecast.futures] == [3, 10, 64]
    for future, size in zip(forecast.futures, (3, 10, 64), strict=True):
        grown = trained(
            small_digits, Step(10), Change({"mini_batch_size": size}), Step(len(future.costs.values))
        )
        np.testing.assert_array_equal(future.costs.values, really(grown, 10)[0])
        assert abs(grown.trainer.digits_consumed - forecast.until) <= size / 2
        assert future.costs.digits[:2].tolist() == [100, 100 + size]
    assert forecast.current is forecast.futures[1]


def test_what_the_hand_has_just_done_is_in_every_future(small_digits: Digits) -> None:
    """Of several changes before one mini-batch only the net change acts: the momentum was never off."""
    settings = START.changed(momentum=0.7, eta=0.2)
    before = Step(60), Change({"momentum": 0.0, "eta": 0.5})
    forecast = look_ahead(recorded(trained(small_digits, *before, settings=settings)), 60, "momentum", (0.7,))
    really_back = (*before, Change({"momentum": 0.7}), Step(200))
    costs, _ = really(trained(small_digits, *really_back, settings=settings), 60)
    np.testing.assert_array_equal(forecast.of(0.7).costs.values, costs)
    costs, _ = really(trained(small_digits, *before, Step(200), settings=settings), 60)
    np.testing.assert_array_equal(forecast.current.costs.values, costs)
    by_hand = (*before, Stepped(*NOW, 0.5, (1, 2, 3)))
    forecast = look_ahead(recorded(trained(small_digits, *by_hand, settings=settings)), 60, "eta", (0.5,))
    other, _ = really(trained(small_digits, *by_hand, Step(200), settings=settings), 60)
    np.testing.assert_array_equal(forecast.current.costs.values, other)
    assert not np.array_equal(costs, other)


def test_a_plan_is_in_every_future(small_digits: Digits) -> None:
    run = trained(small_digits, Step(80))
    forecast = look_ahead(recorded(run), 60, "eta", (0.5,), 20, now=START.changed(weight_decay=2.0))
    change = Change({"weight_decay": 2.0, "eta": 0.5})
    costs, _ = really(trained(small_digits, Step(60), change, Step(20)), 60)
    np.testing.assert_array_equal(forecast.of(0.5).costs.values, costs)
    assert forecast.current is forecast.of(1.0)


def test_the_past_has_futures_and_looking_changes_nothing(small_digits: Digits) -> None:
    commands = FinishEpoch(), Change({"eta": 0.5}), Step(150), RestoreBest(), Step(30)
    run = trained(small_digits, *commands)
    parameters, record, history = run.state().parameters.copy(), run.record(), run.recorder.history
    forecast = look_ahead(recorded(run), 150, "eta", (0.1, 0.5, 4.0))
    costs, _ = really(run, 30)
    ahead = forecast.of(0.5).costs.values
    np.testing.assert_array_equal(ahead[:100], costs[120:220], "the run went this way, until it went back")
    np.testing.assert_array_equal(forecast.before.values, costs[:120])
    assert len(forecast.before.values) == BEFORE
    assert forecast.before.digits[-1] == forecast.digits - 10
    assert np.array_equal(run.state().parameters, parameters)
    assert run.record() == record
    assert run.recorder.history is history


def test_a_placebo_is_no_difference_and_a_far_worse_value_is(small_digits: Digits) -> None:
    """Values next to that of now are called a difference in few of the runs; one that ruins the network always is."""
    said = []
    for step in range(20, 84, 8):
        forecast = look_ahead(
            recorded(trained(small_digits, Step(step))), step, "eta", (1.0001, 0.9999, 500.0), 40
        )
        assert forecast.verdict(forecast.of(500.0)).outcome == "worse"
        said += [forecast.verdict(forecast.of(value)).sureness for value in (1.0001, 0.9999)]
        assert forecast.verdict(forecast.current).outcome == "equal"
    assert said.count("no clear difference") >= len(said) - 3


def test_the_best_value_is_compared_in_orders_that_it_was_not_chosen_by(small_digits: Digits) -> None:
    forecast = look_ahead(recorded(trained(small_digits, Step(60))), 60, "eta", (0.1, 0.5, 6.0), 40)
    best, keeping = forecast.best, forecast.current
    assert best is not None
    assert best is not keeping
    assert set(keeping.otherwise) == set(best.otherwise) == set(range(1, 7))
    others = [future for future in forecast.futures if future not in (best, keeping)]
    assert {len(future.otherwise) for future in others} == {1}
    assert sum(best.first_two) == max(sum(future.first_two) for future in (best, *others))
    chosen_by = next(iter(best.otherwise))
    orders = [order for order in range(1, 7) if order != chosen_by]
    by_hand = compare_orders(
        [1 - keeping.otherwise[order] for order in orders],
        [1 - best.otherwise[order] for order in orders],
        forecast.read,
    )
    assert set(orders) == set(best.otherwise) - {chosen_by}
    assert forecast.verdict(best).p == pytest.approx(by_hand.p)


def test_an_order_is_the_same_for_every_value_with_the_digits_of_the_run(small_digits: Digits) -> None:
    """The loop by hand in another order: the digits from 600 to 1,000 of the epoch, permuted among themselves."""
    run = trained(small_digits, Step(60))
    forecast = look_ahead(recorded(run), 60, "eta", (0.5,), 40)
    for value in (0.5, 1.0):
        for order, misread in forecast.of(value).otherwise.items():
            numbers = order_of_epoch(START.seed, 0, 1_003)[600:1_000]
            numbers = generator(START.seed, "future", 0, order).permutation(numbers)
            network = Network(START.sizes, **START.network_options())
            network.parameters[:] = run.state().parameters
            for batch in numbers.reshape(40, 10):
                x = grey_values(small_digits.training.images[batch])
                y = np.eye(10, dtype=np.float32)[small_digits.training.labels[batch]]
                network.update_mini_batch((x, y), value)
            assert abs(misread - (1 - network.evaluate(small_digits.validation) / 300)) < 0.004


def test_how_much_the_order_does_is_taken_from_a_value_and_its_neighbours() -> None:
    """The value of now, 1.0, is known in seven orders, and the others in two."""
    ends = {0.5: (0.2, 0.21), 0.7: (0.18, 0.18), 2.0: (0.15, 0.13), 4.0: (0.25, 0.25), 8.0: (0.3, 0.33)}
    none = Costs(np.empty(0, np.int64), np.empty(0))
    kept = dict(enumerate((0.205, 0.195, 0.2, 0.203, 0.197, 0.2), 1))
    known = [Future(value, none, first, {1: other}) for value, (first, other) in ends.items()]
    futures = tuple(sorted((*known, Future(1.0, none, 0.2, kept)), key=lambda each: each.value))
    empty = np.empty(0, np.float32)
    state = TrainerState(START, 100, Cursor(0, 1_000), empty, empty, ScheduleState())
    forecast = Forecast(100, 1_000, "eta", START, 40, 1_400, 1_000, none, 0.3, futures, state)
    keeping = [1 - misread for misread in (0.2, *kept.values())]

    def expected(value: float, *three: float) -> Verdict:
        squares = [
            max((first - other) ** 2 / 2, 0.0005**2) for first, other in (pairs[each] for each in three)
        ]
        return compare_few_orders(
            keeping, [1 - each for each in ends[value]], float(np.mean(squares)), 3, 1_000, len(ends)
        )

    pairs = {**ends, 1.0: (0.2, 0.205)}
    for value, three in {
        0.5: (0.5, 0.7, 1.0),
        0.7: (0.5, 0.7, 1.0),
        2.0: (1.0, 2.0, 4.0),
        8.0: (2.0, 4.0, 8.0),
    }.items():
        verdict = forecast.verdict(forecast.of(value))
        assert (verdict.p, verdict.margin) == pytest.approx(
            (expected(value, *three).p, expected(value, *three).margin)
        )
    best = forecast.best
    assert best is not None
    assert best.value == 2.0
    assert forecast.verdict(best).difference == pytest.approx(0.2 - 0.14)


def test_one_more_value_joins_the_others(small_digits: Digits) -> None:
    run = recorded(trained(small_digits, Step(80)))
    more = add_future(run, look_ahead(run, 80, "eta", (0.1, 5.0)), 0.3)
    assert [future.value for future in more.futures] == [0.1, 0.3, 1.0, 5.0]
    whole = look_ahead(run, 80, "eta", (0.3,))
    np.testing.assert_array_equal(more.of(0.3).costs.values, whole.of(0.3).costs.values)
    assert add_future(run, more, 0.3) is more


def test_weights_that_run_away_misread_all(small_digits: Digits) -> None:
    settings = START.changed(sizes=(784, 30, 20, 10), activation="relu", eta=0.01, weight_decay=5.0)
    forecast = look_ahead(
        recorded(trained(small_digits, Step(20), settings=settings)), 20, "eta", (1000.0,), 60
    )
    worst = forecast.of(1000.0)
    assert not np.isfinite(worst.costs.values).all()
    assert worst.misread == 1.0
    verdict = forecast.verdict(worst)
    assert (verdict.sureness, verdict.outcome) == ("clearly", "worse")


def test_it_tells_how_far_it_is_and_can_be_taken_back(small_digits: Digits) -> None:
    run, told = recorded(trained(small_digits, Step(5))), []
    look_ahead(run, 5, "eta", (2.0, 3.0), 64, progress=lambda done, of: told.append((done, of)))
    trainings = (
        2 * 3 + (KEPT_ORDERS - 1) + (KEPT_ORDERS - 1)
    )  # more orders of the value of now, and of the best
    assert {of for _, of in told} == {trainings * 640}
    assert [done for done, _ in told] == list(range(0, trainings * 640, 320))
    asked = count()
    with pytest.raises(Withdrawn):
        look_ahead(run, 5, "eta", (2.0,), cancelled=lambda: next(asked) > 6)
    with pytest.raises(ValueError, match="not 6"):
        look_ahead(run, 6, "eta", (2.0,))


def test_digits_are_gathered_once_for_all(small_digits: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
    run = recorded(trained(small_digits, Step(80), settings=START.changed(shift=2)))
    shown: list[int] = []
    moved = Distortion.apply

    def counted(self: Distortion, images: NDArray[np.uint8], start: int) -> NDArray[np.uint8]:
        shown.append(len(images))
        return moved(self, images, start)

    monkeypatch.setattr(Distortion, "apply", counted)
    values = tuple(map(float, range(2, 2 + 2 * ORDERS)))
    look_ahead(run, 80, "eta", values[:ORDERS], 10)
    for_some = sum(shown)
    shown.clear()
    look_ahead(run, 80, "eta", values, 10)
    assert sum(shown) == for_some > 0
    shown.clear()
    monkeypatch.setattr(futures, "MOST_SHARED", 0)
    look_ahead(run, 80, "eta", values, 10)
    assert sum(shown) > for_some, "no more is kept than there is memory for"


def test_large_networks_look_less_far_ahead() -> None:
    settings = Settings()
    assert affordable_length(settings, 23_860, [10] * 21, 4, 200) == 200
    assert affordable_length(settings, 23_860, [10] * 21, 4, 2_000) == 2_000
    assert affordable_length(settings.changed(mini_batch_size=100), 5_000_000, [100] * 21, 4, 200) == 10
    elastic = settings.changed(elastic=1.0, mini_batch_size=20)
    less, more = (affordable_length(elastic, 500_000, [20] * 21, ways, 500) for ways in (21, 4))
    assert 10 < less < more < 500
