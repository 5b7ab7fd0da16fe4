"""Controls of a picture on the pad: progress of reading it, its threshold, and the part of it that is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QCursor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from mnistviz.engine.rows import Box
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.network.pad.pad import Pad
from mnistviz.gui.network.pad.scan import Scan, whole
from mnistviz.gui.network.pad.scratchpad import Scratchpad
from mnistviz.gui.network.pad.sheet import Sheet
from mnistviz.gui.network.row.pictures import Pictures
from mnistviz.gui.network.row.row_actions import RowActions
from mnistviz.gui.network.row.row_controls import RowControls
from mnistviz.gui.network.row.sheet_view import SheetView

_OTHERS: Final = (
    QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease,
    QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd,
)  # fmt: skip
_LEAST: Final = 6  # pixels: a shorter drag is a click, which selects the whole picture


class CropChooser:
    """Lets the user drag a box over a picture to choose the part to read. Meanwhile the mouse draws no ink."""

    def __init__(
        self, pad: Pad, view: SheetView, choose: Callable[[Box | None], object], leave: Callable[[], object]
    ) -> None:
        """Create the chooser. `choose` gets a box in pixels of the picture, or None for all of it; `leave` is called
        without a choice."""
        self._pad, self._view, self._choose, self._leave = pad, view, choose, leave
        self._scan: Scan | None = None
        self._scale = 1.0  # pixels of the view for each of the picture
        self._start: QPointF | None = None

    @property
    def is_on(self) -> bool:
        return self._scan is not None

    def begin(self, scan: Scan) -> None:
        self._scan, self._start = scan, None
        size = self._view.size()
        picture, self._scale = whole(scan.evened, (max(8, size.height()), max(8, size.width())))
        self._view.show_whole(picture)
        self._view.show_band(None if scan.part is None else self._in_view(scan.part))
        self._pad.setCursor(QCursor(Qt.CursorShape.CrossCursor))

    def end(self) -> None:
        self._scan = self._start = None
        self._view.show_whole(None)
        self._view.show_band(None)
        self._pad.show_cursor()

    def handle(self, event: QEvent) -> bool:
        """Handle an event of the pad. Return True if the pad must not get it."""
        if not self.is_on:
            return False
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
                self._leave()
                return True
            return False
        if event.type() in _OTHERS:
            event.ignore()  # so that Qt sends it as a mouse event
            return True
        if not isinstance(event, QMouseEvent):
            return False
        point = event.position() - QPointF(self._view.pos())
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            self._start = point
        elif event.type() == QEvent.Type.MouseMove and self._start is not None:
            self._view.show_band(QRectF(self._start, point).normalized())
        elif event.type() == QEvent.Type.MouseButtonRelease and self._start is not None:
            self._choose_band(QRectF(self._start, point).normalized())
        return True

    def _choose_band(self, band: QRectF) -> None:
        self._start = None
        small = band.width() < _LEAST or band.height() < _LEAST
        scale = self._scale
        part = Box(band.left() / scale, band.top() / scale, band.right() / scale, band.bottom() / scale)
        self._choose(None if small else part)

    def _in_view(self, part: Box) -> QRectF:
        corners = (QPointF(part.left, part.top) * self._scale, QPointF(part.right, part.bottom) * self._scale)
        return QRectF(*corners)


class ScanControls(QObject):
    """Joins the controls beside the pad to the reading of pictures."""

    def __init__(
        self, jobs: Jobs | None, pad: Scratchpad, view: SheetView, actions: RowActions, card: QWidget
    ) -> None:
        super().__init__(card)
        self._pad, self._actions = pad, actions
        self._widened_for: Sheet | None = None  # the sheet for which the pad was widened to read a picture
        self.pictures = Pictures(jobs, pad, card, self._show_busy)
        self.side = RowControls(actions.beside, pad, self._read_with, self.pictures.cancel, card)
        self.part = CropChooser(pad, view, self._read_part, lambda: actions.part.setChecked(False))
        self.pictures.progressed.connect(self.side.show_progress)
        actions.part.toggled.connect(self._choose_part)

    def show(self) -> None:
        scan = self._pad.sheet.scan
        if scan is None:
            self._actions.part.setChecked(False)
        self.side.show_threshold(None if scan is None else scan.threshold)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Choose the line of writing with Up and Down. Return True if the key did."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        return (
            bool(by) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier and self.choose_line(by)
        )

    def choose_line(self, by: int) -> bool:
        scan = self._pad.sheet.scan
        if scan is None or not 0 <= scan.line + by < scan.lines:
            return False
        self.pictures.change(scan.threshold, scan.part, scan.line + by)
        return True

    def _show_busy(self, busy: bool) -> None:
        (self._begin if busy else self._end)()

    def _begin(self) -> None:
        """Show progress and widen the pad while a picture is read."""
        if not self._actions.wide.isChecked():
            self._actions.wide.setChecked(True)
            self._widened_for = self._pad.sheet
        self.side.show_busy(True)

    def _end(self) -> None:
        """Hide the progress, and narrow the pad again if no picture came."""
        widened_for, self._widened_for = self._widened_for, None
        self.side.show_busy(False)
        self.show()
        if self._pad.sheet is widened_for:
            self._actions.wide.setChecked(False)

    def _read_with(self, threshold: float, moving: bool) -> None:
        scan = self._pad.sheet.scan
        if scan is not None:
            self.pictures.change(threshold, scan.part, scan.line, trying=moving)

    def _choose_part(self, on: bool) -> None:
        scan = self._pad.sheet.scan
        if on and scan is not None:
            self.part.begin(scan)
        elif self.part.is_on:
            self.part.end()

    def _read_part(self, part: Box | None) -> None:
        self._actions.part.setChecked(False)
        self.pictures.change(None, part)
