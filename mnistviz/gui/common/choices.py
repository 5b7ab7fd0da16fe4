"""The user's choices as one value, which views show and the next start restores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class ControlsPart:
    """The names of the groups of settings that are collapsed and opened; None before any choice."""

    collapsed: tuple[str, ...] | None = None
    opened: tuple[str, ...] | None = None


@dataclass(frozen=True)
class CurvesPart:
    """How the curves are drawn."""

    log_cost: bool = False
    error_scale: bool = False
    x_minibatches: bool = False


@dataclass(frozen=True)
class FuturesPart:
    """Whether the user predicts what comes before it is shown."""

    ask_first: bool = False


@dataclass(frozen=True)
class AgainstPart:
    """What the mistakes are compared with; see `Opponent`. The run is a letter."""

    kind: str = "alone"
    run: str = ""
    step: int = 0


@dataclass(frozen=True)
class MistakesPart:
    """The mistakes: their set, order and views, the row and column chosen in the matrix, the number of the chosen
    digit, what they are compared with, and the chosen group of that comparison."""

    set: str = "test"
    order: str = "surest"
    view: str = "digits"
    overview: str = "matrix"
    true: int | None = None
    read: int | None = None
    digit: int | None = None
    against: AgainstPart = field(default_factory=AgainstPart)
    group: str = ""


@dataclass(frozen=True)
class MiniBatchPart:
    """The order of a mini-batch's digits, the stage that the network card shows, and whether that is of all digits or
    of one."""

    order: str = "order"
    stage: str = "off"
    which: str = "all"


@dataclass(frozen=True)
class LayersPart:
    """The size shown over the run, and the letter of the run beside."""

    size: str = "gradient"
    beside: str = ""


@dataclass(frozen=True)
class PinsPart:
    """The pinned pictures, as `pins_as_json` writes them, and the place of the chosen one."""

    pins: tuple[Mapping[str, Any], ...] = ()
    chosen: int = 0


@dataclass(frozen=True)
class RowPart:
    """Whether the pad is wide, for a row of digits, and how that is shown."""

    wide: bool = False
    gap: int | None = None
    candidates: bool = False


@dataclass(frozen=True)
class NetworkPart:
    """The content of the pad, and the selection in the network."""

    pad: Mapping[str, Any] = field(default_factory=dict)
    row: RowPart = field(default_factory=RowPart)
    layer: int | None = None
    unit: int | None = None
    output: int | None = None
    path: bool = False
    showing: str | None = None


@dataclass(frozen=True)
class UnitPart:
    """Whether a unit is shown in a window of its own."""

    window: bool = False


@dataclass(frozen=True)
class FewestPart:
    """Whether the panel of the fewest pixels that change the prediction is open."""

    open: bool = False


@dataclass(frozen=True)
class IdeasPart:
    """The open page, and the state of each page."""

    page: str = ""
    pages: Mapping[str, Any] = field(default_factory=dict)


NETWORK_TAB = "network"
"""The tab of the layers, which are shown there if the network card is folded, else in the card."""


@dataclass(frozen=True)
class WindowPart:
    """The open tab and workspace, and whether the network card is folded. `behind` is the tab that the layers
    replace."""

    tab: str = "curves"
    behind: str = ""
    workspace: str = "lab"
    folded: bool = False

    @property
    def shows_layers(self) -> bool:
        """True if the layers are visible in their tab."""
        return self.folded and self.tab == NETWORK_TAB and self.workspace == "lab"

    @property
    def lower(self) -> str:
        """The tab opened last, the tab of the layers aside."""
        return self.behind or self.tab


@dataclass(frozen=True)
class Choices:
    """The choices of each view, a part for each."""

    controls: ControlsPart = field(default_factory=ControlsPart)
    network: NetworkPart = field(default_factory=NetworkPart)
    curves: CurvesPart = field(default_factory=CurvesPart)
    futures: FuturesPart = field(default_factory=FuturesPart)
    mistakes: MistakesPart = field(default_factory=MistakesPart)
    minibatch: MiniBatchPart = field(default_factory=MiniBatchPart)
    layers: LayersPart = field(default_factory=LayersPart)
    pins: PinsPart = field(default_factory=PinsPart)
    ideas: IdeasPart = field(default_factory=IdeasPart)
    unit: UnitPart = field(default_factory=UnitPart)
    fewest: FewestPart = field(default_factory=FewestPart)
    window: WindowPart = field(default_factory=WindowPart)

    @property
    def kept(self) -> Choices:
        """The choices that are saved: without the stage, the search for the fewest pixels, and what depends on the
        window's size."""
        minibatch = MiniBatchPart(self.minibatch.order)
        window = WindowPart(self.window.lower, workspace=self.window.workspace)
        return replace(self, minibatch=minibatch, fewest=FewestPart(), window=window)
