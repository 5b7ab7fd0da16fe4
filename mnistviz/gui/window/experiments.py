"""Opening experiments, and copying and pasting runs as a line of text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from mnistviz.engine.beliefs import BELIEFS, BeliefRun, belief_figures, score_answer
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.recipe_line import looks_like_line, read_line
from mnistviz.engine.experiment.saved import Experiment, RunRecipe, run_of_recipe
from mnistviz.engine.history import SETS
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import shortened
from mnistviz.gui.common import prediction_words
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.messages import message, tell
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.common.tooltips import as_it_is, without_mnemonic
from mnistviz.gui.common.widgets import describe, engine_sentence, problem_sentence
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import RunRevived
from mnistviz.gui.lab.open_runs import MOST_OPEN, ClosedTogether
from mnistviz.gui.lab.saved_facts import line_of_run
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.runs.lane import RunWords
from mnistviz.gui.settings.settings_column import ControlPanel
from mnistviz.gui.window.belief_words import BELIEF_WORDS, BeliefWords, about
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.documents import Documents
from mnistviz.gui.window.steering import Steering

TOGETHER = 500  # milliseconds in which the replay mismatches of a file's runs are collected


class Experiments(QObject):
    """Opens the runs of files and lines, and reports those that this machine cannot replay exactly."""

    def __init__(
        self,
        lab: Lab,
        controls: ControlPanel,
        documents: Documents,
        steering: Steering,
        line: BottomLine,
        window: QWidget,
        show_view: Callable[[Mapping[str, Any]], None],
        open_pixels: Callable[[int], None],
    ) -> None:
        """`show_view` gets an experiment's saved view, `open_pixels` the test digit whose fewest pixels to show."""
        super().__init__(window)
        self._show_view, self._open_pixels = show_view, open_pixels
        self._lab, self._controls, self._documents = lab, controls, documents
        self._steering, self._line, self._window = steering, line, window
        self._mismatches: list[str] = []  # the mismatches to report
        self._answers: dict[str, int] = {}  # by the beliefs being tested
        self._unreported: set[str] = set()  # beliefs with some of their runs trained
        documents.experiment_opened.connect(self.open)
        lab.listen(RunRevived, self._on_revived)

    def open(self, experiment: Experiment, path: Path) -> None:
        """Replace the open runs with those of a file, as soon as there are digits."""
        if (digits := self._lab.digits) is None:
            self._steering.file_to_open = path
            return
        try:
            if experiment.data.checksum != digits.checksum:
                raise Problem("experiment_other_data", file=path.name, data=experiment.data.name)
            for run in experiment.runs:
                digits.check_fit(run.settings.sizes)
        except Problem as problem:
            tell(self._window, tr("The experiment could not be opened"), problem_sentence(problem))
            return
        before = self._documents.path
        self._documents.remember(path)
        self._mismatches.clear()
        self._controls.show_settings(experiment.chosen.settings)
        closed = self._lab.experiment.open(experiment.runs[:MOST_OPEN], experiment.selected)
        self._show_view(experiment.view)
        if closed is None:
            self._line.tell(tr("Opened: {file}", file=path.name))
        else:
            self._report_closed(closed, path, before)

    def _report_closed(self, closed: ClosedTogether, path: Path, before: Path | None) -> None:
        """Report which runs a file has closed, and offer to restore them, with the file `before`."""
        words = RunWords(self)
        titles = tr(", ").join(words.title(run, closed.runs) for run in closed.runs)
        letters = tr(", ").join(run.letter for run in closed.runs)
        text = tr("Closed to make room for the runs of {file}: {runs}.")
        short = tr("Run {letter} closed") if len(closed.runs) == 1 else tr("Runs {letter} closed")
        text, short = text.format(file=path.name, runs=titles), short.format(letter=letters)
        self._line.offer_undo(text, short, partial(self._restore, closed, before), brief=True)

    def _restore(self, closed: ClosedTogether, file: Path | None) -> None:
        self._documents.path = file
        self._lab.data.bring_back(closed)

    def copy_line(self) -> None:
        shown = self._lab.shown
        run, digits = shown.run, shown.digits
        if run is None or digits is None:
            return
        try:
            line = line_of_run(run, digits, shown.here)
        except Problem as problem:
            tell(self._window, tr("This run is no line"), problem_sentence(problem))
            return
        QGuiApplication.clipboard().setText(line)
        self._line.tell(tr("Copied: {line}", line=shortened(line, 120)))

    def paste_run(self) -> None:
        """Start the run whose line is on the clipboard, and train it to where that ends."""
        text, digits = QGuiApplication.clipboard().text(), self._lab.digits
        title = tr("No run was pasted")
        if not looks_like_line(text):
            why = tr("Copy a run as one line first. It looks like 784-30-10 seed 1 η 3; → 5000.")
            tell(self._window, title, why)
        elif digits is not None:
            try:
                copied = read_line(text)
                if not digits.checksum.startswith(copied.data):
                    raise Problem("line_other_data", data=copied.data)
                digits.check_fit(copied.recipe.settings.sizes)
            except Problem as problem:
                tell(self._window, title, problem_sentence(problem))
                return
            self._open_recipe(copied.recipe, digits)
            self._steering.began()

    def ask_belief(self, name: str) -> None:
        """Ask what the user expects of a belief's runs, then train them."""
        words = BELIEF_WORDS[name]
        box = message(self._window, without_mnemonic(translated(words.said)), translated(words.asks))
        for number, answer in enumerate(map(translated, words.answers)):
            button = box.addButton(as_it_is(answer), QMessageBox.ButtonRole.ActionRole)
            tip = tr("What you expect. The runs are trained then, and you see what happens.")
            describe(button, f"belief_answer_{number}", answer, tip)
            button.clicked.connect(lambda _=False, number=number: self.try_belief(name, number))
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.open()

    def try_belief(self, name: str, answer: int) -> None:
        """Open and train the runs that refute a belief. Once they are measured, the result is compared with the
        `answer`, by its number, and becomes the runs' tooltip; until then that is the question."""
        digits, belief, words = self._lab.digits, BELIEFS[name], BELIEF_WORDS[name]
        if digits is None:
            return
        numbers, order = list[int](), self._line.order
        undo = order.together(lambda: numbers.extend(self._open_belief(belief.lines, words, digits)))
        order.add(without_mnemonic(translated(words.said)), undo)
        chosen, first = self._lab.chosen, self._lab.runs.find(numbers[0])
        chosen.choose("window", tab="mistakes" if belief.compares else "curves")
        if belief.compares and first is not None:
            chosen.choose("mistakes", against=AgainstPart("run", first.letter), group="")
        if belief.fewest_pixels is not None:
            self._open_pixels(belief.fewest_pixels)
        self._steering.began()
        text = tr("You said: {guess}. Once it is trained, this line says what happens.")
        self._line.tell(text.format(guess=translated(words.answers[answer])))
        self._answers[name] = answer

    def _open_belief(self, lines: Sequence[str], words: BeliefWords, digits: Digits) -> Iterator[int]:
        for line, called in zip(lines, words.names, strict=True):
            recipe = read_line(line).recipe
            settings = recipe.settings.for_classes(len(digits.classes))
            number = self._open_recipe(replace(recipe, settings=settings), digits)
            self._lab.runs.rename(number, translated(called))
            self._lab.runs.note(number, translated(words.asks))
            yield number

    def _on_revived(self, change: RunRevived) -> None:
        """Switch off a belief's run once it is trained, and report a replay mismatch."""
        run, mismatch = change.run, change.replay_mismatch
        if name := _belief_of(run):
            self._lab.time.switch(run.number, False)
            self._unreported.add(name)
        if mismatch is not None:
            values = {"letter": run.letter, "by": mismatch.by, "after": mismatch.after}
            self._mismatches.append(engine_sentence(mismatch.code, values))
            if len(self._mismatches) == 1:  # all are reported in one message
                QTimer.singleShot(TOGETHER, self, self._show_mismatches)

    def report_beliefs(self) -> None:
        """Report the results of beliefs whose runs are all trained and measured."""
        for name in tuple(self._unreported):
            runs, digits = [run for run in self._lab.runs.open if _belief_of(run) == name], self._lab.digits
            if digits is not None and all(map(_is_measured, runs)):
                self._unreported.discard(name)
                for run in runs:  # also one that is reported as trained only after this
                    self._lab.time.switch(run.number, False)
                if runs:
                    self._report_belief(name, runs, digits)

    def _report_belief(self, name: str, runs: Sequence[RunFacts], digits: Digits) -> None:
        """Compare a belief's result with the answer and score it; only report it if an earlier session asked."""
        measured = [BeliefRun(run.history, run.evaluations, run.moment.network) for run in runs if run.moment]
        figures, answer = belief_figures(name, measured, digits), self._answers.pop(name, None)
        if not figures:
            return
        result = text = about(name, figures)
        for run in runs:
            self._lab.runs.note(run.number, result)
        if answer is not None:
            guess, score = translated(BELIEF_WORDS[name].answers[answer]), score_answer(name, answer, figures)
            self._lab.predictions.add("beliefs", name, guess, result, score)
            text = tr("You said: {guess}. {verdict} {what}")
            text = text.format(guess=guess, verdict=prediction_words.verdict(score), what=result)
        self._line.tell(text, result)

    def _open_recipe(self, recipe: RunRecipe, digits: Digits) -> int:
        """Open a run that is trained to the end of its recipe; return its number."""
        self._controls.show_settings(recipe.settings)
        self._lab.experiment.add(run_of_recipe(recipe, digits.epoch(recipe.settings)))
        assert self._lab.run is not None
        return self._lab.run.number

    def _show_mismatches(self) -> None:
        if not self._mismatches:
            return
        one = tr(
            "{what} You see the curves of the file. From its newest weights on, this is a run of its own. Earlier "
            "moments are shown where the file has them."
        )
        several = tr(
            "{what} The other runs of the file differ as well. You see the curves of the file. From the newest "
            "weights on, each is a run of its own. Earlier moments are shown where the file has them."
        )
        text = (several if len(self._mismatches) > 1 else one).format(what=self._mismatches[0])
        self._mismatches.clear()
        message(self._window, tr("This machine computes other weights"), text).open()


def _is_measured(run: RunFacts) -> bool:
    evaluations = run.evaluations.values()
    complete = all(each.complete and each.step == run.step for each in evaluations)
    return run.ready and len(evaluations) == len(SETS) and complete


def _belief_of(run: RunFacts) -> str:
    """Return the belief whose question a run's tooltip still is, or an empty text."""
    return next((name for name, words in BELIEF_WORDS.items() if run.about == translated(words.asks)), "")
