"""The sizes of gradient and step by layer over the run, in the tab *Layers*."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnistviz.engine.history import LayerSize
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.layers.layer_words import present_sizes, size_text
from mnistviz.gui.layers.layers_view import LayersView
from mnistviz.gui.layers.size_plot import SizeLine, SizePlot, SizesContent
from tests.gui.children import known
from tests.gui.lab_by_hand import LabByHand
from tests.gui.said.plain import plain


def lines(*values: list[float]) -> tuple[SizeLine, ...]:
    """One for each list, the first layer first."""
    return tuple(
        SizeLine((f"layer {number}", f"l{number}"), np.arange(len(each), dtype=float), np.array(each))
        for number, each in enumerate(values, start=1)
    )


@pytest.fixture
def view(lab_by_hand: LabByHand, qtbot: QtBot) -> LayersView:
    """The tab by itself, for a run that has learned a little and was measured now and then."""
    lab_by_hand.run_to(120, Settings(sizes=(784, 12, 8, 10)))
    found = lab_by_hand.show(qtbot, LayersView(lab_by_hand), 1130, 250)
    lab_by_hand.work()
    return found


def test_it_draws_the_history_and_marks_the_step(view: LayersView, lab_by_hand: LabByHand) -> None:
    sizes: tuple[LayerSize, ...] = ("gradient", "step")
    for name in sizes:
        view.over_run.actions[name].trigger()
        content = view.sizes.content
        assert plain(content) == plain(
            present_sizes(lab_by_hand.shown, name, content.hue, None, content.beside_hue)
        )
        for line, kept in zip(content.lines, known(lab_by_hand.run).history.layer_sizes(name), strict=True):
            assert (line.y == kept.means()).all()
    assert lab_by_hand.chosen.now.layers.size == "step"
    lab_by_hand.chosen.choose("layers", size="nonsense")
    assert view.over_run.value() == "step"
    lab_by_hand.visit(31)
    assert view.sizes.content.here == 310 / known(lab_by_hand.run).epoch


def test_the_layers_are_compared_of_which_the_notice_speaks(view: LayersView, lab_by_hand: LabByHand) -> None:
    """Both divide the length of ∂C/∂b in the last hidden layer by that in the first."""
    first, last = (line.y for line in view.sizes.content.lines[:2])
    start, here = f"{last[0] / first[0]:.1f}", f"{last[-1] / first[-1]:.1f}"
    assert view.sizes.content.foot[0] == (
        f"hidden 2: {start} times as much as hidden 1 at the start, {here} times here"
    )
    assert view.sizes.content.foot[-1] == f"hidden 2: {here} times hidden 1 here"
    lab_by_hand.runs.begin(Settings(sizes=(784, 12, 10)))
    lab_by_hand.work()
    assert view.sizes.content.foot[0].startswith("outputs: ")


def test_a_measurement_is_read_and_gone_to(view: LayersView, lab_by_hand: LabByHand) -> None:
    plot = view.sizes
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert plot.at == 0
    told = plot.accessibleDescription().split("\n")
    assert told[0] == "epoch 0.00, mini-batch 0"
    assert told[1].startswith("outputs: ")
    assert told[3] == f"hidden 1: {size_text(float(plot.content.lines[0].y[0]))}"
    QTest.keyClick(plot, Qt.Key.Key_Return)
    lab_by_hand.work()
    assert lab_by_hand.playhead.here == 0
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.at == min(1, len(plot.content.places) - 1)
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.at is None
    area = plot.area()
    QTest.mouseMove(plot, QPoint(round(area.right()), round(area.center().y())))
    assert plot.at == len(plot.content.places) - 1
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=area.center().toPoint())
    lab_by_hand.work()
    assert lab_by_hand.playhead.here == pytest.approx(101, abs=1), "half of two epochs"


def test_names_stand_beside_the_ends_and_none_on_another(qtbot: QtBot) -> None:
    plot = SizePlot(lambda place: None)
    qtbot.addWidget(plot)
    for values in (
        [[0.1, 0.01]] * 9,
        [[1e-30, 0.0]] * 8 + [[0.5, 0.5]],
        [[0.3]],
        [[float("nan"), float("nan")], [1.0, float("nan")]],
    ):
        plot.show_content(SizesContent("#00857a", lines=lines(*values), end=1.0, unit="epochs"))
        for wide, high in ((260, 190), (500, 400), (260, 100)):
            plot.resize(wide, high)
            with watched() as painted:
                plot.grab()
            ends = [text for text in painted if text.text.startswith("l")]
            assert len(ends) == min(len(values), 9 if high > 100 else 2)
            assert (np.diff(sorted(text.room.top() for text in ends)) >= 12).all()
            assert all(plot.rect().contains(text.room.toAlignedRect()) for text in ends)
            assert all(text.fits for text in painted if text.text)
