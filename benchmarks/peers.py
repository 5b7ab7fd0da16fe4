"""The engine against PyTorch, eager, and scikit-learn's MLPClassifier, on the same shapes and mini-batches.

`make bench-peers` installs both into an environment of their own, .venv-peers. All three train a network in
float32 with plain stochastic gradient descent on one thread; as many digits in short blocks one after the
other, A B C A B C, as processor time of the whole process. PyTorch is given its mini-batches ready made, as
views of shuffled grey values; scikit-learn shuffles by itself, and its hidden layers are the same but its
output is always a softmax.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np
import sklearn.neural_network
import torch
from engine import few, new_trainer
from parts import Parts, options, run_parts
from table import Figures, alternate, ratio

from mnistviz.engine import Digits, Settings, load_digits, one_blas_thread
from mnistviz.engine.digits import grey_values

ROUNDS: Final = 11
MODERN: Final[dict[str, Any]] = {
    "activation": "relu",
    "output": "softmax",
    "cost": "cross_entropy",
    "initial_weights": "he",
}
CASES: Final = {
    "30": (Settings(), 5_000),
    "100": (Settings(sizes=(784, 100, 10)), 5_000),
    "fast": (Settings(sizes=(784, 100, 10), mini_batch_size=64, eta=0.1, **MODERN), 12_800),
    "best": (Settings(sizes=(784, 256, 128, 10), mini_batch_size=64, eta=0.1, **MODERN), 6_400),
}
"""Settings, and the digits in a block."""


def torch_network(settings: Settings) -> Any:
    layers: list[Any] = []
    hidden = torch.nn.Sigmoid if settings.activation == "sigmoid" else torch.nn.ReLU
    for n_in, n_out in pairwise(settings.sizes):
        layers += [torch.nn.Linear(n_in, n_out), hidden()]
    if settings.output == "softmax":  # which is in the cost
        layers.pop()
    return torch.nn.Sequential(*layers)


def torch_block(settings: Settings, x: Any, labels: Any) -> Callable[[], object]:
    network, m = torch_network(settings), settings.mini_batch_size
    descent = torch.optim.SGD(network.parameters(), lr=settings.eta)
    quadratic = {"quadratic": True, "cross_entropy": False}[settings.cost]
    y = torch.nn.functional.one_hot(labels, 10).float() if quadratic else labels

    def cost(answers: Any, wanted: Any) -> Any:
        if quadratic:
            return ((answers - wanted) ** 2).sum() / (2 * m)
        return torch.nn.functional.cross_entropy(answers, wanted)

    def block() -> None:
        for at in range(0, len(x), m):
            descent.zero_grad()
            found = cost(network(x[at : at + m]), y[at : at + m])
            found.backward()
            descent.step()
            found.item()  # the curve wants the cost of each mini-batch

    return block


def sklearn_block(settings: Settings, x: Any, labels: Any) -> Callable[[], object]:
    network = sklearn.neural_network.MLPClassifier(
        settings.sizes[1:-1],
        activation="logistic" if settings.activation == "sigmoid" else "relu",
        solver="sgd",
        alpha=0,
        batch_size=settings.mini_batch_size,
        learning_rate_init=min(settings.eta, 0.5),
        momentum=0,
        nesterovs_momentum=False,
    )
    return lambda: network.partial_fit(x, labels, classes=np.arange(10))


def timed(work: Callable[[], object]) -> Callable[[], float]:
    def block() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return block


@one_blas_thread()
def measure(parts: Parts) -> None:
    torch.set_num_threads(1)  # more make it slower on layers of this size
    digits, rounds = load_digits(), ROUNDS
    if parts.asked.short:
        digits, rounds = few(digits), 1
    for name in CASES:
        parts.measure(name, partial(case, name, digits, rounds))


def case(name: str, digits: Digits, rounds: int) -> Figures:
    settings, count = CASES[name]
    training = digits.training.first(count)
    trainer, steps = new_trainer(settings, digits), len(training) // settings.mini_batch_size
    x, labels = grey_values(training.images), training.labels.astype(np.int64)

    def ours() -> None:
        for _ in range(steps):
            trainer.step()

    works = [
        timed(ours),
        timed(torch_block(settings, torch.from_numpy(x), torch.from_numpy(labels))),
        timed(sklearn_block(settings, x, labels)),
    ]
    for work in works:
        work()
    engine, eager, classifier = alternate(works, rounds)
    return {f"torch_{name}": ratio(eager, engine), f"sklearn_{name}": ratio(classifier, engine)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(run_parts("peers", options(__doc__).parse_args(), measure))
