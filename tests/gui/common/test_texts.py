"""A place of the run is read as people write it, and no line ends between a number and its unit."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import mnistviz
from mnistviz.gui.common.painted_text import draw_text, watched
from mnistviz.gui.common.position_entry import Refused, RunPosition, read
from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.common.wrapped import WrappedLabel, unparted

RUN = RunPosition(here=12_340, end=39_912, epochs=7.9824, at_epoch=lambda epochs: round(5_000 * epochs))


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("20104", 20_104), (" 20104 ", 20_104), ("20,104", 20_104), ("20.104", 20_104), ("20 104", 20_104),
        ("20\N{NARROW NO-BREAK SPACE}104", 20_104), ("20’104", 20_104), ("２０１０４", 20_104), ("0", 0),
        ("39912", 39_912), ("+500", 12_840), ("+ 500", 12_840), ("-1", 12_339), ("−1", 12_339),
        ("-12,340", 0), ("epoch 3", 15_000), ("Epoch 3", 15_000), ("EPOCH 3.5", 17_500),
        ("epoch 3,5", 17_500), ("epoch3", 15_000), ("ep 3", 15_000), ("e. 3", 15_000), ("epoch: 0", 0),
        ("Epoche 3", 15_000), ("epoch 7.9824", 39_912), (f"{3:015}", 3), (f"epoch {3:015}", 15_000),
    ],
)  # fmt: skip
def test_a_place_is_read_as_people_write_it(text: str, step: int) -> None:
    assert read(text, RUN, ("epoch", "Epoche")) == step


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "unreadable"), ("here", "unreadable"), ("12.5", "unreadable"), ("1,23", "unreadable"),
        ("--1", "unreadable"), ("+", "unreadable"), ("epoch", "unreadable"), ("epoch three", "unreadable"),
        ("epoch -1", "unreadable"), ("3 epochs", "unreadable"), ("1e3", "unreadable"), ("nan", "unreadable"),
        ("9" * 400, "unreadable"), ("epoch " + "9" * 400, "unreadable"), ("39913", "beyond"),
        ("+27573", "beyond"), ("epoch 8", "beyond"), ("-12341", "before"),
    ],
)  # fmt: skip
def test_what_is_no_place_of_the_run_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text, RUN)
    assert refused.value.why == why


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("at least 75 % of “9”, fewer than 20 % of others", ["75 %", "20 %"]),
        ("28 × 28 pixels, 2.59 × 10⁻⁶", ["28 × 28", "2.59 × 10⁻⁶"]),
        ("the file has 12 MB and took 3.5 s, or 40 ms", ["12 MB", "3.5 s", "40 ms"]),
        ("branches with η 0.5 and λ −1", ["η 0.5", "λ −1"]),
        ("10 steps of 1 mini-batch, 5 sets", []),
    ],
)
def test_what_belongs_together(text: str, pairs: list[str]) -> None:
    found = unparted(text)
    assert found.replace("\N{NO-BREAK SPACE}", " ") == text
    kept = text
    for pair in pairs:
        kept = kept.replace(pair, pair.replace(" ", "\N{NO-BREAK SPACE}"))
    assert found == kept


def test_a_formula_is_not_parted_within_a_fraction_or_before_what_a_function_is_of() -> None:
    parts = ["adds: −η/", "10 · its ∂C/∂w, η/", "2, σ′", "(z)"]
    assert unparted("".join(parts)).split("\N{WORD JOINER}") == parts


@pytest.mark.parametrize("formula", ["−η/10", "σ′(z)"])
def test_it_is_not_parted_however_narrow_the_label(qtbot: QtBot, formula: str) -> None:
    """Qt would end a line there: "(z)" stood alone on the next."""
    label = WrappedLabel(formula)
    qtbot.addWidget(label)
    narrow, line = label.fontMetrics().horizontalAdvance(formula) - 3, label.fontMetrics().height()
    assert label.heightForWidth(narrow) // line == 1
    QLabel.setText(label, formula)
    assert label.heightForWidth(narrow) // line == 2


def test_labels_painted_text_and_tooltips_keep_it_together(qtbot: QtBot) -> None:
    label = WrappedLabel("at least 75 % of them")
    qtbot.addWidget(label)
    assert label.text() == "at least 75 % of them"
    assert "75\N{NO-BREAK SPACE}%" in QLabel.text(label)
    picture = QImage(40, 90, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    with watched() as heard:
        for flags in (Qt.TextFlag.TextWordWrap, Qt.TextFlag.TextSingleLine):
            draw_text(painter, QRectF(0, 0, 40, 90), Qt.AlignmentFlag.AlignLeft | flags, "least 75 % of")
    painter.end()
    assert [each.shown for each in heard] == ["least 75\N{NO-BREAK SPACE}% of", "least 75 % of"]
    assert not re.search(r"\d\n%", "".join(tooltip("a" * count + " 75 % of them") for count in range(90)))


def test_all_labels_that_wrap_are_such() -> None:
    files = (Path(mnistviz.__file__).parent / "gui").rglob("*.py")
    found = {path.name for path in files if re.search(r"ordWrap[(=]True", path.read_text("utf-8"))}
    assert found == {"wrapped.py", "plot_frame.py"}  # the readout has its own rule
