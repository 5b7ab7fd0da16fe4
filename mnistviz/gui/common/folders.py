"""The folder in which a dialog begins before the user has chosen another."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDir


def home() -> Path:
    """Return the user's home folder, or the root if there is none: `Path.home` would raise."""
    return Path(QDir.homePath())
