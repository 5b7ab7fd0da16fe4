"""The lines of the network card: titles above the picture; legends, a description and actions below it."""

from collections.abc import Callable, Sequence
from html import escape
from itertools import product
from typing import Final

from PySide6.QtCore import QLocale, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QRegion
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from mnistviz.gui.common.layouts import styled
from mnistviz.gui.common.numbers import whole
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import ElidedLabel, describe
from mnistviz.gui.common.wrapped import WrappedLabel
from mnistviz.gui.network.card_layout import BETWEEN, EDGE, HEAD, CardLayout
from mnistviz.gui.network.card_picture import CardPicture, Changes, Weights
from mnistviz.gui.network.card_words import AGAINST, ANSWER, FOR, FootWords, whole_parts
from mnistviz.gui.network.network_picture import NetworkPicture
from mnistviz.gui.network.weight_colours import WeightLegend

_GAP = 8
_AROUND = 6  # pixels around the text of a button, with its frame


class LayerTitle(QToolButton):
    def sizeHint(self) -> QSize:
        words = QFontMetrics(self.font())
        return QSize(words.horizontalAdvance(self.text()) + _AROUND, words.height() + 6)


class CardHead(QWidget):
    """Titles above the picture, shortened by whole words. Those of the layers are buttons."""

    def __init__(
        self, open_layer: Callable[[int], object], parent: QWidget | None = None, *, alone: bool = False
    ) -> None:
        """Create the titles; `alone`, only those of the layers."""
        super().__init__(parent)
        self._open_layer = open_layer
        self.setObjectName("network_head")
        self._places: CardLayout | None = None
        self._picture: NetworkPicture | None = None
        self._sizes: tuple[int, ...] = ()
        self._note = self._short_note = ""
        self._alone = alone
        self._switch: QRect | None = None
        self.down = 0  # by how many pixels the titles of layers are lower than those of pad and outputs
        self._has_switch = True
        self._notes: Sequence[str] = ("",)
        self._outputs_notes: Sequence[str] = ("",)
        self.title = styled(QLabel(tr("Scratchpad"), self), "cardTitle")
        self.outputs = styled(ElidedLabel(tr("Outputs"), self), "cardTitle")
        self.tiles = styled(QLabel(tr("Weights of the outputs"), self), "cardTitle")
        self.note = styled(QLabel(self), "cardNote", "network_note")
        self.layer_note = styled(QLabel(self), "cardNote", "network_layer_note")
        self.outputs_note = styled(QLabel(self), "cardNote", "network_outputs_note")
        self.layers: dict[int, LayerTitle] = {}
        for widget in (self.outputs, self.tiles):
            widget.hide()
        for widget in (self.title, self.note, self.outputs_note):
            widget.setHidden(alone)

    def show_layers(self, sizes: tuple[int, ...], opened: int, picture: NetworkPicture) -> None:
        self._sizes, self._picture = sizes, picture
        hidden = len(sizes) - 2
        for layer in [each for each in self.layers if each > hidden]:
            gone = self.layers.pop(layer)
            gone.hide()
            gone.deleteLater()
        for layer in range(1, hidden + 1):
            if layer not in self.layers:
                self.layers[layer] = self._button(layer)
            self.layers[layer].setChecked(layer == opened)
        self.outputs.setVisible(not self._alone)
        self.tiles.setVisible(hidden < 1)
        self._show()

    def show_picture(self, picture: CardPicture) -> None:
        """Show the notes on drawing and layer."""
        words = picture.words
        texts = (
            words.note,
            words.short_note,
            picture.when or words.layer_notes,
            words.outputs_notes,
            picture.has_choice,
        )
        if texts != (self._note, self._short_note, self._notes, self._outputs_notes, self._has_switch):
            self._note, self._short_note, self._notes, self._outputs_notes, self._has_switch = texts
            self._show()

    def show_title(self, title: str) -> None:
        if (title := title or tr("Scratchpad")) != self.title.text():
            self.title.setText(title)
            self._show()

    def show_note(self, note: str) -> None:
        if note != self._note:
            self._note = note
            self._show()

    def place(self, room: QRect, places: CardLayout, down: int = 0) -> None:
        """Take a line, for the titles of layers one that is so many pixels further `down`, and nothing between them."""
        self._places, self.down = places, down
        self.setGeometry(room.adjusted(0, 0, 0, down))
        beside = places.view.left() + places.outputs.left() - room.left()
        left = beside if down else 0  # a row stands at the left
        line = QRegion(left, 0, room.width() - left, room.height())
        self.setMask(line | QRegion(0, down, beside, room.height()))
        self._show()

    def keep_clear(self, switch: QRect) -> None:
        """Leave room for the switch where it really is, which may be further left than planned."""
        if switch != self._switch:
            self._switch = switch
            self._show()

    def _button(self, layer: int) -> LayerTitle:
        button = LayerTitle(self)
        button.setProperty("role", "heading")
        button.setCheckable(True)
        number = QLocale().toString(layer)
        tip = tr("Opens hidden layer {number}, so that each unit shows its weights.", number=number)
        describe(button, f"network_layer_{layer}", tr("Hidden layer {number}", number=number), tip)
        button.clicked.connect(lambda: self._clicked(layer))
        button.show()
        return button

    def _clicked(self, layer: int) -> None:
        if layer not in self.layers:  # the layer disappeared while the mouse was pressed
            return
        self.layers[layer].setChecked(not self._is_folded(layer))
        self._open_layer(layer)

    def _line(self, left: int, width: int, down: int = 0) -> QRect:
        return QRect(left - self.x(), down, max(0, width), self.height() - self.down)

    def _show(self) -> None:
        if (places := self._places) is None:
            return
        if not self._alone:
            self._place_pad_titles(places)
        opened = [layer for layer in self.layers if not self._is_folded(layer)]
        for layer in opened:
            self._place_open(layer, places)
        if self.layers and not opened:
            self.layer_note.setText("")
        self._place_folded([layer for layer in self.layers if self._is_folded(layer)], places)
        if not self.layers:
            room = self._open_room(places, beside_switch=self._has_switch)
            wide = min(self.tiles.sizeHint().width(), room.width())
            self.tiles.setGeometry(room.left(), room.top(), wide, room.height())
            _write_note(self.layer_note, self._notes, room, wide + _GAP)
        if not self._alone:
            self._place_outputs(places)

    def _place_outputs(self, places: CardLayout) -> None:
        left = places.view.left() + places.outputs.left()
        room = self._line(left, min(places.outputs.width(), self.geometry().right() + 1 - left))
        wide = min(self.outputs.sizeHint().width(), room.width())
        self.outputs.setGeometry(room.left(), room.top(), wide, room.height())
        _write_note(self.outputs_note, self._outputs_notes, room, wide + _GAP)
        long = self._outputs_notes[0]
        set_tooltip(self.outputs_note, "" if self.outputs_note.text() == long else long)

    def _place_pad_titles(self, places: CardLayout) -> None:
        title = self._line(self.x(), self.title.sizeHint().width())
        self.title.setGeometry(title)
        end = places.view.left() + places.open.left() - self.x() - _GAP
        self.note.setVisible(not self.title.isHidden())
        self.note.setGeometry(
            title.right() + 1 + _GAP, title.top(), end - title.right() - _GAP, title.height()
        )
        metrics, width = QFontMetrics(self.note.font()), self.note.width()
        self.note.setText(
            whole_parts(self._note, metrics, width) or whole_parts(self._short_note, metrics, width)
        )

    def _open_room(self, places: CardLayout, *, beside_switch: bool) -> QRect:
        open_room = places.open.translated(places.view.topLeft())
        right = open_room.right() + 1
        switch = places.switch if self._switch is None else self._switch
        if beside_switch and not switch.isEmpty() and switch.top() < places.view.top():
            right = min(right, switch.left() - _GAP)
        return self._line(open_room.left(), right - open_room.left(), self.down)

    def _place_open(self, layer: int, places: CardLayout) -> None:
        """Show the title of the open layer, its number of units, and a note on its pictures. Without the switch, the
        title is as long as beside it, so that it stays when the switch appears."""
        button, room = self.layers[layer], self._open_room(places, beside_switch=self._has_switch)
        least = self._open_room(places, beside_switch=True).width()
        button.ensurePolished()  # otherwise the size hint is that of another style
        number, count = QLocale().toString(layer), self._count(layer)
        long = tr("Hidden layer {number}", number=number)
        short = tr("Layer {number}", number=number)
        units = tr("1 unit") if self._sizes[layer] == 1 else tr("{count} units", count=count)
        plain = ((long, [units, count, ""]), (short, [units, count, ""]), (number, [count, ""]))
        bare = [note for note in self._notes if note]
        ways = [(long, bare), (short, bare), (number, bare), *plain]
        if not self._has_switch:
            ways = [(title, [*bare, *notes]) for title, notes in plain]
        for title, notes in ways:
            button.setText(title)
            wide = button.sizeHint().width()
            button.setGeometry(room.left() - 3, room.top(), wide, room.height())
            if wide + 2 <= least and _write_note(self.layer_note, notes, room, wide + 2):
                return

    def _place_folded(self, layers: Sequence[int], places: CardLayout) -> None:
        wordings = {layer: self.wordings(layer) for layer in layers}
        needed = max((self._wording(layer, names, places) for layer, names in wordings.items()), default=0)
        for layer, names in wordings.items():
            button, stage = self.layers[layer], places.folded[layer]
            button.setText(names[needed])
            line = self._line(places.view.left() + stage.left() - 3, button.sizeHint().width(), self.down)
            button.setGeometry(line)

    def _wording(self, layer: int, names: Sequence[str], places: CardLayout) -> int:
        button, stage = self.layers[layer], places.folded[layer]
        room = stage.width() + BETWEEN - 2
        button.ensurePolished()
        for number, text in enumerate(names):
            button.setText(text)
            if button.sizeHint().width() <= room:
                return number
        return len(names) - 1

    def _is_folded(self, layer: int) -> bool:
        """Return True if the layout has the layer folded. The layout is known before the layers are."""
        return self._places is not None and layer in self._places.folded

    def wordings(self, layer: int) -> list[str]:
        number, count, units = QLocale().toString(layer), self._count(layer), whole(self._sizes[layer])
        long = tr("Layer {number} · {count}", number=number, count=count)
        return [long, f"{number} · {count}", f"{number} · {units}", units]

    def _count(self, layer: int) -> str:
        stage = None if self._picture is None else self._picture.stages.get(layer)
        if stage is None or stage.slots is None or len(stage.slots.units) == stage.slots.total:
            return QLocale().toString(self._sizes[layer])
        return tr("{shown} of {count}", shown=len(stage.slots.units), count=self._sizes[layer])


