"""What a window shows travels with an experiment: opened on another account it is seen there, field by field."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import BIAS, Lesson, WeightEdit
from mnistviz.engine.digits import Digits
from mnistviz.engine.fork import Fork
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.settings import Settings
from mnistviz.gui.common import choices
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.lab.edited_copy import EditedCopy
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.preview import Mixture
from mnistviz.gui.lab.shown import Draft, RunFacts, Shown
from mnistviz.gui.mistakes.against import COPY
from mnistviz.gui.mistakes.read_digits import MatrixChoice
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import LAYERS, MINIBATCH
from tests.gui.children import child
from tests.gui.frames import draw_all
from tests.gui.live_run import live_run
from tests.gui.window.panels import open_panel
from tests.gui.window.two_runs import two_runs

Open = Callable[..., MainWindow]

_NOT_COMPARED: Final = {
    "it is how somebody has arranged the own window": (
        "WindowScene.geometry WindowScene.corner WindowScene.splitters WindowScene.hidden WindowScene.narrow"
        " ControlsPart.more"
    ),
    "it is how somebody works, whatever is open": (
        "WindowScene.look WindowScene.text WindowScene.hatched WindowScene.speed"
        " WindowScene.hide_results WindowScene.letters_in_network WindowScene.calm FuturesPart.ask_first"
        " WindowScene.announcements FirstPart.left FirstPart.invited"
    ),
    "an experiment is of the lab; a session has it": "WindowPart.workspace IdeasPart.page IdeasPart.pages",
    "what lies over the drawing ends with the window": "MiniBatchPart.stage MiniBatchPart.which FewestPart.open",
    "what is opened rests": (
        "Shown.filming Shown.starting RunFacts.lifecycle RunFacts.speed RunFacts.has_obeyed"
    ),
    "it is in the file of each run, which the tests of the engine hold": (
        "RunFacts.about RunFacts.bands RunFacts.stories RunFacts.origin RunFacts.diverged"
    ),
    "it is that of another file": "WindowScene.version",
    "they are those of one account": "WindowScene.recent WindowScene.predictions ControlsPart.recipe",
    "a file opens only where its digits are": "Shown.digits",
    "it is of views that are hidden": "Shown.had_moment",
    "it is about the last gesture, until another run is selected": "Draft.taken_over",
    "all runs are there by then": "RunFacts.replayed",
    "the file keeps fewer snapshots": "RunFacts.record",
    "closed runs are no part of an experiment": "RunFacts.was_selected",
    "an act by hand is undone until the window closes": "RunFacts.can_take_back",
}
NOT_COMPARED: Final = {name for names in _NOT_COMPARED.values() for name in names.split()}
_RECORDS: Final = (Shown, RunFacts, Draft, Moment, Mixture, EditedCopy)


class Seen(NamedTuple):
    """A field of a class, and its value; whether that is another one than the class gives it."""

    field: str
    value: object
    is_set: bool


def seen(window: MainWindow) -> dict[str, Seen]:
    """All that is shown, by the way to it."""
    lab = window.lab
    parts = _seen(lab, lab.shown, "shown"), _seen(lab, window.session.scene(), "scene")
    runs = (_seen(lab, run, f"run {run.letter}") for run in lab.runs.open)
    return {path: each for part in (*parts, *runs) for path, each in part}


def _seen(lab: Lab, record: Any, path: str) -> Iterator[tuple[str, Seen]]:
    for each in fields(record):
        value, where = getattr(record, each.name), f"{path}.{each.name}"
        if isinstance(value, _RECORDS) or type(value).__module__ == choices.__name__:
            yield f"{where} there", Seen(f"{type(record).__name__}.{each.name}", type(value), is_set=True)
            yield from _seen(lab, value, where)
        elif each.name == "other_runs":
            yield where, Seen("Shown.other_runs", [run.letter for run in value], bool(value))
        else:
            plain = _plain(lab, value, record, each.name)
            is_set = plain != _plain(lab, _default(each))
            yield where, Seen(f"{type(record).__name__}.{each.name}", plain, is_set)


def _default(each: FieldInfo) -> object:
    return each.default if each.default_factory is NODEFAULT else each.default_factory()


def _plain(lab: Lab, value: Any, owner: object = None, name: str = "") -> object:
    """What equals another one of the same content; runs by their letters."""
    if isinstance(owner, RunFacts | Fork | Moment) and name in ("number", "run"):
        run = lab.runs.find(value)
        return None if run is None else run.letter
    if isinstance(value, Digits):
        return value.checksum
    if isinstance(value, Network):
        return value.sizes, value.parameters.tobytes()
    if isinstance(value, np.ndarray):
        return value.tobytes()
    if isinstance(value, Mapping):
        return {key: _plain(lab, each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(lab, each) for each in value]
    if isinstance(value, Struct) and not isinstance(value, Settings):
        return [
            (each.name, _plain(lab, getattr(value, each.name), value, each.name)) for each in fields(value)
        ]
    return value


def differences(one: MainWindow, other: MainWindow) -> dict[str, tuple[object, object]]:
    mine, its = seen(one), seen(other)
    paths = (path for path in mine.keys() | its.keys() if mine.get(path) != its.get(path))
    found = {path: (mine.get(path), its.get(path)) for path in sorted(paths)}
    return {path: pair for path, pair in found.items() if (pair[0] or pair[1]).field not in NOT_COMPARED}


def show_a_copy_of_the_past(qtbot: QtBot, window: MainWindow) -> None:
    """A step of the past with a plan, as a copy that was changed by hand, with which the mistakes are compared."""
    lab, hand = window.lab, child(window, HandWork)
    lab.playhead.visit(110)
    qtbot.waitUntil(lambda: lab.playhead.exact)
    window.controls.apply({"eta": 0.3})
    draw_all(window)
    hand.edit(WeightEdit(1, ((7, BIAS), (7, 400)), (-1.5, 0.25)))
    hand.teach(Lesson(lab.digits.test.images[2].tobytes(), 3, 0.5, (1, 5), 2), until_read=False)
    qtbot.waitUntil(lambda: hand.taught is not None)
    hand.edit(WeightEdit(2, ((2, 3),), (0.5,)))
    assert isinstance(lab.preview, EditedCopy)
    hand.show(lab.preview.with_frozen(Unit(1, 3), True))
    window.network.select(1, 7)
    window.network.selection.choose_output(3)
    window.arrangement.tabs.open("mistakes")
    window.mistakes.compare_with(COPY)


def show_a_mixture(qtbot: QtBot, window: MainWindow) -> None:
    """A mixture with an earlier step of the run, and choices in many views."""
    lab, mistakes = window.lab, window.mistakes
    lab.go_live()
    window.network.showing.choose("learned")
    window.network.path_action.setChecked(True)
    window.unit_detail.wants_dock = False
    curves = window.curves
    for action in curves.tab_tools.choices:
        action.setChecked(True)
    curves.chosen.choose("curves", fit_selected=True)
    window.views[MINIBATCH].order.choose("cost")
    window.arrangement.tabs.open("layers")
    window.views[LAYERS].over_run.choose("step")
    open_panel(window, "compare")
    window.arrangement.tabs.open("mistakes")
    for choice, value in ((mistakes.sets, "validation"), (mistakes.order, "number"), (mistakes.views, "one")):
        choice.actions[value].trigger()
    mistakes.choose(MatrixChoice(3, 5))
    mistakes.gallery.choose(5)
    mistakes.compare_with(AgainstPart("step", live_run(lab).letter, 105))
    mistakes.group_card.buttons["only_b_wrong"].click()
    qtbot.waitUntil(mistakes.mixing.action.isEnabled)
    mistakes.mixing.action.trigger()
    mistakes.mixing.card.buttons[""].click()
    mistakes.mixing.card.slider.setValue(30)
    qtbot.waitUntil(lambda: isinstance(lab.preview, Mixture))


def show_pins_and_a_row(qtbot: QtBot, window: MainWindow) -> None:
    """Pins, a row of digits, and settings that wait for a new run."""
    lab, pad = window.lab, window.network.pad
    lab.go_live()
    for number in (4, 5):
        pad.show_digit("test", number)
        pad.pin_action.trigger()
    row = window.network.row
    row.actions.wide.setChecked(True)
    row.actions.candidates.setChecked(True)
    row.side.gap.setValue(6)
    window.controls.apply({"sizes": (784, 16, 10), "eta": 0.7}, in_new_run=True)
    window.views[LAYERS].beside.choose(lab.runs.open[0].letter)
    lab.runs.relabel(lab.runs.open[0].number, hidden=True)
    open_panel(window, "pins")


def test_all_that_its_maker_saw_is_seen_on_another_account(
    qtbot: QtBot, window: MainWindow, open_window: Open, small_digits: Digits, tmp_path: Path
) -> None:
    other = open_window(small_digits, tmp_path / "other" / "stage.json")
    two_runs(qtbot, window)
    of_all, was_set = set[str](), set[str]()
    for show in (show_a_copy_of_the_past, show_a_mixture, show_pins_and_a_row):
        show(qtbot, window)
        path = tmp_path / f"{show.__name__}.mnistviz"
        with qtbot.waitSignal(window.documents.saved):
            window.documents.save_experiment(path)
        with qtbot.waitSignal(other.documents.experiment_opened):
            other.documents.open(path)
        with suppress(TimeoutError):
            qtbot.waitUntil(lambda: not differences(window, other))
        assert differences(window, other) == {}
        found = seen(window).values()
        of_all |= {each.field for each in found}
        was_set |= {each.field for each in found if each.is_set}
    assert of_all - was_set - NOT_COMPARED == set(), "show something in which these are set"
    assert NOT_COMPARED - of_all == set(), "these are no fields any more"
