"""Saving and restoring what the window shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow

from mnistviz.engine.digits import PIXELS
from mnistviz.gui.common.choices import MistakesPart
from mnistviz.gui.common.look import Look
from mnistviz.gui.common.records import plain_record, read_record
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown_record import ShownRecord, ShownRestorer
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.arrangement import Arrangement
from mnistviz.gui.window.documents import Documents
from mnistviz.gui.window.placement import corner_of, put_back
from mnistviz.gui.window.scene import WindowScene
from mnistviz.gui.window.speed_choice import SPEEDS
from mnistviz.gui.window.views import CONTROLS, NETWORK, TRANSPORT, Views

SHOWN = ("tab", "settings", "network", "curves", "mistakes", "minibatch", "layers", "pins", "unit")
"""The parts of a scene that belong to an experiment."""
_OF_SESSION = ("workspace", *SHOWN)
_RUNS = "runs"
"""The name of the `ShownRecord` beside them."""


class SceneKeeper:
    def __init__(
        self,
        window: QMainWindow,
        look: Look,
        actions: ActionBook,
        views: Views,
        arrangement: Arrangement,
        documents: Documents,
        lab: Lab,
    ) -> None:
        self._window, self._look, self._actions = window, look, actions
        self._lab, self.again = lab, ShownRestorer(lab, self._compare_with_copy, window)
        self._mistakes = MistakesPart()  # as requested by the restored view
        self._views, self._arrangement, self._documents = views, arrangement, documents
        self._transport, self._controls = views[TRANSPORT], views[CONTROLS]
        self._network = views[NETWORK]

    def scene(self) -> WindowScene:
        shown = self._actions["show_controls"]
        return WindowScene(
            **vars(self._lab.chosen.now.kept),
            look=self._look.choice,
            larger_text=self._look.larger_text,
            geometry=bytes(self._window.saveGeometry().toBase64().data()).decode(),
            corner=corner_of(self._window),
            splitters=self._arrangement.state(),
            hidden=() if shown.isChecked() else (shown.objectName(),),
            narrow=self._arrangement.narrow,
            settings=self._controls.settings(),
            speed=self._transport.speed_value(),
            hide_results=self._actions["hide_results"].isChecked(),
            recent=tuple(self._documents.recent),
            predictions=self._lab.predictions.all,
        )

    def view(self) -> dict[str, Any]:
        return self._view(SHOWN)

    def session_view(self) -> dict[str, Any]:
        return self._view(_OF_SESSION)

    def _view(self, names: tuple[str, ...]) -> dict[str, Any]:
        values = self.scene().values()
        return {**{name: values[name] for name in names}, _RUNS: plain_record(self.again.record())}

    def restore_view(self, view: Mapping[str, Any]) -> None:
        """Restore the view of an experiment or a session; all else stays, including the user's pins. What depends on
        the runs follows once they are trained."""
        now = self.scene()
        values = now.values()
        known = {name: view[name] for name in _OF_SESSION if name in view and view[name] != values[name]}
        scene = WindowScene.of({**values, **known})
        if known:
            own = (pin for pin in now.pins.pins if pin not in scene.pins.pins)
            scene = replace(scene, pins=replace(scene.pins, pins=(*scene.pins.pins, *own)))
            if "settings" in known:
                self._show_settings(scene)
            self._lab.chosen.restore(scene.choices)
        self._mistakes = scene.mistakes
        self.again.begin(read_record(ShownRecord, view.get(_RUNS)))

    def _compare_with_copy(self) -> None:
        """Restore the choices of mistakes if they are compared with a copy, which exists only now."""
        if self._mistakes.against.kind == "copy":
            self._lab.chosen.restore(replace(self._lab.chosen.now, mistakes=self._mistakes))

    def clear_view(self) -> None:
        self._network.selection.let_go()
        blank = WindowScene().values()
        self.restore_view({name: blank[name] for name in _OF_SESSION if name != "settings"})

    def restore(self, scene: WindowScene) -> None:
        geometry = QByteArray.fromBase64(scene.geometry.encode("ascii", "ignore"))
        put_back(self._window, geometry, scene.corner)
        self._actions["larger_text"].setChecked(self._look.larger_text)
        self._arrangement.restore(scene.splitters)
        shown = self._actions["show_controls"]
        shown.setChecked(shown.objectName() not in scene.hidden)
        self._arrangement.narrow = scene.narrow
        self._arrangement.fit(self._window.width())
        self._show_settings(scene)
        if scene.speed in SPEEDS:
            self._transport.set_rate(scene.speed)
        self._actions["hide_results"].setChecked(scene.hide_results)
        self._lab.predictions.restore(scene.predictions)
        self._lab.chosen.restore(scene.choices)
        self._documents.restore_recent(scene.recent)

    def _show_settings(self, scene: WindowScene) -> None:
        sizes = (PIXELS, *scene.settings.sizes[1:])  # another data set may not have had them
        self._controls.show_settings(replace(scene.settings, sizes=sizes))
