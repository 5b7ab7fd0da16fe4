"""What a film and a report say of an earlier moment: only what was so by then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor, QFont, QImage

from mnistviz.gui.common.painted_text import listeners
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.window.film import Film, Projector, film_of
from mnistviz.gui.window.report import Report, ReportContent
from tests.gui.lab_by_hand import LabByHand


@pytest.fixture
def film(lab_by_hand: LabByHand) -> Film:
    """Of a run of 200 mini-batches, as if it had been measured three times."""
    run = lab_by_hand.run_to(200)
    made = film_of(run, ("mine", "{step} {epoch}", "Test digits"), LIGHT, QFont(), learned=False)
    assert made is not None
    assert len(made.states) > 2
    return replace(made, seen=np.array([0.0, 1_000.0, 2_000.0]), shares=np.array([0.1, 0.5, 0.9]))


def said_in(film: Film, frame: int) -> tuple[list[str], QImage]:
    """What is read in a frame, and the frame."""
    said: list[str] = []
    listeners.append(hear := lambda painted: said.append(painted.shown))
    try:
        return said, Projector(film).frame(frame)
    finally:
        listeners.remove(hear)


def test_each_frame_says_what_was_measured_last_by_then(film: Film) -> None:
    assert any(text.startswith("10.0") for text in said_in(film, 0)[0])
    last = len(film.states) - 1
    assert 1_000 < film.digits(last) < 2_000
    assert any(text.startswith("50.0") for text in said_in(film, last)[0])


def test_the_curve_is_bright_up_to_where_the_film_is(film: Film) -> None:
    def reach(frame: int) -> int:
        """The last column with the run's own hue."""
        picture = said_in(film, frame)[1]
        rows = np.frombuffer(picture.constBits(), np.uint32).reshape(picture.height(), -1)
        own = (rows & 0xFFFFFF) == (QColor(film.hue).rgb() & 0xFFFFFF)
        return int(np.flatnonzero(own.any(axis=0))[-1])

    first, last = reach(0), reach(len(film.states) - 1)
    assert first < 40
    assert last > 400


def test_a_report_of_an_earlier_moment_tells_of_no_later_change(lab_by_hand: LabByHand) -> None:
    lab = lab_by_hand
    lab.run_to(20)
    lab.settings.change({"eta": 0.5})
    run = lab.run_to(40)
    assert run.moment is not None
    assert lab.digits is not None
    for step, told in ((40, True), (10, False)):
        moment = replace(run.moment, step=step, digits=10 * step)
        content = ReportContent(run, (), moment, False, lab.digits, (), "", "", "today")
        page = Report().page(content, lambda share: None).decode()
        assert ("after 20 mini-batches" in page) == told
