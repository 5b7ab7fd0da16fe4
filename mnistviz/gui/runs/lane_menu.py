"""The context menu of a run's lane, and the menus of its colours and of *Is it luck?*."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction, QActionGroup, QColor, QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import keys_text
from mnistviz.gui.common.widgets import new_action
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.luck_questions import COUNTS, can_be_copied
from mnistviz.gui.lab.shown import RunFacts


class LuckMenu(QMenu):
    """The menu for one run; `run` returns its newest facts."""

    def __init__(self, run: Callable[[], RunFacts | None], lab: Lab, parent: QWidget) -> None:
        super().__init__(self.tr("&Is it luck?"), parent)
        self.setObjectName("luck_menu")
        self.setToolTipsVisible(True)
        self._run, self._lab = run, lab
        repeats = self.tr("Repeat with &{count} other seeds")
        tip = self.tr(
            "Trains the same recipe with other seeds, and draws behind the curves how far they lie apart."
        )
        self._repeats = [
            self._add(
                f"repeat_{count}",
                repeats.format(count=numbers.whole(count)),
                tip,
                partial(self._repeat, count),
            )
            for count in COUNTS
        ]
        self._copies = self._add(
            "tiny_changes",
            self.tr("Copies with one &tiny change"),
            self.tr(
                "Trains five copies from the moment shown on, or from the start. In each, one weight is changed by the "
                "smallest amount."
            ),
            self._copy,
        )
        self.addSeparator()
        self._cancel = self._add(
            "cancel_band",
            self.tr("&Cancel the training of copies"),
            self.tr("Trains no more of them. Those that are there stay."),
            lab.luck.cancel,
        )
        self._remove = self._add(
            "remove_bands",
            self.tr("&Remove the bands"),
            self.tr("Takes the bands behind the curves of this run away."),
            self._remove_bands,
        )
        self._show()
        self.aboutToShow.connect(self._show)
        lab.listen(ChangeKind.RUNS, self._show)
        lab.listen(ChangeKind.LUCK, self._show)

    def _add(self, name: str, text: str, tip: str, do: Callable[[], object]) -> QAction:
        action = new_action(self, f"{name}_action", text, tip, act=lambda: do())
        self.addAction(action)
        return action

    def _show(self) -> None:
        run = self._run()
        for action in self._repeats:
            action.setEnabled(run is not None and can_be_copied(run))
        self._copies.setEnabled(run is not None and can_be_copied(run, self._begin(run)))
        self._cancel.setEnabled(self._lab.luck.work is not None)
        self._remove.setEnabled(run is not None and (bool(run.bands) or self._lab.luck.is_wanted(run.number)))

    def _begin(self, run: RunFacts) -> int:
        """Return the step where copies begin: the viewed step, or 0."""
        viewed = self._lab.playhead.step
        is_selected = self._lab.run is not None and self._lab.run.number == run.number
        return viewed if is_selected and viewed is not None and viewed < run.step else 0

    def _repeat(self, count: int) -> None:
        run = self._run()
        if run is not None:
            self._lab.luck.repeat(run, count)

    def _copy(self) -> None:
        run = self._run()
        if run is not None:
            self._lab.luck.copies(run, self._begin(run))

    def _remove_bands(self) -> None:
        run = self._run()
        if run is not None:
            self._lab.luck.remove(run)


def add_luck(lab: Lab, parent: QMenu) -> LuckMenu:
    menu = LuckMenu(lambda: lab.run, lab, parent)
    parent.addMenu(menu)
    return menu


class ColourMenu(QMenu):
    """The eight colours of runs, with that of the run ticked."""

    def __init__(
        self, theme: Callable[[], Theme], run: Callable[[], RunFacts | None], lab: Lab, parent: QWidget
    ) -> None:
        super().__init__(self.tr("Co&lour of the run"), parent)
        self.setObjectName("run_colour_menu")
        self.setToolTipsVisible(True)
        self._theme, self._run, self._lab = theme, run, lab
        self._group = QActionGroup(self)
        names = (
            self.tr("Teal"),
            self.tr("Plum"),
            self.tr("Ochre"),
            self.tr("Steel blue"),
            self.tr("Brick"),
            self.tr("Green"),
            self.tr("Rose"),
            self.tr("Grey violet"),
        )
        tip = self.tr("Draws the run in this colour.")
        for number, name in enumerate(names):
            id, act = f"run_colour_{number}_entry", partial(self._choose, number)
            self.addAction(new_action(self._group, id, name, tip, checkable=True, act=act))
        self._show()
        self.aboutToShow.connect(self._show)

    def _show(self) -> None:
        run = self._run()
        for number, (action, colour) in enumerate(zip(self.actions(), self._theme().runs, strict=True)):
            picture = QPixmap(16, 16)
            picture.fill(QColor(colour))
            action.setIcon(QIcon(picture))
            action.setChecked(run is not None and run.hue == number)

    def _choose(self, number: int) -> None:
        run = self._run()
        if run is not None:
            self._lab.runs.recolour(run.number, number)


class LaneMenu(QMenu):
    def __init__(
        self, lab: Lab, run: RunFacts, theme: Theme, rename: Callable[[], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("lane_menu")
        self.setToolTipsVisible(True)
        self._add(self.tr("Re&name …"), self.tr("Gives the run a name of your own."), rename, "rename", "F2")
        learns = self._add(
            self.tr("&On: learns when the lab learns"),
            self.tr("Lets the run learn with the others, or rest."),
            lambda: lab.time.switch(run.number, not run.on),
            "switch",
        )
        learns.setCheckable(True)
        learns.setChecked(run.on)
        hidden = self._add(
            self.tr("&Hide its curves"),
            self.tr("Hides the curves of the run while another run is selected."),
            lambda: lab.runs.hide(run.number, not run.hidden),
            "hide",
        )
        hidden.setCheckable(True)
        hidden.setChecked(run.hidden)
        self.addMenu(ColourMenu(lambda: theme, lambda: run, lab, self))
        self.addMenu(LuckMenu(lambda: lab.runs.find(run.number), lab, self))
        self.addSeparator()
        close = self._add(
            self.tr("&Close"),
            self.tr("Closes the run. You can open it again until the program ends."),
            lambda: lab.runs.close(run.number),
            "close",
            "Ctrl+W" if lab.run is not None and run.number == lab.run.number else "",
        )
        close.setEnabled(len(lab.runs.open) > 1)

    def _add(self, text: str, tip: str, do: Callable[[], object], name: str, keys: str = "") -> QAction:
        if keys:  # only a hint: the window's action has the shortcut
            text = f"{text}\t{keys_text(keys)}"
        action = new_action(self, f"run_{name}_entry", text, tip, act=lambda: do())
        self.addAction(action)
        return action
