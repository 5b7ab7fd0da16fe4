"""The outputs of each run for one pinned picture as curves, above a band of the predicted classes."""

from collections.abc import Callable
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mnistviz.engine.mistakes.pins import PictureAlong, VerdictChange
from mnistviz.gui.common.digit_verdict import digit_verdict
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.numbers import number_text, whole
from mnistviz.gui.common.painted_figure import CENTRE, ENTER, LEFT, RIGHT, PaintedFigure, inked, place_after
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import line_path, translucent
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.common.widgets import small_font

_SIDE: Final = 4  # pixels, beside the plots
_GAP: Final = 8  # pixels, below a row
_NEAR: Final = 6  # pixels: a click this close to a change selects the change
_FINE: Final = 3  # pixels: the line below a stretch that was replayed mini-batch by mini-batch
_EDGE: Final = 3  # pixels: the edge that shows by colour and position whether a prediction is correct
_TINT: Final = 0.12  # opacity of correct or wrong in the band: its text stays legible
_SCALE: Final = 1.2  # lines of text, at the left of a plot


class PinRow(Struct, frozen=True, eq=False):
    """One run. Without `along` it has only a `title`, which gives the reason. `label` is the true class, if known;
    `fine` lists the stretches predicted after each mini-batch, as ranges of digits trained on; `told` describes a
    prediction by its index."""

    run: int
    letter: str
    title: str
    hue: str
    along: PictureAlong | None = None
    classes: tuple[str, ...] = ()
    label: int | None = None
    fine: tuple[tuple[int, int], ...] = ()
    told: Callable[[int], str] = lambda at: ""


class PinCurvesContent(Struct, frozen=True):
    """All rows, over an axis up to `digits`; `labels` are ticks by share of the width, `selected` is a run number."""

    rows: tuple[PinRow, ...] = ()
    digits: int = 1
    labels: tuple[tuple[float, str], ...] = ()
    selected: int = 0


