"""What tests leave behind is freed between them, or thousands of them would hold a gigabyte.

What is held even then, as modules and tests are, is frozen (`gc.freeze`): to search it takes a tenth of a second each
time.
"""

import gc

from mnistviz.engine.threads import give_back_memory


def free() -> None:
    """Frees what nobody holds any more, and gives its memory back."""
    gc.collect()
    give_back_memory()
