"""The texts about noise and framing."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from mnistviz.engine.distortion import NoiseToll
from mnistviz.gui.common.numbers import percent, percent_number, whole

translate = QCoreApplication.translate


def strength(share: float) -> str:
    """Return the strength of the noise: "30 %", or off."""
    if not share:
        return translate("PictureOptions", "off")
    return percent(share, 0)


def framing(*, centred: bool) -> str:
    if centred:
        return translate(
            "PictureOptions",
            "Scaled into 20 × 20 pixels, its centre of mass in the middle: as MNIST was made.",
        )
    return translate(
        "PictureOptions",
        "The network gets a drawing where you draw it and as large as you draw it. On the scratchpad, Shift with an "
        "arrow key moves what lies there.",
    )


def noise(share: float, toll: NoiseToll | None, step: int | None, counted: float | None) -> str:
    """Return what noise is, or its effect on the test digits after `step` mini-batches, if there is a run. While the
    effect is being computed, `counted` is the progress."""
    if not share:
        return translate("PictureOptions", "Adds a random number to each pixel. Nothing learns from it.")
    if toll is not None:
        text = translate(
            "PictureOptions",
            "With this noise {noisy} % of the test digits are read right, {plain} % without.",
        )
        if step is not None:
            text = translate(
                "PictureOptions",
                "With this noise {noisy} % of the test digits are read right at mini-batch {step}, {plain} % without.",
            )
        return text.format(
            noisy=percent_number(toll.right / toll.of, 1),
            plain=percent_number(toll.plain / toll.of, 1),
            step=whole(step or 0),
        )
    if counted is not None:
        text = translate("PictureOptions", "The test digits are being read with this noise: {percent} %")
        return text.format(percent=whole(round(100 * counted)))
    return translate("PictureOptions", "How many test digits are read right with this noise is not known.")


def captions(share: float, toll: NoiseToll | None, *, centred: bool) -> tuple[str, ...]:
    """Return captions of the 28 × 28, from long to short, or nothing if it is made the usual way."""
    if not share:
        if centred:
            return ()
        return (
            translate("PictureOptions", "not scaled, not centred"),
            translate("PictureOptions", "not centred"),
        )
    short = translate("PictureOptions", "noise {percent} %").format(percent=whole(round(100 * share)))
    if not centred:
        short = translate("PictureOptions", "noise {percent} %, not centred").format(
            percent=whole(round(100 * share))
        )
    if toll is None:
        return (short,)
    values = {
        "noisy": percent_number(toll.right / toll.of, 1),
        "plain": percent_number(toll.plain / toll.of, 1),
    }
    long = translate("PictureOptions", "test digits: {noisy} % right, {plain} % without noise")
    middle = translate("PictureOptions", "{noisy} % right, {plain} % without")
    return f"{short} · {long.format(**values)}", long.format(**values), middle.format(**values), short
