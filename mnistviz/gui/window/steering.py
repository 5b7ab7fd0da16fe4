"""The user's commands to the runs."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from msgspec.structs import asdict, replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from mnistviz.engine.commands import Restore, RestoreBest, TakeBack
from mnistviz.engine.fork import Origin
from mnistviz.engine.moment import Evaluation, Moment
from mnistviz.engine.network import Network
from mnistviz.engine.observations import Finding, is_at_0
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.trainer import TrainerState
from mnistviz.gui.common import numbers
from mnistviz.gui.common.messages import message, tell
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.tooltips import keys_text
from mnistviz.gui.common.widgets import problem_sentence
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.jobs import details
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import RunFailed
from mnistviz.gui.lab.lab_time import Back
from mnistviz.gui.lab.questions import state_before_acts
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.lab.run_names import WayBack, way_back
from mnistviz.gui.lab.shown import live
from mnistviz.gui.settings.plan_words import can_begin_anew
from mnistviz.gui.settings.settings_column import ControlPanel
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.documents import Documents


class Steering(QObject):
    _stayed = Signal(int, object)  # restoring the best had no effect: number of the run, its Evaluation

    def __init__(
        self,
        lab: Lab,
        controls: ControlPanel,
        recipes: RecipeBook,
        documents: Documents,
        line: BottomLine,
        window: QWidget,
        began: Callable[[], None],
    ) -> None:
        """Call `began` when a run begins that the user requested."""
        super().__init__(window)
        self.began = began
        self._line = line
        self._lab, self._controls, self._recipes, self._documents = lab, controls, recipes, documents
        self._window = window
        self.file_to_open: Path | None = None
        documents.opened.connect(self.go_on_from)
        controls.foot.new_run_wanted.connect(self.new_run)
        controls.was_set.connect(self._on_set)
        controls.history.stepped.connect(line.tell)
        controls.recipes.deleted.connect(line.offer_undo)
        line.apply_wanted.connect(self.apply)
        line.go_back_wanted.connect(self.go_back)
        lab.listen(RunFailed, self._on_failed)
        self._stayed.connect(self._report_no_better)

    def say_where(self) -> None:
        shown = self._lab.shown
        self._line.tell(moment_words.where(shown), moment_words.standing(shown))

    def begin(self) -> None:
        """Begin the first run on these digits, unless runs were restored, and open the network that waits for them."""
        if self._lab.run is None:
            self._begin()
        if self.file_to_open is not None:
            file, self.file_to_open = self.file_to_open, None
            self._documents.open(file)

    def new_run(self) -> None:
        """Begin a run with the settings at the left; earlier curves stay. Report if it repeats another run."""
        before = self._lab.runs.open
        self._begin()
        run = self._lab.run
        same = next((each for each in before if run and each.has_learned and run.repeats(each)), None)
        if run is not None and run not in before and same is not None:
            text = tr("Run {run} has the settings and the seed of {other}, so it learns the very same.")
            short = tr("The same seed as before")
            holds = partial(self._still_repeats, run.number, same.number)
            self._line.tell(text.format(run=run.letter, other=same.letter), short, holds=holds, minor=True)
        self.began()

    def _still_repeats(self, number: int, other: int) -> bool:
        run, same = self._lab.runs.find(number), self._lab.runs.find(other)
        return run is not None and same is not None and run.repeats(same)

    def _begin(self) -> None:
        try:
            settings = self._controls.settings().checked()
        except Problem as problem:
            tell(self._window, tr("This network can't be built"), problem_sentence(problem))
            return
        self._documents.path = None
        self._lab.runs.begin(settings)

    def go_on_from(self, network: Network, path: Path, origin: Origin) -> None:
        """Begin a run with the network of a file, if it fits the digits; wait until there are some."""
        if self._lab.digits is None:
            self.file_to_open = path
            return
        try:
            self._lab.digits.check_fit(network.sizes)
        except Problem as problem:
            tell(self._window, tr("The network could not be opened"), problem_sentence(problem))
            return
        settings = replace(self._controls.settings(), **network.choices)
        self._controls.show_settings(settings)
        self._documents.remember(path)  # first: beginning a run may replace another one
        self._lab.runs.begin(settings, network, origin)

    def toggle_play(self) -> None:
        """Start or pause; before there are digits, start later; after an error, begin a new run."""
        run, lab = self._lab.run, self._lab
        if run is not None and run.failed:
            self.new_run()
            return
        lab.time.toggle_play()
        if lab.run is not None and lab.run.playing and self._learns_nothing():
            reason = tr("The schedule has lowered η to 0: nothing is learned until you change η.")
            self._line.tell(reason, holds=self._learns_nothing)
        elif lab.run is not None and lab.run.playing and self._waits_for_new_run():
            letter, keys = lab.run.letter, keys_text("Ctrl+N")
            text = tr("Run {run} goes on as it is: New run ({keys}) begins one with what you changed.")
            short = tr("New run ({keys}) uses what you changed", keys=keys)
            self._line.tell(text.format(run=letter, keys=keys), short, holds=self._waits_for_new_run)
        if run is None and lab.digits is not None and lab.time.play_when_ready:
            self.new_run()  # no run could begin on these digits before

    def _learns_nothing(self) -> bool:
        run = self._lab.run
        return run is not None and is_at_0(run.now, run.eta)

    def start_recipe(self, id: str) -> None:
        """Begin a new run with a recipe. It learns if a run was learning."""
        if (entry := self._recipes.get(id)) is None:
            return
        settings = self._controls.recipes.fitted(entry)
        if can_begin_anew(self._lab.run):
            self._controls.choose(settings)
            self.began()
        else:
            self._controls.show_settings(settings)
            self.new_run()

    def save_network(self) -> None:
        """Ask where to save the network at the viewed step, in the past once it is replayed exactly."""
        lab = self._lab
        if lab.playhead.live:
            self._documents.ask_save(lambda: lab.shown)
            return
        if not lab.playhead.exact:
            reason = tr("The exact network of this moment is being computed. Then you can save it.")
            self._line.tell(reason, holds=lambda: not (lab.playhead.live or lab.playhead.exact))
        lab.playhead.when_exact(self._ask_save_past)

    def _ask_save_past(self, moment: Moment) -> None:
        """Save this checkpoint, even if a replay moves on, with its evaluations by then."""
        lab, asked = self._lab, self._lab.shown
        self._documents.ask_save(lambda: lab.shown if lab.shown.moment is moment else asked)

    def apply(self, finding: Finding) -> None:
        """Apply a notice's remedy as one command: back to the best first, if it includes that. Ignored in the past."""
        if not self._lab.playhead.live:
            return
        if finding.remedy:
            back = self._back_to_best() if finding.back_to_best else None
            self._controls.apply(finding.remedy, back=back, in_new_run=finding.in_new_run)
        elif finding.back_to_best:
            self._go_back(self._back_to_best(), {})
        if finding.in_new_run:
            self.new_run()

    def restore_best(self) -> None:
        """Restore the best weights and their settings, except those for stopping. Ignored in the past."""
        run = self._lab.run
        if not self._lab.playhead.live or run is None or run.best is None:
            return
        state = None if run.record is None else run.record.sources.get(run.best.step)
        then = {} if state is None else live(state.settings)
        others = {name: value for name, value in then.items() if SETTINGS[name].group != "stopping"}
        self._go_back(self._back_to_best(), others)

    def _back_to_best(self) -> RestoreBest:
        run = self._lab.run
        assert run is not None
        return RestoreBest(stays=partial(self._stayed.emit, run.number))

    def _report_no_better(self, number: int, now: Evaluation) -> None:
        def holds() -> bool:
            run = self._lab.run
            return run is not None and (run.number, run.step) == (number, now.step)

        if holds():
            text = tr("No epoch has ended better than now: {percent}.")
            self._line.tell(text.format(percent=numbers.percent(now.accuracy)), holds=holds)

    def go_back(self) -> None:
        """Replay the weights of just before the last change, then restore them and their settings."""
        run, way = self._lab.run, way_back(self._lab.shown)
        if run is None or way is None:
            return

        def progress(done: int, of: int) -> None:
            text = tr("Computing the weights from before the change: {done} of {of} mini-batches.")
            text = text.format(done=numbers.whole(done), of=numbers.whole(of))
            self._line.tell(text, holds=partial(self._lab.questions.is_open, "go back"))

        def failed(error: Exception) -> None:
            tell(self._window, tr("The weights could not be computed"), details(error))

        ask, work = self._lab.questions.ask_run, partial(state_before_acts, way.step)
        then = partial(self._restore, run.number, way)
        ask("go back", run, work, then, failed, progress, step=way.step, quick=None)

    def _restore(self, number: int, way: WayBack, state: TrainerState) -> None:
        """Restore the weights, unless another run or the past is viewed by now."""
        lab = self._lab
        if lab.run is None or lab.run.number != number or not lab.playhead.live:
            return
        self._go_back(Restore(state), way.before)
        self._line.tell(tr("Weights and settings are those of mini-batch {step} again.", step=way.step))

    def _go_back(self, back: Back, settings: Mapping[str, object]) -> None:
        lab = self._lab
        assert lab.run is not None
        values = {name: value for name, value in settings.items() if getattr(lab.run.now, name) != value}
        if "eta" in values:
            values["schedule"] = settings.get("schedule", lab.run.now.schedule)  # or η would end it
        if values:
            self._controls.apply(values, back=back)
        else:
            lab.runs.send(back)
            can = partial(self._can_take_back, lab.run.number, len(lab.run.history.interventions))
            text = tr("Going back of run {letter}", letter=lab.run.letter)
            self._line.order.add(text, lambda: lab.runs.send(TakeBack()), can)

    def _can_take_back(self, number: int, before: int) -> bool:
        """Return True if going back, after `before` acts, was the last thing done to the weights of a run."""
        lab, run = self._lab, self._lab.run
        if run is None or run.number != number or not (lab.playhead.live and run.has_obeyed):
            return False
        return run.can_take_back and len(run.history.interventions) == before + 1

    def default_settings(self) -> None:
        defaults = Settings()
        sizes = (*defaults.sizes[:-1], self._controls.settings().sizes[-1])
        self._controls.apply({**asdict(defaults), "sizes": sizes})

    def _waits_for_new_run(self) -> bool:
        draft, now = self._lab.settings.draft, self._lab.settings.draft.running
        return now is not None and (draft.for_new_run or draft.settings.needs_new_run(now))

    def _on_set(self) -> None:
        """Begin a run that has not learned again, if a setting needs that."""
        if not (can_begin_anew(self._lab.run) and self._waits_for_new_run()):
            return
        try:
            self._lab.settings.draft.settings.checked()
        except Problem:  # the settings panel shows the reason
            return
        assert self._lab.run is not None
        before = self._lab.run.number
        self._begin()
        self._controls.history.move_gestures(before)

    def _on_failed(self, change: RunFailed) -> None:
        text = tr("An error stopped the training, and this run cannot continue. Begin a new run.")
        box = message(self._window, tr("The training has stopped"), text, fault=True)
        box.setDetailedText(change.details)
        box.open()
