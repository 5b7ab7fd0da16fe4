"""Measure how often each verdict of the program is wrong, and how often it finds a difference that there is.

Runs of 784-30-10 for 1.5 epochs with 20 seeds, and with other orders of their digits, are trained once and kept in
docs/verdicts.json. Pairs are drawn from them at random and given to the program's own verdicts. A pair of one recipe,
or of η 3 and η 3.0001, is a placebo: nothing differs but chance. Writes a table into docs/results.md.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from msgspec import Struct, field
from results import DOCS, SECTION, machine, with_section

from mnistviz.engine import Digits, Network, Settings, load_digits
from mnistviz.engine.files import replacing
from mnistviz.engine.futures import look_ahead
from mnistviz.engine.recorder import Record
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.trainer import Trainer, TrainerState
from mnistviz.engine.trials import ChangeResult, RecordedRun, RemedyResult, ordered_trainer
from mnistviz.engine.verdicts import Verdict, compare_digits, compare_orders, compare_seeds

SEEDS: Final = 20
END: Final = 75_000  # digits: 1.5 epochs
FORK: Final = 50_000
ORDERS: Final = 20
PAIRS: Final = 400  # drawn for each row of the table
MOMENTS: Final = tuple(range(500, 7_500, 700))  # mini-batches at which "What next?" is asked
BOOK: Final = Settings()
RECIPES: Final = {"η 3": BOOK, "η 1": BOOK.changed(eta=1.0), "100 units": BOOK.changed(sizes=(784, 100, 10))}
PLACEBO: Final = 3.0001
NEW_RUNS: Final = {
    "100 units": RECIPES["100 units"],
    "100 units, η 3 → 3.0001": RECIPES["100 units"].changed(eta=PLACEBO),
    "100 units, initial weights → scaled": RECIPES["100 units"].changed(initial_weights="scaled"),
}

Known = dict[str, Any]


class Row(Struct):
    """One line of the table: how many verdicts were given, and how many said probably or clearly."""

    sentence: str
    pairs: str
    placebo: bool
    verdicts: list[str] = field(default_factory=list)

    def cells(self) -> Iterator[str]:
        yield self.sentence
        yield self.pairs
        yield str(len(self.verdicts))
        for words in (("probably", "clearly"), ("clearly",)):
            share = sum(self.verdicts.count(word) for word in words) / max(1, len(self.verdicts))
            error = math.sqrt(share * (1 - share) / max(1, len(self.verdicts)))
            yield f"{100 * share:.1f} ± {100 * error:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--docs", type=Path, default=DOCS, metavar="DIR", help="where both files are")
    parser.add_argument("--seeds", type=int, default=SEEDS, metavar="N", help="seeds 1 to N (%(default)s)")
    asked = parser.parse_args()
    kept = asked.docs / "verdicts.json"
    known: Known = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    if known.get("machine") != machine():
        known = {"machine": machine()}
    digits = load_digits()
    for seed in range(1, 1 + asked.seeds):
        if str(seed) not in known:
            print(f"seed {seed}", flush=True)
            known[str(seed)] = measured(seed, digits)
            with replacing(kept) as file:
                file.write(json.dumps(known).encode())
    seeds = [known[str(seed)] for seed in range(1, 1 + asked.seeds)]
    page = asked.docs / "results.md"
    page.write_text(with_section(page.read_text("utf-8"), section(rows(seeds))), "utf-8")


@one_blas_thread()
def measured(seed: int, digits: Digits) -> Known:
    """Everything that is known of one seed: accuracies on the validation digits, predictions, costs, and outlooks."""
    found: Known = {"accuracies": {}, "orders": {}, "costs": {}, "outlooks": []}
    for name, settings in RECIPES.items():
        trainer = _begun(settings.changed(seed=seed), digits)
        states: dict[int, TrainerState] = {}
        while trainer.digits_consumed < END:
            if name == "η 3" and (trainer.step_number in MOMENTS or trainer.digits_consumed == FORK):
                states[trainer.step_number] = trainer.state()
            trainer.step()
        found["accuracies"][name] = _accuracy(trainer.network, digits)
        found.setdefault("predictions", {})[name] = trainer.network.predictions(digits.test.images).tolist()
        if name == "η 3":
            run = _run(settings.changed(seed=seed), digits)
            for eta in (3.0, PLACEBO, 1.0):
                pairs = [_on(run, states[FORK // 10], eta, order, digits) for order in range(ORDERS)]
                found["orders"][str(eta)], found["costs"][str(eta)] = map(list, zip(*pairs, strict=True))
            found["outlooks"] = [_forecast(run, states[step]) for step in MOMENTS]
    found["new_runs"] = {name: _new_run(each.changed(seed=seed), digits) for name, each in NEW_RUNS.items()}
    return found


def _begun(settings: Settings, digits: Digits) -> Trainer:
    return Trainer(Network(settings.sizes, **settings.network_options()), settings, digits.training)


def _run(settings: Settings, digits: Digits) -> RecordedRun:
    begun = _begun(settings, digits)
    return RecordedRun(Record(0, begun.state(), (), (), (), (), {}), begun.network, digits)


def _on(run: RecordedRun, state: TrainerState, eta: float, order: int, digits: Digits) -> tuple[float, float]:
    """The accuracy at the end, and the mean cost up to there, from the fork on with one η in one order."""
    trainer = ordered_trainer(run, state, order, END - FORK)
    trainer.change(state.settings.changed(eta=eta))
    costs = []
    while trainer.digits_consumed < END:
        costs.append(trainer.step())
    return _accuracy(trainer.network, digits), float(np.mean(costs))


def _new_run(settings: Settings, digits: Digits) -> float:
    """The accuracy after as many digits as the program tries a remedy on."""
    trainer = _begun(settings, digits)
    while trainer.digits_consumed < FORK:
        trainer.step()
    return _accuracy(trainer.network, digits)


def _accuracy(network: Network, digits: Digits) -> float:
    return network.evaluate(digits.validation) / len(digits.validation)


def _forecast(run: RecordedRun, state: TrainerState) -> Known:
    """The words of What next? of one moment: of eight placebos, of the best of them, and of η 1 and η 30."""
    there = RecordedRun(Record(state.step, run.record.start, (), (), (), (state,), {}), run.start, run.digits)
    placebos = look_ahead(there, state.step, "eta", [3 + k / 10_000 for k in (-4, -3, -2, -1, 1, 2, 3, 4)])
    others = look_ahead(there, state.step, "eta", [1.0, 30.0])
    best = placebos.best
    return {
        "placebos": [
            _word(placebos.verdict(each)) for each in placebos.futures if each not in (placebos.current, best)
        ],
        "best": "" if best is None else _word(placebos.verdict(best)),
        "1": _word(others.verdict(others.of(1.0))),
        "30": _word(others.verdict(others.of(30.0))),
    }


def _word(verdict: Verdict) -> str:
    return verdict.sureness


def _helps(without: list[float], remedied: list[float]) -> str:
    return "probably" if RemedyResult(tuple(without), tuple(remedied), FORK, 10_000).helps else "same"


def rows(seeds: list[Known]) -> Iterator[Row]:
    """The lines of the table, each with the verdicts on pairs drawn at random."""
    draw = np.random.default_rng(1)

    def filled(row: Row, verdict: Callable[[], str]) -> Row:
        row.verdicts = [verdict() for _ in range(PAIRS)]
        return row

    def of_seeds(a: str, b: str, n: int) -> str:
        chosen = draw.permutation(len(seeds))
        first, second = chosen[: n + 1], chosen[-n - 1 :]
        values = (
            [seeds[each]["accuracies"][name] for each in some] for name, some in ((a, first), (b, second))
        )
        return _word(compare_seeds(next(values), next(values), 10_000))

    def of_orders(eta: float, n: int, *, costs: bool = False) -> str:
        seed = seeds[draw.integers(len(seeds))]
        orders = draw.choice(ORDERS, n, replace=False)
        kept, changed = (
            np.array(seed["costs" if costs else "orders"][str(each)])[orders].tolist() for each in (3.0, eta)
        )
        if costs:
            verdict = ChangeResult(tuple(changed), tuple(kept), END - FORK).verdict
            return {"less": "clearly", "more": "clearly", "same": "same"}.get(verdict, "probably")
        return _word(compare_orders(kept, changed, 10_000))

    def of_remedy(eta: float) -> str:
        seed = seeds[draw.integers(len(seeds))]
        orders = draw.choice(ORDERS, 3, replace=False)
        kept, changed = (np.array(seed["orders"][str(each)])[orders].tolist() for each in (3.0, eta))
        return _helps(kept, changed)

    def of_new_runs(name: str) -> str:
        chosen = [seeds[each]["new_runs"] for each in draw.choice(len(seeds), 3, replace=False)]
        return _helps([each["100 units"] for each in chosen], [each[name] for each in chosen])

    def of_digits(a: str, b: str, *, labels: list[int]) -> str:
        """The verdict on half of the test digits, if the other half does not agree with it."""
        first, second = draw.choice(len(seeds), 2, replace=False)
        halves = np.split(draw.permutation(len(labels)), 2)
        correct = [
            np.array(seeds[each]["predictions"][name]) == np.array(labels)
            for name, each in ((a, first), (b, second))
        ]
        only = [[int((x & ~y)[half].sum()) for x, y in (correct, correct[::-1])] for half in halves]
        said = compare_digits(only[0][0], only[0][1], 5_000)
        agrees = (only[1][1] - only[1][0]) * said.difference > 0
        return _word(said) if not agrees else "same"

    labels = load_digits().test.labels.tolist()
    for n in (3, 5, 8):
        name = f"Compare, {n} other seeds each"
        yield filled(Row(name, "η 3, other seeds", True), partial(of_seeds, "η 3", "η 3", n))
        for other in ("η 1", "100 units"):
            yield filled(Row(name, f"η 3 and {other}", False), partial(of_seeds, "η 3", other, n))
    for eta, pairs in ((PLACEBO, "η 3 → 3.0001"), (1.0, "η 3 → 1")):
        placebo = eta == PLACEBO
        yield filled(Row("Is it more than chance?, common past", pairs, placebo), partial(of_orders, eta, 6))
        yield filled(Row("the notice of a change", pairs, placebo), partial(of_orders, eta, 4, costs=True))
        yield filled(Row("a remedy helps", pairs, placebo), partial(of_remedy, eta))
    yield filled(
        Row("Is it more than chance?, two networks: not so on other digits", "η 3, other seeds", True),
        partial(of_digits, "η 3", "η 3", labels=labels),
    )
    looks = [look for seed in seeds for look in seed["outlooks"]]
    yield Row(
        "What next?, one value",
        "η 3 and 2.9996 to 3.0004",
        True,
        [word for look in looks for word in look["placebos"]],
    )
    yield Row(
        "What next?, the best value", "the best of eight of these", True, [look["best"] for look in looks]
    )
    yield Row("What next?, one value", "η 3 and 1", False, [look["1"] for look in looks])
    yield Row("What next?, one value", "η 3 and 30", False, [look["30"] for look in looks])
    for name in (*NEW_RUNS,)[1:]:
        yield filled(Row("a remedy helps, in new runs", name, "3.0001" in name), partial(of_new_runs, name))


def section(table: Iterator[Row]) -> str:
    """The table in Markdown."""
    found = list(table)

    def lines(placebo: bool) -> str:
        return "\n".join(f"| {' | '.join(row.cells())} |" for row in found if row.placebo == placebo)

    head = "| sentence | pairs | verdicts | probably or clearly, % | clearly, % |\n|---|---|--:|--:|--:|"
    return f"""{SECTION}

`make verdicts` gives the program's own verdicts pairs of runs of 784-30-10 after 1.5 epochs, from {SEEDS} seeds and
{ORDERS} orders of their digits, and writes this section. *Probably* is to be said of placebos in one case of ten at
most, *clearly* in one of a hundred.

Placebos: nothing differs but chance.

{head}
{lines(True)}

Differences that there are.

{head}
{lines(False)}
"""


if __name__ == "__main__":
    main()
