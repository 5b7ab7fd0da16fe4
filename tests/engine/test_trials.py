"""What is tried equals what really comes: a remedy applied, and a run without a change."""

from collections.abc import Sequence

import numpy as np
import pytest

from mnistviz.engine import trials
from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.causes import ChangeStretch, last_change
from mnistviz.engine.commands import Change, Command, FinishEpoch, RestoreBest, StepDigits
from mnistviz.engine.digits import Digits
from mnistviz.engine.randomness import order_of_epoch
from mnistviz.engine.recipes import RECIPES
from mnistviz.engine.run import Run
from mnistviz.engine.trials import (
    PAIRS,
    ChangeResult,
    Remedy,
    RemedyResult,
    ordered_trainer,
    try_remedy,
    try_without,
)
from tests.engine.time_machine import START, recorded, trained
from tests.present import there

LENGTH = 3_000


@pytest.fixture(autouse=True)
def short_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "LEAST_DIGITS", LENGTH)


def length(digits: Digits) -> int:
    return max(LENGTH, digits.epoch(START))


def share(run: Run) -> float:
    """The share of the validation digits that it reads right now."""
    digits, network = run.digits, run.start.copy()
    network.parameters[...] = run.state().parameters
    return network.evaluate(digits.validation) / len(digits.validation)


def test_a_remedy_gives_what_the_run_really_gives_with_it(small_digits: Digits) -> None:
    before = (FinishEpoch(), StepDigits(200))
    run = trained(small_digits, *before)
    found = try_remedy(recorded(run), run.trainer.settings, Remedy({"eta": 0.3}))
    alone = trained(small_digits, *before, StepDigits(length(small_digits)))
    remedied = trained(small_digits, *before, Change({"eta": 0.3}), StepDigits(length(small_digits)))
    want = share(alone), share(remedied)
    assert (found.without[0], found.remedied[0], found.digits) == (*want, length(small_digits))
    assert want[0] != want[1]
    assert len(found.without) == len(found.remedied) == PAIRS


def test_a_win_by_chance_is_no_help(small_digits: Digits) -> None:
    """Of a chaotic run a placebo wins digits now and then; other orders of the digits win as many."""
    run = trained(small_digits, FinishEpoch(), settings=START.changed(eta=20.0))
    found = try_remedy(recorded(run), run.trainer.settings, Remedy({"eta": 20.0001}))
    assert len(set(found.without)) == PAIRS, "one tiny change makes them others"


def test_going_back_to_the_best_is_tried_as_it_is_done(small_digits: Digits) -> None:
    before = (FinishEpoch(), Change({"eta": 50.0}), StepDigits(400))
    run = trained(small_digits, *before)
    remedy = Remedy({"eta": 1.0}, back_to=there(run.recorder.best)[1].step)
    found = try_remedy(recorded(run), run.trainer.settings, remedy)
    really = trained(
        small_digits, *before, RestoreBest(), Change({"eta": 1.0}), StepDigits(length(small_digits))
    )
    assert found.remedied[0] == share(really)
    assert found.helps


def test_new_runs_are_tried_with_three_seeds_each_beside_the_same_without(small_digits: Digits) -> None:
    settings = START.changed(seed=7)
    run = trained(small_digits, StepDigits(100), settings=settings)
    found = try_remedy(recorded(run), settings, Remedy({"initial_weights": "scaled"}, in_new_run=True))
    for weights, shares in (("normal", found.without), ("scaled", found.remedied)):
        for seed, right in zip((7, 8, 9), shares, strict=True):
            made = START.changed(seed=seed, initial_weights=weights)
            assert right == share(trained(small_digits, StepDigits(length(small_digits)), settings=made))


def test_trying_changes_nothing_of_the_run(small_digits: Digits) -> None:
    run = trained(small_digits, FinishEpoch(), Change({"eta": 0.5}), StepDigits(2_000))
    parameters, record = run.state().parameters, run.record()
    try_remedy(recorded(run), run.trainer.settings, Remedy({"eta": 0.3}))
    try_without(recorded(run), stretch(run))
    assert np.array_equal(run.state().parameters, parameters)
    assert run.record().acts == record.acts


def test_a_trial_that_nobody_waits_for_ends_at_once(small_digits: Digits) -> None:
    run = trained(small_digits, StepDigits(2_000), Change({"eta": 0.5}), StepDigits(2_000))
    with pytest.raises(Withdrawn):
        try_remedy(recorded(run), run.trainer.settings, Remedy({"eta": 0.3}), lambda: True)
    with pytest.raises(Withdrawn):
        try_without(recorded(run), stretch(run), lambda: True)


def test_it_says_how_far_it_is(small_digits: Digits) -> None:
    run = trained(small_digits, StepDigits(100))
    told: list[tuple[int, int]] = []
    try_remedy(
        recorded(run),
        run.trainer.settings,
        Remedy({"eta": 0.3}),
        progress=lambda done, of: told.append((done, of)),
    )
    assert told == sorted(told)
    assert {of for _, of in told} == {2 * PAIRS * length(small_digits)}
    assert told[0][0] == 0
    assert told[-1][0] > 5.8 * length(small_digits)


def test_weights_that_are_no_numbers_read_nothing(small_digits: Digits) -> None:
    run = trained(small_digits, StepDigits(2_000), settings=RECIPES["deep-relu"].settings.changed(eta=100.0))
    found = try_remedy(recorded(run), run.trainer.settings, Remedy({"eta": 0.1}))
    assert (found.without, found.remedied, found.helps) == ((0.0,) * PAIRS, (0.0,) * PAIRS, False)


