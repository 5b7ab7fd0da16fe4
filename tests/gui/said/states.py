"""The states of a window whose arrangement is on record, on a few digits, with networks that hardly learned."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QApplication, QWidget

from mnistviz.engine.digits import Digits, load_digits
from mnistviz.engine.mistakes.pins import Pin
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.ideas.pages import IDS
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import (
    FEWEST_PIXELS,
    LAYERS,
    LESSON,
    MINIBATCH,
    PINS,
    VIEWS,
    ViewPlace,
    entries_of,
)
from tests.conftest import few
from tests.gui.children import child
from tests.gui.deleting import delete
from tests.gui.frames import draw_all, end_pauses, is_settled, run_to, wait
from tests.gui.later_start import later_start

State = tuple[str, QWidget]
SIZES: Final = ((1366, 768), (1024, 640))
COUNT: Final = 600  # digits of each set
TIMED: Final = ("epoch",)  # shows how long something takes


def states(folder: Path) -> Iterator[State]:
    """Yield names of states of a window, each with what is looked at. Its files are kept in a folder."""
    window = MainWindow(later_start(folder / "own" / "stage.json"))
    looks: tuple[Callable[[MainWindow], Iterator[State]], ...] = (
        _sizes, _trained, _mixture, _tabs, _deep, _own_windows, _past, _row, _ideas,
    )  # fmt: skip
    try:
        for entry in VIEWS:
            window.views.build(entry.id)
        window.resize(*SIZES[0])
        window.show()
        whole = load_digits()
        parts = [few(each, COUNT) for each in (whole.training, whole.validation, whole.test)]
        window.lab.data.use(Digits("few", parts[0], parts[1], parts[2], whole.classes, "few"))
        wait(lambda: any(run.evaluations for run in window.lab.runs.open))
        for look in looks:
            for name, widget in look(window):
                _settle(window)
                yield name, widget
    finally:
        window.close()
        window.close()
        delete(window)


def _sizes(window: MainWindow) -> Iterator[State]:
    for size in SIZES:
        window.resize(*size)
        yield f"lab_{size[0]}", window


def _trained(window: MainWindow) -> Iterator[State]:
    """Two runs, and a test digit on the pad."""
    window.resize(*SIZES[0])
    _learn(window, 60)
    _begin(window, eta=0.5)
    _learn(window, 90)
    window.network.pad.show_digit("test", 3)
    yield "trained", window


def _learn(window: MainWindow, step: int) -> None:
    """Let a run learn; then come back to it from the first one, as the scales of colours follow a run slowly."""
    _measure(window)
    run_to(window, step)
    _measure(window)
    for number in (window.lab.runs.open[0].number, window.lab.run.number):
        window.lab.runs.select(number)
        _settle(window)


def _begin(window: MainWindow, **settings: object) -> None:
    lab, before = window.lab, window.lab.run
    window.controls.apply(settings)
    window.steering.new_run()
    wait(lambda: lab.run is not before and lab.run is not None and lab.run.ready)


def _deep(window: MainWindow) -> Iterator[State]:
    """A network with two hidden layers, and a unit of it that is chosen."""
    _begin(window, sizes=(784, 12, 5, 10))
    _learn(window, 90)
    window.network.select(1, 2)
    yield "deep", window.network


def _mixture(window: MainWindow) -> Iterator[State]:
    """Two runs mixed, after the prediction."""
    mixing = window.mistakes.mixing
    window.lab.chosen.choose("window", tab="mistakes")
    window.mistakes.compare_with(AgainstPart("run", window.lab.runs.open[0].letter))
    _settle(window)
    wait(mixing.action.isEnabled)
    mixing.action.trigger()
    wait(lambda: mixing._curve is not None)
    mixing.card.buttons["valley"].click()
    wait(lambda: window.lab.shown.preview is not None)
    yield "mixture", window.mistakes
    mixing.close()


def _tabs(window: MainWindow) -> Iterator[State]:
    """Each tab with what is compared, pinned or chosen in it."""
    lab, batch, pins, mistakes = window.lab, window.views[MINIBATCH], window.views[PINS], window.mistakes
    mistakes.gallery.walk(1)
    window.views[LAYERS].beside.choose(lab.runs.open[0].letter)
    for entry in entries_of(ViewPlace.LOWER):
        lab.chosen.choose("window", tab=entry.id)
        if entry is MINIBATCH:
            wait(batch.tiles.isVisible)
            batch.stages.actions["error"].trigger()
        yield f"tab_{entry.id}", window.views.widget(entry.id)
    for name in ("what_next", "tab_compare"):
        window.action_book[name].trigger()
        yield name, window.views.widget("curves")
    for number in (0, 1):
        image, label = lab.digits.test.images[number], int(lab.digits.test.labels[number])
        pins.pinned.pin(Pin(image.tobytes(), label, lab.digits.checksum, "test", number))
    window.action_book["tab_pins"].trigger()
    wait(lambda: all(row.along is not None for row in pins.curves.content.rows))
    yield "pins", pins


def _own_windows(window: MainWindow) -> Iterator[State]:
    """A unit that is switched off, a lesson, and the fewest pixels."""
    hand, lesson = child(window, HandWork), window.views[LESSON]
    window.open_unit(1, 2)
    hand.switch_off.trigger()
    wait(lambda: hand.effect is not None)
    yield "own_unit_detail", window.views.widget("unit_detail")
    window.action_book["teach_drawing"].trigger()
    lesson.choices.button(3).click()
    lesson.teach.click()
    wait(lambda: hand.taught is not None and hand.effect is not None)
    yield "own_lesson", lesson
    lesson.close()
    hand.put_back.trigger()
    window.unit_detail.close()
    window.action_book["fewest_pixels"].trigger()
    wait(lambda: window.views[FEWEST_PIXELS].found is not None)
    yield "own_fewest_pixels", window.views.widget("fewest_pixels")
    window.views[FEWEST_PIXELS].close()


def _past(window: MainWindow) -> Iterator[State]:
    """A moment of the past, with a plan, in the dark, with larger text."""
    window.lab.playhead.visit(50)
    wait(lambda: window.lab.playhead.exact and bool(window.lab.shown.health.layers))
    window.controls.apply({"eta": 0.7, "momentum": 0.5, "seed": 3})
    window.look.choose("dark")
    window.look.set_text(125)
    yield "past", window
    window.look.set_text(100)
    window.look.choose("light")
    window.lab.playhead.live_again()
    window.controls.revert()


def _row(window: MainWindow) -> Iterator[State]:
    """Test digits in a row on the wide pad."""
    row = window.network.row
    row.actions.wide.setChecked(True)
    window.network.pad.rng.seed(1)
    window.network.pad.show_test_digit()
    row.actions.candidates.setChecked(True)
    yield "row", window.network
    row.actions.wide.setChecked(False)


def _ideas(window: MainWindow) -> Iterator[State]:
    """Each page as it opens, and each of its scenes with the outcome."""
    window.lab.chosen.choose("window", workspace="ideas")
    for id in IDS:
        window.ideas.open(id)
        page = window.ideas.pages[id]
        yield f"idea_{id}", page
        for scene in (each for each in page.scenes if each not in TIMED):
            if page.choice is not None and scene in page.choice.buttons:
                page.choice.buttons[scene].click()
            else:
                page.open_scene(scene)
            page.show_me()
            wait(lambda: page.long_work is None or not page.long_work.is_working)  # noqa: B023
            yield f"idea_{id}_{scene}", page


def _measure(window: MainWindow) -> None:
    """Wait for what runs read, else it depends on the time that it takes how much they read before they learn on."""
    wait(
        lambda: all(
            run.evaluations
            and all(each.complete and each.step == run.step for each in run.evaluations.values())
            for run in window.lab.runs.open
        )
    )


def _settle(window: MainWindow) -> None:
    """Wait until nothing is worked out, drawn or laid out any more."""
    workers = window.findChildren(Jobs)
    _measure(window)
    for _ in range(3):
        QApplication.processEvents()
        draw_all(window)
        end_pauses(window, 300)  # at each of which something is asked for
        wait(lambda: not any(jobs.is_busy() for jobs in workers))
        wait(lambda: is_settled(window.network))
