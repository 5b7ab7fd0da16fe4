"""Actions of a row, the controls beside the wide pad, and those of a picture on it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QLocale, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QAction, QCursor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from mnistviz.engine.rows import Box
from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.steady import SteadySlider
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.widgets import ActionButton, describe, new_action, push_button, set_icon
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.network.card_layout import TOOL, TOOL_GAP
from mnistviz.gui.network.pad.pad import Pad
from mnistviz.gui.network.pad.scratchpad import Scratchpad
from mnistviz.gui.network.pad.sheet import Scan, Sheet, whole_picture
from mnistviz.gui.network.row.pictures import Pictures
from mnistviz.gui.network.row.sheet_view import SheetView

GAPS: Final = (-3, 12)
"""The least and the largest distance between two test digits, in pixels; below 0 they overlap."""


_WIDEST: Final = 160  # pixels of a slider: a wider one would be no more precise


class LabelledSlider(QWidget):
    def __init__(
        self, name: str, title: str, tip: str, bounds: tuple[int, int], act: Callable[..., object]
    ) -> None:
        super().__init__()
        self.slider = SteadySlider(Qt.Orientation.Horizontal)
        self.slider.setRange(*bounds)
        self.slider.valueChanged.connect(act)
        describe(self.slider, name, title, tip)
        self.value = label("smallPrint")
        self.slider.words = lambda _: self.value.text()
        self.slider.setMaximumWidth(_WIDEST)
        row_of(label("smallPrint", title), (self.slider, 1), self.value, spacing=8, inside=self).addStretch()


class RowControls(QWidget):
    """Buttons, sliders and texts for a row, below the pad's own tools."""

    def __init__(
        self, actions: list[QAction], pad: Scratchpad, set_threshold: Callable[[float, bool], object],
        cancel: Callable[[], object], parent: QWidget,
    ) -> None:  # fmt: skip
        """Create the controls; `set_threshold` gets a number from 0 to 1, and whether the slider is still moving."""
        super().__init__(parent)
        self._pad, self._set_threshold = pad, set_threshold
        self.setObjectName("row_side")
        buttons = row_of(spacing=TOOL_GAP)
        for action in actions:
            button = ActionButton(action, self)
            button.setProperty("role", "small")
            button.setFixedSize(TOOL, TOOL)
            buttons.addWidget(button)
        buttons.addStretch(1)
        tip = tr("How far the test digits of a row stand apart, in pixels; below 0 their boxes overlap.")
        self._gap = LabelledSlider("row_gap", tr("Gap"), tip, GAPS, self._on_gap)
        tip = tr("How dark a pixel must be to count as ink, between the paper and the darkest writing.")
        self._threshold = LabelledSlider(
            "picture_threshold", tr("Ink from"), tip, (2, 98), self._on_threshold
        )
        self._busy = self._busy_line(cancel)
        self.note = styled(ShortenedLabel(), "hero", "row_note")
        parts = buttons, self._gap, self._threshold, self._busy, self.note, None
        column_of(*parts, spacing=TOOL_GAP, inside=self)
        self._threshold.hide()
        self._busy.hide()
        self.gap, self.threshold = self._gap.slider, self._threshold.slider
        self.gap.setValue(pad.gap)
        self.threshold.sliderReleased.connect(self._on_threshold)
        self._show_values()

    def _busy_line(self, cancel: Callable[[], object]) -> QWidget:
        busy = QWidget()
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.progress.setTextVisible(False)
        describe(self.progress, "picture_progress", tr("Progress"), tr("How far the picture has been read."))
        tip = tr("Gives up reading the picture. (Escape)")
        self.cancel = push_button("cell", "picture_cancel", tr("Cancel"), tip, act=cancel)
        row_of((self.progress, 1), self.cancel, spacing=8, inside=busy)
        return busy

    def show_threshold(self, threshold: float | None) -> None:
        self._threshold.setVisible(threshold is not None)
        self._gap.setVisible(threshold is None)
        if threshold is not None and not self.threshold.isSliderDown():
            blocked = self.threshold.blockSignals(True)
            self.threshold.setValue(round(100 * threshold))
            self.threshold.blockSignals(blocked)
            self._show_values()

    def show_busy(self, busy: bool) -> None:
        self.progress.setValue(0)
        self._busy.setVisible(busy)
        self.note.setVisible(not busy)

    def show_progress(self, share: float) -> None:
        self.progress.setValue(round(100 * share))

    def _on_gap(self, gap: int) -> None:
        self._show_values()
        self._pad.set_gap(gap)

    def _on_threshold(self) -> None:
        self._show_values()
        self._set_threshold(self.threshold.value() / 100, self.threshold.isSliderDown())

    def _show_values(self) -> None:
        locale = QLocale()
        self._gap.value.setText(locale.toString(self.gap.value()).replace("-", "−"))
        self._threshold.value.setText(tr("{percent} %", percent=locale.toString(self.threshold.value())))


