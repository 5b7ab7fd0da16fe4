"""The network card folded to a ribbon, and the layers in their pane."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest

from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.card_words import CardWords, verdict
from mnistviz.gui.network.ribbon import HEIGHT, ribbon_places
from tests.examples import one_quick
from tests.gui.network.conftest import Show
from tests.gui.network.moments import moment, move_mouse, shown, there


@pytest.fixture
def folded(show: Show) -> NetworkCard:
    card = show(moment(784, 30, 10, step=9), digit=True, width=972, height=HEIGHT)
    card.set_folded(True, can_fold=True)
    card.resize(972, HEIGHT)
    card.pane.resize(950, 420)
    card.pane.show()
    card.presenter.refresh()
    return card


def test_the_parts_of_a_ribbon_stand_apart() -> None:
    for width in (740, 972, 1_300):
        places = ribbon_places(QSize(width, HEIGHT), QSize(92, 30))
        parts = [places.pad, places.tools, places.seen, places.outputs, places.unfold]
        assert all(QRect(0, 0, width, HEIGHT).contains(part) for part in parts)
        assert not any(a.intersects(b) for a in parts for b in parts if a is not b)
        assert places.seen.width() == 3 * 28 + 2


@one_quick("pixels", [16, 13, 18])
@pytest.mark.parametrize("width", [840, 972, 1_100])
def test_figures_keep_apart_or_are_left_out_together(folded: NetworkCard, pixels: int, width: int) -> None:
    font = folded.font()
    font.setPixelSize(pixels)
    folded.setFont(font)
    folded.resize(width, 2 * HEIGHT)
    with watched() as heard:
        folded.ribbon.arrange([str(digit) for digit in range(10)])
    figures = [each for each in heard if each.whose == "figure"]
    ends = [each.room.center().x() + each.needed.width() / 2 for each in figures]
    begins = [each.room.center().x() - each.needed.width() / 2 for each in figures]
    assert all(begin - end >= 4 for end, begin in zip(ends, begins[1:], strict=False))
    assert len(figures) in (0, 10)
    assert len(figures) == 10 or width < 972


@pytest.mark.parametrize("past", [False, True])
def test_a_verdict_that_is_not_sure_is_shortened_whole(show: Show, past: bool) -> None:
    card = show(moment(784, 30, 10, step=9), digit=True, width=972, height=HEIGHT)
    card.set_folded(True, can_fold=True)
    font = card.font()
    font.setPixelSize(17)
    card.setFont(font)
    card.resize(972, HEIGHT)
    flow = there(card.presenter.picture.flow)
    unsure = replace(flow, activations=[*flow.activations[:-1], np.eye(10)[4] * 0.45], winner=4)
    words = CardWords(verdict(unsure, (), 4, guess=False))
    picture = replace(
        card.presenter.picture, words=words, when=("at mini-batch 2,000", "at 2,000") if past else ()
    )
    with watched() as heard:
        card.ribbon.show_picture(picture)
    written = [each for each in heard if each.whose == "verdict"]
    assert [each.shown for each in written] == ["✓ right", "not sure: 0.45", *(["at 2,000"] if past else [])]
    assert all(each.fits for each in written)


def test_bars_go_with_their_cells_though_nothing_else_changes(folded: NetworkCard) -> None:
    ribbon = folded.ribbon
    for width in (1_100, 840):
        folded.resize(width, HEIGHT)
        polygons = [*ribbon.bars.path().toSubpathPolygons(), *ribbon.winner_bar.path().toSubpathPolygons()]
        lefts = sorted(polygon.boundingRect().left() for polygon in polygons)
        assert lefts == pytest.approx([cell.left() for cell in ribbon.cells])


def test_a_cell_is_as_full_as_its_output_and_a_click_asks_for_it(folded: NetworkCard) -> None:
    ribbon, outputs = folded.ribbon, there(folded.presenter.picture.outputs)
    bars = [*ribbon.bars.path().toSubpathPolygons(), *ribbon.winner_bar.path().toSubpathPolygons()]
    heights = sorted(polygon.boundingRect().height() for polygon in bars)
    cell = ribbon.cells[0].height()
    assert heights == pytest.approx(sorted(round(4 * cell * value) / 4 for value in outputs.tolist()))
    place = ribbon.cells[4].center().toPoint()
    QTest.mouseClick(ribbon.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert folded.selection.chosen_output == 4
    QTest.mouseClick(ribbon.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert folded.selection.chosen_output is None


def test_the_layers_are_in_the_pane_and_come_back(folded: NetworkCard) -> None:
    assert folded.picture.parentWidget() is folded.pane
    assert folded.arrangement.places.outputs.isEmpty()
    stage = there(folded.picture.opened_stage)
    assert stage.frame_of(29) is not None
    QTest.mouseClick(folded.picture.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert folded.selection.chosen_unit == (1, 0)
    folded.set_folded(False, can_fold=False)
    assert folded.picture.parentWidget() is folded
    assert not folded.arrangement.places.outputs.isEmpty()
    assert not folded.unfold.isVisible()


def test_nothing_is_painted_for_layers_that_nobody_sees(folded: NetworkCard) -> None:
    folded.pane.hide()
    stage = there(folded.picture.opened_stage)
    before = stage.bars.path()
    folded.draw(shown(moment(784, 30, 10, step=30, seed=2)))
    folded.presenter.refresh()
    assert stage.bars.path() == before
    assert folded.ribbon.isVisible()


def test_long_names_stand_above_their_bars(show: Show) -> None:
    card = show(moment(784, 30, 2, step=9), digit=True, width=1156, height=432)
    card.set_classes(tuple(f"A class whose name has forty letters, {n:2d}" for n in range(2)))
    assert card.arrangement.places.stacked
    assert all(track.left() == card.arrangement.places.rows.left() for track in card.picture.outputs.tracks)
    assert not show(moment(784, 30, 10, step=9), width=1156, height=432).arrangement.places.stacked


def test_an_output_is_pointed_at_with_no_button_down(folded: NetworkCard) -> None:
    viewport, cells = folded.ribbon.viewport(), folded.ribbon.cells
    assert viewport.hasMouseTracking(), "else Qt tells of no move"
    for output in (4, 7):
        move_mouse(viewport, cells[output].center().toPoint())
        assert folded.selection.pointed_output == output
