"""The verdict: what the network gets, what it says, and how sure it is of it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QColor, QHelpEvent, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.theme import DARK, LIGHT
from mnistviz.gui.network.verdict import Verdict

FASHION = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"
)  # fmt: skip


@pytest.fixture
def verdict(qtbot: QtBot) -> Verdict:
    verdict = Verdict()
    qtbot.addWidget(verdict)
    verdict.resize(320, 360)
    verdict.show()
    qtbot.waitExposed(verdict)
    return verdict


@pytest.fixture
def image() -> NDArray[np.uint8]:
    image = np.zeros((28, 28), dtype=np.uint8)
    image[4:24, 13:16] = 255
    return image


def answering(outputs: list[float], step: int = 100) -> Moment:
    """A moment whose network gives these outputs to any digit."""
    network = Network([784, len(outputs)])
    network.weights[0][...] = 0
    shares = np.array(outputs, dtype=np.float64)
    network.biases[0][...] = np.log(shares / (1 - shares))
    return Moment(1, step, step * 10, network, Settings(), network)


def outputs(winner: int, value: float, others: float = 0.01) -> list[float]:
    return [value if output == winner else others for output in range(10)]


def part(verdict: Verdict, name: str) -> QWidget:
    found = verdict.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    return found


def said(verdict: Verdict) -> str:
    """What a screen reader reads out."""
    return part(verdict, "verdict_answer").accessibleDescription()


def figures(verdict: Verdict) -> str:
    return part(verdict, "verdict_outputs").accessibleDescription()


def test_an_empty_view_says_what_will_appear(verdict: Verdict, image: NDArray[np.uint8]) -> None:
    assert said(verdict) == "Draw a digit and its ten outputs appear here"
    verdict.draw(answering(outputs(4, 0.9)), None)
    assert said(verdict) == "Draw a digit and its ten outputs appear here"
    verdict.draw(None, image)
    assert said(verdict) == "The answer appears here as soon as there is a network"
    assert figures(verdict) == ""


def test_the_largest_output_is_the_verdict(verdict: Verdict, image: NDArray[np.uint8]) -> None:
    verdict.draw(answering(outputs(4, 0.98)), image)
    assert said(verdict) == "4. surest of ten outputs"
    assert figures(verdict) == ", ".join(f"{d} {0.98 if d == 4 else 0.01:.2f}" for d in range(10))


def test_it_is_not_sure_when_no_output_reaches_one_half(verdict: Verdict, image: NDArray[np.uint8]) -> None:
    verdict.draw(answering(outputs(4, 0.49)), image)
    assert said(verdict) == "not sure. perhaps 4"
    verdict.draw(answering(outputs(4, 0.51)), image)
    assert said(verdict) == "4. surest of ten outputs"


def test_a_known_label_tells_right_from_wrong(verdict: Verdict, image: NDArray[np.uint8]) -> None:
    verdict.draw(answering(outputs(4, 0.98)), image, 4)
    assert said(verdict) == "4. surest of ten outputs. right"
    verdict.draw(answering(outputs(4, 0.98)), image, 7)
    assert said(verdict) == "4. surest of ten outputs. wrong: its label is 7"
    verdict.draw(answering(outputs(4, 0.98)), image)
    assert said(verdict) == "4. surest of ten outputs"


def test_an_untrained_network_only_guesses(verdict: Verdict, image: NDArray[np.uint8]) -> None:
    verdict.draw(answering(outputs(4, 0.98), step=0), image)
    assert said(verdict) == "4. a guess: this network has not learned yet"
    verdict.draw(answering(outputs(4, 0.3), step=0), image)
    assert said(verdict) == "not sure. perhaps 4: a guess, this network has not learned yet"
    verdict.draw(answering(outputs(4, 0.98), step=0), image, loaded=True)
    assert said(verdict) == "4. surest of ten outputs"


def test_classes_have_names(verdict: Verdict, image: NDArray[np.uint8]) -> None:
    verdict.set_classes(FASHION)
    verdict.draw(answering(outputs(9, 0.98)), image, 2)
    assert said(verdict) == "Ankle boot. surest of ten outputs. wrong: its label is Pullover"
    assert figures(verdict).endswith("Bag 0.01, Ankle boot 0.98")
    verdict.set_classes(tuple("0123456789"))
    verdict.draw(answering(outputs(9, 0.98)), image, 2)
    assert said(verdict) == "9. surest of ten outputs. wrong: its label is 2"


def test_there_may_be_fewer_outputs(verdict: Verdict, image: NDArray[np.uint8]) -> None:
    verdict.set_classes(("cat", "dog", "bird"))
    verdict.draw(answering([0.1, 0.9, 0.2]), image)
    assert said(verdict) == "dog. surest of 3 outputs"
    assert not verdict.grab().isNull()


def test_a_network_that_diverged_is_said_to_have(verdict: Verdict, image: NDArray[np.uint8]) -> None:
    moment = answering(outputs(4, 0.9))
    moment.network.biases[0][3] = np.nan
    verdict.draw(moment, image)
    assert said(verdict) == "The network has diverged: its outputs are not numbers"
    assert figures(verdict) == ""


def test_the_picture_shows_the_very_pixels(verdict: Verdict) -> None:
    """Dark ink on white paper in either look, each pixel a sharp square."""
    chance = np.random.default_rng(0)
    image = (chance.random((28, 28)) < 0.5).astype(np.uint8) * 255
    verdict.draw(None, image)
    for theme in (LIGHT, DARK):
        verdict.set_theme(theme)
        shown = part(verdict, "verdict_picture").grab().toImage()
        zoom = (shown.width() - 2) // 28
        for row, column in chance.integers(0, 28, (40, 2)).tolist():
            colour = QColor(theme.ink if image[row, column] else theme.paper)
            for inset in (0, zoom - 1):
                assert shown.pixelColor(1 + column * zoom + inset, 1 + row * zoom + inset) == colour


def test_the_bars_are_as_long_as_the_outputs(verdict: Verdict, image: NDArray[np.uint8]) -> None:
    verdict.draw(answering(outputs(4, 0.75, others=0.25)), image)
    shown = part(verdict, "verdict_outputs").grab().toImage()
    pitch = shown.height() / 10
    lengths = {}
    for row, colour in ((4, LIGHT.accent), (6, LIGHT.muted)):
        y = int((row + 0.5) * pitch)
        lengths[row] = sum(shown.pixelColor(x, y) == QColor(colour) for x in range(20, shown.width() - 40))
    assert lengths[4] == pytest.approx(3 * lengths[6], rel=0.1)


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        self.painted = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.count += 1
            self.painted += event.region()
        return False


def test_nothing_is_painted_that_looks_the_same(
    verdict: Verdict, image: NDArray[np.uint8], qtbot: QtBot
) -> None:
    verdict.draw(answering(outputs(4, 0.98)), image)
    bars, answer = (Paints(part(verdict, name)) for name in ("verdict_outputs", "verdict_answer"))
    qtbot.waitUntil(lambda: bars.count > 0)
    painted = bars.count, answer.count
    verdict.draw(answering(outputs(4, 0.981)), image)
    qtbot.wait(30)
    assert (bars.count, answer.count) == painted
    verdict.draw(answering(outputs(4, 0.93)), image)
    qtbot.waitUntil(lambda: bars.count > painted[0])
    assert answer.count == painted[1]


def test_without_a_network_and_a_digit_it_is_as_at_first(verdict: Verdict, image: NDArray[np.uint8]) -> None:
    empty = verdict.grab().toImage()
    verdict.draw(answering(outputs(4, 0.98)), image, 4)
    verdict.draw(None, None)
    assert said(verdict) == "Draw a digit and its ten outputs appear here"
    assert verdict.grab().toImage() == empty


def test_everything_has_a_name_and_an_explanation(verdict: Verdict) -> None:
    assert verdict.objectName() == "verdict"
    for name in ("verdict_picture", "verdict_answer", "verdict_outputs"):
        assert part(verdict, name).accessibleName()
        assert part(verdict, name).toolTip().endswith(".")
        assert part(verdict, name).whatsThis()


def test_hovering_tells_the_output_of_the_row_exactly(
    verdict: Verdict, image: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    tips = SimpleNamespace(showText=lambda place, text, widget: told.append(text))
    monkeypatch.setattr("mnistviz.gui.network.output_bars.QToolTip", tips)
    verdict.draw(answering([(row + 1) / 20 for row in range(10)]), image)
    bars = part(verdict, "verdict_outputs")
    for row in range(10):
        place = QPoint(30, int((row + 0.5) * bars.height() / 10))
        QApplication.sendEvent(bars, QHelpEvent(QEvent.Type.ToolTip, place, bars.mapToGlobal(place)))
    assert told == [f"Output for {row}: {(row + 1) / 20:.4f}" for row in range(10)]


def test_a_winner_that_loses_by_a_hair_is_no_longer_marked(
    verdict: Verdict, image: NDArray[np.uint8], qtbot: QtBot
) -> None:
    """Its figure is the same as before, and yet its row is painted."""
    close = outputs(4, 0.9804)
    close[7] = 0.9802
    verdict.draw(answering(close), image)
    bars = part(verdict, "verdict_outputs")
    paints = Paints(bars)
    qtbot.waitUntil(lambda: paints.count > 0)
    paints.painted = QRegion()
    close[4], close[7] = close[7], close[4]
    verdict.draw(answering(close), image)
    rows = [QPoint(30, int((row + 0.5) * bars.height() / 10)) for row in range(10)]
    qtbot.waitUntil(lambda: not paints.painted.isEmpty())
    assert [row for row in range(10) if paints.painted.contains(rows[row])] == [4, 7]
