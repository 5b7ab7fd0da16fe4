"""Named recipes: settings that show what each choice brings, and what they reach."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from mnistviz.engine.settings import Settings


@dataclass(frozen=True)
class Recipe:
    """Settings under a name; their title and what they show are the sentences of `title` and `about`, and `group` is
    what they are listed under.

    Those of the book's first chapter go on until they are paused, as the program does when it starts; the others stop
    after as many `epochs` as they were measured for. `reaches` is the share of test digits, 0 to 1, that are read right
    with the weights that did best on the validation digits: the median of several seeds, or with the recipe's own seed
    if that is not 1. `seconds` is how long one core takes. Both were measured: see docs/results.md.
    """

    name: str
    group: str
    settings: Settings
    reaches: float
    seconds: float

    @property
    def epochs(self) -> int:
        return self.settings.stop_epochs

    @property
    def goes_on(self) -> bool:
        """Whether it stops only where somebody pauses it."""
        return self.settings.stop == "never"

    @property
    def title(self) -> str:
        """The code of the sentence that names it."""
        return f"recipe_{self.name}"

    @property
    def about(self) -> str:
        """The code of the sentence that says what it shows."""
        return f"recipe_{self.name}_about"


def _recipe(name: str, epochs: int, reaches: float, seconds: float, **settings: Any) -> Recipe:
    # Trained just as long as said, and a cosine reaches its end there
    if settings.get("schedule") == "cosine":
        settings["schedule_epochs"] = epochs
    chosen = Settings(**{"stop": "epochs", "stop_epochs": epochs, **settings}).checked()
    return Recipe(name, "", chosen, reaches, seconds)


_CHAPTER_1: Final = {"stop": "never"}
_CHAPTER_3: Final = {"cost": "cross_entropy", "initial_weights": "scaled", "weight_decay": 5.0}
_DEEP: Final = {**_CHAPTER_3, "eta": 0.1}
_MODERN: Final = {
    "activation": "relu",
    "output": "softmax",
    "cost": "cross_entropy",
    "initial_weights": "he",
    "momentum": 0.9,
    "schedule": "cosine",
    "mini_batch_size": 64,
    "eta": 0.1,
}

_GROUPS: Final[dict[str, tuple[Recipe, ...]]] = {
    "book": (
        _recipe("chapter-1", 30, 0.949, 7, **_CHAPTER_1),
        _recipe("chapter-1-100", 30, 0.964, 14, sizes=(784, 100, 10), seed=5, **_CHAPTER_1),
        _recipe("chapter-3", 40, 0.981, 22, sizes=(784, 100, 10), eta=0.5, schedule="cosine", **_CHAPTER_3),
    ),
    "wrong": (
        _recipe("eta-too-small", 30, 0.237, 7, eta=0.001, **_CHAPTER_1),
        _recipe("eta-too-large", 30, 0.1, 7, eta=100.0, **_CHAPTER_1),
        _recipe("overfit", 100, 0.838, 7, sizes=(784, 100, 10), cost="cross_entropy", eta=0.5,
                training_digits=1_000),
    ),
    "deep": (
        _recipe("deep-1", 30, 0.964, 8, sizes=(784, 30, 10), **_DEEP),
        _recipe("deep-2", 30, 0.967, 9, sizes=(784, 30, 30, 10), **_DEEP),
        _recipe("deep-3", 30, 0.964, 11, sizes=(784, 30, 30, 30, 10), **_DEEP),
        _recipe("deep-4", 30, 0.96, 13, sizes=(784, 30, 30, 30, 30, 10), **_DEEP),
        _recipe("deep-relu", 30, 0.969, 14, sizes=(784, 30, 30, 30, 30, 10), activation="relu",
                output="softmax", cost="cross_entropy", initial_weights="he", weight_decay=5.0, eta=0.05),
    ),
    "well": (
        _recipe("fast", 15, 0.985, 6, sizes=(784, 100, 10), shift=1, **_MODERN),
        _recipe("best", 30, 0.99, 31, sizes=(784, 256, 128, 10), shift=1, weight_decay=5.0, **_MODERN),
        _recipe("distorted", 120, 0.994, 440, sizes=(784, 512, 256, 10), shift=1, rotation=10.0, elastic=1.0,
                weight_decay=3.0, **{**_MODERN, "mini_batch_size": 128}),
    ),
}  # fmt: skip

RECIPES: Final[dict[str, Recipe]] = {
    recipe.name: replace(recipe, group=group) for group, recipes in _GROUPS.items() for recipe in recipes
}
"""By name, group by group, in the order in which they are worth trying."""
