"""Lines and polygons, what items of a scene leave, and whether texts and edges can be told from what they stand on."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QPainterPath, QPaintEvent
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsView
from pytestqt.qtbot import QtBot

from mnistviz.engine.history import SETS
from mnistviz.gui.common.painter_tools import line_path
from mnistviz.gui.common.theme import CLEAR, CLEAR_DARK, DARK, LIGHT, Theme, letters_on, toned
from mnistviz.gui.common.widgets import set_path, show_scene
from mnistviz.gui.curves.pens import part_style, style
from mnistviz.gui.network.flow import BarItem, place_bars
from tests.gui.contrast import contrast


class PaintedPlaces(QObject):
    """Holds a view, and notes what is painted of it."""

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__()
        self.view = view
        self.points: set[int] = set()
        self.times = 0
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.times += 1
            self.points |= {y for y in range(300) if event.region().contains(QPoint(100, y))}
        return False


def painting(qtbot: QtBot, item: QGraphicsPathItem, *, changes_alone: bool) -> PaintedPlaces:
    """Shows an item, and what is painted of its view from then on: all of it, or what has changed alone. This begins
    with a corner that Qt has yet to paint."""
    view = QGraphicsView()
    qtbot.addWidget(view)
    scene = show_scene(view)
    if changes_alone:
        view.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
    scene.addItem(item)
    scene.setSceneRect(QRectF(0, 0, 300, 300))
    view.resize(300, 300)
    painted = PaintedPlaces(view)
    view.show()
    qtbot.waitUntil(lambda: 100 in painted.points)
    qtbot.wait(20)
    painted.points.clear()
    if changes_alone:
        view.viewport().update(QRect(95, 0, 10, 5))
    return painted


def paint_at_once(painted: PaintedPlaces) -> None:
    """Has Qt paint before the scene has told the view of a change."""
    QCoreApplication.sendPostedEvents(painted.view, QEvent.Type.UpdateRequest)


def line(y: float) -> QPainterPath:
    path = QPainterPath(QPointF(10, y))
    path.lineTo(200, y)
    return path


def test_nothing_stays_where_a_line_was_though_qt_paints_before_it_hears_of_the_change(qtbot: QtBot) -> None:
    item = QGraphicsPathItem()
    set_path(item, line(100))
    painted = painting(qtbot, item, changes_alone=True)
    set_path(item, line(200))
    paint_at_once(painted)
    assert 2 in painted.points
    qtbot.waitUntil(lambda: 200 in painted.points)
    assert 100 in painted.points
    assert 50 not in painted.points


def test_nothing_stays_of_shorter_bars_though_qt_paints_before_it_hears_of_them(qtbot: QtBot) -> None:
    bars = BarItem(1)
    place_bars(np.array([[90.0, 90, 20, 100]]), bars)
    bars.show([(90, 90, 20, 100)])
    painted = painting(qtbot, bars.item, changes_alone=True)
    bars.show([(90, 180, 20, 10)])
    paint_at_once(painted)
    assert 2 in painted.points
    qtbot.waitUntil(lambda: 185 in painted.points)
    assert 95 in painted.points
    assert 50 not in painted.points


def test_bars_that_change_are_painted_once(qtbot: QtBot) -> None:
    bars = BarItem(1)
    place_bars(np.array([[90.0, 90, 20, 100]]), bars)
    bars.show([(90, 90, 20, 100)])
    painted = painting(qtbot, bars.item, changes_alone=True)
    QCoreApplication.processEvents()
    painted.times = 0
    bars.show([(90, 180, 20, 10)])
    qtbot.waitUntil(lambda: 185 in painted.points)
    QCoreApplication.processEvents()
    assert painted.times == 1


def test_of_most_views_all_is_painted_when_an_item_changes(qtbot: QtBot) -> None:
    item = QGraphicsPathItem()
    item.setPath(line(100))
    painted = painting(qtbot, item, changes_alone=False)
    item.setPath(line(200))
    qtbot.waitUntil(lambda: {50, 100, 200} <= painted.points)


LINE = QPainterPath.ElementType.LineToElement
NUMBERS = st.one_of(st.integers(-1_000, 1_000).map(float), st.sampled_from([math.nan, math.inf, -math.inf]))


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=12))
def test_a_line_goes_through_its_points_and_leaves_gaps(points: list[tuple[float, float]]) -> None:
    expected = [(one, other) for one, other in pairwise(points) if all(map(math.isfinite, (*one, *other)))]
    x, y = np.array(points, dtype=np.float64).reshape(-1, 2).T
    path = line_path(x, y)
    corners = [path.elementAt(number) for number in range(path.elementCount())]
    drawn = [((one.x, one.y), (other.x, other.y)) for one, other in pairwise(corners) if other.type is LINE]
    assert drawn == expected


TEXT, EDGE = 4.5, 3.0  # to 1
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
GROUNDS = ("window", "card", "field", "accent_soft")
TEXTS = {
    "text": (*GROUNDS, "grid", "track"),
    "muted": GROUNDS,
    "accent": GROUNDS,
    "right": GROUNDS,
    "wrong": GROUNDS,
    "on_accent": ("accent",),
    "card": ("yes", "no"),
    "ink": ("paper",),
}
EDGES = {
    "edge": ("window", "card", "field"),
    "line": ("window", "card", "field"),
    "accent": (*GROUNDS, "grid", "track"),
    "answer": ("card", "grid"),
    "yes": ("card", "grid"),
    "no": ("card", "grid"),
}


def pairs(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(colour, ground) for colour, grounds in table.items() for ground in grounds]


@THEMES
@pytest.mark.parametrize(("colour", "ground"), pairs(TEXTS))
def test_a_text_can_be_read_on_all_that_it_stands_on(theme: Theme, colour: str, ground: str) -> None:
    assert contrast(getattr(theme, colour), getattr(theme, ground)) >= TEXT


@THEMES
@pytest.mark.parametrize(("colour", "ground"), pairs(EDGES))
def test_what_is_no_text_is_seen_on_all_that_it_stands_on(theme: Theme, colour: str, ground: str) -> None:
    assert contrast(getattr(theme, colour), getattr(theme, ground)) >= EDGE


@pytest.mark.parametrize("clear", [CLEAR, CLEAR_DARK])
def test_in_the_clear_look_what_is_disabled_can_be_told_and_read(clear: Theme) -> None:
    assert TEXT <= contrast(clear.off, clear.card) < contrast(clear.text, clear.card) / 2


@THEMES
@pytest.mark.parametrize("colour", ["yes", "no"])
def test_a_sign_on_a_colour_of_any_strength_is_read(theme: Theme, colour: str) -> None:
    for strength in range(0, 101, 5):
        ground = toned(theme, getattr(theme, colour), strength / 100 - 1)
        assert contrast(letters_on(theme, ground), ground) >= TEXT
    assert letters_on(theme, theme.card) == theme.text
    assert letters_on(theme, getattr(theme, colour)) == theme.card


@THEMES
@pytest.mark.parametrize("hue", range(8))
def test_each_run_is_read_and_its_lines_and_dots_are_seen(theme: Theme, hue: int) -> None:
    own = theme.runs[hue]
    assert contrast(own, theme.card) >= TEXT, "its name, and the card's colour as its letter on it"
    for tone in theme.tones:
        assert contrast(toned(theme, own, tone), theme.card) >= TEXT, "a line's name has the tone of its line"
    for faint in (
        style(theme, "cost", hue, "faint"),
        part_style(theme, "test", hue, "selected", dotted=True),
    ):
        assert contrast(faint.colour, theme.card) >= EDGE
        assert contrast(faint.name_colour or faint.colour, theme.card) >= TEXT
    assert len(theme.tones) == len(SETS)
