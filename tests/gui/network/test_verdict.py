"""The verdict: what the network says of a drawing, in words, and how sure it is of it."""

import re

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnistviz.engine.handwriting import Ink
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.card_layout import SMALL
from mnistviz.gui.network.card_words import OutputWords
from mnistviz.gui.network.output_stage import paint_verdict
from mnistviz.gui.network.pad.sheet import Sheet
from tests.gui.frames import is_settled
from tests.gui.network.conftest import Show, put_digit
from tests.gui.network.moments import moment, shown, there

FASHION = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"
)  # fmt: skip


def answering(outputs: list[float], step: int = 100) -> Moment:
    """A moment whose network gives these outputs to any digit."""
    network = Network([784, len(outputs)])
    network.weights[0][...] = 0
    shares = np.array(outputs, dtype=np.float64)
    network.biases[0][...] = np.log(shares / (1 - shares))
    return Moment(1, step, step * 10, network, Settings(), network)


def outputs(winner: int, value: float, others: float = 0.01) -> list[float]:
    return [value if output == winner else others for output in range(10)]


def said(card: NetworkCard) -> str:
    """What a screen reader reads out, without the outputs."""
    card.presenter.refresh()
    words = card.picture.outputs.words
    return ". ".join(filter(None, (words.word, words.truth, *words.reasons)))


def label(card: NetworkCard, number: int) -> None:
    """Says that a test digit of that label lies on the pad."""
    card.pad.put(Sheet(card.pad.sheet.ink, 42, number))


def test_the_largest_output_is_the_verdict(show: Show) -> None:
    card = show(answering(outputs(4, 0.98)), digit=True)
    assert said(card) == "4. output 0.98. second: 0, 0.01"
    rows = ", ".join(f"{d} {0.98 if d == 4 else 0.01:.2f}" for d in range(10))
    assert card.picture.heard() == f"{said(card)}. {rows}"
    card.draw(shown(answering([0.1, 0.9, 0.4, *[0.01] * 7], step=101)))
    assert said(card) == "1. output 0.90. second: 2, 0.40"


def test_an_untrained_network_only_guesses(show: Show) -> None:
    card = show(answering(outputs(4, 0.98), step=0), digit=True)
    label(card, 7)
    assert said(card) == "4. ✗ it is a 7. only a guess"
    card.draw(shown(answering(outputs(4, 0.3), step=0)))
    assert said(card) == "4. ✗ it is a 7. only a guess"
    card.draw(shown(answering(outputs(4, 0.98), step=0), loaded=True))
    assert "guess" not in said(card)


def test_classes_have_names(show: Show) -> None:
    card = show(answering(outputs(9, 0.98)), digit=True)
    card.set_classes(FASHION)
    label(card, 2)
    assert said(card) == "Ankle boot. ✗ it is Pullover. output 0.98"
    assert card.picture.heard().endswith("Bag 0.01, Ankle boot 0.98")
    names = ("a {name} & <b>", *(f"{'long ' * 8}{n}" for n in range(9)))
    card.set_classes(names)
    card.selection.choose_output(0)
    card.presenter.refresh()
    assert card.foot.reading.text().startswith("output “a {name} & <b>”: 0.0100")
    card.grab()


@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_there_may_be_fewer_outputs(show: Show, count: int) -> None:
    card = show(answering([0.1, 0.9, 0.2, *[0.01] * 7][:count]), digit=True)
    card.set_classes(("cat", "dog", "bird", *"abcdefg")[:count])
    assert said(card).startswith("cat. not sure: 0.10" if count == 1 else "dog. output 0.90. second: ")
    assert len(card.picture.outputs.words.figures) == count
    card.grab()


def test_a_winner_that_loses_by_a_hair_is_no_longer_marked(show: Show, qtbot: QtBot) -> None:
    """With the next words: the colour never contradicts the figures beside it."""
    close = outputs(4, 0.9804)
    close[7] = 0.9802
    card = show(answering(close), digit=True)
    assert bar_of_winner(card) == 4
    close[4], close[7] = close[7], close[4]
    card.draw(shown(answering(close, step=101)))
    qtbot.waitUntil(lambda: bar_of_winner(card) == 7)
    assert card.picture.outputs.words.winner == 7


def bar_of_winner(card: NetworkCard) -> int | None:
    return card.picture.outputs.at(card.picture.outputs.winner_bar.path().boundingRect().center().toPoint())


def test_figures_and_bars_change_together_while_it_trains(show: Show, qtbot: QtBot) -> None:
    card = show(answering(outputs(4, 0.75)), digit=True)
    for step in range(1, 40):
        card.draw(shown(answering(outputs(4, 0.75 - step / 60), step=100 + step)))
        assert figure_of_bar(card) == float(card.picture.outputs.words.figures[4])
    qtbot.waitUntil(lambda: is_settled(card))
    assert figure_of_bar(card) == float(card.picture.outputs.words.figures[4]) == 0.1


def test_a_stroke_is_answered_at_once_by_bars_and_figures(show: Show) -> None:
    card = show(moment(784, 30, 10), digit=True)
    before = card.presenter.picture.words.outputs.figures
    ink = np.zeros((28, 28), dtype=np.uint8)
    ink[3:8, 3:8] = 255
    card.pad.put(Sheet(Ink(digit=ink)))
    picture = card.presenter.picture
    outputs = there(picture.outputs)
    assert outputs is there(picture.flow).outputs
    assert before != picture.words.outputs.figures == tuple(f"{each:.2f}" for each in outputs)


def figure_of_bar(card: NetworkCard) -> float:
    """What the bar of the winner says, to two decimals."""
    stage = card.picture.outputs
    return round(stage.winner_bar.path().boundingRect().width() / stage.tracks[4].width(), 2)


