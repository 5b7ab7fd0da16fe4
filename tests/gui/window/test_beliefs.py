"""*Recipes, Beliefs to try*: you say what you expect; then the runs are trained that show why a belief fails."""

from __future__ import annotations

from dataclasses import replace
from string import Formatter

import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from mnistviz.engine.beliefs import BELIEFS, Belief, score_answer
from mnistviz.engine.commands import Step
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.prediction_words import verdict
from mnistviz.gui.lab.kept_runs import LONGEST_NAME
from mnistviz.gui.lab.lab_changes import RunRevived
from mnistviz.gui.runs.lane import RunWords
from mnistviz.gui.window import experiments
from mnistviz.gui.window.belief_words import BELIEF_WORDS, about
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import FEWEST_PIXELS


def test_each_belief_stands_in_the_menu_and_tells_nothing_there(window: MainWindow) -> None:
    entries = {id: entry for id, entry in window.action_book.entries.items() if id.startswith("belief_")}
    assert list(entries) == [f"belief_{name}" for name in BELIEFS]
    assert list(BELIEF_WORDS) == list(BELIEFS)
    for id, entry in entries.items():
        assert entry.text.startswith("“")
        assert entry.tip.startswith("Asks what you expect.")
        assert not window.action_book[id].isEnabled()
        assert "measured with MNIST" in window.action_book[id].toolTip().replace("\n", " "), (
            "these are others"
        )


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("name", BELIEFS)
def test_each_belief_asks_before_it_tells_and_has_a_name_for_each_run(name: str) -> None:
    words = BELIEF_WORDS[name]
    assert words.asks.endswith("?")
    assert len(set(words.answers)) == 3
    told = about(name, dict.fromkeys(placeholders(words.about), 0.9))
    assert told.endswith(".")
    assert len(told) <= 115, "it is told in the line at the bottom"
    assert len(words.names) == len(BELIEFS[name].lines)
    assert max(map(len, words.names)) <= LONGEST_NAME


def test_no_two_runs_of_beliefs_have_one_name() -> None:
    names = [each for words in BELIEF_WORDS.values() for each in words.names]
    assert len(set(names)) == len(names)


def asked(window: MainWindow, name: str) -> QMessageBox:
    window.experiments.ask_belief(name)
    (box,) = (each for each in window.findChildren(QMessageBox, "message") if each.isVisible())
    return box


def answer(window: MainWindow, name: str, number: int) -> None:
    """Chooses this answer."""
    box = asked(window, name)
    button = box.findChild(QPushButton, f"belief_answer_{number}")
    assert button is not None
    button.click()


def test_nothing_is_trained_before_one_has_said_what_one_expects(window: MainWindow) -> None:
    count = len(window.lab.runs.open)
    box = asked(window, "order")
    assert "Order doesn't matter" in box.text()
    assert box.informativeText() == BELIEF_WORDS["order"].asks
    assert "forgotten" not in box.informativeText()
    assert len(window.lab.runs.open) == count
    box.reject()
    assert len(window.lab.runs.open) == count


def test_two_runs_are_trained_and_compared_digit_by_digit(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = tuple(f"784-5-10 seed {seed} η 0.5; 3: order sorted; → 20" for seed in (1, 2))
    monkeypatch.setattr(experiments, "BELIEFS", {"equal": Belief(lines, compares=True)})
    count = len(window.lab.runs.open)
    words = BELIEF_WORDS["equal"]
    answer(window, "equal", 1)
    said = window.line.message.said
    assert said is not None
    assert said.text.startswith("You said: About 150.")
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
    assert window.lab.run is not None
    assert window.lab.run.number == other.number
    assert window.lab.chosen.now.window.tab == "mistakes"
    assert window.mistakes.against.choice.run == one.number
    qtbot.waitUntil(lambda: bool(window.lab.predictions.all))
    one, other = window.lab.runs.open[-2:]
    assert window.lab.digits is not None
    labels = window.lab.digits.test.labels
    wrong = [run.evaluations["test"].predictions != labels for run in (one, other)]
    figures = {"alone": float((wrong[0] ^ wrong[1]).sum())}
    seen = about("equal", figures)
    assert window.line.message.said is not None
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
