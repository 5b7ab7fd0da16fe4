"""The user's choices as one value, which gestures replace, views follow, and the next start restores."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Self

from msgspec import Struct, field
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from mnistviz.gui.common.tab_tools import ChoiceActions


class Listeners(QObject):
    """Calls the listeners to a kind of change, in the order in which they were added. Deleted ones are not called."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._kinds: dict[object, _Kind] = {}

    def listen(self, kind: object, act: Callable[..., object]) -> None:
        if kind not in self._kinds:
            self._kinds[kind] = _Kind(self)
        self._kinds[kind].told.connect(act)

    def tell(self, kind: object, change: object = None) -> None:
        if kind in self._kinds:
            self._kinds[kind].told.emit(change)


class _Kind(QObject):
    told = Signal(object)


class ControlsPart(Struct, frozen=True):
    more: bool = False  # whether all settings are shown
    recipe: str = ""  # the id of the one chosen last: of several equal recipes it is shown


class CurvesPart(Struct, frozen=True):
    """What the tab shows, "plot" or "table", and the axes of the plots."""

    view: str = "plot"
    log_cost: bool = False
    error_scale: bool = False
    x_minibatches: bool = False
    fit_selected: bool = False


class FuturesPart(Struct, frozen=True):
    ask_first: bool = False


class AgainstPart(Struct, frozen=True):
    """What the mistakes are compared with: another run, by its letter, after as many digits, or the best weights, the
    start or a `step` of the shown run, or the edited copy of the weights, as long as there is one."""

    kind: str = "alone"  # run, best, start, step or copy
    run: str = ""
    step: int = 0


class MistakesPart(Struct, frozen=True):
    """Choices in the tab Mistakes: set, order, views, row, column, digit and group chosen, and what is compared."""

    set: str = "test"
    order: str = "surest"
    view: str = "digits"
    overview: str = "matrix"
    true: int | None = None
    read: int | None = None
    digit: int | None = None
    against: AgainstPart = field(default_factory=AgainstPart)
    group: str = ""


class MiniBatchPart(Struct, frozen=True):
    """Choices in the tab One step: the order of the digits, and the network card's stage, of all digits or of one."""

    order: str = "order"
    stage: str = "off"
    which: str = "one"


class LayersPart(Struct, frozen=True):
    """Whether the tab is among the others, what its curve shows, and the run beside."""

    opened: bool = False
    size: str = "gradient"
    beside: str = ""


class PinsPart(Struct, frozen=True):
    """The pinned pictures, as `pins_as_json` writes them, and the place of the chosen one."""

    pins: tuple[Mapping[str, Any], ...] = ()
    chosen: int = 0


class RowPart(Struct, frozen=True):
    """Whether the pad is wide, for a row of digits, and how that is shown."""

    wide: bool = False
    gap: int | None = None
    candidates: bool = False


class NetworkPart(Struct, frozen=True):
    """The content of the pad, and the selection in the network."""

    pad: Mapping[str, Any] = field(default_factory=dict)
    row: RowPart = field(default_factory=RowPart)
    layer: int | None = None
    unit: int | None = None
    output: int | None = None
    path: bool = False
    showing: str | None = None


FIRST_STEPS: Final = ("start", "draw", "eta")


class FirstPart(Struct, frozen=True):
    """Which of the `FIRST_STEPS` are still to be done: none, unless the scene began with the first start."""

    left: tuple[str, ...] = ()
    invited: bool = False  # whether the digit that Start afresh lays is still to be drawn over


class UnitPart(Struct, frozen=True):
    window: bool = False


class FewestPart(Struct, frozen=True):
    open: bool = False


class IdeasPart(Struct, frozen=True):
    page: str = ""
    pages: Mapping[str, Any] = field(default_factory=dict)


class WindowPart(Struct, frozen=True):
    """The open tab, "network" while the network card hides the tabs, and the workspace."""

    tab: str = "curves"
    workspace: str = "lab"


