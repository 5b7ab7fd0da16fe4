"""The house: which room may use which, no circles, nothing too long to be read in one go, and no private words."""

from __future__ import annotations

import ast
import gc
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.util import resolve_name
from pathlib import Path
from types import CodeType

import pytest
from msgspec import Struct

TESTS = Path(__file__).parent
HOUSE = TESTS.parent / "mnistviz"
MOST_LINES_OF_A_FUNCTION = 60
MOST_PRIVATE_USES = 73
"""Lines of the tests that reach for a private name of something else. They may become fewer, never more."""
MOST = {"lines of mnistviz": 77_992, "lines of tests": 60_630, "signals": 65, "connects": 212}
"""What the package and its tests may have at most. These may become fewer, never more."""
SCREEN = ("PySide6", "shiboken6", "pyqtgraph")
ENGINE_MAY_USE = {"msgspec", "numpy", "threadpoolctl", *sys.stdlib_module_names}

FLOORS = {"common": 0, "lab": 1, "window": 3}
"""Of the rooms of the window; all others are panels, and what stands in no room is the roof."""
PANEL, ROOF = 2, 4


PRIVATE_NAMES = {"another", "found", "had", "its", "mine", "ours", "tells", "their", "theirs"}
"""Names of arguments and local variables that say nothing of what they hold: `run`, `match`, `indices` do."""
PRIVATE_PARTS = re.compile(r"obey|weighing|twin|surest|making|(?<![a-z])(had_again|come_back)(?![a-z])")
"""Private words in names of arguments, local variables and functions."""
PRIVATE_WORDS = re.compile(
    r"\b(had (again|back)|wanted any ?more|(is|are|was|were) told|told|(comes?|came|coming) back|takes? up|holds? off"
    r"|(makes?|making) way|puts? (aside|away)|stand-?ins?|butterfl\w+|twins?|obeys?|departures?|outlooks?|surest"
    r"|for good|lets? go|is to be (seen|had|said|shown)|all the while|came of|what came|passed over|look(s|ed)? at"
    r"|takes? over|hands? over|goes along|(reads?|share) right|is had|hurr(y|ies)|of (now|then))\b"
)
"""Private words in docstrings. The glossary of docs/architecture.md has the words of the field."""
PRIVATE_TEXTS = re.compile(
    r"\b(had again|wanted any ?more|comes? back (from|by|as)|takes? up|holds? off|(makes?|making) way"
    r"|puts? (aside|away)|stand-?ins?|butterfl\w+|obeys?|is to be (seen|had|shown)|all the while|came of)\b"
)
"""Private words in texts of the program."""


class Module(Struct, frozen=True):
    """A file of the house, by its path there; whom it imports, files by their paths and other packages by names; its
    classes; its functions, each with how many lines it has; the names of its arguments and local variables; its
    docstrings; and its other texts. What Python makes of the text does not stay: to search all of it
    for what can go takes longer than to read it."""

    path: str
    imports: tuple[str, ...]
    classes: tuple[str, ...]
    functions: tuple[tuple[str, int], ...]
    names: frozenset[str]
    docstrings: frozenset[str]
    texts: frozenset[str]

    @property
    def room(self) -> str:
        """The folder in `gui/`; empty for what stands in none."""
        return self.path.split("/")[1] if self.path.count("/") > 1 else ""

    @property
    def is_gui(self) -> bool:
        return self.path.startswith("gui/")

    @property
    def is_engine(self) -> bool:
        return self.path.startswith("engine/")


House = Mapping[str, Module]


class Fault(Struct, frozen=True):
    """Where something is wrong, and what to do."""

    place: str
    advice: str


@cache
def read(folder: Path) -> House:
    """All modules in a folder, by their paths."""
    paths = {_dotted(path.relative_to(folder)): path for path in sorted(folder.rglob("*.py"))}
    names = {name: path.relative_to(folder).as_posix() for name, path in paths.items()}
    modules = {}
    for name, path in paths.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        imports = sorted({names.get(found, found) for found in _imported(tree, package, names)})
        docstrings = frozenset(_docstrings(tree))
        codes = tuple(_codes(compile(tree, path, "exec")))
        texts = {text for code in codes for text in code.co_consts if isinstance(text, str)}
        modules[names[name]] = Module(
            names[name], tuple(imports),
            tuple(node.name for node in _statements(tree) if isinstance(node, ast.ClassDef)), tuple(_functions(tree)),
            frozenset(name for code in codes for name in (*code.co_varnames, *code.co_cellvars)),
            docstrings, frozenset(text for text in texts if " " in text and inspect.cleandoc(text) not in docstrings),
        )  # fmt: skip
    return modules


