"""Loading of Qt so that later imports use Python's own import."""

import builtins


def load_qt() -> None:
    """Load Qt; call it before anything else imports Qt.

    PySide replaces Python's import by its own, which reads the source of each module, 20 MB of lines in all, to look
    for a spelling of Qt's names that is not used here.
    """
    python_import = builtins.__import__
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = python_import
