"""The folders of the sessions: which one a start takes up, which are earlier ones, and who has them open."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import to_builtins
from msgspec.structs import replace

from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.saved import SavedRun
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.problems import Problem
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.records import read_record
from mnistviz.gui.lab.session_store import MOST_EARLIER, SessionFolder, SessionNote, SessionStore
from tests.gui.children import known

SMALL = Settings(sizes=(784, 1, 10))
KEPT = "2026-03-04T05:06:07+00:00"


@pytest.fixture
def store(tmp_path: Path) -> SessionStore:
    return SessionStore(tmp_path / "sessions")


def a_run(digits: Digits, number: int = 1) -> SavedRun:
    run = Run(number, SMALL, digits, Mailbox(lambda: None))
    return SavedRun(number, SMALL, run.content(), digits.epoch(SMALL), letter="A")


def keep(store: SessionStore, digits: Digits, **note: Any) -> SessionFolder:
    """A session with one run, which no window has open."""
    session = store.new()
    session.write_run(a_run(digits), digits, 0)
    about = {"number": 1, "kept": KEPT, "sizes": [784, 1, 10], "step": 20}
    session.write_note(SessionNote(order=store.next_order(), runs=(about,), **note))
    session.release()
    return session


def taken_up(store: SessionStore) -> SessionFolder:
    """The session that a start takes up, though no other window has it."""
    session, _ = known(store.take_last())
    assert not store.is_elsewhere
    return session


def test_a_folder_that_is_not_there_is_not_made_and_a_foreign_one_neither_listed_nor_deleted(
    store: SessionStore, tmp_path: Path
) -> None:
    assert store.take_last() is None
    assert store.earlier() == []
    store.tidy()
    assert not store.folder.exists()
    store.folder.mkdir()
    (store.folder / "mine").mkdir()
    os.symlink(tmp_path, store.folder / "2026-01-02_030405-0a1b2c")
    store.tidy()
    assert len(list(store.folder.iterdir())) == 2
    assert store.take_last() is None


def test_a_start_opens_the_last_session_at_any_time(store: SessionStore, random_digits: Digits) -> None:
    aside = keep(store, random_digits, current=False)
    first, second = keep(store, random_digits), keep(store, random_digits)
    for path in (first.path, first.path / "session.json"):
        os.utime(path, (2**31, 2**31))
    taken = taken_up(SessionStore(store.folder))
    assert taken.path == second.path
    other = SessionStore(store.folder)
    assert other.take_last() is None, "no older one comes in its place"
    assert other.is_elsewhere
    assert [each.path for each in other.earlier()] == [first.path, aside.path]
    assert other.next_order() == 4
    taken.release()
    assert not list(store.folder.glob("*.lock"))


def test_a_session_that_cannot_be_locked_on_a_full_disk_is_shown_all_the_same(
    store: SessionStore, random_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = keep(store, random_digits)
    monkeypatch.setattr(SessionFolder, "take", lambda *_: False)
    assert taken_up(store).path == session.path


def test_where_the_last_session_was_left_to_the_earlier_ones_no_older_one_is_opened(
    store: SessionStore, random_digits: Digits
) -> None:
    keep(store, random_digits)
    keep(store, random_digits, current=False)
    assert store.take_last() is None
    assert not store.is_elsewhere


@pytest.mark.long
def test_the_session_of_a_killed_window_is_free(store: SessionStore, random_digits: Digits) -> None:
    session = keep(store, random_digits)
    script = (
        "import sys, time; from pathlib import Path; from mnistviz.gui.lab.session_store import SessionFolder;"
        "session = SessionFolder(Path(sys.argv[1])); print(session.take(), flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, session.path], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"True"
        assert session.is_open
        assert store.take_last() is None
        process.kill()
        process.wait()
    assert not session.is_open
    assert [each.path for each in store.earlier()] == [session.path]


@contextmanager
def onlookers(path: Path, count: int) -> Iterator[None]:
    """Threads that do nothing but ask who has a session open."""
    done = threading.Event()

    def look() -> None:
        session = SessionFolder(path)
        while not done.is_set():
            session.is_open  # noqa: B018

    threads = [threading.Thread(target=look) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()


def leave_as_killed(session: SessionFolder) -> None:
    """Puts a lock beside a session that nobody has, as a window leaves it that is killed."""
    with subprocess.Popen(["true"]) as dead:
        dead.wait()
    lock = Path(f"{session.path}.lock")
    assert session.take()
    lines = lock.read_text().splitlines(keepends=True)
    session.release()
    lock.with_suffix(".dead").write_text("".join([f"{dead.pid}\n", *lines[1:]]))
    lock.with_suffix(".dead").replace(lock)


def test_a_killed_window_s_lock_is_taken_despite_lookers(store: SessionStore, random_digits: Digits) -> None:
    session = keep(store, random_digits)
    for _ in range(20):
        leave_as_killed(session)
        with onlookers(session.path, 3):
            assert session.take()
        assert SessionFolder(session.path).is_open, "who only looks takes no lock away"
        session.release()


@pytest.mark.skipif(sys.platform == "win32", reason="there, nobody asks whether the process has ended")
def test_the_lock_of_a_killed_window_that_cannot_be_taken_away_says_nothing_of_another_window(
    store: SessionStore, random_digits: Digits
) -> None:
    """As on a full disk, or on one that is read-only by now."""
    session = keep(store, random_digits)
    in_the_way = Path(f"{session.path}.lock.rmlock")
    with_lock = SessionFolder(session.path)
    assert with_lock.take()
    in_the_way.write_bytes(Path(f"{session.path}.lock").read_bytes())  # of this process, which lives
    with_lock.release()
    leave_as_killed(session)
    assert not session.take()
    assert not session.is_open
    assert taken_up(store).path == session.path
    in_the_way.unlink()
    assert session.take(), "there is room again"


def test_a_session_that_was_just_closed_is_judged_by_what_is_there_now(
    store: SessionStore, random_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = keep(store, random_digits)
    monkeypatch.setattr(SessionFolder, "is_open", True)  # as it was a moment ago
    store.tidy()
    assert session.numbers() == [1]


def test_the_last_ten_stay_and_open_ones_always(store: SessionStore, random_digits: Digits) -> None:
    sessions = [keep(store, random_digits, current=False) for _ in range(MOST_EARLIER + 3)]
    assert sessions[0].take()
    empty = store.new()
    empty.write_note(SessionNote(order=store.next_order()))
    empty.release()
    store.tidy()
    there = {path for path in store.folder.iterdir() if path.is_dir()}
    assert there == {sessions[0].path, *(session.path for session in sessions[3:])}
    sessions[0].release()


def test_a_session_whose_runs_have_all_vanished_is_taken_up_so_that_the_start_can_name_them(
    store: SessionStore, random_digits: Digits
) -> None:
    keep(store, random_digits)
    session = keep(store, random_digits)
    session.run_path(1).unlink()
    taken = taken_up(SessionStore(store.folder))
    assert taken.path == session.path
    taken.release()


def test_an_old_session_with_an_unreadable_file_stays(store: SessionStore, random_digits: Digits) -> None:
    names = ("run-2.mnistviz", "session.json", "mine.txt", "session-1.unread")
    *oldest, next_oldest = (keep(store, random_digits, current=False) for _ in (*names, "readable"))
    for _ in range(MOST_EARLIER):
        keep(store, random_digits, current=False)
    for session, name in zip(oldest, names, strict=True):
        (session.path / name).write_bytes(b"{")
    before = {path: path.read_bytes() for session in oldest for path in session.path.iterdir()}
    SessionStore(store.folder).tidy()
    assert {path: path.read_bytes() for session in oldest for path in session.path.iterdir()} == before
    assert not next_oldest.path.exists()


def test_starts_that_do_not_come_to_their_end_are_counted(store: SessionStore, random_digits: Digits) -> None:
    session = keep(store, random_digits)
    for count in range(3):
        assert session.failed_starts == count
        session.begin_start()
    session.end_start()
    assert session.failed_starts == 0


def test_a_note_comes_back_and_a_bad_one_costs_no_run(store: SessionStore, random_digits: Digits) -> None:
    session = keep(store, random_digits)
    note = replace(session.note(), step=7, selected=1, place="/a/b\udce4", view={"tab": "compare"})
    session.write_note(note)
    assert session.note() == note
    session.release()
    start = a_run(random_digits).content.start.parameters
    for content in (b"", b"{", b"[]", b"\xff", b"[" * 10_000):
        (session.path / "session.json").write_bytes(content)
        assert session.note() == SessionNote()
        taken = taken_up(store)
        np.testing.assert_array_equal(taken.read_run(1).runs[0].content.start.parameters, start)
        taken.release()
    session.run_path(1).write_bytes(b"PK nonsense")
    with pytest.raises(Problem, match="experiment_"):
        session.read_run(1)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(to_builtins(SessionNote()), ANYTHING)) | ANYTHING)
def test_whatever_a_note_says_it_is_read(values: object) -> None:
    note = read_record(SessionNote, json.loads(json.dumps(values)))
    assert read_record(SessionNote, to_builtins(note)) == note


def test_of_over_20_closed_runs_readable_ones_go(store: SessionStore, random_digits: Digits) -> None:
    session = store.new()
    for number in range(1, 25):
        session.write_run(a_run(random_digits, number), random_digits, 0)
    session.run_path(2).write_bytes(session.run_path(2).read_bytes()[:-100])
    runs = tuple({"number": number, "closed": True, "step": 1} for number in range(1, 25))
    session.write_note(SessionNote(runs=runs))
    assert session.numbers() == [2, *range(5, 25)]
    assert [each["number"] for each in session.note().runs] == session.numbers()
    assert session.deleted == {1, 3, 4}
    session.write_run(a_run(random_digits, 3), random_digits, 0)
    session.write_note(SessionNote(runs=runs[2:3]))
    assert session.note().runs == runs[2:3], "it is there again"
    session.release()


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"version": 99, "order": 7}'])
def test_a_note_that_cannot_be_read_or_is_of_a_newer_version_is_moved_aside(
    store: SessionStore, random_digits: Digits, content: bytes
) -> None:
    session = keep(store, random_digits)
    (session.path / "session.json").write_bytes(content)
    session.write_note(SessionNote(order=9))
    session.write_note(SessionNote(order=10))
    assert session.note().order == 10
    (aside,) = session.path.glob("session-*.unread")
    assert aside.read_bytes() == content
    session.release()
