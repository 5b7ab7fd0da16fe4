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

_NAMES = re.compile(r"tr|marked|QCoreApplication\.translate")

Marked = tuple[str, str]  # context, English


@cache
def marks(source: Path) -> tuple[list[Marked], list[str]]:
    """The calls of the functions that `lupdate` knows, and those that it could not read."""
    found, unclear, text = list[Marked](), list[str](), source.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)) if _MARKS.search(text) else ():
        if not isinstance(node, ast.Call) or not _NAMES.fullmatch(name := ast.unparse(node.func)):
            continue
        words = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        words = words if "." in name else ["", *words]
        if len(words) == 2 and all(isinstance(word, str) for word in words):
            found.append((str(words[0]), str(words[1])))
        else:
            unclear.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found, unclear


def all_marked() -> set[Marked]:
    return {mark for source in SOURCES for mark in marks(source)[0]}


def unclear() -> Iterator[str]:
    for source in SOURCES:
        yield from (f"{source.name}, {call}" for call in marks(source)[1])
