"""The texts about the fewest pixels that change a prediction, computed from values."""

from collections.abc import Sequence

from msgspec import Struct

from mnistviz.engine.digits import PIXELS, SIDE
from mnistviz.engine.fewest_pixels import INK, PixelSearch
from mnistviz.gui.common.digit_verdict import SURE
from mnistviz.gui.common.numbers import number_text, whole
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.lab.in_card import AlteredPicture, Dot
from mnistviz.gui.lab.shown import Shown


class PixelLine(Struct, frozen=True):
    """Line of the list: its `cells` are the number of changed pixels, row and column of the last one, its new value,
    and the prediction. `aloud` is the text for a screen reader."""

    cells: tuple[str, str, str, str, str]
    aloud: str


def headings() -> tuple[str, str, str, str, str]:
    return (tr("Pixels"), tr("Row"), tr("Column"), tr("Set to"), tr("Read as"))


def why_not(shown: Shown, *, drawn: bool) -> str:
    if shown.moment is None or shown.digits is None:
        return tr("There is no network yet.")
    if not drawn:
        return tr("No single digit lies on the scratchpad. Draw one, or press T for a test digit.")
    if shown.moment.network.sizes[0] != PIXELS:
        return tr("This network reads pictures of another size.")
    return ""


def moment(of: str, *, stale: bool) -> tuple[str, ...]:
    if not stale:
        return (of,)
    long = tr("{moment} · it has learned on since; a pause renews this", moment=of)
    return long, tr("{moment} · it has learned on", moment=of), of


def result(search: PixelSearch, classes: Sequence[str]) -> str:
    if not search.finite:
        return tr("This network has diverged: its numbers are not finite.")
    first, last = (class_name(classes, search.verdicts[place]) for place in (0, -1))
    count = len(search.pixels)
    if search.flipped and float(search.outputs[-1].max()) < SURE:
        text = tr("{count} pixels make “{last}” the highest output in place of “{first}”")
        if count == 1:
            text = tr("One pixel makes “{last}” the highest output in place of “{first}”")
    elif search.flipped:
        text = tr("{count} pixels make it read “{last}” in place of “{first}”")
        if count == 1:
            text = tr("One pixel makes it read “{last}” in place of “{first}”")
    elif search.stuck:
        text = tr("No pixel helps after {count}: it still reads “{first}”")
    else:
        text = tr("{count} pixels are not enough: it still reads “{first}”")
    return text.format(first=first, last=last, count=whole(count))


def lines(search: PixelSearch, classes: Sequence[str]) -> list[PixelLine]:
    read = _read(search, 0, classes)
    aloud = tr("The picture as it is: read as {read}", read=read)
    rows = [PixelLine((whole(0), "–", "–", "–", read), aloud)]
    paper, ink = tr("paper"), tr("ink")
    for count, (pixel, value) in enumerate(zip(search.pixels, search.values, strict=True), 1):
        row, column = (whole(place + 1) for place in divmod(pixel, SIDE))
        became, read = ink if value == INK else paper, _read(search, count, classes)
        aloud = tr("Pixel {count}, row {row}, column {column}, set to {became}: read as {read}")
        aloud = aloud.format(count=whole(count), row=row, column=column, became=became, read=read)
        rows.append(PixelLine((whole(count), row, column, became, read), aloud))
    return rows


def _read(search: PixelSearch, count: int, classes: Sequence[str]) -> str:
    verdict = search.verdicts[count]
    output = number_text(float(search.outputs[count, verdict]))
    return tr("{name} · {output}", name=class_name(classes, verdict), output=output)


def caption(search: PixelSearch, count: int, classes: Sequence[str]) -> str:
    name = class_name(classes, search.verdicts[count])
    if not count:
        return tr("before: read as “{name}”", name=name)
    if count == 1:
        return tr("1 pixel changed: read as “{name}”", name=name)
    return tr("{count} pixels changed: read as “{name}”", count=whole(count), name=name)


def question(search: PixelSearch, count: int, classes: Sequence[str]) -> str:
    if search.verdicts[count] == search.verdicts[0]:
        return tr("Go on pixel by pixel. Each one helps most of all single pixels.")
    text = tr("{count} of {pixels} pixels were set. Would you read the second picture as “{name}”?")
    if count == 1:
        text = tr("1 of {pixels} pixels was set. Would you read the second picture as “{name}”?")
    name = class_name(classes, search.verdicts[count])
    return text.format(count=whole(count), pixels=whole(PIXELS), name=name)


def altered(search: PixelSearch, count: int) -> AlteredPicture:
    dots = tuple(Dot(pixel, number == count) for number, pixel in enumerate(search.pixels[:count], 1))
    note = tr("{count} pixels changed", count=whole(count))
    if count < 2:
        note = tr("1 pixel changed") if count else tr("nothing changed yet")
    return AlteredPicture(search.picture(count).reshape(SIDE, SIDE), dots, note)
