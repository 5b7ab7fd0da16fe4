"""What the page says: its tasks, the question of each scene, and what came of what one said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from mnistviz.engine.ideas.sigmoid import change
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.question_card import Question
from mnistviz.gui.ideas.sigmoid.values import APART, AWAY, SMALL, Scene
from mnistviz.gui.ideas.tasks import Task

if TYPE_CHECKING:
    from mnistviz.gui.ideas.sigmoid.network_scene import NetworkScene
    from mnistviz.gui.ideas.sigmoid.unit_scene import UnitScene


class SigmoidWords(QObject):
    """Words for the three scenes."""

    def __init__(self, units: UnitScene, network: NetworkScene, parent: QObject) -> None:
        super().__init__(parent)
        self._units, self._network = units, network

    def tasks(self) -> tuple[Task, ...]:
        """What the page gives to try."""
        return (
            Task(
                "nudge",
                self.tr("Put both flags where the outputs will be, then nudge."),
                self.tr("Said and seen: the sigmoid moves by about what its slopes promise."),
            ),
            Task(
                "flip",
                self.tr("Flip the perceptron by a Δw of {small} or less, with Δb {none}.").format(
                    small=numbers.exact(SMALL), none=numbers.whole(0)
                ),
                self.tr("Flipped: at the threshold a change however small turns it round."),
            ),
            Task(
                "factor",
                self.tr(
                    "About the smallest factor c that makes the sigmoid a step: apart by less than {apart} wherever "
                    "x is {away} or more from the threshold."
                ).format(apart=numbers.exact(APART), away=numbers.exact(AWAY)),
                self.tr(
                    "A step is a sigmoid with very large w and b; only at the threshold they still differ."
                ),
            ),
            Task(
                "silent",
                self.tr(
                    "In the lab's network: find a weight that moves no output, though you nudge it by {by} or more."
                ).format(by=numbers.whole(1)),
                self.tr("∂a/∂w has the input as a factor: where there is no ink, no weight matters."),
            ),
        )

    def question(self, scene: Scene) -> Question:
        """What a scene asks."""
        flags = self.tr("Take the flags (?) in both figures to where you think, then press the button.")
        questions: dict[Scene, Question] = {
            "nudge": Question(
                "nudge", self.tr("Δw and Δb are added. Where will each output be at this x?"), how=flags
            ),
            "factor": Question(
                "factor",
                self.tr("w and b become c times as large. Where will each output be at this x?"),
                how=flags,
            ),
            "network": Question(
                "network",
                self.tr("Δw is added to the framed weight. Which output will move most?"),
                how=self.tr(
                    "Click the output that you think of; a click on the picture frames another weight."
                ),
            ),
        }
        return questions[scene]

    def outcome(self, scene: Scene) -> tuple[str, str, str]:
        """What was said, what came of it, and what to look at."""
        if scene == "nudge":
            return (
                self._said_flags(),
                self._nudged(),
                self.tr(
                    "Halve Δw and look again: what becomes of the difference between moved and promised?"
                ),
            )
        if scene == "factor":
            return (
                self._said_flags(),
                self._scaled(),
                self.tr(
                    "Now drag c up and down, and x onto the threshold, where w·x + b = 0. What does c do there?"
                ),
            )
        return (
            self._said_output(),
            self._outputs(),
            self.tr(
                "Look at the sizes of the moves. Did all outputs move as promised? What if Δw is five times as large?"
            ),
        )

    def _said_flags(self) -> str:
        flags = self._units.flags
        lines = []
        if flags["step"] is not None:
            text = self.tr("You said: perceptron {flag}.")
            lines.append(text.format(flag=numbers.number_text(flags["step"], 2)))
        if flags["sigmoid"] is not None:
            text = self.tr("You said: sigmoid {flag}.")
            lines.append(text.format(flag=numbers.number_text(flags["sigmoid"], 2)))
        return "\n".join(lines)

    def _step(self) -> str:
        shown = self._units
        before, after = float(shown.unit.step(shown.given)), float(shown.other.step(shown.given))
        if before == after:
            return self.tr("Perceptron: still {now}.").format(now=numbers.number_text(after, 0))
        told = self.tr("Perceptron: flipped to {now}.")
        return told.format(now=numbers.number_text(after, 0))

    def _nudged(self) -> str:
        shown = self._units
        found = change(shown.unit, shown.given, shown.other.w - shown.unit.w, shown.other.b - shown.unit.b)
        told = self.tr("Sigmoid: {now}, moved {moved}; promised {promised}.")
        return "\n".join(
            (
                self._step(),
                told.format(
                    now=numbers.number_text(float(shown.other.sigmoid(shown.given)), 3),
                    moved=numbers.number_text(found.sigmoid, 3, sign=True),
                    promised=numbers.number_text(found.promised, 3, sign=True),
                ),
            )
        )

    def _scaled(self) -> str:
        shown = self._units
        told = self.tr("Sigmoid: {now}.")
        now = numbers.number_text(float(shown.other.sigmoid(shown.given)), 3)
        return "\n".join((self._step(), told.format(now=now)))

    def _said_output(self) -> str:
        guess = self._network.outputs.guess
        if guess is None:
            return ""
        return self.tr("You said: output “{name}”.").format(name=self._network.name(guess))

    def _outputs(self) -> str:
        nudge = self._network.nudge
        assert nudge is not None
        most = int(np.abs(nudge.moved).argmax())
        if not nudge.moved[most]:
            return self.tr("No output moved at all.")
        told = self.tr("Output “{name}” moved most: {moved}; promised {promised}.")
        lines = [
            told.format(
                name=self._network.name(most),
                moved=numbers.number_text(float(nudge.moved[most]), 4, sign=True),
                promised=numbers.number_text(float(nudge.promised[most]), 4, sign=True),
            )
        ]
        before, after = nudge.verdicts
        if before != after:
            told = self.tr("The network reads “{new}” now instead of “{old}”.")
            lines.append(told.format(new=self._network.name(after), old=self._network.name(before)))
        return "\n".join(lines)
