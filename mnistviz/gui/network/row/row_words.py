"""The texts about a row of digits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale

from mnistviz.engine.rows import RowReading
from mnistviz.gui.common.numbers import number_text
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.network.row.reader import ReadRow

translate = QCoreApplication.translate


def verdict(reading: RowReading, classes: Sequence[str], number: int) -> tuple[str, str]:
    """Return the class that the network predicts for a piece, and its output, as the outputs of the card show it."""
    output = int(reading.verdicts[number])
    return class_name(classes, output), number_text(float(reading.outputs[number, output]))


def told(name: str, figure: str, certainty: float) -> str:
    """Return an explanation of a cell's figure, and of the certainty with which the row was cut."""
    text = translate("NetworkCard", "{figure}: the output of {name}.")
    if number_text(certainty) != figure:
        text = translate(
            "NetworkCard",
            "{figure}: the output of {name}. Other outputs fire, too: for the cuts it counts as {certainty}.",
        )
    return text.format(figure=figure, name=name, certainty=number_text(certainty))


def names(classes: Sequence[str], outputs: Sequence[int]) -> str:
    parts = [class_name(classes, output) for output in outputs]
    return ("" if all(len(name) == 1 for name in parts) else ", ").join(parts)


def note(
    row: ReadRow,
    classes: Sequence[str],
    labels: tuple[int, ...],
    *,
    fits: bool,
    line: tuple[int, int] = (0, 1),
) -> list[str]:
    """Return a description of the row, from long to short. `labels` are the true labels, if known; `fits` is True if
    the network has inputs of this size; `line` is the number of the line of writing, from 0, and the number of
    lines."""
    reading = row.reading
    if not fits:
        return [translate("NetworkCard", "This network reads pictures of another size")]
    if row.problem is not None:
        return [translate("NetworkCard", "No row to read here")]
    if reading is None or not reading.way:
        return [""]
    read, count = names(classes, reading.digits), QLocale().toString(len(reading.way))
    if not reading.judges_cuts and not row.by_hand:
        return [
            translate("NetworkCard", "not sure enough to cut the row: train the network first"),
            translate("NetworkCard", "not sure enough to cut the row"),
        ]
    which = ""
    if line[1] > 1:
        number, of = (QLocale().toString(value) for value in (line[0] + 1, line[1]))
        which = translate("NetworkCard", "line {number} of {count}").format(number=number, count=of)
    truth = which
    if labels:
        right = labels == reading.digits
        truth = (
            translate("NetworkCard", "✓ all right")
            if right
            else translate("NetworkCard", "✗ its labels: {labels}").format(labels=names(classes, labels))
        )
    reads = translate("NetworkCard", "reads {row}").format(row=read)
    if not (labels or row.by_hand or reading.is_sure):
        truth = " · ".join(filter(None, (translate("NetworkCard", "not sure"), truth)))
    segments = len(reading.certainties)
    if row.by_hand:
        how = translate("NetworkCard", "cut by hand")
    elif segments == 1:
        how = translate("NetworkCard", "1 piece tried")
    else:
        how = translate("NetworkCard", "{count} pieces tried").format(count=QLocale().toString(segments))
    short = reads
    if len(reading.way) > 1:
        short = translate("NetworkCard", "reads {count} digits").format(count=count)
    of_page = ((reads, which), (short, which)) if which else ()
    ways = ((reads, truth, how), (reads, truth), *of_page, (short, truth), (reads,), (short,))
    return [" · ".join(filter(None, parts)) for parts in ways]


def walked(number: int, count: int, name: str, figure: str) -> list[str]:
    values = {
        "number": QLocale().toString(number + 1),
        "count": QLocale().toString(count),
        "name": name,
        "figure": figure,
    }
    texts = (
        translate("NetworkCard", "piece {number} of {count}: {name}, output {figure}"),
        translate("NetworkCard", "{number} of {count}: {name}, {figure}"),
        translate("NetworkCard", "{number} of {count}"),
    )
    return [text.format(**values) for text in texts]
