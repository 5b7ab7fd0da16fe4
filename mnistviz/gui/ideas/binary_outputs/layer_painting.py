"""Paints the fourth layer: the digit, the outputs, the grid of weights, the bits, and what they say."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontInfo, QPainter, QPen
from PySide6.QtWidgets import QWidget

from mnistviz.engine.digits import SIDE
from mnistviz.gui.common import numbers
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.binary_outputs.content import Content, Sample
from mnistviz.gui.ideas.binary_outputs.layer_places import LayerPlaces

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE: Final = Qt.AlignmentFlag.AlignCenter
SMALLEST: Final = 12
"""No text is smaller, in pixels."""
_ELIDED: Final = Qt.TextElideMode.ElideRight


class LayerPainting:
    """One painting of the figure on `view`."""

    def __init__(
        self,
        view: QWidget,
        content: Content,
        places: LayerPlaces,
        theme: Theme,
        current: tuple[int, int] | None,
    ) -> None:
        """`current` is the row and bit that the keys are at, if they are."""
        self._content, self._places, self._theme, self._current = content, places, theme, current
        self._painter = QPainter(view)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._plain, self._bold = view.font(), view.font()
        size = min(QFontInfo(view.font()).pixelSize(), max(SMALLEST, round(0.82 * self._places.row_height)))
        for font in (self._plain, self._bold):
            font.setPixelSize(size)
        self._bold.setBold(True)

    def paint(self) -> None:
        content = self._content
        self._picture()
        self._heads()
        for row in range(content.layer.classes):
            self._output(row)
            self._sample(row)
        bits = content.layer.weights.shape[1]
        for row in range(content.layer.classes + 1):
            for bit in range(bits):
                self._weight(row, bit)
        self._bits()
        self._painter.end()

    def _text(
        self, room: QRectF, flags: Qt.AlignmentFlag, text: str, colour: str, *, bold: bool = False
    ) -> None:
        painter = self._painter
        painter.setFont(self._bold if bold else self._plain)
        painter.setPen(QColor(colour))
        draw_text(painter, room, flags, text, elide=_ELIDED)

    def _picture(self) -> None:
        content, theme, painter = self._content, self._theme, self._painter
        frame = self._places.picture
        if content.shown is not None:
            painter.drawImage(frame, digit_image(content.shown.pixels.reshape(SIDE, SIDE), theme))
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame)
        room = self._places.below_picture()
        painter.setPen(QColor(theme.muted))
        painter.setFont(self._plain)
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        draw_text(painter, room, flags, content.caption)

    def _heads(self) -> None:
        content, places, muted = self._content, self._places, self._theme.muted
        bits = content.layer.weights.shape[1]
        for bit in range(bits):
            self._text(places.head(bit), _CENTRE, numbers.whole(2 ** (bits - 1 - bit)), muted, bold=True)
        bar = places.bar(0)
        left = places.names(0).left()
        room = QRectF(left, 0, bar.right() - left, places.row_height)
        self._text(room, _LEFT, QCoreApplication.translate("LayerPainting", "outputs"), muted)
        sample = places.sample(0)
        room = QRectF(sample.left(), 0, places.width - sample.left(), places.row_height)
        self._text(room, _LEFT, QCoreApplication.translate("LayerPainting", "bits say"), muted)

    def _output(self, row: int) -> None:
        content, places, theme, painter = self._content, self._places, self._theme, self._painter
        self._text(places.names(row), _RIGHT, content.name(row), theme.text)
        track = places.bar(row)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(track, 3, 3)
        if content.shown is not None:
            filled = QRectF(track)
            filled.setWidth(track.width() * max(0.0, min(1.0, float(content.shown.activations[row]))))
            painter.setBrush(QColor(theme.answer))
            painter.drawRoundedRect(filled, 3, 3)

    def _weight(self, row: int, bit: int) -> None:
        content, theme, painter = self._content, self._theme, self._painter
        sign = content.sign(row, bit)
        bias = row == content.layer.classes
        cell = self._places.cell(row, bit).adjusted(1.5, 1.5, -1.5, -1.5)
        if bias:
            cell.adjust(0, 2, 0, 0)
        painter.setBrush(QColor({1: theme.yes, 0: theme.field, -1: theme.no}[sign]))
        painter.setPen(QPen(QColor(theme.line if sign == 0 else theme.card), 1))
        painter.drawRoundedRect(cell, 4, 4)
        colour = theme.muted if sign == 0 else theme.card
        self._text(cell, _CENTRE, {1: "+", 0: "0", -1: "−"}[sign], colour, bold=sign != 0)
        if self._current == (row, bit):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 2.4))
            painter.drawRoundedRect(cell.adjusted(-1, -1, 1, 1), 5, 5)
        if bias and bit == 0:
            label = QRectF(self._places.names(row).left(), cell.top(), 0, cell.height())
            label.setRight(cell.left() - 0.7 * self._places.line)
            self._text(label, _RIGHT, QCoreApplication.translate("LayerPainting", "biases"), theme.muted)

    def _bits(self) -> None:
        """What the bits answer to the digit that is shown, and the number that they make."""
        content, places, theme, painter = self._content, self._places, self._theme, self._painter
        shown, row = content.shown, content.layer.classes + 1
        first = places.cell(row, 0)
        label = QRectF(places.names(row).left(), first.top(), 0, first.height())
        label.setRight(first.left() - 0.7 * places.line)
        self._text(label, _RIGHT, QCoreApplication.translate("LayerPainting", "bits"), theme.muted)
        if shown is None:
            return
        fired = content.layer.fired(shown.activations[np.newaxis])[0]
        for bit, fires in enumerate(fired):
            cell = places.cell(row, bit)
            radius = min(cell.height() / 2 - 2, 13.0)
            painter.setPen(QPen(QColor(theme.yes if fires else theme.line), 1.8))
            painter.setBrush(QColor(theme.yes if fires else theme.card))
            painter.drawEllipse(QPointF(cell.center().x(), cell.center().y() + 1), radius, radius)
            colour = theme.card if fires else theme.text
            self._text(cell.adjusted(0, 2, 0, 0), _CENTRE, numbers.whole(int(fires)), colour, bold=True)
        room = places.read(row)
        room.setLeft(places.sample(row).left() - 2)
        self._verdict(room, shown)

    def _sample(self, row: int) -> None:
        content, places, painter = self._content, self._places, self._painter
        sample = content.samples[row] if row < len(content.samples) else None
        if sample is None:
            return
        frame = places.sample(row)
        painter.drawImage(frame, digit_image(sample.pixels.reshape(SIDE, SIDE), self._theme))
        chosen = content.shown is sample
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.accent if chosen else self._theme.border), 2 if chosen else 1))
        painter.drawRect(frame)
        self._verdict(places.read(row), sample, quiet=True)

    def _verdict(self, room: QRectF, sample: Sample, *, quiet: bool = False) -> None:
        """The number that the bits say, and whether it is right, by a sign and a colour."""
        content, theme = self._content, self._theme
        said = content.reads(sample)
        text = content.name(said)
        colour = theme.text
        if sample.label is not None:
            right = said == sample.label
            text = f"✓ {text}" if right else f"✗ {text}"  # the sign first: a long name is shortened
            colour = theme.right if right else theme.wrong
        self._text(
            room,
            _LEFT,
            text if quiet else QCoreApplication.translate("LayerPainting", "= {number}").format(number=text),
            colour,
            bold=True,
        )
