"""What was read of a set, and which digits are chosen: against plain loops."""

from collections.abc import Sequence
from typing import get_args

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from mnistviz.engine.digits import PIXELS, Digits, DigitSet, TrainingDigits
from mnistviz.engine.microscope.mini_batch import look_at
from mnistviz.engine.mistakes.confusion import MistakeOrder
from mnistviz.engine.moment import Evaluation
from mnistviz.engine.network import Network
from mnistviz.engine.trainer import Trainer
from mnistviz.gui.common.theme import DARK, LIGHT, Theme, letters_on, toned
from mnistviz.gui.minibatch import batch_words
from mnistviz.gui.mistakes import mistake_words as words
from mnistviz.gui.mistakes.confusion_matrix import TONES, matrix_places
from mnistviz.gui.mistakes.read_digits import ALL_MISREAD, MatrixChoice, ReadDigits
from tests.engine.test_record import SMALL
from tests.gui.children import known
from tests.gui.contrast import contrast

LONG = tuple(f"{letter} has a name of about forty letters" for letter in "abcdefghij")


def some_read(classes: Sequence[str] = tuple("0123456789"), count: int = 400) -> ReadDigits:
    """Digits of which about half are misread, in a few classes no digit at all."""
    chance = np.random.default_rng(4)
    labels = chance.integers(0, len(classes), count).astype(np.uint8)
    labels[labels == 1] = 0
    guesses = chance.integers(0, len(classes), count)
    read = np.where(chance.random(count) < 0.5, labels, guesses).astype(np.uint8)
    outputs = chance.random(count).round(1).astype(np.float32)
    images = np.zeros((count, PIXELS), dtype=np.uint8)
    found = Evaluation("test", 40, 400, read, int((labels == read).sum()), count, outputs=outputs)
    return ReadDigits(1, "noise", found, DigitSet(images, labels), tuple(classes))


def test_counts_are_those_of_a_plain_loop() -> None:
    read = some_read()
    pairs = list(zip(read.digits.labels.tolist(), read.found.predictions.tolist(), strict=True))
    assert read.counts.tolist() == [[pairs.count((true, found)) for found in range(10)] for true in range(10)]
    assert read.misread == sum(true != found for true, found in pairs)


@pytest.mark.parametrize("order", get_args(MistakeOrder))
@pytest.mark.parametrize(
    "choice", [ALL_MISREAD, *(MatrixChoice(*each) for each in ((3, None), (None, 4), (3, 4), (3, 3), (1, 1)))]
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
    shares = [words.share_right(right, 10_000)[0] for right in (9_999, 10_000, 1, 0)]
    assert shares == ["99 %", "100 %", "1 %", "0 %"]
    assert words.share_right(0, 0) == ("–",)
    assert words.share_right(6, 7) == ("86 %", "86%"), "a bare number would be one of digits"


@pytest.mark.parametrize("names", [tuple("0123456789"), LONG, LONG[:2], ("yes", "no")])
@pytest.mark.parametrize("size", [QSize(372, 225), QSize(300, 150), QSize(420, 400)])
def test_heads_and_cells_are_inside_apart(qapp: QApplication, names: tuple[str, ...], size: QSize) -> None:
    metrics = QFontMetrics(qapp.font())
    places, last = matrix_places(size, names, 40, metrics), len(names) - 1
    assert QRectF(0, 0, size.width(), size.height()).contains(places.cell(last, last))
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


pytestmark = pytest.mark.usefixtures("qapp")


def test_labels_by_chance_make_other_digits_than_their_own(small_digits: Digits) -> None:
    true, labels = np.array([5, 4, 7], np.uint8), np.array([3, 4, 7], np.uint8)
    found = Evaluation("training", 7, 70, true, 3, 3, True)
    by_chance, plain = (
        ReadDigits(1, "data", found, TrainingDigits(small_digits.training, np.arange(3), each, true), ())
        for each in (labels, true)
    )
    assert plain.has_the_digits_of(plain)
    assert not plain.has_the_digits_of(by_chance)
    overflown = replace(plain, found=replace(found, outputs=np.full(3, np.nan, np.float32)))
    assert words.digit_told(overflown, 0) == words.digit_told(plain, 0), (
        "an output that is not a number is not shown"
    )


def test_a_mini_batch_says_so_too(small_digits: Digits) -> None:
    settings = SMALL.changed(random_labels=1.0)
    trainer = Trainer(Network(settings.sizes, seed=settings.seed), settings, small_digits.training)
    batch = look_at(trainer.state(), trainer.network, small_digits.training)
    place = int(np.flatnonzero(batch.labels != batch.true_labels)[0])
    label, true = batch.labels[place], batch.true_labels[place]
    told = batch_words.digit_told(batch, tuple("0123456789"), batch.gradient_lengths, place)
    assert f"It is {true}, labelled {label} by chance, read as" in told
    assert "as its label says" in batch_words.note(batch, is_next=False)
