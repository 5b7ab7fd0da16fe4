"""The log: a small file for reports, or the terminal if none can be written."""

import contextlib
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from mnistviz import __version__

log = logging.getLogger("mnistviz")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class LogFile(RotatingFileHandler):
    """A log file and the one before it. On a full disk warnings and errors go to the terminal."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Handle a record that could not be written. Without stack or memory the caller gets the error."""
        error = sys.exc_info()[1]
        if isinstance(error, RecursionError | MemoryError):
            raise error
        if record.levelno >= logging.WARNING:
            with contextlib.suppress(Exception):  # there may be no terminal either
                print(self.format(record), file=sys.stderr)


def start_log(folder: Path) -> Path | None:
    """Open a log file in the folder. Return its path, or None if it can't be written."""
    log.setLevel(logging.INFO)
    qInstallMessageHandler(log_qt_message)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = LogFile(folder / "mnistviz.log", maxBytes=500_000, backupCount=1, encoding="utf-8")
    except OSError:
        log.addHandler(logging.StreamHandler())
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    log.addHandler(handler)
    log.info("mnistviz %s, Python %s", __version__, sys.version.split()[0])
    return folder / "mnistviz.log"


def log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("mnistviz.qt").log(_LEVELS.get(kind, logging.WARNING), message)
