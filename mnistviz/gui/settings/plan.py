"""What is changed of the settings while one looks back: a plan for a branch, which touches no run."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.run_names import setting
from mnistviz.gui.lab.shown import Shown


class Plan:
    """Follows what is shown."""

    def __init__(self) -> None:
        self.past = False
        """Whether one looks back."""
        self.values: dict[str, Any] = {}
        """What was changed there, by the names of the settings."""

    def take(self, shown: Shown) -> bool:
        """Takes up what is shown; whether that is another plan, or one no longer looks back."""
        before = self.past, self.values
        self.past, self.values = not shown.live, dict(shown.plan)
        return (self.past, self.values) != before

    def applied(self, settings: Settings) -> Settings:
        """The settings of a moment with the plan in force."""
        return settings.changed(**self.values) if self.values else settings

    def words(self) -> str:
        """What a branch would have, in words; empty where nothing is planned."""
        if not self.values:
            return ""
        what = QCoreApplication.translate("Plan", ", ").join(
            setting(name, value) for name, value in self.values.items()
        )
        return QCoreApplication.translate("Plan", "Branch here with {what}").format(what=what)

    def note(self) -> str:
        """When what is set takes effect."""
        if self.values:
            return QCoreApplication.translate("Plan", "in a branch")
        return QCoreApplication.translate("Plan", "as it was then")
