"""Four outputs instead of ten: a fourth layer set by hand, and the bits learned directly."""

from functools import partial
from typing import Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.digits import Digits, grey_values
from mnistviz.engine.functions import Array
from mnistviz.engine.ideas import binary_outputs
from mnistviz.engine.ideas.binary_outputs import FourthLayer, activations_of, race, samples_of, solved, unlike
from mnistviz.engine.moment import Moment
from mnistviz.engine.scores import score_share
from mnistviz.gui.common import numbers
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.ideas.binary_outputs import binary_outputs_words as words
from mnistviz.gui.ideas.binary_outputs.binary_outputs_words import race_came, said, say, text, title
from mnistviz.gui.ideas.binary_outputs.layer_figure import LayerFigure
from mnistviz.gui.ideas.binary_outputs.share_figures import RaceFigure, ShareBars
from mnistviz.gui.ideas.page import PageContext, Scene, SceneOutcome
from mnistviz.gui.ideas.parts.lab_page import LabPage
from mnistviz.gui.ideas.parts.page_parts import ChoiceRow, MainButton, Question, Task
from mnistviz.gui.lab.jobs import details

_READ: Final = "binary_outputs_read"
_RACE: Final = "binary_outputs_race"
_EPOCHS: Final = 3


class BinaryOutputsPage(LabPage):
    """Two scenes: the fourth layer, and the race of two networks."""

    id = "binary_outputs"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, title(10), text(10))
        self._digit = context.digit
        self._answers: Array | None = None
        self._first: float | None = None  # the accuracy of the first layer with all bits right
        self._covered = False  # a correct layer is asked about again for another network
        self._race_is_shown = False  # it was started by *Show me*
        self._last = -1  # number of the test digit shown last
        self.layer = LayerFigure(self._check_layer, self._show_sample)
        self.bars, self.race = ShareBars(), RaceFigure()
        self.epochs = say.value("binary_outputs_epochs", "epochs", Scale(1, 20, step=1), _EPOCHS, whole=True)
        self.epochs.changed = lambda _: self._prepare_race()
        scenes = say.choices("layer", "direct")
        self.choice = ChoiceRow("binary_outputs_scene", scenes, self.open_scene, spacing=4)
        say.describe(self.layer, "fourth_layer", "weights")
        say.describe(self.bars, "bit_shares", "shares")
        for figure, stretch in ((self.choice, 0), (self.layer, 1), (self.bars, 0), (self.race, 1)):
            self.add_figure(figure, stretch)
        self.values.addWidget(self.epochs)
        last, other = say.task("last", one=1), Task("other", words.other_wish(None), say("done_other"))
        self.tasks.add(last, say.task("all"), other, say.task("direct"))
        layer = (self.layer, self.bars, self.whose, self.newest_button)
        direct = Scene("direct", (self.race, self.epochs), tasks=("direct",), again=True)
        self.add_scenes(Scene("layer", layer, after="direct"), direct)
        self.main_button.keep_room(*map(say, ("look", "next", "cancel", "try")))
        self.open_scene("layer")

    def entered(self) -> None:
        """Ask for the layer, or show its accuracy if it is correct already."""
        if self.taken is not None and self.scene.id == "layer":
            self.outcomes.pop("layer", None)
            self.bars.set_flag(self.bars.flag)
            self._check_layer()

    def ask(self) -> Question | None:
        id = self.scene.id
        if self.digits is None or (id == "direct" and self.is_racing):
            return None
        return words.question(id, len(self.digits.classes), covered=self._covered)

    def outcome(self) -> SceneOutcome:
        if self.scene.id == "direct":
            return self._race_outcome()
        shares, flag = self._shares() or (0.0, 0.0), self.bars.flag
        bits, whole = map(numbers.percent, shares)
        points = None if flag is None else score_share(flag, shares[0])
        return SceneOutcome(said(flag), say("came_layer", bits=bits, whole=whole), say("asks_layer"), points)

    def _race_outcome(self) -> SceneOutcome:
        assert self.race.race is not None
        assert self.digits is not None
        over, flag = self.race.race, self.race.flag
        points = None if flag is None or over.diverged else score_share(flag, over.readings[-1].bits)
        return SceneOutcome(said(flag), race_came(over, len(self.digits.classes)), say("asks_direct"), points)

    def name_main(self) -> MainButton:
        if self.taken is None:
            return replace(self._main or MainButton(), enabled=False)
        if self.scene.id == "layer":
            return say.main("look" if self._covered else "next")
        return say.main("cancel") if self.is_racing else say.main("try", self.race.race is None)

    def press_main(self) -> None:
        if self.taken is None:
            return
        if self.scene.id == "layer":
            (self._uncover if self._covered else self._show_next)()
        elif self.is_racing:
            self._prepare_race()
        elif self.race.race is None:
            self._begin_race(shown=False)

    def ask_again(self) -> None:
        self.race.set_flag(None)
        self._prepare_race()

    def show_me(self) -> None:
        """Show a solution of the exercise, then another one; in the other scene run the race. Nothing is ticked."""
        if self.taken is None or self.digits is None:
            return
        if self.scene.id == "direct":
            if not self.is_racing and self.race.race is None:
                self._begin_race(shown=True)
            return
        if self._covered:
            self._uncover()
            return
        layer = FourthLayer.solution(self.layer.layer.classes)
        if self._first is not None and self._answers is not None and "other" not in self._met():
            layer = unlike(self._first, binary_outputs.OTHER, self._answers, self.digits.test.labels)
        self.layer.show_layer(layer)
        self._check_layer(shown=True)

    def _uncover(self) -> None:
        self._covered = False
        self._check_layer()
        self.renew()

    def reset(self) -> None:
        if self.digits is not None:
            self.layer.show_layer(FourthLayer.empty(len(self.digits.classes)))
        self._first, self._covered = None, False
        self.solved_by_show_me.clear()
        self.cover("layer")
        self.tasks.say("other", "")
        self.bars.set_flag(None)
        self.race.set_flag(None)
        self.epochs.set_value(_EPOCHS)
        if self.taken is not None:
            self._prepare_race()
            self._show_first()
            self._show_shares()
        self.open_scene("layer")

    def _show_first(self) -> None:
        """Show the digit on the lab's pad, or a test digit if there is none."""
        if (digit := self._digit()) is not None:
            self._show(digit.picture.reshape(-1), digit.label, digit.words)
            return
        self._last = -1
        self._show_next()

    def _show_next(self) -> None:
        assert self.digits is not None
        test = self.digits.test
        self._last = (self._last + 1) % len(test)
        label = int(test.labels[self._last])
        caption = say("test_digit", number=self._last, name=self.layer.content.name(label))
        self._show(test.images[self._last], label, caption)

    def _show(self, pixels: NDArray[np.uint8], label: int | None, caption: str) -> None:
        assert self.taken is not None
        answers = self.taken.network.feedforward(grey_values(pixels))
        self.layer.show_sample(binary_outputs.Sample(pixels, answers, label), caption)

    def _show_sample(self, label: int) -> None:
        content = self.layer.content
        if content.samples[label] is not None:
            self.layer.show_sample(content.samples[label], say("a_test_digit", name=content.name(label)))

    def use(self, moment: Moment, digits: Digits) -> None:
        self._answers = self._first = None
        self.tasks.say("other", "")
        self.cover("layer")
        for figure in (self.bars, self.race):
            figure.set_flag(None)  # a prediction belongs to the network that it was made for
        self._prepare_race()
        keeps = digits.classes == self.layer.content.classes
        layer = self.layer.layer
        self.question.title.setText(title(len(digits.classes)))
        self.words.setText(text(len(digits.classes)))
        self.layer.show_classes(digits.classes)
        if keeps:  # the user's weights are valid for any network
            self.layer.show_layer(layer)
        else:
            self.solved_by_show_me.clear()
        self._covered = bool(self.layer.layer.right_when_sure().all())
        self._show_first()
        self._show_shares()
        self.entered()
        self.renew()
        read = partial(activations_of, moment.network, digits.test)
        self.lab.jobs.ask(_READ, read, self._on_read, self._on_failed)

    def opened(self) -> None:
        if self.taken is not None:
            self._show_first()

    def _on_read(self, answers: Array) -> None:
        if self.digits is None:
            return
        self._answers = answers
        self.layer.show_samples(samples_of(self.digits, answers))
        self._check_layer()

    def _on_failed(self, error: Exception) -> None:
        self.question.report("", details(error), "")
        self.say_main()

    def _shares(self) -> tuple[float, float] | None:
        if self._answers is None or self.digits is None:
            return None
        labels = self.digits.test.labels
        bits = self.layer.layer.share_right(self._answers, labels)
        return bits, float((self._answers.argmax(axis=1) == labels).mean())

    def _show_shares(self) -> tuple[float, float] | None:
        shares = self._shares()
        bits, whole = shares or (None, None)
        self.bars.show_shares(None if self._covered else bits, whole)
        return shares

    def _check_layer(self, *, shown: bool = False) -> None:
        """Show the accuracy of the layer, and tick what was done with it, unless the layer was `shown` by *Show me*."""
        right = self.layer.layer.right_when_sure().all()
        if self._covered and not right:
            self._covered = False
            self.entered()
            self.renew()
            return
        shares, met = self._show_shares(), self._met()
        if shown:
            self.solved_by_show_me |= met
        self.solved_by_show_me -= {"last", "all", "other"} - met
        by_hand = met - self.solved_by_show_me
        for task in by_hand & {"last", "all"}:
            self.tasks.finish(task)
        if self._covered or shares is None or not right:
            return
        if self.scene.id == "layer":
            self.bars.set_flag(self.bars.flag, fixed=True)
            self.tell()
        if self._first is None:
            self._first = shares[0]
        if "other" in by_hand:
            first, now = map(numbers.percent, (self._first, shares[0]))
            self.tasks.finish("other", say("other_found", first=first, now=now))
        self.tasks.say("other", words.other_wish(self._first))

    def _met(self) -> set[str]:
        shares = self._shares()
        return solved(self.layer.layer, None if shares is None else shares[0], self._first)

    @property
    def is_racing(self) -> bool:
        return self.lab.jobs.is_open(_RACE)

    def _prepare_race(self) -> None:
        if self.taken is None or self.digits is None:
            return
        self.lab.jobs.withdraw(_RACE)
        settings, classes = self.taken.settings, len(self.digits.classes)
        epochs, epoch = int(self.epochs.value()), self.digits.epoch(settings)
        self.race.prepare(words.race_title(settings, classes), words.race_names(classes), epochs, epoch)
        self.race.set_flag(self.race.flag)
        self.cover("direct")
        self.renew()

    def _begin_race(self, *, shown: bool) -> None:
        assert self.taken is not None
        assert self.digits is not None
        self._race_is_shown = shown
        learns = partial(race, self.taken.settings, self.digits, int(self.epochs.value()))
        self.lab.jobs.ask(
            _RACE,
            lambda cancelled, tell: learns(tell, cancelled),
            self._on_race_over,
            self._on_failed,
            self.race.show_race,
        )
        self.race.set_flag(self.race.flag, fixed=True)
        self.renew()

    def _on_race_over(self, over: binary_outputs.OutputRace) -> None:
        self.race.show_race(over)
        if self.race.flag is not None and not over.diverged and not self._race_is_shown:
            came = race_came(over, len(self.digits.classes)) if self.digits else ""
            self.tasks.finish("direct", say("direct_found", came=came))
        self.outcomes["direct"] = self._race_outcome()
        self.renew()

    def close_jobs(self) -> None:
        for key in (_READ, _RACE):
            self.lab.jobs.withdraw(key)
