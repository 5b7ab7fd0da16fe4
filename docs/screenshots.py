"""Takes the pictures in `docs/images` from a run that really happens: `make screenshots`.

A picture that looks as the one that is there is not written, so that the repository grows only by what has changed.
Runs rest whenever a picture is taken, at a mini-batch that is the same each time.
Needs no screen; with QT_QPA_PLATFORM=xcb one can watch.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image, ImageChops, ImageQt, ImageSequence
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from mnistviz.engine.threads import one_blas_thread
from mnistviz.gui.app import prepare
from mnistviz.gui.ideas.pages import PAGES
from mnistviz.gui.mistakes.mistakes_view import Mistakes
from mnistviz.gui.mistakes.read_digits import MatrixChoice
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import SceneFile, WindowScene
from mnistviz.gui.window.views import FEWEST_PIXELS, FUTURES, LAYERS, LESSON, MINIBATCH

SIZE = (1440, 900)
WINDOWS = (("light", (1366, 768)), ("light", SIZE), ("dark", SIZE))
BRANCHES_AT, NEW_ETA = 3.0, "0.5"  # epochs; as it is typed
TAKEN_AT = 8  # epochs
OVERFITS = 50  # epochs of the recipe that learns its digits by heart
VANISHES = 1  # epochs of the recipe whose first layer learns slowly
UNIT = (1, 8)  # layer and unit, counted from 0, for the window of one unit
DEEP = ((784, 30, 30, 30, 10), 3)  # a network with three hidden layers, after so many epochs
CONFUSED = (9, 4)  # a 9 that was read as a 4
LUCK = (("3.0", "0.5"), 3, 8)  # two values of η, epochs, other seeds of each
AHEAD = 2.0  # epochs: from where one looks ahead, and near which the costliest mini-batch is sought
SATURATED = 3  # the place of a digit in its mini-batch whose output is wrong and saturated
FOOLED = 4  # the number of the test digit of which a few pixels are changed
FALL = (2, 3)  # epochs: where a large η spoils a run, and where the pictures of it are taken
PATIENCE = 120.0  # seconds
SETTLING = 0.6  # seconds, until every figure is of the new size and look
FILM_SIZE = (800, 450)
BLOCK, OFF, FEW = 8, 16, 3  # alike: in at most FEW blocks of so many pixels the means are so far OFF
PALETTE_OFF = 16  # how far off, of 255, a picture of 256 colours may be in its worst pixel


def main() -> int:
    """Takes all pictures, into the folder that was named or into `docs/images`."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("images")
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    prepare(app)
    with one_blas_thread():
        for take in (take_pictures, take_luck):
            with TemporaryDirectory() as kept:  # not the user's own arrangement, and nothing left of it
                window = open_window(Path(kept))
                try:
                    take(window, folder)
                finally:
                    window.close()
    return 0


def open_window(kept: Path) -> MainWindow:
    """A window with its first run, which rests."""
    scene = SceneFile(kept / "stage.json")
    scene.save(WindowScene())  # as after a start
    window = MainWindow(scene)
    window.look.choose("light")
    window.resize(*SIZE)
    window.show()
    window.data_sets.load()
    wait_until(lambda: window.lab.run is not None and window.lab.run.moment is not None)
    return window


def take_pictures(window: MainWindow, folder: Path) -> None:
    """Trains with the default settings, draws a digit, branches where η is lowered, and takes the pictures."""
    draw(window.network.pad, four())
    learn_to(window, TAKEN_AT)
    take_film(window, folder.parent / "film.webp")
    branch(window, folder)
    for look, (width, height) in WINDOWS:
        window.look.choose(look)
        window.resize(width, height)
        settle(window)
        save(window, folder / f"window-{look}-{width}x{height}.png")
    window.resize(*SIZE)
    window.look.choose("light")
    window.unit_detail.wants_dock = False  # a window has room for more
    window.open_unit(*UNIT)
    wait_until(lambda: bool(window.unit_detail.ranked.least.shown))
    settle(window)
    save(window.unit_detail, folder / "unit-light.png")
    window.unit_detail.close()
    window.unit_detail.wants_dock = True
    take_mistakes(window, folder)
    take_minibatch(window, folder)
    take_by_hand(window, folder)
    take_deep(window, folder)
    take_row(window, folder)
    take_ideas(window, folder)
    start_recipe(window, "overfit", OVERFITS)
    save(window, folder / "recipe-overfit.png")
    take_layers(window, folder)
    take_fall(window, folder)


