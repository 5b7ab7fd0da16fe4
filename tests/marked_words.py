"""What the sources mark for translation, as `lupdate` would find it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import mnistviz

SOURCES = sorted(Path(mnistviz.__file__).parent.rglob("*.py"))

_MARKS = re.compile(r"\b(tr|translate|marked)\(")
"""Where there is none of these, there is nothing to be found; to parse all files takes a second."""

Marked = tuple[str, str]  # context, English


class _Marks(ast.NodeVisitor):
    """Collects calls of the functions that `lupdate` knows; `unclear` are those that it could not read."""

    def __init__(self) -> None:
        self.found: list[Marked] = []
        self.unclear: list[str] = []

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        function = node.func
        words = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        if ast.unparse(function) in ("tr", "marked"):
            words = ["", *words]
        elif ast.unparse(function) != "QCoreApplication.translate":
            return
        if len(words) == 2 and all(isinstance(word, str) for word in words):
            self.found.append((str(words[0]), str(words[1])))
        else:
            self.unclear.append(f"line {node.lineno}: {ast.unparse(node)}")


@cache
def marks(source: Path) -> tuple[list[Marked], list[str]]:
    found, text = _Marks(), source.read_text(encoding="utf-8")
    if _MARKS.search(text):
        found.visit(ast.parse(text))
    return found.found, found.unclear


def all_marked() -> set[Marked]:
    return {mark for source in SOURCES for mark in marks(source)[0]}


def unclear() -> Iterator[str]:
    for source in SOURCES:
        yield from (f"{source.name}, {call}" for call in marks(source)[1])
