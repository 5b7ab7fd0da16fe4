"""Networks and experiments as files, the recent files, and the automatically saved session."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from mnistviz.engine.data_sets.data_folders import idx_set_of
from mnistviz.engine.data_sets.tables import SUFFIXES as TABLES
from mnistviz.engine.experiment.experiment_file import SUFFIX as EXPERIMENT_SUFFIX
from mnistviz.engine.experiment.experiment_file import load_network_or_experiment, save_experiment
from mnistviz.engine.experiment.saved import Experiment
from mnistviz.engine.exports.network_formats import FORMATS, SUFFIXES, write_network
from mnistviz.engine.files import remove_leftovers
from mnistviz.engine.fork import Origin
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.storage import SUFFIX
from mnistviz.gui.common.messages import home, save_dialog, saved_messages, tell
from mnistviz.gui.common.texts import tr
from mnistviz.gui.lab.jobs import Writer, details
from mnistviz.gui.lab.kept_runs import KeptNetworks
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.saved_facts import describe_run
from mnistviz.gui.lab.session_keeper import SessionKeeper
from mnistviz.gui.lab.session_store import SessionStore
from mnistviz.gui.lab.shown import Shown

MOST_RECENT = 8


class Documents(QObject):
    """Reads and writes files of networks and experiments in the background, and remembers the recent ones."""

    opened = Signal(object, object, object)  # Network, Path, Origin
    experiment_opened = Signal(object, object)  # Experiment, Path
    saved = Signal(object)  # Path
    recent_changed = Signal()

    def __init__(self, lab: Lab, folder: Path, report: Callable[[str, str], object], parent: QWidget) -> None:
        """Use the program's own `folder`; call `report` with a sentence about what was done."""
        super().__init__(parent)
        self._window, self._report = parent, report
        self._lab, self._jobs = lab, lab.jobs
        self.view: Callable[[], Mapping[str, Any]] = dict
        """Returns what the window shows, for the file of an experiment."""
        self.writer = Writer(self)  # writes the program's own files
        self.exporter = Writer(self)
        """Writes the files that the user saves: a slow one must not delay the session."""
        self.keeper = SessionKeeper(SessionStore(folder / "sessions"), self.writer, lab, self)
        self.networks = KeptNetworks(folder / "runs")
        self._folder = folder
        self.recent: list[str] = []
        self.path: Path | None = None  # the file that the current run was opened from or saved to

    def tidy(self) -> None:
        """Remove leftovers and old sessions, and adopt the file of version 0.1, once the last session is locked."""
        self.writer.write(partial(remove_leftovers, self._folder))
        self.writer.write(partial(self.networks.adopt, self._folder / "last-run.npz"))
        self.writer.write(self.keeper.store.tidy)

    def ask_open(self) -> None:
        dialog = QFileDialog(self._window, tr("Open a network or an experiment"), self._place)
        dialog.setObjectName("file_dialog")
        dialog.setNameFilters([tr("Networks and experiments (*.npz *.mnistviz)"), tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open)
        dialog.open()

    def ask_save(self, shown: Callable[[], Shown]) -> None:
        if (moment := (asked := shown()).moment) is None:
            return
        formats = (
            tr("Networks (*.npz)"),
            tr("ONNX, for other programs (*.onnx)"),
            tr("safetensors, for PyTorch (*.safetensors)"),
            tr("Notebook, in NumPy and PyTorch (*.ipynb)"),
        )
        kinds = {words: suffix[1:] for words, suffix in zip(formats, SUFFIXES, strict=True)}
        name = self._suggested("-".join(map(str, moment.network.sizes)), SUFFIX)

        def save(path: str) -> None:  # other digits may have come meanwhile, and closed the run
            self.save(asked if (now := shown()).moment is None else now, path)

        save_dialog(self._window, tr("Save the network"), self._place, name, kinds, save).open()

    def ask_save_experiment(self, then: Callable[[], object] | None = None) -> None:
        """Ask the user where to save all open runs, with or without weights; call `then` once they are saved."""
        if self._lab.digits is None or not self._lab.runs.open:
            return
        whole, small = tr("Experiment (*.mnistviz)"), tr("Small, without weights (*.mnistviz)")
        name = self._suggested(tr("experiment"), EXPERIMENT_SUFFIX)
        title = tr("Save the experiment")
        kinds = dict.fromkeys((whole, small), EXPERIMENT_SUFFIX[1:])

        def save(path: str) -> None:
            self.save_experiment(path, then, small=dialog.selectedNameFilter() == small)

        dialog = save_dialog(self._window, title, self._place, name, kinds, save)
        dialog.open()

    def save_experiment(
        self, path: str | Path, then: Callable[[], object] | None = None, *, small: bool = False
    ) -> None:
        """Write all open runs as they are now; `saved` and `then`, or an error message, follow."""
        self._lab.experiment.gather(partial(self._write_experiment, Path(path), then, small))

    def _write_experiment(
        self, path: Path, then: Callable[[], object] | None, small: bool, experiment: Experiment
    ) -> None:
        if (digits := self._lab.digits) is None or not experiment.runs:
            return
        work = partial(save_experiment, replace(experiment, view=self.view()), path, digits, small=small)
        self.exporter.write(work, partial(self._on_experiment_written, path, then))

    def _on_experiment_written(
        self, path: Path, then: Callable[[], object] | None, error: Exception | None
    ) -> None:
        self._on_written(path, error)
        if error is None and then is not None:
            then()

    def open(self, path: str | Path) -> None:
        """Read a file of a network or an experiment; `opened`, `experiment_opened` or an error message follows."""
        path = Path(path)
        work, then = partial(load_network_or_experiment, path), partial(self._on_read, path)
        self._jobs.ask("open file", work, then, partial(self._on_unread, path), quick=True)

    def save(self, shown: Shown, path: str | Path) -> None:
        """Write the network shown in the format of the file's suffix; `saved` or an error message follows."""
        assert shown.moment is not None
        path = Path(path)
        work = partial(write_network, shown.moment.network, path, describe_run(shown))
        self.exporter.write(work, partial(self._on_written, path))

    def close(self) -> None:
        """Wait until all requested files and the session are written."""
        try:
            self.keeper.close()
        finally:
            self.writer.close()
            self.exporter.close()
            self.keeper.release()

    def restore_recent(self, recent: Sequence[str]) -> None:
        self.recent = [*recent[:MOST_RECENT]]
        self.recent_changed.emit()

    def remember(self, path: Path) -> None:
        """Put `path` first among the recent files and make it the file of the run."""
        if path.parent == self.networks.folder:
            self.path = None
            return
        self.path = path
        text = str(path.absolute())
        self.recent = [text, *(other for other in self.recent if other != text)][:MOST_RECENT]
        self.recent_changed.emit()

    def _on_read(self, path: Path, content: tuple[Network, dict[str, Any]] | Experiment) -> None:
        if isinstance(content, Experiment):
            self.experiment_opened.emit(content, path)
            return
        network, header = content
        self.opened.emit(network, path, Origin.of(header["about"]))

    def _on_unread(self, path: Path, error: Exception) -> None:
        title = tr("Something went wrong")
        if isinstance(error, Problem):
            is_missing = error.code in ("network_missing", "experiment_missing")
            if is_missing and str(path.absolute()) in self.recent:
                self.recent.remove(str(path.absolute()))
                self.recent_changed.emit()
            title = tr("The network could not be opened")
            if path.suffix == EXPERIMENT_SUFFIX:
                title = tr("The experiment could not be opened")
        tell(self._window, title, details(error))

    def _on_written(self, path: Path, error: Exception | None) -> None:
        if error is None:
            if path.suffix.lower() not in FORMATS:  # other formats cannot be opened again
                self.remember(path)
            self.saved.emit(path)
            self._report(*saved_messages(path))
        else:
            title = tr("The network could not be saved")
            if path.suffix == EXPERIMENT_SUFFIX:
                title = tr("The experiment could not be saved")
            tell(self._window, title, details(error))

    @property
    def _place(self) -> str:
        return str(self.path.parent if self.path else home())

    def _suggested(self, name: str, suffix: str) -> str:
        """Return where a file of a kind may be saved: at the open file's path, or beside it."""
        if self.path is None:
            return name + suffix
        return str(self.path if self.path.suffix == suffix else self.path.with_suffix(suffix))


def dropped_path(data: QMimeData) -> Path | None:
    """Return the network, experiment, data set or folder that is being dropped, or None."""
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    known = path.suffix in (SUFFIX, EXPERIMENT_SUFFIX, *TABLES) or idx_set_of(path) is not None
    return path if known or path.is_dir() else None
