"""Whether the lab's run rests at a moment that a page has taken."""

from __future__ import annotations

import numpy as np

from mnistviz.engine.moment import Moment
from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.lab.shown import Shown


def same_weights(one: Moment, other: Moment) -> bool:
    """Whether both are the same run, with the same weights after the same mini-batches."""
    if (one.run, one.step) != (other.run, other.step):
        return False
    return one.network is other.network or np.array_equal(one.network.parameters, other.network.parameters)


def why_not(shown: Shown, taken: Moment | None, eta: float) -> str:
    """Why the lab's run can't be moved from this moment now, as a code of `StepWords.why`; empty if it can."""
    run = shown.run
    if taken is None or run is None or run.moment is None:
        return "no_run"
    if run.failed or run.diverged:
        return "stuck"
    if run.number != taken.run:
        return "other_run"
    if run.playing or not run.has_obeyed:
        return "training"
    if not same_weights(run.moment, taken):
        return "moved"
    low, high = SETTINGS["eta"].bounds
    if not low <= eta <= high:
        return "eta"
    return ""
