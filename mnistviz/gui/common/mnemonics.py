"""The & of menus, which marks the key of an entry: taken off, and kept from names that have one of their own."""

from __future__ import annotations

import re

_MARK = re.compile(r"\s*\(&[^&]\)|&(.)")  # "(&F)" is how it is marked where no letter of the word can be it


def without_mnemonic(text: str) -> str:
    """The text of an entry as it is read."""
    return _MARK.sub(lambda found: found[1] or "", text)


def as_it_is(name: str) -> str:
    """The text of an entry that is read as `name`."""
    return name.replace("&", "&&")
