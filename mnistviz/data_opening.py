"""Loading of digits for a command in the terminal, with a report of what was left out."""

from __future__ import annotations

from pathlib import Path

from mnistviz.engine.data_sets.importing import open_data
from mnistviz.engine.data_sets.source import DataChoice
from mnistviz.engine.digits import Digits
from mnistviz.sentences import sentence
from mnistviz.terminal import tell


def open_and_report(data: Path | DataChoice | None, *, quiet: bool = False) -> Digits:
    """Load the digits; report unreadable pictures unless `quiet`. Raise a `Problem` that names the file."""
    digits = open_data(data)
    if digits.left_out and not quiet:
        tell(sentence("data_left_out", {"count": len(digits.left_out), "file": digits.left_out[0]}))
    return digits
