"""The two workspaces, and the layout of the lab: the bar on top, the settings at the left, two halves at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSplitter, QStackedWidget, QWidget

from mnistviz.gui.common.choices import Chosen
from mnistviz.gui.common.layouts import column_of, row_of, styled
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.tabs import SettingsHandle, TabbedCard
from mnistviz.gui.window.transport import WorkspaceSwitch
from mnistviz.gui.window.views import CONTROLS, IDEAS, NETWORK, TIMELINE, TRANSPORT, ViewPlace, Views

if TYPE_CHECKING:
    from mnistviz.gui.ideas.ideas import Ideas


NARROW, _LARGER = 1200, 960  # pixels: the settings are folded in a narrower window; more with twice the text
UPPER_SHARE = 0.59  # of the height of both halves, as it is saved; see `_usual_upper`
SETTINGS_WIDTH = 260  # pixels, by default
ONE_RUN = 44  # pixels, the height of a strip with one run
MOST_PIXELS = (1 << 24) - 1  # of a widget's side, for Qt
LEAST_WIDTH = 880  # pixels: a narrower bar at the top does not fit
GAP = 8  # pixels between two cards, and around them
_BOTH = 470, 510, 570, 730, 910, 1990  # heights of both halves, in pixels
_UPPER = 300, 302, 351, 432, 552, 1207  # and of the upper one


class Arrangement(QScrollArea):
    """Lays out the views; scrolls if the window is smaller than they need."""

    def __init__(
        self, views: Views, actions: ActionBook, chosen: Chosen, changed: Callable[[], None]
    ) -> None:
        """Call `changed` when a hidden view becomes visible."""
        super().__init__(widgetResizable=True)
        self._chosen, self._changed = chosen, changed
        self._tab: str | None = chosen.now.window.tab  # the tab shown; None while this class chooses one
        self.setObjectName("arrangement")
        self._settings_action, self._enlarge_action = actions["show_controls"], actions["enlarge"]
        self.narrow = False  # whether the window was too narrow for the settings at the last layout
        self._narrow = NARROW
        self._enlarged: QWidget | None = None  # the half that is enlarged
        self._share, self._width = UPPER_SHARE, SETTINGS_WIDTH
        self.upper, self.settings, self._strip = views[NETWORK], views[CONTROLS], views[TIMELINE]
        self.tabs = TabbedCard(views, actions, self._press, self._fit_tab)
        self.halves = _splitter("halves_splitter", Qt.Orientation.Vertical, self.upper, self.tabs)
        self.columns = _splitter("columns_splitter", Qt.Orientation.Horizontal, self.settings, self.halves)
        self.columns.setSizes([SETTINGS_WIDTH, 1130])
        self.edge = SettingsHandle(self._settings_action)
        self._build([view for _, view in views.placed(ViewPlace.TOP)])
        escape = QKeySequence(Qt.Key.Key_Escape)
        self._restore_key = QShortcut(escape, self.halves, self.restore_halves)  # takes it before a plot
        self._restore_key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._restore_key.setEnabled(False)
        chosen.restored.connect(self._forget_tab)
        chosen.listen("window", self._follow)
        chosen.listen("layers", self._offer_layers)
        self._offer_layers()
        self.halves.splitterMoved.connect(self._store_share)
        self.columns.splitterMoved.connect(self._store_width)
        self._settings_action.toggled.connect(self.edge.setHidden)
        self.edge.hide()

    def _build(self, top: list[QWidget]) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside, stage = QWidget(), QWidget()
        inside.setMinimumWidth(LEAST_WIDTH)
        for each in (inside, stage):
            each.setProperty("role", "stage")
        self._around = row_of(self.edge, (self.columns, 1), spacing=GAP, margins=(GAP,) * 4, inside=stage)
        self._top = top
        below = row_of(self._strip, margins=(GAP, 0, GAP, 0))
        self._whole = column_of(*top, (stage, 1), below, spacing=0, inside=inside)
        self.setWidget(inside)
        for follow in (self._arrange, self._keep_in_view):
            self.verticalScrollBar().rangeChanged.connect(follow)  # a view needs another size

    def set_scale(self, scale: float) -> None:
        self._narrow = NARROW + round(_LARGER * (scale - 1))
        self.fit(self.window().width())
        QTimer.singleShot(0, self, self._arrange)  # once all have their new font

    def fit(self, width: int) -> None:
        """Fold the settings if the window becomes too narrow for them, and unfold them if it becomes wide enough."""
        if (narrow := width < self._narrow) != self.narrow:
            self.narrow = narrow
            self._settings_action.setChecked(not narrow)
        self._arrange()

    def enlarge(self, on: bool) -> None:
        """Enlarge the half with the focus, else the upper one; or restore both."""
        focus = QApplication.focusWidget()
        below = focus is not None and self.tabs.isAncestorOf(focus)
        self._enlarged = (self.tabs if below else self.upper) if on else None
        if self._enlarged is self.upper:
            self._choose(tab=NETWORK.id)
        elif self._chosen.now.window.tab == NETWORK.id:
            self._choose(tab=self.tabs.shown)
        self._restore_key.setEnabled(on)
        self._arrange()

    def open_tab(self, id: str) -> None:
        """Open and focus a tab. Restore an enlarged half that hides it."""
        if self._chosen.now.window.tab != id:
            self._chosen.choose("window", tab=id)
            return
        if self.tabs.isHidden():
            self.restore_halves()
        self.tabs.focus(id)

    def focus_network(self) -> None:
        if self.upper.isHidden():
            self.restore_halves()
        self.ensureWidgetVisible(self.upper, 0, 0)
        self.upper.picture.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _press(self, id: str) -> None:
        self._choose(tab=id)
        self._arrange()
        self._changed()
        self._keep_in_view()

    def _fit_tab(self) -> None:
        for splitter in (self.halves, self.columns):
            splitter.updateGeometry()  # Qt's splitters do not pass on that a part needs another height
        self._arrange()

    def _keep_in_view(self) -> None:
        if (focus := self.window().focusWidget()) is not None and self.tabs.isAncestorOf(focus):
            self.ensureWidgetVisible(self.tabs, 0, 0)

    def _choose(self, **fields: Any) -> None:
        self._forget_tab()
        self._chosen.choose("window", **fields)
        self._follow()

    def _forget_tab(self) -> None:
        self._tab = None

    def _follow(self) -> None:
        now = self._chosen.now.window
        before, self._tab = self._tab, now.tab
        if before == now.tab:
            return
        if before is None:
            self.tabs.show_tab(now)
            return
        if self.narrow and self._narrow > NARROW:  # with larger text
            self._settings_action.setChecked(False)
        self.open_tab(now.tab)

    def _offer_layers(self) -> None:
        self.tabs.offer_layers(self._chosen.now.layers.opened)

    def restore_halves(self) -> bool:
        """Restore an enlarged half; return False if none is enlarged."""
        was = self._enlarge_action.isChecked()
        self._enlarge_action.setChecked(False)
        return was

    @property
    def _spare(self) -> int:
        """The height left by both halves and a strip with one lane, in pixels; negative if it is too little."""
        margins = self._around.contentsMargins()
        free = self.height() - sum(view.sizeHint().height() for view in self._top)
        free -= margins.top() + margins.bottom() + GAP
        free -= self._strip.least_height
        return free - self.upper.minimumSizeHint().height() - self.tabs.minimumSizeHint().height()

    def _arrange(self) -> None:
        if not self.isVisible():
            return  # it does not have its size yet
        shared = self._enlarged is None
        self._strip.grow_by(max(0, self._spare) if shared else self.height())
        before = (self.upper.isHidden(), self.tabs.isHidden())
        self.upper.setVisible(self._enlarged is not self.tabs)
        self.tabs.setVisible(self._enlarged is not self.upper)
        self._whole.activate()  # lays out all parts at once, so that the halves share the new height
        self._around.activate()
        height = self.halves.height() - self.halves.handleWidth()
        if shared:
            upper = round(self._usual_upper(height + self._grown) * self._share / UPPER_SHARE)
            self.halves.setSizes([upper, height - upper])
        if not self.settings.isHidden():  # their minimum may have been larger for a while
            self.columns.setSizes([self._width, self.columns.width()])
        if before != (self.upper.isHidden(), self.tabs.isHidden()):
            self._changed()

    @staticmethod
    def _usual_upper(height: int) -> float:
        """Return the usual height of the upper one of two halves: first the curves grow, then the tiles, then both."""
        return float(np.interp(height, _BOTH, _UPPER))

    def move_splitter(self, splitter: QSplitter, by: int) -> None:
        """Move a splitter by so many pixels, as a drag does."""
        before, after = splitter.sizes()
        splitter.setSizes([before + by, after - by])
        splitter.splitterMoved.emit(before + by, 1)

    def _store_share(self) -> None:
        upper, lower = self.halves.sizes()
        if upper and lower:
            self._share = round(UPPER_SHARE * upper / self._usual_upper(upper + lower + self._grown), 4)

    def _store_width(self) -> None:
        self._width = self.columns.sizes()[0] or self._width

    @property
    def _grown(self) -> int:
        """By how many pixels the strip is higher than with one run; only the lower half shrinks for that."""
        return max(0, self._strip.minimumHeight() - ONE_RUN)

    def state(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return the sizes for the splitters; those of the halves are shares of 10,000."""
        share = round(10_000 * self._share)
        settings, halves = self.columns.sizes()
        room = settings + halves if not settings else max(0, settings + halves - self._width)
        return (self._width, room), (share, 10_000 - share)

    def restore(self, state: Sequence[tuple[int, int] | None]) -> None:
        """Restore a `state()`, ignoring invalid sizes."""
        columns, halves = (_sizes(part) for part in (*state, None, None)[:2])
        if columns is not None:
            self._width = columns[0] or self._width
            self.columns.setSizes(columns)
        if halves is not None and all(halves):
            self._share = halves[0] / sum(halves)
            self._arrange()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit(self.window().width())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit(self.window().width())


