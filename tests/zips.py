"""Files of arrays, as a hand or another program has changed them."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np


def members_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(
    path: Path, changed: Mapping[str, bytes | None], packing: int | None = None, name: str = ""
) -> Path:
    """Writes a file anew, or another of `name` beside it, with some members changed, added, or left out where None.
    Each stays packed as it was, unless it is said how."""
    with zipfile.ZipFile(path) as archive:
        kinds = {info.filename: info.compress_type for info in archive.infolist()}
    members = {**members_of(path), **changed}
    target = path.with_name(name or path.name)
    with zipfile.ZipFile(target, "w") as archive:
        for member, content in members.items():
            if content is not None:
                kind = kinds.get(member, zipfile.ZIP_STORED) if packing is None else packing
                archive.writestr(member, content, kind)
    return target


def npy(array: np.ndarray[Any, Any]) -> bytes:
    content = io.BytesIO()
    np.lib.format.write_array(content, array, version=(1, 0), allow_pickle=True)
    return content.getvalue()
