"""The window as a person uses it: start, pause, steer, draw, save, close."""

import gc
import os
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import FinishEpoch, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.experiment_file import load_experiment
from mnistviz.engine.fork import Origin
from mnistviz.engine.handover import Mailbox, Update
from mnistviz.engine.history import History
from mnistviz.engine.moment import Evaluation, Moment, SetName
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import load_network, save_network
from mnistviz.engine.trainer import Trainer
from mnistviz.gui.app import quit_on_signals
from mnistviz.gui.common.layouts import ScrolledColumn
from mnistviz.gui.common.look import FOR_A_CLASS
from mnistviz.gui.common.theme import theme
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.lab.shown import RunFacts, RunMirror
from mnistviz.gui.window.figures import FigureLabel
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.message import Rank
from mnistviz.interruption import SIGNALS
from tests.examples import one_quick
from tests.gui.children import child, described_controls
from tests.gui.double_click import double_click
from tests.gui.live_run import live_run

Open = Callable[..., MainWindow]


def step_of(window: MainWindow) -> int:
    moment = window.lab.shown.moment
    return moment.step if moment else -1


def message_of(qtbot: QtBot, window: MainWindow) -> QtWidgets.QMessageBox:
    qtbot.waitUntil(lambda: any(box.isVisible() for box in window.findChildren(QtWidgets.QMessageBox)))
    return next(box for box in window.findChildren(QtWidgets.QMessageBox) if box.isVisible())


def settled(qtbot: QtBot, window: MainWindow, step: int) -> None:
    """Waits until the run rests at `step` and all digits are read."""

    def at_rest() -> bool:
        run = live_run(window.lab)
        measured = {(each.step, each.part) for name, each in run.evaluations.items() if name != "training"}
        return (step_of(window), run.playing, measured) == (step, False, {(step, 0)}) and not (
            window.frame.isActive()
        )

    qtbot.waitUntil(at_rest)


def learning(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.playing and step_of(window) > 20)


def resting(qtbot: QtBot, window: MainWindow) -> None:
    """Waits until the worker has said that it rests, and what it told last is drawn."""

    def at_rest() -> bool:
        run = window.lab.run
        return run is not None and run.has_obeyed and not run.playing and not window.frame.isActive()

    qtbot.waitUntil(at_rest)


def test_training_rests_while_pause_is_pressed_until_the_mouse_goes(qtbot: QtBot, window: MainWindow) -> None:
    button, training = window.transport.play_button, window.lab.training
    window.steering.toggle_play()
    learning(qtbot, window)

    def rests() -> bool:
        with qtbot.waitSignal(training.news, timeout=60, raising=False) as news:
            pass
        return not news.signal_triggered

    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    assert rests() or rests(), "one report may have been on its way"
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton, pos=button.rect().bottomRight() * 2)
    at = step_of(window)
    qtbot.waitUntil(lambda: window.lab.run.playing and step_of(window) > at)


def test_space_starts_and_pauses_anywhere_unless_one_types(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Space)
    learning(qtbot, window)
    assert window.transport.play_button.text() == "Pause"
    qtbot.keyClick(window, Qt.Key.Key_Space)
    resting(qtbot, window)
    at = step_of(window)
    with qtbot.assertNotEmitted(window.lab.training.news, wait=100):
        pass
    assert step_of(window) == at, "pause is silent"
    field = window.controls.eta.field
    for widget in (field, window.network.pad, window.transport.speed.slider):
        widget.setFocus()
        qtbot.keyClick(widget, Qt.Key.Key_Space)
        assert window.lab.run.playing
        qtbot.keyClick(widget, Qt.Key.Key_Space)
        resting(qtbot, window)
    at = step_of(window)
    field.setFocus()
    qtbot.keyClicks(field, "2 ")
    assert field.text().endswith("2 ")
    assert not window.lab.run.playing
    assert step_of(window) == at


