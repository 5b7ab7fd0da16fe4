"""A slow start shows the program's name until there is a window."""

import os
import subprocess
import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.gui.splash import SLOW, end_splash, splash_if_slow

PROGRAM = """
import json, sys, time
from mnistviz import command_line, doctor
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from mnistviz.gui import app, splash

splash.SLOW = 0 if sys.argv.pop() == "slow" else 60

def splashes():
    return [each.isVisible() for each in QApplication.topLevelWidgets() if each.objectName() == "splash"]

from mnistviz.gui.lab.lab_changes import ChangeKind

class Window(app.MainWindow):
    def __init__(self, *arguments, **options):
        self.before = splashes()
        super().__init__(*arguments, **options)
        self.lab.listen(ChangeKind.DIGITS, self.end_soon)

    def end_soon(self):
        QTimer.singleShot(0, self.end)

    def end(self):
        print(json.dumps({"before": self.before, "then": splashes(), "window": self.isVisible()}))
        self.close()

app.MainWindow = Window
raise SystemExit(command_line.main([]))
"""


def started(home: Path, speed: str) -> str:
    """What a process of its own has seen of the splash before the window was built, and once it was there."""
    settings = {"QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": str(home), "HOME": str(home)}
    program = [sys.executable, "-c", PROGRAM, speed]
    ended = subprocess.run(
        program, env={**os.environ, **settings}, capture_output=True, text=True, timeout=100, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_a_slow_start_shows_it_until_the_window_is_there(tmp_path: Path) -> None:
    assert started(tmp_path, "slow") == '{"before": [true], "then": [], "window": true}'


def test_a_quick_start_does_not_flash_it(tmp_path: Path) -> None:
    assert started(tmp_path, "quick") == '{"before": [], "then": [], "window": true}'


def test_it_takes_no_focus_and_ends_with_the_window(qtbot: QtBot) -> None:
    assert splash_if_slow(time.monotonic()) is None
    window = QWidget()
    qtbot.addWidget(window)
    splash = splash_if_slow(time.monotonic() - SLOW)
    assert splash.isVisible()
    assert splash.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert splash.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    gone: list[bool] = []
    splash.destroyed.connect(lambda: gone.append(True))
    window.show()
    end_splash(splash, window)
    qtbot.waitUntil(lambda: gone == [True])


def test_it_has_the_colours_of_the_desktop() -> None:
    splash = splash_if_slow(time.monotonic() - SLOW)
    image: QImage = splash.grab().toImage()
    assert image.pixelColor(5, 5) == QApplication.palette().window().color()
    seen = {image.pixelColor(x, y).name() for x in range(0, 240, 3) for y in range(0, 150, 3)}
    assert "#5550c8" in seen, "the icon"
    splash.close()
