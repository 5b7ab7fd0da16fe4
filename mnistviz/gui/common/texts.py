"""Texts in the user's language. `lupdate` finds the literals in calls of `tr` and `marked`."""

from numbers import Integral

from PySide6.QtCore import QCoreApplication

from mnistviz.gui.common import numbers


def tr(text: str, **values: object) -> str:
    """Return a text in the user's language, with values in the place of their names, whole numbers in its format."""
    text = QCoreApplication.translate("", text)
    if not values:
        return text
    whole = {name: numbers.whole(int(each)) for name, each in values.items() if isinstance(each, Integral)}
    return text.format(**(values | whole))


translated = tr  # translates a text that is marked elsewhere
