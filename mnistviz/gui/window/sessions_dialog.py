"""The dialog of the earlier sessions and single runs, each with a small picture of its curves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QDateTime, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QWidget

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.experiment.experiment_file import SUFFIX, load_experiment
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.gui.common import numbers
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.layouts import column_of, row_of
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import colour, line_path, pen
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.common.widgets import describe, push_button
from mnistviz.gui.lab.jobs import Jobs, Tell
from mnistviz.gui.lab.kept_runs import KeptRun
from mnistviz.gui.lab.session_store import EarlierSession
from mnistviz.gui.window.sessions import Sessions

_PICTURE: Final = QSize(168, 64)  # pixels
_SIZE: Final = QSize(680, 520)  # pixels
_KEY: Final = "session pictures"  # of the job
_RUNS: Final = Qt.ItemDataRole.UserRole
_ACT: Final = Qt.ItemDataRole.UserRole + 1
_ALWAYS: Final = ("eta", "mini_batch_size")  # settings that a tooltip names even with their default


@dataclass(frozen=True, eq=False)
class SmallCurve:
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
        curves[path] = SmallCurve(
            run.letter, run.hue, rows["last_digits"].astype(float), rows["total"] / rows["count"]
        )
        tell(dict(curves))
    return curves


def paint_curves(curves: Sequence[SmallCurve], theme: Theme, ratio: float) -> QPixmap:
    """Return a picture of curves on common axes, with the letters of their runs."""
    picture = QPixmap(_PICTURE * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(colour(theme.field))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    room = QRectF(6, 8, _PICTURE.width() - 12, _PICTURE.height() - 16)
    longest = max((curve.digits[-1] for curve in curves if len(curve.digits)), default=1.0)
    font = painter.font()
    font.setPixelSize(12)
    font.setBold(True)
    painter.setFont(font)
    for place, curve in enumerate(curves):
        hue = theme.run_colour(curve.hue)
        painter.setPen(pen(hue, 1.5))
        x, y = (
            room.left() + room.width() * curve.digits / longest,
            room.bottom() - room.height() * curve.accuracy,
        )
        painter.drawPath(line_path(x, y))
        where = QRectF(room.right() - 14 * (len(curves) - place), room.bottom() - 14, 14, 16)
        draw_text(painter, where, Qt.AlignmentFlag.AlignCenter, curve.letter, whose="session picture")
    painter.end()
    return picture


class SessionsDialog(QDialog):
    """Lists the earlier sessions, and below them single runs. One is chosen and opened."""

    def __init__(self, sessions: Sessions, jobs: Jobs, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("sessions_dialog")
        self.setWindowTitle(self.tr("Earlier sessions"))
        self._sessions, self._jobs, self._theme = sessions, jobs, theme
        self.curves: Mapping[Path, SmallCurve] = {}
        self.list = QListWidget()
        tip = self.tr("The last ten sessions, each with all its runs, and below them runs that were closed.")
        describe(self.list, "sessions_list", self.windowTitle(), tip)
        self.list.setIconSize(_PICTURE)
        self.list.setSpacing(2)
        self.list.itemActivated.connect(lambda item: self._open())
        tip = self.tr("Opens what is chosen. What is open now becomes an earlier session.")
        self.open_button = push_button("primary", "open_session", self.tr("Open"), tip, act=self._open)
        tip = self.tr("Closes this list and leaves everything as it is.")
        close = push_button("", "close_sessions", self.tr("Close"), tip, act=self.reject)
        buttons = row_of(None, close, self.open_button, spacing=8)
        column_of((self.list, 1), buttons, spacing=12, margins=(16, 16, 16, 14), inside=self)
        self.resize(_SIZE.boundedTo(parent.size() - QSize(40, 40)))
        sessions.changed.connect(self._list)
        self.finished.connect(lambda: jobs.withdraw(_KEY))
        sessions.refresh()
        self._list()

    def _list(self) -> None:
        self.list.clear()
        for session in self._sessions.earlier:
            runs = session.runs or session.closed
            act = partial(self._sessions.open_earlier, session.path)
            self._add(self._session_line(session), self._session_tip(session), runs, act)
        for run in self._sessions.single:
            self._add(self._line(run), self._tip(run), (run,), partial(self._sessions.open_single, run.path))
        self.open_button.setEnabled(self.list.count() > 0)
        if not self.list.count():
            text = self.tr("None yet: Start afresh puts the runs that are open here.")
            QListWidgetItem(text, self.list).setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.setCurrentRow(0)
        self.show_curves(self.curves)
        paths = [run.path for row in range(self.list.count()) for run in self._runs(row)]
        work = partial(read_curves, [path for path in paths if path.suffix == SUFFIX])
        self._jobs.ask(_KEY, work, self.show_curves, lambda error: None, self.show_curves)

    def _add(self, text: str, tip: str, runs: Sequence[KeptRun], act: Callable[[], object]) -> None:
        item = QListWidgetItem(text, self.list)
        item.setToolTip(tooltip(tip))
        item.setData(_RUNS, tuple(runs))
        item.setData(_ACT, act)

    def _runs(self, row: int) -> Sequence[KeptRun]:
        return self.list.item(row).data(_RUNS) or ()

    def show_curves(self, curves: Mapping[Path, SmallCurve]) -> None:
        self.curves = curves
        for row in range(self.list.count()):
            if runs := self._runs(row):
                there = [curves[run.path] for run in runs if run.path in curves]
                picture = paint_curves(there, self._theme, self.devicePixelRatioF())
                icon = QIcon(picture)
                icon.addPixmap(picture, QIcon.Mode.Selected)  # Qt would tint it
                self.list.item(row).setIcon(icon)

    def _open(self) -> None:
        item = self.list.currentItem()
        if item is not None and (act := item.data(_ACT)) is not None:
            self.accept()
            act()

    # Texts

    # Texts

    def _session_line(self, session: EarlierSession) -> str:
        """Return date, number and accuracy of runs, as in "3/4/26, 2:05 PM: 4 runs, 784-30-10, at best 95.20 %"."""
        runs = session.runs or session.closed
        date = QLocale().toString(_qt_date(session.date), QLocale.FormatType.ShortFormat)
        count = self.tr("1 run") if len(runs) == 1 else self.tr("{count} runs").format(count=len(runs))
        layers = list(dict.fromkeys("-".join(map(str, run.sizes)) for run in runs))
        parts = [count, *layers[:2], *([self.tr("…")] if len(layers) > 2 else [])]
        measured = [(run.read, run.accuracy) for run in runs if run.accuracy is not None]
        if measured:
            text = self.tr("{percent} right") if len(runs) == 1 else self.tr("at best {percent} right")
            parts.append(text.format(percent=numbers.percent(max(measured)[1])))  # the most digits first
        return self.tr("{date}\n{parts}").format(date=date, parts=", ".join(parts))

    def _session_tip(self, session: EarlierSession) -> str:
        lines = [self.tr("Opens these runs, and puts those that are open now among the earlier sessions.")]
        lines += [", ".join(self._parts(run)) for run in session.runs or session.closed]
        data = next((run.data for run in session.runs), "")
        if data:
            lines.append(self.tr("Digits: {data}.").format(data=data))
        return "\n".join(lines)

    def _line(self, run: KeptRun) -> str:
        """Return date, layers, length and accuracy of a run, as in "3/4/26, 2:05 PM: 784-30-10, …"."""
        date = QLocale().toString(_qt_date(run.date), QLocale.FormatType.ShortFormat)
        return self.tr("{date}, a single run\n{parts}").format(date=date, parts=", ".join(self._parts(run)))

    def _parts(self, run: KeptRun) -> list[str]:
        parts = [*filter(None, [run.name]), "-".join(map(str, run.sizes))]
        if run.epochs is None or run.short:
            parts.append(self._mini_batches(run.mini_batches))
        else:
            epochs = numbers.epochs(run.epochs)
            parts.append(self.tr("{epochs} epochs").format(epochs=epochs))
        if run.before is not None:
            parts[-1] = self.tr("{learned} since it was opened").format(learned=parts[-1])
        if run.accuracy is not None:
            parts.append(
                self.tr("{percent} of {count} right").format(
                    percent=numbers.percent(run.accuracy), count=numbers.whole(run.read)
                )
            )
        return parts

    def _tip(self, run: KeptRun) -> str:
        lines = [
            self.tr("Opens it beside the other runs. It was kept on {date}, after {mini_batches}.").format(
                date=QLocale().toString(_qt_date(run.date).date(), QLocale.FormatType.LongFormat),
                mini_batches=self._mini_batches(run.mini_batches),
            )
        ]
        if run.accuracy is not None and run.measured_at is not None:
            lines.append(
                self.tr("It read {percent} of {count} validation digits right after {mini_batches}.").format(
                    percent=numbers.percent(run.accuracy),
                    count=numbers.whole(run.read),
                    mini_batches=self._mini_batches(run.measured_at),
                )
            )
        if run.settings is not None:
            lines.append(self.tr("Settings: {settings}.").format(settings=self._settings(run.settings)))
        if run.data:
            lines.append(self.tr("Digits: {data}.").format(data=run.data))
        return "\n".join(lines)

    def _settings(self, settings: Settings) -> str:
        """Return the settings that differ from the book's first network, without the layers, which the line names."""
        return ", ".join(
            f"{names.short(field.name)} {names.value(field.name, getattr(settings, field.name))}"
            for field in fields(settings)
            if field.name in _ALWAYS
            or (field.name != "sizes" and getattr(settings, field.name) != field.default)
        )

    def _mini_batches(self, count: int) -> str:
        if count == 1:
            return self.tr("1 mini-batch")
        return self.tr("{count} mini-batches").format(count=numbers.whole(count))


def _qt_date(date: datetime) -> QDateTime:
    return QDateTime.fromSecsSinceEpoch(int(date.timestamp()))