def take_film(window: MainWindow, path: Path) -> None:
    """The film of what the run has learned so far, unless there is one: smaller, and with every other frame."""
    if path.exists():
        return
    window.exports.write_film(path)
    wait_until(path.exists)
    dismiss(window)  # it names this folder
    with Image.open(path) as film:
        shot = [
            (frame.resize(FILM_SIZE, Image.Resampling.LANCZOS), 2 * frame.info["duration"])
            for number, frame in enumerate(ImageSequence.Iterator(film))
            if number % 2 == 0
        ]
    frames, durations = zip(*shot, strict=True)
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=durations, loop=0, quality=60, method=4
    )


def branch(window: MainWindow, folder: Path) -> None:
    """Goes back, plans another η there, which has a picture, and lets the branch catch up."""
    lab = window.lab
    type_into(window, "place_field", f"epoch {BRANCHES_AT:g}")
    wait_until(lambda: lab.shown.moment is not None and lab.shown.moment.kind == "exact")
    type_into(window, "eta_field", NEW_ETA)
    wait_for(2 * SETTLING)
    save(window, folder / "time-light.png")
    begin_branch(window, TAKEN_AT)
    dismiss(window)  # what the change of η brought: over how many digits depends on when the program looked


def begin_branch(window: MainWindow, end: int) -> None:
    """Branches here, and lets the branch catch up while its parent rests."""
    lab = window.lab
    parent = lab.run
    assert parent is not None
    window.action_book["branch"].trigger()
    wait_until(lambda: lab.run is not parent)
    lab.time.switch(parent.number, False)
    learn_to(window, end)
    lab.time.switch(parent.number, True)


def take_fall(window: MainWindow, folder: Path) -> None:
    """A run that a large η spoils, beside a branch without the change: as curves, and as a table."""
    lab = window.lab
    window.steering.default_settings()
    begin_run(window)
    for run in lab.runs.open:
        if run is not lab.run:
            lab.runs.close(run.number)
    changed, end = FALL
    learn_to(window, changed)
    window.action_book["step"].trigger()  # so that the moment that one goes back to is before the change
    wait_until(lambda: epochs(window) > changed and not lab.time.learning)
    type_into(window, "eta_field", "100")
    parent = lab.run
    learn_to(window, end)
    type_into(window, "place_field", f"epoch {changed:g}")
    wait_until(lambda: lab.shown.moment is not None and lab.shown.moment.kind == "exact")
    begin_branch(window, end)
    assert parent is not None
    lab.runs.select(parent.number)
    wait_until(lambda: not lab.jobs.is_busy())
    for view in ("curves", "compare"):
        window.action_book[f"tab_{view}"].trigger()
        wait_for(2 * SETTLING)
        save(window.arrangement.tabs, folder / f"{view}-light.png")
    window.action_book["tab_curves"].trigger()


