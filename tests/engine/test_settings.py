"""Settings, as values, files and notes: whole, exact, within their bounds, or refused by name in a sentence."""

import math
from itertools import pairwise
from pathlib import Path
from tomllib import loads
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from mnistviz.engine import acts, settings_file
from mnistviz.engine.digits import Digits
from mnistviz.engine.functions import COSTS
from mnistviz.engine.network import Unit
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import MAX_WEIGHTS, SETTINGS, Settings
from tests.declared import BOUNDS, CHOICES
from tests.examples import examples
from tests.refusals import refusal, refused, said


@pytest.mark.parametrize(("field", "bounds"), BOUNDS.items())
def test_a_value_out_of_range_is_refused_with_name_and_range(field: str, bounds: tuple[float, float]) -> None:
    low, high = bounds
    for value in (low, high):
        assert getattr(Settings(**{field: value}).checked(), field) == value  # type: ignore[arg-type]
    for value in (low - 1, high * 2 + 1, math.nan):
        problem = refusal(Settings(**{field: value}).checked)  # type: ignore[arg-type]
        assert problem.values["field"] == field
        assert f"{high:,}".removesuffix(".0") in said(problem)


@pytest.mark.parametrize("field", CHOICES)
def test_unknown_choices_are_refusal(field: str) -> None:
    assert refusal(Settings(**{field: "magic"}).checked).values["field"] == field  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("chosen", "part"),
    [
        ({"mini_batch_size": 10.5}, "The mini-batch size must be a whole number, and 10.5 is not."),
        ({"eta": True}, "The learning rate η must be a number."),
        ({"eta": np.True_}, "The learning rate η must be a number."),
        ({"shift": False}, "The shift must be a number."),
        ({"eta": "3"}, "The learning rate η must be a number, not text."),
        ({"eta": [3.0]}, "The learning rate η must be a number."),
        ({"eta": np.array([3.0, 1.0])}, "The learning rate η must be a number."),
        ({"eta": None}, "The learning rate η must be a number."),
        ({"eta": 3 + 0j}, "The learning rate η must be a number."),
        ({"seed": 10**5_000}, "The seed must lie between 0 and 2,147,483,647"),
        ({"eta": -(10**5_000)}, "The learning rate η must lie between 0.0001 and 1,000"),
        ({"cost": ""}, "The cost must be one of these: quadratic, cross_entropy"),
        ({"cost": ["quadratic"]}, "The cost must be one of these"),
        ({"activation": "x" * 5_000}, f"cannot be {'x' * 40}…;"),
        ({"sizes": "784"}, "in a list such as"),
        ({"sizes": 784}, "in a list such as"),
        ({"sizes": {784, 30, 10}}, "in a list such as"),
        ({"sizes": (784, 30.5, 10)}, "in a list such as"),
        ({"sizes": (784, True, 10)}, "in a list such as"),
        ({"sizes": (784, "30", 10)}, "in a list such as"),
        ({"sizes": np.ones((2, 2))}, "in a list such as"),
        ({"sizes": np.array(784)}, "in a list such as"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_value_of_another_kind_is_refused_in_a_sentence(chosen: dict[str, Any], part: str) -> None:
    assert part in refused(Settings(**chosen).checked)
    assert part in refused(Settings.from_mapping, chosen)  # a file is told the same


def test_numbers_of_numpy_and_lists_of_sizes_become_plain_ones() -> None:
    chosen: dict[str, Any] = {
        "sizes": [784, np.int64(12), 10.0], "seed": np.uint8(7), "eta": np.float32(0.5), "momentum": 0,
        "mini_batch_size": np.float64(20.0), "cost": np.str_("cross_entropy"),
    }  # fmt: skip
    plain = Settings(
        sizes=(784, 12, 10), seed=7, eta=0.5, momentum=0.0, mini_batch_size=20, cost="cross_entropy"
    )
    for found in (Settings(**chosen).checked(), Settings.from_mapping(chosen), Settings().changed(**chosen)):
        assert found == plain
        assert repr(found) == repr(plain)  # of the very same types
        hash(found)
    assert Settings(sizes=np.array([784, 12, 10])).checked().sizes == (784, 12, 10)  # type: ignore[arg-type]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
    | st.dates() | st.sampled_from([np.float32(2), np.int8(3), np.nan, np.True_])
    | st.just(20_000).map(lambda bits: 1 << bits),
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(st.text(max_size=3), parts, max_size=2),
    max_leaves=5,
)  # fmt: skip


@given(field=st.sampled_from(list(SETTINGS)), value=ANYTHING)
@hypothesis_settings(max_examples=examples(300), deadline=None)
def test_whatever_a_value_is_it_is_within_bounds_or_refused_in_one_line(field: str, value: Any) -> None:
    try:
        found = Settings.from_mapping({field: value})
    except Problem as problem:
        told = said(problem)
        assert "went wrong" not in told
        assert told.isprintable()
        assert len(told) < 200
    else:
        for name, (low, high) in BOUNDS.items():
            assert low <= getattr(found, name) <= high
        kinds = [type(getattr(found, name)) for name in SETTINGS]
        assert kinds == [setting.kind for setting in SETTINGS.values()]
        assert found.checked() == found


def numbers(field: str) -> st.SearchStrategy[int | float]:
    low, high = BOUNDS[field]
    if isinstance(getattr(Settings(), field), int):
        return st.integers(int(low), int(high))
    return st.floats(low, high)


def all_sizes() -> st.SearchStrategy[tuple[int, ...]]:
    hidden = st.lists(st.integers(1, 2_000), max_size=8)
    return st.builds(lambda sizes: (784, *sizes, 10), hidden).filter(
        lambda sizes: sum(n_in * n_out for n_in, n_out in pairwise(sizes)) <= MAX_WEIGHTS
    )


def any_settings() -> st.SearchStrategy[Settings]:
    """Settings within their bounds, from one end to the other."""
    values: dict[str, st.SearchStrategy[object]] = {field: numbers(field) for field in BOUNDS}
    values |= {
        field: st.sampled_from(choices)
        for field, choices in CHOICES.items()
        if field not in ("output", "cost")
    }
    return st.builds(
        lambda fit, **others: Settings(output=fit[0], cost=fit[1], **others),
        st.sampled_from(sorted(COSTS)),
        sizes=all_sizes(),
        **values,
    )


def written(folder: Path, text: str) -> Path:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def refused_file(file: Path) -> str:
    told = refused(settings_file.load_settings, file)
    assert "went wrong" not in told
    assert "\n" not in told
    return told


@given(chosen=any_settings())
@hypothesis_settings(max_examples=examples(60), deadline=None)
def test_any_settings_come_back_the_same(chosen: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = written(
        tmp_path_factory.getbasetemp(), settings_file.settings_as_toml(chosen, {"eta": "the learning\nrate"})
    )
    assert settings_file.load_settings(file) == chosen
    assert set(settings_file.read_settings(file)) == set(SETTINGS)


def test_a_file_may_name_a_few_settings_and_the_others_are_as_usual(tmp_path: Path) -> None:
    file = written(tmp_path, "eta = 1  # a whole number will do\nsizes = [784, 12, 10]\n")
    assert settings_file.load_settings(file) == Settings(sizes=(784, 12, 10), eta=1.0)
    assert settings_file.read_settings(file) == {"eta": 1, "sizes": [784, 12, 10]}


def test_a_saved_file_takes_the_place_of_the_old_one_with_its_notes(tmp_path: Path) -> None:
    file = written(tmp_path, "eta = 9.0")
    settings_file.save_settings(Settings(eta=0.25), file, {"seed": "the same seed, the same network"})
    assert settings_file.load_settings(file).eta == 0.25
    assert "# the same seed, the same network\nseed = 1\n" in file.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]


def test_settings_that_will_not_do_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(Problem):
        settings_file.save_settings(Settings(output="softmax"), tmp_path / "settings.toml")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("speed = 3", "no setting named speed"),
        (f"{'x' * 5_000} = 3", "no setting named xxxx"),
        ("[training]\neta = 3", "no setting named training"),
        ("eta = 2000", "The learning rate η must lie between 0.0001 and 1,000"),
        ("seed = 2024-01-01", "The seed must be a number."),
        ("'' = 3", "has no name"),
        ("cost = 3", "The cost must be one of these: quadratic, cross_entropy"),
        ('cost = "cheap\\u001b[31m\\ncost"', "The cost cannot be cheap�[31m�cost"),
        ('"\\u001b[31m" = 3', "no setting named �[31m"),
        (f"seed = 0x{'f' * 20_000}", "The seed"),
        (f"eta = 0x{'f' * 20_000}", "The learning rate η"),
        (f"seed = {'9' * 20_000}", "TOML"),
        ("eta = {a = 1}", "The learning rate η"),
        ("sizes = [784, [30], 10]", "The size of a layer"),
        (f"sizes = [{'784, ' * 10_000}]", "at most 8 hidden layers"),
        ("sizes = 784", "The size of a layer must be a whole number, in a list such as [784, 30, 10]"),
        ("sizes = []", "an input layer and an output layer"),
        ("cost = 'cheap'", "the choices are quadratic, cross_entropy"),
        (f"cost = '{'cheap' * 1_000}'", "The cost"),
        ("output = 'softmax'", "do not fit together"),
        ("eta = ", "TOML"),
        ("eta = 1\neta = 2", "TOML"),
        ("[" * 30_000, "TOML"),
        ("#" * (settings_file.MOST_BYTES + 1), "too large"),
    ],
    ids=lambda text: text[:24],
)
def test_what_is_wrong_in_a_file_is_said_in_one_sentence(text: str, part: str, tmp_path: Path) -> None:
    told = refused_file(written(tmp_path, text))
    assert part in told
    assert len(told) < 400


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "no file" in refused_file(tmp_path / "nothing.toml")
    assert "regular file" in refused_file(tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b"eta = 3 # \xff\xfe")
    assert "UTF-8" in refused_file(tmp_path / "bytes.toml")


