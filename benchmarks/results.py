"""Trains the recipes with several seeds each and rewrites docs/results.md: what they reach, and how fast.

Each trained network goes into docs/results.json at once, and what is there already is not trained again, so a
long table can be made in pieces. Results of another machine, or of settings that have changed since, are
dropped.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

from mnistviz import __version__
from mnistviz.engine import RECIPES, Digits, Epoch, Outcome, Recipe, load_digits, train
from mnistviz.engine.files import replacing

DOCS = Path(__file__).resolve().parent.parent / "docs"
SEEDS = 3
MORE_SEEDS = {"chapter-1": 12, "chapter-1-100": 8}  # since an output of some of them dies
PASSED = {"chapter-1": 0.948, "chapter-1-100": 0.960}  # of the test digits
STUCK = 0.9  # with fewer right, one of the ten digits is never read

Result = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipes", metavar="A,B,…", help="only these (all)")
    parser.add_argument("--skip", metavar="A,B,…", default="", help="all but these")
    parser.add_argument(
        "--seeds", type=int, metavar="N", help=f"seeds 1 to N ({SEEDS}, of some recipes more)"
    )
    parser.add_argument("--again", action="store_true", help="train again what has been trained already")
    parser.add_argument("--docs", type=Path, default=DOCS, metavar="DIR", help="where both files are")
    asked = parser.parse_args()
    names = asked.recipes.split(",") if asked.recipes else list(RECIPES)
    skipped = asked.skip.split(",") if asked.skip else []
    for name in (*names, *skipped):
        if name not in RECIPES:
            parser.error(f"there is no recipe named {name}; the recipes are {', '.join(RECIPES)}")

    asked.docs.mkdir(parents=True, exist_ok=True)
    kept = asked.docs / "results.json"
    results = [result for result in _read(kept) if _still_holds(result)]
    digits = load_digits()
    for name in names:
        if name in skipped:
            continue
        for seed in range(1, (asked.seeds or MORE_SEEDS.get(name, SEEDS)) + 1):
            done = [r for r in results if (r["recipe"], r["seed"]) == (name, seed)]
            if done and not asked.again:
                continue
            result = _train(RECIPES[name], seed, digits)
            results = [r for r in results if r not in done] + [result]
            with replacing(kept) as file:
                file.write(json.dumps(results, indent=1).encode())
            print(
                f"{name}, seed {seed}: {result['best']['test']:.2%} in {result['seconds']:.1f} s", flush=True
            )
    (asked.docs / "results.md").write_text(_page(results), encoding="utf-8")


def _train(recipe: Recipe, seed: int, digits: Digits) -> Result:
    shown = sys.stderr.isatty()

    def report(epoch: Epoch) -> None:
        if shown:
            line = f"\r{recipe.name}, seed {seed}, epoch {epoch.number}: {epoch.accuracy('validation'):.2%} "
            print(line, end="", file=sys.stderr, flush=True)

    began = time.process_time()
    outcome = train(recipe.settings.changed(seed=seed), digits, most_epochs=recipe.epochs, report=report)
    processor = time.process_time() - began
    if shown:
        print("\r", end="", file=sys.stderr)
    return {
        "recipe": recipe.name,
        "seed": seed,
        "settings": _settings(recipe, seed),
        "machine": machine(),
        "best": _figures(outcome, outcome.best_epoch),
        "last": _figures(outcome, outcome.epochs[-1] if outcome.epochs else None),
        "seconds": round(outcome.seconds, 2),
        "processor_seconds": round(processor, 2),
    }


def _figures(outcome: Outcome, epoch: Epoch | None) -> dict[str, float]:
    if epoch is None:
        raise SystemExit(f"A recipe ended before the end of its first epoch: it has {outcome.ended}.")
    return {"epoch": epoch.number} | {str(name): epoch.accuracy(name) for name in epoch.evaluations}


def _settings(recipe: Recipe, seed: int) -> dict[str, Any]:
    """The settings that a recipe is trained with, as JSON has them."""
    settings: dict[str, Any] = json.loads(json.dumps(asdict(recipe.settings.changed(seed=seed))))
    return settings


def _read(kept: Path) -> list[Result]:
    return json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else []


def _still_holds(result: Result) -> bool:
    recipe = RECIPES.get(result["recipe"])
    if recipe is None or result["machine"] != machine():
        return False
    same: bool = result["settings"] == _settings(recipe, result["seed"])
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


def _page(results: list[Result]) -> str:
    here = machine()
    rows = [_row(recipe, [r for r in results if r["recipe"] == recipe.name]) for recipe in RECIPES.values()]
    passed = [_passed(name, [r for r in results if r["recipe"] == name]) for name in PASSED]
    return f"""\
# What the recipes reach

`make results` trains this table and rewrites this page. Each recipe was trained with several seeds on the bundled
MNIST: 50,000 training, 10,000 validation and 10,000 test digits. The figures are percentages of digits read right, as
mean ± standard deviation over the seeds; the first has the smallest and the largest in brackets.

- *Best* is at the end of the epoch in which the most validation digits were read right: the weights that the program
  keeps. The test digits have no say in it. *Last* is at the end of the last epoch.
- *Seconds* are the median over the seeds by the clock on the wall, evaluations included; *processor* is for how much
  of that the one thread in work had a core to itself. The two differ where others were using the machine.

| recipe | seeds | epochs | best test | best validation | last test | last validation | seconds | processor |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
{_lines(rows)}
{_lines(passed, above=True)}
Machine: {here["processor"]}, {here["cores"]} cores, {here["system"]}; Python {here["python"]}, NumPy {here["numpy"]}, \
{here["blas"]}, one thread; mnistviz {here["mnistviz"]}.
"""


def _lines(lines: Iterable[str], *, above: bool = False) -> str:
    """The lines that there are, with a free line above if there are any."""
    text = "\n".join(line for line in lines if line)
    return f"\n{text}\n" if above and text else text


def _row(recipe: Recipe, results: list[Result]) -> str:
    if not results:
        return ""
    cells = [recipe.name, str(len(results)), str(recipe.epochs)]
    best_test = [result["best"]["test"] for result in results]
    cells.append(f"{_spread(best_test)} ({100 * min(best_test):.2f} to {100 * max(best_test):.2f})")
    for when, which in (("best", "validation"), ("last", "test"), ("last", "validation")):
        cells.append(_spread([result[when][which] for result in results]))
    for time_taken in ("seconds", "processor_seconds"):
        cells.append(f"{statistics.median(result[time_taken] for result in results):.0f}")
    return f"| {' | '.join(cells)} |"


def _spread(shares: list[float]) -> str:
    mean = f"{100 * statistics.mean(shares):.2f}"
    return mean if len(shares) == 1 else f"{mean} ± {100 * statistics.stdev(shares):.2f}"


def _passed(name: str, results: list[Result]) -> str:
    if not results:
        return ""
    least, reached = PASSED[name], [result["best"]["test"] for result in results]
    passed, well = sum(share >= least for share in reached), [share for share in reached if share >= STUCK]
    line = f"- *{name}*: {passed} of {len(reached)} seeds read {100 * least:.1f} % or more of the test digits"
    if well and len(well) < len(reached):
        stuck = len(reached) - len(well)
        line += (
            f"; with {stuck}, below {100 * STUCK:.0f} %, an output hardly ever fires, and hardly any of its "
            "digits is read right. "
        )
        line += f"The mean of the others is {_spread(well)} %"
    return f"{line}."


if __name__ == "__main__":
    main()
