"""Recipes: settings that may be used as they are, and sentences that say what they show."""

import re
from pathlib import Path

import numpy as np
import pytest
from msgspec import Struct
from threadpoolctl import threadpool_info

from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.recipes import RECIPES, Recipe
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer
from mnistviz.engine.unattended import train
from mnistviz.sentences import SENTENCES
from tests.engine.made_up import examine
from tests.present import there


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_each_can_be_trained_and_says_where_it_ends(recipe: Recipe, small_digits: Digits) -> None:
    network = Network(recipe.settings.sizes, **recipe.settings.network_options())
    assert np.isfinite(Trainer(network, recipe.settings, small_digits.training).step())
    assert RECIPES[recipe.name] is recipe
    assert recipe.settings.checked() == recipe.settings
    assert recipe.settings.stop_epochs == recipe.epochs
    assert recipe.settings.stop == ("never" if recipe.goes_on else "epochs")
    assert recipe.settings.schedule != "cosine" or recipe.settings.schedule_epochs == recipe.epochs


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_each_says_what_it_is_and_what_it_reaches(recipe: Recipe) -> None:
    assert SENTENCES[recipe.title]
    assert SENTENCES[recipe.about].endswith(".")
    assert len(SENTENCES[recipe.about]) <= 95, "it stands in a line of the list"
    assert SENTENCES[f"recipe_group_{recipe.group}"]
    reaches = recipe.reaches
    assert 0.02 < reaches.lowest <= reaches.median <= reaches.highest < 1
    assert 0 < reaches.learned <= reaches.seeds
    assert 0 < recipe.seconds <= 600


def test_the_first_is_the_first_network_of_the_book() -> None:
    first = next(iter(RECIPES.values()))
    assert first.settings == Settings(), "which is also what the program starts with"
    assert first.goes_on
    assert first.epochs == 30, "in the book, and without a window"
    assert (first.settings.sizes, first.settings.eta, first.settings.mini_batch_size) == (
        (784, 30, 10),
        3.0,
        10,
    )


def test_those_that_compare_differ_only_in_what_they_compare() -> None:
    first = RECIPES["chapter-1"].settings
    assert RECIPES["eta-too-small"].settings == first.changed(eta=0.001)
    assert RECIPES["eta-too-large"].settings == first.changed(eta=100.0)
    assert RECIPES["chapter-1-100"].settings == first.changed(sizes=(784, 100, 10), seed=5)
    shallow = RECIPES["deep-1"].settings
    for layers in (2, 3, 4):
        assert RECIPES[f"deep-{layers}"].settings == shallow.changed(sizes=(784, *[30] * layers, 10))


def gradient_lengths(network: Network, digits: Digits) -> list[float]:
    """The lengths of ∂C/∂b of the hidden layers."""
    return [layer.gradient for layer in examine(network, digits.training.first(500)).layers[:-1]]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_said_of_deep_recipes_holds_at_the_beginning(small_digits: Digits, seed: int) -> None:
    """The gradient shrinks on its way back before they learn. Later it may be the other way round, so it is said of the
    beginning only."""
    for name in ("deep-2", "deep-3", "deep-4", "deep-relu"):
        settings = RECIPES[name].settings.changed(seed=seed)
        lengths = gradient_lengths(Network(settings.sizes, **settings.network_options()), small_digits)
        about = SENTENCES[RECIPES[name].about]
        if name == "deep-relu":
            assert lengths[0] > 0.5 * lengths[-1]
            continue
        assert lengths == sorted(lengths)
        assert re.search("at the beginning|at first", about), about
        if name == "deep-4":
            assert lengths[0] < 0.05 * lengths[-1], "hardly any gradient reaches the first"


ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")


class Measured(Struct, frozen=True):
    """A line of docs/results.md, which is written by what measures: percentages as (median, least, most)."""

    seeds: int
    epochs: int
    best_test: tuple[float, float, float]
    nine_of_ten: float
    last_validation: float
    seconds: float


def measured() -> dict[str, Measured]:
    found = {}
    for line in PAGE.splitlines():
        name, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        if name in RECIPES:
            seeds, epochs, best_test, nine_of_ten, _, _, last_validation, seconds = cells
            middle, *_, low, high = map(float, re.findall(r"[\d.]+", best_test))
            found[name] = Measured(
                int(seeds),
                int(epochs),
                (middle, low, high),
                float(nine_of_ten),
                float(last_validation.split()[0]),
                float(seconds),
            )
    return found


def test_what_each_reaches_is_what_was_measured() -> None:
    found = measured()
    assert found.keys() == RECIPES.keys()
    some = {
        name: (int(learned), (float(median), float(low), float(high)))
        for name, learned, median, low, high in re.findall(
            r"^- \*(\S+)\*: (\d+) of \d+ seeds read 90 % or more, ([\d.]+) \(([\d.]+) to ([\d.]+)\)\.",
            PAGE,
            re.MULTILINE,
        )
    }
    assert some.keys() == {"chapter-1", "chapter-1-100"}
    for name, row in found.items():
        recipe, reaches = RECIPES[name], RECIPES[name].reaches
        learned, percents = some.get(name, (row.seeds, row.best_test))
        assert recipe.epochs == row.epochs, name
        assert (reaches.seeds, reaches.learned) == (row.seeds, learned), name
        shares = reaches.median, reaches.lowest, reaches.highest
        assert shares == tuple(round(percent / 100, 4) for percent in percents), name
        assert reaches.nine_of_ten == round(row.nine_of_ten / 100, 4), name
        assert recipe.seconds == row.seconds, name


