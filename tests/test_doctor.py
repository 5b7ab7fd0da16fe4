"""What keeps the window from opening is said in plain words, with the packages to install."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mnistviz import doctor
from mnistviz.doctor import (
    EVERY_WINDOW,
    PLATFORMS,
    examine_libraries,
    examine_python,
    examine_qt,
    examine_screen,
)
from mnistviz.sentences import sentence

X11 = {"DISPLAY": ":0"}
WAYLAND = {"WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "wayland"}
BOTH = X11 | WAYLAND
NO_SCREEN: dict[str, str] = {}
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
QT = "PySide6-Essentials"
VERSIONS: dict[str, str | None] = {
    "numpy": "2.4.0",
    QT: "6.11.3",
    "pyqtgraph": "0.14.0",
    "msgspec": "0.20.0",
    "threadpoolctl": "3.6.0",
}


def without(*missing: str) -> Callable[[str], object]:
    """A loader to which some libraries are missing."""

    def load(name: str) -> object:
        if name in missing:
            raise OSError(f"{name}: cannot open shared object file: No such file or directory")
        return object()

    return load


def said(environment: dict[str, str], *missing: str) -> str:
    findings = examine_libraries(environment, without(*missing), "linux")
    return "\n".join(sentence(finding.code, finding.values) for finding in findings)


EVERYWHERE = pytest.mark.parametrize("environment", [X11, WAYLAND, BOTH, NO_SCREEN, OFFSCREEN])


class TestLibraries:
    @EVERYWHERE
    def test_a_missing_one_is_named_with_its_package(self, environment: dict[str, str]) -> None:
        assert said(environment) == "", "all are there"
        text = said(environment, "libEGL.so.1")
        assert "libEGL.so.1" in text
        assert text.splitlines()[-1] == "    sudo apt install libegl1"

    def test_several_fit_one_line_to_copy(self) -> None:
        text = said(X11, "libGL.so.1", "libgthread-2.0.so.0", "libglib-2.0.so.0", "libxcb-cursor.so.0")
        assert text.splitlines()[-1] == "    sudo apt install libgl1 libglib2.0-0 libxcb-cursor0"

    @pytest.mark.parametrize("environment", [X11, NO_SCREEN, {"QT_QPA_PLATFORM": "xcb"}])
    def test_x11_needs_those_of_x11(self, environment: dict[str, str]) -> None:
        assert "libxcb-cursor0" in said(environment, "libxcb-cursor.so.0")
        assert not said(environment, *PLATFORMS["wayland"])
        assert not said(OFFSCREEN, *PLATFORMS["xcb"], *PLATFORMS["wayland"])

    def test_wayland_needs_its_own_unless_x11_can_take_its_place(self) -> None:
        assert "libwayland-cursor0" in said(WAYLAND, "libwayland-cursor.so.0")
        assert not said(BOTH, "libwayland-cursor.so.0")
        assert "libwayland-cursor0" in said(BOTH, "libwayland-cursor.so.0", "libxcb-cursor.so.0")

    def test_the_chosen_platform_may_have_options_and_a_second_choice(self) -> None:
        chosen = {"QT_QPA_PLATFORM": "wayland-egl:x=1;xcb"}
        assert not said(chosen, *PLATFORMS["wayland"])
        assert said(chosen, "libxcb.so.1", "libwayland-client.so.0")

    def test_other_systems_bring_theirs(self) -> None:
        assert examine_libraries(X11, without(*EVERY_WINDOW), "darwin") == []

    def test_the_real_loader_tells_what_is_there_in_milliseconds(self) -> None:
        doctor.load_library("libc.so.6")
        with pytest.raises(OSError, match=r"libnothing\.so\.9"):
            doctor.load_library("libnothing.so.9")
        examine_libraries(OFFSCREEN)
        began = time.thread_time()
        examine_libraries(OFFSCREEN)
        assert time.thread_time() - began < 0.1


class TestQt:
    """Windows and macOS, where Qt brings its own libraries along."""

    @pytest.mark.parametrize(
        ("system", "advice"), [("win32", "vc_redist.x64.exe"), ("darwin", "needs macOS 13 or later.")]
    )
    def test_where_it_cannot_be_loaded_it_is_said_why_and_what_helps(self, system: str, advice: str) -> None:
        def load() -> object:
            raise ImportError("DLL load failed while importing QtCore")

        (finding,) = examine_qt(load, system)
        text = sentence(finding.code, finding.values)
        assert text.startswith("Qt can't be loaded: DLL load failed while importing QtCore. ")
        assert text.endswith(advice)
        assert examine_qt(system=system) == examine_qt(system="linux") == [], "it can be loaded here"


class TestPython:
    @pytest.mark.parametrize(
        ("changed", "python", "end"),
        [
            ({}, (3, 11, 2), ""),
            ({}, (3, 14, 0), ""),
            ({}, (3, 10, 4), "mnistviz needs Python 3.11 or later, and this is Python 3.10.4."),
            *(({package: None}, (3, 13, 1), f"-m pip install {package}") for package in VERSIONS),
            *(({QT: version}, (3, 11, 2), f"'{QT}<6.12'") for version in ("6.12.0", "6.13", "7.0.1")),
            ({QT: "6.12.0"}, (3, 12, 0), ""),
        ],
    )
    def test_what_is_too_old_too_new_or_missing_comes_with_what_helps(
        self, changed: dict[str, str | None], python: tuple[int, ...], end: str
    ) -> None:
        findings = examine_python((VERSIONS | changed).get, python)
        assert [sentence(each.code, each.values)[-len(end) :] for each in findings] == [end] * bool(end)


class TestObstacles:
    def test_there_are_none_where_the_tests_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
        assert doctor.obstacles() == []

    @pytest.mark.parametrize(
        ("examined", "code"), [("libraries", "doctor_libraries"), ("python", "doctor_package")]
    )
    def test_a_missing_package_is(self, examined: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
        if examined == "python":
            monkeypatch.setitem(sys.modules, "PySide6", None)
        monkeypatch.setattr(doctor, f"examine_{examined}", lambda: [doctor.SystemFinding(code, {})])
        assert [finding.code for finding in doctor.obstacles()] == [code]


class TestScreen:
    def test_one_that_answers_is_enough(self) -> None:
        assert examine_screen(BOTH, lambda platform: platform == "xcb", "linux") == []
        assert examine_screen(OFFSCREEN) == []

    @pytest.mark.parametrize(
        ("environment", "words"),
        [(NO_SCREEN, "neither DISPLAY nor WAYLAND_DISPLAY is set"), ({"DISPLAY": ":77"}, ":77")],
    )
    def test_none_and_a_silent_one_are_named(self, environment: dict[str, str], words: str) -> None:
        (finding,) = examine_screen(environment, lambda platform: False, "linux")
        assert words in sentence(finding.code, finding.values)

    @pytest.mark.parametrize("platform", ["xcb", "wayland"])
    def test_what_is_not_there_does_not_answer(
        self, platform: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DISPLAY", ":4711")
        monkeypatch.setenv("WAYLAND_DISPLAY", "nowhere")
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        assert not doctor.screen_answers(platform)