def test_t_shows_a_test_digit_and_del_clears_it_unless_one_types(qtbot: QtBot, window: MainWindow) -> None:
    def fetched() -> bool:
        focus = QtWidgets.QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_T)
        there = window.network.pad.picture is not None
        window.network.pad.clear()
        return there

    assert fetched()
    for _ in ("start", "pause"):
        qtbot.mouseClick(window.transport.play_button, Qt.MouseButton.LeftButton)
    assert fetched()
    pad, field = window.network.pad, window.controls.eta.field
    for widget in (window.curves, window.transport.speed.slider):
        pad.test_digit_action.trigger()
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_Delete)
        assert pad.picture is None
        assert pad.hasFocus(), "there Ctrl+Z undoes it"
    pad.test_digit_action.trigger()
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    assert pad.picture is not None
    field.undo()


def test_start_before_the_digits_is_remembered(qtbot: QtBot, open_window: Open, small_digits: Digits) -> None:
    window = open_window()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.transport.play_button.text() == "Starting"
    window.lab.data.use(small_digits)
    learning(qtbot, window)


def test_one_mini_batch_is_one_and_one_epoch_ends_with_the_epoch(qtbot: QtBot, window: MainWindow) -> None:
    step_button = window.findChild(QtWidgets.QAbstractButton, "step_action_button")
    step_button.setFocus()
    qtbot.keyClick(step_button, Qt.Key.Key_Return)
    settled(qtbot, window, 1)
    assert window.windowTitle() == "784-30-10"
    window.transport.step_action.trigger()
    settled(qtbot, window, 2)
    window.transport.epoch_action.trigger()
    settled(qtbot, window, 101)
    assert window.transport.epoch.value.text() == "1.00"
    assert window.transport.accuracy.title.text() == "accuracy"
    window.lab.runs.branch()
    assert window.windowTitle() == "B · 784-30-10"
    window.lab.runs.close(window.lab.runs.open[0].number)
    assert window.windowTitle() == "784-30-10", "of the run, where there is no other"


def test_a_double_click_brings_the_default_back(window: MainWindow) -> None:
    eta = window.controls.eta
    eta.slider.setValue(0)
    assert eta.value() == 0.001
    double_click(eta.label)
    assert eta.value() == 3.0


def test_a_new_run_begins_fresh_and_keeps_curves_of_the_last(qtbot: QtBot, window: MainWindow) -> None:
    window.steering.new_run()
    assert not window.lab.runs.open[1:], "the one before had learned nothing"
    window.transport.epoch_action.trigger()
    settled(qtbot, window, 101)
    window.controls.apply({"sizes": (784, 5, 30, 10)})
    assert window.controls.foot.new_run_button.isVisible()
    window.controls.foot.new_run_button.click()
    qtbot.waitUntil(lambda: window.lab.shown.moment is not None)
    assert window.lab.shown.moment.network.sizes == (784, 5, 30, 10)
    assert step_of(window) == 0
    assert window.lab.run.history.costs.size == 0
    assert not window.controls.foot.words.waits
    before, _ = window.lab.runs.open
    assert before.history.costs.size == 101
    shown = [(drawn.selected, drawn.run.history.costs.size) for drawn in window.curves.axis.runs]
    assert shown == [(False, 101), (True, 0)]
    window.steering.new_run()
    assert [run.number for run in window.lab.runs.open[:-1]] == [before.number]
    window.controls.apply({"sizes": (784, 2000, 2000, 10)})
    window.steering.new_run()
    box = message_of(qtbot, window)
    assert "5,000,000" in box.informativeText()
    box.close()


def test_a_run_that_only_repeats_another_one_is_said_to(qtbot: QtBot, window: MainWindow) -> None:
    def said() -> str:
        return "" if window.line.message.said is None else window.line.message.said.text

    window.lab.runs.send(Step(3))
    settled(qtbot, window, 3)
    window.line.offer_undo("Closed: C.", "Closed", lambda: None)
    window.steering.new_run()
    assert said() == "Closed: C.", "what can be undone comes first"
    window.line.message.next_button.click()
    assert said() == "Run B has the settings and the seed of A, so it learns the very same."
    window.line.say(Rank.UNDO, ())
    window.controls.show_settings(window.controls.settings().changed(seed=2))
    window.steering.new_run()
    assert "the very same" not in said()


