"""The bar on top of the window, and the slots of its parts."""

import faulthandler
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations, cycle
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.history import History
from mnistviz.engine.moment import Evaluation, Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.look import Look
from mnistviz.gui.common.theme import set_theme, theme
from mnistviz.gui.lab.shown import Lifecycle, RunFacts, Shown
from mnistviz.gui.runs.lane import RunWords
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.actions import MENUS
from mnistviz.gui.window.figures import MARGIN, Figures, figures_of, slots
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.transport import FIGURES_EVERY, SPEEDS, Transport
from tests.examples import one_quick
from tests.gui.children import child
from tests.gui.window.fits import LANGUAGES, Samples, faults_of_text

SOME = Figures(1.5, 7_500, 12_345.0, 0.0512, 0.9412, 2_500, epoch_progress=0.5)
WIDE, NARROW = 2_000, 1_048  # pixels of the bar: all is said in full, and most in its short form


def make_bar(qtbot: QtBot) -> Transport:
    bar = Transport(ActionBook(MENUS), EtaControl())
    qtbot.addWidget(bar)
    bar.resize(WIDE, 80)
    bar.show()
    return bar


@contextmanager
def dressed(bar: Transport, *, larger: bool = False) -> Iterator[None]:
    """The bar in the look of the program."""
    look = Look("light", False, bar)
    look.dress()
    look.set_text(125 if larger else 100)
    set_theme(theme(), bar)
    yield
    look.set_text(100)


@pytest.fixture
def transport(qtbot: QtBot) -> Iterator[Transport]:
    bar = make_bar(qtbot)
    with dressed(bar):
        yield bar


def texts(transport: Transport) -> list[tuple[str, str]]:
    return [(figure.title.text(), figure.value.text()) for figure in transport.figures]


def plain(tooltip: str) -> str:
    """A tooltip without its ends of lines."""
    return tooltip.replace("\n", " ")


def test_figures_are_written_out_and_the_speed_says_how_fast_it_learns(transport: Transport) -> None:
    transport.show_figures(SOME)
    assert texts(transport) == [("at epoch", "1.50"), ("cost", "0.0512"), ("accuracy", "94.12 %")]
    assert "of the validation digits" in plain(transport.accuracy.toolTip())
    assert "Measured 2,500 mini-batches ago." in plain(transport.accuracy.toolTip())
    assert "so far: 7,500." in plain(transport.epoch.toolTip())
    assert transport.progress.value() == 500
    transport.draw(Shown())
    assert texts(transport)[1:] == [("cost", "–"), ("accuracy", "–")]
    transport.show_figures(SOME)
    for widget in transport.speed.parts.values():
        assert "Now: 12,000 mini-batches per second. (Ctrl+Left" in plain(widget.toolTip())
    transport.draw(Shown())
    assert "Now:" not in transport.speed.slider.toolTip()


def test_while_it_learns_all_figures_are_of_the_last_measurement(small_digits: Digits) -> None:
    """Else the accuracy is older than epoch and cost, by another number of mini-batches each time one looks."""
    history = History().with_accuracy("validation", 0, 0, 0.1)
    history = history.with_costs(0, 0, np.arange(1_000.0), 10).with_accuracy("validation", 505, 5_050, 0.9)
    history = history.with_accuracy("validation", 700, 7_000, 0.8, 100, complete=False)
    network = Network([784, 5, 10])
    moment = Moment(1, 1_000, 10_000, network, Settings(), network)
    run = RunFacts(1, Settings(), moment=moment, history=history, lifecycle=Lifecycle.LEARNING, speed=1_000.0)
    epoch = small_digits.epoch(Settings())

    def seen(run: RunFacts, **facts: Any) -> tuple[Any, ...]:
        figures = figures_of(Shown(small_digits, run, moment, **facts))
        return (
            figures.mini_batches, figures.epochs, figures.cost,
            figures.accuracy, figures.accuracy_age, figures.accuracy_part,
        )  # fmt: skip

    assert seen(run) == (700, 7_000 / epoch, history.mean_cost(700, 100), 0.8, 0, 100)
    assert seen(replace(run, lifecycle=Lifecycle.RESTING)) == (
        1_000, 10_000 / epoch, history.mean_cost(1_000, 100), 0.8, 300, 100,
    )  # fmt: skip
    assert seen(run, playhead=1_000)[0] == 1_000
    assert seen(replace(run, speed=50.0))[4] == 300, "it was measured six seconds ago"
    assert seen(replace(run, diverged=True))[3] is None


