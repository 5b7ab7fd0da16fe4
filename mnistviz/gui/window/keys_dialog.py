"""Pages of text in a window of their own, and that of keys and gestures, with a search field."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from mnistviz.gui.common.tooltips import keys_text
from mnistviz.gui.common.widgets import search_field, translated
from mnistviz.marking import QT_TRANSLATE_NOOP

MARGIN = 40  # pixels: how much smaller than the window it is, at least
_LOW = 120  # pixels, until the height of the text is known


class TextDialog(QDialog):
    """Shows HTML at its full height, below a widget if there is one, with a button to close it."""

    def __init__(
        self, title: str, html: str, width: int, parent: QWidget, above: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("text_dialog")
        self.setWindowTitle(title)
        self._most = parent.window().size() - QSize(MARGIN, MARGIN)
        self.column = QVBoxLayout(self)
        if above is not None:
            self.column.addWidget(above)
        self.text = QTextBrowser()
        self.text.setObjectName("text")
        self.text.setAccessibleName(title)
        self.text.setOpenExternalLinks(True)
        self.text.setHtml(html)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        self.column.addWidget(self.text)
        self.column.addWidget(buttons)
        self.resize(QSize(width, _LOW).boundedTo(self._most))

    def showEvent(self, event: QShowEvent) -> None:
        """Grow until all of the text is visible, as far as the window allows."""
        super().showEvent(event)
        self.column.activate()
        hidden = QSize(0, self.text.verticalScrollBar().maximum())
        self.resize((self.size() + hidden).boundedTo(self._most))


WIDTH = 980  # pixels
_KEY_WIDTH = 165  # pixels

Group = tuple[str, Sequence[tuple[str, str]]]  # a heading, and keys or gestures with their effects

# fmt: off
GESTURES: Final[tuple[Group, ...]] = (
    (QT_TRANSLATE_NOOP("sentences", "Anywhere"), (
        (QT_TRANSLATE_NOOP("sentences", "Space"),
            QT_TRANSLATE_NOOP("sentences", "starts and pauses, except while you type")),
        (QT_TRANSLATE_NOOP("sentences", "Return"),
            QT_TRANSLATE_NOOP("sentences", "presses the button that has the focus")),
        (QT_TRANSLATE_NOOP("sentences", "{undo}"), QT_TRANSLATE_NOOP("sentences",
            "takes back what the line at the bottom offers to, else the last step where the focus is")),
        (QT_TRANSLATE_NOOP("sentences", "Escape"), QT_TRANSLATE_NOOP("sentences",
            "puts a field back; stops a replay; makes an enlarged panel small; closes the docked unit; lets go of a "
            "chosen unit; hides the cursor of a plot; puts back what you have tried by hand")),
    )),
    (QT_TRANSLATE_NOOP("sentences", "In the network"), (
        (QT_TRANSLATE_NOOP("sentences", "point"),
            QT_TRANSLATE_NOOP("sentences", "reads a unit and shows its largest weights to the next layer")),
        (QT_TRANSLATE_NOOP("sentences", "click"), QT_TRANSLATE_NOOP("sentences", "keeps that")),
        (QT_TRANSLATE_NOOP("sentences", "a second click, W"),
            QT_TRANSLATE_NOOP("sentences", "keeps a weight of the unit; arrows go to those beside it")),
        (QT_TRANSLATE_NOOP("sentences", "double-click, Return"),
            QT_TRANSLATE_NOOP("sentences", "shows a unit large; Left and Right go to the next")),
        (QT_TRANSLATE_NOOP("sentences", "0 … 9, a click on an output"),
            QT_TRANSLATE_NOOP("sentences", "explains that output")),
        (QT_TRANSLATE_NOOP("sentences", "arrows, Home, End"),
            QT_TRANSLATE_NOOP("sentences", "go from unit to unit")),
    )),
    (QT_TRANSLATE_NOOP("sentences", "On the scratchpad"), (
        (QT_TRANSLATE_NOOP("sentences", "left button, pen"),
            QT_TRANSLATE_NOOP("sentences", "draws; more pressure of a pen makes the line thicker")),
        (QT_TRANSLATE_NOOP("sentences", "right button, other end of a pen"),
            QT_TRANSLATE_NOOP("sentences", "erases")),
        (QT_TRANSLATE_NOOP("sentences", "Left, Right"),
            QT_TRANSLATE_NOOP("sentences", "shows the test digit before or after")),
        (QT_TRANSLATE_NOOP("sentences", "Shift with an arrow"),
            QT_TRANSLATE_NOOP("sentences", "moves what lies there, while drawings are not centred")),
        (QT_TRANSLATE_NOOP("sentences", "Left, Right in fewest pixels"),
            QT_TRANSLATE_NOOP("sentences", "takes a pixel back, changes one more")),
    )),
    (QT_TRANSLATE_NOOP("sentences", "In a row of digits"), (
        (QT_TRANSLATE_NOOP("sentences", "Left, Right, Home, End"),
            QT_TRANSLATE_NOOP("sentences", "choose a digit")),
        (QT_TRANSLATE_NOOP("sentences", "Insert, a double-click between two"),
            QT_TRANSLATE_NOOP("sentences", "cuts a digit in two")),
        (QT_TRANSLATE_NOOP("sentences", "{shift_left}, {shift_right}, drag a handle"),
            QT_TRANSLATE_NOOP("sentences", "moves the cut at the right of the digit")),
        (QT_TRANSLATE_NOOP("sentences", "Backspace, drag a handle away"),
            QT_TRANSLATE_NOOP("sentences", "removes the cut")),
    )),
    (QT_TRANSLATE_NOOP("sentences", "In the ideas"), (
        (QT_TRANSLATE_NOOP("sentences", "drag, arrows"),
            QT_TRANSLATE_NOOP("sentences", "move a handle; with Shift ten times as far")),
        (QT_TRANSLATE_NOOP("sentences", "Tab"),
            QT_TRANSLATE_NOOP("sentences", "goes to the next handle of a figure")),
    )),
    (QT_TRANSLATE_NOOP("sentences", "In the curves"), (
        (QT_TRANSLATE_NOOP("sentences", "wheel, + and −"), QT_TRANSLATE_NOOP("sentences", "zoom in and out")),
        (QT_TRANSLATE_NOOP("sentences", "click, Return at the cursor"),
            QT_TRANSLATE_NOOP("sentences", "goes to that moment")),
        (QT_TRANSLATE_NOOP("sentences", "drag"), QT_TRANSLATE_NOOP("sentences", "moves a zoomed plot")),
        (QT_TRANSLATE_NOOP("sentences", "double-click"),
            QT_TRANSLATE_NOOP("sentences", "goes to the end of the run and follows it")),
        (QT_TRANSLATE_NOOP("sentences", "arrows, Home, End"), QT_TRANSLATE_NOOP("sentences", "move the cursor")),
    )),
    (QT_TRANSLATE_NOOP("sentences", "In the mistakes"), (
        (QT_TRANSLATE_NOOP("sentences", "click, arrows in the matrix"),
            QT_TRANSLATE_NOOP("sentences", "choose a cell, a row or a column; Escape chooses all")),
        (QT_TRANSLATE_NOOP("sentences", "click on a digit, arrows"),
            QT_TRANSLATE_NOOP("sentences", "puts it on the scratchpad")),
        (QT_TRANSLATE_NOOP("sentences", "double-click, Return"),
            QT_TRANSLATE_NOOP("sentences", "shows the digit large")),
    )),
    (QT_TRANSLATE_NOOP("sentences", "On the lanes of runs"), (
        (QT_TRANSLATE_NOOP("sentences", "click, Return"), QT_TRANSLATE_NOOP("sentences", "selects the run")),
        (QT_TRANSLATE_NOOP("sentences", "double-click"),
            QT_TRANSLATE_NOOP("sentences", "lets you type a name for it")),
        (QT_TRANSLATE_NOOP("sentences", "right-click, Menu"),
            QT_TRANSLATE_NOOP("sentences", "shows what else you can do with it")),
        (QT_TRANSLATE_NOOP("sentences", "Up, Down"), QT_TRANSLATE_NOOP("sentences", "go to the next lane")),
        (QT_TRANSLATE_NOOP("sentences", "Del"), QT_TRANSLATE_NOOP("sentences", "closes the run")),
    )),
    (QT_TRANSLATE_NOOP("sentences", "On the strip of time"), (
        (QT_TRANSLATE_NOOP("sentences", "click, drag"),
            QT_TRANSLATE_NOOP("sentences", "goes to that moment; training pauses")),
        (QT_TRANSLATE_NOOP("sentences", "click on a flag, on the star"),
            QT_TRANSLATE_NOOP("sentences", "goes to exactly that moment")),
        (QT_TRANSLATE_NOOP("sentences", "arrows, with Shift"),
            QT_TRANSLATE_NOOP("sentences", "go by one mini-batch, by ten")),
        (QT_TRANSLATE_NOOP("sentences", "Page up, Page down"),
            QT_TRANSLATE_NOOP("sentences", "go to the end of an epoch")),
        (QT_TRANSLATE_NOOP("sentences", "Home, End"),
            QT_TRANSLATE_NOOP("sentences", "go to the first moment, to the last")),
        (QT_TRANSLATE_NOOP("sentences", "double-click"),
            QT_TRANSLATE_NOOP("sentences", "goes to the end of the run")),
    )),
    (QT_TRANSLATE_NOOP("sentences", "In the settings and at η"), (
        (QT_TRANSLATE_NOOP("sentences", "Up, Down"),
            QT_TRANSLATE_NOOP("sentences", "change the number in a field")),
        (QT_TRANSLATE_NOOP("sentences", "double-click on a name or a slider"),
            QT_TRANSLATE_NOOP("sentences", "sets the default")),
        (QT_TRANSLATE_NOOP("sentences", "empty the field of a hidden layer"),
            QT_TRANSLATE_NOOP("sentences", "removes the layer")),
    )),
)
# fmt: on
"""What mouse and keys do in each part of the window, besides the menu actions."""


class KeysDialog(TextDialog):
    """Lists groups of keys, and below them `GESTURES`. The search text filters the lines."""

    def __init__(self, title: str, groups: Sequence[Group], parent: QWidget) -> None:
        self._groups = [*(group for group in groups if group[1]), *map(_in_words, GESTURES)]
        tip = self.tr("Type a key or a word, and only the lines that have it are left.")
        self.field = search_field("keys_search", self.tr("Search keys and gestures"), tip, self._find)
        super().__init__(title, _page(self._groups), WIDTH, parent, self.field)
        self.field.setFocus()

    def _find(self, wanted: str) -> None:
        matching = _matching(self._groups, wanted.strip().casefold())
        nothing = self.tr("No key or gesture has “{text}”.").format(text=escape(wanted))
        self.text.setHtml(_page(matching) if matching else nothing)


def _in_words(group: Group) -> Group:
    named = {"shift_left": "Shift+Left", "shift_right": "Shift+Right", "undo": "Ctrl+Z"}
    shortcuts = {name: keys_text(keys) for name, keys in named.items()}
    title, rows = group
    return translated(title), [(translated(key).format(**shortcuts), translated(does)) for key, does in rows]


def _matching(groups: Sequence[Group], wanted: str) -> list[Group]:
    """Return the lines that contain a text, and all lines of a heading that does."""
    matching: list[Group] = []
    for title, rows in groups:
        has = [row for row in rows if wanted in " ".join((title, *row)).casefold()]
        if has:
            matching.append((title, has))
    return matching


def _page(groups: Sequence[Group]) -> str:
    """Return the groups in two columns of about the same height."""
    lines = [len(rows) + 2 for _, rows in groups]
    split = min(range(1, len(groups) + 1), key=lambda at: max(sum(lines[:at]), sum(lines[at:])), default=0)
    columns = ("".join(map(_group, part)) for part in (groups[:split], groups[split:]))
    cells = "".join(f"<td width='50%' style='padding-right: 16px'>{column}</td>" for column in columns)
    return f"<table width='100%'><tr>{cells}</tr></table>"


def _group(group: Group) -> str:
    title, rows = group
    lines = "".join(
        f"<tr><td width='{_KEY_WIDTH}' style='padding: 1px 14px 1px 0'><b>{escape(key)}</b></td>"
        f"<td>{escape(does)}</td></tr>"
        for key, does in rows
    )
    return f"<h4>{escape(title)}</h4><table width='100%'>{lines}</table>"