def test_drawn_digit_is_answered_before_and_while_network_learns_and_curves_and_figures_go_on(
    qtbot: QtBot, window: MainWindow
) -> None:
    pad = window.network.pad
    centre = pad.rect().center()
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=centre)
    for dy in range(0, 60, 5):
        qtbot.mouseMove(pad, centre + type(centre)(0, dy))
    qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=centre)
    qtbot.waitUntil(lambda: not window.frame.isActive())
    picture = window.network.picture
    qtbot.waitUntil(lambda: "only a guess" in picture.heard())
    outputs = set()

    def answered_anew() -> bool:
        assert window.lab.run.playing
        bars = picture.outputs.bars.path()
        outputs.add(tuple(bars.elementAt(place).x for place in range(bars.elementCount())))
        return len(outputs) > 2 and "a guess: not trained" not in picture.heard()

    window.steering.toggle_play()
    qtbot.waitUntil(answered_anew)
    transport, end = window.transport, window.curves.axis.window[1]
    figures = {figure.value.text() for figure in transport.figures}
    qtbot.waitUntil(
        lambda: (
            all(figure.value.text() not in (*figures, "–") for figure in transport.figures)
            and window.curves.axis.window[1] > end
        )
    )
    assert window.lab.run.playing
    assert transport.speed_value() is None


def test_slow_motion_shows_steps(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine: the clock goes on when the last mini-batch and its evaluation were seen."""
    now = 1_000.0
    monkeypatch.setattr("mnistviz.engine.run_scheduler.time", SimpleNamespace(monotonic=lambda: now))
    window.transport.set_rate(5.0)
    window.steering.toggle_play()
    cost, accuracy, epoch = (getattr(window.transport, name) for name in ("cost", "accuracy", "epoch"))
    plot, pictures = window.curves.findChild(QtWidgets.QWidget, "cost_plot"), []

    def measured(step: int) -> bool:
        evaluations = window.lab.run.evaluations.values()
        return f": {step}." in epoch.toolTip() and all(each.step == step for each in evaluations)

    for step in range(1, 4):
        qtbot.waitUntil(lambda step=step: measured(step))  # type: ignore[misc]
        assert step_of(window) == step
        assert cost.value.text() != "–"
        qtbot.waitUntil(lambda: accuracy.value.text() != "–" and "ago" not in accuracy.toolTip())
        picture = plot.grab().toImage()
        assert picture not in pictures
        pictures.append(picture)
        now += 1 / 5


def test_findings_stay_while_a_new_evaluation_is_half_done(qtbot: QtBot, window: MainWindow) -> None:
    core, network = window.lab._core, Network((784, 30, 10))
    mailbox = Mailbox(lambda: window.lab.training.news.emit(99))
    core.selected = RunMirror(RunFacts(99, Settings(), epoch=window.lab.run.epoch), mailbox)
    core.runs.open[:] = [core.selected]  # a run that is told by the test alone
    every = np.arange(300, dtype=np.uint8) % 10

    sets: tuple[SetName, ...] = ("training", "validation", "test")

    def tell(step: int, *silent: SetName, measured: int | None = None) -> None:
        """Tells of sets in which no 8 is read, and of others."""
        evaluations: dict[SetName, Evaluation] = {}
        for name in sets:
            predictions = np.where(every == 8, 3, every).astype(np.uint8) if name in silent else every
            at = 200 if measured and name in silent else step
            evaluations[name] = Evaluation(name, at, 10 * at, predictions, 270)
        mailbox.put(Update(Moment(99, step, 10 * step, network, Settings(), network), History(), evaluations))
        qtbot.waitUntil(lambda: step_of(window) == step and not window.frame.isActive())

    tell(200, *sets)
    message = window.line.message
    qtbot.waitUntil(lambda: message.said is not None)
    assert message.text.text().startswith("Output 8 hardly ever fires")
    found = message.said
    tell(300, "training", "test", measured=200)
    qtbot.waitUntil(lambda: not child(window.line, QTimer, "words_stay").isActive())
    assert message.said is found
    tell(300)
    qtbot.waitUntil(lambda: message.said is None)


def test_after_a_fault_the_button_says_what_space_does(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the run told last, before the fault, comes after the news of the fault."""
    step = Trainer.step

    def faulty(trainer: Trainer) -> float:
        if trainer.step_number == 300:
            raise MemoryError
        return step(trainer)

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "step", faulty)
        qtbot.keyClick(window, Qt.Key.Key_Space)
        box = message_of(qtbot, window)
        assert "new run" in box.informativeText()
        assert "MemoryError" in box.detailedText()
        box.close()
    run, transport = window.lab._core.selected, window.transport
    assert run.facts.moment is not None
    run._mailbox.put(Update(run.facts.moment, History(), playing=True, obeyed=run._sent))
    qtbot.waitUntil(lambda: run._mailbox.empty and not window.frame.isActive())
    assert not run.facts.playing
    assert transport.play_button.text() == transport.play_button.accessibleName() == "New run"
    stays = "This run cannot continue: press Space to begin a new one."
    qtbot.waitUntil(lambda: (said := window.line.message.said) is not None and said.text == stays)
    assert window.line.status.text().startswith("Stopped")
    assert not transport.step_action.isEnabled()
    window.controls.apply({"sizes": (784, 7, 10)})
    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    settled(qtbot, window, 0)
    assert window.lab.run.settings.sizes == (784, 7, 10)
    assert transport.play_button.text() == "Start"
    qtbot.keyClick(window, Qt.Key.Key_Space)
    learning(qtbot, window)


