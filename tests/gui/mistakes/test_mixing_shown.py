"""The networks between two others, and one of them in the place of the moment shown."""

import re

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mnistviz.engine.mistakes.mixing import MixingCurve, mixed
from mnistviz.engine.settings import Settings
from mnistviz.engine.settings_file import NotedRun, run_note
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.preview import Mixture
from mnistviz.gui.mistakes import mixing_words
from mnistviz.gui.mistakes.against import ALONE
from mnistviz.gui.mistakes.mistakes_view import Mistakes
from mnistviz.gui.mistakes.mixing_words import CurveShape, MixNames
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.actions import MENUS
from tests.examples import one_quick
from tests.gui.children import child, known
from tests.gui.lab_by_hand import LabByHand

NAMES = MixNames("A", "B")


@pytest.fixture
def view(lab: LabByHand, qtbot: QtBot) -> Mistakes:
    """The tab with run B against run A of another seed, both at rest."""
    lab.run_to(40)
    lab.run_to(40, Settings(seed=2))
    view = lab.show(qtbot, Mistakes(lab), 1130, 260)
    view.compare_with(AgainstPart("run", "A"))
    lab.work()
    return view


def open_at(view: Mistakes, lab: LabByHand, prediction: CurveShape) -> None:
    view.mixing.action.trigger()
    lab.work()
    view.mixing.card.buttons[prediction].click()
    lab.work()


def said(view: Mistakes, name: str) -> str:
    found = known(view.findChild(QLabel, name))
    return found.accessibleName() or found.text()


def curve_of(*right: int) -> MixingCurve:
    return MixingCurve(np.linspace(0, 1, len(right)), np.array(right, np.int64), 1000)


@pytest.mark.parametrize(
    ("right", "shape"),
    [
        ((940, 930, 945), "flat"),
        ((100, 500, 940), "slope"),  # up from one end to the other, without hill or valley
        ((940, 530, 945), "valley"),
        ((900, 950, 910), "hill"),
        ((900, 860, 970, 910), "hill"),
        ((900, 919, 881, 900), "flat"),
    ],
)
def test_the_shape_is_what_lies_beyond_both_ends(right: tuple[int, ...], shape: str) -> None:
    assert mixing_words.shape_of(curve_of(*right)) == shape


def test_the_card_opens_for_a_mixture_that_is_shown_again(view: Mistakes, lab: LabByHand) -> None:
    lab, a, b = lab, known(lab.runs.open[0].moment), known(lab.shown.moment)
    lab.show_preview(Mixture(b, a, 0.3, NAMES))
    lab.work()
    assert view.mixing.is_open
    assert view.mixing.card.share == 0.3
    assert isinstance(lab.preview, Mixture)
    assert lab.preview.share == 0.3
    assert said(view, "mix_told")
    view.mixing.close()
    lab.work()
    assert lab.preview is None
    assert not view.mixing.is_open


def test_the_curve_stays_covered_until_it_is_predicted_or_skipped(view: Mistakes, lab: LabByHand) -> None:
    view.mixing.action.trigger()
    lab.work()
    card = view.mixing.card
    assert card.isVisible()
    assert not view.chosen.isVisible()
    assert "how many test digits are read right" in said(view, "mix_question")
    assert not card.curve.isVisible()
    assert lab.shown.preview is None
    card.buttons[""].click()
    lab.work()
    assert card.curve.isVisible()
    assert said(view, "mix_told").startswith("It is ")
    view.setStyleSheet("* { font-size: 17px }")
    view.resize(930, 104)
    QApplication.processEvents()
    for part in (card.curve, card.slider):
        assert part.visibleRegion().boundingRect().size() == part.size(), (
            "in a low view one need not scroll to it"
        )


