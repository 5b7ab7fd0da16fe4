"""The context menu of a run's lane, and the menus of its colours and of *Is it luck?*."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QActionGroup, QColor, QIcon, QPixmap
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import keys_text
from mnistviz.gui.common.widgets import EntryMenu
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.luck_questions import COUNTS, can_be_copied
from mnistviz.gui.lab.shown import RunFacts


class RunMenu(EntryMenu):
    """A menu for one run; `run` returns its newest facts."""

    def __init__(
        self, name: str, title: str, run: Callable[[], RunFacts | None], lab: Lab, parent: QWidget
    ) -> None:
        super().__init__(name, title, parent)
        self._run, self._lab = run, lab
        self.aboutToShow.connect(self._show)
        lab.listen(ChangeKind.RUNS, self._show)

    def _show(self) -> None:
        """Update the entries."""

    def _do(self, act: Callable[..., object], *values: object) -> None:
        """Call `act` with the run and values, unless the run is gone."""
        if (run := self._run()) is not None:
            act(run, *values)


class LuckMenu(RunMenu):
    def __init__(self, run: Callable[[], RunFacts | None], lab: Lab, parent: QWidget) -> None:
        super().__init__("luck_menu", tr("&Is it luck?"), run, lab, parent)
        tip = tr(
            "Trains the same recipe with other seeds, and draws behind the curves how far they lie apart."
        )
        self._repeats = []
        for count in COUNTS:
            act = partial(self._do, lab.luck.repeat, count)
            text = tr("Repeat with &{count} other seeds", count=count)
            self._repeats.append(self.add(f"repeat_{count}_action", text, tip, act))
        tip = tr(
            "Trains five copies from the moment shown on, or from the start. In each, one weight is changed by the "
            "smallest amount."
        )
        copies = partial(self._do, lambda run: lab.luck.copies(run, self._begin(run)))
        self._copies = self.add("tiny_changes_action", tr("Copies with one &tiny change"), tip, copies)
        self.addSeparator()
        tip = tr("Trains no more of them. Those that are there stay.")
        self._cancel = self.add(
            "cancel_band_action", tr("&Cancel the training of copies"), tip, lab.luck.cancel
        )
        tip = tr("Takes the bands behind the curves of this run away.")
        act = partial(self._do, lab.luck.remove)
        self._remove = self.add("remove_bands_action", tr("&Remove the bands"), tip, act)
        for action in (*self._repeats, self._copies):
            action.setProperty("why_off", tr("The run has learned nothing yet, or cannot be repeated."))
        for action in (self._cancel, self._remove):
            action.setProperty("why_off", tr("There are none."))
        self._show()
        lab.listen(ChangeKind.LUCK, self._show)

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


class ColourMenu(RunMenu):
    """The eight colours of runs, with that of the run ticked."""

    def __init__(self, run: Callable[[], RunFacts | None], lab: Lab, parent: QWidget) -> None:
        super().__init__("run_colour_menu", tr("Co&lour of the run"), run, lab, parent)
        group, tip = QActionGroup(self), tr("Draws the run in this colour.")
        names = (
            tr("Teal"),
            tr("Plum"),
            tr("Ochre"),
            tr("Steel blue"),
            tr("Brick"),
            tr("Green"),
            tr("Rose"),
            tr("Grey violet"),
        )
        for hue, name in enumerate(names):
            act = partial(self._do, lambda run, hue: lab.runs.relabel(run.number, hue=hue), hue)
            group.addAction(self.add(f"run_colour_{hue}_entry", name, tip, act, checked=False))
        self._show()

    def _show(self) -> None:
        run = self._run()
        for number, (action, colour) in enumerate(zip(self.actions(), theme().runs, strict=True)):
            picture = QPixmap(16, 16)
            picture.fill(QColor(colour))
            action.setIcon(QIcon(picture))
            action.setChecked(run is not None and run.hue == number)


class LaneMenu(EntryMenu):
    def __init__(self, lab: Lab, run: RunFacts, rename: Callable[[], object], parent: QWidget) -> None:
        super().__init__("lane_menu", "", parent)
        tip = tr("Gives the run a name of your own.")
        self.add("run_rename_entry", _with_keys(tr("Re&name …"), "F2"), tip, rename)
        self.add(
            "run_switch_entry",
            tr("&On: learns when the lab learns"),
            tr("Lets the run learn with the others, or rest."),
            lambda: lab.time.switch(run.number, not run.on),
            checked=run.on,
        )
        self.add(
            "run_hide_entry",
            tr("&Hide its curves"),
            tr("Hides the curves of the run while another run is selected."),
            lambda: lab.runs.relabel(run.number, hidden=not run.hidden),
            checked=run.hidden,
        )
        self.addMenu(ColourMenu(lambda: run, lab, self))
        self.addMenu(LuckMenu(lambda: lab.runs.find(run.number), lab, self))
        self.addSeparator()
        is_selected = lab.run is not None and run.number == lab.run.number
        self.add(
            "run_close_entry",
            _with_keys(tr("&Close"), "Ctrl+W" if is_selected else ""),
            tr("Closes the run. You can open it again."),
            lambda: lab.runs.close(run.number),
            enabled=len(lab.runs.open) > 1,
        )


def _with_keys(text: str, keys: str) -> str:
    """Return the text of an entry with a hint of its keys: the window's action has the shortcut."""
    return f"{text}\t{keys_text(keys)}" if keys else text
