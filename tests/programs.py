"""Programs that tests start, and the command `mnistviz`, run in the tests' own process."""

import subprocess
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest


class Said(NamedTuple):
    out: str
    err: str


class Program:
    """Types a command of `mnistviz`, and returns what it says; it must end with `code`, or one of several."""

    def __init__(self, printed: pytest.CaptureFixture[str]) -> None:
        self._printed = printed

    def __call__(self, *typed: object, code: int | tuple[int, ...] = 0) -> Said:
        from mnistviz.command_line import main

        self._printed.readouterr()
        try:
            ended: object = main([*map(str, typed)])
        except SystemExit as end:
            ended = end.code
        said = Said(*self._printed.readouterr())
        assert ended in (code if isinstance(code, tuple) else (code,)), said
        return said

    def refuses(self, *typed: object) -> str:
        """Return the sentence with which it refuses what is typed: one line, and nothing else."""
        said = self(*typed, code=2)
        assert (said.out, said.err.count("\n")) == ("", 1)
        return said.err


def ended_well(command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """What a program has said; where it ends with a fault, the test fails with what it said of that."""
    ran = subprocess.run(command, capture_output=True, text=True, **options)
    assert ran.returncode == 0, f"it ended with code {ran.returncode} and said:\n{ran.stderr}"
    return ran
