"""Experiments: saved, opened and pasted, they go on as they would have; and *Beliefs to try*."""

from collections.abc import Callable
from pathlib import Path
from string import Formatter

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QFileOpenEvent, QGuiApplication
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from mnistviz.engine.beliefs import BELIEFS, Belief, score_answer
from mnistviz.engine.commands import Change, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.experiment_file import load_experiment, save_experiment
from mnistviz.engine.experiment.saved import Experiment, checksum
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.prediction_words import verdict
from mnistviz.gui.lab.kept_runs import LONGEST_NAME
from mnistviz.gui.lab.lab_changes import RunRevived
from mnistviz.gui.runs.lane import RunWords
from mnistviz.gui.settings.plan_words import can_begin_anew
from mnistviz.gui.splash import Application
from mnistviz.gui.window import experiments
from mnistviz.gui.window.belief_words import BELIEF_WORDS, about
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import FEWEST_PIXELS
from tests.gui.live_run import live_run
from tests.gui.window.two_runs import all_there, drop, learn, told, two_runs, weights


def save(qtbot: QtBot, window: MainWindow, path: Path, *, small: bool = False) -> Experiment:
    with qtbot.waitSignal(window.documents.saved):
        window.documents.save_experiment(path, small=small)
    return load_experiment(path)


@pytest.mark.parametrize("small", [False, pytest.param(True, marks=pytest.mark.long)])
def test_an_experiment_comes_back_in_another_window(
    qtbot: QtBot, open_window: Callable[..., MainWindow], small_digits: Digits, tmp_path: Path, small: bool
) -> None:
    window = open_window(small_digits)
    two_runs(qtbot, window)
    window.curves.log_cost_action.setChecked(True)
    window.network.select(1, 7)
    path = tmp_path / "two.mnistviz"
    saved = save(qtbot, window, path, small=small)
    assert [run.complete for run in saved.runs] == [not small] * 2
    before = window.lab.runs.open
    other = open_window(small_digits)
    other.documents.open(path)
    qtbot.waitUntil(lambda: len(other.lab.runs.open) == 2)
    assert len(other.lab.run.history.costs), "the curves are there at once"
    qtbot.waitUntil(lambda: all_there(other, 2))
    for mine, its in zip(before, other.lab.runs.open, strict=True):
        assert (its.letter, its.name, its.hue, its.step) == (mine.letter, mine.name, mine.hue, mine.step)
        assert weights(its) == weights(mine)
        assert its.history.interventions == mine.history.interventions
    assert other.lab.run.name == "mine"
    assert other.lab.run.parent.number == other.lab.runs.open[0].number
    assert other.curves.log_cost_action.isChecked()
    learn(qtbot, window, 7)
    learn(qtbot, other, 7)
    assert weights(live_run(other.lab)) == weights(live_run(window.lab))
    other.lab.playhead.visit(120)
    window.lab.playhead.visit(120)
    qtbot.waitUntil(lambda: other.lab.playhead.exact and window.lab.playhead.exact)
    shown = [each.lab.shown.moment for each in (window, other)]
    assert checksum(shown[0].network.parameters) == checksum(shown[1].network.parameters)


def test_a_run_is_copied_and_pasted_as_a_line(qtbot: QtBot, window: MainWindow) -> None:
    learn(qtbot, window, 30)
    window.lab.runs.send(Change({"eta": 0.5}))
    learn(qtbot, window, 5)
    before = live_run(window.lab)
    window.action_book["copy_line"].trigger()
    assert QGuiApplication.clipboard().text().startswith("784-30-10 seed 1 η 3; 30: η 0.5; → 35; data ")
    window.action_book["paste_picture"].trigger()  # Ctrl+V knows a run from a picture
    qtbot.waitUntil(lambda: len(window.lab.runs.open) == 2 and all_there(window, 2))
    assert weights(live_run(window.lab)) == weights(before)
    assert live_run(window.lab).letter == "B"


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("784-30-10 seed 1 luck 3", "luck"),
        ("784-30-10 seed 1; → 9; data ffff", "ffff"),
        ("words", "784-30-10"),
    ],
)
def test_what_is_no_run_gets_a_sentence(window: MainWindow, text: str, word: str) -> None:
    QGuiApplication.clipboard().setText(text)
    window.action_book["paste_run"].trigger()
    assert word in told(window)
    assert len(window.lab.runs.open) == 1


def test_other_data_is_refused_and_a_run_that_departs_here_goes_on_from_what_the_file_holds(
    qtbot: QtBot, window: MainWindow, small_digits: Digits, tmp_path: Path
) -> None:
    path = tmp_path / "other.mnistviz"
    learn(qtbot, window, 150)
    saved = save(qtbot, window, path)
    other = replace(saved, data=replace(saved.data, name="letters", checksum="f" * 64))
    save_experiment(other, path, small_digits)
    window.documents.open(path)
    qtbot.waitUntil(lambda: "letters" in told(window))
    strange = replace(saved.runs[0], checks={**saved.runs[0].checks, 64: "0" * 32})
    save_experiment(replace(saved, runs=(strange,)), path, small_digits)
    before = weights(live_run(window.lab))
    window.documents.open(path)
    qtbot.waitUntil(lambda: "other weights" in told(window))
    assert "the same after mini-batch 1, others after mini-batch 64" in told(window)
    qtbot.waitUntil(lambda: all_there(window, 1))
    assert weights(live_run(window.lab)) == before
    learn(qtbot, window, 10)
    window.lab.playhead.visit(100)
    qtbot.waitUntil(lambda: window.lab.playhead.exact)
    assert window.lab.playhead.step == 128  # the nearest state that the file has


