"""What may load what: the engine and the command line come without Qt."""

import os
import sys

import mnistviz
from mnistviz.gui.window.views import VIEWS, Late
from tests.examples import one_quick
from tests.programs import ended_well

SCREEN = ("PySide6", "shiboken6", "pyqtgraph")


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after `statement`."""
    program = f"import sys\n{statement}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    return set(ended_well([sys.executable, "-c", program]).stdout.splitlines()[-1].split())


@one_quick(
    "module", ["mnistviz.picture_reading", "mnistviz.headless", "mnistviz.engine.rows", "mnistviz.engine"]
)
def test_the_engine_knows_no_screen(module: str) -> None:
    assert not loaded_by(f"import {module}").intersection(SCREEN)


def test_the_doctor_and_the_command_line_start_without_qt_and_numpy() -> None:
    statement = "import mnistviz.__main__, mnistviz.command_line; mnistviz.command_line.main(['--doctor'])"
    assert not loaded_by(statement).intersection((*SCREEN, "numpy"))


def test_the_window_opens_without_what_only_its_menus_need_and_without_its_source_being_read() -> None:
    """Each of these would delay the first sight of it. Of the source PySide would read each file, a tenth of the start
    and 20 MB."""
    program = "import linecache, sys\nimport mnistviz.gui.app\nprint(*sys.modules)\nprint(*linecache.cache)"
    loaded, read = ended_well([sys.executable, "-c", program]).stdout.splitlines()
    late = {
        "mnistviz.gui.window.guide",
        "mnistviz.gui.window.find",
        "mnistviz.gui.window.find_words",
        *(entry.build.name.partition(":")[0] for entry in VIEWS if isinstance(entry.build, Late)),
        "tomllib",
        "pyqtgraph",
    }
    assert not late.intersection(loaded.split())
    assert os.path.dirname(mnistviz.__file__) + os.sep not in read
