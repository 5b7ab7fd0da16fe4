"""Training with nobody at the window: the same run, to the same weights; and a run that is handed over at any time."""

import csv
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from mnistviz.engine.commands import Pause, Play, Step
from mnistviz.engine.curves_file import HEADER, save_curves
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.rebuilding import revived
from mnistviz.engine.experiment.saved import checksum
from mnistviz.engine.handover import Mailbox, Update
from mnistviz.engine.history import Columns, History
from mnistviz.engine.problems import Problem
from mnistviz.engine.recorder import RunContent
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.engine.unattended import Epoch, Outcome, train
from tests.engine.luck.made_bands import made_band
from tests.engine.test_record import assert_same_state
from tests.engine.time_machine import newest, state_at
from tests.engine.time_machine import trained as trained_run

RICH = Settings(
    sizes=(784, 12, 10),
    seed=4,
    activation="relu",
    output="softmax",
    cost="cross_entropy",
    initial_weights="he",
    eta=0.05,
    momentum=0.9,
    weight_decay=1.0,
    dropout=0.1,
    schedule="halve",
    schedule_epochs=1,
    shift=1,
    rotation=5.0,
    elastic=0.5,
    stop="no_improvement",
    stop_epochs=2,
)


def played(settings: Settings, digits: Digits) -> Update:
    """What the window's worker comes to with one press of play."""
    return newest(trained_run(digits, Play(), settings=settings).mailbox)


@pytest.fixture(scope="module")
def trained(small_digits: Digits) -> tuple[Outcome, list[Epoch]]:
    """What came of the rich settings, and what was told on the way."""
    told: list[Epoch] = []
    return train(RICH, small_digits, report=told.append), told


def test_has_the_same_weights_as_a_window(small_digits: Digits, trained: tuple[Outcome, list[Epoch]]) -> None:
    (outcome, _), window = trained, played(RICH, small_digits)
    assert outcome.ended == "stopped"
    assert window.stopped
    assert outcome.step == window.moment.step
    assert np.array_equal(outcome.network.parameters, window.moment.network.parameters)
    assert outcome.best == window.best


def test_tells_of_each_epoch_and_keeps_the_weights_of_the_best(
    small_digits: Digits, trained: tuple[Outcome, list[Epoch]]
) -> None:
    outcome, told = trained
    assert outcome.epochs == tuple(told)
    assert [epoch.number for epoch in told] == list(range(len(told)))
    accuracies = [epoch.accuracy("validation") for epoch in told]
    best = outcome.best_epoch
    assert best is not None
    assert best.number == int(np.argmax(accuracies))
    assert outcome.best_network is not None
    assert outcome.best_network.evaluate(small_digits.validation) == best.evaluations["validation"].right
    assert outcome.best_network.evaluate(small_digits.test) == best.evaluations["test"].right


def test_ends_after_the_most_epochs_if_nothing_stops_it_before(small_digits: Digits) -> None:
    outcome = train(Settings(sizes=(784, 5, 10)), small_digits, most_epochs=2)
    assert (outcome.ended, len(outcome.epochs), outcome.digits) == ("epochs", 2, 2 * 1_003)


def test_an_interruption_ends_it_after_the_mini_batch_in_work(small_digits: Digits) -> None:
    places: list[int] = []
    outcome = train(
        Settings(sizes=(784, 5, 10)),
        small_digits,
        progress=places.append,
        interrupted=lambda: bool(places) and places[-1] >= 500,
    )
    assert (outcome.ended, outcome.epochs, outcome.best_network) == ("interrupted", (), None)
    assert 500 <= outcome.digits < 1_003


def test_settings_that_will_not_do_are_refused(small_digits: Digits) -> None:
    with pytest.raises(Problem):
        train(Settings(output="softmax"), small_digits)
    with pytest.raises(Problem):
        train(Settings(sizes=(784, 30, 3)), small_digits)


def test_curves_are_written_a_line_for_each_column(small_digits: Digits, tmp_path: Path) -> None:
    outcome = train(Settings(sizes=(784, 5, 10)), small_digits, most_epochs=2)
    file = tmp_path / "curves.csv"
    sizes = {"training": 1_010, "validation": 300, "test": 200}
    save_curves(outcome.history, len(small_digits.training), file, sizes=sizes)
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert tuple(rows[0]) == HEADER
    costs = [row for row in rows if row["series"] == "cost"]
    assert len(costs) == 202
    assert costs[101]["first_mini_batch"] == costs[101]["last_mini_batch"] == "101"
    assert float(costs[101]["first_epoch"]) == 1.0
    tests = [row for row in rows if row["series"] == "test"]
    assert float(tests[-1]["mean"]) == pytest.approx(outcome.epochs[-1].accuracy("test"))
    assert float(tests[-1]["last_epoch"]) == 2.0
    assert (tests[-1]["p10"], tests[-1]["digits"]) == ("", "200")
    assert costs[0]["digits"] == ""


