"""Summaries of earlier runs, from the note of a session or the networks that older versions saved."""

import contextlib
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from mnistviz.engine.files import make_folder
from mnistviz.engine.fork import Origin, whole_number
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import SUFFIX, load_network, save_network

LONGEST_NAME = 40  # letters

_NAME = "%Y-%m-%d_%H%M%S"

log = logging.getLogger(__name__)


class KeptRun(Struct, frozen=True):
    """The summary of a run that was saved in the file `path`."""

    path: Path
    date: datetime
    sizes: tuple[int, ...]
    mini_batches: int
    epochs: float | None  # None if the digits of an epoch are unknown
    accuracy: float | None  # on `read` validation digits, as last measured
    settings: Settings | None
    data: str
    read: int = 0
    before: Origin | None = None  # the training of an opened network before
    name: str = ""  # the user's, or that of a branch

    @property
    def short(self) -> bool:
        return self.epochs is not None and self.epochs < 1


class KeptNetworks:
    """The networks of earlier runs in `folder`, where older versions saved them. Safe to use from any thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[tuple[Path, int], KeptRun | None] = {}  # by path and modification time

    def runs(self) -> list[KeptRun]:
        """Return the earlier runs, the newest first; files without a saved run are skipped."""
        runs, read = [], {}
        for path in self.folder.glob(f"*{SUFFIX}"):
            with contextlib.suppress(OSError):  # another window may just have deleted it
                changed = path.stat().st_mtime_ns
                run = read[path, changed] = self._run(path, changed)
                if run is not None:
                    runs.append(run)
        self._read = read  # forget files that no longer exist
        return sorted(runs, key=lambda run: run.date, reverse=True)

    def adopt(self, path: Path) -> None:
        """Move the file that version 0.1 saved into the folder, if there is one."""
        if not path.exists():
            return
        try:
            network, header = load_network(path)
            changed = datetime.fromtimestamp(path.stat().st_mtime)
            make_folder(self.folder)
            own = self.folder / f"{changed:{_NAME}}-{path.name}"
            kept = changed.astimezone().isoformat(timespec="seconds")
            save_network(network, own, {**header["about"], "kept": kept})
            path.unlink()
        except (OSError, Problem) as error:
            log.warning("%s was not taken over: %s", path, error)

    def _run(self, path: Path, changed: int) -> KeptRun | None:
        if (path, changed) in self._read:
            return self._read[path, changed]
        try:
            _, header = load_network(path)
            return described(path, header["sizes"], header["about"])
        except Problem as problem:
            log.warning("%s is not listed: %s", path, problem)
        except Exception:  # an unreadable file must not hide other runs
            log.exception("%s is not listed", path)
        return None


def _one_line(name: object) -> str:
    return name if isinstance(name, str) and len(name) <= LONGEST_NAME and name.isprintable() else ""


def described(path: Path, sizes: object, about: Mapping[str, Any]) -> KeptRun | None:
    """Return the summary in `about`, which may hold anything, without what is invalid; None if it is no saved run."""
    try:
        date = datetime.fromisoformat(about["kept"]).astimezone()
        layers = tuple(size for each in sizes if (size := whole_number(each)) is not None)  # type: ignore[attr-defined]
    except (KeyError, TypeError, ValueError, OverflowError):
        return None

    def number(name: str) -> int | None:
        return whole_number(about.get(name))

    digits, epoch = number("digits"), number("epoch")
    settings, accuracy, read, data = None, None, 0, ""
    with contextlib.suppress(Problem, KeyError, TypeError, AttributeError):
        settings = Settings.from_mapping(about["settings"])
    match about:
        case {"right": {"validation": [right, of]}}:
            right, of = whole_number(right), whole_number(of)
            if right is not None and of and right <= of:
                accuracy, read = right / of, of
    match about:
        case {"data": {"name": str(name)}}:
            data = name
    return KeptRun(
        path,
        date,
        layers,
        number("step") or 0,
        digits / epoch if digits is not None and epoch else None,
        accuracy,
        settings,
        data,
        read,
        Origin.of(about) if "before" in about else None,
        _one_line(about.get("called")),
    )
