"""What was read of a set, and which digits are chosen: against plain loops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from mnistviz.engine.digits import PIXELS, DigitSet
from mnistviz.engine.mistakes.confusion import MistakeOrder
from mnistviz.engine.moment import Evaluation
from mnistviz.gui.common.theme import DARK, LIGHT, Theme, letters_on, toned
from mnistviz.gui.mistakes import mistake_words as words
from mnistviz.gui.mistakes.confusion_matrix import TONES, matrix_places
from mnistviz.gui.mistakes.read_digits import ALL_MISREAD, MatrixChoice, ReadDigits
from tests.gui.children import known
from tests.gui.contrast import contrast

LONG = tuple(f"{letter} has a name of about forty letters" for letter in "abcdefghij")


def some_read(classes: Sequence[str] = tuple("0123456789"), count: int = 400) -> ReadDigits:
    """Digits of which about half are misread, in a few classes no digit at all."""
    chance = np.random.default_rng(4)
    labels = chance.integers(0, len(classes), count).astype(np.uint8)
    labels[labels == 1] = 0
    read = np.where(chance.random(count) < 0.5, labels, chance.integers(0, len(classes), count)).astype(
        np.uint8
    )
    outputs = chance.random(count).round(1).astype(np.float32)
    images = np.zeros((count, PIXELS), dtype=np.uint8)
    right = int((labels == read).sum())
    found = Evaluation("test", 40, 400, read, right, count, outputs=outputs)
    return ReadDigits(1, "noise", found, DigitSet(images, labels), tuple(classes))


def test_counts_are_those_of_a_plain_loop() -> None:
    read = some_read()
    pairs = list(zip(read.digits.labels.tolist(), read.found.predictions.tolist(), strict=True))
    assert read.counts.tolist() == [[pairs.count((true, found)) for found in range(10)] for true in range(10)]
    assert read.misread == sum(true != found for true, found in pairs)


@pytest.mark.parametrize("order", get_args(MistakeOrder))
@pytest.mark.parametrize(
    "choice",
    [
        ALL_MISREAD,
        MatrixChoice(3),
        MatrixChoice(None, 4),
        MatrixChoice(3, 4),
        MatrixChoice(3, 3),
        MatrixChoice(1, 1),
    ],
)
def test_a_part_of_the_matrix_has_its_digits_in_order(choice: MatrixChoice, order: MistakeOrder) -> None:
    read = some_read()
    labels, found, outputs = read.digits.labels, read.found.predictions, known(read.found.outputs)
    wanted = [
        number
        for number in range(len(found))
        if (labels[number] != found[number] or None not in (choice.true, choice.read))
        and choice.true in (None, labels[number])
        and choice.read in (None, found[number])
    ]
    sure: list[float] = outputs.tolist()
    if order == "surest":
        wanted.sort(key=lambda number: -sure[number])
    elif order == "least_sure":
        wanted.sort(key=lambda number: sure[number])
    assert read.chosen(choice, order).tolist() == wanted


def test_a_share_is_all_or_none_only_where_it_is() -> None:
    assert words.share_right(9_999, 10_000)[0] == "99 %"
    assert words.share_right(10_000, 10_000)[0] == "100 %"
    assert words.share_right(1, 10_000)[0] == "1 %"
    assert words.share_right(0, 7)[0] == "0 %"
    assert words.share_right(0, 0) == ("–",)
    assert words.share_right(7, 7) == ("100 %", "100%", "all")
    assert words.share_right(6, 7) == ("86 %", "86%"), "a bare number would be one of digits"
    assert words.short_counts(0) == ()
    assert words.short_counts(12_345) == ("12,345", "12k")


@pytest.mark.parametrize("names", [tuple("0123456789"), LONG, LONG[:2], ("yes", "no")])
@pytest.mark.parametrize("size", [QSize(372, 225), QSize(300, 150), QSize(420, 400)])
def test_heads_and_cells_are_inside_and_apart(
    qapp: QApplication, names: tuple[str, ...], size: QSize
) -> None:
    metrics = QFontMetrics(qapp.font())
    places, last = matrix_places(size, names, 40, metrics), len(names) - 1
    whole = QRectF(0, 0, size.width(), size.height())
    assert whole.contains(places.cell(last, last))
    assert places.cell(0, 0).topLeft().toTuple() == (places.left, places.top)
    assert min(places.across, places.down) > 8
    assert places.turned == (max(map(metrics.horizontalAdvance, names)) + 4 > places.across)
    assert places.cell(0, 1).left() >= places.cell(0, 0).right()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_each_count_is_read_on_its_tone(theme: Theme) -> None:
    for hue in theme.runs:
        for tone in TONES:
            ground = toned(theme, hue, tone - 1)
            assert contrast(letters_on(theme, ground), ground) >= 4.5, (hue, tone)
