"""Run the project's own tests under Wine, with the packages whole: `make windows-own-tests`.

Tests of what Windows has in no such form are skipped: `tests/not_on_windows.tsv` has the reasons. NumPy takes kernels
that any processor has: `eigh` of a large matrix ends Python under Wine with those for Haswell. The window is Qt's
*offscreen* one: Wine without a screen makes no window of Qt's *windows* plugin the active one. A test that hangs or
ends Python fails alone: the process that it runs in is replaced.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from bundles import packages
from bundles.windows import bundle, wine

WHOLE: Final = bundle.BUILD / "whole"
COPY: Final = bundle.BUILD / "wine" / "whole"
NEEDED: Final = ("pytest", "hypothesis")  # how the names of what the tests need begin
START: Final = (
    "import os, sys; os.environ['QT_QPA_PLATFORM'] = 'offscreen'; os.chdir(sys.argv.pop(1)); import pytest;"
    " sys.exit(pytest.main(sys.argv[1:]))"
)


def build() -> None:
    shutil.rmtree(WHOLE, ignore_errors=True)
    bundle.add_python(WHOLE / "python")
    here = "Z:" + str(packages.ROOT).replace("/", "\\")
    with next((WHOLE / "python").glob("*._pth")).open("a", encoding="utf-8") as paths:
        paths.write(f"{here}\n")  # what is tested is this checkout
    needed = [name for name in packages.PROJECT["optional-dependencies"]["dev"] if name.startswith(NEEDED)]
    own = [path for path in packages.wheels("windows") if not path.name.startswith("mnistviz")]
    packages.add_packages(WHOLE / "packages", [*own, *packages.download("windows", *needed, "colorama")])
    wine.prepare(WHOLE, COPY)
    shutil.copytree(packages.ROOT / "assets" / "fonts", COPY / "packages" / "PySide6" / "lib" / "fonts")


def main() -> None:
    build()
    which = sys.argv[1:] or ["tests"]
    options = ["-q", "-rs", "-p", "no:cacheprovider", "-m", "not long", "-n1", "--max-worker-restart=50"]
    command = ["wine", str(COPY / "python.exe"), "-B", "-c", START, f"Z:{packages.ROOT}", *options, *which]
    settings = wine.environment() | {"OPENBLAS_CORETYPE": "Nehalem"}
    settings.pop("DISPLAY", None)
    sys.exit(subprocess.run(command, env=settings, cwd=Path("/"), check=False).returncode)


if __name__ == "__main__":
    main()
