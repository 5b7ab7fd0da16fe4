"""Trains the recipes with several seeds each and rewrites docs/results.md: what they reach, and how fast.

Each trained network goes into docs/results.json at once, and what is there already is not trained again, so a
long table can be made in pieces; the quickest recipes come first. Results of another machine, or of settings
that have changed since, are dropped. A row that the page has of this machine stays until as many seeds are
trained; after a change of a recipe take it out. `--show` only writes the page anew.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import asdict
from threadpoolctl import threadpool_info

from mnistviz import __version__
from mnistviz.engine import RECIPES, Digits, Epoch, Outcome, Recipe, Settings, load_digits, train
from mnistviz.engine.files import replacing

DOCS = Path(__file__).resolve().parent.parent / "docs"
SEEDS = 20
SOME_STUCK = ("chapter-1", "chapter-1-100")  # with some seeds an output dies
SECTION = "## How often a verdict is wrong"  # which benchmarks/verdicts.py writes
STUCK = 0.9  # of the test digits: with fewer right, one of the ten digits is never read

Result = dict[str, Any]
Results = dict[tuple[str, int], Result]  # by recipe and seed


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipes", metavar="A,B,…", help="only these (all)")
    parser.add_argument("--skip", metavar="A,B,…", default="", help="all but these")
    parser.add_argument("--seeds", type=int, default=SEEDS, metavar="N", help="seeds 1 to N (%(default)s)")
    parser.add_argument("--again", action="store_true", help="train again what has been trained already")
    parser.add_argument("--show", action="store_true", help="train nothing, and write the page anew")
    parser.add_argument("--docs", type=Path, default=DOCS, metavar="DIR", help="where both files are")
    asked = parser.parse_args()
    names = asked.recipes.split(",") if asked.recipes else list(RECIPES)
    skipped = asked.skip.split(",") if asked.skip else []
    for name in (*names, *skipped):
        if name not in RECIPES:
            parser.error(f"there is no recipe named {name}; the recipes are {', '.join(RECIPES)}")

    asked.docs.mkdir(parents=True, exist_ok=True)
    kept = asked.docs / "results.json"
    results = _read(kept)
    recipes = sorted((RECIPES[name] for name in names if name not in skipped), key=lambda each: each.seconds)
    wanted = [(recipe, seed) for recipe in recipes for seed in range(1, 1 + asked.seeds)]
    if not asked.again:
        wanted = [(recipe, seed) for recipe, seed in wanted if (recipe.name, seed) not in results]
    if wanted and not asked.show:
        minutes = round(sum(recipe.seconds for recipe, _ in wanted) / 60)
        print(f"{len(wanted)} networks are to be trained. That takes about {minutes} minutes.", flush=True)
        digits = load_digits()
        for recipe, seed in wanted:
            result = _train(recipe, seed, digits)
            results[recipe.name, seed] = result
            with replacing(kept) as file:
                file.write(json.dumps(list(results.values()), indent=1).encode())
            write_page(asked.docs, results)  # it is true whenever one looks
            print(
                f"{recipe.name}, seed {seed}: {result['best']['test']:.2%} in {result['seconds']:.0f} s",
                flush=True,
            )
    write_page(asked.docs, results)


def _train(recipe: Recipe, seed: int, digits: Digits) -> Result:
    shown = sys.stderr.isatty()

    def report(epoch: Epoch) -> None:
        if shown:
            line = f"\r{recipe.name}, seed {seed}, epoch {epoch.number}: {epoch.accuracy('validation'):.2%} "
            print(line, end="", file=sys.stderr, flush=True)

    began = time.process_time()
    outcome = train(recipe.settings.changed(seed=seed), digits, most_epochs=recipe.epochs, report=report)
    seconds = time.process_time() - began
    if shown:
        print("\r", end="", file=sys.stderr)
    return {
        "recipe": recipe.name,
        "seed": seed,
        "settings": _settings(recipe, seed),
        "machine": machine(),
        "best": _figures(outcome, outcome.best_epoch),
        "last": _figures(outcome, outcome.epochs[-1] if outcome.epochs else None),
        "seconds": round(seconds, 2),
    }


def _figures(outcome: Outcome, epoch: Epoch | None) -> dict[str, float]:
    if epoch is None:
        raise SystemExit(f"A recipe ended before the end of its first epoch: it has {outcome.ended}.")
    return {"epoch": epoch.number} | {str(name): epoch.accuracy(name) for name in epoch.evaluations}


def _settings(recipe: Recipe, seed: int) -> dict[str, Any]:
    """The settings that a recipe is trained with, as JSON has them."""
    settings: dict[str, Any] = json.loads(json.dumps(asdict(recipe.settings.changed(seed=seed))))
    return settings


def _read(kept: Path) -> Results:
    """What was trained before, as far as it still holds."""
    results: list[Result] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else []
    return {(each["recipe"], each["seed"]): each for each in results if _still_holds(each)}


def _still_holds(result: Result) -> bool:
    recipe = RECIPES.get(result["recipe"])
    if recipe is None or result["machine"] != machine():
        return False
    others = json.loads(json.dumps(asdict(Settings())))  # of settings that there were not yet
    same: bool = others | result["settings"] == _settings(recipe, result["seed"])
    return same


def machine() -> dict[str, str]:
    """What the seconds depend on, and the last bits of the weights."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        named = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = named[0].partition(":")[2].strip() if named else model
    blas = [
        f"{library['internal_api']} {library['version']} ({library.get('architecture', 'any')})"
        for library in threadpool_info()
        if library["user_api"] == "blas"
    ]
    return {
        "processor": model,
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": ", ".join(blas) or "unknown",
        "mnistviz": __version__,
    }


