"""A question that is asked again for each network that is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from mnistviz.gui.common.throttle import Throttle
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.questions import ViewQuestions
from mnistviz.gui.lab.shown import Shown

Of = TypeVar("Of")


class RepeatedQuestion(Generic[Of]):
    """What a view knows of its question: what the last answer is `of`, and what is `asked` now. The view keeps the
    answer. `ask` is called at once where the network stays, else once in so many seconds, and asks if `begin` says so.
    """

    def __init__(
        self,
        lab: Jobs | ViewQuestions | None,
        key: str,
        seconds: float,
        ask: Callable[[], None],
        parent: QObject,
    ) -> None:
        """Without a `lab` nothing is ever asked."""
        self.of: Of | None = None
        self.asked: Of | None = None
        self.throttle = Throttle(seconds, ask, parent)
        self._lab, self._key = lab, key

    def follow(self, shown: Shown) -> None:
        """Have it asked as often as what is shown needs."""
        if shown.still:
            self.throttle.now()
        else:
            self.throttle.ask()

    def begin(self, of: Of, shown: Shown) -> bool:
        """Return True if this is to be asked now: it is not known, and not asked already."""
        if self._lab is None or of in (self.of, self.asked):
            return False
        if self._lab.is_open(self._key) and not shown.still:
            return False  # while the network learns, the question before comes first: else none would be answered
        self.asked = of
        return True

    def end(self) -> Of | None:
        """Take what was asked as answered; return what the answer before was of."""
        before, self.of, self.asked = self.of, self.asked, None
        return before

    def withdraw(self) -> None:
        """Ask for nothing any more; what is known stays."""
        if self._lab is not None:
            self._lab.withdraw(self._key)
        self.asked = None

    def forget(self) -> None:
        """Ask for nothing and know nothing any more."""
        self.withdraw()
        self.of = None
