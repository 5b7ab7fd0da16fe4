"""What readings, pins and questions about misread digits cost: `python benchmarks/mistakes.py`, a minute.

Shares are of the time of training without a window. The pins are followed once a second, as the window does it.
"""

from __future__ import annotations

import statistics
import sys
import time
from functools import partial
from typing import Final

from parts import Parts, options, run_parts
from table import Figures, replaced
from time_machine import BEST, BOOK, Lab

from mnistviz.engine import Digits, Settings, load_digits, one_blas_thread
from mnistviz.engine.evaluation import evaluated
from mnistviz.engine.mistakes.confusion import confusion_difference, verdict_groups
from mnistviz.engine.mistakes.nearest import nearest_digits
from mnistviz.engine.mistakes.pins import MOST_PINS, PictureAlong, outputs_along
from mnistviz.engine.mistakes.stories import learning_map, look_finer
from mnistviz.engine.moment import Evaluation, KeptReadings, Moment
from mnistviz.engine.network import Network
from mnistviz.engine.replay import moment_of
from mnistviz.engine.run import Run
from mnistviz.engine.trials import RecordedRun

EACH: Final = 1.0  # seconds between two looks at the pins


def now(run: Run) -> Moment:
    return moment_of(run.number, run.start, len(run.trainer.training), run.state(), "live")


def keeping(digits: Digits, settings: Settings, steps: int) -> Figures:
    """The share of training that keeping what was read takes."""
    spent = 0.0
    usual = KeptReadings.with_evaluation

    def timed(kept: KeptReadings, found: Evaluation, epoch: int) -> KeptReadings:
        nonlocal spent
        begun = time.perf_counter()
        result = usual(kept, found, epoch)
        spent += time.perf_counter() - begun
        return result

    with replaced(KeptReadings, "with_evaluation", timed):
        lab = Lab(digits)
        lab.begin(1, settings)
        begun = time.perf_counter()
        lab.train(steps)
        return {"readings": 100 * spent / (time.perf_counter() - begun)}


def pins(digits: Digits, settings: Settings, seconds: float, each: float) -> Figures:
    """The share of training that following eight pictures takes, and how long all kept states take at once."""
    images = list(digits.test.images[:MOST_PINS])
    lab = Lab(digits)
    run = lab.begin(1, settings)
    found: tuple[PictureAlong, ...] = ()
    spent, begun = 0.0, time.perf_counter()
    looked = begun
    while time.perf_counter() - begun < seconds:
        lab.train(run.step + 100)
        if time.perf_counter() - looked >= each:
            looked = time.perf_counter()
            before = [along.until(int(along.steps[-1])) for along in found]
            found = outputs_along(run.record(), now(run), len(run.trainer.training), images, before)
            spent += time.perf_counter() - looked
    share = 100 * spent / (time.perf_counter() - begun)
    begun = time.perf_counter()
    outputs_along(run.record(), now(run), len(run.trainer.training), images)
    return {"pins": share, "pins_whole": 1e3 * (time.perf_counter() - begun)}


def compared(digits: Digits, settings: Settings, times: int) -> Figures:
    """Two networks read the test digits and are compared digit by digit."""
    networks = [Network(settings.sizes, **settings.changed(seed=seed).network_options()) for seed in (1, 2)]
    moments = [Moment(1, 0, 0, network, settings, network) for network in networks]
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        a, b = (evaluated(moment, "test", digits) for moment in moments)
        assert a is not None
        assert b is not None
        verdict_groups(a, b, digits.test)
        confusion_difference(a, b, digits.test, len(digits.classes))
        taken.append(time.perf_counter() - begun)
    return {"compared": 1e3 * statistics.median(taken)}


def questions(digits: Digits, steps: int, stretch: int, times: int) -> Figures:
    """What one digit costs: its neighbours among all training digits, and each mini-batch that is looked at finer; and
    the map of all digits."""
    lab = Lab(digits)
    run = lab.begin(1, BOOK)
    lab.train(steps)
    network, taken = now(run).network, []
    for image in digits.test.images[:times]:
        begun = time.perf_counter()
        nearest_digits(network, image, 1, 2, digits.training)
        taken.append(time.perf_counter() - begun)
    recorded = RecordedRun(run.record(), run.start, digits)
    begun = time.perf_counter()
    look_finer(recorded, digits.test.images[0], run.step - stretch, run.step)
    finer = time.perf_counter() - begun
    begun = time.perf_counter()
    learning_map(run.recorder.readings.test, digits.test)
    mapped = time.perf_counter() - begun
    return {"nearest": 1e3 * statistics.median(taken), "finer": 1e6 * finer / stretch, "mapped": 1e3 * mapped}


@one_blas_thread()
def measure(parts: Parts) -> None:
    short, digits = parts.asked.short, load_digits()
    for name, settings, steps in (("784-30-10", BOOK, 50_000), ("best", BEST, 7_820)):
        work = partial(keeping, digits, settings, steps // 500 if short else steps)
        parts.measure("readings", work, variant=name)
        work = partial(pins, digits, settings, *((0.1, 0.02) if short else (15.0, EACH)))
        parts.measure("pins", work, variant=name)
    parts.measure("compared", partial(compared, digits, BEST, 1 if short else 15), variant="best")
    asked = (200, 50, 2) if short else (20_000, 5_000, 15)
    parts.measure("questions", partial(questions, digits, *asked))


if __name__ == "__main__":
    sys.exit(run_parts("mistakes", options(__doc__).parse_args(), measure))
