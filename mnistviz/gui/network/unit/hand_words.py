"""The texts about weights that are edited by hand, computed from values."""

import numpy as np

from mnistviz.engine.microscope.edit_effect import EditEffect, TaughtCopy, UnitRanking
from mnistviz.gui.common import numbers
from mnistviz.gui.common.numbers import number_text
from mnistviz.gui.common.texts import tr
from mnistviz.gui.lab.preview import Mixture
from mnistviz.gui.lab.shown import Shown


def why_not(shown: Shown) -> str:
    """Return why the shown network cannot be edited by hand, or an empty string if it can."""
    run, moment = shown.run, shown.moment
    if run is None or moment is None or not run.ready or run.failed:
        return tr("There is no network yet that could be changed.")
    if not shown.still:
        return tr("Pause first: weights are changed by hand while the network rests.")
    if isinstance(shown.preview, Mixture):
        return tr("A mixture of two networks can't be changed by hand. Press Live first.")
    if moment.kind == "near":
        return tr("The exact moment is being computed.")
    if not np.isfinite(moment.network.parameters).all():
        return tr("Some weights are no longer finite numbers: nothing can be changed by hand.")
    return ""


def read(done: int, of: int) -> tuple[str, ...]:
    percent = numbers.whole(100 * done // max(1, of))
    return (
        tr("A copy. It reads the test digits: {percent} %", percent=percent),
        tr("Reads: {percent} %", percent=percent),
    )


def told(effect: EditEffect) -> tuple[str, ...]:
    right = {"before": effect.right_before, "after": effect.right_after, "of": effect.of}
    return (
        tr("A copy: {before} → {after} of {of} test digits right", **right),
        tr("{before} → {after} of {of} right", **right),
        tr("{before} → {after} right", **right),
    )


def counted(which: str, count: int) -> tuple[str, str]:
    """Return how many test digits are "lost" or "won", with a sign, and that number alone."""
    text = tr("{count} won") if which == "won" else tr("{count} lost")
    number = change(-count if which == "won" else count)
    return text.format(count=number), number


def opens_lost() -> str:
    return tr("Opens the digits that the copy misreads and the network reads right, in Mistakes.")


def opens_won() -> str:
    return tr("Opens the digits that the copy reads right and the network misreads, in Mistakes.")


def frozen() -> tuple[str, ...]:
    return (
        tr("This changes what learns. Nothing is read differently now."),
        tr("Nothing is read differently now."),
    )


def taught(copy: TaughtCopy, name: str) -> tuple[str, ...]:
    steps = numbers.whole(copy.lesson.steps)
    if copy.lesson.steps == 0:
        text = tr("The drawing is read as {name} already.")
    elif copy.is_read and copy.lesson.steps == 1:
        text = tr("After one step the copy reads the drawing as {name}.")
    elif copy.is_read:
        text = tr("After {steps} steps the copy reads the drawing as {name}.")
    elif copy.lesson.steps == 1:
        text = tr("After one step the copy does not read the drawing as {name} yet.")
    else:
        text = tr("After {steps} steps the copy does not read the drawing as {name} yet.")
    return (text.format(steps=steps, name=name),)


def ranking(done: int, of: int) -> tuple[str, ...]:
    percent = numbers.whole(100 * done // max(1, of))
    return (
        tr("Each unit of the layer is switched off in turn: {percent} %", percent=percent),
        tr("Each unit in turn: {percent} %", percent=percent),
    )


def without(ranking: UnitRanking, unit: int) -> tuple[str, ...]:
    lost, less = int(ranking.lost[unit]), int(np.flatnonzero(ranking.order == unit)[0])
    if lost > 0:
        text = tr("Without it {count} fewer of {of} test digits are right, {differ} are read differently.")
    elif lost < 0:
        text = tr("Without it {count} more of {of} test digits are right, {differ} are read differently.")
    else:
        text = tr("Without it as many of {of} test digits are right, {differ} are read differently.")
    values = {
        "count": numbers.whole(abs(lost)),
        "of": numbers.whole(ranking.of),
        "differ": numbers.whole(int(ranking.differ[unit])),
        "less": numbers.whole(less),
        "units": numbers.whole(len(ranking.lost)),
    }
    whole = tr("{said} Needed less: {less} of {units} units.", said=text.format(**values), **values)
    return whole, text.format(**values), tr("{change} digits without it", change=change(lost))


def change(lost: int) -> str:
    return number_text(-lost, 0, sign=True)


def needed_aloud(unit: int, lost: int) -> str:
    return tr("unit {unit}: {change} digits right without it", unit=unit + 1, change=change(lost))
