"""What one drawing does in a network: each layer's answers, and who says what for which output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.evidence import Contributions, finite, said
from mnistviz.engine.network import Network

Array = NDArray[Any]

LED: Final = 0.3  # seconds that an output must lead before the units are shown to speak for it


@dataclass(frozen=True, eq=False)
class Flow:
    """`activations` are what each layer answers, a list of (n,), the input first; `said` is what the last of them
    says for the output that it is shown for."""

    network: Network
    activations: list[Array]
    winner: int
    said: Contributions

    @property
    def outputs(self) -> Array:
        return self.activations[-1]


class Lead:
    """Which output to speak of: the winner once it has led for a while, so that nothing jumps between two."""

    def __init__(self) -> None:
        self._spoken: int | None = None
        self._leading: int | None = None
        self._since = 0.0

    def follow(self, winner: int, now: float) -> int:
        """The output to speak of, while `winner` leads at `now`, in seconds."""
        if winner != self._leading:
            self._leading, self._since = winner, now
        if self._spoken is None or now - self._since >= LED:
            self._spoken = winner
        return self._spoken

    def forget(self) -> None:
        """The next to lead is spoken of at once."""
        self._spoken = self._leading = None


def flow(network: Network, pixels: Array, output: int | None, lead: Lead, now: float) -> Flow | None:
    """What `pixels`, (1, n), do in the network, with who speaks for `output` or, if that is None, for the one that
    leads; None where something is not finite."""
    activations = [layer[0] for layer in network.activations(pixels)]
    if not finite(activations[1:]):
        return None
    winner = int(activations[-1].argmax())
    spoken = lead.follow(winner, now)
    told = said(network, activations, spoken if output is None else output)
    return Flow(network, activations, winner, told) if np.isfinite(told.z) else None
