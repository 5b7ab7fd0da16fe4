"""The texts of the Mistakes tab."""

from typing import Final

import numpy as np

from mnistviz.engine.digits import LabelledDigits
from mnistviz.engine.mistakes.nearest import NearestDigits
from mnistviz.engine.moment import Evaluation, SetName
from mnistviz.gui.common import numbers
from mnistviz.gui.common.digit_verdict import DigitVerdict, digit_verdict
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.common.tooltips import keys_text
from mnistviz.gui.common.unit_names import class_name, labelled_name
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.mistakes.confusion_matrix import MatrixCells, largest_cell, level_of
from mnistviz.gui.mistakes.digit_gallery import NearPicture, TileLine
from mnistviz.gui.mistakes.read_digits import MatrixChoice, ReadDigits
from mnistviz.marking import marked

SHORT_NAME: Final = 3  # letters: longer names have a line each


def matrix_cells(read: ReadDigits) -> MatrixCells:
    counts = read.counts
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    most = int(wrong.max(initial=0))
    texts = tuple(
        tuple(
            share_right(int(count), int(row.sum())) if true == place else short_counts(int(count))
            for place, count in enumerate(row)
        )
        for true, row in enumerate(counts)
    )
    tones = tuple(tuple(level_of(int(count), most) for count in row) for row in wrong)
    return MatrixCells(read.classes, texts, tones, read.digits.all_true, largest_cell(wrong))


def share_right(right: int, of: int) -> tuple[str, ...]:
    """Return the accuracy of a class in whole per cent; 100 and 0 only if all or none are correct. The short forms keep
    a sign: a bare number would look like a count."""
    if not of:
        return ("–",)
    percent = round(100 * right / of)
    if 0 < right < of:
        percent = min(max(percent, 1), 99)
    short = (tr("all"),) if right == of else ()
    return tr("{percent} %", percent=percent), tr("{percent}%", percent=percent), *short


