"""The & of menus, which marks the key of an entry: removed from a text, and escaped in names."""

from __future__ import annotations

import re

_MARK = re.compile(r"\s*\(&[^&]\)|&(.)")  # "(&F)" marks a key that is no letter of the word


def without_mnemonic(text: str) -> str:
    """Return the text of an entry without its mark."""
    return _MARK.sub(lambda match: match[1] or "", text)


def as_it_is(name: str) -> str:
    """Return the text of an entry that is shown as `name`."""
    return name.replace("&", "&&")
