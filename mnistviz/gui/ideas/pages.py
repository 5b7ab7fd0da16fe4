"""The table of pages, in the order of the book's chapter. A page's module is imported when it is first opened."""

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import Final, NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QStyle, QStyleOption, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import ScrolledColumn, column_of, label, row_of
from mnistviz.gui.common.steady import SteadyList
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.widgets import describe, restyle
from mnistviz.gui.ideas.page import Page, PageContext, PreferredWidth
from mnistviz.marking import marked


class PageEntry(NamedTuple):
    """A page: its id in files, its name in the list, and the ids of its tasks."""

    id: str
    title: str
    tasks: tuple[str, ...]


PAGES: Final = (
    PageEntry("perceptron", marked("The perceptron"), ("nand", "xor", "decision")),
    PageEntry("circuit", marked("From gates to a circuit"),
              ("xor", "half_adder", "circle", "full_adder")),
    PageEntry("sigmoid", marked("From step to sigmoid"),
              ("nudge", "flip", "factor", "silent")),
    PageEntry("valley", marked("The ball in the valley"), ("both", "largest", "hill")),
    PageEntry("step", marked("Why a smooth cost"), ("flat", "flags", "half", "step")),
    PageEntry("few_digits", marked("A few digits stand for all"),
              ("flag", "narrow", "epoch")),
    PageEntry("binary_outputs", marked("Four outputs instead of ten"),
              ("last", "all", "other", "direct")),
    PageEntry("nine", marked("Parts of a nine"), ("better", "part", "found", "layers")),
)  # fmt: skip
IDS: Final = tuple(entry.id for entry in PAGES)


def build(id: str, context: PageContext) -> Page:
    """Import and build a page, by its id: for *few_digits* the class FewDigitsPage in few_digits_page.py."""
    module = import_module(f"mnistviz.gui.ideas.{id}.{id}_page")
    page: Page = getattr(module, f"{id.title().replace('_', '')}Page")(context)
    return page


LEAST_WIDTH, LIST_WIDTH = 160, 212  # pixels


class _Entry(QAbstractButton):
    def __init__(self, id: str, number: int, title: str) -> None:
        super().__init__(checkable=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "pageEntry")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._title, self._about = title, tr("Opens this page.")
        self._tick = label("pageTick")
        name = label("pageEntryText", title, wraps=True)
        self._parts = label("pageEntryText", numbers.whole(number)), name, self._tick
        for part in self._parts:
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        parts = ((part, int(part is name), Qt.AlignmentFlag.AlignTop) for part in self._parts)
        self._line = row_of(*parts, spacing=6, margins=(9, 7, 4, 7), inside=self)
        self._tick.setFixedWidth(16)  # reserved before there is a tick
        describe(self, f"page_{id}", title, self._about)
        self.show_done(False)
        self.toggled.connect(self._show_chosen)

    def show_done(self, done: bool) -> None:
        self._tick.setText("✓" if done else "")
        name = tr("{page}, all done") if done else "{page}"
        self.setAccessibleName(name.format(page=self._title))

    def _show_chosen(self, chosen: bool) -> None:
        for part in (self, *self._parts):
            restyle(part, "chosen", chosen)

    def sizeHint(self) -> QSize:
        return self._line.sizeHint()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._line.heightForWidth(width)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the style sheet's background; the parts are labels."""
        option = QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, QPainter(self), self)


class PageList(PreferredWidth):
    """The pages, one of them chosen: as buttons among which arrows move, and as a combo box, for little room."""

    def __init__(self, entries: Iterable[tuple[str, str]], chosen: Callable[[str], object]) -> None:
        super().__init__(LEAST_WIDTH, LIST_WIDTH)
        self.setProperty("role", "card")
        self.setObjectName("page_list")
        inside, self._group = QWidget(), QButtonGroup(self)
        self.names = SteadyList()
        describe(self.names, "page_names", tr("Page"), tr("Opens the chosen page."))
        self._entries: dict[str, _Entry] = {}
        for number, (id, title) in enumerate(entries, 1):
            self._entries[id] = entry = _Entry(id, number, title)
            entry.clicked.connect(partial(chosen, id))
            self._group.addButton(entry)
            self.names.addItem(f"{numbers.whole(number)} {title}", id)
        self.names.activated.connect(lambda row: chosen(self.names.itemData(row)))
        column_of(*self._entries.values(), None, spacing=2, margins=(6, 7, 6, 7), inside=inside)
        self._scrolled = ScrolledColumn(inside)
        column_of(self._scrolled, margins=(1, 1, 1, 1), inside=self)
        changed = self._scrolled.verticalScrollBar().rangeChanged
        changed.connect(self._show_chosen, Qt.ConnectionType.QueuedConnection)  # once all is laid out

    def choose(self, id: str) -> None:
        self._entries[id].setChecked(True)
        self.names.setCurrentIndex(self.names.findData(id))
        self._show_chosen()

    def fold(self, on: bool) -> None:
        self.names.setVisible(on)
        self.setFocusProxy(self.names if on else self._group.checkedButton() or self.names)

    def _show_chosen(self) -> None:
        if chosen := self._group.checkedButton():
            self._scrolled.ensureWidgetVisible(chosen, 0, 4)

    def show_done(self, id: str, done: bool) -> None:
        self._entries[id].show_done(done)
