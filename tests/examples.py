"""How many examples a test tries: a few with every change, more where the long tests run."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest
from hypothesis import settings


def examples(count: int) -> int:
    """So many in the long profile, where a test by itself has a hundred; in the short one a fifth of them."""
    return max(3, count * settings().max_examples // 100)


def one_quick(
    names: str | tuple[str, ...],
    values: Iterable[Any],
    ids: Sequence[str] | Callable[[Any], str] | None = None,
    quick: int = 1,
) -> pytest.MarkDecorator:
    """Tries the same promise with several values: the first with every change, the others where the long tests run."""
    single = isinstance(names, str) and "," not in names
    sets = [
        pytest.param(*((value,) if single else value), marks=[pytest.mark.long] if number >= quick else [])
        for number, value in enumerate(values)
    ]
    return pytest.mark.parametrize(names, sets, ids=ids)
