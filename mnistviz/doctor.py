"""Checks for whatever would prevent the window from opening, before anything of Qt is loaded.

Qt reports such faults in a linker's words, or aborts the process; this says what to install. On Linux it names the
packages of Debian. On Windows and macOS Qt ships its libraries, and only the system itself can be too old. The library
lists are what the PySide6 wheels link to (`readelf -d`), without those they include.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

OLDEST_PYTHON: Final = (3, 11)
PACKAGES: Final = ("numpy", "PySide6-Essentials", "pyqtgraph", "msgspec", "threadpoolctl")


def _packages(*libraries: str) -> dict[str, str]:
    """Return libraries with their Debian packages, mostly named after them: libxcb-xkb.so.1 is in libxcb-xkb1."""
    others = {
        "libz.so.1": "zlib1g",
        "libglib-2.0.so.0": "libglib2.0-0",
        "libgthread-2.0.so.0": "libglib2.0-0",
    }
    packages = {}
    for library in libraries:
        name, version = library.lower().split(".so.")
        packages[library] = others.get(library, f"{name}{'-' * name[-1].isdigit()}{version}")
    return packages


EVERY_WINDOW: Final = _packages(
    "libstdc++.so.6", "libz.so.1", "libzstd.so.1", "libglib-2.0.so.0", "libgthread-2.0.so.0", "libdbus-1.so.3",
    "libEGL.so.1", "libGL.so.1", "libX11.so.6", "libfontconfig.so.1", "libfreetype.so.6", "libxkbcommon.so.0",
)  # fmt: skip
"""Library -> Debian package, for every display."""

PLATFORMS: Final = {
    "xcb": _packages(
        "libX11-xcb.so.1", "libxcb.so.1", "libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-image.so.0",
        "libxcb-keysyms.so.1", "libxcb-randr.so.0", "libxcb-render.so.0", "libxcb-render-util.so.0",
        "libxcb-shape.so.0", "libxcb-shm.so.0", "libxcb-sync.so.1", "libxcb-util.so.1", "libxcb-xfixes.so.0",
        "libxcb-xkb.so.1", "libxkbcommon-x11.so.0",
    ),
    "wayland": _packages("libwayland-client.so.0", "libwayland-cursor.so.0", "libwayland-egl.so.1"),
}  # fmt: skip
"""Library -> Debian package, for two kinds of display; the others, such as offscreen, need nothing more."""


class SystemFinding(NamedTuple):
    """A fault of the system, as a code and values for `mnistviz.sentences`."""

    code: str
    values: dict[str, object]


def version_of(package: str) -> str | None:
    from importlib import metadata  # slow to import, and needed by a part of the checks only

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def load_library(name: str) -> object:
    """Load a shared library by the name that a linker looks for; raise OSError if that fails."""
    return ctypes.CDLL(name, mode=getattr(os, "RTLD_LAZY", ctypes.DEFAULT_MODE))


def screen_answers(platform: str) -> bool:
    """Return True if a display of this kind can be reached; without one Qt would abort the process."""
    try:
        if platform == "xcb":
            xcb = ctypes.CDLL("libxcb.so.1")
            xcb.xcb_connect.restype = ctypes.c_void_p
            connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
            failed = xcb.xcb_connection_has_error(connection)
            xcb.xcb_disconnect(connection)
            return not failed
        if platform == "wayland":
            wayland = ctypes.CDLL("libwayland-client.so.0")
            wayland.wl_display_connect.restype = ctypes.c_void_p
            if display := ctypes.c_void_p(wayland.wl_display_connect(None)):
                wayland.wl_display_disconnect(display)
            return bool(display)
    except OSError:
        return False
    return True


def examine_python(
    version_of: Callable[[str], str | None] = version_of, python: tuple[int, ...] = sys.version_info[:3]
) -> list[SystemFinding]:
    findings = []
    running = ".".join(str(part) for part in python)
    if python < OLDEST_PYTHON:
        least = ".".join(str(part) for part in OLDEST_PYTHON)
        findings.append(SystemFinding("doctor_python", {"version": running, "least": least}))
    for package in PACKAGES:
        if (version := version_of(package)) is None:
            findings.append(SystemFinding("doctor_package", {"package": package, "python": sys.executable}))
        elif package == "PySide6-Essentials":
            findings += examine_pyside(version, python)
    return findings


def examine_pyside(installed: str, python: tuple[int, ...] = sys.version_info[:3]) -> list[SystemFinding]:
    """Report PySide6 6.12 on Python 3.11, which drops a reference to None at every call, until the process aborts."""
    if python >= (3, 12) or tuple(int(part) for part in installed.split(".")[:2]) < (6, 12):
        return []
    running = ".".join(str(part) for part in python)
    values: dict[str, object] = {"found": installed, "version": running, "python": sys.executable}
    return [SystemFinding("doctor_pyside", values | {"requirement": "'PySide6-Essentials<6.12'"})]


def examine_libraries(
    environment: Mapping[str, str] = os.environ,
    load: Callable[[str], object] = load_library,
    system: str = sys.platform,
) -> list[SystemFinding]:
    """Return the system libraries that Qt lacks, for the displays that it would try; one that works is enough."""
    if system != "linux":
        return []
    choices = [_not_loaded(PLATFORMS.get(platform, {}), load) for platform in _platforms(environment)]
    missing = _not_loaded(EVERY_WINDOW, load) | (choices[0] if all(choices) else {})
    return _lacking("doctor_libraries", missing)


def load_qt() -> object:
    """Load the part of Qt that all others need; raise ImportError if that fails."""
    import PySide6.QtCore

    return PySide6.QtCore


def examine_qt(load: Callable[[], object] = load_qt, system: str = sys.platform) -> list[SystemFinding]:
    """Check that Qt can be loaded on Windows and macOS, where it brings all libraries but the system's own."""
    if (code := {"win32": "doctor_windows", "darwin": "doctor_macos"}.get(system)) is None:
        return []
    try:
        load()
    except ImportError as error:
        return [SystemFinding(code, {"reason": str(error)})]
    return []


