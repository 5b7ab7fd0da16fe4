"""Why a smooth cost, and how large a step: on the lab's own network."""

from PySide6.QtWidgets import QPushButton, QStackedWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.ideas.step_curves import FEW
from mnistviz.engine.moment import Moment
from mnistviz.gui.ideas.page import PageContext, Scene
from mnistviz.gui.ideas.parts.lab_page import LabPage
from mnistviz.gui.ideas.parts.page_parts import ChoiceRow, MainButton, Question, SteadyText
from mnistviz.gui.ideas.step.slope_scene import SlopeScene
from mnistviz.gui.ideas.step.smooth_scene import SmoothScene
from mnistviz.gui.ideas.step.step_words import say
from mnistviz.gui.lab.shown import Shown


class StepPage(LabPage):
    """Two scenes: *smooth*, where weights are moved, and *slope*, where a step is made."""

    id = "step"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, say("title"), say("text"))
        self.work = self.add_work("step_work")
        self.smooth, self.slope = smooth, slope = SmoothScene(self), SlopeScene(self, self.work)
        self.both, self.why = QStackedWidget(), SteadyText("hint", room=[say("warns")])
        self.add_scenes(
            Scene("smooth", (smooth.choice,), (smooth.place, smooth.closer, smooth.wider), ("flat",), after="slope"),
            Scene("slope", (slope.other_ten,), (slope.eta,), ("flags", "half", "step")),
        )  # fmt: skip
        self.choice = ChoiceRow("step_stage", say.choices("smooth", "slope"), self.open_scene)
        self.figure_column.addWidget(self.choice)
        for scene in self.scenes.values():
            for part in (*scene.parts, *scene.later):
                if isinstance(part, QPushButton):
                    self.add_tool(part)
                else:
                    self.values.addWidget(part)
        self.add_figure(self.both)
        self.why.setObjectName("step_why")
        self.values.addWidget(self.why)
        self.main_button.keep_room(*map(say, ("look", "zoom", "whole", "lab_step", "go_on")))
        self.tasks.add(*(say.task(id) for id in ("flat", "flags", "half", "step")))
        self.open_scene("smooth")

    def fits(self, moment: Moment) -> str:
        digits = self.lab.shown.digits
        return "" if digits is None or digits.epoch(moment.settings) >= 2 * FEW else say("too_few")

    def use(self, moment: Moment, digits: Digits) -> None:
        self.work.cancel()
        self.smooth.use(moment, digits)
        self.slope.use()
        self.open_scene(self.scene.id)

    def draw(self, shown: Shown) -> None:
        super().draw(shown)
        if self.slope.has_made_step(shown):
            self.take_newest()
        elif self.scene.id == "slope":
            self.say_main()

    @property
    def _open(self) -> SmoothScene | SlopeScene:
        return self.slope if self._scene == "slope" else self.smooth

    def ask(self) -> Question:
        return self._open.ask()

    def name_main(self) -> MainButton:
        return self._open.name_main()

    def press_main(self) -> None:
        self._open.press_main()

    def show_me(self) -> None:
        self._open.show_me()

    def entered(self) -> None:
        if self._scene == "smooth":
            self.smooth.entered()

    def open_scene(self, id: str) -> None:
        figure = self.slope.figure if id == "slope" else self.smooth.figure
        if self.both.indexOf(figure) < 0:
            self.both.addWidget(figure)
        self.both.setCurrentWidget(figure)
        super().open_scene(id)
        if id == "slope":
            self.slope.entered()

    def say_main(self) -> None:
        super().say_main()
        steps = self._scene == "slope"
        self.why.setVisible(steps)
        self.why.setText(self.slope.why_not() or self.slope.warning() if steps else "")

    def reset(self) -> None:
        self.work.cancel()
        self.smooth.reset()
        self.slope.reset()
        self.open_scene("smooth")
