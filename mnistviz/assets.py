"""Finds what ships with the program and is not code: the digits and the icons."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def asset(*parts: str) -> Path:
    """The path of a shipped file or folder, such as `asset("mnist")`.

    A wheel carries the assets inside the package; a checkout has them beside it.
    """
    package = Path(str(resources.files("mnistviz")))
    inside = package / "_assets"
    return (inside if inside.is_dir() else package.parent / "assets").joinpath(*parts)
