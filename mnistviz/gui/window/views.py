"""The views: what the window asks of each, and the one table of all there are.

A new view is a widget in a file of its own, and an entry in `VIEWS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from mnistviz.engine.digits import Digits
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.futures.futures_view import FuturesView
from mnistviz.gui.ideas.ideas import Ideas
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.layers.layers_view import LayersView
from mnistviz.gui.minibatch.minibatch_view import MiniBatchView
from mnistviz.gui.mistakes.mistakes_view import Mistakes
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.fewest_pixels_panel import FewestPixels
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.network.unit.lesson_panel import LessonPanel
from mnistviz.gui.network.unit.unit_detail import UnitDetail
from mnistviz.gui.pins.pins_view import Pins
from mnistviz.gui.runs.compare import Compare
from mnistviz.gui.runs.timeline import Timeline
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.settings.settings_column import ControlPanel
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.scene import WindowScene
from mnistviz.gui.window.transport import Transport
from mnistviz.marking import QT_TRANSLATE_NOOP

V = TypeVar("V")


class View(Protocol):
    """What the window asks of every view, which is a widget."""

    def draw(self, shown: Shown) -> None:
        """Shows this: perhaps another run than before, perhaps one without a moment yet, or none."""

    def set_theme(self, theme: Theme) -> None:
        """Takes these colours."""

    def isVisible(self) -> bool: ...
    def setVisible(self, visible: bool) -> None: ...


@runtime_checkable
class KeptView(Protocol):
    """A view with choices that the next start finds again."""

    def state(self) -> dict[str, Any]:
        """The choices, in values that JSON can hold."""

    def restore(self, state: dict[str, Any]) -> None:
        """Takes up what `state` gave; what is missing or makes no sense is passed over."""


@runtime_checkable
class DigitsView(Protocol):
    """A view that needs the digits before there is a run on them."""

    def set_digits(self, digits: Digits) -> None:
        """Tells what data set there is."""


@runtime_checkable
class ToolsView(Protocol):
    """A view with something of its own in the row of tabs."""

    tab_tools: QWidget


@runtime_checkable
class PadView(Protocol):
    """A view with a pad."""

    pad: QWidget


@runtime_checkable
class FoldingView(Protocol):
    """A view that can be folded to a ribbon; what it has no room for then is in its `pane`."""

    pane: QWidget
    unfold_wanted: Any
    """Signal(bool): it is to have all the room, or to be folded again."""
    least_unfolded: int
    """The height that it needs where it is not folded, in pixels."""

    is_whole_only: bool
    """Whether what it shows now can't be folded."""

    def end_whole(self) -> None:
        """Ends what can't be folded."""

    def set_folded(self, folded: bool, *, can_fold: bool) -> None:
        """Folds or unfolds it; `can_fold` says whether it could be folded now."""


class ViewPlace(Enum):
    """Where in the window a view is."""

    TOP = auto()
    LEFT = auto()
    UPPER = auto()
    LOWER = auto()
    IN_CURVES = auto()
    STRIP = auto()
    BOTTOM = auto()
    IDEAS = auto()
    OWN_WINDOW = auto()


@dataclass(frozen=True)
class ViewContext:
    """What views are built from."""

    window: QWidget
    theme: Theme
    actions: ActionBook
    lab: Lab
    recipes: RecipeBook
    eta: EtaControl
    """Stands in the bar on top, and is one of the settings."""
    hand: HandWork
    """Changes weights by hand, on a copy."""
    drawing: Callable[[], NDArray[np.uint8] | None]
    """What lies on the pad, if that is one digit."""


@dataclass(frozen=True)
class ViewEntry:
    """A view: `kept` is the name of its choices in a scene, `title` and `tip` what its tab says."""

    id: str
    build: Callable[[ViewContext], View]
    place: ViewPlace
    kept: str = ""
    title: str = ""
    tip: str = ""
    seldom: bool = False
    """Whether it is drawn only now and then at full speed, since nobody reads faster."""
    even_hidden: bool = False
    """Whether it is drawn while it is hidden, too, since something follows from what it shows."""