def take_luck(window: MainWindow, folder: Path) -> None:
    """Two values of η from the start, each with other seeds, as curves and as a table; what would come next in the
    first of them; the fewest pixels of a test digit; and a belief."""
    lab = window.lab
    (first, second), length, seeds = LUCK
    for eta in (first, second):
        if lab.run is not None and lab.run.step:
            begin_run(window)
        type_into(window, "eta_field", eta)
        learn_to(window, length)
    for run in lab.runs.open:
        lab.luck.repeat(run, seeds)
    wait_until(lambda: lab.luck.work is None)
    for view in ("compare", "curves"):
        window.action_book[f"tab_{view}"].trigger()
        wait_for(2 * SETTLING)
        save(window.arrangement.tabs, folder / f"luck-{view}-light.png")
    lab.runs.select(lab.runs.open[0].number)
    type_into(window, "place_field", f"epoch {AHEAD:g}")
    wait_until(lambda: lab.shown.moment is not None and lab.shown.moment.kind == "exact")
    window.action_book["what_next"].trigger()
    futures = window.views[FUTURES]
    wait_until(lambda: futures.forecast is not None)
    futures.point(float(second))
    wait_for(2 * SETTLING)
    save(window.arrangement.tabs, folder / "futures-light.png")
    window.action_book["what_next"].trigger()
    window.action_book["live"].trigger()
    window.network.pad.show_digit("test", FOOLED)
    window.action_book["fewest_pixels"].trigger()
    fewest = window.views[FEWEST_PIXELS]
    wait_until(lambda: fewest.found is not None)
    wait_for(SETTLING)
    save(fewest, folder / "fewest-light.png")
    fewest.close()
    earlier = [run.number for run in lab.runs.open]
    window.experiments.try_belief("order", 1)
    wait_until(lambda: len(lab.runs.open) > len(earlier) and lab.run is not None and lab.run.ready)
    for number in earlier:
        lab.runs.close(number)
    wait_until(lambda: not lab.jobs.is_busy())
    wait_for(2 * SETTLING)
    save(window.arrangement.tabs, folder / "belief-light.png")


def take_mistakes(window: MainWindow, folder: Path) -> None:
    """The surest of the 9s that were read as 4s."""
    drawn = window.network.pad.record()
    window.network.selection.let_go()
    window.arrangement.tabs.open("mistakes")
    mistakes = window.arrangement.findChild(Mistakes)
    assert isinstance(mistakes, Mistakes)
    wait_until(mistakes.gallery.isVisible)
    mistakes.choose(MatrixChoice(*CONFUSED))
    QTest.keyClick(mistakes.gallery, Qt.Key.Key_Right)
    wait_for(2 * SETTLING)  # the nearest digits are there then
    save(window, folder / "mistakes-light.png")
    window.arrangement.tabs.open("curves")
    window.network.pad.take_record(drawn)


def take_minibatch(window: MainWindow, folder: Path) -> None:
    """The error of a digit of the first epoch that is misread and has a short gradient; and what each digit of a costly
    mini-batch did."""
    window.network.selection.let_go()
    type_into(window, "place_field", "300")
    window.arrangement.tabs.open("minibatch")
    view = window.views[MINIBATCH]
    wait_until(lambda: window.lab.shown.here == 300 and view.tiles.isVisible())
    wait_for(2 * SETTLING)
    view.tiles.choose(SATURATED)
    view.stages.actions["error"].trigger()
    wait_for(SETTLING)
    card = window.network.parentWidget()  # with the tabs below it
    assert card is not None
    save(card, folder / "minibatch-error-light.png")
    window.lab.chosen.choose("minibatch", stage="off")
    type_into(window, "place_field", f"epoch {AHEAD:g}")
    wait_until(lambda: window.lab.shown.moment is not None and window.lab.shown.moment.kind == "exact")
    wait_for(SETTLING)
    wait_until(view.costliest_action.isEnabled)
    view.costliest_action.trigger()
    wait_for(3 * SETTLING)
    press(view, "Digit with most effect")
    wait_until(lambda: not window.lab.jobs.is_busy())
    wait_for(2 * SETTLING)
    save(window.arrangement.tabs, folder / "minibatch-jump-light.png")
    window.arrangement.tabs.open("curves")
    window.action_book["live"].trigger()


