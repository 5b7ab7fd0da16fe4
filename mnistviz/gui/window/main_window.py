"""The window: builds the views, owns the runs and the threads, and ticks the frame. It draws nothing itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QLocale, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QLabel,
    QMainWindow,
    QMessageBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mnistviz.engine.commands import Change, FinishEpoch, RestoreBest, Step
from mnistviz.engine.network import Network
from mnistviz.engine.observations import Record, findings
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.look import Look
from mnistviz.gui.common.messages import message, tell
from mnistviz.gui.common.scrolled_column import ScrolledColumn
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import ElidedLabel, View, engine_sentence, problem_sentence
from mnistviz.gui.curves.curves import Curves, RunCurves
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.lab.run_mirror import RunMirror
from mnistviz.gui.scratchpad.scratchpad import ScratchpadCard
from mnistviz.gui.scratchpad.verdict import Verdict
from mnistviz.gui.settings.settings_column import ControlPanel
from mnistviz.gui.units.unit_detail import UnitDetail
from mnistviz.gui.units.units import Units
from mnistviz.gui.window.documents import Documents, dropped_path
from mnistviz.gui.window.menus import Menus
from mnistviz.gui.window.stage import StageFile
from mnistviz.gui.window.transport import SPEEDS, Figures, Transport

FRAME = 33  # milliseconds
SELDOM = 100  # milliseconds between figures, and between curves, at full speed: nobody reads faster
NOTICE_EVERY = 15  # frames
ETA_EVERY = 4  # frames
MOST_PIXELS = 1 << 24  # of a widget's side, for Qt

log = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """Everything that a person sees at first. What it shows comes from the lab; gestures become its commands."""

    def __init__(
        self,
        stage_file: StageFile,
        *,
        data: Path | None = None,
        file: Path | None = None,
        log_file: Path | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self._stage_file = stage_file
        self._data_folder = data
        self._file_to_open = file
        self.log_file = log_file
        stage = stage_file.load()
        self._frames = 0
        self._notice_due = False
        self._frame = QTimer(self)
        self._frame.setTimerType(Qt.TimerType.PreciseTimer)
        self._frame.setInterval(FRAME)
        self._frame.timeout.connect(self._tick)
        self._between = QTimer(self)
        self._between.setSingleShot(True)
        self._between.timeout.connect(self._draw_curves_and_figures)

        self.look = Look(
            stage.get("look"), self
        )  # first: to style widgets that stand already takes far longer
        self.lab = Lab(self)
        self.documents = Documents(self.lab.jobs, stage_file.path.parent, self)
        self.recipes = RecipeBook(stage_file.path.with_name("recipes"), self)
        self._build()
        self.menus = Menus(self)
        self._connect()
        self._restore(stage)
        self._show_title()
        self._show_status()

    # Building

    def _build(self) -> None:
        self.transport = Transport(self.theme)
        self.controls = ControlPanel(self.theme, self.recipes)
        self.curves = Curves(self.theme)
        self.units = Units(self.theme)
        self.scratchpad = ScratchpadCard(self.theme)
        self.verdict = Verdict(self.theme)
        self.unit_detail = UnitDetail(self.theme, self.lab.jobs, self)

        self.middle = QSplitter(Qt.Orientation.Vertical)
        self.middle.setObjectName("middle_splitter")
        self.middle.addWidget(self.curves)
        self.middle.addWidget(self.units)
        self.middle.setStretchFactor(0, 3)
        self.middle.setStretchFactor(1, 2)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.scratchpad)
        column.addWidget(self.verdict, 1)
        self.right = ScrolledColumn(right)
        self.stage = QSplitter(Qt.Orientation.Horizontal)
        self.stage.setObjectName("stage_splitter")
        self.stage.setProperty("role", "stage")
        self.middle.setMinimumWidth(380)
        for index, panel in enumerate((self.controls, self.middle, self.right)):
            self.stage.addWidget(panel)
            self.stage.setStretchFactor(index, 1 if panel is self.middle else 0)
        for splitter in (self.stage, self.middle):
            splitter.setHandleWidth(10)
            splitter.setChildrenCollapsible(False)
        self.stage.setSizes([280, 812, 308])
        self.middle.setSizes([420, 290])

        body = QWidget()
        body.setProperty("role", "stage")
        around = QVBoxLayout(body)
        around.setContentsMargins(10, 10, 10, 4)
        around.addWidget(self.stage)
        central = QWidget()
        whole = QVBoxLayout(central)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.transport)
        whole.addWidget(body, 1)
        self.setCentralWidget(central)
        self.status = QLabel()
        self.status.setProperty("role", "statusText")
        self.status_right = QLabel()
        self.status_right.setProperty("role", "statusText")
        self.trouble = ElidedLabel()
        self.trouble.setObjectName("keeping_trouble")
        self.trouble.setProperty("role", "hint")
        self.trouble.setProperty("invalid", True)
        self.trouble.hide()
        self.status_right.setTextFormat(Qt.TextFormat.PlainText)  # the name of a folder
        self.statusBar().addWidget(self.status, 1)
        self.statusBar().addPermanentWidget(self.trouble)
        self.statusBar().addPermanentWidget(self.status_right)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().setContentsMargins(8, 0, 8, 0)
        self.resize(1440, 900)

    def _connect(self) -> None:
        lab, transport = self.lab, self.transport
        lab.news.connect(self._wake)
        lab.digits_loaded.connect(self._on_digits)
        lab.digits_refused.connect(self._on_digits_refused)
        lab.run_began.connect(self._on_run_began)
        lab.run_failed.connect(self._on_run_failed)
        lab.run_ends.connect(self.documents.keeper.end)
        self.documents.keeper.trouble_changed.connect(self._show_trouble)
        self.documents.opened.connect(self._on_network)
        self.documents.saved.connect(self._show_title)
        transport.play_action.triggered.connect(self.toggle_play)
        transport.step_action.triggered.connect(self._step_once)
        transport.epoch_action.triggered.connect(self._finish_epoch)
        transport.new_action.triggered.connect(self.new_run)
        transport.speed_changed.connect(self._on_speed)
        self.controls.live_changed.connect(self._on_live_change)
        self.controls.new_run_wanted.connect(self.new_run)
        self.controls.recipe_chosen.connect(self._on_recipe_chosen)
        self.controls.stopping_group.restore_best_wanted.connect(self.restore_best)
        self.scratchpad.pad.changed.connect(self._draw_verdict)
        self.units.unit_opened.connect(self.open_unit)
        self.look.changed.connect(self._apply_look)
        transport.enable(False)

    # Data

    def load_data(self, folder: Path | None = None) -> None:
        """Reads a data set in the background; without a folder, the one the program was started with."""
        self.status.setText(self.tr("Reading the digits …"))
        self.lab.load_digits(folder or self._data_folder)

    def load_bundled_data(self) -> None:
        """Reads the MNIST that came with the program."""
        self._data_folder = None
        self.load_data()

    def _on_digits(self) -> None:
        digits = self.lab.digits
        assert digits is not None
        self.scratchpad.set_digits(digits)
        self.unit_detail.set_digits(digits)
        self.units.set_classes(digits.classes)
        self.verdict.set_classes(digits.classes)
        self.controls.set_digits(digits)
        self.transport.enable(True)
        self.new_run()
        if self._file_to_open is not None:
            file, self._file_to_open = self._file_to_open, None
            self.documents.open(file)

    def _on_digits_refused(self, why: Problem | str, folder: Path | None) -> None:
        self._show_status()
        self._show_playing()
        text = problem_sentence(why) if isinstance(why, Problem) else why
        title = self.tr("The digits could not be read")
        if folder is None or self.lab.digits is not None:
            tell(self, title, text)
            return
        box = message(
            self, title, text + " " + self.tr("The program can go on with the digits that came with it.")
        )
        bundled = box.addButton(self.tr("Use the bundled digits"), QMessageBox.ButtonRole.AcceptRole)
        bundled.clicked.connect(self.load_bundled_data)
        box.addButton(QMessageBox.StandardButton.Close)
        box.open()

    # Runs

    def new_run(self) -> None:
        """Begins a run with the settings at the left; the last run's curves become the ghost."""
        try:
            settings = self.controls.settings().checked()
        except Problem as problem:
            tell(self, self.tr("This network can't be built"), problem_sentence(problem))
            return
        self.documents.path = None
        self.lab.begin(settings)

    def _on_run_began(self) -> None:
        run = self.lab.run
        assert run is not None
        for view in self._views():
            view.forget()
        self.controls.set_running(run.settings)
        self._notice_due = False
        self._show_playing()
        self._show_title()
        self._show_status()

    def toggle_play(self) -> None:
        """Starts, pauses, or, before the digits are there, remembers to start; after a fault, begins anew."""
        if self.lab.run is not None and self.lab.run.failed:
            self.new_run()
            return
        self.lab.toggle_play()
        self._show_playing()
        self._show_status()

    def _show_playing(self) -> None:
        run, waiting = self.lab.run, self.lab.play_when_ready
        self.transport.set_playing(
            waiting or (run is not None and run.playing),
            waiting=waiting,
            failed=run is not None and run.failed,
        )

    def _step_once(self) -> None:
        self.lab.send(Step(1))

    def _finish_epoch(self) -> None:
        self.lab.send(FinishEpoch())

    def _on_speed(self, rate: float | None) -> None:
        self.lab.set_rate(rate)
        self._show_status()

    def _on_live_change(self, values: dict[str, Any]) -> None:
        self.lab.send(Change(values))

    def _on_recipe_chosen(self) -> None:
        """A run that has not begun to learn has nothing to lose: the recipe takes its place at once."""
        run = self.lab.run
        if run is not None and run.step == 0 and not run.playing and not run.loaded:
            self.new_run()

    def start_recipe(self, title: str) -> None:
        """Begins a new run with a recipe, and lets it learn."""
        entry = self.recipes.find(title)
        if entry is None:
            return
        self.controls.show_settings(self.controls.recipes.fitted(entry))
        self.new_run()
        run = self.lab.run
        if not (self.lab.play_when_ready if run is None else run.playing):
            self.toggle_play()

    def restore_best(self) -> None:
        """Goes back to the weights that read the most validation digits at the end of an epoch."""
        self.lab.send(RestoreBest())

    def _on_run_failed(self, details: str) -> None:
        self._show_playing()
        self._show_status()
        text = self.tr("Something went wrong inside the training, and this run can't go on. Begin a new run.")
        box = message(self, self.tr("The training has stopped"), text)
        box.setDetailedText(details)
        box.open()

    # The frame

    def _wake(self) -> None:
        """Draws at once what comes after a rest, and then frame by frame."""
        if not self._frame.isActive():
            self._frame.start()
            self._tick()

    def _tick(self) -> None:
        """One frame: take what is new, draw it; rest when nothing is."""
        run = self.lab.run
        if run is None or not run.take():
            self._frame.stop()
            return
        self._draw_run(run)
        self._draw_verdict()
        assert self.lab.digits is not None
        self.documents.keeper.follow(run, self.lab.digits)

    def _draw_verdict(self) -> None:
        """In each frame, and at once after a stroke: the hand waits for no frame."""
        run, pad = self.lab.run, self.scratchpad.pad
        self.verdict.draw(
            None if run is None else run.moment,
            pad.picture,
            pad.true_label,
            loaded=run is not None and run.loaded,
        )

    def _draw_run(self, run: RunMirror) -> None:
        assert self.lab.digits is not None
        assert run.moment is not None
        moment = run.moment
        self._frames += 1
        hurried = run.playing and self.transport.speed_value() is None
        frame = self._frame.interval()
        if not hurried:
            self._draw_curves_and_figures()
        elif self._frames % max(1, round(SELDOM / frame)) == 0:
            self._between.start(frame // 2)  # what takes longest: between two frames it delays none
        self._show_playing()
        self.units.draw(moment)
        self.unit_detail.draw(moment)
        epochs = moment.digits / self.lab.epoch
        self.controls.draw(moment.settings, run.eta, epochs, run.best, follow=run.has_obeyed)
        self.menus.restore_best_action.setEnabled(run.best is not None)
        if self._frames % ETA_EVERY == 0 or not run.playing:
            self.controls.draw_eta()
        if self._frames % NOTICE_EVERY == 0 or not run.playing:
            self._notice_due = True
            self._show_status()
        if self._notice_due and len({evaluation.step for evaluation in run.evaluations.values()}) < 2:
            self._notice_due = False  # and while a new evaluation is half done, the old findings stay
            self._show_notice(run)

    def _draw_curves_and_figures(self) -> None:
        run = self.lab.run
        if run is not None and run.moment is not None:
            self._draw_curves()
            self._draw_figures(run)

    def _draw_figures(self, run: RunMirror) -> None:
        assert run.moment is not None
        epoch, moment, validation = self.lab.epoch, run.moment, run.evaluations.get("validation")
        self.transport.draw(
            Figures(
                epochs=moment.digits / epoch,
                mini_batches=moment.step,
                mini_batches_per_second=run.mini_batches_per_second(),
                cost=run.cost,
                accuracy=None if validation is None else validation.accuracy,
                accuracy_age=0 if validation is None else moment.step - validation.step,
                epoch_progress=moment.digits % epoch / epoch,
                l2_term=moment.network.l2_term(moment.settings.weight_decay, epoch),
            )
        )

    def _draw_curves(self) -> None:
        run, ghost = self.lab.run, self.lab.ghost
        shown = []
        if ghost is not None:
            epoch = self.lab.epoch_of(ghost)
            shown.append(RunCurves(self.tr("last run"), self.theme.ghost, True, ghost.history, epoch))
        if run is not None:
            hue, epoch = self.theme.runs[0], self.lab.epoch_of(run)
            shown.append(RunCurves(self.tr("this run"), hue, False, run.history, epoch))
        self.curves.draw(shown)

    def _show_notice(self, run: RunMirror) -> None:
        assert self.lab.digits is not None
        assert run.moment is not None
        found = findings(
            Record(
                run.history,
                run.moment.settings,
                self.lab.digits.classes,
                self.lab.epoch,
                run.evaluations,
                run.health,
                run.best,
                diverged=run.diverged,
                stopped=run.stopped,
            )
        )
        self.controls.notice.show_findings(found)

    def _show_status(self) -> None:
        digits, run = self.lab.digits, self.lab.run
        if digits is None:
            self.status.setText(self.tr("No digits are loaded."))
            self.status_right.setText("")
            return
        rate = self.transport.speed_value()
        if run is not None and run.failed:
            doing = self.tr("This run can't go on: press Space to begin a new one")
        elif run is None or not run.playing:
            doing = (
                self.tr("Paused: press Space to go on")
                if run and run.moment and run.moment.step
                else self.tr("Ready: press Space to start")
            )
        elif rate is None:
            doing = self.tr("Training at full speed")
        else:
            doing = self.tr("Training at {rate} mini-batches a second").format(
                rate=QLocale().toString(int(rate))
            )
        number = QLocale().toString
        self.status.setText(
            self.tr("{doing} · {training} training, {validation} validation, {test} test digits").format(
                doing=doing,
                training=number(len(digits.training)),
                validation=number(len(digits.validation)),
                test=number(len(digits.test)),
            )
        )
        self.status_right.setText(digits.name)

    def _show_trouble(self) -> None:
        """Says that runs are not kept; it stays there until they are again."""
        reason = self.documents.keeper.trouble
        self.trouble.setText(engine_sentence("run_not_kept", {"reason": reason}))
        self.trouble.setVisible(bool(reason))

    def open_unit(self, layer: int, unit: int) -> None:
        """Shows one unit large."""
        self.unit_detail.show_unit(layer, unit)
        if self.lab.run is not None and self.lab.run.moment is not None:
            self.unit_detail.draw(self.lab.run.moment)
        self.unit_detail.show()
        self.unit_detail.raise_()
        self.unit_detail.activateWindow()

    # Files

    def save_network(self) -> None:
        """Asks where to save the network of this moment."""
        self.documents.ask_save(self.lab.run, self.lab.digits)

    def ask_data(self) -> None:
        """Asks for the folder of another data set."""
        dialog = QFileDialog(self, self.tr("Open a data set: a folder with four files in the MNIST format"))
        dialog.setObjectName("file_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._load_chosen_data)
        dialog.open()

    def _load_chosen_data(self, folder: str) -> None:
        self.load_data(Path(folder))

    def _on_network(self, network: Network, path: Path) -> None:
        if self.lab.digits is None:
            self._file_to_open = path
            return
        try:
            self.lab.digits.check_fit(network.sizes)
        except Problem as problem:
            tell(self, self.tr("The network could not be opened"), problem_sentence(problem))
            return
        settings = replace(
            self.controls.settings(),
            sizes=network.sizes,
            seed=network.seed,
            activation=network.activation,
            output=network.output,
            cost=network.cost,
            start=network.start,
        )
        self.controls.show_settings(settings)
        self.documents.remember(path)  # first: the run that ends now may have to take the place of another
        self.lab.begin(settings, network)

    def default_settings(self) -> None:
        """Puts every control back to the book's first network."""
        defaults = Settings()
        sizes = (*defaults.sizes[:-1], self.controls.settings().sizes[-1])
        self.controls.apply({**asdict(defaults), "sizes": sizes})

    def report_exception(self, details: str) -> None:
        """Tells of a fault that nobody foresaw, once at a time, and goes on."""
        if not self.isVisible():
            return  # a message of a window that has closed would keep the program from ending
        if self.findChild(QMessageBox, "fault") is None:
            box = message(self, self.tr("Something went wrong"), self.tr(
                "The program goes on, but something may look wrong until a new run. "
                "The log file, in the Help menu, has the details."
            ))  # fmt: skip
            box.setObjectName("fault")
            box.setDetailedText(details)
            box.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_path(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_path(event.mimeData())
        if path is None:
            return
        event.acceptProposedAction()
        if path.is_dir():
            self.load_data(path)
        else:
            self.documents.open(path)

    # The look

    @property
    def theme(self) -> Theme:
        """The colours of now."""
        return self.look.theme

    def set_look(self, choice: str) -> None:
        """Follows the desktop ("system"), or is "light" or "dark" whatever it says."""
        self.look.choose(choice)
        self.menus.set_look(choice)

    def set_classroom(self, on: bool) -> None:
        """Full screen with larger text, for a class."""
        if on != self.isFullScreen():
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.look.enlarge(on)

    def _apply_look(self) -> None:
        for view in self._views():
            view.set_theme(self.theme)
        if self.lab.run is not None and self.lab.run.moment is not None:
            self._draw_run(self.lab.run)
        self._draw_verdict()

    def _views(self) -> tuple[View, ...]:
        return (
            self.transport, self.controls, self.curves, self.units, self.scratchpad, self.verdict, self.unit_detail
        )  # fmt: skip

    def _show_title(self) -> None:
        parts = []
        if self.lab.run is not None:
            parts.append("-".join(map(str, self.lab.run.settings.sizes)))
        if self.documents.path is not None:
            parts.append(self.documents.path.name)
        self.setWindowTitle(" · ".join(parts))

    # Keeping the stage

    def _stage(self) -> dict[str, Any]:
        return {
            "version": 1,
            "look": self.look.choice,
            "geometry": bytes(self.saveGeometry().toBase64().data()).decode(),
            "splitters": [self.stage.sizes(), self.middle.sizes()],
            "hidden": self.menus.hidden_panels(),
            "settings": asdict(self.controls.settings()),
            "speed": self.transport.speed_value(),
            "controls": self.controls.state(),
            "curves": self.curves.state(),
            "units": self.units.state(),
            "pad": self.scratchpad.pad.state(),
            "recent": self.documents.recent,
        }

    def _restore(self, stage: dict[str, Any]) -> None:
        """Takes up a kept stage; what makes no sense in it is passed over."""
        part = _parts_of(stage)
        geometry = stage.get("geometry")
        if isinstance(geometry, str):
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii", "ignore")))
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowFullScreen)
        for splitter, sizes in zip((self.stage, self.middle), part("splitters", list), strict=False):
            if isinstance(sizes, list) and all(
                type(size) is int and 0 <= size < MOST_PIXELS for size in sizes
            ):
                splitter.setSizes(sizes)
        self.menus.hide_panels(part("hidden", list))
        try:
            settings = Settings.from_mapping(part("settings", dict))
        except Problem:
            settings = Settings()
        self.controls.show_settings(settings)
        if stage.get("speed") in SPEEDS:
            self.transport.set_rate(stage.get("speed"))
        self.controls.restore(part("controls", dict))
        self.curves.restore(part("curves", dict))
        self.units.restore(part("units", dict))
        self.scratchpad.pad.restore(part("pad", dict))
        self.documents.restore_recent(part("recent", list))
        self.menus.set_look(self.look.choice)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The one way to end: keep what is to be kept, stop the threads, then go."""
        for step in (
            self._frame.stop,
            self._between.stop,
            self.lab.close,
            self._keep_run,
            self.documents.close,
            self._keep_stage,
            self.unit_detail.close,
        ):
            try:
                step()
            except Exception:  # whatever it is, the window closes, and what can be kept still is
                log.exception("closing goes on after a fault")
        super().closeEvent(event)

    def _keep_run(self) -> None:
        if self.lab.run is not None and self.lab.digits is not None:
            self.documents.keeper.end(self.lab.run, self.lab.digits)

    def _keep_stage(self) -> None:
        self._stage_file.save(self._stage())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QAbstractButton):
            focused.click()  # the space bar, which presses buttons elsewhere, starts and pauses here
        else:
            super().keyPressEvent(event)


def _parts_of(stage: dict[str, Any]) -> Callable[[str, type], Any]:
    """Looks up one part of a stage, as an empty one where it is missing or of another kind."""

    def part(name: str, kind: type) -> Any:
        value = stage.get(name)
        return value if isinstance(value, kind) else kind()

    return part
