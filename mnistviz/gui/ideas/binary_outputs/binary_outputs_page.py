"""Four outputs instead of ten: a fourth layer set by hand, and the bits learned directly."""

from __future__ import annotations

from functools import partial
from typing import Final, Literal

from PySide6.QtWidgets import QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.functions import Array
from mnistviz.engine.ideas.binary_outputs import FourthLayer, OutputRace, activations_of, unlike
from mnistviz.engine.moment import Moment
from mnistviz.engine.problems import Problem
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe, problem_sentence
from mnistviz.gui.ideas.binary_outputs.binary_outputs_words import BinaryWords
from mnistviz.gui.ideas.binary_outputs.content import OTHER, samples_of, solved
from mnistviz.gui.ideas.binary_outputs.digit_choice import DigitChoice
from mnistviz.gui.ideas.binary_outputs.layer_view import LayerView
from mnistviz.gui.ideas.binary_outputs.race_view import RaceView
from mnistviz.gui.ideas.binary_outputs.racing import Racing
from mnistviz.gui.ideas.binary_outputs.share_bars import ShareBars
from mnistviz.gui.ideas.page import PageMakings
from mnistviz.gui.ideas.parts.by_hand import ByHand
from mnistviz.gui.ideas.parts.lab_page import LabPage
from mnistviz.gui.ideas.parts.scene_choice import SceneChoice
from mnistviz.gui.ideas.parts.value import Value
from mnistviz.gui.lab.jobs import details

Scene = Literal["layer", "direct"]

_READ: Final = "binary_outputs_read"
_EPOCHS: Final = 3
_LAYER_TASKS: Final = ("last", "all", "other")


