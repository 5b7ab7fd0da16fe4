"""Where one looks, in words: every view that shows a moment of the past says it in these."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from mnistviz.gui.common import numbers
from mnistviz.gui.lab.shown import Shown


def place(shown: Shown) -> tuple[str, ...]:
    """Where the playhead is, from long to short: "at 12,340 of 39,912 · held"; at the end "mini-batch 39,912"."""
    if shown.playhead is None:
        step = numbers.whole(0 if shown.moment is None else shown.moment.step)
        return QCoreApplication.translate("Moment", "mini-batch {step}").format(step=step), step
    return _of(shown, numbers.whole(shown.playhead))


def moment(shown: Shown) -> tuple[str, ...]:
    """The same of the moment that is shown, which may be near the playhead only; empty at the end."""
    if shown.playhead is None or shown.moment is None:
        return ()
    return _of(shown, step(shown))


def at(shown: Shown) -> str:
    """The moment in as few words as there are, "at 12,340"; empty at the end."""
    if shown.playhead is None or shown.moment is None:
        return ""
    return QCoreApplication.translate("Moment", "at {step}").format(step=step(shown))


def step(shown: Shown) -> str:
    """The step of the moment shown; marked where it is not the one that was asked for."""
    assert shown.moment is not None
    number = numbers.whole(shown.moment.step)
    return f"≈ {number}" if is_near(shown) else number


def is_near(shown: Shown) -> bool:
    """Whether the moment shown is not the one that was asked for."""
    return shown.moment is not None and shown.moment.kind == "near"


def widest(number: int) -> tuple[tuple[str, ...], ...]:
    """All that `place` may say of numbers as wide as this one, from long to short."""
    step = numbers.whole(number)
    return tuple(zip(*(_worded(step, step, state) for state in _states()), strict=True))


def _states() -> tuple[str, str, str]:
    """What goes on while one looks back."""
    return (
        QCoreApplication.translate("Moment", "held"),
        QCoreApplication.translate("Moment", "training on"),
        QCoreApplication.translate("Moment", "film"),
    )


def _of(shown: Shown, number: str) -> tuple[str, ...]:
    held, training_on, film = _states()
    state = film if shown.filming else held if shown.held else training_on
    return _worded(number, numbers.whole(shown.end), state)


def _worded(number: str, end: str, state: str) -> tuple[str, ...]:
    return (
        QCoreApplication.translate("Moment", "at {step} of {end} · {state}").format(
            step=number, end=end, state=state
        ),
        QCoreApplication.translate("Moment", "{step} of {end} · {state}").format(
            step=number, end=end, state=state
        ),
        QCoreApplication.translate("Moment", "at {step} · {state}").format(step=number, state=state),
        QCoreApplication.translate("Moment", "at {step}").format(step=number),
    )
