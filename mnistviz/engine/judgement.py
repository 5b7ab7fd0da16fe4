"""The evaluation at the end of an epoch, and its effect on the schedule of η and the stopping rule."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mnistviz.engine.settings import Settings

NOT_FINITE = -1
"""Correct validation samples of a diverged network: negative, so that it is never the best."""


@dataclass(frozen=True)
class ScheduleState:
    """State of the schedule of η and the stopping rule. The schedule began after `schedule_from` samples and has
    halved η `halvings` times since, last after `halved_epoch` epochs. The best validation result at the end of an
    epoch so far was `best_right` samples after `best_epoch` epochs."""

    schedule_from: int = 0
    halvings: int = 0
    halved_epoch: int = 0
    best_epoch: int = 0
    best_right: int = NOT_FINITE


@dataclass(frozen=True)
class Judgement:
    """Result of the end of an epoch: the new `schedule_state`; whether it is the `best` so far; η before and after if
    the schedule has `halved` it; and whether the run must `stop`."""

    schedule_state: ScheduleState
    best: bool
    halved: tuple[float, float] | None
    stop: bool


def judged(schedule_state: ScheduleState, settings: Settings, epoch: int, right: int) -> Judgement:
    """Judge the end of epoch number `epoch` (from 1), after which `right` validation samples were correct. `right` is
    `NOT_FINITE` for a network that has diverged."""
    best = right > schedule_state.best_right
    if best:
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
