"""The schedule of η, and the evaluation at the end of an epoch, which affects it and the stopping rule."""

import math

from msgspec import Struct
from msgspec.structs import replace

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


NOT_FINITE = -1
"""Correct validation samples of a diverged network: negative, so that it is never the best."""


class ScheduleState(Struct, frozen=True):
    """State of the schedule of η and the stopping rule. The schedule began after `schedule_from` samples and has
    halved η `halvings` times since, last after `halved_epoch` epochs. The best validation result at the end of an
    epoch so far was `best_right` samples after `best_epoch` epochs."""

    schedule_from: int = 0
    halvings: int = 0
    halved_epoch: int = 0
    best_epoch: int = 0
    best_right: int = NOT_FINITE


class Judgement(Struct, frozen=True):
    """Result of the end of an epoch: the new `schedule_state`; whether it is the `best` so far; η before and after if
    the schedule has `halved` it; and whether the run must `stop`."""

    schedule_state: ScheduleState
    best: bool
    halved: tuple[float, float] | None
    stop: bool


def judged(schedule_state: ScheduleState, settings: Settings, epoch: int, right: int) -> Judgement:
    """Judge the end of epoch number `epoch` (from 1), after which `right` validation samples were correct. `right` is
    `NOT_FINITE` for a network that has diverged."""
    if best := right > schedule_state.best_right:
        schedule_state = replace(schedule_state, best_epoch=epoch, best_right=right)
    stalled = epoch - max(schedule_state.best_epoch, schedule_state.halved_epoch)
    halved = None
    if settings.schedule == "halve" and stalled >= settings.schedule_epochs:
        eta = settings.eta * 0.5**schedule_state.halvings
        halved = eta, eta / 2
        schedule_state = replace(schedule_state, halvings=schedule_state.halvings + 1, halved_epoch=epoch)
    without = epoch - schedule_state.best_epoch
    stop = (settings.stop == "epochs" and epoch == settings.stop_epochs) or (
        settings.stop == "no_improvement" and without > 0 and without % settings.stop_epochs == 0
    )
    return Judgement(schedule_state, best, halved, stop)
