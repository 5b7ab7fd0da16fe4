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
from mnistviz.marking import marked

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
    (marked("sentences", "Anywhere"), (
        (marked("sentences", "Space"),
            marked("sentences", "starts and pauses, except while you type")),
        (marked("sentences", "Return"),
            marked("sentences", "presses the button that has the focus")),
        (marked("sentences", "{undo}"), marked("sentences",
            "takes back what the line at the bottom offers to, else the last step where the focus is")),
        (marked("sentences", "Escape"), marked("sentences",
            "puts a field back; stops a replay; makes an enlarged panel small; closes the docked unit; lets go of a "
            "chosen unit; hides the cursor of a plot; puts back what you have tried by hand")),
    )),
    (marked("sentences", "In the network"), (
        (marked("sentences", "point"),
            marked("sentences", "reads a unit and shows its largest weights to the next layer")),
        (marked("sentences", "click"), marked("sentences", "keeps that")),
        (marked("sentences", "a second click, W"),
            marked("sentences", "keeps a weight of the unit; arrows go to those beside it")),
        (marked("sentences", "double-click, Return"),
            marked("sentences", "shows a unit large; Left and Right go to the next")),
        (marked("sentences", "0 … 9, a click on an output"),
            marked("sentences", "explains that output")),
        (marked("sentences", "arrows, Home, End"),
            marked("sentences", "go from unit to unit")),
    )),
    (marked("sentences", "On the scratchpad"), (
        (marked("sentences", "left button, pen"),
            marked("sentences", "draws; more pressure of a pen makes the line thicker")),
        (marked("sentences", "right button, other end of a pen"),
            marked("sentences", "erases")),
        (marked("sentences", "Left, Right"),
            marked("sentences", "shows the test digit before or after")),
        (marked("sentences", "Shift with an arrow"),
            marked("sentences", "moves what lies there, while drawings are not centred")),
        (marked("sentences", "Left, Right in fewest pixels"),
            marked("sentences", "takes a pixel back, changes one more")),
    )),
    (marked("sentences", "In a row of digits"), (
        (marked("sentences", "Left, Right, Home, End"),
            marked("sentences", "choose a digit")),
        (marked("sentences", "Insert, a double-click between two"),
            marked("sentences", "cuts a digit in two")),
        (marked("sentences", "{shift_left}, {shift_right}, drag a handle"),
            marked("sentences", "moves the cut at the right of the digit")),
        (marked("sentences", "Backspace, drag a handle away"),
            marked("sentences", "removes the cut")),
    )),
    (marked("sentences", "In the ideas"), (
        (marked("sentences", "drag, arrows"),
            marked("sentences", "move a handle; with Shift ten times as far")),
        (marked("sentences", "Tab"),
            marked("sentences", "goes to the next handle of a figure")),
    )),
    (marked("sentences", "In the curves"), (
        (marked("sentences", "wheel, + and −"), marked("sentences", "zoom in and out")),
        (marked("sentences", "click, Return at the cursor"),
            marked("sentences", "goes to that moment")),
        (marked("sentences", "drag"), marked("sentences", "moves a zoomed plot")),
        (marked("sentences", "double-click"),
            marked("sentences", "goes to the end of the run and follows it")),
        (marked("sentences", "arrows, Home, End"), marked("sentences", "move the cursor")),
    )),
    (marked("sentences", "In the mistakes"), (
        (marked("sentences", "click, arrows in the matrix"),
            marked("sentences", "choose a cell, a row or a column; Escape chooses all")),
        (marked("sentences", "click on a digit, arrows"),
            marked("sentences", "puts it on the scratchpad")),
        (marked("sentences", "double-click, Return"),
            marked("sentences", "shows the digit large")),
    )),
    (marked("sentences", "On the lanes of runs"), (
        (marked("sentences", "click, Return"), marked("sentences", "selects the run")),
        (marked("sentences", "double-click"),
            marked("sentences", "lets you type a name for it")),
        (marked("sentences", "right-click, Menu"),
            marked("sentences", "shows what else you can do with it")),
        (marked("sentences", "Up, Down"), marked("sentences", "go to the next lane")),
        (marked("sentences", "Del"), marked("sentences", "closes the run")),
    )),
    (marked("sentences", "On the strip of time"), (
        (marked("sentences", "click, drag"),
            marked("sentences", "goes to that moment; training pauses")),
        (marked("sentences", "click on a flag, on the star"),
            marked("sentences", "goes to exactly that moment")),
        (marked("sentences", "arrows, with Shift"),
            marked("sentences", "go by one mini-batch, by ten")),
        (marked("sentences", "Page up, Page down"),
            marked("sentences", "go to the end of an epoch")),
        (marked("sentences", "Home, End"),
            marked("sentences", "go to the first moment, to the last")),
        (marked("sentences", "double-click"),
            marked("sentences", "goes to the end of the run")),
    )),
    (marked("sentences", "In the settings and at η"), (
        (marked("sentences", "Up, Down"),
            marked("sentences", "change the number in a field")),
        (marked("sentences", "double-click on a name or a slider"),
            marked("sentences", "sets the default")),
        (marked("sentences", "empty the field of a hidden layer"),
            marked("sentences", "removes the layer")),
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
