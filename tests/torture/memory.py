"""What a process holds in memory, and whether that becomes more.

What it holds is what malloc has given out and not got back. What is resident is more: libraries, stacks, and what
malloc has free in pieces too small to be given back to the system.
"""

import ctypes
import gc
import os
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final

ENVIRONMENT: Final = {
    "PYTHONMALLOC": "malloc",
    "MALLOC_MMAP_THRESHOLD_": "262144",
    "MALLOC_TRIM_THRESHOLD_": "262144",
}
"""With these, Python's small objects come from malloc, too, and glibc gives freed arrays back to the system at once.
By itself it raises the bound with each large array that is freed, and holds a hundred megabytes and more in reserve."""

_COMPARED: Final = 3  # moments at the beginning, and at the end


class _MallInfo(ctypes.Structure):
    """`struct mallinfo2` of malloc.h, in bytes, of all threads."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"
        )
    )  # fmt: skip


def held() -> float:
    """Megabytes that malloc has given out, in its heaps and as mappings of their own."""
    tell = ctypes.CDLL(None).mallinfo2
    tell.restype = _MallInfo
    malloc = tell()
    return float(malloc.uordblks + malloc.hblkhd) / 1e6


def resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def let_go() -> None:
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def growth(figures: Sequence[float]) -> float:
    """From the median of the first few figures to that of the last few, so that no single moment decides."""
    few = max(1, min(_COMPARED, len(figures) - 1))
    return median(figures[-few:]) - median(figures[:few])
