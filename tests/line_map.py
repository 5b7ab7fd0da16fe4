"""Which tests run which lines of the program, and how long each test takes. It is a plugin of pytest, too."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[1]
KEPT: Final = ROOT / ".venv" / "mutations"


class Measuring:
    """What runs in each process of pytest while the map is made."""

    def __init__(self, name: str) -> None:
        from coverage import Coverage

        self._name = name
        self._seconds = defaultdict[str, float](float)  # of tests; without end where one fails
        self._lines = Coverage(str(KEPT / f"lines.{name}"), include=[f"{ROOT}/mnistviz/*"], config_file=False)
        self._lines.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._lines.switch_context(item.nodeid)
        began = time.process_time()  # however busy the machine is
        try:
            return (yield)
        finally:
            self._seconds[item.nodeid] += time.process_time() - began

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[report.nodeid] += math.inf if report.failed else 0.0

    def pytest_sessionfinish(self) -> None:
        self._lines.stop()
        self._lines.save()
        (KEPT / f"seconds.{self._name}.json").write_text(json.dumps(self._seconds))


def pytest_configure(config: pytest.Config) -> None:
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        config.pluginmanager.register(Measuring(worker))


def build_map(processes: int) -> None:
    """Run all tests, and keep which of them run each line, and how long each takes."""
    from coverage import CoverageData

    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    command = [sys.executable, *f"-m pytest -q -p tests.line_map -n {processes}".split(), "-m", "not long"]
    subprocess.run(command, cwd=ROOT, env=environment(ROOT) | {"COVERAGE_CORE": "ctrace"}, check=False)
    seconds: dict[str, float] = {}
    for part in KEPT.glob("seconds.*.json"):
        seconds |= json.loads(part.read_text())
    passed = [test for test, spent in seconds.items() if spent < math.inf]
    numbers = {test: number for number, test in enumerate(passed)}
    lines: dict[str, dict[int, list[int]]] = {}
    for part in KEPT.glob("lines.*"):
        data = CoverageData(str(part))
        data.read()
        for file in data.measured_files():
            found = lines.setdefault(Path(file).relative_to(ROOT).as_posix(), {})
            for line, tests in data.contexts_by_lineno(file).items():
                found.setdefault(line, []).extend(numbers[test] for test in tests if test in numbers)
    files = {path: {"checksum": checksum(path), "lines": found} for path, found in lines.items()}
    known = {"tests": [(test, seconds[test]) for test in passed], "files": files}
    (KEPT / "map.json").write_text(json.dumps(known))


def line_map(processes: int, *, anew: bool = False) -> Any:
    """Return the `tests` with their seconds, and of all `files` the checksum and the `lines`, each with the places of
    its tests. It is made where there is none, or `anew`."""
    if anew or not (KEPT / "map.json").exists():
        build_map(processes)
    return json.loads((KEPT / "map.json").read_text())


def checksum(path: str) -> str:
    file = ROOT / path
    return sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def environment(tree: Path) -> dict[str, str]:
    """Return what tests of a tree need: the program is imported from there."""
    compiled = {"PYTHONPYCACHEPREFIX": str(tree / ".venv/pycache"), "PYTHONDONTWRITEBYTECODE": ""}
    return {**os.environ, **compiled, "PYTHONPATH": str(tree), "QT_QPA_PLATFORM": "offscreen"}
