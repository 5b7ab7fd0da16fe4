"""Mixes the weights of the two compared networks: their accuracy along the way, and one mixture in the network card."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from mnistviz.engine.mistakes.mixing import COARSE_MIX, FINE_MIX, MixingCurve
from mnistviz.engine.moment import Moment
from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import styled
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import explain
from mnistviz.gui.common.widgets import ActionPushButton, new_action
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.mixture import Mixture
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.mistakes import mixing_words as words
from mnistviz.gui.mistakes.mix_card import MixCard
from mnistviz.gui.mistakes.mixing_words import CurveShape
from mnistviz.gui.mistakes.two_readings import TwoReadings

_KEY = "between two networks"


class Mixing(QObject):
    """The action that opens the card of mixtures, the card, and its requests. It closes when the two are no longer
    compared, or when the mixture is left by *Live* or by viewing another step."""

    def __init__(self, theme: Theme, lab: Lab, toggled: Callable[[], object], parent: QObject) -> None:
        """`toggled` is called after the card opened or closed."""
        super().__init__(parent)
        self._lab, self._notify = lab, toggled
        self.is_open = False
        self._two: TwoReadings | None = None
        self._ends: tuple[Moment, Moment] | None = None  # the networks of the requested curve
        self._curve: MixingCurve | None = None
        self._failed = False
        self._progress = (0, 0)
        self._predicted: CurveShape | None = None
        self._is_answered = self._is_counted = False
        self.card = MixCard(theme, self._on_answer, self._show_mixture, self.close)
        self.card.hide()
        text, short = self.tr("Mi&x the weights of the two networks"), self.tr("Mix the weights")
        self.action = new_action(self, "mix_action", text, short=short, checkable=True, act=self._on_action)
        self.button = styled(ActionPushButton(self.action), "option")
        self.offer(None, "")

    @property
    def is_shown(self) -> bool:
        """True if the network card shows a mixture."""
        return self.is_open and isinstance(self._lab.stand_in, Mixture)

    # Called by the tab

    def offer(self, two: TwoReadings | None, why_not: str) -> None:
        """Enable the action for the two compared networks; or disable it, with the reason, and close the card."""
        before, self._two = self._two, two
        self.action.setEnabled(not why_not and two is not None)
        tip = why_not or self.tr(
            "Shows the networks between the two: how many digits they read right, and one of them in the network card."
        )
        explain(self.action, tip)
        if not self.action.isEnabled():
            self.close()
        elif self.is_open and before is not None and two is not None and _sets(before) != _sets(two):
            self._begin()
        elif self.is_open:
            self._show()  # in the current colours
        elif two is not None and isinstance(mixture := self._lab.stand_in, Mixture):
            self._restore(two, mixture)

    def _restore(self, two: TwoReadings, mixture: Mixture) -> None:
        """Open the card for a mixture that is shown again after the tab was left."""
        self.is_open = self._is_answered = True
        self.action.setChecked(True)
        self.card.ask(words.names_of(two), _set_of(two))
        self.card.choose(mixture.share)
        self._show()
        self._notify()

    def take(self, a: Moment | None, b: Moment | None) -> None:
        """Set the two networks; without both, do nothing."""
        ends = None if a is None or b is None else (a, b)
        if not self.is_open or ends is None or _are_same(ends, self._ends):
            return
        if self._ends is not None:
            self._begin()
        self._ends = ends
        self._ask(COARSE_MIX)

    def follow(self, shown: Shown) -> None:
        """Close the card if the mixture is no longer shown."""
        if (
            self.is_open
            and self._curve is not None
            and self._is_answered
            and not isinstance(shown.stand_in, Mixture)
        ):
            self.close()

    def close(self) -> bool:
        """Leave the mixture. Return False if none is shown."""
        if not self.is_open:
            return False
        self.is_open = False
        self.action.setChecked(False)
        self._forget()
        self._notify()
        return True

    # Input

    def _on_action(self, on: bool) -> None:
        if not on:
            self.close()
        elif self._two is not None:
            self.is_open = True
            self._begin()
            self._notify()

    def _on_answer(self, shape: CurveShape | str) -> None:
        self._predicted = next((each for each in words.SHAPES if each == shape), None)
        self._is_answered = True
        self._show()
        self._show_mixture(self.card.share)
        self.card.slider.setFocus()

    # Content

    def _begin(self) -> None:
        """Ask for a new prediction and discard what is known."""
        self._forget()
        two = self._two
        if two is not None:
            self.card.ask(words.names_of(two), _set_of(two))

    def _forget(self) -> None:
        self._lab.mistakes.withdraw(_KEY)
        self._ends = self._curve = self._predicted = None
        self._failed = self._is_answered = self._is_counted = False
        self._progress = (0, 0)
        self._lab.show_stand_in(None)

    def _ask(self, at: tuple[float, ...]) -> None:
        two, ends = self._two, self._ends
        if two is not None and ends is not None:
            name = _set_of(two)
            self._lab.mistakes.mixing(
                _KEY, *ends, name, self._on_curve, self._on_failure, at, self._on_progress
            )

    def _on_curve(self, curve: MixingCurve) -> None:
        first, self._curve = self._curve is None, curve
        if first:
            self._ask(FINE_MIX)
        self._show()
        if first and self._is_answered:
            self._show_mixture(self.card.share)

    def _on_failure(self, error: Exception) -> None:
        self._failed = True
        self._show()

    def _on_progress(self, done: int, of: int) -> None:
        self._progress = done, of
        if self._curve is None:
            self._show()

    def _show(self) -> None:
        """Show what is known, once there is a prediction."""
        two, curve, (done, of) = self._two, self._curve, self._progress
        if two is None or not self._is_answered:
            return
        if curve is not None:
            said: tuple[str, ...] = words.told(curve, words.names_of(two), self._predicted)
            if self._predicted is not None and len(curve.at) >= len(FINE_MIX) and not self._is_counted:
                self._is_counted = True
                score, shape = words.score_of(curve, self._predicted), words.shape_words(self._predicted)[0]
                self._lab.predictions.add("mixing", "shape", shape, said[0], score)
        elif self._failed:
            said = (self.tr("The mixtures could not be read."),)
        else:
            percent = numbers.whole(100 * done // max(1, of))
            said = (self.tr("The mixtures read 1,000 digits each: {percent} %").format(percent=percent),)
        self.card.show_curve(curve, said, (two.a.hue, two.b.hue))

    def _show_mixture(self, share: float) -> None:
        two, ends = self._two, self._ends
        if two is not None and ends is not None and self._curve is not None:
            self._lab.show_stand_in(Mixture(ends[1], ends[0], share, words.names_of(two)))


def _set_of(two: TwoReadings) -> words.MixedSet:
    """Return the set that the mixtures are evaluated on, which is never the training set."""
    return "validation" if two.read.set_name == "validation" else "test"


def _sets(two: TwoReadings) -> tuple[object, ...]:
    return _set_of(two), two.a.name, two.b.name


def _are_same(ends: tuple[Moment, Moment], before: tuple[Moment, Moment] | None) -> bool:
    return before is not None and all(one.same_as(other) for one, other in zip(ends, before, strict=True))
