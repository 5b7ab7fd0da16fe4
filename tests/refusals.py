"""What is refused, and the sentence that says so."""

from collections.abc import Callable

import pytest

from mnistviz.engine.problems import Problem
from mnistviz.sentences import sentence


def refusal(work: Callable[..., object], *arguments: object, **named: object) -> Problem:
    """The problem that a call meets; its sentence must name its file, if it has one."""
    with pytest.raises(Problem) as caught:
        work(*arguments, **named)
    assert str(caught.value.values.get("file", "")) in said(caught.value)
    return caught.value


def said(problem: Problem) -> str:
    return sentence(problem.code, problem.values)


def refused(work: Callable[..., object], *arguments: object, **named: object) -> str:
    """The sentence that a call is refused with."""
    return said(refusal(work, *arguments, **named))
