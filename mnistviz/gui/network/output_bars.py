"""The outputs of a network as a row each: name, bar and figure."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mnistviz.gui.common.class_names import class_name
from mnistviz.gui.common.theme import LIGHT, Theme
from mnistviz.gui.common.widgets import tabular

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ELIDE: Final = Qt.TextElideMode.ElideRight


class OutputBars(QWidget):
    """A row for each output. The winner is in the accent colour; hover tells an output exactly."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._names: tuple[str, ...] = ()
        self._outputs: list[float] = []
        self._figures: list[str] = []  # of the outputs, as shown
        self._winner = -1
        self._known_figures: dict[int, str] = {}
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def set_names(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._describe()
        self.updateGeometry()
        self.update()

    def show_outputs(self, outputs: list[float], winner: int = -1) -> None:
        """Shows outputs, or none, and marks the winner; paints only the rows that look different."""
        figures = [self._figure(output) for output in outputs]
        if len(figures) != len(self._figures):
            changed = set(range(max(len(figures), len(self._names))))
        else:
            changed = {row for row, figure in enumerate(figures) if figure != self._figures[row]}
            if winner != self._winner:
                changed |= {winner, self._winner}
        self._outputs, self._figures, self._winner = outputs, figures, winner
        if changed:
            self._describe()
        for row in changed:
            self.update(self._row(row).toAlignedRect())

    def sizeHint(self) -> QSize:
        return QSize(0, self._rows() * round(QFontMetricsF(self.font()).height() * 1.15))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._rows() * round(QFontMetricsF(self.font()).height() * 0.85))

    def event(self, event: QEvent) -> bool:
        if not self._outputs or event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return super().event(event)
        output = min(len(self._outputs) - 1, event.y() * self._rows() // max(1, self.height()))
        value = QLocale().toString(self._outputs[output], "f", 4)
        text = self.tr("Output for {name}: {value}").format(name=self._name(output), value=value)
        QToolTip.showText(event.globalPos(), text, self)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, rows = self._theme, self._rows()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        name_font, figure_font = QFont(self.font()), tabular(self.font())
        name_font.setWeight(QFont.Weight.DemiBold)
        figure_font.setPixelSize(max(1, round(QFontInfo(self.font()).pixelSize() * 0.85)))
        metrics, figures = QFontMetricsF(name_font), QFontMetricsF(figure_font)
        widest = max(metrics.horizontalAdvance(self._name(row)) for row in range(rows))
        left = min(widest, self.width() * 0.4) + 10
        right = self.width() - figures.horizontalAdvance("0.00") - 10
        thickness = min(8.0, self._row(0).height() * 0.55)
        for row in range(rows):
            line = self._row(row)
            if not event.region().intersects(line.toAlignedRect()):
                continue
            accent = QColor(theme.accent) if row == self._winner else None
            bar = QRectF(left, line.center().y() - thickness / 2, max(0.0, right - left), thickness)
            painter.setFont(name_font)
            painter.setPen(accent or QColor(theme.text))
            painter.drawText(line, _LEFT, metrics.elidedText(self._name(row), _ELIDE, left - 10))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.grid))
            painter.drawRoundedRect(bar, 3, 3)
            if row < len(self._outputs):
                bar.setWidth(bar.width() * min(max(self._outputs[row], 0.0), 1.0))
                painter.setBrush(accent or QColor(theme.muted))
                painter.drawRoundedRect(bar, 3, 3)
                painter.setFont(figure_font)
                painter.setPen(accent or QColor(theme.muted))
                painter.drawText(line, _RIGHT, self._figures[row])

    def _describe(self) -> None:
        rows = (f"{self._name(row)} {figure}" for row, figure in enumerate(self._figures))
        self.setAccessibleDescription(", ".join(rows))

    def _rows(self) -> int:
        return len(self._outputs) or len(self._names)

    def _name(self, output: int) -> str:
        return class_name(self._names, output)

    def _row(self, row: int) -> QRectF:
        height = self.height() / self._rows()
        return QRectF(0, row * height, self.width(), height)

    def _figure(self, output: float) -> str:
        hundredths = round(output * 100)
        if hundredths not in self._known_figures:
            self._known_figures[hundredths] = QLocale().toString(hundredths / 100, "f", 2)
        return self._known_figures[hundredths]
