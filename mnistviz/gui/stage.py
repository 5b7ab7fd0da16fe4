"""The stage: what is open, chosen and arranged, as one record that is kept between two starts."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from mnistviz.engine.problems import Problem
from mnistviz.engine.storage import replacing

MOST_BYTES = 1_000_000

log = logging.getLogger(__name__)


class StageFile:
    """The file that the stage is kept in. What can't be read counts as nothing, and is kept beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> dict[str, Any]:
        """The stage as it was kept last; empty where there is none."""
        try:
            if not self.path.exists():
                return {}
            if self.path.stat().st_size > MOST_BYTES:
                raise ValueError("too large")
            stage = json.loads(self.path.read_text(encoding="utf-8"))
            if not isinstance(stage, dict):
                raise TypeError("not a record")
            return stage
        except (OSError, ValueError, TypeError, RecursionError) as error:
            log.warning("the stage %s was not read: %s", self.path, error)
            self._set_aside()
            return {}

    def save(self, stage: dict[str, Any]) -> None:
        """Keeps the stage; a disk that is full or read-only costs no more than a line in the log."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(self.path) as file:
                file.write(json.dumps(stage, ensure_ascii=False, indent=1).encode(errors="backslashreplace"))
        except (OSError, Problem) as error:
            log.warning("the stage %s was not kept: %s", self.path, error)

    def _set_aside(self) -> None:
        try:
            self.path.replace(self.path.with_suffix(".unread"))
        except OSError as error:
            log.warning("and could not be set aside: %s", error)