def test_a_file_that_can_not_be_opened_is_refused_in_words_and_nothing_is_lost(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.transport.step_action.trigger()
    settled(qtbot, window, 1)
    save_network(Network((784, 3)), tmp_path / "three.npz", {})
    for name, told in (
        ("bad.npz", "bad.npz"),
        ("bad.mnistviz", "bad.mnistviz"),
        ("three.npz", "does not fit"),
    ):
        if name.startswith("bad"):
            (tmp_path / name).write_bytes(b"PK nonsense")
        window.documents.open(tmp_path / name)
        box = message_of(qtbot, window)
        assert told in box.text() + box.informativeText()
        box.close()
        box.deleteLater()
        qtbot.waitUntil(lambda: window.findChild(QtWidgets.QMessageBox) is None)
        assert step_of(window) == 1


# Qt 6.12 wants places with fractions here, 6.11 without
@pytest.mark.filterwarnings("ignore:.*QDragEnterEvent.*:DeprecationWarning")
def test_a_file_can_be_dropped_on_curves_and_units_too(window: MainWindow, tmp_path: Path) -> None:
    data, elsewhere = QMimeData(), QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "some.npz"))])
    elsewhere.setUrls([QUrl("https://example.org/some.npz")])
    places = [window.controls.eta.field, window.network.pad]
    views = window.findChildren(QtWidgets.QAbstractScrollArea)
    places += [view.viewport() for view in views if view.window() is window]
    assert window.network.picture.viewport() in places
    for what, taken in ((data, True), (elsewhere, False)):
        for place in places:
            event = QDragEnterEvent(
                QPoint(5, 5),
                Qt.DropAction.CopyAction,
                what,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
            QtWidgets.QApplication.sendEvent(place, event)
            assert event.isAccepted() == taken, place


def test_scene_is_found_again_at_next_start(open_window: Open, small_digits: Digits) -> None:
    first = open_window(small_digits)
    first.look.choose("dark")
    first.transport.set_rate(5.0)
    settings = Settings(
        sizes=(784, 16, 12, 10), activation="relu", output="softmax", cost="cross_entropy", initial_weights="he",
        eta=0.25, training_digits=500, momentum=0.9, schedule="cosine", rotation=5.0, stop="epochs", stop_epochs=7,
    )  # fmt: skip
    first.controls.show_settings(settings)
    first.controls.list.more.click()
    first.curves.log_cost_action.trigger()
    first.network.select(1, 5)
    first.network.selection.choose_output(3)
    first.lab.chosen.choose("curves", view="table")
    first.action_book["show_controls"].setChecked(False)
    first.action_book["hide_results"].trigger()
    first.close()
    second = open_window(small_digits)
    assert theme().dark
    assert second.lab.chosen.now.curves.view == "table"
    assert second.transport.speed_value() == 5.0
    assert second.controls.settings() == live_run(second.lab).settings == settings
    assert second.controls.list.more.isChecked()
    assert second.curves.log_cost_action.isChecked()
    assert second.controls.isHidden()
    assert second.network.selection.chosen_unit == (1, 5)
    assert second.network.selection.chosen_output == 3
    assert not any(entry.reaches for entry in second.recipes.entries()), "the results stay hidden"
    second.look.choose("system")


@pytest.mark.long
def test_window_and_panels_are_as_large_as_they_were(open_window: Open, small_digits: Digits) -> None:
    first = open_window(small_digits)
    first.resize(1300, 850)
    handle = first.arrangement.halves.handle(1)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton)
    QTest.mouseMove(handle, handle.rect().center() - QPoint(0, 60))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton)
    sizes = first.arrangement.halves.sizes()
    assert 0.45 < sizes[0] / sum(sizes) < 0.56
    first.resize(1300, 500)  # in which there is room for one of them
    first.resize(1300, 850)
    assert first.arrangement.halves.sizes() == sizes
    first.close()
    second = open_window(small_digits)
    assert second.size() == QSize(1300, 850)
    assert second.arrangement.halves.sizes() == sizes


