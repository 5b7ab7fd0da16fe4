"""Settings: within their bounds or refused by name."""

from __future__ import annotations

import math

import pytest

from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import BOUNDS, MAX_HIDDEN_LAYERS, MAX_UNITS, Settings
from mnistviz.sentences import sentence


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


@pytest.mark.parametrize(
    "sizes",
    [
        (),
        (784,),
        (784, 0, 10),
        (784, MAX_UNITS + 1, 10),
        (785, 10),
        (784, *[10] * (MAX_HIDDEN_LAYERS + 1), 10),
        (784, 2000, 2000, 10),
    ],
)
def test_a_network_that_cannot_be_built_is_refused_in_a_sentence(sizes: tuple[int, ...]) -> None:
    with pytest.raises(Problem) as caught:
        Settings(sizes=sizes).checked()
    assert "went wrong" not in sentence(caught.value.code, caught.value.values)


def test_unknown_choices_are_refused() -> None:
    with pytest.raises(Problem) as caught:
        Settings(activation="magic").checked()
    assert caught.value.values["field"] == "activation"
