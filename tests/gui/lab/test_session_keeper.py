"""Runs are kept as they go on and as they close; where that can't be, the window says so until it is done."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from msgspec import Struct, field
from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer

from mnistviz.engine.acts import NOW, Edited, WeightEdit
from mnistviz.engine.commands import Play, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.rebuilding import replay_mismatch
from mnistviz.engine.experiment.saved import SavedRun, checksum
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab import open_runs, session_rule
from mnistviz.gui.lab import session_keeper as keeping
from mnistviz.gui.lab.jobs import Then, Writer
from mnistviz.gui.lab.run_names import shared_step
from mnistviz.gui.lab.session_keeper import SessionKeeper
from mnistviz.gui.lab.session_store import SessionFolder, SessionNote, SessionStore
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.window.sessions import ReadSession, read_session
from tests.gui.children import child, known
from tests.gui.lab_by_hand import LabByHand
from tests.gui.live_run import live_run
from tests.locked import locked

SMALL = Settings(sizes=(784, 1, 10))


class AtOnce:
    """A writer that does not wait for a thread, unless the disk is slow: then nothing is written."""

    is_slow = False

    def write(
        self, work: Callable[[], object], then: Then = lambda error: None, *, slot: object = None
    ) -> None:
        if self.is_slow:
            return
        try:
            work()
        except Exception as error:
            then(error)
        else:
            then(None)


class Disk(Struct):
    """It is full for runs with these numbers in the session, and knows what was written."""

    full: set[int] = field(default_factory=set)
    written: list[int] = field(default_factory=list)

    def write(self, session: SessionFolder, run: SavedRun, digits: Digits, most_bytes: int) -> None:
        if run.number in self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        usual_write(session, run, digits, most_bytes)
        self.written.append(run.number)


usual_write = SessionFolder.write_run


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    monkeypatch.setattr(SessionFolder, "write_run", lambda *given: made.write(*given))
    for name in ("AT_REST", "SHOWN_AFTER", "BETWEEN"):
        monkeypatch.setattr(keeping, name, 0)
    return made


@pytest.fixture
def keeper(tmp_path: Path, disk: Disk, lab: LabByHand) -> Iterator[SessionKeeper]:
    parent = QObject()
    made = SessionKeeper(SessionStore(tmp_path / "sessions"), cast(Writer, AtOnce()), lab, parent)
    made.view = lambda: {"step": lab.playhead.step}
    yield made
    made.release()


def told(keeper: SessionKeeper, lab: LabByHand) -> None:
    """The window has drawn the news, and all that was due is kept."""
    for run in lab.runs.open:
        keeper.follow(run, known(lab.digits))
    keep(keeper, lab)


def run_kept(keeper: SessionKeeper, lab: LabByHand, step: int, settings: Settings | None = None) -> RunFacts:
    """Lets a run learn up to a step, and be kept."""
    run = lab.run_to(step, settings)
    told(keeper, lab)
    return run


def keep(keeper: SessionKeeper, lab: LabByHand) -> None:
    timer = child(keeper, QTimer)
    while timer.isActive() and timer.remainingTime() <= 100:
        timer.stop()
        timer.timeout.emit()
        lab.work(1)


def close(keeper: SessionKeeper, lab: LabByHand, *runs: RunFacts) -> None:
    """Close runs, and let that be kept."""
    for run in runs:
        lab.runs.close(run.number)
    lab.work()
    told(keeper, lab)


def end(keeper: SessionKeeper, lab: LabByHand) -> None:
    """The window closes."""
    lab.close()
    keeper.close()
    keeper.release()


def kept_steps(keeper: SessionKeeper) -> dict[int, int]:
    session = SessionFolder(keeper.session.path)
    return {number: session.read_run(number).runs[0].content.record.step for number in session.numbers()}


def test_a_resting_run_is_kept_once_with_bands(keeper: SessionKeeper, disk: Disk, lab: LabByHand) -> None:
    run_kept(keeper, lab, 0, SMALL)
    assert not keeper.session.path.exists(), "nothing was learned"
    run_kept(keeper, lab, 20)
    assert kept_steps(keeper) == {1: 20}
    told(keeper, lab)
    assert disk.written == [1], "nothing is written where nothing changed"
    lab.runs.rename(live_run(lab).number, "mine")
    keep(keeper, lab)
    assert disk.written == [1, 1]
    assert keeper.session.read_run(1).runs[0].name == "mine"
    lab.luck.repeat(live_run(lab), 3)
    lab.work()
    keep(keeper, lab)
    assert disk.written == [1, 1, 1]
    [band] = keeper.session.read_run(1).runs[0].bands
    assert len(band.runs) == 3
    lab.luck.remove(live_run(lab))
    keep(keeper, lab)
    assert keeper.session.read_run(1).runs[0].bands == ()
    lab.runs.begin(SMALL)
    lab.work()
    keep(keeper, lab)
    assert kept_steps(keeper) == {1: 20, 2: 0}, "it is open though it has learned nothing"


def test_a_run_that_learns_is_kept_now_and_then(
    keeper: SessionKeeper, disk: Disk, lab: LabByHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keeping.WHILE_LEARNING <= 30_000
    lab.run_to(5, SMALL)
    lab.runs.send(Play())
    lab.work(2)
    told(keeper, lab)
    assert disk.written == []
    monkeypatch.setattr(keeping, "WHILE_LEARNING", 0)
    keeper._runs.clear()
    told(keeper, lab)
    lab.work(2)
    assert disk.written
    assert live_run(lab).playing


def test_each_run_has_its_own_file_and_a_branch_its_parent(keeper: SessionKeeper, lab: LabByHand) -> None:
    lab._core.count = 5  # the numbers of the session are its own
    first = lab.run_to(20, SMALL)
    lab.runs.branch()
    lab.work()
    lab.runs.send(Step(5))
    lab.work()
    told(keeper, lab)
    assert kept_steps(keeper) == {1: 20, 2: 25}
    assert known(keeper.session.read_run(2).runs[0].fork).number == 1
    assert first.moment is not None
    state = known(keeper.session.read_run(1).runs[0].content.state)
    assert checksum(state.parameters) == checksum(first.moment.network.parameters)


def test_weights_set_by_hand_where_a_run_was_kept_are_read(keeper: SessionKeeper, lab: LabByHand) -> None:
    run_kept(keeper, lab, 1, SMALL)
    lab.runs.send(Edited(*NOW, WeightEdit(1, ((0, 0),), (0.25,))))
    lab.work()
    told(keeper, lab)
    (saved,) = keeper.session.read_run(1).runs
    assert saved.content.record.acts
    assert replay_mismatch(saved, known(lab.digits)) is None, (
        "or the next start says that this machine draws numbers differently"
    )


def test_runs_come_back_in_order_whichever_had_news_first(keeper: SessionKeeper, lab: LabByHand) -> None:
    for seed in (1, 2):
        lab.run_to(2, replace(SMALL, seed=seed))
    lab.experiment.open(lab.gather().runs, 2)  # of which the selected one is there first
    lab.work()
    keeper.follow(lab.runs.open[1], known(lab.digits))
    told(keeper, lab)
    session = SessionFolder(keeper.session.path)
    assert [run.letter for run in read_session(session, session.note()).runs] == ["A", "B"]


def test_a_run_that_is_closed_stays_on_the_disk_as_it_was(keeper: SessionKeeper, lab: LabByHand) -> None:
    run = lab.run_to(20, SMALL)
    run_kept(keeper, lab, 3, SMALL)
    close(keeper, lab, run)
    note = keeper.session.note()
    assert {about["number"]: about["closed"] for about in note.runs} == {1: True, 2: False}
    lab.runs.reopen(run.number)
    lab.work()
    lab.runs.send(Step(5))
    lab.work()
    told(keeper, lab)
    assert kept_steps(keeper) == {1: 25, 2: 3}


def test_another_run_kept_is_no_remedy_for_a_full_disk_on_which_a_run_is_kept_as_soon_as_there_is_room(
    keeper: SessionKeeper, disk: Disk, lab: LabByHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = lab.run_to(20, SMALL)
    disk.full = {1}
    counts: list[int] = []
    keeper.show_troubles = lambda: counts.append(len(keeper.troubles))
    told(keeper, lab)
    assert counts == [1]
    run_kept(keeper, lab, 3, SMALL)
    assert counts == [1]
    [trouble] = keeper.troubles.values()
    assert trouble.letter == "A"
    assert "space" in trouble.reason
    disk.full.clear()
    told(keeper, lab)
    assert counts == [1, 0]
    assert not keeper.troubles
    assert kept_steps(keeper) == {1: 20, 2: 3}
    lab.runs.select(run.number)
    lab.run_to(25)
    disk.full = {1}
    told(keeper, lab)
    lab.runs.close(run.number)
    lab.work()
    assert keeper.troubles
    disk.full.clear()
    monkeypatch.setattr(keeping, "WHILE_LEARNING", 0)
    keeper._runs[run.number].due = 0
    keeper._wait()
    keep(keeper, lab)
    assert not keeper.troubles
    assert kept_steps(keeper) == {1: 25, 2: 3}, "also of one that was closed"


def test_at_the_end_all_is_kept_without_locks(keeper: SessionKeeper, disk: Disk, lab: LabByHand) -> None:
    lab.run_to(20, SMALL)
    closed = lab.run_to(7, SMALL)
    disk.full = {2}
    lab.runs.close(closed.number)
    lab.work()
    lab.playhead.look_at(12)
    disk.full.clear()
    keeper.remember_view()
    other = SessionStore(keeper.store.folder)
    later = other.new()  # begun in another window, and closed before this one
    later.write_note(SessionNote(order=other.next_order()))
    later.release()
    end(keeper, lab)
    assert kept_steps(keeper) == {1: 20, 2: 7}
    assert keeper.session.note().view == {"step": 12}
    assert keeper.session.note().order > later.note().order, "the one closed last comes back"
    assert not list(keeper.store.folder.glob("*.lock"))


def test_a_run_closed_as_the_window_closes_is_kept_as_it_was(keeper: SessionKeeper, lab: LabByHand) -> None:
    closed = lab.run_to(20, SMALL)
    run_kept(keeper, lab, 3, SMALL)
    lab.runs.select(closed.number)
    lab.run_to(25)
    lab.runs.close(closed.number)
    lab.close()  # the worker hears no more
    keeper.close()
    assert kept_steps(keeper) == {1: 25, 2: 3}


def test_of_a_worker_that_does_not_end_the_recipe_is_kept(
    keeper: SessionKeeper, lab: LabByHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.run_to(20, SMALL)
    monkeypatch.setattr(lab.training, "contents", dict)
    lab.close()
    keeper.close()
    (run,) = keeper.session.read_run(1).runs
    assert not run.complete
    assert run.recipe.step == 20


def test_a_folder_that_has_vanished_is_filled_again_and_in_one_that_is_locked_what_was_there_stays(
    keeper: SessionKeeper, lab: LabByHand
) -> None:
    run_kept(keeper, lab, 20, SMALL)
    shutil.rmtree(keeper.session.path)
    lab.runs.rename(live_run(lab).number, "mine")
    keep(keeper, lab)
    run_kept(keeper, lab, 3, SMALL)
    shutil.rmtree(keeper.session.path)
    keeper.touch()
    lab.playhead.look_at(2)
    keep(keeper, lab)
    assert kept_steps(keeper) == {1: 20, 2: 3}
    assert not keeper.troubles
    lab.playhead.live_again()
    with locked(keeper.session.path):
        run_kept(keeper, lab, 25)
        assert keeper.troubles
    assert kept_steps(keeper) == {1: 20, 2: 3}
    run_kept(keeper, lab, 30)
    assert kept_steps(keeper) == {1: 20, 2: 30}
    assert not keeper.troubles


def test_on_a_slow_disk_the_newest_state_waits(keeper: SessionKeeper, lab: LabByHand) -> None:
    writer = cast(AtOnce, keeper._writer)
    lab.run_to(20, SMALL)
    writer.is_slow = True
    told(keeper, lab)
    run_kept(keeper, lab, 25)
    assert known(keeper._runs[live_run(lab).number].waiting)[0].content.record.step == 25


def start_again(keeper: SessionKeeper, lab: LabByHand) -> ReadSession:
    """Goes on with the session as the next start does."""
    session = keeper.session
    found = read_session(session, session.note())
    lab.runs.forget_all()
    lab.experiment.open(found.runs, found.note.selected)
    keeper.continue_session(session, found.note, found.runs, known(lab.digits))
    lab.work()
    told(keeper, lab)
    return found


def test_closed_runs_stay_on_the_disk_however_short_they_are_and_their_order_is_that_of_the_closing(
    keeper: SessionKeeper, lab: LabByHand
) -> None:
    runs = [lab.run_to(3, SMALL.changed(seed=seed)) for seed in range(5)]
    told(keeper, lab)
    close(keeper, lab, runs[2], runs[0], runs[1])
    for _ in range(2):
        start_again(keeper, lab)
        assert keeper.session.numbers() == [1, 2, 3, 4, 5]
        closed = [about["number"] for about in keeper.session.note().runs if about["closed"]]
        assert closed == [3, 1, 2]
    assert [run.path.name for run in keeper.closed_runs()] == [
        f"run-{number}.mnistviz" for number in (2, 1, 3)
    ]


def open_closed(keeper: SessionKeeper, lab: LabByHand, letter: str) -> None:
    """Opens the closed run with this letter, which only the disk knows."""
    number = next(
        run["number"] for run in keeper.session.note().runs if run["closed"] and run["letter"] == letter
    )
    path = keeper.session.run_path(number)
    saved = keeper.session.read_run(number).runs[0]
    lab.experiment.add(saved, {there: here for here, there in keeper.numbers.items()})
    keeper.reopened(path, saved)
    lab.work()
    told(keeper, lab)


def test_a_run_reopened_with_another_letter_keeps_it_at_starts(keeper: SessionKeeper, lab: LabByHand) -> None:
    first, _ = (lab.run_to(3, SMALL.changed(seed=seed)) for seed in range(2))
    close(keeper, lab, first)
    start_again(keeper, lab)
    lab.run_to(4, SMALL.changed(seed=2))
    run_kept(keeper, lab, 5, SMALL.changed(seed=3))
    assert [run.letter for run in lab.runs.open] == ["B", "A", "C"]
    open_closed(keeper, lab, "A")
    close(keeper, lab, lab.runs.open[0])
    for _ in range(2):
        assert [(run.letter, run.step) for run in lab.runs.open] == [("A", 4), ("C", 5), ("D", 3)]
        start_again(keeper, lab)


def test_branches_keep_their_past_if_one_between_is_closed(keeper: SessionKeeper, lab: LabByHand) -> None:

    def branch(step: int) -> None:
        lab.runs.branch()
        lab.work()
        lab.run_to(step)

    lab.run_to(20, SMALL)
    branch(25)
    branch(30)
    lab.run_to(8, SMALL.changed(seed=2))
    branch(9)
    told(keeper, lab)
    close(keeper, lab, lab.runs.open[1], lab.runs.open[3])
    for _ in range(2):
        trunk, twig, other = lab.runs.open
        assert shared_step(trunk, twig, lab.runs.find) == 20
        assert shared_step(trunk, other, lab.runs.find) is None
        assert shared_step(twig, other, lab.runs.find) is None, "not all closed runs are the same one"
        assert twig.parent is not None
        assert twig.parent.letter == "B"
        start_again(keeper, lab)
    open_closed(keeper, lab, "B")
    start_again(keeper, lab)
    runs = {run.letter: run for run in lab.runs.open}
    assert shared_step(runs["B"], runs["C"], lab.runs.find) == 25


def test_a_run_not_opened_is_named_once_and_opened_once_it_can_be_read_or_is_there(
    keeper: SessionKeeper, lab: LabByHand
) -> None:
    for seed in range(3):
        run_kept(keeper, lab, 3, SMALL.changed(seed=seed))
    path = keeper.session.run_path(1)
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    for is_news in (True, False):
        (named,) = start_again(keeper, lab).not_opened
        assert (named.about["letter"], named.is_news) == ("A", is_news)
        assert path.read_bytes() == whole[:-100]
        assert not keeper.closed_runs()
    path.write_bytes(whole)
    assert not start_again(keeper, lab).not_opened
    assert [run.letter for run in lab.runs.open] == ["A", "B", "C"]
    path = keeper.session.run_path(3)
    whole = path.read_bytes()
    path.unlink()
    assert [each.is_news for each in start_again(keeper, lab).not_opened] == [True]
    run_kept(keeper, lab, 5, SMALL)
    assert [each.is_news for each in start_again(keeper, lab).not_opened] == [False]
    path.write_bytes(whole)
    start_again(keeper, lab)
    assert kept_steps(keeper) == {1: 3, 2: 3, 3: 3, 4: 5}, "it has kept its number"
    assert len(lab.runs.open) == 4


def test_a_deletion_is_told(keeper: SessionKeeper, lab: LabByHand, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((open_runs, "MOST_OPEN"), (open_runs, "MOST_CLOSED"), (session_rule, "LAST_CLOSED")):
        monkeypatch.setattr(module, name, 2)
    monkeypatch.setattr(session_rule, "MOST_CLOSED", 4)
    told_of = list[str]()
    keeper.tell = told_of.append
    for seed in range(2 + 2 + 5):  # open, closed, and known to the disk alone
        run_kept(keeper, lab, 1, SMALL.changed(seed=seed))
    assert [text[:20] for text in told_of] == [f"Deleted for good: {letter}." for letter in "ABC"]
    assert [run.path.exists() for run in keeper.closed_runs()] == [True] * 2


def test_it_has_its_selected_run_s_data(tmp_path: Path, small_digits: Digits, random_digits: Digits) -> None:
    session = SessionFolder(tmp_path / "session")
    for number, digits in enumerate([random_digits, small_digits], start=1):
        run = Run(number, SMALL, digits, Mailbox(lambda: None))
        session.write_run(SavedRun(number, SMALL, run.content(), digits.epoch(SMALL)), digits, 0)
    session.release()
    found = read_session(session, SessionNote(selected=2))
    assert [run.number for run in found.runs] == [2]
    assert [each.problem.code for each in found.not_opened] == ["session_other_data"]
