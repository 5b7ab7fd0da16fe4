"""Tries what many believe of neural networks, with twenty seeds each, and writes docs/beliefs.md.

A belief whose figures no longer refute it is told at the end, and the program fails: then the words of the screen are
to be changed. It takes a quarter of an hour.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import Struct
from results import machine

from mnistviz.engine import Digits, Network, Settings, load_digits, one_blas_thread, train
from mnistviz.engine.beliefs import BELIEFS
from mnistviz.engine.digits import PIXELS, SIDE, DigitSet, LabelledDigits
from mnistviz.engine.distortion import Noise, noise_accuracy
from mnistviz.engine.experiment.recipe_line import read_line
from mnistviz.engine.fewest_pixels import fewest_pixels
from mnistviz.engine.trainer import Trainer

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "beliefs.md"
SEEDS: Final = tuple(range(1, 21))
SEARCHED: Final = 200  # test digits
MOVED: Final = 4  # pixels
NOISE: Final = 0.3  # of full ink
STEPS: Final = 200  # mini-batches that heal, and that are undone


class Figure(Struct, frozen=True):
    """Something measured with each seed. `holds` says whether the words about it are true of one: they must be of nine
    of ten."""

    what: str
    values: tuple[float, ...]
    holds: Callable[[float], bool] = lambda value: True
    percent: bool = True

    @property
    def hold(self) -> bool:
        return sum(map(self.holds, self.values)) >= 0.9 * len(self.values)

    @property
    def told(self) -> str:
        """The median, between which values nine of ten lie, and the least and the most."""
        values, unit = (
            (sorted(100 * value for value in self.values), " %")
            if self.percent
            else (sorted(self.values), "")
        )
        form, out = (".1f" if self.percent else ",.0f"), len(values) // 20
        between, ends = (
            f"{low:{form}} to {high:{form}}"
            for low, high in ((values[out], values[-1 - out]), (values[0], values[-1]))
        )
        return f"{statistics.median(values):{form}}{unit} | {between} | {ends}"


class Belief(Struct, frozen=True):
    """A belief, how it was tried, what came of it, and what that means."""

    said: str
    tried: str
    figures: tuple[Figure, ...]
    means: str


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--page", type=Path, default=PAGE, help="where it is written (%(default)s)")
    asked = parser.parse_args()
    digits = load_digits()
    beliefs: list[Belief] = []
    with one_blas_thread():
        for try_it in (order, by_heart, noise, gap, undone, equal_scores, left_out, sees):
            beliefs.append(try_it(digits))
            print(f"{beliefs[-1].said}: {', '.join(each.told for each in beliefs[-1].figures)}", flush=True)
    asked.page.write_text(page(beliefs), encoding="utf-8")
    wrong = [(belief.said, figure.what) for belief in beliefs for figure in belief.figures if not figure.hold]
    for said, what in wrong:
        print(f"The words no longer hold. {said}: {what}", file=sys.stderr)
    sys.exit(bool(wrong))


def settings_of(belief: str, seed: int, run: int = 0) -> Settings:
    """What a run that shows a belief begins with, with another seed."""
    return read_line(BELIEFS[belief].lines[run]).recipe.settings.changed(seed=seed)


def trainer_of(settings: Settings, digits: Digits) -> Trainer:
    return Trainer(Network(settings.sizes, **settings.network_options()), settings, digits.training)


def trained(trainer: Trainer, digits: int) -> Network:
    """Its network after so many digits more."""
    end = trainer.digits_consumed + digits
    while trainer.digits_consumed < end:
        trainer.step()
    return trainer.network


def share(network: Network, digits: LabelledDigits) -> float:
    return float(np.mean(network.predictions(digits.images) == digits.labels))


def order(digits: Digits) -> Belief:
    """The digits of an epoch sorted by class, and what mixed mini-batches heal."""
    found = []
    for seed in SEEDS:
        trainer = trainer_of(settings_of("order", seed), digits)
        epoch, row = len(trainer.training), []
        for how, count in (("shuffled", epoch), ("sorted", epoch), ("shuffled", STEPS * 10)):
            trainer.change(trainer.settings.changed(order=how))
            row.append(share(trained(trainer, count), digits.test))
        stored = trainer_of(settings_of("order", seed).changed(order="stored"), digits)
        found.append((*row, share(trained(stored, epoch), digits.test)))
    mixed, sorted_by_class, healed, as_stored = zip(*found, strict=True)
    return Belief(
        "Order doesn't matter",
        f"784-30-10, η 3: an epoch of shuffled digits, an epoch sorted by class, then {STEPS} mini-batches of shuffled "
        "ones.",
        (
            Figure("after the shuffled epoch", mixed),
            Figure("after the sorted epoch", sorted_by_class, lambda value: value < 0.205),
            Figure(f"after {STEPS} shuffled mini-batches more", healed, lambda value: value > 0.8),
            Figure(
                "an epoch as MNIST is stored, which is mixed already", as_stored, lambda value: value > 0.5
            ),
        ),
        "Each mini-batch pulls towards its own digits. The last class of a sorted epoch pulls alone for hundreds of "
        "mini-batches, and the network forgets most others. It doesn't forget all that it had learned of them: so "
        "few mixed mini-batches heal it.",
    )


def by_heart(digits: Digits) -> Belief:
    """A thousand digits whose labels were all drawn by chance."""
    found = []
    for seed in SEEDS:
        trainer = trainer_of(settings_of("labels", seed), digits)
        network = trained(trainer, 100 * len(trainer.training))
        found.append((share(network, trainer.training), share(network, digits.test)))
    training, test = zip(*found, strict=True)
    return Belief(
        "It learns the digits, not the labels",
        "784-100-10, cross-entropy, η 0.5: 1,000 training digits for 100 epochs, all labels drawn by chance.",
        (
            Figure("training digits read as their label says", training, lambda value: value > 0.75),
            Figure("test digits read right", test, lambda value: value < 0.2),
        ),
        "It learns what it is told, by heart where there is nothing to understand. That it can learn all training "
        "digits says nothing about what it has understood.",
    )


def noise(digits: Digits) -> Belief:
    """Half of all labels drawn by chance."""
    found = []
    for seed in SEEDS:
        trainer = trainer_of(settings_of("noise", seed), digits)
        network = trained(trainer, 3 * len(trainer.training))
        told = trainer.training
        found.append((share(network, told), share(network, digits.test)))
    training, test = zip(*found, strict=True)
    return Belief(
        "Wrong labels spoil everything",
        "784-30-10, η 3: 50,000 training digits for three epochs, half of the labels drawn by chance.",
        (
            Figure("training digits read as their label says", training, lambda value: value < 0.6),
            Figure("test digits read right", test, lambda value: value > 0.8),
        ),
        "With 50,000 digits there is too much to learn by heart. What is common to many digits survives, and chance "
        "cancels out.",
    )


def gap(digits: Digits) -> Belief:
    """A network that learns its training digits by heart, beside one that does not."""
    found = []
    for seed in SEEDS:
        small, large = (
            train(settings_of("gap", seed, run).changed(stop="epochs", stop_epochs=15), digits)
            for run in (0, 1)
        )
        ends = [
            (run.epochs[-1].accuracy("training"), run.epochs[-1].accuracy("validation"))
            for run in (large, small)
        ]
        best = max(epoch.accuracy("validation") for epoch in large.epochs)
        found.append(
            (
                ends[0][0] - ends[0][1], ends[0][1], best - ends[0][1],
                ends[1][0] - ends[1][1], ends[1][1], ends[0][1] - ends[1][1],
            )
        )  # fmt: skip
    columns = [tuple(column) for column in zip(*found, strict=True)]
    return Belief(
        "A gap means overfitting",
        "784-100-10, cross-entropy, weights of 1/√n, η 0.5, beside the book's 784-30-10, η 3: both for 15 epochs.",
        (
            Figure(
                "gap between training and validation of the first", columns[0], lambda value: value > 0.01
            ),
            Figure("its validation", columns[1]),
            Figure("what it lost since its best epoch", columns[2], lambda value: value < 0.005),
            Figure("gap of the second", columns[3], lambda value: value < 0.03),
            Figure("its validation", columns[4]),
            Figure("more validation digits right of the first", columns[5], lambda value: value > 0),
        ),
        "The first has learned its training digits by heart, and reads new ones better than the network with the "
        "smaller gap. A gap alone is no harm; validation that falls is.",
    )


def undone(digits: Digits) -> Belief:
    """Steps forward, and the same digits back with −η."""
    found = []
    for seed in SEEDS:
        trainer = trainer_of(settings_of("back", seed), digits)
        trained(trainer, len(trainer.training))
        network = trainer.network
        before, start = share(network, digits.test), network.parameters.copy()
        forward = share(trained(trainer, STEPS * 10), digits.test)
        trainer.step_back(trainer.settings.eta, STEPS, 10, "shuffled")
        back = share(network, digits.test)
        network.parameters[...] = start
        found.append((before, forward, back, share(network, digits.test)))
    columns = [tuple(column) for column in zip(*found, strict=True)]
    return Belief(
        "−η undoes a step",
        f"784-30-10, η 3, after an epoch: {STEPS} mini-batches on, then the same mini-batches back with −η.",
        (
            Figure("before", columns[0]),
            Figure(f"{STEPS} mini-batches on", columns[1]),
            Figure("and back with −η", columns[2], lambda value: value < 0.5),
            Figure("the weights of before, put back", columns[3]),
        ),
        "The step back takes the gradient at another place than the step forward did, and on the way uphill small "
        "differences grow at each step. What brings the old weights back is to have kept them.",
    )


def equal_scores(digits: Digits) -> Belief:
    """Networks that differ in their seed only, each pair of them."""
    reads = []
    for seed in SEEDS:
        trainer = trainer_of(settings_of("equal", seed), digits)
        network = trained(trainer, 3 * len(trainer.training))
        reads.append(network.predictions(digits.test.images) != digits.test.labels)
    pairs = list(combinations(reads, 2))
    apart = tuple(abs(float(one.mean() - other.mean())) for one, other in pairs)
    common = tuple(float((one & other).sum() / (one | other).sum()) for one, other in pairs)
    alone = tuple(float((one ^ other).sum()) for one, other in pairs)
    return Belief(
        "Equal scores mean equal networks",
        "784-30-10, cross-entropy, weights of 1/√n, η 0.5, for three epochs: all pairs of the seeds.",
        (
            Figure("test digits read right, of each", tuple(float(1 - wrong.mean()) for wrong in reads)),
            Figure("how far the scores of a pair are apart", apart, lambda value: value < 0.02),
            Figure(
                "digits that only one of a pair misreads", alone, lambda value: value > 300, percent=False
            ),
            Figure("of all digits misread in a pair, misread by both", common, lambda value: value < 0.75),
        ),
        "The same score is made of other mistakes. Two networks can be told apart by what they misread, not by how "
        "much.",
    )


def left_out(digits: Digits) -> Belief:
    """A class that the network has never seen."""
    found = []
    for seed in SEEDS:
        trainer = trainer_of(settings_of("unknown", seed), digits)
        network = trained(trainer, 3 * len(trainer.training))
        its = digits.test.labels == trainer.settings.classes_left_out[0]
        winners, outputs = network.read(digits.test.images)
        others = float((winners[~its] == digits.test.labels[~its]).mean())
        found.append((others, float((outputs[its] > 0.9).mean()), float((winners[its] == 9).mean())))
    columns = [tuple(column) for column in zip(*found, strict=True)]
    return Belief(
        "It says when it doesn't know",
        "784-30-10, η 3, for three epochs without a single 4; then it is shown the 4s of the test digits.",
        (
            Figure("test digits of the other classes read right", columns[0], lambda value: value > 0.85),
            Figure("4s for which an output is above 0.9", columns[1], lambda value: value > 0.35),
            Figure("4s read as 9", columns[2], lambda value: value > 0.6),
        ),
        "The outputs say which class of those it knows fits best. None of them was ever trained to say that none does.",
    )


def sees(digits: Digits) -> Belief:
    """The few pixels that change a verdict, and what a person hardly notices: a digit that is moved, or noise."""
    found, test, shown = [], digits.test, BELIEFS["sees"].fewest_pixels
    assert shown is not None
    moved = np.zeros((len(test), SIDE, SIDE), np.uint8)
    moved[:, :, MOVED:] = test.images.reshape(-1, SIDE, SIDE)[:, :, :-MOVED]
    for seed in SEEDS:
        trainer = trainer_of(settings_of("sees", seed), digits)
        network = trained(trainer, 3 * len(trainer.training))
        searches = [fewest_pixels(network, image) for image in test.images[:SEARCHED]]
        pixels = [len(each.pixels) if each is not None and each.flipped else PIXELS for each in searches]
        accuracy = noise_accuracy(network, test, Noise(NOISE, seed))
        assert accuracy is not None
        there = share(network, DigitSet(moved.reshape(-1, PIXELS), test.labels))
        middle, of_shown = statistics.median(pixels), pixels[shown]
        found.append(
            (share(network, test), float(middle), float(of_shown), there, accuracy.right / accuracy.of)
        )
    columns = [tuple(column) for column in zip(*found, strict=True)]
    return Belief(
        "It sees what I see",
        f"784-30-10, η 3, for three epochs: *Fewest pixels* of the first {SEARCHED} test digits, and all test digits "
        f"moved by {MOVED} pixels or with noise.",
        (
            Figure("test digits read right", columns[0]),
            Figure(
                "pixels that change what a digit is read as, the median",
                columns[1],
                lambda value: value <= 6,
                percent=False,
            ),
            Figure(
                "the same of the digit that the program shows",
                columns[2],
                lambda value: value <= 12,
                percent=False,
            ),
            Figure(f"read right {MOVED} pixels further to the right", columns[3], lambda value: value < 0.4),
            Figure(f"read right with noise of {100 * NOISE:.0f} %", columns[4], lambda value: value < 0.85),
        ),
        "It has learned what pixels of centred digits have in common, not what a digit is. A person reads the digit in "
        "all these pictures.",
    )


def page(beliefs: Sequence[Belief]) -> str:
    here = machine()
    parts = "\n\n".join(map(section, beliefs))
    return f"""\
# Beliefs that don't hold

`make beliefs` tries each of them with the seeds {SEEDS[0]} to {SEEDS[-1]} on the bundled MNIST and rewrites this page.
What the recipes under *Beliefs to try* say is taken from here. With some seeds of η 3 an output hardly ever fires: that
costs about ten points, and explains some of the values that lie far from the others.

{parts}

Machine: {here["processor"]}, {here["cores"]} cores, {here["system"]}; Python {here["python"]}, NumPy {here["numpy"]}, \
{here["blas"]}, one thread; mnistviz {here["mnistviz"]}.
"""


def section(belief: Belief) -> str:
    rows = "\n".join(f"| {figure.what} | {figure.told} |" for figure in belief.figures)
    return f"""\
## “{belief.said}”

{belief.tried}

| | median | nine of ten seeds | all |
|---|--:|--:|--:|
{rows}

{belief.means}"""


if __name__ == "__main__":
    main()
