"""pyqtgraph's functions, which turn arrays into paths of Qt."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def functions() -> Any:
    """To import them takes a fifth of a second, which the window need not wait for."""
    import pyqtgraph.functions

    return pyqtgraph.functions
