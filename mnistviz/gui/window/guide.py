"""The user's guide in a window: the page of docs/, with its pictures, links and a search."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QImage,
    QImageReader,
    QKeyEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QDialog, QLabel, QTextBrowser, QTextEdit, QWidget

from mnistviz.assets import document
from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import column_of, row_of, styled
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import push_button, search_field

_WIDE: Final = 720  # pixels, the largest width of a picture
_SIZE: Final = (800, 620)
_OTHER_PAGE: Final = re.compile(r"(?<!!)\[([^\]]+)\]\((?!#|https?:)[^)]*\)")
"""A link to a page that is not installed; only its text is shown."""


class GuidePage(QTextBrowser):
    """A page of Markdown. Its inner links work; others open in the browser."""

    def __init__(self, file: Path) -> None:
        super().__init__(openLinks=False)
        self.setObjectName("guide_text")
        self.anchorClicked.connect(self._follow)
        self._file = file
        self._shown: QTextDocument | None = None

    def show_page(self) -> None:
        at = self.verticalScrollBar().value() if self._shown else 0
        # a new one, as changing one that is shown lays it out again at each step
        page = QTextDocument(self, documentMargin=10, defaultFont=self.font())
        text = _OTHER_PAGE.sub(r"\1", self._file.read_text(encoding="utf-8"))
        page.setMarkdown(text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        self._style(page)
        self._measure_pictures(page)
        self.setDocument(page)
        if self._shown is not None:  # Qt has deleted its own
            self._shown.deleteLater()
        self._shown = page
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(at)

    def go_to(self, section: str) -> bool:
        """Scroll to the heading with this anchor; return False if there is none."""
        for block in _blocks(self.document()):
            if block.blockFormat().headingLevel() and _place(block.text()) == section:
                layout = self.document().documentLayout()
                self.verticalScrollBar().setValue(int(layout.blockBoundingRect(block).top()) - 6)
                self.setTextCursor(QTextCursor(block))
                return True
        return False

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        picture = QImage(str(self._path(name)))
        ratio = self.devicePixelRatioF()
        if picture.width() > _WIDE:
            smooth = Qt.TransformationMode.SmoothTransformation
            picture = picture.scaledToWidth(round(_WIDE * ratio), smooth)
            picture.setDevicePixelRatio(picture.width() / _WIDE)
        return picture

    def _path(self, name: QUrl | str) -> Path:
        """Return the path of a picture beside the page; in a dark theme its dark version, if there is one."""
        path = self._file.parent / QUrl(name).path()
        dark = path.with_name(path.name.replace("-light", "-dark"))
        return dark if theme().dark and dark.exists() else path

    def _measure_pictures(self, page: QTextDocument) -> None:
        """Set the sizes of the pictures; otherwise all of them would be read for the layout."""
        for place, picture in [*pictures(page)]:
            size = QImageReader(str(self._path(picture.name()))).size()
            if size.isValid():
                picture.setWidth(min(size.width(), _WIDE))
                picture.setHeight(size.height() * picture.width() / size.width())
                cursor = QTextCursor(page)
                cursor.setPosition(place)
                cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(picture)

    def _follow(self, link: QUrl) -> None:
        if link.isRelative() and link.hasFragment() and not link.path():
            self.go_to(link.fragment())
        elif link.scheme() in ("http", "https"):
            QDesktopServices.openUrl(link)

    def _style(self, page: QTextDocument) -> None:
        for block in _blocks(page):
            cursor, style = QTextCursor(block), block.blockFormat()
            inside = cursor.currentTable() is not None or style.nonBreakableLines()
            heading = style.headingLevel()
            style.setTopMargin(18 if heading == 2 else 12 if heading else 0)
            style.setBottomMargin(0 if inside else 9)
            cursor.setBlockFormat(style)
        for frame in page.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._style_table(frame)

    def _style_table(self, table: QTextTable) -> None:
        columns = range(table.columns())
        if not any(table.cellAt(0, column).firstCursorPosition().block().text() for column in columns):
            table.removeRows(0, 1)  # Markdown demands a table heading, even an empty one
        style = table.format()
        style.setBorder(1)
        style.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        style.setBorderBrush(QColor(theme().border))
        style.setBorderCollapse(True)
        style.setCellPadding(5)
        style.setCellSpacing(0)
        style.setTopMargin(4)
        style.setBottomMargin(9)
        style.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        table.setFormat(style)


class GuideWindow(QDialog):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("guide_window")
        self.setWindowTitle(tr("User's guide"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._stale = True  # whether the page is not in the current theme
        self.page = GuidePage(document("guide.md"))
        self.page.setAccessibleName(self.windowTitle())
        tip = tr(
            "Finds words in the guide: Return goes to the next place, Return with Shift to the one before."
        )
        self.search = search_field("guide_search", tr("Search"), tip, self._searched, "Ctrl+F")
        self.found = styled(QLabel(), "quietText")
        tip = tr("Goes to the list at the top of the guide.")
        contents = push_button("", "guide_contents", tr("Contents"), tip)
        contents.setAutoDefault(False)
        contents.clicked.connect(lambda: self.page.verticalScrollBar().setValue(0))
        column_of(row_of(contents, None, self.found, self.search), self.page, margins=None, inside=self)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._begin_search)
        self.resize(*_SIZE)
        self.page.setFocus()

    def adopt_theme(self) -> None:
        """Set the theme and the text size; a closed window follows when it opens."""
        self._stale = True
        if self.isVisible():
            self._update_page()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._update_page()

    def _update_page(self) -> None:
        if self._stale:
            self._stale = False
            self.page.show_page()
            self._mark()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.search.hasFocus():
            self._find(backward=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)

    def _begin_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _searched(self, _text: str) -> None:
        cursor = self.page.textCursor()
        cursor.setPosition(cursor.selectionStart())  # a match stays while the search text grows
        self.page.setTextCursor(cursor)
        self._mark()
        self._find()

    def _find(self, *, backward: bool = False) -> None:
        """Go to the next match, and from the last to the first."""
        if not (words := self.search.text()):
            return
        flags = QTextDocument.FindFlag.FindBackward if backward else QTextDocument.FindFlag(0)
        if not self.page.find(words, flags):
            end = QTextCursor.MoveOperation.End if backward else QTextCursor.MoveOperation.Start
            self.page.moveCursor(end)
            self.page.find(words, flags)
        self._show_count()

    def _mark(self) -> None:
        self._places: list[int] = []
        marked = []
        words, page = self.search.text(), self.page.document()
        cursor = QTextCursor(page)
        while words and not (cursor := page.find(words, cursor)).isNull():
            mark: Any = QTextEdit.ExtraSelection()  # its fields have no types
            mark.cursor = cursor
            mark.format.setBackground(QColor(theme().accent_soft))
            marked.append(mark)
            self._places.append(cursor.selectionStart())
        self.page.setExtraSelections(marked)
        self._show_count()

    def _show_count(self) -> None:
        count, position = len(self._places), self.page.textCursor().selectionStart()
        if not self.search.text():
            self.found.setText("")
        elif not count:
            self.found.setText(tr("not found"))
        elif position in self._places:
            number = numbers.whole(self._places.index(position) + 1)
            self.found.setText(tr("{number} of {count}", number=number, count=count))


def _place(heading: str) -> str:
    """Return the anchor of a heading, as GitHub forms it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def pictures(page: QTextDocument) -> Iterator[tuple[int, QTextImageFormat]]:
    for block in _blocks(page):
        piece = block.begin()
        while not piece.atEnd():
            fragment = piece.fragment()
            if fragment.charFormat().isImageFormat():
                yield fragment.position(), fragment.charFormat().toImageFormat()
            piece += 1


def _blocks(page: QTextDocument) -> Iterator[QTextBlock]:
    block = page.begin()
    while block.isValid():
        yield block
        block = block.next()
