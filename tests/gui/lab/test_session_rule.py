"""Whatever happens to a session, no file of it goes that was never read, and what goes is what the rule says."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct, field

from mnistviz.engine.digits import Digits
from mnistviz.gui.lab.open_runs import MOST_OPEN
from mnistviz.gui.lab.session_rule import (
    LAST_CLOSED,
    MOST_CLOSED,
    NOT_OPENED,
    NOTE,
    STARTS,
    after_start,
    plan_folder,
    run_file,
    run_number,
    work,
)
from mnistviz.gui.lab.session_store import SessionFolder, SessionNote
from mnistviz.gui.window.sessions import ReadSession, read_session
from tests.examples import examples
from tests.gui.children import known
from tests.gui.lab.test_session_store import a_run


def closed(number: int, digits: int, **more: Any) -> dict[str, Any]:
    """What a note says of a closed run that has trained on so many digits."""
    return {"number": number, "closed": True, "step": digits, "digits": digits, "sizes": [784, 1, 10], **more}


def deleted(runs: Sequence[dict[str, Any]], unread: Sequence[int] = ()) -> list[int]:
    """The numbers of the runs that are deleted where all files are there, and these can't be read."""
    names = [run_file(each["number"]) for each in runs]
    plan = plan_folder(runs, names, lambda name: run_number(name) not in unread)
    assert plan.keep | plan.delete == set(names)
    return sorted(number for name in plan.delete if (number := run_number(name)) is not None)


def test_of_more_the_one_with_the_least_work_goes_that_is_not_of_the_last_ten() -> None:
    digits = [50, 40, 40, *[30] * 7, 10, *[1] * LAST_CLOSED]
    runs = [closed(number, each) for number, each in enumerate(digits)]
    assert deleted(runs) == [10]
    assert deleted(runs[1:]) == []
    wide = closed(10, 10, sizes=[784, 100, 10])
    assert work(wide) > work(closed(0, 50))
    assert deleted([*runs[:10], wide, *runs[11:]]) == [3]
    runs = [{"number": number, "closed": True} for number in range(3)]
    assert deleted([*runs, *(closed(number, 9) for number in range(3, 25))]) == [3, 4, 5, 6, 7]
    opened = closed(2, 0, before={"epochs": 3.0})
    running = {**closed(3, 0), "closed": False}
    assert deleted([closed(1, 0), opened, running]) == [1]


def test_a_run_that_was_not_opened_stays_open_or_closed_and_the_note_says_why() -> None:
    runs = [closed(1, 5), {"number": 2, "letter": "B"}, {"number": 3, NOT_OPENED: "experiment_newer"}]
    assert after_start(runs, {1: "experiment_missing", 2: "experiment_newer", 4: "session_full"}) == (
        closed(1, 5, **{NOT_OPENED: "experiment_missing"}),
        {"number": 2, "letter": "B", NOT_OPENED: "experiment_newer"},
        {"number": 3},
        {"number": 4, NOT_OPENED: "session_full"},
    )


def test_a_whole_session_goes_only_if_every_file_can_be_read() -> None:
    files = frozenset({NOTE, STARTS, run_file(1), run_file(2)})
    assert plan_folder((), files, lambda name: name != STARTS, whole=True).delete == files
    for name in (NOTE, run_file(2)):
        plan = plan_folder((), files, lambda each, name=name: each != name, whole=True)  # type: ignore[misc]
        assert plan.keep == files
        assert not plan.delete
    foreign = {*files, "mine.txt"}
    assert plan_folder((), foreign, lambda name: name != "mine.txt", whole=True).keep == foreign


ABOUTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"number": st.integers(0, 40)},
    optional={
        "closed": st.booleans(),
        "step": st.integers(0, 2),
        "digits": st.integers(0, 9) | st.none(),
        "sizes": st.lists(st.integers(1, 9), max_size=3) | st.just("784"),
        "before": st.just({}),
        NOT_OPENED: st.just("experiment_newer"),
    },
)