ACTS = (
    acts.Changed(200, 2_000, (("eta", 3.0, 1.0),), gesture=1),
    acts.Changed(210, 2_100, (("eta", 1.0, 0.5),), gesture=1),
    acts.Halved(300, 3_000, 0.5, 0.25),
    acts.Restored(400, 4_000, 300),
    acts.Stepped(450, 4_500, 0.1, (7, 3)),
    acts.Edited(460, 4_600, acts.WeightEdit(2, ((0, 0), (2, 3)), (0.0, 1.0))),
    acts.Frozen(470, 4_700, Unit(1, 3)),
    acts.Frozen(480, 4_800, Unit(1, 3), frozen=False),
    acts.Taught(490, 4_900, acts.Lesson(bytes(784), 7, 0.3, (4, 17), 2)),
)


def test_a_note_is_a_file_of_settings_that_says_what_was_done(small_digits: Digits) -> None:
    settings = Settings(sizes=(784, 5, 10), eta=3.0, seed=7)
    note = settings_file.run_note(
        settings_file.NotedRun(settings, ACTS, 500, len(small_digits.training) * 2), small_digits
    )
    assert Settings.from_mapping(loads(note)) == settings
    for part in (
        "after 500 mini-batches, 2 epochs",
        small_digits.checksum,
        "after 200 mini-batches: eta 3.0 → 0.5",  # one gesture
        "after 300 mini-batches: eta halved by its schedule, 0.5 → 0.25",
        "after 400 mini-batches: back to the weights after 300 mini-batches",
        "after 450 mini-batches: one step by eta 0.1 on the training digits 7, 3",
        "after 460 mini-batches: 2 weights or biases of layer 2 set by hand",
        "after 470 mini-batches: unit 3 of layer 1 stops learning",
        "after 480 mini-batches: unit 3 of layer 1 learns again",
        "after 490 mini-batches: a drawing taught as class 7: 2 steps by eta 0.3, beside it the training digits 4, 17",
    ):
        assert part in note
    assert "weights of a file" not in note


def test_the_run_before_is_told_of_in_comments(small_digits: Digits) -> None:
    shown, before = Settings(eta=0.5), Settings(eta=2.0)
    other = settings_file.NotedRun(before, ACTS[:1], 9, 90, loaded=True)
    note = settings_file.run_note(settings_file.NotedRun(shown, (), 0, 0), small_digits, [other])
    assert loads(note) == {**asdict(shown), "sizes": [784, 30, 10], "classes_left_out": []}
    for part in (
        "# The run before, after 9 mini-batches",
        "# begun with the weights of a file",
        "# eta = 2.0",
    ):
        assert part in note


def test_as_a_comment_every_line_is_one(small_digits: Digits) -> None:
    note = settings_file.run_note(settings_file.NotedRun(Settings(), ACTS, 1, 10), small_digits)
    lines = settings_file.as_comment(note).splitlines()
    assert len(lines) == len(note.splitlines())
    assert all(line.startswith("#") for line in lines)
    assert settings_file.as_comment("") == ""
