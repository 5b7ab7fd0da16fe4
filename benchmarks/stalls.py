"""How long the window stands still after a gesture, while one run learns at full speed.

    python benchmarks/stalls.py                        every gesture
    python benchmarks/stalls.py --only text --where    one kind, with the stacks of its longest stall
    PYTHONPATH=PATH python benchmarks/stalls.py        the same of another checkout

A timer beats in the window's thread every 5 ms. What counts is the longest time without a beat from the gesture
until half a second of rest has gone by. The figures are milliseconds: median and worst of ten, and in brackets
those of the processor that the window's thread had in the same gap. Gestures of the first time have a new window
each time.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from live import child, spin, until
from msgspec import Struct
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QApplication, QDialog, QWidget

import mnistviz
from mnistviz.engine.digits import Digits, load_digits
from mnistviz.engine.settings import Settings
from mnistviz.engine.threads import one_blas_thread
from mnistviz.gui.app import prepare
from mnistviz.gui.ideas.pages import PAGES
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import SceneFile, WindowScene
from tests.torture.heartbeat import Heartbeat, Stall

SIZE = (1440, 900)
SETTLE = 0.5  # seconds
NOTED = 0.02  # seconds without a beat that are noted
Do = Callable[[MainWindow], object]


class Gesture(Struct, frozen=True):
    """`do` is measured, and so is `undo`, which puts back what it did. `before` is not measured."""

    kind: str
    name: str
    do: Do
    undo: tuple[str, Do] | None = None
    before: Do = lambda window: None
    first: bool = False
    """Whether it needs a new window each time."""
    sizes: tuple[int, ...] = (784, 30, 10)


def act(id: str) -> Do:
    return lambda window: window.action_book[id].trigger()


def page(id: str) -> Do:
    return lambda window: window.ideas.open(id)


def size(width: int, height: int) -> Do:
    return lambda window: window.resize(width, height)


def with_guide(window: MainWindow) -> None:
    """The guide was open once."""
    act("guide")(window)
    spin(0.5)
    close_dialogs(window)


def with_guide_open(window: MainWindow) -> None:
    act("guide")(window)
    spin(0.5)


def with_ideas(window: MainWindow) -> None:
    act("ideas")(window)
    spin(0.5)


def with_all_ideas(window: MainWindow) -> None:
    """All pages were open once, and the lab is shown again."""
    act("ideas")(window)
    for entry in PAGES:
        window.ideas.open(entry.id)
        spin(0.3)
    act("lab")(window)


def close_dialogs(window: MainWindow) -> None:
    for dialog in (*window.findChildren(QDialog), *window.findChildren(QWidget, "palette")):
        if dialog.isVisible():
            dialog.close()


def tab(name: str) -> Do:
    return lambda window: child(window, f"{name}_tab").click()


def new_run(*sizes: int) -> Do:
    def begin(window: MainWindow) -> None:
        window.controls.show_settings(Settings(sizes=sizes, stop_epochs=1000))
        window.steering.new_run()
        window.steering.toggle_play()

    return begin


TEXT = (act("text_125"), ("… off", act("text_100")))
SCREEN = (act("classroom"), ("… off", act("classroom")))
LOOK = (act("look_dark"), ("… back", act("look_light")))

GESTURES = (
    Gesture("text", "larger text", *TEXT),
    Gesture("text", "larger text, guide was open", *TEXT, before=with_guide),
    Gesture("text", "larger text, guide open", *TEXT, before=with_guide_open),
    Gesture("text", "larger text, all ideas were open", *TEXT, before=with_all_ideas),
    Gesture("look", "dark", *LOOK),
    Gesture("look", "dark, guide was open", *LOOK, before=with_guide),
    Gesture("look", "dark, guide open", *LOOK, before=with_guide_open),
    Gesture("look", "dark, all ideas were open", *LOOK, before=with_all_ideas),
    Gesture("screen", "full screen, larger text", *SCREEN),
    Gesture("screen", "full screen, guide was open", *SCREEN, before=with_guide),
    Gesture("ideas", "ideas, first", act("ideas"), first=True),
    Gesture("ideas", "ideas", act("ideas"), ("back to the lab", act("lab"))),
    *(
        Gesture(
            "pages", f"page {entry.id}, first, out of turn", page(entry.id), before=with_ideas, first=True
        )
        for entry in PAGES[1:]
    ),
    Gesture("dialogs", "guide, first", act("guide"), first=True),
    Gesture("dialogs", "guide", act("guide"), ("… closed", close_dialogs), before=with_guide),
    Gesture("dialogs", "keys", act("keys"), ("… closed", close_dialogs)),
    Gesture("dialogs", "about", act("about"), ("… closed", close_dialogs)),
    Gesture("panels", "settings hidden", act("show_controls"), ("… shown", act("show_controls"))),
    Gesture("panels", "enlarged", act("enlarge"), ("… off", act("enlarge"))),
    Gesture("panels", "mistakes", tab("mistakes"), ("curves", tab("curves"))),
    Gesture("runs", "new run 784-30-10", new_run(784, 30, 10)),
    Gesture("runs", "new run 784-100-100-10", new_run(784, 100, 100, 10)),
    Gesture("runs", "new run 784-2000-2000-10", new_run(784, 2000, 2000, 10)),
    Gesture("runs", "new run 784-20×8-10", new_run(784, *[20] * 8, 10)),
    Gesture("size", "1024 × 640", size(1024, 640), ("1440 × 900", size(*SIZE))),
    Gesture("size", "1920 × 1080", size(1920, 1080), ("1440 × 900", size(*SIZE))),
    Gesture("size", "1100 × 900", size(1100, 900), ("1440 × 900", size(*SIZE))),
)


class Measured:
    """What was seen of one gesture."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.longest: list[Stall] = []

    @contextmanager
    def once(self) -> Iterator[None]:
        spin(0.05)
        with Heartbeat(late=NOTED, beat=0.005) as heart:
            heart.doing = self.name
            spin(0.02)
            yield
            spin(SETTLE)
        none = Stall(0.0, NOTED, 0.0, self.name, ())
        self.longest.append(max(heart.stalls, key=lambda stall: stall.seconds, default=none))

    def line(self) -> str:
        whole = [1000 * stall.seconds for stall in self.longest]
        own = [1000 * stall.processor for stall in self.longest]
        return (
            f"{self.name:44}{statistics.median(whole):6.0f} {max(whole):6.0f}"
            f"   ({statistics.median(own):.0f}, {max(own):.0f})"
        )

    def where(self) -> str:
        return max(self.longest, key=lambda stall: stall.seconds).told(stacks=6, frames=14)


