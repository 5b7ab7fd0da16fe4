"""The mini-batches that the tab is to show, as the engine replays them."""

from __future__ import annotations

from mnistviz.engine.microscope.mini_batch import MiniBatch, mini_batch_at
from mnistviz.gui.lab.questions import recorded_run
from tests.gui.lab_by_hand import LabByHand


def batch_after(lab: LabByHand, step: int) -> MiniBatch:
    """The mini-batch that the selected run trained on after so many."""
    assert lab.run is not None
    recorded = recorded_run(lab.run, lab.digits)
    assert recorded is not None
    batch = mini_batch_at(recorded, step)
    return batch
