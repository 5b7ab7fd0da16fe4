"""The texts about mixtures of two networks. They count, and give no cause."""

from typing import Final, Literal, NamedTuple

from mnistviz.engine.evidence import finite
from mnistviz.engine.mistakes.mixing import MixingCurve, can_mix
from mnistviz.engine.moment import Moment
from mnistviz.engine.scores import Score, score_choice
from mnistviz.gui.common import numbers, prediction_words
from mnistviz.gui.common.texts import tr
from mnistviz.gui.mistakes.read_digits import TwoReadings

CurveShape = Literal["flat", "hill", "valley"]
MixedSet = Literal["validation", "test"]
SHAPES: Final[tuple[CurveShape, ...]] = ("flat", "hill", "valley")
_MARGIN: Final = 0.02
"""How far a mixture is above both ends in a hill, or below both in a valley: two digits of a hundred."""


class MixNames(NamedTuple):
    a: str
    b: str


def shape_of(curve: MixingCurve) -> CurveShape | Literal["slope"]:
    """Return the shape of the curve; of a hill and a valley the larger one. A slope has neither, and unequal ends."""
    accuracy = curve.accuracy
    low, high = sorted((accuracy[0], accuracy[-1]))
    up, down = float(accuracy.max() - high), float(low - accuracy.min())
    if max(up, down) < _MARGIN:
        return "flat" if high - low < _MARGIN else "slope"
    return "hill" if up > down else "valley"


def why_not(two: TwoReadings | None, a: Moment | None, b: Moment | None, *, rests: bool) -> str:
    """Return why two networks can't be mixed now, or an empty text. `a` is any checkpoint of the other run."""
    if two is None or a is None or b is None:
        return tr("Choose first what to compare with, at the right of the tabs.")
    if not rests:
        return tr("Networks can be mixed while they rest: pause first.")
    if not can_mix(a.network, b.network):
        return tr("Only networks with the same layers and the same kinds of neurons can be mixed.")
    if b.kind == "near":
        return tr("The exact moment is being computed.")
    if not finite([a.network.parameters, b.network.parameters]):
        return tr("Some weights are no longer finite numbers: there is nothing to mix.")
    return ""


def names_of(two: TwoReadings) -> MixNames:
    return MixNames(two.a.in_sentence, two.b.in_sentence)


def title(names: MixNames) -> str:
    return tr("Between {a} and {b}", **names._asdict())


def question(names: MixNames, read: MixedSet) -> str:
    text = tr("What do you predict: how many test digits are read right between {a} and {b}?")
    if read == "validation":
        text = tr("What do you predict: how many validation digits are read right between {a} and {b}?")
    return text.format(**names._asdict())


def shape_words(shape: CurveShape) -> tuple[str, str]:
    return {
        "flat": (tr("flat"), tr("You predict that all of them read about as many as the two at the ends.")),
        "hill": (tr("hill"), tr("You predict that some on the way read more than the two at the ends.")),
        "valley": (tr("valley"), tr("You predict that some on the way read fewer than the two at the ends.")),
    }[shape]


def score_of(curve: MixingCurve, predicted: CurveShape) -> Score:
    return score_choice(predicted != shape_of(curve), 0, ordered=False)


def told(curve: MixingCurve, names: MixNames, predicted: CurveShape | None) -> tuple[str, str]:
    shape, accuracy = shape_of(curve), curve.accuracy
    text = {
        "flat": tr("It is flat: no hill and no valley."),
        "slope": tr("It is a slope, without hill or valley."),
        "hill": tr("It is a hill."),
        "valley": tr("It is a valley."),
    }[shape]
    if predicted is not None:
        verdict = prediction_words.verdict(score_of(curve, predicted))
        said = tr("You said: {predicted}. {verdict} {came}")
        text = said.format(predicted=shape_words(predicted)[0], verdict=verdict, came=text)
    at = int(accuracy.argmax() if shape == "hill" else accuracy.argmin())
    rights = {"right_a": accuracy[0], "right_b": accuracy[-1], "right": accuracy[at]}
    ends = {**names._asdict(), **{name: _percent(right) for name, right in rights.items()}}
    ends["of"] = numbers.whole(curve.of)
    if shape == "slope":
        figures = tr("Of {of} digits {a} reads {right_a}, {b} {right_b}.")
    elif shape == "hill":
        figures = tr("Of {of} digits {a} reads {right_a}, {b} {right_b}, the best mixture {right}.")
    else:
        figures = tr("Of {of} digits {a} reads {right_a}, {b} {right_b}, the worst mixture {right}.")
    return tr("{sentence} {figures}", sentence=text, figures=figures.format(**ends)), text


def right_at(curve: MixingCurve | None, share: float) -> float | None:
    return None if curve is None else float(curve.accuracy[abs(curve.at - share).argmin()])


def at(curve: MixingCurve | None, share: float, names: MixNames) -> str:
    percent = round(100 * share)
    values = {**names._asdict(), "rest": numbers.whole(100 - percent), "share": numbers.whole(percent)}
    if (right := right_at(curve, share)) is None:
        return tr("{rest} % of {a}, {share} % of {b}", **values)
    return tr("{rest} % of {a}, {share} % of {b}: {right} right", right=_percent(right), **values)


def _percent(share: float) -> str:
    """Return a share with one decimal, enough for a thousand digits, and a space that never breaks."""
    return numbers.percent(share, 1).replace(" ", "\u00a0")
