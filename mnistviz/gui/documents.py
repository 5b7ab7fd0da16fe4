"""Networks as files: open, save, recent ones, and the one of the run before, which is kept unasked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.problems import Problem
from mnistviz.engine.storage import about_run, load_network, save_network
from mnistviz.gui.lab import attempt
from mnistviz.gui.messages import tell
from mnistviz.gui.questions import Questions
from mnistviz.gui.runs import RunMirror
from mnistviz.gui.widgets import problem_sentence

MOST_RECENT = 8
SUFFIX = ".npz"

log = logging.getLogger(__name__)


class Documents(QObject):
    """Reads and writes network files in the background and remembers which were used."""

    opened = Signal(object, object)  # Network, Path
    saved = Signal(object)  # Path
    recent_changed = Signal()

    def __init__(self, questions: Questions, kept: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._questions = questions
        self.kept = kept
        """Where the network of the run before is kept."""
        self.recent: list[str] = []
        self.path: Path | None = None
        """The file that the current run was opened from or saved to."""
        questions.answered.connect(self._on_answer)
        questions.failed.connect(self._on_failed)

    def ask_open(self) -> None:
        """Lets the user choose a file to open."""
        dialog = self._dialog(self.tr("Open a network"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open)
        dialog.open()

    def ask_save(self, run: RunMirror | None, digits: Digits | None) -> None:
        """Lets the user choose where to save the network of this moment."""
        if run is None or run.moment is None or digits is None:
            return
        dialog = self._dialog(self.tr("Save the network"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX[1:])
        name = "-".join(map(str, run.moment.network.sizes)) + SUFFIX
        dialog.selectFile(str(self.path or name))
        dialog.fileSelected.connect(partial(self.save, run, digits))
        dialog.open()

    def open(self, path: str | Path) -> None:
        """Reads a network file; `opened` or a message follows."""
        path = Path(path)
        self._questions.ask("open network", lambda cancelled: attempt(load_network, path), path)

    def save(self, run: RunMirror, digits: Digits, path: str | Path) -> None:
        """Writes the network as it is at this moment; `saved` or a message follows."""
        path = Path(path)
        work = _writer(run, digits, path)
        self._questions.ask("save network", lambda cancelled: attempt(work), path, must=True)

    def keep(self, run: RunMirror, digits: Digits) -> None:
        """Keeps the network of a run that ends, so that it can be gone back to."""
        if run.step > 0 and not run.diverged:
            keep = self._keeper(run, digits)
            self._questions.ask("keep network", lambda cancelled: keep(), must=True)

    def keep_now(self, run: RunMirror, digits: Digits) -> None:
        """The same, at once, when the program ends."""
        if run.step > 0 and not run.diverged:
            self._keeper(run, digits)()

    def _keeper(self, run: RunMirror, digits: Digits) -> Callable[[], None]:
        write = _writer(run, digits, self.kept)

        def keep() -> None:
            try:
                self.kept.parent.mkdir(parents=True, exist_ok=True)
                write()
            except (OSError, Problem) as error:
                log.warning("the network of the last run was not kept: %s", error)

        return keep

    def open_kept(self) -> None:
        """Opens the network of the run before, of this or of the last session."""
        self.open(self.kept)

    def restore_recent(self, recent: object) -> None:
        if isinstance(recent, list):
            self.recent = [path for path in recent if isinstance(path, str)][:MOST_RECENT]
            self.recent_changed.emit()

    def remember(self, path: Path) -> None:
        """Puts `path` first among the recent files and makes it the file of the run."""
        if path == self.kept:
            self.path = None
            return
        self.path = path
        text = str(path.absolute())
        self.recent = [text, *(other for other in self.recent if other != text)][:MOST_RECENT]
        self.recent_changed.emit()

    def _on_answer(self, key: str, path: Any, answer: Any) -> None:
        if key == "open network":
            if isinstance(answer, Problem):
                if str(path.absolute()) in self.recent and answer.code == "network_missing":
                    self.recent.remove(str(path.absolute()))
                    self.recent_changed.emit()
                tell(self._window, self.tr("The network could not be opened"), problem_sentence(answer))
            else:
                self.opened.emit(answer[0], path)
        elif key == "save network":
            if isinstance(answer, Problem):
                tell(self._window, self.tr("The network could not be saved"), problem_sentence(answer))
            else:
                self.remember(path)
                self.saved.emit(path)

    def _on_failed(self, key: str, details: str) -> None:
        if key in ("open network", "save network"):
            tell(self._window, self.tr("That did not work"), details)

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, str(self.path.parent if self.path else Path.home()))
        dialog.setObjectName("file_dialog")
        dialog.setNameFilters([self.tr("Networks (*.npz)"), self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog


def _writer(run: RunMirror, digits: Digits, path: Path) -> Callable[[], None]:
    """Writes what the run is now: the moment is fixed at the call, however long the writing waits."""
    moment = run.moment
    assert moment is not None
    right: dict[str, tuple[int, int]] = {
        name: (e.right, len(e.predictions)) for name, e in run.evaluations.items()
    }
    about = about_run(moment.settings, digits, moment.step, moment.digits, right)
    return partial(save_network, moment.network, path, about)


def dropped_path(data: QMimeData) -> Path | None:
    """The one network file or folder that is being dropped, if it is one."""
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.is_dir() or path.suffix == SUFFIX else None
