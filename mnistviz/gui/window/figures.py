"""The figures of the bar on top, as values, and what the bar says of them in words."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from mnistviz.gui.common import numbers
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
        mini_batches_per_second=None if shown.held else run.mini_batches_per_second,
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


PLAIN = Figures(epochs=99.99, cost=9.9999, accuracy=1.0, accuracy_epochs=99.99, rests=False)
"""Figures as most runs have them: there is always room for these numbers as they are."""

LONGEST = tuple(
    replace(
        PLAIN,
        epochs=99_999.99,
        cost=9.99e-99,
        l2_term=9.99e-99,
        accuracy_age=9_999_999,
        accuracy_epochs=99_999.99,
        **others,
    )
    for others in (
        {},
        {"near": True},
        {"opened": ""},
        {"opened": "", "near": True},
        {"past": True},
        {"accuracy_part": 99_999},
    )
)
"""The longest figures that the bar makes room for, with all that may be said of them."""


@dataclass(frozen=True)
class Texts:
    """A figure in words: its number and what stands above it, each from long to short, and what the tooltip adds."""

    numbers: tuple[str, ...]
    titles: tuple[str, ...]
    more: str


def epoch_texts(figures: Figures) -> Texts:
    """How far the run is, and since when that counts."""
    titles: tuple[str, ...] = (QCoreApplication.translate("Figures", "epoch"),)
    more = [
        QCoreApplication.translate("Figures", "Updates of the weights so far: {count}.").format(
            count=numbers.whole(figures.mini_batches)
        )
    ]
    if figures.opened is not None:
        titles = (
            QCoreApplication.translate("Figures", "epochs since opened"),
            QCoreApplication.translate("Figures", "since opened"),
            QCoreApplication.translate("Figures", "epochs")
            if figures.near
            else QCoreApplication.translate("Figures", "+ epochs"),
        )
        more.append(
            QCoreApplication.translate("Figures", "Counted since this network was opened: {learned}.").format(
                learned=figures.opened
            )
        )
    written = (
        numbers.epochs(figures.epochs),
        numbers.whole(math.floor(figures.epochs + 1e-8)),
        *_shortest(figures.epochs),
    )
    return _marked(figures, written, titles, more)


def cost_texts(figures: Figures) -> Texts:
    """The cost, and what weight decay adds to it."""
    title = QCoreApplication.translate("Figures", "cost")
    titles: tuple[str, ...] = (title,)
    more = []
    if figures.l2_term and math.isfinite(figures.l2_term):
        term = numbers.cost(figures.l2_term)
        titles = (
            QCoreApplication.translate("Figures", "cost, λ term {value}").format(value=term),
            title,
        )
        more.append(
            QCoreApplication.translate("Figures", "The λ term, λ/2n Σw², adds {value} to it.").format(
                value=term
            )
        )
    cost = figures.cost
    if cost is None or not math.isfinite(cost):
        return _marked(figures, ("–",), titles, more)
    return _marked(figures, (numbers.cost(cost), numbers.short_cost(cost), *_shortest(cost)), titles, more)


def accuracy_texts(figures: Figures) -> Texts:
    """The accuracy on the validation digits: of which network it is, and of how many digits."""
    usual: tuple[str, ...] = (
        QCoreApplication.translate("Figures", "validation accuracy"),
        QCoreApplication.translate("Figures", "accuracy"),
    )
    if figures.accuracy is None:
        return Texts(("–",), usual, "")
    titles, more = usual, []
    part, age = numbers.whole(figures.accuracy_part), numbers.whole(figures.accuracy_age)
    if figures.accuracy_part:
        titles = (
            QCoreApplication.translate("Figures", "accuracy on {count} validation digits").format(count=part),
            QCoreApplication.translate("Figures", "accuracy on {count} digits").format(count=part),
            QCoreApplication.translate("Figures", "{count} digits").format(count=part),
            QCoreApplication.translate("Figures", "some digits"),
        )
        more.append(
            QCoreApplication.translate(
                "Figures", "Measured on the first {count} validation digits. At rest, all are measured."
            ).format(count=part)
        )
    if figures.past and figures.accuracy_age:
        titles = _earlier(figures)
    elif not figures.accuracy_part and (figures.accuracy_age or not figures.rests):
        at = numbers.epochs(figures.accuracy_epochs)
        titles = (
            QCoreApplication.translate("Figures", "accuracy at epoch {number}").format(number=at),
            *usual,
        )
    if figures.accuracy_age == 1:
        more.append(QCoreApplication.translate("Figures", "Measured 1 mini-batch ago."))
    elif figures.accuracy_age:
        more.append(
            QCoreApplication.translate("Figures", "Measured {count} mini-batches ago.").format(count=age)
        )
    return Texts((numbers.percent(figures.accuracy),), titles, " ".join(more))


def speed_text(figures: Figures) -> str:
    """How fast the network learns now; empty where nobody knows."""
    rate = figures.mini_batches_per_second
    if rate is None:
        return ""
    shown = numbers.whole(round(float(f"{rate:.2g}"))) if rate >= 10 else numbers.rounded(rate, 2)
    return QCoreApplication.translate("Figures", "Now: {rate} mini-batches per second.").format(rate=shown)


def _earlier(figures: Figures) -> tuple[str, ...]:
    """That the accuracy was measured earlier than at the moment shown."""
    earlier = (
        QCoreApplication.translate("Figures", "accuracy, earlier"),
        QCoreApplication.translate("Figures", "earlier"),
    )
    if figures.accuracy_age == 1:
        return (
            QCoreApplication.translate("Figures", "accuracy, measured 1 mini-batch ago"),
            QCoreApplication.translate("Figures", "accuracy, 1 mini-batch ago"),
            *earlier,
        )
    age = numbers.whole(figures.accuracy_age)
    return (
        QCoreApplication.translate("Figures", "accuracy, measured {count} mini-batches ago").format(
            count=age
        ),
        QCoreApplication.translate("Figures", "accuracy, {count} mini-batches ago").format(count=age),
        *earlier,
    )


def _marked(figures: Figures, written: tuple[str, ...], titles: tuple[str, ...], more: list[str]) -> Texts:
    """The texts with a ≈ above the number, if it is of another moment than the one that was asked for."""
    if figures.near:
        titles = tuple(f"≈ {title}" for title in titles)
        more.append(
            QCoreApplication.translate(
                "Figures", "This is a moment close by; the exact one is being computed."
            )
        )
    return Texts(written, titles, " ".join(more))


def _shortest(value: float) -> tuple[str, ...]:
    """The shortest form of a very small or very large number."""
    return (numbers.one_figure(value),) if value > 0 else ()
