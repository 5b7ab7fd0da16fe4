"""The tab *Layers*, as a person uses it."""

from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Play, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.microscope.layer_histograms import shared_histograms
from mnistviz.engine.moment import Moment
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.common.timers import Throttle
from mnistviz.gui.lab.shown import Lifecycle
from mnistviz.gui.layers.layer_charts import BarPlace
from mnistviz.gui.layers.layer_words import LayersBeside, present
from mnistviz.gui.layers.layers_view import LayersView
from mnistviz.gui.mistakes.against import ALONE
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import LAYERS
from tests.examples import one_quick
from tests.gui.children import child, known, said
from tests.gui.lab_by_hand import JobsByHand, LabByHand
from tests.gui.pretending import pretend
from tests.gui.said.plain import plain


@pytest.fixture
def view(lab_by_hand: LabByHand, qtbot: QtBot) -> LayersView:
    """The tab by itself, for a run that has learned a little."""
    lab_by_hand.run_to(60, Settings(sizes=(784, 30, 20, 10)))
    found = lab_by_hand.show(qtbot, LayersView(lab_by_hand), 1130, 250)
    lab_by_hand.work()
    return found


def painted(view: LayersView) -> list[str]:
    """What the histograms say; all of it fits."""
    with watched() as heard:
        view.grab()
    texts = [text for text in heard if text.whose == "layer_charts" and text.text]
    assert [text for text in texts if not text.fits] == []
    return [text.text for text in texts]


def empty(view: LayersView) -> str:
    assert child(view, QLabel, "layers_empty").isVisible()
    return said(view, "layers_empty")


def test_it_shows_what_the_engine_counts_at_the_moment_that_is_shown(
    view: LayersView, lab_by_hand: LabByHand, small_digits: Digits
) -> None:
    seen = []
    for step in (60, 20):
        lab_by_hand.visit(step)
        moment = known(lab_by_hand.shown.moment)
        assert moment.step == step
        layers = shared_histograms([moment.network], small_digits.training.images[:1_000])[0]
        wanted = present(layers, moment.network, 1_000, view.charts.content.hue)
        assert plain(view.charts.content) == plain(wanted)
        for picture, layer in zip(wanted.layers, layers, strict=True):
            np.testing.assert_allclose(picture.z.heights, layer.z_counts / layer.z_counts.max())
            np.testing.assert_allclose(picture.a.heights, layer.a_counts / layer.a_counts.max())
        seen.append(plain(wanted))
    assert seen[0] != seen[1]


def test_a_bar_is_read_with_the_mouse_and_with_keys(view: LayersView) -> None:
    charts = view.charts
    QTest.mouseMove(charts, (charts.panels()[1].z.center() + QPointF(2, 0)).toPoint())
    assert charts.pointed == BarPlace(1, True, 32)
    assert any(text.startswith("Hidden layer 2: z from 0 to ") for text in painted(view))
    assert charts.accessibleDescription().startswith("Hidden layer 2: z from 0 to ")
    assert "slope about 0.2" in charts.accessibleDescription()
    keys = Qt.Key
    for key, place in (
        (keys.Key_Left, (1, True, 31)),
        (keys.Key_Down, (1, False, 9)),
        (keys.Key_End, (1, False, 19)),
        (keys.Key_Right, (2, False, 0)),
        (keys.Key_Right, (2, False, 1)),
        (keys.Key_Left, (2, False, 0)),
        (keys.Key_Left, (1, False, 19)),
        (keys.Key_Up, (1, True, 62)),
        (keys.Key_PageDown, (2, True, 62)),
        (keys.Key_PageDown, (2, True, 62)),
        (keys.Key_Home, (2, True, 0)),
    ):
        QTest.keyClick(charts, key)
        assert charts.pointed == place
    assert charts.accessibleDescription().startswith("Outputs: z below −")
    QTest.keyClick(charts, keys.Key_Escape)
    assert charts.pointed is None
    assert charts.accessibleDescription() == ""


