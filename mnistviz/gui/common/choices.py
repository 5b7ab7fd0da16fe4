"""What the user has chosen, as one value: views draw it, and the next start finds it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class ControlsPart:
    """Which groups of settings are folded away, and which are open; None where nobody has chosen yet."""

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
    """Whether the user guesses what comes before it is shown."""

    ask_first: bool = False


@dataclass(frozen=True)
class AgainstPart:
    """What the mistakes are compared with, as `Opponent` says it; its run by the letter."""

    kind: str = "alone"
    run: str = ""
    step: int = 0


@dataclass(frozen=True)
class MistakesPart:
    """Which digits the mistakes are of, in which order they stand, and which of the views of them are seen; the row and
    the column that are chosen in the matrix, the number of the chosen digit, what is compared with, and the chosen
    group of that."""

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
    """In which order the digits of a mini-batch stand, which stage of it the network card shows, and whether that is of
    all digits or of one."""

    order: str = "order"
    stage: str = "off"
    which: str = "all"


@dataclass(frozen=True)
class LayersPart:
    """What of the layers is shown over the run, and the letter of the run beside."""

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
    """What lies on the pad, and what is chosen in the network."""

    pad: Mapping[str, Any] = field(default_factory=dict)
    row: RowPart = field(default_factory=RowPart)
    layer: int | None = None
    unit: int | None = None
    output: int | None = None
    path: bool = False
    showing: str | None = None


@dataclass(frozen=True)
class UnitPart:
    """Where one unit is seen large."""

    window: bool = False


@dataclass(frozen=True)
class FewestPart:
    """Whether the fewest pixels are looked for that change the answer."""

    open: bool = False


@dataclass(frozen=True)
class IdeasPart:
    """The page that is open, and what was done on each."""

    page: str = ""
    pages: Mapping[str, Any] = field(default_factory=dict)


NETWORK_TAB = "network"
"""The tab of the layers. They are seen there where the network card is folded, else in the card."""


@dataclass(frozen=True)
class WindowPart:
    """Which tab and which workspace are open, and whether the network card is folded. `behind` is the tab in whose
    place the layers are."""

    tab: str = "curves"
    behind: str = ""
    workspace: str = "lab"
    folded: bool = False

    @property
    def shows_layers(self) -> bool:
        """Whether the layers are seen in their tab."""
        return self.folded and self.tab == NETWORK_TAB and self.workspace == "lab"

    @property
    def lower(self) -> str:
        """The tab that was opened last of those that are always there."""
        return self.behind or self.tab


@dataclass(frozen=True)
class Choices:
    """What is chosen in each view, a part for each."""

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
        """The same without what ends with the window: a stage, the search for the fewest pixels, and what there is room
        for."""
        minibatch = MiniBatchPart(self.minibatch.order)
        window = WindowPart(self.window.lower, workspace=self.window.workspace)
        return replace(self, minibatch=minibatch, fewest=FewestPart(), window=window)
