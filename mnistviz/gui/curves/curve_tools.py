"""What the curves show in the row of tabs: the text of the newest flag, and the drawing options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnistviz.gui.common.layouts import row_of, styled
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.widgets import ActionPushButton, new_action
from mnistviz.gui.common.wrapped import ShortenedLabel


class CurveActions(QObject):
    def __init__(self, owner: QWidget, follow: Callable[[], object]) -> None:
        super().__init__(owner)
        self._owner = owner
        self.follow = self._action(
            "follow", self.tr("&Follow the run"), self.tr("Follow"), self.tr("Shows all of the run again."),
            keys="F", act=follow,
        )  # fmt: skip
        self.choices = self.log_cost, self.error_scale, self.x_minibatches = [
            self._action(*words, checkable=True)
            for words in (
                ("log_cost", self.tr("Lo&garithmic cost"), self.tr("log"),
                 self.tr("Draws the cost on a logarithmic axis.")),
                ("error_scale", self.tr("&Errors instead of accuracy"), self.tr("errors"),
                 self.tr("Draws the share of digits that are read wrong, on a logarithmic axis.")),
                ("x_minibatches", self.tr("&Mini-batches instead of epochs"), self.tr("mini-batches"),
                 self.tr("Counts mini-batches instead of epochs along both plots.")),
            )
        ]  # fmt: skip

    def _action(self, name: str, text: str, short: str, tip: str, **options: Any) -> QAction:
        action = new_action(self._owner, f"{name}_action", text, tip, short=short, **options)
        self._owner.addAction(action)
        return action


class CurveTools(QWidget):
    """The newest flag at the left, as far as there is room, and the options at the right."""

    def __init__(self, actions: CurveActions) -> None:
        super().__init__()
        self.setObjectName("curve_tools")
        self.flag = ShortenedLabel()
        self.flag.setObjectName("newest_flag")
        self.flag.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.follow_button = styled(ActionPushButton(actions.follow), "option")
        self._offered = True
        self.switches = self._switches()
        for action, switch in zip(actions.choices, self.switches, strict=True):
            switch.follow(action)
        flag, margins = (self.flag, 1), (8, 0, 0, 0)
        row_of(flag, self.follow_button, *self.switches, spacing=6, margins=margins, inside=self)

    def offer(self, on: bool) -> None:
        self._offered = on
        self.flag.setVisible(on)
        self._fit()

    def sizeHint(self) -> QSize:
        """Return the size with all switches, so that it never depends on those that are visible."""
        parts = (self.follow_button, *self.switches)
        width = 8 + sum(part.sizeHint().width() + 6 for part in parts)
        return QSize(width, max(part.sizeHint().height() for part in parts))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Hide switches that do not fit, the last one first; they are in the menu *View*, too."""
        free = self.width() - 8
        for part in (self.follow_button, *self.switches):
            if part is self.follow_button and part.isHidden():
                continue
            free -= part.sizeHint().width() + 6
            if part is not self.follow_button:
                part.setVisible(self._offered and free >= 0)

    def _switches(self) -> tuple[Switch, ...]:
        return (
            Switch(
                "cost_axis",
                self.tr("Axis of the cost"),
                (
                    ("linear", self.tr("linear"), self.tr("Draws the cost on a linear axis.")),
                    ("log", self.tr("log"), self.tr("Draws the cost on a logarithmic axis.")),
                ),
            ),
            Switch(
                "accuracy_axis",
                self.tr("Accuracy or errors"),
                (
                    (
                        "accuracy",
                        self.tr("accuracy"),
                        self.tr("Draws the share of digits that are read right."),
                    ),
                    (
                        "errors",
                        self.tr("errors"),
                        self.tr("Draws the share of digits that are read wrong, on a logarithmic axis."),
                    ),
                ),
            ),
            Switch(
                "x_axis",
                self.tr("What both plots count"),
                (
                    ("epochs", self.tr("epochs"), self.tr("Counts epochs along both plots.")),
                    (
                        "minibatches",
                        self.tr("mini-batches"),
                        self.tr("Counts mini-batches along both plots."),
                    ),
                ),
            ),
        )
