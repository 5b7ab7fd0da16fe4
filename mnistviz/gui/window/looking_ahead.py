"""*What next?*: training pauses while the user looks at forecasts, and continues afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction

from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.window.views import CONTROLS, CURVES, FUTURES, Views

if TYPE_CHECKING:
    from mnistviz.gui.futures.futures_view import FuturesView


class LookingAhead(QObject):
    """Shows the forecasts in place of the curves while `action` is checked."""

    def __init__(
        self,
        lab: Lab,
        views: Views,
        action: QAction,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._lab, self._views = lab, views
        self._curves, self._controls = views[CURVES], views[CONTROLS]
        self._action = action
        self._is_open = False
        self._resumes = False  # whether training continues afterwards
        lab.listen(ChangeKind.STEERED, self._on_steered)

    def take_futures(self, futures: FuturesView) -> None:
        self._curves.add_substitute(futures)
        futures.take = self._take
        futures.leave = lambda: QTimer.singleShot(0, self, self._on_left)  # after the next view is shown

    def set_on(self, on: bool) -> None:
        """Show the forecasts, or the curves again, and then continue training if it was paused for that."""
        lab, futures = self._lab, self._views[FUTURES]
        if on:
            self._resumes = lab.playhead.live and lab.time.learning
            if self._resumes:
                lab.time.toggle_play()
            lab.playhead.film(False)
            self._curves.show_substitute(True)
            lab.chosen.choose("window", tab=CURVES.id)
            futures.setFocus()
            futures.draw(lab.shown)
            self._is_open = True
            return
        self._is_open = False
        focused = futures.window().focusWidget()
        self._curves.show_substitute(False)
        if focused is not None and futures.isAncestorOf(focused):
            self._curves.setFocus()
        resumes, self._resumes = self._resumes, False
        if resumes and lab.playhead.live and not lab.time.learning:
            lab.time.toggle_play()

    @property
    def is_on(self) -> bool:
        return self._action.isChecked()

    def end(self) -> bool:
        """Show the curves again; return False if no forecasts were shown."""
        was = self._action.isChecked()
        self._action.setChecked(False)
        return was

    def give_way(self) -> None:
        """Show the curves again if their tab is pressed while the forecasts are in their place."""
        if self._is_open and self._views.is_seen(FUTURES.id):
            self.end()

    def _on_left(self) -> None:
        """Continue training if the user has left the forecasts."""
        if not self._views.is_seen(FUTURES.id) and self._curves.window().isVisible():
            self.end()

    def _on_steered(self) -> None:
        if self._action.isChecked() and not self._lab.shown.rests:
            self._resumes = False
            self._action.setChecked(False)

    def _take(self, name: str, value: float) -> None:
        settings = self._controls.settings()
        if getattr(settings, name) != value:
            self._controls.apply(settings.by_hand({name: value}))
