"""Settings as a TOML file, one line for each, to edit by hand.

eta = 0.5
sizes = [784, 100, 10]
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from mnistviz.engine.files import reason, replacing
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings, renamed, shortened

MOST_BYTES: Final = 64 * 1024


def save_settings(settings: Settings, path: Path, notes: Mapping[str, str] | None = None) -> None:
    """Write every setting to `path`, atomically. `notes` has comments by the name of the setting that they precede.
    Raise `Problem` for settings out of bounds and for a file that can't be written."""
    text = settings_as_toml(settings, notes)
    with replacing(path) as file:
        file.write(text.encode())


def load_settings(path: Path, usual: Settings | None = None) -> Settings:
    """Return the settings in `path`; missing ones are taken from `usual`, or have their defaults. Raise `Problem` for
    a file that can't be read as settings, and as `Settings.from_mapping` does."""
    return Settings.from_mapping({**asdict(usual or Settings()), **read_settings(path)})


def settings_as_toml(settings: Settings, notes: Mapping[str, str] | None = None) -> str:
    """Return the content of a settings file; see `save_settings`."""
    settings = settings.checked()
    lines: list[str] = []
    for name, value in asdict(settings).items():
        note = " ".join((notes or {}).get(name, "").split())
        if note:
            lines.append(f"# {note}")
        lines.append(f"{name} = {_toml_value(value)}")
    return "\n".join(lines) + "\n"


def read_settings(path: Path) -> dict[str, Any]:
    """Return names, in their current form, and values in `path`, for `Settings.from_mapping` to check."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Problem("settings_file_unreadable", file=str(path), reason="not_a_regular_file")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise Problem("settings_file_missing", file=str(path)) from error
    except (OSError, ValueError) as error:  # ValueError: an invalid file name
        why = reason(error) if isinstance(error, OSError) else "not_a_file_name"
        raise Problem("settings_file_unreadable", file=str(path), reason=why) from error
    if len(content) > MOST_BYTES:
        raise Problem("settings_file_too_large", file=str(path), most=MOST_BYTES)
    import tomllib  # imported here: rarely needed

    try:
        return renamed(tomllib.loads(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise Problem("settings_file_not_text", file=str(path)) from error
    except (ValueError, RecursionError) as error:
        raise Problem("settings_file_not_toml", file=str(path), reason=shortened(str(error), 120)) from error


def _toml_value(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    if isinstance(value, str):
        return f'"{value}"'
    return repr(value)
