"""Fewest pixels: a window that changes a picture pixel by pixel until the network predicts another class."""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableWidget, QTableWidgetItem, QWidget

from mnistviz.engine.digits import SIDE
from mnistviz.engine.fewest_pixels import PixelSearch, fewest_pixels
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.painted_figure import ENTER
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.widgets import describe, push_button
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.preview import is_the_same
from mnistviz.gui.lab.questions import SHORT
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network import card_words
from mnistviz.gui.network import fewest_words as words
from mnistviz.gui.network.side_window import SideWindow, place_beside

_KEY: Final = "fewest pixels"
_PICTURE: Final = 4 * SIDE  # pixels
_SETTLED: Final = 300  # milliseconds after the last stroke
_BETWEEN: Final = 14  # pixels between the two pictures
_SIZE: Final = QSize(670, 330)
_LEAST: Final = QSize(656, 290)
_LINE: Final = 15  # pixels of a line of text for which the sizes above are given


class FewestPixels(Fitted, SideWindow):
    """Search for the fewest pixels that change the prediction for the scratchpad; the card shows each step."""

    def __init__(self, lab: Lab, drawing: Callable[[], NDArray[np.uint8] | None], window: QWidget) -> None:
        super().__init__(window, "fewest_pixels")
        self._lab, self._drawing = lab, drawing
        self._shown = Shown()
        self._asked: tuple[Moment, bytes] | None = None  # network and picture of the last search
        self._when = ""
        self._failed = False
        self.found: PixelSearch | None = None
        self._soon = new_timer(self, self._ask, _SETTLED)
        what = tr(
            "Changes one pixel after another to ink or to paper, always the one that helps most, until the network "
            "reads something else. The search is greedy: fewer pixels may do it. Left and Right go step by step."
        )
        self.set_titles(tr("Fewest pixels"), tr("Fewest pixels"), what)
        self._build()
        lab.chosen.listen("fewest", self._adopt_choice)

    def _build(self) -> None:
        self.said = label("cardTitle", name="fewest_pixels_said", wraps=True)
        self.moment = styled(ShortenedLabel(), "smallPrint", "fewest_pixels_moment")
        self._question = label("reading", name="fewest_pixels_question", wraps=True)
        self.before, self.after = _Sample("fewest_pixels_before"), _Sample("fewest_pixels_after")
        self.table = _Steps()
        what = tr("What is read before the first change, and after each. (Left, Right)")
        describe(self.table, "fewest_pixels_steps", tr("The pixels, one by one"), what)
        self.table.currentCellChanged.connect(lambda row, *_: self._view(row))
        walk = self.table.walk
        self.back, self.forward, self.again = buttons = tuple(
            push_button("", f"fewest_pixels_{name}", text, tip, keys, act=act)
            for name, text, tip, keys, act in (
                ("back", tr("Back"), tr("Takes the last pixel back."), "Left", partial(walk, -1)),
                ("forward", tr("One pixel more"), tr("Changes one more pixel."), "Right", partial(walk, 1)),
                ("again", tr("Search again"), tr("Searches in the network as it is now."), "", self._ask),
            )
        )
        for button in buttons:
            button.setAutoDefault(False)
        pictures = QWidget()
        pictures.setFixedWidth(2 * _PICTURE + _BETWEEN)
        both = row_of(self.before, self.after, spacing=_BETWEEN)
        column_of(both, self._question, None, spacing=8, inside=pictures)
        steps = column_of((self.table, 1), row_of(self.back, self.forward, None, spacing=8), spacing=8)
        self._full = QWidget()
        row_of(pictures, (steps, 1), spacing=18, inside=self._full)
        parts = self.said, row_of((self.moment, 1), self.again, spacing=8), (self._full, 100), None
        column_of(*parts, spacing=6, margins=(14, 12, 14, 12), inside=self)

    def draw(self, shown: Shown) -> None:
        self._shown = shown
        if not self.isVisible():
            return
        if shown.moment is None or self._is_of_now or not shown.still:
            self._show_state()
        else:
            self._ask()

    def adopt_theme(self) -> None:
        self._view(self.table.currentRow())

    def open(self, card: QWidget) -> None:
        self._shown = self._lab.shown
        if not self.isVisible():
            self._place(card)
        self.show_in_front()
        self._ask()
        self.table.setFocus()

    def take_drawing(self) -> None:
        if self.isVisible() and (self._asked is None or self._asked[1] != self._pixels()):
            self._forget()
            self._show_state()
            self._soon.start()

    def _place(self, card: QWidget) -> None:
        """Place the window so that the network card stays visible, if the screen has room."""
        window = card.window()
        frame = window.frameGeometry().size() - window.size()  # the window's frame
        area = QRect(card.mapToGlobal(QPoint()), card.size())
        screen = card.screen().availableGeometry()
        size, least = _SIZE * self._scale, _LEAST * self._scale
        place = place_beside(size + frame, least + frame, screen, window.frameGeometry(), area, area)
        self.resize(place.size() - frame)
        self.move(place.topLeft())

    @property
    def _scale(self) -> float:
        return self.fontMetrics().height() / _LINE

    def _pixels(self) -> bytes:
        drawn = self._drawing()
        return b"" if drawn is None else drawn.tobytes()

    @property
    def _is_of_now(self) -> bool:
        moment = self._shown.moment
        return self._asked is not None and moment is not None and is_the_same(self._asked[0], moment)

    @property
    def _classes(self) -> tuple[str, ...]:
        return () if self._shown.digits is None else self._shown.digits.classes

    def _ask(self) -> None:
        """Start a search. The last result for the same picture stays visible until it ends."""
        self._soon.stop()
        pixels, moment = self._pixels(), self._shown.moment
        can = moment is not None and not words.why_not(self._shown, drawn=bool(pixels))
        if not can or (self._asked is not None and self._asked[1] != pixels):
            self._forget()
        if can and moment is not None:
            self._asked, self._failed = (moment, pixels), False
            image, network = np.frombuffer(pixels, np.uint8), moment.network
            self._lab.questions.ask(
                _KEY,
                lambda cancelled, _: fewest_pixels(network, image, cancelled=cancelled),
                partial(self._on_result, card_words.when(self._shown)),
                self._on_failed,
                quick=len(image) * sum(w.size for w in network.weights[1:]) <= SHORT,  # products, about
            )
        self._show_state()

    def _on_result(self, when: str, search: PixelSearch) -> None:
        self.found, self._when = search, when
        with QSignalBlocker(self.table):
            self.table.show_lines(words.lines(search, self._classes))
            self.table.setCurrentCell(len(search.pixels), 0)
        self._show_state()
        self._view(len(search.pixels))

    def _on_failed(self, _error: Exception) -> None:
        self._forget()
        self._failed = True
        self._show_state()

    def _forget(self) -> None:
        """Discard the result, which belongs to another picture or network."""
        self._lab.questions.withdraw(_KEY)
        had_result, self.found, self._asked, self._failed = self.found is not None, None, None, False
        if had_result:
            self._lab.show_in_card(altered=None)

    def _view(self, count: int) -> None:
        if (search := self.found) is None or not 0 <= count <= len(search.pixels):
            return
        for sample, changes in ((self.before, 0), (self.after, count)):
            sample.show_picture(search.picture(changes), words.caption(search, changes, self._classes))
        self._question.setText(words.question(search, count, self._classes))
        self.back.setEnabled(count > 0)
        self.forward.setEnabled(count < len(search.pixels))
        self._lab.show_in_card(altered=words.altered(search, count))

    def _show_state(self) -> None:
        search, stale = self.found, not self._is_of_now
        why_not = words.why_not(self._shown, drawn=bool(self._pixels()))
        if search is not None:
            self.said.setText(words.result(search, self._classes))
        elif self._failed:
            self.said.setText(tr("The search failed. The log file says why."))
        else:
            self.said.setText(why_not or tr("Searching …"))
        self.moment.set_wordings(*(words.moment(self._when, stale=stale) if search is not None else ()))
        self.again.setVisible(search is not None and stale)
        self._full.setVisible(search is not None and search.finite)

    def refit(self) -> None:
        self.setMinimumSize(_LEAST * self._scale)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lab.chosen.choose("fewest", open=True)

    def _adopt_choice(self) -> None:
        if self.isVisible() and not self._lab.chosen.now.fewest.open:
            self.close()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._lab.chosen.choose("fewest", open=False)
        self._soon.stop()
        self._forget()
        self._shown = self._shown.put_aside()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _WAYS:
            self.table.walk(_WAYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


_WAYS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class _Sample(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._picture = QLabel()
        self._picture.setObjectName(name)
        self._picture.setFixedSize(_PICTURE, _PICTURE)
        self._caption = label("smallPrint", wraps=True)
        self._caption.setFixedWidth(_PICTURE)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        column_of(self._picture, self._caption, spacing=4, inside=self)

    def show_picture(self, image: NDArray[np.uint8], caption: str) -> None:
        pixmap = QPixmap.fromImage(digit_image(image.reshape(SIDE, SIDE), theme()))
        self._picture.setPixmap(pixmap.scaled(self._picture.size()))
        self._picture.setAccessibleName(caption)
        self._caption.setText(caption)


class _Steps(QTableWidget):
    def __init__(self) -> None:
        super().__init__(0, len(words.headings()))
        self.setHorizontalHeaderLabels(words.headings())
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)

    def show_lines(self, lines: list[words.PixelLine]) -> None:
        self.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for column, text in enumerate(line.cells):
                item = QTableWidgetItem(text)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, line.aloud)
                self.setItem(row, column, item)

    def walk(self, by: int) -> None:
        if rows := self.rowCount():
            self.setCurrentCell(min(max(self.currentRow() + by, 0), rows - 1), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        ends = {Qt.Key.Key_Home: -self.rowCount(), Qt.Key.Key_End: self.rowCount()}
        if key in _WAYS | ends:
            self.walk((_WAYS | ends)[key])
        elif key == Qt.Key.Key_Escape or key in ENTER:
            event.ignore()
        else:
            super().keyPressEvent(event)