def test_the_28_by_28_shows_the_very_pixels(show: Show) -> None:
    """Dark ink on white paper, or light on black: each pixel a square of its own."""
    card = show(answering(outputs(4, 0.98)))
    put_digit(card)
    picture = there(card.pad.picture)
    for theme in (LIGHT, DARK):
        set_theme(theme, card)
        seen = card.seen.grab().toImage()
        zoom = (seen.width() - 2) / 28
        for row, column in ((0, 0), (6, 9), (14, 14), (22, 19), (27, 27)):
            grey = seen.pixelColor(int(1 + (column + 0.5) * zoom), int(1 + (row + 0.5) * zoom)).red()
            ink = int(picture[row, column])
            expected = ink if theme.dark else 255 - ink * (255 - 16) / 255
            assert grey == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("size", [QSize(1130, 410), QSize(1000, 440), QSize(800, 300)])
def test_what_is_written_over_something_else_looks_as_if_written_at_once(show: Show, size: QSize) -> None:
    """Only what differs is painted anew: nothing of what was there before may be left."""
    card = show(moment(784, 30, 10))
    card.resize(size)
    outputs, written = card.picture.outputs, list[QImage]()
    told = [
        OutputWords(("0.00",) * 10, 4, "4", ("output 1.00", "second: 7"), True, "✓ right", ("for +6.2",)),
        OutputWords(("0.31", *("0.00",) * 9), 7, "7", ("not sure: 0.31",), None, "", ("for +0.2",), 4),
        OutputWords(("0.31",) * 10, 7, "7", ("output 0.31",), False, "✗ it is a 4", true=4),
        OutputWords(),
    ]
    for words in told:
        outputs.show_words(words)
        written.append(outputs.painted_words.pixmap().toImage())
    for words, image in zip(told, written, strict=True):
        outputs.show_words(words)
        outputs.paint_words()  # all of it
        assert outputs.painted_words.pixmap().toImage() == image


@pytest.mark.parametrize("size", [(1156, 432), (970, 260)])
def test_a_chosen_output_has_its_balance_and_nothing_else_moves(show: Show, size: tuple[int, int]) -> None:
    card = show(moment(784, 30, 10), digit=True, width=size[0], height=size[1])
    painted = card.picture.outputs.painted_words
    before = painted.pixmap().toImage()
    assert painted.zValue() == max(each.zValue() for each in card.picture.scene().items()), "above the lines"
    card.selection.choose_output(4)
    words = card.presenter.picture.words.outputs
    explained = there(card.presenter.picture.flow).explained
    assert explained.output == 4
    numbers = [float(each.replace("−", "-")) for each in re.findall(r"[+−]?[0-9.]+", words.balance[0])]
    assert numbers == pytest.approx(
        [explained.in_favour, explained.against, explained.bias, explained.z], abs=0.051
    )
    assert sum(numbers[:3]) == pytest.approx(numbers[3], abs=0.16)
    with watched() as heard:
        card.picture.outputs.paint_words()
    line = next(each for each in heard if each.whose == "balance")
    assert line.fits
    assert line.text in words.balance
    card.selection.choose_output(None)
    card.selection.point(None, None, None)
    assert painted.pixmap().toImage() == before
    outputs, font = card.picture.outputs, card.font()
    outputs.place(replace(card.arrangement.places, balance=QRect()), outputs._names, font, font, 1.0)
    without = painted.pixmap().toImage()
    outputs.place(card.arrangement.places, outputs._names, font, font, 1.0)
    assert painted.pixmap().toImage() == without, "the room of no balance hides no words"


def paint_in(width: float, words: OutputWords) -> set[str]:
    """What of a verdict is painted where there is room of a width."""
    picture = QPixmap(QSize(400, 100))
    painter = QPainter(picture)
    with watched() as heard:
        paint_verdict(painter, QRectF(0, 0, width, 100), words, LIGHT, (small_font(),) * 3, 34)
    painter.end()
    return {each.shown for each in heard if each.whose == "verdict"}


def test_lines_to_the_outputs_end_before_a_verdict_beside_them(qapp: QApplication) -> None:
    """And its words before the small digit, which may stand at its bottom."""
    image = QImage(100, 220, QImage.Format.Format_RGB32)
    image.fill(LIGHT.wrong)
    painter, font = QPainter(image), small_font()
    font.setPixelSize(18)
    words = OutputWords(word="4", truth="✓ right", reasons=("second: nine, 0.00",))
    with watched() as heard:
        paint_verdict(painter, QRectF(image.rect()), words, LIGHT, (font,) * 3, 34, is_high=True)
    painter.end()
    assert image.pixelColor(1, 1).name() == LIGHT.card
    assert len(heard) == 3
    assert max(each.room.bottom() for each in heard) <= image.height() - SMALL


def small_font() -> QFont:
    font = QFont()
    font.setPixelSize(13)
    return font


def test_a_reason_without_room_is_left_out_whole(qapp: QApplication) -> None:
    words = OutputWords(
        word="7", truth="✓ right, as labelled", right=True, reasons=("output 0.98", "second: 3")
    )
    assert paint_in(60, words) == {"✓"}
    assert paint_in(400, words) == {"✓ right, as labelled", "output 0.98", "second: 3"}


def test_a_sign_stands_alone_where_its_word_has_no_room(qapp: QApplication) -> None:
    """It said "✗ …"."""
    large = QFont()
    large.setPixelSize(34)
    large.setWeight(QFont.Weight.Bold)
    beside = QFontMetricsF(large).horizontalAdvance("7") + 14
    width = beside + QFontMetricsF(small_font()).horizontalAdvance("wrong") - 2
    assert paint_in(width, OutputWords(word="7", truth="✗ wrong", right=False, reasons=())) == {"✗"}
