"""The main window: builds its parts and connects them, without painting itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, SignalInstance
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QWidget

from mnistviz.engine.experiment.experiment_file import SUFFIX as EXPERIMENT_SUFFIX
from mnistviz.engine.storage import SUFFIX
from mnistviz.gui.common.choices import Choices
from mnistviz.gui.common.focus_order import move_focus
from mnistviz.gui.common.layouts import column_of
from mnistviz.gui.common.look import Look
from mnistviz.gui.common.messages import report_fault
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import set_theme, theme
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind, RunFailed
from mnistviz.gui.lab.moment_words import where
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.window.action_book import ActionBook, Menus
from mnistviz.gui.window.action_conditions import Parts
from mnistviz.gui.window.actions import MENUS
from mnistviz.gui.window.announcer import Announcer
from mnistviz.gui.window.arrangement import Arrangement, Workspaces
from mnistviz.gui.window.data_sets import DataSets, holds_pictures
from mnistviz.gui.window.documents import Documents, dropped_path
from mnistviz.gui.window.experiments import Experiments
from mnistviz.gui.window.exports import Exports
from mnistviz.gui.window.first_start import FirstStart
from mnistviz.gui.window.frame import BuildingAhead, FrameTimer
from mnistviz.gui.window.help import Help
from mnistviz.gui.window.lab_and_ideas import LabAndIdeas
from mnistviz.gui.window.letters import Letters
from mnistviz.gui.window.line_offers import CopyLine, LuckLine, Pinning
from mnistviz.gui.window.message import Rank
from mnistviz.gui.window.run_list import RunList
from mnistviz.gui.window.scene import OF_SESSION, SceneFile, SceneKeeper, place_first
from mnistviz.gui.window.sessions import Sessions
from mnistviz.gui.window.steering import Steering
from mnistviz.gui.window.time_travel import LookingAhead, TimeTravel
from mnistviz.gui.window.views import (
    BOTTOM_LINE,
    COMPARE,
    CONTROLS,
    CURVES,
    FEWEST_PIXELS,
    IDEAS,
    LESSON,
    MISTAKES,
    NETWORK,
    PINS,
    TIMELINE,
    TRANSPORT,
    UNIT_DETAIL,
    ViewContext,
    ViewEntry,
    ViewPlace,
    Views,
    entries_of,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QSessionManager

    from mnistviz.gui.ideas.ideas import Ideas
    from mnistviz.gui.mistakes.mistakes_view import Mistakes
    from mnistviz.gui.network.unit.unit_detail import UnitDetail

log = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """The window of the program. It shows the state of the lab and turns the user's input into commands."""

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
        self._saved_scene = scene = scene_file.load()
        self.look = Look(scene.look, scene.text, self, hatched=scene.hatched)
        self.lab = Lab(self)
        self.recipes = RecipeBook(scene_file.path.with_name("recipes"), self)
        self.help = Help(self, log_file)
        self.action_book = ActionBook(MENUS, self)
        self._build(scene_file.path.parent, data)
        self.steering.file_to_open = file
        self._connect()
        self.look.dress()
        set_theme(theme(), self)  # which measures text
        self.arrangement.set_scale(self.look.scale)
        self.session.restore(scene.cleared() if self.sessions.is_set_aside else scene)
        self._show_look()
        self._show_title()
        self._show_run()
        self.network.picture.setFocus()  # so that the card's keys, such as T, work from the start

    @property
    def mistakes(self) -> Mistakes:
        return self.views[MISTAKES]

    @property
    def ideas(self) -> Ideas:
        return self.views[IDEAS]

    @property
    def unit_detail(self) -> UnitDetail:
        return self.views[UNIT_DETAIL]

    def _build(self, folder: Path, data: Path | None) -> None:
        lab, book = self.lab, self.action_book
        self._hand = hand = HandWork(lab, self, self._move_lesson)
        self._eta = EtaControl()
        self.views = views = Views(self._context(), self._place_late)
        self.transport, self.controls, self.curves = views[TRANSPORT], views[CONTROLS], views[CURVES]
        self.network, self.line, self.timeline = views[NETWORK], views[BOTTOM_LINE], views[TIMELINE]
        self.letters = Letters(self, self.network, book["letters_in_network"])
        self.curves.describe_by(lambda: where(lab.shown))
        self.documents = Documents(lab, folder, self.line.tell, self)
        self.exports = Exports(lab, views, book, self.documents.exporter, self.line.tell, self)
        self.pinning = Pinning(self.network.pad, lab, self.line, self)
        self.ahead = LookingAhead(lab, views, self._eta, book["what_next"], self)
        self.arrangement = Arrangement(views, book, lab.chosen, self._on_arranged)
        self.session = SceneKeeper(self, self.look, book, views, self.arrangement, self.documents, lab)
        self.steering = Steering(
            lab, self.controls, self.recipes, self.documents, self.line, self, self._focus_pad
        )
        self.sessions = Sessions(
            lab, self.controls, self.documents, self.steering, self.line, self, self.session.restore_view,
            self._clear_view,
        )  # fmt: skip
        self.data_sets = DataSets(lab, data or self.sessions.data_place, self.line, self)
        self.experiments = Experiments(
            lab, self.controls, self.documents, self.steering, self.line, self, self.session.restore_view,
            self._open_pixels,
        )  # fmt: skip
        self.time = TimeTravel(lab, views, book, self)
        self.run_list = RunList(lab, self.timeline.lanes, self.curves, self.line, self)
        self.luck, self.copy_line = LuckLine(lab, self.line, self), CopyLine(hand, self.line, self)
        self.workspaces = Workspaces(self.arrangement, views, book, lab.chosen, self._on_workspace)
        self.first = FirstStart(lab, self.network, self.curves, self.line, self._eta, self.steering, self)
        self.between = LabAndIdeas(
            lab, self.network, self.controls, self.steering, self.line,
            lambda: book.why_off("idea_try", lab.shown), book["what_next"].setChecked, self,
        )  # fmt: skip
        self.undo = self.line.order
        self.controls.history.order = self.undo
        self.undo.follow(self.network.pad, hand, standing=self.controls.history.plan)
        inside = QWidget()
        column_of(self.workspaces, self.line, spacing=0, inside=inside)
        self.setCentralWidget(inside)
        self.frame = FrameTimer(self.lab, views, self)
        self.announcer = Announcer(lab, self.network, self)
        self.building_ahead = BuildingAhead(views, self)
        parts = Parts(
            self, self.look, lab, self.documents, self.data_sets, self.recipes, self.help, book, views, hand,
            self.transport, self.controls, self.network, self.curves, self.exports, self.steering,
            self.experiments, self.sessions, self.time, self.run_list, self.workspaces, self.ahead,
            self.between, self.undo,
        )  # fmt: skip
        self.action_book.connect_to(parts, self.lab.yield_cpu)
        self._menus = menus = Menus(self.menuBar(), MENUS, parts, self.action_book, views)
        self.workspaces.set_actions(menus.of["lab"], menus.of["ideas"])
        place_first(self)

    def _context(self) -> ViewContext:
        return ViewContext(
            self, self.action_book, self.lab, self.recipes, self._eta, self._hand,
            digit=lambda: self.network.pad.digit,
            show_digit=lambda of, number: self.network.show_digit(of, number),
            show_large=lambda: self.network.open_some_unit(),
            offer_undo=lambda *message: self.line.offer_undo(*message),
            try_it=lambda: self.between.try_it(),
        )  # fmt: skip

    def _connect(self) -> None:
        """Connect what the window itself does; all else is connected where it belongs."""
        lab, documents, frame, lanes = self.lab, self.documents, self.frame, self.timeline.lanes
        pad, row, selection, tell = self.network.pad, self.network.row, self.network.selection, self.line.tell
        saver = documents.keeper
        saver.view, saver.place = partial(self.session.view, OF_SESSION), self.data_sets.place
        saver.looked, saver.show_troubles, saver.tell = self._save_scene_soon, self._show_status, tell
        documents.view = self.session.view
        signals: tuple[tuple[Callable[..., object], *tuple[SignalInstance, ...]], ...] = (
            (self._show_run, self.data_sets.reading_ended),
            (self._show_title, documents.saved),
            (self._show_actions, frame.settled, selection.unit_chosen, row.widened),
            (self._show_status, frame.settled, self.action_book["what_next"].toggled, lanes.scrolled),
            (self._fit, lanes.height_changed),
            (self._on_workspace, self.action_book["calm"].toggled),
            (self.experiments.report_beliefs, frame.drawn),
            (self.announcer.look, frame.settled, pad.stepped, pad.changed),
            *((look, frame.taken) for look in (saver.follow, self.first.look, self.session.again.look)),
            (saver.touch, pad.changed, self.controls.was_set),
            (self._show_plan, self.controls.foot.changed),
            (self._focus_pad, self.controls.foot.used),
            (self.open_unit, self.network.unit_opened),
            (lab.prioritise, row.reader.hurries),
            (lab.training.controls.hold_off, self.transport.play_button.pressed),
            (lab.yield_cpu, self.transport.play_button.released),
            (self._make_way, self.look.about_to_change),
            (self._apply_look, self.look.changed),
            (self._on_drawing, pad.changed, row.widened),
            (self._on_why, self.line.message.why_button.clicked),
            (self._report_framing, pad.centred_action.triggered),
            (lambda: tell(tr("The last step on the scratchpad is taken back.")), pad.undo_action.triggered),
            (lambda: tell(tr("The step on the scratchpad is there again.")), pad.redo_action.triggered),
            *((self.line.refuse, control.refused_later) for control in self.controls.by_name.values()),
        )
        for act, *emitted in signals:
            for signal in emitted:
                signal.connect(act)
        for part in ("controls", "layers", "pins"):
            lab.chosen.listen(part, self._show_actions)
        for part in Choices.__struct_fields__:
            lab.chosen.listen(part, saver.touch)
        for part in ("curves", "mistakes"):
            lab.chosen.listen(part, self._build_chosen)
        self.controls.set_line(self.line.plan_place)
        for kind, *acts in (
            (ChangeKind.DIGITS, self._on_digits),
            (ChangeKind.SELECTED, self._on_selected),
            (ChangeKind.BEGAN, self._on_began),
            (ChangeKind.STEERED, self._show_run),
            (ChangeKind.RUNS, self._show_title, self._show_actions),
            (ChangeKind.IN_CARD, lambda: self.network.show_in_card(lab.in_card), self._show_actions),
            (ChangeKind.STAND_IN, saver.touch),
            (ChangeKind.MOVED, lambda: self.timeline.draw(lab.shown), self._show_run, saver.touch),
        ):
            for each in acts:
                lab.listen(kind, each)
        lab.listen(RunFailed, self._show_run)

    def _place_late(self, entry: ViewEntry[Any], view: Any) -> None:
        match entry.place:
            case ViewPlace.LOWER:
                self.arrangement.tabs.add(entry.id, view)
            case ViewPlace.IN_CURVES if entry is COMPARE:
                self.curves.add_substitute("table", view)
            case ViewPlace.IN_CURVES:
                self.ahead.take_futures(view)
            case ViewPlace.IN_MISTAKES:
                self.mistakes.add_pinned(view)
            case ViewPlace.IDEAS:
                self.workspaces.take_ideas(view)
        if entry is UNIT_DETAIL:
            from mnistviz.gui.network.unit.unit_dock import UnitDock

            self.unit_dock = UnitDock(self.network, view, self)
        self._menus.take_view(entry.id)

    def _build_chosen(self) -> None:
        now = self.lab.chosen.now
        if now.curves.view == "table":
            self.views.build(COMPARE.id)
        if now.mistakes.overview == "pinned":
            self.views.build(PINS.id)

    def _on_drawing(self) -> None:
        if self.views.is_seen(FEWEST_PIXELS.id):
            self.views[FEWEST_PIXELS].take_drawing()

    def _report_framing(self, centred: bool) -> None:
        again = tr("Drawings are scaled and centred again, as MNIST's digits are.")
        ends = tr("The network now gets a drawing where you draw it, not centred. M ends that.")
        self.line.tell(again if centred else ends)

    def _show_plan(self) -> None:
        self.line.catch_up()
        self.arrangement.edge.show_waiting(self.controls.foot.words.waits)

    def _focus_pad(self) -> None:
        """Move the focus to the scratchpad: the button that had it may be hidden."""
        if self.network.pad.isVisible():
            self.network.pad.setFocus()

    def _fit(self) -> None:
        self.arrangement.fit(self.width())
        self._show_status()

    def _on_arranged(self) -> None:
        self.frame.draw()
        self._show_actions()

    def _on_workspace(self) -> None:
        """Draw less often while the ideas are shown; the lab keeps training."""
        self.frame.set_pace(in_ideas=self.workspaces.in_ideas, calm=self.action_book["calm"].isChecked())
        self.line.set_calm(self.workspaces.in_ideas)
        self.frame.draw()

    def _on_digits(self) -> None:
        digits = self.lab.digits
        assert digits is not None
        self.views.set_digits(digits)
        self.frame.draw()
        self._show_title()
        self._show_run()
        self.sessions.begin()
        self.building_ahead.start()

    def _on_began(self) -> None:
        """Clear the chosen output in a new run, but not in a branch, which has the same outputs."""
        if (run := self.lab.run) is not None and run.parent is None and run.number > 1:
            self.network.selection.choose_output(None)

    def _on_selected(self) -> None:
        self.frame.draw()
        self._fit()  # another network may need another size
        self.transport.draw(self.lab.shown)

    def _open_pixels(self, number: int) -> None:
        self.network.show_digit("test", number)
        self.views[FEWEST_PIXELS].open(self.network)

    def _move_lesson(self) -> None:
        if self.views.is_seen(LESSON.id):
            lesson = self.views[LESSON]
            place, top = lesson.frameGeometry(), self.arrangement.tabs.mapToGlobal(QPoint(0, 0)).y()
            highest = self.screen().availableGeometry().top()
            lesson.move(place.left(), max(highest, min(place.top(), top - place.height())))

    def open_unit(self, layer: int, unit: int) -> None:
        """Show a unit large."""
        self.unit_detail.draw(self.lab.shown)
        self.unit_dock.open(layer, unit)

    def _show_run(self) -> None:
        self.transport.draw(self.lab.shown)
        self._show_status()
        self._show_actions()

    def _show_actions(self) -> None:
        shown, run = self.lab.shown, self.lab.run
        if run is not None and len(run.settings.sizes) > 3:
            self.lab.chosen.choose("layers", opened=True)
        self._hand.draw(shown)  # its actions are in the menu even if no unit is shown large
        self.action_book.show(shown)
        self.time.show()

    def _show_status(self) -> None:
        shown, status = self.lab.shown, self.line.status
        status.show_run(shown, self.timeline.lanes.out_of_view, looks_ahead=self.ahead.is_on)
        self.line.say(Rank.FAULT, status.faults(shown, self.documents.keeper.troubles))

    def _on_why(self) -> None:
        """Offer the tab of the layers beside the reason of a notice of saturation."""
        if self.line.notices.finds("layer_saturated", "layer_dead"):
            self.lab.chosen.choose("layers", opened=True)

    def _show_title(self) -> None:
        parts = []
        if self.lab.run is not None:
            if len(self.lab.runs.open) > 1:
                parts.append(self.lab.run.letter)
            parts.append("-".join(map(str, self.lab.run.settings.sizes)))
        if self.documents.path is not None:
            parts.append(self.documents.path.name)
        self.setWindowTitle(" · ".join(parts))

    def report_exception(self, details: str) -> None:
        if self.isVisible():  # a message box of a closed window would keep the program alive
            report_fault(self, details)

    def _make_way(self) -> None:
        self.lab.yield_cpu()
        if self.views.is_built(IDEAS.id):
            self.ideas.detach_hidden()

    def _show_look(self) -> None:
        self.action_book.choose("look", self.look.choice)
        self.action_book.choose("text", str(self.look.text))

    def _apply_look(self) -> None:
        self._show_look()
        set_theme(theme(), self)
        self.arrangement.set_scale(self.look.scale)
        self.workspaces.align()
        self.frame.draw()

    def _clear_view(self) -> None:
        self.session.clear_view()
        self.first.begin_again()

    def _save_scene_soon(self) -> None:
        """Save the scene in the background, so that a killed program loses nothing of it."""
        if (scene := self.session.scene()) != self._saved_scene:
            self._saved_scene = scene
            self.documents.writer.write(partial(self._scene_file.save, scene), slot=self._scene_file.path)

    def _end_pages(self) -> None:
        if self.views.is_built(IDEAS.id):
            self.ideas.close_pages()

    def _close_windows(self) -> None:
        for entry in entries_of(ViewPlace.OWN_WINDOW):
            if self.views.is_built(entry.id):
                self.views.widget(entry.id).close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save everything, stop the threads and close; or ask first whether to."""
        if self.sessions.ask_to_close():
            event.ignore()
            return
        for step in (
            self.documents.keeper.remember_view,
            self.building_ahead.stop,
            self.frame.close,
            self._end_pages,
            self.lab.close,
            self.documents.close,
            self.sessions.close,
            self.exports.close,
            lambda: self._scene_file.save(self.session.scene()),
            self._close_windows,
        ):
            try:
                step()
            except Exception:  # close in any case, and save what can be saved
                log.exception("closing goes on after a fault")
        super().closeEvent(event)

    def close_with_session(self, manager: QSessionManager) -> None:
        """Close as the session of the desktop ends, which waits if that is to be asked first."""
        if not self.close():
            manager.cancel()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.lab.yield_cpu()  # all parts are laid out and drawn again
        super().resizeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_path(event.mimeData()) is not None or self.network.row.pictures.takes(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if (path := dropped_path(event.mimeData())) is None:
            if self.network.row.pictures.take(event.mimeData()):
                event.acceptProposedAction()
            return
        event.acceptProposedAction()
        self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Open a file or folder, whatever it holds."""
        if path.is_dir() or path.suffix not in (SUFFIX, EXPERIMENT_SUFFIX):
            self.data_sets.load(path)
        elif path.suffix == EXPERIMENT_SUFFIX:
            self.documents.open(path)
        else:
            self.lab.jobs.ask(
                "dropped",
                lambda cancelled: holds_pictures(path),
                lambda holds: self.data_sets.load(path) if holds else self.documents.open(path),
                lambda error: self.documents.open(path),
                quick=True,
            )

    def _refuse(self, keys: QKeySequence) -> bool:
        """Report why the action with these keys cannot act now; return False if there is no reason."""
        if (why := self._why_not(keys)) and not self.line.recall(Rank.COPY):
            self.line.refuse(why, holds=lambda: bool(self._why_not(keys)))
        return bool(why)

    def _why_not(self, keys: QKeySequence) -> str:
        return "" if self.workspaces.in_ideas else self.action_book.reason_off(keys, self.lab.shown)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return move_focus(self, forward=forward) or bool(super().focusNextPrevChild(forward))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape and (
            self.time.cancel()
            or (self.curves.isVisible() and self.ahead.end())
            or self.arrangement.restore_halves()
            or self.network.let_go()
            or self.copy_line.put_back()
        ):
            return
        keys, clear = QKeySequence(event.keyCombination()), self.network.pad.clear_action
        if not self.letters.are_idle(event) and self._refuse(keys):
            return
        if keys in clear.shortcuts() and clear.isEnabled():  # the focused widget has not used it
            clear.trigger()
            self._focus_pad()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QAbstractButton):
            focused.click()  # as the space bar, which usually presses buttons, starts and pauses here
        else:
            super().keyPressEvent(event)
