"""Texts about pinned pictures and the runs' predictions for them."""

from collections.abc import Sequence
from typing import Final

from mnistviz.engine.digits import PIXELS, Digits
from mnistviz.engine.mistakes.pins import PictureAlong, Pin
from mnistviz.gui.common import numbers
from mnistviz.gui.common.digit_verdict import digit_verdict
from mnistviz.gui.common.scales import Range, ticks
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.lab.shown import RunFacts

_LABELS: Final = 8  # along the axis, about


def invitation() -> str:
    """Return what will appear where nothing is pinned, and how to pin a picture."""
    return tr(
        "Draw something, or put a test digit on the scratchpad, and press the star below it (N). What each run "
        "answered to it, from its start to now, appears here."
    )


def pin_names(pins: Sequence[Pin], digits: Digits | None) -> list[tuple[str, str]]:
    """Return each pin's name and class; drawings are numbered and have an empty class."""
    names, drawings = list[tuple[str, str]](), 0
    for pin in pins:
        if pin.label is None:
            drawings += 1
            names.append((tr("drawing {number}", number=drawings), ""))
            continue
        known = digits is not None and digits.checksum == pin.data
        text = {"validation": tr("validation digit {number}"), "training": tr("training digit {number}")}.get(
            pin.set, tr("test digit {number}")
        )
        label = class_name(digits.classes if digits is not None and known else (), pin.label)
        is_a = tr("a “{name}”") if known else tr("a “{name}” of other data")
        names.append((text.format(number=numbers.whole(pin.number)), is_a.format(name=label)))
    return names


def pin_title(name: str, is_a: str) -> str:
    return tr("{name}, {is_a}", name=name, is_a=is_a) if is_a else name


def why_none(run: RunFacts, pin: Pin) -> str:
    """Return why a run cannot predict a pin, or an empty text if it can."""
    if run.failed:
        text = tr("{run}: a fault has ended this run, so it can't be asked.")
    elif pin.data and run.data and pin.data != run.data:
        text = tr(
            "{run}: it learns another data set than this digit is from. Its classes mean something else."
        )
    elif run.settings.sizes[0] != PIXELS:
        text = tr("{run}: its network takes pictures of another size.")
    elif not run.ready:
        text = tr("{run}: it is being trained again. Its answers appear when that is done.")
    else:
        return ""
    return text.format(run=run.letter)


def row_title(along: PictureAlong, classes: Sequence[str], epoch: int) -> str:
    """Return what a run predicts now, since when, and how many changes there were in how many predictions."""
    changes, count = along.changes, numbers.whole(len(along.steps))
    predicted = int(along.verdicts[-1])
    name = "" if predicted < 0 else class_name(classes, predicted)
    if not changes:
        if predicted < 0:
            return tr("no finite numbers")
        if len(along.steps) == 1:
            return tr("read as {name}, at 1 look", name=name)
        return tr("read as {name} at each of {looks} looks", name=name, looks=count)
    since = numbers.epochs(changes[-1].digits / max(1, epoch))
    if predicted < 0:
        return tr("no finite numbers since epoch {since}", since=since)
    text = tr("read as {name} since epoch {since}, {count} changes in {looks} looks")
    if len(changes) == 1:
        text = tr("read as {name} since epoch {since}, 1 change in {looks} looks")
    return text.format(name=name, since=since, count=numbers.whole(len(changes)), looks=count)


def look_told(along: PictureAlong, classes: Sequence[str], epoch: int, at: int) -> str:
    """Return one prediction as a sentence."""
    predicted = int(along.verdicts[at])
    place = numbers.epochs(int(along.digits[at]) / max(1, epoch))
    step = numbers.whole(int(along.steps[at]))
    if predicted < 0:
        text = tr("Epoch {place}, mini-batch {step}: the outputs are no finite numbers. Click to go there.")
        return text.format(place=place, step=step)
    text = tr("Epoch {place}, mini-batch {step}: read as {name}, {output}. Click to go there.")
    verdict = digit_verdict(predicted, float(along.outputs[at, predicted]), classes)
    return text.format(place=place, step=step, name=verdict.short, output=verdict.figure)


def axis_labels(digits: int, epoch: int) -> tuple[tuple[float, str], ...]:
    """Return the ticks in epochs, as shares of the axis and texts."""
    if digits <= 0 or epoch <= 0:
        return ()
    places = ticks(Range(0.0, digits / epoch), _LABELS)
    return tuple((place * epoch / digits, numbers.tick(place)) for place in places)
