"""Settings as a TOML file, one line for each, to edit by hand; and the note of a run in an exported picture or table:
a file of settings, with all else as comments, from which the run can be recreated.

    # mnistviz 0.1.0, after 39912 mini-batches, 7.98 epochs
    # data: MNIST, SHA-256 …
    # after 25000 mini-batches: eta 3.0 → 0.5
    sizes = [784, 30, 10]
    …
"""

import json
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict

from mnistviz import __version__
from mnistviz.engine import acts
from mnistviz.engine.acts import Intervention, by_gesture
from mnistviz.engine.digits import Digits
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


def load_settings(path: Path) -> Settings:
    """Return the settings in `path`; missing ones have their defaults. Raise `Problem` for a file that can't be read
    as settings, and as `Settings.from_mapping` does."""
    return Settings.from_mapping(read_settings(path))


def settings_as_toml(settings: Settings, notes: Mapping[str, str] | None = None) -> str:
    settings = settings.checked()
    lines: list[str] = []
    for name, value in asdict(settings).items():
        if note := " ".join((notes or {}).get(name, "").split()):
            lines.append(f"# {note}")
        lines.append(f"{name} = {json.dumps(value)}")  # the same in TOML
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


class NotedRun(Struct, frozen=True):
    settings: Settings
    acts: Sequence[Intervention]
    step: int
    digits: int  # samples consumed
    loaded: bool = False  # whether it began with the weights of a file
    mixed: str = ""  # the networks that it is a mixture of, if any


def run_note(run: NotedRun, data: Digits, before: Sequence[NotedRun] = ()) -> str:
    lines = [
        f"# mnistviz {__version__}, {_come(run, data)}",
        f"# data: {data.name}, SHA-256 {data.checksum}",
        *(f"# {line}" for line in _history(run)),
        settings_as_toml(run.settings).rstrip(),
    ]
    for earlier in before:
        lines += [
            "#",
            f"# The run before, {_come(earlier, data)}:",
            *(f"# {line}" for line in _history(earlier)),
            *(f"# {line}" for line in settings_as_toml(earlier.settings).splitlines()),
        ]
    return "\n".join(lines) + "\n"


def as_comment(note: str) -> str:
    return "".join(f"{line if line.startswith('#') else f'# {line}'}\n" for line in note.splitlines())


def _come(run: NotedRun, data: Digits) -> str:
    return f"after {run.step} mini-batches, {run.digits / data.epoch(run.settings):.4g} epochs"


def _history(run: NotedRun) -> Iterator[str]:
    if run.mixed:
        yield f"the network shown is a mixture of two networks, {run.mixed}; all else is told of the latter"
    if run.loaded:
        yield "begun with the weights of a file"
    for act in by_gesture(run.acts):
        yield f"after {act.step} mini-batches: {_what(act)}"


def _what(act: Intervention) -> str:
    match act:
        case acts.Restored():
            return f"back to the weights after {act.source} mini-batches"
        case acts.Halved():
            return f"eta halved by its schedule, {act.before!r} → {act.after!r}"
        case acts.Stepped():
            return f"one step by eta {act.eta!r} on the training digits {', '.join(map(str, act.numbers))}"
        case acts.SteppedBack():
            return f"the last {act.mini_batches} mini-batches of {act.size} digits again, back, by eta −{act.eta!r}"
        case acts.Nudged():
            return f"the last bit of a weight changed: layer {act.layer}, row {act.row}, column {act.column}"
        case acts.Edited():
            return f"{len(act.edit.values)} weights or biases of layer {act.edit.layer} set by hand"
        case acts.Frozen():
            what = "stops learning" if act.frozen else "learns again"
            return f"unit {act.unit.number} of layer {act.unit.layer} {what}"
        case acts.Taught():
            lesson = act.lesson
            return (
                f"a drawing taught as class {lesson.label}: {lesson.steps} steps by eta {lesson.eta!r}, beside it the "
                f"training digits {', '.join(map(str, lesson.beside)) or 'none'}"
            )
        case acts.Changed():
            return ", ".join(f"{name} {old!r} → {new!r}" for name, old, new in act.changes)
