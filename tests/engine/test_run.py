"""A run: it obeys between two mini-batches, records all, and any step of it can be had again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnistviz.engine.acts import Changed
from mnistviz.engine.commands import Change, Command, FinishEpoch, Pause, Play, RestoreBest, SetSpeed, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.evaluation import HEALTH_DIGITS, TRAINING_DIGITS, examine, next_due
from mnistviz.engine.handover import Mailbox, Update
from mnistviz.engine.history import SETS, History, Measured
from mnistviz.engine.network import Network
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import load_network, save_network
from mnistviz.engine.trainer import Trainer
from tests.engine.test_record import never
from tests.engine.time_machine import newest

SETTINGS = Settings(sizes=(784, 12, 10), seed=4, eta=2.0, mini_batch_size=10)


class Reader:
    """Reads a run's mailbox as the window does."""

    def __init__(self, digits: Digits, settings: Settings = SETTINGS) -> None:
        self.signals = 0
        self.mailbox = Mailbox(self._count)
        self.run = Run(1, settings, digits, self.mailbox)
        self.history = History()

    def _count(self) -> None:
        self.signals += 1

    def read(self) -> Update:
        update = newest(self.mailbox)
        self.history = update.history
        return update

    def obey(self, *commands: Command) -> None:
        """Takes commands, and rests after all of them."""
        for command in commands:
            self.run.handle(command)
        self.work_until_rest()

    def work_until_rest(self, limit: int = 10_000) -> None:
        for _ in range(limit):
            if not self.run.work(never):
                return
        raise AssertionError("the run did not come to rest")

    @property
    def step(self) -> int:
        return self.run.step


@pytest.fixture
def reader(small_digits: Digits) -> Reader:
    return Reader(small_digits)


def test_a_new_run_measures_the_untrained_network_and_rests(reader: Reader) -> None:
    reader.work_until_rest()
    update = reader.read()
    assert update.moment.step == 0
    assert not update.playing
    assert {name: e.step for name, e in update.evaluations.items()} == {
        "training": 0,
        "validation": 0,
        "test": 0,
    }
    assert len(update.evaluations["validation"].predictions) == 300
    assert reader.history.curves["test", 0].rows["last_step"].tolist() == [0]


def test_one_step_is_exactly_one_mini_batch_and_is_measured(reader: Reader) -> None:
    reader.obey(Step(1))
    update = reader.read()
    assert update.moment.step == 1
    assert not update.playing
    assert update.evaluations["validation"].step == 1
    reader.obey(Step(7))
    assert reader.read().moment.step == 8


def test_steps_that_are_asked_for_quickly_are_all_taken(reader: Reader) -> None:
    for _ in range(10):
        reader.run.handle(Step(1))
    reader.work_until_rest()
    assert reader.step == 10
    for _ in range(2):
        reader.run.handle(FinishEpoch())
    reader.work_until_rest()
    assert reader.read().moment.digits == 2_006


def test_one_epoch_ends_with_the_epoch_even_if_the_mini_batch_size_changes(reader: Reader) -> None:
    reader.obey(Step(3))
    reader.run.handle(FinishEpoch())
    reader.run.work(lambda: True)
    reader.obey(Change({"mini_batch_size": 97}))
    assert reader.read().moment.digits == 1_003
    reader.obey(FinishEpoch())
    assert reader.read().moment.digits == 2_006


@pytest.mark.parametrize("opened", [False, True])
def test_the_network_is_examined_before_it_learns(small_digits: Digits, opened: bool) -> None:
    """The scales of its bars come with the first evaluation, although the run rests."""
    network = Network(SETTINGS.sizes, seed=9)
    mailbox = Mailbox(lambda: None)
    run = Run(1, SETTINGS, small_digits, mailbox, network if opened else None)
    run.handle(SetSpeed(None))
    run.handle(Play())  # and at once
    run.handle(Pause())
    while run.work(never):
        pass
    update = newest(mailbox)
    assert (update.moment.step, len(update.evaluations), len(update.health.layers)) == (0, 3, 2)
    expected = examine(update.moment.network, small_digits.training.first(HEALTH_DIGITS))
    assert update.health.full_contribution == expected.full_contribution > 0


