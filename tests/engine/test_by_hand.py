"""Weights set by hand, units that stop learning, drawings that are taught: acts like others, taken back exactly."""

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from mnistviz.engine.acts import (
    BIAS,
    NOW,
    Changed,
    Edited,
    Frozen,
    Intervention,
    Lesson,
    Nudged,
    Stepped,
    Taught,
    WeightEdit,
    check_fits,
    places_of,
    summed_up,
    switched_off,
)
from mnistviz.engine.commands import Change, Command, FinishEpoch, Pause, Restore, Step, TakeBack
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.acts_json import act_as_json, act_from_json
from mnistviz.engine.experiment.recipe_line import line_of, read_line
from mnistviz.engine.microscope.mini_batch import mini_batch_at
from mnistviz.engine.microscope.step_summary import without
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.problems import Problem
from mnistviz.engine.replay import moment_of
from mnistviz.engine.run import MOST_UNDONE, Run
from mnistviz.engine.trials import RecordedRun
from mnistviz.engine.workspace import weights_and_biases
from tests.engine.made_up import eta
from tests.engine.microscope.plain_backprop import Array, layers_of, plain_digit
from tests.engine.test_recipe_line import DATA, recipe_of
from tests.engine.test_record import (
    BUSY,
    SMALL,
    assert_same_state,
    new_run,
    obeyed,
    rest,
    to_the_end_of_an_epoch,
)
from tests.engine.time_machine import newest, state_at

DRAWING = bytes(range(256)) * 3 + bytes(16)
EDIT = WeightEdit(1, ((2, 300), (3, BIAS), (0, 0)), (1.5, -0.25, 0.0))
LESSON = Lesson(DRAWING, 7, 0.5, (3, 41), 4)


def weights_of(run: Run) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    return weights_and_biases(run.state().parameters, SMALL.sizes)


def test_an_edit_sets_these_weights_and_nothing_else(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits, replace(SMALL, momentum=0.9)), Step(3))
    before = run.state()
    obeyed(run, Edited(*NOW, EDIT))
    after = run.state()
    (w, _), (b, _) = weights_of(run)
    assert (w[2, 300], b[3], w[0, 0]) == (1.5, -0.25, 0)
    assert np.count_nonzero(after.parameters != before.parameters) == 3
    assert_same_state(replace(after, parameters=before.parameters), before)
    assert run.recorder.history.interventions == (Edited(3, 30, EDIT),)


def test_values_are_kept_as_float32_has_them(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits), Edited(*NOW, WeightEdit(2, ((0, 0), (0, 1)), (1 / 3, -0.0))))
    [act] = run.recorder.history.interventions
    assert isinstance(act, Edited)
    assert act.edit.values == (0.33333334, 0.0)
    assert np.float32(act.edit.values[0]) == weights_of(run)[0][1][0, 0] == np.float32(1 / 3)


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_a_unit_that_is_switched_off_says_nothing_any_more(small_digits: Digits, activation: str) -> None:
    network = Network((784, 6, 5, 10), 3, activation=activation)
    x = small_digits.test.images[:9] / np.float32(255)
    off = network.copy()
    switched_off(network, Unit(1, 4)).apply(off)
    masks = [np.where(np.arange(6) == 4, 0, 1), np.ones(5)]
    layers = layers_of(network.parameters, network.sizes)
    expected = [plain_digit(network, layers, each, np.zeros(10), masks).a[-1] for each in x]
    np.testing.assert_allclose(off.feedforward(x), expected, rtol=1e-4, atol=1e-6)
    assert np.count_nonzero(off.parameters != network.parameters) == 5


@pytest.mark.parametrize("rules", [{}, BUSY, {**BUSY, "momentum_kind": "nesterov"}, {"weight_decay": 5.0}])
def test_a_frozen_unit_stays_and_the_others_learn(small_digits: Digits, rules: dict[str, Any]) -> None:
    settings = replace(SMALL, **rules)
    run = obeyed(new_run(small_digits, settings), Step(3), Frozen(*NOW, Unit(1, 2)), Frozen(*NOW, Unit(2, 7)))
    before, frozen = run.state(), (Unit(1, 2), Unit(2, 7))
    obeyed(run, Step(8), Stepped(*NOW, 0.5, (1, 2)), Taught(*NOW, LESSON))
    after, still = run.state(), places_of(frozen, SMALL.sizes)
    assert len(still) == 785 + 5
    assert (after.parameters[still] == before.parameters[still]).all()
    moved = after.parameters != before.parameters
    assert all(w.any() for w in weights_and_biases(moved, SMALL.sizes)[0])
    assert after.frozen == frozen
    assert moment_of(1, run.start, 53, state_at(run, 8), "exact").frozen == frozen
    obeyed(run, Frozen(*NOW, Unit(1, 2), frozen=False), Step(1))
    assert run.state().frozen == ((2, 7),)
    assert (weights_of(run)[0][0][2] != weights_and_biases(after.parameters, SMALL.sizes)[0][0][2]).any()


