"""Marking of words for translation without Qt."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Return `text` unchanged. `lupdate` looks for this name to find what to translate."""
    return text