def test_lane_of_a_run_says_the_same_accuracy_as_the_bar(transport: Transport, small_digits: Digits) -> None:
    """In a long history several measurements are one column; both take the last of them alone."""
    history = History()
    for step in range(5_000):
        history = history.with_accuracy("validation", step, 10 * step, 0.9 if step % 2 else 0.8)
    assert history.measured("validation", 5_000).count > 1
    network, read_as = Network([784, 5, 10]), np.zeros(10, np.uint8)
    moment = Moment(1, 5_000, 50_000, network, Settings(), network)
    read = Evaluation("validation", 4_999, 49_990, read_as, 9, 10, True)
    run = RunFacts(1, Settings(), moment=moment, history=history, evaluations={"validation": read})
    assert figures_of(Shown(small_digits, run, moment)).accuracy == 0.9
    assert RunWords(transport).share(run) == "90.00 %"


def test_a_number_without_room_is_shortened_and_full_when_focused(transport: Transport, qtbot: QtBot) -> None:
    transport.resize(NARROW, 80)
    transport.show_figures(replace(SOME, epochs=12_345.67, cost=1.23e-12))
    assert [number for _, number in texts(transport)][:2] == ["12,345", "1·10⁻¹²"]
    assert "In full: 12,345.67." in plain(transport.epoch.toolTip())
    assert "In full: 1.23 × 10⁻¹²." in plain(transport.cost.toolTip())
    transport.show_figures(SOME)
    assert "In full" not in transport.epoch.toolTip() + transport.cost.toolTip()
    transport.resize(WIDE, 80)
    eta = child(transport, EtaControl)
    place = eta.geometry()
    eta.field.take(0.123456789)
    assert eta.field.text() == "0.123…"
    assert "In full: 0.123456789." in eta.field.toolTip()
    with qtbot.waitActive(transport):
        transport.activateWindow()
    eta.field.setFocus()
    assert eta.field.text() == "0.123456789"
    eta.field.clearFocus()
    assert (eta.field.text(), eta.value()) == ("0.123…", 0.123456789)
    eta.field.take(0.5)
    assert (eta.field.text(), eta.geometry()) == ("0.5", place)
    assert "In full" not in eta.field.toolTip()


