"""The dialog of the earlier sessions and single runs, each with a small picture of its curves."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QDateTime, QLocale, QRectF, QSize, Qt, QTimerEvent
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QWidget

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.experiment.experiment_file import SUFFIX, load_experiment
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.gui.common import numbers
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.layouts import column_of, row_of
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import blank_pixmap, colour, line_path, pen
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.common.widgets import describe, push_button
from mnistviz.gui.lab.jobs import Jobs, Tell
from mnistviz.gui.lab.kept_runs import KeptRun
from mnistviz.gui.lab.session_store import EarlierSession
from mnistviz.gui.window.sessions import Sessions

_PICTURE: Final = QSize(168, 64)  # pixels
_SIZE: Final = QSize(680, 520)  # pixels
_AGAIN: Final = 1_000  # milliseconds until it looks again: a session just closed may not be released yet
_KEY: Final = "session pictures"  # of the job
_RUNS: Final = Qt.ItemDataRole.UserRole
_ACT: Final = Qt.ItemDataRole.UserRole + 1
_ALWAYS: Final = ("eta", "mini_batch_size")  # settings that a tooltip names even with their default


class SmallCurve(Struct, frozen=True, eq=False):
    """The accuracy of a saved run along its digits, both in 0 … 1 of what its file has."""

    letter: str
    hue: int
    digits: NDArray[np.float64]
    accuracy: NDArray[np.float64]


def read_curves(paths: Sequence[Path], cancelled: Cancelled, tell: Tell) -> dict[Path, SmallCurve]:
    """Return the curves of saved runs, and tell those that are read so far. Files that cannot be read have none."""
    curves = dict[Path, SmallCurve]()
    for path in paths:
        try:
            run = load_experiment(path, cancelled).runs[0]
        except (Problem, OSError):
            continue
        rows = max(run.content.history.shares("validation"), key=len).rows
        digits, accuracy = rows["last_digits"].astype(float), rows["total"] / rows["count"]
        curves[path] = SmallCurve(run.letter, run.hue, digits, accuracy)
        tell(dict(curves))
    return curves


def paint_curves(curves: Sequence[SmallCurve], ratio: float) -> QPixmap:
    """Return a picture of curves on common axes, with the letters of their runs."""
    picture = blank_pixmap(_PICTURE, ratio, colour(theme().field))
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(6, 8, _PICTURE.width() - 12, _PICTURE.height() - 16)
        longest = max((curve.digits[-1] for curve in curves if len(curve.digits)), default=1.0)
        font = painter.font()
        font.setPixelSize(12)
        font.setBold(True)
        painter.setFont(font)
        for place, curve in enumerate(curves):
            painter.setPen(pen(theme().run_colour(curve.hue), 1.5))
            x = room.left() + room.width() * curve.digits / longest
            painter.drawPath(line_path(x, room.bottom() - room.height() * curve.accuracy))
            where = QRectF(room.right() - 14 * (len(curves) - place), room.bottom() - 14, 14, 16)
            draw_text(painter, where, Qt.AlignmentFlag.AlignCenter, curve.letter, whose="session picture")
    return picture


class SessionsDialog(QDialog):
    """Lists the earlier sessions, and below them single runs. One is chosen and opened."""

    def __init__(self, sessions: Sessions, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("sessions_dialog")
        self.setWindowTitle(tr("Earlier sessions"))
        self._sessions, self._jobs = sessions, jobs
        self.curves: Mapping[Path, SmallCurve] = {}
        self.list = QListWidget()
        tip = tr("The last ten sessions, each with all its runs, and below them runs that were closed.")
        describe(self.list, "sessions_list", self.windowTitle(), tip)
        self.list.setIconSize(_PICTURE)
        self.list.setSpacing(2)
        self.list.itemActivated.connect(lambda item: self._open())
        tip = tr("Opens what is chosen. What is open now becomes an earlier session.")
        self.open_button = push_button("primary", "open_session", tr("Open"), tip, act=self._open)
        tip = tr("Closes this list and leaves everything as it is.")
        close = push_button("", "close_sessions", tr("Close"), tip, act=self.reject)
        buttons = row_of(None, close, self.open_button, spacing=8)
        column_of((self.list, 1), buttons, spacing=12, margins=(16, 16, 16, 14), inside=self)
        self.resize(_SIZE.boundedTo(parent.size() - QSize(40, 40)))
        sessions.changed.connect(self._list)
        self.finished.connect(lambda: jobs.withdraw(_KEY))
        self.startTimer(_AGAIN)
        sessions.refresh()
        self._list()

    def timerEvent(self, event: QTimerEvent) -> None:
        self._sessions.refresh()

    def _list(self) -> None:
        self.list.clear()
        opens = tr("Opens these runs, and puts those that are open now among the earlier sessions.")
        for session in self._sessions.earlier:
            runs = session.runs or session.closed
            act = partial(self._sessions.open_earlier, session.path)
            self._add(self._session_line(session, runs), opens, runs, act)
        for run in self._sessions.single:
            text = tr("{date}, a single run\n{parts}")
            line = text.format(date=_short(run.date), parts=", ".join(self._parts(run)))
            act = partial(self._sessions.open_single, run.path)
            self._add(line, tr("Opens it beside the other runs."), (run,), act)
        self.open_button.setEnabled(self.list.count() > 0)
        if not self.list.count():
            text = tr(
                "None yet. The open runs are saved by themselves and are back at the next start.\n"
                "Start afresh puts them here."
            )
            QListWidgetItem(text, self.list).setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.setCurrentRow(0)
        self.show_curves(self.curves)
        paths = [run.path for row in range(self.list.count()) for run in self._runs(row)]
        work = partial(read_curves, [path for path in paths if path.suffix == SUFFIX])
        self._jobs.ask(_KEY, work, self.show_curves, lambda error: None, self.show_curves)

    def _add(self, text: str, opens: str, runs: Sequence[KeptRun], act: Callable[[], object]) -> None:
        item = QListWidgetItem(text, self.list)
        item.setToolTip(tooltip(self._tip(opens, runs)))
        item.setData(_RUNS, tuple(runs))
        item.setData(_ACT, act)

    def _runs(self, row: int) -> Sequence[KeptRun]:
        return self.list.item(row).data(_RUNS) or ()

    def show_curves(self, curves: Mapping[Path, SmallCurve]) -> None:
        self.curves = curves
        for row in range(self.list.count()):
            if runs := self._runs(row):
                there = [curves[run.path] for run in runs if run.path in curves]
                picture = paint_curves(there, self.devicePixelRatioF())
                icon = QIcon(picture)
                icon.addPixmap(picture, QIcon.Mode.Selected)  # Qt would tint it
                self.list.item(row).setIcon(icon)

    def _open(self) -> None:
        if (item := self.list.currentItem()) is not None and (act := item.data(_ACT)) is not None:
            self.accept()
            act()

    def _session_line(self, session: EarlierSession, runs: Sequence[KeptRun]) -> str:
        """Return date, number and accuracy of runs, as in "3/4/26, 2:05 PM", "4 runs, 784-30-10, at best 95.20 %"."""
        count = tr("1 run") if len(runs) == 1 else tr("{count} runs", count=len(runs))
        layers = list(dict.fromkeys("-".join(map(str, run.sizes)) for run in runs))
        parts = [count, *layers[:2], *([tr("…")] if len(layers) > 2 else [])]
        if measured := [(run.read, run.accuracy) for run in runs if run.accuracy is not None]:
            text = tr("{percent} right") if len(runs) == 1 else tr("at best {percent} right")
            parts.append(text.format(percent=numbers.percent(max(measured)[1])))  # the most digits first
        return tr("{date}\n{parts}", date=_short(session.date), parts=", ".join(parts))

    def _tip(self, opens: str, runs: Sequence[KeptRun]) -> str:
        lines = [opens, *(", ".join(self._parts(run)) for run in runs)]
        if len(runs) == 1 and runs[0].settings is not None:
            lines.append(tr("Settings: {settings}.", settings=_settings(runs[0].settings)))
        if runs[0].data:
            lines.append(tr("Digits: {data}.", data=runs[0].data))
        return "\n".join(lines)

    def _parts(self, run: KeptRun) -> list[str]:
        """Return name, layers, length and accuracy of a run."""
        learned = tr("{count} mini-batches", count=run.mini_batches)
        if run.epochs is not None and not run.short:
            learned = tr("{epochs} epochs", epochs=numbers.epochs(run.epochs))
        elif run.mini_batches == 1:
            learned = tr("1 mini-batch")
        if run.before is not None:
            learned = tr("{learned} since it was opened", learned=learned)
        right = tr("{percent} of {count} right") if run.accuracy is not None else ""
        right = right.format(percent=numbers.percent(run.accuracy or 0.0), count=numbers.whole(run.read))
        return [*filter(None, (run.name, "-".join(map(str, run.sizes)), learned, right))]


def _settings(settings: Settings) -> str:
    """Return the settings that differ from the book's first network, without the layers, which the line names."""
    return ", ".join(
        f"{names.short(name)} {names.value(name, getattr(settings, name))}"
        for name, setting in SETTINGS.items()
        if name in _ALWAYS or (name != "sizes" and getattr(settings, name) != setting.default)
    )


def _short(date: datetime) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(date.timestamp()))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)