def test_pause_takes_effect_before_the_next_mini_batch_and_even_within_an_evaluation(reader: Reader) -> None:
    reader.work_until_rest()
    reader.run.handle(Play())
    for _ in range(3):
        reader.run.work(never)
    reader.run.handle(Pause())
    step = reader.step
    reader.work_until_rest()
    assert reader.step == step
    reader.run.handle(Play())
    while not reader.run.reads:
        reader.run.work(never)
    reader.run.work(lambda: True)
    step = reader.step
    reader.obey(Pause())
    assert reader.step == step
    assert not reader.run.reads


def test_at_rest_all_digits_are_read_and_a_command_does_not_wait_for_them(mnist: Digits) -> None:
    """Also of a large network, which reads only a part of them while it learns."""
    large = Settings(sizes=(784, 300, 10), seed=4, eta=0.1)
    reader = Reader(mnist, large)
    reader.run.handle(Play())
    while reader.step < 3:
        reader.run.work(never)
    assert len(reader.read().evaluations["validation"].predictions) < 10_000
    reader.run.handle(Pause())
    reader.run.work(lambda: True)
    step = reader.step
    reader.run.handle(Step(2))  # the rest is over before all were read
    reader.run.work(never)
    assert reader.step == step + 2
    reader.work_until_rest()
    update = reader.read()
    assert {name: (e.step, len(e.predictions), e.part) for name, e in update.evaluations.items()} == {
        "validation": (step + 2, 10_000, 0),
        "training": (step + 2, TRAINING_DIGITS, TRAINING_DIGITS),
        "test": (step + 2, 10_000, 0),
    }
    right = update.evaluations["validation"].right
    assert right == update.moment.network.evaluate(mnist.validation)
    assert not reader.run.work(never)  # and once only
    reader.run.handle(Pause())
    assert not reader.run.work(never)


def test_an_accuracy_of_the_first_digits_only_is_told_as_that(mnist: Digits) -> None:
    reader = Reader(mnist, Settings(sizes=(784, 12, 10)))
    reader.work_until_rest()
    reader.run.handle(Play())
    while reader.step < 2:
        reader.run.work(never)
    reader.obey(Pause())
    update = reader.read()
    history, step = reader.history, update.moment.step
    complete, partial = history.curves["validation", 0], history.curves["validation", 500]
    assert {(name, part) for name, part in history.curves if name in SETS and part} == {
        (name, 500) for name in SETS
    }
    assert complete.rows["last_step"].tolist() == [0, step]
    assert complete.rows["part"].tolist() == [0, 0]
    assert partial.rows["last_step"].tolist() == [1]
    assert history.curves["training", 0].rows["part"].tolist() == [TRAINING_DIGITS] * 2
    assert history.measured("validation", 1) == Measured(partial.means()[0], 1, 10, 500)
    rest = history.measured("validation", step)
    assert rest == Measured(update.evaluations["validation"].accuracy, step, 10 * step)


def test_a_network_that_goes_on_keeps_its_accuracy_until_all_digits_are_read_again(mnist: Digits) -> None:
    """The first 500 digits are harder than all: read beside them, a network would seem to have become worse."""
    reader = Reader(mnist, Settings(sizes=(784, 12, 10), eta=1e-9))
    reader.work_until_rest()
    reader.run.handle(Play())
    while reader.step < 200:
        reader.run.work(never)
    history = reader.run.recorder.history
    assert len(history.curves["validation", 500]) > 1
    assert len(set(history.curves["validation", 0].means().tolist())) == 1
    assert not set(history.curves["validation", 500].means()) & set(history.curves["validation", 0].means())


def test_gone_back_to_the_best_weights_read_what_they_read_then(mnist: Digits) -> None:
    reader = Reader(mnist, Settings(sizes=(784, 300, 10), seed=2, eta=0.5, training_digits=100))
    for _ in range(2):
        reader.obey(FinishEpoch())
    reader.obey(Change({"eta": 100.0}), Step(7))
    best = reader.read().best
    assert best is not None
    reader.run.handle(Play())
    reader.run.handle(RestoreBest())
    update = reader.read()
    validation = update.evaluations["validation"]
    assert (validation.step, validation.part) == (update.moment.step, 0)
    assert validation.accuracy == best.accuracy
    assert validation.right == update.moment.network.evaluate(mnist.validation)
    reader.obey(Pause())
    assert reader.read().evaluations["validation"].accuracy == best.accuracy


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
def test_a_network_is_opened_at_the_accuracy_that_it_was_saved_at(
    mnist: Digits, settings: Settings, tmp_path: Path
) -> None:
    digits = replace(mnist, validation=mnist.validation.first(2_500), test=mnist.test.first(1_200))
    reader = Reader(digits, settings)
    reader.obey(Step(5))
    saved = reader.read()
    save_network(saved.moment.network, tmp_path / "network.npz", {})
    network, _ = load_network(tmp_path / "network.npz")
    mailbox = Mailbox(lambda: None)
    run = Run(2, settings, digits, mailbox, network)
    while run.work(never):
        pass
    opened = newest(mailbox)
    for name in ("validation", "training", "test"):
        assert opened.evaluations[name].right == saved.evaluations[name].right
        assert opened.evaluations[name].part == saved.evaluations[name].part
    assert opened.evaluations["validation"].right == network.evaluate(digits.validation)