def test_while_it_learns_the_figures_change_four_times_a_second(
    transport: Transport, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """Nobody reads faster; the last ones are written all the same, and at rest at once."""
    now, written = [SOME], []
    monkeypatch.setattr("mnistviz.gui.window.transport.figures_of", lambda shown: now[0])
    monkeypatch.setattr(transport.epoch, "show_figures", lambda figures: written.append(figures.epochs))
    run = RunFacts(1, Settings(), lifecycle=Lifecycle.LEARNING)
    begin, step = time.monotonic(), 0
    while len(written) < 4:
        step += 1
        now[0] = replace(SOME, epochs=float(step))
        transport.draw(Shown(run=run))
        QApplication.processEvents()
    assert time.monotonic() - begin > 2 * FIGURES_EVERY
    qtbot.waitUntil(lambda: written[-1] == step)
    for lifecycle in (Lifecycle.LEARNING, Lifecycle.RESTING):
        step += 1
        now[0] = replace(SOME, epochs=float(step))
        transport.draw(Shown(run=replace(run, lifecycle=lifecycle)))
    assert written[-1] == step


def test_slower_and_faster_go_through_all_speeds(transport: Transport) -> None:
    seen: list[float | None] = []
    transport.speed.changed = seen.append
    for by, speeds, word in ((-1, SPEEDS[-2::-1], "1/s"), (1, SPEEDS[1:], "full")):
        seen.clear()
        for _ in range(len(SPEEDS) + 1):
            transport.speed.step(by)
        assert tuple(seen) == speeds
        assert (transport.speed_value(), transport.speed.word.text()) == (speeds[-1], word)
    transport.resize(900, 80)
    assert not transport.speed.slider.isVisible()
    transport.speed.step(-1)
    assert transport.speed_value() == SPEEDS[-2], "though it is not seen"


TEXTS_OF_EPOCH: list[dict[str, Any]] = [
    {"epochs": epochs, "near": near, "opened": opened}
    for epochs in (0.0, 9.99, 99.99, 999.99, 9_999.99, 99_999.99, 123_456.78)
    for near in (False, True)
    for opened in (None, "its file says 123,456.78 epochs before that")
]
TEXTS_OF_COST: list[dict[str, Any]] = [
    {"cost": cost, "l2_term": l2_term}
    for cost in (None, 0.0, 0.0441, 9.9999, 99.9999, 999.9, 123_456.7, 1.2e9, 9.99e-12, 9.99e-99, math.inf)
    for l2_term in (0.0, 0.0123, 123_456.7, 9.99e-99)
]
TEXTS_OF_ACCURACY: list[dict[str, Any]] = [
    {"accuracy_age": age, "accuracy_part": part}
    for age in (0, 1, 1_232, 9_999_999)
    for part in (0, 500, 99_999)
]
EVERY_LENGTH = [
    replace(SOME, accuracy=accuracy, **of_epoch, **of_cost, **of_accuracy)
    for of_epoch, of_cost, of_accuracy, accuracy in zip(
        cycle(TEXTS_OF_EPOCH),
        TEXTS_OF_COST,
        cycle(TEXTS_OF_ACCURACY),
        cycle((0.9412, 1.0, 0.0)),
        strict=False,
    )
]  # figures with all that the bar may say of a run, in every length
EVERY_STATE = ["pause", "wait", "new", "stop", "replay", "start"]
EVERY_ETA = [0.0001, 0.00025, 0.00012345678, 0.1, 3.0, 1.2345678912345, 1_000.0]


def parts(bar: Transport) -> dict[QWidget, QRect]:
    """All that is seen in the bar and is no box of others, and where it is."""
    lists = bar.findChildren(QComboBox)
    seen = (
        widget
        for widget in bar.findChildren(QWidget)
        if widget.isVisibleTo(bar)
        and widget is not bar.progress
        and not any(each.isAncestorOf(widget) for each in lists)
        and (widget.layout() is None or isinstance(widget, QComboBox))
        and not widget.findChildren(QLabel)
    )
    return {widget: QRect(widget.mapTo(bar, QPoint()), widget.size()) for widget in seen}


def cut_off(bar: Transport) -> Iterator[str]:
    """What of the text in the bar does not fit."""
    for widget in parts(bar):
        if isinstance(widget, QLabel):
            needed = widget.fontMetrics().boundingRect(widget.text()).height()
            if widget.fontMetrics().horizontalAdvance(widget.text()) > widget.width():
                yield f"{widget.text()!r} in {widget.width()}"
            if needed > widget.height():
                yield f"{widget.text()!r} needs {needed}, has {widget.height()}"
        else:
            yield from faults_of_text(widget)


def overlaps(bar: Transport) -> Iterator[str]:
    """What lies on another part of the bar, or beyond its end."""
    seen = [(widget, place) for widget, place in parts(bar).items() if not place.isEmpty()]
    for (one, at), (other, there) in combinations(seen, 2):
        if at.intersects(there):
            yield f"{one} at {at} and {other} at {there}"
    for widget, place in seen:
        if not bar.rect().contains(place):
            yield f"{widget} at {place}"


def see_every_length(bar: Transport, eta: EtaControl, widths: Iterable[int]) -> None:
    """Holds that at no width any text is cut off or moves anything."""
    gestures: list[tuple[Callable[[Any], object], Sequence[Any]]] = [
        (bar.show_figures, EVERY_LENGTH),
        (bar.show_state, EVERY_STATE),
        (bar.set_rate, SPEEDS),
        (eta.set_value, EVERY_ETA),
    ]
    for width in widths:
        bar.resize(width, 80)
        places, seen = parts(bar), set[str]()
        assert list(overlaps(bar)) == [], width
        for show, values in gestures:
            for value in values:
                show(value)
                texts = {each.text() for each in places if isinstance(each, QLabel | QPushButton | QLineEdit)}
                assert "…" not in texts, (width, value)
                if not texts <= seen:
                    seen |= texts
                    assert list(cut_off(bar)) == [], (width, value)
        assert parts(bar) == places, width
        QApplication.sendPostedEvents()
        assert parts(bar) == places, width


@pytest.fixture(
    params=["german", *(pytest.param(each, marks=pytest.mark.long) for each in ("english", "chinese"))]
)
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    translator = Samples(LANGUAGES[request.param], qapp)
    qapp.installTranslator(translator)
    yield request.param
    qapp.removeTranslator(translator)


@one_quick("larger", [True, False], ids=["larger text", "text"])
@pytest.mark.parametrize("step", [100, pytest.param(1, marks=pytest.mark.long)])
def test_nothing_in_the_bar_is_cut_off_or_moves(qtbot: QtBot, language: str, larger: bool, step: int) -> None:
    """Figures of every length, in each state of the run, with each speed and numbers for η of every length."""
    if step == 1:
        faulthandler.cancel_dump_traceback_later()  # it takes ten minutes
    bar = make_bar(qtbot)
    eta = child(bar, EtaControl)
    with dressed(bar, larger=larger):
        see_every_length(bar, eta, range(1_000, 1_501, step))


def test_a_figure_is_as_high_as_its_font_even_if_its_slot_stays_as_wide(transport: Transport) -> None:
    look, figure = Look("light", False, transport), transport.epoch
    look.set_text(125)
    figure.measure()
    for label in (figure.title, figure.value):
        assert 0 <= label.height() - label.fontMetrics().height() <= 1
    look.set_text(100)


def shortened(bar: Transport) -> dict[str, bool]:
    """What is left out or shortened."""
    button = child(bar, QPushButton, "epoch_action_button")
    return {
        "label": child(bar, EtaControl).label.text() == "η",
        "words": not button.text(),
        "speed": bar.speed.slider.isHidden(),
        "cost": bar.cost.isHidden(),
        "epoch": bar.epoch.isHidden(),
    }


@pytest.mark.parametrize(
    ("larger", "order"),
    [
        pytest.param(False, ["label", "words", "speed", "cost", "epoch"], id="text"),
        pytest.param(True, ["label", "speed", "words", "cost", "epoch"], id="larger text"),
    ],
)
def test_only_what_must_is_left_out(transport: Transport, larger: bool, order: list[str]) -> None:
    """With larger text, which a class reads, the words of the buttons stay longer than the speed."""
    seen = []
    with dressed(transport, larger=larger):
        for width in range(860, 1_921, 20):
            transport.resize(width, 80)
            QApplication.sendPostedEvents()
            away = [shortened(transport)[part] for part in order]
            assert away == sorted(away, reverse=True), width
            seen.append(sum(away))
            if width >= 1_024:
                assert child(transport, EtaControl).slider.width() >= 160, width
                assert larger or not shortened(transport)["speed"]
        assert seen == sorted(seen, reverse=True)
        assert seen[0] > seen[-1] == 0


def test_what_fits_is_chosen_before_the_first_picture(open_window: Callable[..., MainWindow]) -> None:
    class FirstPicture(QObject):
        seen: list[object] = []  # noqa: RUF012

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and not self.seen:
                self.seen.append(places())
            return False

    window = open_window()
    bar = window.transport

    def places() -> list[object]:
        return [shortened(bar), *parts(bar).values()]

    window.hide()
    window.resize(1_024, 700)
    watch = FirstPicture()
    bar.installEventFilter(watch)
    window.show()
    QApplication.processEvents()
    assert watch.seen == [places()]
    assert shortened(bar)["label"]


def test_the_last_part_stands_at_the_end_and_what_there_is_not_takes_no_room() -> None:
    needs = {"play": (100,), "cost": (80, 0), "accuracy": (80,)}
    assert slots(900, needs).places == {
        "play": (MARGIN, 100), "cost": (900 - MARGIN - 226, 110), "accuracy": (900 - MARGIN - 110, 110),
    }  # fmt: skip
    assert slots(210, needs).places == {"play": (MARGIN, 100), "accuracy": (210 - MARGIN - 82, 82)}
