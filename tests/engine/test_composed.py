"""A run that is handed over as it stands, at any time, goes on as it would have, to the last bit."""

from __future__ import annotations

from itertools import count

from mnistviz.engine.commands import Pause, Play, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.rebuilding import revived
from mnistviz.engine.experiment.saved import checksum
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.recorder import RunContent
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings

SETTINGS = Settings(sizes=(784, 8, 10), momentum=0.5, schedule="halve", schedule_epochs=1, mini_batch_size=17)
STEPS = 125  # more than two epochs of 59


def trained_on(run: Run, step: int) -> Run:
    """The run after so many mini-batches and all that belongs to them."""
    run.handle(Step(step - run.step))
    while run.has_work:
        run.turn(1, lambda: False)
    return run


def outcome(run: Run) -> object:
    best = run.recorder.best
    judged = [(each.step, each.right) for each in run.record().judged]
    return run.step, checksum(run.state().parameters), judged, run.settings, best and best[1]


def test_what_is_handed_over_says_nothing_of_what_was_told(small_digits: Digits) -> None:
    run = trained_on(Run(1, SETTINGS, small_digits, Mailbox(lambda: None)), 3)
    run.recorder.thinned = True
    assert run.content().record.step == 3
    assert run.recorder.thinned, "the record that the window has still holds what was let go"


def test_between_any_two_slices_around_the_end_of_an_epoch(small_digits: Digits) -> None:
    run, contents = Run(1, SETTINGS, small_digits, Mailbox(lambda: None)), list[RunContent]()
    run.handle(Play())
    unjudged = 0
    while run.step < STEPS:
        asked = count()
        run.turn(1, lambda: next(asked) > 0)  # noqa: B023  as little as can be
        if run.step % 59 >= 55 or run.step % 59 <= 2:
            contents.append(run.content())
            unjudged += not run.is_judged
    assert unjudged > 3
    run.handle(Pause(measure=False))
    while run.has_work:
        run.turn(1, lambda: False)
    expected = outcome(run)
    for content in contents[::6]:
        again = revived(1, content, small_digits, Mailbox(lambda: None))
        assert outcome(trained_on(again, run.step)) == expected
