"""Controls beside the wide pad: buttons for the row, a slider for its ink, and a line of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QProgressBar, QWidget

from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.shortened_label import ShortenedLabel
from mnistviz.gui.common.steady import SteadySlider
from mnistviz.gui.common.widgets import ActionButton, describe, push_button, tabular
from mnistviz.gui.network.card_layout import TOOL, TOOL_GAP
from mnistviz.gui.network.pad.scratchpad import Scratchpad

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
        self.value.setFont(tabular(self.value.font()))
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
        self._gap = LabelledSlider(
            "row_gap",
            self.tr("Gap"),
            self.tr("How far the test digits of a row stand apart, in pixels; below 0 their boxes overlap."),
            GAPS,
            self._on_gap,
        )
        self._threshold = LabelledSlider(
            "picture_threshold",
            self.tr("Ink from"),
            self.tr("How dark a pixel must be to count as ink, between the paper and the darkest writing."),
            (2, 98),
            self._on_threshold,
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
        describe(
            self.progress,
            "picture_progress",
            self.tr("Progress"),
            self.tr("How far the picture has been read."),
        )
        tip = self.tr("Gives up reading the picture. (Escape)")
        self.cancel = push_button("cell", "picture_cancel", self.tr("Cancel"), tip, act=cancel)
        row_of((self.progress, 1), self.cancel, spacing=8, inside=busy)
        return busy

    def show_threshold(self, threshold: float | None) -> None:
        """Show the threshold of the picture on the pad, or for None the distance of test digits."""
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
        percent = self.tr("{percent} %").format(percent=locale.toString(self.threshold.value()))
        self._threshold.value.setText(percent)
