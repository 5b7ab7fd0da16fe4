"""What is told of earlier runs, and the folder in which older versions kept the networks of theirs."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnistviz.engine.network import Network
from mnistviz.engine.storage import load_network, save_network
from mnistviz.gui.lab.kept_runs import KeptNetworks, described
from tests.gui.children import known

EPOCH = 100
KEPT = "2026-03-04T05:06:07+00:00"


def keep(folder: Path, about: dict[str, object] | None = None, name: str = "a.npz") -> Path:
    """A network as older versions kept it."""
    folder.mkdir(exist_ok=True)
    about = {"step": 10, "digits": EPOCH, "epoch": EPOCH} if about is None else about
    save_network(Network((4, 3)), folder / name, {"kept": KEPT, **about})
    return folder / name


@pytest.fixture
def kept(tmp_path: Path) -> KeptNetworks:
    return KeptNetworks(tmp_path / "runs")


def test_a_run_is_read_once_and_what_was_read_of_those_that_are_gone_is_forgotten(
    kept: KeptNetworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept.runs() == []
    assert not kept.folder.exists(), "it is not made"
    for _ in range(3):
        keep(kept.folder)
        (run,) = kept.runs()
        run.path.unlink()
    assert kept.runs() == []
    assert not kept._read
    keep(kept.folder)
    (first,) = kept.runs()
    monkeypatch.setattr("mnistviz.gui.lab.kept_runs.load_network", lambda path: pytest.fail("read again"))
    (again,) = kept.runs()
    assert again is first


def test_the_file_of_version_0_1_is_taken_over_and_stays_where_it_is_if_it_can_t_be_read(
    kept: KeptNetworks, tmp_path: Path
) -> None:
    old, network = tmp_path / "last-run.npz", Network((4, 3))
    old.write_bytes(b"PK nonsense")
    kept.adopt(old)
    assert old.exists()
    assert kept.runs() == []
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
    assert known(run.settings).eta == 0.5
    assert run.date.timestamp() == 86_400
    assert not run.short
    np.testing.assert_array_equal(load_network(run.path)[0].parameters, network.parameters)


def test_foreign_and_damaged_files_are_neither_listed_nor_deleted(kept: KeptNetworks) -> None:
    keep(kept.folder)
    (kept.folder / "damaged.npz").write_bytes(b"PK nonsense")
    (kept.folder / "folder.npz").mkdir()
    save_network(Network((4, 3)), kept.folder / "saved by hand.npz", {"step": 3})
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
def test_what_a_header_says_amiss_is_passed_over(kept: KeptNetworks, about: dict[str, object]) -> None:
    keep(kept.folder, about)
    (run,) = kept.runs()
    assert (run.mini_batches, run.accuracy, run.settings, run.data) == (0, None, None, "")


def test_runs_with_an_impossible_date_harm_nothing(kept: KeptNetworks) -> None:
    keep(kept.folder)
    dates = (None, 7, "yesterday", "0001-01-01", "9999-12-31T23:59:59-23:00")
    for number, date in enumerate(dates):
        save_network(Network((4, 3)), kept.folder / f"{number}.npz", {"kept": date})
    assert 1 <= len(kept.runs()) <= 1 + len(dates)


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
    run = described(Path("a.npz"), [4, 3], {"kept": KEPT, **about})
    if run is not None:
        assert 0 <= run.mini_batches < 2**53
        assert run.accuracy is None or 0 <= run.accuracy <= 1
        assert run.read < 2**53
        assert run.before is None or run.before.epochs is None or run.before.epochs < 2**54


def test_a_file_that_nobody_foresaw_hides_no_other_run(
    kept: KeptNetworks, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    good, odd = keep(kept.folder), keep(kept.folder, name="b.npz")

    def load(path: Path) -> object:
        return load_network(path) if path == good else 1 / 0

    monkeypatch.setattr("mnistviz.gui.lab.kept_runs.load_network", load)
    assert [run.path for run in kept.runs()] == [good]
    assert odd.name in caplog.text
