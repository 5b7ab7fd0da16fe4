"""The hidden layers of the network, a small field for each; the data set determines inputs and outputs."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import MAX_HIDDEN_LAYERS, SETTINGS, check_sizes
from mnistviz.engine.workspace import number_of_parameters
from mnistviz.gui.common import setting_names
from mnistviz.gui.common.layouts import column_of, row_of, styled
from mnistviz.gui.common.number_edit import NumberEdit
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.widgets import describe, problem_sentence, push_button, scaled
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.settings.setting_control import NUMBER_WIDTH, SettingControl, hint_label, show_text

_NEW_HIDDEN_LAYER = 30  # units
_IN_A_LINE, _WIDE_IN_A_LINE = 3, 2  # fields in a line, with up to two digits or with more
_LEAST, _HIGH = 36, 28  # pixels of a field


class LayersEditor(SettingControl):
    """A field for each hidden layer and a button that adds one: the control of the setting `sizes`. Emptying a field
    removes its layer, a list such as 30+20 makes several. `summary` describes the network, and is placed elsewhere."""

    def __init__(self) -> None:
        super().__init__("sizes")
        self._inputs, self._outputs, self._shows_button = self._default[0], self._default[-1], False
        self.fields: list[NumberEdit] = []
        spoken = tr("Add a hidden layer")
        tip = tr("Adds a hidden layer before the outputs, in a new run.")
        self.add_button = push_button("cell", "add_layer_button", "+", tip, accessible=spoken, act=self._add)
        self.summary = styled(ShortenedLabel(), "smallPrint")
        self._fault = hint_label()
        self._fault.setObjectName("layers_fault")
        self._fault.setProperty("invalid", True)
        self._cells = QGridLayout()
        self._cells.setSpacing(4)
        self.label.setMinimumHeight(_HIGH)
        row = row_of((self.label, 0, Qt.AlignmentFlag.AlignTop), self._cells, spacing=0)
        row.addStretch()
        column_of(row, self._fault, self.hint, spacing=2, inside=self)
        self.set_value(self._default)

    def value(self) -> tuple[int, ...]:
        return (self._inputs, *(int(field.value()) for field in self.fields), self._outputs)

    def set_value(self, sizes: tuple[int, ...]) -> None:
        """Show these sizes without emitting `changed`. The number of inputs is fixed and ignored."""
        self._outputs = sizes[-1]
        hidden = sizes[1:-1]
        while len(self.fields) > len(hidden):
            field = self.fields.pop()
            self.error.show_error(field, "")
            field.setModified(False)  # or it would take what was typed there, as it loses the focus
            field.hide()
            field.deleteLater()
        while len(self.fields) < len(hidden):
            self.fields.append(self._new_field(len(self.fields) + 1))
        for field, size in zip(self.fields, hidden, strict=True):
            field.set_value(size)
        self._show()

    def set_outputs(self, outputs: int) -> None:
        self._outputs = outputs
        self._show()

    def show_button(self, on: bool) -> None:
        self._shows_button = on
        self._show()

    def _describe(self, tip: str) -> None:
        describe(self.summary, "layers_summary", self._label_text, tip)
        self.label.setToolTip(tip)
        self.label.setWhatsThis(tip)

    def reset(self) -> None:
        self.set_value((*self._default[:-1], self._outputs))
        self._emit_changed()

    def _new_field(self, number: int) -> NumberEdit:
        name = tr("Hidden layer {number}", number=number)
        field: NumberEdit = NumberEdit(
            name, SETTINGS["sizes"].bounds, _NEW_HIDDEN_LAYER, self._edited, whole=True,
            refused=lambda why: self._refused(field, why), listed=lambda sizes: self._replace(field, sizes),
        )  # fmt: skip
        field.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        tip = tr("Neurons of this layer, in a new run. 30+20 makes two layers; an empty field removes it.")
        describe(field, f"hidden_{number}_field", name, tip)
        field.setProperty("row", "usual")  # as the row has those that are there from the start
        field.textEdited.connect(self._typed)
        return field

    def _add(self) -> None:
        self.set_value((*self.value()[:-1], _NEW_HIDDEN_LAYER, self._outputs))
        self._emit_changed()
        added = self.fields[-1]
        added.show()  # the layout would only do so later
        added.setFocus()
        added.selectAll()

    def _replace(self, field: NumberEdit, sizes: Iterable[float]) -> None:
        place = self.fields.index(field) + 1
        self.set_value((*self.value()[:place], *map(int, sizes), *self.value()[place + 1 :]))
        self._emit_changed()

    def _edited(self, step: bool) -> None:
        self._show()
        self._emit_changed(goes_on=step)

    def _refused(self, field: NumberEdit, why: str) -> None:
        self._refuse(field, why)
        if not why:
            self.set_hint("")

    def _typed(self, text: str) -> None:
        self.set_hint("" if text.strip() else tr("Return removes this layer."))

    def _show(self) -> None:
        sizes = self.value()
        self.set_hint("")
        self.fit_font()
        layers = len(self.fields)
        self.add_button.setVisible(not layers or (self._shows_button and layers < MAX_HIDDEN_LAYERS))
        fault = ""
        try:
            check_sizes(sizes)
        except Problem as problem:
            fault = problem_sentence(problem)
        show_text(self._fault, fault)
        named = setting_names.value("sizes", sizes)
        count = tr("{count} parameters", count=number_of_parameters(sizes))
        self.summary.set_wordings(tr("{sizes} · {count}", sizes=named, count=count), count)

    def fit_font(self) -> None:
        figures = max((len(field.text()) for field in self.fields), default=0)
        least = scaled(NUMBER_WIDTH, self) if len(self.fields) == 1 else _LEAST
        for field in self.fields:
            field.set_letters(figures)
            field.setMinimumWidth(least)
        line = _WIDE_IN_A_LINE if figures > 2 else _IN_A_LINE
        for number, cell in enumerate((*self.fields, self.add_button)):
            self._cells.addWidget(cell, number // line, number % line)
