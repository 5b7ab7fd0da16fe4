"""The choices of the Mistakes tab: which digits, in which order, and which views."""

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.choices import Chosen
from mnistviz.gui.common.tab_tools import ChoiceActions
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.tooltips import tooltip


def mistake_choices(owner: QWidget, chosen: Chosen) -> Iterator[ChoiceActions]:
    """Yield the saved choices of set, view, overview and order, each as actions for the menu and as a control."""

    def choice(name: str, accessible: str, *parts: tuple[str, str, str], tip: str = "") -> ChoiceActions:
        actions = ChoiceActions(f"mistakes_{name}", accessible, parts, owner, tip=tip)
        chosen.bind(actions, "mistakes", name)
        return actions

    yield choice(
        "set",
        tr("Which digits"),
        ("validation", tr("&validation"), tr("Shows the validation digits.")),
        ("test", tr("&test"), tr("Shows the test digits.")),
        ("training", tr("t&raining"), tr("Shows the first 1,000 training digits.")),
    )
    yield choice(
        "view",
        tr("What is seen beside the pictures of the digits"),
        ("digits", tr("ov&erview"), tr("Shows the overview of all digits beside their pictures.")),
        ("one", tr("&one digit"), tr("Shows what is known of the chosen digit beside the pictures.")),
    )
    pinned = tooltip(tr("Shows what each run answered to the pinned pictures."), "Alt+6")
    yield choice(
        "overview",
        tr("Overview of all digits"),
        ("matrix", tr("&matrix"), tr("Shows what each class was read as.")),
        ("map", tr("ma&p"), tr("Shows how often each digit was right along the run, and lost.")),
        ("groups", tr("&groups"), tr("Shows what each of the two reads right and wrong.")),
        ("pinned", tr("p&inned"), pinned),
    )
    sure = tr("Puts the digits in the order of the output of the class that was read.")
    tip = tr(
        "In which order the digits stand: by the output of the class that was read, or by their numbers."
    )
    yield choice(
        "order",
        tr("Order of the digits"),
        ("surest", tr("&surest first"), sure),
        ("least_sure", tr("&least sure first"), sure),
        ("number", tr("by &number"), tr("Puts the digits in the order of their numbers.")),
        tip=tip,
    )
