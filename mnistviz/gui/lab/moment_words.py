"""The shown step in words, the same in every view."""

from mnistviz.gui.common import numbers
from mnistviz.gui.common.texts import tr
from mnistviz.gui.lab.preview import Mixture, Preview
from mnistviz.gui.lab.shown import Shown


def place(shown: Shown) -> tuple[str, ...]:
    """Return the playhead's place, from long to short: "mini-batch 12,340 of 39,912, paused", or with the epoch."""
    if shown.playhead is None:
        moment, run = shown.moment, shown.run
        number = numbers.whole(0 if moment is None else moment.step)
        said = tr("mini-batch {step}", step=number)
        if moment is None or run is None or not run.epoch:
            return said, number
        with_epoch = tr(
            "mini-batch {step} · epoch {epoch}", step=number, epoch=numbers.epochs(moment.digits / run.epoch)
        )
        return with_epoch, said, number
    return _of(shown, numbers.whole(shown.playhead))


def moment(shown: Shown) -> tuple[str, ...]:
    """Return the place of the shown step, which may only be near the playhead; empty at the end."""
    if shown.playhead is None or shown.moment is None:
        return ()
    return _of(shown, step(shown))


def at(shown: Shown) -> tuple[str, ...]:
    """Return the shown step, "at 12,340", or what is shown instead, from long to short; empty at the end."""
    if shown.preview is not None:
        return preview(shown.preview)
    if shown.playhead is None or shown.moment is None:
        return ()
    return (tr("at {step}", step=step(shown)),)


def step(shown: Shown) -> str:
    assert shown.moment is not None
    number = numbers.whole(shown.moment.step)
    return f"≈ {number}" if is_near(shown) else number


def preview(of: Preview) -> tuple[str, str]:
    """Return the text on a network that belongs to no run, and a word: "mixed: 70 % of A, 30 % of B", or a copy."""
    if not isinstance(of, Mixture):
        return (tr("changed by hand, not kept"), tr("copy"))
    share = round(100 * of.share)
    return tr(
        "mixed: {rest} % of {a}, {share} % of {b}",
        a=of.names[0],
        b=of.names[1],
        rest=100 - share,
        share=share,
    ), tr("mixed")


def is_near(shown: Shown) -> bool:
    return shown.moment is not None and shown.moment.kind == "near"


def _of(shown: Shown, number: str) -> tuple[str, ...]:
    if shown.filming:
        state = tr("replay")
    elif shown.held:
        state = tr("paused")
    else:
        state = tr("training continues")
    texts = (
        tr("mini-batch {step} of {end}, {state}"),
        tr("{step} of {end}, {state}"),
        tr("{step}, {state}"),
    )
    end = numbers.whole(shown.end)
    return *(text.format(step=number, end=end, state=state) for text in texts), number
