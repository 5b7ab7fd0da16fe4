"""Records in JSON, read field by field, so that an invalid value costs no more than itself."""

from collections.abc import Mapping
from contextlib import suppress
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings, renamed

T = TypeVar("T")


def read_record(kind: type[T], values: object) -> T:
    """Return a record from JSON values; missing or invalid ones have their defaults."""
    record: T = _read(kind, values, kind())
    return record


def _read(kind: Any, value: object, otherwise: Any) -> Any:
    """Return a value converted to a type, recursively; `otherwise` if it has another type."""
    origin, args = get_origin(kind), get_args(kind)
    if kind is Settings:
        return _read_settings(value if isinstance(value, dict) else {})
    if isinstance(kind, type) and issubclass(kind, Struct):
        values = value if isinstance(value, dict) else {}
        return kind(
            **{each.name: _read(each.type, values.get(each.name), _default(each)) for each in fields(kind)}
        )
    if origin is UnionType:
        return _read(next(arg for arg in args if arg is not NoneType), value, None)
    if origin is tuple:
        items = value if isinstance(value, list | tuple) else ()
        kinds = args[:1] * len(items) if args[-1] is Ellipsis else args
        result = [_read(*each, NODEFAULT) for each in zip(kinds, items, strict=False)]
        if args[-1] is Ellipsis:
            return tuple(item for item in result if item is not NODEFAULT) if items else otherwise
        return (
            otherwise
            if len(result) < len(kinds) or len(items) > len(kinds) or NODEFAULT in result
            else tuple(result)
        )
    if origin is not None:
        return value if isinstance(value, origin) else otherwise
    return value if type(value) is kind or (kind is float and type(value) is int) else otherwise


def _read_settings(values: Mapping[str, object]) -> Settings:
    """Return valid settings of a run: a value that is invalid, or does not fit the others, has its default."""
    read = Settings()
    for _ in range(2):  # an output may fit only after the cost is set
        for name, value in renamed(values).items():
            with suppress(Problem, TypeError):
                read = read.changed(**{name: value})
    return read


def _default(of: FieldInfo) -> Any:
    return of.default if of.default_factory is NODEFAULT else of.default_factory()
