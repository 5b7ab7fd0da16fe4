"""Places the widgets of the network card in the rectangles that `card_layout` and similar modules compute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget

from mnistviz.gui.common.widgets import small_font
from mnistviz.gui.network.card_layout import (
    EDGE,
    MARGIN,
    CardLayout,
    CardTexts,
    RowPlaces,
    arrange,
    arrange_pane,
    arrange_wide,
    cells_height,
    handy_row,
    least_height,
    least_row,
    row_places,
)
from mnistviz.gui.network.card_widgets import CardWidgets
from mnistviz.gui.network.ribbon import ribbon_height, ribbon_places, way_picture

_LEAST_WITH_PANEL: Final = 640  # pixels of the card's width


@dataclass(frozen=True)
class CardForm:
    """What the layout depends on, besides the card's size, the fonts, and whether it is folded.

    `sizes` are the network's, with its layer `opened`; `names` are those of the outputs. `can_fold` adds a button to
    fold the card, because the whole card leaves no room for the views below.
    """

    sizes: tuple[int, ...]
    opened: int
    names: Sequence[str]
    can_fold: bool
    has_stage: bool
    has_wide_table: bool
    """True if the table of a stage takes the room of the layers as well."""


class CardArrangement:
    """Layout of the whole card, of the ribbon with the layers in the pane, or of one part for a report."""

    places: CardLayout

    def __init__(self, card: QWidget, widgets: CardWidgets) -> None:
        self._card, self._widgets = card, widgets
        self._unit_room = QRect()  # in the pane
        self.docked: QWidget | None = None
        """A panel that is shown over the outputs, or in the pane, while there is room for it."""

    # Sizes

    @property
    def _line(self) -> int:
        return self._card.fontMetrics().height()

    def _texts(self, form: CardForm) -> CardTexts:
        metrics, small = QFontMetrics(self._card.font()), QFontMetrics(small_font(self._card))
        names = max(map(metrics.horizontalAdvance, form.names), default=10)
        return CardTexts(metrics.height(), small.height(), names, self._widgets.showing.sizeHint().width())

    def folded_height(self, form: CardForm) -> int:
        return ribbon_height(self._texts(form))

    def least_unfolded(self, form: CardForm) -> int:
        row = least_row(self._line) if self._widgets.row.is_on else 0
        return least_height(self._line, form.sizes[-1]) + row

    def handy_unfolded(self, form: CardForm) -> int:
        """Return the height of the whole card with a comfortable row, or 0 while the scratchpad holds one digit."""
        on = self._widgets.row.is_on
        return least_height(self._line, form.sizes[-1]) + handy_row(self._line) if on else 0

    @property
    def has_room_for_panel(self) -> bool:
        """True if a panel over the outputs leaves enough of the picture visible."""
        return self._widgets.is_folded or self._card.width() >= _LEAST_WITH_PANEL

    # Places

    def lay_out(self, form: CardForm) -> None:
        texts = self._texts(form)
        self._widgets.foot.path.setFixedHeight(texts.button)
        if self._widgets.is_folded:
            self._lay_out_folded(form, texts)
        else:
            self._lay_out_whole(form, texts)
        self.place_over_outputs(form)
        if self._widgets.part == "row":
            self._lay_out_row()

    def _lay_out_whole(self, form: CardForm, texts: CardTexts) -> None:
        widgets = self._widgets
        least = self.least_unfolded(form)  # the card may not have that height yet
        size = self._card.size().expandedTo(QSize(0, least))
        row = None
        if widgets.row.is_on:
            row = row_places(size, self._line, least_height(self._line, form.sizes[-1]))
        above = 0 if row is None else row.height
        places = (
            arrange_wide(size, form.sizes, texts)
            if form.has_wide_table
            else arrange(size, form.sizes, form.opened, texts, above=above)
        )
        self.places = places
        widgets.pad.setGeometry(places.pad if row is None else row.pad)
        widgets.tools.place(places.tools if row is None else row.tools, places.tool_columns)
        if row is not None:
            widgets.row.place(row)
        widgets.seen.place(places.seen, places.seen_caption)
        widgets.picture.setGeometry(places.view)
        widgets.picture.set_places(places)
        widgets.head.title.setVisible(row is None)
        line = QRect(MARGIN, above, size.width() - 2 * MARGIN, places.head).adjusted(0, 4, 0, -6)
        if form.can_fold:
            wide = widgets.unfold.sizeHint().width()
            line.setRight(line.right() - wide - 8)
            widgets.unfold.setGeometry(line.right() + 9, above + 2, wide, places.head - EDGE - 4)
        widgets.head.place(line, places)
        self.place_switch()
        widgets.foot.place(places)
        for above_picture in (widgets.seen, widgets.seen.caption, widgets.showing):
            above_picture.raise_()

    def _lay_out_folded(self, form: CardForm, texts: CardTexts) -> None:
        card, widgets, alone = self._card, self._widgets, self._widgets.part == "units"
        card.setMaximumHeight(ribbon_height(texts))
        ribbon = ribbon_places(card.size(), widgets.unfold.sizeHint().expandedTo(QSize(92, 30)))
        widgets.pad.setGeometry(ribbon.pad)
        widgets.tools.place(ribbon.tools, 3, folded=True)
        widgets.seen.place(ribbon.seen, QRect())
        widgets.unfold.setGeometry(ribbon.unfold)
        left = ribbon.tools.right() + 1
        between = QRect(left, 1, ribbon.seen.left() - left, card.height() - 2)
        widgets.way.setGeometry(between)
        widgets.way.setPixmap(way_picture(between.size(), widgets.theme, card.devicePixelRatioF()))
        widgets.ribbon.setGeometry(ribbon.outputs)
        widgets.ribbon.arrange(form.names)
        places, self._unit_room = arrange_pane(
            widgets.pane.size(), form.sizes, form.opened, texts, alone=alone
        )
        self.places = places
        widgets.picture.setGeometry(places.view)
        widgets.picture.set_places(places)
        widgets.head.setVisible(len(form.sizes) > 3 or alone)
        left = places.view.left()
        widgets.head.place(QRect(left, 4, self._unit_room.left() - left, places.head - 10), places)
        widgets.foot.place(places)
        widgets.pane.hint.setGeometry(self._unit_room)

    def _lay_out_row(self) -> None:
        room = self._card.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN // 2)
        below = QRect(room)
        below.setTop(room.bottom() - cells_height(self._line))
        room.setBottom(below.top() - 2)
        self._widgets.pad.setGeometry(room)
        self._widgets.row.place(RowPlaces(0, room, below, QRect(), QRect()))

    def place_switch(self) -> None:
        """Align the switch in the head with the right edge of the tiles, if the title leaves room."""
        widgets, places = self._widgets, self.places
        if widgets.is_folded:
            return
        place, stage = QRect(places.switch), widgets.picture.opened_stage
        if stage is not None and place.top() < places.view.top():
            tiles = stage.bounds.translated(places.view.topLeft())
            least = places.open.left() + places.view.left() + 2 * place.width()
            place.moveRight(min(place.right(), max(tiles.right(), least)))
        widgets.showing.setGeometry(place)
        widgets.head.keep_clear(place)

    # Parts over the outputs

    def place_over_outputs(self, form: CardForm) -> None:
        """Show or hide the table of a stage and the panel, whichever has room. Nothing else moves."""
        widgets, panel = self._widgets, self.docked
        table = bool(widgets.table.content.above)
        covered = panel is not None and self.has_room_for_panel and not widgets.is_folded
        widgets.head.end_at(self.places.actions.left() if covered else None)
        widgets.picture.cover_outputs(covered or (table and not widgets.is_folded))
        widgets.table.setVisible(table)
        if widgets.is_folded:
            widgets.table.setGeometry(self._unit_room)
            widgets.foot.show_actions(not form.has_stage, alone=form.has_stage)
            widgets.pane.hint.setVisible(panel is None and not table)
            if panel is not None:
                panel.setGeometry(self._unit_room)
                panel.setVisible(not table)  # the table of a stage has priority
            return
        has_actions = widgets.part is None and not covered and not form.has_stage
        widgets.foot.show_actions(has_actions, alone=form.has_stage and not covered)
        room = self.places.outputs.translated(self.places.view.topLeft()).adjusted(-MARGIN, 0, MARGIN - 2, 0)
        room.setBottom(self.places.foot.top() - 1)
        widgets.table.setGeometry(room)
        widgets.table.raise_()
        if panel is not None:
            self._place_panel(panel)

    def _place_panel(self, panel: QWidget) -> None:
        """Place a panel over the outputs of an unfolded card, if there is room."""
        card, places = self._card, self.places
        left = places.actions.left()
        top = places.view.top() + EDGE - places.head
        panel.setGeometry(left, top + 1, card.width() - left - 1, card.height() - top - 2)
        has_room, focus = self.has_room_for_panel, QApplication.focusWidget()
        if not has_room and focus is not None and (focus is panel or panel.isAncestorOf(focus)):
            self._widgets.picture.setFocus()  # otherwise Qt would move the focus to the next widget of the window
        panel.setVisible(has_room)
        panel.raise_()
