"""What may load what: the engine and the command line come without Qt."""

import sys

import pytest

from mnistviz.gui.window.views import VIEWS, Late
from tests.examples import one_quick
from tests.programs import ended_well

SCREEN = ("PySide6", "shiboken6", "pyqtgraph")


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after `statement`."""
    program = f"import sys\n{statement}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    finished = ended_well([sys.executable, "-c", program])
    return set(finished.stdout.splitlines()[-1].split())


@one_quick(
    "module", ["mnistviz.picture_reading", "mnistviz.headless", "mnistviz.engine.rows", "mnistviz.engine"]
)
def test_the_engine_knows_no_screen(module: str) -> None:
    assert not loaded_by(f"import {module}").intersection(SCREEN)


@pytest.mark.parametrize(
    "statement",
    [
        "import mnistviz",
        "import mnistviz.doctor",
        "import mnistviz.command_line",
        "import mnistviz.__main__",
        "from mnistviz.command_line import main; main(['--doctor'])",
    ],
)
def test_the_doctor_and_the_command_line_start_without_qt_and_numpy(statement: str) -> None:
    assert not loaded_by(statement).intersection((*SCREEN, "numpy"))


def test_the_window_opens_without_what_only_its_menus_need() -> None:
    """Each of these would delay the first sight of it."""
    program = "import sys\nimport mnistviz.gui.app\nprint(*sys.modules)"
    finished = ended_well([sys.executable, "-c", program])
    late = {
        "mnistviz.gui.window.guide",
        "mnistviz.gui.window.find",
        "mnistviz.gui.window.find_words",
        *(entry.build.name.partition(":")[0] for entry in VIEWS if isinstance(entry.build, Late)),
        "tomllib",
        "pyqtgraph",
    }
    assert not late.intersection(finished.stdout.split())


def test_the_window_is_imported_without_its_source_being_read() -> None:
    """PySide would read each file, which takes a tenth of the start and 20 MB."""
    program = (
        "import linecache, mnistviz.gui.app\nfolder = mnistviz.__file__.removesuffix('__init__.py')\n"
        "print(*(name for name in linecache.cache if name.startswith(folder)))"
    )
    finished = ended_well([sys.executable, "-c", program])
    assert not finished.stdout.strip()
