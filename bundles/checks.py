"""What the tests of bundles say and wait for."""

from __future__ import annotations

import sys
import time
from pathlib import Path


def check(what: str, holds: bool) -> None:
    print("ok:" if holds else "FAULT:", what, flush=True)
    if not holds:
        sys.exit(1)


def appears(folder: Path, pattern: str, seconds: float = 120) -> bool:
    """Wait for a file."""
    end = time.monotonic() + seconds
    while not any(folder.glob(pattern)):
        if time.monotonic() > end:
            return False
        time.sleep(1)
    return True
