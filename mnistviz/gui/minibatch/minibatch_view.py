"""The tab One step: the digits of one update, their predictions, and what the step did to them."""

from collections.abc import Iterable
from functools import partial
from typing import Final, cast

import numpy as np
from PySide6.QtCore import QLocale, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.microscope.mini_batch import MiniBatch, costliest_step, mini_batch_at, near
from mnistviz.engine.microscope.step_summary import StepSummary, keep_books
from mnistviz.engine.network import Unit
from mnistviz.engine.trials import RecordedRun
from mnistviz.gui.common.layouts import column_of, empty_label, row_of, stack_of, styled
from mnistviz.gui.common.numbers import whole
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.tab_tools import ChoiceActions, TabTools
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.tooltips import explain, set_tooltip
from mnistviz.gui.common.unit_names import unit_name
from mnistviz.gui.common.widgets import ActionPushButton, least_tab, new_action, push_button
from mnistviz.gui.lab.in_card import STAGES, BatchStage, StageName
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import RunEnded
from mnistviz.gui.lab.questions import Progress, RepeatedQuestion
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.minibatch import batch_words as words
from mnistviz.gui.minibatch.batch_tiles import BatchContent, BatchTiles
from mnistviz.gui.minibatch.batch_words import BatchOrder
from mnistviz.gui.minibatch.books_card import EffectCard

SECONDS: Final = 0.5  # the shortest interval between two mini-batches while the network trains
BOOKS: Final = 0.31  # of the width
OFF: Final = "off"  # no stage: the card shows the drawing
_KEY, _COSTLIEST = "mini-batch", "costliest mini-batch"  # job keys

_Of = tuple[object, ...]
"""What a mini-batch depends on: the run, the step, and at the end of the run its newest state."""


