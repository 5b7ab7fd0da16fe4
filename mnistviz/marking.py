"""Marks words for translation where there is no Qt."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """`text` as it is. `lupdate` looks for this name, and finds what is to be translated."""
    return text
