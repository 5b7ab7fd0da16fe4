"""The figures of the bar on top: what they are at a moment, and the labels that show them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mnistviz.gui.common.widgets import describe, tabular
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
    epoch_progress: float = 0.0  # 0 to 1
    l2_term: float = 0.0  # what weight decay adds to the cost


def figures_of(shown: Shown) -> Figures:
    """The figures of the moment shown; noughts before there is one."""
    digits, run, moment = shown.digits, shown.run, shown.moment
    if digits is None or run is None or moment is None:
        return Figures()
    epoch, validation = shown.epoch_of(run), run.evaluations.get("validation")
    return Figures(
        epochs=moment.digits / epoch,
        mini_batches=moment.step,
        mini_batches_per_second=run.mini_batches_per_second(),
        cost=run.cost,
        accuracy=None if validation is None else validation.accuracy,
        accuracy_age=0 if validation is None else moment.step - validation.step,
        epoch_progress=moment.digits % epoch / epoch,
        l2_term=moment.network.l2_term(moment.settings.weight_decay, epoch),
    )


class FigureLabel(QWidget):
    """A small name above a number."""

    grown = Signal()
    """It takes more room than before."""

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
            "epoch_figure", self.tr("epoch"), self.tr("Passes over the training digits."), "9,999.99"
        )
        self.mini_batches = FigureLabel(
            "mini_batches_figure",
            self.tr("mini-batches"),
            self.tr("Updates of the weights so far."),
            "9,999,999",
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
            self.tr("validation, {count} ago").format(count="99,999"),
        )
        self.all = (self.epoch, self.mini_batches, self.rate, self.cost, self.accuracy)

    def show(self, figures: Figures) -> None:
        """Writes all of them out."""
        locale = QLocale()
        self.epoch.show_text(locale.toString(math.floor(100 * figures.epochs) / 100, "f", 2))
        self.mini_batches.show_text(locale.toString(figures.mini_batches))
        rate = figures.mini_batches_per_second
        if rate is None:
            self.rate.show_text("–")
        else:
            self.rate.show_text(locale.toString(round(rate)) if rate >= 10 else locale.toString(rate, "f", 1))
        title = self.tr("cost")
        if figures.l2_term:
            title = self.tr("cost, λ term {value}").format(value=locale.toString(figures.l2_term, "f", 4))
        cost = "–" if figures.cost is None else locale.toString(figures.cost, "f", 4)
        self.cost.show_text(cost, title)
        if figures.accuracy is None:
            self.accuracy.show_text("–", self.tr("validation accuracy"))
        else:
            percent = locale.toString(100 * figures.accuracy, "f", 2)
            self.accuracy.show_text(
                self.tr("{percent} %").format(percent=percent), self._age(figures.accuracy_age)
            )

    def _age(self, mini_batches: int) -> str:
        """The name of an accuracy that was measured so many mini-batches ago."""
        if not mini_batches:
            return self.tr("validation accuracy")
        return self.tr("validation, {count} ago").format(count=QLocale().toString(mini_batches))
