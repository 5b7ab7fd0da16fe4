"""Marking of words for translation without Qt."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Return `text` unchanged. `lupdate` looks for this name to find what to translate."""
    return text


def marked(context: str, text: str) -> str:
    """Return `text` unchanged: `QT_TRANSLATE_NOOP` by a shorter name. The Makefile names it to `lupdate`."""
    return text
