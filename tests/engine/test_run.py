"""A run: it obeys between two mini-batches, records all, and any step of it can be had again."""

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from mnistviz.engine.acts import Changed
from mnistviz.engine.commands import Change, FinishEpoch, Pause, Play, RestoreBest, SetSpeed, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.evaluation import HEALTH_DIGITS, TRAINING_DIGITS, examination, next_due
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.history import SETS, Measured
from mnistviz.engine.network import Network
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import load_network, save_network
from mnistviz.engine.trainer import Trainer
from tests.engine.test_record import obeyed, rest
from tests.engine.time_machine import never, newest

SETTINGS = Settings(sizes=(784, 12, 10), seed=4, eta=2.0, mini_batch_size=10)


@pytest.fixture
def run(small_digits: Digits) -> Run:
    return begun(small_digits)


def begun(digits: Digits, settings: Settings = SETTINGS, network: Network | None = None) -> Run:
    return Run(1, settings, digits, Mailbox(lambda: None), network)


def test_a_new_run_measures_the_untrained_network_and_rests(run: Run) -> None:
    rest(run)
    update = newest(run.mailbox)
    assert update.moment.step == 0
    assert not update.playing
    assert {name: e.step for name, e in update.evaluations.items()} == {
        "training": 0,
        "validation": 0,
        "test": 0,
    }
    assert len(update.evaluations["validation"].predictions) == 300
    assert run.recorder.history.curves["test", 0].rows["last_step"].tolist() == [0]


def test_one_step_is_exactly_one_mini_batch_and_is_measured(run: Run) -> None:
    obeyed(run, Step(1))
    update = newest(run.mailbox)
    assert update.moment.step == 1
    assert not update.playing
    assert update.evaluations["validation"].step == 1
    obeyed(run, Step(7))
    assert newest(run.mailbox).moment.step == 8


def test_steps_that_are_asked_for_quickly_are_all_taken(run: Run) -> None:
    for commands in ([Step(1)] * 10, [FinishEpoch()] * 2):
        for command in commands:
            run.handle(command)
        rest(run)
        assert run.step == 10 or commands != [Step(1)] * 10
    assert newest(run.mailbox).moment.digits == 2_006


def test_one_epoch_ends_with_the_epoch_even_if_the_mini_batch_size_changes(run: Run) -> None:
    obeyed(run, Step(3))
    run.handle(FinishEpoch())
    run.work(lambda: True)
    obeyed(run, Change({"mini_batch_size": 97}))
    assert newest(run.mailbox).moment.digits == 1_003
    obeyed(run, FinishEpoch())
    assert newest(run.mailbox).moment.digits == 2_006


@pytest.mark.parametrize("opened", [False, True])
def test_the_network_is_examined_before_it_learns(small_digits: Digits, opened: bool) -> None:
    """The scales of its bars come with the first evaluation, although the run rests."""
    run = begun(small_digits, network=Network(SETTINGS.sizes, seed=9) if opened else None)
    for command in (SetSpeed(None), Play(), Pause()):  # at once
        run.handle(command)
    rest(run)
    update = newest(run.mailbox)
    assert (update.moment.step, len(update.evaluations), len(update.health.layers)) == (0, 3, 2)
    [*_, expected] = examination(update.moment.network, small_digits.training.first(HEALTH_DIGITS))
    assert update.health.full_contribution == expected.full_contribution > 0


def test_pause_takes_effect_before_the_next_mini_batch_and_even_within_an_evaluation(run: Run) -> None:
    rest(run)
    run.handle(Play())
    for _ in range(3):
        run.work(never)
    run.handle(Pause())
    step = run.step
    rest(run)
    assert run.step == step
    run.handle(Play())
    while not run.reads:
        run.work(never)
    run.work(lambda: True)
    step = run.step
    obeyed(run, Pause())
    assert run.step == step
    assert not run.reads


def test_at_rest_all_digits_are_read_and_a_command_does_not_wait_for_them(mnist: Digits) -> None:
    """Also of a large network, which reads only a part of them while it learns."""
    run = begun(mnist, Settings(sizes=(784, 300, 10), seed=4, eta=0.1))
    run.handle(Play())
    while run.step < 3:
        run.work(never)
    assert len(newest(run.mailbox).evaluations["validation"].predictions) < 10_000
    run.handle(Pause())
    run.work(lambda: True)
    step = run.step
    run.handle(Step(2))  # the rest is over before all were read
    run.work(never)
    assert run.step == step + 2
    rest(run)
    update = newest(run.mailbox)
    assert {name: (e.step, len(e.predictions), e.part) for name, e in update.evaluations.items()} == {
        "validation": (step + 2, 10_000, 0),
        "training": (step + 2, TRAINING_DIGITS, TRAINING_DIGITS),
        "test": (step + 2, 10_000, 0),
    }
    assert update.evaluations["validation"].right == update.moment.network.evaluate(mnist.validation)
    assert not run.work(never)  # and once only
    run.handle(Pause())
    assert not run.work(never)