def stretch(run: Run) -> ChangeStretch:
    return there(last_change(run.recorder.history, run.digits.epoch(run.trainer.settings)))


def costs(run: Run, begin: int, end: int) -> float:
    """The mean cost of the digits from `begin` to `end`, by the history of a short run: a column a mini-batch."""
    rows = run.recorder.history.costs.rows
    part = rows[(rows["first_digits"] >= begin) & (rows["first_digits"] < end)]
    assert (part["count"] == 1).all()
    return float(part["total"].sum() / part["count"].sum())


DRAG = Change({"eta": 0.5}, 3), StepDigits(100), Change({"eta": 0.05}, 3)


@pytest.mark.parametrize(
    ("before", "acts", "digits"), [(1_280, [Change({"eta": 0.05})], 2_780), (1_500, DRAG, 3_100)]
)
def test_without_the_change_or_a_whole_drag_the_cost_is_that_of_the_run_that_was_not_changed(
    small_digits: Digits, before: int, acts: Sequence[Command], digits: int
) -> None:
    run = trained(small_digits, StepDigits(before), *acts, StepDigits(1_500))
    is_kept = any(state.step == before // 10 for state in run.record().snapshots)
    assert is_kept is (acts is not DRAG), "also where there is a state at the change"
    change = stretch(run)
    found = try_without(recorded(run), change)
    alone = trained(small_digits, StepDigits(digits))
    assert found is not None
    assert found.after == pytest.approx(costs(run, change.begin, change.end), rel=1e-6)
    assert found.without == pytest.approx(costs(alone, change.begin, change.end), rel=1e-6)


def test_a_placebo_is_no_difference(small_digits: Digits) -> None:
    run = trained(small_digits, StepDigits(1_500), Change({"weight_decay": 0.0001}), StepDigits(1_500))
    assert there(try_without(recorded(run), stretch(run))).verdict == "same"


def test_what_differs_less_than_other_orders_is_no_difference() -> None:
    without = (0.1, 0.11, 0.095, 0.105)
    assert ChangeResult((0.08, 0.11, 0.12, 0.09), without, 5_000).verdict == "same"
    assert ChangeResult((0.08, 0.089, 0.076, 0.085), without, 5_000).verdict == "less"
    assert ChangeResult(without, (0.08, 0.089, 0.076, 0.085), 5_000).verdict == "more"
    assert ChangeResult((0.0985, 0.1085, 0.0935, 0.1035), without, 5_000).verdict == "same", (
        "two in a hundred"
    )
    assert ChangeResult((0.09, 0.108, 0.09, 0.09), without, 5_000).verdict == "probably_less"
    assert ChangeResult(without, (0.09, 0.108, 0.09, 0.09), 5_000).verdict == "probably_more"


def test_a_cost_that_leaps_is_more_however_far_the_leaps_lie_apart() -> None:
    """η 3 → 100 after 7,000 mini-batches, in four orders."""
    leapt = ChangeResult((0.8911, 0.5027, 0.4994, 0.4904), (0.0738, 0.0733, 0.0741, 0.0735), 30_000)
    assert leapt.verdict == "more"


def test_another_order_has_the_digits_that_come_and_no_others(small_digits: Digits) -> None:
    """From digit 900 of an epoch of 1,003 on, over its end."""
    run = trained(small_digits, StepDigits(900))
    trainer = ordered_trainer(recorded(run), run.state(), 1, 300)
    plain = ordered_trainer(recorded(run), run.state(), 0, 300)
    for epoch, first, last in ((0, 900, 1_003), (1, 0, 197)):
        order, own = trainer.order_of(epoch), plain.order_of(epoch)
        np.testing.assert_array_equal(own, order_of_epoch(run.trainer.settings.seed, epoch, 1_003))
        assert sorted(order[first:last]) == sorted(own[first:last])
        assert list(order[first:last]) != list(own[first:last])
        np.testing.assert_array_equal(
            np.delete(order, slice(first, last)), np.delete(own, slice(first, last))
        )


def test_the_next_digits_of_a_run_that_trains_on_few_come_in_another_order(small_digits: Digits) -> None:
    run = trained(small_digits, StepDigits(80), settings=START.changed(training_digits=53))
    trainer = ordered_trainer(recorded(run), run.state(), 1, 20)
    assert (trainer.begin, trainer.until) == (83, 103)
    own = order_of_epoch(run.trainer.settings.seed, 1, 53)
    order = trainer.order_of(1)
    assert list(order[30:50]) != list(own[30:50])
    np.testing.assert_array_equal(np.delete(order, slice(30, 50)), np.delete(own, slice(30, 50)))


@pytest.mark.parametrize(
    ("without", "remedied", "helps"),
    [
        ((0.67, 0.71, 0.82), (0.95, 0.95, 0.95), True),
        ((0.500, 0.501, 0.502), (0.509, 0.510, 0.511), False),  # in each pair, but by less than a point
        ((0.50, 0.50, 0.50), (0.50, 0.50, 0.90), False),
        ((0.70, 0.78, 0.76), (0.77, 0.74, 0.76), False),
        ((0.708, 0.436, 0.671), (0.682, 0.486, 0.670), False),
        ((0.682, 0.566, 0.577), (0.708, 0.564, 0.656), False),  # η 3 → 3.0003 of 784-100-10: eight points in the median
    ],
)  # fmt: skip
def test_a_remedy_helps_if_its_win_is_worth_it_and_probably_not_by_chance(
    without: tuple[float, ...], remedied: tuple[float, ...], helps: bool
) -> None:
    assert RemedyResult(without, remedied, 50_000, 10_000).helps == helps
