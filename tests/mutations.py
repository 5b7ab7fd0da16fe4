"""Break the program at random places, and list the breaks that no test notices.

python -m tests.mutations              30 in the engine and 30 in the window, within ten minutes
python -m tests.mutations --seed 7     the same places again
python -m tests.mutations --map        find out again which tests run which lines; takes twice as long as all tests

A mutation changes one operator, constant, condition or order of two arguments in a line that a test runs, in a copy of
the working tree. Then the tests that run the line are run. What runs only when a file is imported stays as it is.
"""

from __future__ import annotations

import argparse
import ast
import json
import math
import os
import random
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[1]
KEPT: Final = ROOT / ".venv" / "mutations"
GROUPS: Final = {"engine": "mnistviz/engine/", "window": "mnistviz/gui/"}
MOST: Final = 60.0  # seconds of the processor for the tests of one mutation, as they took for the map
LEFT_OUT: Final = (".git", ".venv*", "*_cache", "__pycache__", ".hypothesis")  # of a copy of the working tree
SWAPPED: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
NEVER: Final = ("annotation", "returns", "decorator_list", "type_params")  # runs when a function is called
EITHER_WAY: Final = {"min", "max", "maximum", "minimum", "hypot", "array_equal", "logical_and", "logical_or"}
"""Functions of which the order of the arguments makes no difference."""


@dataclass(frozen=True)
class Mutation:
    """A change of one line: `text` is the whole file with it."""

    path: str
    line: int
    before: str
    after: str
    text: bytes

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.before}  →  {self.after}"


# Which tests run which lines: this module is a plugin of pytest, too


class Measuring:
    """What runs in each process of pytest while the map is made."""

    def __init__(self, name: str) -> None:
        from coverage import Coverage

        self._name = name
        self._seconds = defaultdict[str, float](float)  # of tests; without end where one fails
        included = [f"{ROOT}/mnistviz/*"]
        self._lines = Coverage(str(KEPT / f"lines.{name}"), include=included, config_file=False)
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
    command = [sys.executable, *f"-m pytest -q -p tests.mutations -n {processes}".split(), "-m", "not long"]
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


def checksum(path: str) -> str:
    return sha256((ROOT / path).read_bytes()).hexdigest()


def environment(tree: Path) -> dict[str, str]:
    """Return what tests of a tree need: the program is imported from there."""
    compiled = {"PYTHONPYCACHEPREFIX": str(tree / ".venv/pycache"), "PYTHONDONTWRITEBYTECODE": ""}
    return {**os.environ, **compiled, "PYTHONPATH": str(tree), "QT_QPA_PLATFORM": "offscreen"}


# Mutations


def mutations(path: str, lines: Mapping[int, object]) -> Iterator[Mutation]:
    """Yield all mutations of these lines of a file."""
    source = (ROOT / path).read_bytes()
    starts = [0]
    for each in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(each))
    for node in _run_when_called(ast.parse(source)):
        target = node.test if isinstance(node, ast.If | ast.While) else node
        if not isinstance(target, ast.expr) or target.lineno not in lines or target.end_lineno is None:
            continue
        begin = starts[target.lineno - 1] + target.col_offset
        end = starts[target.end_lineno - 1] + (target.end_col_offset or 0)
        for mutant in _mutants(node):
            after = ast.unparse(mutant)
            text = source[:begin] + f"({after})".encode() + source[end:]
            yield Mutation(path, target.lineno, ast.unparse(target), after, text)


