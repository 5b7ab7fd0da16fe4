"""Parsing of a typed place of a run. No Qt."""

import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Final, Literal

from msgspec import Struct

Why = Literal["unreadable", "beyond", "before"]

_NUMBER: Final = re.compile(r"\d+")
_GROUPED: Final = re.compile(r"\d{1,3}(?:[.,'’ ]\d{3})+")
_DECIMAL: Final = re.compile(r"\d+(?:[.,]\d+)?")
_MOST_FIGURES: Final = 15


class Refused(ValueError):
    """The typed text is no place of the run: it can't be parsed, or lies after its end or before its beginning."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


class RunPosition(Struct, frozen=True):
    """What parsing needs of a run: the current step, the last, the number of epochs, and the step after so many."""

    here: int
    end: int
    epochs: float
    at_epoch: Callable[[float], int]


def read(text: str, run: RunPosition, epoch_words: Collection[str] = ("epoch",)) -> int:
    """Return the step that `text` means: `20104` is a step, `+500` and `-1` are relative to the current one, `epoch 3`
    is the end of the third epoch. Thousands may be grouped. Raises `Refused` with the reason."""
    plain = _plain(text)
    if sign := plain[:1] if plain[:1] in ("+", "-") else "":
        return _within(run.here + (1 if sign == "+" else -1) * _whole(plain[1:].strip()), run.end)
    if (word := re.match(r"[^\W\d_]+", plain)) is not None:
        known = {each.casefold() for each in epoch_words}
        if not any(each.startswith(word[0].rstrip(".")) for each in known):
            raise Refused("unreadable")
        return _after(plain[word.end() :].strip(" .:"), run)
    return _within(_whole(plain), run.end)


def _plain(text: str) -> str:
    """Return a text in lower case, with one kind of space and of minus sign, and ASCII figures."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[−–—‒]", "-", text)
    text = "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in text)
    return " ".join(text.split())


def _whole(text: str) -> int:
    if _GROUPED.fullmatch(text):
        text = re.sub(r"\D", "", text)
    if not _NUMBER.fullmatch(text) or len(text) > _MOST_FIGURES:
        raise Refused("unreadable")
    return int(text)


def _after(text: str, run: RunPosition) -> int:
    """Return the step after so many epochs."""
    if not _DECIMAL.fullmatch(text) or len(text) > _MOST_FIGURES:
        raise Refused("unreadable")
    if (epochs := float(text.replace(",", "."))) > run.epochs:
        raise Refused("beyond")
    return _within(run.at_epoch(epochs), run.end)


def _within(step: int, end: int) -> int:
    if step < 0:
        raise Refused("before")
    if step > end:
        raise Refused("beyond")
    return step
