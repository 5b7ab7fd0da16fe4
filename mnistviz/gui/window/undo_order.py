"""Ctrl+Z: takes back what was done last, wherever that was."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.widgets import new_action

MOST = 500  # steps in order


class UndoSource(Protocol):
    """A part of the window that keeps undo steps of its own, perhaps with a `redo_action`; it calls `did` for each new
    one."""

    did: Callable[[], object]
    undo_action: QAction


class UndoOrder(QObject):
    """The order of the steps in all sources. Its actions undo the last one that can be undone, and redo the last one
    that was undone, with the words of its source."""

    def __init__(self, window: QWidget, *sources: UndoSource) -> None:
        super().__init__(window)
        self._sources = sources
        self._done: list[UndoSource] = []
        self._undone: list[UndoSource] = []
        self._words = self.tr("&Undo"), self.tr("&Redo")
        undo_tip, redo_tip = (
            self.tr("Takes back what you did last."),
            self.tr("Redoes what you took back last."),
        )
        undo, redo = (partial(self._trigger, of_undo) for of_undo in (True, False))
        self.undo_action = new_action(self, "undo_action", self._words[0], undo_tip, "Ctrl+Z", act=undo)
        self.redo_action = new_action(self, "redo_action", self._words[1], redo_tip, "Ctrl+Shift+Z", act=redo)
        self.redo_action.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        for action in (self.undo_action, self.redo_action):
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        for source in sources:
            source.did = partial(self._on_did, source)
            for own, before, after in (
                (source.undo_action, self._done, self._undone), (_redo(source), self._undone, self._done),
            ):  # fmt: skip
                if own is not None:
                    own.triggered.connect(partial(self._move, source, before, after))
                    own.changed.connect(self._show)
        self._show()

    def _next(self) -> tuple[QAction | None, QAction | None]:
        """Return the actions that undo and redo the next steps."""
        done = (source.undo_action for source in (*reversed(self._done), *self._sources))
        undone = (_redo(source) for source in reversed(self._undone))
        return (
            next((action for action in done if action.isEnabled()), None),
            next((action for action in undone if action is not None and action.isEnabled()), None),
        )

    def _trigger(self, of_undo: bool) -> None:
        if (action := self._next()[0 if of_undo else 1]) is not None:
            action.trigger()

    def _on_did(self, source: UndoSource) -> None:
        self._done.append(source)
        del self._done[:-MOST]
        self._undone.clear()
        self._show()

    def _move(
        self, source: UndoSource, before: list[UndoSource], after: list[UndoSource], _on: bool = False
    ) -> None:
        if source in before:
            del before[len(before) - 1 - before[::-1].index(source)]
        after.append(source)
        self._show()

    def _show(self) -> None:
        actions = (self.undo_action, self.redo_action)
        for action, of, words in zip(actions, self._next(), self._words, strict=True):
            action.setEnabled(of is not None)
            action.setText(words if of is None else of.text())


def _redo(source: UndoSource) -> QAction | None:
    return getattr(source, "redo_action", None)