def test_a_unit_that_learns_again_begins_at_rest(small_digits: Digits) -> None:
    run = obeyed(
        new_run(small_digits, replace(SMALL, momentum=0.9)), Step(3), Frozen(*NOW, Unit(1, 2)), Step(2)
    )
    assert not run.state().velocity[places_of([Unit(1, 2)], SMALL.sizes)].any()
    assert run.state().velocity.any()


def test_going_back_brings_the_frozen_units_of_then(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits), Step(3), Frozen(*NOW, Unit(1, 1)), FinishEpoch())
    obeyed(run, Frozen(*NOW, Unit(2, 5)), Step(2), Restore(run.state()))
    assert run.state().frozen == ((1, 1),)
    obeyed(run, Step(1))
    assert_same_state(state_at(run, run.step), run.state())


def test_a_frozen_unit_takes_no_part_in_the_step_under_the_microscope(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits, SMALL.changed(**BUSY)), Step(3), Frozen(*NOW, Unit(1, 2)), Step(2))
    batch = mini_batch_at(RecordedRun(run.record(), run.start, small_digits), 4)
    still = places_of([Unit(1, 2)], SMALL.sizes)
    for part in ("gradient", "momentum", "decay", "rounding", "moved"):
        values = getattr(batch.parts, part)
        assert not values[still].any()
        assert values.any()
    assert abs(batch.gradient[still]).any()
    assert (without(batch, 0)[still] == batch.state.parameters[still]).all()


def plainly_taught(run: Run, lesson: Lesson, digits: Digits) -> Array:
    """The weights after a lesson, one digit and one step at a time."""
    w = run.state().parameters.astype(np.float64)
    images = [lesson.image, *(digits.training.images[number] for number in lesson.beside)]
    labels = [lesson.label, *(digits.training.labels[number] for number in lesson.beside)]
    for _ in range(lesson.steps):
        each = [
            plain_digit(run.start, layers_of(w, SMALL.sizes), image / 255, np.eye(10)[label], ())
            for image, label in zip(images, labels, strict=True)
        ]
        gradient = [
            np.mean([getattr(digit, kind)[layer] for digit in each], axis=0).ravel()
            for kind in ("nabla_w", "nabla_b")
            for layer in range(2)
        ]
        w = w - lesson.eta * np.concatenate(gradient)
    return w


@pytest.mark.parametrize("lesson", [LESSON, Lesson(DRAWING, 3, 2.0), Lesson(bytes(784), 0, 3.0, (), 50)])
def test_a_lesson_follows_the_gradient_of_drawing_and_digits(small_digits: Digits, lesson: Lesson) -> None:
    """A blank drawing, too. No mini-batch and no digits consumed; at rest afterwards."""
    run = obeyed(new_run(small_digits, SMALL.changed(**BUSY)), Step(3))
    before, expected = run.state(), plainly_taught(run, lesson, small_digits)
    obeyed(run, Taught(*NOW, lesson))
    after = run.state()
    np.testing.assert_allclose(after.parameters, expected, rtol=0, atol=1e-5)
    assert (after.step, after.cursor, after.settings) == (before.step, before.cursor, before.settings)
    assert not after.velocity.size
    assert run.recorder.history.interventions == (Taught(3, 30, lesson),)


