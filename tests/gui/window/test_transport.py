"""The bar on top of the window."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractSlider, QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.handover import Mailbox
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.look import Look
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.lab.run_mirror import RunMirror
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.settings.eta_control import LEAST_SLIDER, EtaControl
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.figures import Figures
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.transport import FIGURES_EVERY, SPEEDS, Transport

SOME = Figures(1.5, 7_500, 12_345.0, 0.0512, 0.9412, 2_500, 1.0, rests=False, epoch_progress=0.5)


@pytest.fixture
def transport(qtbot: QtBot) -> Transport:
    bar = Transport(LIGHT, ActionBook())
    bar.place_eta(EtaControl())
    qtbot.addWidget(bar)
    bar.resize(1_400, 80)
    bar.show()
    return bar


def texts(transport: Transport) -> list[tuple[str, str]]:
    return [(figure.title.text(), figure.value.text()) for figure in transport.figures]


def test_the_figures_of_the_moment_are_written_out(transport: Transport) -> None:
    transport.show_figures(SOME)
    assert texts(transport) == [
        ("epoch", "1.50"),
        ("mini-batches / s", "12,000"),
        ("cost", "0.0512"),
        ("validation, epoch 1.00", "94.12 %"),
    ]
    assert "so far: 7,500." in transport.epoch.toolTip()
    assert transport.progress.value() == 500
    transport.forget()
    assert texts(transport)[2:] == [("cost", "–"), ("validation accuracy", "–")]


@pytest.mark.parametrize(
    "figures",
    [
        replace(SOME, mini_batches=12_345_678_901, accuracy_epochs=123_456.78),
        replace(SOME, accuracy_part=250_000, opened="by its file after 123,456.78 epochs"),
        replace(SOME, epochs=123_456.78, cost=123_456.7),
        replace(SOME, mini_batches_per_second=1_234_567.0, l2_term=1_234.5),
    ],
)
def test_no_figure_is_cut_however_long(transport: Transport, figures: Figures) -> None:
    transport.show_figures(figures)
    for figure in transport.figures:
        for label in (figure.title, figure.value):
            assert label.width() >= label.sizeHint().width()
            assert label.height() >= label.sizeHint().height()


class Layouts(QObject):
    """Counts how often a widget is laid out anew."""

    def __init__(self, watched: Transport) -> None:
        super().__init__()
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_figures_that_change_move_nothing(transport: Transport) -> None:
    transport.show_figures(SOME)
    QApplication.sendPostedEvents()
    layouts = Layouts(transport)
    places = [figure.geometry() for figure in transport.figures]
    for step in range(20):
        transport.show_figures(
            replace(SOME, epochs=2.0 + step, mini_batches=9_990 + step, accuracy_epochs=step / 2)
        )
        QApplication.sendPostedEvents()
    assert layouts.count == 0
    assert [figure.geometry() for figure in transport.figures] == places


@pytest.mark.parametrize(
    ("epochs", "shown"), [(0.0, "0.00"), (0.996, "0.99"), (0.9999, "0.99"), (1.0, "1.00"), (29.999, "29.99")]
)
def test_an_epoch_is_not_said_to_be_over_before_it_is(
    transport: Transport, epochs: float, shown: str
) -> None:
    transport.show_figures(replace(SOME, epochs=epochs))
    assert transport.epoch.value.text() == shown


def test_an_accuracy_says_of_which_network_it_is_and_of_how_many_digits(transport: Transport) -> None:
    def title(**what: object) -> str:
        transport.show_figures(replace(SOME, **what))  # type: ignore[arg-type]
        return transport.accuracy.title.text()

    assert title(rests=True, accuracy_age=0) == "validation accuracy"
    assert title(rests=False, accuracy_age=0) == "validation, epoch 1.00"
    assert title(accuracy_part=500) == "validation, first 500"
    assert "Only the first 500 were read" in transport.accuracy.toolTip()
    transport.resize(600, 80)
    assert transport.accuracy.title.text() == "first 500"
    assert title() == "validation"


def test_the_epochs_of_an_opened_network_count_since_then(transport: Transport) -> None:
    transport.show_figures(replace(SOME, opened="by its file after 7.98 epochs"))
    assert transport.epoch.title.text() == "epochs since opened"
    assert "since this network was opened: by its file after 7.98 epochs." in transport.epoch.toolTip()
    transport.resize(600, 80)
    assert texts(transport)[0] == ("epoch", "+1.50")
    transport.forget()
    assert transport.epoch.title.text() == "epoch"


def test_while_it_learns_the_figures_change_four_times_a_second(
    transport: Transport, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """Nobody reads faster; the last ones are written all the same, and at rest at once."""
    now, written = [SOME], []
    monkeypatch.setattr("mnistviz.gui.window.transport.figures_of", lambda shown: now[0])
    monkeypatch.setattr(transport._labels, "show", lambda figures: written.append(figures.epochs))
    run = RunMirror(1, Settings(), Mailbox(lambda: None))
    run.playing = True
    begin, step = time.monotonic(), 0
    while time.monotonic() - begin < 3 * FIGURES_EVERY:
        step += 1
        now[0] = replace(SOME, epochs=float(step))
        transport.draw(Shown(run=run))
        QApplication.processEvents()
    assert 2 <= len(written) <= 4
    qtbot.waitUntil(lambda: written[-1] == step)
    for playing in (True, False):
        step += 1
        now[0] = replace(SOME, epochs=float(step))
        run.playing = playing
        transport.draw(Shown(run=run))
    assert written[-1] == step


def test_slower_and_faster_go_through_all_speeds(transport: Transport) -> None:
    seen: list[float | None] = []
    transport.speed_changed.connect(seen.append)
    for _ in range(len(SPEEDS) + 1):
        transport.slower()
    assert tuple(seen) == SPEEDS[-2::-1]
    assert (transport.speed_value(), transport.speed_text.text()) == (1.0, "1 / s")
    seen.clear()
    for _ in range(len(SPEEDS) + 1):
        transport.faster()
    assert tuple(seen) == SPEEDS[1:]
    assert (transport.speed_value(), transport.speed_text.text()) == (None, "full")


# Where it is short

SPACER = 130  # pixels, for what may come at its left one day


@pytest.fixture(params=[False, True], ids=["text", "larger text"])
def dressed(request: pytest.FixtureRequest, transport: Transport) -> Iterator[Transport]:
    """The bar with its widest figures, in the look of the program."""
    look = Look("light", False, transport)
    look.dress()
    look.enlarge(request.param)
    transport.set_theme(look.theme)
    transport.show_figures(
        replace(SOME, epochs=1_234.5, mini_batches_per_second=43_210.0, accuracy_epochs=98.76)
    )
    yield transport
    look.enlarge(False)


def left_away(transport: Transport) -> list[bool]:
    """What is left away, in the order in which it may be."""
    words = transport.findChild(QPushButton, "epoch_action_button")
    assert words is not None
    return [
        not words.text(),
        transport.rate.isHidden(),
        transport._speed_title.isHidden(),
        "epoch" not in transport.accuracy.title.text(),
        transport.speed.isHidden(),
        transport.cost.isHidden(),
        transport.epoch.isHidden(),
        transport.findChild(EtaControl).label.text() == "η",  # type: ignore[union-attr]
    ]


def parts(transport: Transport) -> list[QWidget]:
    """All that is seen in the bar, and is no box of others."""
    return [
        widget
        for widget in transport.findChildren(QWidget)
        if widget.isVisible() and widget is not transport.progress and widget.layout() is None
    ]


@pytest.mark.parametrize("spacer", [0, SPACER])
def test_at_no_width_is_anything_clipped_and_only_what_must_is_left_away(
    dressed: Transport, spacer: int
) -> None:
    bar, seen = dressed, []
    if spacer:
        switch = QWidget()
        switch.setFixedWidth(spacer)
        bar.row.insertWidget(0, switch)
        switch.show()
    for width in range(1_000, 1_501, 50):
        bar.resize(width, 80)
        QApplication.processEvents()
        away = left_away(bar)
        assert away == sorted(away, reverse=True), width
        seen.append(sum(away))
        shown = {
            widget: widget.rect().translated(widget.mapTo(bar, widget.rect().topLeft()))
            for widget in parts(bar)
        }
        for widget, place in shown.items():
            about = f"{width}: {widget.objectName()} {place}"
            assert bar.rect().contains(place), about
            if isinstance(widget, QAbstractSlider):
                assert widget.width() >= LEAST_SLIDER, about
            else:
                assert widget.width() >= widget.sizeHint().width(), about
            if isinstance(widget, QLabel | QPushButton):
                assert widget.height() >= widget.fontMetrics().height(), about
        assert not [
            f"{one} {other}" for one, other in combinations(shown.values(), 2) if one.intersects(other)
        ]
        assert bar.play_button.text() == "Start"
        assert {"accuracy_figure", "eta_field", "eta_slider"} <= {each.objectName() for each in shown}
        assert spacer or not away[-1], "the word for η goes only where no other step is enough"
    assert seen == sorted(seen, reverse=True)
    assert seen[0] > seen[-1]


def test_what_is_left_away_is_there_all_the_same(qtbot: QtBot, transport: Transport) -> None:
    transport.show_figures(SOME)
    transport.resize(600, 80)
    assert left_away(transport) == [True] * 8
    assert transport.accuracy.title.text() == "validation"
    assert "2,500 mini-batches ago" in transport.accuracy.toolTip()
    assert transport.speeds.isVisible()
    transport.speeds.activated.emit(2)
    assert transport.speed_value() == SPEEDS[2]
    transport.set_rate(None)
    assert transport.speeds.currentText() == "full"
    transport.resize(1_500, 80)
    assert left_away(transport) == [False] * 8
    assert transport.accuracy.title.text() == "validation, epoch 1.00"


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
        return [left_away(bar), *(widget.geometry() for widget in parts(bar))]

    window.hide()
    window.resize(1_024, 700)
    watch = FirstPicture()
    bar.installEventFilter(watch)
    window.show()
    QApplication.processEvents()
    assert watch.seen == [places()]
    assert left_away(bar)[0]


def test_the_bar_is_as_wide_as_its_words_in_another_look(dressed: Transport) -> None:
    """The words of the speed have a place of their own, so that what stands beside them never moves."""
    dressed.resize(1_500, 80)
    QApplication.processEvents()
    places = [figure.geometry() for figure in dressed.figures]
    for rate in SPEEDS:
        dressed.set_rate(rate)
        QApplication.processEvents()
        assert dressed.speed_text.width() >= dressed.speed_text.sizeHint().width()
        assert [figure.geometry() for figure in dressed.figures] == places