def _docstrings(tree: ast.Module) -> Iterator[str]:
    """All docstrings, and the strings below constants and fields."""
    for node in (tree, *_statements(tree)):
        value = node.value if isinstance(node, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield inspect.cleandoc(value.value)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """All that Python has compiled of a module: it has the names and texts of each function."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _dotted(path: Path) -> str:
    parts = (HOUSE.name, *path.with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """All statements in it, at any depth."""
    for child in _parts(node):
        yield child
        yield from _statements(child)


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """The statements directly in another one, and branches that hold some. Nine nodes of ten are in expressions."""
    for part in ("body", "orelse", "finalbody", "handlers", "cases"):
        found = getattr(node, part, ())
        yield from found if isinstance(found, list) else ()


def _imported(tree: ast.Module, package: str, names: Mapping[str, str]) -> Iterator[str]:
    """Also what is imported in a function or for the types only: it is leant on all the same."""
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = resolve_name("." * node.level + (node.module or ""), package)
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                yield source if source in names and whole not in names else whole


def engine_knows_no_more_than_numpy(house: House) -> Iterator[Fault]:
    for module in house.values():
        for used in module.imports if module.is_engine else ():
            inside = used in house and used.startswith(("engine/", "__init__.py", "assets.py", "marking.py"))
            if not inside and used.split(".")[0] not in ENGINE_MAY_USE:
                yield Fault(
                    f"{module.path} → {used}",
                    "the engine uses NumPy, msgspec and itself only: let it return a code or a value, and do the rest "
                    "where the sentence or the picture is made",
                )


def only_the_window_knows_qt(house: House) -> Iterator[Fault]:
    for module in house.values():
        for used in () if module.is_gui else module.imports:
            if used.startswith("gui/") and module.path != "command_line.py":  # which opens the window
                yield Fault(
                    f"{module.path} → {used}", "only command_line.py may open the window: turn it round"
                )
            if used.split(".")[0] in SCREEN and module.path != "doctor.py":  # which asks for its version
                yield Fault(f"{module.path} → {used}", "Qt is for gui/ only: move this there")


def only_the_ideas_know_pyqtgraph(house: House) -> Iterator[Fault]:
    for module in house.values():
        for used in module.imports:
            foreign = module.is_gui and module.room != "ideas"
            if foreign and used.split(".")[0] == "pyqtgraph":
                yield Fault(
                    f"{module.path} → {used}",
                    "to import it takes a quarter of a second, and a second thread that does it can crash Qt: leave "
                    "it to the ideas, which import it in the window's thread when they are opened",
                )


def rooms_use_those_below(house: House) -> Iterator[Fault]:
    for module in house.values():
        for used in module.imports:
            other = house.get(used)
            if not module.is_gui or other is None or not other.is_gui or other.room == module.room:
                continue
            if _floor(other) >= _floor(module):
                yield Fault(
                    f"{module.path} → {used}",
                    "window → panels → lab, and common is for all of them: what two panels need goes to "
                    "gui/common/ (widgets) or gui/lab/ (no widgets), and views tell by signals what they wish",
                )


def _floor(module: Module) -> int:
    return FLOORS.get(module.room, PANEL) if module.room else ROOF


def the_lab_has_no_widget(house: House) -> Iterator[Fault]:
    for module in house.values():
        for used in module.imports:
            if module.room == "lab" and used.startswith(("PySide6.QtWidgets", "PySide6.QtGui")):
                yield Fault(
                    f"{module.path} → {used}", "the lab has no widget: move it to gui/common/ or a panel"
                )


def nothing_leans_on_itself(house: House) -> Iterator[Fault]:
    reached = {path: _reached(house, path) for path in house}
    circles = {
        frozenset(other for other in reached[path] if path in reached[other])
        for path in house
        if path in reached[path]
    }
    for circle in circles:
        yield Fault(
            " ↔ ".join(sorted(circle)), "these use each other: move what they share into one that uses none"
        )


def _reached(house: House, start: str) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for used in house[waiting.pop()].imports:
            if used in house and used not in reached:
                reached.add(used)
                waiting.append(used)
    return reached


def no_name_has_two_meanings(house: House) -> Iterator[Fault]:
    """Files and classes, but for those of one file only, whose names begin with an underscore."""
    places: dict[str, list[str]] = {}
    for module in house.values():
        if (name := module.path.rpartition("/")[2]) != "__init__.py":
            places.setdefault(name, []).append(module.path)
        for name in module.classes:
            if not name.startswith("_"):
                places.setdefault(name, []).append(module.path)
    for name, where in places.items():
        if len(where) > 1:
            yield Fault(name, f"stands in {', '.join(sorted(where))}: give each a name of its own")


def no_function_is_too_long(house: House) -> Iterator[Fault]:
    for module in house.values():
        for name, lines in module.functions:
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield Fault(
                    f"{module.path}: {name}",
                    f"{lines} lines, {MOST_LINES_OF_A_FUNCTION} at most: make it several",
                )


def _functions(node: ast.AST, within: str = "") -> Iterator[tuple[str, int]]:
    for child in _parts(node):
        name = within
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{within}.{child.name}".lstrip(".")
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield name, (child.end_lineno or child.lineno) - child.lineno + 1
        yield from _functions(child, name)


def names_say_what_they_hold(house: House) -> Iterator[Fault]:
    for module in house.values():
        for name in sorted(module.names | {name.rpartition(".")[2] for name, _ in module.functions}):
            if name in PRIVATE_NAMES & module.names or PRIVATE_PARTS.search(name):
                yield Fault(f"{module.path}: {name}", "name what it is, in the words of the field")


def words_are_of_the_field(house: House) -> Iterator[Fault]:
    for module in house.values():
        for texts, words in ((module.docstrings, PRIVATE_WORDS), (module.texts, PRIVATE_TEXTS)):
            for text in sorted(texts):
                if match := words.search(re.sub('`.*?`|".*?"', "", text)):
                    yield Fault(f"{module.path}: “{match[0]}” in “{text[:60]}”", "use a word of the field")


Rule = Callable[[House], Iterator[Fault]]
RULES: tuple[Rule, ...] = (
    engine_knows_no_more_than_numpy, only_the_window_knows_qt, only_the_ideas_know_pyqtgraph,
    rooms_use_those_below, the_lab_has_no_widget, nothing_leans_on_itself, no_name_has_two_meanings,
    no_function_is_too_long, names_say_what_they_hold, words_are_of_the_field,
)  # fmt: skip


def test_the_house_is_in_order() -> None:
    """All rules in one test: to read the house takes some seconds, which each worker would need."""
    enabled = gc.isenabled()  # tests of the window leave it off
    gc.disable()  # or Python would look for garbage in what was read most of the time
    faults = [f"{fault.place}: {fault.advice}" for rule in RULES for fault in rule(read(HOUSE))]
    if enabled:
        gc.enable()
    assert not faults, "\n".join(faults)


def test_the_house_does_not_grow() -> None:
    ours = [path.read_text(encoding="utf-8") for path in HOUSE.rglob("*.py")]
    counts = {
        "lines of mnistviz": sum(text.count("\n") for text in ours),
        "lines of tests": sum(path.read_bytes().count(b"\n") for path in TESTS.rglob("*.py")),
        "signals": sum(text.count("= Signal(") for text in ours),
        "connects": sum(text.count(".connect(") for text in ours),
    }
    assert {what: count for what, count in counts.items() if count > MOST[what]} == {}, f"at most: {MOST}"


def test_the_page_of_the_house_names_what_there_is() -> None:
    """Files and classes that the glossary, the rooms and the rules of docs/architecture.md name."""
    page = (HOUSE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    paths = [path for folder in (HOUSE, TESTS, HOUSE.parent / "benchmarks") for path in folder.rglob("*.py")]
    code = set(re.findall(r"\w+", " ".join(path.read_text(encoding="utf-8") for path in paths)))
    named = {*re.findall(r"`(?:[\w/]*/)?(\w+\.py)`", page), *re.findall(r"`([A-Z]\w+)", page)}
    assert named - {path.name for path in paths} - code == set()


PRIVATE = re.compile(
    r"(?<!\bself)(?<!\bcls)\._(?!_|replace\b|asdict\b|fields\b|make\b|current_frames\b|exit\b)\w+"
)
"""A private name of something that is not one's own. Of what Python itself has, some public names begin so."""


def private_uses(text: str) -> list[str]:
    """The lines of a test file that know how something is made inside."""
    return [line.strip() for line in text.splitlines() if "._" in line and PRIVATE.search(line)]


def test_the_tests_go_through_what_is_public() -> None:
    """What users see is promised, not how it is made. An object name, a signal or a pure function is a public way."""
    files = (path.read_text(encoding="utf-8") for path in sorted(TESTS.rglob("*.py")))
    found = [line for text in files for line in private_uses(text)]
    assert len(found) <= MOST_PRIVATE_USES, "\n".join((*found, f"{len(found)} lines: one too many is yours"))
    assert len(found) > MOST_PRIVATE_USES - 10, f"lower MOST_PRIVATE_USES to {len(found)}"


def test_private_uses_are_noticed() -> None:
    own = "self._view.show()\ncls._count\nrow._replace(a=1)\nview.__class__\n"
    others = "view._show()\nself.lab._run\n'mnistviz.gui.app._start'"
    assert private_uses(own + others) == others.splitlines()


LONG = "def long():\n" + "    pass\n" * MOST_LINES_OF_A_FUNCTION
DISORDER = {
    "engine/__init__.py": "from mnistviz.engine.net import c",
    "engine/digits.py": "import os, numpy as np, PySide6\nfrom mnistviz import sentences\nfrom .net import c",
    "engine/net.py": "from mnistviz.engine import other\nc = 1",
    "engine/other.py": "",
    "sentences.py": "",
    "headless.py": "import pyqtgraph as pg\ndef f():\n    from mnistviz.gui.app import main",
    "command_line.py": "def f():\n    from mnistviz.gui.app import main",
    "gui/app.py": "from mnistviz.gui.window import page\ndef f():\n    import pyqtgraph.functions",
    "gui/ideas/page.py": "import pyqtgraph",
    "gui/window/page.py": "from mnistviz.gui.network import card",
    "gui/network/card.py": "from mnistviz.gui.lab import runs\nfrom mnistviz.gui.common import inks",
    "gui/lab/runs.py": "from PySide6 import QtWidgets, QtCore\nimport mnistviz.gui.window.page",
    "gui/common/inks.py": "from mnistviz.gui.lab import runs",
    "gui/curves/plot.py": "from ..network.card import c",
    "one.py": "import typing\nif typing.TYPE_CHECKING:\n    from mnistviz.two import f\nclass A: ...\nclass _O: ...\n",
    "two.py": "def f():\n    from mnistviz import three\nclass A: ...\nclass _O: ...\n",
    "three.py": "from mnistviz.one import x\nfrom mnistviz import long\n",
    "long.py": LONG + "class B:\n" + "".join(f"    {line}\n" for line in LONG.splitlines()),
    "short.py": LONG.replace("    pass\n", "", 1),
    "names.py": "found = 1\ndef f(mine, of):\n    return [its for its in mine]\ndef obey(): ...\n",
    "words.py": '"""It is not wanted any more."""\nA = 1\n"""What is told of it."""\nB = "`told` it"\n'
    'def f():\n    """Return `told`, which comes."""\n    return "The run is had again."\n',
}


@pytest.mark.parametrize(
    ("rule", "places"),
    [
        (engine_knows_no_more_than_numpy, ["engine/digits.py → PySide6", "engine/digits.py → sentences.py"]),
        (
            only_the_window_knows_qt,
            ["engine/digits.py → PySide6", "headless.py → gui/app.py", "headless.py → pyqtgraph"],
        ),
        (only_the_ideas_know_pyqtgraph, ["gui/app.py → pyqtgraph.functions"]),
        (
            rooms_use_those_below,
            [
                "gui/common/inks.py → gui/lab/runs.py",
                "gui/curves/plot.py → gui/network/card.py",
                "gui/lab/runs.py → gui/window/page.py",
            ],
        ),
        (the_lab_has_no_widget, ["gui/lab/runs.py → PySide6.QtWidgets"]),
        (
            nothing_leans_on_itself,
            [
                "gui/common/inks.py ↔ gui/lab/runs.py ↔ gui/network/card.py ↔ gui/window/page.py",
                "one.py ↔ three.py ↔ two.py",
            ],
        ),
        (no_name_has_two_meanings, ["A", "page.py"]),
        (no_function_is_too_long, ["long.py: B.long", "long.py: long"]),
        (names_say_what_they_hold, ["names.py: its", "names.py: mine", "names.py: obey"]),
        (
            words_are_of_the_field,
            [
                "words.py: “had again” in “The run is had again.”",
                "words.py: “is told” in “What is told of it.”",
                "words.py: “wanted any more” in “It is not wanted any more.”",
            ],
        ),
    ],
)
def test_disorder_is_noticed(rule: Rule, places: list[str], tmp_path: Path) -> None:
    for name, text in DISORDER.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert sorted(fault.place for fault in rule(read(tmp_path))) == places
