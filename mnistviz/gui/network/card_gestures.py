"""What the network card does when the user does something in one of its widgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class CardGestures(NamedTuple):
    """Is given to the widgets, which call it."""

    open_unit: Callable[[int, int], object]
    """Shows a unit of a layer large."""
    open_layer: Callable[[int], object]
    open_chosen: Callable[[], object]
    show_path: Callable[[bool], object]
    show_content: Callable[[], object]
    """Lets flow through the network what lies on the pad now."""
    refresh: Callable[[], object]
    let_go: Callable[[], object]
