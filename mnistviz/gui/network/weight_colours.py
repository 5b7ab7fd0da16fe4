"""The colours of weights: a fitting scale, and the controls beside the pictures."""

import math
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.gui.common.choices import Chosen
from mnistviz.gui.common.numbers import tick
from mnistviz.gui.common.painted_figure import RIGHT, PaintedFigure, inked
from mnistviz.gui.common.scales import nice_above
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.weight_images import colour_table
from mnistviz.gui.common.widgets import describe

Array = NDArray[Any]

_NICE: Final = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
EVERY: Final = 0.1  # seconds
_UNITS: Final = 24
_INPUTS: Final = 160
"""At most about this many units, and weights of each, are used to choose a colour scale."""


def unit_quantiles(weights: Array, initial: Array | None = None) -> Array:
    """Return each unit's 99 % quantile of |w|, (units,), from some `weights`, less any `initial`, (units, n_in)."""
    n_in = weights.shape[1]
    stride = max(1, n_in // _INPUTS)
    while stride > 1 and math.gcd(stride, n_in) > 1:
        stride += 1  # otherwise only some columns of a picture would be used
    sample = weights[:, ::stride] if initial is None else weights[:, ::stride] - initial[:, ::stride]
    sample = np.abs(sample)
    place = min(int(0.99 * sample.shape[1]), sample.shape[1] - 1)
    quantiles: Array = np.partition(sample, place, axis=1)[:, place]
    return quantiles


def fitted_limit(limit: float, weights: Array, initial: Array | None = None) -> float:
    """Return the weight that gets the strongest colour: a round number near the median over units of their 99 %
    quantile of |w|, so that one extreme unit does not pale the others. To avoid flicker, `limit` is kept until the
    median exceeds it or falls below half of it. With `initial` weights the difference to them is used."""
    some = slice(None, None, max(1, len(weights) // _UNITS))
    median = float(np.median(unit_quantiles(weights[some], None if initial is None else initial[some])))
    if not 0 < median < 1e30 or 0.5 * limit <= median <= limit:
        return limit
    return nice_above(1.05 * median, _NICE)


class ColourScales:
    """Colour scales of one network: for each layer one for its weights, and one for what was learned."""

    def __init__(self) -> None:
        self._of: tuple[int, tuple[int, ...]] | None = None
        # the limits, and when they were checked, in seconds
        self._limits: dict[tuple[int, bool], tuple[float, float]] = {}

    def fit(self, moment: Moment, layer: int, *, learned: bool) -> float:
        """Return the limit of one scale, kept while it fits the weights: see `fitted_limit`. It is checked at most
        ten times a second. Another run, or other sizes, start with new scales."""
        if (of := (moment.run, moment.network.sizes)) != self._of:
            self._of = of
            self._limits.clear()
        limit, checked_at = self._limits.get((layer, learned), (1.0, -math.inf))
        if (now := time.monotonic()) - checked_at >= EVERY:
            initial = moment.initial.weights[layer - 1] if learned else None
            limit = fitted_limit(limit, moment.network.weights[layer - 1], initial)
            self._limits[layer, learned] = limit, now
        return limit


class WeightSwitch(Switch):
    WEIGHTS: Final = "weights"
    LEARNED: Final = "learned"

    def __init__(self, name: str, chosen: Chosen, changed: Callable[[], object]) -> None:
        """Create a switch; all switches of a window show the choice in `chosen`."""
        super().__init__(
            name,
            tr("What the pictures of the weights show"),
            (
                (self.WEIGHTS, tr("weights"), tr("Shows the weights as they are now.")),
                (
                    self.LEARNED,
                    tr("learned"),
                    tr("Shows what training has added to the weights since the start of the run."),
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
        return moment.initial if moment is not None and moment.step and self.learned() else None

    def choose(self, id: str) -> None:
        self._choices.choose("network", showing=id)

    def _follow(self) -> None:
        self.set_value(self._choices.now.network.showing or self.LEARNED)
        if self.value() != self._shown_id:
            self._shown_id = self.value()
            self._changed()


class WeightLegend(PaintedFigure):
    """Colour scale in one line: the bar between its two limits, with the meaning of blue and of orange. Where there is
    little room it has a shorter bar, then shorter words, then one number, then no words."""

    _SHORTEST: Final = 26
    _LONGEST: Final = 64
    _GAP: Final = 6

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(takes_focus=False)
        self.setParent(parent)
        self.limit = 0.0
        self.words: tuple[tuple[str, str], ...] = ()  # what blue and orange mean, from long to short
        tip = tr(
            "All units of the layer share these colours. The strongest colour is chosen to suit half of "
            "the units. A unit that goes far beyond it has a mark at its corner."
        )
        describe(self, name, tr("Colour scale"), tip)
        self.setProperty("role", "cardNote")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_scale(self, limit: float, learned: bool, *, bare: bool = False) -> bool:
        """Show −limit … +limit, for weights or learned changes, or `bare`. Return True if that has changed."""
        words = (tr("says no"), tr("says yes")), (tr("no"), tr("yes"))
        if learned:
            words = (tr("decreased"), tr("increased")), (tr("less"), tr("more"))
        shown = limit, () if bare else words
        differs = shown != (self.limit, self.words)
        if differs:
            self.limit, self.words = shown
            self.updateGeometry()
            self.update()
        return differs

    def sizeHint(self) -> QSize:
        return QSize(self.widths()[0], self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.widths()[-2], self.fontMetrics().height() + 2)

    def widths(self) -> list[int]:
        """Return the widths that it can have, from long to short."""
        forms = self._forms()
        bars = [self._LONGEST, *(self._SHORTEST for _ in forms)]
        return [self._around(form) + bar for form, bar in zip((forms[0], *forms), bars, strict=True)]

    def _forms(self) -> list[tuple[str, str, str, str]]:
        """Return the texts before and behind the bar, two of each, from long to short."""
        limit = tick(self.limit)
        lower, upper = "−" + limit, "+" + limit
        worded = [(low, lower, upper, high) for low, high in self.words]
        short = [(low, "", high, "±" + limit) for low, high in self.words[-1:]]
        return [*worded, *short, ("", lower, upper, ""), ("", "", "±" + limit, "")]

    def _around(self, form: Sequence[str]) -> int:
        """Return the pixels beside the bar. A number has the room of a usual one, so that the words do not flicker."""
        wide = self.fontMetrics().horizontalAdvance
        usual = wide("+0.7")
        texts = zip(form, (0, usual, usual, 0), strict=True)
        return sum(max(wide(text), least) + self._GAP for text, least in texts if text)

    def paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        wide = self.fontMetrics().horizontalAdvance
        area = self.rect()
        muted = theme().muted
        forms = self._forms()
        fits = (each for each in forms if self._around(each) + self._SHORTEST <= self.width())
        low, lower, upper, high = next(fits, forms[-1])

        def text(words: str) -> None:
            self.write(painter, QRectF(area), RIGHT, words, muted, cut=False)
            area.setRight(area.right() - wide(words) - self._GAP)

        for each in filter(None, (high, upper)):
            text(each)
        before = sum(wide(each) + self._GAP for each in (low, lower) if each)
        long = max(8, min(self._LONGEST, area.width() - before))
        bar = QRect(area.right() - long + 1, (self.height() - 9) // 2, long, 9)
        table = np.tile(colour_table(theme()).reshape(-1, 256)[:, 1:], (2, 1))
        image = QImage(table.data, 255, len(table), table.strides[0], QImage.Format.Format_RGB32)
        painter.drawImage(bar, image)
        inked(painter, muted).drawLine(bar.center().x(), bar.top() - 1, bar.center().x(), bar.bottom() + 1)
        area.setRight(bar.left() - self._GAP - 1)
        for each in filter(None, (lower, low)):
            text(each)
