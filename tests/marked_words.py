"""What the sources mark for translation, as `lupdate` would find it."""

from __future__ import annotations

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
        self._classes: list[str] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    @staticmethod
    def _is_qt_translate(function: ast.expr, arguments: int) -> bool:
        """Qt's own, by a name of its own in some files; another one takes no context."""
        if isinstance(function, ast.Name):
            return function.id == "translate" and arguments > 1
        return ast.unparse(function) == "QCoreApplication.translate"

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        words = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        if name == "tr":
            words = [self._classes[-1] if self._classes else None, *words]
        elif name == "translate":
            if not self._is_qt_translate(function, len(words)):
                return
        elif name != "marked":
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
