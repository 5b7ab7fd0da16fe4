"""Training of a run from its start to its stopping rule without a window."""

import time
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from mnistviz.engine.cancelling import never, unheard
from mnistviz.engine.commands import FinishEpoch, Pause
from mnistviz.engine.digits import Digits
from mnistviz.engine.handover import Mailbox, Update
from mnistviz.engine.history import History
from mnistviz.engine.moment import Best, Evaluation, SetName
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import RunContent
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.engine.threads import one_blas_thread

Ending = Literal["stopped", "epochs", "diverged", "interrupted"]


class Epoch(Struct, frozen=True):
    number: int
    evaluations: dict[SetName, Evaluation]

    def accuracy(self, name: SetName) -> float:
        """Return the share of correct samples, 0 to 1."""
        return self.evaluations[name].accuracy


class Outcome(Struct, frozen=True):
    """Result of a run.

    `network` is the final one, `best_network` the one after the epoch with the best validation accuracy, `best`; both
    None before the first whole epoch. `ended`: by the stopping rule ("stopped"), after the requested number of epochs
    ("epochs"), because the cost was not finite ("diverged"), or because it was interrupted. It took `seconds`.
    `content` is the whole run, for a file.
    """

    settings: Settings
    network: Network
    best_network: Network | None
    best: Best | None
    epochs: tuple[Epoch, ...]
    history: History
    step: int
    digits: int
    ended: Ending
    seconds: float
    content: RunContent

    @property
    def best_epoch(self) -> Epoch | None:
        return None if self.best is None else self.epochs[self.best.epoch - 1]


@one_blas_thread()
def train(
    settings: Settings,
    digits: Digits,
    *,
    most_epochs: int | None = None,
    report: Callable[[Epoch], object] = unheard,
    progress: Callable[[int], object] = unheard,
    interrupted: Callable[[], bool] = never,
) -> Outcome:
    """Train a new network to the same weights as the window does, and return the outcome.

    It ends by the stopping rule in `settings`, and after `most_epochs` at the latest. `report` is called after each
    epoch, and `progress` often, with the samples consumed so far. Once `interrupted()`, training ends after the
    current mini-batch. Raise `Problem` for invalid settings.
    """
    settings = settings.checked()
    digits.check_fit(settings.sizes)
    began = time.monotonic()
    mailbox = Mailbox(lambda: None)
    run = Run(1, settings, digits, mailbox)
    epochs: list[Epoch] = []

    def asked() -> bool:  # the evaluation at the end of an epoch is completed in any case
        return run.playing and interrupted()

    while True:
        run.handle(FinishEpoch())
        while run.work(asked):
            if asked():
                run.handle(Pause(measure=False))
            else:
                progress(run.recorder.history.extent("digits"))
        update = mailbox.take()
        assert update is not None  # a run reports when it pauses
        whole = update.moment.digits == (len(epochs) + 1) * digits.epoch(settings)
        if whole and all(each.digits == update.moment.digits for each in update.evaluations.values()):
            epochs.append(Epoch(len(epochs), update.evaluations))
            report(epochs[-1])
        if (ended := _ending(update, len(epochs), most_epochs, interrupted)) is not None:
            break
    best = run.recorder.best
    return Outcome(
        settings,
        update.moment.network,
        None if best is None else run.start.copy(best[0].parameters),
        None if best is None else best[1],
        tuple(epochs),
        run.recorder.history,
        update.moment.step,
        update.moment.digits,
        ended,
        time.monotonic() - began,
        run.content(),
    )


def _ending(
    update: Update, epochs: int, most_epochs: int | None, interrupted: Callable[[], bool]
) -> Ending | None:
    if update.diverged:
        return "diverged"
    if update.stopped:
        return "stopped"
    if epochs == most_epochs:
        return "epochs"
    return "interrupted" if interrupted() else None
