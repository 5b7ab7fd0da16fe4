"""The verdict of a network on one digit in words: its prediction, its confidence, and whether that is correct.

The prediction is the largest output, as accuracy counts it. All verdicts on the screen are worded here.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from mnistviz.engine.microscope.mini_batch import MiniBatch
from mnistviz.gui.common.numbers import number_text
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.unit_names import class_name, with_article

SURE: Final = 0.5


class DigitVerdict(Struct, frozen=True):
    """The words for one digit. `name` is the predicted class, `figure` its output, if that is known, and `doubt` says
    that the network is not sure, or is empty. `label` is empty, and `right` None, if the label is not known;
    `by_chance` is True if the label was drawn at random and is not the digit's class."""

    name: str
    figure: str = ""
    doubt: str = ""
    label: str = ""
    right: bool | None = None
    by_chance: bool = False

    @property
    def short(self) -> str:
        """The predicted class, with a question mark if it is in doubt: "7?"."""
        return tr("{name}?", name=self.name) if self.doubt else self.name

    @property
    def marked(self) -> str:
        return self._with_mark(self.short)

    @property
    def truth(self) -> str:
        """Whether it is correct, "✓ right", or else the label, "✗ it is a 4"; empty if that is not known."""
        if self.right is None:
            return ""
        if self.right:
            return tr("✓ as labelled") if self.by_chance else tr("✓ right")
        if self.by_chance:
            return tr("✗ labelled {name}", name=self.label)
        return tr("✗ it is {name}", name=with_article(self.label))

    @property
    def label_note(self) -> str:
        return tr("label {name}", name=self.label) if self.label else ""

    @property
    def line(self) -> str:
        """The whole verdict in a line: "7 ✗ it is a 4 · not sure"."""
        text = tr("{name} {truth}", name=self.name, truth=self.truth) if self.truth else self.name
        return tr(" · ").join(filter(None, (text, self.doubt)))

    def from_label(self) -> str:
        """Return the label and the prediction, "4 → 7? ✗"; of longer names only the prediction."""
        return self.marked if self.right or not self.label else self._with_mark(self.arrow())

    def arrow(self, longest: int = 3) -> str:
        """Return the label and the prediction without the mark, also if it is correct: "4 → 4?"."""
        if len(self.label) > longest or len(self.name) > longest:
            return tr("→ {read}", read=self.short)
        return tr("{name} → {read}", name=self.label, read=self.short)

    def _with_mark(self, text: str) -> str:
        if self.right is None:
            return text
        marked = tr("{text} ✓") if self.right else tr("{text} ✗")
        return marked.format(text=text)


def digit_verdict(
    prediction: int,
    output: float | None,
    classes: Sequence[str],
    label: int | None = None,
    *,
    true_label: int | None = None,
) -> DigitVerdict:
    """Return the verdict for the number of the largest output, and for that `output`, if it is known. `label` and
    `true_label` are classes, if they are known."""
    is_sure = output is None or output >= SURE
    return DigitVerdict(
        class_name(classes, prediction),
        "" if output is None else number_text(output),
        "" if is_sure else tr("not sure"),
        "" if label is None else class_name(classes, label),
        None if label is None else label == prediction,
        true_label is not None and true_label != label,
    )


def batch_verdict(batch: MiniBatch, classes: Sequence[str], place: int) -> DigitVerdict:
    """Return the verdict on a digit of a mini-batch, before the step."""
    read, label, true = (int(each[place]) for each in (batch.read, batch.labels, batch.true_labels))
    return digit_verdict(read, float(batch.outputs[place, read]), classes, label, true_label=true)
