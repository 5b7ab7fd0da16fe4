"""Programs that tests start."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pytest


class Said(NamedTuple):
    out: str
    err: str


Program = Callable[..., Said]
"""Types a command of `mnistviz`, and returns what it says; it must end with `code`, 0 or another, or any of several."""


def program_heard_by(capture: pytest.CaptureFixture[str]) -> Program:
    from mnistviz.command_line import main

    def run(*typed: object, code: int | tuple[int, ...] = 0) -> Said:
        try:
            ended: object = main([*map(str, typed)])
        except SystemExit as end:
            ended = end.code
        said = Said(*capture.readouterr())
        assert ended in (code if isinstance(code, tuple) else (code,)), said
        return said

    return run


def ended_well(command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """What a program has said; where it ends with a fault, the test fails with what it said of that."""
    ran = subprocess.run(command, capture_output=True, text=True, **options)
    assert ran.returncode == 0, f"it ended with code {ran.returncode} and said:\n{ran.stderr}"
    return ran
