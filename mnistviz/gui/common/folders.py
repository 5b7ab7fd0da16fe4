"""The folder in which a dialog begins before the user has chosen another."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDir


def home() -> Path:
    """The user's own folder. Where the system knows none, the root: `Path.home` would raise."""
    return Path(QDir.homePath())
