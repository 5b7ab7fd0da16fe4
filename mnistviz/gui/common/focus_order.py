"""The order in which Tab goes through a window: that of the screen, also for parts that are built late."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QScrollArea,
    QWidget,
)


def tab_order(around: QWidget) -> list[QWidget]:
    """Return what Tab reaches in a widget: rows from the top, the parts of each from the left, a panel as a whole."""
    every = Qt.TabFocusBehavior.TabFocusAllControls
    system = QGuiApplication.styleHints().tabFocusBehavior()  # on a Mac it may pass over buttons
    return _order(around, Qt.FocusPolicy.TabFocus if system == every else Qt.FocusPolicy.StrongFocus)


def move_focus(window: QWidget, *, forward: bool) -> bool:
    """Move the focus of a window by one place; return False if it is nowhere in the order."""
    order, focused = tab_order(window), window.focusWidget()
    if focused not in order:
        return False
    goal = order[(order.index(focused) + (1 if forward else -1)) % len(order)]
    goal.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    scroll_to(goal)
    return True


def scroll_to(part: QWidget) -> None:
    around = part.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(part)
        around = around.parentWidget()


def _order(around: QWidget, policy: Qt.FocusPolicy) -> list[QWidget]:
    area = around.parentWidget()
    lends = isinstance(area, QAbstractScrollArea) and area.viewport() is around  # its focus to the area
    takes = around.focusPolicy() & policy == policy and around.isEnabled() and not lends
    if isinstance(around, QAbstractButton) and (group := around.group()) is not None and group.exclusive():
        takes = takes and group.checkedButton() in (None, around)  # arrows go to the others
    whole = isinstance(around, QAbstractSpinBox | QComboBox)  # their fields have the focus for them
    parts = (each for each in around.children() if isinstance(each, QWidget) and not whole)
    orders = {part: _order(part, policy) for part in parts if part.isVisible() and not part.isWindow()}
    inside = _read([part for part, order in orders.items() if order])
    return [*([around] if takes else ()), *(each for part in inside for each in orders[part])]


def _read(parts: list[QWidget]) -> list[QWidget]:
    """Sort parts into rows that have nothing beside them, each row into columns, and so on."""
    for start, end in ((QRect.top, QRect.bottom), (QRect.left, QRect.right)):
        bands = _bands(parts, start, end)
        if len(bands) > 1:
            return [part for band in bands for part in _read(band)]
    return parts


def _bands(
    parts: Iterable[QWidget], start: Callable[[QRect], int], end: Callable[[QRect], int]
) -> list[list[QWidget]]:
    bands: list[list[QWidget]] = []
    reached = 0
    for part in sorted(parts, key=lambda part: (start(part.geometry()), part.y(), part.x())):
        if not bands or start(part.geometry()) > reached:
            bands.append([])
            reached = end(part.geometry())
        bands[-1].append(part)
        reached = max(reached, end(part.geometry()))
    return bands
