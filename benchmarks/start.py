"""From the command to the window, to the data, and to the first mini-batch, each time in a fresh process.

The program is started as the command does it and asked for training at once; driven.py notes the moments. The
times run from before the process is made, the start of Python included.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from parts import options, run_parts
from table import Figures

RUNS: Final = 7
DRIVEN: Final = Path(__file__).with_name("driven.py")


def start(home: str) -> Figures:
    """Starts the program once; after how many seconds there was what."""
    environment = os.environ | {name: home for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or all would be compiled at each start
    environment["QT_QPA_PLATFORM"] = "offscreen"
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, DRIVEN], env=environment, stdout=subprocess.PIPE, check=True, timeout=60
    )
    return {name: moment - began for name, moment in json.loads(done.stdout.splitlines()[-1]).items()}


def measure(runs: int) -> Figures:
    with tempfile.TemporaryDirectory() as home:
        if runs > 1:
            start(home)  # compiles what has changed, and brings the files into memory
        found = [start(home) for _ in range(runs)]
    return {
        name: statistics.median(moments[name] for moments in found) for name in ("shown", "ready", "first")
    }


if __name__ == "__main__":
    parser = options(__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="how often to start it (%(default)s)")
    asked = parser.parse_args()
    runs = 1 if asked.short else asked.runs
    sys.exit(run_parts("start", asked, lambda parts: parts.measure("start", lambda: measure(runs))))
