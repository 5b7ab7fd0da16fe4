"""What is done to the program to see whether it breaks: `python -m tests.torture`, a few minutes.

A part is a module with `run(thorough: bool, seed: int) -> list[Result]`, which `__main__.PARTS` lists. It raises
nothing and leaves nothing behind. With `thorough` false it takes seconds, and the ordinary tests run it so.
"""

from msgspec import Struct


class Result(Struct, frozen=True):
    """What was done, the figures of what came of it, each promise that was broken, and what else is worth a line."""

    what: str
    figures: str
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
