"""When each notice must appear, and what was judged of it when it was read: a part of docs/notices.md."""

from __future__ import annotations

from typing import Final

MUST: Final = {
    "run_diverged": "a cost or a weight is no number, and there is nothing in the run that worked",
    "run_diverged_best": "a cost or a weight is no number, and an epoch before it worked",
    "run_worse": "5 points fewer are right than at the best, 100 mini-batches or more after one setting was changed",
    "run_worse_several": "the same after several settings were changed",
    "run_worse_early": "the same in the first epoch, when there is no best yet",
    "run_fell": "5 points fewer are right than at the best, and nothing was changed before they were lost",
    "stopped_epochs": "the run has stopped after as many epochs as set",
    "stopped_no_improvement": "the run has stopped since validation did not improve",
    "run_stuck_large_eta": "guessing after a fifth of an epoch, with more than twice the usual η",
    "eta_small": "guessing after a fifth of an epoch, or less than half right after one, with less than a tenth of the "
    "usual η",
    "run_stuck": "guessing after an epoch, and η is neither large nor small",
    "gradients_vanish": "sigmoid or tanh: the first hidden layer's gradient is less than a tenth of the last one's",
    "output_silent": "after an epoch one output wins less than a tenth of its share",
    "outputs_silent": "the same with several outputs",
    "outputs_silent_large_eta": "the same with more than twice the usual η",
    "layer_dead": "ReLU: more than 30 % of a layer answer 0 to each of 500 digits",
    "layer_saturated": "initial weights of N(0, 1), over 70 % of a layer's answers saturated, less than 90 % right",
    "overfitting": "after an epoch, training digits are read 3 points better than validation digits",
    **{
        f"change_{mean}_{spread}": f"100 mini-batches after a change: the mean cost {moved}, its jitter {swings}"
        for mean, moved in (("falls", "fell"), ("rises", "rose"), ("same", "stayed"))
        for spread, swings in (("less", "less"), ("more", "more"), ("same", "the same"))
    },
    **{
        f"changes_{mean}": "the same after several settings were changed"
        for mean in ("falls", "rises", "same")
    },
}

JUDGED: Final[dict[str, str]] = {}
