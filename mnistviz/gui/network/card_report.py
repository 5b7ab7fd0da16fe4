"""The network card in a picture for a report: a second card of a fixed size with the same content."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.bare_picture import laid_out
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network import card_words
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.card_widgets import ReportPart

REPORT: Final = QSize(1_156, 432)  # pixels of the screen


@contextmanager
def card_for_report(card: NetworkCard, shown: Shown, part: ReportPart = "network") -> Iterator[QWidget]:
    """Yield a widget with the card or a part of it, without controls, for a report, in the same size always."""
    copy = NetworkCard(card.window(), part=part)
    copy.hide()
    if shown.digits is not None:
        copy.set_digits(shown.digits)
    choices = card.chosen.now
    if part == "units":
        choices = replace(choices, network=replace(choices.network, unit=None, output=None, path=False))
    copy.chosen.restore(choices)
    copy.adopt(card)
    for control in (copy.tools, copy.row.side, copy.showing):
        control.hide()
    copy.set_seen(True)
    try:
        with laid_out(copy, {"network": REPORT, "units": QSize(452, 436), "row": QSize(1_000, 220)}[part]):
            copy.draw(shown)
            copy.row.be_ready()
            copy.presenter.refresh()
            shown_parts = {"row": (copy.pad, copy.row.cells), "units": (copy.picture, copy.head, copy.foot)}
            for widget in copy.children() if part in shown_parts else ():
                if isinstance(widget, QWidget) and widget not in shown_parts[part]:
                    widget.hide()
            yield copy
    finally:
        copy.setParent(None)
        copy.deleteLater()


def units_told(card: NetworkCard, shown: Shown) -> str:
    learned, colours = card.showing.learned(), card.presenter.picture.memory.colours
    limit = 1.0 if shown.moment is None else colours.fit(shown.moment, card.layer, learned=learned)
    return card_words.units_told(shown, limit, learned=learned)