def test_all_is_in_reach_on_small_screens_and_has_its_names(qtbot: QtBot, window: MainWindow) -> None:
    def all_is_reached() -> None:
        assert len(reach_all(window)) > 40

    window.controls.list.more.setChecked(True)
    for size in ((1366, 768), (1024, 640)):
        window.resize(*size)
        window.action_book["show_controls"].setChecked(True)
        qtbot.waitUntil(all_is_reached)  # once all of it has its place
        assert (window.width(), window.height()) == size
    window.open_unit(1, 3)
    assert len(described_controls(window.arrangement)) > 20


def reach_all(window: MainWindow) -> list[QtWidgets.QWidget]:
    """Scrolls to each control that is seen. Fails for one that is not whole then."""
    columns = [
        (column, column.widget())
        for column in (window.arrangement, window.controls.area, *window.findChildren(ScrolledColumn))
    ]
    kinds = (
        QtWidgets.QAbstractButton,
        QtWidgets.QAbstractSlider,
        QtWidgets.QLineEdit,
        QtWidgets.QComboBox,
        FigureLabel,
    )
    reached = [
        widget
        for kind in kinds
        for widget in window.findChildren(kind)
        if widget.isVisible() and widget.window() is window and not isinstance(widget, QtWidgets.QScrollBar)
    ]
    views = [view for view in (window.network.picture, *window.curves.findChildren(Plot)) if view.isVisible()]
    for widget in (*reached, window.network.pad, *(view.viewport() for view in views)):
        for column, inside in columns:
            if inside is not None and inside.isAncestorOf(widget):
                place = widget.mapTo(inside, QPoint(0, 0))
                column.horizontalScrollBar().setValue(place.x())
                column.verticalScrollBar().setValue(place.y())
        seen = widget.visibleRegion().boundingRect()
        assert seen == widget.rect(), f"{widget.objectName()}: {seen} of {widget.rect()}"
    return reached


def test_painting_leaves_the_count_of_none_alone(window: MainWindow) -> None:
    """The fault of one release of the Qt bindings, which ends the program when None runs out."""
    legend, painted = window.network.foot.legend, []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            painted.append(event.type() == QEvent.Type.Paint)
            return False

    watch = Watch()
    legend.setGeometry(0, 0, 200, 20)  # it is hidden before the first step
    legend.show()
    legend.installEventFilter(watch)
    before = sys.getrefcount(None)
    for _ in range(250):
        legend.repaint()
    assert abs(sys.getrefcount(None) - before) < 50
    assert sum(painted) == 250


