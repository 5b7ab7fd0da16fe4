"""Named recipes: settings that show the effect of each choice, and the accuracy they reach."""

from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from mnistviz.engine.settings import Settings


class Reach(Struct, frozen=True):
    """Measured test accuracies, 0 to 1, of the `learned` of `seeds` seeds that learn: median, lowest and highest. With
    the other seeds an output hardly ever wins. Another seed, whether it learns or not, reaches `nine_of_ten` with a
    probability of nine in ten or more."""

    median: float
    nine_of_ten: float
    lowest: float
    highest: float
    seeds: int
    learned: int


class Recipe(Struct, frozen=True):
    """Named settings; the sentences `title` and `about` describe them, and `group` is their heading in the list.

    Those of the book's first chapter run until paused, like the program's first run; the others stop after the
    measured number of `epochs`. `reaches` was measured with the weights of the best validation accuracy, and `seconds`
    is the time on one core: both are from docs/results.md.
    """

    name: str
    group: str
    settings: Settings
    reaches: Reach
    seconds: float

    @property
    def epochs(self) -> int:
        return self.settings.stop_epochs

    @property
    def goes_on(self) -> bool:
        return self.settings.stop == "never"

    @property
    def title(self) -> str:
        return f"recipe_{self.name}"

    @property
    def about(self) -> str:
        return f"recipe_{self.name}_about"


def _reach(*percents: float, seeds: int = 20, learned: int | None = None) -> Reach:
    median, nine_of_ten, lowest, highest = (round(percent / 100, 4) for percent in percents)
    return Reach(median, nine_of_ten, lowest, highest, seeds, seeds if learned is None else learned)


def _recipe(name: str, epochs: int, reaches: Reach, seconds: float, **settings: Any) -> Recipe:
    # Training stops after these epochs, where a cosine reaches 0
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
        _recipe("chapter-1", 30, _reach(94.90, 94.56, 94.56, 95.18, learned=19), 5, **_CHAPTER_1),
        _recipe("chapter-1-100", 30, _reach(96.52, 69.21, 96.29, 96.61, learned=6), 9,
                sizes=(784, 100, 10), seed=5, **_CHAPTER_1),
        _recipe("chapter-3", 40, _reach(98.02, 97.92, 97.87, 98.16), 13, sizes=(784, 100, 10), eta=0.5,
                schedule="cosine", **_CHAPTER_3),
    ),
    "wrong": (
        _recipe("eta-too-small", 30, _reach(25.42, 19.77, 18.12, 36.77), 5, eta=0.001, **_CHAPTER_1),
        _recipe("eta-too-large", 30, _reach(9.96, 8.89, 4.25, 15.15), 5, eta=100.0, **_CHAPTER_1),
        _recipe("overfit", 100, _reach(83.87, 82.98, 82.91, 84.77), 4,
                sizes=(784, 100, 10), cost="cross_entropy", eta=0.5, training_digits=1_000),
    ),
    "deep": (
        _recipe("deep-1", 30, _reach(96.34, 96.15, 96.01, 96.67), 5, sizes=(784, 30, 10), **_DEEP),
        _recipe("deep-2", 30, _reach(96.73, 96.55, 96.40, 97.08), 6, sizes=(784, 30, 30, 10), **_DEEP),
        _recipe("deep-3", 30, _reach(96.39, 96.23, 96.09, 96.74), 7, sizes=(784, 30, 30, 30, 10), **_DEEP),
        _recipe("deep-4", 30, _reach(96.15, 95.82, 95.79, 96.50), 8, sizes=(784, 30, 30, 30, 30, 10), **_DEEP),
        _recipe("deep-relu", 30, _reach(96.82, 96.49, 96.38, 97.16), 9,
                sizes=(784, 30, 30, 30, 30, 10), activation="relu", output="softmax", cost="cross_entropy",
                initial_weights="he", weight_decay=5.0, eta=0.05),
    ),
    "well": (
        _recipe("fast", 15, _reach(98.47, 98.39, 98.37, 98.59), 4, sizes=(784, 100, 10), shift=1, **_MODERN),
        _recipe("best", 30, _reach(99.00, 98.94, 98.85, 99.16), 16,
                sizes=(784, 256, 128, 10), shift=1, weight_decay=5.0, **_MODERN),
        _recipe("distorted", 120, _reach(99.45, 99.37, 99.37, 99.50, seeds=10), 366,
                sizes=(784, 512, 256, 10), shift=1, rotation=10.0, elastic=1.0, weight_decay=3.0,
                **{**_MODERN, "mini_batch_size": 128}),
    ),
}  # fmt: skip

RECIPES: Final[dict[str, Recipe]] = {
    recipe.name: replace(recipe, group=group) for group, recipes in _GROUPS.items() for recipe in recipes
}
"""By name, group by group, in the recommended order."""