def test_an_experiment_says_which_runs_it_closed(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "one.mnistviz"
    learn(qtbot, window, 10)
    save(qtbot, window, path)
    window.documents.path = None
    window.steering.new_run()
    learn(qtbot, window, 5)
    before = window.lab.runs.open
    chosen = live_run(window.lab)
    window.documents.open(path)
    qtbot.waitUntil(lambda: len(window.lab.runs.open) == 1 and all_there(window, 1))
    said = window.line.message.said
    assert said.text.startswith("Closed to make room for the runs of one.mnistviz: A ")
    assert said.short == "Runs A, B closed"
    assert window.documents.path == path
    assert window.lab.runs.reopen(before[0].number)  # one of them by hand
    window.line.message.offer_button.click()
    qtbot.waitUntil(lambda: all_there(window, 2))
    assert [run.number for run in window.lab.runs.open] == [run.number for run in before]
    assert live_run(window.lab).number == chosen.number
    assert [run.on for run in window.lab.runs.open] == [False, True]
    assert window.documents.path is None
    learn(qtbot, window, 2)
    assert live_run(window.lab).step == 7


def test_a_file_is_opened_that_is_dropped_or_that_macos_hands_over(
    qtbot: QtBot, qapp: Application, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "dropped.mnistviz"
    learn(qtbot, window, 10)
    save(qtbot, window, path)
    monkeypatch.setattr(qapp, "asked", None)
    qapp.sendEvent(qapp, QFileOpenEvent(str(path)))
    assert qapp.asked == path, "before there is a window"
    monkeypatch.setattr(qapp, "open_file", window.open_file)
    for hand_over in (lambda: drop(window, path), lambda: qapp.sendEvent(qapp, QFileOpenEvent(str(path)))):
        before = live_run(window.lab).number
        hand_over()
        qtbot.waitUntil(lambda before=before: live_run(window.lab).number > before and all_there(window, 1))  # type: ignore[misc]
        assert live_run(window.lab).step == 10


def test_a_run_that_is_trained_again_says_how_far_it_is_or_that_it_failed(window: MainWindow) -> None:
    lab = window.lab
    number = lab.runs.open[0].number
    assert can_begin_anew(lab.runs.open[0])
    lab.training.replayed.emit(number, 3, 12)
    run = lab.runs.open[0]
    assert run.replayed == (3, 12)
    assert not run.ready
    assert not can_begin_anew(run), "a change of a setting would put another run in its place"
    names = RunWords(window).of(replace(run, name="mine"), [run]).names
    assert names == ("mine · trained from its start, 25 %", "mine · 25 %", "mine"), "the name stays"
    lab.training.failed.emit(number, "a fault")
    assert lab.runs.open[0].failed
    assert lab.runs.open[0].replayed is None


def test_each_belief_is_in_the_menu_and_trains_nothing_before_a_prediction(window: MainWindow) -> None:
    entries = {id: entry for id, entry in window.action_book.entries.items() if id.startswith("belief_")}
    assert list(entries) == [f"belief_{name}" for name in BELIEFS]
    assert list(BELIEF_WORDS) == list(BELIEFS)
    for id, entry in entries.items():
        assert entry.text.startswith("“")
        assert entry.tip.startswith("Asks what you expect.")
        assert not window.action_book[id].isEnabled()
        tip = window.action_book[id].toolTip().replace("\n", " ")
        assert "measured with MNIST" in tip, "these are others"
    names = [each for words in BELIEF_WORDS.values() for each in words.names]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= LONGEST_NAME
    for belief, words in BELIEF_WORDS.items():
        assert words.asks.endswith("?")
        assert len(set(words.answers)) == 3
        figures = {name for _, name, _, _ in Formatter().parse(words.about) if name}
        told = about(belief, dict.fromkeys(figures, 0.9))
        assert told.endswith(".")
        assert len(told) <= 115, "it is told in the line at the bottom"
        assert len(words.names) == len(BELIEFS[belief].lines)
    count = len(window.lab.runs.open)
    box = asked(window, "order")
    assert "Order doesn't matter" in box.text()
    assert box.informativeText() == BELIEF_WORDS["order"].asks
    assert "forgotten" not in box.informativeText()
    assert len(window.lab.runs.open) == count
    box.reject()
    assert len(window.lab.runs.open) == count


def asked(window: MainWindow, name: str) -> QMessageBox:
    window.experiments.ask_belief(name)
    (box,) = (each for each in window.findChildren(QMessageBox, "message") if each.isVisible())
    return box


def answer(window: MainWindow, name: str, number: int) -> None:
    asked(window, name).findChild(QPushButton, f"belief_answer_{number}").click()


def test_two_runs_are_compared(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = tuple(f"784-5-10 seed {seed} η 0.5; 3: order sorted; → 20" for seed in (1, 2))
    monkeypatch.setattr(experiments, "BELIEFS", {"equal": Belief(lines, compares=True)})
    count = len(window.lab.runs.open)
    words = BELIEF_WORDS["equal"]
    answer(window, "equal", 1)
    assert window.line.message.said.text.startswith("You said: About 150.")
    tips = [RunWords().of(run, window.lab.runs.open).tip for run in window.lab.runs.open[-2:]]
    assert not any(words.about in tip for tip in tips), "not before it is there"
    assert all(tip.startswith(words.asks) for tip in tips)
    qtbot.waitUntil(
        lambda: (
            len(window.lab.runs.open) == count + 2
            and all(run.ready and run.step == 20 for run in window.lab.runs.open[-2:])
        )
    )
    one, other = window.lab.runs.open[-2:]
    titles = [RunWords().title(run, window.lab.runs.open)[2:] for run in (one, other)]
    assert titles == ["equal score, seed 1", "equal score, seed 2"]
    assert (one.settings.seed, other.settings.seed) == (1, 2)
    assert other.now.order == "sorted"
    assert window.lab.run.number == other.number
    assert window.lab.chosen.now.window.tab == "mistakes"
    assert window.mistakes.against.choice.run == one.letter
    qtbot.waitUntil(lambda: bool(window.lab.predictions.all))
    one, other = window.lab.runs.open[-2:]
    labels = window.lab.digits.test.labels
    wrong = [run.evaluations["test"].predictions != labels for run in (one, other)]
    figures = {"alone": float((wrong[0] ^ wrong[1]).sum())}
    seen = about("equal", figures)
    assert (
        window.line.message.said.text
        == f"You said: About 150. {verdict(score_answer('equal', 1, figures))} {seen}"
    )
    (counted,) = window.lab.predictions.all
    assert (counted.page, counted.question, counted.said) == ("beliefs", "equal", "About 150")
    # else another Start would train what they show away; the news that the second one is there may come last
    qtbot.waitUntil(lambda: not any(run.on for run in window.lab.runs.open[-2:]))
    assert RunWords().of(one, window.lab.runs.open).tip.startswith(seen), "it can be read again"


@pytest.mark.long
def test_of_two_beliefs_that_are_trained_at_once_each_is_told_once_its_own_runs_are_there(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = {
        name: Belief((f"784-5-10 seed 1 η 0.5; → {steps}",))
        for name, steps in (("labels", 400), ("noise", 20))
    }
    monkeypatch.setattr(experiments, "BELIEFS", lines)
    words = {name: replace(BELIEF_WORDS[name], names=(name,)) for name in lines}
    monkeypatch.setattr(experiments, "BELIEF_WORDS", words)
    told: list[str] = []
    monkeypatch.setattr(window.line, "tell", lambda text, short="": told.append(short))
    for name in lines:
        answer(window, name, 0)
    qtbot.waitUntil(lambda: len([each for each in told if each]) == 2)
    assert {each[:12] for each in told if each} == {each.about[:12] for each in words.values()}


def test_runs_whose_training_a_restart_has_interrupted_tell_once_what_they_show_when_the_last_is_there(
    qtbot: QtBot, window: MainWindow
) -> None:
    words, lab = BELIEF_WORDS["equal"], window.lab
    numbers = []
    for seed in (1, 2):
        lab.runs.begin(Settings(sizes=(784, 5, 10), seed=seed))
        qtbot.waitUntil(lambda: lab.run is not None and lab.run.ready)
        assert lab.run is not None
        numbers.append(lab.run.number)
        lab.runs.send(Step(1))
        qtbot.waitUntil(lambda: lab.run is not None and lab.run.step == 1)
        lab.runs.note(numbers[-1], words.asks)
    before = window.line.message.said
    for number in reversed(numbers):
        run = lab.runs.find(number)
        assert run is not None
        lab.tell(RunRevived(run))
    qtbot.waitUntil(lambda: window.line.message.said != before)
    assert window.line.message.said is not None
    told = window.line.message.said.text
    assert told.startswith(words.about.partition("{")[0])
    runs = [run for run in lab.runs.open if run.number in numbers]
    assert [(run.about, run.on) for run in runs] == [(told, False)] * 2
    assert not lab.predictions.all, "nobody said anything since the restart"


def test_the_fewest_pixels_are_opened_for_the_digit_that_is_told_of(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    belief = Belief(("784-5-10 seed 1 η 0.5; → 20",), fewest_pixels=3)
    monkeypatch.setattr(experiments, "BELIEFS", {"sees": belief})
    panel = window.views[FEWEST_PIXELS]
    window.network.show_digit("test", 1)
    window.experiments.try_belief("sees", 0)
    assert window.network.pad.sheet.number == 3
    qtbot.waitUntil(lambda: panel.found is not None and panel.moment.text().endswith("mini-batch 20"))
    panel.close()
