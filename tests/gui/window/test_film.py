"""The film of what a run learns: its steps, and what its frames show."""

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QFont, QImage

from mnistviz.engine.digits import SIDE
from mnistviz.engine.replay import Replay
from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_text import listeners
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.lab.questions import recorded_run
from mnistviz.gui.window.film import SIZE, Film, Projector, film_states, film_steps
from tests.gui.lab_by_hand import LabByHand

STEPS = 200
LINE = "784-30-10 seed 1"


@pytest.fixture
def film(lab_by_hand: LabByHand) -> Film:
    run, digits = lab_by_hand.run_to(STEPS), lab_by_hand.digits
    assert digits is not None
    recorded = recorded_run(run, digits)
    assert recorded is not None
    picture, label = digits.test.images[0].reshape(SIDE, SIDE), int(digits.test.labels[0])
    words = "mine", "{step} {epoch}", "Test digits", LINE
    return Film(recorded, run.epoch, picture, label, words, LIGHT.run_colour(0), LIGHT, QFont())


@pytest.fixture
def projector(film: Film) -> Projector:
    steps = film_steps(film.run.record)
    return Projector(film, film_states(film.run, steps, lambda share: None), lambda share: None)


def said_in(projector: Projector, frame: int) -> tuple[list[str], QImage]:
    """What is read in a frame, and the frame."""
    said: list[str] = []
    listeners.append(hear := lambda painted: said.append(painted.shown))
    try:
        return said, projector.frame(frame)
    finally:
        listeners.remove(hear)


def colours(image: QImage) -> NDArray[np.uint32]:
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1) & np.uint32(0xFFFFFF)


def test_each_frame_has_the_weights_of_its_step_and_says_where_it_diverged(film: Film) -> None:
    states = film_states(film.run, film_steps(film.run.record), lambda share: None)
    for step in (0, 1, STEPS // 2, STEPS):
        nearest = min(states, key=lambda known: abs(known - step))
        exact = Replay(film.run.record, film.run.trainer(), nearest).finish().state()
        assert np.array_equal(states[nearest].parameters, exact.parameters)
    states = film_states(film.run, film_steps(film.run.record), lambda share: None)
    last = replace(states[STEPS], parameters=np.full_like(states[STEPS].parameters, np.nan))
    projector = Projector(film, {0: states[0], STEPS: last}, lambda share: None)
    assert any("diverged" in text for text in said_in(projector, 1)[0])


def test_a_frame_says_where_it_is_what_is_read_and_how_many_are_right_with_a_curve_up_to_there(
    film: Film, projector: Projector
) -> None:
    first, image = said_in(projector, 0)
    assert image.size() == SIZE
    assert {"mine", "0 0.00", "Test digits", LINE, "only a guess"} <= {*first}
    shown = colours(image)
    for side in (shown[200, 20:34], shown[200, 349:335:-1], shown[68:82, 185], shown[397:383:-1, 185]):
        assert np.flatnonzero(side != side[0]).tolist() == [7, 8], "as far from the digit on each side"
    last = said_in(projector, len({*film_steps(film.run.record)}) - 1)[0]
    state = Replay(film.run.record, film.run.trainer(), STEPS).finish().state()
    network, test = film.run.start.copy(), film.run.digits.test
    network.parameters[...] = state.parameters
    assert numbers.percent(network.evaluate(test) / len(test)) in last
    assert str(network.predictions(test.images[:1])[0]) in last

    def reach(frame: int) -> int:
        """The last column with the run's own hue."""
        own = colours(projector.frame(frame)) == QColor(film.hue).rgb() & 0xFFFFFF
        return int(np.flatnonzero(own.any(axis=0))[-1])

    assert reach(0) < 90
    assert reach(len({*film_steps(film.run.record)}) - 1) > 1_000
