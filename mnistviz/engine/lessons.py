"""A lesson: some steps along the gradient of one drawing whose class is said, and of digits beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import LabelledDigits, grey_values
from mnistviz.engine.functions import Array, quietly
from mnistviz.engine.network import Network
from mnistviz.engine.settings import SETTINGS, checked_number

MOST_STEPS: Final = 50
MOST_BESIDE: Final = 1_000


@dataclass(frozen=True)
class Lesson:
    """A drawing that is to be read as a class, and how it is taught: `steps` steps with the learning rate `eta`, along
    the mean gradient of the drawing and of the training digits `beside` it, by their numbers.

    `pixels` are the bytes of the drawing, 0 for paper and 255 for ink. It may be blank.
    """

    pixels: bytes
    label: int
    eta: float
    beside: tuple[int, ...] = ()
    steps: int = 1

    @property
    def image(self) -> NDArray[np.uint8]:
        """The drawing as digits are, (n_in,)."""
        return np.frombuffer(self.pixels, np.uint8)

    def check(self, sizes: Sequence[int], training_digits: int) -> None:
        """ValueError or a `Problem` where a network with layers of these sizes, which learns so many digits, can't be
        taught so."""
        checked_number("eta", self.eta, *SETTINGS["eta"].bounds, whole=False)
        if len(self.pixels) != sizes[0] or not 0 <= self.label < sizes[-1]:
            raise ValueError("this is no drawing of a class of the network")
        if not 1 <= self.steps <= MOST_STEPS or len(self.beside) > MOST_BESIDE:
            raise ValueError("a lesson has too many steps, or digits")
        if not all(0 <= number < training_digits for number in self.beside):
            raise ValueError(f"training digits are numbered from 0 to {training_digits - 1}")


@quietly
def teach(
    network: Network, lesson: Lesson, training: LabelledDigits, targets: Array, frozen: NDArray[np.intp]
) -> None:
    """Teaches a network in place. `training` are the digits that it trains on, `targets`, (classes, K), what its
    outputs should be, and the parameters at `frozen` places stay as they are. ValueError or `Problem` as in `check`."""
    lesson.check(network.sizes, len(training))
    x, y = lesson_digits(network, lesson, training, targets)
    kept = network.parameters[frozen]
    for _ in range(lesson.steps):
        network.update_mini_batch((x, y), lesson.eta)
        network.parameters[frozen] = kept


def lesson_digits(
    network: Network, lesson: Lesson, training: LabelledDigits, targets: Array
) -> tuple[Array, Array]:
    """The drawing and the digits beside it, (m, n_in), and their targets, (m, K)."""
    beside = np.array(lesson.beside, np.intp)
    images = np.concatenate((lesson.image[np.newaxis], training.pictures(beside)))
    labels = np.append(np.uint8(lesson.label), training.labels[beside])
    return grey_values(images).astype(network.dtype, copy=False), targets[labels]