@one_quick("number", [number for number in SIGNALS if number != signal.SIGINT])
def test_a_polite_kill_closes_the_window_and_what_was_learned_until_then_is_kept(
    qtbot: QtBot, own_window: MainWindow, stage_path: Path, number: signal.Signals
) -> None:
    before = {n: signal.getsignal(n) for n in SIGNALS}
    quit_on_signals(own_window)
    own_window.steering.toggle_play()
    learning(qtbot, own_window)
    try:
        gc.collect()
        waking = signal.set_wakeup_fd(-1)
        assert stat.S_ISSOCK(os.fstat(waking).st_mode)  # still open: Qt sleeps until a byte comes through it
        signal.set_wakeup_fd(waking)
        signal.raise_signal(number)
        qtbot.waitUntil(lambda: not own_window.isVisible())
    finally:
        signal.set_wakeup_fd(-1)
        for n, handler in before.items():
            signal.signal(n, handler)
    own_window.frame.ask()  # as a change may that is told on the way out
    assert own_window.lab.training.isFinished()
    (kept,) = stage_path.with_name("sessions").glob("*/run-1.mnistviz")
    state = load_experiment(kept).runs[0].content.state
    assert state.step > 20
    assert state.step >= own_window.lab.run.moment.step, "what was learned after the last frame, too"


def test_news_that_asks_for_a_frame_wakes_once(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    frame, facts = window.frame, window.lab.runs.open[0]
    takes = iter([[], None, [facts]])

    def take() -> list[RunFacts]:
        if (news := next(takes, [])) is None:  # as where a run begins amid the news
            frame.ask()
            return [facts]
        return news

    monkeypatch.setattr(window.lab, "take", take)
    frame.wake()
    assert frame.isActive()


def test_before_a_class_all_text_is_larger(window: MainWindow) -> None:
    labels = (window.transport.play_button, window.line.status, window.transport.cost.value, window.curves)
    before = [label.fontInfo().pixelSize() for label in labels]
    window.action_book["classroom"].trigger()
    assert window.isFullScreen()
    for label, usual in zip(labels, before, strict=True):
        assert label.fontInfo().pixelSize() == pytest.approx(FOR_A_CLASS / 100 * usual, abs=1)
    window.action_book["classroom"].trigger()
    assert not window.isFullScreen()
    assert [label.fontInfo().pixelSize() for label in labels] == before


def test_the_status_names_the_data_set_its_tooltip_the_digits(qtbot: QtBot, window: MainWindow) -> None:
    status, digits = window.line.status, window.lab.digits
    assert digits is not None
    assert status.text() == digits.name
    assert "1,003 training, 300 validation, 300 test digits" in status.accessibleDescription()
    for until in (learning, resting):
        window.steering.toggle_play()
        until(qtbot, window)
        assert status.text() == digits.name
    window.controls.apply({"training_digits": 100})
    window.steering.new_run()
    assert "100 of 1,003 training, 300 validation" in status.accessibleDescription()


def test_a_broken_data_set_is_told_with_a_way_out(qtbot: QtBot, open_window: Open, tmp_path: Path) -> None:
    window = open_window(data=tmp_path)
    window.steering.toggle_play()
    assert window.transport.play_button.text() == "Starting"
    window.data_sets.load()
    box = message_of(qtbot, window)
    assert window.transport.play_button.text() == "Start"
    window.steering.toggle_play()
    assert window.transport.play_button.text() == "Start"
    assert "There are no pictures in" in box.informativeText()
    next(button for button in box.buttons() if "bundled" in button.text()).click()
    qtbot.waitUntil(lambda: window.lab.digits is not None, timeout=10_000)
    assert len(window.lab.digits.training) == 50_000
    assert not window.lab.run.playing


def test_old_faults_are_logged(qtbot: QtBot, window: MainWindow, caplog: pytest.LogCaptureFixture) -> None:
    run = live_run(window.lab)
    window.steering.new_run()
    window.lab.training.failed.emit(run.number, "MemoryError: late")
    qtbot.waitUntil(lambda: "MemoryError: late" in caplog.text)
    assert not window.findChildren(QtWidgets.QMessageBox)
    window.transport.step_action.trigger()
    settled(qtbot, window, 1)


def test_other_digits_go_on_being_learned_and_where_no_run_can_begin_nothing_is_left_of_the_run_before(
    qtbot: QtBot, window: MainWindow, small_digits: Digits, random_digits: Digits
) -> None:
    """The settings at the left ask for too many weights as other digits arrive: it is said, and Space begins a run
    once they will do."""
    window.steering.toggle_play()
    learning(qtbot, window)
    window.lab.data.use(random_digits)
    assert len(window.lab.runs.open) == 1
    learning(qtbot, window)
    assert window.transport.play_button.text() == "Pause"
    assert "23 training" in window.line.status.accessibleDescription()
    window.open_unit(1, 8)
    window.controls.show_settings(replace(Settings(), sizes=(784, 2_000, 2_000, 2_000, 10)))
    window.lab.data.use(small_digits)
    (box,) = window.findChildren(QtWidgets.QMessageBox)
    box.close()
    assert window.lab.run is None
    assert ": 0." in window.transport.epoch.toolTip()
    assert window.unit_detail._moment is None
    assert "1,003 training" in window.line.status.accessibleDescription()
    window.controls.show_settings(Settings())
    window.unit_detail.close()
    if window.lab.time.play_when_ready:  # it learned before, and so it was remembered
        window.steering.toggle_play()
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: step_of(window) > 0)
    window.steering.toggle_play()
    resting(qtbot, window)


