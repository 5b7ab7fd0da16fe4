"""The user's guide in the program: found wherever it is installed, legible in both looks, and searched."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QImage, QTextTable
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.assets import document
from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer
from mnistviz.gui.common.theme import DARK, LIGHT, Theme, set_theme, theme
from mnistviz.gui.lab.session_rule import MOST_CLOSED
from mnistviz.gui.lab.session_store import MOST_EARLIER
from mnistviz.gui.window.guide import GuidePage, GuideWindow, pictures
from mnistviz.gui.window.main_window import MainWindow
from tests.marked_words import SOURCES, all_marked

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")


def test_the_pages_say_how_many_closed_runs_and_sessions_stay() -> None:
    assert (MOST_CLOSED, MOST_EARLIER) == (20, 10)
    for page in (GUIDE, (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")):
        assert re.search(r"last ten\b.{0,30} twenty\s+closed\s+runs", page, re.DOTALL)


def costs(digits: Digits, eta: float, count: int) -> list[float]:
    """The costs of the first mini-batches of the book's first network."""
    trainer = Trainer(Network((784, 30, 10), seed=1), Settings(eta=eta), digits.training)
    return [trainer.step() for _ in range(count)]


def test_the_guide_tells_a_small_eta_from_one_that_is_far_too_large(small_digits: Digits) -> None:
    """With either the cost hardly falls in the end, so that alone says nothing."""
    assert "| it falls evenly and very slowly | η is small: ten times the η goes as far in a tenth" in GUIDE
    small, tenfold = costs(small_digits, 0.003, 500), costs(small_digits, 0.03, 50)
    assert np.mean(small[-100:]) < np.mean(small[:100])
    assert np.mean(small[-50:]) == pytest.approx(np.mean(tenfold[-5:]), rel=0.05)
    assert "| it falls at once to one value and stays there, with next to no band" in GUIDE
    large = costs(small_digits, 100.0, 500)
    assert np.mean(large[100:]) == pytest.approx(0.5, abs=0.01)
    assert np.std(large[100:]) < np.std(small)


class _Words:
    """All that the program can say, to look labels up."""

    def __init__(self) -> None:
        self._texts = {" ".join(text.replace("&", "").split()) for _, text in all_marked()}
        self._words = [(text, {*text.rstrip(".,:;").split(" ")}) for text in self._texts]

    def has(self, label: str) -> bool:
        """Whether a text is this label, or becomes it; of sentences it may be a part of three words or more."""
        label = label.removesuffix(" …")
        if label in self._texts or f"{label} …" in self._texts:
            return True
        words = label.split(" ")
        return any(
            _becomes(text, label, 1) or any(_becomes(part, label, 2) for part in _parts(text, len(words)))
            for text, its_words in self._words
            if label in text or ("{" in text and not its_words.isdisjoint(words))
        )


def _parts(text: str, length: int) -> Iterator[str]:
    words = text.split(" ")
    for start in range(len(words) - length + 1) if length > 2 else ():
        yield " ".join(words[start : start + length])


def _becomes(text: str, label: str, fixed: int) -> bool:
    """Whether a text can become the label, with anything in place of its braces; so many words must be its own."""
    text = text.rstrip(".,:;")
    if "{" not in text:  # as most are
        if text != label:
            return False
    elif re.fullmatch(".+".join(map(re.escape, re.split(r"\{\w+\}", text))), label) is None:
        return False
    return sum(len(word) > 2 and "{" not in word for word in text.split(" ")) >= fixed


