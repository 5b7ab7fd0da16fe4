"""The numbers of the page, by scene: each is dragged or typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtWidgets import QGridLayout, QWidget

from mnistviz.gui.common.scale import Scale
from mnistviz.gui.ideas.parts.value import Value
from mnistviz.gui.ideas.sigmoid.curve_panel import WIDEST

Scene = Literal["nudge", "factor", "network"]
SCENES: Final[tuple[Scene, ...]] = ("nudge", "factor", "network")

OPENING: Final = {
    "w": 1.0,
    "b": -0.5,
    "x": 1.0,
    "dw": 0.5,
    "db": 0.0,
    "c": 5.0,
    "by": 1.0,
    "unit": 1,
    "number": 0,
}
"""No task is solved by these."""

SMALL = 0.05
"""The largest Δw that flips the perceptron as the task wants it."""
AWAY, APART = 0.1, 0.01
"""A sigmoid is a step if, so far from the threshold, they are apart by so much at the most."""
SPARE = 1.15
"""How much larger than the smallest such factor one may be."""

_SEEN: Final[dict[Scene, tuple[str, ...]]] = {
    "nudge": ("w", "b", "dw", "db", "x"),
    "factor": ("w", "b", "c", "x"),
    "network": ("by", "unit", "number"),
}


class PageValues(QWidget):
    """Two numbers a line; those of other scenes are hidden."""

    def __init__(self, changed: Callable[[str], object]) -> None:
        """`changed` is told which the hand has changed."""
        super().__init__()
        self._changed = changed
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(6)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)
        self.all: dict[str, Value] = {}
        self._scene: Scene = "nudge"
        wide, small = Scale(-4, 4, step=0.05), Scale(-1, 1, step=0.01)
        self._add("w", self.tr("w"), self.tr("The weight of both units."), wide)
        self._add("b", self.tr("b"), self.tr("The bias of both units."), wide)
        tip = self.tr("How much is added to the weight.")
        self._add("dw", self.tr("Δw"), tip, small, (-4, 4))
        tip = self.tr("How much is added to the bias.")
        self._add("db", self.tr("Δb"), tip, small, (-4, 4))
        tip = self.tr("What weight and bias are multiplied by.")
        self._add("c", self.tr("factor c"), tip, Scale(0.1, 1000))
        tip = self.tr("What both units are given; it can be dragged in the figure, too.")
        self._add("x", self.tr("input x"), tip, Scale(-WIDEST, WIDEST, step=0.05))
        tip = self.tr("How much is added to the framed weight.")
        self._add("by", self.tr("Δw"), tip, Scale(-5, 5, step=0.1), (-50, 50))
        self.fit_network(1, 1)
        self.show_scene("nudge")

    def fit_network(self, units: int, digits: int) -> None:
        """How many units have pictures, and how many test digits there are."""
        for name in ("unit", "number"):
            if old := self.all.pop(name, None):
                self._grid.removeWidget(old)
                old.hide()
                old.deleteLater()
        tip = self.tr("Which unit of the first layer.")
        self._add("unit", self.tr("unit"), tip, Scale(1, units, step=1), whole=True)
        tip = self.tr("Which test digit the network is given.")
        self._add("number", self.tr("digit"), tip, Scale(0, digits - 1, step=1), whole=True)
        self.show_scene(self._scene)

    def show_scene(self, scene: Scene) -> None:
        """Puts the numbers of a scene side by side."""
        self._scene = scene
        for value in self.all.values():
            self._grid.removeWidget(value)
            value.hide()
        for place, name in enumerate(_SEEN[scene]):
            self._grid.addWidget(self.all[name], place // 2, place % 2)
            self.all[name].show()

    def __getitem__(self, name: str) -> float:
        return self.all[name].value()

    def put(self, **values: float) -> None:
        """Shows numbers, and tells nobody."""
        for name, value in values.items():
            self.all[name].set_value(value)

    def put_back(self) -> None:
        self.put(**OPENING)

    def _add(
        self,
        name: str,
        label: str,
        tip: str,
        scale: Scale,
        bounds: tuple[float, float] | None = None,
        *,
        whole: bool = False,
    ) -> None:
        value = Value(f"sigmoid_{name}", label, tip, scale, OPENING[name], bounds=bounds, whole=whole)
        value.setParent(self)
        value.hide()
        value.changed.connect(lambda _=0.0, name=name: self._changed(name))
        self.all[name] = value
