"""Noise and framing at the scratchpad: what the network gets is said, counted, and only looked at."""

import json

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import SIDE
from mnistviz.engine.distortion import Noise, NoiseAccuracy, noise_accuracy, with_noise
from mnistviz.engine.handwriting import Ink, Stroke
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.card_report import card_for_report
from mnistviz.gui.network.pad.picture_options import captions as captions_of
from mnistviz.gui.network.pad.scratchpad import Scratchpad
from mnistviz.gui.network.pad.sheet import Sheet
from tests.gui.lab_by_hand import LabByHand
from tests.gui.network.moments import there

CORNER = Sheet(Ink().drawn(Stroke(np.array([(0.05, 0.05, 1), (0.25, 0.3, 1)], np.float32))))


@pytest.fixture
def card(lab: LabByHand, qtbot: QtBot) -> NetworkCard:
    """The card of a run that has learned a little."""
    lab.run_to(40)
    assert lab.digits is not None
    card = NetworkCard(jobs=lab.jobs, questions=lab.questions)
    card.set_digits(lab.digits)
    lab.show(qtbot, card, 1100, 440)
    return card


def said(of: NetworkCard, name: str) -> str:
    return there(of.options.findChild(QLabel, name)).text()


def captions(of: NetworkCard) -> tuple[str, ...]:
    return of.presenter.picture.captions


def taken(pad: Scratchpad) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    assert pad.picture is not None
    return pad.picture


def test_a_test_digit_has_the_noise_that_it_is_counted_with(card: NetworkCard, lab: LabByHand) -> None:
    pad = card.pad
    assert lab.digits is not None
    before = there(lab.run).record
    pad.show_digit("test", 7)
    plain = taken(pad).copy()
    assert not lab.questions.is_busy(), "off costs nothing"
    card.options.slider.setValue(8)
    noise = Noise(0.4)
    np.testing.assert_array_equal(taken(pad).ravel(), with_noise(plain.reshape(1, -1), noise, 7)[0])
    np.testing.assert_array_equal(card.presenter.picture.image, taken(pad))
    assert pad.true_label == lab.digits.test.labels[7]
    assert "noise 40 %" in pad.note
    lab.work()
    accuracy = noise_accuracy(there(there(lab.run).moment).network, lab.digits.test, noise)
    assert card.noise.accuracy == accuracy
    assert isinstance(accuracy, NoiseAccuracy)
    assert f"{100 * accuracy.right / accuracy.of:.1f} %" in said(card, "noise_said")
    assert "at mini-batch 40" in said(card, "noise_said")
    assert f"{100 * accuracy.plain / accuracy.of:.1f} % without" in card.seen.caption.text()
    pad.noise_anew_action.trigger()
    assert pad.noise == Noise(0.4, 1)
    card.options.slider.setValue(0)
    np.testing.assert_array_equal(taken(pad), plain)
    assert card.noise.accuracy is None
    assert lab.run.record is before


def test_what_was_counted_is_looked_up_another_network_not(card: NetworkCard, lab: LabByHand) -> None:
    card.options.slider.setValue(6)
    lab.work()
    accuracy = card.noise.accuracy
    card.options.slider.setValue(7)
    lab.work()
    card.options.slider.setValue(6)
    assert not lab.questions.is_busy()
    assert card.noise.accuracy is accuracy
    lab.run_to(200)
    lab.work()
    assert card.noise.accuracy is not accuracy
    assert card.noise.accuracy is not None


def test_as_drawn_a_drawing_stays_in_its_corner(card: NetworkCard, lab: LabByHand) -> None:
    pad = card.pad
    pad.put(CORNER)
    centred = taken(pad)
    QTest.mouseClick(card.options.framing.parts["drawn"], Qt.MouseButton.LeftButton)
    drawn = taken(pad)
    assert np.flatnonzero(drawn.any(axis=1)).max() < 12
    assert np.flatnonzero(centred.any(axis=1)).max() > 20
    np.testing.assert_array_equal(card.presenter.picture.image, drawn)
    assert pad.note == "not centred · your drawing"
    assert "not centred" in card.seen.caption.text()
    assert pad.options_action.isChecked()
    kept = json.loads(json.dumps(pad.record()))
    pad.centred_action.trigger()
    np.testing.assert_array_equal(taken(pad), centred)
    assert card.seen.caption.text() == "28 × 28"
    assert not pad.options_action.isChecked()
    pad.take_record(kept)
    np.testing.assert_array_equal(taken(pad), drawn)
    pad.set_noise(Noise(0.2))
    pad.take_record({})
    assert pad.is_centred
    assert pad.noise is None


def test_a_test_digit_is_not_said_to_be_framed_otherwise(card: NetworkCard) -> None:
    pad = card.pad
    pad.show_digit("test", 7)
    before = taken(pad)
    pad.centred_action.trigger()
    np.testing.assert_array_equal(taken(pad), before)
    assert captions(card) == (), "it is the picture of the data set, which nobody drew"
    pad.set_noise(Noise(0.3))
    assert captions(card)[-1] == "noise 30 %"
    QTest.keyClick(pad, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert captions(card)[-1] == "noise 30 %, not centred"
    assert captions_of(0.8, None, centred=True) == ("noise 80 %",)
    assert captions_of(0.8, None, centred=False) == ("noise 80 %, not centred",)
    pad.set_noise(None)
    assert captions(card)[0] == "not scaled, not centred"


def test_it_opens_at_its_button_and_escape_closes_it(card: NetworkCard) -> None:
    card.pad.options_action.trigger()
    assert card.options.isVisible()
    assert not card.pad.options_action.isChecked(), "it says whether something is chosen"
    card.options.grab()
    QTest.keyClick(card.options, Qt.Key.Key_Escape)
    assert not card.options.isVisible()


def test_in_a_row_there_is_neither(card: NetworkCard) -> None:
    pad = card.pad
    pad.set_noise(Noise(0.5))
    pad.row_action.setChecked(True)
    assert not pad.options_action.isEnabled()
    assert "row" in pad.options_action.toolTip()
    assert not card.presenter.picture.captions
    pad.row_action.setChecked(False)
    assert pad.options_action.isEnabled()


def test_a_picture_for_a_report_has_the_same_noise(card: NetworkCard, lab: LabByHand) -> None:
    card.pad.show_digit("test", 3)
    card.options.slider.setValue(10)
    lab.work()
    with card_for_report(card, lab.shown) as copy:
        assert isinstance(copy, NetworkCard)
        np.testing.assert_array_equal(copy.presenter.picture.image, taken(card.pad).reshape(SIDE, SIDE))
        assert copy.seen.caption.text() == card.seen.caption.text()


def test_shift_and_an_arrow_move_a_test_digit_with_its_label(card: NetworkCard, lab: LabByHand) -> None:
    pad, digits = card.pad, there(lab.digits)
    pad.show_digit("test", 7)
    label, before = pad.true_label, taken(pad)
    QTest.keyClick(pad, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert taken(pad) is before, "it would be centred again"
    pad.centred_action.trigger()
    QTest.keyClick(pad, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(pad, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    np.testing.assert_array_equal(taken(pad)[:27, :27], before[1:, 1:])
    assert (pad.true_label, pad.sheet.number) == (label, None)
    assert pad.note == f"not centred · a “{label}”, moved"
    kept = json.loads(json.dumps(pad.record()))
    pad.set_digits(digits)
    assert pad.true_label is None, "nobody knows whether it is one of these"
    pad.take_record(kept)
    assert pad.true_label is None
