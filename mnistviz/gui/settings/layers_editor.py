"""The layers of the network: inputs and outputs are the data's, the hidden ones can be added and removed."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mnistviz.engine.network import number_of_parameters
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import MAX_HIDDEN_LAYERS, SETTINGS, check_sizes
from mnistviz.gui.common import setting_names
from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe, problem_sentence, refresh_style
from mnistviz.gui.settings.number_field import NumberField

_NEW_HIDDEN_LAYER = 30  # units


class HiddenLayerRow(QWidget):
    """How many neurons one hidden layer has, and a button to take it out."""

    remove_wanted = Signal()

    def __init__(self, number: int, theme: Theme) -> None:
        super().__init__()
        name = self.tr("hidden {number}").format(number=number)
        self.field = NumberField(
            name, f"hidden_{number}", SETTINGS["sizes"].bounds, _NEW_HIDDEN_LAYER, whole=True
        )
        self.field.explain(self.tr("How many neurons this hidden layer has, in a new run."))
        self.remove_button = QPushButton()
        self.remove_button.setProperty("role", "quiet")
        describe(
            self.remove_button,
            f"remove_hidden_{number}_button",
            self.tr("Remove hidden layer {number}").format(number=number),
            self.tr("Takes this hidden layer out, in a new run."),
        )
        self.remove_button.clicked.connect(self.remove_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.field, 1)
        row.addWidget(self.remove_button)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self.remove_button.setIcon(icon("remove", theme.muted))


class LayersEditor(QWidget):
    """A row for each hidden layer, and what they come to. The control of the setting `sizes`."""

    changed = Signal(str)  # by the user; the name of the setting

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        sizes: tuple[int, ...] = SETTINGS["sizes"].default
        self._inputs, self._outputs = sizes[0], sizes[-1]
        self._rows: list[HiddenLayerRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        head = QHBoxLayout()
        head.addWidget(QLabel(setting_names.label("sizes")))
        head.addStretch(1)
        self.summary = QLabel()
        describe(
            self.summary,
            "layers_summary",
            setting_names.label("sizes"),
            setting_names.tip("sizes"),
        )
        head.addWidget(self.summary)
        column.addLayout(head)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        column.addLayout(self._list)
        self.add_button = QPushButton(self.tr("+ add a layer"))
        self.add_button.setProperty("role", "quiet")
        describe(
            self.add_button,
            "add_layer_button",
            self.tr("Add a hidden layer"),
            self.tr("Puts one more hidden layer before the outputs, in a new run."),
        )
        self.add_button.clicked.connect(self._add)
        self.count = QLabel()
        self.count.setProperty("role", "hint")
        self.count.setWordWrap(True)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addWidget(self.count, 1)
        column.addLayout(foot)
        self.set_value(sizes)

    def value(self) -> tuple[int, ...]:
        """The sizes of the layers, inputs first."""
        return (self._inputs, *(int(row.field.value()) for row in self._rows), self._outputs)

    def set_value(self, sizes: tuple[int, ...]) -> None:
        """Shows these sizes, without saying that they changed. The inputs are pixels, whatever they say."""
        self._outputs = sizes[-1]
        hidden = sizes[1:-1]
        while len(self._rows) > len(hidden):
            self._drop_row()
        while len(self._rows) < len(hidden):
            self._append_row()
        for row, size in zip(self._rows, hidden, strict=True):
            row.field.set_value(size)
        self._show()

    def set_outputs(self, outputs: int) -> None:
        self._outputs = outputs
        self._show()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for row in self._rows:
            row.set_theme(theme)

    def _append_row(self) -> None:
        row = HiddenLayerRow(len(self._rows) + 1, self._theme)
        row.field.changed.connect(self._edited)
        row.remove_wanted.connect(self._remove)
        self._list.addWidget(row)
        self._rows.append(row)

    def _drop_row(self) -> None:
        row = self._rows.pop()
        row.hide()
        row.deleteLater()

    def _add(self) -> None:
        self.set_value((*self.value()[:-1], _NEW_HIDDEN_LAYER, self._outputs))
        self.changed.emit("sizes")

    def _remove(self) -> None:
        hidden = list(self.value()[1:-1])
        row = self.sender()
        assert isinstance(row, HiddenLayerRow)
        del hidden[self._rows.index(row)]
        self.set_value((self._inputs, *hidden, self._outputs))
        self.add_button.setFocus()
        self.changed.emit("sizes")

    def _edited(self) -> None:
        self._show()
        self.changed.emit("sizes")

    def _show(self) -> None:
        sizes = self.value()
        number = QLocale().toString
        shown = sizes if len(sizes) < 5 else (*sizes[:2], "…", *sizes[-2:])
        self.summary.setText(" → ".join(map(str, shown)))
        self.add_button.setEnabled(len(self._rows) < MAX_HIDDEN_LAYERS)
        try:
            check_sizes(sizes)
        except Problem as problem:
            self.count.setText(problem_sentence(problem))
            self.count.setProperty("invalid", True)
        else:
            count = number(number_of_parameters(sizes))
            self.count.setText(self.tr("{count} weights and biases").format(count=count))
            self.count.setProperty("invalid", False)
        refresh_style(self.count)
