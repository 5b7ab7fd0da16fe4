"""Files of any kind: what a killed program left of them is swept."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import time
from pathlib import Path
from typing import Final

LEFTOVER_AGE: Final = 3600.0
"""Seconds after which an unfinished file belongs to no one who still writes it."""

_UNFINISHED: Final = re.compile(r"\.mnistviz-[0-9a-f]{12}\.tmp")


def remove_leftovers(folder: Path, older_than: float = LEFTOVER_AGE) -> int:
    """Removes from `folder` what `replacing` could not finish, as its program was killed; returns how many.

    Only files that nobody has written to for more than `older_than` seconds. Never raises.
    """
    removed = 0
    with contextlib.suppress(OSError, ValueError), os.scandir(folder) as entries:
        for entry in entries:
            if not _UNFINISHED.fullmatch(entry.name):
                continue
            with contextlib.suppress(OSError):
                found = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(found.st_mode) and time.time() - found.st_mtime > older_than:
                    os.unlink(entry.path)
                    removed += 1
    return removed
