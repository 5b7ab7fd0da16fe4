"""What of the window is found again at the next start."""

from __future__ import annotations

from dataclasses import asdict, replace

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QMainWindow

from mnistviz.engine.digits import PIXELS
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.look import Look
from mnistviz.gui.settings.settings_column import ControlPanel
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.arrangement import Arrangement
from mnistviz.gui.window.documents import Documents
from mnistviz.gui.window.placement import bring_in
from mnistviz.gui.window.scene import Scene, part
from mnistviz.gui.window.speed_choice import SPEEDS
from mnistviz.gui.window.transport import Transport
from mnistviz.gui.window.views import Views
from mnistviz.gui.window.workspaces import Workspaces


class SceneKeeper:
    """Makes a scene of the window and its parts, and puts them back to one."""

    def __init__(
        self,
        window: QMainWindow,
        look: Look,
        actions: ActionBook,
        views: Views,
        arrangement: Arrangement,
        workspaces: Workspaces,
        documents: Documents,
    ) -> None:
        self._window, self._look, self._actions = window, look, actions
        self._views, self._arrangement, self._documents = views, arrangement, documents
        self._workspaces = workspaces
        self._transport, self._controls = views.of(Transport), views.of(ControlPanel)

    def scene(self) -> Scene:
        """The window as it is."""
        shown = self._actions["show_controls"]
        return {
            "version": 1,
            "look": self._look.choice,
            "larger_text": self._look.larger_text,
            "geometry": bytes(self._window.saveGeometry().toBase64().data()).decode(),
            "splitters": self._arrangement.state(),
            "hidden": [] if shown.isChecked() else [shown.objectName()],
            "narrow": self._arrangement.narrow,
            "settings": asdict(self._controls.settings()),
            "workspace": "ideas" if self._workspaces.in_ideas else "lab",
            "speed": self._transport.speed_value(),
            "recent": self._documents.recent,
            **self._views.state(),
        }

    def restore(self, scene: Scene) -> None:
        """Takes up a scene; what makes no sense in it is passed over."""
        geometry = part(scene, "geometry", str).encode("ascii", "ignore")
        self._window.restoreGeometry(QByteArray.fromBase64(geometry))
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowFullScreen)
        bring_in(self._window, self._window.geometry())
        self._actions["larger_text"].setChecked(self._look.larger_text)
        self._arrangement.restore(part(scene, "splitters", list))
        shown = self._actions["show_controls"]
        shown.setChecked(shown.objectName() not in part(scene, "hidden", list))
        self._arrangement.narrow = part(scene, "narrow", bool)
        self._arrangement.fit(self._window.width())
        try:
            settings = Settings.from_mapping(part(scene, "settings", dict))
        except Problem:
            settings = Settings()
        sizes = (PIXELS, *settings.sizes[1:])  # which another kind of network may not have had
        self._controls.show_settings(replace(settings, sizes=sizes))
        if scene.get("speed") in SPEEDS:
            self._transport.set_rate(scene.get("speed"))
        self._views.restore(scene)
        self._workspaces.choose("ideas" if scene.get("workspace") == "ideas" else "lab")
        self._documents.restore_recent(part(scene, "recent", list))