@given(
    st.lists(ABOUTS, max_size=50, unique_by=lambda about: about["number"]),
    st.frozensets(st.integers(0, 40).map(run_file) | st.sampled_from([NOTE, STARTS, "mine.txt"])),
    st.frozensets(st.integers(0, 40).map(run_file) | st.just(NOTE)),
    st.booleans(),
)
def test_each_file_has_one_fate_and_only_what_can_be_read_is_deleted(
    runs: list[dict[str, Any]], files: frozenset[str], readable: frozenset[str], whole: bool
) -> None:
    plan = plan_folder(runs, files, readable.__contains__, whole=whole)
    assert sorted([*plan.keep, *plan.move_aside, *plan.delete]) == sorted(files)
    assert plan.move_aside <= {NOTE} - readable
    assert plan.delete <= readable | {STARTS}
    if not whole:
        assert plan.delete <= {run_file(about["number"]) for about in runs if about.get("closed")}


class Window(Struct):
    """What a window does with a session folder, as far as it matters to the files."""

    folder: OnDisk
    session: SessionFolder | None = None
    runs: dict[int, dict[str, Any]] = field(default_factory=dict)
    open: list[int] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    """Of all files that there are: whole, or why they can't be read."""
    lost: dict[str, str] = field(default_factory=dict)
    """States of the files that have vanished, and may come again."""

    def start(self, _: int = 0) -> None:
        if self.session is not None:
            self.session.release()
        self.session = self.folder.session()
        note = self.session.note()
        found = read_session(self.session, note)
        self.check_start(note, found)
        self.runs = {each["number"]: dict(each) for each in found.note.runs}
        self.open = [run.number for run in found.runs]
        for number in self.open:
            self.runs[number] = {**closed(number, 1), **self.runs.get(number, {}), "closed": False}
        self.keep()

    def check_start(self, note: SessionNote, found: ReadSession) -> None:
        """What can be read is open, and the rest is named, if it was not named before for the same reason."""
        is_closed = {each["number"] for each in note.runs if each.get("closed") is True}
        there = sorted(number for name in self.states if (number := run_number(name)) is not None)
        opened, codes = list[int](), dict[int, str]()
        for number in dict.fromkeys([*(each["number"] for each in note.runs), *there]):
            if (state := self.states.get(run_file(number), "missing")) == "missing":
                codes[number] = "experiment_missing"
            elif number in is_closed:
                pass  # it is not read
            elif len(opened) == MOST_OPEN:
                codes[number] = "session_full"
            elif state == "whole":
                opened.append(number)
            else:
                codes[number] = f"experiment_{state}"
        assert [run.number for run in found.runs] == opened
        before = {each["number"]: each.get(NOT_OPENED) for each in note.runs}
        assert {each.problem.values["file"]: each.problem.code for each in found.not_opened} == {
            run_file(number): code for number, code in codes.items()
        }
        for each in found.not_opened:
            number = run_number(str(each.problem.values["file"])) or 0
            assert each.is_news == (before.get(number) != codes[number])
        assert found.note_unread == (self.states.get(NOTE, "whole") != "whole")

    def begin(self, count: int) -> None:
        for digits in range(count % 30):
            self.begin_one(digits)
            self.close(0)
        self.begin_one(count)

    def begin_one(self, digits: int) -> None:
        number = max([*self.runs, *known(self.session).numbers()], default=0) + 1
        self.put(run_file(number), "whole")
        self.runs[number] = {**closed(number, digits), "closed": False}
        self.open.append(number)

    def close(self, place: int) -> None:
        if self.open:
            number = self.open.pop(place % len(self.open))
            self.runs[number] = {**self.runs.pop(number), "closed": True}  # the last one

    def keep(self, _: int = 0) -> None:
        assert self.session is not None
        before = self.folder.contents()
        self.session.write_note(SessionNote(runs=tuple(self.runs.values())))
        after = self.folder.contents()
        gone = {name for name in before if name not in after and name != NOTE}
        unread = [before[name] for name, state in self.states.items() if state != "whole"]
        assert all(content in after.values() for content in unread)
        numbers = [number for name in gone if (number := run_number(name)) is not None]
        assert len(numbers) == len(gone), "only runs go"
        assert all(self.runs[number].get("closed") and number not in self.open for number in numbers)
        learned = [number for number, each in self.runs.items() if each.get("closed") and each.get("step")]
        there = [number for number in learned if run_file(number) in before]
        assert not set(numbers) & set(there[-LAST_CLOSED:])
        assert all(number not in learned for number in numbers) or len(there) > MOST_CLOSED
        still = [number for number in there[:-LAST_CLOSED] if number not in numbers]
        assert all(self.is_whole(number) for number in numbers)
        readable = [work(self.runs[number]) for number in still if self.is_whole(number)]
        least = [work(self.runs[number]) for number in numbers if number in learned]
        assert not readable or max(least, default=0) <= min(readable)
        assert len(readable) <= MOST_CLOSED - LAST_CLOSED
        for number in numbers:
            del self.states[run_file(number)], self.runs[number]
        self.states[NOTE] = "whole"

    def is_whole(self, number: int) -> bool:
        return self.states[run_file(number)] == "whole"

    def put(self, name: str, state: str) -> None:
        self.folder.put(name, state)
        self.states[name] = state

    def befall(self, state: str, place: int) -> None:
        if names := sorted(name for name in self.states if name != NOTE or state != "whole"):
            self.put(names[place % len(names)], state)

    def vanish(self, place: int) -> None:
        if names := sorted(name for name in self.states if name != NOTE):
            name = names[place % len(names)]
            self.folder.drop(name)
            self.lost[name] = self.states.pop(name)

    def come_again(self, place: int) -> None:
        if names := sorted(self.lost):
            name = names[place % len(names)]
            state = self.lost.pop(name)
            if name not in self.states:
                self.put(name, state)

    def end(self, _: int = 0) -> None:
        self.keep()
        self.start()

    def do(self, act: str, number: int) -> None:
        if act in STATES:
            self.befall(act, number)
        else:
            getattr(self, act)(number)