def take_by_hand(window: MainWindow, folder: Path) -> None:
    """A unit that is switched off on a copy, and another misread digit that is taught."""
    wait_until(lambda: window.lab.shown.live)
    hand, lesson = window.unit_detail.hand, window.views[LESSON]
    assert hand is not None
    window.open_unit(*UNIT)
    hand.switch_off.trigger()
    wait_until(lambda: hand.effect is not None)
    wait_for(2 * SETTLING)
    save(window.network, folder / "by-hand-light.png")
    hand.put_back.trigger()
    window.unit_detail.close()
    window.network.selection.let_go()
    drawn, digits, run = window.network.pad.record(), window.lab.digits, window.lab.run
    assert digits is not None
    assert run is not None
    misread = int((run.evaluations["test"].predictions != digits.test.labels).nonzero()[0][1])
    window.network.pad.show_digit("test", misread)
    window.action_book["teach_drawing"].trigger()
    lesson.choices.button(int(digits.test.labels[misread])).click()
    lesson.steps.parts["read"].click()
    lesson.teach.click()
    wait_until(lambda: hand.effect is not None)
    wait_for(SETTLING)
    save(lesson, folder / "lesson-light.png")
    hand.put_back.trigger()
    lesson.close()
    window.line.message.away_button.click()
    window.network.pad.take_record(drawn)


def take_deep(window: MainWindow, folder: Path) -> None:
    """A deeper network with a unit chosen: where it passes most on."""
    sizes, wanted = DEEP
    window.controls.apply({"sizes": sizes, "eta": 3.0, "initial_weights": "scaled"})
    begin_run(window)
    learn_to(window, wanted)
    window.network.select(1, 11)
    settle(window)
    save(window, folder / "network-deep-light.png")
    window.network.selection.let_go()


def take_layers(window: MainWindow, folder: Path) -> None:
    """The layers of a network whose gradient shrinks on its way back."""
    start_recipe(window, "deep-4", VANISHES)
    window.arrangement.tabs.open("layers")
    wait_until(window.views[LAYERS].charts.isVisible)
    wait_for(2 * SETTLING)
    save(window.arrangement.tabs, folder / "layers-light.png")
    window.arrangement.tabs.open("curves")


def take_ideas(window: MainWindow, folder: Path) -> None:
    """Each page of the ideas as it opens, on the network of now."""
    window.action_book["ideas"].trigger()
    for entry in PAGES:
        window.ideas.open(entry.id)
        wait_until(lambda: not window.lab.jobs.is_busy())
        settle(window)
        save(window, folder / f"idea-{entry.id}.png")
    window.action_book["lab"].trigger()


def take_row(window: MainWindow, folder: Path) -> None:
    """A row of test digits on the wide pad, all of which are read right."""

    def is_right() -> bool:
        window.network.pad.test_digit_action.trigger()
        wait_for(SETTLING)
        return "✓" in window.network.row.side.note.text()

    drawn = window.network.pad.record()
    window.network.pad.rng.seed(1)
    window.network.pad.row_action.trigger()
    wait_until(is_right)
    save(window, folder / "row-light.png")
    window.network.pad.row_action.trigger()
    window.network.pad.take_record(drawn)


def start_recipe(window: MainWindow, name: str, wanted: int) -> None:
    """Trains a recipe for so many epochs, then rests."""
    begin_run(window, lambda: window.steering.start_recipe(name))
    learn_to(window, wanted)
    wait_for(SETTLING)  # then a remedy is tried
    settle(window)


def press(view: QWidget, words: str) -> None:
    """Clicks the button with these words."""
    next(button for button in view.findChildren(QAbstractButton) if button.text() == words).click()


def begin_run(window: MainWindow, begin: Callable[[], object] | None = None) -> None:
    """Begins a run, which rests, as do those before it."""
    lab, before = window.lab, window.lab.run
    (begin or window.steering.new_run)()
    wait_until(lambda: lab.run is not None and lab.run is not before and lab.run.ready)


