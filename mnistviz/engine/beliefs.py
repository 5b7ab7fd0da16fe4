"""Common misconceptions about neural networks, with runs that refute them. docs/beliefs.md has the measured figures."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from msgspec import Struct

from mnistviz.engine.digits import Digits
from mnistviz.engine.fewest_pixels import fewest_pixels
from mnistviz.engine.history import History
from mnistviz.engine.moment import Evaluation, SetName
from mnistviz.engine.network import Network
from mnistviz.engine.scores import Score, score_choice

_SURE: Final = 0.9  # an output above this is certain


class Belief(Struct, frozen=True):
    """Runs that refute a belief, as recipe lines (see `recipe_line`), and the two boundaries between its three
    `answers`. If it `compares` two runs, the view shows the digits that they misclassify; `fewest_pixels` is a test
    digit, for which the view shows how few pixels change its prediction."""

    lines: tuple[str, ...]
    answers: tuple[float, float] = (0, 0)
    compares: bool = False
    fewest_pixels: int | None = None


BELIEFS: Final[Mapping[str, Belief]] = {
    "order": Belief(
        ("784-30-10 seed 1 η 3; 5000: order sorted; 10000: order shuffled; → 10200",), (0.4, 0.75)
    ),
    "back": Belief(("784-30-10 seed 1 η 3; 5200: by −η 3 back 200 of 10 shuffled; → 5200",), (0.5, 0.8)),
    "labels": Belief(
        ("784-100-10 seed 1 η 0.5 cost cross_entropy training_digits 1000 random_labels 1; → 10000",),
        (0.3, 0.75),
    ),
    "noise": Belief(("784-30-10 seed 1 η 3 random_labels 0.5; → 15000",), (0.575, 0.725)),
    "gap": Belief(
        (
            "784-30-10 seed 1 η 3; → 75000",
            "784-100-10 seed 1 η 0.5 cost cross_entropy initial_weights scaled; → 75000",
        ),
        (-0.005, 0.005),
    ),
    "equal": Belief(
        (
            "784-30-10 seed 1 η 0.5 cost cross_entropy initial_weights scaled; → 15000",
            "784-30-10 seed 2 η 0.5 cost cross_entropy initial_weights scaled; → 15000",
        ),
        (100, 225),
        compares=True,
    ),
    "unknown": Belief(("784-30-10 seed 1 η 3 classes_left_out 4; → 15000",), (0.05, 0.25)),
    # a dozen pixels at most, with each of twenty seeds
    "sees": Belief(("784-30-10 seed 1 η 3; → 15000",), (20, 75), fewest_pixels=4),
}
"""By name, in order of display."""


class BeliefRun(Struct, frozen=True, eq=False):
    """Result of one run of a belief: its history, and its last network evaluated on every set."""

    history: History
    evaluations: Mapping[SetName, Evaluation]
    network: Network


def belief_figures(name: str, runs: Sequence[BeliefRun], digits: Digits) -> dict[str, float]:
    """Return the figures of a belief's answer, the deciding one first: shares, 0 to 1, and counts. Empty if something
    was not measured or a run is missing. If the belief was tried more than once, the last runs count."""
    if len(runs) < (count := len(BELIEFS[name].lines)):
        return {}
    runs = runs[-count:]
    run, evaluations = runs[0], runs[0].evaluations
    validation = evaluations["validation"].accuracy if "validation" in evaluations else np.nan
    acts = [act.step for act in run.history.interventions]

    def before(step: int) -> float:
        place = run.history.measured("validation", step)
        return place.accuracy if place else np.nan

    figures = {"validation": validation}
    match name:
        case "order":
            steps = before(acts[0]) if acts else np.nan, before(acts[1]) if len(acts) > 1 else np.nan
            figures = {"ordered": steps[1], "before": steps[0], "healed": validation}
        case "back":
            figures = {"back": validation, "before": before(acts[0] - 1) if acts else np.nan}
        case "labels":
            figures = {"heart": evaluations["training"].accuracy, "validation": validation}
        case "gap":
            sets: tuple[SetName, ...] = "training", "validation"
            pairs = (tuple(each.evaluations[of].accuracy for of in sets) for each in runs)
            (first, small), (second, large) = sorted(pairs, key=lambda pair: pair[0] - pair[1])
            figures = {
                "more": large - small, "small": small, "large": large, "gap": first - small, "wide": second - large,
            }  # fmt: skip
        case "equal":
            wrong = [each.evaluations["test"].predictions != digits.test.labels for each in runs]
            figures = {"alone": float(np.count_nonzero(wrong[0] ^ wrong[1]))}
        case "unknown":
            four, outputs = digits.test.labels == 4, evaluations["test"].outputs
            sure = np.nan if outputs is None else float((outputs[four] > _SURE).mean())
            figures = {"sure": sure, "nine": float((evaluations["test"].predictions[four] == 9).mean())}
        case "sees":
            search = fewest_pixels(run.network, digits.test.images[BELIEFS[name].fewest_pixels or 0])
            figures = {"pixels": len(search.pixels)}
    return figures if np.isfinite(list(figures.values())).all() else {}


def score_answer(name: str, answer: int, figures: Mapping[str, float]) -> Score:
    return score_choice(answer, bisect(BELIEFS[name].answers, next(iter(figures.values()))), ordered=True)