def test_nothing_that_reads_digits_takes_long_even_of_the_largest_network() -> None:
    """So that a command is heard soon: 500 million multiplications are some ten milliseconds."""
    for sizes in ((784, 30, 10), (784, 512, 256, 10), (784, 2_000, 1_500, 280, 10)):
        network = Network(sizes)
        weights = sum(w.size for w in network.weights)
        assert network.evaluation_chunk * weights <= 500_000_000


def test_a_change_is_stamped_with_its_step_and_acts_on_the_next_mini_batch(
    reader: Reader, small_digits: Digits
) -> None:
    reader.obey(Step(5))
    reader.run.handle(Change({"eta": 0.5}))
    reader.run.handle(Change({"eta": 0.5}))  # the same again is no change
    reader.obey(Step(5))
    reader.read()
    (mark,) = reader.history.interventions
    assert isinstance(mark, Changed)
    assert (mark.step, mark.digits, mark.changes) == (5, 50, (("eta", 2.0, 0.5),))
    trainer = Trainer(Network(SETTINGS.sizes, SETTINGS.seed), SETTINGS, small_digits.training)
    for _ in range(5):
        trainer.step()
    trainer.change(SETTINGS.changed(eta=0.5))
    for _ in range(5):
        trainer.step()
    np.testing.assert_array_equal(trainer.network.parameters, reader.run.state().parameters)


def test_no_cost_is_lost_and_memory_stays_bounded_while_nobody_reads(reader: Reader) -> None:
    reader.run.handle(Play())
    for _ in range(2_000):
        reader.run.work(never)
        if reader.step > 3_000:
            break
    assert reader.signals == 1
    reader.run.handle(Pause())
    reader.read()
    assert reader.history.costs.rows["count"].sum() == reader.step
    assert len(reader.history.costs) <= 2_000


def test_in_slow_motion_each_mini_batch_is_told_and_often_measured(reader: Reader) -> None:
    reader.work_until_rest()
    reader.read()
    reader.run.handle(SetSpeed(4.0))
    reader.run.handle(Play())
    reader.read()
    for step in (1, 2):
        reader.run.turn(1, never)
        update = reader.read()
        assert update.moment.step == step
        while reader.run.reads:
            reader.run.work(never)
        assert reader.read().evaluations["validation"].step == step


def test_a_run_whose_cost_is_no_number_stops_and_says_so(reader: Reader) -> None:
    reader.work_until_rest()
    reader.run.trainer.network.biases[-1][:] = np.nan
    reader.obey(Play())
    update = reader.read()
    assert update.diverged
    assert not update.playing
    step, measured = reader.run.step, len(reader.history.curves["validation", 0])
    for command in (Play(), Step(3), FinishEpoch()):  # nothing can be learned from there
        reader.obey(command)
        assert not reader.read().playing
    assert (reader.run.step, len(reader.history.curves["validation", 0])) == (step, measured)


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
    reader = Reader(small_digits)
    reader.work_until_rest()
    reader.run.trainer.network.biases[-1][0] = np.inf
    reader.obey(Step(1))
    update = reader.read()
    assert np.isfinite(reader.history.costs.rows["total"]).all()
    assert update.diverged


def test_at_a_set_speed_each_mini_batch_is_told_even_to_a_reader_who_is_late(reader: Reader) -> None:
    reader.work_until_rest()
    reader.run.handle(SetSpeed(4.0))
    reader.run.handle(Play())  # told, and not yet taken
    reader.run.turn(1, never)
    assert reader.read().moment.step == 1
