"""The schedule of η over the epochs."""

from __future__ import annotations

import math

from mnistviz.engine.settings import Settings


def share_of_eta(settings: Settings, epochs: float, halvings: int) -> float:
    """Return the factor of η, from 1 down, `epochs` after the schedule began; "halve" counts its `halvings`.

    Cosine: (1 + cos πt)/2 with t from 0 to 1 over `schedule_epochs` (Loshchilov and Hutter 2017), 0 after.
    """
    match settings.schedule:
        case "cosine":
            return (1 + math.cos(math.pi * min(1.0, epochs / settings.schedule_epochs))) / 2
        case "step":
            return 10.0 ** -math.floor(epochs / settings.schedule_epochs)
        case "halve":
            return 0.5**halvings
    return 1.0


def cosine_left(settings: Settings, share: float) -> float:
    """Return the epochs left of a cosine schedule with factor `share`: the inverse of `share_of_eta`."""
    return settings.schedule_epochs * (1 - math.acos(2 * min(1.0, share) - 1) / math.pi)
