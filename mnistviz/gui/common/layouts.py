"""Rows and columns of widgets and labels, each in one call, lines that wrap, and columns that scroll."""

from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mnistviz.gui.common.wrapped import WrappedLabel

_TO_BAR = 4  # pixels, from what scrolls to its bar

Margins = tuple[int, int, int, int] | None
NO_MARGINS = (0, 0, 0, 0)
Styled = TypeVar("Styled", bound=QWidget)
Box = TypeVar("Box", bound=QBoxLayout)
LayoutPart = QWidget | QLayout | tuple[Any, ...] | int | None
"""A widget or layout, perhaps with a stretch and an alignment; a number of pixels; or None for empty room."""


def row_of(
    *parts: LayoutPart, spacing: int = -1, margins: Margins = NO_MARGINS, inside: QWidget | None = None
) -> QHBoxLayout:
    """Return a row of parts, `inside` a widget or for a layout. A `spacing` below 0 is the parent's or style's."""
    return _filled(QHBoxLayout(), parts, spacing, margins, inside)


def column_of(
    *parts: LayoutPart, spacing: int = -1, margins: Margins = NO_MARGINS, inside: QWidget | None = None
) -> QVBoxLayout:
    """Return a column of parts; see `row_of`."""
    return _filled(QVBoxLayout(), parts, spacing, margins, inside)


def _filled(box: Box, parts: tuple[Any, ...], spacing: int, margins: Margins, inside: QWidget | None) -> Box:
    if margins is not None:
        box.setContentsMargins(*margins)
    box.setSpacing(spacing)
    for part in parts:
        what, *how = part if isinstance(part, tuple) else (part,)
        if what is None:
            box.addStretch(1)
        elif isinstance(what, int):
            box.addSpacing(what)
        elif isinstance(what, QLayout):
            box.addLayout(what, *how)
        else:
            box.addWidget(what, *how)
    if inside is not None:
        # last: PySide would keep the items of inner layouts even after Qt has freed them
        inside.setLayout(box)
    return box


def stack_of(*pages: QWidget) -> QStackedWidget:
    stack = QStackedWidget()
    for page in pages:
        stack.addWidget(page)
    return stack


def label(role: str, text: str = "", *, name: str = "", wraps: bool = False) -> QLabel:
    """Return a label of plain text in the style of a `role`, with `name` as its object name."""
    widget = styled(WrappedLabel(text) if wraps else QLabel(text), role, name)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    return widget


def keep_place(widget: QWidget, keep: bool = True) -> None:
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(keep)
    widget.setSizePolicy(policy)


def styled(widget: Styled, role: str, name: str = "") -> Styled:
    """Give a widget the style of a `role`, and a `name` unless that is empty; return the widget."""
    widget.setProperty("role", role)
    if name:
        widget.setObjectName(name)
    return widget


def empty_label(name: str, text: str = "") -> QLabel:
    widget = label("quietText", text, name=name, wraps=True)
    widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return widget


class FlowLayout(QLayout):
    def __init__(self, parent: QWidget | None = None, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # by width; outer layouts ask a thousand times
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._lay_out(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def invalidate(self) -> None:
        super().invalidate()
        self._heights.clear()

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._lay_out(rect, move=True)

    def sizeHint(self) -> QSize:
        hints = [item.sizeHint() for item in self._seen()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._seen():
            size = size.expandedTo(item.minimumSize())
        return size

    def _seen(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lay_out(self, rect: QRect, *, move: bool) -> int:
        """Lay the items out if `move`. Return the height of the lines."""
        y = rect.y()
        for line in self._lines(rect.width()):
            height = max(size.height() for _, size in line)
            x = rect.x()
            for item, size in line if move else ():
                item.setGeometry(QRect(QPoint(x, y + (height - size.height()) // 2), size))
                x += size.width() + self.spacing()
            y += height + self.spacing()
        return max(0, y - self.spacing() - rect.y())

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """Return the items in each line, with their sizes."""
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        taken = 0
        for item in self._seen():
            hint = item.sizeHint()
            size = QSize(min(hint.width(), width), hint.height())
            if not lines or taken + self.spacing() + size.width() > width:
                lines.append([])
                taken = -self.spacing()
            lines[-1].append((item, size))
            taken += self.spacing() + size.width()
        return lines


_BAR_POLICY = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAlwaysOn


class ScrolledColumn(QScrollArea):
    """A scroll area that only scrolls vertically: it is never narrower than its content.

    `beside` is the right margin of the content, where the scroll bar appears, so that nothing moves. `rows` are the
    height of its rows, which are never cut at the bottom, and what is below the last one.
    """

    def __init__(self, inside: QWidget, *, beside: int = 0, rows: tuple[int, int] = (0, 0)) -> None:
        super().__init__(widgetResizable=True)
        self._inside, self._beside, self._rows = inside, beside, rows
        self._least: int | None = None
        self.verticalScrollBar().setSingleStep(rows[0] or self.verticalScrollBar().singleStep())
        if beside:
            self.verticalScrollBar().rangeChanged.connect(self._give_room)
            self._give_room()
        inside.setProperty("role", "scrolled")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)

    def show_whole(self, least: int | None) -> None:
        """Ask for the height of the content, at least `least` pixels, as what is around it scrolls. None scrolls it."""
        self._least = least
        self.updateGeometry()

    def show_place(self, place: QRectF) -> None:
        """Scroll by whole rows, as little as needed, to see a place of the content."""
        bar, row = self.verticalScrollBar(), self._rows[0] or 1
        least = -((self.viewport().height() - place.bottom()) // row) * row
        bar.setValue(round(min(max(bar.value(), least), place.top() // row * row)))

    def sizeHint(self) -> QSize:
        return super().sizeHint() if self._least is None else self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        bar = self.verticalScrollBar()
        room = 0 if self._beside and not bar.maximum() else bar.sizeHint().width()
        high = 60 if self._least is None else max(self._least, self._needed_height())
        return QSize(self._inside.minimumSizeHint().width() + room, high)

    def _needed_height(self) -> int:
        inside = self._inside
        high = inside.heightForWidth(self.width()) if inside.hasHeightForWidth() else 0
        return max(inside.minimumSizeHint().height(), high)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            if event.type() == QEvent.Type.LayoutRequest or self._least is not None:
                self.updateGeometry()
            self._fit()  # before Qt sets the range of the scroll bar, which else has that of the margin before
        return super().event(event)

    def _fit(self) -> None:
        """Show the scroll bar if the content needs it at full width, with a gap beside it and whole rows at the end."""
        row, below = self._rows
        lacks = self._inside.minimumSizeHint().height() - self.height()
        needs_bar = self._least is None and self._needed_height() > self.height()
        if not self._beside:
            self.setVerticalScrollBarPolicy(_BAR_POLICY[needs_bar])
        gap = _TO_BAR if needs_bar and not (self._beside or row) else 0
        self.setViewportMargins(0, 0, gap, (below - lacks) % row if row and lacks > 0 else 0)

    def _give_room(self) -> None:
        bar, layout = self.verticalScrollBar(), self._inside.layout()
        assert layout is not None
        margins = layout.contentsMargins()
        margins.setRight(max(0, self._beside - bar.sizeHint().width() * bool(bar.maximum())))
        layout.setContentsMargins(margins)