STATES = ("damaged", "unknown", "newer", "whole")
ACTS = [*("start", "end", "begin", "close", "close", "close", "keep"), *("vanish", "come_again", *STATES)]
SEQUENCES = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 60)), max_size=40)


def live_through(folder: OnDisk, acts: list[tuple[str, int]]) -> None:
    """A `start` without an `end` before it comes after a kill: the note is as it was."""
    window = Window(folder)
    window.start()
    for act, number in acts:
        window.do(act, number)
    window.do("end", 0)
    window.do("end", 0)
    known(window.session).release()


class OnDisk(Struct):
    """Files as they are on the disk, whole or not."""

    path: Path
    digits: Digits
    whole: dict[str, bytes] = field(default_factory=dict)

    def session(self) -> SessionFolder:
        """Made anew at each start."""
        return SessionFolder(self.path)

    def drop(self, name: str) -> None:
        (self.path / name).unlink()

    def put(self, name: str, state: str) -> None:
        content = (self.path / name).read_bytes() if name == NOTE else self.content(name)
        if state == "newer":
            content = as_newer(content) if name != NOTE else b'{"version": 99}'
        elif state == "damaged":
            content = b"{" if name == NOTE else rewritten(content, lambda values: {**values, "states": None})
        elif state == "unknown":
            content = content[: len(content) // 2]
        (self.path / name).write_bytes(content)

    def content(self, name: str) -> bytes:
        """The content of a run's file as it is written."""
        if name not in self.whole:
            number = run_number(name)
            assert number is not None
            scratch = SessionFolder(self.path.with_name("scratch"))
            scratch.write_run(a_run(self.digits, number), self.digits, 0)
            self.whole[name] = (scratch.path / name).read_bytes()
        return self.whole[name]

    def contents(self) -> dict[str, object]:
        return {each.name: each.read_bytes() for each in self.path.iterdir()} if self.path.exists() else {}


def as_newer(content: bytes) -> bytes:
    """The same experiment as a version to come would write it."""
    return rewritten(content, lambda values: {**values, "format": 99})


def rewritten(content: bytes, change: Callable[[dict[str, Any]], dict[str, Any]]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            read = old.read(name)
            new.writestr(name, json.dumps(change(json.loads(read))) if name.endswith(".json") else read)
    return made.getvalue()


@pytest.fixture
def disk(tmp_path: Path, random_digits: Digits) -> OnDisk:
    return OnDisk(tmp_path, random_digits)


@given(acts=SEQUENCES)
@settings(
    max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_no_file_goes_that_was_not_read_whatever_happens(disk: OnDisk, acts: list[tuple[str, int]]) -> None:
    disk.path = disk.path.with_name(f"session-{os.urandom(4).hex()}")
    live_through(disk, acts)
