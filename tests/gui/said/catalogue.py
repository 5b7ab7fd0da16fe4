"""All that is public in the modules of the window, and in some of the engine, and gives a value from values."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from msgspec import Struct
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

import mnistviz.gui
from mnistviz.engine.columns import Columns
from tests.gui.said.draws import TOGETHER, Draws, hints_of

OF_WORDS: Final = ("RunWords", "CurveTexts")  # objects that say something and hold nothing
PAINTED: Final = (
    "QWidget", "QIcon", "QCursor", "QPixmap", "QImage", "QPen", "QFont", "QAction", "QLayout", "QLabel",
    "QPushButton",
)  # fmt: skip
LEFT_OUT: Final = ("app", "log", "splash", "last_resort", "common.tooltips")
"""What is of the system, or never to be called."""
NOT_OF_VALUES: Final = (
    "now_as_text", "units", "race", "learn_question", "read_depth", "read_layer", "find_smooth", "find_slope",
    "look_ahead", "add_future", "mean", "extreme_digits",
)  # fmt: skip
"""Functions of the clock, of a picture, of products that each processor rounds otherwise, or slow."""
ENGINE: Final = (
    "acts", "causes", "columns", "evaluation", "evidence", "experiment.acts_json", "experiment.recipe_line",
    "fewest_pixels", "fork", "futures", "handwriting", "history", "history_replayer", "ideas.along",
    "ideas.ball_race", "ideas.binary_outputs", "ideas.circuit", "ideas.detectors", "ideas.landscape",
    "ideas.layer_readings", "ideas.perceptron", "ideas.sigmoid", "ideas.step_curves", "luck.bands",
    "microscope.formulas", "microscope.layer_histograms", "microscope.mini_batch", "microscope.step_summary",
    "mistakes.confusion", "mistakes.mixing", "mistakes.nearest", "mistakes.pins", "mistakes.stories", "moment",
    "observations", "randomness", "recorder", "replay", "rows.connected", "rows.filters", "rows.row_reading",
    "schedule", "scores", "settings", "trainer", "verdicts",
)  # fmt: skip
"""Modules of the engine whose answers are of values, and quick."""


class Asked(Struct, frozen=True):
    """Something to be asked: a function, or what an object of a class is asked."""

    name: str
    file: str
    ask: Callable[[Draws], Any]


def modules() -> Iterator[ModuleType]:
    """Yield all modules of the window."""
    root = Path(mnistviz.gui.__path__[0])
    for file in sorted(root.rglob("*.py")):
        name = ".".join(file.relative_to(root).with_suffix("").parts)
        if name not in LEFT_OUT and file.stem != "__init__":
            yield importlib.import_module(f"mnistviz.gui.{name}")


def asked_of(module: ModuleType) -> Iterator[Asked]:
    """Yield what the public functions and values of a module may be asked."""
    file = str(module.__file__)
    for name, found in list(vars(module).items()):
        if (
            name.startswith("_")
            or name in NOT_OF_VALUES
            or getattr(found, "__module__", "") != module.__name__
        ):
            continue
        if inspect.isfunction(found) and _gives_a_value(found):
            yield Asked(name, file, _call(found))
        elif inspect.isclass(found) and _is_value(found):
            for member, function in list(vars(found).items()):
                if not member.startswith("_") and (make := _ask(found, member, function)):
                    yield Asked(f"{name}.{member}", file, make)


def _gives_a_value(function: Callable[..., Any]) -> bool:
    """Return whether a function gives something that is not painted."""
    given = hints_of(function).get("return")
    return given not in (None, type(None)) and not any(word in str(given) for word in PAINTED)


def _is_value(kind: type) -> bool:
    if issubclass(kind, QObject):
        return kind.__name__ in OF_WORDS and not issubclass(kind, QWidget)
    return issubclass(kind, Struct | Columns) or hasattr(kind, "_fields")


def _call(function: Callable[..., Any], *first: Any) -> Callable[[Draws], Any]:
    def ask(draws: Draws) -> Any:
        together = TOGETHER.get(f"{function.__module__.split('.')[-1]}.{function.__qualname__}")
        if together is not None:
            taken = inspect.signature(function).parameters
            return function(**{name: each for name, each in together(draws).items() if name in taken})
        hints = hints_of(function)
        names = list(inspect.signature(function).parameters.values())[len(first) :]
        keywords = {
            each.name: draws.named(each.name, hints[each.name])
            for each in names
            if each.kind == each.KEYWORD_ONLY
        }
        values = [
            draws.named(each.name, hints[each.name]) for each in names if each.kind != each.KEYWORD_ONLY
        ]
        return function(*first, *values, **keywords)

    return ask


def _ask(kind: type, member: str, function: Any) -> Callable[[Draws], Any] | None:
    def its(draws: Draws) -> Any:
        return kind() if issubclass(kind, QObject) else draws.part("self").of(kind)

    if isinstance(function, property):
        return lambda draws: getattr(its(draws), member)
    if inspect.isfunction(function) and _gives_a_value(function):
        return lambda draws: _call(function, its(draws))(draws)
    return None
