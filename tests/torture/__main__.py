"""Runs the parts, prints a line for each thing that was done, and exits with 1 if a promise was broken.

python -m tests.torture                   everything, thoroughly
python -m tests.torture --only files      one part
python -m tests.torture --short --seed 7  as the ordinary tests do it
python -m tests.torture --only monkey --minutes 60
"""

import argparse
import platform
import random
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import numpy as np

from tests.torture import Result, experiments, files, monkey, signals

PARTS: Final[dict[str, Callable[..., list[Result]]]] = {
    "experiments": experiments.run,
    "files": files.run,
    "signals": signals.run,
    "monkey": monkey.run,
}
_MOST_SHOWN: Final = 20  # faults of one thing


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description="Tries to break mnistviz.")
    parser.add_argument("--only", choices=PARTS, help="run this part alone")
    parser.add_argument("--short", action="store_true", help="seconds instead of minutes")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="repeat a run by its seed")
    parser.add_argument("--minutes", type=float, help="how long the monkey is at the window (10)")
    parser.add_argument("--undertaking", default="", help="what the monkey does with a purpose, alone")
    asked = parser.parse_args(arguments)
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, --seed {asked.seed}")
    broken = False
    for name, run in PARTS.items():
        if asked.only not in (None, name):
            continue
        began = time.monotonic()
        if name == "monkey":
            run = partial(run, minutes=asked.minutes, undertaking=asked.undertaking)
        results = run(not asked.short, asked.seed)
        print(f"\n{name}, {time.monotonic() - began:.0f} s")
        for result in results:
            print(f"  {'FAULT' if result.faults else 'ok':7}{result.what:48}{result.figures}")
            for fault in result.faults[:_MOST_SHOWN]:
                print(f"         {fault}")
            if len(result.faults) > _MOST_SHOWN:
                print(f"         and {len(result.faults) - _MOST_SHOWN} more")
            for note in result.notes:
                print("         " + note.replace("\n", "\n         "))
        broken = broken or any(result.faults for result in results)
        sys.stdout.flush()
    print("\nA promise was broken." if broken else "\nEvery promise held.")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
