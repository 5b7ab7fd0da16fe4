"""What the outputs of a network stand for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale


def class_name(classes: Sequence[str], output: int) -> str:
    """The class that an output stands for; its number where the data set has no name for it."""
    return classes[output] if output < len(classes) else QLocale().toString(output)


def labelled_name(classes: Sequence[str], label: int, true: int) -> str:
    """What a digit is, and its label, where that was drawn by chance and is another."""
    name = class_name(classes, label)
    if label == true:
        return name
    text = QCoreApplication.translate("ClassNames", "{name}, labelled {label} by chance")
    return text.format(name=class_name(classes, true), label=name)
