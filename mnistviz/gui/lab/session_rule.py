"""The rule of the session folder: which files stay, which are moved aside, and which may be deleted.

Only the window that has the lock of a session changes its folder. A file is read before it is deleted. An unreadable
file stays, also if a newer version wrote it, and so does every file that does not belong to the session.

- A run that is open is never deleted.
- A closed run is deleted if it was not trained, or if it is one of more than twenty and had the least training. The
  ten runs that were closed last stay in any case.
- `session.json`, the note, is never deleted. One that cannot be read is moved aside before another one is written.
- A whole session is deleted if it has no run, or if ten others were used later, and only if all its files can be read.

A run that cannot be opened at a start is named there, and stays as the note has it, open or closed. The note says why
it was not opened, so that the next start tries again and names it only if the reason is another.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from math import inf
from typing import Any, Final

from msgspec import Struct

from mnistviz.engine.experiment.experiment_file import SUFFIX
from mnistviz.engine.fork import whole_number
from mnistviz.engine.workspace import number_of_parameters

MOST_CLOSED: Final = 20
LAST_CLOSED: Final = 10
"""The number of those that were closed last; the others are those with the longest training."""

NOTE: Final = "session.json"
STARTS: Final = "starts"
NOT_OPENED: Final = "not_opened"
"""The key in the note of a run for why a start has not opened it, as the code of a problem."""

About = Mapping[str, Any]

_RUNS: Final = re.compile(r"run-(\d{1,9})" + re.escape(SUFFIX))


class FolderPlan(Struct, frozen=True):
    """What to do with the files of a session, by their names."""

    keep: frozenset[str]
    move_aside: frozenset[str]
    delete: frozenset[str]


def plan_folder(
    runs: Sequence[About], files: Collection[str], opens: Callable[[str], bool], *, whole: bool = False
) -> FolderPlan:
    """Return what to do with the files of a session with these runs, of which the one closed last comes last. `opens`
    returns whether a file can be read; it is only called for files that would be deleted. `whole` deletes all of it."""
    there = frozenset(files)
    if whole:
        notes_first = sorted(there, key=lambda name: run_number(name) is not None)
        goes, none = all(name == STARTS or opens(name) for name in notes_first), frozenset[str]()
        return FolderPlan(none, none, there) if goes else FolderPlan(there, none, none)
    aside = frozenset(name for name in there & {NOTE} if not opens(name))
    closed = [each for each in runs if is_closed(each) and run_file(each["number"]) in there]
    empty = [each for each in closed if each.get("step") == 0 and "before" not in each]
    learned = [each for each in closed if each not in empty]
    least = sorted(learned[:-LAST_CLOSED], key=work)[: max(0, len(learned) - MOST_CLOSED)]
    names = (run_file(each["number"]) for each in [*empty, *least])
    delete = frozenset(name for name in names if opens(name))
    return FolderPlan(there - aside - delete, aside, delete)


def after_start(runs: Sequence[About], not_opened: Mapping[int, str]) -> tuple[About, ...]:
    """Return the notes on the runs after a start that could not open these, with the code of the problem of each."""
    abouts = {each["number"]: {name: each[name] for name in each if name != NOT_OPENED} for each in runs}
    for number, code in not_opened.items():
        abouts[number] = {**abouts.get(number, {"number": number}), NOT_OPENED: code}
    return tuple(abouts.values())


def is_closed(about: About) -> bool:
    return about.get("closed") is True


def work(about: About) -> float:
    """Return parameters times digits, to which the training time is proportional; infinity if the note lacks them."""
    digits, sizes = whole_number(about.get("digits")), about.get("sizes")
    if digits is None or not isinstance(sizes, list) or None in map(whole_number, sizes):
        return inf
    return digits * number_of_parameters(sizes)


def run_file(number: int) -> str:
    return f"run-{number}{SUFFIX}"


def run_number(name: str) -> int | None:
    match = _RUNS.fullmatch(name)
    return None if match is None or name != run_file(int(match[1])) else int(match[1])