class Choices(Struct, frozen=True):
    controls: ControlsPart = field(default_factory=ControlsPart)
    network: NetworkPart = field(default_factory=NetworkPart)
    curves: CurvesPart = field(default_factory=CurvesPart)
    futures: FuturesPart = field(default_factory=FuturesPart)
    mistakes: MistakesPart = field(default_factory=MistakesPart)
    minibatch: MiniBatchPart = field(default_factory=MiniBatchPart)
    layers: LayersPart = field(default_factory=LayersPart)
    pins: PinsPart = field(default_factory=PinsPart)
    ideas: IdeasPart = field(default_factory=IdeasPart)
    first: FirstPart = field(default_factory=FirstPart)
    unit: UnitPart = field(default_factory=UnitPart)
    fewest: FewestPart = field(default_factory=FewestPart)
    window: WindowPart = field(default_factory=WindowPart)

    @property
    def kept(self) -> Self:
        """The choices that are saved: without the stage and the search for the fewest pixels."""
        return replace(self, minibatch=MiniBatchPart(self.minibatch.order), fewest=FewestPart())


def follow(before: Choices, after: Choices) -> Choices:
    """Return the choices after a gesture that changed `before` into `after`."""
    mistakes = _mistakes(before.mistakes, after.mistakes)
    if mistakes.overview == "pinned" and not after.pins.pins:
        mistakes = replace(mistakes, overview="matrix")
    layers = replace(after.layers, opened=after.layers.opened or after.window.tab == "layers")
    return replace(after, mistakes=mistakes, layers=layers)


def _mistakes(before: MistakesPart, after: MistakesPart) -> MistakesPart:
    if after.set != before.set:
        after = replace(after, digit=None)  # the number means another digit there
    if after.against != before.against:
        after = replace(after, group="")
        alone = after.against == AgainstPart()
        if after.overview in (("groups",) if alone else ("matrix", "pinned")):
            after = replace(after, overview="matrix" if alone else "groups")
    return after


_PARTS: Final = Choices.__struct_fields__


class Chosen(QObject):
    """The current choices. A gesture replaces them, and the views are notified."""

    restored = Signal()
    """Emitted before all choices are replaced and their listeners called, so that views discard what they remember."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = Choices()
        self._listeners = Listeners(self)

    def listen(self, part: str, act: Callable[[], object]) -> None:
        """Call `act` whenever a part of the choices changes or all are restored."""
        self._listeners.listen(part, act)

    def choose(self, part: str, **fields: Any) -> None:
        before = self.now
        self.now = follow(before, replace(before, **{part: replace(getattr(before, part), **fields)}))
        for part in _PARTS:
            if getattr(before, part) != getattr(self.now, part):
                self._listeners.tell(part)

    def restore(self, choices: Choices) -> None:
        self.restored.emit()
        self.now = follow(choices, choices)
        for part in _PARTS:
            self._listeners.tell(part)

    def bind(self, control: QAction | ChoiceActions, part: str, field: str) -> None:
        _Binding(self, control, part, field)


class _Binding(QObject):
    """A control bound to a field of the choices; it is deleted with the control."""

    def __init__(self, chosen: Chosen, control: QAction | ChoiceActions, part: str, field: str) -> None:
        super().__init__(control)
        self._chosen, self._control, self._part, self._field = chosen, control, part, field
        self._show()
        (control.toggled if isinstance(control, QAction) else control.chosen).connect(self._choose)
        chosen.listen(part, self._show)

    def _show(self) -> None:
        value = getattr(getattr(self._chosen.now, self._part), self._field)
        if isinstance(self._control, QAction):
            self._control.setChecked(value)
        else:
            self._control.choose(value)

    def _choose(self, value: object) -> None:
        self._chosen.choose(self._part, **{self._field: value})
        self._show()  # it may have been refused
