"""A folder that the test itself may not look into."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOBODY = 65_534


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody may read or enter `folder`: not even root, who is nobody meanwhile."""
    mode, user = folder.stat().st_mode, os.geteuid()
    folder.chmod(0)
    if user == 0:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(mode)
