"""`python -m mnistviz`, and what the command `mnistviz` calls."""

from __future__ import annotations

import sys

__all__ = ["main"]

INTERRUPTED = 130  # as a shell says it


def main() -> int:
    """The exit code."""
    try:
        from mnistviz.command_line import main as command  # here: Ctrl-C may come while it is read

        return command()
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
