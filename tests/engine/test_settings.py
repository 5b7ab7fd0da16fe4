"""Settings: within their bounds or refused by name."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.sentences import sentence
from tests.declared import BOUNDS, CHOICES
from tests.examples import examples


@pytest.mark.parametrize(("field", "bounds"), BOUNDS.items())
def test_what_is_out_of_bounds_is_refused_with_its_name_and_range(
    field: str, bounds: tuple[float, float]
) -> None:
    low, high = bounds
    for value in (low, high):
        assert getattr(Settings(**{field: value}).checked(), field) == value  # type: ignore[arg-type]
    for value in (low - 1, high * 2 + 1, math.nan):
        with pytest.raises(Problem) as caught:
            Settings(**{field: value}).checked()  # type: ignore[arg-type]
        assert caught.value.values["field"] == field
        text = sentence(caught.value.code, caught.value.values)
        assert f"{high:,}".removesuffix(".0") in text


@pytest.mark.parametrize("field", CHOICES)
def test_unknown_choices_are_refused(field: str) -> None:
    with pytest.raises(Problem) as caught:
        Settings(**{field: "magic"}).checked()  # type: ignore[arg-type]
    assert caught.value.values["field"] == field


def refused(chosen: Settings) -> str:
    """The sentence that these settings are refused with."""
    with pytest.raises(Problem) as caught:
        chosen.checked()
    return sentence(caught.value.code, caught.value.values)


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
    assert part in refused(Settings(**chosen))
    with pytest.raises(Problem) as caught:
        Settings.from_mapping(chosen)
    assert part in sentence(caught.value.code, caught.value.values)  # a file is told the same


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


@given(field=st.sampled_from([field.name for field in fields(Settings)]), value=ANYTHING)
@hypothesis_settings(max_examples=examples(300), deadline=None)
def test_whatever_a_value_is_it_is_within_bounds_or_refused_in_one_line(field: str, value: Any) -> None:
    try:
        found = Settings.from_mapping({field: value})
    except Problem as problem:
        told = sentence(problem.code, problem.values)
        assert "went wrong" not in told
        assert told.isprintable()
        assert len(told) < 200
    else:
        for name, (low, high) in BOUNDS.items():
            assert low <= getattr(found, name) <= high
        kinds = [type(getattr(found, each.name)) for each in fields(Settings)]
        assert kinds == [type(each.default) for each in fields(Settings)]
        assert found.checked() == found
