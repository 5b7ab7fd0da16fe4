"""Break the program at random places, and list the breaks that no test notices.

python -m tests.mutations              30 in the engine and 30 in the window, within ten minutes
python -m tests.mutations --seed 7     the same places again
python -m tests.mutations --as-mapped  leave out files that have changed since the last time, which saves three minutes

First all tests are run, to find out which of them run which lines. That needs Python 3.12 or later.

A mutation changes one operator, constant, condition or order of two arguments in a line that a test runs, in a copy of
the working tree. Then the tests that run the line are run. What runs only when a file is imported stays as it is.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Container, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any, Final

from msgspec import Struct

from tests.line_map import KEPT, ROOT, checksum, environment, line_map

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
EITHER_WAY: Final = {
    "min", "max", "maximum", "minimum", "hypot", "dist", "multiply", "vdot", "array_equal", "logical_and", "logical_or",
    "intersect1d", "union1d",
}  # fmt: skip
"""Functions of which the order of the arguments makes no difference."""


class Mutation(Struct, frozen=True):
    path: str
    line: int
    place: tuple[int, int]
    before: str
    after: str

    @property
    def text(self) -> bytes:
        source = (ROOT / self.path).read_bytes()
        return source[: self.place[0]] + f"({self.after})".encode() + source[self.place[1] :]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.before}  →  {self.after}"


def mutations(path: str, lines: Container[int]) -> Iterator[Mutation]:
    source = (ROOT / path).read_bytes()
    starts = [0, *accumulate(map(len, source.splitlines(keepends=True)))]
    for node in _run_when_called(ast.parse(source)):
        target = node.test if isinstance(node, ast.If | ast.While) else node
        if not isinstance(target, ast.expr) or target.lineno not in lines or target.end_lineno is None:
            continue
        begin = starts[target.lineno - 1] + target.col_offset
        end = starts[target.end_lineno - 1] + (target.end_col_offset or 0)
        for mutant in _mutants(node):
            if ast.unparse(mutant) != ast.unparse(target):  # as f(x, x) is the same the other way round
                yield Mutation(path, target.lineno, (begin, end), ast.unparse(target), ast.unparse(mutant))


def _run_when_called(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes but annotations, strings, and arguments that no test can see: `strict` of zip, and `copy` of
    arrays, where False saves time."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.keyword) and node.arg in ("strict", "copy")):
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
        case ast.Constant(value=bool() | int() | float() as value):
            yield other(value=not value if isinstance(value, bool) else value + 1)
        case ast.IfExp(body=body, orelse=orelse):
            yield other(body=orelse, orelse=body)
        case ast.Call(func=func, args=[first, second, *rest]):
            starred = isinstance(first, ast.Starred) or isinstance(second, ast.Starred)
            if not starred and ast.unparse(func).split(".")[-1] not in EITHER_WAY:
                yield other(args=[second, first, *rest])


def chosen(known: Mapping[str, Any], folder: str, count: int, chance: random.Random) -> list[Mutation]:
    """Choose mutations in a folder at random, in files that are as they were when the map was made."""
    files = {path: about for path, about in sorted(known["files"].items()) if path.startswith(folder)}
    same = {path: about["lines"] for path, about in files.items() if checksum(path) == about["checksum"]}
    print(f"{folder}: {len(files) - len(same)} of {len(files)} files have changed since the map was made")
    lines = {path: {int(line) for line, tests in found.items() if tests} for path, found in same.items()}
    every = [mutation for path, found in lines.items() for mutation in mutations(path, found)]
    return chance.sample(every, min(count, len(every)))


def nearest_tests(known: Mapping[str, Any], mutation: Mutation) -> list[str]:
    """Return the tests of the line: those nearest to it by name first, then the records, then the quickest, as many as
    have time."""
    name = Path(mutation.path).stem
    every = [known["tests"][number] for number in known["files"][mutation.path]["lines"][str(mutation.line)]]
    order = sorted(every, key=lambda each: (name not in each[0], "/said/" not in each[0], each[1]))
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
    parser.add_argument("--as-mapped", action="store_true", help="leave out files that have changed since")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="repeat a run by its seed")
    parser.add_argument("--count", type=int, default=30, help="in the engine, and as many in the window (30)")
    parser.add_argument("--only", choices=GROUPS, help="in the engine only, or in the window only")
    parser.add_argument("--minutes", type=float, default=7.0, help="begin none after so long (7)")
    asked, processes = parser.parse_args(arguments), os.cpu_count() or 1
    known, chance = line_map(processes, as_it_is=asked.as_mapped), random.Random(asked.seed)
    groups = {group: folder for group, folder in GROUPS.items() if asked.only in (None, group)}
    plan = [chosen(known, folder, asked.count, chance) for folder in groups.values()]
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
    for group, folder in groups.items():
        tried = {
            each: noticed for each, noticed in seen if each.path.startswith(folder) and noticed is not None
        }
        survived = [str(each) for each, noticed in tried.items() if not noticed]
        lines += [f"{group}: {len(survived)} of {len(tried)} survived", *survived]
    (KEPT / f"survivors-{asked.seed}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(["", *lines]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
