"""What stands around a plot: its title and its legend above it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from msgspec import Struct
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnistviz.engine.evaluation import EARLY_DIGITS, interim_digits
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.painted_figure import LEFT, inked
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import translucent
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.curves.drawn_runs import Unlike, XAxis, is_dotted
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.curves.plot_frame import WHOSE
from mnistviz.gui.lab.run_names import run_name

SWATCH, TO_TEXT, BETWEEN = 16, 5, 12  # pixels


class Entry(Struct, frozen=True):
    """A text beside a piece of its line, of its band, a dot, or nothing; `texts` are ever shorter versions."""

    texts: tuple[str, ...]
    colour: str
    swatch: Literal["line", "thin line", "band", "dot", "none"] = "line"


Shown = list[tuple[Entry, str, float]]  # each with its text and its width


def fitted(entries: Sequence[Entry], width: float, metrics: QFontMetricsF) -> Shown:
    """Return the entries that fit: from the last on, each is shortened, and then left out."""
    fitting = [_measured(entry, entry.texts[0], metrics) for entry in entries]
    for number in reversed(range(len(fitting))):
        for text in entries[number].texts[1:]:
            if sum(each[2] for each in fitting) > width:
                fitting[number] = _measured(entries[number], text, metrics)
    while fitting and sum(each[2] for each in fitting) > width:
        fitting.pop()
    return fitting


def rows_of(
    entries: Sequence[Entry], width: float, metrics: QFontMetricsF
) -> list[tuple[Sequence[Entry], float]]:
    """Arrange all entries in as many rows as they need, with the width of each row."""
    rows: list[tuple[Sequence[Entry], float]] = []
    for entry in entries:
        wide = _measured(entry, entry.texts[0], metrics)[2]
        if not rows or rows[-1][1] + wide > width:
            rows.append(((), 0.0))
        rows[-1] = (*rows[-1][0], entry), rows[-1][1] + wide
    return rows


def _measured(entry: Entry, text: str, metrics: QFontMetricsF) -> tuple[Entry, str, float]:
    swatch = 0 if entry.swatch == "none" else SWATCH + TO_TEXT
    return entry, text, swatch + metrics.horizontalAdvance(text) + BETWEEN


def paint_entries(painter: QPainter, entries: Sequence[Entry], room: QRectF, whose: str = "") -> None:
    """Paint the entries that fit, right-aligned in `room`."""
    slack = BETWEEN / 2  # no gap after the last entry; text of a picture may be a little wider
    fitting = fitted(entries, room.width() + slack, QFontMetricsF(painter.font(), painter.device()))
    x, middle = room.right() - sum(each[2] for each in fitting), room.center().y()
    for entry, text, width in fitting:
        beside = 0 if entry.swatch == "none" else SWATCH + TO_TEXT
        if entry.swatch == "band":
            tint = translucent(entry.colour, 0.45 if theme().dark else 0.35)
            painter.fillRect(QRectF(x + SWATCH - 9, middle - 4.5, 9, 9), tint)
        elif entry.swatch == "dot":
            inked(painter, entry.colour).drawEllipse(QPointF(x + SWATCH - 4, middle), 2.5, 2.5)
        elif entry.swatch in ("line", "thin line"):
            wide = 2 if entry.swatch == "line" else 1
            painter.setPen(QPen(QColor(entry.colour), wide, c=Qt.PenCapStyle.FlatCap))
            painter.drawLine(QPointF(x, middle), QPointF(x + SWATCH, middle))
        place = QRectF(x + beside, room.top(), width, room.height())
        draw_text(painter, place, LEFT, text, ink=theme().muted, whose=whose)
        x += width


class CurveLegend(QWidget):
    def __init__(self, changed: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self._changed = changed
        self.entries: tuple[Entry, ...] = ()
        self.setProperty("role", "cardNote")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_entries(self, entries: tuple[Entry, ...]) -> None:
        if entries != self.entries:
            self.entries = entries
            self.setAccessibleDescription(", ".join(entry.texts[0] for entry in entries))
            self.updateGeometry()
            self.update()
            self._changed()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self._changed()

    @property
    def wanted(self) -> int:
        """The width of the entries."""
        fitting = fitted(self.entries, float("inf"), QFontMetricsF(self.font()))
        return round(sum(each[2] for each in fitting) + 0.5)

    def sizeHint(self) -> QSize:
        return QSize(self.wanted + self.contentsMargins().right(), self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_entries(painter, self.entries, QRectF(self.contentsRect()))


GAP = 8  # pixels
ABOVE_ROWS = 4  # pixels between the plot and the rows below it


class TitledPlot(Fitted, QWidget):
    """A plot under its title, explanation and legend. Without room the explanation goes first, unless it is needed."""

    def __init__(self, plot: Plot) -> None:
        super().__init__()
        self.setObjectName(f"titled_{plot.objectName()}")
        self.title, self.about, self.plot = label("cardTitle"), styled(ShortenedLabel(), "cardNote"), plot
        self.legend = CurveLegend(self.refit)
        self._needed = self._right = 0
        self.picture_entries: tuple[Entry, ...] = ()
        """Legend entries below the plot in an exported picture, where nothing around it names them."""
        line = row_of(self.title, self.about, (self.legend, 1), spacing=GAP)
        self._column = column_of(line, (plot, 1), spacing=2, inside=self)

    def name(self, title: str, *about: str, needed: bool = False) -> None:
        """Set title and explanation; `about` are ever shorter texts, of which the shortest may be `needed`."""
        self.title.setText(title)
        self.about.set_wordings(*about)
        self._needed = self.about.fontMetrics().horizontalAdvance(about[-1]) + 1 if needed else 0
        self.refit()

    def end_at(self, right: int) -> None:
        """End the legend with the plot, so many pixels before the right edge, if there is room."""
        self._right = max(right - BETWEEN, 0)
        self.refit()

    def refit(self) -> None:
        free = self.width() - self.title.sizeHint().width() - self.legend.wanted - 2 * GAP
        right = self._right if free >= self._right + self._needed else 0
        self.legend.setContentsMargins(0, 0, right, 0)
        self.about.setMaximumWidth(max(self._needed, free - right))
        self.about.setMinimumWidth(self._needed)

    @property
    def title_room(self) -> QRect:
        """The room of title and explanation, also of those that were just named."""
        self._column.activate()
        return self.title.geometry().united(self.about.geometry())

    @property
    def picture_size(self) -> QSize:
        rows = len(self._rows)
        return self.size() + QSize(0, rows * self._line + ABOVE_ROWS if rows else 0)

    def paint(self, painter: QPainter) -> None:
        """Paint title, plot, legend and rows as vectors and text, at their present size."""
        for words, colour in ((self.title, theme().text), (self.about, theme().muted)):
            painter.setFont(words.font())
            draw_text(painter, QRectF(words.geometry()), LEFT, words.text(), ink=colour, whose=WHOSE)
        painter.setFont(self.legend.font())
        room = QRectF(self.legend.contentsRect().translated(self.legend.pos()))
        paint_entries(painter, self.legend.entries, room, WHOSE)
        for number, (entries, width) in enumerate(self._rows):
            top = self.height() + ABOVE_ROWS + number * self._line
            paint_entries(painter, entries, QRectF(0, top, width, self._line), WHOSE)
        painter.translate(self.plot.pos() + self.plot.viewport().pos())
        self.plot.paint(painter)

    @property
    def _line(self) -> int:
        return self.legend.fontMetrics().height() + 2

    @property
    def _rows(self) -> list[tuple[Sequence[Entry], float]]:
        return rows_of(self.picture_entries, self.width(), QFontMetricsF(self.legend.font()))


class CurveLegends:
    def __init__(self, texts: CurveTexts, cost: CurveLegend, accuracy: CurveLegend) -> None:
        self._texts, self._cost, self._accuracy = texts, cost, accuracy

    def draw(self, axis: XAxis) -> None:
        colour = theme().run_colour(0 if axis.selected is None else axis.selected.run.hue)
        if axis.is_empty:
            self._cost.set_entries(())
            self._accuracy.set_entries(())
            return
        begun = axis.selected is not None and axis.selected.history.costs.size > 0
        band = [Entry((tr("middle 80 %"),), colour, "band")] if begun else []
        lucky = [] if axis.selected is None else [band for band in axis.selected.run.bands if band.runs]
        pale = [Entry(self._texts.luck_band(each, cost=True), colour, "thin line") for each in lucky]
        self._cost.set_entries((*band, *pale, *self._not_drawn(axis, "cost")))
        parts = () if axis.selected is None else {part for _, part in axis.selected.drawn_parts}
        dotted, joined = ([part for part in parts if is_dotted(part) is dots] for dots in (True, False))
        lines = [Entry(self._texts.thin_line(joined), colour, "thin line")] if joined else []
        dots = [Entry(self._texts.dots(dotted, large=_is_large(axis)), colour, "dot")] if dotted else []
        spread = [Entry(self._texts.luck_band(each, cost=False), colour, "band") for each in lucky]
        self._accuracy.set_entries((*spread, *lines, *dots, *self._not_drawn(axis, "validation")))

    def names(self, axis: XAxis) -> tuple[Entry, ...]:
        runs = [] if len(axis.runs) < 2 else [drawn.run for drawn in axis.runs]
        return tuple(
            Entry((self._texts.lettered(run.letter, run_name(run, runs)),), theme().run_colour(run.hue))
            for run in runs
        )

    def _not_drawn(self, axis: XAxis, series: str) -> Iterator[Entry]:
        letters: dict[Unlike, list[str]] = {}
        drawn = axis.drawn(series)
        for each in axis.runs:
            if each not in drawn:
                letters.setdefault(axis.unlike(each), []).append(each.run.letter)
        for unlike, of in letters.items():
            yield Entry(self._texts.not_drawn(of, unlike), theme().muted, "none")


def _is_large(axis: XAxis) -> bool:
    """Return True if the network is so large that slow motion evaluates only as many digits as the dots show."""
    moment = None if axis.selected is None else axis.selected.run.moment
    return moment is not None and interim_digits(moment.network) <= EARLY_DIGITS
