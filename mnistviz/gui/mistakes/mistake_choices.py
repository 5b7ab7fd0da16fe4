"""The choices of the Mistakes tab: which digits, in which order, and which views."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.choices import Chosen
from mnistviz.gui.common.tab_tools import ChoiceActions


class MistakeChoices(QObject):
    """The saved choices, each as actions for the menu and as a control."""

    def __init__(self, owner: QWidget, chosen: Chosen) -> None:
        super().__init__(owner)
        self._owner = owner
        self._make_sets()
        self._make_views()
        sure = self.tr("Puts the digits in the order of the output of the class that was read.")
        self.order = ChoiceActions(
            "mistakes_order",
            self.tr("Order of the digits"),
            (
                ("surest", self.tr("&surest first"), sure),
                ("least_sure", self.tr("&least sure first"), sure),
                ("number", self.tr("by &number"), self.tr("Puts the digits in the order of their numbers.")),
            ),
            owner,
            tip=self.tr(
                "In which order the digits stand: by the output of the class that was read, or by their numbers."
            ),
        )
        for name, choice in (
            ("set", self.sets),
            ("order", self.order),
            ("view", self.views),
            ("overview", self.overviews),
        ):
            chosen.bind(choice, "mistakes", name)

    def _make_sets(self) -> None:
        self.sets = ChoiceActions(
            "mistakes_set",
            self.tr("Which digits"),
            (
                ("validation", self.tr("&validation"), self.tr("Shows the validation digits.")),
                ("test", self.tr("&test"), self.tr("Shows the test digits.")),
                ("training", self.tr("t&raining"), self.tr("Shows the first 1,000 training digits.")),
            ),
            self._owner,
        )

    def _make_views(self) -> None:
        self.views = ChoiceActions(
            "mistakes_view",
            self.tr("What is seen beside the pictures of the digits"),
            (
                (
                    "digits",
                    self.tr("ov&erview"),
                    self.tr("Shows the overview of all digits beside their pictures."),
                ),
                (
                    "one",
                    self.tr("&one digit"),
                    self.tr("Shows what is known of the chosen digit beside the pictures."),
                ),
            ),
            self._owner,
        )
        self.overviews = ChoiceActions(
            "mistakes_overview",
            self.tr("Overview of all digits"),
            (
                ("matrix", self.tr("&matrix"), self.tr("Shows what each class was read as.")),
                (
                    "map",
                    self.tr("ma&p"),
                    self.tr("Shows how often each digit was right along the run, and lost."),
                ),
                ("groups", self.tr("&groups"), self.tr("Shows what each of the two reads right and wrong.")),
            ),
            self._owner,
        )