@contextmanager
def learning(digits: Digits, sizes: tuple[int, ...]) -> Iterator[MainWindow]:
    """A window with one run that learns at full speed, and a digit's ink on the pad."""
    with tempfile.TemporaryDirectory() as folder:
        scene = SceneFile(Path(folder) / "stage.json")
        scene.save(WindowScene())  # as after a start
        window = MainWindow(scene)
        window.look.choose("light")
        window.resize(*SIZE)
        window.show()
        window.lab.data.use(digits)
        until(lambda: window.lab.shown.moment is not None)
        window.lab.runs.begin(Settings(sizes=sizes, stop_epochs=1000))
        until(lambda: window.lab.shown.moment is not None)
        window.network.pad.test_digit_action.trigger()
        window.steering.toggle_play()
        until(lambda: window.lab.run is not None and window.lab.run.step > 500)
        spin(0.5)
        try:
            yield window
        finally:
            close_dialogs(window)
            window.close()
            window.deleteLater()
            spin(0.05)


def measure(digits: Digits, gesture: Gesture, times: int) -> list[Measured]:
    done = Measured(gesture.name)
    if gesture.first:
        for _ in range(times):
            with learning(digits, gesture.sizes) as window:
                gesture.before(window)
                spin(SETTLE)
                with done.once():
                    gesture.do(window)
        return [done]
    found = [done]
    with learning(digits, gesture.sizes) as window:
        gesture.before(window)
        spin(SETTLE)
        if gesture.undo:
            name, undo = gesture.undo
            found.append(Measured(name if not name.startswith("…") else f"{gesture.name} {name}"))
        for _ in range(times):
            with done.once():
                gesture.do(window)
            if gesture.undo:
                with found[1].once():
                    undo(window)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    kinds = dict.fromkeys(gesture.kind for gesture in GESTURES)
    parser.add_argument(
        "--only", choices=kinds, action="append", help="gestures of this kind; can be repeated"
    )
    parser.add_argument("--name", help="gestures whose name has this in it")
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--where", action="store_true", help="where the longest stall was, too")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    QStandardPaths.setTestModeEnabled(True)
    app = QApplication(["mnistviz"])
    prepare(app)
    digits = load_digits()
    print(f"{Path(mnistviz.__file__).parent}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
    figures: dict[str, list[float]] = {}
    with one_blas_thread():
        for gesture in GESTURES:
            if given.only and gesture.kind not in given.only:
                continue
            if given.name and given.name not in gesture.name:
                continue
            for measured in measure(digits, gesture, given.times):
                figures[measured.name] = [round(1000 * stall.seconds, 1) for stall in measured.longest]
                if not given.json:
                    print(measured.line(), flush=True)
                    if given.where:
                        print(measured.where(), flush=True)
    if given.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
