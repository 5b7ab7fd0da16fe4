"""A scene comes back as it was kept; a damaged one costs nothing else; and the very first start."""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, Qt
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import PIXELS, Digits
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.gui.common.choices import (
    FIRST_STEPS,
    Choices,
    CurvesPart,
    FirstPart,
    LayersPart,
    MistakesPart,
    NetworkPart,
    RowPart,
    WindowPart,
)
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import FIRST_SPEED, MOST_ASIDE, MOST_BYTES, VERSION, SceneFile, WindowScene
from mnistviz.gui.window.transport import SPEEDS
from tests.examples import examples
from tests.gui.live_run import live_run
from tests.locked import locked


def aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("stage-20*.unread"))


def test_comes_back_as_it_was(stage_path: Path) -> None:
    scene = WindowScene(
        recent=(b"/n\xe4tz".decode(errors="surrogateescape"), "/Netz η"),
        window=WindowPart("layers"),
        layers=LayersPart(opened=True),
        splitters=((1, 2), None),
    )
    assert SceneFile(stage_path).load() == WindowScene(speed=FIRST_SPEED, first=FirstPart(FIRST_STEPS))
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


@pytest.mark.parametrize("kind", ["mkfifo", "mkdir", "symlink"])
def test_what_is_no_file_stops_no_start(stage_path: Path, kind: str) -> None:
    stage_path.parent.mkdir()
    stage_path.symlink_to("/dev/zero") if kind == "symlink" else getattr(os, kind)(stage_path)
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
    with locked(tmp_path / "locked") if name.startswith("locked") else nullcontext():
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
    assert scene.values().pop("settings")["seed"] == 7
    assert {**json.loads(json.dumps(scene.values())), **{name: OF_VERSION_1[name] for name in ("settings",)}} == {
        **{name: value for name, value in OF_VERSION_1.items() if name != "larger_text"},
        "text": 125, "hatched": False, "tab": "curves", "controls": {"more": False, "recipe": ""},
        "hide_results": False, "letters_in_network": False, "calm": False, "announcements": "normal", "predictions": [],
        "mistakes": {
            "set": "test", "order": "surest", "view": "digits", "overview": "matrix",
            "true": None, "read": None, "digit": None, "against": {"kind": "alone", "run": "", "step": 0}, "group": "",
        },
        "minibatch": {"order": "order", "stage": "off", "which": "one"}, "fewest": {"open": False},
        "layers": {"opened": False, "size": "gradient", "beside": ""},
        "curves": {"view": "plot", **OF_VERSION_1["curves"], "fit_selected": False},  # type: ignore[dict-item]
        "futures": {"ask_first": False}, "first": {"left": [], "invited": False}, "pins": {"pins": [], "chosen": 0},
        "corner": None,
    }  # fmt: skip
    assert WindowScene().version == VERSION == 2


def test_what_was_a_tab_of_its_own_is_found_where_it_is_now() -> None:
    """The tabs of the former versions; what else a scene has stays as it was."""
    scene = WindowScene.of({"tab": "compare", "curves": {"log_cost": True}})
    assert (scene.window.tab, scene.curves) == ("curves", CurvesPart("table", log_cost=True))
    scene = WindowScene.of({"tab": "pins", "mistakes": {"set": "training"}})
    assert (scene.window.tab, scene.mistakes) == ("mistakes", MistakesPart("training", overview="pinned"))
    assert WindowScene.of({"tab": "network"}).choices == Choices()


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


Open = Callable[..., MainWindow]

