"""*What next?*: training pauses while the user looks at the futures of the run, and goes on afterwards."""

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
    """Shows the futures in the place of the curves as long as `action` is ticked."""

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
        self._resumes = False  # whether it trains on afterwards
        lab.listen(ChangeKind.STEERED, self._on_steered)

    def take_futures(self, futures: FuturesView) -> None:
        """Puts the futures in their place, once they are built."""
        self._curves.take_substitute(futures)
        futures.take = self._take
        futures.leave = lambda: QTimer.singleShot(
            0, self, self._on_left
        )  # once it is known what is seen instead

    def set_on(self, on: bool) -> None:
        """Shows the futures, or the curves again. What trained before trains on then, if it still rests."""
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
        """Shows the curves again; whether the futures were shown."""
        was = self._action.isChecked()
        self._action.setChecked(False)
        return was

    def give_way(self) -> None:
        """The user has pressed the tab of the curves, in whose place the futures are: the curves are shown again."""
        if self._is_open and self._views.is_seen(FUTURES.id):
            self.end()

    def _on_left(self) -> None:
        """The user has gone elsewhere in the window, so training goes on."""
        if not self._views.is_seen(FUTURES.id) and self._curves.window().isVisible():
            self.end()

    def _on_steered(self) -> None:
        """What is started ends it: a network that learns has no moment to look ahead from."""
        if self._action.isChecked() and not self._lab.shown.rests:
            self._resumes = False
            self._action.setChecked(False)

    def _take(self, name: str, value: float) -> None:
        settings = self._controls.settings()
        if getattr(settings, name) != value:
            self._controls.apply(settings.by_hand({name: value}))
