"""Places the widgets of the network card in the rectangles that `card_layout` computes."""

from typing import Final

from msgspec import Struct
from PySide6.QtCore import QMargins, QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QFontMetrics, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from mnistviz.gui.common.widgets import small_font
from mnistviz.gui.network import card_layout
from mnistviz.gui.network.card_layout import EDGE, MARGIN, CardLayout, CardTexts, arrange, row_places
from mnistviz.gui.network.card_widgets import CardWidgets

_LEAST_PANEL: Final = 260  # pixels of width


class CardForm(Struct, frozen=True):
    """What the layout depends on, besides the card's size and the fonts: the network's `sizes`, with its layer
    `opened`, and the `names` of the outputs."""

    sizes: tuple[int, ...]
    opened: int
    names: list[str]


class CardArrangement:
    """Layout of the whole card, or of one part for a report."""

    places: CardLayout

    def __init__(self, card: QWidget, widgets: CardWidgets) -> None:
        self._card, self._widgets = card, widgets
        self.docked: QWidget | None = None
        """A panel that is shown in the place of the scratchpad while there is room for it."""

    def _texts(self, form: CardForm) -> CardTexts:
        metrics, small = QFontMetrics(self._card.font()), QFontMetrics(small_font(self._card))
        names = max(map(metrics.horizontalAdvance, form.names), default=10)
        return CardTexts(metrics.height(), small.height(), names, self._widgets.showing.sizeHint().width())

    def least_height(self) -> int:
        small = QFontMetrics(small_font(self._card)).height()
        return card_layout.least_height(CardTexts(self._card.fontMetrics().height(), small))

    def lay_out(self, form: CardForm) -> None:
        texts = self._texts(form)
        if self._widgets.part == "units":
            places = card_layout.arrange_units(self._card.size(), form.sizes, form.opened, texts)
            self.places = places
            self._place_layers(places, QRect())
            left, width = places.view.left(), places.view.width()
            self._widgets.head.place(QRect(left, 4, width, places.head - 10), places)
        else:
            self._lay_out_whole(form, texts)
        self.place_over_pad()
        if self._widgets.part == "row":
            self._lay_out_row()

    def _lay_out_whole(self, form: CardForm, texts: CardTexts) -> None:
        widgets = self._widgets
        size = self._card.size().expandedTo(QSize(0, self.least_height()))  # it may not be so high yet
        self.places = places = arrange(size, form.sizes, form.opened, texts)
        row, is_whole = None, False
        if widgets.row.is_on:
            if not widgets.row.is_spread:
                row = card_layout.small_row(places.pad, places.tools, texts)
            elif size.height() >= card_layout.LOW:
                room = QRect(MARGIN, MARGIN, places.pad.width(), places.outputs.height() * 3 // 4)
                room.setRight(places.view.left() + places.open.right())
                for folded in places.folded.values():
                    room.setRight(max(room.right(), places.view.left() + folded.right()))
                row = row_places(room, texts)
                self.places = places = arrange(size, form.sizes, form.opened, texts, above=row.height)
            else:
                row, is_whole = row_places(QRect(QPoint(), size) - QMargins(*[MARGIN] * 4), texts), True
        widgets.pad.setGeometry(places.pad if row is None else row.pad)
        if row is not None:
            widgets.row.place(row)
        widgets.tools.place(places.tools if row is None else row.tools, texts.tool)
        widgets.seen.place(places.seen, places.seen_caption)
        self._place_layers(places, QRect() if row is None else row.pad | row.cells | row.tools | row.side)
        widgets.head.title.setVisible(row is None or not widgets.row.is_spread)
        line = QRect(MARGIN, 0, size.width() - 2 * MARGIN, places.head).adjusted(0, 4, 0, -6)
        widgets.head.place(line, places, 0 if row is None else row.height)
        self.place_switch()
        above_picture = [widgets.tools, widgets.seen, widgets.seen.caption, widgets.showing, widgets.foot]
        widgets.cover.setGeometry(self._card.rect() - QMargins(EDGE, 2, EDGE, 1))
        widgets.cover.setVisible(is_whole)
        widgets.head.setVisible(not is_whole)
        of_row = [widgets.pad, widgets.row.cells, widgets.tools, widgets.row.side]
        for part in (*above_picture, widgets.cover, *(of_row if row is not None else ())):
            part.raise_()

    def _place_layers(self, places: CardLayout, row: QRect) -> None:
        picture = self._widgets.picture
        picture.setGeometry(places.view)
        over = QRegion(places.foot.adjusted(0, EDGE, 0, 0)) | row
        # Otherwise each frame would paint the foot and the row anew.
        picture.viewport().setMask(QRegion(picture.rect()) - over.translated(-places.view.topLeft()))
        self._widgets.picture.set_places(places)
        self._widgets.foot.place(places)

    def _lay_out_row(self) -> None:
        room = self._card.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN // 2)
        below = QRect(room)
        below.setTop(room.bottom() - card_layout.cells_height(self._card.fontMetrics().height()))
        room.setBottom(below.top() - 2)
        self._widgets.pad.setGeometry(room)
        self._widgets.row.place(card_layout.RowPlaces(0, room, below, QRect(), QRect()))

    def place_switch(self) -> None:
        """Align the switch in the head with the right edge of the tiles, if the title leaves room."""
        widgets, places = self._widgets, self.places
        place, stage = QRect(places.switch), widgets.picture.opened_stage
        if stage is not None and place.top() < places.view.top():
            tiles = stage.bounds.translated(places.view.topLeft())
            least = places.open.left() + places.view.left() + 2 * place.width()
            place.moveRight(min(place.right(), max(tiles.right(), least)))
        down = widgets.head.down if place.top() < places.view.top() else 0  # in the foot it stays
        widgets.showing.setGeometry(place.translated(0, down))
        widgets.head.keep_clear(place)

    @property
    def _left(self) -> QRect:
        """The room at the left of the layers, from their titles down."""
        places = self.places
        first = min(room.left() for room in (places.open, *places.folded.values()) if not room.isEmpty())
        top = places.view.top() + EDGE - places.head
        return QRect(1, top + 1, places.view.left() + first - 11, self._card.height() - top - 2)

    @property
    def has_room_for_panel(self) -> bool:
        """True if a panel has room there: in the place of one digit, but not of a row."""
        return not self._widgets.row.is_on and self._left.width() >= _LEAST_PANEL

    def place_over_pad(self) -> None:
        """Show a stage, or else the panel, in the place of the scratchpad. Nothing else moves."""
        if self._widgets.part is not None:
            return
        widgets, panel, left = self._widgets, self.docked, self._left
        figure, focus = widgets.stage, QApplication.focusWidget()
        has_stage = figure.content is not None
        has_panel = panel is not None and not has_stage and self.has_room_for_panel
        pad, tools = widgets.pad, widgets.tools
        if (has_stage or has_panel) and focus is not None and (focus is pad or tools.isAncestorOf(focus)):
            widgets.picture.setFocus()
        for part in (pad, tools):
            part.setVisible(not (has_stage or has_panel))
        widgets.picture.cover_pad(has_stage or has_panel)
        figure.setVisible(has_stage)
        place = left.adjusted(1, self.places.head - 4, 0, -1)
        figure.setGeometry(place)
        rows = self.places.rows.translated(self.places.view.topLeft() - place.topLeft())
        figure.place(
            QRectF(place.adjusted(MARGIN - 2, 2, -10, -6).translated(-place.topLeft())), QRectF(rows)
        )
        figure.raise_()
        widgets.small.setVisible(has_panel)
        widgets.picture.outputs.put_beside_digit(has_panel)
        if panel is None:
            return
        if not has_panel and focus is not None and (focus is panel or panel.isAncestorOf(focus)):
            widgets.picture.setFocus()  # otherwise Qt would move the focus to the next widget of the window
        panel.setGeometry(left)
        panel.setVisible(has_panel)
        panel.raise_()
        widgets.small.place(self.places)
