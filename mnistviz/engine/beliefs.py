"""Common misconceptions about neural networks, each with runs on the bundled digits that refute it. The measured
figures are in docs/beliefs.md."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from mnistviz.engine.digits import Digits
from mnistviz.engine.fewest_pixels import fewest_pixels
from mnistviz.engine.history import History
from mnistviz.engine.moment import Evaluation, SetName
from mnistviz.engine.network import Network
from mnistviz.engine.scores import Score, score_choice

_SURE: Final = 0.9  # an output above this is certain


@dataclass(frozen=True)
class Belief:
    """Runs that refute a belief, as recipe lines (see `recipe_line`). If it `compares` two runs, the view shows the
    digits that they misclassify; `fewest_pixels` is a test digit, for which the view shows how few pixels change its
    prediction."""

    lines: tuple[str, ...]
    compares: bool = False
    fewest_pixels: int | None = None


BELIEFS: Final[Mapping[str, Belief]] = MappingProxyType(
    {
        "order": Belief(
            ("784-30-10 seed 1 η 3; 5000: order sorted; 10000: order shuffled; → 10200",),
        ),
        "back": Belief(
            ("784-30-10 seed 1 η 3; 5200: by −η 3 back 200 of 10 shuffled; → 5200",),
        ),
        "labels": Belief(
            ("784-100-10 seed 1 η 0.5 cost cross_entropy training_digits 1000 random_labels 1; → 10000",),
        ),
        "noise": Belief(
            ("784-30-10 seed 1 η 3 random_labels 0.5; → 15000",),
        ),
        "gap": Belief(
            (
                "784-30-10 seed 1 η 3; → 75000",
                "784-100-10 seed 1 η 0.5 cost cross_entropy initial_weights scaled; → 75000",
            ),
        ),
        "equal": Belief(
            (
                "784-30-10 seed 1 η 0.5 cost cross_entropy initial_weights scaled; → 15000",
                "784-30-10 seed 2 η 0.5 cost cross_entropy initial_weights scaled; → 15000",
            ),
            compares=True,
        ),
        "unknown": Belief(
            ("784-30-10 seed 1 η 3 classes_left_out 4; → 15000",),
        ),
        "sees": Belief(
            ("784-30-10 seed 1 η 3; → 15000",),
            fewest_pixels=4,  # a dozen pixels at most, with each of twenty seeds
        ),
    }
)
"""By name, in order of display."""

ANSWERS_PART: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "order": (0.4, 0.75),
        "back": (0.5, 0.8),
        "labels": (0.3, 0.75),
        "noise": (0.575, 0.725),
        "gap": (-0.005, 0.005),
        "equal": (100, 225),
        "unknown": (0.05, 0.25),
        "sees": (20, 75),
    }
)
"""For each belief, the two boundaries between its three answers; the first figure decides."""


@dataclass(frozen=True, eq=False)
class BeliefRun:
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
    acts = [act.step for act in run.history.interventions]
    match name:
        case "order":
            places = [run.history.measured("validation", step) for step in acts[:2]]
            before, ordered = (place.accuracy if place else np.nan for place in (*places, None, None)[:2])
            figures = {"ordered": ordered, "before": before, "healed": evaluations["validation"].accuracy}
        case "back":
            place = run.history.measured("validation", acts[0] - 1) if acts else None
            figures = {
                "back": evaluations["validation"].accuracy,
                "before": place.accuracy if place else np.nan,
            }
        case "labels":
            figures = {
                "heart": evaluations["training"].accuracy,
                "validation": evaluations["validation"].accuracy,
            }
        case "gap":
            pairs = [
                tuple(each.evaluations[of].accuracy for of in ("training", "validation")) for each in runs
            ]
            (first, small), (second, large) = sorted(pairs, key=lambda pair: pair[0] - pair[1])
            figures = {
                "more": large - small, "small": small, "large": large, "gap": first - small, "wide": second - large,
            }  # fmt: skip
        case "equal":
            first_wrong, second_wrong = (
                each.evaluations["test"].predictions != digits.test.labels for each in runs
            )
            figures = {"alone": float(np.count_nonzero(first_wrong ^ second_wrong))}
        case "unknown":
            four, outputs = digits.test.labels == 4, evaluations["test"].outputs
            sure = np.nan if outputs is None else float((outputs[four] > _SURE).mean())
            figures = {"sure": sure, "nine": float((evaluations["test"].predictions[four] == 9).mean())}
        case "sees":
            search = fewest_pixels(run.network, digits.test.images[BELIEFS[name].fewest_pixels or 0])
            figures = {"pixels": len(search.pixels)}
        case _:
            figures = {"validation": evaluations["validation"].accuracy}
    return figures if np.isfinite(list(figures.values())).all() else {}


def score_answer(name: str, answer: int, figures: Mapping[str, float]) -> Score:
    return score_choice(answer, bisect(ANSWERS_PART[name], next(iter(figures.values()))), ordered=True)
