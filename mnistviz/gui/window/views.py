"""The views: the protocol of each, and the table of all. A new view is a widget in its own file and an entry in
`VIEWS`; for a tab of the lower half, the menu action, tests and benchmarks follow from the entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum, auto
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar, cast, runtime_checkable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import SetName
from mnistviz.gui.common.digit_image import PadDigit
from mnistviz.gui.common.theme import set_theme, theme
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.runs.timeline import Timeline
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.settings.settings_column import ControlPanel
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.transport import Transport
from mnistviz.marking import marked

if TYPE_CHECKING:
    from mnistviz.gui.curves.what_next import WhatNext
    from mnistviz.gui.ideas.ideas import Ideas
    from mnistviz.gui.layers.layers_view import LayersView
    from mnistviz.gui.minibatch.minibatch_view import MiniBatchView
    from mnistviz.gui.mistakes.mistakes_view import Mistakes
    from mnistviz.gui.network.fewest_pixels_panel import FewestPixels
    from mnistviz.gui.network.unit.lesson_panel import LessonPanel
    from mnistviz.gui.network.unit.unit_detail import UnitDetail
    from mnistviz.gui.pins.pins_view import Pins
    from mnistviz.gui.runs.compare import Compare


class View(Protocol):
    def draw(self, shown: Shown) -> None:
        """Show this state: maybe another run, one without a checkpoint yet, or none."""

    def isVisible(self) -> bool: ...
    def setVisible(self, visible: bool) -> None: ...


@runtime_checkable
class DigitsView(Protocol):
    def set_digits(self, digits: Digits) -> None:
        """Set the data set."""


@runtime_checkable
class ToolsView(Protocol):
    tab_tools: QWidget


class ViewPlace(Enum):
    TOP = auto()
    LEFT = auto()
    UPPER = auto()
    LOWER = auto()
    IN_CURVES = auto()
    IN_MISTAKES = auto()
    STRIP = auto()
    BOTTOM = auto()
    IDEAS = auto()
    OWN_WINDOW = auto()


class ViewContext(Struct, frozen=True):
    window: QWidget
    actions: ActionBook
    lab: Lab
    recipes: RecipeBook
    eta: EtaControl  # the control of η in the top bar, which is one of the settings
    hand: HandWork  # edits weights by hand, in a preview
    digit: Callable[[], PadDigit | None]  # returns the digit on the scratchpad, if there is just one
    show_digit: Callable[[SetName, int], None]  # puts a digit of a set on the scratchpad
    show_large: Callable[[], None]  # shows a unit large: the chosen one, or the first of the open layer
    offer_undo: Callable[[str, str, Callable[[], object]], object]
    """Reports what was done, in a long and a short text, and offers to undo it."""
    try_it: Callable[[], object]  # sets up the lab for the open page of ideas

    def drawing(self) -> NDArray[np.uint8] | None:
        digit = self.digit()
        return None if digit is None else digit.picture


V = TypeVar("V", bound=View)


class Late(Struct, Generic[V], frozen=True):
    """Builds a view that the start does not show; its class, "module:Class", is imported on first use."""

    name: str
    make: Callable[[Any, ViewContext], V] = lambda view_class, of: view_class(of.lab)

    def load(self) -> type[V]:
        module, _, name = self.name.partition(":")
        return cast(type[V], getattr(import_module(module), name))

    def __call__(self, of: ViewContext) -> V:
        return self.make(self.load(), of)


class ViewEntry(Struct, Generic[V], frozen=True):
    """A view in the table. A tab and its action have a `title`, with a mnemonic, and the tooltips `tip` and `opens`."""

    id: str
    build: Callable[[ViewContext], V]
    place: ViewPlace
    title: str = ""
    tip: str = ""
    opens: str = ""
    seldom: bool = False  # whether it is drawn only now and then at full speed
    even_hidden: bool = False  # whether it is drawn while hidden, as other parts depend on its state


# fmt: off
TRANSPORT: Final = ViewEntry("transport", lambda of: Transport(of.actions, of.eta, of.lab.time.set_rate),
    ViewPlace.TOP, seldom=True)
CONTROLS: Final = ViewEntry("controls", lambda of: ControlPanel(of.recipes, of.lab, of.eta),
    ViewPlace.LEFT, seldom=True, even_hidden=True)
NETWORK: Final = ViewEntry("network",
    lambda of: NetworkCard(jobs=of.lab.jobs, questions=of.lab.questions, chosen=of.lab.chosen),
    ViewPlace.UPPER)
CURVES: Final = ViewEntry("curves", lambda of: Curves(of.lab.chosen), ViewPlace.LOWER, seldom=True,
    title=marked("Cu&rves"), tip=marked("The cost and the accuracy of the runs over time."),
    opens=marked("Opens the cost and the accuracy of the runs over time."))
FUTURES: Final[ViewEntry[WhatNext]] = ViewEntry("futures", Late("mnistviz.gui.curves.what_next:WhatNext"),
    ViewPlace.IN_CURVES, seldom=True)
MISTAKES: Final[ViewEntry[Mistakes]] = ViewEntry("mistakes",
    Late("mnistviz.gui.mistakes.mistakes_view:Mistakes",
        lambda mistakes, of: mistakes(of.lab, of.show_digit)),
    ViewPlace.LOWER, seldom=True, title=marked("Mi&stakes"),
    tip=marked("Which digits are misread, and as what."),
    opens=marked("Opens the digits that are misread, and what they were read as."))
MINIBATCH: Final[ViewEntry[MiniBatchView]] = ViewEntry("minibatch",
    Late("mnistviz.gui.minibatch.minibatch_view:MiniBatchView"), ViewPlace.LOWER, seldom=True,
    title=marked("&One step"), tip=marked("One mini-batch: each of its digits, and what the step did to it."),
    opens=marked("Opens one mini-batch: each of its digits, and what the step did to it."))
LAYERS: Final[ViewEntry[LayersView]] = ViewEntry("layers", Late("mnistviz.gui.layers.layers_view:LayersView"),
    ViewPlace.LOWER, seldom=True, title=marked("La&yers"),
    tip=marked("How the units of each layer stand, and how fast each layer learns."),
    opens=marked("Opens the layers: how their units stand, and how fast each layer learns."))
COMPARE: Final[ViewEntry[Compare]] = ViewEntry("compare", Late("mnistviz.gui.runs.compare:Compare"),
    ViewPlace.IN_CURVES, seldom=True)
PINS: Final[ViewEntry[Pins]] = ViewEntry("pins", Late("mnistviz.gui.pins.pins_view:Pins"),
    ViewPlace.IN_MISTAKES, seldom=True)
TIMELINE: Final = ViewEntry("timeline",
    lambda of: Timeline(of.lab, *(of.actions[name] for name in ("new", "live", "branch", "train_on")) ),
    ViewPlace.STRIP, seldom=True)
IDEAS: Final[ViewEntry[Ideas]] = ViewEntry("ideas",
    Late("mnistviz.gui.ideas.ideas:Ideas",
        lambda ideas, of: ideas(of.lab, of.digit, of.offer_undo, of.try_it)),
    ViewPlace.IDEAS)
BOTTOM_LINE: Final = ViewEntry("bottom_line", lambda of: BottomLine(of.lab.tryouts),
    ViewPlace.BOTTOM, seldom=True)
UNIT_DETAIL: Final[ViewEntry[UnitDetail]] = ViewEntry("unit_detail",
    Late("mnistviz.gui.network.unit.unit_detail:UnitDetail", lambda unit, of: unit(
        of.lab.jobs, of.lab.chosen, of.window, hand=of.hand, show_large=of.show_large)),
    ViewPlace.OWN_WINDOW)
LESSON: Final[ViewEntry[LessonPanel]] = ViewEntry("lesson",
    Late("mnistviz.gui.network.unit.lesson_panel:LessonPanel",
        lambda lesson, of: lesson(of.hand, of.drawing, of.window)),
    ViewPlace.OWN_WINDOW)
FEWEST_PIXELS: Final[ViewEntry[FewestPixels]] = ViewEntry("fewest_pixels",
    Late("mnistviz.gui.network.fewest_pixels_panel:FewestPixels",
        lambda fewest, of: fewest(of.lab, of.drawing, of.window)),
    ViewPlace.OWN_WINDOW, seldom=True)
# fmt: on

VIEWS: Final[tuple[ViewEntry[Any], ...]] = (
    TRANSPORT, CONTROLS, NETWORK, CURVES, FUTURES, MISTAKES, MINIBATCH, LAYERS, COMPARE, PINS, TIMELINE, IDEAS,
    BOTTOM_LINE, UNIT_DETAIL, LESSON, FEWEST_PIXELS,
)  # fmt: skip
"""All views, in order within each place. An entry that nothing else names can be written here directly."""


class Views:
    """All views of the table. A late one is built on first use."""

    def __init__(self, context: ViewContext, place: Callable[[ViewEntry[Any], Any], object]) -> None:
        """Call `place` with a late view as soon as it is built."""
        self._context, self._lab, self._place = context, context.lab, place
        self._views: dict[str, View] = {
            entry.id: entry.build(context) for entry in VIEWS if not isinstance(entry.build, Late)
        }

    def __iter__(self) -> Iterator[View]:
        return iter([view for _, view in self._built()])

    def __getitem__(self, entry: ViewEntry[V]) -> V:
        """Return the view of an entry, and build a late one first."""
        return cast(V, self.build(entry.id))

    def build(self, id: str) -> View:
        if id not in self._views:
            self._lab.yield_cpu()
            entry = next(entry for entry in VIEWS if entry.id == id)
            view = self._views[id] = entry.build(self._context)
            self._place(entry, view)
            set_theme(theme(), self.widget(id))
            if isinstance(view, DigitsView) and self._lab.digits is not None:
                view.set_digits(self._lab.digits)
        return self._views[id]

    def build_ahead(self) -> Iterator[None]:
        """Import and build the remaining late views, one step per iteration."""
        for entry in VIEWS:
            if not self.is_built(entry.id):
                if isinstance(entry.build, Late):
                    entry.build.load()
                    yield
                self.build(entry.id)
                yield

    def is_built(self, id: str) -> bool:
        return id in self._views

    def is_seen(self, id: str) -> bool:
        return id in self._views and self._views[id].isVisible()

    def placed(self, place: ViewPlace) -> list[tuple[ViewEntry[Any], QWidget]]:
        return [(entry, self.widget(entry.id)) for entry in entries_of(place)]

    def widget(self, id: str) -> QWidget:
        view = self.build(id)
        assert isinstance(view, QWidget)
        return view

    def in_sight(self, *, seldom: bool) -> Iterator[View]:
        """Yield the views that are drawn `seldom`, or the others; hidden ones are drawn when they are shown."""
        for entry, view in self._built():
            if entry.seldom == seldom and (entry.even_hidden or view.isVisible()):
                yield view

    def show(self, id: str, on: bool = True) -> None:
        view = self.build(id)
        if on:
            view.draw(self._lab.shown)
        view.setVisible(on)

    def set_digits(self, digits: Digits) -> None:
        for view in self:
            if isinstance(view, DigitsView):
                view.set_digits(digits)

    def _built(self) -> Iterator[tuple[ViewEntry[Any], View]]:
        for entry in VIEWS:
            if entry.id in self._views:
                yield entry, self._views[entry.id]


def entries_of(*places: ViewPlace) -> list[ViewEntry[Any]]:
    return [entry for entry in VIEWS if entry.place in places]
