"""What the network card does when the user acts in one of its widgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class CardGestures(NamedTuple):
    open_unit: Callable[[int, int], object]
    open_layer: Callable[[int], object]
    open_chosen: Callable[[], object]
    show_path: Callable[[bool], object]
    show_content: Callable[[], object]
    refresh: Callable[[], object]
    let_go: Callable[[], object]
