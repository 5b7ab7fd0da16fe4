"""A layer in the picture of the network: the frames of its units, what each answers and what it says, as Qt's items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QGraphicsSimpleTextItem

from mnistviz.gui.common.painted_text import note_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.network.bars import AnswerScale, BarItem, answer_bars, said_bars
from mnistviz.gui.network.unit_slots import UnitSlots

Array = NDArray[Any]
_ROUND: Final = 4  # pixels, of corners


class LayerStage:
    """A folded layer. With no slots it is a bar that stands for all of its units."""

    def __init__(self, scene: QGraphicsScene, layer: int, theme: Theme) -> None:
        self.layer = layer
        self.slots: UnitSlots | None = None
        self.bounds = QRect()
        self._scene = scene
        self._answers, self._said_for, self._said_against = bars = BarItem(4), BarItem(5), BarItem(6)
        self.answers, self.said_for, self.said_against = items = [each.item for each in bars]
        self.measure = QGraphicsSimpleTextItem()
        self.measure.setZValue(4)
        scene.addItem(self.measure)
        for item in items:
            scene.addItem(item)
        self._units: slice | NDArray[np.intp] = slice(0)
        self._answer_rooms = self._said_rooms = np.empty((0, 4))
        self.set_theme(theme)

    def items(self) -> list[QGraphicsItem]:
        """All that it has in the scene."""
        return [self.answers, self.said_for, self.said_against, self.measure]

    def leave(self) -> None:
        """Takes its items from the scene."""
        for item in self.items():
            self._scene.removeItem(item)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for item, colour in (
            (self.answers, theme.answer),
            (self.said_for, theme.yes),
            (self.said_against, theme.no),
        ):
            item.setBrush(QColor(colour))
        self.measure.setBrush(QColor(theme.muted))

    def show_measure(self, texts: Sequence[str], room: QRect, font: QFont) -> None:
        """A line below the layer, in the middle of the `room`: the longest of the `texts` that fits."""
        metrics = QFontMetricsF(font)
        text = next((each for each in texts if metrics.horizontalAdvance(each) <= room.width()), "")
        width = metrics.horizontalAdvance(text)
        place = QRectF(
            room.center().x() - width / 2, room.bottom() + 1 - metrics.height(), width, metrics.height()
        )
        self.measure.setFont(font)
        self.measure.setText(text)
        self.measure.setPos(place.topLeft())
        note_text(text, place, metrics, "measure")

    def place(self, slots: UnitSlots | None, room: QRect) -> None:
        """Puts the units into their slots; without any it is a bar as high as the `room`."""
        self.slots = slots
        self.bounds = room if slots is None else slots.bounds
        answers = [] if slots is None else self._rooms(slots, slots.answer)
        said = [] if slots is None or slots.said is None else self._rooms(slots, slots.said)
        self._answer_rooms, self._said_rooms = (
            np.array(each, float).reshape(-1, 4) for each in (answers, said)
        )
        self._units = _part(() if slots is None else slots.units)
        self.show_answers(None, AnswerScale(0, 1))
        self.show_said(None, 1)

    def show_answers(self, answers: Array | None, scale: AnswerScale) -> None:
        """The bars of what the units answer, (n,) for the whole layer, or none."""
        if answers is None or not len(self._answer_rooms):
            self._answers.show()
        else:
            self._answers.show(answer_bars(answers[self._units], self._answer_rooms, scale).tolist())

    def show_said(self, said: Array | None, full: float) -> None:
        """The bars of what the units say for an output, (n,) for the whole layer; `full` > 0 fills half a bar."""
        if said is None or not len(self._said_rooms):
            self._said_for.show()
            self._said_against.show()
        else:
            for_it, against = said_bars(said[self._units], self._said_rooms, full)
            self._said_for.show(for_it.tolist())
            self._said_against.show(against.tolist())

    def paint_tracks(self, painter: QPainter) -> None:
        """Paints what the bars lie in."""
        for x, y, width, height in (*self._answer_rooms.tolist(), *self._said_rooms.tolist()):
            painter.fillRect(QRectF(x, y, width, height), QColor(self._theme.grid))

    @staticmethod
    def _rooms(slots: UnitSlots, bar: QRect) -> list[tuple[int, int, int, int]]:
        frames = (slots.place(slot) for slot in range(len(slots.units)))
        return [(frame.x() + bar.x(), frame.y() + bar.y(), bar.width(), bar.height()) for frame in frames]

    def unit_at(self, point: Any) -> int | None:
        """The unit whose frame is at a point of the scene."""
        return None if self.slots is None else self.slots.at(point)

    def frame_of(self, unit: int) -> QRect | None:
        """The frame of a unit; None if it is not in view."""
        return None if self.slots is None else self.slots.frame_of(unit)

    def way_in(self, unit: int) -> QPointF:
        """Where a line to a unit ends; at the foot of the layer for one that is not in view."""
        frame = self.frame_of(unit)
        if frame is not None:
            return QPointF(frame.left(), frame.center().y() + 0.5)
        return QPointF(self.bounds.left(), self.bounds.bottom())

    def way_out(self, unit: int) -> list[QPointF]:
        """The way from a unit out of its layer: below the frames at its right, to where lines from it begin."""
        frame, right = self.frame_of(unit), self.bounds.right() + 7.0
        if frame is None or self.slots is None:
            return [QPointF(right, self.bounds.bottom())]
        if (
            self.slots.units.index(unit) % self.slots.columns
            == min(self.slots.columns, len(self.slots.units)) - 1
        ):
            middle = frame.center().y() + 0.5
            return [QPointF(frame.right() + 1, middle), QPointF(right, middle)]
        gap = self.slots.pitch.height() - self.slots.frame.height() - self.slots.caption
        below = frame.bottom() + 1 + self.slots.caption + gap / 2
        x = frame.right() - 8
        return [QPointF(x, frame.bottom() + 1), QPointF(x, below), QPointF(right, below)]

    def paint(self, painter: QPainter) -> None:
        """Paints what stays: the frames."""
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.slots is None:
            painter.setBrush(QColor(self._theme.track))
            painter.drawRoundedRect(QRectF(self.bounds).adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
            return
        for slot in range(len(self.slots.units)):
            painter.drawRoundedRect(self._outline(slot), _ROUND, _ROUND)

    def _outline(self, slot: int) -> QRectF:
        """A cell's frame goes around its answer only: what it says is below."""
        assert self.slots is not None
        frame = self.slots.place(slot)
        if self.slots.picture is None and self.slots.said is not None:
            frame.setHeight(self.slots.answer.bottom() + 2)
        return QRectF(frame).adjusted(0.5, 0.5, -0.5, -0.5)


def _part(units: Sequence[int]) -> slice | NDArray[np.intp]:
    """What takes these units, in ascending order, out of an array for all of the layer: a slice if it can be one, which
    copies nothing."""
    if not len(units) or units[-1] - units[0] == len(units) - 1:
        return slice(units[0], units[-1] + 1) if units else slice(0)
    return np.array(units, np.intp)
