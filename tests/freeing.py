"""What tests leave behind is freed between them, or thousands of them would hold a gigabyte."""

from __future__ import annotations

import gc

from mnistviz.engine.memory import give_back_memory


def free(*, for_good: bool = True) -> None:
    """Frees what nobody holds any more and gives its memory back. What is held even then, as modules and tests are, is
    not searched again, which would take a tenth of a second each time; unless some of it may still go, so that it is
    not `for_good`."""
    gc.collect()
    give_back_memory()
    if for_good:
        gc.freeze()
