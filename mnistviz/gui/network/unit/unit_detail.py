"""One unit shown large: its weights, those in the next layer, and the digits that activate it most and least."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Final

from PySide6.QtCore import QEvent, QLocale, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QLayout, QScrollArea, QStackedLayout, QWidget

from mnistviz.engine.digits import SIDE, Digits
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network, Unit
from mnistviz.gui.common import numbers
from mnistviz.gui.common.bare_picture import laid_out
from mnistviz.gui.common.choices import Chosen
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import set_theme, theme
from mnistviz.gui.common.timers import Throttle
from mnistviz.gui.common.unit_names import layer_name, unit_character, unit_numbers, unit_titles, weight_text
from mnistviz.gui.common.widgets import restyle
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.lab_changes import RunEnded
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.side_window import SideWindow
from mnistviz.gui.network.unit.hand_bar import HandBar, NeededUnits, UnitHeader
from mnistviz.gui.network.unit.hand_work import NO_UNIT, HandWork, brush_cells
from mnistviz.gui.network.unit.ranked_digits import DIGIT, RankedDigits
from mnistviz.gui.network.unit.weights_card import DOCKED, LARGEST, OutgoingWeights, UnitGestures, WeightsCard
from mnistviz.gui.network.weight_colours import ColourScales

PICTURES: Final = 0.1  # seconds between two pictures during training, at least
WORDS: Final = 0.25  # seconds between two updates of texts and figures, at least
SIZE: Final = QSize(800, 640)  # initial size of the window, if that is enough
_MARGIN: Final = 12
_DOCKED_MARGIN: Final = 13
_TALL: Final = 202  # pixels: before weights get smaller than that, digits do


class UnitContent(Fitted, QScrollArea):
    """Weights of a unit, those in the next layer, and the digits that activate it, below `above`."""

    def __init__(self, jobs: Jobs, chosen: Chosen, gestures: UnitGestures, *tools: QWidget) -> None:
        super().__init__()
        self.weights = WeightsCard(chosen, gestures)
        self.outgoing = OutgoingWeights(gestures, self.refit)
        self.ranked = RankedDigits(jobs, gestures.take_ranking)
        self._docked, self._height_of_tools = False, 0
        self._tools = tools
        self._inside = styled(QWidget(), "scrolled")
        self._upper = row_of((self.weights, 3), (self.outgoing, 2), spacing=10)
        self._column = column_of((self._upper, 1), *tools, self.ranked, spacing=4, inside=self._inside)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(self._inside)

    def show_docked(self, docked: bool) -> None:
        self._docked = docked
        off, as_needed = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setHorizontalScrollBarPolicy(off if docked else as_needed)
        self._upper.setStretch(0, 0 if docked else 3)
        self.weights.show_docked(docked)
        self.outgoing.show_docked(docked)
        self.ranked.show_docked(docked)
        self.refit()

    def least_size(self) -> QSize:
        for each in self._inside.findChildren(QWidget):
            each.ensurePolished()  # a widget that was never shown has no font yet,
            each.updateGeometry()
        for layout in self._inside.findChildren(QLayout):
            layout.invalidate()  # and its layout no size
        return self._inside.minimumSizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest and self._docked:
            wide, seen = self.viewport().width(), [each for each in self._tools if not each.isHidden()]
            high = sum(max(each.heightForWidth(wide), each.sizeHint().height()) for each in seen)
            if high != self._height_of_tools:
                self._height_of_tools = high
                self.refit()
        return super().eventFilter(watched, event)

    def refit(self) -> None:
        """Fit the parts into a panel: as many digits as have room, smaller ones, or none; weights in whole pixels."""
        self.ranked.show_least(not self._docked)
        if not self._docked:
            self.ranked.setVisible(True)
            return
        between, wide, high = self._upper.spacing(), self.viewport().width(), self.height()
        beside = wide - between - self.outgoing.minimumSizeHint().width()
        sides = [side for side in range(LARGEST, DOCKED - 1, -SIDE) if side <= beside] or [DOCKED]
        with_digits = [(side, part) for side, part in product(sides, (DIGIT, 0)) if part or side < _TALL]
        for side, digits in (*with_digits, *((side, None) for side in sides)):
            self.weights.show_side(side)
            self.ranked.setVisible(digits is not None)
            self.ranked.show_side(digits or 0)
            if self.needed_height(wide) <= high:
                return

    def needed_height(self, width: int) -> int:
        least = self.least_size().height()  # of a narrower content, in which tools may wrap
        return self._column.totalHeightForWidth(width) if self._column.hasHeightForWidth() else least


class UnitDetail(SideWindow):
    """One unit shown large and updated during training, in a window or as a panel of the network card."""

    unit_changed = Signal(int, int)
    closed = Signal()

    def __init__(
        self,
        jobs: Jobs,
        chosen: Chosen,
        parent: QWidget | None = None,
        *,
        hand: HandWork | None = None,
        show_large: Callable[[], None] = lambda: None,
    ) -> None:
        """Create the view; without `hand` the unit cannot be edited. `show_large` shows a unit if none is shown."""
        super().__init__(parent, "unit_detail")
        self._jobs, self._chosen = jobs, chosen
        self._digits: Digits | None = None
        self._moment: Moment | None = None
        self._when: tuple[str, ...] = ()  # the past step that is shown, as a text
        self._layer, self._unit = 1, 0
        self._scales = ColourScales()
        self.is_docked = False
        self._pictures = Throttle(PICTURES, self._show_pictures, self)
        self._words = Throttle(WORDS, self._show_words, self)
        self.hand = hand
        self.needed = None if hand is None else NeededUnits(hand, self._go_to, show_large)
        self.bar = None if hand is None or self.needed is None else HandBar(hand, self.needed.action)
        self._build(jobs)
        set_theme(theme(), self)
        if hand is not None:
            hand.lab.listen(RunEnded, self._on_ended)

    def draw(self, shown: Shown) -> None:
        """Show the unit in this step's network, part by part, no more often than can be seen."""
        if self.hand is not None and self.bar is not None and self.needed is not None:
            self.hand.draw(shown)
            self.needed.draw(shown)
            self.bar.show_state()
        if (moment := shown.moment) is None:
            if self._moment is not None and self._moment.run != shown.number:
                self._moment = None
                self.ranked.clear()
            return
        last, self._moment = self._moment, moment
        before, self._when = self._when, moment_words.at(shown)
        is_new = last is None or (last.run, last.network.sizes) != (moment.run, moment.network.sizes)
        if is_new:
            self.outgoing.choose_anew()
            self.ranked.clear()
        if not self.isVisible() or (moment.same_as(last) and before == self._when):
            return
        if is_new or "copy" in (moment.kind, last and last.kind):  # edits by hand are shown at once
            self._refresh()
        else:
            self._pictures.ask()
            self._words.ask()

    def _on_ended(self, change: RunEnded) -> None:
        """Release the network of a run that may be closed, if this is hidden; it is drawn again when shown."""
        if not self.isVisible() and self._moment is not None and self._moment.run == change.run.number:
            self._moment = None
            self.ranked.clear()

    def adopt_theme(self) -> None:
        if self.hand is not None:
            self.hand.set_icons()
        QTimer.singleShot(0, self, self._grow)  # once all parts know the size of their text

    def _grow(self) -> None:
        """Widen a window that has become too narrow for its text, up to the width of the screen."""
        if self.isWindow() and self.isVisible():
            most = self.screen().availableGeometry().size()
            self.resize(self.size().expandedTo(self.least_size().boundedTo(most)))

    def set_digits(self, digits: Digits) -> None:
        """Set the data set to rank, whose classes name the outputs. A run on another data set must have ended."""
        self._digits, self._moment = digits, None
        self.ranked.clear()
        self._refresh()

    @property
    def wants_dock(self) -> bool:
        """True if it is docked when there is room, because the user has not chosen a window."""
        return not self._chosen.now.unit.window

    @wants_dock.setter
    def wants_dock(self, dock: bool) -> None:
        self._chosen.choose("unit", window=not dock)

    def share_colours(self, scales: ColourScales) -> None:
        self._scales = scales

    def show_unit(self, layer: int, unit: int) -> None:
        if (layer, unit) != (self._layer, self._unit):
            self._layer, self._unit = layer, unit
            self.outgoing.choose_anew()
            self.ranked.clear()
            self._update_hand()
        self._refresh()

    @property
    def shown_unit(self) -> Unit:
        return Unit(self._layer, self._unit)

    def show_docked(self, docked: bool) -> None:
        self.is_docked = docked
        restyle(self, "role", "docked" if docked else "stage")
        sides = _DOCKED_MARGIN if docked else _MARGIN
        self._column.setContentsMargins(sides, 2 if docked else sides, sides, 8 if docked else sides)
        self.header.show_docked(docked)
        self.content.show_docked(docked)
        if self.bar is not None:
            self.bar.show_docked(docked)
        self._refresh()

    def least_size(self) -> QSize:
        bar = self.content.verticalScrollBar().sizeHint().width()
        return QSize(self.content.least_size().width() + bar + self._around.width(), 320)

    def sizeHint(self) -> QSize:
        above, around = self.header.sizeHint().height() + self._column.spacing(), self._around
        width = max(SIZE.width(), self.content.least_size().width() + around.width())
        needed = self.content.needed_height(width - around.width())
        return QSize(width, max(SIZE.height(), needed + around.height() + above))

    @property
    def _around(self) -> QSize:
        frame = self.contentsMargins()
        sides = QSize(frame.left() + frame.right(), frame.top() + frame.bottom())
        return sides + QSize(2 * _MARGIN, 2 * _MARGIN)

    def _build(self, jobs: Jobs) -> None:
        what = tr("One unit: its weights, those to the next layer, and the digits that activate it.")
        self.set_titles(tr("One unit"), tr("One unit, seen large"), what)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.header = UnitHeader(self.go_back, self.go_on, self.close)
        paint = self._paint_cells, self._paint_outgoing, self._end_stroke
        gestures = UnitGestures(self._refresh, self._read, *paint, self._choose_anew)
        tools = [part for part in (self.bar, self.needed) if part is not None]
        self.content = content = UnitContent(jobs, self._chosen, gestures, *tools)
        self.weights, self.outgoing, self.ranked = content.weights, content.outgoing, content.ranked
        self.picture, self.reading = self.weights.picture, self.weights.reading
        self.showing, self.legend = self.weights.showing, self.weights.legend
        self.message = label("", name="unit_message", wraps=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedLayout()
        self._pages.addWidget(content)
        self._pages.addWidget(self.message)
        if (hand := self.hand) is not None:
            for part in (self.picture, self.outgoing.bars):
                hand.brush_changed.connect(lambda part=part: part.take_brush(bool(hand.brush)))
        self._column = column_of(
            self.header, (self._pages, 1), spacing=6, margins=(_MARGIN,) * 4, inside=self
        )
        for key, go in ((Qt.Key.Key_Left, self.go_back), (Qt.Key.Key_Right, self.go_on)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(go)

    def _paint_cells(self, painted: list[int], begins: bool) -> None:
        weights = self.picture.weights
        if self.hand is not None and weights is not None:
            places = {(self._unit, each) for cell in painted for each in brush_cells(cell, len(weights))}
            self.hand.paint(self._layer, places, self.picture.limit, begins=begins)

    def _paint_outgoing(self, target: int, begins: bool) -> None:
        if self.hand is not None:
            self.hand.paint(self._layer + 1, {(target, self._unit)}, self.outgoing.bars.limit, begins=begins)

    def _end_stroke(self) -> None:
        if self.hand is not None:
            self.hand.end_stroke()

    @contextmanager
    def for_report(self, shown: Shown, layer: int, unit: int) -> Iterator[QWidget]:
        """Yield a widget with everything about a unit but no controls, with its digits if they are ranked already."""
        detail = UnitDetail(self._jobs, self._chosen, self.window())
        if shown.digits is not None:
            detail.set_digits(shown.digits)
        detail.share_colours(self._scales)
        for control in (detail.showing, *detail.header.findChildren(QAbstractButton)):
            control.hide()
        detail.draw(shown)
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        detail.content.setHorizontalScrollBarPolicy(off)
        detail.content.setVerticalScrollBarPolicy(off)
        detail.show_unit(layer, unit)
        with laid_out(detail, detail.sizeHint()):
            detail.show_unit(layer, unit)
            ranked = self.shown_unit == (layer, unit) and bool(self.ranked.most.shown)
            detail.ranked.setVisible(ranked)
            if ranked:
                detail.ranked.copy_from(self.ranked)
            yield detail
        detail.setParent(None)
        detail.deleteLater()

    def go_on(self) -> None:
        """Show the next unit of the layer; after the last comes the first."""
        self._go(1)

    def go_back(self) -> None:
        """Show the unit before; before the first comes the last."""
        self._go(-1)

    def _go(self, by: int) -> None:
        if (network := self._network()) is not None:
            self._go_to((self._unit + by) % network.sizes[self._layer])

    def _go_to(self, unit: int) -> None:
        self.show_unit(self._layer, unit)
        self.unit_changed.emit(self._layer, self._unit)

    def let_go(self) -> bool:
        if self.hand is not None and self.hand.deselect_brush():
            return True
        return self.needed is not None and self.needed.cancel()

    def _update_hand(self) -> None:
        """Set the unit that edits apply to: none while the unit is hidden."""
        if self.hand is not None and self.needed is not None:
            self.hand.show_unit(*(self.shown_unit if self.isVisible() else NO_UNIT))
            self.needed.show_state()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._update_hand()
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._update_hand()
        self.ranked.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def _network(self) -> Network | None:
        if self._moment is None:
            return None
        network = self._moment.network
        has_unit = self._layer < len(network.sizes) and self._unit < network.sizes[self._layer]
        return network if has_unit else None

    def _refresh(self) -> None:
        self._pictures.now()
        self._words.now()

    def _show_pictures(self) -> None:
        network = self._network()
        self._pages.setCurrentIndex(0 if network is not None else 1)
        if network is None or self._moment is None:
            self.message.setText(self._absence())
            self.ranked.stop()
            return
        layer, unit = self._layer, self._unit
        before = self.showing.initial(self._moment)
        weights = network.weights[layer - 1]
        initial = None if before is None else before.weights[layer - 1]
        limit = self._scales.fit(self._moment, layer, learned=initial is not None)
        self.legend.show_scale(limit, learned=initial is not None)
        self.weights.show_output(layer == len(network.sizes) - 1)
        self.picture.show_weights(weights[unit], limit, None if initial is None else initial[unit])
        if self._moment.kind == "near":
            self.ranked.wait_for_exact()
        elif self._digits is not None and self.isVisible():
            self.ranked.rank(self._moment, layer, unit, self._digits)

    def _show_words(self) -> None:
        if (network := self._network()) is None:
            self.header.show_title(tr("One unit"))
            return
        layer, unit, sizes = self._layer, self._unit, network.sizes
        classes = () if self._digits is None else self._digits.classes
        titles = unit_titles(layer, unit, sizes, classes)
        dated = (tr("{unit} · {moment}", unit=titles[0], moment=when) for when in self._when)
        self.header.show_title(*dated, *titles)
        bias = numbers.number_text(float(network.biases[layer - 1][unit]), sign=True)
        self.header.note.setText(tr("of {count} · bias {bias}", count=numbers.whole(sizes[layer]), bias=bias))
        self.setWindowTitle(titles[0])
        self.picture.setAccessibleDescription(unit_character(network, layer, unit, classes))
        self.outgoing.show_unit(network, layer, unit, classes)
        self._read()

    def _choose_anew(self) -> None:
        """Choose the strongest outgoing weights for a new ranking; both stay until the next."""
        self.outgoing.choose_anew()
        self._words.ask()

    def _absence(self) -> str:
        if self._moment is None:
            return tr("The unit appears here once the digits are loaded.")
        sizes = self._moment.network.sizes
        count = QLocale().toString(self._unit + 1)
        if self._layer >= len(sizes) - 1:
            return tr("The new network has no such layer. Choose a unit in the main window.")
        text = tr("The new network has no unit {number} in {layer}. Choose one in the main window.")
        return text.format(number=count, layer=layer_name(self._layer, sizes))

    def _read(self) -> None:
        if (network := self._network()) is None:
            return
        if self.picture.pointed is None:
            text = unit_numbers(network, self._layer, self._unit)
        else:
            initial = self.showing.initial(self._moment)
            text = weight_text(network, initial, self._layer, self._unit, self.picture.pointed)
        self.reading.setText(text)
