"""Where the views are: the bar on top, the settings at the left, and two halves whose heights the user may move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QScrollArea,
    QSplitter,
    QWidget,
)

from mnistviz.gui.common.chosen import Chosen
from mnistviz.gui.common.layouts import column_of, row_of
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.settings_handle import SettingsHandle
from mnistviz.gui.window.tabs import TabbedCard
from mnistviz.gui.window.views import FoldingView, LanesView, PadView, ViewPlace, Views

NARROW, NARROW_WITH_LARGER_TEXT = 1200, 1440  # pixels of the window: in less, the settings are folded
UPPER_SHARE = 0.59  # of the height of both halves
SETTINGS_WIDTH = 260  # pixels, at first
ONE_RUN = 44  # pixels of a strip with one run
TALL = 880  # pixels of the window's height: in a narrow window of less, the network card is folded
SMALL, SMALL_WITH_LARGER_TEXT = 720, 760  # pixels of the window's height: in less, there is less air
MOST_PIXELS = (1 << 24) - 1  # of a widget's side, for Qt
LEAST_WIDTH = 880  # pixels, of all: in less, the bar on top can't be made short enough
GAP = 8  # pixels between two cards, and around them
SMALL_GAP = 1  # the same above and below, where the window is small


class Arrangement(QScrollArea):
    """Puts each view in its place. Where the window is smaller than all of them need, it scrolls."""

    def __init__(
        self,
        views: Views,
        actions: ActionBook,
        theme: Theme,
        chosen: Chosen,
        changed: Callable[[], None],
        again: Callable[[], None],
    ) -> None:
        """`changed` is called when a view is seen that was not, `again` when a tab is pressed that was open."""
        super().__init__()
        self._chosen, self._changed = chosen, changed
        self._tab: str | None = chosen.now.window.tab  # that is shown; None while the choice is made here
        self.setObjectName("arrangement")
        self._settings_action, self._enlarge_action = actions["show_controls"], actions["enlarge"]
        self.narrow = False
        """Whether the window was too narrow for the settings when that was last looked at."""
        self._larger_text = False
        self._large: QWidget | None = None  # the half that has all the room
        self._large_by_itself = False  # the upper half, for what of it can't be folded
        self._share, self._width = UPPER_SHARE, SETTINGS_WIDTH
        self._was_folded = False
        ((upper, self.upper),) = views.placed(ViewPlace.UPPER)
        ((_, self.settings),) = views.placed(ViewPlace.LEFT)
        assert isinstance(self.upper, FoldingView)
        self._above = upper.id
        self._folding = self.upper
        self.tabs = TabbedCard(upper, self.upper.pane, views, actions, self._press, again)
        self.halves = _splitter("halves_splitter", Qt.Orientation.Vertical, self.upper, self.tabs)
        self.columns = _splitter("columns_splitter", Qt.Orientation.Horizontal, self.settings, self.halves)
        self.halves.setStretchFactor(0, 0)
        self.halves.setStretchFactor(1, 1)
        self.columns.setStretchFactor(0, 0)
        self.columns.setStretchFactor(1, 1)
        self.columns.setSizes([SETTINGS_WIDTH, 1130])
        self.edge = SettingsHandle(self._settings_action, theme)
        self._small = False
        ((_, self._strip),) = views.placed(ViewPlace.STRIP)
        assert isinstance(self._strip, LanesView)
        self._lanes = self._strip
        self._build([view for _, view in views.placed(ViewPlace.TOP)])
        self._small_key = QShortcut(
            QKeySequence(Qt.Key.Key_Escape), self.halves
        )  # before a plot or a tile hears it
        self._small_key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._small_key.activated.connect(self.make_small)
        self._small_key.setEnabled(False)
        chosen.restored.connect(self._forget_tab)
        chosen.listen("window", self._follow)
        self.halves.splitterMoved.connect(self._take_share)
        self.columns.splitterMoved.connect(self._take_width)
        self._folding.unfold_wanted.connect(self._unfold)
        self._settings_action.toggled.connect(self.edge.setHidden)
        self.edge.hide()

    def _build(self, top: list[QWidget]) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        inside, stage = QWidget(), QWidget()
        inside.setMinimumWidth(LEAST_WIDTH)
        for each in (inside, stage):
            each.setProperty("role", "stage")
        self._around = row_of(self.edge, (self.columns, 1), spacing=GAP, margins=(GAP,) * 4, inside=stage)
        self._top = top
        below = row_of(self._strip, margins=(GAP, 0, GAP, 0))
        column_of(*top, (stage, 1), below, spacing=0, inside=inside)
        self.setWidget(inside)
        self.verticalScrollBar().rangeChanged.connect(
            self._arrange
        )  # a view has come to need more than there is

    # Which of them are seen

    def set_theme(self, theme: Theme, *, larger_text: bool) -> None:
        """Takes these colours, and whether text is larger now."""
        self._larger_text = larger_text
        self.edge.set_theme(theme)
        self.fit(self.window().width())
        QTimer.singleShot(0, self, self._arrange)  # once all of them know how large their text is

    def fit(self, width: int) -> None:
        """Folds the settings where a window of this width becomes too narrow for them, and opens them again."""
        narrow = width < (NARROW_WITH_LARGER_TEXT if self._larger_text else NARROW)
        if narrow != self.narrow:
            self.narrow = narrow
            self._settings_action.setChecked(not narrow)
        self._arrange()

    def enlarge(self, on: bool) -> None:
        """Gives all the room to the half that has the focus, the upper one if none has it; or puts all back."""
        focus = QApplication.focusWidget()
        below = focus is not None and self.tabs.isAncestorOf(focus) and not self._large_by_itself
        if not on and self._folding.is_whole_only and self.folds:
            self._folding.end_whole()
        self._large = (self.tabs if below else self.upper) if on else None
        if self._large is self.upper:
            self._choose(tab=self._above)
        self._small_key.setEnabled(on)
        self._arrange()

    def _unfold(self, unfold: bool) -> None:
        """Gives what is folded all the room, and its pad the focus, or folds it again."""
        if unfold and isinstance(self.upper, PadView):
            self.upper.pad.setFocus()
        self._enlarge_action.setChecked(unfold)

    def open_tab(self, id: str) -> None:
        """Opens a tab of the lower half and gives it the keys; what hides it is made small. What is in the tab of the
        upper half, where that is folded, gets them wherever it is."""
        if self._chosen.now.window.tab != id:
            self._chosen.choose("window", tab=id)
            return
        unfolded = id == self._above and not self._was_folded
        if (self.upper if unfolded else self.tabs).isHidden():
            self.make_small()
        if unfolded:
            self._folding.pane.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.tabs.focus(id)

    def _press(self, id: str) -> None:
        self._choose(tab=id)
        self._arrange()
        self._changed()

    def _choose(self, **fields: Any) -> None:
        """Makes a choice that gives no keys away."""
        self._forget_tab()
        self._chosen.choose("window", **fields)
        self._follow()

    def _forget_tab(self) -> None:
        self._tab = None

    def _follow(self) -> None:
        """Shows the tab that is chosen. One that is opened elsewhere gets the keys."""
        now = self._chosen.now.window
        before, self._tab = self._tab, now.tab
        if before == now.tab:
            return
        if before is None:
            self.tabs.show_tab(now)
        else:
            self.open_tab(now.tab)

    def make_small(self) -> bool:
        """Puts back what is large; whether something was."""
        was = self._enlarge_action.isChecked()
        self._enlarge_action.setChecked(False)
        return was

    @property
    def _spare(self) -> int:
        """The height that both halves and a strip with one lane leave, in pixels; below 0 where it is not enough."""
        margins = self._around.contentsMargins()
        free = self.height() - sum(view.sizeHint().height() for view in self._top)
        free -= margins.top() + margins.bottom() + GAP
        free -= self._lanes.least_height
        return free - self._folding.least_unfolded - self.tabs.minimumSizeHint().height()

    @property
    def is_low(self) -> bool:
        """Whether the plots would be too low to be read, were both halves seen."""
        return self._spare < 0

    @property
    def folds(self) -> bool:
        """Whether there is room for all of the upper half folded only."""
        window = self.window().size()
        return self.is_low or (window.width() < NARROW and window.height() < TALL)

    def _make_room(self) -> None:
        """Gives the upper half all the room while it shows what can't be folded and must be, and takes it back."""
        needs = self._folding.is_whole_only and self.folds
        if needs and self._large is not self.upper:
            self._large_by_itself = True
            self._enlarge_action.setChecked(True)
            self._large = self.upper  # even if the lower one was large
        elif not needs and self._large_by_itself:
            self._large_by_itself = False
            self._enlarge_action.setChecked(False)

    def _arrange(self) -> None:
        if not self.isVisible():
            return  # it has not its size yet, and would be folded and unfolded for nothing
        self._save_height()
        self._make_room()
        folds = self.folds
        folded = folds and self._large is not self.upper
        shared = not folded and self._large is None
        self._lanes.grow_by(max(0, self._spare) if shared else self.height())  # another run folds nothing
        before = (self.upper.isHidden(), self.tabs.isHidden(), folded)
        self._folding.set_folded(folded, can_fold=folds)
        self._choose(folded=folded)
        self.upper.setVisible(folded or self._large is not self.tabs)
        self.tabs.setVisible(self._large is not self.upper)
        self._activate()
        height = self.halves.height() - self.halves.handleWidth()
        if folded:
            ribbon = self.upper.minimumSizeHint().height()
            self.halves.setSizes([ribbon, height - ribbon])
        elif shared:
            upper = round(self._share * (height + self._grown))
            upper = max(
                upper, min(self._folding.handy_unfolded, height - self.tabs.minimumSizeHint().height())
            )
            self.halves.setSizes([upper, height - upper])
        if before != (self.upper.isHidden(), self.tabs.isHidden(), self._was_folded):
            self._changed()
        self._was_folded = folded

    def _save_height(self) -> None:
        """Where the window is small, there is less air."""
        inside = self.widget()
        small = self.window().height() < (SMALL_WITH_LARGER_TEXT if self._larger_text else SMALL)
        if small == self._small or inside is None:
            return
        self._small = small
        self._around.setContentsMargins(GAP, SMALL_GAP if small else GAP, GAP, SMALL_GAP if small else GAP)
        self._activate()

    def _activate(self) -> None:
        """Lays all out at once: the halves share out the height that there is then."""
        inside = self.widget()
        layout = None if inside is None else inside.layout()
        if layout is not None:
            layout.activate()
        self._around.activate()

    def _take_share(self) -> None:
        upper, lower = self.halves.sizes()
        if upper and lower and not self._was_folded:
            self._share = upper / (upper + lower + self._grown)

    def _take_width(self) -> None:
        """The settings are as wide as the user wants them; larger text, as in full screen, may need more."""
        self._width = self.columns.sizes()[0] or self._width

    @property
    def _grown(self) -> int:
        """By how many pixels the strip is higher than with one run: that is taken from the lower half alone."""
        return max(0, self._strip.minimumHeight() - ONE_RUN)

    # What is kept

    def state(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The sizes that the splitters give; of the halves, their shares in ten thousand."""
        share = round(10_000 * self._share)
        settings, halves = self.columns.sizes()
        room = settings + halves if not settings else max(0, settings + halves - self._width)
        return (self._width, room), (share, 10_000 - share)

    def restore(self, state: Sequence[tuple[int, int] | None]) -> None:
        """Takes up a `state()`; sizes that make no sense are passed over."""
        columns, halves = (_sizes(part) for part in (*state, None, None)[:2])
        if columns is not None:
            self._width = columns[0] or self._width
            self.columns.setSizes(columns)
        if halves is not None and all(halves):
            self._share = halves[0] / sum(halves)
            self._arrange()

    # Events

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit(self.window().width())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit(self.window().width())


def _sizes(sizes: tuple[int, int] | None) -> tuple[int, int] | None:
    """The same; None where a widget can't have one of them."""
    return sizes if sizes is not None and all(0 <= size <= MOST_PIXELS for size in sizes) else None


def _splitter(name: str, orientation: Qt.Orientation, *views: QWidget) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setObjectName(name)
    splitter.setProperty("role", "stage")
    splitter.setHandleWidth(GAP)
    splitter.setChildrenCollapsible(False)
    for view in views:
        splitter.addWidget(view)
    return splitter