@pytest.mark.parametrize(
    "acts",
    [
        (Edited(*NOW, EDIT),),
        (Frozen(*NOW, Unit(1, 2)),),
        (Taught(*NOW, LESSON),),
        (Taught(*NOW, Lesson(bytes([255] * 784), 5, 100.0, (), 50)),),
        (Stepped(*NOW, 0.5, (1,)),),
        (Edited(*NOW, EDIT), Frozen(*NOW, Unit(1, 1)), Change({"eta": 0.5}), Taught(*NOW, LESSON), None),
    ],
)
def test_edits_are_undone_to_the_last_bit(small_digits: Digits, acts: tuple[Command | None, ...]) -> None:
    run = obeyed(
        new_run(small_digits, replace(SMALL, momentum=0.9)), FinishEpoch(), Step(3), Frozen(*NOW, Unit(2, 1))
    )
    before, done = run.state(), run.recorder.history.interventions
    obeyed(run, *(act or Restore(before) for act in acts))
    obeyed(run, *(TakeBack() for act in acts if not isinstance(act, Change)))
    assert all(isinstance(act, Changed) for act in run.recorder.history.interventions[len(done) :])
    obeyed(run, Change({"eta": SMALL.eta}))
    after = run.state()
    assert_same_state(after, before)
    assert run.recorder.history.interventions == done
    told = newest(run.mailbox)
    assert told.can_take_back  # the unit that was frozen before
    assert told.moment.frozen == ((2, 1),)
    network = run.start.copy()
    network.parameters[...] = after.parameters
    assert told.evaluations["test"].right == network.evaluate(small_digits.test)
    obeyed(run, Step(2))
    assert_same_state(state_at(run, run.step), run.state())
    told = newest(run.mailbox)
    assert not told.can_take_back


def test_nothing_is_taken_back_once_a_mini_batch_has_followed(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits), Step(3), Edited(*NOW, EDIT), Step(1))
    before = run.state()
    obeyed(run, TakeBack())
    assert_same_state(run.state(), before)
    assert len(run.recorder.history.interventions) == 1
    obeyed(run, Frozen(*NOW, Unit(1, 0)), TakeBack(), TakeBack())
    assert_same_state(run.state(), before)


def test_at_the_end_of_an_epoch_it_waits_for_the_judgement(small_digits: Digits) -> None:
    run = to_the_end_of_an_epoch(new_run(small_digits))
    run.handle(Edited(*NOW, EDIT))
    run.handle(Taught(*NOW, LESSON))
    run.handle(TakeBack())
    assert not run.recorder.history.interventions
    run.handle(Pause())
    rest(run)
    assert run.recorder.history.interventions == (Edited(6, 53, EDIT),)


def test_as_many_acts_as_are_kept_are_taken_back(small_digits: Digits) -> None:
    edits = [WeightEdit(2, ((0, 0),), (float(number),)) for number in range(MOST_UNDONE + 3)]
    run = obeyed(
        new_run(small_digits),
        *(Edited(*NOW, each) for each in edits),
        *(TakeBack() for _ in range(MOST_UNDONE + 5)),
    )
    assert weights_of(run)[0][1][0, 0] == 2


LACKING: tuple[Command, ...] = (
    Stepped(*NOW, 0.0, (5, 0)),
    Stepped(*NOW, float("nan"), (5, 0)),
    Stepped(*NOW, 1.0, ()),
    Stepped(*NOW, 1.0, (53,)),
    Stepped(*NOW, 1.0, (-1,)),
    Edited(*NOW, WeightEdit(3, ((0, 0),), (1.0,))),
    Edited(*NOW, WeightEdit(1, ((4, 0),), (1.0,))),
    Edited(*NOW, WeightEdit(1, ((0, 784),), (1.0,))),
    Edited(*NOW, WeightEdit(1, ((0, -2),), (1.0,))),
    Edited(*NOW, WeightEdit(1, ((0, 0), (0, 0)), (1.0, 1.0))),
    Edited(*NOW, WeightEdit(1, ((0, 0),), (1.0, 2.0))),
    Edited(*NOW, WeightEdit(1, (), ())),
    Edited(*NOW, WeightEdit(1, ((0, 0),), (float("nan"),))),
    Edited(*NOW, WeightEdit(1, ((0, 0),), (1e300,))),
    Frozen(*NOW, Unit(1, 4)),
    Frozen(*NOW, Unit(3, 0)),
    Frozen(*NOW, Unit(1, -1)),
    Frozen(*NOW, Unit(1, 1), frozen=False),
    Taught(*NOW, replace(LESSON, pixels=bytes(3))),
    Taught(*NOW, replace(LESSON, label=10)),
    Taught(*NOW, replace(LESSON, eta=0.0)),
    Taught(*NOW, replace(LESSON, beside=(53,))),
    Taught(*NOW, replace(LESSON, steps=51)),
    Taught(*NOW, replace(LESSON, steps=0)),
    Taught(*NOW, replace(LESSON, beside=(1,) * 1_001)),
)


