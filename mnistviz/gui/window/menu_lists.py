"""The changing lists in the menus: recent files, closed runs, earlier sessions and single runs, and recipes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from mnistviz.engine.settings import Settings
from mnistviz.gui.common import numbers
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.tooltips import as_it_is, explain, set_tooltip
from mnistviz.gui.common.widgets import EntryMenu
from mnistviz.gui.lab.kept_runs import KeptRun
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.recipe_book import RecipeBook, RecipeEntry
from mnistviz.gui.lab.session_store import EarlierSession
from mnistviz.gui.runs.lane import RunWords
from mnistviz.gui.window.documents import Documents
from mnistviz.gui.window.sessions import Sessions


class RecentNetworks(EntryMenu):
    def __init__(self, documents: Documents, parent: QMenu) -> None:
        super().__init__("recent_menu", self.tr("&Recent files"), parent)
        self._documents = documents
        documents.recent_changed.connect(self._list)
        self._list()
        parent.addMenu(self)

    def _list(self) -> None:
        self.clear()
        for path in self._documents.recent:
            text = str(Path(path))
            action = self.addAction(as_it_is("…" + text[-59:] if len(text) > 60 else text))
            action.triggered.connect(partial(self._documents.open, path))
            set_tooltip(action, path)
        self.setEnabled(not self.isEmpty())


class ClosedRuns(EntryMenu):
    """A submenu of `parent` with the closed runs, the last closed first."""

    def __init__(self, lab: Lab, parent: QMenu) -> None:
        super().__init__("closed_runs_menu", self.tr("Open a&gain"), parent)
        self._lab, self._words = lab, RunWords(self)
        lab.listen(ChangeKind.RUNS, self._list)
        self._list()
        parent.addMenu(self)

    def _list(self) -> None:
        self.clear()
        runs = self._lab.runs.reopenable
        tip = self.tr("Opens the run again, as it was when it was closed.")
        for run in runs:
            title = as_it_is(self._words.title(run, (*self._lab.runs.open, *runs)))
            self.add(
                f"closed_run_{run.letter}_action", title, tip, partial(self._lab.runs.reopen, run.number)
            )
        if not runs:
            text = self.tr("None yet: closed runs appear here")
            tip = self.tr(
                "A closed run can be opened again here. After the next start it is under File, Earlier sessions."
            )
            if self._lab.runs.closed:
                text = self.tr("None on these digits: open the data set of the closed runs first")
                tip = self.tr("Closed runs are listed here while their data set is open.")
            self.add("no_closed_run_action", text, tip, enabled=False)


class RecipeMenu(QObject):
    """The recipes by group at the end of `menu`, each with the accuracy that it reaches, the user's own last. `start`
    is called with a recipe's id."""

    def __init__(self, book: RecipeBook, start: Callable[[str], object], menu: QMenu) -> None:
        super().__init__(menu)
        self._book, self._menu = book, menu
        self._end = menu.addSeparator()
        self._group = QActionGroup(self)
        self._group.triggered.connect(lambda action: start(action.data()))
        book.changed.connect(self._list)
        self._list()

    def entries(self) -> list[QAction]:
        return [action for action in self._group.actions() if action.data() is not None]

    def _list(self) -> None:
        for action in self._group.actions():
            self._group.removeAction(action)
            action.deleteLater()
        group = ""
        for entry in self._book.entries():
            if entry.group != group:
                group = entry.group
                self._add_heading(entry.heading)
            action = QAction(self._text(entry), self._group)
            tip = self.tr("A recipe of your own. Begins a new run with it.")
            if not entry.own:
                tip = f"{entry.about} {entry.outcome}"
            explain(action, tip)
            action.setData(entry.id)
            self._group.addAction(action)
        self._menu.insertActions(self._end, self._group.actions())

    def _add_heading(self, text: str) -> None:
        heading = QAction(as_it_is(text), self._group)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        heading.setEnabled(False)

    def _text(self, entry: RecipeEntry) -> str:
        title = as_it_is(entry.title)
        reaches = self.tr(", ").join(filter(None, (entry.reaches, entry.seeds)))
        return f"{title}\t{reaches}" if reaches else title


_ALWAYS = ("eta", "mini_batch_size")  # settings that a tooltip names even with their default


class EarlierSessions(EntryMenu):
    """A submenu of `parent` with the earlier sessions and single runs; it is refreshed whenever `parent` opens."""

    def __init__(self, sessions: Sessions, parent: QMenu) -> None:
        super().__init__("earlier_sessions_menu", self.tr("Earlier sess&ions"), parent)
        self._sessions = sessions
        self.single = EntryMenu("earlier_runs_menu", self.tr("Single earlier &runs"), self)
        parent.aboutToShow.connect(sessions.refresh)
        sessions.changed.connect(self._show)
        self._show()
        parent.addMenu(self)

    def _show(self) -> None:
        self.clear()
        for number, session in enumerate(self._sessions.earlier):
            text, tip = as_it_is(self._session_line(session)), self._session_tip(session)
            act = partial(self._sessions.open_earlier, session.path)
            self.add(f"earlier_session_{number}_action", text, tip, act)
        if not self._sessions.earlier:
            text = self.tr("None yet: Start afresh puts the runs that are open here")
            tip = self.tr("The last ten sessions appear here, each with all its runs.")
            self.add("no_earlier_session_action", text, tip, enabled=False)
        self.addSeparator()
        self.addMenu(self.single)
        self._show_single()

    def _show_single(self) -> None:
        self.single.clear()
        for number, run in enumerate(self._sessions.single):
            text, act = as_it_is(self._line(run)), partial(self._sessions.open_single, run.path)
            self.single.add(f"earlier_run_{number}_action", text, self._tip(run), act)
        if not self._sessions.single:
            text = self.tr("None yet: runs that you closed appear here after the next start")
            tip = self.tr(
                "Twenty closed runs stay: the last ten, and of the others those that took the most work."
            )
            self.single.add("no_earlier_run_action", text, tip, enabled=False)

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
        return self.tr("{date}: {parts}").format(date=date, parts=", ".join(parts))

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
        return self.tr("{date}: {parts}").format(date=date, parts=", ".join(self._parts(run)))

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
