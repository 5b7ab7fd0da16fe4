"""The texts that compare two networks on the same digits. They count, and give no cause."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from mnistviz.engine.moment import Evaluation
from mnistviz.engine.verdicts import Verdict
from mnistviz.gui.common import numbers
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.mistakes.confusion_matrix import MatrixCells, largest_cell, level_of
from mnistviz.gui.mistakes.digit_gallery import TileLine
from mnistviz.gui.mistakes.mistake_words import digits_counted, short_counts, verdict_of
from mnistviz.gui.mistakes.read_digits import MatrixChoice, ReadSide, TwoReadings, VerdictGroup
from mnistviz.marking import marked


def moment_side(name: str, hue: str, evaluation: Evaluation) -> ReadSide:
    return ReadSide(name, hue, evaluation, tr("mini-batch {step}", step=evaluation.step))


def title(two: TwoReadings) -> str:
    b = two.b.name if two.a.full else two.b.in_sentence
    return tr("{a} and {b} differ on {count}", a=two.a.name, b=b, count=two.groups.differ)


def measured_on(two: TwoReadings) -> tuple[str, ...]:
    of = {
        "test": tr("of {count} test digits"),
        "validation": tr("of {count} validation digits"),
        "training": tr("of {count} training digits"),
    }[two.read.set_name].format(count=numbers.whole(two.groups.of))
    texts = (*(tr("{of}, {moments}", of=of, moments=each) for each in moments(two)), moments(two)[-1])
    if not two.b.full or two.a.full:
        return texts
    return *texts, tr("{name}: {step}", name=two.a.name, step=two.a.found.step)


def moments(two: TwoReadings) -> tuple[str, ...]:
    a, b = numbers.whole(two.a.found.step), numbers.whole(two.b.found.step)
    if a == b:
        return tr("both at mini-batch {step}", step=a), tr("both at {step}", step=a)
    if two.b.full:  # two moments of one run
        return (tr("at {a} and {b}", a=a, b=b),)
    names = {"a": two.a.name, "b": two.b.name, "step_a": a, "step_b": b}
    long = tr("{a} at mini-batch {step_a}, {b} at {step_b}", **names)
    return long, tr("{a} at {step_a}, {b} at {step_b}", **names)


def place_wordings(step: int, epochs: float) -> tuple[str, ...]:
    long = tr("mini-batch {step} · epoch {epoch}", step=step, epoch=numbers.epochs(epochs))
    return long, tr("mini-batch {step}", step=step), tr("{step}", step=step)


def heads(two: TwoReadings) -> Iterator[tuple[str, str, str]]:
    for name, side in (("b", two.b), ("a", two.a)):
        yield f"{name}_right", tr("{run} right", run=side.name), side.hue
        yield f"{name}_wrong", tr("{run} wrong", run=side.name), side.hue


_GROUPS: Final = {  # the title of each group, its words in short, and the tip
    "both_right": (marked("Both right"), marked("both right"),
        marked("Shows the digits that both read right.")),
    "both_wrong": (marked("Both wrong"), marked("both wrong"),
        marked("Shows the digits that both misread; {count} of them as the same class.")),
    "only_a_wrong": (marked("Only {a} wrong"), marked("only {a} wrong"),
        marked("Shows the digits that {b} reads right and {a} misreads.")),
    "only_b_wrong": (marked("Only {b} wrong"), marked("only {b} wrong"),
        marked("Shows the digits that {a} reads right and {b} misreads.")),
}  # fmt: skip


def group_words(two: TwoReadings, group: VerdictGroup) -> tuple[str, str]:
    _, short, tip = (translated(text) for text in _GROUPS[group])
    same = numbers.whole(len(two.groups.same_wrong))
    return short.format(a=two.a.name, b=two.b.name), tip.format(**_in_sentence(two), count=same)


def shares_told(two: TwoReadings) -> str:
    groups = two.groups
    return tr(
        "Both right: {right}. Only {a} wrong: {only_a}. Only {b} wrong: {only_b}. Both wrong: {wrong}.",
        **_in_sentence(two),
        right=len(groups.both_right),
        only_a=len(groups.only_a_wrong),
        only_b=len(groups.only_b_wrong),
        wrong=len(groups.both_wrong),
    )


def _in_sentence(two: TwoReadings) -> dict[str, str]:
    return {"a": two.a.in_sentence, "b": two.b.in_sentence}


def group_title(two: TwoReadings, group: VerdictGroup) -> str:
    return translated(_GROUPS[group][0], **_in_sentence(two))


def choice_title(two: TwoReadings, choice: MatrixChoice) -> str:
    classes = two.read.classes
    names = {
        **_in_sentence(two),
        "true": "" if choice.true is None else class_name(classes, choice.true),
        "read": "" if choice.read is None else class_name(classes, choice.read),
    }
    if choice.true is None and choice.read is None:
        text = tr("Read differently")
    elif choice.read is None:
        text = tr("{true} read differently")
    elif choice.true is None:
        text = tr("Wrongly read as {read} by {a} or {b} alone")
    else:
        text = tr("{true} read as {read} by {a} or {b} alone")
    return text.format(**names)


def choice_told(two: TwoReadings, choice: MatrixChoice) -> str:
    said = choice_title(two, choice)
    if choice.true is None or choice.read is None:
        return said
    difference = int(two.difference[choice.true, choice.read])
    names = {
        **_in_sentence(two),
        "true": class_name(two.read.classes, choice.true),
        "read": class_name(two.read.classes, choice.read),
        "digits": digits_counted(abs(difference)),
    }
    if difference > 0:
        text = tr("{b} reads {digits} more that are {true} as {read} than {a}.")
    elif difference < 0:
        text = tr("{b} reads {digits} fewer that are {true} as {read} than {a}.")
    else:
        text = tr("{a} and {b} read equally many that are {true} as {read}.")
    return text.format(**names)


def difference_cells(two: TwoReadings) -> MatrixCells:
    """Return B − A in each cell, in the colour of the network with more digits there. The diagonal has no colour."""
    difference = two.difference
    beside = difference.copy()
    np.fill_diagonal(beside, 0)
    most = int(abs(beside).max(initial=0))
    texts = tuple(tuple(_signed(int(each)) for each in row) for row in difference)
    tones = tuple(
        tuple((1 if each > 0 else -1) * level_of(abs(int(each)), most) for each in row) for row in beside
    )
    return MatrixCells(two.read.classes, texts, tones, two.read.digits.all_true, largest_cell(abs(beside)))


def _signed(count: int) -> tuple[str, ...]:
    """Return a signed difference, and shorter forms for a narrow cell; nothing for 0."""
    long, short = ("+", "") if count > 0 else ("−", "-")
    counts = short_counts(abs(count))
    return *(long + each for each in counts[:1]), *(short + each for each in counts)


def tile_lines(two: TwoReadings, number: int) -> tuple[TileLine, ...]:
    lines = []
    for side in (two.a, two.b):
        verdict = verdict_of(two.read, side.found, number)
        lines.append(TileLine(verdict.marked, "right" if verdict.right else "wrong", side.name, side.hue))
    return tuple(lines)


def widest_line(two: TwoReadings) -> str:
    return f"{max((two.a.name, two.b.name), key=len)} {max(two.read.classes, key=len)}? ✗"


def digit_told(two: TwoReadings, number: int) -> str:
    texts = []
    for side in (two.a, two.b):
        verdict = verdict_of(two.read, side.found, number)
        text = tr("{run}: {read}")
        if verdict.figure:
            text = tr("{run}: {read} {output}")
        texts.append(text.format(run=side.name, read=verdict.short, output=verdict.figure))
    both = tr(" · ").join(texts)
    label = class_name(two.read.classes, two.read.label(number))
    return tr("It is {name}. {verdicts}", name=label, verdicts=both)


def chance_told(two: TwoReadings, verdict: Verdict) -> tuple[str, ...]:
    """Return, from long to short, if A and B differ significantly: over orders of the digits, or these two alone."""
    a, b = (two.b, two.a) if verdict.outcome == "worse" else (two.a, two.b)  # B is the better one
    sureness: str = verdict.sureness
    if sureness != "too few digits" and verdict.outcome == "equal":
        sureness = "equal"
    texts = _CHANCE[sureness, verdict.source == "orders" and sureness != "too few digits"]
    more, fewer = sorted((len(two.groups.only_a_wrong), len(two.groups.only_b_wrong)), reverse=True)
    return tuple(
        translated(
            text,
            a=a.name,
            b=b.name,
            more=more,
            fewer=fewer,
            points=numbers.number_text(100 * abs(verdict.difference), 2),
            margin="" if verdict.source == "digits" else numbers.number_text(100 * verdict.margin, 2),
        )
        for text in texts
    )


_CHANCE: Final = {  # by the verdict, and whether it is over orders of the digits; from long to short
    ("too few digits", False): (marked("Too few digits to tell."),),
    ("equal", True): (
        marked(
            "No clear difference: over six orders of the training digits they are {points} points apart, and orders "
            "alone make {margin}."),
        marked("No clear difference over six orders of the training digits."),
        marked("No clear difference.")),
    ("clearly", True): (
        marked(
            "{b} is clearly better: over six orders of the training digits by {points} points, and orders alone make "
            "{margin}."),
        marked("{b} is clearly better, in other orders, too."),
        marked("{b} is clearly better.")),
    ("probably", True): (
        marked(
            "{b} is probably better: over six orders of the training digits by {points} points, and orders alone make "
            "{margin}."),
        marked("{b} is probably better, in other orders, too."),
        marked("{b} is probably better.")),
    ("equal", False): (
        marked(
            "One alone is right on {more}, the other on {fewer}: no clear difference between these networks. Of their "
            "settings it says nothing; Is it luck? does."),
        marked("No clear difference between these networks."),
        marked("No clear difference.")),
    ("clearly", False): (
        marked(
            "{b} alone is right on {more}, {a} alone on {fewer}: of these two networks {b} is clearly better. Of their "
            "settings it says nothing; Is it luck? does."),
        marked("Of these two networks {b} is clearly better."),
        marked("{b} is clearly better.")),
    ("probably", False): (
        marked(
            "{b} alone is right on {more}, {a} alone on {fewer}: of these two networks {b} is probably better. Of "
            "their settings it says nothing; Is it luck? does."),
        marked("Of these two networks {b} is probably better."),
        marked("{b} is probably better.")),
}  # fmt: skip


def difference_note(two: TwoReadings) -> tuple[str, ...]:
    names = {"a": two.a.name, "b": two.b.name, "moments": moments(two)[-1]}
    return (
        tr("+ where {b} has more digits, − where {a} has more; {moments}", **names),
        tr("+ more by {b}, − more by {a}; {moments}", **names),
        moments(two)[-1],
    )


def waiting(letter: str, progress: tuple[int, int], *, reads: bool, failed: bool) -> str:
    if failed:
        return tr("The other moment could not be read.")
    done, of = progress
    if not of:
        return tr("Run {run} reads all digits.", run=letter)
    values = {"run": letter, "percent": numbers.whole(100 * done // of)}
    if reads:
        return tr("Run {run} reads all digits: {percent} %", **values)
    return tr("Run {run} is replayed up to there: {percent} %", **values)


def other_digits(letter: str) -> str:
    return tr(
        "Run {run} trains on other digits, or with other labels, so the two cannot be compared digit by digit. Their "
        "validation and test digits are the same.",
        run=letter,
    )


def chance_progress(two: TwoReadings, progress: tuple[int, int]) -> str:
    percent = 100 * progress[0] // max(1, progress[1])
    text = tr("Training {a} and {b} in five other orders: {percent} %")
    return text.format(a=two.a.name, b=two.b.name, percent=numbers.whole(percent))
