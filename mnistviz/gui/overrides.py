"""Guards that keep exceptions in methods that Qt calls: on their way through C++ they can end the process."""

import functools
import sys
import traceback
from collections import ChainMap
from collections.abc import Callable
from inspect import formatannotation
from types import FunctionType, MethodDescriptorType
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize
from shiboken6 import Shiboken

_EMPTY: Final[dict[str, object]] = {
    "bool": False, "int": 0, "QSize": QSize(), "QRectF": QRectF(), "list[str]": [],
}  # fmt: skip
"""Valid results by the type of an override; None is valid for all others."""

_late: BaseException | None = None
"""An exception that could not be reported in a deep recursion: the next override reports it."""


def guard_overrides() -> None:
    """Guard every override in each class that is derived from one of Qt's from now on.

    `sys.excepthook` gets an exception, as it gets those of slots, and Qt gets a valid result.
    """
    Shiboken.Object.__init_subclass__ = classmethod(_guard)  # type: ignore[assignment, arg-type]


def _guard(cls: type[Shiboken.Object], **options: Any) -> None:
    """Replace the overrides of a new class, also those that it has from a base that is not of Qt."""
    super(Shiboken.Object, cls).__init_subclass__(**options)
    if cls.__module__.startswith("pyqtgraph."):
        return  # many of its methods only share a name with Qt's, which never calls them
    others = [dict(vars(base)) for base in cls.__mro__ if not issubclass(base, Shiboken.Object)]
    for name, member in ChainMap(dict(vars(cls)), *others).items():
        if not isinstance(member, FunctionType) or getattr(cls, name) is not member:
            continue
        if (of_qt := qt_method(cls, name)) is not None:
            setattr(cls, name, _guarded(member, of_qt))


def qt_method(cls: type, name: str) -> Callable[..., object] | None:
    """Return Qt's own method of that name, or None."""
    if not name.startswith("_"):
        for base in cls.__mro__:
            if isinstance(member := vars(base).get(name), MethodDescriptorType):
                return member
    return None


def return_type(function: Callable[..., object]) -> str:
    """Return the name of the type that a function is annotated to return, "None" without an annotation."""
    kind = function.__annotations__.get("return", "None")
    return kind if isinstance(kind, str) else formatannotation(kind).rpartition(".")[2]


def _guarded(override: FunctionType, of_qt: Callable[..., object]) -> Callable[..., object]:
    kind = return_type(override)
    empty = _EMPTY.get(kind)

    def settle(error: BaseException, args: tuple[object, ...]) -> object:
        if isinstance(error, RecursionError):
            raise error
        _report(error)
        if kind in ("None", "bool"):
            return empty
        try:
            return of_qt(*args)
        except Exception:  # it is abstract
            return empty

    @functools.wraps(override)
    def guarded(*args: object) -> object:
        global _late
        try:
            if _late is not None:
                late, _late = _late, None
                _report(late)
            return override(*args)
        except BaseException as error:
            try:
                return settle(error, args)
            except BaseException:  # there may be no room for a single call
                _late = error
                return empty

    return guarded


def _report(error: BaseException) -> None:
    sys.excepthook(type(error), error, error.__traceback__)
    traceback.clear_frames(error.__traceback__)  # Qt crashes on a painter that is still active
