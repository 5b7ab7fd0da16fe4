"""The folder of the networks of earlier runs: the last twenty stay, whoever else is at it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSysInfo

from mnistviz.engine.network import Network
from mnistviz.engine.storage import load_network, save_network
from mnistviz.gui.lab.kept_runs import MOST, KeptRuns, RunSlot, described

EPOCH = 100


def keep(folder: Path, digits: int, *, used: int | None = None, living: bool = False) -> RunSlot:
    """A run that saw so many digits; `used` stands for the time at which it was kept."""
    slot = RunSlot(folder)
    slot.write(Network((4, 3)), {"step": digits // 10, "digits": digits, "epoch": EPOCH})
    if used is not None:
        os.utime(slot.path, (used, used))
    if not living:
        slot.release()
    return slot


@pytest.fixture
def kept(tmp_path: Path) -> KeptRuns:
    return KeptRuns(tmp_path / "runs")


def test_a_folder_that_is_not_there_holds_no_runs_and_is_not_made(kept: KeptRuns) -> None:
    assert kept.runs() == []
    kept.tidy()
    assert not kept.folder.exists()


def test_the_last_twenty_runs_stay(kept: KeptRuns) -> None:
    slots = [keep(kept.folder, EPOCH, used=number) for number in range(MOST + 3)]
    kept.tidy()
    assert {run.path for run in kept.runs()} == {slot.path for slot in slots[3:]}


def test_what_was_read_of_runs_that_are_gone_is_forgotten(kept: KeptRuns) -> None:
    """A window that stays open for weeks keeps thousands of runs: what it knows of them may not add up."""
    for number in range(5):
        keep(kept.folder, EPOCH, used=number)
        assert len(kept.runs()) == 1
        (run,) = kept.runs()
        run.path.unlink()
    assert kept.runs() == []
    assert not kept._read


def test_a_run_is_read_once(kept: KeptRuns, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(kept.folder, EPOCH)
    (first,) = kept.runs()
    monkeypatch.setattr("mnistviz.gui.lab.kept_runs.load_network", lambda path: pytest.fail("read again"))
    (again,) = kept.runs()
    assert again is first


def test_a_run_that_is_gone_is_not_made_again_by_its_use(kept: KeptRuns) -> None:
    slot = keep(kept.folder, EPOCH)
    slot.path.unlink()
    kept.touch(slot.path)
    assert not slot.path.exists()


def test_a_run_of_less_than_an_epoch_takes_only_the_place_of_another_such(kept: KeptRuns) -> None:
    full = [keep(kept.folder, EPOCH, used=number) for number in range(MOST)]
    for number in range(5):
        short = keep(kept.folder, EPOCH - 10, used=100 + number)
        kept.tidy()
    assert {run.path for run in kept.runs()} == {short.path, *(slot.path for slot in full)}


def test_a_run_that_goes_on_is_neither_listed_nor_deleted_by_another_window(kept: KeptRuns) -> None:
    living = keep(kept.folder, EPOCH - 10, used=0, living=True)
    other = KeptRuns(kept.folder)
    short = keep(kept.folder, EPOCH - 10)
    other.tidy()
    assert living.path.exists()
    assert [run.path for run in other.runs()] == [short.path]
    living.release()
    assert len(other.runs()) == 2
    assert not list(kept.folder.glob("*.lock"))


def test_two_slots_of_one_second_are_two(kept: KeptRuns) -> None:
    assert len({RunSlot(kept.folder).path for _ in range(50)}) == 50


def test_the_run_of_a_killed_window_is_found(kept: KeptRuns) -> None:
    script = (
        "import sys, time; from pathlib import Path; from mnistviz.engine.network import Network;"
        "from mnistviz.gui.lab.kept_runs import RunSlot; slot = RunSlot(Path(sys.argv[1]));"
        "slot.write(Network((4, 3)), {'step': 7}); print('kept', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, kept.folder], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert kept.runs() == []
        process.kill()
        process.wait()
    (run,) = kept.runs()
    assert run.mini_batches == 7
    kept.tidy()
    assert list(kept.folder.iterdir()) == [run.path]


def test_a_lock_that_a_killed_window_left_without_a_run_is_swept(kept: KeptRuns) -> None:
    keep(kept.folder, EPOCH)
    no_process = 2**22 + 1
    (kept.folder / "never written.npz.lock").write_text(
        f"{no_process}\npython\n{QSysInfo.machineHostName()}\n"
    )
    kept.tidy()
    (run,) = kept.runs()
    assert list(kept.folder.iterdir()) == [run.path]


def test_a_run_that_was_opened_again_is_the_last_to_go(kept: KeptRuns) -> None:
    oldest, *_ = [keep(kept.folder, EPOCH, used=number) for number in range(MOST)]
    kept.touch(oldest.path)
    keep(kept.folder, EPOCH, used=100)
    kept.tidy()
    assert oldest.path in {run.path for run in kept.runs()}
    kept.touch(kept.folder / "deleted by somebody else.npz")
    assert len(kept.runs()) == MOST


def test_the_file_of_version_0_1_is_taken_over(kept: KeptRuns, tmp_path: Path) -> None:
    old, network = tmp_path / "last-run.npz", Network((4, 3))
    about = {
        "step": 50,
        "digits": 500,
        "right": {"validation": [9, 10]},
        "settings": {"sizes": [4, 3], "eta": 0.5},
    }
    save_network(network, old, about)
    os.utime(old, (86_400, 86_400))
    kept.adopt(old)
    kept.adopt(old)
    (run,) = kept.runs()
    assert not old.exists()
    assert (run.sizes, run.mini_batches, run.accuracy, run.epochs) == ((4, 3), 50, 0.9, None)
    assert run.settings is not None
    assert run.settings.eta == 0.5
    assert run.date.timestamp() == 86_400
    assert not run.short
    np.testing.assert_array_equal(load_network(run.path)[0].parameters, network.parameters)


def test_a_file_of_version_0_1_that_can_t_be_read_stays_where_it_is(kept: KeptRuns, tmp_path: Path) -> None:
    old = tmp_path / "last-run.npz"
    old.write_bytes(b"PK nonsense")
    kept.adopt(old)
    assert old.exists()
    assert kept.runs() == []


def test_foreign_and_damaged_files_are_neither_listed_nor_deleted(kept: KeptRuns) -> None:
    keep(kept.folder, EPOCH)
    (kept.folder / "damaged.npz").write_bytes(b"PK nonsense")
    (kept.folder / "folder.npz").mkdir()
    save_network(Network((4, 3)), kept.folder / "saved by hand.npz", {"step": 3})
    kept.tidy()
    assert len(kept.runs()) == 1
    assert len(list(kept.folder.iterdir())) == 4


@pytest.mark.parametrize(
    "about",
    [
        {"step": "x", "digits": -1, "epoch": 0, "right": 3, "settings": [], "data": None},
        {
            "step": 10**30,
            "digits": 10**400,
            "epoch": 1,
            "right": {"validation": [3, 0]},
            "settings": {"eta": "x"},
        },
        {"right": {"validation": [5, 2]}, "settings": {"sizes": 1}, "data": {"name": 7}, "measured_at": 0.5},
    ],
)
def test_what_a_header_says_amiss_is_passed_over(kept: KeptRuns, about: dict[str, object]) -> None:
    slot = RunSlot(kept.folder)
    slot.write(Network((4, 3)), about)
    slot.release()
    (run,) = kept.runs()
    assert (run.mini_batches, run.accuracy, run.settings, run.data) == (0, None, None, "")


@pytest.mark.parametrize("date", [None, 7, "yesterday", "0001-01-01", "9999-12-31T23:59:59-23:00"])
def test_a_run_with_an_impossible_date_harms_nothing(kept: KeptRuns, date: object) -> None:
    kept.folder.mkdir()
    save_network(Network((4, 3)), kept.folder / "a.npz", json.loads(json.dumps({"kept": date})))
    keep(kept.folder, EPOCH)
    assert len(kept.runs()) in (1, 2)


ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from([10**400, -(10**400), 2**53, 0, 1]),
        st.floats(),
        st.text(max_size=50),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["validation", "epochs", "mini_batches", "name", "eta", "sizes"]), inner
        ),
    ),
    max_leaves=8,
)
KEYS = ("step", "digits", "epoch", "right", "settings", "data", "before", "called", "measured_at", "kept")


@given(about=st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, ANYTHING)))
def test_whatever_a_header_says_no_number_of_it_is_beyond_reason(about: dict[str, Any]) -> None:
    about = json.loads(json.dumps(about))
    run = described(Path("a.npz"), {"about": {"kept": "2026-03-04T05:06:07+00:00", **about}, "sizes": [4, 3]})
    if run is not None:
        assert 0 <= run.mini_batches < 2**53
        assert run.accuracy is None or 0 <= run.accuracy <= 1
        assert run.read < 2**53
        assert run.before is None or run.before.epochs is None or run.before.epochs < 2**54


def test_a_file_that_nobody_foresaw_hides_no_other_run(
    kept: KeptRuns, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    good, odd = keep(kept.folder, EPOCH), keep(kept.folder, EPOCH)

    def load(path: Path) -> object:
        return load_network(path) if path == good.path else 1 / 0

    monkeypatch.setattr("mnistviz.gui.lab.kept_runs.load_network", load)
    assert [run.path for run in kept.runs()] == [good.path]
    assert odd.path.name in caplog.text
