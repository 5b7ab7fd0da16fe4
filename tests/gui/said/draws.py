"""Values of any type, drawn by a key, which gives the same value on each machine, whatever else is drawn."""

from __future__ import annotations

import collections.abc
import enum
import types
import typing
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import blake2b
from typing import Any, Final, Literal, TypeVar

from msgspec import Struct

T = TypeVar("T")
Draw = Callable[["Draws"], Any]


class CannotBeDrawnError(Exception):
    """There is no value of this type without a window, or none that says something."""


INTEGERS: Final = (0, 1, 2, 3, 4, 7, 10, 12, 28, 59, 100, 999, 1_000, 1_234, 5_000, 50_000, 123_456)
NUMBERS: Final = (
    0.0, 1e-7, 0.0004, 0.004, 0.01, 0.05, 0.125, 0.25, 0.375, 0.5, 0.51, 0.75, 0.949, 0.9996, 1.0, 1.5, 2.25, 3.0,
    9.996, 30.0, 99.96, 612.3, 1_234.5, 10_000.0, -0.25, -1.0, -3.0, -99.96, float("nan"), float("inf"),
)  # fmt: skip
TEXTS: Final = ("", "A", "B", "4", "a name", "η", "some words that are longer")
LENGTHS: Final = (0, 1, 2, 3, 3, 5)
NAMED: dict[tuple[str, Any], Draw] = {}
"""How an argument or a field of a name and a type is drawn."""
FIELDS: dict[str, Draw] = {}
"""How a field is drawn: `Class.field`."""
TOGETHER: dict[str, Draw] = {}
"""How all arguments of a function are drawn that belong together."""
TYPED: dict[Any, Draw] = {}
"""How values of a type are drawn that is more than the types of its fields."""
IMPORTED_FOR_TYPES: dict[str, Any] = {}
"""What modules import only for their annotations."""


class Draws(Struct, frozen=True):
    """Draws by a key; each part of a value has a key of its own."""

    key: str

    def part(self, name: object) -> Draws:
        return Draws(f"{self.key}/{name}")

    def below(self, count: int) -> int:
        """Return a number from 0 to below `count`."""
        return int.from_bytes(blake2b(self.key.encode(), digest_size=6).digest(), "big") % count

    def one_of(self, values: Sequence[T]) -> T:
        return values[self.below(len(values))]

    @property
    def fits(self) -> bool:
        """Whether all lists for a widget have one length here, and its numbers are finite: so they fit together."""
        whole = Draws(self.key.split("/")[0])
        return (".paints" in whole.key or ".obeys" in whole.key) and whole.part("fits").below(4) > 0

    def length(self, lengths: Sequence[int] = LENGTHS) -> int:
        """Return how long a list is."""
        if self.fits:
            return Draws(self.key.split("/")[0]).part("length").one_of((3, 4, 1, 2, 5, 10))
        return self.one_of(lengths)

    def named(self, name: str, kind: Any, owner: str = "") -> Any:
        """Draw an argument, or a field of its owner."""
        draw = FIELDS.get(f"{owner}.{name}") or NAMED.get((name, kind))
        here = self.part(name)
        return here.of(kind) if draw is None else draw(here)

    def of(self, kind: Any) -> Any:
        """Draw a value of a type."""
        if kind in TYPED:
            return TYPED[kind](self)
        if kind is None or kind is type(None):
            return None
        numbers = NUMBERS[:-2] if self.fits else NUMBERS
        plain = {bool: (False, True), int: INTEGERS, float: numbers, str: TEXTS}
        if kind in plain:
            return self.one_of(plain[kind])
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if origin is Literal:
            return self.one_of(inner)
        if origin in (typing.Union, types.UnionType):
            return self.part("kind").of_one(inner)
        if origin is tuple and inner[-1] is not Ellipsis:
            return tuple(self.part(number).of(each) for number, each in enumerate(inner))
        if origin in (
            tuple,
            list,
            collections.abc.Sequence,
            collections.abc.Collection,
            collections.abc.Iterable,
        ):
            found = [self.part(number).of(inner[0]) for number in range(self.part("length").length())]
            return tuple(found) if origin is tuple else found
        if origin in (dict, collections.abc.Mapping):
            keys = [self.part(number).of(inner[0]) for number in range(self.part("length").length())]
            return {key: self.part(f"at {key}").of(inner[1]) for key in keys}
        if origin in (frozenset, set, collections.abc.Set):
            return frozenset(self.of(list[inner[0]]))  # type: ignore[valid-type]
        if origin is collections.abc.Callable:
            return self._function(inner[-1])
        if isinstance(kind, type):
            return self.of_class(kind)
        raise CannotBeDrawnError(str(kind))

    def of_one(self, kinds: Sequence[Any]) -> Any:
        """Draw a value of one of these types."""
        return self.part("value").of(self.one_of(kinds))

    def _function(self, kind: Any) -> Any:
        """Return a function that says what it was asked, or gives what is drawn."""
        if kind is str:
            return lambda *given: (
                f"<{' '.join(f'{each:.5g}' if isinstance(each, float) else str(each) for each in given)}>"
            )
        return lambda *given: self.part("given").of(kind)

    def of_class(self, kind: Any) -> Any:
        """Draw a value of a class from its fields."""
        if issubclass(kind, enum.Enum):
            return self.one_of(list(kind))
        if issubclass(kind, Struct):
            names = list(kind.__struct_fields__)
        elif hasattr(kind, "_fields"):
            names = list(kind._fields)
        else:
            raise CannotBeDrawnError(kind.__qualname__)
        hints = hints_of(kind)
        return kind(**{name: self.named(name, hints[name], kind.__name__) for name in names})


@cache
def hints_of(of: Any) -> dict[str, Any]:
    """Return the types of arguments or fields."""
    return typing.get_type_hints(of, localns=IMPORTED_FOR_TYPES)