class Told(Struct, frozen=True):
    """What the page says of a recipe: its row, and what the row does not say."""

    seeds: int
    row: str
    notes: tuple[str, ...]


def write_page(docs: Path, results: Results) -> None:
    page = docs / "results.md"
    before = page.read_text(encoding="utf-8") if page.exists() else ""
    _, heading, below = before.partition(SECTION)
    page.write_text(with_section(_page(results, before), heading + below), encoding="utf-8")


def with_section(page: str, section: str) -> str:
    """The page with this section in the place of the one on verdicts."""
    return page.partition(SECTION)[0].rstrip() + (f"\n\n{section}" if section else "\n")


def _page(results: Results, before: str) -> str:
    told = _told_before(before) if _machine() in before else {}
    for name in RECIPES:
        trained = [result for (each, _), result in sorted(results.items()) if each == name]
        if len(trained) >= (told[name].seeds if name in told else 1):
            told[name] = _told(name, trained)
    lines = [told[name] for name in RECIPES if name in told]
    return f"""\
# What the recipes reach

`make results` trains this table and rewrites this page. Each recipe is trained with several seeds on the bundled
MNIST: 50,000 training, 10,000 validation and 10,000 test digits. The figures are percentages of digits read right: the
median of the seeds, and in brackets the least and the most. What the program and its documents say of a recipe is taken
from here.

- *Best* is at the end of the epoch in which the most validation digits were read right: the weights that the program
  keeps. The test digits have no say in it. *Last* is at the end of the last epoch.
- *Nine of ten reach*: with a probability of nine in ten or more another seed reads at least this share of the test
  digits, too. Of 20 seeds it is the second lowest, of ten the lowest.
- *Seconds* are those of the processor, evaluations included, as a median of the seeds. On a machine that does nothing
  else the clock on the wall says about the same, since one thread does the work.

| recipe | seeds | epochs | best test | nine of ten reach | best validation | last test | last validation | seconds |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
{chr(10).join(each.row for each in lines)}

{chr(10).join([*(note for each in lines for note in each.notes), *_lacking(told)])}

{_machine()}
"""


def _machine() -> str:
    here = machine()
    return (
        f"Machine: {here['processor']}, {here['cores']} cores, {here['system']}; Python {here['python']}, "
        f"NumPy {here['numpy']}, {here['blas']}, one thread; mnistviz {here['mnistviz']}."
    )


def _told_before(page: str) -> dict[str, Told]:
    """What a page says already, by recipe."""
    lines = page.splitlines()
    return {
        name: Told(
            int(row.split("|")[2]), row, tuple(line for line in lines if line.startswith(f"- *{name}*"))
        )
        for name in RECIPES
        for row in lines
        if row.startswith(f"| {name} |")
    }


def _told(name: str, trained: Sequence[Result]) -> Told:
    tests = [result["best"]["test"] for result in trained]
    cells = [name, str(len(trained)), str(RECIPES[name].epochs), _range(tests), nine_of_ten(tests)]
    for when, which in ("best", "validation"), ("last", "test"), ("last", "validation"):
        cells.append(_range([result[when][which] for result in trained]))
    cells.append(f"{statistics.median(result['seconds'] for result in trained):.0f}")
    return Told(len(trained), f"| {' | '.join(cells)} |", tuple(_notes(name, trained)))


def nine_of_ten(shares: Sequence[float]) -> str:
    """Another seed lies below the k-th lowest of n with a probability of k in n + 1."""
    k = (len(shares) + 1) // 10
    return f"{100 * sorted(shares)[k - 1]:.2f}" if k else "–"


def _range(shares: Sequence[float]) -> str:
    """The median, and the least and the most of several."""
    median, low, high = (
        f"{100 * share:.2f}" for share in (statistics.median(shares), min(shares), max(shares))
    )
    return f"{median} ({low} to {high})"


def _notes(name: str, trained: Sequence[Result]) -> Iterator[str]:
    """What a row does not say: seeds that got stuck, and what a recipe with a seed of its own reaches."""
    well = [result["best"]["test"] for result in trained if result["best"]["test"] >= STUCK]
    if name in SOME_STUCK and well:
        yield (
            f"- *{name}*: {len(well)} of {len(trained)} seeds read {100 * STUCK:.0f} % or more, {_range(well)}. "
            "With the others an output hardly ever fires, and hardly any of its digits is read right."
        )
    for result in trained:
        if result["seed"] == RECIPES[name].settings.seed != 1:
            yield f"- *{name}* with its own seed, {result['seed']}: {100 * result['best']['test']:.2f}."


def _lacking(told: Mapping[str, Told]) -> Iterator[str]:
    seeds = {name: told[name].seeds if name in told else 0 for name in RECIPES}
    few = ", ".join(f"*{name}* ({found} of {SEEDS} seeds)" for name, found in seeds.items() if found < SEEDS)
    if few:
        yield f"- Not trained as often as it should be: {few}."


if __name__ == "__main__":
    main()
