"""The names of classes, layers, units and weights on the screen, and the format of their numbers."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLocale

from mnistviz.engine.digits import PIXELS, SIDE
from mnistviz.engine.functions import Array
from mnistviz.engine.network import Network
from mnistviz.gui.common.numbers import number_text
from mnistviz.gui.common.texts import tr


def class_name(classes: Sequence[str], output: int) -> str:
    """Return the name of an output's class, or its number if the data set has no name for it."""
    return classes[output] if output < len(classes) else QLocale().toString(output)


def with_article(name: str) -> str:
    """Return the name of a digit as "a 4" or "an 8", and any other name as it is."""
    if not name.isdigit():
        return name
    return tr("an {name}", name=name) if name == "8" else tr("a {name}", name=name)


def labelled_name(classes: Sequence[str], label: int, true: int) -> str:
    """Return the name of a digit's class, and its label if that is a different one, drawn at random."""
    name = class_name(classes, label)
    if label == true:
        return name
    return tr("{name}, labelled {label} by chance", name=class_name(classes, true), label=name)


def layer_name(layer: int, sizes: tuple[int, ...]) -> str:
    """Return the name of a layer: hidden 1, hidden 2, …, output. Layer 0 is the input."""
    return tr("output") if layer == len(sizes) - 1 else tr("hidden {number}", number=layer)


def unit_name(layer: int, unit: int, sizes: tuple[int, ...], classes: tuple[str, ...]) -> str:
    """Return the name of a unit: hidden units are counted from 1, an output has the name of its class."""
    if layer == len(sizes) - 1:
        return tr("output “{name}”", name=class_name(classes, unit))
    return tr("unit {number}", number=unit + 1)


def unit_title(layer: int, unit: int, sizes: tuple[int, ...], classes: tuple[str, ...]) -> str:
    if layer == len(sizes) - 1:
        return tr("Output “{name}”", name=class_name(classes, unit))
    if len(sizes) == 3:
        return tr("Unit {number}", number=unit + 1)
    return tr("Hidden {layer} · unit {unit}", layer=layer, unit=unit + 1)


def unit_titles(layer: int, unit: int, sizes: tuple[int, ...], classes: tuple[str, ...]) -> tuple[str, str]:
    brief = tr("Unit {number}", number=unit + 1)
    if layer == len(sizes) - 1:
        brief = tr("“{name}”", name=class_name(classes, unit))
    return unit_title(layer, unit, sizes, classes), brief


def input_name(layer: int, cell: int, sizes: tuple[int, ...]) -> str:
    """Return the source of weight number `cell` of a unit in `layer`: a pixel, or a unit of the previous layer."""
    if layer > 1:
        return tr("from {unit}", unit=unit_name(layer - 1, cell, sizes, ()))
    row, column = divmod(cell, cells(sizes[0])[1])
    return tr("row {row}, column {column}", row=row + 1, column=column + 1)


def cells(n_in: int) -> tuple[int, int]:
    """Return rows and columns of the grid that shows `n_in` weights: 28 × 28 for pixels, else nearly square.

    An exact rectangle is preferred unless it is too long; otherwise the last row ends in empty cells.
    """
    if n_in == PIXELS:
        return SIDE, SIDE
    least = math.ceil(math.sqrt(n_in))
    for columns in range(least, math.isqrt(n_in * 3 // 2) + 1):
        if n_in % columns == 0:
            return n_in // columns, columns
    return -(-n_in // least), least


def unit_numbers(network: Network, layer: int, unit: int) -> str:
    """Return bias, range and length of a unit's weights, in a line."""
    weights = network.weights[layer - 1][unit]
    if not (np.isfinite(weights).all() and np.isfinite(network.biases[layer - 1][unit]).all()):
        return tr("its weights are no longer numbers")
    return _numbers(
        number_text(network.biases[layer - 1][unit]),
        number_text(weights.min()),
        number_text(weights.max()),
        number_text(float(np.linalg.norm(weights)), 1),
    )


def unit_character(network: Network, layer: int, unit: int, classes: tuple[str, ...] = ()) -> str:
    """Say what a unit's weights do: "says yes to ink above the middle, …; for 7, against 4". Empty if not finite."""
    weights, parts = network.weights[layer - 1][unit], []
    if not np.isfinite(weights).all():
        return ""
    if layer == 1 and len(weights) == PIXELS:
        inside = weights.reshape(SIDE, SIDE)[4:-4, 4:-4]  # the digits are there
        thirds = np.add.reduceat(np.add.reduceat(inside, (0, 7, 13), 0), (0, 7, 13), 1)
        places = (
            tr("upper left"), tr("upper middle"), tr("upper right"),
            tr("left"), tr("middle"), tr("right"),
            tr("lower left"), tr("lower middle"), tr("lower right"),
        )  # fmt: skip
        yes, no = (places[int(each)] for each in (thirds.argmax(), thirds.argmin()))
        parts.append(tr("says yes to ink {yes}, no to ink {no}", yes=yes, no=no))
    if layer == len(network.sizes) - 2 and np.isfinite(out := network.weights[layer][:, unit]).all():
        name, other = (class_name(classes, int(each)) for each in (out.argmax(), out.argmin()))
        parts.append(tr("for {name}, against {other}", name=name, other=other))
    return "; ".join(parts)


def _numbers(bias: str, low: str, high: str, norm: str) -> str:
    return tr("bias {bias} · weights {low} to {high} · |w| {norm}", bias=bias, low=low, high=high, norm=norm)


def weight_text(network: Network, initial: Network | None, layer: int, unit: int, cell: int) -> str:
    """Return value and source of a weight; with the `initial` network also its change, and first and last value."""
    weights, name = network.weights[layer - 1][unit], input_name(layer, cell, network.sizes)
    if initial is None:
        value = number_text(weights[cell], _decimals(weights), sign=True)
        return tr("{input}: {value}", input=name, value=value)
    before = initial.weights[layer - 1][unit]
    learned = weights - before
    decimals = _decimals(learned)
    texts = (number_text(each[cell], decimals, sign=True) for each in (learned, before, weights))
    return _change(name, *texts)


def _decimals(values: Array) -> int:
    """Return the number of decimals: two, or more if all values are too small for that."""
    largest = float(np.abs(values).max())
    return min(max(2, 1 - math.floor(math.log10(largest))), 6) if 0 < largest < math.inf else 2


def _change(name: str, learned: str, before: str, value: str) -> str:
    text = tr("{input}: learned {learned}, from {start} to {value}")
    return text.format(input=name, learned=learned, start=before, value=value)


def longest_readings() -> tuple[str, str]:
    """Return the numbers of a unit and those of a weight, as long as they usually get."""
    number, row = number_text(-2.88), input_name(1, PIXELS - 1, (PIXELS, 1))
    return _numbers(number, number, number, number_text(28.8, 1)), _change(row, number, number, number)