def _write_note(label: QLabel, notes: Sequence[str], room: QRect, taken: int) -> bool:
    """Show the first of `notes` that fits beside a title that is `taken` pixels wide. Return True if one did."""
    fits, taken = taken <= room.width(), min(taken, room.width())
    metrics, free = QFontMetrics(label.font()), room.width() - taken
    label.setGeometry(room.left() + taken, room.top(), free, room.height())
    text = next((note for note in notes if metrics.horizontalAdvance(note) <= free), None)
    label.setText(text or "")
    return fits and text is not None


_MARKS: Final = str.maketrans({FOR: "■", AGAINST: "■", ANSWER: "▮"})


class CardFoot(QWidget):
    """Line below the picture with the legends or the selected part."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("network_foot")
        self._places: CardLayout | None = None
        self._layers_right = 0  # where the layers end, in this widget
        self._words = FootWords()
        self._weights: Weights | Changes | None = None
        self._is_written = False
        self._has_scale = True  # True while pictures of weights are shown
        self.legends = _line(WrappedLabel(parent=self), "network_legends")
        self.legends.setTextFormat(Qt.TextFormat.RichText)
        self.reading = _line(QLabel(self), "network_reading", "reading")
        self.reading.setTextFormat(Qt.TextFormat.PlainText)
        self.legend = WeightLegend("units_legend", self)
        self.legend.hide()

    def adopt_theme(self) -> None:
        self._show()

    def show_picture(self, picture: CardPicture) -> None:
        weights, rescaled = picture.weights, False
        if weights is not None and weights is not self._weights:
            self._weights = weights
            learned = isinstance(weights, Weights) and weights.learned
            rescaled = self.legend.show_scale(weights.limit, learned, bare=isinstance(weights, Changes))
        has_scale = weights is not None and not (picture.is_blank or picture.is_faint)
        if has_scale != self._has_scale:
            self._has_scale, rescaled = has_scale, True
        words = picture.words.foot
        if not self._is_written or rescaled or (words is not self._words and words != self._words):
            self._words, self._is_written = words, True
            self._show()

    def place(self, places: CardLayout) -> None:
        self._places = places
        right = max(each.right() for each in (places.open, *places.folded.values()))
        self._layers_right = places.view.left() + right - places.foot.left()
        self.setGeometry(places.foot)
        self._show()

    def _show(self) -> None:
        if self._places is None:
            return
        foot = self.rect()
        reads = any(self._words.reading)
        self.reading.setVisible(reads)
        self.legends.setVisible(not reads)
        if reads:
            self._write_reading(foot)
        else:
            self._write_legends(foot, self._places)

    def _write_reading(self, room: QRect) -> None:
        self.legend.hide()
        self.reading.setGeometry(room)
        metrics = QFontMetrics(self.reading.font())
        shown = [whole_parts(each, metrics, room.width()) for each in self._words.reading]
        enough = [text for text in shown if " · " in text or text in self._words.reading]
        self.reading.setText((enough or shown[-1:])[0])

    def _write_legends(self, room: QRect, places: CardLayout) -> None:
        """Show the longest legend that fits beside the colour scale, which gets shorter first; else one without it."""
        metrics = QFontMetrics(self.legends.font())
        needed = [metrics.horizontalAdvance(each.translate(_MARKS)) for each in self._words.legends]
        below_layers = QRect(room)
        below_layers.setRight(min(room.right(), self._layers_right))
        longest, *shorter = self.legend.widths() if self._has_scale else [0, 0]
        ways = [(longest, below_layers), *product(shorter, (below_layers, room))]
        fits = (
            (wide, place, number)
            for number, long in enumerate(needed)
            for wide, place in ways
            if long + _GAP + wide <= place.width()
        )
        wide, room, number = next(fits, (0, room, len(needed) - 1))
        is_below_outputs = places.head > HEAD and places.foot.left() > places.switch.right()  # in larger text
        self.legends.setVisible(needed[number] <= (1 if is_below_outputs else 2) * (room.width() - _GAP))
        self.legend.setGeometry(room.right() + 1 - wide, room.top() + EDGE, wide, room.height() - 2 * EDGE)
        self.legend.setVisible(self._is_written and wide > 0)
        self.legends.setGeometry(room.left(), room.top(), max(0, room.width() - wide - _GAP), room.height())
        text = escape(self._words.legends[number]).replace("   ", "\u00a0 \u00a0")
        for mark, colour in ((FOR, theme().yes), (AGAINST, theme().no), (ANSWER, theme().answer)):
            text = text.replace(mark, f'<span style="color:{colour}">{mark}</span>')
        if (text := text.translate(_MARKS)) != self.legends.text():
            self.legends.setText(text)


def _line(label: QLabel, name: str, role: str = "smallPrint") -> QLabel:
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return styled(label, role, name)
