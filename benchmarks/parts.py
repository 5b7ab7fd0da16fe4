"""A benchmark is a script of parts. Each part's figures are printed as it ends; a part that fails is named with its
reason, and the others are still measured.

With --json a line is one part: {"part": …, "figures": {…}} or {"part": …, "fault": …}.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from table import Figures, print_lines

LONGEST: Final = 30 * 60
"""Seconds after which a part that does not end is ended with its whole script, and says where it was."""


class Parts:
    """Measures the parts of one benchmark, those that were asked for."""

    def __init__(self, name: str, asked: argparse.Namespace) -> None:
        self.name, self.asked = name, asked
        self.failed = False

    def measure(
        self, part: str, work: Callable[[], Figures], *, variant: str = "", always: bool = True
    ) -> None:
        """Measures a part; `variant` is put behind the names of its figures. One that is not `always` measured has to
        be asked for."""
        if not (part in self.asked.only if self.asked.only else always or self.asked.short):
            return
        label = " ".join(filter(None, (self.name, variant, part)))
        print(f"{label} …", file=sys.stderr, flush=True)
        began = time.monotonic()
        faulthandler.dump_traceback_later(LONGEST, exit=True)
        try:
            with _exceptions_of_slots() as raised:
                found = work()
            if raised:
                raise raised[0]
            figures = {f"{key}.{variant}" if variant else key: value for key, value in found.items()}
        except Exception as error:
            self.fail(label, error)
        else:
            self._tell({"part": label, "seconds": round(time.monotonic() - began, 1), "figures": figures})
        finally:
            faulthandler.cancel_dump_traceback_later()

    def fail(self, label: str, error: Exception) -> None:
        self.failed = True
        traceback.print_exception(error)
        self._tell({"part": label, "fault": f"{type(error).__name__}: {error}"})

    def _tell(self, told: dict[str, Any]) -> None:
        if self.asked.json:
            print(json.dumps(told), flush=True)
        elif "fault" in told:
            print(f"{told['part']} FAILED: {told['fault']}", flush=True)
        else:
            print_lines(told["figures"], {}, same_machine=False)


@contextmanager
def _exceptions_of_slots() -> Iterator[list[BaseException]]:
    """What is raised where Qt calls Python, of which whoever waits hears nothing."""
    raised: list[BaseException] = []
    before = sys.excepthook
    sys.excepthook = lambda kind, error, trace: raised.append(error)
    try:
        yield raised
    finally:
        sys.excepthook = before


def options(document: str | None) -> argparse.ArgumentParser:
    """A parser with what each benchmark can be asked for."""
    parser = argparse.ArgumentParser(
        description=document, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print a JSON object for each part")
    parser.add_argument("--short", action="store_true", help="all parts, as short as can be: do they work?")
    parser.add_argument("--only", action="append", metavar="PART", help="this part alone; can be repeated")
    return parser


def run_parts(name: str, asked: argparse.Namespace, measure: Callable[[Parts], None]) -> int:
    """The exit code of a benchmark: 1 where a part has failed."""
    parts = Parts(name, asked)
    try:
        measure(parts)
    except Exception as error:
        parts.fail(name, error)
    return int(parts.failed)