def test_curves_have_a_series_of_their_own_for_the_first_digits_of_a_set(tmp_path: Path) -> None:
    history = History().with_accuracy("validation", 0, 0, 0.951)
    history = history.with_accuracy("validation", 1, 10, 0.916, 500, complete=False)
    history = history.with_accuracy("training", 1, 10, 0.93, 1_000)
    save_curves(history, 60, tmp_path / "curves.csv", sizes={"validation": 10_000})
    with (tmp_path / "curves.csv").open(encoding="utf-8", newline="") as opened:
        rows = [(row["series"], row["mean"], row["digits"]) for row in csv.DictReader(opened)]
    assert rows == [
        ("training", "0.93", "1000"),
        ("validation", "0.951", "10000"),
        ("validation_first_500", "0.916", "500"),
    ]


def test_curves_have_a_series_for_each_run_of_a_band(tmp_path: Path) -> None:
    bands = made_band((0.9, 0.8), epochs=2, every=60), made_band((0.7,), "tiny changes", every=60)
    file, sizes = tmp_path / "curves.csv", {"validation": 300}
    save_curves(History(), 60, file, sizes=sizes, bands=bands, step_at=lambda digits: digits // 10)
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    names = ("series", "first_mini_batch", "last_epoch", "count", "mean", "largest", "p10", "digits")
    assert [tuple(row[name] for name in names) for row in rows[2:4]] == [
        ("validation_seed_1", "12", "2", "1", "0.9", "0.9", "", "300"),
        ("validation_seed_2", "0", "0", "1", "0.1", "0.1", "", "300"),
    ]
    assert rows[-1]["series"] == "validation_tiny_change_1"


def test_curves_leave_figures_empty_where_there_are_none(tmp_path: Path) -> None:
    history = History(Columns(4, histogram=True))
    history = history.with_costs(0, 0, np.array([1.0, 2.0, np.nan, np.inf, 3.0, 5.0]), 10)
    save_curves(history, 60, tmp_path / "curves.csv")
    lines = (tmp_path / "curves.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[5:10] for line in lines] == [
        ["2", "0", "1.5", "1", "2"],
        ["0", "2", "", "", ""],
        ["2", "0", "4", "3", "5"],
    ]


SETTINGS = Settings(sizes=(784, 8, 10), momentum=0.5, schedule="halve", schedule_epochs=1, mini_batch_size=17)
STEPS = 125  # more than two epochs of 59


def trained_on(run: Run, step: int) -> Run:
    """The run after so many mini-batches and all that belongs to them."""
    run.handle(Step(step - run.step))
    while run.has_work:
        run.turn(1, lambda: False)
    return run


def outcome(run: Run) -> object:
    best = run.recorder.best
    judged = [(each.step, each.right) for each in run.record().judged]
    return run.step, checksum(run.state().parameters), judged, run.trainer.settings, best and best[1]


def test_what_is_handed_over_says_nothing_of_what_was_told(small_digits: Digits) -> None:
    run = trained_on(Run(1, SETTINGS, small_digits, Mailbox(lambda: None)), 3)
    run.recorder.thinned = True
    assert run.content().record.step == 3
    assert run.recorder.thinned, "the record that the window has still holds what was let go"


def test_between_any_two_slices_around_the_end_of_an_epoch(small_digits: Digits) -> None:
    run, contents = Run(1, SETTINGS, small_digits, Mailbox(lambda: None)), list[RunContent]()
    run.handle(Play())
    unjudged = 0
    while run.step < STEPS:
        asked = count()
        run.turn(1, lambda: next(asked) > 0)  # noqa: B023  as little as can be
        if run.step % 59 >= 55 or run.step % 59 <= 2:
            contents.append(run.content())
            unjudged += not run.is_judged
    assert unjudged > 3
    run.handle(Pause(measure=False))
    while run.has_work:
        run.turn(1, lambda: False)
    expected = outcome(run)
    for content in contents[::6]:
        snapshots = *content.record.snapshots, content.state  # as in a file
        saved = replace(content, record=replace(content.record, snapshots=snapshots))
        again = revived(1, saved, small_digits, Mailbox(lambda: None))
        assert outcome(trained_on(again, run.step)) == expected
        assert_same_state(state_at(again, run.step), run.state())
