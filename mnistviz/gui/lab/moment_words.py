"""The shown step in words, the same in every view: as a place, and with how it stands in a sentence."""

import numpy as np

from mnistviz.engine.mistakes.confusion import confusion_matrix
from mnistviz.gui.common import numbers
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.lab.preview import Mixture, Preview
from mnistviz.gui.lab.shown import COST_OVER, Shown


def place(shown: Shown) -> tuple[str, ...]:
    """Return the playhead's place, from long to short: "mini-batch 12,340 of 39,912, paused", or with the epoch."""
    if shown.playhead is None:
        moment, run = shown.moment, shown.run
        number = numbers.whole(0 if moment is None else moment.step)
        said = tr("mini-batch {step}", step=number)
        if moment is None or run is None or not run.epoch:
            return said, number
        with_epoch = tr(
            "mini-batch {step} · epoch {epoch}", step=number, epoch=numbers.epochs(moment.digits / run.epoch)
        )
        return with_epoch, said, number
    return _of(shown, numbers.whole(shown.playhead))


def moment(shown: Shown) -> tuple[str, ...]:
    """Return the place of the shown step, which may only be near the playhead; empty at the end."""
    return () if shown.playhead is None or shown.moment is None else _of(shown, step(shown))


def at(shown: Shown) -> tuple[str, ...]:
    """Return the shown step, "at 12,340", or what is shown instead, from long to short; empty at the end."""
    if shown.preview is not None:
        return preview(shown.preview)
    if shown.playhead is None or shown.moment is None:
        return ()
    return (tr("at {step}", step=step(shown)),)


def step(shown: Shown) -> str:
    assert shown.moment is not None
    number = numbers.whole(shown.moment.step)
    return f"≈ {number}" if is_near(shown) else number


def preview(of: Preview) -> tuple[str, str]:
    """Return the text on a network that belongs to no run, and a word: "mixed: 70 % of A, 30 % of B", or a copy."""
    if not isinstance(of, Mixture):
        return (tr("changed by hand, not kept"), tr("copy"))
    share = round(100 * of.share)
    return tr(
        "mixed: {rest} % of {a}, {share} % of {b}",
        a=of.names[0],
        b=of.names[1],
        rest=100 - share,
        share=share,
    ), tr("mixed")


def is_near(shown: Shown) -> bool:
    return shown.moment is not None and shown.moment.kind == "near"


def _of(shown: Shown, number: str) -> tuple[str, ...]:
    if shown.filming:
        state = tr("replay")
    elif shown.held:
        state = tr("paused")
    else:
        state = tr("training continues")
    texts = (tr("mini-batch {step} of {end}, {state}"), tr("{step} of {end}, {state}"), tr("{step}, {state}"))
    return *(text.format(step=number, end=numbers.whole(shown.end), state=state) for text in texts), number


_STEADY = 0.03  # a smaller change of the cost, as a share of it, is none


def where(shown: Shown) -> str:
    """Say which run and step are shown, and how it stands: "Run B, epoch 3.20, cost 0.08 and falling, 93 % right"."""
    return tr("{sentence}.", sentence=tr("; ").join(filter(None, (standing(shown), confused(shown)))))


def standing(shown: Shown) -> str:
    run, moment = shown.run, shown.moment
    if run is None or moment is None:
        return tr("No run is open")
    parts = [
        tr("Run {run}", run=" ".join(filter(None, (run.letter, run.name)))),
        tr("epoch {epoch}", epoch=numbers.epochs(moment.digits / shown.epoch_of(run))),
    ]
    if shown.preview is not None:
        parts[1:] = preview(shown.preview)[:1]
    elif (cost := run.cost_at(moment.step)) is None:
        parts.append(tr("nothing learned yet"))
    elif shown.diverged or not np.isfinite(cost):
        parts.append(tr("diverged"))
    else:
        parts.append(_trend(cost, run.cost_at(moment.step - max(COST_OVER, moment.step // 10)) or cost))
    if (measured := shown.measured.get("validation")) is not None and shown.preview is None:
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