def examine_pictures(
    load: Callable[[str], object] = load_library, system: str = sys.platform
) -> list[SystemFinding]:
    """Return the missing system libraries that Qt needs to read pictures, without any display."""
    return _lacking("doctor_picture_libraries", _not_loaded(EVERY_WINDOW, load) if system == "linux" else {})


def examine_screen(
    environment: Mapping[str, str] = os.environ,
    answers: Callable[[str], bool] = screen_answers,
    system: str = sys.platform,
) -> list[SystemFinding]:
    """Return what prevents a window from being shown although everything is installed."""
    if system != "linux" or any(answers(platform) for platform in _platforms(environment)):
        return []
    screen = environment.get("WAYLAND_DISPLAY") or environment.get("DISPLAY")
    return [
        SystemFinding("doctor_screen" if screen else "doctor_no_screen", {"screen": screen} if screen else {})
    ]


def obstacles_to_pictures() -> list[SystemFinding]:
    return examine_pictures() or _of_installed() or examine_qt()


def obstacles() -> list[SystemFinding]:
    """Return what would prevent the window from opening, within a few milliseconds."""
    return examine_libraries() or _of_installed() or examine_qt() or examine_screen()


def _of_installed() -> list[SystemFinding]:
    try:
        from PySide6 import __version__ as installed  # this does not load Qt itself
    except ImportError:
        return examine_python()
    return examine_pyside(installed)


def _lacking(code: str, missing: Mapping[str, str]) -> list[SystemFinding]:
    packages = " ".join(sorted(set(missing.values())))
    return [SystemFinding(code, {"libraries": tuple(missing), "packages": packages})] if missing else []


def _platforms(environment: Mapping[str, str]) -> list[str]:
    """Return the kinds of display that Qt would try, in its order."""
    if chosen := environment.get("QT_QPA_PLATFORM"):
        return [name.split(":")[0].split("-")[0] for name in chosen.split(";")]
    wayland = "WAYLAND_DISPLAY" in environment or environment.get("XDG_SESSION_TYPE") == "wayland"
    return ["wayland"] * wayland + ["xcb"] * ("DISPLAY" in environment or not wayland)


def _not_loaded(libraries: Mapping[str, str], load: Callable[[str], object]) -> dict[str, str]:
    missing = {}
    for library, package in libraries.items():
        try:
            load(library)
        except OSError:
            missing[library] = package
    return missing
