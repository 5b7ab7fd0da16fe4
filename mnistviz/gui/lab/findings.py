"""The findings on a run at a step, from all that is known of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mnistviz.engine.observations import Finding, RunFindings, findings
from mnistviz.gui.lab.shown import Shown


def findings_of(shown: Shown) -> Sequence[Finding]:
    """Return the findings on the shown run, the most important first; none before there is a checkpoint."""
    digits, run, moment = shown.digits, shown.run, shown.moment
    if digits is None or run is None or moment is None:
        return ()
    counts = np.bincount(digits.validation.labels, minlength=len(digits.classes))
    counts[list(moment.settings.classes_left_out)] = 0  # no output for them should fire
    return findings(
        RunFindings(
            run.history,
            moment.settings,
            digits.classes,
            shown.epoch_of(run),
            run.evaluations,
            run.health.layers,
            run.best,
            diverged=run.diverged,
            stopped=run.stopped,
            present=tuple(counts > 0),
            eta=run.eta,
        )
    )
