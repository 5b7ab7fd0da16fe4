"""Where the views are: the bar on top, and below it three columns, whose widths the user may move."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from mnistviz.gui.window.views import Place, Views

LEAST_MIDDLE = 380  # pixels
MOST_PIXELS = 1 << 24  # of a widget's side, for Qt


class Arrangement(QWidget):
    """Puts each view in its place."""

    def __init__(self, views: Views) -> None:
        super().__init__()
        self.columns = _splitter("columns_splitter", Qt.Orientation.Horizontal)
        self.middle = _splitter("middle_splitter", Qt.Orientation.Vertical)
        self.middle.setMinimumWidth(LEAST_MIDDLE)
        right = [*views.placed(Place.UPPER), *views.placed(Place.LOWER)]
        for entry, view in right:
            self.middle.addWidget(view)
            self.middle.setStretchFactor(self.middle.count() - 1, entry.stretch)
        left = views.placed(Place.LEFT)
        for column in (*(view for _, view in left), self.middle):
            self.columns.addWidget(column)
            self.columns.setStretchFactor(self.columns.count() - 1, 1 if column is self.middle else 0)
        self.columns.setSizes([*(entry.size for entry, _ in left), 1130])
        self.middle.setSizes([entry.size for entry, _ in right])

        body = QWidget()
        body.setProperty("role", "stage")
        around = QVBoxLayout(body)
        around.setContentsMargins(10, 10, 10, 4)
        around.addWidget(self.columns)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for _, view in views.placed(Place.TOP):
            whole.addWidget(view)
        whole.addWidget(body, 1)
        self.foot = QVBoxLayout()
        """A place above the line at the bottom, for what must be read while its panel is hidden."""
        self.foot.setContentsMargins(10, 0, 10, 4)
        self.foot.setSpacing(6)
        whole.addLayout(self.foot)

    def state(self) -> list[list[int]]:
        """The sizes that the splitters give."""
        return [self.columns.sizes(), self.middle.sizes()]

    def restore(self, state: list[Any]) -> None:
        """Takes up a `state()`; sizes that make no sense are passed over."""
        for splitter, sizes in zip((self.columns, self.middle), state, strict=False):
            known = isinstance(sizes, list) and len(sizes) == splitter.count()
            if known and all(type(size) is int and 0 <= size < MOST_PIXELS for size in sizes):
                splitter.setSizes(sizes)


def _splitter(name: str, orientation: Qt.Orientation) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setObjectName(name)
    splitter.setProperty("role", "stage")
    splitter.setHandleWidth(10)
    splitter.setChildrenCollapsible(False)
    return splitter
