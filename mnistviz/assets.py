"""Locations of shipped files that are not code: the digits, the icons, the style sheet, and the user's guide."""

from functools import cache
from pathlib import Path


def asset(*parts: str) -> Path:
    """Return the path of a shipped file or folder, such as `asset("mnist")`."""
    return _folder("assets").joinpath(*parts)


def document(*parts: str) -> Path:
    """Return the path of a shipped page of docs/, such as `document("guide.md")`."""
    return _folder("docs").joinpath(*parts)


@cache
def _folder(name: str) -> Path:
    """Return a shipped folder: inside the package in a wheel, as "_assets"; beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / f"_{name}"
    return inside if inside.is_dir() else package.parent / name
