"""The film of a run: the weights of the first layer at each stored checkpoint, above the accuracy."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF

from mnistviz.engine.trainer import TrainerState
from mnistviz.engine.workspace import weights_and_biases
from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme, toned
from mnistviz.gui.common.unit_names import cells
from mnistviz.gui.common.widgets import tabular
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.network.weight_colours import Tiles, colour_table, fitted_limit

if TYPE_CHECKING:
    from PIL.Image import Image

FRAMES: Final = 200
SECONDS: Final = 10.0
LAST: Final = 1.5  # seconds more for the last frame
MOST_UNITS: Final = 300
KINDS: Final = {".webp": "WEBP", ".png": "PNG", ".gif": "GIF"}  # pillow's name of each format, by suffix

_WIDTH: Final = 640  # pixels
_HIGH: Final = 450  # pixels: the most for the pictures of all units together
_MARGIN: Final = 20
_HEAD: Final = 40
_PLOT: Final = 110
_NAME: Final = 110  # pixels at the right of the plot, for the number
_GAP: Final = 4
_TONES: Final = 40  # shades of text and lines, each from the background to its colour

Told = Callable[[float], object]


@dataclass(frozen=True, eq=False)
class Film:
    """The content of a film: checkpoints in order, the accuracy curve as `shares` over `seen` digits, and as `words`
    the title, the place with {step} and {epoch}, and the name of the curve."""

    states: tuple[TrainerState, ...]
    epoch: int
    seen: NDArray[np.float64]
    shares: NDArray[np.float64]
    words: tuple[str, str, str]
    hue: str
    theme: Theme
    font: QFont
    learned: bool = False  # whether it shows the weights' difference to the initial ones

    @property
    def seconds(self) -> float:
        return SECONDS / len(self.states)

    def digits(self, frame: int) -> int:
        return self.states[frame].cursor.digits(self.epoch)


def film_of(
    run: RunFacts, words: tuple[str, str, str], theme: Theme, font: QFont, *, learned: bool
) -> Film | None:
    """Return the film of a run from at most `FRAMES` of its checkpoints, spread evenly, or None if there are fewer than
    two."""
    record = run.record
    if record is None or not record.snapshots:
        return None
    states = {state.step: state for state in (record.start, *record.snapshots)}
    steps = np.array(sorted(states))
    wanted = np.linspace(steps[0], steps[-1], FRAMES)
    nearest = np.unique(np.abs(steps[np.newaxis] - wanted[:, np.newaxis]).argmin(axis=1))
    columns = run.history.shares("test")[0]
    return Film(
        tuple(states[int(steps[at])] for at in nearest),
        run.epoch,
        columns.positions("digits"),
        columns.means(),
        words,
        theme.run_colour(run.hue),
        theme,
        font,
        learned,
    )


class Projector:
    def __init__(self, film: Film) -> None:
        self._film = film
        sizes = film.states[0].settings.sizes
        self._sizes = sizes
        self._count = min(sizes[1], MOST_UNITS)
        last = self._weights(len(film.states) - 1)
        self._initial = self._weights(0) if film.learned else None
        self._limit = fitted_limit(1.0, last, self._initial)
        self._table = colour_table(film.theme)
        zoom, columns = _tiling(self._count, sizes[0])
        self._tiles = Tiles(sizes[0], self._count, zoom, columns, (_GAP, _GAP))
        rows, across = -(-self._count // columns), min(columns, self._count)
        pitch = self._tiles.pitch
        self._frames = [
            QRectF(
                unit % columns * pitch.width() - 0.5,
                unit // columns * pitch.height() - 0.5,
                pitch.width() - _GAP + 1,
                pitch.height() - _GAP + 1,
            )
            for unit in range(self._count)
        ]
        self._units = QSize(across * pitch.width() - _GAP, rows * pitch.height() - _GAP)
        self.size = QSize(_WIDTH, _HEAD + self._units.height() + _PLOT + 3 * _MARGIN)

    def frame(self, number: int) -> QImage:
        """Paint one frame, without widgets, so that a job can call it."""
        image = QImage(self.size, QImage.Format.Format_RGB32)
        image.fill(QColor(self._film.theme.card))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_head(painter, number)
        tiles = self._tiles.colour(self._weights(number), self._limit, self._table, self._initial)
        corner = QPointF((_WIDTH - self._units.width()) // 2, _HEAD + _MARGIN // 2)
        painter.drawImage(corner, tiles)
        painter.setPen(QColor(self._film.theme.tile))
        painter.drawRects([frame.translated(corner) for frame in self._frames])
        top = _HEAD + self._units.height() + 3 * _MARGIN // 2
        self._paint_plot(painter, QRectF(_MARGIN, top, _WIDTH - 2 * _MARGIN - _NAME, _PLOT), number)
        painter.end()
        return image

    def _weights(self, number: int) -> NDArray[Any]:
        weights, _ = weights_and_biases(self._film.states[number].parameters, self._sizes)
        return weights[0][: self._count]

    def _paint_head(self, painter: QPainter, number: int) -> None:
        film, state = self._film, self._film.states[number]
        title, place, _ = film.words
        room = QRectF(_MARGIN, 8, _WIDTH - 2 * _MARGIN, _HEAD - 8)
        epoch = numbers.epochs(film.digits(number) / film.epoch if film.epoch else 0.0)
        text = place.format(step=numbers.whole(state.step), epoch=epoch)
        painter.setFont(_font(film.font, 14, bold=False))
        painter.setPen(QColor(film.theme.muted))
        width = painter.fontMetrics().horizontalAdvance(text) + 16
        draw_text(
            painter, room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text, whose="film"
        )
        painter.setFont(_font(film.font, 15, bold=True))
        painter.setPen(QColor(film.theme.text))
        draw_text(
            painter,
            room.adjusted(0, 0, -width, 0),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            title,
            elide=Qt.TextElideMode.ElideRight,
            whose="film",
        )

    def _paint_plot(self, painter: QPainter, room: QRectF, number: int) -> None:
        """Paint the accuracy curve, pale after the current frame, which a dot marks."""
        film, theme = self._film, self._film.theme
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        now, end = film.digits(number), max(1, film.digits(len(film.states) - 1))
        good = np.isfinite(film.shares)
        seen, shares = film.seen[good], film.shares[good]
        until = seen <= end
        seen, shares = seen[until], shares[until]
        if not len(seen):
            return
        low, high = float(shares.min()), float(shares.max())
        low, high = (low, high) if high > low else (low - 0.01, high + 0.01)

        def place(digits: float, share: float) -> QPointF:
            x = room.left() + room.width() * digits / end
            return QPointF(x, room.bottom() - 6 - (room.height() - 12) * (share - low) / (high - low))

        share = float(np.interp(now, seen, shares))
        done = seen <= now
        points = [place(*each) for each in zip(seen.tolist(), shares.tolist(), strict=True)]
        before = [*points[: int(done.sum())], place(now, share)]
        painter.setPen(QPen(QColor(toned(theme, film.hue, -0.6)), 2))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(QPen(QColor(film.hue), 2.5))
        painter.drawPolyline(QPolygonF(before if now >= seen[0] else []))
        if now >= seen[0]:
            painter.setBrush(QColor(film.hue))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(before[-1], 5, 5)
        self._paint_share(
            painter, QRectF(room.right() + 12, room.top(), _NAME - 12, room.height()), now, seen, shares
        )

    def _paint_share(
        self,
        painter: QPainter,
        room: QRectF,
        now: int,
        seen: NDArray[np.float64],
        shares: NDArray[np.float64],
    ) -> None:
        film = self._film
        at = int(np.searchsorted(seen, now, side="right")) - 1
        painter.setPen(QColor(film.theme.muted))
        painter.setFont(_font(film.font, 13, bold=False))
        line = painter.fontMetrics().height()
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        upper = QRectF(room.left(), room.center().y() - line - 4, room.width(), line + 4)
        draw_text(painter, upper, flags, film.words[2], elide=Qt.TextElideMode.ElideRight, whose="film")
        painter.setPen(QColor(film.theme.text))
        painter.setFont(_font(film.font, 18, bold=True))
        lower = QRectF(room.left(), room.center().y(), room.width(), 28)
        draw_text(painter, lower, flags, numbers.percent(float(shares[at])) if at >= 0 else "–", whose="film")


def developed(film: Film, suffix: str, tell: Told) -> bytes:
    """Return the film as a file. `tell` gets the share that is done and may raise to cancel."""
    from PIL import Image as images  # slow to import, and rarely needed

    projector = Projector(film)
    count = len(film.states)
    width, height = projector.size.width(), projector.size.height()
    shades = _palette(film)
    colours = images.new("P", (1, 1))
    colours.putpalette(shades)

    def frames() -> Iterator[Image]:
        for number in range(count):
            tell(0.9 * number / count)
            picture = projector.frame(number)
            content = bytes(picture.constBits())
            whole = images.frombuffer(
                "RGB", (width, height), content, "raw", "BGRX", picture.bytesPerLine(), 1
            )
            yield whole.quantize(palette=colours, dither=images.Dither.NONE)

    first, *shot = frames()  # indexed colours save memory: Pillow iterates twice
    milliseconds = [round(1000 * film.seconds / 10) * 10] * (count - 1) + [
        round(1000 * (film.seconds + LAST))
    ]
    content = io.BytesIO()
    options: dict[str, Any] = {"lossless": True, "method": 0, "quality": 20} if suffix == ".webp" else {}
    first.save(
        content, KINDS[suffix], save_all=True, append_images=shot, duration=milliseconds, loop=0, **options
    )
    tell(1.0)
    return content.getvalue()


def _palette(film: Film) -> list[int]:
    """Return 256 colours as red, green and blue: those of weights, and shades of text and lines."""
    weights = colour_table(film.theme)[2::2]
    shades = [np.stack([weights >> 16 & 255, weights >> 8 & 255, weights & 255], axis=1).astype(float)]
    ground = _rgb(film.theme.card)
    for name in (film.theme.text, film.hue, film.theme.muted):
        shades.append(ground + (_rgb(name) - ground) * np.linspace(0, 1, _TONES)[:, np.newaxis])
    palette: list[int] = np.rint(np.concatenate(shades)[:256]).astype(int).ravel().tolist()
    return palette


def _rgb(name: str) -> NDArray[np.float64]:
    colour = QColor(name)
    return np.array([colour.red(), colour.green(), colour.blue()], dtype=float)


def _tiling(count: int, inputs: int) -> tuple[int, int]:
    """Return the largest zoom at which all pictures fit, and their number per row."""
    high, wide = cells(inputs)
    for zoom in (4, 3, 2, 1):
        columns = max(1, (_WIDTH - 2 * _MARGIN + _GAP) // (wide * zoom + _GAP))
        lines = -(-count // columns)
        if lines * (high * zoom + _GAP) <= _HIGH:
            return zoom, -(-count // lines)
    return 1, columns


def _font(font: QFont, pixels: int, *, bold: bool) -> QFont:
    sized = tabular(font)
    sized.setPixelSize(pixels)
    sized.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return sized
