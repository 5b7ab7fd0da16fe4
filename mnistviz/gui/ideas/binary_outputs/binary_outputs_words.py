"""What the page says: its tasks, its two questions, and what came of what one said."""

from __future__ import annotations

from PySide6.QtCore import QObject

from mnistviz.engine.ideas.binary_outputs import OutputRace, bits_for
from mnistviz.engine.settings import Settings
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.binary_outputs.content import OTHER
from mnistviz.gui.ideas.question_card import Question
from mnistviz.gui.ideas.tasks import Task


class BinaryWords(QObject):
    """Words for a data set with so many classes."""

    def title(self, classes: int) -> str:
        """What the page is called."""
        return self.tr("Four outputs instead of ten") if classes == 10 else self.tr("Bits instead of classes")

    def text(self, classes: int) -> str:
        """The idea."""
        if classes != 10:
            return self.tr(
                "{classes} outputs say a class, one each; in bits, ⌈log₂ {classes}⌉ = {bits} would do. A fourth layer "
                "makes bits of the outputs: each bit adds up what they tell it, and its bias, and fires above 0. A "
                "click on a cell lets an output say yes (+), no (−) or nothing (0) to a bit."
            ).format(classes=numbers.whole(classes), bits=numbers.whole(bits_for(classes)))
        return self.tr(
            "Ten outputs say a digit, one each; in bits, four would do, since 2 × 2 × 2 × 2 is 16. The book asks for a "
            "fourth layer that makes bits of the ten. Each bit adds up what the outputs tell it, and its bias, and "
            "fires above 0. A click on a cell lets an output say yes (+), no (−) or nothing (0) to a bit."
        )

    def tasks(self) -> tuple[Task, ...]:
        """What the page gives to try."""
        return (
            Task(
                "last",
                self.tr(
                    "Make the last bit, worth {one}, right for every digit that the outputs are sure of."
                ).format(one=numbers.whole(1)),
                self.tr("The last bit is right: it is that of the odd numbers."),
            ),
            Task(
                "all",
                self.tr("Make all bits right for every digit that the outputs are sure of."),
                self.tr("All bits are right: nothing had to be learned for that."),
            ),
            Task(
                "other",
                self.other_wish(None),
                self.tr("Of sure outputs both make the same bits; doubtful ones tell them apart."),
            ),
            Task(
                "direct",
                self.tr("Say how far a network gets that learns the bits directly, then try it."),
                self.tr("Said and tried: the bits can be learned directly."),
            ),
        )

    def other_wish(self, first: float | None) -> str:
        """Asks for another layer; `first` is the share that the first one reads, once there is one."""
        text = self.tr(
            "Make a second layer that is right for all sure digits too, but whose upper bar, “all bits right”, ends at "
            "least {apart} % away from where it ended with the first."
        ).format(apart=numbers.tick(100 * OTHER))
        if first is None:
            return text
        told = self.tr("{task} The first ended at {share}.")
        return told.format(task=text, share=numbers.percent(first))

    def other_found(self, first: float, now: float) -> str:
        """Two layers that are right for sure outputs."""
        return self.tr("{first} and {now}: alike for sure outputs, and not for doubtful ones.").format(
            first=numbers.percent(first), now=numbers.percent(now)
        )

    def question(self, scene: str, classes: int, *, covered: bool = False) -> Question:
        """What a scene asks; `covered` if the layer is right already, and the network behind it another."""
        if scene == "layer" and covered:
            return Question(
                "layer",
                self.tr(
                    "The layer stands, but behind another network. What share of all test digits will have all bits "
                    "right now?"
                ),
                how=self.tr("Put a flag on the upper bar by a click, then press Look."),
            )
        if scene == "layer":
            return Question(
                "layer",
                self.tr(
                    "When the layer is right for every digit that the outputs are sure of: what share of all test "
                    "digits will have all bits right?"
                ),
                how=self.tr("Put a flag on the upper bar by a click, then set the weights."),
            )
        bits = numbers.whole(bits_for(classes))
        return Question(
            "direct",
            self.tr("Could a network have learned the {bits} bits directly?").format(bits=bits),
            how=self.tr(
                "Drag the flag (?) to the share of test digits with all bits right, then press Try it."
            ),
        )

    def network(self, settings: Settings, outputs: int) -> str:
        """A network with so many outputs, such as 784-30-4."""
        return "-".join(map(str, (*settings.sizes[:-1], outputs)))

    def race_title(self, settings: Settings, classes: int) -> str:
        """Which two learn, and how."""
        text = self.tr("{whole} and {bits}, both from seed {seed}, with η {eta} and mini-batches of {size}")
        return text.format(
            whole=self.network(settings, classes),
            bits=self.network(settings, bits_for(classes)),
            seed=settings.seed,
            eta=numbers.exact(settings.eta),
            size=numbers.whole(settings.mini_batch_size),
        )

    def race_names(self, classes: int) -> tuple[str, str]:
        """At the ends of the lines."""
        name = self.tr("{count} outputs")
        whole, bits = (numbers.whole(count) for count in (classes, bits_for(classes)))
        one = self.tr("{count} output") if bits_for(classes) == 1 else name
        return name.format(count=whole), one.format(count=bits)

    def said(self, flag: float | None) -> str:
        """What was predicted."""
        return "" if flag is None else self.tr("You said {share} %.").format(share=numbers.tick(100 * flag))

    def layer_came(self, bits: float, whole: float) -> str:
        """What came of a layer whose bits are all right."""
        return self.tr("All bits: {bits}.\nOutputs: {whole}.").format(
            bits=numbers.percent(bits), whole=numbers.percent(whole)
        )

    def layer_asks(self) -> str:
        return self.tr("Which digits lose their bits? Does another layer, also right, lose fewer?")

    def race_came(self, race: OutputRace, classes: int) -> str:
        """What came of learning directly."""
        last, (whole, bits) = race.readings[-1], self.race_names(classes)
        if race.diverged:
            return self.tr("One of the networks has diverged: with this η neither can be compared.")
        return self.tr("{bits}: {bits_share}.\n{whole}: {whole_share}.").format(
            bits=bits,
            bits_share=numbers.percent(last.bits),
            whole=whole,
            whole_share=numbers.percent(last.whole),
        )

    def race_asks(self) -> str:
        return self.tr(
            "One network with one seed proves little: try others in the lab. What must a unit look for to say the last "
            "bit, and what to say “8”?"
        )