@pytest.fixture(params=[LIGHT, pytest.param(DARK, marks=pytest.mark.long)], ids=["light", "dark"])
def guide(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[GuideWindow]:
    set_theme(request.param)
    parent = QWidget()
    shown = GuideWindow(parent)
    with qtbot.waitExposed(shown):
        shown.show()
    yield shown
    parent.deleteLater()


def test_help_opens_it_and_it_begins_at_the_top(qtbot: QtBot, own_window: MainWindow) -> None:
    action = own_window.findChild(QAction, "guide_action")
    action.trigger()
    guide = own_window.findChild(GuideWindow)
    qtbot.waitUntil(guide.isVisible)
    assert guide.page.toPlainText().startswith("User's guide")
    assert guide.page.verticalScrollBar().value() == 0
    before = guide.page.document().allFormats()
    own_window.look.choose("dark" if not theme().dark else "light")
    assert guide.page.document().allFormats() != before, "it follows the look"
    guide.close()
    own_window.look.choose("system")
    action.trigger()
    assert own_window.findChildren(GuideWindow) == [guide]
    guide.close()


def test_every_link_leads_somewhere_and_none_to_a_page_that_does_not_ship(guide: GuideWindow) -> None:
    bar = guide.page.verticalScrollBar()
    links = set(re.findall(r"\]\(#([^)]+)\)", GUIDE))
    assert len(links) > 10
    for link in links:
        bar.setValue(0)
        guide.page.anchorClicked.emit(QUrl(f"#{link}"))
        assert bar.value() > 0, link
    assert not guide.page.go_to("nowhere")
    guide.findChild(QPushButton, "guide_contents").click()
    assert bar.value() == 0
    assert "](rows.md)" in GUIDE
    places, block = [], guide.page.document().begin()
    while block.isValid():
        places += [piece.format.anchorHref() for piece in block.textFormats()]
        block = block.next()
    links = set(filter(None, places))
    assert len(links) > 10
    assert [link for link in links if not link.startswith(("#", "http"))] == []
    assert len([*pictures(guide.page.document())]) > 10


def test_what_it_has_in_bold_stands_on_the_screen() -> None:
    """Labels whole; of sentences also a part of three words or more."""
    screen = _Words()
    labels = {" ".join(label.split()) for label in re.findall(r"\*\*(.+?)\*\*", GUIDE, re.DOTALL)}
    assert len(labels) > 50
    assert [label for label in sorted(labels) if not screen.has(label)] == []


def test_it_is_short_and_the_keys_that_it_names_are_keys_of_the_program() -> None:
    sources = "\n".join(source.read_text(encoding="utf-8") for source in SOURCES)
    named = set(re.findall(r"\b(?:Ctrl\+(?:Shift\+)?[A-Z0-9]\w*|Shift\+F1|F\d+)", GUIDE))
    assert len(named) > 15
    standard = {"Ctrl+S", "Ctrl+O", "Ctrl+V", "Ctrl+F", "Shift+F1"}  # of Qt, by their names there
    assert [key for key in sorted(named - standard) if f'"{key}"' not in sources] == []
    assert len(GUIDE.split()) <= 6_050  # with what is for keys, ears and eyes


def test_nothing_outside_is_opened_but_at_click_and_a_page_read_anew_stays_where_one_was(
    guide: GuideWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    guide.page.anchorClicked.emit(QUrl("file:///etc/passwd"))
    guide.page.anchorClicked.emit(QUrl("results.md"))
    assert opened == []
    links = [QUrl("https://example.org/"), QUrl("https://example.org/#part")]
    for link in links:
        guide.page.anchorClicked.emit(link)
    assert opened == links
    guide.page.go_to("read-the-curves")
    at = guide.page.verticalScrollBar().value()
    set_theme(DARK, guide)
    assert guide.page.verticalScrollBar().value() == at > 0


def test_its_pictures_are_there_and_fit_and_no_table_has_an_empty_line_on_top(guide: GuideWindow) -> None:
    names = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", GUIDE)
    assert len(names) >= 4
    for name in names:
        picture = guide.page.loadResource(2, QUrl(name))
        assert isinstance(picture, QImage)
        assert 0 < picture.deviceIndependentSize().width() <= guide.page.viewport().width(), name
    tables = [
        each for each in guide.page.document().rootFrame().childFrames() if isinstance(each, QTextTable)
    ]
    assert len(tables) > 5
    for table in tables:
        assert any(
            table.cellAt(0, column).firstCursorPosition().block().text() for column in range(table.columns())
        )


def test_only_pictures_that_are_seen_are_read(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading all of them held the window up for a quarter of a second at each opening and each new look."""
    read: list[str] = []
    load = GuidePage.loadResource

    def noted(page: GuidePage, kind: int, name: QUrl | str) -> object:
        read.append(QUrl(name).path())
        return load(page, kind, name)

    monkeypatch.setattr(GuidePage, "loadResource", noted)
    parent = QWidget()
    qtbot.addWidget(parent)
    guide = GuideWindow(parent)
    with qtbot.waitExposed(guide):
        guide.show()
    qtbot.waitUntil(lambda: bool(read))
    assert len(set(read)) < 3
    sizes = [picture.width() for _, picture in pictures(guide.page.document())]
    assert len(sizes) > 10
    assert all(0 < width <= guide.page.viewport().width() for width in sizes)


def test_a_guide_that_is_closed_is_not_read_for_a_new_look_until_it_opens(
    guide: GuideWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Theme] = []
    show = GuidePage.show_page

    def noted(page: GuidePage) -> None:
        read.append(theme())
        show(page)

    monkeypatch.setattr(GuidePage, "show_page", noted)
    guide.close()
    set_theme(DARK, guide)
    set_theme(LIGHT, guide)
    assert read == []
    guide.show()
    assert read == [LIGHT]
    set_theme(DARK, guide)
    assert read == [LIGHT, DARK]


def test_words_are_found_one_after_the_other(qtbot: QtBot, guide: GuideWindow) -> None:
    qtbot.keyClick(guide.page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(guide.search.hasFocus)
    qtbot.keyClicks(guide.search, "overfitting")
    count = guide.page.toPlainText().lower().count("overfitting")
    assert count > 2
    assert guide.found.text() == f"1 of {count}"
    assert guide.page.textCursor().selectedText().lower() == "overfitting"
    qtbot.keyClick(guide.search, Qt.Key.Key_Return)
    assert guide.found.text() == f"2 of {count}"
    qtbot.keyClick(guide.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(guide.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert guide.found.text() == f"{count} of {count}", "round the end"
    assert len(guide.page.extraSelections()) == count
    qtbot.keyClicks(guide.search, "xyz")
    assert guide.found.text() == "not found"
    qtbot.keyClick(guide.search, Qt.Key.Key_Escape)
    assert (guide.search.text(), guide.found.text(), guide.page.extraSelections()) == ("", "", [])
    qtbot.keyClick(guide.search, Qt.Key.Key_Escape)
    assert not guide.isVisible()


def test_it_is_found_in_a_checkout_and_ships_in_a_wheel() -> None:
    assert document("guide.md").samefile(ROOT / "docs" / "guide.md")
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    shipped = dict(re.findall(r'^"(docs/[^"]+)" = "(mnistviz/_docs/[^"]+)"$', settings, re.MULTILINE))
    assert shipped == {"docs/guide.md": "mnistviz/_docs/guide.md", "docs/images": "mnistviz/_docs/images"}
