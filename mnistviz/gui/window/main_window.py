"""The window: builds its parts and joins them. It draws nothing itself."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QVBoxLayout, QWidget

from mnistviz.gui.common.look import Look
from mnistviz.gui.common.messages import tell_fault
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.ideas.ideas import Ideas
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.unit.unit_detail import UnitDetail
from mnistviz.gui.network.unit.unit_dock import UnitDock
from mnistviz.gui.runs.chips import RunChips
from mnistviz.gui.settings.settings_column import ControlPanel
from mnistviz.gui.timeline.timeline import Timeline
from mnistviz.gui.window.action_book import ActionBook, Menus
from mnistviz.gui.window.actions import MENUS, Parts
from mnistviz.gui.window.arrangement import Arrangement
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.data_sets import DataSets
from mnistviz.gui.window.documents import Documents, dropped_path
from mnistviz.gui.window.exports import Exports
from mnistviz.gui.window.frame import FrameTimer
from mnistviz.gui.window.help import Help
from mnistviz.gui.window.placement import place_first
from mnistviz.gui.window.run_list import RunList
from mnistviz.gui.window.scene import SceneFile
from mnistviz.gui.window.scene_keeper import SceneKeeper
from mnistviz.gui.window.status_message import Rank
from mnistviz.gui.window.steering import Steering
from mnistviz.gui.window.time_travel import TimeTravel
from mnistviz.gui.window.transport import Transport
from mnistviz.gui.window.views import ViewContext, Views
from mnistviz.gui.window.workspaces import Workspaces, WorkspaceSwitch

log = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """Everything that a person sees at first. What it shows comes from the lab; gestures become its commands."""

    def __init__(
        self,
        scene_file: SceneFile,
        *,
        data: Path | None = None,
        file: Path | None = None,
        log_file: Path | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self._scene_file = scene_file
        scene = scene_file.load()
        self.look = Look(scene.get("look"), scene.get("larger_text"), self)
        self.lab = Lab(self)
        self.documents = Documents(self.lab.jobs, scene_file.path.parent, self)
        self.data_sets = DataSets(self.lab, data, self)
        self.recipes = RecipeBook(scene_file.path.with_name("recipes"), self)
        self.help = Help(self, self.look, log_file)
        self.action_book = ActionBook(MENUS, self)
        self._build()
        self.steering.file_to_open = file
        self._connect()
        self.look.dress()
        self.views.set_theme(self.theme)  # which measures text
        self.arrangement.set_theme(self.theme, larger_text=self.look.is_large)
        self.session.restore(scene)
        self.action_book.choose("look", self.look.choice)
        self._show_title()
        self._show_run()
        self.network.picture.setFocus()  # the keys of the card, such as T, act from the start

    # Building

    def _build(self) -> None:
        self.views = views = Views(ViewContext(self, self.theme, self.action_book, self.lab, self.recipes))
        self.transport, self.controls, self.curves = (
            views.of(Transport), views.of(ControlPanel), views.of(Curves)
        )  # fmt: skip
        self.network, self.unit_detail = views.of(NetworkCard), views.of(UnitDetail)
        self.line, self.timeline = views.of(BottomLine), views.of(Timeline)
        self.transport.place_eta(self.controls.eta)
        self.exports = Exports(self.lab, views, self.action_book, self.documents.writer, self)
        self.unit_dock = UnitDock(self.network, self.unit_detail, self)
        self.steering = Steering(self.lab, self.controls, self.recipes, self.documents, self)
        self.time = TimeTravel(self.lab, views, self.action_book, self)
        self.new_run, self.toggle_play = self.steering.new_run, self.steering.toggle_play
        self.start_recipe, self.load_data = self.steering.start_recipe, self.data_sets.load
        self.set_look = self.look.choose
        self.arrangement = Arrangement(views, self.action_book)
        self.chips = views.of(RunChips)
        self.run_list = RunList(self.lab, self.chips, self.curves, self.line, self)
        self.controls.elsewhere = self.arrangement.foot
        self.ideas = views.of(Ideas)
        self.ideas.drawing = lambda: None if self.network.pad.is_wide else self.network.pad.picture
        self.workspaces = Workspaces(self.arrangement, self.ideas, self.action_book)
        self.transport.place_switch(WorkspaceSwitch(self.action_book, "lab"))
        self._place(self.workspaces, self.line)
        self.session = SceneKeeper(
            self, self.look, self.action_book, views, self.arrangement, self.workspaces, self.documents
        )
        self.frame = FrameTimer(self.lab, views, self)
        parts = self._parts()
        self.action_book.connect_to(parts, self.lab.make_way)
        menus = Menus(self.menuBar(), MENUS, parts, self.action_book)
        self.workspaces.set_actions(menus.of["lab"], menus.of["ideas"])
        place_first(self)

    def _parts(self) -> Parts:
        return Parts(
            self,
            self.look,
            self.lab,
            self.documents,
            self.data_sets,
            self.recipes,
            self.help,
            self.views,
            self.transport,
            self.controls,
            self.network,
            self.curves,
            self.exports,
            self.steering,
            self.time,
            self.run_list,
            self.workspaces,
            self.ideas,
        )

    def _place(self, *one_above_another: QWidget) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in one_above_another:
            column.addWidget(part)
        self.setCentralWidget(inside)

    def _connect(self) -> None:
        lab, documents, frame = self.lab, self.documents, self.frame
        lab.news.connect(frame.wake)
        lab.digits_loaded.connect(self._on_digits)
        lab.selected.connect(self._on_selected)
        lab.playhead.moved.connect(self._on_moved)
        lab.runs_changed.connect(frame.ask)  # a hue or a name may be another
        lab.playhead.moment_changed.connect(frame.ask)
        self.time.told.connect(self.line.tell)
        self.steering.told.connect(self.line.tell)
        lab.run_ends.connect(documents.keeper.end)
        frame.drawn.connect(self._show_playing)
        frame.settled.connect(self._show_status)
        frame.taken.connect(documents.keeper.follow)
        frame.settled.connect(self._show_actions)
        self.data_sets.reading.connect(self.line.status.show_reading)
        self.data_sets.refused.connect(self._show_run)
        documents.keeper.trouble_changed.connect(self._show_status)
        documents.saved.connect(self._show_title)
        self.exports.told.connect(self.line.tell)
        self.data_sets.told.connect(self.line.tell)
        documents.saved.connect(self._tell_saved)
        self.steering.changed.connect(self._show_run)
        self.transport.speed_changed.connect(self.steering.set_rate)
        self.line.apply_wanted.connect(self.steering.apply)
        self.controls.recipes.deleted.connect(self.line.offer_undo)
        self.network.unit_opened.connect(self.open_unit)
        self.network.room_wanted.connect(lambda: self.arrangement.fit(self.width()))
        self.look.about_to_change.connect(lab.make_way)
        self.look.changed.connect(self._apply_look)
        self.arrangement.changed.connect(frame.draw)
        self.chips.shown_changed.connect(lambda: self.arrangement.fit(self.width()))
        lab.runs_changed.connect(self._show_title)
        lab.runs_changed.connect(self._show_actions)
        self.workspaces.changed.connect(self._on_workspace)

    def _on_workspace(self) -> None:
        """The lab trains on while one is away; its views are drawn when one comes back."""
        self.frame.set_calm(self.workspaces.in_ideas)
        self.line.set_calm(self.workspaces.in_ideas)
        self.frame.draw()

    # Digits, networks, runs

    def _on_digits(self) -> None:
        digits = self.lab.digits
        assert digits is not None
        self.views.set_digits(digits)
        self.frame.draw()
        self._show_title()
        self._show_run()
        self.steering.begin()

    def _on_selected(self) -> None:
        self.frame.draw()
        self.arrangement.fit(self.width())  # another network may need more room, or less
        self._show_title()
        self._show_run()

    def _on_moved(self) -> None:
        """One looks elsewhere, or the film has begun or stopped."""
        self.timeline.draw(self.lab.shown)
        self._show_run()
        self.frame.ask()

    def open_unit(self, layer: int, unit: int) -> None:
        """Shows one unit large."""
        self.unit_detail.draw(self.lab.shown)
        self.unit_dock.open(layer, unit)

    # What the window says itself

    def _show_run(self) -> None:
        self._show_playing()
        self._show_status()
        self._show_actions()

    def _show_actions(self) -> None:
        self.action_book.show(self.lab.shown)
        self.time.show()

    def _show_playing(self) -> None:
        run, waiting = self.lab.run, self.lab.play_when_ready
        self.transport.set_playing(
            self._plays(waiting),
            waiting=waiting,
            failed=run is not None and run.failed,
            past=not self.lab.playhead.live,
        )

    def _plays(self, waiting: bool) -> bool:
        """Whether the start button stops something: the film in the past, at the end the training."""
        run, playhead = self.lab.run, self.lab.playhead
        if not playhead.live:
            return playhead.filming
        return waiting or (run is not None and run.playing)

    def _tell_saved(self, path: Path) -> None:
        self.line.tell(self.tr("Saved: {file}").format(file=path.name))

    def _show_status(self) -> None:
        shown, status = self.lab.shown, self.line.status
        status.show_run(shown, self.transport.speed_value())
        self.line.say(Rank.FAULT, status.faults(shown, self.documents.keeper.troubles))

    def _show_title(self) -> None:
        parts = []
        if self.lab.run is not None:
            if len(self.lab.runs) > 1:
                parts.append(self.lab.run.letter)
            parts.append("-".join(map(str, self.lab.run.settings.sizes)))
        if self.documents.path is not None:
            parts.append(self.documents.path.name)
        self.setWindowTitle(" · ".join(parts))

    def report_exception(self, details: str) -> None:
        """Tells of a fault that nobody foresaw, once at a time, and goes on."""
        if self.isVisible():  # a message of a window that has closed would keep the program from ending
            tell_fault(self, details)

    # The look

    @property
    def theme(self) -> Theme:
        """The colours of now."""
        return self.look.theme

    def _apply_look(self) -> None:
        self.action_book.choose("look", self.look.choice)
        self.views.set_theme(self.theme)
        self.arrangement.set_theme(self.theme, larger_text=self.look.is_large)
        self.frame.draw()

    # What is kept

    def _keep_run(self) -> None:
        for run in self.lab.runs:
            if self.lab.digits is not None:
                self.documents.keeper.end(run, self.lab.digits)

    def _keep_scene(self) -> None:
        self._scene_file.save(self.session.scene())

    # Events

    def closeEvent(self, event: QCloseEvent) -> None:
        """The one way to end: keep what is to be kept, stop the threads, then go."""
        for step in (
            self.frame.close,
            self.ideas.close_jobs,
            self.lab.close,
            self._keep_run,
            self.documents.close,
            self.exports.close,
            self._keep_scene,
            self.unit_detail.close,
        ):
            try:
                step()
            except Exception:  # whatever it is, the window closes, and what can be kept still is
                log.exception("closing goes on after a fault")
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.lab.make_way()  # all parts are laid out and drawn anew
        super().resizeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_path(event.mimeData()) is not None or self.network.row.pictures.takes(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_path(event.mimeData())
        if path is None:
            if self.network.row.pictures.take(event.mimeData()):
                event.acceptProposedAction()
            return
        event.acceptProposedAction()
        if path.is_dir():
            self.load_data(path)
        else:
            self.documents.open(path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape and (
            self.time.cancel() or self.arrangement.make_small() or self.network.let_go()
        ):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QAbstractButton):
            focused.click()  # the space bar, which presses buttons elsewhere, starts and pauses here
        else:
            super().keyPressEvent(event)
