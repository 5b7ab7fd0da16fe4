"""Runs the tests with each other Python that this machine has: `make test-pythons`.

Of each minor version from 3.11 on it takes the newest, and the system's own in any case.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

SYSTEM = Path("/usr/bin/python3")


class Python(NamedTuple):
    version: tuple[int, ...]
    path: Path  # with all links resolved

    @property
    def name(self) -> str:
        return ".".join(map(str, self.version))


def look_at(path: Path) -> Python | None:
    """None if it does not run, is too old, or cannot make a virtual environment."""
    program = "import ensurepip, sys, venv; print(*sys.version_info[:3], sys.executable)"
    try:
        asked = subprocess.run(
            [path, "-c", program], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if asked.returncode:
        return None
    *version, executable = asked.stdout.strip().split(maxsplit=3)
    python = Python(tuple(map(int, version)), Path(executable).resolve())
    return python if python.version >= (3, 11) else None


def choose(found: Iterable[Python], own: Python | None, system: Python | None) -> list[Python]:
    """Those to run the tests with, the newest first; `own` has run them, and `system` is taken in any case."""
    chosen = {python for python in (system,) if python is not None and python != own}
    minors = {python.version[:2] for python in (own, *chosen) if python is not None}
    for python in sorted(found, reverse=True):
        if python.version[:2] not in minors:
            minors.add(python.version[:2])
            chosen.add(python)
    return sorted(chosen, reverse=True)


def candidates() -> list[Path]:
    folders = {Path(folder) for folder in os.get_exec_path()} | {SYSTEM.parent}
    folders |= set(Path.home().glob(".pyenv/versions/*/bin"))
    names = (path for folder in folders if folder.is_dir() for path in folder.iterdir())
    return [path for path in names if re.fullmatch(r"python3(\.\d+)?", path.name)]


def main() -> int:
    found = {python for path in candidates() if (python := look_at(path)) is not None}
    own = Python(sys.version_info[:3], Path(sys.executable).resolve())
    pythons = choose(found, own, look_at(SYSTEM))
    failed: list[str] = []
    for python in pythons:
        print(f"\n==== Python {python.name}, {python.path} ====", flush=True)
        begun = time.monotonic()
        made = [f"VENV=.venv-{python.name}", f"PYTHON={python.path}"]
        ended = subprocess.run(["make", "--no-print-directory", "test", *made], stdin=subprocess.DEVNULL)
        if ended.returncode:
            failed.append(python.name)
        green = "failed" if ended.returncode else "passed"
        print(f"==== Python {python.name} {green} in {time.monotonic() - begun:.0f} s ====", flush=True)
    names = ", ".join(python.name for python in pythons) or "none"
    print(f"\nOther Pythons than {own.name} on this machine: {names}; failed: {', '.join(failed) or 'none'}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
