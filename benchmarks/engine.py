"""The engine against its matrix products alone and against the book's loop; what evaluations take.

All is measured as processor time of one thread, in short blocks one after the other, A B A B, so that the
ratios hold on a busy machine too. The matrix products are those of a mini-batch, as the engine calls them:
the same shapes, layouts and buffers.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from parts import Parts, options, run_parts
from table import Figures, alternate, ratio, replaced

from mnistviz.engine import RECIPES, Digits, Settings, load_digits, one_blas_thread
from mnistviz.engine.commands import FinishEpoch
from mnistviz.engine.evaluation import Assessment
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.moment import Evaluation
from mnistviz.engine.network import Network
from mnistviz.engine.run import Run
from mnistviz.engine.trainer import GATHER, Trainer
from tests.engine.reference import PlainNetwork, pairs

ROUNDS: Final = 31
BLOCK: Final = 0.02  # seconds, about, between changes from one to the other

CASES: Final = {
    "30": Settings(),
    "100": Settings(sizes=(784, 100, 10)),
    "fast": RECIPES["fast"].settings,
    "best": RECIPES["best"].settings,
}


class BookNetwork(PlainNetwork):
    """The book's program does not measure the cost."""

    def cost(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
        return 0.0


def new_trainer(settings: Settings, digits: Digits) -> Trainer:
    return Trainer(Network(settings.sizes, **settings.network_options()), settings, digits.training)


def products(sizes: tuple[int, ...], m: int) -> Callable[[], None]:
    """One call does the matrix products of one mini-batch of `m` digits, on the next digits of a block."""
    chance, kind = np.random.default_rng(0), np.float32
    block = chance.random((max(GATHER // m, 1) * m, sizes[0]), kind)
    weights = [chance.random((n_out, n_in), kind) for n_in, n_out in pairwise(sizes)]
    a, delta, out = ([chance.random((n, m), kind) for n in sizes[1:]] for _ in range(3))
    gradients = [np.empty_like(w) for w in weights]
    last = len(weights) - 1
    at = 0

    def one() -> None:
        nonlocal at
        inputs = [block[at : at + m].T, *a]
        at = (at + m) % len(block)
        for layer, w in enumerate(weights):
            np.dot(w, inputs[layer], out=out[layer])
        for layer in range(last, -1, -1):
            if layer < last:
                np.dot(weights[layer + 1].T, delta[layer + 1], out=out[layer])
            np.dot(delta[layer], inputs[layer].T, out=gradients[layer])

    return one


def block_of(work: Callable[[], object], per_call: int = 1) -> Callable[[], float]:
    """A block of calls; it returns the processor time of one, in seconds, divided by `per_call`."""
    work()  # the first call makes buffers
    began = time.thread_time()
    work()
    calls = max(1, round(BLOCK / (time.thread_time() - began)))

    def block() -> float:
        began = time.thread_time()
        for _ in range(calls):
            work()
        return (time.thread_time() - began) / calls / per_call

    return block


@one_blas_thread()
def measure(parts: Parts) -> None:
    digits, rounds = load_digits(), ROUNDS
    if parts.asked.short:
        digits, rounds = few(digits), 1
    for name in CASES:
        parts.measure(name, partial(case, name, digits, rounds))


def few(digits: Digits) -> Digits:
    """The first thousand digits of each set."""
    sets = [part.first(1_000) for part in (digits.training, digits.validation, digits.test)]
    return replace(digits, training=sets[0], validation=sets[1], test=sets[2])


def case(name: str, digits: Digits, rounds: int) -> Figures:
    """The time of a mini-batch, over that of its products and of the book's loop, and the share of the evaluations."""
    settings = CASES[name]
    trainer = new_trainer(settings, digits)
    m = settings.mini_batch_size
    works = [block_of(trainer.step), block_of(products(settings.sizes, m))]
    if name in ("30", "100"):
        works.append(block_of(book_loop(trainer.network, digits, m), per_call=10))
    step, floor, *book = alternate(works, rounds)
    figures = {f"step_{name}": ratio(step, floor)}
    if book:
        figures[f"book_{name}"] = ratio(book[0], step)
    return figures | {f"evaluation_{name}": 100 * evaluation_share(settings, digits)}


def book_loop(network: Network, digits: Digits, m: int) -> Callable[[], object]:
    """Ten mini-batches of the book's program."""
    book = BookNetwork(network.weights, network.biases)
    batches = [pairs(digits.training, np.arange(m * number, m * number + m)) for number in range(10)]
    return lambda: [book.update_mini_batch(batch, 3.0) for batch in batches]


def evaluation_share(settings: Settings, digits: Digits) -> float:
    """What the evaluations of a run take, over the time of its training: first epoch, early ones included,
    and later ones, as they add up over the epochs of the recipe."""
    spent = 0.0
    advance = Assessment.advance

    def timed(assessment: Assessment) -> Evaluation | None:
        nonlocal spent
        began = time.thread_time()
        found = advance(assessment)
        spent += time.thread_time() - began
        return found

    run = Run(1, settings, digits, Mailbox(lambda: None))
    shares = []
    with replaced(Assessment, "advance", timed):
        for _ in range(2):
            spent, began = 0.0, time.thread_time()
            run.handle(FinishEpoch())
            while run.work(lambda: False):
                pass
            shares.append((spent, time.thread_time() - began - spent))
    (first, training_first), (later, training_later) = shares
    more = settings.stop_epochs - 1
    return (first + more * later) / (training_first + more * training_later)


if __name__ == "__main__":
    sys.exit(run_parts("engine", options(__doc__).parse_args(), measure))