@one_quick(
    ("hidden", "kinds"),
    [
        ((), ("sigmoid", "softmax")),
        ((8,) * 8, ("tanh", "sigmoid")),
        ((30,), ("leaky_relu", "softmax")),
        ((100, 5), ("relu", "softmax")),
    ],
    quick=2,
)
def test_networks_of_any_shape_fit(
    lab_by_hand: LabByHand, qtbot: QtBot, hidden: tuple[int, ...], kinds: tuple[str, str]
) -> None:
    cost = "cross_entropy" if kinds[1] == "softmax" else "quadratic"
    lab_by_hand.runs.begin(
        Settings(sizes=(784, *hidden, 10), activation=kinds[0], output=kinds[1], cost=cost, eta=0.1)
    )
    lab_by_hand.work()
    view = lab_by_hand.show(qtbot, LayersView(lab_by_hand), 900, 250)
    lab_by_hand.work()
    assert len(view.charts.content.layers) == len(hidden) + 1
    for width, height in ((1_500, 320), (660, 150), (630, 430)):
        view.resize(width, height)
        texts = painted(view)
        for number in range(len(hidden)):
            assert {f"Hidden layer {number + 1}", f"Hidden {number + 1}", str(number + 1)} & set(texts)
        shares = [text for text in texts if "dead" in text or "saturated" in text or text.endswith(" %")]
        assert len(shares) >= (1 if kinds[0] == "leaky_relu" else len(hidden) + 1)
        if len(hidden) == 8 and width < 700:
            assert any(text.startswith("±") for text in texts)  # else nobody would know how far the axis goes


def test_nothing_is_asked_while_it_is_hidden(view: LayersView, lab_by_hand: LabByHand) -> None:
    before = view.shown
    view.hide()
    lab_by_hand.run_to(70)
    assert not lab_by_hand.questions.is_open("layers")
    assert view.shown is before
    view.show()
    lab_by_hand.draw()
    assert lab_by_hand.questions.is_open("layers")
    lab_by_hand.work()
    assert known(view.shown).network is known(lab_by_hand.shown.moment).network


def test_another_run_has_its_own_layers_and_its_own_hue(view: LayersView, lab_by_hand: LabByHand) -> None:
    lab_by_hand.runs.relabel(known(lab_by_hand.run).number, hue=5)
    lab_by_hand.draw()
    assert view.charts.content.hue == view.sizes.content.hue == LIGHT.runs[5]
    view.hide()
    lab_by_hand.runs.begin(Settings(sizes=(784, 5, 10)))
    lab_by_hand.work()
    view.show()
    assert view.shown is None  # not the layers of the run before
    lab_by_hand.draw()
    lab_by_hand.work()
    assert len(view.charts.content.layers) == 2


def test_while_it_learns_it_renews_itself_at_times(view: LayersView, lab_by_hand: LabByHand) -> None:
    """Painted just where the answer comes, it would make a frame late."""
    before = view.charts.content
    lab_by_hand.runs.send(Play())
    lab_by_hand.work(4)
    child(view, Throttle).now()
    assert cast(JobsByHand, lab_by_hand.questions).work()
    assert known(view.shown).step > 60
    assert view.charts.content is before
    lab_by_hand.draw()
    assert view.charts.content is not before
    assert not lab_by_hand.shown.rests


def test_fonts_are_made_once_and_anew_with_larger_text(view: LayersView) -> None:
    """A font that Python lets go of hands over its lock, and what learns takes it."""
    for chart in (view.charts, view.sizes):
        small = chart.small
        line = small.line
        view.grab()
        assert chart.small is small
        font = chart.font()
        font.setPixelSize(40)
        chart.setFont(font)
        assert chart.small.line > 1.5 * line


def test_without_a_run_or_finite_numbers_there_is_a_sentence(lab_by_hand: LabByHand, qtbot: QtBot) -> None:
    view = lab_by_hand.show(qtbot, LayersView(lab_by_hand), 900, 250)
    assert empty(view).startswith("Each layer appears here")
    lab_by_hand.runs.begin(
        Settings(sizes=(784, 30, 20, 10), activation="relu", eta=1_000.0, weight_decay=5.0)
    )
    lab_by_hand.runs.send(Step(60))
    for _ in range(3):
        lab_by_hand.work()
    assert "no finite numbers" in empty(view)


