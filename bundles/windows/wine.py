"""Try the folder for Windows under Wine, without a screen: `make windows-test`.

Wine lacks what Windows has: `icuuc.dll`, colour profiles, and the complex functions of the C library. A copy of the
folder gets stand-ins for them; they are never shipped.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bundles.checks import appears, check
from bundles.windows.bundle import BUILD, FOLDER, HERE, build_installer, build_launcher, build_library

PREFIX: Final = BUILD / "wine" / "prefix"
COPY: Final = BUILD / "wine" / "A folder, with spaces 数字"
MATHS, OWN_MATHS = b"api-ms-win-crt-math-l1-1-0.dll", b"complex-numbers-for-wine-0.dll"
PROFILES: Final = (
    "GetColorProfileFromHandle",
    "CloseColorProfile",
    "WcsCreateIccProfile",
    "OpenColorProfileW",
)
COMPLEX: Final = re.compile(r"c(abs|arg|cosh?|exp|imag|pow|real|sinh?|tanh?|log|sqrt)[fl]?")


def prepare(folder: Path = FOLDER, copy: Path = COPY) -> None:
    import pefile

    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    packages, names, converters = copy / "packages", set[str](), set[str]()
    for path in [*packages.rglob("*.pyd"), *packages.rglob("*.dll")]:
        library = pefile.PE(str(path), fast_load=True)
        library.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"]])
        for entry in getattr(library, "DIRECTORY_ENTRY_IMPORT", ()):
            imported = {each.name.decode() for each in entry.imports if each.name}
            if entry.dll == MATHS and "numpy" in path.parts:
                names |= imported
                path.write_bytes(path.read_bytes().replace(MATHS, OWN_MATHS))
            elif entry.dll.lower() == b"icuuc.dll":
                converters |= imported
        library.close()
    build_library(
        packages / "numpy" / "_core" / OWN_MATHS.decode(),
        _maths(names),
        (HERE / "complex_for_wine.c").read_text(),
    )
    for part in (packages / "numpy" / each for each in ("fft", "linalg", "random")):
        shutil.copy(packages / "numpy" / "_core" / OWN_MATHS.decode(), part)
    stand_ins = "\n".join(f"void *{name}(void) {{ return 0; }}" for name in sorted(converters))
    build_library(packages / "PySide6" / "icuuc.dll", sorted(converters), stand_ins)
    build_library(
        copy / "mscms.dll", PROFILES, "\n".join(f"void *{name}(void) {{ return 0; }}" for name in PROFILES)
    )
    build_launcher(copy / "python.exe", "console", "-DPLAIN")


def _maths(names: set[str]) -> Iterator[str]:
    """Yield the lines of the definition: a long double is a double there, and what is not complex is Wine's own."""
    for name in sorted(names):
        if not COMPLEX.fullmatch(name):
            yield f"{name} = ucrtbase.{name}"
        else:
            is_long = name.endswith("l") and COMPLEX.fullmatch(name[:-1])
            yield f"{name} = {name[:-1]}" if is_long else name


def environment() -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if name not in ("QT_QPA_PLATFORM", "PYTHONPATH")
    }
    off = "mscoree,mshtml=;mscms=n"
    return kept | {
        "WINEPREFIX": str(PREFIX), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": off, "XDG_RUNTIME_DIR": str(BUILD),
    }  # fmt: skip


def wine(*command: str | Path) -> list[str]:
    return ["xvfb-run", "-a", "wine", *map(str, command)]


def run(what: str, *command: str | Path) -> None:
    """Run a program with a screen and a home of its own."""
    check(what, subprocess.run(wine(*command), env=environment(), timeout=900, check=False).returncode == 0)


def try_installer() -> None:
    """Install, open a file as a double click does, and remove: the runs of the user stay."""
    setup = BUILD / "wine" / "mnistviz-setup.exe"
    build_installer(COPY, setup)
    run("it is installed", setup, "/S")
    (folder,) = PREFIX.glob("drive_c/users/*/AppData/Local/Programs/mnistviz")
    classes = r"Software\Classes"  # Wine opens files by those of all users alone
    run("it has a type of files", "reg", "copy", rf"HKCU\{classes}", rf"HKLM\{classes}", "/s", "/f")
    experiment = next((BUILD / "pictures").glob("*.mnistviz"))
    program = subprocess.Popen(wine("start", "/wait", "/unix", experiment), env=environment())
    kept = appears(PREFIX, "drive_c/users/*/AppData/Local/mnistviz/sessions/*/*.mnistviz")
    check("a double click opens a file, and the session keeps its run", kept)
    subprocess.run(["wineserver", "-k"], env=environment(), check=False)
    program.wait(60)  # or its screen would stay
    run("it is removed", folder / "uninstall.exe", "/S", f"_?={windows_path(folder)}")
    check("nothing of the program is left", not (folder / "mnistviz.exe").exists())
    check(
        "the runs of the user stay", any(PREFIX.glob("drive_c/users/*/AppData/Local/mnistviz/sessions/*/*"))
    )


def windows_path(path: Path) -> str:
    return "C:\\" + str(path.relative_to(PREFIX / "drive_c")).replace("/", "\\")


def main() -> None:
    missing = [name for name in ("wine", "xvfb-run", "makensis") if shutil.which(name) is None]
    if missing:
        sys.exit(f"{', '.join(missing)} missing. On Debian: apt install wine64 wine xvfb nsis")
    prepare()
    shutil.rmtree(PREFIX, ignore_errors=True)
    shutil.rmtree(BUILD / "pictures", ignore_errors=True)
    (BUILD / "pictures").mkdir()
    run("--doctor passes", COPY / "mnistviz-console.exe", "--doctor")
    run("train learns an epoch", COPY / "mnistviz-console.exe", "train", "--epochs", "1")
    run("the window works", COPY / "python.exe", HERE.parent / "smoke.py", BUILD / "pictures")
    try_installer()


if __name__ == "__main__":
    main()
