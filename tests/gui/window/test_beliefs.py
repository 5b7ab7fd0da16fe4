"""*Recipes, Beliefs to try*: a click trains the runs that show why a belief fails."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from mnistviz.engine.beliefs import BELIEFS, Belief
from mnistviz.gui.lab.kept_runs import LONGEST_NAME
from mnistviz.gui.network.fewest_pixels_panel import FewestPixels
from mnistviz.gui.runs.run_words import RunWords
from mnistviz.gui.window import experiments
from mnistviz.gui.window.main_window import MainWindow


def test_each_belief_stands_in_the_menu_with_what_shows_that_it_fails(window: MainWindow) -> None:
    entries = {id: entry for id, entry in window.action_book.entries.items() if id.startswith("belief_")}
    assert list(entries) == [f"belief_{name}" for name in BELIEFS]
    for id, entry in entries.items():
        assert entry.text.startswith("“")
        assert entry.tip.endswith(".")
        assert len(entry.tip) <= 105, "it is told in the line at the bottom"
        assert not window.action_book[id].isEnabled()
        assert "measured with MNIST" in window.action_book[id].toolTip().replace("\n", " "), (
            "these are others"
        )


def test_each_run_of_a_belief_has_a_name_that_says_what_it_is(window: MainWindow) -> None:
    named: dict[str, Sequence[str]] = {}
    parts: Any = SimpleNamespace(
        experiments=SimpleNamespace(try_belief=lambda name, about, names: named.update({name: names}))
    )
    for name in BELIEFS:
        do = window.action_book.entries[f"belief_{name}"].do
        assert do is not None
        do(parts)
    assert {name: len(names) for name, names in named.items()} == {
        name: len(belief.lines) for name, belief in BELIEFS.items()
    }
    names = [each for names in named.values() for each in names]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= LONGEST_NAME


def test_two_runs_are_trained_and_compared_digit_by_digit(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = tuple(f"784-5-10 seed {seed} η 0.5; 3: order sorted; → 20" for seed in (1, 2))
    monkeypatch.setattr(experiments, "BELIEFS", {"equal": Belief(lines, compares=True)})
    count = len(window.lab.runs)
    about = window.action_book.entries["belief_equal"].tip
    told: list[str] = []
    tell = window.line.tell

    def noted(text: str) -> None:
        told.append(text)
        tell(text)

    monkeypatch.setattr(window.line, "tell", noted)
    window.experiments.try_belief("equal", about, ("one", "the other"))
    qtbot.waitUntil(
        lambda: (
            len(window.lab.runs) == count + 2
            and all(run.ready and run.step == 20 for run in window.lab.runs[-2:])
        )
    )
    one, other = window.lab.runs[-2:]
    assert [RunWords().title(run, window.lab.runs)[2:] for run in (one, other)] == ["one", "the other"]
    assert RunWords().of(one, window.lab.runs).tip.startswith(about), "it can be read again"
    assert (one.settings.seed, other.settings.seed) == (1, 2)
    assert other.now.order == "sorted"
    assert window.lab.run is not None
    assert window.lab.run.number == other.number
    assert window.arrangement.tabs.tab == "mistakes"
    assert window.mistakes.against.choice.run == one.number
    qtbot.waitUntil(lambda: told == [about, about])  # at once, and when it is there
    assert not any(run.on for run in window.lab.runs[-2:]), "another Start would train what they show away"
    said = window.line.message.said
    assert said is not None
    assert said.text == about


def test_the_fewest_pixels_are_opened_for_the_digit_that_is_told_of(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    belief = Belief(("784-5-10 seed 1 η 0.5; → 20",), fewest_pixels=3)
    monkeypatch.setattr(experiments, "BELIEFS", {"sees": belief})
    panel = window.views.of(FewestPixels)
    window.network.show_digit("test", 1)
    window.experiments.try_belief("sees", window.action_book.entries["belief_sees"].tip, ("fewest",))
    assert window.network.pad.sheet.number == 3
    qtbot.waitUntil(lambda: panel.found is not None and panel.moment.text().endswith("mini-batch 20"))
    panel.close()
