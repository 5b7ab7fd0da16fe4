"""A widget painted elsewhere, without what only a hand needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPaintEngine, QPainter, QPicture, QRegion
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QScrollBar,
    QWidget,
)

CONTROLS = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QScrollBar)


def paint_bare(widget: QWidget, painter: QPainter) -> None:
    """Paints a widget and all in it that is seen, at the origin. Of controls only what is chosen is there, as text."""
    for part in _seen(widget):
        at = part.mapTo(widget, QPoint())
        room = QRect(at, part.size())
        if isinstance(part, CONTROLS):
            painter.setFont(part.font())
            painter.setPen(widget.palette().windowText().color())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, _chosen(part))
        elif isinstance(part, QGraphicsView):
            with _as_shapes(part) if _is_lines(painter) else nullcontext():
                _paint_alone(part.viewport(), painter, part.viewport().mapTo(widget, QPoint()))
        else:
            _paint_alone(part, painter, at)


def bare_bounds(widget: QWidget) -> QRect:
    """Where `paint_bare` paints something."""
    bounds = QRect()
    for part in _seen(widget):
        if isinstance(part, CONTROLS) and not _chosen(part):
            continue
        inside = any(isinstance(child, QWidget) for child in part.children())
        if not inside or isinstance(part, (*CONTROLS, QGraphicsView)):
            bounds |= QRect(part.mapTo(widget, QPoint()), part.size())
    return bounds


def _seen(widget: QWidget) -> Iterator[QWidget]:
    """A widget and all in it, those below first; of a control and of a view nothing but itself."""
    yield widget
    if isinstance(widget, (*CONTROLS, QGraphicsView)):
        return
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isHidden() and not child.isWindow():
            yield from _seen(child)


def _paint_alone(part: QWidget, painter: QPainter, at: QPoint) -> None:
    """As lines by way of a record of what it paints: SVG would have its clip in a wrong place."""
    if not _is_lines(painter):
        QWidget.render(part, painter, at, QRegion(), QWidget.RenderFlag(0))  # a view has another one
        return
    record = QPicture()
    recorder = QPainter(record)
    QWidget.render(part, recorder, QPoint(), QRegion(), QWidget.RenderFlag(0))
    recorder.end()
    painter.drawPicture(at, record)


def _is_lines(painter: QPainter) -> bool:
    return painter.paintEngine().type() == QPaintEngine.Type.SVG


@contextmanager
def _as_shapes(view: QGraphicsView) -> Iterator[None]:
    """Items of pyqtgraph that are painted from a store of pixels are painted as shapes meanwhile."""
    items = [item for item in view.scene().items() if hasattr(item, "setExportMode")]
    for item in items:
        item.setExportMode(True, {"antialias": True, "resolutionScale": 1.0})
    try:
        yield
    finally:
        for item in items:
            item.setExportMode(False)


def _chosen(control: QWidget) -> str:
    if isinstance(control, QComboBox):
        return control.currentText()
    if isinstance(control, QAbstractButton) and control.isCheckable() and control.isChecked():
        return control.text()
    return ""