VIEWS: Final = (
    ViewEntry("transport", lambda of: Transport(of.theme, of.actions, of.eta), ViewPlace.TOP, seldom=True),
    ViewEntry(
        "controls",
        lambda of: ControlPanel(of.theme, of.recipes, of.lab, of.eta),
        ViewPlace.LEFT,
        kept="controls",
        seldom=True,
        even_hidden=True,
    ),
    ViewEntry(
        "network",
        lambda of: NetworkCard(of.theme, jobs=of.lab.jobs, moments=of.lab.moments, pictures=of.lab.pictures),
        ViewPlace.UPPER,
        kept="network",
        title=QT_TRANSLATE_NOOP("sentences", "Network"),
        tip=QT_TRANSLATE_NOOP("sentences", "The network, and how it reads a drawing."),
    ),
    ViewEntry(
        "curves",
        lambda of: Curves(of.theme),
        ViewPlace.LOWER,
        kept="curves",
        seldom=True,
        title=QT_TRANSLATE_NOOP("sentences", "Curves"),
        tip=QT_TRANSLATE_NOOP("sentences", "The cost and the accuracy of the runs over time."),
    ),
    ViewEntry(
        "futures",
        lambda of: FuturesView(of.theme, of.lab),
        ViewPlace.IN_CURVES,
        kept="futures",
        seldom=True,
    ),
    ViewEntry(
        "mistakes",
        lambda of: Mistakes(of.theme, of.lab),
        ViewPlace.LOWER,
        kept="mistakes",
        seldom=True,
        title=QT_TRANSLATE_NOOP("sentences", "Mistakes"),
        tip=QT_TRANSLATE_NOOP("sentences", "Which digits are misread, and as what."),
    ),
    ViewEntry(
        "minibatch",
        lambda of: MiniBatchView(of.theme, of.lab),
        ViewPlace.LOWER,
        kept="minibatch",
        seldom=True,
        title=QT_TRANSLATE_NOOP("sentences", "Mini-batch"),
        tip=QT_TRANSLATE_NOOP(
            "sentences", "One mini-batch: each of its digits, and what the step did to it."
        ),
    ),
    ViewEntry(
        "layers",
        lambda of: LayersView(of.theme, of.lab),
        ViewPlace.LOWER,
        kept="layers",
        seldom=True,
        title=QT_TRANSLATE_NOOP("sentences", "Layers"),
        tip=QT_TRANSLATE_NOOP(
            "sentences", "How the units of each layer stand, and how fast each layer learns."
        ),
    ),
    ViewEntry(
        "compare",
        lambda of: Compare(of.theme, of.lab),
        ViewPlace.LOWER,
        seldom=True,
        title=QT_TRANSLATE_NOOP("sentences", "Compare"),
        tip=QT_TRANSLATE_NOOP("sentences", "How the runs differ, and how well each reads digits."),
    ),
    ViewEntry(
        "pins",
        lambda of: Pins(of.theme, of.lab),
        ViewPlace.LOWER,
        kept="pins",
        seldom=True,
        title=QT_TRANSLATE_NOOP("sentences", "Pins"),
        tip=QT_TRANSLATE_NOOP(
            "sentences", "What each run answered to pinned pictures, from its start to now."
        ),
    ),
    ViewEntry(
        "timeline",
        lambda of: Timeline(
            of.theme, of.lab, of.actions["live"], of.actions["branch"], of.actions["train_on"]
        ),
        ViewPlace.STRIP,
        seldom=True,
    ),
    ViewEntry("ideas", lambda of: Ideas(of.theme, of.lab, of.drawing), ViewPlace.IDEAS, kept="ideas"),
    ViewEntry("bottom_line", lambda of: BottomLine(of.theme, of.lab.tryouts), ViewPlace.BOTTOM, seldom=True),
    ViewEntry(
        "unit_detail",
        lambda of: UnitDetail(of.theme, of.lab.jobs, of.window, hand=of.hand),
        ViewPlace.OWN_WINDOW,
        kept="unit",
    ),
    ViewEntry(
        "lesson",
        lambda of: LessonPanel(of.theme, of.hand, of.drawing, of.window),
        ViewPlace.OWN_WINDOW,
    ),
    ViewEntry(
        "fewest_pixels",
        lambda of: FewestPixels(of.theme, of.lab, of.drawing, of.window),
        ViewPlace.OWN_WINDOW,
        seldom=True,
    ),
)


class Views:
    """All views, built as the table says."""

    def __init__(self, makings: ViewContext) -> None:
        self._lab = makings.lab
        self._views = {entry.id: entry.build(makings) for entry in VIEWS}

    def __iter__(self) -> Iterator[View]:
        return iter(self._views.values())

    def of(self, kind: type[V]) -> V:
        """The view of a class."""
        return next(view for view in self if isinstance(view, kind))

    def placed(self, place: ViewPlace) -> list[tuple[ViewEntry, QWidget]]:
        """The views of a place, in their order."""
        found = [(entry, self._views[entry.id]) for entry in VIEWS if entry.place is place]
        return [(entry, view) for entry, view in found if isinstance(view, QWidget)]

    def in_sight(self, *, seldom: bool) -> Iterator[View]:
        """Those that are drawn `seldom`, or the others, but for hidden ones, which are drawn when they are shown."""
        for entry in VIEWS:
            view = self._views[entry.id]
            if entry.seldom == seldom and (entry.even_hidden or view.isVisible()):
                yield view

    def show(self, id: str, on: bool = True) -> None:
        """Shows or hides a view."""
        view = self._views[id]
        if on:
            view.draw(self._lab.shown)
        view.setVisible(on)

    def set_digits(self, digits: Digits) -> None:
        for view in self:
            if isinstance(view, DigitsView):
                view.set_digits(digits)

    def set_theme(self, theme: Theme) -> None:
        for view in self:
            view.set_theme(theme)

    def state(self) -> dict[str, Any]:
        """The choices of all views that have some, by the names of a scene."""
        return {name: view.state() for name, view in self._kept()}

    def restore(self, scene: WindowScene) -> None:
        parts = scene.values()
        for name, view in self._kept():
            view.restore(parts[name])

    def _kept(self) -> Iterator[tuple[str, KeptView]]:
        for entry in VIEWS:
            view = self._views[entry.id]
            if entry.kept and isinstance(view, KeptView):
                yield entry.kept, view
