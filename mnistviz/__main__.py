"""`python -m mnistviz`, and what the command `mnistviz` calls."""

from __future__ import annotations

import sys

from mnistviz.interruption import INTERRUPTED, ended_at_once

__all__ = ["main"]


def main() -> int:
    """The exit code."""
    try:
        with ended_at_once():
            from mnistviz.command_line import main as command

        return command()
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
