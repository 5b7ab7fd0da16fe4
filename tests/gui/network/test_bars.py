"""How long the bars are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from mnistviz.engine.functions import ACTIVATIONS
from mnistviz.gui.network.flow import CAP, BarItem, activation_scale, signed_bars, upright_bars

ROOM = QRectF(10, 20, 6, 100)
ROOMS = np.array([[10.0, 20, 6, 100]])
WIDE_ROOMS = np.array([[10.0, 20, 80, 5]])


def bars(answer: float, function: str, full: float = 0.0) -> list[QRectF]:
    """The rectangles that are drawn for one answer, upper first."""
    found = upright_bars(np.array([answer]), ROOMS, activation_scale(ACTIVATIONS[function], full))
    return sorted((QRectF(*bar) for bar in found.tolist()), key=QRectF.top)


def said(value: float, full: float) -> tuple[list[QRectF], list[QRectF]]:
    found = [
        [QRectF(*bar) for bar in bars.tolist()] for bars in signed_bars(np.array([value]), WIDE_ROOMS, full)
    ]
    return found[0], found[1]


@given(answer=st.floats(0, 1))
def test_a_sigmoid_answers_from_the_foot_of_the_bar_to_its_top(answer: float) -> None:
    (bar,) = bars(answer, "sigmoid", full=0.3)
    assert bar.bottom() == ROOM.bottom()
    assert bar.height() == pytest.approx(100 * answer)


@given(answer=st.floats(-1, 1))
def test_a_tanh_answers_from_the_middle_up_or_down(answer: float) -> None:
    (bar,) = bars(answer, "tanh")
    assert bar.height() == pytest.approx(50 * abs(answer))
    assert (bar.top() if answer < 0 else bar.bottom()) == pytest.approx(70)


@given(answer=st.floats(0, 3.2))
def test_a_relu_is_full_at_what_the_layer_seldom_passes(answer: float) -> None:
    (bar,) = bars(answer, "relu", full=3.2)
    assert bar.bottom() == ROOM.bottom()
    assert bar.height() == pytest.approx(100 * answer / 3.2)


@given(answer=st.floats(3.3, 1e9), function=st.sampled_from(["relu", "leaky_relu"]))
def test_beyond_it_the_bar_has_a_cap(answer: float, function: str) -> None:
    cap, bar = bars(answer, function, full=3.2)
    assert cap.top() == ROOM.top()
    assert cap.height() == CAP
    assert bar.top() >= cap.bottom() + CAP


@given(answer=st.floats(-1e9, -1e-3))
def test_a_leaky_relu_below_zero_goes_down_and_stays_in_its_bar(answer: float) -> None:
    (bar,) = bars(answer, "leaky_relu", full=3.2)
    assert bar.top() == pytest.approx(105)
    assert bar.bottom() <= ROOM.bottom() + 1e-9
    assert bar.height() == pytest.approx(min(15, -answer / 3.2 * 85))


def test_before_the_first_health_check_full_is_one() -> None:
    for full in (0.0, math.nan, math.inf):
        assert activation_scale(ACTIVATIONS["relu"], full).full == 1.0
    assert activation_scale(ACTIVATIONS["relu"], 3.2).needs_legend
    assert not activation_scale(ACTIVATIONS["sigmoid"], 0.2).needs_legend


@given(value=st.floats(0.001, 2.0))
def test_what_speaks_for_goes_right_and_what_speaks_against_left(value: float) -> None:
    (right,), none = said(value, 2.0)
    assert not none
    assert right.left() == pytest.approx(50)
    assert right.width() == pytest.approx(40 * value / 2)
    none, (left,) = said(-value, 2.0)
    assert not none
    assert left.right() == pytest.approx(50)
    assert left.width() == pytest.approx(right.width())


@given(value=st.floats(2.1, 1e6))
def test_what_says_more_than_full_has_a_cap_at_its_end(value: float) -> None:
    for way, found in ((1, said(value, 2.0)[0]), (-1, said(-value, 2.0)[1])):
        assert len(found) == 2
        cap, bar = sorted(found, key=lambda each: each.width())
        assert cap.width() == pytest.approx(CAP)
        assert (cap.right() if way > 0 else cap.left()) == pytest.approx(50 + way * 40)
        assert abs(cap.center().x() - 50) > bar.width(), "and stands apart"


def test_bars_are_those_that_were_shown_last(qapp: QApplication) -> None:
    bars, shown = BarItem(1), [[(1.0, 2, 3, 4), (10, 20, 30, 40)], [(5.0, 6, 7, 8)], []]
    for each in shown:
        bars.show(each)
        found = [polygon.boundingRect() for polygon in bars.item.path().toSubpathPolygons()]
        assert found == [QRectF(*bar) for bar in each]