def test_what_the_network_lacks_is_refused_and_costs_nothing(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits), Step(2))
    before = run.state()
    for command in LACKING:
        obeyed(run, command)
        assert_same_state(run.state(), before)
        assert not run.recorder.history.interventions, command
        if isinstance(command, Edited | Taught) or (isinstance(command, Frozen) and command.frozen):
            with pytest.raises((ValueError, Problem)):
                check_fits(replace(command, step=0, digits=0), SMALL)


def test_a_run_that_has_diverged_is_not_changed_by_hand(small_digits: Digits) -> None:
    run = new_run(small_digits)
    run.trainer.network.weights[0][...] = np.inf
    obeyed(run, Step(1), Edited(*NOW, EDIT), Frozen(*NOW, Unit(1, 1)), Taught(*NOW, LESSON))
    assert not run.recorder.history.interventions
    obeyed(run, Restore(replace(run.recorder.start, step=0)), Edited(*NOW, EDIT))
    assert len(run.recorder.history.interventions) == 2


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (Edited(2, 20, WeightEdit(1, ((3, BIAS),), (0.5,))), "set 0 3.b=0.5"),
        (Frozen(2, 20, Unit(1, 3)), "freeze 0.3"),
        (Nudged(2, 20, 2, 3, 1), "nudge 1.3.1"),
    ],
)
def test_files_and_lines_count_layers_from_0_as_earlier_ones_do(act: Intervention, said: str) -> None:
    assert act_as_json(act)[3] == int(said.split()[1].partition(".")[0])
    line = f"784-4-10 seed 1 η 3; 2: {said}; → 3"
    read = read_line(line).recipe
    assert [replace(each, digits=20) for each in read.acts] == [act]
    assert line_of(read, "").startswith(line)


@pytest.mark.parametrize(
    "values",
    [
        [2, 20, "edited", 0, [[1]], [1.0]],
        [2, 20, "edited", 0, [[1, 2]], ["x"]],
        [2, 20, "edited", 0, [["a", 2]], [1.0]],
        [2, 20, "frozen", 0, 1, 1],
        [2, 20, "taught", "?", 1, 0.5, [], 1],
        [2, 20, "taught", "AA==", 1, 0.5, [-1], 1],
    ],
)
def test_what_is_no_act_is_refused(values: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        act_from_json(values)


def test_how_they_stand_in_a_line(small_digits: Digits) -> None:
    run = obeyed(
        new_run(small_digits),
        Step(2),
        Edited(*NOW, EDIT),
        Frozen(*NOW, Unit(1, 3)),
        Step(1),
        Frozen(*NOW, Unit(1, 3), frozen=False),
    )
    line = line_of(recipe_of(run), DATA)
    assert "; 2: set 0 2.300=1.5 3.b=-0.25 0.0=0; 2: freeze 0.3; 3: thaw 0.3; → 3; " in line
    assert [replace(act, digits=0) for act in run.record().acts] == list(read_line(line).recipe.acts)
    obeyed(run, Taught(*NOW, LESSON))
    with pytest.raises(Problem, match="line_of_taught_drawing"):
        line_of(recipe_of(run), DATA)


@pytest.mark.parametrize(
    "act",
    ["set 0 9.0=1", "set 0 0.0", "set 0 0.0=x", "set 0 0.0=1e99", "freeze 0.4", "thaw 5.0", "nudge 0.9.9"],
)
def test_a_line_with_an_act_that_its_network_lacks_is_refused(act: str) -> None:
    with pytest.raises(Problem):
        read_line(f"784-4-10 seed 1 η 3; 2: {act}; → 3")


def test_each_thing_done_by_hand_is_told_for_itself() -> None:
    acts: tuple[Intervention, ...] = (
        Edited(2, 20, EDIT),
        Frozen(2, 20, Unit(1, 3)),
        Frozen(3, 30, Unit(1, 3), frozen=False),
        Taught(3, 30, LESSON),
    )
    twice = [*acts, *acts, Nudged(4, 40, 1, 1, 2)]
    assert summed_up(twice) == twice


def test_changes_that_were_undone_are_told_if_mini_batches_lie_between() -> None:
    there, back = eta(7, 3.0, 100.0, 1), eta(9, 100.0, 3.0, 2)
    assert summed_up([there, back]) == [there, back]
    assert summed_up([there, replace(back, step=7)]) == summed_up([there, replace(back, gesture=1)]) == []
