"""The figures of the top bar as values, their texts, and the label of each: a number below a small title."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import styled
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.run_names import before_opened
from mnistviz.gui.lab.shown import Shown

FRESH = 5.0
"""Seconds: while a run learns, the figures are those of its last measurement, unless that is older."""


class Figures(Struct, frozen=True):
    """The figures of one checkpoint of a run. `accuracy` and `cost` are None before they are measured."""

    epochs: float = 0.0
    mini_batches: int = 0
    mini_batches_per_second: float | None = None
    cost: float | None = None
    accuracy: float | None = None
    accuracy_age: int = 0  # mini-batches since it was measured
    accuracy_part: int = 0  # how many digits it was measured on, if not on all
    near: bool = False  # whether it is another step than requested
    opened: str | None = None  # how long the network of an opened file had learned
    epoch_progress: float = 0.0  # 0 to 1
    l2_term: float = 0.0  # the term of weight decay in the cost


def epoch_progress(shown: Shown) -> float:
    """Return which part of the current epoch is done at the viewed step, 0 to 1."""
    if shown.run is None or shown.moment is None:
        return 0.0
    epoch = shown.epoch_of(shown.run)
    return shown.moment.digits % epoch / epoch


def figures_of(shown: Shown) -> Figures:
    """Return the figures at the viewed step, or, while it learns, at the last measurement; zeros without a network."""
    shown = shown.of_run  # not of a preview
    digits, run, moment = shown.digits, shown.run, shown.moment
    if digits is None or run is None or moment is None:
        return Figures()
    epoch = shown.epoch_of(run)
    validation = None if shown.diverged else shown.measured.get("validation")
    step, seen = moment.step, moment.digits
    fresh = FRESH * (run.speed or math.inf)
    if validation is not None and not shown.rests and step - validation.step <= fresh:
        step, seen = validation.step, validation.digits
    return Figures(
        epochs=seen / epoch,
        mini_batches=step,
        mini_batches_per_second=None if shown.held else run.mini_batches_per_second,
        cost=run.cost_at(step),
        accuracy=None if validation is None else validation.accuracy,
        accuracy_age=0 if validation is None else step - validation.step,
        accuracy_part=0 if validation is None else validation.part,
        near=moment_words.is_near(shown),
        opened=None if run.origin is None else before_opened(run.origin),
        epoch_progress=epoch_progress(shown),
        l2_term=moment.network.l2_term(moment.settings.weight_decay, epoch),
    )


PLAIN = Figures(epochs=99.99, cost=9.9999, accuracy=0.9999)
"""Usual figures: their numbers are always shown in full."""

LONGEST = tuple(
    replace(PLAIN, epochs=99_999.99, cost=9.99e-99, accuracy=1.0, near=True, opened=opened)
    for opened in (None, "")
)  # the longest figures that the bar is wide enough for


class Texts(Struct, frozen=True):
    """A figure's number and title, each from long to short, and a sentence for the tooltip."""

    numbers: tuple[str, ...]
    titles: tuple[str, ...]
    more: str


def epoch_texts(figures: Figures) -> Texts:
    titles: tuple[str, ...] = (tr("at epoch"), tr("epoch"))
    count, opened = numbers.whole(figures.mini_batches), figures.opened
    more = [tr("Mini-batches so far: {count}.", count=count)]
    if opened is not None:
        short = tr("epochs") if figures.near else tr("+ epochs")
        titles = tr("epochs since opened"), tr("since opened"), short
        more.append(tr("Counted since this network was opened ({learned}).", learned=opened))
    if figures.near:
        titles = tuple(f"≈ {title}" for title in titles)
        more.append(tr("These figures are of a moment close by. The exact moment is being computed."))
    whole = numbers.whole(math.floor(figures.epochs + 1e-8))
    written = numbers.epochs(figures.epochs), whole, *_shortest(figures.epochs)
    return Texts(written, titles, " ".join(more))


