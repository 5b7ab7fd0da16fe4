"""Opens the digits for a command in the terminal, and tells what was left out."""

from __future__ import annotations

from pathlib import Path

from mnistviz.engine.data_sets.importing import open_data
from mnistviz.engine.data_sets.source import DataChoice
from mnistviz.engine.digits import Digits
from mnistviz.sentences import sentence
from mnistviz.terminal import tell


def open_and_tell(data: Path | DataChoice | None, *, quiet: bool = False) -> Digits:
    """The digits; pictures that cannot be read are told unless `quiet`. Raises a `Problem` that names the file."""
    digits = open_data(data)
    if digits.left_out and not quiet:
        tell(sentence("data_left_out", {"count": len(digits.left_out), "file": digits.left_out[0]}))
    return digits