class PinCurves(PaintedFigure):
    """A row per run: the curves of all outputs, thick while an output is the largest, and a band of the predicted
    classes. A click views that step; the arrow keys move between changes of the prediction."""

    def __init__(self, go: Callable[[int, int], object], pointed: Callable[[], object]) -> None:
        """Call `go` with a run number and a step to view it, `pointed` when another change is chosen."""
        tip = tr(
            "All outputs of each run along its training; the largest is thick. The band below says what was read. "
            "Click to go there; the arrow keys move from change to change, and Enter goes there."
        )
        super().__init__("pin_curves", tr("What the runs answered to the pinned picture"), tip)
        self.go, self._pointed = go, pointed
        self.content = PinCurvesContent()
        self._viewed: tuple[int, int] | None = None
        self._row, self._step = -1, -1  # the run and step of the chosen change
        self._is_picked = False  # whether the user chose it

    @property
    def chosen(self) -> tuple[PinRow, VerdictChange] | None:
        """The chosen change, which the keys act on, and its row; None without one."""
        for row in self.content.rows:
            if row.run == self._row and row.along is not None:
                for change in row.along.changes:
                    if change.step == self._step:
                        return row, change
        return None

    def show_content(self, content: PinCurvesContent) -> None:
        """Show new rows. Keep the change that the user chose while it exists and the selected run is the same; else
        choose the first change of the selected run, or of any run until that of the selected one is known."""
        if content.selected not in (self.content.selected, self._row):
            self._is_picked = False
        self.content = content
        changed = [row for row in content.rows if row.along is not None and row.along.changes]
        own = next((row for row in changed if row.run == content.selected), None)
        if self.chosen is None or not (self._is_picked or own is None or own.run == self._row):
            first = own or next(iter(changed), None)
            self._row, self._step, self._is_picked = -1, -1, False
            if first is not None and first.along is not None:
                self._row, self._step = first.run, first.along.changes[0].step
        self.setMinimumHeight(self.minimumSizeHint().height())
        self._update_text()

    def show_viewed(self, viewed: tuple[int, int] | None) -> None:
        """Mark the viewed step by its run number and digits trained on; None at the end of the run."""
        if viewed != self._viewed:
            self._viewed = viewed
            self.update()

    def minimumSizeHint(self) -> QSize:
        """Return the height of rows of which as many as have room are seen whole."""
        line, parent = self.line, self.parentWidget()
        seen = 0 if parent is None else parent.height()
        row = max(4 * line, seen / max(1, seen // (4.5 * line + _GAP)) - _GAP)
        rows = sum((row if each.along is not None else line) + _GAP for each in self.content.rows)
        return QSize(round(20 * line), round(rows + line + 4))

    def _rooms(self) -> list[QRectF]:
        """Return the rectangle of each row; rows with curves share the remaining height."""
        line, rows = self.line, self.content.rows
        curves = max(1, sum(row.along is not None for row in rows))
        words = (len(rows) - sum(row.along is not None for row in rows)) * line
        free = self.height() - line - 4 - words - _GAP * len(rows)
        rooms, top = list[QRectF](), 0.0
        for row in rows:
            high = line if row.along is None else free / curves
            rooms.append(QRectF(_SIDE, top, self.width() - 2 * _SIDE, high))
            top += high + _GAP
        return rooms

    def place_of(self, run: int) -> QRectF:
        """Return the rectangle of a run's row, empty if it has none."""
        places = {row.run: room for row, room in zip(self.content.rows, self._rooms(), strict=True)}
        return places.get(run, QRectF())

    def _plot(self, room: QRectF) -> QRectF:
        """Return the plot inside a row: below its title, above its band, with room for the scale and the labels."""
        line, axis = (self.line, QFontMetricsF(small_font(self), self).horizontalAdvance(tr("epochs")) + 12)
        left, top = room.left() + _SCALE * line, room.top() + 1.5 * line
        wide = room.width() - _SCALE * line - max(4.5 * line, axis)
        return QRectF(left, top, wide, room.height() - 2.5 * line - 8)

    def _band(self, room: QRectF) -> QRectF:
        plot = self._plot(room)
        return QRectF(plot.left(), plot.bottom() + 3, plot.width(), self.line + 2)

    def _x(self, plot: QRectF, digits: NDArray[np.int64] | int) -> NDArray[np.float64]:
        share = np.asarray(digits, np.float64) / max(1, self.content.digits)
        return np.asarray(plot.left() + share * plot.width())

    def prediction_at(self, place: QPointF) -> tuple[PinRow, int] | None:
        """Return the row and the index of the prediction at a point: in the band, where its prediction began; in the
        plot, the nearest change or else the nearest prediction."""
        for row, room in zip(self.content.rows, self._rooms(), strict=True):
            if (along := row.along) is None or not room.top() <= place.y() < room.bottom() + _GAP / 2:
                continue
            xs = self._x(self._plot(room), along.digits)
            starts = along.starts
            if place.y() >= self._band(room).top():
                return row, int(starts[max(0, int(np.searchsorted(xs[starts], place.x(), side="right")) - 1)])
            near = starts[int(np.abs(xs[starts] - place.x()).argmin())]
            if abs(float(xs[near]) - place.x()) <= _NEAR:
                return row, int(near)
            return row, int(np.abs(xs - place.x()).argmin())
        return None

    def press(self, at: QPointF) -> None:
        if (match := self.prediction_at(at)) is None:
            return
        row, index = match
        assert row.along is not None
        step = int(row.along.steps[index])
        if any(change.step == step for change in row.along.changes):
            self._choose(row.run, step)
        self.go(row.run, step)

    def key(self, key: Qt.Key) -> bool:
        rows = [(row.run, row.along) for row in self.content.rows if row.along is not None]
        places = [(run, change.step) for run, along in rows for change in along.changes]
        chosen = (self._row, self._step)
        at = places.index(chosen) if chosen in places else 0
        runs = list(dict.fromkeys(run for run, _ in places))
        firsts = [next(place for place in places if place[0] == run) for run in runs]
        run = runs.index(self._row) if self._row in runs else 0
        if (goal := place_after(key, at, len(places) - 1)) is not None:
            self._choose(*places[goal])
        elif places and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            down = 1 if key == Qt.Key.Key_Down else -1
            self._choose(*firsts[min(max(run + down, 0), len(firsts) - 1)])
        elif chosen in places and key in ENTER:
            self.go(*chosen)
        else:
            return False
        return True

    def _choose(self, run: int, step: int) -> None:
        self._is_picked = True
        if (run, step) != (self._row, self._step):
            self._row, self._step = run, step
            self._update_text()
            self._pointed()

    def _text(self, row: PinRow, step: int) -> str:
        assert row.along is not None
        return tr("{run}: {told}", run=row.letter, told=row.told(int(np.searchsorted(row.along.steps, step))))

    def _update_text(self) -> None:
        chosen = self.chosen
        self.tell("" if chosen is None else self._text(chosen[0], chosen[1].step))

    def tooltip_at(self, at: QPointF) -> str:
        if (match := self.prediction_at(at)) is None or match[0].along is None:
            return ""
        return self._text(match[0], int(match[0].along.steps[match[1]]))

    def paint(self, painter: QPainter) -> None:
        painter.setFont(small_font(self))
        bottom = 0.0
        plot = QRectF()
        for row, room in zip(self.content.rows, self._rooms(), strict=True):
            self._paint_title(painter, row, room)
            if row.along is not None:
                plot, bottom = self._plot(room), self._band(room).bottom()
                self._paint_plot(painter, row, row.along, plot)
                self._paint_band(painter, row, row.along, self._band(room))
                if self._viewed is not None and self._viewed[0] == row.run:
                    x = float(self._x(plot, self._viewed[1]))
                    self.draw_line(inked(painter, theme().accent, 1.5), x, plot.top(), x, bottom)
        if bottom:
            self._paint_axis(painter, plot, self.height() - self.line - 1)

    def _paint_title(self, painter: QPainter, row: PinRow, room: QRectF) -> None:
        line = QRectF(room.left(), room.top(), room.width(), self.line)
        if row.along is not None:
            painter.setPen(QColor(row.hue))
            wide = painter.fontMetrics().horizontalAdvance(row.letter) + 6
            draw_text(painter, line, LEFT, row.letter)
            line.setLeft(line.left() + wide)
        draw_text(painter, line, LEFT, row.title, ink=theme().muted, elide=Qt.TextElideMode.ElideRight)

    def _paint_plot(self, painter: QPainter, row: PinRow, along: PictureAlong, plot: QRectF) -> None:
        inked(painter, theme().grid)
        for y in (plot.top(), plot.center().y(), plot.bottom()):
            self.draw_line(painter, plot.left(), y, plot.right(), y)
        finite = along.outputs[np.isfinite(along.outputs)]
        low, high = min(0.0, float(finite.min(initial=0))), max(1.0, float(finite.max(initial=1)))
        self._paint_scale(painter, plot, low, high)
        xs = self._x(plot, along.digits)
        ys = plot.bottom() - (along.outputs.astype(np.float64) - low) / (high - low) * plot.height()
        inked(painter, theme().line)
        for output in range(ys.shape[1]):
            painter.drawPath(line_path(xs, ys[:, output]))
        predictions = along.verdicts
        painter.setPen(QPen(QColor(row.hue), 2))
        for output in np.unique(predictions[predictions >= 0]).tolist():
            largest = predictions == output
            largest[1:] |= largest[:-1]  # up to the next point, where another output is the largest
            painter.drawPath(line_path(xs, np.where(largest, ys[:, output], np.nan)))
        self._paint_ends(painter, row, along, QPointF(float(xs[-1]), plot.top()), ys[-1])

    def _paint_scale(self, painter: QPainter, plot: QRectF, low: float, high: float) -> None:
        """Paint the largest and smallest value of the outputs' axis beside a plot."""
        painter.setPen(QColor(theme().muted))
        wide, line = _SCALE * self.line - 6, self.line
        for value, y in ((high, plot.top()), (low, plot.bottom())):
            room = QRectF(plot.left() - 6 - wide, y - line / 2, wide, line)
            draw_text(painter, room, RIGHT, whole(round(value)), elide=Qt.TextElideMode.ElideRight)

    def _paint_ends(
        self, painter: QPainter, row: PinRow, along: PictureAlong, end: QPointF, ys: NDArray[np.float64]
    ) -> None:
        """Label the largest output and that of the true class at the `end` of their curves, not above its y."""
        predicted, line = int(along.verdicts[-1]), self.line
        if predicted < 0:
            return
        named = [(predicted, row.hue)]
        if row.label is not None and row.label != predicted and row.label < len(ys):
            named.append((row.label, theme().muted))
        tops = [max(float(ys[output]) - line / 2, end.y()) for output, _ in named]
        if len(tops) == 2:
            tops[1] = max(tops[1], tops[0] + line)
        for (output, hue), top in zip(named, tops, strict=True):
            painter.setPen(QColor(hue))
            name, value = class_name(row.classes, output), number_text(float(along.outputs[-1, output]))
            text = tr("{name}  {output}", name=name, output=value)
            place = QRectF(end.x() + 5, top, self.width() - end.x() - 5, line)
            draw_text(painter, place, LEFT, text, elide=Qt.TextElideMode.ElideRight)

    def _paint_band(self, painter: QPainter, row: PinRow, along: PictureAlong, band: QRectF) -> None:
        """Paint a piece per stretch of one prediction; if the label is known, colour and sign show if it is correct."""
        chosen, starts = self.chosen, along.starts
        lefts = self._x(band, along.digits[starts]).tolist()
        ends = [*lefts[1:], float(self._x(band, int(along.digits[-1])))]
        metrics = QFontMetricsF(painter.font(), self)
        framed: QRectF | None = None
        for start, left, right in zip(starts.tolist(), lefts, ends, strict=True):
            predicted = int(along.verdicts[start])
            verdict = digit_verdict(predicted, None, row.classes, row.label)
            tone = {None: theme().text, True: theme().right, False: theme().wrong}[verdict.right]
            piece = QRectF(left, band.top(), max(1.0, right - left), band.height())
            fill = (theme().track, 0.55) if row.label is None else (tone, _TINT)
            painter.fillRect(piece, translucent(*fill))
            if row.label is not None:  # as in Mistakes: at the top if correct, at the bottom if wrong
                edge = piece.top() if predicted == row.label else piece.bottom() - _EDGE
                painter.fillRect(QRectF(left, edge, piece.width(), _EDGE), QColor(tone))
            if start:
                painter.fillRect(QRectF(left, band.top(), 1, band.height()), QColor(theme().card))
            texts = (verdict.marked, verdict.name) if predicted >= 0 else (tr("–"),)
            text = next((t for t in texts if metrics.horizontalAdvance(t) + 4 <= piece.width()), "")
            draw_text(painter, piece, CENTRE, text, ink=tone)
            if chosen is not None and chosen[0] is row and along.steps[start] == chosen[1].step:
                framed = piece
        for begin, end in row.fine:
            left, right = float(self._x(band, begin)), float(self._x(band, end))
            under = QRectF(left, band.bottom(), max(1.0, right - left), _FINE)
            painter.fillRect(under, QColor(theme().accent))
        if framed is not None:
            framed.setWidth(max(framed.width(), 5.0))
            self.frame(painter, framed.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2 if has_ring(self) else 1)

    def _paint_axis(self, painter: QPainter, plot: QRectF, top: float) -> None:
        painter.setPen(QColor(theme().muted))
        metrics, free = QFontMetricsF(painter.font(), self), -1.0
        for share, text in self.content.labels:
            wide = metrics.horizontalAdvance(text) + 2
            if (left := max(plot.left() + share * plot.width() - wide / 2, 0.0)) > free:
                draw_text(painter, QRectF(left, top, wide, self.line), CENTRE, text)
                free = left + wide + 4
        left = max(plot.right() + 8, free + 4)
        draw_text(painter, QRectF(left, top, self.width() - left, self.line), LEFT, tr("epochs"))
