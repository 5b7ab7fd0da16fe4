"""The menu of the networks of earlier runs: each in words, and a click goes on with it."""

from __future__ import annotations

from dataclasses import fields

from PySide6.QtCore import QDateTime, QLocale
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from mnistviz.engine.settings import Settings
from mnistviz.gui.common import numbers
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.mnemonics import as_it_is
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.lab.kept_runs import KeptRun
from mnistviz.gui.window.documents import Documents

_ALWAYS = ("eta", "mini_batch_size")
"""Settings that a tooltip names even where they are the default."""


class EarlierRuns(QMenu):
    """A submenu of `parent` that lists the runs kept, and looks for others whenever `parent` opens."""

    def __init__(self, documents: Documents, parent: QMenu) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Networks of &earlier runs"))
        self.setObjectName("earlier_runs_menu")
        self.setToolTipsVisible(True)
        self._documents, self._keeper = documents, documents.keeper
        self.triggered.connect(self._on_triggered)
        parent.aboutToShow.connect(self._keeper.refresh)
        self._keeper.changed.connect(self._show)
        self._show()
        parent.addMenu(self)

    def _show(self) -> None:
        self.clear()
        for number, run in enumerate(self._keeper.runs):
            self._add(f"earlier_run_{number}_action", self._line(run), self._tip(run)).setData(run.path)
        if not self._keeper.runs:
            tip = self.tr(
                "The network of a run is kept when a new run begins, when you open another network, and "
                "at the end of the program."
            )
            text = self.tr("None yet: the networks of the last twenty runs appear here")
            self._add("no_earlier_run_action", text, tip).setEnabled(False)

    def _add(self, name: str, text: str, tip: str) -> QAction:
        action = self.addAction(text)
        action.setObjectName(name)
        set_tooltip(action, tip)
        action.setWhatsThis(tip)
        return action

    def _on_triggered(self, action: QAction) -> None:
        self._documents.open(action.data())

    def _line(self, run: KeptRun) -> str:
        """Date, layers, how long it learned and how well it reads, as "3/4/26, 2:05 PM: 784-30-10, …"."""
        date = QLocale().toString(_qt_date(run), QLocale.FormatType.ShortFormat)
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
        return as_it_is(self.tr("{date}: {parts}").format(date=date, parts=", ".join(parts)))

    def _tip(self, run: KeptRun) -> str:
        lines = [
            self.tr("Opens this network in a new run. It was kept on {date}, after {mini_batches}.").format(
                date=QLocale().toString(_qt_date(run).date(), QLocale.FormatType.LongFormat),
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
        """What is not as in the book's first network; its layers are named in the line already."""
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


def _qt_date(run: KeptRun) -> QDateTime:
    return QDateTime.fromSecsSinceEpoch(int(run.date.timestamp()))