def cost_texts(figures: Figures) -> Texts:
    titles, more, cost = (tr("cost"),), "", figures.cost
    if figures.l2_term and math.isfinite(figures.l2_term):
        more = tr("Weight decay adds {value} to it: λ/2n Σw².", value=numbers.cost(figures.l2_term))
    if cost is None or not math.isfinite(cost):
        return Texts(("–",), titles, more)
    return Texts((numbers.cost(cost), numbers.short_cost(cost), *_shortest(cost)), titles, more)


def accuracy_texts(figures: Figures) -> Texts:
    title = tr("accuracy")
    if figures.accuracy is None:
        return Texts(("–",), (title,), "")
    age, more = figures.accuracy_age, []
    if age == 1:
        more.append(tr("Measured 1 mini-batch ago."))
    elif age:
        more.append(tr("Measured {count} mini-batches ago.", count=age))
    if figures.accuracy_part:
        part = tr("Measured on the first {count} validation digits. When training pauses, all are measured.")
        more.append(part.format(count=numbers.whole(figures.accuracy_part)))
    written = numbers.percent(figures.accuracy), numbers.percent(figures.accuracy, 0)
    return Texts(written, (title,), " ".join(more))


def speed_text(figures: Figures) -> str:
    if (rate := figures.mini_batches_per_second) is None:
        return ""
    shown = numbers.whole(round(float(f"{rate:.2g}"))) if rate >= 10 else numbers.rounded(rate, 2)
    return tr("Now: {rate} mini-batches per second.", rate=shown)


def _shortest(value: float) -> tuple[str, ...]:
    return (numbers.one_figure(value),) if value > 0 else ()


_SLACK = 2  # pixels that a label has more than its text
_APART = 6  # pixels at the left, from the figure before


class FigureLabel(Fitted, QWidget):
    """Shows the longest texts that fit its width, which never depends on the current text."""

    def __init__(self, name: str, spoken: str, tip: str, words: Callable[[Figures], Texts]) -> None:
        """Set `spoken` as its accessible name, which says what a short title leaves out."""
        super().__init__()
        self._tip, self._words, self._spoken = tip, words, spoken
        self._texts, self._shown_tip = words(Figures()), ""
        self._labels = styled(QLabel(self), "figureName"), styled(QLabel(self), "figureValue")
        self.title, self.value = self._labels
        for label in self._labels:
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        describe(self.value, name, spoken, tip)
        for widget in (self, self.title):
            widget.setWhatsThis(tip)
        self._write()

    def measure(self) -> int:
        """Return its width in its font: for the usual numbers in full, and for the shortest texts of all."""
        for label in self._labels:
            label.ensurePolished()
        self.refit()
        plain, longest = self._words(PLAIN), [self._words(figures) for figures in LONGEST]
        texts = (
            (self.value, (plain.numbers[0], *(each.numbers[-1] for each in longest))),
            (self.title, (plain.titles[0], *(each.titles[-1] for each in longest))),
        )
        widths = (part.fontMetrics().horizontalAdvance(text) for part, each in texts for text in each)
        return max(widths) + _SLACK + _APART

    def height_needed(self) -> int:
        return sum(label.fontMetrics().height() for label in self._labels)

    def height_of_signs(self) -> int:
        """Return the height of both lines with signs that a fallback font may make higher."""
        return sum(map(self._high, self._labels))

    def show_figures(self, figures: Figures) -> None:
        if (texts := self._words(figures)) != self._texts:
            self._texts = texts
            self._write()

    def refit(self) -> None:
        y = 0
        for label in self._labels:
            label.setGeometry(_APART, y, max(0, self.width() - _APART), self._high(label))
            y += label.height()
        self._write()

    def _high(self, label: QLabel) -> int:
        metrics = label.fontMetrics()
        title = self._words(PLAIN).titles[0]
        return max(metrics.height(), metrics.size(Qt.TextFlag.TextSingleLine, title).height())

    def _write(self) -> None:
        """Choose the texts that fit, and put into the tooltip what they leave out."""
        texts = self._texts
        for label, wordings in ((self.title, texts.titles), (self.value, texts.numbers)):
            metrics = label.fontMetrics()
            fitting = (text for text in wordings if metrics.horizontalAdvance(text) <= label.width())
            label.setText(next(fitting, "…"))
        self.value.setAccessibleName(f"{self._spoken}: {texts.numbers[0]}")
        in_full = "" if self.value.text() == texts.numbers[0] else tr("In full: {number}.")
        tip = " ".join(filter(None, (self._tip, texts.more, in_full.format(number=texts.numbers[0]))))
        if tip != self._shown_tip:
            self._shown_tip = tip
            broken = tooltip(tip)
            for widget in (self, self.title, self.value):
                widget.setToolTip(broken)


