"""The line above the picture: what stands below each of its words, and the way to open a layer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QRect, QSize, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from mnistviz.gui.common.widgets import ElidedLabel, describe
from mnistviz.gui.network.card_layout import BETWEEN, CardLayout
from mnistviz.gui.network.card_picture import CardPicture
from mnistviz.gui.network.network_picture import NetworkPicture

_GAP = 8
_AROUND = 10  # pixels around the words of a button: its frame, padding, and a little air


class LayerTitle(QToolButton):
    """The title of a layer: no wider than its words."""

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self.font())
        return QSize(words.horizontalAdvance(self.text()) + _AROUND, words.height() + 6)


class CardHead(QWidget):
    """The titles above the picture, which shorten by whole words. Those of the layers are buttons."""

    layer_wanted = Signal(int)
    path_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network_head")
        self._places: CardLayout | None = None
        self._picture: NetworkPicture | None = None
        self._sizes: tuple[int, ...] = ()
        self._when = ""
        self._verdicts: Sequence[str] = ()
        self.title = QLabel(self.tr("Scratchpad"), self)
        self.outputs = ElidedLabel(self.tr("Outputs"), self)
        self.tiles = QLabel(self.tr("No hidden layer: the outputs' weights"), self)
        for label in (self.title, self.outputs, self.tiles):
            label.setProperty("role", "cardTitle")
        self.layers: dict[int, LayerTitle] = {}
        self.path = QToolButton(self)
        self.path.setText(self.tr("Path"))
        self.path.setCheckable(True)
        self.path.setProperty("role", "quiet")
        describe(
            self.path,
            "network_path",
            self.tr("Path"),
            self.tr(
                "From the output back, shows in each layer the unit that speaks most for the one after it. "
                "It ends where none does."
            ),
        )
        self.path.toggled.connect(self.path_wanted)
        for widget in (self.outputs, self.tiles, self.path):
            widget.hide()

    def show_layers(self, sizes: tuple[int, ...], opened: int, picture: NetworkPicture) -> None:
        """Names the layers of a network, the layer `opened` among them."""
        self._sizes, self._picture = sizes, picture
        hidden = len(sizes) - 2
        for layer in [each for each in self.layers if each > hidden]:
            self.layers.pop(layer).deleteLater()
        for layer in range(1, hidden + 1):
            if layer not in self.layers:
                self.layers[layer] = self._button(layer)
            self.layers[layer].setChecked(layer == opened)
        self.outputs.show()
        self.path.setVisible(hidden > 0)
        self.tiles.setVisible(hidden < 1)
        self._show()

    def show_picture(self, picture: CardPicture) -> None:
        """Writes the verdict, where it has no place below, and which moment of the past it is."""
        when, verdicts = picture.when, picture.words.short_verdicts
        if when == self._when and verdicts is self._verdicts:
            return
        anew = when != self._when or (self._has_verdict and verdicts != self._verdicts)
        self._when, self._verdicts = when, verdicts
        if anew:
            self._show()

    @property
    def _has_verdict(self) -> bool:
        """Whether the verdict is here, since a low card has no place for it below."""
        return self._places is not None and self._places.verdict is None

    def place(self, room: QRect, places: CardLayout) -> None:
        """Puts the titles above their stages."""
        self._places = places
        self.setGeometry(room)
        self._show()

    def _button(self, layer: int) -> LayerTitle:
        button = LayerTitle(self)
        button.setProperty("role", "heading")
        button.setCheckable(True)
        number = QLocale().toString(layer)
        describe(
            button,
            f"network_layer_{layer}",
            self.tr("Hidden layer {number}").format(number=number),
            self.tr("Opens hidden layer {number}, so that each unit shows its weights.").format(
                number=number
            ),
        )
        button.clicked.connect(lambda: self._clicked(layer))
        button.show()
        return button

    def _clicked(self, layer: int) -> None:
        if layer not in self.layers:  # it went with its network while the mouse was down
            return
        self.layers[layer].setChecked(not self._is_folded(layer))
        self.layer_wanted.emit(layer)

    def _show(self) -> None:
        """Puts every title where it belongs, as long as there is room for it."""
        places = self._places
        if places is None:
            return
        height = self.height() - 4
        left = places.view.left() - self.x()
        self.title.setGeometry(0, 0, left - _GAP, height)
        for folded in (False, True):
            self._place_titles([layer for layer in self.layers if self._is_folded(layer) is folded], left)
        right = left + places.outputs.right() + 1
        path = self.path.sizeHint().width() if not self.path.isHidden() else 0
        self.path.setGeometry(right - path, 0, path, height)
        begin = left + places.outputs.left()
        room = max(0, right - path - _GAP - begin)
        self.outputs.setGeometry(begin, 0, room, height)
        verdicts = self._verdicts if self._has_verdict else ()
        for text in verdicts or self._dated(self.tr("Outputs")):
            if text != self.outputs.text():
                self.outputs.setText(text)
            if self.outputs.sizeHint().width() <= room:
                break
        self.tiles.setGeometry(left + places.open.left(), 0, places.open.width(), height)

    def _place_titles(self, layers: Sequence[int], left: int) -> None:
        """Puts the titles of these layers above them, all worded alike, as long as each has room."""
        places = self._places
        assert places is not None
        wordings = {layer: self.wordings(layer) for layer in layers}
        needed = max((self._wording(layer, names, places) for layer, names in wordings.items()), default=0)
        for layer, names in wordings.items():
            button, stage = self.layers[layer], places.folded.get(layer, places.open)
            button.setText(names[needed])
            button.setGeometry(left + stage.left() - 3, 0, button.sizeHint().width(), self.height() - 4)

    def _wording(self, layer: int, names: Sequence[str], places: CardLayout) -> int:
        """The number of the first of a layer's `names` that fits above it; of the last if none does."""
        button, folded = self.layers[layer], self._is_folded(layer)
        button.ensurePolished()  # or its size is that of another style
        room = places.folded[layer].width() + BETWEEN - 2 if folded else places.open.width()
        for number, text in enumerate(names):
            button.setText(text)
            if button.sizeHint().width() <= room:
                return number
        return len(names) - 1

    def _dated(self, *names: str) -> list[str]:
        """The same names with the moment of the past, and then without."""
        if not self._when:
            return [*names]
        dated = (self.tr("{name} · {moment}").format(name=name, moment=self._when) for name in names)
        return [*dated, *names]

    def _is_folded(self, layer: int) -> bool:
        """Whether its title stands above a folded layer: the places say so, and are there before the layers."""
        return self._places is not None and layer in self._places.folded

    def wordings(self, layer: int) -> list[str]:
        """The titles of a layer, from long to short."""
        names = self._undated(layer)
        return names if self._is_folded(layer) else self._dated(*names)

    def _undated(self, layer: int) -> list[str]:
        number, count = QLocale().toString(layer), QLocale().toString(self._sizes[layer])
        shown = self._in_view(layer)
        brief = f"{shown}/{count}" if shown else count
        if shown:
            count = self.tr("{shown} of {count}").format(shown=shown, count=count)
        units = self.tr("1 unit") if self._sizes[layer] == 1 else self.tr("{count} units").format(count=count)
        return [
            self.tr("Hidden layer {number} · {units}").format(number=number, units=units),
            self.tr("Layer {number} · {units}").format(number=number, units=units),
            self.tr("Layer {number} · {count}").format(number=number, count=count),
            f"{number} · {count}",
            f"{number} · {brief}",
            brief,
            QLocale().toString(self._sizes[layer]),
        ]

    def _in_view(self, layer: int) -> str:
        """How many units of a layer are in view; empty if all are, or they can be scrolled to."""
        stage = None if self._picture is None else self._picture.stages.get(layer)
        if stage is None or stage.slots is None or not self._is_folded(layer):
            return ""
        shown = len(stage.slots.units)
        return "" if shown == stage.slots.total else QLocale().toString(shown)
