"""The film of a run: a digit, the units, the verdict and the accuracy, from the first mini-batch to now."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPolygonF

from mnistviz.engine.digits import grey_values
from mnistviz.engine.functions import quietly
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import Record
from mnistviz.engine.replay import Replay
from mnistviz.engine.trainer import TrainerState
from mnistviz.engine.trials import RecordedRun
from mnistviz.gui.common import numbers
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.painted_figure import LEFT, RIGHT, inked
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme, toned
from mnistviz.gui.common.unit_names import cells
from mnistviz.gui.common.weight_images import Tiles, colour_table
from mnistviz.gui.network.card_words import class_names, no_verdict, verdict
from mnistviz.gui.network.flow import Flow, activation_scale, arrow, flow, upright_bars
from mnistviz.gui.network.output_stage import paint_ring, paint_verdict
from mnistviz.gui.network.weight_colours import fitted_limit

if TYPE_CHECKING:
    from PIL.Image import Image

FRAMES: Final = 75
SECONDS: Final = 6.0
LAST: Final = 1.0  # seconds of them for the last frame
REPLAYED: Final = 2_000  # mini-batches
MOST_UNITS: Final = 300
KINDS: Final = {".webp": "WEBP", ".gif": "GIF"}  # pillow's name of each format, by suffix
SIZE: Final = QSize(1200, 675)

_DIGIT: Final = QRectF(34, 82, 302, 302)
_UNITS: Final = QRectF(386, 76, 440, 316)  # with the bars of the activations at the left of each
_VERDICT: Final = QRectF(892, 70, 280, 72)
_ROWS: Final = QRectF(892, 150, 280, 242)
_PLOT: Final = QRectF(76, 432, 966, 166)
_FOOT: Final = QRectF(28, 634, 1144, 24)
_GAP: Final = (12, 8)  # pixels between the pictures of two units
_BAR: Final = 6  # pixels, the width of the bar of an activation
_TONES: Final = {"text": 60, "muted": 24, "hue": 24, "accent": 24, "right": 16, "wrong": 16}
"""How many shades there are from the background to each colour."""

_ELIDE: Final = Qt.TextElideMode.ElideRight

Told = Callable[[float], object]


class Film(Struct, frozen=True, eq=False):
    """The content of a film: the run, with so many digits an `epoch`, a digit, uint8 (28, 28), and its `label`, if that
    is known, and as `words` title, place with {step} and {epoch}, name of the curve and foot."""

    run: RecordedRun
    epoch: int
    picture: NDArray[np.uint8]
    label: int | None
    words: tuple[str, str, str, str]
    hue: str
    theme: Theme
    font: QFont
    learned: bool = False  # whether it shows the weights' difference to the initial ones


def film_steps(record: Record) -> list[int]:
    """Return the step of each of the `FRAMES`: closer together at the beginning, where most is learned. Beyond the
    first `REPLAYED` only stored steps and the last one are used, since others take long to replay."""
    stored = sorted({record.start.step, *(state.step for state in record.snapshots), record.step})
    first = stored[0]
    replayed = range(first, min(first + REPLAYED, record.step)) if first == record.start.step else ()
    usable = np.array(sorted({*stored, *replayed}))
    wanted = first + (record.step - first) * np.linspace(0, 1, FRAMES) ** 2
    nearest = np.abs(usable[np.newaxis] - wanted[:, np.newaxis]).argmin(axis=1)
    return [int(step) for step in usable[nearest]]


def film_states(run: RecordedRun, steps: list[int], tell: Told) -> dict[int, TrainerState]:
    """Return the states of these steps, replayed where they are not stored. `tell` is called often and may raise."""
    record, wanted = run.record, set(steps)
    known = {state.step: state for state in (record.start, *record.snapshots)}
    for step in sorted(wanted, reverse=True):
        if step not in known:
            replay = Replay(record, run.trainer(), step, wanted=wanted)
            while not replay.advance():
                tell(0.0)
            known |= {step: replay.trainer.state(), **replay.found}
    return {step: known[step] for step in steps}


class Projector:
    """Paints the frames of a film."""

    def __init__(self, film: Film, states: dict[int, TrainerState], tell: Told) -> None:
        """Evaluate the networks of the frames, by their steps. `tell` gets the share that is done and may raise."""
        self._film, self._states = film, states
        self._steps, test = list(states), film.run.digits.test
        self._seen = [state.cursor.digits(film.epoch) for state in states.values()]
        self._shares: list[float] = []
        for number, step in enumerate(self._steps):
            tell(number / len(self._steps))
            self._shares.append(self._network(step).evaluate(test) / len(test))
        sizes = film.run.start.sizes
        self._names = class_names(film.run.digits.classes, sizes[-1])
        self._count = min(sizes[1], MOST_UNITS)
        inputs = grey_values(film.picture.reshape(1, -1))
        self._flows = [flow(self._network(step), inputs, None) for step in self._steps]
        fulls = [float(each.activations[1].max()) for each in self._flows if each is not None]
        self._scale = activation_scale(film.run.start.functions[0], max(fulls, default=1.0))
        self._initial = film.run.start.weights[0][: self._count] if film.learned else None
        last = self._network(self._steps[-1]).weights[0][: self._count]
        self._limit = fitted_limit(1.0, last, self._initial)
        self._table = colour_table(film.theme)
        zoom, columns = _tiling(self._count, sizes[0])
        self._tiles = Tiles(sizes[0], self._count, zoom, columns, _GAP)
        pitch, rows = self._tiles.pitch, -(-self._count // columns)
        places = np.arange(self._count)
        size = pitch.width() - _GAP[0], pitch.height() - _GAP[1]
        self._rooms = np.full((self._count, 4), (0, 0, *size), float)
        self._rooms[:, 0] = places % columns * pitch.width()
        self._rooms[:, 1] = places // columns * pitch.height()
        wide, high = columns * pitch.width() - _GAP[0], rows * pitch.height() - _GAP[1]
        self._shrunk = min(1.0, _UNITS.width() / wide, _UNITS.height() / high)
        self._corner = _UNITS.center() - QPointF(wide, high) * self._shrunk / 2

    def frame(self, number: int) -> QImage:
        """Paint one frame, without widgets, so that a job can call it."""
        film, theme, step = self._film, self._film.theme, self._steps[number]
        image = QImage(SIZE, QImage.Format.Format_RGB32)
        image.fill(QColor(theme.card))
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_words(painter, step, self._seen[number])
            painter.drawImage(_DIGIT, digit_image(film.picture, theme))
            inked(painter, theme.edge).drawRoundedRect(_DIGIT.adjusted(-6, -6, 6, 6), 10, 10)
            self._paint_units(painter, self._network(step), self._flows[number])
            self._paint_outputs(painter, self._flows[number], step)
            self._paint_plot(painter, number)
        return image

    def _network(self, step: int) -> Network:
        network = self._film.run.start.copy()
        network.parameters[...] = self._states[step].parameters
        return network

    def _paint_words(self, painter: QPainter, step: int, seen: int) -> None:
        film, theme = self._film, self._film.theme
        title, place, _, line = film.words
        epoch = numbers.epochs(seen / film.epoch)
        head = QRectF(28, 22, 1144, 32)
        painter.setFont(_font(film.font, 17, bold=False))
        text = place.format(step=numbers.whole(step), epoch=epoch)
        draw_text(painter, head, RIGHT, text, ink=theme.muted, whose="film")
        head.setRight(head.right() - painter.fontMetrics().horizontalAdvance(text) - 16)
        painter.setFont(_font(film.font, 14, bold=False))
        draw_text(painter, _FOOT, LEFT, line, elide=Qt.TextElideMode.ElideMiddle, whose="film")
        painter.setFont(_font(film.font, 20, bold=True))
        draw_text(painter, head, LEFT, title, ink=theme.text, elide=_ELIDE, whose="film")

    def _paint_units(self, painter: QPainter, network: Network, flowing: Flow | None) -> None:
        theme = self._film.theme
        start, middle = _DIGIT.right() + 14, _UNITS.center().y()
        _paint_arrow(painter, theme, QPointF(start, middle), QPointF(_UNITS.left() - 4, middle))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(self._corner)
        painter.scale(self._shrunk, self._shrunk)
        weights = network.weights[0][: self._count]
        painter.drawImage(0, 0, self._tiles.colour(weights, self._limit, self._table, self._initial))
        bars = self._rooms - (_BAR + 1, 0, 0, 0)
        bars[:, 2] = _BAR
        frames = [QRectF(*room).adjusted(-_BAR - 1.5, -0.5, 0.5, 0.5) for room in self._rooms.tolist()]
        inked(painter, theme.tile).drawRects(frames)
        if flowing is not None:
            bars = upright_bars(flowing.activations[1][: self._count], bars, self._scale)
            for bar in bars.tolist():
                painter.fillRect(QRectF(*bar), QColor(theme.text))
        painter.restore()

    def _paint_outputs(self, painter: QPainter, flowing: Flow | None, step: int) -> None:
        film, theme = self._film, self._film.theme
        small, bold = _font(film.font, 15, bold=False), _font(film.font, 16, bold=True)
        words = no_verdict(drawn=True, fits=True)
        if flowing is not None:
            words = verdict(flowing, film.run.digits.classes, film.label, guess=not step)
        paint_verdict(painter, _VERDICT, words, theme, (small, bold, small), 62)
        if flowing is None:
            return
        outputs, high = flowing.outputs.tolist(), _ROWS.height() / len(self._names)
        way_in = QPointF(_ROWS.left() - 14, _ROWS.top() + (words.winner + 0.5) * high)
        _paint_arrow(painter, theme, QPointF(_UNITS.right() + 10, _UNITS.center().y()), way_in)
        painter.setFont(bold)
        wide = max(painter.fontMetrics().horizontalAdvance(name) for name in self._names)
        before = min(wide, 110) + 16  # pixels of a row before its bar
        every = max(1, round(16 / high))  # very many outputs leave no room for every text
        for output, (name, value) in enumerate(zip(self._names, outputs, strict=True)):
            row = QRectF(_ROWS.left(), _ROWS.top() + output * high, _ROWS.width(), high)
            colour = theme.accent if output == words.winner else theme.text
            thick = min(12.0, high / 2)
            room = row.adjusted(before, 0, -54, 0)
            track = QRectF(room.left(), room.center().y() - thick / 2, room.width(), thick)
            painter.fillRect(track, QColor(theme.grid))
            track.setWidth(track.width() * min(max(value, 0.0), 1.0))
            painter.fillRect(track, QColor(colour))
            if output % every:
                continue
            painter.setFont(bold)
            row.adjust(0, min(0.0, high / 2 - 10), 0, max(0.0, 10 - high / 2))
            room = QRectF(row.left(), row.top(), before - 8, row.height())
            draw_text(painter, room, LEFT, name, ink=colour, elide=_ELIDE, whose="film")
            if output == words.true:
                paint_ring(painter, room, name, theme)
            painter.setFont(small)
            draw_text(painter, row, RIGHT, words.figures[output], ink=colour, whose="film")

    def _paint_plot(self, painter: QPainter, number: int) -> None:
        """Paint the accuracy curve, pale after the current frame, which a dot marks."""
        film, theme, room = self._film, self._film.theme, _PLOT
        painter.setFont(_font(film.font, 14, bold=False))
        for share in (0.0, 0.5, 1.0):
            y = room.bottom() - share * room.height()
            line = QLineF(room.left(), y, room.right(), y)
            inked(painter, theme.grid if share else theme.line).drawLine(line)
            label = QRectF(0, y - 12, room.left() - 10, 24)
            draw_text(painter, label, RIGHT, numbers.percent(share, 0), ink=theme.muted, whose="film")
        end = max(1, self._seen[-1])
        points = [
            QPointF(room.left() + room.width() * digits / end, room.bottom() - room.height() * share)
            for digits, share in zip(self._seen, self._shares, strict=True)
        ]
        inked(painter, toned(theme, film.hue, -0.6), 2).drawPolyline(QPolygonF(points))
        inked(painter, film.hue, 3).drawPolyline(QPolygonF(points[: number + 1]))
        inked(painter, fill=film.hue).drawEllipse(points[number], 6, 6)
        left = room.right() + 18
        beside = QRectF(left, room.top(), SIZE.width() - 28 - left, room.height() / 2)
        draw_text(painter, beside, LEFT, film.words[2], ink=theme.muted, elide=_ELIDE, whose="film")
        painter.setFont(_font(film.font, 22, bold=True))
        below, share_now = beside.translated(0, 30), numbers.percent(self._shares[number])
        draw_text(painter, below, LEFT, share_now, ink=theme.text, whose="film")


@quietly
def developed(film: Film, suffix: str, tell: Told) -> bytes:
    """Return the film as a file. `tell` gets the share that is done and may raise to cancel."""
    from PIL import Image as images  # slow to import, and rarely needed

    steps = film_steps(film.run.record)
    projector = Projector(film, film_states(film.run, steps, tell), lambda share: tell(0.3 * share))
    colours = images.new("P", (1, 1))
    colours.putpalette(_palette(film))
    lasting = [steps.count(step) for step in dict.fromkeys(steps)]  # a step may be that of several frames
    count, width, height = len(lasting), SIZE.width(), SIZE.height()

    def frames() -> Iterator[Image]:
        for number in range(count):
            tell(0.3 + 0.4 * number / count)
            picture = projector.frame(number)
            content = bytes(picture.constBits())
            whole = images.frombuffer(
                "RGB", (width, height), content, "raw", "BGRX", picture.bytesPerLine(), 1
            )
            yield whole.quantize(palette=colours, dither=images.Dither.NONE)

    first, *shot = frames()  # indexed colours save memory: Pillow iterates twice
    each = (SECONDS - LAST) / (FRAMES - 1)
    milliseconds = [10 * round(100 * each * frames) for frames in lasting]
    milliseconds[-1] += round(1000 * LAST)
    content = io.BytesIO()
    options: dict[str, Any] = {"lossless": True, "method": 0, "quality": 20} if suffix == ".webp" else {}
    first.save(
        content, KINDS[suffix], save_all=True, append_images=shot, duration=milliseconds, loop=0, **options
    )
    tell(1.0)
    return content.getvalue()


def _paint_arrow(painter: QPainter, theme: Theme, start: QPointF, end: QPointF) -> None:
    inked(painter, theme.line, 1.5).drawPath(arrow(start, end))


def _palette(film: Film) -> list[int]:
    """Return 256 colours as red, green and blue: those of weights, and shades of text and lines."""
    weights = colour_table(film.theme)[2:256:3]
    shades = [np.stack([weights >> 16 & 255, weights >> 8 & 255, weights & 255], axis=1).astype(float)]
    ground = _rgb(film.theme.card)
    for name, tones in _TONES.items():
        colour = film.hue if name == "hue" else getattr(film.theme, name)
        shades.append(ground + (_rgb(colour) - ground) * np.linspace(0, 1, tones)[:, np.newaxis])
    palette: list[int] = np.rint(np.concatenate(shades)[:256]).astype(int).ravel().tolist()
    return palette


def _rgb(name: str) -> NDArray[np.float64]:
    colour = QColor(name)
    return np.array([colour.red(), colour.green(), colour.blue()], dtype=float)


def _tiling(count: int, inputs: int) -> tuple[int, int]:
    """Return the largest zoom at which all pictures fit, and their number per row."""
    high, wide = cells(inputs)
    for zoom in (4, 3, 2, 1):
        lines = -(-count // max(1, int(_UNITS.width() + _GAP[0]) // (wide * zoom + _GAP[0])))
        if lines * (high * zoom + _GAP[1]) <= _UNITS.height() + _GAP[1]:
            return zoom, -(-count // lines)
    return 1, max(1, round((count * _UNITS.width() / _UNITS.height()) ** 0.5))


def _font(font: QFont, pixels: int, *, bold: bool) -> QFont:
    sized = QFont(font)
    sized.setPixelSize(pixels)
    sized.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return sized
