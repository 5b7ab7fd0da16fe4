"""Views that are resized while nothing happens look as if they had had that size from the start."""

from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.mistakes.pins import Pin
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.digit_image import PadDigit
from mnistviz.gui.common.theme import LIGHT, set_theme, stylesheet
from mnistviz.gui.ideas.ideas import Ideas
from mnistviz.gui.ideas.pages import IDS
from mnistviz.gui.lab import questions
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.layers.layers_view import LayersView
from mnistviz.gui.mistakes.mistakes_view import Mistakes
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.network.unit.unit_detail import UnitDetail
from mnistviz.gui.pins.pins_view import Pins
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.actions import MENUS
from mnistviz.gui.window.views import VIEWS, DigitsView, ToolsView, View, ViewContext
from tests.gui.frames import end_pauses
from tests.gui.lab_by_hand import LabByHand, Panel

FAR = 1_000_000  # milliseconds: what is put off so long does not come
SIZES = (860, 330), (1230, 460)
Size = tuple[int, int]
SLACK = 4  # how much may differ: the edges of letters are not the same in any two pictures
PAGES = [page for page in IDS if page != "valley"]
"""Pages of ideas that rest once the lab does: the valley goes on with what it works out by itself."""


def fill(view: View, lab: LabByHand, page: str) -> None:
    """Choose something in a view that is nearly empty by itself."""
    first, digits = lab.runs.open[0], lab.digits
    match view:
        case NetworkCard():
            view.show_digit("test", 3)
        case Mistakes():
            view.compare_with(AgainstPart("run", first.letter))
        case LayersView():
            view.beside.choose(first.letter)
        case Pins():
            view.pinned.pin(Pin(digits.test.images[3].tobytes()))
        case UnitDetail():
            view.show_unit(1, 3)
        case Ideas():
            view.open(page)


def pictures(
    lab: LabByHand, entry_id: str, holder: QWidget, folder: Path, sizes: tuple[Size, ...]
) -> dict[Size, QImage]:
    """Return what a new view looks like in sizes that it has one after the other. It is drawn in the first only."""
    id, _, page = entry_id.partition("-")
    digits = lab.digits
    assert digits is not None
    paper = PadDigit(digits.test.images[3].reshape(28, 28), 0, "")
    entry = next(entry for entry in VIEWS if entry.id == id)
    actions, hand = ActionBook(MENUS, holder), HandWork(lab, holder)
    context = ViewContext(
        holder, actions, lab, RecipeBook(folder), EtaControl(), hand, lambda: paper,
        show_digit=lambda _of, _number: None, show_large=lambda: None, offer_undo=lambda *_: None,
        try_it=lambda: None,
    )  # fmt: skip
    view = entry.build(context)
    widget = cast(QWidget, view)
    widget.setParent(holder)  # whose layout would not let it have just any size
    if isinstance(view, ToolsView):
        view.tab_tools.setParent(holder)  # whose style its controls have
    widget.resize(*sizes[0])
    set_theme(LIGHT, view)
    if isinstance(view, DigitsView):
        view.set_digits(digits)
    widget.show()
    view.draw(lab.shown)
    fill(view, lab, page)
    lab.panels.append(cast(Panel, view))
    lab.work()
    found = {}
    for size in sizes:
        widget.resize(*size)
        for _ in range(3):  # parts are laid out one after the other
            QApplication.processEvents()
        end_pauses(widget, FAR)  # for what is not done at each frame
        found[size] = at_rest(lab, widget)
        if isinstance(view, Ideas):  # the bar of a page that scrolls as a whole may be some pixels longer
            found[size] = found[size].copy(0, 0, size[0] - 20, size[1])
    lab.panels.clear()
    widget.hide()
    return found


def at_rest(lab: LabByHand, widget: QWidget) -> QImage:
    """Return the picture of a view once nothing changes it any more: a busy machine may still work something out."""
    before, now = None, widget.grab().toImage()
    while now != before:
        lab.work()
        QApplication.processEvents()
        before, now = now, widget.grab().toImage()
    return now


def apart(one: QImage, other: QImage) -> int:
    """Return how much two pictures differ where they differ most: the mean of four by four pixels, 0 to 255."""
    assert one.size() == other.size()
    if one == other:
        return 0
    images = [each.convertToFormat(QImage.Format.Format_RGB32) for each in (one, other)]
    smooth = Qt.TransformationMode.SmoothTransformation
    small = [each.scaled(each.size() / 4, mode=smooth) for each in images]
    a, b = (np.array(each.constBits(), np.int16) for each in small)  # `small` keeps their bits
    return max(1, int(abs(a - b).max()))


@pytest.mark.parametrize(
    "id", [*(entry.id for entry in VIEWS if entry.id != "ideas"), *(f"ideas-{page}" for page in PAGES)]
)
def test_a_view_that_is_resized_at_rest_looks_like_one_of_that_size(
    two_networks: LabByHand, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, id: str
) -> None:
    monkeypatch.setattr("mnistviz.gui.ideas.ideas.AHEAD", FAR)  # no page but the one that is looked at
    monkeypatch.setattr(questions, "FORECASTS", 4)
    holder = QWidget()
    holder.setStyleSheet(stylesheet(LIGHT))
    qtbot.addWidget(holder)
    holder.resize(1300, 500)
    QCursor.setPos(0, 700)  # below it: what is pointed at looks different, and waits
    with qtbot.waitActive(holder):
        holder.show()
        holder.activateWindow()
    resized = pictures(two_networks, id, holder, tmp_path, SIZES)
    fresh = pictures(two_networks, id, holder, tmp_path, SIZES[::-1])
    for size in SIZES:
        assert apart(resized[size], fresh[size]) <= SLACK