def _run_when_called(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes but annotations, strings, and `strict` of zip, which no test can see."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.keyword) and node.arg == "strict"):
        return
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and name not in NEVER:
                yield child
                yield from _run_when_called(child)


def _mutants(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what may stand in the place of an expression, or of the condition of a statement."""

    def other(**fields: object) -> Any:
        return type(node)(**(dict(ast.iter_fields(node)) | fields))

    match node:
        case ast.If(test=test) | ast.While(test=test):
            yield ast.UnaryOp(ast.Not(), test)
        case ast.Compare(ops=[op, *more]) if type(op) in SWAPPED:
            yield other(ops=[SWAPPED[type(op)](), *more])
        case ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in SWAPPED:
            yield other(op=SWAPPED[type(op)]())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.Constant(value=bool(value)):
            yield other(value=not value)
        case ast.Constant(value=int(value)):
            yield other(value=value + 1)
        case ast.Constant(value=float(value)):
            yield other(value=2 * value if value else 1.0)
        case ast.IfExp(body=body, orelse=orelse):
            yield other(body=orelse, orelse=body)
        case ast.Call(func=func, args=[first, second, *rest]):
            starred = isinstance(first, ast.Starred) or isinstance(second, ast.Starred)
            if not starred and ast.unparse(func).split(".")[-1] not in EITHER_WAY:
                yield other(args=[second, first, *rest])


def chosen(known: Mapping[str, Any], folder: str, count: int, chance: random.Random) -> list[Mutation]:
    """Choose mutations in a folder at random, in files that are as they were when the map was made."""
    found = []
    for path, about in sorted(known["files"].items()):
        if path.startswith(folder) and checksum(path) == about["checksum"]:
            lines = {int(line): tests for line, tests in about["lines"].items() if tests}
            found += list(mutations(path, lines))
    return chance.sample(found, min(count, len(found)))


# Whether they are noticed


def nearest_tests(known: Mapping[str, Any], mutation: Mutation) -> list[str]:
    """Return the tests of the line: those nearest to it by name first, then the quickest, as many as have time."""
    name = Path(mutation.path).stem
    every = [known["tests"][number] for number in known["files"][mutation.path]["lines"][str(mutation.line)]]
    order = sorted(every, key=lambda each: (name not in each[0].split("::")[0], each[1]))
    spent = accumulate(seconds for _, seconds in order)
    return [test for (test, _), until in zip(order, spent, strict=True) if until <= MOST] or [order[0][0]]


def failure(tree: Path, mutation: Mutation, tests: Sequence[str]) -> str:
    """Return how tests fail with the mutation in a tree, which is restored; nothing if they pass. What hangs pytest
    ends."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", *tests]
    own = environment(tree) | {"HOME": str(tree / ".venv")}
    (tree / mutation.path).write_bytes(mutation.text)
    try:
        done = subprocess.run(command, cwd=tree, env=own, capture_output=True, text=True)
    finally:
        shutil.copyfile(ROOT / mutation.path, tree / mutation.path)
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0] if failed else f"ended with {done.returncode}" if done.returncode else ""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description="Breaks the program.")
    parser.add_argument("--map", action="store_true", help="find out again which tests run which lines")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="repeat a run by its seed")
    parser.add_argument("--count", type=int, default=30, help="in the engine, and as many in the window (30)")
    parser.add_argument("--minutes", type=float, default=10.0, help="begin none after so long (10)")
    asked, processes = parser.parse_args(arguments), os.cpu_count() or 1
    if asked.map or not (KEPT / "map.json").exists():
        build_map(processes)
    known, chance = json.loads((KEPT / "map.json").read_text()), random.Random(asked.seed)
    plan = [chosen(known, group, asked.count, chance) for group in GROUPS.values()]
    until, trees = time.monotonic() + 60 * asked.minutes, SimpleQueue[Path]()
    print(f"--seed {asked.seed}", flush=True)

    def is_seen(mutation: Mutation) -> bool | None:
        """Return whether a test notices it, or None where no time is left."""
        if time.monotonic() > until:
            return None
        tree = trees.get()
        failed = failure(tree, mutation, nearest_tests(known, mutation))
        trees.put(tree)
        print(f"{'noticed ' if failed else 'SURVIVED'} {mutation}\n         {failed}", flush=True)
        return bool(failed)

    with TemporaryDirectory() as folder, ThreadPoolExecutor(processes) as pool:
        for number in range(processes):
            copied = Path(folder) / str(number)
            trees.put(shutil.copytree(ROOT, copied, ignore=shutil.ignore_patterns(*LEFT_OUT)))
        in_turn = [each for both in zip(*plan, strict=False) for each in both]  # as time may run out
        seen = list(zip(in_turn, pool.map(is_seen, in_turn), strict=True))
    lines = []
    for group, folder in GROUPS.items():
        tried = [
            (each, noticed) for each, noticed in seen if each.path.startswith(folder) and noticed is not None
        ]
        survived = [str(each) for each, noticed in tried if not noticed]
        lines += [f"{group}: {len(survived)} of {len(tried)} survived", *survived]
    (KEPT / f"survivors-{asked.seed}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(["", *lines]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
