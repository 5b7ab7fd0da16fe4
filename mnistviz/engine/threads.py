"""One BLAS thread during training, faster and reproducible; work in a second thread; unused memory given back."""

import ctypes
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Lock, Thread
from typing import TypeVar

from threadpoolctl import threadpool_limits

Result = TypeVar("Result")

_lock = Lock()
_inside = 0
_limits: threadpool_limits | None = None


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Limit the whole process to one BLAS thread; restore the previous number at the end. It may be nested and shared
    by several threads: the first in sets the limit, the last out lifts it. `Network.SGD` and `train` enter it
    themselves, and the window for as long as it is open. Callers that step a `Trainer` must enter it."""
    global _inside, _limits
    with _lock:
        if not _inside:
            _limits = threadpool_limits(limits=1, user_api="blas")
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside and _limits is not None:
                _limits.restore_original_limits()
                _limits = None


def concurrently(work: Callable[[], Result]) -> Future[Result]:
    """Call `work`, which takes some milliseconds, in a thread of its own; the future has what it returns or raises."""
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as fault:  # for `result`
            future.set_exception(fault)

    Thread(target=run, name="samples", daemon=True).start()
    return future


_trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
"""Of the GNU C library, which retains free memory between blocks in use; other systems lack it."""


def give_back_memory() -> None:
    """Return free memory to the system: discarding half of a run's snapshots leaves some 30 MB between the others. It
    takes some milliseconds, without the interpreter lock; where there is little to return, a third of one."""
    if _trim is not None:
        _trim(0)
