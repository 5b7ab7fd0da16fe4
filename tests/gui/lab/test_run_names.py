"""What runs are called by, where two of them forked, and the way back from what was done by hand."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from mnistviz.engine.acts import Edited, Frozen, Intervention, Lesson, Taught, WeightEdit
from mnistviz.engine.experiment.saved import initial_state
from mnistviz.engine.history import History
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.recorder import Recorder
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor
from mnistviz.gui.lab.run_names import shared_step, way_back, way_back_words
from mnistviz.gui.lab.shown import RunFacts, Shown
from tests.gui.lab.conftest import SMALL
from tests.gui.lab_by_hand import LabByHand


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (Edited(3, 30, WeightEdit(1, ((0, 0),), (1.0,))), "Go back to before weights were set by hand"),
        (Frozen(3, 30, Unit(1, 1)), "Go back to before the last change of what learns"),
        (Taught(3, 30, Lesson(bytes(784), 7, 0.3)), "Go back to before the drawing was taught"),
    ],
)
def test_the_way_back_from_what_was_done_by_hand(qapp: QApplication, act: Intervention, words: str) -> None:
    settings = Settings(sizes=(784, 4, 10))
    recorder = Recorder(initial_state(Network(settings.sizes), settings))
    record = recorder.record(9, Cursor(0, 90), settings)
    run = RunFacts(1, settings, record=record, history=History().with_intervention(act))
    way = way_back(Shown(run=run))
    assert way is not None
    assert (way.step, way.weights) == (3, type(act))
    assert way_back_words(way) == words


def test_where_two_runs_went_apart(lab: LabByHand) -> None:
    run = lab.run_to(40, SMALL)

    def branch_at(step: int, to: int) -> RunFacts:
        lab.playhead.visit(step)
        lab.work()
        lab.runs.branch()
        lab.run_to(to)
        assert lab.run is not None
        return lab.run

    branch = branch_at(30, 50)
    grandchild = branch_at(45, 60)
    early = branch_at(10, 20)  # of the grandchild, where that was still the trunk
    lab.run_to(7, SMALL.changed(seed=9))
    alone = lab.run
    assert alone is not None
    pairs = {
        (run, branch): 30,
        (branch, run): 30,
        (branch, grandchild): 45,
        (run, grandchild): 30,
        (early, branch): 10,
        (early, run): 10,
        (alone, run): None,
        (run, run): 40,
    }
    for (a, b), step in pairs.items():
        assert shared_step(a, b, lab.runs.find) == step
