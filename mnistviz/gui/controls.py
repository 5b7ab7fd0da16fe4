"""The settings at the left: what a new run will be, and what changes at the next mini-batch."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import BOUNDS, MAX_HIDDEN_LAYERS, MAX_UNITS, Settings, check_sizes
from mnistviz.gui.fields import NumberControl, NumberField
from mnistviz.gui.icons import icon
from mnistviz.gui.theme import Theme
from mnistviz.gui.widgets import CollapsibleCard, describe, problem_sentence, refresh_style

_DEFAULTS = Settings()
_NEW_HIDDEN_LAYER = 30  # units


class ControlPanel(QScrollArea):
    """Two groups of controls. It says what the user wants and never what is: the window tells it that."""

    live_changed = Signal(dict)  # new values of live settings
    new_run_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._running: Settings | None = None
        self._n_training = 0

        inside = QWidget()
        inside.setProperty("role", "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.setWidget(inside)

        self.network_group = CollapsibleCard(self.tr("Network"), self.tr("in a new run"), "network_group")
        self.layers = LayersEditor(theme)
        self.layers.changed.connect(self._new_run_settings_edited)
        self.network_group.body.addWidget(self.layers)
        self.seed = NumberField(self.tr("Seed"), "seed", BOUNDS["seed"], _DEFAULTS.seed, whole=True)
        self.seed.explain(self.tr("The same seed gives the same start weights and the same order of digits."))
        self.seed.value_changed.connect(self._new_run_settings_edited)
        self.dice = QPushButton()
        describe(
            self.dice, "random_seed_button", self.tr("Random seed"), self.tr("Draws another seed by chance.")
        )
        self.dice.setAutoDefault(False)
        self.dice.clicked.connect(self._draw_seed)
        row = QHBoxLayout()
        row.addWidget(self.seed, 1)
        row.addWidget(self.dice)
        self.network_group.body.addLayout(row)
        self.pending = QPushButton()
        self.pending.setProperty("role", "primary")
        describe(
            self.pending,
            "apply_in_new_run_button",
            self.tr("Apply in a new run"),
            self.tr(
                "Begins a new run with this network. The curves of the last run stay behind the new ones."
            ),
        )
        self.pending.setText(self.tr("Apply in a new run"))
        self.pending.clicked.connect(self.new_run_wanted)
        self.pending.hide()
        self.network_group.body.addWidget(self.pending)
        column.addWidget(self.network_group)

        self.training_group = CollapsibleCard(
            self.tr("Training"), self.tr("at the next mini-batch"), "training_group"
        )
        self.eta = NumberControl(
            self.tr("Learning rate η"), "eta", BOUNDS["eta"], _DEFAULTS.eta, slider=(0.001, 100.0)
        )
        self.eta.explain(
            self.tr(
                "How far each step goes downhill. Takes effect at the next mini-batch; double-click for the default."
            )
        )
        self.eta.set_hint(self.tr("0.001 … 100, logarithmic"))
        self.eta.value_changed.connect(self._live_edited)
        self.mini_batch_size = NumberControl(
            self.tr("Mini-batch size"),
            "mini_batch_size",
            BOUNDS["mini_batch_size"],
            _DEFAULTS.mini_batch_size,
            slider=(1, 1000),
            whole=True,
        )
        self.mini_batch_size.explain(
            self.tr(
                "How many digits each gradient is taken from. Takes effect at the next mini-batch; "
                "double-click for the default."
            )
        )
        self.mini_batch_size.value_changed.connect(self._live_edited)
        self.training_group.body.addWidget(self.eta)
        self.training_group.body.addWidget(self.mini_batch_size)
        column.addWidget(self.training_group)

        self.notice = QLabel()
        self.notice.setProperty("role", "notice")
        self.notice.setWordWrap(True)
        self.notice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        describe(
            self.notice,
            "notice",
            self.tr("What is to be seen"),
            self.tr("What the run shows at this moment."),
        )
        self.notice.hide()
        column.addWidget(self.notice)
        column.addStretch(1)
        self._show_hints()
        self.set_theme(theme)

    def settings(self) -> Settings:
        """The settings that a new run begins with."""
        return Settings(
            sizes=self.layers.sizes(),
            seed=int(self.seed.value()),
            eta=float(self.eta.value()),
            mini_batch_size=int(self.mini_batch_size.value()),
        )

    def show_settings(self, settings: Settings) -> None:
        """Puts every control to `settings`, without asking for anything."""
        self.layers.set_sizes(settings.sizes)
        for control, value in (
            (self.seed, settings.seed),
            (self.eta, settings.eta),
            (self.mini_batch_size, settings.mini_batch_size),
        ):
            control.set_value(value)
        self._show_hints()
        self._show_pending()

    def set_running(self, settings: Settings | None, n_training: int) -> None:
        """Tells what the current run was begun with and how many training digits there are."""
        self._running = settings
        self._n_training = n_training
        self._show_hints()
        self._show_pending()

    def set_outputs(self, outputs: int) -> None:
        """Gives the network one output for each class of the data set."""
        self.layers.set_outputs(outputs)

    def set_notice(self, text: str) -> None:
        """Shows a sentence about the run under the controls; an empty one hides it."""
        if text != self.notice.text():
            self.notice.setText(text)
            self.notice.setVisible(bool(text))

    def set_theme(self, theme: Theme) -> None:
        self.layers.set_theme(theme)
        self.dice.setIcon(icon("dice", theme.text))
        for group in (self.network_group, self.training_group):
            group.set_theme(theme)

    def state(self) -> dict[str, Any]:
        return {"collapsed": [g.objectName() for g in self._groups() if g.collapsed()]}

    def restore(self, state: dict[str, Any]) -> None:
        collapsed = state.get("collapsed")
        for group in self._groups():
            group.set_collapsed(isinstance(collapsed, list) and group.objectName() in collapsed)

    def _groups(self) -> tuple[CollapsibleCard, ...]:
        return self.network_group, self.training_group

    def _draw_seed(self) -> None:
        self.seed.set_value(random.randint(1, 9_999))
        self._new_run_settings_edited()

    def _live_edited(self) -> None:
        self._show_hints()
        self.live_changed.emit(
            {"eta": float(self.eta.value()), "mini_batch_size": int(self.mini_batch_size.value())}
        )

    def _new_run_settings_edited(self) -> None:
        self._show_hints()
        self._show_pending()

    def _show_hints(self) -> None:
        if self._n_training:
            number = QLocale().toString
            self.mini_batch_size.set_hint(
                self.tr("a gradient from {size} of {all} digits").format(
                    size=number(int(self.mini_batch_size.value())), all=number(self._n_training)
                )
            )

    def _show_pending(self) -> None:
        running = self._running
        differs = running is not None and (
            self.layers.sizes() != running.sizes or int(self.seed.value()) != running.seed
        )
        self.pending.setVisible(differs)


class HiddenLayerRow(QWidget):
    """How many neurons one hidden layer has, and a button to take it out."""

    remove_wanted = Signal()

    def __init__(self, number: int, theme: Theme) -> None:
        super().__init__()
        name = self.tr("hidden {number}").format(number=number)
        self.field = NumberField(name, f"hidden_{number}", (1, MAX_UNITS), _NEW_HIDDEN_LAYER, whole=True)
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
    """The layers of the network: inputs and outputs are the data's, the hidden ones can be added and removed."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._inputs, self._outputs = _DEFAULTS.sizes[0], _DEFAULTS.sizes[-1]
        self._rows: list[HiddenLayerRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        head = QHBoxLayout()
        head.addWidget(QLabel(self.tr("Layers")))
        head.addStretch(1)
        self.summary = QLabel()
        describe(
            self.summary,
            "layers_summary",
            self.tr("Layers"),
            self.tr("Neurons in each layer, from pixels to outputs."),
        )
        head.addWidget(self.summary)
        column.addLayout(head)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        column.addLayout(self._list)
        self.add_button = QPushButton(self.tr("+ add a hidden layer"))
        self.add_button.setProperty("role", "quiet")
        describe(
            self.add_button,
            "add_layer_button",
            self.tr("Add a hidden layer"),
            self.tr("Puts one more hidden layer before the outputs, in a new run."),
        )
        self.add_button.clicked.connect(self._add)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.count = QLabel()
        self.count.setProperty("role", "hint")
        self.count.setWordWrap(True)
        column.addWidget(self.count)
        self.set_sizes(_DEFAULTS.sizes)

    def sizes(self) -> tuple[int, ...]:
        """The sizes of the layers, inputs first."""
        return (self._inputs, *(int(row.field.value()) for row in self._rows), self._outputs)

    def set_sizes(self, sizes: tuple[int, ...]) -> None:
        """Shows these sizes, without saying that they changed."""
        self._inputs, self._outputs = sizes[0], sizes[-1]
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
        row.field.value_changed.connect(self._edited)
        row.remove_wanted.connect(self._remove)
        self._list.addWidget(row)
        self._rows.append(row)

    def _drop_row(self) -> None:
        row = self._rows.pop()
        row.hide()
        row.deleteLater()

    def _add(self) -> None:
        self.set_sizes((*self.sizes()[:-1], _NEW_HIDDEN_LAYER, self._outputs))
        self.changed.emit()

    def _remove(self) -> None:
        hidden = list(self.sizes()[1:-1])
        row = self.sender()
        assert isinstance(row, HiddenLayerRow)
        del hidden[self._rows.index(row)]
        self.set_sizes((self._inputs, *hidden, self._outputs))
        self.add_button.setFocus()
        self.changed.emit()

    def _edited(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        sizes = self.sizes()
        number = QLocale().toString
        self.summary.setText(" → ".join(str(size) for size in sizes) if len(sizes) < 6 else f"{len(sizes)}")
        self.add_button.setEnabled(len(self._rows) < MAX_HIDDEN_LAYERS)
        try:
            check_sizes(sizes)
        except Problem as problem:
            self.count.setText(problem_sentence(problem))
            self.count.setProperty("invalid", True)
        else:
            parameters = sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))
            self.count.setText(self.tr("{count} weights and biases").format(count=number(parameters)))
            self.count.setProperty("invalid", False)
        refresh_style(self.count)
