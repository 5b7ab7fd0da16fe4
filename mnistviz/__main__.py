"""`python -m mnistviz`, and what the command `mnistviz` calls."""

from __future__ import annotations

import sys

from mnistviz.command_line import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
