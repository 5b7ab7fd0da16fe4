"""What the network card says in words: the verdict, the balance, and what is pointed at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale

from mnistviz.engine.evidence import Contributions, Path
from mnistviz.gui.common.class_names import class_name
from mnistviz.gui.common.numbers import number_text
from mnistviz.gui.network.flow import Flow
from mnistviz.gui.network.output_stage import OutputWords
from mnistviz.gui.network.unit_names import layer_name, unit_name

SURE = 0.5
_FAR = 0.1  # of an output: a second that is lower is far behind
_FIRES = 0.1  # of a sigmoid output: where the highest is lower, none fires


def hundredths(value: float) -> str:
    """An output as it is shown."""
    return number_text(value)


def verdict(flow: Flow, classes: Sequence[str], label: int | None, *, guess: bool) -> OutputWords:
    """All words of the column of outputs. `label` is the true class, if it is known; `guess` says that the network
    has not learned yet."""
    outputs = flow.outputs
    names = class_names(classes, len(outputs))
    winner, best = flow.winner, float(outputs[flow.winner])
    sure = best >= SURE
    none_fires = best < _FIRES and flow.network.output == "sigmoid"
    truth, right = "", None
    if label is not None and label < len(names):
        right = None if none_fires else label == winner
        truth = _truth(right).format(name=names[label])
    reasons = []
    if none_fires:
        reasons.append(
            QCoreApplication.translate("NetworkCard", "highest: {name}, {output}").format(
                name=names[winner], output=hundredths(best)
            )
        )
    elif not sure:
        reasons.append(
            QCoreApplication.translate("NetworkCard", "perhaps {name}: {output}").format(
                name=names[winner], output=hundredths(best)
            )
        )
    elif not truth:
        reasons.append(
            QCoreApplication.translate("NetworkCard", "output {output}").format(output=hundredths(best))
        )
    else:
        truth = QCoreApplication.translate("NetworkCard", "{truth} · {output}").format(
            truth=truth, output=hundredths(best)
        )
    if guess:
        reasons.append(QCoreApplication.translate("NetworkCard", "a guess: nothing learned yet"))
    elif sure and len(outputs) > 1:
        reasons.append(_next(outputs.tolist(), winner, names))
    return OutputWords(
        figures=tuple(hundredths(output) for output in outputs.tolist()),
        winner=winner,
        word=names[winner] if sure else _no_name(none_fires),
        reasons=tuple(reasons),
        right=right,
        truth=truth,
        balance=balance(flow.said, "" if flow.said.output == winner else subject(flow.said, names)),
    )


def _truth(right: bool | None) -> str:
    """The truth about an answer; None is none."""
    if right is None:
        return QCoreApplication.translate("NetworkCard", "its label is {name}")
    if right:
        return QCoreApplication.translate("NetworkCard", "✓ right")
    return QCoreApplication.translate("NetworkCard", "✗ wrong: its label is {name}")


def _no_name(none_fires: bool) -> str:
    """The verdict where no class can be named."""
    if none_fires:
        return QCoreApplication.translate("NetworkCard", "no output fires")
    return QCoreApplication.translate("NetworkCard", "not sure")


def _next(outputs: list[float], winner: int, names: Sequence[str]) -> str:
    second = max((output, -number) for number, output in enumerate(outputs) if number != winner)
    name = names[-second[1]]
    if second[0] < _FAR:
        return QCoreApplication.translate("NetworkCard", "next: {name}, far behind").format(name=name)
    return QCoreApplication.translate("NetworkCard", "next: {name}, {output}").format(
        name=name, output=hundredths(second[0])
    )


def class_names(classes: Sequence[str], count: int) -> tuple[str, ...]:
    """The names of all outputs."""
    return tuple(class_name(classes, output) for output in range(count))


def no_verdict(*, drawn: bool, fits: bool) -> OutputWords:
    """The words of the column of outputs where nothing is `drawn`, where it does not fit the network, or else where
    something is not finite."""
    if not drawn:
        reason = QCoreApplication.translate("NetworkCard", "Draw a digit, and the network answers")
    elif not fits:
        reason = QCoreApplication.translate("NetworkCard", "This network reads pictures of another size")
    else:
        reason = QCoreApplication.translate(
            "NetworkCard", "The network has diverged: its numbers are not finite"
        )
    return OutputWords(reasons=(reason,))


def short_verdicts(words: OutputWords) -> list[str]:
    """The verdict as one line, from long to short: "4 · ✓ right · 1.00"."""
    if not words.word:
        return []
    figure = words.figures[words.winner]
    if words.right is None:
        return [f"{words.word} · {figure}", words.word]
    right = (
        QCoreApplication.translate("NetworkCard", "✓ right")
        if words.right
        else QCoreApplication.translate("NetworkCard", "✗ wrong")
    )
    sign = "✓" if words.right else "✗"
    return [f"{words.word} · {right} · {figure}", f"{words.word} · {right}", f"{words.word} {sign}"]


def aloud(words: OutputWords, classes: Sequence[str]) -> str:
    """What a screen reader reads out: the verdict, and every output."""
    verdict = ". ".join(filter(None, (words.word, words.truth, *words.reasons)))
    names = class_names(classes, len(words.figures))
    rows = ", ".join(f"{name} {figure}" for name, figure in zip(names, words.figures, strict=True))
    return ". ".join(filter(None, (verdict, rows)))


def seen(layer: int | None) -> list[str]:
    """What the small picture shows: the pixels, or what a unit gets from a layer, 0 the pixels; from long to short."""
    if layer is None:
        return ["28 × 28"]
    if layer == 0:
        return [QCoreApplication.translate("NetworkCard", "evidence"), ""]
    texts = [QCoreApplication.translate("NetworkCard", "from layer {number}")]
    texts.append(QCoreApplication.translate("NetworkCard", "layer {number}"))
    return [*(text.format(number=QLocale().toString(layer)) for text in texts), ""]


def digits_a_unit(digits: float) -> list[str]:
    """To how many digits a unit of a layer answers on average, from long to short; nothing where that is not known."""
    if not digits > 0:
        return [""]
    value = number_text(digits, 1)
    return [
        QCoreApplication.translate("NetworkCard", "a unit answers to {value} digits").format(value=value),
        QCoreApplication.translate("NetworkCard", "{value} digits").format(value=value),
        value,
    ]


def path_units(path: Path, sizes: tuple[int, ...], output: str) -> list[str]:
    """Which units a path leads through, from the output back, from long to short."""
    names = [unit_name(layer, unit, sizes, ()) for layer, unit in path.units]
    if len(sizes) > 3:
        layered = QCoreApplication.translate("NetworkCard", "{layer}, {unit}")
        names = [
            layered.format(layer=layer_name(layer, sizes), unit=name)
            for name, (layer, _) in zip(names, path.units, strict=True)
        ]
    numbers = (QLocale().toString(unit + 1) for _, unit in path.units)
    text = QCoreApplication.translate("NetworkCard", "the path to “{name}”: {units}")
    return [text.format(name=output, units=" ← ".join(each)) for each in (names, numbers)]


def path_ends(path: Path, sizes: tuple[int, ...]) -> list[str]:
    """Where a path ends before it is through, from long to short."""
    layer = path.units[-1][0] - 1 if path.units else len(sizes) - 2
    texts = (
        QCoreApplication.translate(
            "NetworkCard", "The path ends: in hidden layer {number} no unit speaks for what comes after it"
        ),
        QCoreApplication.translate("NetworkCard", "The path ends at hidden layer {number}"),
    )
    return [text.format(number=QLocale().toString(layer)) for text in texts]


def balance(told: Contributions, whose: str = "") -> tuple[str, str]:
    """For, against, bias, and what they add up to: with words, and where there is no room for them without. `whose`
    names the output, where it isn't the one of which the verdict tells."""
    numbers = {
        "in_favour": number_text(told.in_favour, 1, sign=True),
        "against": number_text(told.against, 1),
        "bias": number_text(told.bias, 1, sign=True),
        "z": number_text(told.z, 1, sign=True),
    }
    words = QCoreApplication.translate(
        "NetworkCard", "for {in_favour} · against {against} · bias {bias} →\u00a0z\u00a0{z}"
    )
    texts = words.format(**numbers), "{in_favour}  {against}  {bias} →\u00a0z\u00a0{z}".format(**numbers)
    if not whose:
        return texts
    named = QCoreApplication.translate("NetworkCard", "{name}: {text}")
    return named.format(name=whose, text=texts[0]), named.format(name=whose, text=texts[1])


def subject(told: Contributions, classes: Sequence[str]) -> str:
    """The output that is spoken for: "4", or "4 rather than 9"."""
    name = class_name(classes, told.output)
    if told.rival is None:
        return name
    return QCoreApplication.translate("NetworkCard", "{name} rather than {other}").format(
        name=name, other=class_name(classes, told.rival)
    )
