"""Where one is, in a sentence: for the ear, for a description of the curves, and for pictures of them in a report."""

import numpy as np

from mnistviz.engine.mistakes.confusion import confusion_matrix
from mnistviz.gui.common import numbers
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.shown import COST_OVER, Shown

_STEADY = 0.03  # a smaller change of the cost, as a share of it, is none


def where(shown: Shown) -> str:
    """Say which run and step are shown, and how it stands: "Run B, epoch 3.20, cost 0.08 and falling, 93 % right"."""
    parts = filter(None, (standing(shown), confused(shown)))
    return tr("{sentence}.", sentence=tr("; ").join(parts))


def standing(shown: Shown) -> str:
    run, moment = shown.run, shown.moment
    if run is None or moment is None:
        return tr("No run is open")
    parts = [
        tr("Run {run}", run=" ".join(filter(None, (run.letter, run.name)))),
        tr("epoch {epoch}", epoch=numbers.epochs(moment.digits / shown.epoch_of(run))),
    ]
    if shown.preview is not None:
        parts[1:] = moment_words.preview(shown.preview)[:1]
    elif (cost := run.cost_at(moment.step)) is None:
        parts.append(tr("nothing learned yet"))
    elif shown.diverged or not np.isfinite(cost):
        parts.append(tr("diverged"))
    else:
        parts.append(_trend(cost, run.cost_at(moment.step - max(COST_OVER, moment.step // 10)) or cost))
    measured = shown.measured.get("validation")
    if measured is not None and shown.preview is None:
        parts.append(tr("{percent} right", percent=numbers.percent(measured.accuracy, 0)))
    return tr(", ").join(parts)


def _trend(cost: float, before: float) -> str:
    text = tr("cost {cost} and steady")
    if abs(cost - before) > _STEADY * before:
        text = tr("cost {cost} and falling") if cost < before else tr("cost {cost} and rising")
    return text.format(cost=numbers.short_cost(cost))


def confused(shown: Shown) -> str:
    """Say which class is most often read as which other one, of those of which each sample was read."""
    digits, read = shown.digits, shown.evaluations.get("validation")
    if digits is None or read is None or shown.preview is not None:
        return ""
    matrix = confusion_matrix(
        read, digits.validation, max(len(digits.classes), int(read.predictions.max()) + 1)
    )
    np.fill_diagonal(matrix, 0)
    true, other = divmod(int(matrix.argmax()), len(matrix))
    if not matrix[true, other]:
        return ""
    text = tr("{true} is most often read as {other}")
    return text.format(true=class_name(digits.classes, true), other=class_name(digits.classes, other))