def test_an_accuracy_of_the_first_digits_only_is_told_as_that(mnist: Digits) -> None:
    run = begun(mnist, Settings(sizes=(784, 12, 10)))
    rest(run)
    run.handle(Play())
    while run.step < 2:
        run.work(never)
    obeyed(run, Pause())
    update = newest(run.mailbox)
    history, step = run.recorder.history, update.moment.step
    complete, partial = history.curves["validation", 0], history.curves["validation", 500]
    parts = {(name, part) for name, part in history.curves if name in SETS and part}
    assert parts == {("validation", 500), ("test", 500)}
    assert complete.rows["last_step"].tolist() == [0, step]
    assert complete.rows["part"].tolist() == [0, 0]
    assert partial.rows["last_step"].tolist() == [1]
    assert history.curves["training", 0].rows["part"].tolist() == [TRAINING_DIGITS] * 3
    assert history.measured("validation", 1) == Measured(partial.means()[0], 1, 10, 500)
    assert history.measured("validation", step) == Measured(
        update.evaluations["validation"].accuracy, step, 10 * step
    )


def test_a_network_that_goes_on_keeps_its_accuracy_until_all_digits_are_read_again(mnist: Digits) -> None:
    """The first 500 digits are harder than all: read beside them, a network would seem to have become worse."""
    run = begun(mnist, Settings(sizes=(784, 12, 10), eta=1e-9))
    rest(run)
    run.handle(Play())
    while run.step < 200:
        run.work(never)
    history = run.recorder.history
    assert len(history.curves["validation", 500]) > 1
    assert len(set(history.curves["validation", 0].means().tolist())) == 1
    assert not set(history.curves["validation", 500].means()) & set(history.curves["validation", 0].means())


def test_gone_back_to_the_best_weights_read_what_they_read_then(mnist: Digits) -> None:
    run = begun(mnist, Settings(sizes=(784, 300, 10), seed=2, eta=0.5, training_digits=100))
    for _ in range(2):
        obeyed(run, FinishEpoch())
    obeyed(run, Change({"eta": 100.0}), Step(7))
    best = newest(run.mailbox).best
    assert best is not None
    run.handle(Play())
    run.handle(RestoreBest())
    update = newest(run.mailbox)
    validation = update.evaluations["validation"]
    assert (validation.step, validation.part) == (update.moment.step, 0)
    assert validation.accuracy == best.accuracy
    assert validation.right == update.moment.network.evaluate(mnist.validation)
    obeyed(run, Pause())
    assert newest(run.mailbox).evaluations["validation"].accuracy == best.accuracy


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(sizes=(784, 10), output="softmax", cost="cross_entropy", eta=0.1),
        Settings(sizes=(784, 40, 30, 20, 10), activation="tanh", initial_weights="scaled", eta=0.1),
        Settings(sizes=(784, 512, 256, 10), activation="relu", output="softmax", cost="cross_entropy",
                 initial_weights="he", eta=0.05),
        pytest.param(
            Settings(sizes=(784, 2_000, 1_500, 280, 10), activation="relu", output="softmax",
                     cost="cross_entropy", initial_weights="he", eta=0.05),
            marks=pytest.mark.long,
        ),
    ],
    ids=lambda settings: "-".join(map(str, settings.sizes)),
)  # fmt: skip
def test_a_network_is_opened_with_its_accuracy(mnist: Digits, settings: Settings, tmp_path: Path) -> None:
    digits = replace(mnist, validation=mnist.validation.first(2_500), test=mnist.test.first(1_200))
    run = begun(digits, settings)
    obeyed(run, Step(5))
    saved = newest(run.mailbox)
    save_network(saved.moment.network, tmp_path / "network.npz", {})
    network, _ = load_network(tmp_path / "network.npz")
    again = begun(digits, settings, network)
    rest(again)
    opened = newest(again.mailbox)
    for name in ("validation", "training", "test"):
        assert opened.evaluations[name].right == saved.evaluations[name].right
        assert opened.evaluations[name].part == saved.evaluations[name].part
    assert opened.evaluations["validation"].right == network.evaluate(digits.validation)


