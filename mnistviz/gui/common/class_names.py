"""What the outputs of a network stand for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale


def class_name(classes: Sequence[str], output: int) -> str:
    """The class that an output stands for; its number where the data set has no name for it."""
    return classes[output] if output < len(classes) else QLocale().toString(output)