def test_the_mixture_is_the_moment_shown(view: Mistakes, lab: LabByHand) -> None:
    a, b = (run.moment for run in lab.runs.open)
    assert a is not None
    assert b is not None
    open_at(view, lab, "hill")
    for share in (0.0, 0.3, 1.0):
        view.mixing.card.slider.setValue(round(100 * share))
        shown = lab.shown
        assert shown.moment is not None
        assert (shown.moment.kind, shown.moment.run, shown.moment.step) == ("mixed", b.run, b.step)
        assert shown.of_run.moment is b
        wanted = mixed(b.network, a.network, 1 - share).parameters
        assert np.array_equal(shown.moment.network.parameters, wanted)
    for share, end in ((0.0, a), (1.0, b)):
        view.mixing.card.slider.setValue(round(100 * share))
        assert np.array_equal(known(lab.shown.moment).network.parameters, end.network.parameters)
    view.mixing.card.slider.setValue(30)
    assert moment_words.at(lab.shown) == ("mixed: 70 % of A, 30 % of B", "mixed")
    right = mixed(b.network, a.network, 0.7).evaluate(lab.shown.digits.test.first(1000))
    of = len(lab.shown.digits.test.first(1000))
    percent = float(re.findall(r"[\d.]+", said(view, "mix_at"))[-1])
    assert percent == pytest.approx(100 * right / of, abs=200 / of)
    for theme in (DARK, LIGHT):
        set_theme(theme, view)
        view.grab()


def test_what_belongs_to_a_run_is_off_for_a_mixture(view: Mistakes, lab: LabByHand) -> None:
    book = ActionBook(MENUS)
    open_at(view, lab, "flat")
    book.show(lab.shown)
    for id in ("play", "step", "epoch", "branch", "butterfly", "save_network"):
        assert not book[id].isEnabled(), id
        assert "mixture" in book[id].toolTip(), id
    assert book["live"].isEnabled()
    lab.go_live()
    lab.draw()
    assert not view.mixing.is_open
    book.show(lab.shown)
    assert book["save_network"].isEnabled()
    assert not book["live"].isEnabled()
    note = run_note(NotedRun(Settings(), (), 40, 400, mixed="mixed: 70 % of A, 30 % of B"), known(lab.digits))
    assert "# the network shown is a mixture of two networks, mixed: 70 % of A" in note


@one_quick("how", ["escape", "another", "learns", "button", "menu", "past", "select"], quick=2)
def test_the_mixture_is_left(view: Mistakes, lab: LabByHand, how: str) -> None:
    open_at(view, lab, "flat")
    assert lab.shown.preview is not None
    {
        "escape": lambda: QTest.keyClick(view.mixing.card.slider, Qt.Key.Key_Escape),
        "button": child(view.mixing.card, QPushButton, "mix_close").click,
        "menu": view.mixing.action.trigger,
        "another": lambda: view.compare_with(ALONE),
        "past": lambda: lab.playhead.visit(20),
        "learns": lambda: lab.run_to(41),
        "select": lambda: lab.runs.select(1),
    }[how]()
    lab.work()
    assert lab.shown.preview is None
    assert not view.mixing.is_open
    assert not view.mixing.card.isVisible()


def test_a_mixture_stays_while_another_tab_is_looked_at(view: Mistakes, lab: LabByHand) -> None:
    """In a small window its units are in a tab of their own. What was only asked goes."""
    open_at(view, lab, "flat")
    view.hide()
    assert lab.shown.preview is not None
    view.show()
    lab.work()
    assert view.mixing.card.isVisible()
    assert lab.shown.preview is not None
    view.hide()
    lab.go_live()
    view.show()
    lab.work()
    assert not view.mixing.is_open
    view.mixing.action.trigger()
    view.hide()
    assert not view.mixing.is_open


def test_networks_of_other_sizes_cannot_be_mixed(view: Mistakes, lab: LabByHand) -> None:
    assert view.mixing.action.isEnabled()
    lab.run_to(40, Settings(sizes=(784, 20, 10)))
    view.compare_with(AgainstPart("run", "A"))
    lab.work()
    assert not view.mixing.action.isEnabled()
    assert "same layers" in view.mixing.action.toolTip()
    view.compare_with(ALONE)
    assert "what to compare with" in view.mixing.action.toolTip()
