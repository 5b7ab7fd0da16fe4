"""The names of the classes that outputs stand for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale


def class_name(classes: Sequence[str], output: int) -> str:
    """Return the name of an output's class, or its number if the data set has no name for it."""
    return classes[output] if output < len(classes) else QLocale().toString(output)


def labelled_name(classes: Sequence[str], label: int, true: int) -> str:
    """Return the name of a digit's class, and its label if that is a different one, drawn at random."""
    name = class_name(classes, label)
    if label == true:
        return name
    text = QCoreApplication.translate("ClassNames", "{name}, labelled {label} by chance")
    return text.format(name=class_name(classes, true), label=name)
