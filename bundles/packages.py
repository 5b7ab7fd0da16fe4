"""What the bundles of all systems are made of: wheels, unpacked and trimmed, and this Python's standard library."""

from __future__ import annotations

import compileall
import os
import py_compile
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
BUILD: Final = ROOT / "build"
DIST: Final = ROOT / "dist"
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION: Final = PROJECT["version"]
PYTHON: Final = f"{sys.version_info.major}.{sys.version_info.minor}"
MINOR: Final = PYTHON.replace(".", "")

TAGS: Final = {
    "linux": [f"manylinux_2_{minor}_x86_64" for minor in (34, 28, 27, 17)] + ["manylinux2014_x86_64"],
    "macos": [f"macosx_{major}_0_{kind}" for major in (14, 13, 12, 11) for kind in ("arm64", "universal2")],
    "windows": ["win_amd64"],
}
"""The tags of the wheels for each system, those of the oldest that Qt supports."""
ONLY_THERE: Final = {"windows": ["colorama"]}
"""What packages need on one system; pip would look at the system that it runs on."""
LEFT_OUT_OF_PYTHON: Final = re.compile(
    r"(test|idlelib|tkinter|turtledemo|ensurepip|pydoc_data|lib2to3|lib-dynload|config-|dist-packages|site-packages"
    r"|__pycache__|sqlite3|ssl|venv|_sysconfigdata|sitecustomize|antigravity|this)"
)
LEFT_OUT_OF_PACKAGES: Final = [
    "**/*.pyi", "**/*.lib", "**/*.h", "**/*.a", "*/**/tests", "PIL/*avif*", "PIL/_imaging[a-z]*", "pyqtgraph/examples",
]  # fmt: skip
QT_MODULES: Final = ("Core", "Gui", "Widgets", "Svg")


def run(*command: str | Path) -> None:
    subprocess.run([str(each) for each in command], check=True)


# Python


def standard_library(to: Path) -> None:
    """Write the standard library of this Python, compiled, into a zip from which Python reads it."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as library:
        for name, code in _modules():
            library.write(code, name)


def _modules() -> Iterator[tuple[str, Path]]:
    root = Path(sysconfig.get_path("stdlib"))
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(sorted(root.rglob("*.py"))):
            name, code = path.relative_to(root), Path(folder, f"{number}.pyc")
            if LEFT_OUT_OF_PYTHON.match(str(name)) or {"__pycache__", "test"} & set(name.parts):
                continue
            mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
            py_compile.compile(str(path), str(code), str(name), doraise=True, invalidation_mode=mode)
            yield str(name.with_suffix(".pyc")), code


# Packages


def download(system: str, *arguments: str) -> list[Path]:
    """Download wheels for a system and this version of Python, once, and return them."""
    folder = BUILD / "wheels" / f"{system}-{PYTHON}" / re.sub(r"\W+", "_", " ".join(arguments))[-60:]
    if not folder.exists():
        kinds = [f"--platform={tag}" for tag in TAGS[system]]
        kinds += [f"--python-version={PYTHON}", "--only-binary=:all:"]
        waiting = folder.with_suffix(".part")
        shutil.rmtree(waiting, ignore_errors=True)
        run(sys.executable, "-m", "pip", "download", "--quiet", *kinds, "--dest", waiting, *arguments)
        waiting.rename(folder)
    return sorted(folder.glob("*.whl"))


def wheels(system: str) -> list[Path]:
    """Return the wheels of mnistviz and of all that it needs on a system."""
    own = BUILD / "own"
    shutil.rmtree(own, ignore_errors=True)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", own, ROOT)
    return [*download(system, *PROJECT["dependencies"], *ONLY_THERE.get(system, [])), *own.glob("*.whl")]


def add_packages(folder: Path, paths: Iterable[Path]) -> None:
    for path in paths:
        with zipfile.ZipFile(path) as wheel:
            wheel.extractall(folder)


def trim(folder: Path, qt: Path, plugins: Iterable[str]) -> None:
    """Remove what the program never loads: other plugins of Qt, its tools, and headers, types and tests.

    `qt` is the folder of Qt's plugins and translations; which libraries it needs is for each system to say.
    """
    for path in (folder / "PySide6").iterdir():
        if path.is_dir() and path != qt and path.name not in ("plugins", "translations", "support"):
            shutil.rmtree(path)
    for path in [path for path in (qt / "plugins").rglob("*") if path.is_file()]:
        if path.relative_to(qt / "plugins").with_suffix("").as_posix() not in plugins:
            path.unlink()
    for path in (qt / "translations").iterdir():
        if not path.name.startswith("qtbase_"):
            path.unlink()
    for pattern in LEFT_OUT_OF_PACKAGES:
        for path in list(folder.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def compile_packages(folder: Path) -> None:
    """Compile all modules beforehand: the folder may be one that the user cannot write to."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(folder, quiet=2, stripdir=str(folder), invalidation_mode=mode, workers=0)


# What is handed out


def icons(*sizes: int) -> dict[int, bytes]:
    """Draw the icon of the program as PNG, in some sizes."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer
    from PySide6.QtGui import QGuiApplication, QIcon

    application = QGuiApplication.instance() or QGuiApplication([])
    drawing = QIcon(str(ROOT / "assets" / "icons" / "mnistviz.svg"))
    pictures = {}
    for size in sizes:
        file = QBuffer()
        drawing.pixmap(size, size).save(file, "PNG")
        pictures[size] = bytes(file.data().data())
    del application
    return pictures


def check_sizes(packed: Path, folder: Path, most_packed: int, most_unpacked: int) -> None:
    """Say how large a bundle is, and refuse what is larger than this many bytes."""
    unpacked = sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
    size = packed.stat().st_size
    print(f"{packed.relative_to(ROOT)}: {size / 2**20:.1f} MB, unpacked {unpacked / 2**20:.1f} MB")
    if size > most_packed or unpacked > most_unpacked:
        sys.exit(f"At most {most_packed >> 20} and {most_unpacked >> 20} MB are allowed.")
