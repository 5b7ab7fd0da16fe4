"""A run is its record: any step of it is had again to the last bit, from few snapshots, in bounded memory."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mnistviz.engine import recorder
from mnistviz.engine.acts import (
    BIAS,
    NOW,
    Changed,
    Edited,
    Frozen,
    Halved,
    Intervention,
    Lesson,
    Restored,
    Stepped,
    SteppedBack,
    Taught,
    WeightEdit,
    by_gesture,
    gesture_of,
)
from mnistviz.engine.commands import (
    Change,
    Command,
    FinishEpoch,
    Pause,
    Play,
    Restore,
    RestoreBest,
    SetSpeed,
    Step,
    TakeBack,
)
from mnistviz.engine.digits import Digits
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.moment import Evaluation
from mnistviz.engine.network import Unit
from mnistviz.engine.replay import Replay
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, Trainer, TrainerState
from tests.engine.time_machine import batch_at, best_of, never, newest, state_at
from tests.examples import examples

SMALL = Settings(sizes=(784, 4, 10), seed=4, eta=2.0, training_digits=53)
SPOILT = WeightEdit(2, ((5, BIAS),), (1_000.0,))  # with it a network reads all digits as 5, which are fewest


def new_run(digits: Digits, settings: Settings = SMALL) -> Run:
    run = Run(1, settings, digits, Mailbox(lambda: None))
    rest(run)
    return run


def rest(run: Run) -> None:
    for _ in range(10_000):
        if not run.work(never):
            return
    raise AssertionError("the run did not come to rest")


Plan = Sequence[tuple[Command, int]]  # commands, and how many slices a run works after each


def follow(run: Run, plan: Plan) -> None:
    """Has a run take the commands of a plan, and work in between."""
    for command, slices in plan:
        run.handle(command)
        for _ in range(slices):
            if not run.work(never):
                break


def obeyed(run: Run, *commands: Command) -> Run:
    """Does what is asked, one after another, and rests after each."""
    for command in commands:
        run.handle(command)
        rest(run)
    return run


def assert_same_state(one: TrainerState, other: TrainerState) -> None:
    assert (one.settings, one.step, one.cursor) == (other.settings, other.step, other.cursor)
    assert one.schedule_state == other.schedule_state
    assert one.parameters.tobytes() == other.parameters.tobytes()
    assert one.velocity.tobytes() == other.velocity.tobytes()
    assert one.frozen == other.frozen


@contextmanager
def snapshots_of(stride: int, states: float, size: int = SMALL.sizes[1]) -> Iterator[None]:
    """Snapshots that thin out after a few of them, as they do in long runs."""
    usual = recorder.FIRST_STRIDE, recorder.SNAPSHOT_BYTES
    parameters = 785 * size + 10 * (size + 1)
    recorder.FIRST_STRIDE, recorder.SNAPSHOT_BYTES = stride, int(states * 4 * parameters)
    try:
        yield
    finally:
        recorder.FIRST_STRIDE, recorder.SNAPSHOT_BYTES = usual


@contextmanager
def counted_steps() -> Iterator[list[int]]:
    """The steps of all trainers in this context, for what a replay costs."""
    steps: list[int] = []
    usual = Trainer.step

    def step(self: Trainer) -> float:
        steps.append(self.step_number)
        return usual(self)

    Trainer.step = step  # type: ignore[method-assign]
    try:
        yield steps
    finally:
        Trainer.step = usual  # type: ignore[method-assign]


LIVE: dict[str, st.SearchStrategy[Any]] = {
    "eta": st.sampled_from([0.1, 1.0, 3.0, 100.0]),
    "mini_batch_size": st.sampled_from([1, 7, 10, 53, 600]),
    "order": st.sampled_from(["shuffled", "sorted", "stored"]),
    "weight_decay": st.sampled_from([0.0, 5.0]),
    "momentum": st.sampled_from([0.0, 0.9]),
    "momentum_kind": st.sampled_from(["classical", "nesterov"]),
    "dropout": st.sampled_from([0.0, 0.5]),
    "schedule": st.sampled_from(["constant", "cosine", "step", "halve"]),
    "schedule_epochs": st.integers(1, 3),
    "shift": st.integers(0, 2),
    "rotation": st.sampled_from([0.0, 10.0]),
    "elastic": st.sampled_from([0.0, 1.0]),
    "stop": st.sampled_from(["never", "epochs", "no_improvement"]),
    "stop_epochs": st.integers(1, 4),
}
BEGINS: dict[str, st.SearchStrategy[Any]] = {
    **LIVE,
    "random_labels": st.sampled_from([0.0, 0.0, 0.3, 1.0]),
    "classes_left_out": st.sampled_from([(), (), (4,), (0, 3, 9)]),
}
"""What a run may begin with."""
SOME_CHANGES = st.lists(st.sampled_from(sorted(LIVE)), min_size=1, max_size=2, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: LIVE[name] for name in names}).map(Change)
)
NUMBERS = st.floats(-3, 3, width=32)
EDITS = st.one_of(
    *(
        st.dictionaries(
            st.tuples(st.integers(0, rows - 1), st.integers(-1, columns - 1)), NUMBERS, min_size=1, max_size=6
        ).map(lambda edit, layer=layer: WeightEdit(layer, tuple(edit), tuple(edit.values())))  # type: ignore[misc]
        for layer, (columns, rows) in enumerate(pairwise(SMALL.sizes), start=1)
    )
)
LESSONS = st.builds(
    Lesson,
    st.sampled_from([bytes(784), bytes([255] * 784), bytes(range(256)) * 3 + bytes(16)]),
    st.integers(0, 9),
    st.sampled_from([0.1, 3.0]),
    st.lists(st.integers(0, 52), max_size=3).map(tuple),
    st.integers(1, 3),
)
NOT_PLACED = st.just(0), st.just(0)
BY_HAND = st.one_of(
    st.builds(Edited, *NOT_PLACED, EDITS),
    st.builds(
        Frozen,
        *NOT_PLACED,
        st.builds(Unit, st.integers(1, 2), st.integers(0, 3)),
        st.sampled_from([True, True, False]),
    ),
    st.builds(Taught, *NOT_PLACED, LESSONS),
    st.just(TakeBack()),
    st.builds(
        SteppedBack,
        *NOT_PLACED,
        st.sampled_from([0.1, 3.0]),
        st.integers(1, 4),
        st.sampled_from([7, 10]),
        st.sampled_from(["shuffled", "sorted"]),
    ),
)
COMMANDS = st.one_of(
    BY_HAND,
    st.builds(Step, st.integers(1, 15)),
    st.just(FinishEpoch()),
    SOME_CHANGES,
    SOME_CHANGES,
    st.just(RestoreBest()),
    st.builds(
        Stepped,
        *NOT_PLACED,
        st.sampled_from([0.1, 3.0]),
        st.lists(st.integers(0, 52), min_size=1, max_size=12).map(tuple),
    ),
    st.just(Play()),
    st.just(Pause()),
)


@given(
    start=st.fixed_dictionaries(BEGINS),
    plan=st.lists(st.tuples(COMMANDS, st.integers(0, 12)), min_size=3, max_size=25),
    stride=st.sampled_from([3, 8]),
    states=st.sampled_from([1.0, 6.5, 15.0, 1_000.0]),
    data=st.data(),
)
@hypothesis_settings(max_examples=examples(60), deadline=None)
def test_any_state_of_any_run_is_had_again_to_the_last_bit(
    small_digits: Digits,
    start: dict[str, Any],
    plan: list[tuple[Command, int]],
    stride: int,
    states: float,
    data: st.DataObject,
) -> None:
    """Whatever is done, and however the work falls into slices: what was live as update k + 1 began is state k."""
    with snapshots_of(stride, states):
        run = Run(1, replace(SMALL, **start), small_digits, Mailbox(lambda: None))
        live: dict[int, TrainerState] = {}
        trainer = run.trainer
        usual = trainer.step

        def step() -> float:
            live[run.step] = run.state()
            return usual()

        trainer.step = step  # type: ignore[method-assign]
        for command, slices in plan:
            run.handle(command)
            for number in range(slices):
                run.work((lambda: True) if number % 2 else never)
        live[run.step] = run.state()
        for k in data.draw(st.lists(st.sampled_from(sorted(live)), min_size=1, max_size=5)):
            assert_same_state(state_at(run, k), live[k])


@given(
    start=st.fixed_dictionaries(BEGINS),
    plan=st.lists(st.tuples(COMMANDS, st.integers(0, 8)), min_size=3, max_size=15),
)
@hypothesis_settings(max_examples=examples(20), deadline=None)
def test_batch_at_names_the_digits_that_were_really_shown(
    small_digits: Digits, start: dict[str, Any], plan: list[tuple[Command, int]]
) -> None:
    run = Run(1, replace(SMALL, **start), small_digits, Mailbox(lambda: None))
    shown: list[np.ndarray] = []
    trainer = run.trainer
    usual = trainer.step

    def step() -> float:
        shown.append(trainer.upcoming().y.argmax(axis=1))
        return usual()

    trainer.step = step  # type: ignore[method-assign]
    follow(run, plan)
    for number, labels in enumerate(shown):
        np.testing.assert_array_equal(run.trainer.training.labels[batch_at(run, number)], labels)
    steps = len(shown)
    waiting = batch_at(run, steps)
    obeyed(run, Pause(), Step(1))  # at rest, lest the judgement of an epoch stops it before that step
    if len(shown) > steps:
        np.testing.assert_array_equal(run.trainer.training.labels[waiting], shown[-1])
    else:  # it goes on no more
        assert not np.isfinite(trainer.network.parameters).all()


@pytest.mark.parametrize(
    ("field", "values", "start"),
    [
        ("momentum", (0.9, 0.0, 0.9), {"momentum": 0.9}),
        ("schedule", ("cosine", "constant", "cosine"), {"schedule": "cosine", "schedule_epochs": 2}),
        ("schedule_epochs", (2, 5, 2), {"schedule": "cosine", "schedule_epochs": 2}),
        ("eta", (2.0, 0.5, 2.0), {"momentum": 0.5}),
        ("mini_batch_size", (10, 3, 10), {"shift": 2}),
    ],
)
def test_what_is_changed_back_before_the_next_mini_batch_never_happened(
    small_digits: Digits, field: str, values: tuple[Any, ...], start: dict[str, Any]
) -> None:
    settings = replace(SMALL, **start)
    run, untouched = new_run(small_digits, settings), new_run(small_digits, settings)
    for each in (run, untouched):
        obeyed(each, Step(8))
    obeyed(run, *(Change({field: value}) for value in values))
    assert not run.recorder.history.interventions
    for each in (run, untouched):
        obeyed(each, Step(8))
    assert_same_state(run.state(), untouched.state())
    assert_same_state(state_at(run, 16), untouched.state())


def test_of_several_changes_at_one_step_the_net_change_acts_and_is_one_flag(small_digits: Digits) -> None:
    run, once = new_run(small_digits), new_run(small_digits)
    obeyed(
        run, Step(3), Change({"eta": 9.0, "momentum": 0.5}), Change({"eta": 1.0}), Change({"momentum": 0.0})
    )
    obeyed(once, Step(3), Change({"eta": 1.0}))
    assert run.recorder.history.interventions == once.recorder.history.interventions
    assert run.recorder.history.interventions == (Changed(3, 30, (("eta", 2.0, 1.0),)),)
    for each in (run, once):
        obeyed(each, Step(9))
    assert_same_state(run.state(), once.state())


def test_a_state_tells_what_waits_and_leaves_the_trainer_as_it_is(small_digits: Digits) -> None:
    settings = replace(SMALL, momentum=0.9, schedule="cosine", schedule_epochs=2)
    run, asked = new_run(small_digits, settings), new_run(small_digits, settings)
    for each in (run, asked):
        obeyed(each, Step(4), Change({"momentum": 0.0, "schedule_epochs": 9}))
    state = asked.state()
    assert (state.settings.momentum, state.settings.schedule_epochs) == (0.0, 9)
    assert state.velocity.size == 0
    assert state.schedule_state.schedule_from == 40
    for each in (run, asked):
        obeyed(each, Change({"momentum": 0.9}), Step(3))
    assert_same_state(run.state(), asked.state())


def test_eta_now_is_that_of_the_next_mini_batch(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits, replace(SMALL, schedule="cosine", schedule_epochs=1)), Step(5))
    assert newest(run.mailbox).eta < 1.1
    obeyed(run, Change({"schedule_epochs": 2}))
    update = newest(run.mailbox)
    assert update.eta == 2.0  # the schedule begins anew with the next mini-batch
    assert update.moment.settings.schedule_epochs == 2


def test_a_refused_change_costs_nothing(small_digits: Digits) -> None:
    run = new_run(small_digits)
    for values in ({"eta": 1e-5}, {"eta": "3"}, {"colour": 1}, {"seed": 7}, {"schedule": "sudden"}):
        obeyed(run, Change(values))
    assert run.state().settings == SMALL
    assert not run.recorder.history.interventions
    obeyed(run, Step(1))
    assert run.step == 1


def to_the_end_of_an_epoch(run: Run, epochs: int = 1) -> Run:
    """Trains to where the last evaluation of an epoch has begun and is not complete."""
    run.handle(SetSpeed(None))
    run.handle(Play())
    while run.state().cursor != Cursor(epochs, 0):
        run.work(never)
    return run


@pytest.mark.parametrize(
    "disturbance", [Pause(), RestoreBest(), Change({"eta": 0.5}), Step(1), Stepped(*NOW, 0.5, (3, 1))]
)
def test_an_epoch_is_judged_whatever_interrupts_it(small_digits: Digits, disturbance: Command) -> None:
    run = to_the_end_of_an_epoch(new_run(small_digits, replace(SMALL, schedule="halve", schedule_epochs=1)))
    assert run.recorder.best is None
    run.handle(disturbance)
    run.handle(Pause())
    rest(run)
    _, best = best_of(run)
    assert (best.epoch, best.step) == (1, 6)
    assert run.state().schedule_state.best_epoch == 1


def test_an_act_on_the_weights_waits_until_the_epoch_is_judged(small_digits: Digits) -> None:
    run = new_run(small_digits, replace(SMALL, schedule="halve", schedule_epochs=1, eta=100.0))
    to_the_end_of_an_epoch(run, 3)
    weights = run.state().parameters.copy()
    run.handle(RestoreBest())
    run.handle(Change({"eta": 0.25}))
    np.testing.assert_array_equal(run.state().parameters, weights)
    run.handle(Pause())
    rest(run)
    at_the_end = [act for act in run.recorder.history.interventions if act.step == 18]
    assert [type(act) for act in at_the_end] in ([Halved, Restored, Changed], [Restored, Changed])
    best = best_of(run)[0]
    np.testing.assert_array_equal(run.state().parameters, best.parameters)
    assert best.settings.eta == 100.0  # as it was judged: not what waited for the next mini-batch
    assert_same_state(state_at(run, 18), run.state())


def test_an_epoch_is_judged_by_the_settings_it_was_trained_with(small_digits: Digits) -> None:
    """What is changed while its last evaluation goes on belongs to the next mini-batch."""
    run = new_run(small_digits, replace(SMALL, stop="epochs", stop_epochs=1))
    to_the_end_of_an_epoch(run)
    run.handle(Change({"stop": "never", "eta": 0.25}))
    rest(run)
    assert run.step == 6  # it has stopped
    assert best_of(run)[0].settings == replace(SMALL, stop="epochs", stop_epochs=1)
    assert run.state().settings.stop == "never"


def test_what_is_worse_than_now_on_all_validation_digits_is_not_gone_back_to(small_digits: Digits) -> None:
    """It is measured before the next mini-batch, and the run goes on as if nobody had asked."""
    commands = FinishEpoch(), Step(60)
    run, other = (
        obeyed(new_run(small_digits, SMALL.changed(training_digits=1_000)), *commands) for _ in "ab"
    )
    _, best = run.recorder.best or (None, None)
    told: list[Evaluation] = []
    run.handle(Play())
    run.turn(5, never)
    step = run.step
    run.handle(RestoreBest(Change({"eta": 0.5}), told.append))
    while not told and run.step == step:
        run.work(never)
    assert told
    assert run.step == step == 165
    assert best is not None
    assert told[0].complete
    assert told[0].right == run.trainer.network.evaluate(small_digits.validation)
    assert told[0].accuracy >= best.accuracy
    run.handle(Pause())
    rest(run)
    assert best_of(run)[1] == best
    assert not run.recorder.history.interventions
    assert_same_state(obeyed(other, Step(run.step - other.step)).state(), run.state())
    assert_same_state(state_at(run, run.step), run.state())


def test_what_is_better_than_now_is_gone_back_to_with_its_change(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits), FinishEpoch(), Edited(*NOW, SPOILT), Step(1))
    told: list[Evaluation] = []
    obeyed(run, RestoreBest(Change({"eta": 0.5}), told.append))
    assert not told
    assert [type(act) for act in run.recorder.history.interventions] == [Edited, Restored, Changed]
    assert run.trainer.settings.eta == 0.5


def test_going_back_waits_for_the_evaluation_of_a_run_that_rests_or_pauses(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits), FinishEpoch())
    for commands in ((Pause(measure=False),), (Play(), Pause(measure=False)), (Pause(), Step(1))):
        obeyed(run, Edited(*NOW, SPOILT), Step(3), Pause(measure=False))
        before = len(run.recorder.history.interventions)
        for command in (RestoreBest(), *commands):
            run.handle(command)
        run.finish_judging()
        assert [type(act) for act in run.recorder.history.interventions[before:]] == [Restored]
        rest(run)


def state_before(run: Run, step: int) -> TrainerState:
    """The state after so many mini-batches, before anything was done there."""
    trainer = Trainer(run.start.copy(), run.recorder.start.settings, run.trainer.training)
    replay = Replay(run.record(), trainer, step, judged=True)
    while not replay.advance():
        pass
    return trainer.state_as_judged()


def test_a_run_goes_back_to_before_a_change_and_any_state_is_had_again(small_digits: Digits) -> None:
    """In mid-epoch, at the end of an epoch, after another going back, and before a step by hand at this very step."""
    with snapshots_of(4, 6.5):
        run = obeyed(new_run(small_digits, replace(SMALL, momentum=0.9)), Step(8))
        weights = {8: run.state().parameters.copy()}
        obeyed(run, Change({"eta": 100.0}), Step(10))
        weights[18] = run.state().parameters.copy()  # the third epoch ends there
        for source in (8, 18):
            obeyed(run, Change({"eta": 5.0}), Step(3))
            run.handle(Restore(state_before(run, source)))
            run.handle(Change({"eta": 1.0}))
            np.testing.assert_array_equal(run.state().parameters, weights[source])
            assert not run.state().velocity.size, "they are at rest"
            rest(run)
            assert run._evaluations["validation"].right == run.trainer.network.evaluate(
                small_digits.validation
            )
        here = obeyed(run, Step(2)).state().parameters.copy()
        obeyed(run, Stepped(*NOW, 3.0, (1, 2, 3)))
        run.handle(Restore(state_before(run, run.step)))
        np.testing.assert_array_equal(run.state().parameters, here)
        live = {run.step: run.state()}
        for _ in range(9):
            obeyed(run, Step(1))
            live[run.step] = run.state()
        for step, state in live.items():
            assert_same_state(state_at(run, step), state)
    acts = run.recorder.history.interventions
    assert [act.source for act in acts if isinstance(act, Restored)] == [8, 18, 26]


def test_a_run_goes_back_to_no_weights_that_are_no_numbers(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits), Step(3))
    state, weights = run.state(), run.state().parameters.copy()
    run.handle(Restore(replace(state, parameters=np.full_like(weights, np.nan))))
    np.testing.assert_array_equal(run.state().parameters, weights)
    assert not run.recorder.history.interventions


def test_a_state_that_is_no_part_of_the_run_is_refused(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits), Step(5))
    for step in (-1, 6):
        with pytest.raises(ValueError, match="0 to 5"):
            state_at(run, step)
        with pytest.raises(ValueError, match="0 to 5"):
            batch_at(run, step)


def step_of(run: Run, eta: float, numbers: tuple[int, ...], digits: Digits) -> np.ndarray:
    """−η∇C of these training digits for the weights of now, by plain means."""
    network = run.trainer.network
    x = digits.training.images[list(numbers)] / np.float32(255)
    y = np.eye(10, dtype=np.float32)[digits.training.labels[list(numbers)]]
    nabla_b, nabla_w = network.backprop(x, y)
    return -eta * np.concatenate([part.ravel() for part in (*nabla_w, *nabla_b)])


TEN = (5, 0, 17, 31, 8, 44, 2, 29, 50, 13)
BUSY = {"momentum": 0.9, "weight_decay": 5.0, "dropout": 0.5, "shift": 2, "elastic": 1.0}


@pytest.mark.parametrize("rules", [{}, BUSY])
def test_a_step_by_hand_is_the_gradient_of_its_digits(small_digits: Digits, rules: dict[str, Any]) -> None:
    """No momentum, decay, dropout or distortion; no mini-batch and no digits consumed; at rest afterwards."""
    run = obeyed(new_run(small_digits, replace(SMALL, **rules)), Step(3))
    before, expected = run.state(), step_of(run, 0.5, TEN, small_digits)
    obeyed(run, Stepped(*NOW, 0.5, TEN))
    after = run.state()
    np.testing.assert_allclose(after.parameters, before.parameters + expected, rtol=0, atol=1e-6)
    assert np.abs(expected).max() > 1e-4
    assert (after.step, after.cursor, after.settings) == (before.step, before.cursor, before.settings)
    assert not after.velocity.size
    assert run.recorder.history.interventions == (Stepped(3, 30, 0.5, TEN),)
    np.testing.assert_array_equal(batch_at(run, 3), batch_at(obeyed(new_run(small_digits), Step(4)), 3))


def test_a_step_by_hand_waits_for_the_judgement_in_its_order(small_digits: Digits) -> None:
    """The best is what was judged, without the step; what waits is done as it was asked."""
    run = to_the_end_of_an_epoch(new_run(small_digits))
    weights = run.state().parameters.copy()
    for command in (Edited(*NOW, SPOILT), RestoreBest(), Stepped(*NOW, 0.5, TEN), Pause()):
        run.handle(command)
    np.testing.assert_array_equal(run.state().parameters, weights)
    rest(run)
    np.testing.assert_array_equal(best_of(run)[0].parameters, weights)
    assert run.recorder.history.interventions == (
        Edited(6, 53, SPOILT),
        Restored(6, 53, 6),
        Stepped(6, 53, 0.5, TEN),
    )
    assert_same_state(state_at(run, 6), run.state())


def test_after_a_step_by_hand_all_digits_are_read_again(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits), Step(9), Pause())
    obeyed(run, Stepped(*NOW, 20.0, TEN))
    update = newest(run.mailbox)
    assert not update.playing
    test = update.evaluations["test"]
    np.testing.assert_array_equal(
        test.predictions, update.moment.network.predictions(small_digits.test.images)
    )
    assert not test.part


def test_a_step_by_hand_into_nothing_is_told_and_gone_back_from(small_digits: Digits) -> None:
    rectified = replace(SMALL, activation="leaky_relu", output="softmax", cost="cross_entropy", eta=0.01)
    run = obeyed(new_run(small_digits, rectified), FinishEpoch(), *[Stepped(*NOW, 1_000.0, TEN)] * 20)
    update = newest(run.mailbox)
    assert not np.isfinite(update.moment.network.parameters).all()
    assert update.diverged
    assert len(run.recorder.history.interventions) < 20  # nothing can be stepped from there
    obeyed(run, RestoreBest())
    assert not newest(run.mailbox).diverged
    assert_same_state(state_at(run, 6), run.state())
    obeyed(run, Step(1))
    assert np.isfinite(run.state().parameters).all()


def test_a_replay_is_no_longer_than_the_spacing(small_digits: Digits) -> None:
    with snapshots_of(8, 20):
        run = obeyed(new_run(small_digits), *[FinishEpoch()] * 40)
        stride = run.recorder.stride
        assert stride > 8
        for step in range(0, run.step, 7):
            with counted_steps() as steps:
                state_at(run, step)
            assert len(steps) < stride


def test_going_back_within_a_replay_costs_no_more_than_once_each(small_digits: Digits) -> None:
    """Each time the run goes back to weights that are kept no longer, and that themselves came from others."""
    with snapshots_of(1_000, 1):
        run, states = new_run(small_digits, replace(SMALL, eta=0.5)), list[TrainerState]()
        for _ in range(12):
            source = obeyed(run, FinishEpoch()).trainer.state_as_judged()
            states.append(obeyed(run, Step(2), Restore(source)).state())
        restored = [act for act in run.recorder.history.interventions if isinstance(act, Restored)]
        assert len(restored) == 12
        end = run.state()
        with counted_steps() as steps:
            assert_same_state(state_at(run, end.step), end)
        assert len(steps) <= end.step + sum({act.source for act in restored})
        for state in states:
            assert_same_state(state_at(run, state.step), state)


def test_a_replay_begins_with_the_kept_start(small_digits: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
    run = obeyed(new_run(small_digits), Step(5))
    end = run.state()
    monkeypatch.setattr("mnistviz.engine.network.generator", None)
    assert_same_state(state_at(run, 5), end)


def drag(*etas: float, gesture: int, first: int = 10) -> list[Intervention]:
    """What a drag of η does while the network learns: a change every thousand mini-batches."""
    steps = [first + 1_000 * number for number in range(len(etas) - 1)]
    pairs = zip(steps, etas, etas[1:], strict=False)
    return [Changed(step, 10 * step, (("eta", old, new),), gesture) for step, old, new in pairs]


def test_a_drag_is_one_act_however_long_it_took_and_two_are_two() -> None:
    one = drag(3.0, 2.0, 1.0, 0.5, gesture=1)
    two = drag(0.5, 0.7, 0.9, gesture=2, first=4_000)
    typed = [Changed(7_000, 70_000, (("eta", 0.9, 0.1),)), Changed(7_001, 70_010, (("eta", 0.1, 0.2),))]
    acts = [*one, *two, *typed]
    assert [gesture_of(acts, number) for number in (1, 3, 5)] == [range(3), range(3, 5), range(5, 6)]
    assert by_gesture(acts) == [
        Changed(10, 100, (("eta", 3.0, 0.5),)),
        Changed(4_000, 40_000, (("eta", 0.5, 0.9),)),
        *typed,
    ]
    assert by_gesture(drag(3.0, 2.0, 3.0, gesture=3)) == []
    assert by_gesture([]) == []


def test_the_number_of_a_gesture_is_told_and_moves_no_weight(small_digits: Digits) -> None:
    numbered, plain = (
        obeyed(
            new_run(small_digits),
            *(Step(3), Change({"eta": 1.0}, gesture), Step(2), Change({"eta": 0.5}, gesture), Step(3)),
        )
        for gesture in (7, 0)
    )
    assert [act.gesture for act in numbered.recorder.history.interventions] == [7, 7]
    assert numbered.recorder.history == plain.recorder.history
    assert_same_state(numbered.state(), plain.state())
    assert_same_state(state_at(numbered, 8), numbered.state())
