"""The line that reads what is pointed at, and the legends of the bars."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale

from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.origin import Origin
from mnistviz.gui.common.class_names import class_name
from mnistviz.gui.common.numbers import number_text, rounded
from mnistviz.gui.lab.origin_words import before_opened
from mnistviz.gui.network import card_words
from mnistviz.gui.network.bars import AnswerScale
from mnistviz.gui.network.card_foot import AGAINST, ANSWER, FOR
from mnistviz.gui.network.flow import Flow
from mnistviz.gui.network.selection import Unit
from mnistviz.gui.network.unit_names import layer_name, unit_name, unit_numbers, weight_text


def unit_reading(
    moment: Moment,
    initial: Network | None,
    unit: Unit,
    cell: int | None,
    flow: Flow | None,
    classes: tuple[str, ...],
) -> str:
    """All that is to be said of a unit, the most important first, its parts divided by " · "."""
    network = moment.network
    layer, number = unit
    name = unit_name(layer, number, network.sizes, classes)
    if len(network.sizes) > 3 and layer < len(network.sizes) - 1:
        name = QCoreApplication.translate("NetworkCard", "{layer}, {unit}").format(
            layer=layer_name(layer, network.sizes), unit=name
        )
    parts = [name]
    if cell is not None:
        parts.append(weight_text(network, initial, layer, number, cell))
    if flow is not None:
        answer = number_text(float(flow.activations[layer][number]))
        parts.append(QCoreApplication.translate("NetworkCard", "answers {value}").format(value=answer))
        if layer == len(network.sizes) - 2:
            said = number_text(float(flow.said.contributions[number]), sign=True)
            parts.append(
                QCoreApplication.translate("NetworkCard", "says {value} for {name}").format(
                    value=said, name=card_words.subject(flow.said, classes)
                )
            )
    parts.append(unit_numbers(network, layer, number))
    return " · ".join(parts)


def output_reading(flow: Flow, output: int, classes: tuple[str, ...]) -> str:
    """An output to four decimals, and what it comes from."""
    value = number_text(float(flow.outputs[output]), 4)
    text = QCoreApplication.translate("NetworkCard", "output “{name}”: {value}").format(
        name=class_name(classes, output), value=value
    )
    if flow.said.output != output:
        return text
    rival = "" if flow.said.rival is None else card_words.subject(flow.said, classes)
    return " · ".join(filter(None, (text, rival, card_words.balance(flow.said)[0])))


def legends(
    flow: Flow | None, drawn: bool, scale: AnswerScale, classes: Sequence[str], *, stripes: bool
) -> list[str]:
    """What the bars mean, from long to short, with the marks of `card_foot`; without bars, how to get some. `stripes`
    says that the outputs have those of a unit's mean answers."""
    if flow is None and drawn:
        return [""]
    if flow is None:
        return [
            QCoreApplication.translate(
                "NetworkCard",
                "Draw a digit, or press T for a test digit: bars show how much each unit answers.",
            ),
            QCoreApplication.translate("NetworkCard", "Draw a digit to see each unit answer."),
            "",
        ]
    answers, short = (
        QCoreApplication.translate("NetworkCard", "{bar} answers to this drawing").format(bar=ANSWER),
        QCoreApplication.translate("NetworkCard", "{bar} answers").format(bar=ANSWER),
    )
    if scale.told:
        full = rounded(scale.full, 2)
        answers = QCoreApplication.translate("NetworkCard", "{text}, full = {value}").format(
            text=answers, value=full
        )
        short = QCoreApplication.translate("NetworkCard", "{bar} full = {value}").format(
            bar=ANSWER, value=full
        )
    if len(flow.network.sizes) == 2:
        return [answers, short, ""]
    name = card_words.subject(flow.said, classes)
    says = QCoreApplication.translate("NetworkCard", "says {orange} for or {blue} against {name}").format(
        orange=FOR, blue=AGAINST, name=name
    )
    brief = QCoreApplication.translate("NetworkCard", "{orange} for {blue} against {name}").format(
        orange=FOR, blue=AGAINST, name=name
    )
    signs = QCoreApplication.translate("NetworkCard", "{orange} for {blue} against").format(
        orange=FOR, blue=AGAINST
    )
    if stripes:
        mean = QCoreApplication.translate("NetworkCard", "▂ its mean answer to each digit")
        return [f"{answers}   {says}   {mean}", f"{short}   {brief}   {mean}", f"{brief}   {mean}", mean, ""]
    return [f"{answers}   {says}", f"{short}   {says}", f"{short}   {brief}", f"{short}   {signs}", brief, ""]


def hint(moment: Moment, layer: int, origin: Origin | None, *, learned: bool) -> list[str]:
    """What the pictures of a layer are, while nothing is pointed at, from long to short. `origin` is what the file of
    an opened network says."""
    sizes = moment.network.sizes
    if learned and origin is not None:
        texts = _since_opened(moment, origin)
    elif learned and moment.step == 0:
        texts = [
            QCoreApplication.translate(
                "NetworkCard", "Nothing learned yet: these are the weights that the run starts with."
            ),
            QCoreApplication.translate("NetworkCard", "Nothing learned yet."),
        ]
    elif learned:
        texts = [
            QCoreApplication.translate(
                "NetworkCard", "What training has added to the weights since the start of the run."
            ),
            QCoreApplication.translate("NetworkCard", "What was added to the weights."),
        ]
    elif len(sizes) == 2:
        texts = [
            QCoreApplication.translate(
                "NetworkCard", "No hidden layer: the outputs look straight at the {count} pixels."
            ),
            QCoreApplication.translate("NetworkCard", "The outputs' weights."),
        ]
    elif layer > 1:
        texts = [
            QCoreApplication.translate(
                "NetworkCard", "Each tile: how a unit weighs the {count} units of {layer}."
            ),
            QCoreApplication.translate("NetworkCard", "Weights to {layer}."),
        ]
    else:
        texts = [
            QCoreApplication.translate("NetworkCard", "Each tile: how a unit weighs the pixels of a digit."),
            QCoreApplication.translate("NetworkCard", "Weights to the pixels."),
        ]
    count, before = QLocale().toString(sizes[layer - 1]), layer_name(layer - 1, sizes) if layer > 1 else ""
    return [text.format(count=count, layer=before) for text in texts]


def _since_opened(moment: Moment, origin: Origin) -> list[str]:
    """What is learned of an opened network: what came since, for what came before is known to its file only."""
    if moment.step:
        return [
            QCoreApplication.translate(
                "NetworkCard", "What training has added to the weights since it was opened."
            ),
            QCoreApplication.translate("NetworkCard", "What was added since it was opened."),
        ]
    before = before_opened(origin)
    return [
        QCoreApplication.translate(
            "NetworkCard", "The opened network, {before}. Since then nothing new."
        ).format(before=before),
        QCoreApplication.translate("NetworkCard", "Opened, {before}").format(before=before),
        QCoreApplication.translate("NetworkCard", "As it was opened."),
    ]
