"""Learn, draw, save and open in a trimmed bundle, with its own Python: `python smoke.py FOLDER`. That folder gets
pictures in both looks, and an experiment."""

from __future__ import annotations

import ctypes
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from mnistviz.gui.app import prepare
from mnistviz.gui.splash import application
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import SceneFile

STROKE = [(0.3, 0.25), (0.7, 0.25), (0.62, 0.4), (0.52, 0.6), (0.46, 0.8)]
"""A seven, in shares of the pad."""


def wait_for(condition: Callable[[], object], what: str, seconds: float = 600) -> None:
    end = time.monotonic() + seconds
    QApplication.processEvents()
    while not condition():
        QApplication.processEvents()
        if time.monotonic() > end:
            sys.exit(f"This did not happen: {what}")
        time.sleep(0.01)
    print("ok:", what, flush=True)


def draw(pad: QWidget) -> None:
    held = Qt.MouseButton.LeftButton
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * (len(STROKE) - 1)]
    places = [QPointF(pad.width() * x, pad.height() * y) for x, y in STROKE]
    for kind, place in zip(kinds, places, strict=True):
        _send(pad, kind, place, held)
    _send(pad, QEvent.Type.MouseButtonRelease, places[-1], Qt.MouseButton.NoButton)


def _send(pad: QWidget, kind: QEvent.Type, place: QPointF, held: Qt.MouseButton) -> None:
    event = QMouseEvent(
        kind, place, pad.mapToGlobal(place), Qt.MouseButton.LeftButton, held, Qt.KeyboardModifier.NoModifier
    )
    QCoreApplication.sendEvent(pad, event)


def main(pictures: Path) -> None:
    home = Path(tempfile.mkdtemp())
    application_object = application()
    prepare(application_object)
    window = MainWindow(SceneFile(home / "stage.json"))
    window.show()
    window.data_sets.load()
    wait_for(lambda: window.lab.shown.moment is not None, "the digits are read")
    window.action_book["epoch"].trigger()
    wait_for(lambda: window.lab.run is not None and window.lab.run.step >= 5_000, "an epoch was learned")
    pad = window.network.pad
    pad.clear()
    draw(pad)
    wait_for(lambda: pad.sheet.points and pad.sheet.picture() is not None, "a stroke is on the pad", 10)
    for look in ("light", "dark"):
        window.action_book[f"look_{look}"].trigger()
        wait_for(lambda: not window.frame.isActive(), f"it is {look}")
        window.grab().save(str(pictures / f"window-{look}.png"))
    experiment = home / "an experiment, 实验.mnistviz"
    window.documents.save_experiment(experiment)
    wait_for(experiment.exists, "an experiment is saved")
    before = window.lab.run
    window.documents.open(experiment)
    wait_for(
        lambda: (
            window.lab.run not in (None, before) and window.lab.run.ready and window.lab.run.step == 5_000
        ),
        "it is opened again",
    )
    shutil.copy(experiment, pictures)
    if sys.platform == "win32":  # as the session of Windows ends
        application_object.commitDataRequest.connect(window.close_with_session)
        may_end = ctypes.windll.user32.SendMessageW(int(window.winId()), 0x11, 0, 0)  # WM_QUERYENDSESSION
        wait_for(lambda: may_end, "the session may end")
    else:
        window.close()
    wait_for(lambda: not window.isVisible(), "the window is closed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
