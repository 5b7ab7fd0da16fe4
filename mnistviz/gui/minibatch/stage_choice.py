"""The choice of a stage: which pass of a mini-batch the network card shows."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.tab_tools import ChoiceActions

translate = QCoreApplication.translate

OFF: Final = "off"
"""No stage: the card shows the drawing."""


def stage_choice(parent: QWidget) -> ChoiceActions:
    forward = translate("MiniBatch", "Shows what each unit answers to the chosen digit.")
    error = translate("MiniBatch", "Shows how wrong each output is, and the error that comes of it.")
    back = translate("MiniBatch", "Shows the error that comes back to each hidden unit.")
    step = translate("MiniBatch", "Shows by how much each weight is moved, and by what.")
    gradient = translate("MiniBatch", "Shows how the cost changes with each weight.")
    after = translate("MiniBatch", "Shows the network after the step.")
    stages = (
        (OFF, translate("MiniBatch", "&off"), translate("MiniBatch", "The network card shows the drawing.")),
        ("forward", translate("MiniBatch", "&forward"), forward),
        ("error", translate("MiniBatch", "&error"), error),
        ("back", translate("MiniBatch", "&back"), back),
        ("gradient", translate("MiniBatch", "&gradient"), gradient),
        ("step", translate("MiniBatch", "&step"), step),
        ("after", translate("MiniBatch", "af&ter"), after),
    )
    spoken = translate("MiniBatch", "What the network card shows of the mini-batch")
    choice = ChoiceActions("minibatch_stage", spoken, stages, parent)
    assert isinstance(choice.control, Switch)
    for number, part in enumerate(choice.control.parts.values()):
        part.setText(f"{QLocale().toString(number)} {part.text()}")
    choice.control.parts[OFF].hide()
    return choice
