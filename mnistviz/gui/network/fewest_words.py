"""The texts about the fewest pixels that change a prediction, computed from values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from mnistviz.engine.digits import PIXELS, SIDE
from mnistviz.engine.fewest_pixels import INK, PixelSearch
from mnistviz.gui.common.digit_verdict import SURE
from mnistviz.gui.common.numbers import number_text, whole
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.lab.in_card import AlteredPicture, Dot
from mnistviz.gui.lab.shown import Shown

translate = QCoreApplication.translate


@dataclass(frozen=True)
class PixelLine:
    """Line of the list: its `cells` are the number of changed pixels, row and column of the last one, its new value,
    and the prediction. `aloud` is the text for a screen reader."""

    cells: tuple[str, str, str, str, str]
    aloud: str


def headings() -> tuple[str, str, str, str, str]:
    return (
        translate("FewestPixels", "Pixels"),
        translate("FewestPixels", "Row"),
        translate("FewestPixels", "Column"),
        translate("FewestPixels", "Set to"),
        translate("FewestPixels", "Read as"),
    )


def why_not(shown: Shown, *, drawn: bool) -> str:
    if shown.moment is None or shown.digits is None:
        return translate("FewestPixels", "There is no network yet.")
    if not drawn:
        return translate(
            "FewestPixels", "No single digit lies on the scratchpad. Draw one, or press T for a test digit."
        )
    if shown.moment.network.sizes[0] != PIXELS:
        return translate("FewestPixels", "This network reads pictures of another size.")
    return ""


def moment(of: str, *, stale: bool) -> tuple[str, ...]:
    if not stale:
        return (of,)
    texts = (
        translate("FewestPixels", "{moment} · it has learned on since; a pause renews this"),
        translate("FewestPixels", "{moment} · it has learned on"),
    )
    return *(text.format(moment=of) for text in texts), of


def result(search: PixelSearch, classes: Sequence[str]) -> str:
    if not search.finite:
        return translate("FewestPixels", "This network has diverged: its numbers are not finite.")
    first, last = (class_name(classes, search.verdicts[place]) for place in (0, -1))
    count = len(search.pixels)
    values = {"first": first, "last": last, "count": whole(count)}
    if search.flipped and float(search.outputs[-1].max()) < SURE:
        text = translate(
            "FewestPixels", "{count} pixels make “{last}” the highest output in place of “{first}”"
        )
        if count == 1:
            text = translate(
                "FewestPixels", "One pixel makes “{last}” the highest output in place of “{first}”"
            )
    elif search.flipped:
        text = translate("FewestPixels", "{count} pixels make it read “{last}” in place of “{first}”")
        if count == 1:
            text = translate("FewestPixels", "One pixel makes it read “{last}” in place of “{first}”")
    elif search.stuck:
        text = translate("FewestPixels", "No pixel helps after {count}: it still reads “{first}”")
    else:
        text = translate("FewestPixels", "{count} pixels are not enough: it still reads “{first}”")
    return text.format(**values)


def lines(search: PixelSearch, classes: Sequence[str]) -> list[PixelLine]:
    read = _read(search, 0, classes)
    aloud = translate("FewestPixels", "The picture as it is: read as {read}").format(read=read)
    rows = [PixelLine((whole(0), "–", "–", "–", read), aloud)]
    paper, ink = translate("FewestPixels", "paper"), translate("FewestPixels", "ink")
    for count, (pixel, value) in enumerate(zip(search.pixels, search.values, strict=True), 1):
        row, column = (whole(place + 1) for place in divmod(pixel, SIDE))
        became, read = ink if value == INK else paper, _read(search, count, classes)
        aloud = translate(
            "FewestPixels", "Pixel {count}, row {row}, column {column}, set to {became}: read as {read}"
        ).format(count=whole(count), row=row, column=column, became=became, read=read)
        rows.append(PixelLine((whole(count), row, column, became, read), aloud))
    return rows


def _read(search: PixelSearch, count: int, classes: Sequence[str]) -> str:
    verdict = search.verdicts[count]
    return translate("FewestPixels", "{name} · {output}").format(
        name=class_name(classes, verdict), output=number_text(float(search.outputs[count, verdict]))
    )


def caption(search: PixelSearch, count: int, classes: Sequence[str]) -> str:
    name = class_name(classes, search.verdicts[count])
    if not count:
        return translate("FewestPixels", "before: read as “{name}”").format(name=name)
    if count == 1:
        return translate("FewestPixels", "1 pixel changed: read as “{name}”").format(name=name)
    return translate("FewestPixels", "{count} pixels changed: read as “{name}”").format(
        count=whole(count), name=name
    )


def question(search: PixelSearch, count: int, classes: Sequence[str]) -> str:
    if search.verdicts[count] == search.verdicts[0]:
        return translate("FewestPixels", "Go on pixel by pixel. Each one helps most of all single pixels.")
    text = translate(
        "FewestPixels", "{count} of {pixels} pixels were set. Would you read the second picture as “{name}”?"
    )
    if count == 1:
        text = translate(
            "FewestPixels", "1 of {pixels} pixels was set. Would you read the second picture as “{name}”?"
        )
    return text.format(
        count=whole(count), pixels=whole(PIXELS), name=class_name(classes, search.verdicts[count])
    )


def altered(search: PixelSearch, count: int) -> AlteredPicture:
    dots = tuple(Dot(pixel, number == count) for number, pixel in enumerate(search.pixels[:count], 1))
    note = translate("FewestPixels", "{count} pixels changed").format(count=whole(count))
    if count < 2:
        note = (
            translate("FewestPixels", "1 pixel changed")
            if count
            else translate("FewestPixels", "nothing changed yet")
        )
    return AlteredPicture(search.picture(count).reshape(SIDE, SIDE), dots, note)
