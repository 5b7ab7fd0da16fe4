"""Where the stages of the network are in one scene, and all of it that stays until the next arrangement."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
    QScrollBar,
    QWidget,
)

from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.network.card_layout import CardLayout
from mnistviz.gui.network.flow_lines import Lines
from mnistviz.gui.network.layer_stage import LayerStage
from mnistviz.gui.network.open_stage import OpenStage, caption_font
from mnistviz.gui.network.output_stage import OutputStage
from mnistviz.gui.network.selection import Selection, Unit
from mnistviz.gui.network.unit_slots import SMALLEST_PICTURE, UnitSlots, cell_slots, tile_slots
from mnistviz.gui.network.weight_tiles import cells

_SCROLL: Final = 10  # pixels, the width of the bar


class StagesView(QGraphicsView):
    """Lays out the stages of a network as Qt's own items, which are painted without the interpreter."""

    rearranged = Signal()
    """Its stages stand elsewhere than before, and have nothing in them."""

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.selection = selection
        self.message = ""
        self.sizes: tuple[int, ...] = ()
        self.open_layer = 0
        self.stages: dict[int, LayerStage] = {}
        self.places: CardLayout | None = None
        self._names: list[str] = []
        self._drawn = False
        self._rows = 0  # that the open layer is scrolled by

        self._scene = QGraphicsScene(self)
        self._scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._background = QGraphicsPixmapItem()
        self._pointed_frame, self._chosen_frame = QGraphicsPathItem(), QGraphicsPathItem()
        for z, item in ((0, self._background), (15, self._pointed_frame), (16, self._chosen_frame)):
            item.setZValue(z)
            self._scene.addItem(item)
        self._theme = theme
        self.lines = Lines(self._scene, theme)
        self.outputs = OutputStage(self._scene, theme)
        self.bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.bar.hide()
        self.bar.valueChanged.connect(self._scrolled)
        self._set_up()
        selection.changed.connect(self._draw_frames)

    def _set_up(self) -> None:
        describe(
            self,
            "network_picture",
            self.tr("The network"),
            self.tr(
                "The layers of the network and its outputs. Point at a unit to see what it passes on; "
                "click to keep that, double-click or press Enter to see the unit large, Escape to let go."
            ),
        )
        describe(
            self.bar, "units_scroll", self.tr("Units above and below"), self.tr("More units of this layer.")
        )
        self.setScene(self._scene)
        self.setInteractive(False)
        self.setAcceptDrops(False)  # a file that is dropped is for the window
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for set_policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            set_policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # What the card says

    @property
    def opened_stage(self) -> OpenStage | None:
        """The stage of the open layer; None while there is no network."""
        stage = self.stages.get(self.open_layer)
        return stage if isinstance(stage, OpenStage) else None

    def show_layers(self, sizes: tuple[int, ...], opened: int, names: list[str]) -> None:
        """Begins with a network of these sizes, its layer `opened` seen; `names` are those of the outputs."""
        if opened != self.open_layer or sizes != self.sizes:
            self._rows = 0
        self.sizes, self.open_layer, self._names, self.message = sizes, opened, names, ""
        for stage in self.stages.values():
            stage.leave()
        hidden = len(sizes) - 2
        self.stages = {
            layer: (OpenStage if layer == opened else LayerStage)(self._scene, layer, self._theme)
            for layer in range(1, max(hidden, 1) + 1)
        }
        self.rearrange()

    def show_message(self, text: str) -> None:
        """Shows a sentence and no network."""
        self.message = text
        self.rearrange()

    def set_places(self, places: CardLayout) -> None:
        """Moves everything to these places."""
        if places != self.places:
            self.places = places
            self.rearrange()

    def show_tracks(self, drawn: bool) -> None:
        """Shows what the bars of the units lie in, if something is `drawn` that they answer to."""
        if drawn != self._drawn:
            self._drawn = drawn
            if self.places is not None:
                self._paint_background()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.lines.set_theme(theme)
        self.outputs.set_theme(theme)
        for stage in self.stages.values():
            stage.set_theme(theme)
        self.rearrange()

    # Arrangement

    def rearrange(self) -> None:
        """Lays everything out anew: after a change of size, fonts, theme, or network."""
        if self.places is None:
            return
        self._ratio = self.devicePixelRatioF()
        self.setSceneRect(QRectF(QPoint(0, 0), self.places.view.size()))
        if self.sizes:
            self._place_stages(self.places)
            small = caption_font(self.font(), self.small_pixels())
            self.outputs.place(self.places, self._names, self.font(), small, self._ratio)
        self._paint_background()
        self._draw_frames()
        self.rearranged.emit()

    def small_pixels(self) -> int:
        """The size of small print: never below 12 pixels."""
        return max(12, round(self.fontInfo().pixelSize() * 12 / 13))

    def _place_stages(self, places: CardLayout) -> None:
        last = len(self.sizes) - 2
        for layer, stage in self.stages.items():
            if isinstance(stage, OpenStage):
                self._place_open(stage, places.open, says=layer == last)
            elif places.across:
                stage.place(
                    cell_slots(self.sizes[layer], places.folded[layer], places.across, says=layer == last),
                    places.folded[layer],
                )
            else:
                stage.place(None, places.folded[layer])

    def _place_open(self, stage: OpenStage, room: QRect, *, says: bool) -> None:
        total, n_in = self.sizes[stage.layer], self.sizes[stage.layer - 1]
        output = stage.layer == len(self.sizes) - 1
        slots = self._open_slots(total, n_in, room, says, output)
        if len(slots.units) < total:
            room = room.adjusted(0, 0, -_SCROLL - 2, 0)
            slots = self._open_slots(total, n_in, room, says, output)
            self.bar.setGeometry(room.right() + 2, room.top(), _SCROLL, room.height())
            self.bar.setRange(0, slots.rows - slots.rows_in_view)
            self.bar.setPageStep(slots.rows_in_view)
            self.bar.setValue(slots.scrolled)
        self.bar.setVisible(len(slots.units) < total)
        names = self._names if output else [self.locale().toString(unit + 1) for unit in range(total)]
        stage.place_tiles(slots, n_in, self._ratio, names)
        if len(slots.units) < total:
            stage.bounds = stage.bounds.united(self.bar.geometry())

    def _open_slots(self, total: int, n_in: int, room: QRect, says: bool, output: bool) -> UnitSlots:
        """With captions where they cost little, or name the outputs."""
        caption = QFontMetrics(caption_font(self.font(), self.small_pixels())).height() + 1
        plain, named = (
            tile_slots(
                total, cells(n_in), room, says=says, caption=each, scrolled=self._rows, ratio=self._ratio
            )
            for each in (0, caption)
        )
        assert plain.picture is not None
        assert named.picture is not None
        least = max(SMALLEST_PICTURE, 0.6 * plain.picture.width())
        return named if output and named.picture.width() >= least else plain

    def _scrolled(self, rows: int) -> None:
        if rows != self._rows:
            self._rows = rows
            self.rearrange()

    def _paint_background(self) -> None:
        """Paints what stays until the next arrangement."""
        assert self.places is not None
        size = self.places.view.size().expandedTo(QSize(1, 1))
        pixmap = QPixmap(size * self._ratio)
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(QColor(self._theme.card))
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.message or not self.sizes:
            painter.setFont(self.font())
            painter.setPen(QColor(self._theme.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            draw_text(painter, QRectF(QPoint(0, 0), size).adjusted(30, 0, -30, 0), flags, self.message)
        else:
            painter.setFont(caption_font(self.font(), self.small_pixels()))
            for stage in self.stages.values():
                if self._drawn:
                    stage.paint_tracks(painter)
                stage.paint(painter)
            self.outputs.paint_tracks(painter)
        painter.end()
        self._background.setPixmap(pixmap)
        for item in self._scene.items():
            if item is not self._background and item.parentItem() is None:
                item.setOpacity(0 if self.message or not self.sizes else 1)

    def _draw_frames(self) -> None:
        """The frames around the unit that is pointed at and the chosen one, and around the chosen output."""
        selection = self.selection
        for item, unit, colour, width in (
            (self._pointed_frame, selection.pointed_unit, self._theme.muted, 1.5),
            (self._chosen_frame, selection.chosen_unit, self._theme.accent, 2.0),
        ):
            path = QPainterPath()
            frame = (
                None if unit is None or unit[0] not in self.stages else self.stages[unit[0]].frame_of(unit[1])
            )
            if frame is not None:
                path.addRoundedRect(QRectF(frame).adjusted(-2, -2, 2, 2), 6, 6)
            item.setPen(QPen(QColor(colour), width))
            item.setPath(path)
        if self.sizes:
            self.outputs.show_frame(selection.chosen_output)

    def frame_of(self, unit: Unit) -> QRect | None:
        """Where a unit's frame is, or the row of an output; None if it is not in view."""
        layer, number = unit
        if layer in self.stages:
            return self.stages[layer].frame_of(number)
        return self.outputs.row(number).toRect() if layer == len(self.sizes) - 1 else None

    def way_out_of(self, unit: Unit) -> list[QPointF]:
        """The way from a unit to where lines from it begin."""
        return self.stages[unit[0]].way_out(unit[1])

    def way_into(self, layer: int, unit: int) -> QPointF:
        """Where a line to a unit or an output ends."""
        if layer == len(self.sizes) - 1 and layer not in self.stages:
            return self.outputs.way_in(unit)
        return self.stages[layer].way_in(unit)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.rearrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.places is not None and self._ratio != self.devicePixelRatioF():
            self.rearrange()
