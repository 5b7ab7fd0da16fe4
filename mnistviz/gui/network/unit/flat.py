"""Cards within a card: they lie flat."""

from __future__ import annotations

from mnistviz.gui.common.widgets import Card, refresh_style


def show_flat(card: Card, flat: bool) -> None:
    """Takes the frame of a card away, with its margins, or gives it back."""
    card.setProperty("role", "scrolled" if flat else "card")
    refresh_style(card)
    layout = card.layout()
    assert layout is not None
    layout.setContentsMargins(*((0, 0, 0, 0) if flat else (12, 9, 12, 10)))
