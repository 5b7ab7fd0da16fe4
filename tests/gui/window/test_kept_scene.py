"""What is kept between two starts may be damaged in any way: the program starts, with what makes sense of it."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import PIXELS, Digits
from mnistviz.engine.settings import Settings
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import WindowScene
from mnistviz.gui.window.transport import SPEEDS
from tests.examples import examples

Open = Callable[..., MainWindow]

texts = st.text(st.characters(exclude_categories=()), max_size=20)  # with lone surrogates
whole = st.integers() | st.sampled_from((2**31 - 1, 2**31, -(2**31), 2**63, 10**400, -1, 0))
scalars = st.none() | st.booleans() | whole | st.floats() | texts
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
deep = json.loads("[" * 800 + "]" * 800)


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
    settings_part = {field.name: anything for field in fields(Settings)}
    settings_part["sizes"] = st.lists(st.integers(-1, 3_000) | whole, max_size=5) | anything
    parts: dict[str, st.SearchStrategy[Any]] = {
        "version": anything,
        "look": anything,
        "larger_text": anything,
        "narrow": anything,
        "geometry": nearly(geometry) | anything,
        "splitters": sizes | anything,
        "hidden": st.lists(st.sampled_from(("show_controls_action", "enlarge_action")) | anything) | anything,
        "settings": record(**settings_part),
        "speed": st.sampled_from(SPEEDS) | anything | st.sampled_from((float("nan"), 1, True)),
        "controls": record(collapsed=st.lists(anything) | anything),
        "curves": record(log_cost=anything, error_scale=anything, x_minibatches=anything),
        "tab": st.sampled_from(("curves", "compare")) | anything,
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


@pytest.mark.parametrize(
    "key",
    [
        "settings",
        *(
            pytest.param(key, marks=pytest.mark.long)
            for key in ("geometry", "splitters", "hidden", "speed", "network", "ideas", "recent")
        ),
    ],
)
def test_a_part_that_is_nested_deeper_than_anybody_reads_is_passed_over(open_window: Open, key: str) -> None:
    window = open_window()
    window.session.restore(WindowScene.of({key: deep}))
    inside = {key: deep, "showing": deep, "strokes": deep, "digit": deep, "eta": deep, "sizes": deep}
    for scene in ({key: inside}, {"network": {"pad": inside, "row": inside}}):
        window.session.restore(WindowScene.of(scene))


@pytest.mark.long
def test_a_window_that_was_closed_in_full_screen_opens_as_a_window(open_window: Open) -> None:
    window = open_window()
    window.action_book["classroom"].setChecked(True)
    kept = window.session.scene()
    window.action_book["classroom"].setChecked(False)
    window.session.restore(kept)
    assert not window.isFullScreen()


@pytest.mark.long
def test_a_network_with_other_inputs_than_pixels_is_not_what_starts(
    qtbot: QtBot, open_window: Open, small_digits: Digits
) -> None:
    window = open_window()
    window.session.restore(WindowScene.of({"settings": {"sizes": [5, 4, 3]}}))
    window.lab.data.use(small_digits)
    window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.step == 1)
    assert window.lab.run.settings.sizes == (PIXELS, 4, 10)  # type: ignore[union-attr]


def test_a_window_opens_with_the_worst_of_all_scenes_and_closes(
    open_window: Open, stage_path: Any, small_digits: Digits
) -> None:
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
