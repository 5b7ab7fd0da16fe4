"""The recipes in the window: those of the program, and the user's own, which are files in a folder."""

import logging
import os
import re
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from mnistviz.engine.files import make_folder, read_file, reason, replacing
from mnistviz.engine.problems import Problem
from mnistviz.engine.recipes import RECIPES, Recipe
from mnistviz.engine.settings import Settings
from mnistviz.engine.settings_file import MOST_BYTES, load_settings, save_settings
from mnistviz.gui.common import numbers
from mnistviz.gui.common.widgets import engine_sentence

LONGEST = 50  # letters of a title
_MOST = 200  # own recipes in the list
_SUFFIX = ".toml"
_UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|%.]')  # not in a file name
_RESERVED = re.compile(r"con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]", re.IGNORECASE)  # by Windows

log = logging.getLogger(__name__)


class RecipeEntry(Struct, frozen=True):
    """A recipe in the list, below the heading of its `group`. Its `id` is its name, or that of the user's file.

    Recipes of the program also have texts: `about`, what it shows; `reaches`, its accuracy; `course`, how long it
    takes; `outcome`, accuracy and course in sentences; `seeds`, how many seeds reach that, if not all.
    """

    id: str
    title: str
    settings: Settings
    group: str = "own"
    about: str = ""
    outcome: str = ""
    reaches: str = ""
    seeds: str = ""
    course: str = ""
    path: Path | None = None

    @property
    def heading(self) -> str:
        return engine_sentence(f"recipe_group_{self.group}", {})

    @property
    def own(self) -> bool:
        return self.path is not None


class RecipeBook(QObject):
    """Lists, saves and deletes recipes. Titles are unique."""

    changed = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._given = [_entry(recipe) for recipe in RECIPES.values()]
        self._own: list[RecipeEntry] = []
        self._hides_results = False
        self._read()

    def entries(self) -> list[RecipeEntry]:
        given = self._given
        if self._hides_results:
            given = [replace(entry, outcome=entry.course, reaches="", seeds="") for entry in given]
        return given + self._own

    def hide_results(self, hide: bool) -> None:
        if hide != self._hides_results:
            self._hides_results = hide
            self.changed.emit()

    def get(self, id: str) -> RecipeEntry | None:
        return next((entry for entry in self.entries() if entry.id == id), None)

    def find(self, title: str) -> RecipeEntry | None:
        """Return the recipe of this title, ignoring case unless there is an exact match; None if there is none."""
        wanted = _plain(title)
        alike = [entry for entry in self.entries() if entry.title.casefold() == wanted.casefold()]
        return min(alike, key=lambda entry: entry.title != wanted, default=None)

    def save(self, title: str, settings: Settings) -> None:
        """Save `settings` under `title`, made plain and short.

        Raises a `Problem` if that fails. An own recipe with the same title is replaced.
        """
        if not (title := _plain(title)):
            raise Problem("recipe_without_name")
        known = self.find(title)
        path = known.path if known is not None and known.path is not None else self._path(title)
        try:
            make_folder(self._folder)
        except OSError as error:
            raise Problem("file_not_written", file=str(path), reason=error.strerror or str(error)) from error
        save_settings(settings, path)
        self._read()

    def delete(self, id: str) -> Callable[[], None] | None:
        """Delete an own recipe. Return a function that restores it. Raises a `Problem` if that fails."""
        if (entry := self.get(id)) is None or entry.path is None:
            return None
        try:
            content = read_file(entry.path, MOST_BYTES)
            entry.path.unlink()
        except OSError as error:
            raise Problem("file_not_deleted", file=str(entry.path), reason=reason(error)) from error
        self._read()
        return partial(self._bring_back, entry, content)

    def _bring_back(self, entry: RecipeEntry, content: bytes) -> None:
        """Write a file as it was, unless there is another recipe of its name now; raises a `Problem`."""
        if entry.path is None or entry.path.exists() or self._is_listed(entry.title):
            return
        with replacing(entry.path) as file:
            file.write(content)
        self._read()

    def _path(self, title: str) -> Path:
        name = _UNSAFE.sub(lambda match: _escaped(match[0]), title)
        if _RESERVED.fullmatch(name):
            name = _escaped(name[0]) + name[1:]
        return self._folder / (name + _SUFFIX)

    def _is_listed(self, title: str) -> bool:
        return any(entry.title == title for entry in self.entries())

    def _read(self) -> None:
        self._own = []
        for name in self._files():
            title, path = _plain(unquote(name.removesuffix(_SUFFIX))), self._folder / name
            if not title or self._is_listed(title):
                continue
            try:
                self._own.append(RecipeEntry(quote(os.fsencode(name)), title, load_settings(path), path=path))
            except Problem as problem:
                log.warning("the recipe %r was not read: %s", name, problem)
        self.changed.emit()

    def _files(self) -> list[str]:
        try:
            names = [name for name in os.listdir(self._folder) if name.endswith(_SUFFIX)]
        except FileNotFoundError:
            return []
        except OSError as error:
            log.warning("the recipes were not read: %r", error)
            return []
        return sorted(names, key=str.casefold)[:_MOST]


def _entry(recipe: Recipe) -> RecipeEntry:
    minutes = recipe.seconds >= 100
    code = "recipe_minutes" if minutes else "recipe_seconds"
    time = engine_sentence(code, {"count": round(recipe.seconds / 60 if minutes else recipe.seconds)})
    reaches = recipe.reaches
    some = "_some" if reaches.learned < reaches.seeds else ""
    median, lowest, highest = numbers.beside(reaches.median, reaches.lowest, reaches.highest)
    values = {
        "median": median,
        "nine_of_ten": numbers.beside(reaches.nine_of_ten, reaches.lowest, reaches.highest)[0],
        "lowest": lowest,
        "highest": highest,
        "learned": reaches.learned,
        "seeds": reaches.seeds,
        "epochs": recipe.epochs,
        "time": time,
    }
    course = engine_sentence("recipe_goes_on" if recipe.goes_on else "recipe_stops", values)
    return RecipeEntry(
        recipe.name,
        engine_sentence(recipe.title, {}),
        recipe.settings,
        recipe.group,
        engine_sentence(recipe.about, {}),
        f"{engine_sentence(f'recipe_reaches{some}', values)} {course}",
        engine_sentence("recipe_share", values),
        engine_sentence("recipe_seeds", values) if some else "",
        course,
    )


def _escaped(letter: str) -> str:
    return f"%{ord(letter):02X}"


def _plain(title: str) -> str:
    """Return a title that fits into a line: without control characters and surrogates, and short."""
    shown = (
        " " if letter.isspace() else "\ufffd" if unicodedata.category(letter) in ("Cc", "Cs") else letter
        for letter in title
    )
    return "".join(shown).strip()[:LONGEST].rstrip()
