"""The controls of the curves in the row of tabs: what is seen there, and the panel of the axes."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from mnistviz.gui.common.layouts import label, row_of, styled
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.common.widgets import ActionPushButton, Popup, new_action, push_button
from mnistviz.gui.common.wrapped import ShortenedLabel

_GAP: Final = 8  # pixels between two controls
_PANEL, _ROW, _BELOW = 268, 32, 4  # pixels: its width, the height of a row, and the gap below its button


class AxesPanel(Popup):
    """The choices of both axes, which opens at its button. Escape or a click outside closes it."""

    def __init__(self, rows: tuple[tuple[str, Switch], ...], parent: QWidget) -> None:
        super().__init__("axes_panel", parent)
        self.setAccessibleName(tr("Axes of the curves"))
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(14, 9, 14, 9)
        grid.setSpacing(0)
        self._rows = tuple((label("", text), switch) for text, switch in rows)
        for y, (name, switch) in enumerate(self._rows):
            grid.setRowMinimumHeight(y, _ROW)
            grid.addWidget(name, y, 0)
            grid.addWidget(switch, y, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def open(self, at: QWidget) -> None:
        self.ensurePolished()
        self.resize(self.sizeHint().expandedTo(QSize(_PANEL, 0)))
        self.move(at.mapToGlobal(QPoint(at.width() - self.width(), at.height() + _BELOW)))
        self.show()
        self._rows[0][1].setFocus()

    def offer(self, number: int, on: bool) -> None:
        for each in self._rows[number]:
            each.setVisible(on)
        self._grid.setRowMinimumHeight(number, _ROW if on else 0)


class CurveTools(QWidget):
    """The newest flag at the left, as far as there is room; at the right what the tab shows, and the axes."""

    def __init__(
        self, owner: QWidget, follow: Callable[[], object], show_view: Callable[[str], object]
    ) -> None:
        """Call `show_view` with the part of the switch that is pressed."""
        super().__init__()
        self._owner, self._head = owner, QWidget(self)
        self.setObjectName("curve_tools")
        self.flag = styled(ShortenedLabel(), "", "newest_flag")
        self.flag.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.follow = self._action(
            "follow", tr("&Follow the run"), tr("Follow"), tr("Shows all of the run again."),
            keys="F", act=follow,
        )  # fmt: skip
        self.choices: list[QAction] = []
        self.follow_button = styled(ActionPushButton(self.follow), "option")
        self.views = self._view_switch(show_view)
        self.panel = AxesPanel(self._axes(), self)
        self.switches = tuple(self.panel.findChildren(Switch))
        tip = tr("Chooses what both plots draw, and on which axes.")
        self.axes = push_button(
            "option", "axes_button", tr("Axes"), tip, act=lambda: self.panel.open(self.axes)
        )
        parts = (self.flag, 1), self.follow_button, self.views, self.axes
        self._row = row_of(*parts, spacing=_GAP, margins=(8, 0, 0, 0), inside=self)

    def add_head(self, head: QWidget) -> None:
        """Add the controls of what would come next, which take the room of the flag while that is seen."""
        self._row.insertWidget(0, head, 1)
        self._head = head

    def _action(self, name: str, text: str, short: str, tip: str, **options: Any) -> QAction:
        action = new_action(self._owner, f"{name}_action", text, tip, short=short, **options)
        self._owner.addAction(action)
        return action

    def show_state(self, view: str, *, begun: bool, several: bool, can_look_ahead: bool) -> None:
        """Show which `view` is seen, once a curve has `begun`, and what can be seen with `several` runs."""
        self._head.setVisible(view == "next")
        self.flag.setVisible(view != "next")
        self.views.setVisible(begun or view != "plot")
        self.axes.setVisible(begun)
        self.views.set_value(view)
        self.views.parts["table"].setEnabled(several)
        self.views.parts["next"].setEnabled(can_look_ahead)
        self.axes.setEnabled(view == "plot")
        self.panel.offer(len(self.choices) - 1, several)

    def _view_switch(self, show_view: Callable[[str], object]) -> Switch:
        return Switch(
            "curves_view",
            tr("What is seen of the runs"),
            (
                ("plot", tr("plot"), tr("Shows the cost and the accuracy over time.")),
                ("table", tr("table"),
                 tooltip(tr("Shows how the runs differ, and which is better."), "Alt+5")),
                ("next", tr("what next"),
                 tr("Shows what the next mini-batches would bring with other values of η.")),
            ),
            show_view,
        )  # fmt: skip

    def _axes(self) -> tuple[tuple[str, Switch], ...]:
        rows = (
            ("log_cost", tr("Lo&garithmic cost"), tr("Cost"), "cost_axis", tr("Axis of the cost"),
             ("linear", tr("linear"), tr("Draws the cost on a linear axis.")),
             ("log", tr("log"), tr("Draws the cost on a logarithmic axis."))),
            ("error_scale", tr("&Errors instead of accuracy"), tr("Share"), "accuracy_axis",
             tr("Accuracy or errors"),
             ("accuracy", tr("accuracy"), tr("Draws the share of digits that are read right.")),
             ("errors", tr("errors"),
              tr("Draws the share of digits that are read wrong, on a logarithmic axis."))),
            ("x_minibatches", tr("&Mini-batches instead of epochs"), tr("Time"), "x_axis",
             tr("What both plots count"),
             ("epochs", tr("epochs"), tr("Counts epochs along both plots.")),
             ("minibatches", tr("mini-batches"), tr("Counts mini-batches along both plots."))),
            ("fit_selected", tr("Fit the selected run"), tr("Fit"), "fit",
             tr("Which runs the axis of the accuracy fits"),
             ("all", tr("all runs"), tr("Fits the axis of the accuracy to all runs that are shown.")),
             ("selected", tr("selected"),
              tr("Fits the axis of the accuracy to the selected run; others may leave it."))),
        )  # fmt: skip
        switches = []
        for name, text, head, switch_name, spoken, off, on in rows:
            action = self._action(name, text, on[1], on[2], checkable=True)
            switch = Switch(switch_name, spoken, (off, on))
            switch.follow(action)
            self.choices.append(action)
            switches.append((head, switch))
        return tuple(switches)
