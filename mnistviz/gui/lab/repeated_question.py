"""A request that is repeated for each network that is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from mnistviz.gui.common.timers import Throttle
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.questions import ViewQuestions
from mnistviz.gui.lab.shown import Shown

Of = TypeVar("Of")


class RepeatedQuestion(Generic[Of]):
    """The state of a view's request: what the last result is `of`, and what is `asked` now. The view stores the result.
    `ask` is called at once if the network does not change, else once in so many seconds, and makes the request if
    `begin` allows it."""

    def __init__(
        self,
        lab: Jobs | ViewQuestions | None,
        key: str,
        seconds: float,
        ask: Callable[[], None],
        parent: QObject,
    ) -> None:
        """Without a `lab` nothing is ever requested."""
        self.of: Of | None = None
        self.asked: Of | None = None
        self.throttle = Throttle(seconds, ask, parent)
        self._lab, self._key = lab, key

    def follow(self, shown: Shown) -> None:
        """Repeat the request as often as needed for what is shown."""
        if shown.still:
            self.throttle.now()
        else:
            self.throttle.ask()

    def begin(self, of: Of, shown: Shown) -> bool:
        """Return True if this should be requested now: it is not known, and not requested already."""
        if self._lab is None or of in (self.of, self.asked):
            return False
        if self._lab.is_open(self._key) and not shown.still:
            return False  # while the network trains, an open request must finish first, else none would
        self.asked = of
        return True

    def end(self) -> Of | None:
        """Mark the request as answered. Return what the previous result was of."""
        before, self.of, self.asked = self.of, self.asked, None
        return before

    def withdraw(self) -> None:
        """Cancel the request; the known result stays."""
        if self._lab is not None:
            self._lab.withdraw(self._key)
        self.asked = None

    def forget(self) -> None:
        """Cancel the request and discard the known result."""
        self.withdraw()
        self.of = None
