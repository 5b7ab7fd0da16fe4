"""The way from the lab to the idea behind what is shown there, and from a page of the ideas to the lab."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct, field
from PySide6.QtCore import QObject

from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.settings.settings_column import ControlPanel
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.steering import Steering
from mnistviz.marking import marked

IDEA_OF_STAGE: Final = {
    "forward": "perceptron", "error": "sigmoid", "back": "sigmoid", "gradient": "valley", "step": "valley",
    "after": "few_digits",
}  # fmt: skip
"""The page of ideas behind each stage of One step."""


class LabScene(Struct, frozen=True):
    """What the lab shows to try a page's idea: the first test digit with a `label`, a tab and a stage, an output, the
    forecasts, and other `settings`, or other `hidden` layers in a new run."""

    text: str
    label: int | None = None
    tab: str = "curves"
    stage: str = "off"
    output: int | None = None
    asks_ahead: bool = False
    hidden: tuple[int, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


# fmt: off
SCENES: Final = {
    "perceptron": LabScene(marked(
        "Each hidden unit is such a neuron: point at one to see its weights, and what its inputs add up to."),
        label=4, tab="minibatch", stage="forward"),
    "circuit": LabScene(marked(
        "Two hidden layers: the units of the second build on those of the first, as gates on gates. Press Space."),
        label=4, hidden=(30, 30)),
    "sigmoid": LabScene(marked(
        "Here the slope of the sigmoid is at work: an output near 0 or 1 passes on little of its error."),
        tab="minibatch", stage="error"),
    "valley": LabScene(marked(
        "Each strand is the way down with another η, from the network of now. Which one goes deepest?"),
        asks_ahead=True),
    "step": LabScene(marked(
        "With η = 0.5 the cost falls smoothly, and the accuracy in steps of whole digits. Press Space."),
        settings={"eta": 0.5}),
    "few_digits": LabScene(marked(
        "With 100 digits in a mini-batch, its gradient is nearer to that of all. The cost is calmer. Press Space."),
        settings={"mini_batch_size": 100}),
    "binary_outputs": LabScene(marked(
        "Which units count for the 8? Click other outputs: does one unit stand for one bit?"),
        label=8, output=8),
    "nine": LabScene(marked(
        "Four hidden units, for all ten digits this time: does one of them look for a part of the nine? Press Space."),
        label=9, output=9, hidden=(4,)),
}
"""What *Try it in the lab* sets up, by page."""
# fmt: on


class LabAndIdeas(QObject):
    def __init__(
        self,
        lab: Lab,
        card: NetworkCard,
        controls: ControlPanel,
        steering: Steering,
        line: BottomLine,
        why_not: Callable[[], str],
        look_ahead: Callable[[bool], object],
        parent: QObject,
    ) -> None:
        """`why_not` returns why no scene can be set up now, or nothing; `look_ahead` shows or ends the forecasts."""
        super().__init__(parent)
        self._lab, self._card, self._controls, self._steering = lab, card, controls, steering
        self._line, self._why_not, self._look_ahead = line, why_not, look_ahead
        line.idea_wanted.connect(self.open)

    def open(self, page: str) -> None:
        self._lab.chosen.choose("ideas", page=page)
        self._lab.chosen.choose("window", workspace="ideas")

    def open_stage(self) -> None:
        """Open the idea behind the stage that is shown."""
        if (stage := self._lab.in_card.stage) is not None:
            self.open(IDEA_OF_STAGE[stage.name])

    def try_it(self) -> None:
        """Set up the lab for the open page of ideas, and offer to take that back."""
        lab, chosen, controls = self._lab, self._lab.chosen, self._controls
        scene = SCENES[chosen.now.ideas.page or next(iter(SCENES))]
        chosen.choose("window", workspace="lab")
        if why := self._why_not():
            self._line.refuse(why)
            return
        lab.playhead.live_again()
        before, run, settings = chosen.now, lab.run, controls.settings()
        has_new = bool(scene.hidden) and run is not None and run.has_learned
        values = dict(scene.settings)
        if scene.hidden:
            values["sizes"] = (settings.sizes[0], *scene.hidden, settings.sizes[-1])

        def set_up() -> None:
            controls.apply(values)
            if has_new:
                self._steering.new_run()
            chosen.choose("window", tab=scene.tab)
            chosen.choose("minibatch", stage=scene.stage)
            there = scene.output is not None and scene.output < settings.sizes[-1]
            self._card.selection.choose_output(scene.output if there else None)
            labels = [] if lab.digits is None or self._card.row.is_on else lab.digits.test.labels.tolist()
            if scene.label in labels:
                self._card.show_digit("test", labels.index(scene.label))
            self._look_ahead(scene.asks_ahead)

        def take_back() -> None:
            self._look_ahead(False)
            undo()
            self._card.selection.choose_output(before.network.output)
            chosen.choose("window", tab=before.window.tab)
            chosen.choose("minibatch", stage=before.minibatch.stage)

        undo = self._line.order.together(set_up)
        how = tr("The run before is kept; Undo goes back to it.") if has_new else tr("Undo takes it back.")
        self._line.offer_undo(f"{translated(scene.text)} {how}", tr("Set up for the idea."), take_back)