def test_another_run_is_an_outline_and_dashed_lines_after_as_many_digits(
    lab_by_hand: LabByHand, qtbot: QtBot, small_digits: Digits
) -> None:
    other = lab_by_hand.run_to(90, Settings(sizes=(784, 12, 10), eta=1.0))
    run = lab_by_hand.run_to(40, Settings(sizes=(784, 30, 20, 10)))
    view = lab_by_hand.show(qtbot, LayersView(lab_by_hand), 1_300, 250)
    lab_by_hand.work()
    assert [choice.words for choice in view.beside.choices()] == ["not compared", "beside A"]
    alone = view.charts.content.layers
    assert all(bars.beside is None for picture in alone for bars in (picture.z, picture.a))
    view.beside.list.setCurrentIndex(1)
    view.beside.list.activated.emit(1)
    lab_by_hand.work()
    lab_by_hand.work()
    moments: list[Moment] = []
    for each in (run, other):
        lab_by_hand.questions.ask_moment("test", each, 40, moments.append, print)
        lab_by_hand.work()
    own, wanted = shared_histograms([each.network for each in moments], small_digits.training.images[:1_000])
    content = view.charts.content
    assert (content.hue, content.beside_hue) == (LIGHT.runs[run.hue], LIGHT.runs[other.hue])
    there = LayersBeside("A", content.beside_hue, 40, wanted, moments[1].network)
    assert plain(content) == plain(present(own, moments[0].network, 1_000, content.hue, there))
    assert content.layers[1].z.beside is None, "outputs stand beside outputs, though there are fewer layers"
    assert content.layers[2].z.beside is not None
    QTest.mouseMove(view.charts, view.charts.panels()[0].z.center().toPoint())
    assert " · run A: " in view.charts.accessibleDescription()
    assert [line.names for line in view.sizes.content.beside] == [
        ("A hidden 1", "A 1"), ("A outputs", "A out"),
    ]  # fmt: skip
    assert view.sizes.content.end == 1, "the first epoch, as in the curves"
    assert all(line.x.max() <= run.digits_seen / run.epoch for line in view.sizes.content.beside)
    assert "A outputs: " in view.sizes.content.told(0)
    for width, height in ((1_300, 250), (660, 150)):
        view.resize(width, height)
        painted(view)  # all of it fits
    lab_by_hand.runs.select(other.number)  # which is then the one that is shown
    lab_by_hand.work()
    assert view.beside.run is None
    assert view.charts.content.layers[0].z.beside is None
    assert view.sizes.content.beside == ()
    pretend(lab_by_hand, run.number, lifecycle=Lifecycle.FAILED)
    assert [choice.words for choice in view.beside.choices()] == ["not compared"]


def test_mistakes_and_layers_have_a_compared_run_each_by_menu(window: MainWindow, qtbot: QtBot) -> None:
    lab, beside = window.lab, window.views[LAYERS].beside
    for tab in ("mistakes", "curves"):  # hidden, Mistakes knows nothing of the branch that is shown then
        window.arrangement.tabs.open(tab)
    lab.runs.branch()
    qtbot.waitUntil(lambda: lab.run is not None and lab.run.ready)
    window.mistakes.compare_with(AgainstPart("run", lab.runs.open[0].letter))
    assert beside.run is None, "nobody asked for that"
    for name, texts in (
        ("beside_menu", ["not compared", "beside A"]),
        ("against_menu", ["not compared", "against A"]),
    ):
        menu = child(window, QMenu, name)
        menu.aboutToShow.emit()
        menu.actions()[1].trigger()
        menu.aboutToShow.emit()
        listed = [(action.text(), action.isChecked()) for action in menu.actions()][:2]
        assert listed == [(texts[0], False), (texts[1], True)]
    assert beside.run == lab.runs.open[0]
    window.mistakes.compare_with(ALONE)
    assert beside.run == lab.runs.open[0], "it stays as it was chosen"
    beside.choose(None)