def test_a_recipe_with_a_seed_of_its_own_learns_with_it() -> None:
    own = dict(re.findall(r"^- \*(\S+)\* with its own seed, \d+: ([\d.]+)\.$", PAGE, re.MULTILINE))
    assert own.keys() == {name for name, recipe in RECIPES.items() if recipe.settings.seed != 1}
    for name, percent in own.items():
        reaches = RECIPES[name].reaches
        assert reaches.lowest <= round(float(percent) / 100, 4) <= reaches.highest, name


SAID = [
    ("README.md", "chapter-3", r"\*chapter 3\* ([\d.]+) % \(([\d.]+)\)"),
    ("README.md", "fast", r"\*fast\* ([\d.]+) % \(([\d.]+)\) in seconds"),
    ("README.md", "best", r"\*best\* ([\d.]+) % \(([\d.]+)\)"),
    ("README.md", "distorted", r"\*distorted\* ([\d.]+) % \(([\d.]+)\)"),
    ("README.md", "fast", r"\*Fast\* reads (\d+) % of the test digits in seconds"),
    ("docs/guide.md", "fast", r"\*\*Fast\*\* \| ([\d.]+) % of the test digits in seconds"),
    ("docs/guide.md", "chapter-1", r"the book's first network: about (\d+) % with most seeds"),
]
"""Where documents say what a recipe reaches, and perhaps what nine of ten seeds reach."""


@pytest.mark.parametrize(("file", "name", "pattern"), SAID)
def test_documents_say_what_was_measured(file: str, name: str, pattern: str) -> None:
    found = there(re.search(pattern, " ".join((ROOT / file).read_text(encoding="utf-8").split())))
    row = measured()[name]
    for said, value in zip(found.groups(), (row.best_test[0], row.nine_of_ten), strict=False):
        assert float(said) == round(value, len(said.partition(".")[2]))
    assert "seconds" not in pattern or row.seconds < 10


def test_the_guide_says_where_validation_stays_of_the_recipe_that_overfits() -> None:
    guide = " ".join((ROOT / "docs" / "guide.md").read_text(encoding="utf-8").split())
    (near,) = re.findall(r"validation stays near (\d+) %", guide)
    assert measured()["overfit"].last_validation == pytest.approx(float(near), abs=1)


@pytest.mark.parametrize(("name", "layers"), [("chapter-1", "784-30-10"), ("chapter-1-100", "784-100-10")])
def test_the_readme_expects_of_the_book_s_settings_what_was_measured(name: str, layers: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pattern = (
        r"Of (\d+) seeds half read ([\d.]+) % or more, nine of ten ([\d.]+) %, the best ([\d.]+) %, the worst "
        r"([\d.]+) %\."
    )
    (said,) = re.findall(rf"^\| {layers} \| {pattern}", readme, re.MULTILINE)
    reaches = RECIPES[name].reaches
    stuck = reaches.seeds - reaches.learned
    assert f"With {stuck} of them " in readme or stuck == 1
    row = measured()[name]
    median, low, high, nine = (f"{value:.1f}" for value in (*row.best_test, row.nine_of_ten))
    assert said == (str(row.seeds), median, nine, high, low)


def test_the_readme_has_what_really_is_printed(mnist: Digits, capsys: pytest.CaptureFixture[str]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (kernel,) = {library["architecture"] for library in threadpool_info() if "architecture" in library}
    if f"({kernel})" not in readme:
        pytest.skip(f"README has no output of the kernels for {kernel}")
    Network([784, 30, 10], seed=1).SGD(mnist.training, 3, 10, 3.0, test_data=mnist.test)
    first, second, _ = (printed := capsys.readouterr().out).splitlines()
    assert f"{first[len('Epoch 0: ') : -len('/10000')]} ({kernel})" in " ".join(readme.split())
    if kernel == "Haswell":
        assert printed in readme, "as from Python"
        assert f"    {first}\n    {second}\n" in readme, "as from the command line"


@pytest.mark.long
def test_another_seed_comes_close_to_what_nine_of_ten_reach(mnist: Digits) -> None:
    """On any processor: by twice the range of the seeds at most."""
    recipe = min(RECIPES.values(), key=lambda each: each.seconds)
    best = there(train(recipe.settings.changed(seed=201), mnist, most_epochs=recipe.epochs).best_epoch)
    reaches = recipe.reaches
    assert best.accuracy("test") > reaches.nine_of_ten - 2 * (reaches.highest - reaches.lowest)
