"""Finds what ships with the program and is not code: the digits, the icons, and the user's guide."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def asset(*parts: str) -> Path:
    """The path of a shipped file or folder, such as `asset("mnist")`."""
    return _shipped("assets", *parts)


def document(*parts: str) -> Path:
    """The path of a shipped page of docs/, such as `document("guide.md")`."""
    return _shipped("docs", *parts)


def _shipped(folder: str, *parts: str) -> Path:
    """A wheel carries the folder inside the package, as "_assets"; a checkout has it beside the package."""
    package = Path(str(resources.files("mnistviz")))
    inside = package / f"_{folder}"
    return (inside if inside.is_dir() else package.parent / folder).joinpath(*parts)
