"""Entry point of `python -m mnistviz` and of the command `mnistviz`."""

import sys

from mnistviz.interruption import INTERRUPTED, ended_at_once

__all__ = ["main"]


def main() -> int:
    try:
        with ended_at_once():
            from mnistviz.command_line import main as command

        return command()
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
