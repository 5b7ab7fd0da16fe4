"""Controls beside pictures of weights: the switch for what they show, and the legend of their colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.gui.common.chosen import Chosen
from mnistviz.gui.common.numbers import rounded
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.network.weight_colours import colour_table


class WeightSwitch(Switch):
    """Switch between the weights and what training has added to them."""

    WEIGHTS: Final = "weights"
    LEARNED: Final = "learned"

    def __init__(self, name: str, chosen: Chosen, changed: Callable[[], object]) -> None:
        """Create a switch; all switches of a window show the choice in `chosen`."""
        super().__init__(
            name,
            self.tr("What the pictures of the weights show"),
            (
                (self.WEIGHTS, self.tr("weights"), self.tr("Shows the weights as they are now.")),
                (
                    self.LEARNED,
                    self.tr("learned"),
                    self.tr("Shows what training has added to the weights since the start of the run."),
                ),
            ),
            self.choose,
        )
        # Weights that start from N(0, 1) hide what is learned; their difference shows it.
        self.set_value(self.LEARNED)
        self._choices, self._changed = chosen, changed
        self._shown_id = self.LEARNED  # what the pictures show
        chosen.listen("network", self._follow)

    def learned(self) -> bool:
        return self.value() == self.LEARNED

    def initial(self, moment: Moment | None) -> Network | None:
        """Return the network that the run began with, if learned changes are to be shown and there are some."""
        return moment.initial if moment is not None and moment.step and self.learned() else None

    def choose(self, id: str) -> None:
        self._choices.choose("network", showing=id)

    def _follow(self) -> None:
        self.set_value(self._choices.now.network.showing or self.LEARNED)
        if self.value() != self._shown_id:
            self._shown_id = self.value()
            self._changed()


class WeightLegend(QWidget):
    """Colour scale in one line: the bar between its two limits, with the meaning of blue and of orange.

    Where there is little room it has shorter texts and a shorter bar, then no numbers.
    """

    _SHORTEST: Final = 30
    _LONGEST: Final = 64

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.limit, self.high = 0.0, ""
        self.lows = ("", "")
        describe(
            self,
            name,
            self.tr("Colour scale"),
            self.tr(
                "All units of the layer share these colours. The strongest colour is chosen to suit half of "
                "the units. A unit that goes far beyond it has a mark at its corner."
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

    def show_scale(self, limit: float, learned: bool, *, bare: bool = False) -> bool:
        """Show −limit … +limit, for weights or for learned changes, or `bare` without texts. Return True if that has
        changed."""
        lows, high = (self.tr("says no"),) * 2, self.tr("says yes")
        if bare:
            lows, high = ("", ""), ""
        elif learned:
            lows, high = (self.tr("weight decreased"), self.tr("decreased")), self.tr("increased")
        differs = (limit, lows, high) != (self.limit, self.lows, self.high)
        if differs:
            self.limit, self.lows, self.high = limit, lows, high
            self.updateGeometry()
            self.update()
        return differs

    def sizeHint(self) -> QSize:
        return QSize(self._width(self.lows[0], self._LONGEST), self.minimumSizeHint().height())

    def shortened(self) -> int:
        return self._width(self.lows[1], self._SHORTEST)

    def minimumSizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.lows[1] + self.high) + 14
        return QSize(words + self._SHORTEST, self.fontMetrics().height() + 2)

    def _width(self, low: str, bar: int) -> int:
        usual, limit = "−0.15+0.15", rounded(self.limit, 3)
        numbers = max(map(self.fontMetrics().horizontalAdvance, (usual, f"−{limit}+{limit}")))
        return self.fontMetrics().horizontalAdvance(low + self.high) + numbers + 26 + bar

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        numbered = self.width() >= self.shortened()
        low = self.lows[0] if self.width() >= self._width(self.lows[0], self._SHORTEST) else self.lows[1]
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        area = self.rect()

        def text(words: str, colour: str) -> None:
            painter.setPen(QColor(colour))
            draw_text(painter, QRectF(area), middle, words)
            area.setRight(area.right() - self.fontMetrics().horizontalAdvance(words) - 6)

        limit = rounded(self.limit, 3)
        text(self.high, self._theme.muted)
        if numbered:
            text("+" + limit, self._theme.muted)
        after = low + ("−" + limit if numbered else "")
        room = area.width() - self.fontMetrics().horizontalAdvance(after) - (14 if numbered else 8)
        long = max(8, min(self._LONGEST, room))
        bar = QRect(area.right() - long + 1, (self.height() - 9) // 2, long, 9)
        painter.drawImage(bar, self._bar)
        painter.setPen(QColor(self._theme.muted))
        painter.drawLine(bar.center().x(), bar.top() - 1, bar.center().x(), bar.bottom() + 1)
        area.setRight(bar.left() - 7)
        if numbered:
            text("−" + limit, self._theme.muted)
        text(low, self._theme.muted)
