"""Greedy search for the few pixels that change a network's prediction, one by one.

Each pixel is set to full ink or to blank paper, whichever helps more, and none twice. A change helps by reducing the
lead: the weighted input z of the initially winning output minus the largest other z, which still differs where outputs
saturate. A greedy search may miss a smaller set of pixels.
"""

from typing import Final

import numpy as np
from msgspec import Struct

from mnistviz.engine.cancelling import Cancelled, check, never
from mnistviz.engine.digits import grey_values
from mnistviz.engine.functions import ACTIVATIONS, Array, Bytes, quietly
from mnistviz.engine.network import Network

MOST_PIXELS: Final = 100
INK: Final = 255
PAPER: Final = 0
_ROUNDING: Final = 1e-4  # a smaller reduction of the lead may be rounding


class PixelSearch(Struct, frozen=True, eq=False):
    """The `pixels` of `image`, uint8 (n,), set in this order to `values`, `INK` or `PAPER`. `outputs`, (k + 1, n_out),
    are those before the first of the k changes and after each. The search ends when the prediction changes
    (`flipped`), after the allowed number of pixels, or when no pixel helps."""

    image: Bytes
    pixels: tuple[int, ...]
    values: tuple[int, ...]
    outputs: Array
    flipped: bool
    finite: bool = True  # false if the network's numbers are not finite: then there is no search
    stuck: bool = False  # true if the search ended because no pixel helped any more

    @property
    def verdicts(self) -> tuple[int, ...]:
        return tuple(int(verdict) for verdict in self.outputs.argmax(axis=1))

    def picture(self, changes: int) -> Bytes:
        """Return the image after so many changes, (n,)."""
        changed = self.image.copy()
        changed[list(self.pixels[:changes])] = self.values[:changes]
        return changed


@quietly
def fewest_pixels(
    network: Network, image: Bytes, most: int = MOST_PIXELS, cancelled: Cancelled = never
) -> PixelSearch:
    """Change one pixel of `image`, (n,), after another until `network` predicts another class. Of
    equally good changes make that of the first pixel. Raise `Withdrawn` once `cancelled()`."""
    picture = image.copy()
    pixels: list[int] = []
    outputs = [_outputs(network, picture)]
    start = int(outputs[0].argmax())
    finite = bool(np.isfinite(network.parameters).all() and np.isfinite(outputs[0]).all())
    can_flip, stuck = finite and len(outputs[0]) > 1, False
    while can_flip and len(pixels) < most and int(outputs[-1].argmax()) == start:
        check(cancelled)
        if (change := _best_change(network, picture, pixels, start)) is None:
            stuck = True
            break
        pixel, value = change
        picture[pixel] = value
        pixels.append(pixel)
        outputs.append(_outputs(network, picture))
    flipped = int(outputs[-1].argmax()) != start
    values = tuple(int(picture[pixel]) for pixel in pixels)
    return PixelSearch(image, tuple(pixels), values, np.array(outputs), flipped, finite, stuck)


def _outputs(network: Network, picture: Bytes) -> Array:
    return np.asarray(network.feedforward(grey_values(picture[np.newaxis]))[0])


def _best_change(network: Network, picture: Bytes, used: list[int], start: int) -> tuple[int, int] | None:
    """Return the pixel and the value that reduce the lead of output `start` most, or None if none does. All changes
    are tried in one batch: each adds a multiple of one column of the first weights to the z of layer 1."""
    free = np.ones(len(picture), bool)
    free[used] = False
    to_ink, to_paper = np.flatnonzero(free & (picture < INK)), np.flatnonzero(free & (picture > PAPER))
    pixels = np.concatenate([to_ink, to_paper])
    order = np.argsort(pixels, kind="stable")
    pixels, inked = pixels[order], (np.arange(len(pixels)) < len(to_ink))[order]
    grey = grey_values(picture[np.newaxis])[0].astype(network.dtype)
    first, bias = network.weights[0], network.biases[0]
    z = (first.dot(grey) + bias)[:, np.newaxis]
    leads = _leads(network, z + first[:, pixels] * (inked - grey[pixels]).astype(network.dtype), start)
    if not len(leads) or not leads.min() < _leads(network, z, start)[0] - _ROUNDING:
        return None
    best = int(leads.argmin())
    return int(pixels[best]), INK if inked[best] else PAPER


def _leads(network: Network, z: Array, start: int) -> Array:
    for w, b in zip(network.weights[1:], network.biases[1:], strict=True):
        z = w.dot(ACTIVATIONS[network.activation].value(z)) + b[:, np.newaxis]
    return np.asarray(z[start] - np.delete(z, start, axis=0).max(axis=0))
