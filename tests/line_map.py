"""Which tests run which lines of the program, and how long each test takes. It is a plugin of pytest, too."""

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
from types import CodeType
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[1]
KEPT: Final = ROOT / ".venv" / "mutations"
PROGRAM: Final = f"{ROOT}/mnistviz/"


class Measuring:
    """What runs in each process of pytest while the map is made: of each line Python tells once in a test."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seconds = defaultdict[str, float](float)  # of tests; without end where one fails
        self._lines = defaultdict[str, dict[str, set[int]]](lambda: defaultdict(set))  # of files, by tests
        self._now = self._lines[""]
        self._watched = set[CodeType]()
        self._events: Any = sys.monitoring  # type: ignore[attr-defined, unused-ignore]
        events, tool = self._events.events, self._events.COVERAGE_ID
        self._events.use_tool_id(tool, "lines of tests")
        self._events.register_callback(tool, events.PY_START, self._begin)
        self._events.register_callback(tool, events.LINE, self._line)
        self._events.set_events(tool, events.PY_START)

    def _begin(self, code: CodeType, offset: int) -> Any:
        if code.co_filename.startswith(PROGRAM) and code not in self._watched:
            self._watched.add(code)
            self._events.set_local_events(self._events.COVERAGE_ID, code, self._events.events.LINE)
        return self._events.DISABLE

    def _line(self, code: CodeType, line: int) -> Any:
        self._now[code.co_filename].add(line)
        return self._events.DISABLE

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._now = self._lines[item.nodeid]
        self._events.restart_events()
        began = time.process_time()  # however busy the machine is
        try:
            return (yield)
        finally:
            self._seconds[item.nodeid] += time.process_time() - began

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[report.nodeid] += math.inf if report.failed else 0.0

    def pytest_sessionfinish(self) -> None:
        self._events.set_events(self._events.COVERAGE_ID, 0)
        lines = {
            test: {Path(file).relative_to(ROOT).as_posix(): sorted(found) for file, found in files.items()}
            for test, files in self._lines.items()
        }
        found = {"seconds": self._seconds, "lines": lines}
        (KEPT / f"{self._name}.part.json").write_text(json.dumps(found))


def pytest_configure(config: pytest.Config) -> None:
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        config.pluginmanager.register(Measuring(worker))


def build_map(processes: int) -> None:
    """Run all tests, and keep which of them run each line, and how long each takes."""
    if sys.version_info < (3, 12):
        sys.exit("This needs Python 3.12 or later: make mutations VENV=.venv-3.13 PYTHON=python3.13")
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    command = [sys.executable, *f"-m pytest -q -p tests.line_map -n {processes}".split(), "-m", "not long"]
    subprocess.run(command, cwd=ROOT, env=environment(ROOT), check=False)
    seconds: dict[str, float] = {}
    lines: dict[str, dict[int, list[int]]] = {}
    numbers: dict[str, int] = {}
    for part in map(json.loads, (path.read_text() for path in KEPT.glob("*.part.json"))):
        seconds |= {test: spent for test, spent in part["seconds"].items() if spent < math.inf}
        for test, files in part["lines"].items():
            if test in seconds:
                number = numbers.setdefault(test, len(numbers))
                for file, found in files.items():
                    for line in found:
                        lines.setdefault(file, {}).setdefault(line, []).append(number)
    files = {path: {"checksum": checksum(path), "lines": found} for path, found in lines.items()}
    known = {"tests": [(test, seconds[test]) for test in numbers], "files": files}
    (KEPT / "map.json").write_text(json.dumps(known))


def line_map(processes: int, *, as_it_is: bool = False) -> Any:
    """Return the `tests` with their seconds, and of all `files` the checksum and the `lines`, each with the places of
    its tests. It is made where a file has changed since, unless it is wanted `as_it_is`."""
    kept = KEPT / "map.json"
    known = json.loads(kept.read_text()) if kept.exists() else None
    changed = known and any(checksum(path) != about["checksum"] for path, about in known["files"].items())
    if known is None or (changed and not as_it_is):
        build_map(processes)
        known = json.loads(kept.read_text())
    return known


def checksum(path: str) -> str:
    file = ROOT / path
    return sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def environment(tree: Path) -> dict[str, str]:
    compiled = {"PYTHONPYCACHEPREFIX": str(tree / ".venv/pycache"), "PYTHONDONTWRITEBYTECODE": ""}
    return {**os.environ, **compiled, "PYTHONPATH": str(tree), "QT_QPA_PLATFORM": "offscreen"}