class BinaryOutputsPage(LabPage):
    """Two scenes: the fourth layer, and the race of two networks. What the network answers to all test digits is read
    by a job, once."""

    id = "binary_outputs"

    def __init__(self, makings: PageMakings) -> None:
        self.say = BinaryWords()
        super().__init__(makings, self.say.title(10), self.say.text(10))
        self.say.setParent(self)
        self._scene: Scene = "layer"
        self._answers: Array | None = None
        self._first: float | None = None  # the share of the first layer with all bits right
        self._covered = False  # a layer that was right already is asked of anew, behind another network
        self._by_hand = ByHand()
        self._race_is_shown = False  # *Show me* began it
        self.layer_view, self.bars = LayerView(makings.theme), ShareBars(makings.theme)
        self.choose_digit = DigitChoice(self.layer_view, makings.drawing, self)
        self.race_view, self.racing = RaceView(makings.theme), Racing(self.lab.jobs, self)
        self.epochs = Value(
            "binary_outputs_epochs",
            self.tr("epochs"),
            self.tr("How long both networks learn."),
            Scale(1, 20, step=1),
            _EPOCHS,
            whole=True,
        )
        self._place()
        for task in self.say.tasks():
            self.add_task(task)
        self._connect()
        self.choose_scene("layer")

    def _place(self) -> None:
        self.choice = SceneChoice(
            self.id,
            {
                "layer": (
                    self.tr("A fourth layer"),
                    self.tr("Makes bits of the outputs of the lab's network."),
                ),
                "direct": (
                    self.tr("Learned directly"),
                    self.tr("A network of its own, with bits for outputs."),
                ),
            },
        )
        describe(
            self.layer_view,
            "fourth_layer",
            self.tr("Weights of the fourth layer"),
            self.tr("A click, or Enter, gives a weight another sign; so do +, − and 0."),
        )
        describe(
            self.bars,
            "bit_shares",
            self.tr("Shares of all test digits"),
            self.tr("A click, or Left and Right, puts a flag where you think the upper bar will end."),
        )
        self.add_figure(self.choice, 0)
        self.add_figure(self.layer_view, 1)
        self.add_figure(self.bars, 0)
        self.add_figure(self.race_view, 1)
        self.race_view.hide()
        self.add_value(self.epochs)

    def _connect(self) -> None:
        self.choice.chosen.connect(self.choose_scene)
        self.layer_view.changed.connect(self._look_at_layer)
        self.question.again.connect(partial(self.choose_scene, "direct"))
        self.epochs.changed.connect(self._prepare_race)
        self.racing.stands.connect(self.race_view.show_race)
        self.racing.over.connect(self._on_race_over)
        self.racing.failed.connect(self._on_race_failed)

    # Scenes

    def choose_scene(self, scene: Scene) -> None:
        """Goes over to a scene, and asks its question."""
        self._scene = scene
        self.choice.show_scene(scene)
        layer: tuple[QWidget, ...] = (self.layer_view, self.bars, self.whose, self.newest_button)
        direct: tuple[QWidget, ...] = (self.race_view, self.epochs)
        for part in layer if scene == "direct" else direct:
            part.hide()  # first what goes: both at once would make a small window higher
        for part in direct if scene == "direct" else layer:
            part.show()
        if self.taken is not None:
            self._ask()

    def _ask(self) -> None:
        """Asks the question of the scene, or says what has come of it already."""
        assert self.digits is not None
        self.question.ask(self.say.question(self._scene, len(self.digits.classes), covered=self._covered))
        if self._scene == "layer":
            self.bars.set_flag(self.bars.flag)
            self._look_at_layer()
        elif self.is_racing:
            self.question.put_away()
        elif self.race_view.race is not None:
            self._tell_race(self.race_view.race)
        self._name_main()

    def _name_main(self) -> None:
        if self._scene == "layer" and self._covered:
            self.set_main(self.tr("Look"), self.tr("Shows the share of all test digits with all bits right."))
        elif self._scene == "layer":
            self.set_main(self.tr("Next digit"), self.tr("Reads another test digit."))
        elif self.is_racing:
            self.set_main(self.tr("Cancel"), self.tr("Ends the learning."))
        elif self.race_view.race is not None:
            self.set_main(self.tr("Ask again"), self.tr("Covers the curves, and asks once more."))
        else:
            self.set_main(self.tr("Try it"), self.tr("Lets both networks learn, and draws what they read."))

    def press_main(self) -> None:
        if self.taken is None:
            return
        if self._scene == "layer" and self._covered:
            self._uncover()
        elif self._scene == "layer":
            self.choose_digit.show_next()
        elif self.is_racing:
            self._prepare_race()
        elif self.race_view.race is not None:
            self.race_view.set_flag(None)
            self._prepare_race()
        else:
            self._begin_race(shown=False)

    def show_me(self) -> None:
        """A solution of the exercise; then another one; of the other scene, what comes of it. It ticks nothing."""
        if self.taken is None or self.digits is None:
            return
        if self._scene == "direct":
            if not self.is_racing and self.race_view.race is None:
                self._begin_race(shown=True)
            return
        if self._covered:
            self._uncover()
            return
        layer = FourthLayer.solution(self.layer_view.layer.classes)
        if self._first is not None and self._answers is not None and "other" not in self._solved():
            layer = unlike(self._first, OTHER, self._answers, self.digits.test.labels)
        self.layer_view.show_layer(layer)
        self._look_at_layer(shown=True)

    def _uncover(self) -> None:
        """The layer stands as it stood behind another network: what it reads is told, once one has predicted."""
        self._covered = False
        self._look_at_layer()
        self._name_main()

    def reset(self) -> None:
        if self.digits is not None:
            self.layer_view.show_layer(FourthLayer.empty(len(self.digits.classes)))
        self._first, self._covered = None, False
        self._by_hand.forget()
        self.tasks.say("other", "")
        self.bars.set_flag(None)
        self.race_view.set_flag(None)
        self.epochs.set_value(_EPOCHS)
        if self.taken is not None:
            self._prepare_race()
            self.choose_digit.show_first()
            self._show_shares()
        self.choose_scene("layer")

    # The fourth layer

    def use(self, moment: Moment, digits: Digits) -> None:
        self._answers = self._first = None
        self.tasks.say("other", "")
        for view in (self.bars, self.race_view):
            view.set_flag(None)  # a prediction belongs to the network that it was made for
        self._prepare_race()
        keeps = digits.classes == self.layer_view.content.classes
        layer = self.layer_view.layer
        self.heading.setText(self.say.title(len(digits.classes)))
        self.words.setText(self.say.text(len(digits.classes)))
        self.layer_view.show_classes(digits.classes)
        if keeps:  # the weights are the user's, whatever network they stand behind
            self.layer_view.show_layer(layer)
        else:
            self._by_hand.forget()
        self._covered = bool(self.layer_view.layer.right_when_sure().all())
        self.choose_digit.use(moment.network, digits)
        self._show_shares()
        self._ask()
        network, test = moment.network, digits.test
        self.lab.jobs.ask(
            _READ, lambda cancelled: activations_of(network, test, cancelled), self._on_read, self._on_unread
        )

    def opened(self) -> None:
        super().opened()
        if self.taken is not None:
            self.choose_digit.show_first()

    def _on_read(self, answers: Array | None) -> None:
        if answers is None or self.digits is None:
            return
        self._answers = answers
        self.layer_view.show_samples(samples_of(self.digits, answers))
        self._look_at_layer()

    def _on_unread(self, error: Exception) -> None:
        why = problem_sentence(error) if isinstance(error, Problem) else details(error)
        self.question.tell("", why, "", more=False)

    def _shares(self) -> tuple[float, float] | None:
        """Of all test digits, those with all bits right, and those that the outputs read."""
        if self._answers is None or self.digits is None:
            return None
        labels = self.digits.test.labels
        bits = self.layer_view.layer.share_right(self._answers, labels)
        return bits, float((self._answers.argmax(axis=1) == labels).mean())

    def _show_shares(self) -> tuple[float, float] | None:
        shares = self._shares()
        bits, whole = shares or (None, None)
        self.bars.show_shares(None if self._covered else bits, whole)
        return shares

    def _look_at_layer(self, *, shown: bool = False) -> None:
        """Shows what the layer reads, and ticks what was done by it; nothing by one that was `shown`."""
        right = self.layer_view.layer.right_when_sure().all()
        if self._covered and not right:
            self._covered = False
            self._ask()
            return
        shares = self._show_shares()
        met = self._solved()
        if shown:
            self._by_hand.show(met)
        by_hand = self._by_hand.done(_LAYER_TASKS, met)
        for task in by_hand & {"last", "all"}:
            self.tasks.finish(task)
        if self._covered or shares is None or not right:
            return
        if self._scene == "layer":
            self.bars.set_flag(self.bars.flag, fixed=True)
            self.question.tell(
                self.say.said(self.bars.flag), self.say.layer_came(*shares), self.say.layer_asks()
            )
        if self._first is None:
            self._first = shares[0]
        if "other" in by_hand:
            self.tasks.finish("other", self.say.other_found(self._first, shares[0]))
        self.tasks.say("other", self.say.other_wish(self._first))

    def _solved(self) -> set[str]:
        """Which tasks are solved by the layer that stands there."""
        shares = self._shares()
        return solved(self.layer_view.layer, None if shares is None else shares[0], self._first)

    # Learned directly

    @property
    def is_racing(self) -> bool:
        """Whether two networks learn."""
        return self.racing.is_on

    def _prepare_race(self) -> None:
        if self.taken is None or self.digits is None:
            return
        self.racing.cancel()
        settings, classes = self.taken.settings, len(self.digits.classes)
        title = self.say.race_title(settings, classes)
        epochs, epoch = int(self.epochs.value()), self.digits.epoch(settings)
        self.race_view.prepare(title, self.say.race_names(classes), epochs, epoch)
        self.race_view.set_flag(self.race_view.flag)
        if self._scene == "direct":
            self._ask()

    def _begin_race(self, *, shown: bool) -> None:
        assert self.taken is not None
        assert self.digits is not None
        self._race_is_shown = shown
        self.racing.begin(self.taken.settings, self.digits, int(self.epochs.value()))
        self.race_view.set_flag(self.race_view.flag, fixed=True)
        self.question.put_away()
        self._name_main()

    def _on_race_over(self, over: OutputRace) -> None:
        self.race_view.show_race(over)
        if self.race_view.flag is not None and not over.diverged and not self._race_is_shown:
            self.tasks.finish("direct")
        if self._scene == "direct":
            self._tell_race(over)
        self._name_main()

    def _tell_race(self, over: OutputRace) -> None:
        assert self.digits is not None
        said, came = self.say.said(self.race_view.flag), self.say.race_came(over, len(self.digits.classes))
        self.question.tell(said, came, self.say.race_asks(), more=False)

    def _on_race_failed(self, why: str) -> None:
        self.question.tell("", why, "", more=False)
        self._name_main()

    def left(self) -> None:
        """What learns goes on: its curve is there when one comes back."""

    def close_jobs(self) -> None:
        self.lab.jobs.withdraw(_READ)
        self.racing.cancel()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        for part in (self.layer_view, self.bars, self.race_view):
            part.set_theme(theme)
