"""The picture of the network: the layers and the outputs in one scene, with mouse and keyboard."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsPixmapItem, QGraphicsView, QScrollBar, QWidget

from mnistviz.engine.network import Unit
from mnistviz.gui.common.announcements import announce
from mnistviz.gui.common.focus_ring import show_ring
from mnistviz.gui.common.painted_figure import ARROWS, ENTER
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import blank_pixmap
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.unit_names import cells, unit_character, unit_numbers
from mnistviz.gui.common.widgets import add_items, describe, set_path, show_scene, small_font
from mnistviz.gui.network.card_layout import BETWEEN, CardLayout
from mnistviz.gui.network.card_picture import CardPicture
from mnistviz.gui.network.flow import Lines
from mnistviz.gui.network.layer_stage import LayerStage, OpenStage
from mnistviz.gui.network.output_stage import OutputStage
from mnistviz.gui.network.selection import CardGestures, Selection
from mnistviz.gui.network.unit_slots import SMALLEST_PICTURE, UnitSlots, cell_slots, tile_slots

_SCROLL: Final = 10  # pixels, the width of the scroll bar


class NetworkPicture(QGraphicsView):
    """Shows a `CardPicture` as Qt items, and turns mouse and keyboard input into the selection."""

    def __init__(self, selection: Selection, gestures: CardGestures, parent: QWidget) -> None:
        super().__init__(parent)
        self.selection, self._gestures = selection, gestures
        self.message = ""
        self.sizes: tuple[int, ...] = ()
        self.open_layer = 0
        self.stages: dict[int, LayerStage] = {}
        self.places: CardLayout | None = None
        self._picture: CardPicture | None = None
        self._names: list[str] = []
        self._tracks: tuple[int, ...] | None = None  # layers with bars to either side, if there are any bars
        self._rows = 0  # rows of the open layer above the visible ones
        self._pressed: Unit | None = None

        self._scene = show_scene(self)
        self._background = QGraphicsPixmapItem()
        self._pointed_frame, self._chosen_frame = QGraphicsPathItem(), QGraphicsPathItem()
        self.rings, self.weight_ring = QGraphicsPathItem(), QGraphicsPathItem()
        items = self._pointed_frame, self._chosen_frame, self.rings, self.weight_ring
        add_items(self._scene, (0, self._background), *enumerate(items, 15))
        self._is_pad_covered = False
        self.lines = Lines(self._scene)
        self.outputs = OutputStage(self._scene)
        self.bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.bar.hide()
        self.bar.valueChanged.connect(self._scrolled)
        self._set_up()
        selection.changed.connect(self._on_selection)

    def _set_up(self) -> None:
        tip = tr(
            "The layers of the network and its outputs. Point at a unit to see its weights to the next "
            "layer. Click to keep it, and again to keep the weight under the mouse, or press W. Double-click or "
            "press Enter to see it large, Escape to let go."
        )
        describe(self, "network_picture", tr("The network"), tip)
        describe(self.bar, "units_scroll", tr("Units above and below"), tr("More units of this layer."))
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)

    @property
    def opened_stage(self) -> OpenStage | None:
        stage = self.stages.get(self.open_layer)
        return stage if isinstance(stage, OpenStage) else None

    def show_layers(self, sizes: tuple[int, ...], opened: int, names: list[str]) -> None:
        if opened != self.open_layer or sizes != self.sizes:
            self._rows = 0
        self.sizes, self.open_layer, self._names, self.message = sizes, opened, names, ""
        self._picture = None
        for stage in self.stages.values():
            stage.leave()
        self.stages = {
            layer: (OpenStage if layer == opened else LayerStage)(self._scene, layer)
            for layer in range(1, max(len(sizes) - 1, 2))
        }
        self.rearrange()

    def show_message(self, text: str) -> None:
        self.message = text
        self.rearrange()

    def cover_pad(self, on: bool) -> None:
        """Hide the arrows from the scratchpad to the first layer while something else is in its place."""
        if on != self._is_pad_covered:
            self._is_pad_covered = on
            if self._picture is not None:
                self._draw_lines(self._picture, None)

    def set_places(self, places: CardLayout) -> None:
        if places != self.places:
            self.places = places
            self.rearrange()

    def show_picture(self, picture: CardPicture) -> None:
        before, self._picture = self._picture, picture
        ground = None if picture.flow is None else tuple(picture.signed), picture.message
        if ground != (self._tracks, self.message):
            self._tracks, self.message = ground
            if self.places is not None:
                self._paint_background()
        for layer, stage in self.stages.items():
            stage.show_bars(picture.bars.get(layer))
            stage.show_signed(picture.signed.get(layer))
        opened, weights = self.opened_stage, picture.weights
        if opened is not None and weights is not None and (before is None or before.weights is not weights):
            opened.show_weights(weights)
        self._draw_lines(picture, before)
        if before is None or picture.ringed != before.ringed:
            colour = theme().yes if picture.numbers is None else theme().accent
            self._frame_units(self.rings, picture.ringed, colour, 2.0)
        if opened is not None:
            opened.show_pixel(picture.pixel)
        if self._has_outputs:
            self.outputs.show_picture(picture)
        if before is None or before.words is not picture.words:
            self._show_tip()
            self._draw_measures(picture.words.measures)

    def heard(self) -> str:
        return "" if self._picture is None else self._picture.words.aloud

    def adopt_theme(self) -> None:
        self.lines.adopt_theme()
        self.outputs.adopt_theme()
        for stage in self.stages.values():
            stage.adopt_theme()
        self.rearrange()

    def rearrange(self) -> None:
        if self.places is None:
            return
        self._ratio = self.devicePixelRatioF()
        self.setSceneRect(QRectF(QPoint(0, 0), self.places.view.size()))
        self._offset = self.mapTo(self.window(), QPoint(0, 0))
        if self.sizes:
            self._place_stages(self.places)
            names = [] if self.places.outputs.isEmpty() else self._names
            self.outputs.place(self.places, names, self.font(), small_font(self), self._ratio)
        self._paint_background()
        self._draw_frames()
        picture, self._picture = self._picture, None
        if picture is not None and self.sizes:
            self.show_picture(picture)

    def _place_stages(self, places: CardLayout) -> None:
        hidden = len(self.sizes) - 2
        for layer, stage in self.stages.items():
            if isinstance(stage, OpenStage):
                self._place_open(stage, places.open, hidden=layer <= hidden)
                continue
            room, across = places.folded[layer], places.across[layer]
            stage.place(cell_slots(self.sizes[layer], room, across) if across else None, room)

    def _place_open(self, stage: OpenStage, room: QRect, *, hidden: bool) -> None:
        total, n_in = self.sizes[stage.layer], self.sizes[stage.layer - 1]
        output = stage.layer == len(self.sizes) - 1
        slots = self._open_slots(total, n_in, room, hidden, output)
        if len(slots.units) < total:
            room = room.adjusted(0, 0, -_SCROLL - 4, 0)
            slots = self._open_slots(total, n_in, room, hidden, output)
            self.bar.setGeometry(slots.bounds.right() + 5, room.top(), _SCROLL, slots.bounds.height())
            self.bar.setRange(0, slots.rows - slots.rows_in_view)
            self.bar.setPageStep(slots.rows_in_view)
            self.bar.setValue(slots.scrolled)
        self.bar.setVisible(len(slots.units) < total)
        names = self._names if output else [self.locale().toString(unit + 1) for unit in range(total)]
        stage.place_tiles(slots, n_in, self._ratio, names, self._offset)
        if len(slots.units) < total:
            stage.bounds = stage.bounds.united(self.bar.geometry())

    def _open_slots(self, total: int, n_in: int, room: QRect, hidden: bool, output: bool) -> UnitSlots:
        """Return slots, with captions if these need little room or name the outputs."""
        caption = QFontMetrics(small_font(self)).height() + 1
        how = total, cells(n_in), room, hidden, self._rows, self._ratio
        plain, named = tile_slots(*how), tile_slots(*how, caption=caption)
        assert plain.picture is not None
        assert named.picture is not None
        least = max(SMALLEST_PICTURE, 0.6 * plain.picture.width())
        return named if output and named.picture.width() >= least else plain

    def _scrolled(self, rows: int) -> None:
        if rows != self._rows:
            self._rows = rows
            self.rearrange()

    def _paint_background(self) -> None:
        assert self.places is not None
        size = self.places.view.size()
        pixmap = blank_pixmap(size, self._ratio, QColor(theme().card))
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.message or not self.sizes:
                painter.setFont(self.font())
                painter.setPen(QColor(theme().text))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                left = self.places.open.left() if self.sizes else 30
                draw_text(painter, QRectF(QPoint(0, 0), size).adjusted(left, 0, -30, 0), flags, self.message)
            else:
                painter.setFont(small_font(self))
                for layer, stage in self.stages.items():
                    if self._tracks is not None:
                        stage.paint_tracks(painter, signed=layer in self._tracks)
                    stage.paint(painter)
                self.outputs.paint_tracks(painter)
        self._background.setPixmap(pixmap)
        for item in self._scene.items():
            if item is not self._background and item.parentItem() is None:
                item.setOpacity(0 if self.message or not self.sizes else 1)

    def _draw_lines(self, picture: CardPicture, before: CardPicture | None) -> None:
        if before is None or picture.connects_to != before.connects_to:
            self.lines.connect([] if picture.connects_to is None else self._connector(picture.connects_to))
        if before is None or (picture.lines, picture.ways_out) != (before.lines, before.ways_out):
            ways = {unit: self.stages[unit.layer].way_out(unit.number) for unit in picture.ways_out}
            lines = [line for line in picture.lines if line.end[0] in self.stages or self._has_outputs]
            self.lines.show(
                [(ways[line.start][-1], self._way_into(line.end), line.weight) for line in lines],
                [*ways.values()] if self._has_outputs else [ways[line.start] for line in lines],
            )

    def _connector(self, output: int) -> list[tuple[QPointF, QPointF]]:
        """Return the arrows from the pad through the 28 × 28 and the layers to an output."""
        assert self.places is not None
        seen = QRectF(self.places.seen.translated(-self.places.view.topLeft()))
        middle = seen.center().y()
        arrows = [(QPointF(2, middle), QPointF(seen.left() - 3, middle))] if seen.left() > 12 else []
        x = seen.right() + 3
        if not self._has_outputs or self._is_pad_covered:  # without a 28 × 28
            arrows, x, middle = [], 0.0, self.places.view.height() / 2
        for stage in self.stages.values():
            if x:
                arrows.append((QPointF(x, middle), QPointF(stage.bounds.left() - 5, middle)))
            x = stage.bounds.right() + 8
        if not self._has_outputs:
            return arrows
        end, left = self.outputs.way_in(output), self.places.outputs.left()
        if end.x() > left:  # past the verdict, which stands before the rows
            end = QPointF(left - 8, middle)
        return [*arrows, (QPointF(x, middle), end)]

    @property
    def _has_outputs(self) -> bool:
        return self.places is not None and not self.places.outputs.isEmpty()

    def _draw_measures(self, measures: Mapping[int, Sequence[str]]) -> None:
        places, font = self.places, small_font(self)
        if places is None:
            return
        for layer, stage in self.stages.items():
            room = places.open if layer == self.open_layer else places.folded[layer]
            around = 0 if layer == self.open_layer else BETWEEN // 2 - 5
            below = places.measure or QRect()
            room = room.adjusted(-around, 0, around, below.height())
            stage.show_measure(() if below.isNull() else measures[layer], room, font)

    def _on_selection(self) -> None:
        self._draw_frames()
        self._show_tip()

    def _show_tip(self) -> None:
        """Update the tooltip. Only thin bars of outputs need one; it would hide other units."""
        selection, tip = self.selection, self.whatsThis()
        if selection.pointed_unit is not None:
            tip = ""
        elif selection.pointed_output is not None:
            tip = "" if self._picture is None else self._picture.words.output_tip
        set_tooltip(self, tip)

    def _draw_frames(self) -> None:
        selection = self.selection
        for item, unit, colour, width in (
            (self._pointed_frame, selection.pointed_unit, theme().muted, 1.5),
            (self._chosen_frame, selection.chosen_unit, theme().accent, 2.0),
        ):
            self._frame_units(item, [] if unit is None else [unit], colour, width)
        unit, cell, ring = selection.chosen_unit, selection.chosen_cell, QPainterPath()
        stage = self.opened_stage
        if unit is not None and cell is not None and stage is not None and unit.layer == stage.layer:
            ring.addRect(stage.around_cell(unit.number, cell))
        self.weight_ring.setPen(QPen(QColor(theme().accent), 2))
        set_path(self.weight_ring, ring)
        if self.sizes and self._has_outputs:
            self.outputs.show_frame(selection.chosen_output)

    def _frame_units(self, item: QGraphicsPathItem, units: Sequence[Unit], colour: str, width: float) -> None:
        path = QPainterPath()
        for layer, unit in units:
            if (stage := self.stages.get(layer)) is not None and (frame := stage.frame_of(unit)) is not None:
                path.addRoundedRect(QRectF(frame).adjusted(-2, -2, 2, 2), 6, 6)
        item.setPen(QPen(QColor(colour), width))
        set_path(item, path)

    def frame_of(self, unit: Unit) -> QRect | None:
        layer, number = unit
        if layer in self.stages:
            return self.stages[layer].frame_of(number)
        if not self._has_outputs:
            return None
        return self.outputs.row(number).toRect() if layer == len(self.sizes) - 1 else None

    def _way_into(self, end: Unit) -> list[QPointF]:
        layer, unit = end
        if layer == len(self.sizes) - 1 and layer not in self.stages:
            return [self.outputs.way_in(unit)]
        return self.stages[layer].way_in(unit)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.rearrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.places is not None and self._ratio != self.devicePixelRatioF():
            self.rearrange()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.selection.point(None, None, None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position().toPoint())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self.under(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        under = self.under(event.position().toPoint())
        pressed, self._pressed = self._pressed, None
        if event.button() != Qt.MouseButton.LeftButton or pressed != under:
            return
        if under is None:
            self._click_beside(event.position().toPoint())
        elif under[0] == len(self.sizes) - 1:
            self.selection.choose_output(None if under[1] == self.selection.chosen_output else under[1])
        else:
            was_chosen = under == self.selection.chosen_unit
            self.selection.choose_unit(under)
            self.selection.choose_cell(self.selection.pointed_cell if was_chosen else None)
            if under[0] != self.open_layer:
                self._gestures.open_layer(under[0])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        under = self.under(event.position().toPoint())
        if under is not None and event.button() == Qt.MouseButton.LeftButton:
            self._gestures.open_unit(*under)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.bar.isVisible():
            QScrollBar.wheelEvent(self.bar, event)
            self._point_at(event.position().toPoint())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before, chosen = self.selection.chosen_unit, self.selection.chosen
        if not self.handle_key(event):
            super().keyPressEvent(event)
        elif chosen != self.selection.chosen:
            show_ring(self)
            unit = self.selection.chosen_unit
            self._announce(unit if unit != before else None)

    def _announce(self, new: Unit | None) -> None:
        """Announce what the foot of the card says of the selection, and what the weights of a `new` unit do."""
        picture, unit = self._picture, self.selection.chosen_unit
        if picture is None or not picture.words.foot.reading:
            return
        text, flow, character = picture.words.foot.reading[0], picture.flow, ""
        if unit is not None and flow is not None:
            text = text.removesuffix(unit_numbers(flow.network, *unit)).strip(" ·")
            character = unit_character(flow.network, *unit) if new else ""
        announce(self, ". ".join(filter(None, (text.replace(" · ", ", "), character))))

    def handle_key(self, event: QKeyEvent) -> bool:
        stage = self.opened_stage
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        slots = None if stage is None else stage.slots
        return plain and slots is not None and self._handle(Qt.Key(event.key()), slots)

    def _handle(self, key: Qt.Key, slots: UnitSlots) -> bool:
        chosen = self.selection.chosen_unit
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_9 and (output := key - Qt.Key.Key_0) < self.sizes[-1]:
            self.selection.choose_output(output)
            return True
        if key in ENTER and chosen is not None:
            self._gestures.open_unit(*chosen)
            return True
        if key == Qt.Key.Key_W and chosen is not None and chosen[0] == self.open_layer:
            self._choose_strongest(chosen[1])
            return True
        if self.selection.chosen_cell is not None and self._move_cell(key, self.selection.chosen_cell):
            return True
        page, columns = slots.rows_in_view * slots.columns, slots.columns
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns,
            Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -slots.total, Qt.Key.Key_End: slots.total,
        }  # fmt: skip
        if key not in steps:
            return False
        unit = chosen[1] if chosen is not None and chosen[0] == self.open_layer else None
        new_unit = slots.units[0] if unit is None else unit + steps[key]
        if key not in (Qt.Key.Key_Up, Qt.Key.Key_Down) or 0 <= new_unit < slots.total:
            self.choose(min(max(new_unit, 0), slots.total - 1))
        return True

    def _choose_strongest(self, unit: int) -> None:
        if self._picture is not None and (weights := self._picture.weights) is not None:
            values = weights.values[unit]
            seen = values if weights.initial is None else values - weights.initial[unit]
            self.selection.choose_cell(int(np.abs(seen).argmax()))

    def _move_cell(self, key: Qt.Key, cell: int) -> bool:
        n_in = self.sizes[self.open_layer - 1]
        rows, columns = cells(n_in)
        if key not in ARROWS:
            return False
        row, column = divmod(cell, columns)
        row, column = row + ARROWS[key][1], column + ARROWS[key][0]
        if 0 <= row < rows and 0 <= column < columns and row * columns + column < n_in:
            self.selection.choose_cell(row * columns + column)
        return True

    def choose(self, unit: int) -> None:
        if (stage := self.opened_stage) is None or stage.slots is None:
            return
        self.selection.choose_unit(Unit(self.open_layer, unit))
        row, slots = unit // stage.slots.columns, stage.slots
        if row < slots.scrolled:
            self.bar.setValue(row)
        elif row >= slots.scrolled + slots.rows_in_view:
            self.bar.setValue(row - slots.rows_in_view + 1)

    def under(self, point: QPoint) -> Unit | None:
        if self.message or not self.sizes:
            return None
        if (output := self.outputs.at(point)) is not None:
            return Unit(len(self.sizes) - 1, output)
        for layer, stage in self.stages.items():
            if stage.slots is not None and (unit := stage.slots.at(point)) is not None:
                return Unit(layer, unit)
        return None

    def _click_beside(self, point: QPoint) -> None:
        for layer, stage in self.stages.items():
            if layer != self.open_layer and stage.bounds.adjusted(-4, -4, 4, 4).contains(point):
                self._gestures.open_layer(layer)
                return
        self.selection.let_go()

    def _point_at(self, point: QPoint) -> None:
        under, last = self.under(point), len(self.sizes) - 1
        unit = under if under is not None and (under[0] < last or last == 1) else None
        output = under[1] if under is not None and under[0] == last else None
        stage, is_open = self.opened_stage, unit is not None and unit.layer == self.open_layer
        cell = stage.cell_at(point, unit.number) if is_open and stage and unit else None
        self.selection.point(unit, cell, output)
