"""Every fault has a sentence, and a fault without one still says something."""

import ast
import re
import string
from pathlib import Path

import mnistviz
from mnistviz.notice_sentences import NOTICE_SENTENCES
from mnistviz.sentences import FIELDS, REASONS, SENTENCES, sentence

SOURCES = sorted(Path(mnistviz.__file__).parent.rglob("*.py"))


def test_every_code_that_the_program_raises_has_a_sentence() -> None:
    raised = {
        code
        for source in SOURCES
        for code in re.findall(r'\b(?:Problem|Finding)\(\s*"(\w+)"', source.read_text(encoding="utf-8"))
    }
    assert raised
    assert raised <= SENTENCES.keys()


USUAL: dict[str, object] = {
    "setting": "eta", "settings": ("eta", "momentum"),
    "old": 0.05, "new": 100.0, "eta": 0.001, "step": 149_120, "place": 12.4, "epoch": 12,
    "epochs": 12.4, "accuracy": 95.19, "now": 84.21, "before": 0.0154, "after": 0.0228, "training": 99.98,
    "validation": 83.81, "names": ("8",), "number": 2, "count": 12, "all": 10_000, "layer": 1, "share": 87,
    "digits": 500, "times": 120, "classes": 10,
    "without": 0.0231, "momentum": 0.99, "dropout": 0.9, "weight_decay": 500.0, "units": 2, "steps": 5,
    "mini_batch_size": 10_000, "eta_now": 0.0012, "effect": "same", "short_effect": "probably_more",
}  # fmt: skip
"""What stands in the places of a notice, as it mostly is."""


def test_every_notice_has_a_sentence_a_short_form_and_what_lies_behind_it() -> None:
    codes = [code for code in NOTICE_SENTENCES if not code.endswith(("_short", "_why"))]
    assert len(codes) > 20
    assert sorted(NOTICE_SENTENCES) == sorted(
        code + form for code in codes for form in ("", "_short", "_why")
    )
    for code in codes:
        long, short, why = (sentence(code + form, USUAL) for form in ("", "_short", "_why"))
        assert len(short) <= 60, short
        assert len(short) < len(long)
        assert not short.endswith(".")
        assert 1 <= len(re.findall(r"[.?!](?= |$)", why)) <= 3, why


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


def test_a_list_is_joined_where_the_sentence_is_made() -> None:
    text = sentence("recipe_not_known", {"name": "slow", "names": ("fast", "best")})
    assert text == "There is no recipe named slow; the recipes are fast, best."


def test_a_reason_of_our_own_is_in_the_readers_language_and_the_systems_in_its_own() -> None:
    german = {REASONS["not_utf8"]: "es ist kein UTF-8-Text"}

    def said(reason: str) -> str:
        return sentence(
            "data_unreadable", {"file": "a", "reason": reason}, lambda text: german.get(text, text)
        )

    assert said("not_utf8") == "a cannot be read: es ist kein UTF-8-Text."
    assert said("Permission denied") == "a cannot be read: Permission denied."


def test_the_engine_speaks_no_language() -> None:
    """What it raises and finds are codes and values: no words, and no list made into a text."""
    said = [
        f"{source.name}, line {call.lineno}: {word.value!r}"
        for source in SOURCES
        if source.parent.name == "engine"
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("Problem", "Finding", "OSError")
        for word in ast.walk(call)
        if isinstance(word, ast.Constant)
        and isinstance(word.value, str)
        and not re.fullmatch(r"[\w.]*", word.value)
    ]
    assert not said, said


def test_several_texts_are_joined_and_sizes_stay_sizes() -> None:
    values: dict[str, object] = {"field": "cost", "choices": ("quadratic", "cross_entropy")}
    assert sentence("setting_not_choice", values).endswith("these: quadratic, cross_entropy.")
    values = {"field": "sizes", "value": (784, 13, 10), "network": (784, 12, 10)}
    assert "(784, 13, 10)" in sentence("settings_of_other_network", values)
