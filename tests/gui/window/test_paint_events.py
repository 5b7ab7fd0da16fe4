"""What is painted by Python, which keeps the learner waiting: nothing while one only watches, the pad alone while one
draws."""

import importlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, SignalInstance
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import mnistviz
from mnistviz.engine.digits import Digits
from mnistviz.engine.mistakes.pins import Pin
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.painted_figure import PaintedFigure
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import MINIBATCH, PINS
from tests.gui.drawn_digits import draw_by_mouse
from tests.gui.frames import is_settled
from tests.gui.live_run import live_run
from tests.gui.window.panels import PANELS, open_panel

Open = Callable[..., MainWindow]
SEVEN = [np.array([(0.3, 0.2), (0.5, 0.2), (0.7, 0.25), (0.6, 0.5), (0.45, 0.8)])]


def widgets_that_paint() -> Iterator[type[QWidget]]:
    """Every class of the window with a `paintEvent` of its own."""
    house = Path(mnistviz.__file__).parent
    for source in (house / "gui").rglob("*.py"):
        name = ".".join(("mnistviz", *source.relative_to(house).with_suffix("").parts))
        for thing in vars(importlib.import_module(name)).values():
            ours = isinstance(thing, type) and issubclass(thing, QWidget) and thing.__module__ == name
            if ours and "paintEvent" in vars(thing):
                yield thing


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each class has painted itself."""
    count: Counter[str] = Counter()
    for kind in {*widgets_that_paint()}:
        original = vars(kind)["paintEvent"]

        def counted(
            self: QWidget, event: object, original: object = original, kind: type[QWidget] = kind
        ) -> None:
            count[(type(self) if kind is PaintedFigure else kind).__name__] += 1
            original(self, event)  # type: ignore[operator]

        monkeypatch.setattr(kind, "paintEvent", counted)
    return count


@pytest.fixture
def wide_window(open_window: Open, small_digits: Digits) -> MainWindow:
    window = open_window(small_digits)
    window.resize(1440, 900)
    return window


def counted(signal: SignalInstance) -> list[None]:
    """An entry for each time that a signal comes."""
    heard: list[None] = []
    signal.connect(lambda *_: heard.append(None))
    return heard


def assert_little(painted: Counter[str], most: int) -> None:
    """Only where a scale grows, and with the first dots of a part."""
    assert {*painted} <= {"WeightLegend", "ElidedLabel", "CurveLegend"}, painted
    assert sum(painted.values()) <= most, painted


def test_watching_paints_nothing(painted: Counter[str], qtbot: QtBot, wide_window: MainWindow) -> None:
    draw_by_mouse(wide_window.network.pad, SEVEN)
    QTest.mouseMove(wide_window, QPoint(2, 2))
    qtbot.waitUntil(lambda: painted["Pad"] > 0)  # what is counted does happen
    wide_window.steering.toggle_play()
    run, frames = live_run(wide_window.lab), counted(wide_window.frame.drawn)
    qtbot.waitUntil(lambda: run.step > 50)
    painted.clear()
    frames.clear()
    qtbot.waitUntil(lambda: len(frames) > 12)  # what is drawn seldom is so three times
    wide_window.steering.toggle_play()
    assert_little(painted, 6)


@pytest.mark.long
@pytest.mark.parametrize("tab", PANELS)
def test_no_frame_paints_in_python_while_several_runs_learn(
    painted: Counter[str], qtbot: QtBot, wide_window: MainWindow, small_digits: Digits, tab: str
) -> None:
    for _ in range(3):
        wide_window.lab.runs.branch()
        qtbot.waitUntil(lambda: wide_window.lab.run is not None and wide_window.lab.run.ready)
    wide_window.views[PINS].pinned.pin(Pin(small_digits.test.images[0].tobytes()))
    open_panel(wide_window, tab)
    if tab != "pins":
        wide_window.mistakes.compare_with(AgainstPart("run", wide_window.lab.runs.open[0].letter))
    wide_window.mistakes.gallery.walk(1)  # whose story is seen then, in both runs
    if tab == "minibatch":
        wide_window.views[MINIBATCH].stages.actions["gradient"].trigger()
    QTest.mouseMove(wide_window, QPoint(2, 2))
    for run in wide_window.lab.runs.open:
        wide_window.lab.time.switch(run.number, True)
    wide_window.steering.toggle_play()
    qtbot.waitUntil(lambda: all(run.step > 50 for run in wide_window.lab.runs.open))
    frames, begin = counted(wide_window.frame.drawn), time.monotonic()
    painted.clear()
    qtbot.waitUntil(lambda: len(frames) > 25)
    wide_window.steering.toggle_play()
    often = 2 * (time.monotonic() - begin) + 2  # at a new measurement, or twice a second
    seldom = "GroupBar", "StoryStrip", "PinCurves", "LayerCharts", "SizePlot", "BarTable", "StageFigure"
    assert max(painted.pop(each, 0) for each in seldom) <= often, painted
    assert_little(painted, 6)


@pytest.mark.long
def test_no_frame_paints_in_python_while_a_row_is_read_again_and_again(
    painted: Counter[str], qtbot: QtBot, wide_window: MainWindow
) -> None:
    row = wide_window.network.row
    row.actions.wide.setChecked(True)
    wide_window.network.pad.show_test_digit()
    row.actions.candidates.setChecked(True)
    QTest.mouseMove(wide_window, QPoint(2, 2))
    wide_window.steering.toggle_play()
    run, judged = live_run(wide_window.lab), counted(row.reader.judged)
    qtbot.waitUntil(lambda: run.step > 50)
    painted.clear()
    judged.clear()
    qtbot.waitUntil(lambda: len(judged) > 3)
    wide_window.steering.toggle_play()
    assert_little(painted, 6)


def test_a_stroke_paints_the_pad(painted: Counter[str], qtbot: QtBot, wide_window: MainWindow) -> None:
    draw_by_mouse(wide_window.network.pad, SEVEN)  # after the first the note and the tools are as they stay
    qtbot.waitUntil(lambda: is_settled(wide_window.network))
    QApplication.processEvents()  # what the new size has left to be painted
    wide_window.repaint()
    painted.clear()
    draw_by_mouse(wide_window.network.pad, SEVEN)
    qtbot.waitUntil(lambda: painted["Pad"] > 0)
    qtbot.waitUntil(lambda: is_settled(wide_window.network))
    assert painted.pop("WeightLegend", 0) <= 2, (
        "its scale, where the stroke has another output lead on its way"
    )
    assert {*painted} == {"Pad"}, painted
