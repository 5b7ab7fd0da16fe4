"""Each room paints what is a run's in the hue of that run, and what is right, wrong, for or against in its own colour.

The curves, the mistakes, the mini-batch and the settings have such tests among their own.
"""

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.mistakes.pins import Pin
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.scales import Range
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.curves.what_next import WhatNext
from mnistviz.gui.ideas.valley.valley_page import ValleyPage
from mnistviz.gui.layers.layers_view import LayersView
from mnistviz.gui.pins.pins_view import Pins
from mnistviz.gui.runs.lanes import Lanes
from tests.gui.ideas.conftest import bare_page
from tests.gui.lab_by_hand import LabByHand
from tests.gui.whose import whose


def hues(lab: LabByHand) -> dict[str, str]:
    found = {run.letter: LIGHT.runs[run.hue] for run in lab.runs.open}
    assert len({*found.values()}) == 2
    return found


def rooms(widget: QWidget) -> dict[str, QRectF]:
    """Return where each text is painted on a widget."""
    with watched() as painted:
        widget.grab()
    return {each.text: each.room for each in painted}


def test_lanes(two_networks: LabByHand, qtbot: QtBot) -> None:
    lanes = two_networks.show(qtbot, Lanes(two_networks, QAction(), ()), 900, 80)
    strip = lanes.strip
    for place, run in enumerate(two_networks.runs.open):
        at = QPointF(strip.axis.across(strip.lanes[place].end / 2), strip.middle(place))
        assert whose(strip.viewport(), at, hues(two_networks)) == run.letter
        assert (
            whose(lanes.heads[run.number].letter, lanes.heads[run.number].letter.rect(), hues(two_networks))
            == run.letter
        )


def test_layers(two_networks: LabByHand, qtbot: QtBot) -> None:
    view = two_networks.show(qtbot, LayersView(two_networks), 1130, 300)
    view.beside.choose(two_networks.runs.open[0].letter)
    two_networks.work()
    charts, colours, seen = view.charts, hues(two_networks), set()
    found = rooms(charts)
    for text, letter in (("run A at mini-batch 60", "A"), ("slope below 0.01: saturated", "B")):
        (room,) = (room for said, room in found.items() if said.startswith(text))
        assert whose(charts, QRectF(room.left() - 19, room.center().y() - 6, 12, 12), colours) == letter
    for panel, layer in zip(charts.panels(), charts.content.layers, strict=True):
        bars = layer.z
        if bars.beside is None:
            continue  # a layer that the other network has not

        def at(bar: int, share: float, room: QRectF = panel.z, count: int = len(layer.z.heights)) -> QPointF:
            """Return the place over a bar at a share of the height."""
            x = room.left() + (bar + 0.5) / count * room.width()
            return QPointF(x, room.bottom() - share * (room.height() - 1))

        flat = int((bars.heights * bars.flat).argmax())  # these have the whole hue
        if bars.flat[flat] and bars.heights[flat] > 0.1:
            assert whose(charts, at(flat, 0.05), colours) == "B"
            seen.add("bar")
        free = int((bars.beside - bars.heights).argmax())  # where the outline is over no bar
        if bars.beside[free] - bars.heights[free] > 0.1:
            line = at(free, float(bars.beside[free]))
            assert whose(charts, QRectF(line.x(), line.y() - 2, 1, 4), colours) == "A"
            seen.add("outline")
    assert seen == {"bar", "outline"}


def test_pins(two_networks: LabByHand, qtbot: QtBot) -> None:
    view = two_networks.show(qtbot, Pins(two_networks), 900, 300)
    view.pinned.pin(Pin(two_networks.digits.test.images[3].tobytes()))
    two_networks.work()
    found = rooms(view.curves)
    for run in two_networks.runs.open:
        assert whose(view.curves, found[run.letter], hues(two_networks)) == run.letter


def test_futures(two_networks: LabByHand, qtbot: QtBot) -> None:
    view = two_networks.show(qtbot, WhatNext(two_networks), 1_100, 260)
    view.place(QRectF(40, 24, 400, 200), Range(0.0, 4.0), 300.0, 0.0, QRect(0, 0, 150, 18))
    two_networks.work()
    plot, kinds = view.misread, set()
    content = plot.content
    colours = {**hues(two_networks), "hollow": LIGHT.card, "grey": LIGHT.line}
    expected = {"fewer": "B", "same": "hollow", "more": "grey"}
    for end in content.ends:
        if end.value != content.chosen:
            kinds.add(end.outcome)
            assert whose(plot, plot.point_of(end), colours) == expected[end.outcome]
    assert len(kinds) >= 2


def test_ideas(qtbot: QtBot) -> None:
    page = bare_page(qtbot, ValleyPage)
    page.eta_a.take(0.05)
    page.eta_b.take(0.3)
    for _ in range(3):
        page.step_button.click()
    colours = {"A": LIGHT.runs[0], "B": LIGHT.runs[1]}
    for ball, path in zip("AB", page.race.paths, strict=True):
        beside_the_light = page.map.at(*path[-1].place) + QPointF(3, 3)
        assert whose(page.map.viewport(), beside_the_light, colours) == ball
