"""The texts of a page, as a table of ids and English, and what is made of such pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from numbers import Integral
from typing import Any

from PySide6.QtWidgets import QPushButton, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.widgets import describe, push_button, translated
from mnistviz.gui.ideas.cards import Task
from mnistviz.gui.ideas.parts.value import Value


class Words:
    """Gives a text by its id, in the user's language, with its placeholders filled in, whole numbers as the language
    writes them."""

    def __init__(self, context: str, texts: Mapping[str, str]) -> None:
        """`context` is what translators see beside the texts, and what these are marked with."""
        self._context, self._texts = context, texts

    def __call__(self, id: str, **values: object) -> str:
        text = translated(self._texts[id], self._context)
        shown = {
            name: numbers.whole(int(value)) if isinstance(value, Integral) else value
            for name, value in values.items()
        }
        return text.format(**shown) if values else text

    def choices(self, *ids: str) -> dict[str, tuple[str, str]]:
        """For each id what a button says and its tooltip, from the texts `id` and `id_tip`."""
        return {id: (self(id), self(f"{id}_tip")) for id in ids}

    def answers(self, *ids: str) -> tuple[tuple[str, str], ...]:
        """Answers to a question, from the texts `answer_id`."""
        return tuple((id, self(f"answer_{id}")) for id in ids)

    def task(self, id: str, **values: object) -> Task:
        """Something to try, from the texts `task_id` and `done_id`."""
        return Task(id, self(f"task_{id}", **values), self(f"done_{id}", **values))

    def value(self, name: str, id: str, scale: Scale, value: float, **options: Any) -> Value:
        """A number to drag or type, named by the texts `id` and `id_tip`."""
        return Value(name, self(id), self(f"{id}_tip"), scale, value, **options)

    def describe(self, widget: QWidget, name: str, id: str) -> None:
        """Gives a control its object name, and its names and tooltip from the texts `id` and `id_tip`."""
        describe(widget, name, self(id), self(f"{id}_tip"))

    def button(self, name: str, id: str, act: Callable[[], object], keys: str = "") -> QPushButton:
        """A button that says the text `id` and calls `act`."""
        return push_button("", name, self(id), self(f"{id}_tip"), keys, act=act)