texts = st.text(st.characters(exclude_categories=()), max_size=20)  # with lone surrogates
whole = st.integers() | st.sampled_from((2**31 - 1, 2**31, -(2**31), 2**63, 10**400, -1, 0))
scalars = st.none() | st.booleans() | whole | st.floats() | texts
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def record(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A record with any of these keys, or anything else."""
    return st.fixed_dictionaries({}, optional=parts) | anything


def nearly(geometry: str) -> st.SearchStrategy[str]:
    """A window's geometry with some of its bytes changed or its end cut off."""
    good = b64decode(geometry)
    changes = st.dictionaries(st.integers(0, len(good) - 1), st.integers(0, 255), max_size=4)

    def changed(new: dict[int, int], length: int) -> str:
        return b64encode(bytes(new.get(at, byte) for at, byte in enumerate(good[:length]))).decode()

    return st.builds(changed, changes, st.integers(0, len(good)))


def scenes(geometry: str) -> st.SearchStrategy[dict[str, Any]]:
    """Scenes whose parts are nearly right, or anything at all."""
    sizes = st.lists(st.lists(whole | st.integers(-5, 2_000) | anything, max_size=4), max_size=3)
    points = st.lists(st.lists(st.lists(st.floats() | st.floats(0, 1), max_size=4), max_size=4), max_size=3)
    settings_part = dict.fromkeys(SETTINGS, anything)
    settings_part["sizes"] = st.lists(st.integers(-1, 3_000) | whole, max_size=5) | anything
    parts: dict[str, st.SearchStrategy[Any]] = {
        **dict.fromkeys(("version", "look", "larger_text", "text", "narrow"), anything),
        "geometry": nearly(geometry) | anything,
        "splitters": sizes | anything,
        "hidden": st.lists(st.sampled_from(("show_controls_action", "enlarge_action")) | anything) | anything,
        "settings": record(**settings_part),
        "speed": st.sampled_from(SPEEDS) | anything | st.sampled_from((float("nan"), 1, True)),
        "controls": record(more=anything, collapsed=st.lists(anything) | anything),
        "curves": record(
            view=anything, log_cost=anything, error_scale=anything, x_minibatches=anything, fit_selected=anything
        ),
        "tab": st.sampled_from(("curves", "compare", "pins", "network", "layers")) | anything,
        "network": record(
            pad=record(
                tool=anything, strokes=points | anything, digit=st.just("00" * PIXELS) | anything,
                number=whole | anything, label=st.integers(-1, 10) | anything,
            ),
            row=record(wide=anything, gap=whole | anything, candidates=anything),
            layer=anything, unit=anything, output=anything, path=anything, showing=anything,
        ),
        "ideas": record(page=anything, pages=record(circuit=record(done=anything)) | anything),
        "unit": record(window=anything),
        "recent": st.lists(texts) | anything,
    }  # fmt: skip
    return st.fixed_dictionaries({}, optional=parts)


@pytest.mark.long
def test_whatever_a_kept_scene_holds_it_stops_no_start(open_window: Open, small_digits: Digits) -> None:
    window = open_window()
    kept = window.session.scene()

    @settings(deadline=None, max_examples=examples(100), suppress_health_check=[HealthCheck.too_slow])
    @given(scenes(kept.geometry))
    def survives(scene: dict[str, Any]) -> None:
        window.session.restore(kept)
        window.session.restore(WindowScene.of(scene))
        QCoreApplication.processEvents()
        assert window.controls.settings().checked().sizes[0] == PIXELS
        assert window.transport.speed_value() in SPEEDS
        assert all(0 <= size < 2**24 for sizes in window.session.scene().splitters for size in sizes or ())
        assert not window.isFullScreen()
        json.dumps(window.session.scene().values())

    survives()


@pytest.mark.long
def test_a_window_that_was_closed_in_full_screen_opens_as_a_window(open_window: Open) -> None:
    window = open_window()
    window.action_book["classroom"].setChecked(True)
    kept = window.session.scene()
    window.action_book["classroom"].setChecked(False)
    window.session.restore(kept)
    assert not window.isFullScreen()


@pytest.mark.long
def test_inputs_other_than_pixels_do_not_start(qtbot: QtBot, open_window: Open, small_digits: Digits) -> None:
    window = open_window()
    window.session.restore(WindowScene.of({"settings": {"sizes": [5, 4, 3]}}))
    window.lab.data.use(small_digits)
    window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.step == 1)
    assert window.lab.run.settings.sizes == (PIXELS, 4, 10)


def test_window_opens_with_the_worst_scene(open_window: Open, stage_path: Any, small_digits: Digits) -> None:
    stage_path.parent.mkdir(parents=True)
    stage_path.write_text(
        '{"look": [], '
        '"geometry": "\\ud800", "splitters": [[2147483648, -1, 0], [-5, true]], "speed": NaN, "hidden": [{}, 1],'
        '"pad": {"strokes": [], "digit": "' + "00" * PIXELS + '", "number": 1' + "0" * 30 + ', "label": 3},'
        '"settings": {"sizes": [3, 3]}, "units": {"layer": 1e400}, "controls": {"collapsed": [[]]}}'
    )
    window = open_window(small_digits)
    assert window.lab.run is not None
    window.close()
    assert window.lab.training.isFinished()


CTRL = Qt.KeyboardModifier.ControlModifier


def test_it_learns_at_500_a_second_or_faster(open_window: Open, small_digits: Digits, qtbot: QtBot) -> None:
    first = open_window(small_digits, first=True)
    transport, run = first.transport, live_run(first.lab)
    assert FIRST_SPEED == transport.speed_value() == first.lab._core.rate == 500.0
    assert transport.speed.word.text() == "500/s"
    qtbot.keyClick(first, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: run.step > 20)
    qtbot.keyClick(first, Qt.Key.Key_Right, CTRL)
    qtbot.keyClick(first, Qt.Key.Key_Right, CTRL)
    assert transport.speed_value() is None
    qtbot.keyClick(first, Qt.Key.Key_Space)


def test_a_new_run_lets_the_chosen_output_go_and_a_branch_keeps_it(window: MainWindow, qtbot: QtBot) -> None:
    selection, run = window.network.selection, live_run(window.lab)
    window.lab.runs.send(Step(5))
    qtbot.waitUntil(lambda: run.step == 5)
    selection.choose_output(4)
    window.lab.runs.branch()
    assert selection.chosen_output == 4
    window.steering.new_run()
    assert selection.chosen_output is None
