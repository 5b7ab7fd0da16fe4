"""All that is to be read can be read, in every size of the window, of the screen's pixels and of the text."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.gui.common.painted_text import draw_text, listeners, watched
from mnistviz.gui.common.widgets import ElidedLabel
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.window.fits import NO_FONT, faults, faults_of_text, told


@pytest.mark.parametrize(
    ("scale", "languages"),
    [
        ("1", "few german"),
        *(
            pytest.param(*process, marks=pytest.mark.long)
            for process in (
                ("1", "lab german"),
                ("1", "lab english"),
                ("1.5", "lab chinese"),
                ("2", "lab german"),
                ("1", "ideas german"),
                ("1.5", "ideas english"),
            )
        ),
    ],
)
@pytest.mark.long
def test_nothing_is_cut_off_in_any_size_or_scale_with_words_of_any_length(scale: str, languages: str) -> None:
    """A process for each scale; between them they look at all languages."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.window.fits", *languages.split()],
        env={**os.environ, "QT_SCALE_FACTOR": scale},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    if (told := [line for line in done.stdout.splitlines() if line]) == [NO_FONT]:
        pytest.skip(NO_FONT)
    assert [line for line in told if line not in languages.split()[1:]] == []
    assert told


@contextmanager
def shown(qtbot: QtBot, widget: QWidget, width: int, height: int = 30) -> Iterator[QWidget]:
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.setFixedSize(width, height)
    QApplication.processEvents()
    yield widget


@pytest.mark.parametrize(
    ("kind", "room"), [(QLabel, 100), (QPushButton, 130), (QLineEdit, 130), (ElidedLabel, 100)]
)
def test_text_that_is_cut_off_is_noticed(qtbot: QtBot, kind: type[QWidget], room: int) -> None:
    widget = kind("validation")  # type: ignore[arg-type]
    with shown(qtbot, widget, room):
        assert list(faults_of_text(widget)) == []
        widget.setFixedSize(24, 30)
        assert len(list(faults_of_text(widget))) == 1


def test_a_list_that_cuts_its_entry_off_is_noticed(qtbot: QtBot) -> None:
    combo = QComboBox()
    combo.addItem("cross-entropy")
    with shown(qtbot, combo, 180):
        assert list(faults_of_text(combo)) == []
        combo.setFixedSize(70, 30)
        assert len(list(faults_of_text(combo))) == 1


def test_what_covers_another_or_leaves_the_window_is_noticed(window: MainWindow) -> None:
    for size in ((1024, 640), (1440, 900)):
        assert list(told(window, "", size)) == []
    flag = window.curves.tab_tools.flag
    flag.set_wordings("η")
    window.curves.tab_tools.views.show()
    flag.setGeometry(window.curves.tab_tools.views.geometry())
    assert any("overlap" in fault for fault in faults(window, []))
    flag.setGeometry(flag.geometry().translated(3_000, 0))
    assert any("outside the window" in fault for fault in faults(window, []))
    flag.set_wordings()


def test_painted_text_tells_what_it_needs_and_where_it_is(qtbot: QtBot) -> None:
    class Sign(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            painter = QPainter(self)
            left = Qt.AlignmentFlag.AlignLeft
            draw_text(painter, QRectF(0, 0, 200, 30), left, "learning")
            draw_text(painter, QRectF(0, 0, 20, 30), left, "learning")
            draw_text(painter, QRectF(0, 0, 200, 5), left, "learning")
            draw_text(painter, QRectF(0, 0, 40, 30), left, "learning", elide=Qt.TextElideMode.ElideRight)
            painter.end()

    sign = Sign()
    sign.setObjectName("sign")
    qtbot.addWidget(sign)
    with watched() as heard:
        sign.grab()
    assert [each.fits for each in heard] == [True, False, False, True]
    assert {each.whose for each in heard} == {"sign"}
    assert heard[3].text == "learning"
    assert heard[3].shown.endswith("…")
    assert listeners == []


def test_a_text_shows_its_longest_wording_that_fits_and_else_ends_after_a_whole_word(qtbot: QtBot) -> None:
    label = ShortenedLabel("of each mini-batch, 10–90 %", "of each mini-batch")
    with shown(qtbot, label, 400):
        assert label.text() == "of each mini-batch, 10–90 %"
        label.setFixedWidth(130)
        assert label.text() == "of each mini-batch"
        label.setFixedWidth(60)
        assert label.text() == ""
        label.setFixedWidth(400)
        assert label.text() == "of each mini-batch, 10–90 %"
        assert label.accessibleName() == "of each mini-batch, 10–90 %"
    long, picture = ElidedLabel("one two three four"), QImage(60, 20, QImage.Format.Format_RGB32)
    with shown(qtbot, long, long.fontMetrics().horizontalAdvance("one two thr …"), 20), watched() as heard:
        painter = QPainter(picture)
        room = QRectF(0, 0, painter.fontMetrics().horizontalAdvance("one two thr …"), 20)
        draw_text(painter, room, Qt.AlignmentFlag.AlignLeft, long.text(), elide=Qt.TextElideMode.ElideRight)
        painter.end()
        assert list(faults_of_text(long)) == []
    assert [each.shown for each in heard] == ["one two …"]
