"""A lesson: some gradient steps on one labelled drawing, and on training samples beside it."""

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
    """A labelled drawing and how it is taught: `steps` steps with learning rate `eta` along the mean gradient of the
    drawing and of the training samples with the indices `beside`. `pixels` are the bytes of the drawing, 0 for paper
    and 255 for ink. It may be blank."""

    pixels: bytes
    label: int
    eta: float
    beside: tuple[int, ...] = ()
    steps: int = 1

    @property
    def image(self) -> NDArray[np.uint8]:
        """The drawing as an image, uint8 (n_in,)."""
        return np.frombuffer(self.pixels, np.uint8)

    def check(self, sizes: Sequence[int], training_digits: int) -> None:
        """Raise ValueError or a `Problem` if a network with layers of these sizes and so many training samples can't
        be taught so."""
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
    """Teach a network in place. `training` are its training samples and `targets`, (classes, K), the wanted outputs;
    the parameters with the indices `frozen` do not change. Raise ValueError or `Problem` as `check` does."""
    lesson.check(network.sizes, len(training))
    x, y = lesson_digits(network, lesson, training, targets)
    unchanged = network.parameters[frozen]
    for _ in range(lesson.steps):
        network.update_mini_batch((x, y), lesson.eta)
        network.parameters[frozen] = unchanged


def lesson_digits(
    network: Network, lesson: Lesson, training: LabelledDigits, targets: Array
) -> tuple[Array, Array]:
    """Return the drawing and the samples beside it, (m, n_in), and their targets, (m, K)."""
    beside = np.array(lesson.beside, np.intp)
    images = np.concatenate((lesson.image[np.newaxis], training.pictures(beside)))
    labels = np.append(np.uint8(lesson.label), training.labels[beside])
    return grey_values(images).astype(network.dtype, copy=False), targets[labels]
