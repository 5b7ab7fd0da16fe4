"""A lab without a window, and how a test waits for what it tells."""

from collections.abc import Callable, Iterator

import pytest
from msgspec import Struct
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import RunFacts
from tests.gui.lab_by_hand import end
from tests.gui.live_run import live_run

SMALL = Settings(sizes=(784, 4, 10), training_digits=103, eta=2.0)
EPOCH = 11  # mini-batches


class Hand(Struct):
    """Uses a lab as the window does, and waits for what comes of it."""

    lab: Lab
    qtbot: QtBot

    def wait(self, condition: Callable[[], bool]) -> None:
        def met() -> bool:
            self.lab.take()
            return condition()

        self.qtbot.waitUntil(met, timeout=10_000)

    def run(self, settings: Settings = SMALL, steps: int = 0) -> RunFacts:
        """A new run that has learned for so many mini-batches and rests."""
        self.lab.runs.begin(settings)
        run = self.selected
        if steps:
            self.lab.runs.send(Step(steps))
        self.wait(lambda: run.step == steps and run.ready and run.has_obeyed and not run.playing)
        return run

    @property
    def selected(self) -> RunFacts:
        return live_run(self.lab)

    def learn(self) -> RunFacts:
        """Lets all learn that are on, and waits until they do."""
        self.lab.time.toggle_play()
        run = self.selected
        step = run.step
        self.wait(lambda: run.step > step + 5)
        return run

    def learn_to_its_stop(self) -> None:
        """Lets all learn that are on, until the selected run stops as it is set."""
        self.lab.time.toggle_play()
        run = self.selected
        self.wait(lambda: run.stopped and not run.playing)

    def look(self, step: int) -> None:
        self.lab.playhead.visit(step)
        self.exact()

    def exact(self) -> None:
        self.wait(lambda: self.lab.playhead.exact)

    def still(self, run: RunFacts) -> bool:
        """Whether a run comes to rest: there is soon a while of the worker in which it trains no step."""
        for _ in range(20):
            step = run.step
            self.qtbot.wait(60)
            self.lab.take()
            if run.step == step:
                return True
        return False


@pytest.fixture
def hand(small_digits: Digits, qtbot: QtBot) -> Iterator[Hand]:
    lab = Lab()
    lab.data.use(small_digits)
    yield Hand(lab, qtbot)
    end(lab)