MARGIN, INSIDE = 8, 6  # pixels: at both ends of the bar, and between the parts of a group
AFTER_FIRST = 12  # pixels between the first two groups, which have no line between them
LEAST_BETWEEN, USUAL_BETWEEN = 12, 33  # pixels between other groups
GROUPS = (
    ("switch",),
    ("play", "step", "epoch_step"),
    ("eta",),
    ("speed_title", "speed", "speed_word"),
    ("epoch", "cost", "accuracy"),
)
"""The parts from left to right. The last group is aligned right."""

_WORDS = "step", "epoch_step"
_SHORTENED = (("eta",), _WORDS, ("speed",), GROUPS[3], ("cost",), ("epoch",))
_SHORTENED_FOR_A_CLASS = (("eta",), ("speed",), GROUPS[3], _WORDS, ("cost",), ("epoch",))
"""The parts that are shortened in a narrow bar, in this order; in larger text the words of the buttons stay longer."""

_WIDENED = ((("eta",), 40), (GROUPS[4], 30), (("eta",), 160))
"""The parts that get spare width once the gaps are as usual, by at most so many pixels each."""


class Slots(Struct, frozen=True):
    """The layout of the bar: x and width of each part, x of each line, and how many times each part is shortened."""

    places: Mapping[str, tuple[int, int]]
    rules: tuple[int, ...]
    short: Mapping[str, int]


def slots(width: int, needs: Mapping[str, Sequence[int]], *, for_a_class: bool = False) -> Slots:
    """Return the layout of a bar of `width` pixels. `needs` are the widths of each part, from its longest to its
    shortest text; 0 leaves it out."""
    order = _SHORTENED_FOR_A_CLASS if for_a_class else _SHORTENED
    for count in range(len(order) + 1):
        short = Counter(part for parts in order[:count] for part in parts)
        chosen = {part: each[min(short[part], len(each) - 1)] for part, each in needs.items()}
        widths = {part: wide for part, wide in chosen.items() if wide}
        groups = [seen for group in GROUPS if (seen := [part for part in group if part in widths])]
        divided = max(0, len(groups) - 2)  # gaps with a line
        gaps = (
            AFTER_FIRST * (len(groups) > 1) + LEAST_BETWEEN * divided + INSIDE * (len(widths) - len(groups))
        )
        if (spare := width - 2 * MARGIN - gaps - sum(widths.values())) >= 0:
            break
    spare = max(0, spare)
    more = min(spare // max(1, divided), USUAL_BETWEEN - LEAST_BETWEEN)
    between, spare = LEAST_BETWEEN + more, spare - more * divided
    for parts, most in _WIDENED:
        there = [part for part in parts if part in widths]
        for number, part in enumerate(there):
            more = min(spare // (len(there) - number), most)
            widths[part] += more
            spare -= more
    places, rules, x = {}, [], MARGIN
    for number, group in enumerate(groups):
        if number == len(groups) - 1:
            x += spare
        if number > 1:
            rules.append(x - between // 2)
        for part in group:
            places[part] = (x, widths[part])
            x += widths[part] + INSIDE
        x += (between if number else AFTER_FIRST) - INSIDE
    return Slots(places, tuple(rules), short)
