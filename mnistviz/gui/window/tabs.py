"""The lower half, a card with tabs, each with a view and its tools; and the handle of the folded settings."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from mnistviz.gui.common.choices import WindowPart
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.layouts import column_of, row_of, styled
from mnistviz.gui.common.painter_tools import blank_pixmap
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import set_tooltip, without_mnemonic
from mnistviz.gui.common.widgets import SMALLEST, demi_bold, describe, least_row, least_tab, push_button
from mnistviz.gui.settings.setting_control import ChangeDot
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.views import LAYERS, ToolsView, ViewPlace, Views, entries_of


class _Pages(QStackedWidget):
    """The views of the tabs, the plots first; those not built yet reserve the same width."""

    def minimumSizeHint(self) -> QSize:
        """Return a height for plots with their axes. Other views scroll, or the window where text is much larger."""
        high = self.widget(self.currentIndex() if least_row(self) > SMALLEST else 0)
        least = super().minimumSizeHint().expandedTo(least_tab(self))
        return least if high is None else QSize(least.width(), high.minimumSizeHint().height())


class TabbedCard(Fitted, QFrame):
    """Shows one of the lower views, each opened by an action."""

    def __init__(
        self, views: Views, actions: ActionBook, press: Callable[[str], None], fit: Callable[[], None]
    ) -> None:
        """Call `press` with the id of a pressed tab, and `fit` when the shown one needs another height."""
        super().__init__()
        self._fit, self._least = fit, 0
        styled(self, "card", "tabbed_card")
        self._views = views
        self._panes: dict[str, QWidget] = {}
        self._buttons: dict[str, QPushButton] = {}
        self._stack, self._tools = _Pages(), QStackedWidget()
        self._tools.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # tabs' height
        self._tools.setMinimumWidth(1)  # their widths must not shrink the tabs
        group = QButtonGroup(self)
        for entry in entries_of(ViewPlace.LOWER):
            title, tip = without_mnemonic(translated(entry.title)), translated(entry.tip)
            name, act = f"{entry.id}_tab", partial(press, entry.id)
            button = self._buttons[entry.id] = push_button("tab", name, title, tip, checkable=True, act=act)
            set_tooltip(button, tip, actions[f"tab_{entry.id}"].shortcut())
            group.addButton(button)
            if views.is_built(entry.id):
                self.add(entry.id, views.widget(entry.id))
        tip = translated(LAYERS.opens)
        self._more = push_button(
            "tab", "more_tabs", "+", tip, accessible=tip, act=lambda: self.open(LAYERS.id)
        )
        set_tooltip(self._more, tip, actions[f"tab_{LAYERS.id}"].shortcut())
        row = row_of(*self._buttons.values(), self._more, (self._tools, 1), spacing=4)
        row.addStretch()
        self._body = QWidget()
        column_of((self._stack, 1), inside=self._body)
        self._column = column_of(row, (self._body, 1), spacing=6, margins=(13, 7, 13, 7), inside=self)
        self.show_tab(WindowPart())

    @property
    def shown(self) -> str:
        return next(id for id, pane in self._panes.items() if pane is self._stack.currentWidget())

    def add(self, id: str, view: QWidget) -> None:
        self._panes[id] = view
        self._stack.addWidget(view)
        self._tools.addWidget(view.tab_tools if isinstance(view, ToolsView) else QWidget())

    def show_tab(self, part: WindowPart) -> None:
        """Show the chosen tab, if it exists."""
        if part.tab in self._buttons:
            self._buttons[part.tab].setChecked(True)
            self._views.build(part.tab)
            self._stack.setCurrentWidget(self._panes[part.tab])
            self._tools.setCurrentIndex(self._stack.currentIndex())
            self.refit()
            self.updateGeometry()

    def offer_layers(self, on: bool) -> None:
        """Show the tab of the layers, or the button that opens it."""
        self._buttons[LAYERS.id].setVisible(on)
        self._more.setHidden(on)

    def open(self, id: str) -> None:
        self._buttons[id].click()

    def focus_name(self, id: str) -> None:
        """Move the focus to the name of a tab: Qt would announce a view that is hidden with the focus in it."""
        self._buttons[id].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus(self, id: str) -> None:
        if self.shown != id:
            self.focus_name(id)
        self.open(id)
        self._panes[id].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def refit(self) -> None:
        """Hide the tools if they do not fit beside the tabs; the menu has all of them."""
        if (tools := self._tools.currentWidget()) is not None:
            needed = max(tools.minimumSizeHint().width(), tools.minimumWidth())
            tools.setVisible(needed <= self._tools.width())

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.refit()
            before, self._least = self._least, self.minimumSizeHint().height()
            if self._least != before:
                self._fit()
        return done


_WIDTH, _BESIDE = 28, 10  # pixels: at least, and beside the text together
_ABOVE, _BETWEEN = 9, 8  # pixels
_CHEVRON = 14  # pixels


class SettingsHandle(Fitted, QToolButton):
    """A button as high as the window, with vertical text."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._words = tr("Settings")
        self.setProperty("role", "edge")
        tip = tr("Shows the settings.")
        describe(self, "settings_edge", self._words, tip)
        set_tooltip(self, tip, action.shortcut())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(action.trigger)
        self._chevron, self._name, self.dot = QLabel(), QLabel(), ChangeDot()
        column = column_of(spacing=_BETWEEN, margins=(0, _ABOVE, 0, _ABOVE), inside=self)
        for part in (self._chevron, self._name, self.dot):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        self.show_waiting(False)

    def show_waiting(self, waits: bool) -> None:
        self.dot.setVisible(waits)
        self.setAccessibleDescription(tr("Something is planned.") if waits else "")

    def refit(self) -> None:
        font = demi_bold(self.font())
        metrics = QFontMetrics(font)
        long, high = metrics.horizontalAdvance(self._words) + 2, metrics.height()
        drawn = blank_pixmap(QSize(high, long), self.devicePixelRatioF())
        with QPainter(drawn) as painter:
            painter.setFont(font)
            painter.setPen(theme().text)
            painter.translate(high, 0)
            painter.rotate(90)
            painter.drawText(1, metrics.ascent(), self._words)
        self._name.setPixmap(drawn)
        self._chevron.setPixmap(icon("chevron-right", theme().text).pixmap(_CHEVRON, _CHEVRON))
        self.setFixedWidth(max(_WIDTH, high + _BESIDE))

    adopt_theme = refit
