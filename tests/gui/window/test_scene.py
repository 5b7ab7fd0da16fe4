"""A scene comes back as it was kept; one that can't be read costs nothing else, and is put by."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mnistviz.gui.window.scene import MOST_ASIDE, MOST_BYTES, SceneFile
from tests.locked import locked


def aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("stage-20*.unread"))


def test_comes_back_as_it_was(stage_path: Path) -> None:
    scene = {"recent": [os.fsdecode(b"/n\xe4tz"), "/Netz η"], "hidden": []}
    assert SceneFile(stage_path).load() == {}
    SceneFile(stage_path).save(scene)
    assert SceneFile(stage_path).load() == scene
    assert not aside(stage_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b"9" * 10_000, b"[" * 100_000, b" " * (MOST_BYTES + 1)],
    ids=lambda content: repr(content[:9]),
)
def test_what_cannot_be_read_is_put_by_under_its_date(stage_path: Path, content: bytes) -> None:
    stage_path.parent.mkdir()
    stage_path.write_bytes(content)
    assert SceneFile(stage_path).load() == {}
    assert [path.read_bytes() for path in aside(stage_path)] == [content]
    assert not stage_path.exists()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/zero", path)])
def test_what_is_no_file_stops_no_start(stage_path: Path, make: Callable[[Path], None]) -> None:
    stage_path.parent.mkdir()
    make(stage_path)
    assert SceneFile(stage_path).load() == {}
    assert len(aside(stage_path)) == 1
    SceneFile(stage_path).save({"version": 1})
    assert SceneFile(stage_path).load() == {"version": 1}


def test_one_put_by_takes_no_other_s_place_and_the_newest_few_are_kept(stage_path: Path) -> None:
    stage_path.parent.mkdir()
    for number in range(MOST_ASIDE + 3):
        stage_path.write_text(f"damaged {number}")
        SceneFile(stage_path).load()
    assert [path.read_text() for path in aside(stage_path)] == [
        f"damaged {number}" for number in range(3, MOST_ASIDE + 3)
    ]


@pytest.mark.parametrize(
    "name",
    ["x" * 300, "zero\0byte", "half \ud800", "locked/stage.json", "file/stage.json"],
    ids=["long", "zero", "half", "locked", "file"],
)
def test_a_place_that_cannot_be_is_nothing_and_keeps_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "file").touch()
    with locked(tmp_path / "locked"):
        file = SceneFile(tmp_path / name)
        assert file.load() == {}
        file.save({"version": 1})
        assert file.load() == {}


@pytest.mark.parametrize("error", [MemoryError, RecursionError, OSError, ValueError])
def test_whatever_fails_in_keeping_it_ends_nothing_else(
    stage_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*args: Any, **options: Any) -> str:
        raise error

    SceneFile(stage_path).save({"version": 1})
    monkeypatch.setattr(json, "dumps", fail)
    SceneFile(stage_path).save({"version": 2})
    assert SceneFile(stage_path).load() == {"version": 1}
    assert os.listdir(stage_path.parent) == [stage_path.name]