class MiniBatchView(QWidget):
    """The tab One step: the mini-batch after the shown step, or the last one trained on; computed while visible."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.setObjectName("minibatch")
        self._lab, self._shown = lab, Shown()
        self._batch: MiniBatch | None = None
        self._classes: tuple[str, ...] = ()  # of its digits
        self._books: StepSummary | None = None
        self._lengths = np.zeros(0)
        self._costliest: tuple[int | None, int] | None = None  # run and step of the result
        self._digit: int | None = None  # the place of the chosen digit
        self._window, self._has_own_line = lab.chosen.now.window, False
        self._fit_timer = new_timer(self, self._place_stages)
        self._question = RepeatedQuestion[_Of](lab.questions, _KEY, SECONDS, self._ask, self)
        self.tiles, self.books = BatchTiles(self._on_digit), EffectCard(lab, self._on_digit)
        self._make_choices()
        self._build()
        self._show_costliest()
        self.setFocusProxy(self.tiles)
        lab.listen(RunEnded, self._on_ended)
        lab.chosen.listen("window", self._follow_window)
        lab.chosen.listen("network", self._follow_unit)

    def _make_choices(self) -> None:
        come = tr("Puts the digits in the order of the mini-batch.")
        cost = tr("Puts the digits first that cost most.")
        change = tr("Puts the digits first whose cost changed most.")
        tip = tr("In which order the digits stand: as they come, by their cost, or by its change.")
        orders = (
            ("order", tr("as they &come"), come),
            ("cost", tr("b&y cost"), cost),
            ("change", tr("by c&hange"), change),
        )
        self.order = ChoiceActions("minibatch_order", tr("Order of the digits"), orders, self, tip=tip)
        every = tr("Shows the mean gradient of all digits of the mini-batch, and the whole step.")
        one = tr("Shows the gradient of the chosen digit alone.")
        which = tr("Which digits the gradient and the step are of")
        parts = (("one", tr("this &digit"), one), ("all", tr("&all digits"), every))
        self.which = ChoiceActions("minibatch_which", which, parts, self)
        self.stages = _stage_choice(self)
        for field, choice in (("order", self.order), ("stage", self.stages), ("which", self.which)):
            self._lab.chosen.bind(choice, "minibatch", field)
        self.order.chosen.connect(lambda: self._show(stay=False))
        self.stages.chosen.connect(self._on_stage)
        self.which.chosen.connect(lambda: self._show(stay=True))
        self.next_action = self._walking(tr("Next stage"), "Shift+Right", 1)
        self.previous_action = self._walking(tr("Previous stage"), "Shift+Left", -1)
        text = tr("Costliest mini-batch &near here")
        self.costliest_action = new_action(self, "minibatch_costliest_action", text, act=self._find_costliest)
        text, spoken = tr("Costliest near here"), tr("Costliest mini-batch near here")
        act = self.costliest_action.trigger
        self.costliest_button = push_button("option", "minibatch_costliest", text, accessible=spoken, act=act)
        tip, close = (
            tr("Shows the scratchpad again, in the place of the stage."),
            partial(self.stages.choose, OFF),
        )
        self.close_button = push_button("option", "minibatch_close", tr("Close"), tip, act=close)
        self.stepper = (
            self.close_button, styled(ActionPushButton(self.next_action), "option"), self.stages.control,
            styled(ActionPushButton(self.previous_action), "option"), self.which.control,
        )  # fmt: skip
        """The choice of a stage, from right to left."""
        tools = *self.stepper, self.order.control, self.costliest_button
        self.tab_tools = TabTools(self, "minibatch_tools", *tools)

    def _walking(self, words: str, keys: str, by: int) -> QAction:
        name = "minibatch_next_action" if by > 0 else "minibatch_previous_action"
        tip = tr("Shows the next stage of the mini-batch in the network card.")
        if by < 0:
            tip = tr("Shows the stage before this one in the network card.")
        short, act = "›" if by > 0 else "‹", partial(self._walk, by)
        action = new_action(self, name, words, tip, keys, short=short, act=act)
        action.setEnabled(False)
        return action

    def _build(self) -> None:
        self._empty, full = empty_label("minibatch_empty"), QWidget()
        self._own_line = row_of(None, spacing=6)
        beside = row_of((self.tiles, 1), self.books, spacing=16)
        column_of(self._own_line, (beside, 1), spacing=4, margins=(2, 0, 2, 0), inside=full)
        self._stack = stack_of(self._empty, full)
        column_of(self._stack, inside=self)

    def draw(self, shown: Shown) -> None:
        before, self._shown = self._shown, shown.of_run
        if not self.isVisible():
            return
        if shown.is_first(before):
            self._forget()
            self._show(stay=False)
        self._question.follow(shown)

    def minimumSizeHint(self) -> QSize:
        return least_tab(self)

    def _follow_window(self) -> None:
        """Follow a change of tab. A stage ends with the tab."""
        self._window = self._lab.chosen.now.window
        if (self._window.tab, self._window.workspace) != ("minibatch", "lab"):
            self._lab.show_in_card(stage=None)
        self._show_actions()

    def _wanted(self) -> tuple[int, _Of] | None:
        """Return the step before the requested mini-batch and what that depends on, or None without a run."""
        shown, run = self._shown, self._shown.run
        if run is None or run.moment is None or not run.ready or shown.digits is None:
            return None
        step = self._newest(run) if shown.live else min(shown.here, run.step)
        is_next = step == run.step
        return step, (run.number, step, is_next, (run.now, run.moment.network) if is_next else None)

    def _newest(self, run: RunFacts) -> int:
        """Return the step before the last finished mini-batch. While the run trains fast, return that of the last
        snapshot: then nothing needs a replay beside the training."""
        step = max(0, run.step - 1)
        if self._shown.still or run.record is None or not run.record.snapshots:
            return step
        saved = run.record.snapshots[-1].step
        return saved if 0 <= step - saved <= SECONDS * (run.speed or 0.0) else step

    def _ask(self) -> None:
        wanted, run = self._wanted(), self._shown.run
        if not self.isVisible():
            return
        if wanted is None or run is None:
            self._show(stay=True)
            return
        step, of = wanted
        if self._question.begin(of, self._shown):
            then = self._on_found, self._on_refused, self._on_progress
            self._lab.questions.ask_run(_KEY, run, partial(_look, step), *then, step=step, quick=None)

    def _on_found(self, answer: tuple[MiniBatch, StepSummary]) -> None:
        self._batch, self._books = batch, _ = answer
        before, of = self._question.end(), self._question.of
        same = before is not None and of is not None and before[:2] == of[:2]
        if self._shown.digits is not None:
            self._classes = self._shown.digits.classes
        self._lengths = batch.gradient_lengths if batch.finite else np.zeros(len(batch))
        if not same:
            self._digit = None
        self._show(stay=same or not self._shown.still)
        self._question.throttle.ask()  # the run may have trained on

    def _on_refused(self, error: Exception) -> None:
        self._forget()
        self._show_message(tr("This mini-batch can't be worked out: {reason}", reason=str(error)))

    def _on_progress(self, done: int, of: int) -> None:
        if self._batch is None:
            self._show_message(words.worked_out(done, of))

    def _on_ended(self, change: RunEnded) -> None:
        """Release the networks of a run that may be closed, if the tab is hidden."""
        if not self.isVisible() and self._shown.number == change.run.number:
            self._forget()
            self._shown = self._shown.put_aside()
            self.tiles.clear()
            self.books.forget()

    def _forget(self) -> None:
        self._lab.show_in_card(stage=None)
        self._question.forget()
        self._batch = self._books = self._digit = None

    def _show_message(self, text: str) -> None:
        self._empty.setText(text)
        self._stack.setCurrentIndex(0)

    def _show(self, *, stay: bool) -> None:
        batch = self._batch
        self._update_card()
        self._show_costliest()
        if batch is None:
            waits = words.nothing_yet(self._shown) if self._wanted() is None else words.worked_out(0, 0)
            self._show_message(waits)
            return
        if not batch.finite:
            text = tr(
                "In this mini-batch some numbers are not finite: the run has diverged. Look at an earlier one, or "
                "begin a new run with a lower learning rate."
            )
            self._show_message(text)
            return
        self._stack.setCurrentIndex(1)
        is_next = self._question.of is not None and self._question.of[2] is True
        if self._books is not None:
            note = words.note(batch, is_next=is_next)
            self.books.show_effect(batch, self._books, self._classes, note, rests=self._shown.still)
        self._show_digits(batch, stay=stay)

    def _show_digits(self, batch: MiniBatch, *, stay: bool) -> None:
        """Show the digits, in the stages *back* and *gradient* with the error of the unit that is worked out."""
        classes, of, stage = self._classes, self._lab.chosen.now.network, self._lab.in_card.stage
        layer, unit, name = of.layer or 1, None, ""
        if stage is not None and stage.name in ("back", "gradient"):
            unit = stage.worked_unit(layer, None if of.unit is None else Unit(layer, of.unit))
        if unit is not None:
            name = unit_name(*unit, batch.before.sizes, classes)
        self.tiles.title.set_wordings(words.title(batch), whole(batch.step + 1))
        content = BatchContent(
            batch.images,
            words.in_batch_order(batch, cast(BatchOrder, self.order.value())),
            partial(words.digit_told, batch, classes, self._lengths),
            words.widest_line(classes),
            partial(words.tile_lines, batch, classes, self._lengths, unit=unit),
            words.line_heads(name),
        )
        on = self.stages.value() != OFF
        self.tiles.all_chosen = on and self.which.value() == "all"
        self.tiles.show_content(content, self._shown_digit if on else self._digit, stay=stay)

    def _follow_unit(self) -> None:
        if self._batch is not None and self.isVisible() and self.stages.value() in ("back", "gradient"):
            self._show_digits(self._batch, stay=True)

    @property
    def _shown_digit(self) -> int:
        """The place of the digit in the network card: the chosen one, or else the one with the largest cost."""
        if self._digit is not None or self._batch is None:
            return self._digit or 0
        return int(self._batch.costs.argmax())

    def _update_card(self) -> None:
        if not self.isVisible():
            return
        batch, run = self._batch, self._shown.run
        if self.stages.value() == OFF or batch is None or not batch.finite or run is None:
            self._lab.show_in_card(stage=None)
            return
        name, all_of_them = cast(StageName, self.stages.value()), self.which.value() == "all"
        stage = BatchStage(run.number, batch, name, self._shown_digit, all_of_them, self._classes)
        self._lab.show_in_card(stage=stage)

    def _on_digit(self, place: int) -> None:
        self._digit = place
        stage = STAGES[0] if self.stages.value() == OFF else self.stages.value()
        with QSignalBlocker(self.stages):  # so that the tab stays open
            self._lab.chosen.choose("minibatch", which="one", stage=stage)
        self._show(stay=True)

    def _on_stage(self) -> None:
        self._show(stay=self.stages.value() == OFF)
        self._show_actions()

    def _walk(self, by: int) -> None:
        names = [*self.stages.actions]
        at = names.index(self.stages.value()) + by
        if 0 < at < len(names):
            self.stages.choose(names[at])

    def _show_costliest(self) -> None:
        """Enable the search for the costliest mini-batch: in the past, unless the shown step is its result."""
        run, shown = self._shown.run, self._shown
        on = run is not None and self._shown.still and not shown.live and run.step > 1 and self.isVisible()
        on = on and (shown.number, shown.here) != self._costliest
        tip = tr("Looks for the costliest mini-batch near the one shown. That is possible in the past only.")
        if on and run is not None:
            begin, end = near(shown.here, run.step)
            tip = tr("Replays mini-batches {begin} to {end}, and goes to the one that costs most.")
            tip = tip.format(begin=whole(begin + 1), end=whole(end))
        self._fit_timer.start()
        for each in (self.costliest_button, self.costliest_action):
            each.setEnabled(on)
            explain(each, tip)

    def _find_costliest(self) -> None:
        if (run := self._shown.run) is not None:
            begin, end = near(self._shown.here, run.step)
            then = partial(self._on_costliest, run.number), lambda error: None
            self._lab.questions.ask_run(
                _COSTLIEST, run, lambda recorded, *how: costliest_step(recorded, begin, end, *how), *then
            )

    def _on_costliest(self, number: int, step: int) -> None:
        if number == self._shown.number:
            self._costliest = number, step
            self._lab.playhead.visit(step)
            self._show_costliest()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape or not self.books.cancel():
            super().keyPressEvent(event)  # the window leaves a level

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.books.setFixedWidth(round(BOOKS * self.width()))
        self._fit_timer.start()

    def _place_stages(self) -> None:
        """Place the stages in the row of tabs, or in a line of their own if they do not fit there."""
        controls = self.stepper
        _number_stages(self.stages, with_names=True)
        needed = _width(controls[:-1]) + 40  # the rest is behind "…"
        if self.isVisible() and (self.tab_tools.width() < needed) != self._has_own_line:
            self._has_own_line = not self._has_own_line
            self.tab_tools.lend(controls if self._has_own_line else ())
            for control in reversed(controls) if self._has_own_line else ():
                self._own_line.addWidget(control)
                control.show()
            self._fit_timer.start()  # the height of the digits has changed
        if self._has_own_line:
            for walker in (controls[1], controls[3]):  # a click on a stage does the same
                walker.setVisible(_width(controls) <= self.width())
            _number_stages(self.stages, with_names=_width(controls[::2]) <= self.width())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._question.throttle.prioritise()
        self._fit_timer.start()
        self._show_actions()
        self._show(stay=True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._question.withdraw()
        self._lab.questions.withdraw(_COSTLIEST)
        self.books.cancel()
        self._lab.show_in_card(stage=None)
        self._show_actions()
        self._shown = self._shown.network_alone()  # its stage may be visible elsewhere

    def _show_actions(self) -> None:
        on = self.isVisible()
        for action in (*self.stages.actions.values(), *self.which.actions.values()):
            action.setEnabled(on)
        names = [*self.stages.actions]
        at = names.index(self.stages.value())
        self.next_action.setEnabled(on and at + 1 < len(names))
        self.previous_action.setEnabled(on and at > 1)
        self.close_button.setEnabled(on and at > 0)
        self._show_costliest()


def _width(controls: Iterable[QWidget]) -> int:
    return sum(control.sizeHint().width() + 6 for control in controls)


def _stage_choice(parent: QWidget) -> ChoiceActions:
    forward = tr("Shows what each unit answers to the chosen digit.")
    error = tr("Shows how wrong each output is, and the error that comes of it.")
    back = tr("Shows the error that comes back to each hidden unit.")
    step = tr("Shows by how much each weight is moved, and by what.")
    stages = (
        (OFF, tr("&off"), tr("The network card shows the drawing.")),
        ("forward", tr("&forward"), forward),
        ("error", tr("&error"), error),
        ("back", tr("&back"), back),
        ("gradient", tr("&gradient"), tr("Shows how the cost changes with each weight.")),
        ("step", tr("&step"), step),
        ("after", tr("af&ter"), tr("Shows the network after the step.")),
    )
    spoken = tr("What the network card shows of the mini-batch")
    choice = ChoiceActions("minibatch_stage", spoken, stages, parent)
    assert isinstance(choice.control, Switch)
    choice.control.parts[OFF].hide()
    _number_stages(choice, with_names=True)
    return choice


def _number_stages(stages: ChoiceActions, *, with_names: bool) -> None:
    """Put numbers on the switch, and the names of the stages beside them or else in the tooltips."""
    assert isinstance(stages.control, Switch)
    for number, part in enumerate(stages.control.parts.values()):
        figure, name, tip = QLocale().toString(number), part.accessibleName(), part.whatsThis()
        part.setText(f"{figure} {name}" if with_names else figure)
        set_tooltip(part, tip if with_names else f"{name}: {tip}")


def _look(
    step: int, recorded: RecordedRun, cancelled: Cancelled, tell: Progress
) -> tuple[MiniBatch, StepSummary] | None:
    """Return update `step` + 1 of a run, and its effect."""
    batch = mini_batch_at(recorded, step, cancelled, tell)
    return None if batch is None else (batch, keep_books(batch, recorded.digits.validation))
