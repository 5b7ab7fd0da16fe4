"""What was predicted, and how right it was: the tally of a page, and the table of all."""

from __future__ import annotations

import csv

from mnistviz.engine.scores import score_choice, score_share
from mnistviz.gui.lab.predictions import MOST, Prediction, Predictions
from mnistviz.gui.window.scene import WindowScene


def some_predictions() -> Predictions:
    found = Predictions()
    far = score_share(0.6, 0.94)
    assert far is not None
    found.add("binary_outputs", "layer", "You said 60 %.", "All bits: 94 %, outputs: 95 %.", far)
    found.add("binary_outputs", "layer", "You said 94 %.", "", score_choice(0, 0, ordered=False))
    found.add("perceptron", "xor", "You said: no.", "", score_choice(0, 0, ordered=False))
    return found


def test_a_page_counts_its_own() -> None:
    assert some_predictions().tally("binary_outputs") == {"right": 1, "close": 0, "wrong": 1}
    assert not sum(some_predictions().tally("valley").values())


def test_the_table_has_a_line_for_each_and_no_names() -> None:
    rows = list(csv.DictReader(some_predictions().as_csv().splitlines()))
    assert [row["verdict"] for row in rows] == ["wrong", "right", "right"]
    assert rows[0] == {
        "page": "binary_outputs", "question": "layer", "said": "You said 60 %.",
        "came": "All bits: 94 %, outputs: 95 %.", "verdict": "wrong", "off": "0.34", "unit": "points",
    }  # fmt: skip


def test_the_next_start_finds_them_again_and_passes_over_what_is_none() -> None:
    found = some_predictions()
    written = WindowScene(predictions=found.all).values()
    again = Predictions()
    again.restore(WindowScene.of(written).predictions)
    assert again.all == found.all
    again.restore(WindowScene.of({"predictions": [{"verdict": "perhaps"}, 7, None]}).predictions)
    assert not again.all
    again.restore([Prediction(verdict="right", question=str(number)) for number in range(MOST + 5)])
    assert len(again.all) == MOST
    newest = again.all[-1:]
    assert newest[0].question == str(MOST + 4)
