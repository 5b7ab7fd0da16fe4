"""A scene comes back as it was kept; one that can't be read costs nothing else, and is put by."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mnistviz.engine.settings import Settings
from mnistviz.gui.common.choices import NetworkPart, RowPart, WindowPart
from mnistviz.gui.window.scene import FIRST_SPEED, MOST_ASIDE, MOST_BYTES, VERSION, SceneFile, WindowScene
from tests.locked import locked


def aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("stage-20*.unread"))


def test_comes_back_as_it_was(stage_path: Path) -> None:
    scene = WindowScene(
        recent=(os.fsdecode(b"/n\xe4tz"), "/Netz η"), window=WindowPart("compare"), splitters=((1, 2), None)
    )
    assert SceneFile(stage_path).load() == WindowScene(speed=FIRST_SPEED)
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
    assert SceneFile(stage_path).load() == WindowScene()
    assert [path.read_bytes() for path in aside(stage_path)] == [content]
    assert not stage_path.exists()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/zero", path)])
def test_what_is_no_file_stops_no_start(stage_path: Path, make: Callable[[Path], None]) -> None:
    stage_path.parent.mkdir()
    make(stage_path)
    assert SceneFile(stage_path).load() == WindowScene()
    assert len(aside(stage_path)) == 1
    SceneFile(stage_path).save(WindowScene(look="dark"))
    assert SceneFile(stage_path).load() == WindowScene(look="dark")


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
        assert file.load() == WindowScene()
        file.save(WindowScene(look="dark"))
        assert file.load() == WindowScene()


@pytest.mark.parametrize("error", [MemoryError, RecursionError, OSError, ValueError])
def test_whatever_fails_in_keeping_it_ends_nothing_else(
    stage_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*args: Any, **options: Any) -> str:
        raise error

    SceneFile(stage_path).save(WindowScene(look="dark"))
    monkeypatch.setattr(json, "dumps", fail)
    SceneFile(stage_path).save(WindowScene())
    assert SceneFile(stage_path).load() == WindowScene(look="dark")
    assert os.listdir(stage_path.parent) == [stage_path.name]


OF_VERSION_1 = {
    "version": 1,
    "look": "dark",
    "larger_text": True,
    "geometry": "AdnQywAD",
    "splitters": [[280, 1130], [5900, 4100]],
    "hidden": ["show_controls_action"],
    "narrow": False,
    "settings": {"sizes": [784, 16, 10], "seed": 7, "eta": 0.5},
    "workspace": "ideas",
    "speed": 5.0,
    "recent": ["/a.npz"],
    "controls": {"collapsed": ["stopping_group"]},
    "network": {
        "pad": {"tool": "pen", "strokes": []},
        "row": {"wide": True, "gap": 4, "candidates": False},
        "layer": 1,
        "unit": 5,
        "output": 3,
        "path": True,
        "showing": "weights",
    },
    "curves": {"log_cost": True, "error_scale": False, "x_minibatches": True},
    "ideas": {"page": "sigmoid", "pages": {"sigmoid": {"done": ["a"]}}},
    "unit": {"window": True},
}


def test_a_scene_of_version_1_is_read_whole() -> None:
    scene = WindowScene.of(OF_VERSION_1)
    assert scene.network == NetworkPart(
        OF_VERSION_1["network"]["pad"], RowPart(True, 4), 1, 5, 3, True, "weights"  # type: ignore[index]
    )  # fmt: skip
    assert (scene.settings.sizes, scene.settings.eta, scene.speed) == ((784, 16, 10), 0.5, 5.0)
    assert scene.window == WindowPart("curves", workspace="ideas")  # it did not keep the tab
    settings = scene.values().pop("settings")
    assert settings["seed"] == 7
    assert {**scene.values(), **{name: OF_VERSION_1[name] for name in ("settings",)}} == {
        **OF_VERSION_1, "tab": "curves", "controls": {"collapsed": ["stopping_group"], "opened": None},
        "hide_results": False, "predictions": [],
        "mistakes": {
            "set": "test", "order": "surest", "view": "digits", "overview": "matrix",
            "true": None, "read": None, "digit": None, "against": {"kind": "alone", "run": "", "step": 0}, "group": "",
        },
        "minibatch": {"order": "order", "stage": "off", "which": "all"}, "fewest": {"open": False},
        "layers": {"size": "gradient", "beside": ""},
        "futures": {"ask_first": False},
        "pins": {"pins": [], "chosen": 0},
        "corner": None,
    }  # fmt: skip
    assert WindowScene().version == VERSION == 2


@pytest.mark.parametrize(
    ("values", "scene"),
    [
        ([], WindowScene()),
        ({"look": 1, "narrow": 1, "speed": True, "hidden": "x", "tab": None}, WindowScene()),
        ({"hidden": ["a", 1, "b"], "speed": 5}, WindowScene(hidden=("a", "b"), speed=5)),
        ({"splitters": [[1, 2, 3], [4, 5], [True, 1]]}, WindowScene(splitters=(None, (4, 5), None))),
        ({"network": {"layer": 2.0, "unit": "1", "output": 0}}, WindowScene(network=NetworkPart(output=0))),
        ({"settings": {"eta": -1}, "network": 3, "unknown": {}}, WindowScene()),
        (
            {
                "settings": {
                    "sizes": [784, *[2000] * 8, 10],
                    "seed": 7,
                    "output": "softmax",
                    "cost": "cross_entropy",
                }
            },
            WindowScene(settings=Settings(seed=7, output="softmax", cost="cross_entropy")),
        ),
        ({"settings": {"unknown": 1, "eta": 0.5, "cost": []}}, WindowScene(settings=Settings(eta=0.5))),
    ],
)
def test_what_makes_no_sense_is_passed_over(values: object, scene: WindowScene) -> None:
    assert WindowScene.of(values) == scene
