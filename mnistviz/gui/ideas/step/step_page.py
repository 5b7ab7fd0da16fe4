"""Why a smooth cost, and how far to step: on the lab's own network."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QStackedWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.ideas.page import PageMakings
from mnistviz.gui.ideas.parts.lab_page import LabPage
from mnistviz.gui.ideas.parts.long_work import LongWork
from mnistviz.gui.ideas.step.slope_stage import SlopeStage
from mnistviz.gui.ideas.step.smooth_stage import SmoothStage
from mnistviz.gui.ideas.step.step_finding import FEW
from mnistviz.gui.ideas.step.step_stage import Main, StepStage
from mnistviz.gui.ideas.step.step_words import StepWords
from mnistviz.gui.lab.shown import Shown


class StepPage(LabPage):
    """Two stages: *smooth*, where weights are moved, and *slope*, where a step is taken."""

    id = "step"

    def __init__(self, makings: PageMakings) -> None:
        super().__init__(
            makings,
            self.tr("Why a smooth cost"),
            self.tr(
                "Should a network go by how many digits it reads right, or by its cost? And once the gradient has said "
                "which way: how far to step? Try both on a copy of the lab's network."
            ),
        )
        self.words_of = StepWords()
        self.work = LongWork("step_work", self.lab.jobs)
        self.smooth = SmoothStage(self.theme, self.work, self.words_of)
        self.slope = SlopeStage(self.theme, self.work, self.words_of, self.lab)
        self.stage: StepStage = self.smooth
        self.stages = self._stage_buttons()
        self.both, self.why = QStackedWidget(), QLabel()
        self._main: Main | None = None  # as it was said last
        self._put()
        for task in self.words_of.tasks():
            self.add_task(task)
        for stage in (self.smooth, self.slope):
            stage.changed.connect(self._on_changed)
            stage.finished.connect(self.tasks.finish)
        self.question.again.connect(lambda: self.go_to(self.slope))
        self.work.ended.connect(self._say_buttons)
        self.go_to(self.smooth)

    def _stage_buttons(self) -> dict[StepStage, QPushButton]:
        group = QButtonGroup(self)
        buttons: dict[StepStage, QPushButton] = {}
        for stage, name, text, tip in (
            (
                self.smooth,
                "smooth",
                self.tr("1  Move weights"),
                self.tr("The cost, and how many digits are right."),
            ),
            (
                self.slope,
                "slope",
                self.tr("2  Take a step"),
                self.tr("Along −∇C of ten digits: promise and delivery."),
            ),
        ):
            made = QPushButton(text)
            made.setCheckable(True)
            made.setProperty("role", "tab")
            describe(made, f"step_stage_{name}", text, tip)
            made.clicked.connect(partial(self.go_to, stage))
            group.addButton(made)
            buttons[stage] = made
        return buttons

    def _put(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        for made in self.stages.values():
            row.addWidget(made)
        row.addStretch(1)
        self.figure_column.addLayout(row)
        for stage in self.stages:
            for part in stage.parts:
                if isinstance(part, QPushButton):
                    self.add_tool(part)
                else:
                    self.add_value(part)
        self.add_figure(self.both)
        self.why.setProperty("role", "hint")
        self.why.setObjectName("step_why")
        self.add_tool(self.why)
        self.add_tool(self.work)

    # The network

    def fits(self, moment: Moment) -> str:
        digits = self.lab.shown.digits
        if digits is not None and digits.epoch(moment.settings) < 2 * FEW:
            return self.tr("This page needs twenty training digits at least: ten for a step, and others.")
        return ""

    def use(self, moment: Moment, digits: Digits) -> None:
        self.work.cancel()
        for stage in (self.smooth, self.slope):
            stage.use(moment, digits)
        self._on_changed()

    def take_newest(self) -> None:
        super().take_newest()
        self._say_buttons()

    def draw(self, shown: Shown) -> None:
        super().draw(shown)
        if self.slope.look_for_step(shown):
            self.take_newest()
        elif self.stage is self.slope:
            self._say_buttons()

    # Stages

    def go_to(self, stage: StepStage) -> None:
        """Shows a stage, with its question, or with what came of it."""
        self.stage = stage
        for each, made in self.stages.items():
            made.setChecked(each is stage)
            each.show_parts(each is stage)
        if self.both.indexOf(stage.figure) < 0:
            self.both.addWidget(stage.figure)
        self.both.setCurrentWidget(stage.figure)
        self._say_card()
        self._say_buttons()
        stage.opened()

    def _on_changed(self) -> None:
        self.stage.show_parts(True)
        self._say_card()
        self._say_buttons()

    def _say_card(self) -> None:
        stage = self.stage
        if self.taken is None:
            self.question.put_away()
        elif stage.outcome is not None:
            self.question.tell(*stage.outcome, more=stage is self.smooth)
        elif self.question.asked != stage.question():
            self.question.ask(stage.question())
        self.question.predict(stage.prediction)

    def _say_buttons(self) -> None:
        main = self.stage.main()
        enabled = main.enabled and self.taken is not None
        if (main, enabled) == (self._main, self.main_button.isEnabled()):
            return  # it is asked at every frame while the lab trains
        self._main = main
        self.set_main(main.text, main.tip, enabled=enabled)
        self.why.setText(main.why)
        self.why.setVisible(bool(main.why))

    def take_answer(self, answer: str) -> None:
        self.stage.prediction = answer
        self._say_buttons()

    def press_main(self) -> None:
        self.stage.press_main()

    def show_me(self) -> None:
        self.stage.show_me()

    def reset(self) -> None:
        self.work.cancel()
        for stage in (self.smooth, self.slope):
            stage.reset()
        self.go_to(self.smooth)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.work.is_working:
            self.work.cancel()
        else:
            super().keyPressEvent(event)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.smooth.figure.set_theme(theme)
        self.slope.set_theme(theme)

    def close_jobs(self) -> None:
        self.work.cancel()
