"""The texts about a row of digits."""

from collections.abc import Sequence

from mnistviz.engine.rows import RowReading
from mnistviz.gui.common.numbers import number_text
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.network.row.reader import ReadRow


def verdict(reading: RowReading, classes: Sequence[str], number: int) -> tuple[str, str]:
    """Return the class that the network predicts for a piece, and its output, as the outputs of the card show it."""
    output = int(reading.verdicts[number])
    return class_name(classes, output), number_text(float(reading.outputs[number, output]))


def told(name: str, figure: str, certainty: float) -> str:
    """Return an explanation of a cell's figure, and of the certainty with which the row was cut."""
    text = tr("{figure}: the output of {name}.")
    if number_text(certainty) != figure:
        text = tr(
            "{figure}: the output of {name}. Other outputs fire, too: for the cuts it counts as {certainty}."
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
    the network has inputs of this size; `line` is the index of its line of writing and the number of lines."""
    reading = row.reading
    if not fits:
        return [tr("This network reads pictures of another size")]
    if row.problem is not None:
        return [tr("No row to read here")]
    if reading is None or not reading.way:
        return [""]
    if not reading.judges_cuts and not row.by_hand:
        return [
            tr("not sure enough to cut the row: train the network first"),
            tr("not sure enough to cut the row"),
        ]
    which = "" if line[1] < 2 else tr("line {number} of {count}", number=line[0] + 1, count=line[1])
    truth = which
    if labels:
        right = labels == reading.digits
        truth = tr("✓ all right") if right else tr("✗ its labels: {labels}", labels=names(classes, labels))
    reads = tr("reads {row}", row=names(classes, reading.digits))
    if not (labels or row.by_hand or reading.is_sure):
        truth = " · ".join(filter(None, (tr("not sure"), truth)))
    segments = len(reading.certainties)
    how = tr("1 piece tried") if segments == 1 else tr("{count} pieces tried", count=segments)
    if row.by_hand:
        how = tr("cut by hand")
    short = tr("reads {count} digits", count=len(reading.way)) if len(reading.way) > 1 else reads
    of_page = ((reads, which), (short, which)) if which else ()
    ways = ((reads, truth, how), (reads, truth), *of_page, (short, truth), (reads,), (short,))
    return [" · ".join(filter(None, parts)) for parts in ways]


def walked(number: int, count: int, name: str, figure: str) -> list[str]:
    values: dict[str, object] = {"number": number + 1, "count": count, "name": name, "figure": figure}
    return [
        tr("piece {number} of {count}: {name}, output {figure}", **values),
        tr("{number} of {count}: {name}, {figure}", **values),
        tr("{number} of {count}", **values),
    ]
