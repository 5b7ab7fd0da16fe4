"""The start of the program: the application object, its log, its fonts and colours, and its end."""

import gc
import logging
import os
import signal
import socket
import sys
from pathlib import Path

import numpy as np
from PySide6.QtCore import QLibraryInfo, QLocale, QSocketNotifier, QStandardPaths, Qt, QTimer, QTranslator
from PySide6.QtGui import QFontDatabase, QIcon, QPixmapCache
from PySide6.QtWidgets import QApplication, QWidget

from mnistviz import __version__
from mnistviz.assets import asset
from mnistviz.engine.threads import one_blas_thread
from mnistviz.gui.common import accessible
from mnistviz.gui.common.focus_ring import FocusRing
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.lab.jobs import any_left_alone
from mnistviz.gui.last_resort import LastResort
from mnistviz.gui.log import start_log
from mnistviz.gui.splash import application, end_splash
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import SceneFile
from mnistviz.interruption import SIGNALS

GARBAGE_EVERY = 1000  # milliseconds
SWITCH_INTERVAL = 0.001  # seconds until Python lets another thread run: the worst gap between frames halves
KEPT_PICTURES = 32 * 1024  # kilobytes: Qt's cache of what is still while something above it moves


@one_blas_thread()
def run_window(data: Path | None = None, file: Path | None = None, splash: QWidget | None = None) -> int:
    """Open the window on the data set in `data` (None: the bundled one), with the network in `file`. Return the exit
    code. The `splash` closes once the window is visible."""
    # until the window handles it: an exception during the start would leave threads behind, and nothing is lost
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    app = application()
    prepare(app)
    use_language(app, QLocale.system().uiLanguages()[0])
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation))
    log_file, scene = start_log(folder), SceneFile(folder / "stage.json")
    window = MainWindow(scene, data=data, file=file or app.asked, log_file=log_file)
    app.open_file = window.open_file
    app.commitDataRequest.connect(window.close_with_session)
    last_resort = LastResort(window.report_exception)
    try:
        quit_on_signals(window)
        window.show()
        window.data_sets.load()
        window.sessions.read()
        gc.freeze()  # what exists now stays: no collection scans it
        collect_garbage(window)
        end_splash(splash, window)
        code = app.exec()
    finally:
        app.open_file = None
        last_resort.close()
    if any_left_alone():
        logging.shutdown()
        os._exit(code)  # without freeing anything: a running thread must not be destroyed
    return code


def prepare(app: QApplication) -> None:
    """Set up the application object as every window needs it, in a test as well."""
    app.setApplicationName("mnistviz")
    app.setApplicationDisplayName("mnistviz")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("mnistviz")
    app.setStyle("Fusion")
    drawing, icon = QIcon(str(asset("icons", "mnistviz.svg"))), QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        icon.addPixmap(drawing.pixmap(size, size))
    app.setWindowIcon(icon)
    app.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents)
    QPixmapCache.setCacheLimit(KEPT_PICTURES)
    FocusRing(app)
    accessible.install(app)
    for style in ("Regular", "Bold"):
        QFontDatabase.addApplicationFont(str(asset("fonts", f"Inter-{style}.otf")))
    font = app.font()
    font.setFamilies(["Inter", *font.families()])  # letters that it lacks are the system's
    app.setFont(font)
    if not has_usable_numbers(QLocale.system()):
        QLocale.setDefault(QLocale(QLocale.Language.English))
    sys.setswitchinterval(SWITCH_INTERVAL)
    np.seterr(over="ignore", invalid="ignore")  # in this thread: views show the weights of diverged runs, too


def has_usable_numbers(locale: QLocale) -> bool:
    """Return True if a locale has separators, and 0 to 9: Arabic digits run from right to left amid English words."""
    return locale.language() != QLocale.Language.C and locale.zeroDigit() == "0"


def use_language(app: QApplication, language: str, folder: Path | None = None) -> None:
    """Translate windows created later, and Qt's own texts, into `language`, such as "de" or "zh-CN", as far as `folder`
    (None: the program's own) has it. They are English otherwise."""
    locale, own, of_qt = QLocale(language), QTranslator(app), QTranslator(app)
    if own.load(locale, "mnistviz", "_", str(folder or asset("translations"))):
        of_qt.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        app.installTranslator(of_qt)
        app.installTranslator(own)


def collect_garbage(owner: QWidget) -> None:
    """Collect garbage as often as Python does, but only in this thread: Python does it in any, and a Qt object must be
    deleted in its own. It ends with `owner`."""

    def collect() -> None:
        counts, most = list(gc.get_count()), gc.get_threshold()
        for generation in (1, 2):  # after a great many new objects Python would have collected often by now
            counts[generation] += counts[generation - 1] // max(1, most[generation - 1])
        if due := [generation for generation in (0, 1, 2) if 0 < most[generation] < counts[generation]]:
            gc.collect(due[-1])

    gc.disable()
    new_timer(owner, collect, GARBAGE_EVERY, repeated=True).start()


def quit_on_signals(window: MainWindow) -> None:
    """Close the window on Ctrl-C, a polite kill and the end of the terminal, as its own button does."""
    here, there = socket.socketpair()
    there.setblocking(False)
    signal.set_wakeup_fd(there.fileno())  # Qt's loop runs in C++: a byte here wakes Python
    notifier = QSocketNotifier(here.fileno(), QSocketNotifier.Type.Read, window)
    notifier.activated.connect(lambda: here.recv(64))

    def close() -> None:  # a function: PySide would not keep the socket of a bound method alive
        signal.set_wakeup_fd(-1)
        here.close()
        there.close()

    window.destroyed.connect(close)
    for number in SIGNALS:
        ignored = signal.getsignal(number) is signal.SIG_IGN  # as SIGHUP is under nohup
        if not ignored or number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: QTimer.singleShot(0, window, window.close))  # not during a frame
