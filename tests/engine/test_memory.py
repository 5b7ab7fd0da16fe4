"""Memory that is free goes back to the system."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from mnistviz.engine.threads import give_back_memory


def resident() -> float:
    """What this process takes of the memory, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(os, "confstr"), reason="only malloc of GNU can be asked"
)
def test_what_lies_between_things_in_use_is_given_back() -> None:
    give_back_memory()
    snapshots = [np.ones(20_000, np.float32) for _ in range(600)]  # 48 MB
    del snapshots[::2]
    before = resident()
    give_back_memory()
    assert before - resident() > 15
