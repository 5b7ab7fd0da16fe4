"""The verdict of a network on one digit in words: what it predicts, how sure it is, and whether that is right.

The prediction is the largest output, as accuracy counts it. Whatever shows a verdict takes its words from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication

from mnistviz.engine.functions import OUTPUTS
from mnistviz.engine.microscope.mini_batch import MiniBatch
from mnistviz.gui.common.class_names import class_name
from mnistviz.gui.common.numbers import number_text

translate = QCoreApplication.translate

SURE: Final = 0.5
_FIRES: Final = 0.1  # of a sigmoid output: where the highest is lower, none fires


@dataclass(frozen=True)
class DigitVerdict:
    """The words for one digit. `name` is the class predicted, `figure` its output, if that is known, and `doubt` says
    that the network is not sure. `label` is empty, and `right` None, where the label is not known; `by_chance` says
    that the label was drawn by chance, and is not what the digit is."""

    name: str
    figure: str = ""
    doubt: str = ""
    label: str = ""
    right: bool | None = None
    by_chance: bool = False
    fires: bool = True

    @property
    def word(self) -> str:
        """The class, or that none can be named."""
        return self.doubt or self.name

    @property
    def short(self) -> str:
        """The class, with a question mark where it is in doubt: "7?"."""
        return translate("DigitVerdict", "{name}?").format(name=self.name) if self.doubt else self.name

    @property
    def marked(self) -> str:
        """The same with the mark of right or wrong: "7? ✗"."""
        return self._with_mark(self.short)

    @property
    def guess(self) -> str:
        """The class that is in doubt, with its mark: "perhaps 7 ✗"."""
        text = translate("DigitVerdict", "perhaps {name}")
        if not self.fires:
            text = translate("DigitVerdict", "highest {name}")
        return self._with_mark(text.format(name=self.name))

    @property
    def truth(self) -> str:
        """Whether it is right, in a word; nothing where that is not known."""
        if self.right is None:
            return ""
        if self.by_chance:
            right, wrong = (
                translate("DigitVerdict", "✓ as labelled"),
                translate("DigitVerdict", "✗ not as labelled"),
            )
        else:
            right, wrong = translate("DigitVerdict", "✓ right"), translate("DigitVerdict", "✗ wrong")
        return right if self.right else wrong

    @property
    def label_note(self) -> str:
        """What the label is: "label 4"."""
        return translate("DigitVerdict", "label {name}").format(name=self.label) if self.label else ""

    @property
    def line(self) -> str:
        """All of it in one line: "7 · ✗ wrong · label 4", or "not sure · label 4 · perhaps 7 ✗"."""
        label = "" if self.right else self.label_note
        parts = (self.word, label, self.guess) if self.doubt else (self.word, self.truth, label)
        return translate("DigitVerdict", " · ").join(filter(None, parts))

    def from_label(self) -> str:
        """The label and the prediction: "4 → 7? ✗"; of longer names only the prediction."""
        return self.marked if self.right or not self.label else self._with_mark(self.arrow())

    def arrow(self, longest: int = 3) -> str:
        """The same without the mark, also where it is right: "4 → 4?"."""
        if len(self.label) > longest or len(self.name) > longest:
            return translate("DigitVerdict", "→ {read}").format(read=self.short)
        return translate("DigitVerdict", "{name} → {read}").format(name=self.label, read=self.short)

    def _with_mark(self, text: str) -> str:
        if self.right is None:
            return text
        marked = (
            translate("DigitVerdict", "{text} ✓") if self.right else translate("DigitVerdict", "{text} ✗")
        )
        return marked.format(text=text)


def digit_verdict(
    prediction: int,
    output: float | None,
    classes: Sequence[str],
    label: int | None = None,
    *,
    true_label: int | None = None,
    kind: str = "sigmoid",
) -> DigitVerdict:
    """Word a verdict: of the number of the largest output, and of the `output` itself, if that is known. `label` and
    `true_label` are classes, where they are known; `kind` is a key of `OUTPUTS`."""
    fires = output is None or OUTPUTS[kind].function.shares or not output < _FIRES
    doubt = ""
    if not fires:
        doubt = translate("DigitVerdict", "no output fires")
    elif output is not None and not output >= SURE:
        doubt = translate("DigitVerdict", "not sure")
    return DigitVerdict(
        class_name(classes, prediction),
        "" if output is None else number_text(output),
        doubt,
        "" if label is None else class_name(classes, label),
        None if label is None else label == prediction,
        true_label is not None and true_label != label,
        fires,
    )


def batch_verdict(batch: MiniBatch, classes: Sequence[str], place: int) -> DigitVerdict:
    """Word the verdict on a digit of a mini-batch, before the step."""
    read, label, true = (int(each[place]) for each in (batch.read, batch.labels, batch.true_labels))
    output = float(batch.outputs[place, read])
    return digit_verdict(read, output, classes, label, true_label=true, kind=batch.before.output)
