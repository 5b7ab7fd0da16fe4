"""Accuracies on test digits: bars for the fourth layer, and curves of two networks that learn side by side."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPolygonF
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from mnistviz.engine.ideas.binary_outputs import OutputRace
from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import column_of, keep_place, label
from mnistviz.gui.common.painted_figure import LEFT, RIGHT, PaintedFigure, inked
from mnistviz.gui.common.theme import theme
from mnistviz.gui.ideas.binary_outputs.binary_outputs_words import say
from mnistviz.gui.ideas.parts.idea_plot import IdeaPlot, ticks_at


class ShareBars(PaintedFigure):
    """The accuracy of all bits together, predicted with a flag by click, drag or keys, and of the outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.bits: float | None = None
        self.whole: float | None = None
        """Accuracies from 0 to 1; None while unknown."""
        self.flag: float | None = None
        self.fixed = False
        """Whether the outcome is shown: the flag stays as an outline."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, round(3.9 * self.fontMetrics().height()))

    def show_shares(self, bits: float | None, whole: float | None) -> None:
        self.bits, self.whole = bits, whole
        self.update()

    def set_flag(self, flag: float | None, *, fixed: bool = False) -> None:
        self.flag, self.fixed = flag, fixed
        self.update()

    def track(self, row: int) -> QRectF:
        metrics = self.fontMetrics()
        name = max(metrics.horizontalAdvance(text) for text in self._names()) + 10.0
        value = metrics.horizontalAdvance("100.00 %") + 8.0
        line = metrics.height()
        top = self.height() - (2 - row) * 1.3 * line
        return QRectF(name, top + 0.2 * line, max(20.0, self.width() - name - value), 0.75 * line)

    def press(self, at: QPointF) -> None:
        track = self.track(0)
        self._move_flag((at.x() - track.left()) / track.width())

    def drag(self, at: QPointF) -> None:
        self.press(at)

    def arrow(self, right: int, down: int) -> bool:
        if right:
            self._move_flag((0.5 if self.flag is None else self.flag) + 0.01 * right)
        return bool(right)

    def paint(self, painter: QPainter) -> None:
        colours = (theme().runs[1], theme().runs[0])
        for row, (name, share) in enumerate(zip(self._names(), (self.bits, self.whole), strict=True)):
            track = self.track(row)
            line = QRectF(0, track.center().y() - track.height(), track.left() - 8, 2 * track.height())
            self.write(painter, line, RIGHT, name, theme().text, cut=False)
            self.paint_bar(painter, track, share, colours[row])
            line = QRectF(track.right() + 8, line.top(), self.width() - track.right() - 8, line.height())
            self.write(painter, line, LEFT, self._value(share), theme().text, cut=False)
        if self.flag is not None:
            self._paint_flag(painter, self.flag)

    def _names(self) -> tuple[str, str]:
        return say("all_right"), say("by_outputs")

    def _value(self, share: float | None) -> str:
        if share is not None:
            return numbers.percent(share)
        return "…" if self.whole is None else "?"  # not computed yet, or to be predicted

    def _move_flag(self, share: float) -> None:
        if not self.fixed:
            self.set_flag(round(max(0.0, min(1.0, share)), 2))

    def _paint_flag(self, painter: QPainter, flag: float) -> None:
        track = self.track(0)
        at = QPointF(track.left() + flag * track.width(), track.top() - 3)
        size = 0.42 * self.fontMetrics().height()
        style = Qt.PenStyle.DashLine if self.fixed else Qt.PenStyle.SolidLine
        inked(painter, theme().accent, 1.8, fill=theme().card if self.fixed else theme().accent, style=style)
        painter.drawLine(at, QPointF(at.x(), track.bottom() + 2))
        cloth = (QPointF(0, 0), QPointF(-size, -1.5 * size), QPointF(size, -1.5 * size))
        painter.drawPolygon(QPolygonF([at + corner for corner in cloth]))
        text = say("you", share=numbers.tick(100 * flag))
        wide = self.fontMetrics().horizontalAdvance(text) + 4.0
        room = QRectF(at.x() + 1.6 * size, at.y() - 2.4 * size, wide, 2.4 * size)
        if room.right() > self.width():
            room.moveRight(at.x() - 1.6 * size)
        self.write(painter, room, LEFT, text, theme().accent, cut=False)


_ROOM: Final = 1.35  # times the last epoch, for the names at the ends of the lines
_LOWEST: Final = 150  # pixels
_SHARES: Final = [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]


class RaceFigure(QWidget):
    """The curves of both networks; the flag at the last epoch predicts the accuracy of the bits."""

    def __init__(self) -> None:
        super().__init__()
        self.title = label("figureTitle", wraps=True)
        self.plot = IdeaPlot("race_plot", say("race_plot"))
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.plot.setMinimumHeight(_LOWEST)
        self.progress = QProgressBar(textVisible=False)
        self.progress.setRange(0, 1000)
        keep_place(self.progress)
        say.describe(self.progress, "race_progress", "progress")
        column_of(self.title, (self.plot, 1), self.progress, spacing=4, inside=self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.flag: float | None = None
        self.race: OutputRace | None = None
        self._epochs, self._epoch, self._names, self.fixed = 3, 1, ("", ""), False
        plot = self.plot
        plot.set_axes(say("axis_epoch"), say("axis_right"))
        self._lines = [plot.curve(network, 2.5) for network in (0, 1)]
        self._dots = [plot.dots(network, 6) for network in (0, 1)]
        self._ends = [plot.text("", network, 0, 0, anchor=(0, 0.5)) for network in (0, 1)]
        self._you = plot.text("", "accent", 0, 0, anchor=(0.5, 1.45))
        self.handle = plot.handle("share", "accent", free="y")
        self.handle.moved = lambda _, height: self.set_flag(round(height) / 100)
        self.handle.set_bounds(0.0, 100.0, 1.0)
        plot.paint(self._show_flag)
        plot.ranged = self._lay_names

    def prepare(self, title: str, names: tuple[str, str], epochs: int, epoch: int) -> None:
        """Set up a race of networks with these names; `epoch` is the number of digits in an epoch."""
        self.title.setText(title)
        self._names, self._epochs, self._epoch = names, epochs, epoch
        self.plot.set_ticks(ticks_at([float(n) for n in range(epochs + 1)]), ticks_at(_SHARES))
        self.plot.show_range((0.0, _ROOM * epochs), (0.0, 112.0))
        self.show_race(None)

    def show_race(self, race: OutputRace | None) -> None:
        self.race, readings = race, () if race is None else race.readings
        x = [reading.digits / self._epoch for reading in readings]
        heights = [100 * each.whole for each in readings], [100 * each.bits for each in readings]
        for line, dots, end, y in zip(self._lines, self._dots, self._ends, heights, strict=True):
            line.setData(x, y)
            dots.setData(x, y)
            end.setVisible(bool(readings))
        self._lay_names()
        self.progress.setVisible(race is not None and race.learned < race.of and not race.diverged)
        if race is not None:
            self.progress.setValue(round(1000 * race.learned / race.of))
        self._show_flag()

    def _lay_names(self) -> None:
        if self.race is None or not self.race.readings:
            return
        last = self.race.readings[-1]
        ends, x = (100 * last.whole, 100 * last.bits), last.digits / self._epoch + 0.03 * self._epochs
        away = max(abs(ends[0] - ends[1]), self.plot.fontMetrics().height() * self.plot.pixel[1]) / 2
        for each, name in enumerate(self._ends):
            is_upper = (each == 1) == (ends[1] > ends[0])
            name.setText(self._names[each])
            name.setPos(x, sum(ends) / 2 + (away if is_upper else -away))

    def set_flag(self, flag: float | None, *, fixed: bool = False) -> None:
        """Set the prediction for the network with the bits; `fixed` shows it as an outline."""
        self.flag, self.fixed = flag, fixed
        self._show_flag()

    def _show_flag(self) -> None:
        flag, at = self.flag, float(self._epochs)
        height, placed = 50.0 if flag is None else 100 * flag, flag is not None
        self.plot.show_guess(self.handle, "accent", (at, height), placed=placed, told=self.fixed)
        self._you.setVisible(flag is not None)
        if flag is not None:
            self._you.setText(say("you", share=numbers.tick(100 * flag)))
            readings = () if self.race is None else self.race.readings
            above = not readings or flag >= readings[-1].bits  # off the line
            self._you.setAnchor((0.5, 1.45 if above else -0.45))
            self._you.setPos(at, height)
