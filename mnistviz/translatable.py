"""The mark of a text that the window translates, for what may not know Qt."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # the name that lupdate looks for
    """Marks `text` for translation, without Qt, and returns it as it is."""
    return text