def learn_to(window: MainWindow, wanted: int) -> None:
    """Lets the selected run learn to the end of that epoch, and to no mini-batch beyond it."""
    lab, action = window.lab, window.action_book["epoch"]
    while epochs(window) < wanted:
        before = epochs(window)
        wait_until(action.isEnabled)
        action.trigger()
        wait_until(lambda: epochs(window) >= int(before) + 1 and not lab.time.learning)  # noqa: B023
    wait_until(lambda: not lab.jobs.is_busy())


def epochs(window: MainWindow) -> float:
    """Passes over the training digits, as far as the window knows."""
    run = window.lab.run
    return 0.0 if run is None or run.moment is None else run.moment.digits / run.epoch


def four() -> list[QPainterPath]:
    """The strokes of a 4, on a pad whose side is 1."""
    angle = QPainterPath(QPointF(0.42, 0.16))
    angle.quadTo(0.37, 0.37, 0.27, 0.53)
    angle.quadTo(0.50, 0.50, 0.76, 0.53)
    stem = QPainterPath(QPointF(0.64, 0.26))
    stem.quadTo(0.61, 0.56, 0.62, 0.86)
    return [angle, stem]


def draw(pad: QWidget, strokes: list[QPainterPath]) -> None:
    """Draws on the scratchpad with the mouse."""
    side = min(pad.width(), pad.height())
    corner = QPointF((pad.width() - side) / 2, (pad.height() - side) / 2)
    left, no_key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for stroke in strokes:
        points: list[QPoint] = [
            (corner + stroke.pointAtPercent(part / 40) * side).toPoint() for part in range(41)
        ]
        QTest.mousePress(pad, left, no_key, points[0])
        for point in points:
            QTest.mouseMove(pad, point)
        QTest.mouseRelease(pad, left, no_key, points[-1])


def type_into(window: MainWindow, name: str, text: str) -> None:
    """Types a number into the field of that object name, in place of what is there."""
    field = window.findChild(QLineEdit, name)
    if field is None:
        raise LookupError(name)
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def dismiss(window: MainWindow) -> None:
    """Closes the message that is there, or comes."""
    wait_until(window.line.message.away_button.isVisible)
    window.line.message.away_button.click()


def wait_until(ready: Callable[[], bool]) -> None:
    """Lets the program go on until it is `ready`."""
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError
        QApplication.processEvents()
        time.sleep(0.005)  # unlike QTest.qWait, this lets the network learn meanwhile


def wait_for(seconds: float) -> None:
    """Lets the program go on for so long."""
    end = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() > end)


def settle(window: MainWindow) -> None:
    """Lets a new look or size settle."""
    wait_for(SETTLING)
    wait_until(lambda: not window.lab.jobs.is_busy())


def save(widget: QWidget, path: Path) -> None:
    """Saves how a widget looks, in 256 colours if no eye sees it, unless the picture that is there looks the same."""
    taken = ImageQt.fromqimage(widget.grab().toImage()).convert("RGB")
    if path.exists():
        with Image.open(path) as there:
            if look_alike(taken, there.convert("RGB")):
                return
    small = taken.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=4, dither=Image.Dither.NONE)
    worst = int(np.asarray(ImageChops.difference(small.convert("RGB"), taken)).max())
    (small if worst <= PALETTE_OFF else taken).save(path, optimize=True)


def look_alike(one: Image.Image, other: Image.Image) -> bool:
    """Whether no eye sees a difference: a letter is seen, another rounding of a curve is not."""
    if one.size != other.size:
        return False
    off = np.asarray(ImageChops.difference(one.reduce(BLOCK), other.reduce(BLOCK)))
    return int((off.max(axis=2) > OFF).sum()) <= FEW


if __name__ == "__main__":
    sys.exit(main())
