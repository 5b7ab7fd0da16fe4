"""Loads Qt so that what is imported after it is imported by Python's own means."""

from __future__ import annotations

import builtins


def load_qt() -> None:
    """To be called before anything else imports Qt.

    PySide puts an import of its own in the place of Python's. It reads the source of each module, 20 MB of lines in
    all, to look for a way to spell Qt's names that nothing here uses.
    """
    python_import = builtins.__import__
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = python_import