def short_counts(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    if count < 1_000:
        return (numbers.whole(count),)
    return numbers.whole(count), tr("{count}k", count=round(count / 1_000))


_MEASURED: Final = {  # by the set, or labels that are not all true; from long to short
    "test": (marked("of {count} test digits, at mini-batch {step}"),
        marked("of {count} test digits, at {step}"), marked("test, at {step}")),
    "validation": (marked("of {count} validation digits, at mini-batch {step}"),
        marked("of {count} validation digits, at {step}"), marked("validation, at {step}")),
    "training": (marked("of the first {count} training digits, at mini-batch {step}"),
        marked("of {count} training digits, at {step}"), marked("training, at {step}")),
    "labels": (marked("of the first {count} training digits by their labels, at mini-batch {step}"),
        marked("of {count} by their labels, at {step}"), marked("labels, at {step}")),
}  # fmt: skip


def measured_on(read: ReadDigits) -> tuple[str, ...]:
    wordings = _MEASURED[read.set_name if read.digits.all_true else "labels"]
    count, step = numbers.whole(len(read.found.predictions)), numbers.whole(read.found.step)
    return tuple(translated(text, count=count, step=step) for text in wordings)


def choice_title(read: ReadDigits, choice: MatrixChoice) -> str:
    true = "" if choice.true is None else class_name(read.classes, choice.true)
    wrong = "" if choice.read is None else class_name(read.classes, choice.read)
    if choice.true is None and choice.read is None:
        return tr("All misread digits")
    if choice.true == choice.read:
        return tr("{name} read right", name=true)
    if choice.read is None:
        return tr("{name} misread", name=true)
    if choice.true is None:
        return tr("Wrongly read as {name}", name=wrong)
    return tr("{name} read as {read}", name=true, read=wrong)


def choice_told(read: ReadDigits, choice: MatrixChoice) -> str:
    count, counts = len(read.chosen(choice, "number")), read.counts
    said = tr("{what}: {count}", what=choice_title(read, choice), count=digits_counted(count))
    if not (of := int(counts.sum() if choice.true is None else counts[choice.true].sum())):
        return said
    share = numbers.percent(count / of)
    if choice.true is None:
        return tr("{said}, {share} of all digits.", said=said, share=share)
    name = class_name(read.classes, choice.true)
    return tr("{said}, {share} of all that are {name}.", said=said, share=share, name=name)


def digits_counted(count: int) -> str:
    return tr("1 digit") if count == 1 else tr("{count} digits", count=count)


def digit_title(set_name: SetName, number: int) -> str:
    title = {
        "test": tr("Test digit {number}"),
        "validation": tr("Validation digit {number}"),
        "training": tr("Training digit {number}"),
    }[set_name]
    return title.format(number=numbers.whole(number))


def verdict_of(read: ReadDigits, evaluation: Evaluation, number: int) -> DigitVerdict:
    outputs = evaluation.outputs
    return digit_verdict(
        int(evaluation.predictions[number]),
        None if outputs is None or not np.isfinite(outputs[number]) else float(outputs[number]),
        read.classes,
        read.label(number),
        true_label=read.digits.true_label(number),
    )


def digit_told(read: ReadDigits, number: int) -> str:
    told = verdict_of(read, read.found, number)
    label, true = read.label(number), read.digits.true_label(number)
    if told.right and told.by_chance:
        text = tr("It is {name}, and was read as its label says.")
    elif told.right and told.figure:
        text = tr("It is {name}, and was read right with output {output}.")
    elif told.right:
        text = tr("It is {name}, and was read right.")
    elif told.figure:
        text = tr("It is {name}, but was read as {read} with output {output}.")
    else:
        text = tr("It is {name}, but was read as {read}.")
    said = text.format(name=labelled_name(read.classes, label, true), read=told.name, output=told.figure)
    return tr("{said} The verdict: {doubt}.", said=said, doubt=told.doubt) if told.doubt else said


_NEAR: Final = {  # the caption, and the tip
    "taken": (marked("{label}\nalso read as {read}\ndistance {distance}"),
        marked(
            "Training digit {number}, {label}: the nearest of those that the network reads as {read}. The distance is "
            "the root of the sum of the squared differences of all pixels, whose grey values go from 0 to 1.")),
    "own": (marked("{label}\nits own class\ndistance {distance}"),
        marked("Training digit {number}, {label}: the nearest of its own class.")),
}  # fmt: skip


def near_pictures(
    read: ReadDigits, prediction: int, training: LabelledDigits, near: NearestDigits
) -> list[NearPicture]:
    """Return the nearest training digits of a digit read as `prediction`: one that is predicted the same, and one of
    the digit's own class; only one if that is both."""
    pictures = []
    for which, digit in (("taken", near.taken), ("own", near.own)):
        if digit is None or (which == "own" and digit == near.taken):
            continue
        number = digit.number
        values: dict[str, object] = {
            "number": number,
            "label": labelled_name(read.classes, int(training.labels[number]), training.true_label(number)),
            "read": class_name(read.classes, prediction),
            "distance": numbers.number_text(digit.distance, 1),
        }
        caption, tip = (translated(text, **values) for text in _NEAR[which])
        pictures.append(NearPicture(training.pictures(slice(number, number + 1))[0], caption, tip))
    return pictures


def tile_lines(read: ReadDigits, number: int) -> tuple[TileLine, ...]:
    verdict = verdict_of(read, read.found, number)
    last = (TileLine(verdict.figure, "muted"),) if verdict.figure else ()
    if max(map(len, read.classes)) > SHORT_NAME:
        return TileLine(verdict.label), TileLine(verdict.arrow(0)), *last
    return TileLine(verdict.arrow()), *last


def widest_line(read: ReadDigits) -> tuple[str, int]:
    """Return a text as long as any beside a digit, and the largest number of lines."""
    longest = max(range(len(read.classes)), key=lambda number: len(read.classes[number]))
    verdict = digit_verdict(longest, 0.0, read.classes, longest)
    return (verdict.arrow(0), 3) if len(verdict.name) > SHORT_NAME else (verdict.arrow(), 2)


def nothing_yet(shown: Shown) -> str:
    what = tr(
        "Which digits the network misreads appears here: what it takes each class for, and the pictures of its "
        "mistakes."
    )
    if shown.digits is None or shown.run is None:
        how = tr("First the digits must be loaded.")
    elif shown.diverged:
        how = tr(
            "This run has diverged: its weights are no longer numbers. Look at an earlier moment, or begin a new run."
        )
    elif shown.filming:
        how = tr("Stop the replay, and the digits are read at that moment.")
    elif shown.live and shown.run.playing:
        how = tr(
            "All digits are read at the end of the epoch, or as soon as you pause ({keys}).",
            keys=keys_text("Space"),
        )
    else:
        how = tr("The digits are being read.")
    return f"{what}\n{how}"
