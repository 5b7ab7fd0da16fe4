"""The base of every page of the ideas: a head with a question and buttons, a figure below it, text, numbers and tasks
at the right; it asks, waits for a prediction, shows the outcome, and ticks tasks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from msgspec import Struct, field
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from mnistviz.engine.scores import Score
from mnistviz.gui.common import prediction_words
from mnistviz.gui.common.digit_image import PadDigit
from mnistviz.gui.common.layouts import ScrolledColumn, column_of, keep_place, label, row_of, styled
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import describe, push_button
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.ideas.cards import HeadCard, TaskList
from mnistviz.gui.ideas.parts import page_parts
from mnistviz.gui.ideas.parts.long_work import LongWork
from mnistviz.gui.ideas.parts.page_parts import Act, MainButton, Question, SteadyButton
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.predictions import Predictions
from mnistviz.gui.lab.shown import Shown

LEAST_BESIDE, BESIDE_WIDTH, WIDE_BESIDE, WIDEST_BESIDE = 270, 300, 336, 380
"""Widths of the column at the right, in pixels."""
BESIDE_SHARE, WIDE = 0.279, 1100  # of the width of the page; pixels of a page with room for a wide column
LARGE_SHARE = 0.36  # of the width of a page with large text
GAP = 8
REPORT = QSize(858, 648)  # pixels of the figures, in a picture of them
_FRAME = (1, 1, 1, 1)  # margins for the frame of a card


class SceneOutcome(NamedTuple):
    """The prediction, its outcome, the follow-up question, and the score of the prediction, if it has one."""

    said: str = ""
    came: str = ""
    asks: str = ""
    score: Score | None = None


class PreferredWidth(QFrame):
    """A column beside a figure, with a preferred width, but no narrower than `least` pixels and its content."""

    def __init__(self, least: int, wished: int) -> None:
        super().__init__()
        self._least, self._wished = least, wished
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def wish(self, width: int) -> None:
        if width != self._wished:
            self._wished = width
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._wished, super().sizeHint().height()).expandedTo(self.minimumSizeHint())

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(self._least, 0))


class PageContext(Struct, frozen=True):
    """What a page is built from. `digit` returns the single digit on the lab's pad, if there is just one. A parent set
    later would cost a second styling, which takes as long again. `changed` is called when something has changed that
    is saved for the next start, `to_lab` returns to the lab, `try_it` sets it up for the page."""

    lab: Lab
    digit: Callable[[], PadDigit | None] = lambda: None
    parent: QWidget | None = None
    predictions: Predictions = field(default_factory=Predictions)
    changed: Callable[[], object] = lambda: None
    to_lab: Callable[[], object] = lambda: None
    try_it: Callable[[], object] = lambda: None


class Scene(Struct, frozen=True):
    """One question of a page: the `parts` that only this scene shows, those enabled `later`, with the outcome, the
    `tasks` that `Page.solved` checks, whether the question can be asked `again`, and the scene `after` it."""

    id: str
    parts: tuple[QWidget, ...] = ()
    later: tuple[QWidget, ...] = ()
    tasks: tuple[str, ...] = ()
    again: bool = False
    after: str | None = None


class Page(QWidget):
    """The frame of a page, which also runs its scenes. It adds figures, values, tasks and scenes; it changes its own
    state, and calls `tell` once answered, and `renew` after any other change. At first it solves no task."""

    id = ""
    """Its name in files and object names."""

    def __init__(self, context: PageContext, title: str, text: str) -> None:
        super().__init__(context.parent)
        self.setObjectName(f"{self.id}_page")
        self.lab, self.look = context.lab, theme()
        self._log, self.changed = context.predictions, context.changed
        self.question = HeadCard(title, self, self.predict, self.ask_again, self.go_on)
        self.tasks = TaskList(self.changed)
        self.scenes: dict[str, Scene] = {}
        self.predictions: dict[str, str] = {}
        self.outcomes: dict[str, SceneOutcome] = {}
        self._counted: set[str] = set()  # scenes whose prediction is counted
        self.choice: page_parts.ChoiceRow | None = None
        self.long_work: LongWork | None = None
        self._scene = ""
        self._main: MainButton | None = None  # as last shown
        self.solved_by_show_me: set[str] = set()
        """Tasks that are solved by what *Show me* has done."""
        self._scrolls = True
        self._build(text, context.try_it)

    def _build(self, text: str, try_it: Act) -> None:
        self.figures = styled(QFrame(), "card", f"{self.id}_figures")
        self._inside_figures = inside = QWidget()  # scrolls in a low window; the head stays in view
        self._figures_column = ScrolledColumn(inside)
        column_of(self._figures_column, margins=_FRAME, inside=self.figures)
        self.figure_column = column_of(spacing=6, margins=(13, 9, 13, 9), inside=inside)
        self.main_button = styled(SteadyButton(self.press_main), "primary")
        tip = tr("Does what is asked, so that you can see it. It ticks no task.")
        self.show_me_button = push_button("", f"{self.id}_show_me", tr("Show me"), tip, act=self.show_me)
        tip = tr("Makes the page as it was when it opened. Tasks that you have done stay ticked.")
        name, back = f"{self.id}_put_back", tr("Reset page")
        self.back_button = push_button("", name, back, tip, "R", act=self.reset)
        self.tools: list[QWidget] = []
        for button in (self.main_button, self.show_me_button, self.back_button):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.question.add_button(button)
        self.beside = self._beside(text, try_it)
        middle = column_of(self.question, (self.figures, 1), spacing=GAP)
        middle.addStretch(0)
        row_of((middle, 1), self.beside, spacing=GAP, inside=self)
        self.scroll_parts(True)

    def _beside(self, text: str, try_it: Act) -> PreferredWidth:
        card = styled(PreferredWidth(LEAST_BESIDE, BESIDE_WIDTH), "card", f"{self.id}_beside")
        self.words, rule, inside = label("ideaText", text, wraps=True), styled(QFrame(), "rule"), QWidget()
        rule.setFixedHeight(1)
        self.values = column_of(spacing=6)
        self.tally = styled(ShortenedLabel(), "quietText", "tally")
        self.tally.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        tip = tr("Sets up the lab for this idea. What is open there is kept, and one step takes it back.")
        go = push_button("", f"{self.id}_try_it", tr("Try it in the lab"), tip, "L", act=try_it)
        above_tasks = row_of(label("cardTitle", tr("To try")), (self.tally, 1), go, spacing=8)
        parts = (self.words, self.values, rule, above_tasks, self.tasks)
        column_of(*parts, None, spacing=GAP, margins=(13, 12, 13, 12), inside=inside)
        self._beside_column = ScrolledColumn(inside)
        column_of(self._beside_column, margins=_FRAME, inside=card)
        return card

    def scroll_parts(self, on: bool, high: int = 0) -> None:
        """Scroll figures and text apart, or ask for the height of both: the figures are `high` pixels, or more."""
        self._scrolls = on
        vertical = QSizePolicy.Policy.Ignored if on else QSizePolicy.Policy.Fixed
        self.figures.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        self._figures_column.show_whole(None if on else high)
        self._beside_column.show_whole(None if on else 0)
        self.refit()

    def add_figure(self, figure: QWidget, stretch: int = 1) -> None:
        self.figure_column.addWidget(figure, stretch)

    def add_tool(self, tool: QWidget) -> None:
        self.tools.append(tool)
        for button in (*self.tools, self.show_me_button, self.back_button):
            self.question.buttons.removeWidget(button)
            self.question.add_button(button)

    def add_work(self, name: str) -> LongWork:
        jobs, failed = self.lab.jobs, lambda why: self.question.report("", why, "")
        self.long_work = work = LongWork(name, jobs, ended=self.say_main, failed=failed)
        self.question.top.addWidget(work)
        return work

    def add_scenes(self, *scenes: Scene) -> None:
        self.scenes |= {scene.id: scene for scene in scenes}

    @property
    def lacks_network(self) -> bool:
        """Whether the open scene needs the lab's network, and there is none."""
        return False

    def ask(self) -> Question | None:
        """Return the question of the open scene, or None if nothing is asked now."""
        raise NotImplementedError

    def name_main(self) -> MainButton:
        raise NotImplementedError

    def press_main(self) -> None:
        """Do what the main button says."""

    def outcome(self) -> SceneOutcome:
        """Return what is shown once the question is answered."""
        return SceneOutcome()

    def solved(self) -> set[str]:
        """Return the tasks of the open scene that the present state solves."""
        return set()

    def entered(self) -> None:
        """React to a scene being shown, before its question is asked."""

    def ask_again(self) -> None:
        """Ask the question of the open scene once more."""

    @property
    def scene(self) -> Scene:
        return self.scenes[self._scene]

    @property
    def told(self) -> bool:
        return self._scene in self.outcomes

    @property
    def prediction(self) -> str:
        return self.predictions.get(self._scene, "")

    @property
    def has_more(self) -> bool:
        return self.scene.after is not None

    def open_scene(self, id: str) -> None:
        self._scene, scene = id, self.scenes[id]
        if self.choice is not None and id in self.choice.buttons:
            self.choice.show_choice(id)
        own = {*scene.parts, *scene.later}
        for part in {part for each in self.scenes.values() for part in (*each.parts, *each.later)} - own:
            part.hide()  # hide first: both at once would enlarge a small window
        for part in (*scene.parts, *scene.later):
            part.show()
        keep_place(self.question.again_button, scene.again)
        self.entered()
        self.renew()

    def predict(self, answer: str) -> None:
        self.predictions[self._scene] = answer
        self.renew()

    def tell(self) -> None:
        self.outcomes[self._scene] = self.outcome()
        self.renew()

    def cover(self, *ids: str) -> None:
        """Discard predictions and outcomes of these scenes, or of the open one, and ask again."""
        for id in ids or (self._scene,):
            self.predictions.pop(id, None)
            self.outcomes.pop(id, None)
            self._counted.discard(id)
            self.tasks.cover(*self.scenes[id].tasks if id in self.scenes else ())

    def renew(self) -> None:
        """Update question or outcome and the main button, and tick the solved tasks."""
        if not self._scene:
            return
        outcome, question = self.outcomes.get(self._scene), None if self.lacks_network else self.ask()
        for part in self.scene.later:
            part.setEnabled(outcome is not None)
        if outcome is not None:
            self._show_outcome(outcome)
        elif question is None:
            self.question.clear()
        elif question != self.question.asked:
            self.question.ask(question)
        self.question.predict(self.prediction)
        self.say_main()
        self.tick()

    def _show_outcome(self, outcome: SceneOutcome) -> None:
        said, came, asks, score = outcome
        if score is not None and self._scene not in self._counted:
            self._counted.add(self._scene)
            self._log.add(self.id, self._scene, said, came, score)
            self.show_tally()
        said = f"{said} {prediction_words.verdict(score)}".strip()
        self.question.report(said, came, asks, again=self.scene.again, more=self.has_more)

    def show_tally(self) -> None:
        self.tally.set_wordings(prediction_words.tally(self._log.tally(self.id)))

    def say_main(self) -> None:
        """Update the main button; this may be called at every frame while the lab trains."""
        if not self._scene:
            return
        if (main := self.name_main()) == self._main and main.enabled == self.main_button.isEnabled():
            return
        self._main = main
        self.main_button.setText(main.text)
        self.main_button.setVisible(bool(main.text))
        self.main_button.setEnabled(main.enabled)
        tip = tr("{what} (Space)", what=main.tip) if main.tip else ""
        describe(self.main_button, f"{self.id}_main", main.text, tip)

    def tick(self) -> None:
        """Tick the solved tasks once the outcome is shown, and those of *Show me* once solved anew by hand."""
        solved = self.solved()
        self.solved_by_show_me -= set(self.scene.tasks) - solved
        for task in self.scene.tasks:
            if self.told and task in solved - self.solved_by_show_me:
                self.tasks.finish(task)

    def go_on(self) -> None:
        if self.scene.after is not None:
            self.open_scene(self.scene.after)

    @contextmanager
    def for_report(self) -> Iterator[QWidget]:
        """Yield the contents of the card of figures in a fixed size, to be painted elsewhere; then restore it."""
        inside, largest = self._inside_figures, self._inside_figures.maximumSize()
        inside.setFixedSize(REPORT.expandedTo(inside.minimumSizeHint()))
        try:
            yield inside
        finally:
            inside.setMinimumSize(0, 0)
            inside.setMaximumSize(largest)

    def show_me(self) -> None:
        """Do what the question or task asks for, and show the outcome, without ticking anything."""

    def reset(self) -> None:
        """Restore the initial state, except for the ticks."""

    def opened(self) -> None:
        """React to the page being shown."""

    def left(self) -> None:
        """Stop the animations when the page is hidden."""

    def draw(self, shown: Shown) -> None:
        """React to a new state of the lab; most pages ignore it."""

    def adopt_theme(self) -> None:
        self.look = theme()

    def close_jobs(self) -> None:
        if self.long_work is not None:
            self.long_work.cancel()

    def record(self) -> dict[str, Any]:
        return {"done": self.tasks.done_ids()}

    def take_record(self, record: dict[str, Any]) -> None:
        """Restore what `record` returned, without invalid parts."""
        done = record.get("done")
        self.tasks.restore(done if isinstance(done, list) else [])
        self.show_tally()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refit()

    def refit(self) -> None:
        """Fit the content to the size, and to whether figures and text scroll apart."""
        least = WIDE_BESIDE if self.width() >= WIDE else BESIDE_WIDTH
        usual = min(max(round(BESIDE_SHARE * self.width()), least), WIDEST_BESIDE)
        self.beside.wish(usual if self._scrolls else round(LARGE_SHARE * self.width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.long_work is not None and self.long_work.is_working:
            self.long_work.cancel()
        else:
            super().keyPressEvent(event)
