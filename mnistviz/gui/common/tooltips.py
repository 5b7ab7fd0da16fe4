"""Tooltips: lines of a readable width, which end with the key; and the & that marks the key of a menu's entry."""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from PySide6.QtGui import QAction, QFontMetricsF, QKeySequence, QTextLayout, QTextOption
from PySide6.QtWidgets import QToolTip, QWidget

from mnistviz.gui.common.wrapped import unparted

WIDEST = 360  # pixels, at the usual size of text


def keys_text(keys: QKeySequence | str) -> str:
    """Return the names of keys on this system: "Ctrl+N", on a Mac "⌘N". Several are separated by commas."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def tooltip(text: str, keys: QKeySequence | str = "") -> str:
    """Return `text` in lines, with its keys. Text that looks like markup is escaped."""
    if keys and (pressed := keys_text(keys)):
        text = f"{text} ({pressed})"
    return _in_lines(QToolTip.font().key(), text)


def set_tooltip(of: QWidget | QAction, text: str, keys: QKeySequence | str = "") -> None:
    of.setToolTip(tooltip(text, keys))


def explain(of: QWidget | QAction, text: str, keys: QKeySequence | str = "") -> None:
    """Set a tooltip, which ends with the keys, and the same text as the What's This text."""
    set_tooltip(of, text, keys)
    of.setWhatsThis(text)


@lru_cache(1_024)  # the number of tooltips; some have changing figures
def _in_lines(font: str, text: str) -> str:
    """Return `text` in lines in the font of tooltips, which `font` names as a key of the cache."""
    lines = "\n".join(part for line in text.split("\n") for part in _broken(font, line))
    if "<" in lines:  # Qt would guess the format
        return "<p style='white-space: pre'>" + escape(lines, quote=False) + "</p>"
    return lines


def _broken(font: str, line: str) -> Sequence[str]:
    """Break a line between words if it is too wide: Qt would do so only in rich text."""
    parts: list[str] = []
    used, space = 0.0, _advance(font, " ")
    for word in unparted(line).split(" "):
        if (wide := _advance(font, word)) > WIDEST:  # some languages have no spaces between words
            return _broken_by_qt(line)
        if parts and used + space + wide <= WIDEST:
            parts[-1], used = f"{parts[-1]} {word}", used + space + wide
        else:
            parts.append(word)
            used = wide
    return [part.replace("\N{NO-BREAK SPACE}", " ") for part in parts]  # the lines are broken by now


@lru_cache(4_096)
def _advance(font: str, word: str) -> float:
    """Return the width of a word in the tooltips' font, `font` in the cache: hundreds of tooltips share words."""
    return QFontMetricsF(QToolTip.font()).horizontalAdvance(word)


def _broken_by_qt(line: str) -> list[str]:
    layout = QTextLayout(line, QToolTip.font())
    layout.setTextOption(QTextOption())
    layout.beginLayout()
    parts = []
    while (part := layout.createLine()).isValid():
        part.setLineWidth(WIDEST)
        parts.append(line[part.textStart() : part.textStart() + part.textLength()].rstrip())
    layout.endLayout()
    return parts


_MARK = re.compile(r"\s*\(&[^&]\)|&(.)")  # "(&F)" marks a key that is no letter of the word


def without_mnemonic(text: str) -> str:
    return _MARK.sub(lambda match: match[1] or "", text)


def as_it_is(name: str) -> str:
    """Return the text of an entry that is shown as `name`."""
    return name.replace("&", "&&")
