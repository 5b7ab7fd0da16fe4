"""The figures of the bar on top: what they are at a moment, and the labels that show them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.widgets import describe, tabular
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.origin_words import before_opened
from mnistviz.gui.lab.shown import Shown


@dataclass(frozen=True)
class Figures:
    """What the bar shows of a run. `accuracy` and `cost` are None until they have been measured."""

    epochs: float = 0.0
    mini_batches: int = 0
    mini_batches_per_second: float | None = None
    cost: float | None = None
    accuracy: float | None = None
    accuracy_age: int = 0  # mini-batches since it was measured
    accuracy_epochs: float = 0.0  # when that was
    accuracy_part: int = 0  # how many digits it was measured on, if not on all
    past: bool = False  # whether one looks back
    near: bool = False  # whether it is another moment than was asked for
    rests: bool = True
    opened: str | None = None  # what the file of an opened network says of how long it had learned
    epoch_progress: float = 0.0  # 0 to 1
    l2_term: float = 0.0  # what weight decay adds to the cost


def epoch_progress(shown: Shown) -> float:
    """How much of its epoch the moment shown has behind it, 0 to 1."""
    if shown.run is None or shown.moment is None:
        return 0.0
    epoch = shown.epoch_of(shown.run)
    return shown.moment.digits % epoch / epoch


def figures_of(shown: Shown) -> Figures:
    """The figures of the moment shown; noughts before there is one."""
    digits, run, moment = shown.digits, shown.run, shown.moment
    if digits is None or run is None or moment is None:
        return Figures()
    epoch, validation = shown.epoch_of(run), shown.measured.get("validation")
    return Figures(
        epochs=moment.digits / epoch,
        mini_batches=moment.step,
        mini_batches_per_second=None if shown.held else run.mini_batches_per_second(),
        cost=shown.cost,
        accuracy=None if validation is None else validation.accuracy,
        accuracy_age=0 if validation is None else moment.step - validation.step,
        accuracy_epochs=0.0 if validation is None else validation.digits / epoch,
        accuracy_part=0 if validation is None else validation.part,
        past=not shown.live,
        near=moment_words.is_near(shown),
        rests=shown.rests,
        opened=None if run.origin is None else before_opened(run.origin),
        epoch_progress=epoch_progress(shown),
        l2_term=moment.network.l2_term(moment.settings.weight_decay, epoch),
    )


class FigureLabel(QWidget):
    """A small name above a number."""

    grown = Signal()
    """It takes another room than before."""

    def __init__(self, name: str, title: str, tip: str, widest: str, widest_title: str = "") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.title = QLabel(title)
        self.title.setProperty("role", "figureName")
        self.title.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.value = QLabel("–")
        self.value.setProperty("role", "figureValue")
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._widest, self._widest_title = widest, widest_title
        self._tip = tip
        self.title.setToolTip(tip)
        self.title.setWhatsThis(tip)
        describe(self.value, name, title, tip)
        self.setToolTip(tip)
        column.addWidget(self.title, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.value, 0, Qt.AlignmentFlag.AlignRight)

    def fit(self) -> None:
        """Keeps room for the widest texts. Labels of a fixed size move nothing when their text changes, and
        so the bar need not be laid out anew for each number."""
        self.value.ensurePolished()
        self.value.setFont(tabular(self.value.font()))
        self.title.ensurePolished()
        for label, widest in ((self.value, self._widest), (self.title, self._widest_title)):
            metrics = label.fontMetrics()
            width = max(metrics.horizontalAdvance(text) for text in (widest, label.text()))
            label.setFixedSize(width + 2, metrics.height())
        self.updateGeometry()

    def set_widest_title(self, text: str) -> None:
        """Keeps room for another name."""
        if text != self._widest_title:
            self._widest_title = text
            self.fit()

    def add_to_tip(self, text: str) -> None:
        """Says so in the tooltip, after what the figure is."""
        tip = " ".join(filter(None, (self._tip, text)))
        for widget in (self, self.title, self.value):
            widget.setToolTip(tip)

    def show_text(self, text: str, title: str = "") -> None:
        """Shows a number and, where it is given, another name above it."""
        for label, wanted in ((self.value, text), (self.title, title or self.title.text())):
            if wanted != label.text():
                longer = len(wanted) > len(label.text())
                label.setText(wanted)
                if longer and label.sizeHint().width() > label.width():
                    self.fit()
                    self.grown.emit()


class FigureLabels(QObject):
    """The labels of all figures; the bar has the places for them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.epoch = FigureLabel(
            "epoch_figure", self.tr("epoch"), self.tr("Passes over the training digits."), "999.99"
        )
        self.rate = FigureLabel(
            "rate_figure", self.tr("mini-batches / s"), self.tr("How fast the network learns now."), "99,999"
        )
        self.cost = FigureLabel(
            "cost_figure",
            self.tr("cost"),
            self.tr(
                "Mean cost of the data over the last hundred mini-batches, in a long run over up to a "
                "thousandth of it more: lower is better. "
                "With weight decay its own term, λ/2n Σw², stands beside it."
            ),
            "0.0000",
        )
        self.accuracy = FigureLabel(
            "accuracy_figure",
            self.tr("validation accuracy"),
            self.tr("Share of the validation digits that the network reads right."),
            "100.00 %",
            self._at(99.99),
        )
        self.all = (self.epoch, self.rate, self.cost, self.accuracy)
        self._short = False
        self._figures = Figures()

    def set_short(self, short: bool) -> None:
        """Whether only the tooltip says when the accuracy was measured."""
        if short != self._short:
            self._short = short
            for label in (self.accuracy, self.epoch):
                label.title.setText("")
            self.accuracy.set_widest_title(self.tr("validation") if short else self._at(99.99))
            self.epoch.set_widest_title("")
            self._show_epoch()
            self._show_accuracy()

    def show(self, figures: Figures) -> None:
        """Writes all of them out."""
        self._figures = figures
        self._show_epoch()
        self.rate.show_text(_rate(figures.mini_batches_per_second))
        title = self.tr("cost")
        if figures.l2_term and math.isfinite(figures.l2_term):
            title = self.tr("cost, λ term {value}").format(value=numbers.cost(figures.l2_term))
        cost = "–" if figures.cost is None else numbers.cost(figures.cost)
        self.cost.show_text(f"≈ {cost}" if figures.near and figures.cost is not None else cost, title)
        self._show_accuracy()

    def _show_epoch(self) -> None:
        """Says how far the run is, and since when that counts."""
        figures, since = self._figures, ""
        title, text = self.tr("epoch"), numbers.epochs(figures.epochs)
        if figures.opened is not None and self._short:
            text = f"+{text}"
        elif figures.opened is not None:
            title = self.tr("epochs since opened")
        if figures.opened is not None:
            since = self.tr("Counted since this network was opened: {learned}.").format(
                learned=figures.opened
            )
        self.epoch.show_text(f"≈ {text}" if figures.near else text, title)
        updates = self.tr("Updates of the weights so far: {count}.").format(
            count=numbers.whole(figures.mini_batches)
        )
        self.epoch.add_to_tip(" ".join(filter(None, (updates, since))))

    def _show_accuracy(self) -> None:
        """Says of which network the accuracy is, and of how many digits."""
        figures, told = self._figures, []
        title = self.tr("validation") if self._short else self.tr("validation accuracy")
        part, age = numbers.whole(figures.accuracy_part), numbers.whole(figures.accuracy_age)
        if figures.accuracy is None:
            text = "–"
        else:
            text = numbers.percent(figures.accuracy)
            if figures.accuracy_part:
                told.append(self.tr("Only the first {count} were read: at rest all are.").format(count=part))
            if figures.past and figures.accuracy_age:
                title = self.tr("{age} ago") if self._short else self.tr("validation, {age} ago")
                title = title.format(age=age)
            elif figures.accuracy_part:
                title = self.tr("first {count}") if self._short else self.tr("validation, first {count}")
                title = title.format(count=part)
            elif not self._short and (figures.accuracy_age or not figures.rests):
                title = self._at(figures.accuracy_epochs)
            if figures.accuracy_age:
                told.append(self.tr("It was measured {count} mini-batches ago.").format(count=age))
        self.accuracy.show_text(text, title)
        self.accuracy.add_to_tip(" ".join(told))

    def _at(self, epochs: float) -> str:
        return self.tr("validation, epoch {number}").format(number=numbers.epochs(epochs))


def _rate(rate: float | None) -> str:
    """Mini-batches a second, to two figures: the others change from one look to the next."""
    if rate is None:
        return "–"
    return numbers.whole(round(float(f"{rate:.2g}"))) if rate >= 10 else numbers.rounded(rate, 2)
