"""When a run stops by itself, and the return to its best weights."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from mnistviz.engine.history import Measured
from mnistviz.engine.settings import Settings
from mnistviz.gui.common import numbers, setting_names
from mnistviz.gui.common.layouts import row_of
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.settings.setting_control import DOT_ROOM
from mnistviz.gui.settings.settings_group import FoldedGroup


class StoppingControls(FoldedGroup):
    def __init__(self) -> None:
        super().__init__(self.tr("Stopping"), "stopping")
        self._best: Measured | None = None
        self._past = False
        self._choice("stop")
        self.stop_epochs = self._number("stop_epochs")
        self._others()
        self.restore_button = QPushButton()
        begin = (DOT_ROOM, 0, 0, 0)  # aligned with the names
        self.body.addLayout(row_of(self.restore_button, margins=begin))
        self.show_best(None, force=True)

    def show_hints(self, settings: Settings) -> None:
        """Show the number of epochs where a stopping rule needs it, with a description of the rule."""
        self.fold.show_state(self._state(settings))
        self.stop_epochs.setVisible(settings.stop != "never")
        self.stop_epochs.set_hint(
            self.tr("Pauses when validation has not improved for n epochs.")
            if settings.stop == "no_improvement"
            else self.tr("Pauses after the n-th epoch of the run.")
        )

    def _state(self, settings: Settings) -> str:
        epochs = numbers.whole(settings.stop_epochs)
        match settings.stop:
            case "epochs":
                return self.tr("after {count} epochs").format(count=epochs)
            case "no_improvement":
                return self.tr("no gain in {count} epochs").format(count=epochs)
        return setting_names.value("stop", settings.stop)

    def show_best(
        self, best: Measured | None, epoch: int = 1, *, past: bool = False, force: bool = False
    ) -> None:
        """Show the best weights so far, with `epoch` digits in an epoch. They cannot be restored while the `past` is
        viewed."""
        if (best, past) == (self._best, self._past) and not force:
            return
        self._best, self._past = best, past
        self.restore_button.setEnabled(best is not None and not past)
        tip = self.tr(
            "Restores the weights and the settings of the epoch that read the most validation digits."
        )
        if past:
            tip = self.tr(
                "The past cannot be changed: press Live first. The star on the strip shows the best weights."
            )
        describe(self.restore_button, "restore_best_button", self.tr("Go back to the best weights"), tip)
        if best is None:
            self.restore_button.setText(self.tr("Go back to the best"))
            return
        self.restore_button.setText(
            self.tr("Go back to the best\nepoch {epoch}, {percent}").format(
                epoch=numbers.tick(round(best.digits / epoch, 2)), percent=numbers.percent(best.accuracy)
            )
        )