def test_nothing_that_reads_digits_takes_long_even_of_the_largest_network() -> None:
    """So that a command is heard soon: 500 million multiplications are some ten milliseconds."""
    for sizes in ((784, 30, 10), (784, 512, 256, 10), (784, 2_000, 1_500, 280, 10)):
        network = Network(sizes)
        assert network.evaluation_chunk * sum(w.size for w in network.weights) <= 500_000_000


def test_a_change_has_its_step_and_acts_on_the_next_mini_batch(run: Run, small_digits: Digits) -> None:
    obeyed(run, Step(5))
    run.handle(Change({"eta": 0.5}))
    run.handle(Change({"eta": 0.5}))  # the same again is no change
    obeyed(run, Step(5))
    newest(run.mailbox)
    (mark,) = run.recorder.history.interventions
    assert isinstance(mark, Changed)
    assert (mark.step, mark.digits, mark.changes) == (5, 50, (("eta", 2.0, 0.5),))
    trainer = Trainer(Network(SETTINGS.sizes, SETTINGS.seed), SETTINGS, small_digits.training)
    for _ in range(5):
        trainer.step()
    trainer.change(SETTINGS.changed(eta=0.5))
    for _ in range(5):
        trainer.step()
    np.testing.assert_array_equal(trainer.network.parameters, run.state().parameters)


def test_no_cost_is_lost_and_memory_stays_bounded_while_nobody_reads(small_digits: Digits) -> None:
    signals: list[None] = []
    run = Run(1, SETTINGS, small_digits, Mailbox(lambda: signals.append(None)))
    run.handle(Play())
    for _ in range(2_000):
        run.work(never)
        if run.step > 3_000:
            break
    assert signals == [None]
    run.handle(Pause())
    newest(run.mailbox)
    assert run.recorder.history.costs.rows["count"].sum() == run.step
    assert len(run.recorder.history.costs) <= 2_000


def test_in_slow_motion_each_mini_batch_is_told_and_often_measured(run: Run) -> None:
    rest(run)
    newest(run.mailbox)
    run.handle(SetSpeed(4.0))
    run.handle(Play())
    newest(run.mailbox)
    for step in (1, 2):
        run.turn(1, never)
        assert newest(run.mailbox).moment.step == step
        while run.reads:
            run.work(never)
        assert newest(run.mailbox).evaluations["validation"].step == step


def test_a_run_whose_cost_is_no_number_stops_and_says_so(run: Run) -> None:
    rest(run)
    run.trainer.network.biases[-1][:] = np.nan
    obeyed(run, Play())
    update = newest(run.mailbox)
    assert update.diverged
    assert not update.playing
    step, measured = run.step, len(run.recorder.history.curves["validation", 0])
    for command in (Play(), Step(3), FinishEpoch()):  # nothing can be learned from there
        obeyed(run, command)
        assert not newest(run.mailbox).playing
    assert (run.step, len(run.recorder.history.curves["validation", 0])) == (step, measured)


@pytest.mark.parametrize("epoch", [50_000, 1_003, 23, 1])
def test_evaluations_fall_due_early_and_at_each_end_of_an_epoch(epoch: int) -> None:
    due, consumed = [], 0
    while consumed < 3 * epoch:
        consumed = next_due(consumed, epoch)
        due.append(consumed)
    assert due[-3:] == [epoch, 2 * epoch, 3 * epoch]
    assert due == sorted(set(due))


def test_an_epoch_that_is_not_shuffled_is_measured_all_along() -> None:
    """Else a line goes straight from 90 to 15 %, while what is learned of each class is forgotten with the next."""
    due, consumed = [], 50_000
    while consumed < 100_000:
        consumed = next_due(consumed, 50_000, shuffled=False)
        due.append(consumed)
    assert due == list(range(52_500, 100_001, 2_500))
    for epoch in (1, 7, 1_003):
        assert all(next_due(consumed, epoch, shuffled=False) > consumed for consumed in range(2 * epoch))


def test_a_run_whose_weights_are_no_numbers_stops_although_its_cost_is_one(small_digits: Digits) -> None:
    """An infinite weight may only saturate a neuron, whose cost is finite."""
    run = begun(small_digits)
    rest(run)
    run.trainer.network.biases[-1][0] = np.inf
    obeyed(run, Step(1))
    update = newest(run.mailbox)
    assert np.isfinite(run.recorder.history.costs.rows["total"]).all()
    assert update.diverged


def test_at_a_set_speed_each_mini_batch_is_told_even_to_a_reader_who_is_late(run: Run) -> None:
    rest(run)
    run.handle(SetSpeed(4.0))
    run.handle(Play())  # told, and not yet taken
    run.turn(1, never)
    assert newest(run.mailbox).moment.step == 1
