"""Try what is handed out on the system that it is for, unpacked, with a home of its own: `make native-test`."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from bundles.checks import appears, check
from bundles.packages import DIST, VERSION


class Bundle(NamedTuple):
    file: str
    program: str
    kept: str  # what a session writes
    console: str = ""  # another program that prints


FOLDER: Final = f"mnistviz-{VERSION}"
BUNDLES: Final = {
    "linux": Bundle(
        f"{FOLDER}-linux-x86_64.tar.xz",
        f"{FOLDER}-linux-x86_64/mnistviz",
        ".local/share/mnistviz/sessions/*/*.mnistviz",
    ),
    "win32": Bundle(
        f"{FOLDER}-windows-x64.zip",
        "mnistviz/mnistviz.exe",
        "mnistviz/sessions/*/*.mnistviz",
        "mnistviz/mnistviz-console.exe",
    ),
    "darwin": Bundle(
        f"{FOLDER}-macos-{platform.machine()}.zip",
        "mnistviz.app/Contents/MacOS/mnistviz",
        "Library/Application Support/mnistviz/sessions/*/*.mnistviz",
    ),
}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="a folder, 数字 ", ignore_cleanup_errors=True) as name:
        try_in(Path(name), BUNDLES[sys.platform])


def try_in(folder: Path, bundle: Bundle) -> None:
    home = folder / "home"
    home.mkdir()
    if sys.platform == "darwin":
        subprocess.run(
            ["ditto", "-x", "-k", DIST / bundle.file, folder], check=True
        )  # keeps links and signatures
        app = folder / "mnistviz.app"
        check(
            "its signature is whole", subprocess.run(["codesign", "--verify", "--deep", app]).returncode == 0
        )
    else:
        shutil.unpack_archive(DIST / bundle.file, folder)
    environment = {**os.environ, "HOME": str(home), "LOCALAPPDATA": str(home), "XDG_DATA_HOME": ""}

    def works(what: str, *arguments: str | Path) -> None:
        program = folder / (bundle.console or bundle.program)
        done = subprocess.run([program, *arguments], env=environment, timeout=900, check=False)
        check(what, done.returncode == 0)

    experiment = folder / "an experiment.mnistviz"
    works("--doctor passes", "--doctor")
    works("train learns an epoch", "train", "--epochs", "1", "--save-experiment", experiment)
    opened = subprocess.Popen([folder / bundle.program, experiment], env=environment)
    try:
        check("the window opens it, and the session keeps its run", appears(home, bundle.kept))
    finally:
        opened.terminate()
    ended = opened.wait(60) == 0
    check("it ends when it is told to", ended or sys.platform == "win32")  # which ends it without telling it


if __name__ == "__main__":
    main()
