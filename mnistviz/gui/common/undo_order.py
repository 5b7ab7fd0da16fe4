"""Ctrl+Z: takes back what was done last, wherever that was."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from msgspec import Struct
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.widgets import new_action

MOST = 200  # steps in order


def always() -> bool:
    return True


class UndoSource(Protocol):
    """A part of the window that keeps undo steps of its own; it calls `did` for each new one."""

    did: Callable[[], object]
    undo_action: QAction
    redo_action: QAction


class Direction(Struct, frozen=True):
    """One direction of a step: its words in the menu, its effect, and whether it is still possible."""

    text: Callable[[], str]
    go: Callable[[], object]
    can: Callable[[], bool] = always


class UndoStep(Struct, eq=False):
    """One thing that the user did: the way back and, perhaps, forth again."""

    back: Direction
    forth: Direction | None = None
    source: UndoSource | None = None
    taken_back: bool = False


class UndoOrder(QObject):
    """All that was done, in order. Its actions undo the last step or redo the last undone one, in that step's words."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sources: tuple[UndoSource, ...] = ()
        self._standing: list[UndoStep] = []
        self._done: list[UndoStep] = []
        self._undone: list[UndoStep] = []
        self._inside = False  # a step: what it does is no step of its own
        self._words = tr("&Undo"), tr("&Redo")
        undo_tip = tr("Takes back what you did last.")
        redo_tip = tr("Redoes what you took back last.")
        undo, redo = (partial(self._trigger, of_undo) for of_undo in (True, False))
        self.undo_action = new_action(self, "undo_action", self._words[0], undo_tip, "Ctrl+Z", act=undo)
        self.redo_action = new_action(self, "redo_action", self._words[1], redo_tip, "Ctrl+Shift+Z", act=redo)
        self.redo_action.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        for action in (self.undo_action, self.redo_action):
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        self.show()

    def follow(self, *sources: UndoSource, standing: UndoStep) -> None:
        """Follow parts of the window. The `standing` step can be undone even if it is not in order."""
        self._sources, self._standing = sources, [standing]
        for source in sources:
            source.did = partial(self._on_did, source)
            for own, of_undo in ((source.undo_action, True), (source.redo_action, False)):
                own.triggered.connect(partial(self._on_own, source, of_undo))
                own.changed.connect(self.show)
        self.show()

    def add(
        self,
        what: str,
        undo: Callable[[], object],
        can_undo: Callable[[], bool] = always,
        redo: Callable[[], object] | None = None,
        can_redo: Callable[[], bool] = always,
    ) -> UndoStep:
        """Return the step of what was done, in the words of the menu, which is now the last one."""
        what = what.removesuffix(".")
        back = Direction(partial(tr("&Undo: {what}").format, what=what), undo, can_undo)
        forth = Direction(partial(tr("&Redo: {what}").format, what=what), redo, can_redo) if redo else None
        return self.push(UndoStep(back, forth))

    def push(self, step: UndoStep) -> UndoStep:
        if not self._inside:
            self._done.append(step)
            del self._done[:-MOST]
            self._undone.clear()
            self.show()
        return step

    def take(self, step: UndoStep) -> None:
        """Undo a step, even if it is not the last one."""
        self._go(step, True)

    def clear(self) -> None:
        self._done, self._undone = [], []
        self.show()

    def forget(self, step: UndoStep) -> None:
        """Forget a step that can't be undone any more, and all before it."""
        if step in self._done:
            del self._done[: self._done.index(step) + 1]
            self.show()

    def together(self, act: Callable[[], object]) -> Callable[[], None]:
        """Do several things that become part of one step, and return how all of them are undone."""
        count = len(self._done)
        act()
        steps = self._done[count:]
        del self._done[count:]

        def undo() -> None:
            for step in reversed(steps):
                if step.back.can():
                    step.back.go()

        return undo

    def show(self) -> None:
        actions = (self.undo_action, True), (self.redo_action, False)
        for (action, of_undo), words in zip(actions, self._words, strict=True):
            way = self._direction(self._next(of_undo), of_undo)
            action.setEnabled(way is not None)
            action.setText(words if way is None else way.text())

    def _next(self, of_undo: bool) -> UndoStep | None:
        """Return the step to undo or redo next; without one in order, one of a source from before."""
        steps = (
            [*reversed(self._done), *self._standing, *map(_step_of, self._sources)]
            if of_undo
            else self._undone[::-1]
        )
        return next((step for step in steps if (way := self._direction(step, of_undo)) and way.can()), None)

    def _direction(self, step: UndoStep | None, of_undo: bool) -> Direction | None:
        return None if step is None else step.back if of_undo else step.forth

    def _trigger(self, of_undo: bool) -> None:
        if (step := self._next(of_undo)) is not None:
            self._go(step, of_undo)

    def _go(self, step: UndoStep, of_undo: bool) -> None:
        way = self._direction(step, of_undo)
        assert way is not None
        self._inside, step.taken_back = True, of_undo
        try:
            way.go()
        finally:
            self._inside = False
        self._move(step, of_undo)

    def _move(self, step: UndoStep, of_undo: bool) -> None:
        before, after = (self._done, self._undone) if of_undo else (self._undone, self._done)
        if step in before:
            before.remove(step)
        if step.forth is None:
            self._undone.clear()  # what was undone before it would come back out of order
        else:
            after.append(step)
        self.show()

    def _on_did(self, source: UndoSource) -> None:
        self.push(_step_of(source))

    def _on_own(self, source: UndoSource, of_undo: bool, _on: bool = False) -> None:
        """Follow an action of a source that was used by itself."""
        if not self._inside:
            steps = reversed(self._done if of_undo else self._undone)
            self._move(next((step for step in steps if step.source is source), _step_of(source)), of_undo)


def _step_of(source: UndoSource) -> UndoStep:
    actions = source.undo_action, source.redo_action
    back, forth = (Direction(each.text, each.trigger, each.isEnabled) for each in actions)
    return UndoStep(back, forth, source)