def _sizes(sizes: tuple[int, int] | None) -> tuple[int, int] | None:
    return sizes if sizes is not None and all(0 <= size <= MOST_PIXELS for size in sizes) else None


def _splitter(name: str, orientation: Qt.Orientation, *views: QWidget) -> QSplitter:
    splitter = styled(QSplitter(orientation, handleWidth=GAP, childrenCollapsible=False), "stage", name)
    for view in views:
        splitter.addWidget(view)
    splitter.setStretchFactor(1, 1)
    return splitter


class Workspaces(QStackedWidget):
    """Shows one of the two. The actions of the other are hidden, as Qt disables the shortcuts of hidden actions."""

    def __init__(
        self,
        arrangement: Arrangement,
        views: Views,
        book: ActionBook,
        chosen: Chosen,
        entered: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("workspaces")
        self.arrangement, self._views, self._book = arrangement, views, book
        self._chosen, self._entered = chosen, entered
        self._of: dict[bool, list[QAction]] = {False: [], True: []}  # of the lab, and of the ideas
        self._hidden: list[QAction] = []
        self.addWidget(arrangement)
        chosen.listen("window", self._follow)

    def take_ideas(self, ideas: Ideas) -> None:
        self.addWidget(ideas)
        ideas.bar.row.insertWidget(0, WorkspaceSwitch(self._book, "ideas"), 0, Qt.AlignmentFlag.AlignVCenter)
        self.align()

    def align(self) -> None:
        """Give both workspaces a bar of the same height, so that nothing jumps from one to the other."""
        if self._views.is_built(IDEAS.id):
            self._views[IDEAS].bar.setMinimumHeight(self._views[TRANSPORT].height())

    @property
    def in_ideas(self) -> bool:
        return self.currentWidget() is not self.arrangement

    def set_actions(self, lab: list[QAction], ideas: list[QAction]) -> None:
        """Set the actions that belong to one of them only, once the menus are built."""
        self._of = {False: lab, True: ideas}
        self._turn_off()

    def _follow(self) -> None:
        was, wanted = self.in_ideas, self._chosen.now.window.workspace == "ideas"
        self._book.choose("workspace", "ideas" if wanted else "lab")
        if was == wanted:
            return
        self._book["enlarge"].setChecked(False)
        ideas = self._views[IDEAS]
        if was:
            ideas.end()
        else:
            ideas.begin()
        self.setCurrentWidget(ideas if wanted else self.arrangement)
        self._turn_off()
        self._entered()

    def enlarge(self, on: bool) -> None:
        (self._views[IDEAS] if self.in_ideas else self.arrangement).enlarge(on)

    def _turn_off(self) -> None:
        for action in self._hidden:
            action.setVisible(True)
        self._hidden = [action for action in self._of[not self.in_ideas] if action.isVisible()]
        for action in self._hidden:
            action.setVisible(False)
