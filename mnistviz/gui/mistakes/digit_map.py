"""A map of all digits of a set: how often each was predicted correctly, and how often it was forgotten."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from mnistviz.engine.mistakes.stories import LEARNING_GROUPS, LearningGroup, LearningMap
from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import FlowLayout, column_of
from mnistviz.gui.common.painted_figure import CENTRE, RIGHT, PaintedFigure, draw_upright, inked
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import letters_on, theme, toned
from mnistviz.gui.common.widgets import push_button, small_font
from mnistviz.gui.mistakes import story_words
from mnistviz.gui.mistakes.confusion_matrix import TONES, level_of
from mnistviz.gui.mistakes.mistake_words import short_counts

ACROSS, DOWN = 10, 8  # at most: each field fits a count of three figures
_TITLED: Final = 7  # lines: a lower map has no axis titles

Field = tuple[int, int]  # column and row of a field of the map


class MapFields(Struct, frozen=True, eq=False):
    """The digits in fields. Columns count the measurements, of `measured`, in which a digit was correct; rows count how
    often it was forgotten, at most `lost` times. `columns` and `rows` have the field of each digit."""

    measured: int
    lost: int
    columns: NDArray[np.intp]
    rows: NDArray[np.intp]

    @property
    def across(self) -> int:
        return min(ACROSS, self.measured + 1)

    @property
    def down(self) -> int:
        return min(DOWN, self.lost + 1)

    @property
    def counts(self) -> NDArray[np.intp]:
        counts = np.zeros((self.down, self.across), dtype=np.intp)
        np.add.at(counts, (self.rows, self.columns), 1)
        return counts

    def told(self, one: Field, other: Field) -> dict[str, object]:
        """Return how often the digits in the fields between two were `right` and `lost`, of how many `measured`."""
        (left, right), (low, high) = (sorted(pair) for pair in zip(one, other, strict=True))
        return {
            "right": _spans(left, right, self.across, self.measured + 1),
            "measured": self.measured,
            "lost": _spans(low, high, self.down, self.lost + 1),
        }

    def inside(self, one: Field, other: Field) -> NDArray[np.bool_]:
        (left, right), (low, high) = (sorted(pair) for pair in zip(one, other, strict=True))
        across: NDArray[np.bool_] = (self.columns >= left) & (self.columns <= right)
        return across & (self.rows >= low) & (self.rows <= high)


def map_fields(right: NDArray[Any], lost: NDArray[Any], measured: int) -> MapFields:
    """Return the fields of digits by how often each was correct and lost; several counts may share a field."""
    most = int(lost.max(initial=0))
    columns = right.astype(np.intp) * min(ACROSS, measured + 1) // (measured + 1)
    return MapFields(measured, most, columns, lost.astype(np.intp) * min(DOWN, most + 1) // (most + 1))


class DigitMap(PaintedFigure):
    """A heat map of digits. A click chooses a field, a drag several; arrow keys move."""

    def __init__(self, choose: Callable[[Field, Field], object]) -> None:
        tip = tr(
            "Each field has the digits that were right in equally many measurements and lost equally often. "
            "Click a field or drag over several; arrow keys move, with Shift they choose several."
        )
        super().__init__("digit_map", tr("Map of all digits"), tip)
        self._hue = theme().muted
        self._choose = choose
        self.fields: MapFields | None = None
        self._corners: tuple[Field, Field] | None = None
        self._extends = False  # whether an arrow key extends the selection

    def show_fields(self, fields: MapFields, hue: str) -> None:
        self.fields, self._hue = fields, hue
        self.update()

    def show_chosen(self, corners: tuple[Field, Field] | None) -> None:
        self._corners = corners
        if corners is not None and self.fields is not None:
            self.setAccessibleDescription(self.told(corners[1]))
        self.update()

    def told(self, field: Field) -> str:
        if (fields := self.fields) is None or field[0] >= fields.across or field[1] >= fields.down:
            return ""
        return tr(
            "{count} digits were right in {right} of {measured} measurements, and lost {lost} times.",
            count=int(fields.counts[field[1], field[0]]),
            **fields.told(field, field),
        )

    def title(self, one: Field, other: Field) -> str:
        if (fields := self.fields) is None:
            return ""
        return tr("Right in {right} of {measured}, lost {lost} times", **fields.told(one, other))

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(12 * line, 4 * line)

    @property
    def area(self) -> QRectF:
        line, metrics = self.fontMetrics().height(), QFontMetricsF(small_font(self), self)
        left = line + max(map(metrics.horizontalAdvance, self._losses), default=line) + 6
        below = (2.1 if self._is_titled else 1.1) * line
        return QRectF(left, 2, self.width() - left - 4, self.height() - below - 2)

    @property
    def _is_titled(self) -> bool:
        return self.height() >= _TITLED * self.fontMetrics().height()

    @property
    def _losses(self) -> list[str]:
        """How often the digits of each row were forgotten, the bottom row first."""
        if (fields := self.fields) is None:
            return []
        return [_span(row, fields.down, fields.lost + 1) for row in range(fields.down)]

    def room(self, field: Field, area: QRectF | None = None) -> QRectF:
        """Return the rectangle of a field in `area`. Row 0, at the bottom, holds digits that were never forgotten."""
        fields, area = self.fields, area or self.area
        assert fields is not None
        across, down = area.width() / fields.across, area.height() / fields.down
        return QRectF(area.left() + field[0] * across, area.bottom() - (field[1] + 1) * down, across, down)

    def field_at(self, at: QPointF) -> Field | None:
        fields, area = self.fields, self.area
        if fields is None:
            return None
        column = int((at.x() - area.left()) * fields.across // area.width())
        row = int((area.bottom() - at.y()) * fields.down // area.height())
        return min(max(column, 0), fields.across - 1), min(max(row, 0), fields.down - 1)

    def press(self, at: QPointF) -> None:
        if (field := self.field_at(at)) is not None:
            self._choose(field, field)

    def drag(self, at: QPointF) -> None:
        field = self.field_at(at)
        if field is not None and self._corners is not None and field != self._corners[1]:
            self._choose(self._corners[0], field)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().keyPressEvent(event)

    def arrow(self, right: int, down: int) -> bool:
        if (fields := self.fields) is None:
            return False
        begin, end = self._corners or ((0, 0), (0, 0))
        if self._corners is not None:
            end = min(max(end[0] + right, 0), fields.across - 1), min(max(end[1] - down, 0), fields.down - 1)
        self._choose(begin if self._extends else end, end)
        return True

    def tooltip_at(self, at: QPointF) -> str:
        field = self.field_at(at)
        return "" if field is None else self.told(field)

    def paint(self, painter: QPainter) -> None:
        if (fields := self.fields) is None:
            return
        counts, area = fields.counts, self.area
        painter.setFont(small_font(self))
        advance, line = painter.fontMetrics().horizontalAdvance, painter.fontMetrics().height()
        most = max(1.0, float(np.log1p(counts.max())))
        for row in range(fields.down):
            for column in range(fields.across):
                room, count = self.room((column, row), area).adjusted(1, 1, -1, -1), int(counts[row, column])
                level = level_of(round(1_000 * float(np.log1p(count)) / most), 1_000)
                ground = toned(theme(), self._hue, TONES[level - 1] - 1) if level else theme().field
                inked(painter, fill=ground).drawRoundedRect(room, 2, 2)
                fitting = (each for each in short_counts(count) if advance(each) <= room.width())
                if (text := next(fitting, "")) and line * 0.85 <= room.height():
                    self.write(painter, room, CENTRE, text, letters_on(theme(), ground), cut=False)
        self._paint_axes(painter, fields)
        if self._corners is not None:
            self.frame(painter, self.room(self._corners[0]).united(self.room(self._corners[1])), 3, 2)

    def _paint_axes(self, painter: QPainter, fields: MapFields) -> None:
        area, line = self.area, painter.fontMetrics().height()
        painter.setPen(QColor(theme().muted))
        for row, text in enumerate(self._losses):
            room = self.room((0, row), area)
            if room.height() >= 0.85 * line or row in (0, fields.down - 1):
                top = min(max(room.center().y() - line / 2, 0.0), area.bottom() - line + 2)
                draw_text(painter, QRectF(line, top, area.left() - line - 4, line), RIGHT, text)
        name = tr("measurements in which it was right") if self._is_titled else tr("times right")
        free, wide = -1.0, painter.fontMetrics().horizontalAdvance(name) + 2
        title = QRectF(
            area.center().x() - wide / 2, area.bottom() + (line if self._is_titled else 1), wide, line
        )
        draw_text(painter, title, CENTRE, name)
        for column in range(fields.across):
            room, text = self.room((column, 0), area), _span(column, fields.across, fields.measured + 1)
            wide = painter.fontMetrics().horizontalAdvance(text) + 2
            left = min(room.center().x() - wide / 2, self.width() - wide)
            tick = QRectF(left, area.bottom() + 1, wide, line)
            if left > free and not title.intersects(tick.adjusted(-4, 0, 4, -2)):
                draw_text(painter, tick, CENTRE, text)
                free = left + wide + 4
        if painter.fontMetrics().horizontalAdvance(tr("times lost")) <= area.height():
            draw_upright(painter, QPointF(line / 2, area.center().y()), area.height(), tr("times lost"))


def _span(field: int, fields: int, values: int) -> str:
    return _spans(field, field, fields, values)


def _spans(begin: int, end: int, fields: int, values: int) -> str:
    first, last = -(-begin * values // fields), -(-(end + 1) * values // fields) - 1
    return numbers.whole(first) if first >= last else f"{numbers.whole(first)}–{numbers.whole(last)}"


class MapCard(QWidget):
    def __init__(
        self, choose: Callable[[Field, Field], object], choose_group: Callable[[LearningGroup], object]
    ) -> None:
        super().__init__()
        self.setObjectName("map_card")
        self.map = DigitMap(choose)
        self._buttons: dict[LearningGroup, QPushButton] = {}
        self._group = QButtonGroup(self, exclusive=False)
        buttons = QWidget()
        flow = FlowLayout(buttons, 4)
        for group in LEARNING_GROUPS:
            name, tip = story_words.group_words(group)
            button = push_button("option", f"map_group_{group}", tip=tip, accessible=name, checkable=True)
            self._buttons[group] = button
            button.clicked.connect(lambda _on, group=group: choose_group(group))
            self._group.addButton(button)
            flow.addWidget(button)
        column_of((self.map, 1), buttons, spacing=4, inside=self)

    def show_map(self, learning: LearningMap, hue: str) -> None:
        right = (learning.shares * learning.measurements).round()
        self.map.show_fields(map_fields(right, learning.lost, learning.measurements), hue)
        for group, count in learning.counts.items():
            name, _ = story_words.group_words(group)
            self._buttons[group].setText(tr("{name} {count}", name=name, count=count))

    def show_group(self, chosen: str) -> None:
        for group, button in self._buttons.items():
            button.setChecked(group == chosen)
