"""Where a run branched off another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

ForkKind = Literal["branch", "twin", "butterfly"]


@dataclass(frozen=True)
class Fork:
    """Where a run branched off: from which one, by its number, after how many mini-batches and digits; and what was
    changed there."""

    number: int
    step: int
    digits: int
    plan: Mapping[str, Any] = field(default_factory=dict)
    kind: ForkKind = "branch"
