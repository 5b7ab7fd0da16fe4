"""What stands beside pictures of weights: the choice of what they show, and the legend of their colours."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.gui.common.numbers import rounded
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.network.weight_colours import colour_table


class WeightSwitch(QWidget):
    """A choice of two: the weights as they are, or what training has added to them."""

    changed = Signal()

    WEIGHTS: Final = "weights"
    LEARNED: Final = "learned"

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        for value, text, tip in (
            (self.WEIGHTS, self.tr("weights"), self.tr("Shows the weights as they are now.")),
            (
                self.LEARNED,
                self.tr("learned"),
                self.tr("Shows what training has added to the weights since the start of the run."),
            ),
        ):
            button = self.buttons[value] = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setProperty("role", "quiet")
            describe(button, f"{name}_{value}", text, tip)
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            group.addButton(button)
            row.addWidget(button)
        # Weights that start from N(0, 1) hide what is learned; their difference shows it.
        self.buttons[self.LEARNED].setChecked(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.buttons[self.LEARNED].toggled.connect(self._toggled)

    def value(self) -> str:
        return self.LEARNED if self.learned() else self.WEIGHTS

    def learned(self) -> bool:
        return self.buttons[self.LEARNED].isChecked()

    def initial(self, moment: Moment | None) -> Network | None:
        """The network that the run began with, if what was learned since is to be shown, and there is something."""
        return moment.initial if moment is not None and moment.step and self.learned() else None

    def set_value(self, value: str) -> None:
        """Chooses `WEIGHTS` or `LEARNED`; anything else changes nothing."""
        if value in self.buttons:
            self.buttons[value].setChecked(True)

    def _toggled(self) -> None:
        self.changed.emit()


class WeightLegend(QWidget):
    """The colour scale in one line: what blue says, the bar between the numbers of its ends, what orange says.

    Where there is little room the numbers go first, then the bar gets shorter.
    """

    _SHORTEST: Final = 30
    _LONGEST: Final = 70

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.limit, self.low, self.high = 0.0, "", ""
        describe(
            self,
            name,
            self.tr("Colour scale"),
            self.tr(
                "All units of the layer share these colours. The strongest is for a round number near the median over "
                "the units of each one's 99 % quantile; a unit that goes far beyond has a mark at its corner."
            ),
        )
        self.setProperty("role", "cardNote")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        table = colour_table(theme)[1:]
        self._bar = QImage(table.data, len(table), 1, table.nbytes, QImage.Format.Format_RGB32).copy()
        self.update()

    def show_scale(self, limit: float, learned: bool) -> None:
        """Shows −limit … +limit, of weights or of what was added to them."""
        low = self.tr("fell") if learned else self.tr("says no")
        high = self.tr("rose") if learned else self.tr("says yes")
        if (limit, low, high) != (self.limit, self.low, self.high):
            self.limit, self.low, self.high = limit, low, high
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        numbers = self.fontMetrics().horizontalAdvance("−0.15+0.15") + 14
        return self.minimumSizeHint() + QSize(numbers + self._LONGEST - self._SHORTEST, 0)

    def minimumSizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.low + self.high) + 14
        return QSize(words + self._SHORTEST, self.fontMetrics().height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        with_numbers = self.width() >= self.sizeHint().width()
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        area = self.rect()

        def text(words: str, colour: str) -> None:
            painter.setPen(QColor(colour))
            draw_text(painter, QRectF(area), middle, words)
            area.setRight(area.right() - self.fontMetrics().horizontalAdvance(words) - 6)

        limit = rounded(self.limit, 3)
        text(self.high, self._theme.text)
        if with_numbers:
            text("+" + limit, self._theme.muted)
        after = self.low + ("−" + limit if with_numbers else "")
        room = area.width() - self.fontMetrics().horizontalAdvance(after) - (14 if with_numbers else 8)
        long = max(8, min(self._LONGEST, room))
        bar = QRect(area.right() - long + 1, (self.height() - 9) // 2, long, 9)
        painter.drawImage(bar, self._bar)
        painter.setPen(QColor(self._theme.muted))
        painter.drawLine(bar.center().x(), bar.top() - 1, bar.center().x(), bar.bottom() + 1)
        area.setRight(bar.left() - 7)
        if with_numbers:
            text("−" + limit, self._theme.muted)
        text(self.low, self._theme.text)