class RowActions(QObject):
    """Actions of a row. Their shortcuts work while the `card` has the focus, like those of the pad."""

    def __init__(self, pad: Scratchpad, card: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._card = card
        self.wide = pad.row_action
        tip = tr("Shows all pieces that were tried, what the network reads each as, and how sure it is.")
        self.candidates = self._action("candidates", tr("&All pieces tried"), "A", tip, checkable=True)
        tip = tr("The next piece that was tried goes through the network.")
        self.walk = self._action("walk", tr("T&he next piece"), "S", tip)
        tip = tr("The piece before goes through the network.")
        self.walk_back = self._action("walk_back", tr("The piece before"), "Shift+S", tip)
        tip = tr("Forgets the cuts made by hand and lets the network cut the row.")
        self.cut_again = self._action("cut_again", tr("Cut a&gain"), "C", tip)
        tip = tr("Reads a row of digits from a picture. You can also paste it, or drop it on the window.")
        self.picture = self._action("picture", tr("&Open a picture …"), "Ctrl+Shift+O", tip)
        self.picture.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        tip = tr("Shows the whole picture: drag a box over the part to read, or click for all of it.")
        self.part = self._action("part", tr("Choo&se a part of the picture"), "B", tip, checkable=True)
        tip = tr("Reads the next line of writing in the picture.")
        self.line_below = self._action("line_below", tr("The &line below"), "L", tip)
        tip = tr("Reads the line of writing above in the picture.")
        self.line_above = self._action("line_above", tr("The line above"), "Shift+L", tip)
        self.of_row = (
            self.part, self.line_below, self.line_above, self.candidates, self.walk, self.walk_back,
            self.cut_again,
        )  # fmt: skip
        self.beside = [self.picture, self.part, self.candidates, self.walk, self.cut_again]
        """The actions with a button beside the pad."""
        self.show_state(read=False, by_hand=False, scan=None)

    def set_icons(self) -> None:
        for action, icon in zip(self.beside, ("picture", "part", "shapes", "walk", "scissors"), strict=True):
            set_icon(action, icon)

    def show_state(self, *, read: bool, by_hand: bool, scan: Scan | None) -> None:
        for action in (self.walk, self.walk_back, self.candidates):
            action.setEnabled(read)
        self.part.setEnabled(scan is not None)
        self.line_below.setEnabled(scan is not None and scan.line + 1 < scan.lines)
        self.line_above.setEnabled(scan is not None and scan.line > 0)
        self.cut_again.setEnabled(by_hand)

    def _action(self, name: str, text: str, key: str, tip: str, *, checkable: bool = False) -> QAction:
        action = new_action(self, f"row_{name}", text, tip, key, checkable=checkable)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setStatusTip(tip)
        self._card.addAction(action)
        return action


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
        """`choose` gets a box in the picture's pixels, or None for all of it; `leave` is called without a choice."""
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
        picture, self._scale = whole_picture(scan.evened, (max(8, size.height()), max(8, size.width())))
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
        self.side = RowControls(actions.beside, pad, self._read_with, lambda: self.pictures.cancel(), card)
        self.pictures = Pictures(
            jobs, pad, card, lambda busy: (self._begin if busy else self._end)(), self.side.show_progress
        )
        self.part = CropChooser(pad, view, self._read_part, lambda: actions.part.setChecked(False))
        actions.part.toggled.connect(self._choose_part)

    def show(self) -> None:
        if (scan := self._pad.sheet.scan) is None:
            self._actions.part.setChecked(False)
        self.side.show_threshold(None if scan is None else scan.threshold)

    def handle_key(self, event: QKeyEvent) -> bool:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        return (
            bool(by) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier and self.choose_line(by)
        )

    def choose_line(self, by: int) -> bool:
        if (scan := self._pad.sheet.scan) is None or not 0 <= scan.line + by < scan.lines:
            return False
        self.pictures.change(scan.threshold, scan.part, scan.line + by)
        return True

    def _begin(self) -> None:
        if not self._actions.wide.isChecked():
            self._actions.wide.setChecked(True)
            self._widened_for = self._pad.sheet
        self.side.show_busy(True)

    def _end(self) -> None:
        widened_for, self._widened_for = self._widened_for, None
        self.side.show_busy(False)
        self.show()
        if self._pad.sheet is widened_for:
            self._actions.wide.setChecked(False)

    def _read_with(self, threshold: float, moving: bool) -> None:
        if (scan := self._pad.sheet.scan) is not None:
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
