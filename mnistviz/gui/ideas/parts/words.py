"""The texts of a page, as a table of ids and English, and widgets made from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from numbers import Integral
from typing import Any

from PySide6.QtWidgets import QPushButton, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.common.widgets import describe, push_button, translated
from mnistviz.gui.ideas.cards import Task
from mnistviz.gui.ideas.parts.value import Value


class Words:
    """Returns a text by its id, translated, with its placeholders filled in; whole numbers in the language's format."""

    def __init__(self, context: str, texts: Mapping[str, str]) -> None:
        """Create the table; `context` is the translation context of the texts."""
        self._context, self._texts = context, texts

    def __call__(self, id: str, **values: object) -> str:
        text = translated(self._texts[id], self._context)
        shown = {
            name: numbers.whole(int(value)) if isinstance(value, Integral) else value
            for name, value in values.items()
        }
        return text.format(**shown) if values else text

    def choices(self, *ids: str) -> dict[str, tuple[str, str]]:
        """Return text and tooltip of a button for each id, from the texts `id` and `id_tip`."""
        return {id: (self(id), self(f"{id}_tip")) for id in ids}

    def answers(self, *ids: str) -> tuple[tuple[str, str], ...]:
        """Return answers to a question, from the texts `answer_id`."""
        return tuple((id, self(f"answer_{id}")) for id in ids)

    def task(self, id: str, **values: object) -> Task:
        """Return a task, from the texts `task_id` and `done_id`."""
        return Task(id, self(f"task_{id}", **values), self(f"done_{id}", **values))

    def value(self, name: str, id: str, scale: Scale, value: float, **options: Any) -> Value:
        """Return a number to drag or type, named by the texts `id` and `id_tip`."""
        return Value(name, self(id), self(f"{id}_tip"), scale, value, **options)

    def describe(self, widget: QWidget, name: str, id: str) -> None:
        """Set a control's object name, and its accessible name and tooltip from the texts `id` and `id_tip`."""
        describe(widget, name, self(id), self(f"{id}_tip"))

    def button(self, name: str, id: str, act: Callable[[], object], keys: str = "") -> QPushButton:
        """Return a button with the text `id` that calls `act`."""
        return push_button("", name, self(id), self(f"{id}_tip"), keys, act=act)
