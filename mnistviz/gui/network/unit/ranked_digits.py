"""The training digits that activate a unit most and least, ranked again during training."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, Self

from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QLocale, QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy

from mnistviz.engine.digits import SIDE, Digits, DigitSet
from mnistviz.engine.evidence import Extremes, extreme_digits
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.digit_image import digit_image, ink_shades
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import styled
from mnistviz.gui.common.numbers import number_text
from mnistviz.gui.common.painted_figure import CENTRE, PaintedFigure, bold, inked
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.widgets import Card, describe
from mnistviz.gui.lab.jobs import Jobs, details

Array = NDArray[Any]

DIGITS_SHOWN: Final = 10
_BESIDE_TITLE: Final = 34  # pixels beside the title, for the note
DIGIT: Final = 48  # pixels, the side of a docked unit's digit
_LOW_DIGIT: Final = 26  # the same in a low panel
SECONDS_BETWEEN: Final = 1.0  # seconds between two rankings
SHARE_OF_TIME: Final = (
    0.15  # the largest fraction of the second processor's time for rankings of a large network
)


class _Subject(Struct, frozen=True):
    moment: Moment
    layer: int
    unit: int
    digits: Digits


class RankedDigits(Fitted, Card):
    KEY: Final = "unit extremes"

    def __init__(self, jobs: Jobs, ranked: Callable[[], object]) -> None:
        """Create the rows; `ranked` is called when there is a new ranking."""
        super().__init__("")
        self._ranked = ranked
        self._jobs = jobs
        self._subject: _Subject | None = None
        self._ranked_for: _Subject | None = None
        self._asked_at = self._next_at = 0.0
        self._timer = new_timer(self, self._ask_if_due)
        self.most, self.least = RankedRow(), RankedRow()
        tip = tr("Digits with their labels and the unit's activation.")
        describe(self.most, "unit_most", tr("Digits that activate the unit most"), tip)
        describe(self.least, "unit_least", tr("Digits that activate the unit least"), tip)
        self.least_title = styled(QLabel(), "cardTitle")
        self.body.addWidget(self.most)
        self.body.addWidget(self.least_title)
        self.body.addWidget(self.least)
        self.refit()

    def show_docked(self, docked: bool) -> None:
        super().show_docked(docked)
        narrow = QSizePolicy.Policy.Ignored if docked else QSizePolicy.Policy.Preferred
        for title in (self.title, self.least_title):
            title.setSizePolicy(narrow, QSizePolicy.Policy.Preferred)
        self.header.setStretch(0, 1 if docked else 0)
        self.header.setStretch(1, 0 if docked else 1)
        self.refit()
        for row in (self.most, self.least):
            row.show_docked(docked)

    def refit(self) -> None:
        most = tr("Digits that activate it most"), tr("Activate it most"), tr("Most")
        least = tr("Digits that activate it least"), tr("Activate it least"), tr("Least")
        for title, wordings in ((self.title, most), (self.least_title, least)):
            wide = title.fontMetrics().horizontalAdvance
            fits = (text for text in wordings if wide(text) + _BESIDE_TITLE <= self.width())
            title.setText(next(fits, wordings[-1]) if self._docked else wordings[0])
        if self._ranked_for is not None:
            text = tr("of {count} training digits, at mini-batch {step}")
            count, step = len(self._ranked_for.digits.training), self._ranked_for.moment.step
            numbers = {"count": QLocale().toString(count), "step": QLocale().toString(step)}
            self.note.setText("" if self._docked else text.format(**numbers))

    def show_side(self, side: int) -> None:
        """Show digits of this side in a panel, or small ones without a title for 0."""
        for part in (self.title, self.note):
            part.setVisible(side > 0)
        self.most.show_side(side or _LOW_DIGIT)

    def show_least(self, on: bool) -> None:
        self.least_title.setVisible(on)
        self.least.setVisible(on)

    def copy_from(self, other: Self) -> None:
        """Show the result of another object, which has ranked the digits."""
        self._ranked_for = other._ranked_for
        self.most.copy_from(other.most)
        self.least.copy_from(other.least)
        self.refit()

    def rank(self, moment: Moment, layer: int, unit: int, digits: Digits) -> None:
        self._subject = _Subject(moment, layer, unit, digits)
        self._ask_if_due()

    def stop(self) -> None:
        self._subject = None
        self._timer.stop()
        self._jobs.withdraw(self.KEY)

    def wait_for_exact(self) -> None:
        """Show that the exact step is being restored, and rank nothing for the one shown meanwhile."""
        self.stop()
        self._ranked_for = None
        self.note.setText(tr("ranked at the exact moment"))

    def clear(self) -> None:
        self.stop()
        self._ranked_for = None
        self._next_at = 0.0
        self.most.clear()
        self.least.clear()
        self.note.setText("")

    def _ask_if_due(self) -> None:
        """Request a ranking if the network has changed, none is running and the last one is old enough."""
        if (subject := self._subject) is None or self._jobs.is_open(self.KEY) or self._timer.isActive():
            return
        if self._ranked_for is not None and subject.moment.same_as(self._ranked_for.moment):
            return
        self._asked_at = time.monotonic()
        if (wait := self._next_at - self._asked_at) > 0:
            self._timer.start(int(1000 * wait) + 1)
            return
        of = subject.moment.network, subject.layer, subject.unit, subject.digits.training, DIGITS_SHOWN
        work, then = partial(extreme_digits, *of), partial(self._on_ranked, subject)
        self._jobs.ask(self.KEY, work, then, self._on_failure)
        if self._ranked_for is None:
            self.note.setText(tr("ranking the digits …"))

    def _on_ranked(self, subject: _Subject, ranks: Extremes | None) -> None:
        assert ranks is not None  # only a cancelled job has no result
        now = time.monotonic()
        self._next_at = now + max(SECONDS_BETWEEN, (now - self._asked_at) / SHARE_OF_TIME)
        self._ranked_for = subject
        digit_set, classes = subject.digits.training, subject.digits.classes
        self.most.show_digits(digit_set, ranks.most, classes, ranks.most_inputs, ranks.most_activations)
        self.least.show_digits(digit_set, ranks.least, classes, ranks.least_inputs, ranks.least_activations)
        self.refit()
        self._ranked()
        self._ask_if_due()

    def _on_failure(self, error: Exception) -> None:
        self._ranked_for = None
        self._next_at = time.monotonic() + 10 * SECONDS_BETWEEN
        self.note.setText(tr("The digits could not be ranked ({details}).", details=details(error)))


def short_number(value: float) -> str:
    """Return a number in about four characters: an unbounded activation may be in the hundreds."""
    size = abs(float(value))
    return number_text(value, 2 if size < 9.995 else 1 if size < 99.95 else 0)


class RankedRow(PaintedFigure):
    _SIDE: Final = 2 * SIDE

    def __init__(self) -> None:
        super().__init__(takes_focus=False)
        self.shown: list[int] = []  # the indices of the digits in their set
        self._parts: list[tuple[QImage, str, str, str]] = []  # image, label, activation and tooltip of each
        self._docked, self._docked_side = False, DIGIT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        lines = 1 if self._docked else 2 * self.fontMetrics().height() + 4
        return QSize(DIGITS_SHOWN * 62, self._side + lines)

    def minimumSizeHint(self) -> QSize:
        number = QFontMetrics(self.font()).horizontalAdvance("−0.00")
        wide = 3 * (self._side + 1) if self._docked else DIGITS_SHOWN * max(42, number + 4)
        return QSize(wide, self.sizeHint().height())

    def show_docked(self, docked: bool) -> None:
        self._docked = docked
        self.updateGeometry()
        self.update()

    def show_side(self, side: int) -> None:
        if side != self._docked_side:
            self._docked_side = side
            self.updateGeometry()
            self.update()

    @property
    def _side(self) -> int:
        return self._docked_side if self._docked else self._SIDE

    @property
    def _columns(self) -> int:
        return max(3, min(DIGITS_SHOWN, self.width() // (self._side + 1))) if self._docked else DIGITS_SHOWN

    def adopt_theme(self) -> None:
        for image, *_ in self._parts:
            image.setColorTable(ink_shades(theme()))

    def clear(self) -> None:
        self.shown, self._parts = [], []
        self.update()

    def copy_from(self, other: Self) -> None:
        self.shown, self._parts = other.shown, other._parts
        self.update()

    def show_digits(
        self, digit_set: DigitSet, which: Array, classes: Sequence[str], inputs: Array, activations: Array
    ) -> None:
        self.clear()
        self.shown = [int(index) for index in which]
        for index, z, a in zip(which, inputs, activations, strict=True):
            label = classes[digit_set.labels[index]]
            image = digit_image(digit_set.images[index].reshape(SIDE, SIDE), theme())
            tip = tr("Training digit {number}: {label}. Activation {a}, from a weighted input z = {z}.")
            place = QLocale().toString(int(index) + 1)
            tip = tip.format(number=place, label=f"“{label}”", a=number_text(a, 4), z=number_text(z))
            self._parts.append((image, label, short_number(a), tip))
        self.tell(" ".join(tip for *_, tip in self._parts))

    def _column(self, place: int) -> QRectF:
        around = 0 if self._docked else 3  # text may be slightly wider than its picture
        side = min(self._side, self.width() / self._columns - 2 * around)
        room = self.width() - 2 * around
        return QRectF(around + place * (room - side - 1) / (self._columns - 1), 0, side, self.height())

    def paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        line, plain = self.fontMetrics().height(), self.font()
        for place, (image, label, value, _) in enumerate(self._parts[: self._columns]):
            column = self._column(place)
            side = column.width()
            picture = QRectF(column.x(), self._side - side, side, side)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, side != self._SIDE)
            painter.drawImage(picture, image)
            inked(painter, theme().tile)
            painter.drawRect(picture)
            if self._docked:
                continue  # the tooltip has label and number
            text = QRectF(picture.x() - 3, self._side + 2, side + 6, line)
            painter.setFont(bold(self.font()))
            self.write(painter, text, CENTRE, label, theme().text)
            painter.setFont(plain)
            self.write(painter, text.translated(0, line - 1), CENTRE, value, theme().muted, cut=False)

    def tooltip_at(self, at: QPointF) -> str | None:
        columns = enumerate(self._parts[: self._columns])
        return next((tip for place, (*_, tip) in columns if self._column(place).contains(at)), None)
