"""Painting of a widget elsewhere, without its controls, also of a hidden one."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPaintEngine, QPainter, QPicture, QRegion, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QScrollBar,
    QWidget,
)

CONTROLS = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QScrollBar)


def paint_bare(widget: QWidget, painter: QPainter) -> None:
    """Paint a widget and its visible parts, at the origin. Of a control only the chosen value is painted, as text."""
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
    bounds = QRect()
    for part in _seen(widget):
        if isinstance(part, CONTROLS) and not _chosen(part):
            continue
        inside = any(isinstance(child, QWidget) for child in part.children())
        if not inside or isinstance(part, (*CONTROLS, QGraphicsView)):
            bounds |= QRect(part.mapTo(widget, QPoint()), part.size())
    return bounds


def _seen(widget: QWidget) -> Iterator[QWidget]:
    """Yield a widget and all visible parts of it, lower ones first; of a control or a graphics view only itself."""
    yield widget
    if isinstance(widget, (*CONTROLS, QGraphicsView)):
        return
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isHidden() and not child.isWindow():
            yield from _seen(child)


def _paint_alone(part: QWidget, painter: QPainter, at: QPoint) -> None:
    """Paint a part without its children. SVG would misplace its clip, so there it is painted by way of a `QPicture`."""
    if not _is_lines(painter):
        QWidget.render(part, painter, at, QRegion(), QWidget.RenderFlag(0))  # a view has its own
        return
    record = QPicture()
    with QPainter(record) as recorder:
        QWidget.render(part, recorder, QPoint(), QRegion(), QWidget.RenderFlag(0))
    painter.drawPicture(at, record)


def _is_lines(painter: QPainter) -> bool:
    return painter.paintEngine().type() == QPaintEngine.Type.SVG


@contextmanager
def _as_shapes(view: QGraphicsView) -> Iterator[None]:
    """Paint items of pyqtgraph as shapes, not from their pixmaps, inside the context."""
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


@contextmanager
def laid_out(widget: QWidget, least: QSize) -> Iterator[None]:
    """Give a hidden widget at least this size and lay it out, inside the context. A visible one does not change."""
    if widget.isVisible():
        yield
        return
    before = widget.size()
    _lay_out(widget, before.expandedTo(least))
    try:
        yield
    finally:
        _lay_out(widget, before)


def _lay_out(widget: QWidget, size: QSize) -> None:
    """Lay out a widget as Qt does when it shows it, but not its parent, which may have no room for it."""
    before = widget.size()
    widget.ensurePolished()
    widget.resize(size)
    QApplication.sendEvent(widget, QResizeEvent(size, before))
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isWindow() and not child.isHidden():
            _lay_out(child, child.size())


@contextmanager
def resized(widget: QWidget, size: QSize) -> Iterator[None]:
    before = widget.size()
    for _ in range(2):  # one layout request may cause another
        widget.resize(size)
        for part in (widget, *widget.findChildren(QWidget)):
            QApplication.sendPostedEvents(part, QEvent.Type.LayoutRequest.value)
    try:
        yield
    finally:
        widget.resize(before)
