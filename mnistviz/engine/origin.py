"""What the file of a network records about its training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_MOST: Final = 2**53  # larger JSON numbers can't be counts


@dataclass(frozen=True)
class Origin:
    """How long a network had trained before it was opened, in all runs recorded in its file; None if unknown."""

    epochs: float | None = None
    mini_batches: int | None = None

    @classmethod
    def of(cls, about: Mapping[str, Any]) -> Origin:
        """Parse `about`, as written by `about_run`; its content is unchecked, and may be anything."""
        step, digits, epoch = (whole_number(about.get(name)) for name in ("step", "digits", "epoch"))
        epochs = digits / epoch if digits is not None and epoch else None
        if "before" not in about:
            return cls(epochs, step)
        before = about["before"] if isinstance(about["before"], Mapping) else {}
        epochs_before, step_before = _number(before.get("epochs")), whole_number(before.get("mini_batches"))
        return cls(
            None if epochs is None or epochs_before is None else epochs + epochs_before,
            None if step is None or step_before is None else step + step_before,
        )

    @property
    def learned(self) -> bool:
        """True unless the file says that the network was never trained."""
        return self.mini_batches != 0

    def as_json(self) -> dict[str, float | int | None]:
        """Return what the file of a network that continues this one stores of it."""
        return {"epochs": self.epochs, "mini_batches": self.mini_batches}


def whole_number(value: object) -> int | None:
    """Return `value` if it is a plausible count, else None."""
    return value if type(value) is int and 0 <= value < _MOST else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < _MOST else None
