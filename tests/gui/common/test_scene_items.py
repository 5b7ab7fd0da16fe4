"""What items of a scene leave is painted over, whatever Qt does first."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QPainterPath, QPaintEvent
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsView
from pytestqt.qtbot import QtBot

from mnistviz.gui.common.widgets import set_path, show_scene
from mnistviz.gui.network.flow import BarItem, place_bars


class PaintedPlaces(QObject):
    """Holds a view, and notes what is painted of it."""

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__()
        self.view = view
        self.points: set[int] = set()
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
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


def test_nothing_stays_of_bars_that_got_shorter_though_qt_paints_before_it_hears_of_the_change(
    qtbot: QtBot,
) -> None:
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


def test_of_most_views_all_is_painted_when_an_item_changes(qtbot: QtBot) -> None:
    item = QGraphicsPathItem()
    item.setPath(line(100))
    painted = painting(qtbot, item, changes_alone=False)
    item.setPath(line(200))
    qtbot.waitUntil(lambda: {50, 100, 200} <= painted.points)