def learn(qtbot: QtBot, window: MainWindow, command: FinishEpoch | Step) -> None:
    """Obeys a command and comes to rest, with all digits read."""
    before = live_run(window.lab).step
    window.lab.runs.send(command)
    qtbot.waitUntil(lambda: live_run(window.lab).step > before and not live_run(window.lab).playing)
    settled(qtbot, window, live_run(window.lab).step)


def open_file(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    with qtbot.waitSignal(window.documents.opened):
        window.documents.open(path)
    settled(qtbot, window, 0)


def save(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    with qtbot.waitSignal(window.documents.saved):
        window.documents.save(window.lab.shown, path)


def test_it_says_what_its_file_says_and_counts_on_and_what_that_does_not_say_is_unknown(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    bar, reading = window.transport, window.network.head.layer_note
    for _ in range(2):
        learn(qtbot, window, FinishEpoch())
    saved_at, trained = bar.accuracy.value.text(), window.lab.shown.moment.network
    save(qtbot, window, tmp_path / "two.npz")
    open_file(qtbot, window, tmp_path / "two.npz")
    np.testing.assert_array_equal(window.lab.shown.moment.network.weights[0], trained.weights[0])
    assert "two.npz" in window.windowTitle()
    assert window.documents.recent == [str(tmp_path / "two.npz")]
    assert bar.accuracy.value.text() == saved_at
    assert bar.accuracy.title.text() == "accuracy"
    assert bar.epoch.title.text() != "epoch"
    assert bar.epoch.value.text() == "0.00"
    assert "its file says 2.00 epochs" in bar.epoch.toolTip().replace("\n", " ")
    qtbot.waitUntil(lambda: "from a file" in reading.text())
    assert "nothing learned yet" not in reading.text().lower()
    assert all("a guess" not in reason for reason in window.network.picture.outputs.words.reasons)
    learn(qtbot, window, FinishEpoch())
    assert bar.epoch.value.text() == "1.00"
    qtbot.waitUntil(lambda: reading.text() == "30 units")
    save(qtbot, window, tmp_path / "three.npz")
    two, three = (load_network(tmp_path / name)[1]["about"] for name in ("two.npz", "three.npz"))
    assert live_run(window.lab).origin == Origin(2.0, Origin.of(two).mini_batches)
    assert Origin.of(three).epochs == 3.0
    save_network(Network((784, 12, 10), seed=3), tmp_path / "plain.npz", {})
    open_file(qtbot, window, tmp_path / "plain.npz")
    assert "its file does not say" in window.transport.epoch.toolTip().replace("\n", " ")
    learn(qtbot, window, Step(3))
    save(qtbot, window, tmp_path / "more.npz")
    origin = Origin.of(load_network(tmp_path / "more.npz")[1]["about"])
    assert origin == Origin(None, None), "what was before stays unknown"
    assert origin.learned


@pytest.mark.parametrize(
    "about",
    [
        {"step": -1, "digits": "many", "epoch": 0},
        {"step": True, "digits": 1e99, "epoch": None},
        {"step": 2**60, "digits": 5, "epoch": 0},
        {"before": "long"},
        {"before": {"epochs": 10**400, "mini_batches": 10**400}},
        {"before": {"epochs": float("nan"), "mini_batches": 0.5}},
    ],
)
def test_what_makes_no_sense_in_a_file_is_unknown(about: dict[str, object]) -> None:
    assert Origin.of(about) == Origin(None, None)
