"""The recipes that the window offers: those of the program, and the user's own, which are files in a folder."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from PySide6.QtCore import QObject, Signal

from mnistviz.engine.problems import Problem
from mnistviz.engine.recipes import RECIPES
from mnistviz.engine.settings import Settings
from mnistviz.engine.settings_file import load_settings, save_settings
from mnistviz.gui.widgets import engine_sentence

LONGEST = 50  # letters of a name
_MOST = 200  # own recipes that are listed
_SUFFIX = ".toml"
_UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|%.]')  # not in the name of a file

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RecipeEntry:
    """A recipe as it is listed: `about` says what it shows, for those of the program."""

    title: str
    settings: Settings
    about: str = ""
    own: bool = False


class RecipeBook(QObject):
    """Lists, keeps and deletes recipes. Titles are unique."""

    changed = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._given = [
            RecipeEntry(engine_sentence(recipe.title, {}), recipe.settings, engine_sentence(recipe.about, {}))
            for recipe in RECIPES.values()
        ]
        self._own: list[RecipeEntry] = []
        self._read()

    def entries(self) -> list[RecipeEntry]:
        """Those of the program, then the user's own by their titles."""
        return self._given + self._own

    def find(self, title: str) -> RecipeEntry | None:
        return next((entry for entry in self.entries() if entry.title == title), None)

    def save(self, title: str, settings: Settings) -> None:
        """Keeps `settings` under `title`; raises a `Problem` where that can't be.

        A recipe of one's own with the same title is replaced.
        """
        path = self._path(title)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Problem("file_not_written", file=str(path), reason=error.strerror or str(error)) from error
        save_settings(settings, path)
        self._read()
        self.changed.emit()

    def delete(self, title: str) -> None:
        """Deletes a recipe of one's own; raises a `Problem` where that can't be."""
        path = self._path(title)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise Problem("file_not_deleted", file=str(path), reason=error.strerror or str(error)) from error
        self._read()
        self.changed.emit()

    def _path(self, title: str) -> Path:
        return self._folder / (_UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", title) + _SUFFIX)

    def _read(self) -> None:
        own = []
        for path in sorted(self._folder.glob(f"*{_SUFFIX}"), key=lambda path: path.name.casefold())[:_MOST]:
            try:
                own.append(RecipeEntry(unquote(path.stem), load_settings(path), own=True))
            except Problem as problem:
                log.warning("the recipe %s was not read: %s", path, problem)
        given = {entry.title for entry in self._given}
        self._own = [entry for entry in own if entry.title not in given]
