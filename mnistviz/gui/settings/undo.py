"""What the user has changed of the settings, gesture by gesture, to undo and redo it."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMenuBar, QWidget
from shiboken6 import isValid

from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.common import setting_names
from mnistviz.gui.common.tooltips import explain
from mnistviz.gui.common.widgets import new_action
from mnistviz.gui.lab.run_names import setting

MOST = 200  # gestures that can be undone
MOST_NAMED = 2  # settings

Values = dict[str, Any]


@dataclass
class SettingsGesture:
    """The values of some settings before and after a gesture, by their names, and whether they were a plan."""

    before: Values
    after: Values
    planned_before: bool = False
    planned_after: bool = False


@dataclass
class _Gestures:
    """What was done to the settings of one run, and what of it was undone."""

    done: list[SettingsGesture] = field(default_factory=list)
    undone: list[SettingsGesture] = field(default_factory=list)


class Undo(QObject):
    """The gestures that were made, and those that were undone, with an action for each way. The text of an action says
    what it would change. Its keys act wherever the focus is, but for a panel that has an undo of its own.

    Each run has gestures of its own, by its number: what was set in one is never taken back in another.
    """

    stepped = Signal(str)  # a sentence that says what was taken back, or done again

    def __init__(
        self,
        now: Callable[[], Mapping[str, Any]],
        make: Callable[[SettingsGesture], object],
        drop: Callable[[], object],
        panel: QWidget,
    ) -> None:
        """`now` gives the values of all settings, which `panel` shows. `make` makes a gesture again, or the opposite of
        one; `drop` gives up what is planned, while one looks back."""
        super().__init__(panel)
        self._now, self._make, self._drop, self._panel = now, make, drop, panel
        self._run: int | None = None
        self._of_runs: dict[int | None, _Gestures] = {}
        self._its = _Gestures()  # of the selected run
        self._in_menu_bar: QWidget | None = None  # what had the focus before a menu took it
        self._key: Hashable = None
        self._past = self._planned = False
        self.number = 0
        """Of the newest gesture; undoing is one, too."""
        self.undo_action = self._action(
            "undo_setting", self.tr("Takes back the last change of a setting. The weights stay as they are."),
            self.back, "Ctrl+Z",
        )  # fmt: skip
        self.redo_action = self._action(
            "redo_setting", self.tr("Redoes the change that was undone."), self.forth, "Ctrl+Shift+Z", "Ctrl+Y",
        )  # fmt: skip
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._give_way)
        self._enable()

    def show_run(self, number: int | None, known: Container[int | None]) -> None:
        """Another run is selected: its own gestures are there again. Those of runs that have gone are forgotten."""
        if number == self._run:
            return
        before, self._run, self._key = self._run, number, None
        self._of_runs = {run: its for run, its in self._of_runs.items() if run in known or run == before}
        self._its = self._of_runs.setdefault(number, _Gestures())
        self._enable()

    def hand_on(self, number: int) -> None:
        """The selected run has taken the place of another one, which had learned nothing: its gestures go on."""
        if number != self._run and number in self._of_runs:
            self._its = self._of_runs[self._run] = self._of_runs.pop(number)
            self._enable()

    def look_back(self, past: bool, *, planned: bool) -> None:
        """While one looks back, gestures are a plan: none is kept, and going back gives all of it up."""
        self._past, self._planned = past, planned
        self._enable()

    def add(self, gesture: SettingsGesture, key: Hashable = None) -> None:
        """Takes a gesture. What comes with the `key` of the last one goes on with it."""
        if self._past:
            self._key = None
            return
        self._its.undone.clear()
        if key is not None and key == self._key:
            last = self._its.done[-1]
            last.before, last.after = gesture.before | last.before, last.after | gesture.after
            self._enable()
            return
        self._key = key
        self.number += 1
        self._its.done.append(gesture)
        del self._its.done[:-MOST]
        self._enable()

    def end_redo(self) -> None:
        """Something else was done since, after which what was undone is not done again."""
        self._its.undone.clear()
        self._enable()

    def back(self) -> None:
        """Wants the opposite of the last gesture; those that would change nothing now are passed over."""
        if self._past:
            self._drop()
            self.stepped.emit(self.tr("The plan is dropped."))
            return
        its = self._its  # the opposite may begin a run
        while its.done:
            gesture = its.done.pop()
            its.undone.append(gesture)
            opposite = SettingsGesture(
                gesture.after, gesture.before, gesture.planned_after, gesture.planned_before
            )
            if self._want(opposite):
                self.stepped.emit(self._says_back(gesture.before))
                return

    def forth(self) -> None:
        """Wants the gesture again that was undone last."""
        its = self._its
        while its.undone:
            gesture = its.undone.pop()
            its.done.append(gesture)
            if self._want(gesture):
                self.stepped.emit(self.tr("Again {settings}.").format(settings=self._named(gesture.after)))
                return

    def _want(self, gesture: SettingsGesture) -> bool:
        """Whether it would change anything; then it is wanted."""
        self._enable()
        if not self._differ(gesture.after):
            return False
        self._key = None
        self.number += 1
        self._make(gesture)
        return True

    def _differ(self, values: Values) -> bool:
        now = self._now()
        return any(now[name] != value for name, value in values.items())

    def _enable(self) -> None:
        """Says which of the two can be done, and what it would change."""
        done: Sequence[SettingsGesture] = ()
        undone: Sequence[SettingsGesture] = ()
        if not self._past:
            done = tuple(each for each in self._its.done if self._differ(each.before))
            undone = tuple(each for each in self._its.undone if self._differ(each.after))
        self.undo_action.setEnabled(self._planned if self._past else bool(done))
        self.redo_action.setEnabled(bool(undone))
        undo = self.tr("&Drop the plan") if self._past else self._undoes(done)
        for action, text in ((self.undo_action, undo), (self.redo_action, self._redoes(undone))):
            if action.text() != text:
                action.setText(text)

    def _says_back(self, values: Values) -> str:
        names = _named(values)
        if len(names) > MOST_NAMED:
            return self.tr("{count} settings are as they were before.").format(count=len(names))
        if len(names) == 1:
            name, value = setting_names.short(names[0]), setting_names.value(names[0], values[names[0]])
            return self.tr("{name} back to {value}.").format(name=name, value=value)
        return self.tr("Back to {settings}.").format(settings=self._named(values))

    def _undoes(self, gestures: Sequence[SettingsGesture]) -> str:
        if not gestures:
            return self.tr("&Undo setting (weights stay)")
        after = gestures[-1].after
        for_new_run = gestures[-1].planned_after or all(SETTINGS[name].new_run for name in after)
        text = self.tr("&Undo {settings}") if for_new_run else self.tr("&Undo {settings} (weights stay)")
        return text.format(settings=self._named(after))

    def _redoes(self, gestures: Sequence[SettingsGesture]) -> str:
        if not gestures:
            return self.tr("&Redo setting")
        return self.tr("&Redo {settings}").format(settings=self._named(gestures[-1].after))

    def _named(self, values: Values) -> str:
        """Some settings with their values, or how many there are."""
        names = _named(values)
        if len(names) > MOST_NAMED:
            return self.tr("{count} settings").format(count=len(names))
        return self.tr(", ").join(setting(name, values[name]) for name in names)

    def _give_way(self, before: QWidget | None, now: QWidget | None) -> None:
        """A panel that has an undo of its own keeps its keys."""
        if isinstance(now, QMenuBar):
            self._in_menu_bar = before
            now.installEventFilter(self)
        has_own = now is not None and not self._panel.isAncestorOf(now) and self._has_undo(now)
        context = (
            Qt.ShortcutContext.WidgetWithChildrenShortcut if has_own else Qt.ShortcutContext.WindowShortcut
        )
        for action in (self.undo_action, self.redo_action):
            if action.shortcutContext() != context:
                action.setShortcutContext(context)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A closed menu leaves the focus in the menu bar, where the actions of all panels would answer to one key: the
        focus goes back first."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and isinstance(watched, QMenuBar)
            and watched.hasFocus()
            and self._in_menu_bar is not None
            and isValid(self._in_menu_bar)
        ):
            keys = QKeySequence(event.keyCombination())
            if keys in (*self.undo_action.shortcuts(), *self.redo_action.shortcuts()):
                self._in_menu_bar.setFocus(Qt.FocusReason.MenuBarFocusReason)
        return super().eventFilter(watched, event)

    def _has_undo(self, widget: QWidget | None) -> bool:
        """Whether a widget, or one around it, has another action with the same keys."""
        mine = self.undo_action
        while widget is not None and not widget.isWindow():
            if any(each is not mine and each.shortcut() == mine.shortcut() for each in widget.actions()):
                return True
            widget = widget.parentWidget()
        return False

    def _action(self, name: str, tip: str, act: Callable[[], object], *keys: str) -> QAction:
        action = new_action(self, f"{name}_action", "", act=act)
        action.setShortcuts([QKeySequence(key) for key in keys])
        explain(action, tip, action.shortcut())
        self._panel.addAction(action)
        return action


def _named(values: Values) -> list[str]:
    """The settings that are named. η by hand ends its schedule, which goes without saying."""
    return [name for name in values if name != "schedule" or "eta" not in values]
