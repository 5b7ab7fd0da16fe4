"""Every fault has a sentence, and a fault without one still says something."""

from __future__ import annotations

import re
import string
from pathlib import Path

import mnistviz
from mnistviz.sentences import FIELDS, SENTENCES, sentence

SOURCES = sorted(Path(mnistviz.__file__).parent.rglob("*.py"))


def test_every_code_that_the_program_raises_has_a_sentence() -> None:
    raised = {
        code
        for source in SOURCES
        for code in re.findall(r'\b(?:Problem|Finding)\(\s*"(\w+)"', source.read_text(encoding="utf-8"))
    }
    assert raised
    assert raised <= SENTENCES.keys()


def test_sentences_have_names_in_their_places() -> None:
    for text in SENTENCES.values():
        places = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        assert all(name.isidentifier() for name in places), text


def test_numbers_are_written_for_people() -> None:
    text = sentence("data_too_large", {"file": "train", "most": 500_000})
    assert text == "train is too large: at most 500,000 digits are read."
    assert "500.000" in sentence("data_too_large", {"file": "t", "most": 500_000}, number=lambda n: "500.000")


def test_a_setting_is_called_by_its_name_on_the_screen() -> None:
    values = {"field": "eta", "value": 1e4, "low": 0.0001, "high": 1000.0}
    assert sentence("setting_out_of_range", values).startswith(FIELDS["eta"])


def test_a_translation_keeps_the_places() -> None:
    text = sentence(
        "data_not_gzip", {"file": "train"}, translate=lambda english: "{file} ist keine gzip-Datei."
    )
    assert text == "train ist keine gzip-Datei."


def test_an_unknown_code_still_says_something() -> None:
    assert "never_heard_of" in sentence("never_heard_of", {"value": 1})


def test_several_texts_are_joined_and_sizes_stay_sizes() -> None:
    values: dict[str, object] = {"field": "cost", "choices": ("quadratic", "cross_entropy")}
    assert sentence("setting_not_choice", values).endswith("these: quadratic, cross_entropy.")
    values = {"field": "sizes", "value": (784, 13, 10), "network": (784, 12, 10)}
    assert "(784, 13, 10)" in sentence("settings_of_other_network", values)
