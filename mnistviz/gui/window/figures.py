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
            "epoch_figure", self.tr("epoch"), self.tr("Passes over the training digits."), "9,999.99"
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
            self._ago("9,999"),
        )
        self.all = (self.epoch, self.rate, self.cost, self.accuracy)
        self._short = False
        self._age = 0
        self._longest = "9,999"  # of all ages so far, as it is written

    def set_short(self, short: bool) -> None:
        """Whether only the tooltip says how old the accuracy is."""
        if short != self._short:
            self._short = short
            self.accuracy.title.setText("")
            self.accuracy.set_widest_title(self.tr("validation") if short else self._ago(self._longest))
            self._show_age()

    def show(self, figures: Figures) -> None:
        """Writes all of them out."""
        locale = QLocale()
        self.epoch.show_text(locale.toString(math.floor(100 * figures.epochs) / 100, "f", 2))
        self.epoch.add_to_tip(
            self.tr("Updates of the weights so far: {count}.").format(
                count=locale.toString(figures.mini_batches)
            )
        )
        rate = figures.mini_batches_per_second
        if rate is None:
            self.rate.show_text("–")
        else:
            self.rate.show_text(locale.toString(round(rate)) if rate >= 10 else locale.toString(rate, "f", 1))
        title = self.tr("cost")
        if figures.l2_term and math.isfinite(figures.l2_term):
            title = self.tr("cost, λ term {value}").format(value=locale.toString(figures.l2_term, "f", 4))
        known = figures.cost is not None and math.isfinite(figures.cost)
        cost = locale.toString(figures.cost or 0.0, "f", 4) if known else "–"
        self.cost.show_text(cost, title)
        percent = locale.toString(100 * (figures.accuracy or 0.0), "f", 2)
        self.accuracy.value.setText(
            "–" if figures.accuracy is None else self.tr("{percent} %").format(percent=percent)
        )
        self._age = figures.accuracy_age
        self._show_age()

    def _show_age(self) -> None:
        """Says how many mini-batches ago the accuracy was measured."""
        count = QLocale().toString(self._age)
        self._longest = max(self._longest, count, key=len)
        told = self.tr("It was measured {count} mini-batches ago.").format(count=count)
        self.accuracy.add_to_tip(told if self._age else "")
        if self._short:
            title = self.tr("validation")
        else:
            title = self._ago(count) if self._age else self.tr("validation accuracy")
        self.accuracy.show_text(self.accuracy.value.text(), title)

    def _ago(self, count: str) -> str:
        return self.tr("validation, {count} ago").format(count=count)
