"""The content of the plot in the Layers tab: the size of gradient and step of each layer over the run."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from mnistviz.engine.columns import Columns
from mnistviz.engine.history import LayerSize
from mnistviz.gui.common import numbers
from mnistviz.gui.common.numbers import number_text, tick, whole
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.layers.size_plot import SizeLine, SizesContent

translate = QCoreApplication.translate

MOST_POINTS: Final = 500  # of a line: neighbours are averaged
_PLAIN: Final = (0.9e-4, 1.1e6)  # numbers between these need no power of ten


def line_names(number: int, count: int) -> tuple[str, ...]:
    if number == count - 1:
        return translate("Layers", "outputs"), translate("Layers", "out")
    said = translate("Layers", "hidden {number}").format(number=whole(number + 1))
    return said, whole(number + 1)


def size_text(value: float) -> str:
    if not np.isfinite(value):
        return translate("Layers", "no finite number")
    if value and not _PLAIN[0] <= value < _PLAIN[1]:
        return numbers.cost(value)
    return numbers.rounded(value, 3)


def size_tick(value: float) -> str:
    return tick(value) if _PLAIN[0] <= value < _PLAIN[1] else numbers.one_figure(value)


def present_sizes(
    shown: Shown, name: LayerSize, hue: str, other: RunFacts | None = None, other_hue: str = ""
) -> SizesContent:
    """Return the content for the selected run, and for the `other` run up to as many digits."""
    run = shown.run
    title, about, message = _words(name)
    if run is None:
        return SizesContent(hue, title, about, message=message)
    epoch, columns = max(1, shown.epoch_of(run)), run.history.layer_sizes(name)
    group, lines = _lines(columns, epoch)
    beside, end = tuple[SizeLine, ...](), max(run.digits_seen / epoch, 1e-3)
    if other is not None and lines:
        _, beside = _lines(other.history.layer_sizes(name), epoch)
        said = translate("Layers", "{run} {name}")
        count = max(1, int(np.count_nonzero(beside[0].x <= end))) if beside else 0
        beside = tuple(
            SizeLine(
                tuple(said.format(run=other.letter, name=own) for own in each.names),
                each.x[:count],
                each.y[:count],
            )
            for each in beside
        )
    unit = translate("Layers", "since opened") if run.opened else translate("Layers", "epochs")
    here = run.digits_at(shown.here) / epoch
    return SizesContent(
        hue,
        title,
        about,
        _ratio(lines, here),
        lines,
        end,
        unit,
        here if run.step else None,
        "" if lines else message,
        size_tick,
        tick,
        partial(_told, lines, beside, columns[0], group, epoch) if columns else lambda at: "",
        beside,
        other_hue,
    )


def _lines(columns: tuple[Columns, ...], epoch: int) -> tuple[int, tuple[SizeLine, ...]]:
    """Return a line for each layer, and the number of measurements averaged in each of its points."""
    group = max(1, -(-max(map(len, columns), default=0) // MOST_POINTS))
    return group, tuple(
        SizeLine(
            line_names(number, len(columns)), each.positions("digits", 0, group) / epoch, each.means(0, group)
        )
        for number, each in enumerate(columns)
    )


def _words(name: LayerSize) -> tuple[str, tuple[str, ...], str]:
    if name == "gradient":
        return (
            translate("Layers", "Gradient"),
            (
                translate("Layers", "length of ∂C/∂b by layer, over 500 digits, log scale"),
                translate("Layers", "length of ∂C/∂b by layer, log scale"),
                translate("Layers", "length of ∂C/∂b, log"),
            ),
            translate(
                "Layers",
                "How large the gradient of each layer is, all along the run, appears here with its first measurement.",
            ),
        )
    return (
        translate("Layers", "Step"),
        (
            translate("Layers", "how far one mini-batch moves each layer, log scale"),
            translate("Layers", "by layer, log scale"),
            translate("Layers", "log scale"),
        ),
        translate(
            "Layers",
            "How far a mini-batch moves each layer, all along the run, appears here with the first measurement.",
        ),
    )


def _ratio(lines: tuple[SizeLine, ...], here: float) -> tuple[str, ...]:
    """Return how many times larger the last hidden layer's size is than the first one's, at the start and at the shown
    step. With one hidden layer, the outputs take the place of the last."""
    if len(lines) < 2:
        return ()
    last = lines[max(1, len(lines) - 2)]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios: NDArray[np.float64] = last.y / lines[0].y
    good = np.flatnonzero(np.isfinite(ratios))
    known = good[lines[0].x[good] <= here + 1e-9]
    if not good.size or not known.size:
        return ()
    start, now = (_times(float(ratios[at])) for at in (good[0], known[-1]))
    both = translate("Layers", "{layer} ÷ {first}: {start} at the start, {now} here")
    brief = translate("Layers", "{layer} ÷ {first}: {now} here")
    values = {"layer": last.names[0], "first": lines[0].names[0], "start": start, "now": now}
    return both.format(**values), brief.format(**values)


def _times(value: float) -> str:
    return number_text(value, 1) if 0.1 <= value < 100 else size_text(float(f"{value:.2g}"))


def _told(
    lines: tuple[SizeLine, ...],
    beside: tuple[SizeLine, ...],
    columns: Columns,
    group: int,
    epoch: int,
    at: int,
) -> str:
    """Describe a measurement, a line for each layer; and that of the run beside after about as many digits."""
    first = columns.rows[min(at * group, len(columns) - 1)]
    step, place = int(first["first_step"]), int(first["first_digits"]) / epoch
    when = translate("Layers", "epoch {epoch}, mini-batch {step}").format(
        epoch=numbers.epochs(place), step=whole(step)
    )
    said = translate("Layers", "{name}: {size}")
    each = [said.format(name=line.names[0], size=size_text(float(line.y[at]))) for line in reversed(lines)]
    for line in reversed(beside):
        near = int(np.abs(line.x - lines[0].x[at]).argmin())
        each.append(said.format(name=line.names[0], size=size_text(float(line.y[near]))))
    return "\n".join([when, *each])
