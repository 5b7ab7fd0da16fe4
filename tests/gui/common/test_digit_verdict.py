"""One verdict on one digit: the same words for it wherever the window shows it."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.digits import DigitSet
from mnistviz.engine.moment import Evaluation
from mnistviz.gui.common.digit_verdict import digit_verdict
from mnistviz.gui.mistakes import mistake_words
from mnistviz.gui.mistakes.read_digits import ReadDigits

DIGITS = tuple("0123456789")
CLOTHES = ("T-shirt", "Trouser", "Pullover")


@pytest.mark.parametrize(
    ("output", "label", "line", "in_list"),
    [
        (0.98, 7, "7 · ✓ right", "7 ✓"),
        (0.98, 4, "7 · ✗ wrong · label 4", "4 → 7 ✗"),
        (0.49, 7, "not sure · perhaps 7 ✓", "7? ✓"),
        (0.49, 4, "not sure · label 4 · perhaps 7 ✗", "4 → 7? ✗"),
        (0.03, 4, "no output fires · label 4 · highest 7 ✗", "4 → 7? ✗"),
        (0.98, None, "7", "7"),
        (0.49, None, "not sure · perhaps 7", "7?"),
        (None, 4, "7 · ✗ wrong · label 4", "4 → 7 ✗"),
    ],
)
def test_a_verdict_names_the_prediction_its_certainty_and_the_truth(
    output: float | None, label: int | None, line: str, in_list: str
) -> None:
    told = digit_verdict(7, output, DIGITS, label)
    assert (told.line, told.from_label()) == (line, in_list)


def test_a_share_of_softmax_and_a_label_by_chance_have_words_of_their_own() -> None:
    assert digit_verdict(7, 0.09, DIGITS, kind="softmax").word == "not sure"
    assert digit_verdict(7, 0.9, DIGITS, 7, true_label=4).truth == "✓ as labelled"
    assert digit_verdict(7, 0.9, DIGITS, 3, true_label=7).truth == "✗ not as labelled"
    assert digit_verdict(2, 0.4, CLOTHES, 1).from_label() == "→ Pullover? ✗"


def test_mistakes_says_how_sure_the_network_is() -> None:
    digits = DigitSet(np.zeros((3, 784), np.uint8), np.array([4, 5, 6], np.uint8))
    found = Evaluation(
        "test",
        7,
        70,
        np.array([7, 5, 6], np.uint8),
        2,
        3,
        True,
        outputs=np.array([0.03, 0.4, 0.9], np.float32),
    )
    read = ReadDigits(1, "data", found, digits, DIGITS)
    assert [mistake_words.tile_lines(read, number)[0].text for number in range(3)] == [
        "4 → 7?",
        "5 → 5?",
        "6 → 6",
    ]
    assert mistake_words.digit_told(read, 0) == (
        "It is 4, but was read as 7 with output 0.03. The verdict: no output fires."
    )
    assert mistake_words.digit_told(read, 1).endswith("with output 0.40. The verdict: not sure.")
    assert mistake_words.digit_told(read, 2) == "It is 6, and was read right with output 0.90."
