"""What tests leave behind is freed between them, or thousands of them would hold a gigabyte."""

from __future__ import annotations

import gc

from mnistviz.engine.memory import give_back_memory


def free() -> None:
    """Frees what nobody holds any more and gives its memory back. What is held even then is not searched again:
    modules and tests stay to the end, and to search them takes a tenth of a second each time. `gc.unfreeze` has it
    searched once more."""
    gc.collect()
    give_back_memory()
    gc.freeze()
