"""Settings and curves as files: whole, exact, and refused in a sentence where they are wrong."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mnistviz.engine.functions import COSTS
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import MAX_WEIGHTS, Settings
from mnistviz.engine.settings_file import (
    MOST_BYTES,
    load_settings,
    read_settings,
    save_settings,
    settings_as_toml,
)
from mnistviz.sentences import FIELDS, plain_number, sentence
from tests.declared import BOUNDS, CHOICES
from tests.examples import examples


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


def refused(file: Path) -> str:
    with pytest.raises(Problem) as caught:
        load_settings(file)
    told = sentence(caught.value.code, caught.value.values)
    assert "went wrong" not in told
    assert "\n" not in told
    return told


@given(chosen=any_settings())
@hypothesis_settings(max_examples=examples(60), deadline=None)
def test_any_settings_come_back_as_they_were(
    chosen: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = written(tmp_path_factory.getbasetemp(), settings_as_toml(chosen, {"eta": "the learning\nrate"}))
    assert load_settings(file) == chosen
    assert set(read_settings(file)) == {field.name for field in fields(Settings)}


@pytest.mark.parametrize("field", BOUNDS)
@given(chance=st.data())
@hypothesis_settings(max_examples=examples(8), deadline=None)
def test_a_number_out_of_bounds_is_refused_with_its_name_and_range(
    field: str, chance: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    low, high = BOUNDS[field]
    if isinstance(getattr(Settings(), field), int):
        outside = st.integers(-(2**62), int(low) - 1) | st.integers(int(high) + 1, 2**62)
        value: int | float = chance.draw(outside)
    else:
        below = st.floats(max_value=low, exclude_max=True)
        above = st.floats(min_value=high, exclude_min=True)
        value = chance.draw(below | above | st.just(float("nan")))
    told = refused(written(tmp_path_factory.getbasetemp(), f"{field} = {value}"))
    assert told.startswith(FIELDS[field])
    assert f"between {plain_number(low)} and " in told
    assert f"{high:,}".removesuffix(".0") in told


def test_a_file_may_name_a_few_settings_and_the_others_are_as_usual(tmp_path: Path) -> None:
    file = written(tmp_path, "eta = 1  # a whole number will do\nsizes = [784, 12, 10]\n")
    assert load_settings(file) == Settings(sizes=(784, 12, 10), eta=1.0)
    assert load_settings(file, Settings(momentum=0.5)).momentum == 0.5
    assert read_settings(file) == {"eta": 1, "sizes": [784, 12, 10]}


def test_a_saved_file_takes_the_place_of_the_old_one_with_its_notes(tmp_path: Path) -> None:
    file = written(tmp_path, "eta = 9.0")
    save_settings(Settings(eta=0.25), file, {"seed": "the same seed, the same network"})
    assert load_settings(file).eta == 0.25
    assert "# the same seed, the same network\nseed = 1\n" in file.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]


def test_settings_that_will_not_do_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(Problem):
        save_settings(Settings(output="softmax"), tmp_path / "settings.toml")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("speed = 3", "no setting named speed"),
        (f"{'x' * 5_000} = 3", "no setting named xxxx"),
        ("[training]\neta = 3", "no setting named training"),
        ("eta = 'steep'", "The learning rate η must be a number, not text"),
        ("eta = '3'", "The learning rate η must be a number, not text"),
        ("eta = ''", "The learning rate η must be a number, not text"),
        ("eta = true", "The learning rate η must be a number."),
        ("eta = [3.0]", "The learning rate η must be a number."),
        ("seed = 1.5", "The seed must be a whole number, and 1.5 is not."),
        ("seed = 2024-01-01", "The seed must be a number."),
        ("'' = 3", "has no name"),
        ("cost = ''", "The cost must be one of these: quadratic, cross_entropy"),
        ("cost = 3", "The cost must be one of these: quadratic, cross_entropy"),
        ('cost = "cheap\\u001b[31m\\ncost"', "The cost cannot be cheap�[31m�cost"),
        ('"\\u001b[31m" = 3', "no setting named �[31m"),
        (f"seed = 0x{'f' * 20_000}", "The seed"),
        (f"eta = 0x{'f' * 20_000}", "The learning rate η"),
        (f"seed = {'9' * 20_000}", "TOML"),
        ("eta = {a = 1}", "The learning rate η"),
        ("sizes = [784, 30.5, 10]", "The size of a layer"),
        ("sizes = [784, true, 10]", "The size of a layer"),
        ("sizes = [784, [30], 10]", "The size of a layer"),
        (f"sizes = [{'784, ' * 10_000}]", "at most 8 hidden layers"),
        ("sizes = 784", "The size of a layer must be a whole number, in a list such as [784, 30, 10]"),
        ("sizes = '784'", "The size of a layer"),
        ("sizes = []", "an input layer and an output layer"),
        ("cost = 'cheap'", "the choices are quadratic, cross_entropy"),
        (f"cost = '{'cheap' * 1_000}'", "The cost"),
        ("output = 'softmax'", "do not fit together"),
        ("eta = ", "TOML"),
        ("eta = 1\neta = 2", "TOML"),
        ("[" * 30_000, "TOML"),
        ("#" * (MOST_BYTES + 1), "too large"),
    ],
    ids=lambda text: text[:24],
)
def test_what_is_wrong_in_a_file_is_said_in_one_sentence(text: str, part: str, tmp_path: Path) -> None:
    told = refused(written(tmp_path, text))
    assert part in told
    assert len(told) < 400


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "no file" in refused(tmp_path / "nothing.toml")
    assert "regular file" in refused(tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b"eta = 3 # \xff\xfe")
    assert "UTF-8" in refused(tmp_path / "bytes.toml")
