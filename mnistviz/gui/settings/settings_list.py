"""The rows of settings: those that are always visible, those off their default, and the others behind a line."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import describe, restyle
from mnistviz.gui.settings.setting_control import DOT_ROOM

LABEL_WIDTH = 123  # pixels from the left end of a row to its control, at least
_LEFT, _TOP, BESIDE = 4, 14, 13  # pixels around the rows; a scroll bar appears beside them
_BELOW_RECIPE, _GAP, _SMALL_GAP = 16, 10, 3  # pixels between rows


class Opener(QPushButton):
    """A button with a chevron that shows or hides `inside`, which is visible as long as it is `in_use`."""

    def __init__(
        self, role: str, name: str, text: str, tip: str, inside: QWidget, in_use: Callable[[], object] = bool
    ) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setCheckable(True)
        self.setIconSize(QSize(12, 12))
        describe(self, name, text, tip)
        self.inside, self._in_use = inside, in_use
        self.toggled.connect(self.show_inside)
        self.show_inside()

    def show_inside(self) -> None:
        self.inside.setVisible(self.isChecked() or bool(self._in_use()))
        self.setIcon(icon("chevron-down" if self.isChecked() else "chevron-right", theme().muted))

    adopt_theme = show_inside


class SettingsRow(QWidget):
    """Controls that belong together. The row is unusual while a setting of those that `decide` is off its default."""

    def __init__(self, *parts: QWidget, decide: Sequence[str]) -> None:
        super().__init__()
        self.decide = decide
        column_of(*parts, spacing=_SMALL_GAP, inside=self)
        self.set_small(small=False)

    def set_small(self, *, small: bool) -> None:
        for part in self.findChildren(QWidget):
            if isinstance(part, QLabel | QLineEdit | QComboBox | QPushButton):
                restyle(part, "row", "small" if small else "usual")


class SettingsList(QWidget):
    """Lists `first`, then the unusual rows of `groups`, then a line that opens the others, under the heads of their
    groups. A row in use stays where it is."""

    def __init__(
        self,
        recipes: QWidget,
        first: Sequence[SettingsRow],
        groups: Sequence[tuple[str, Sequence[SettingsRow]]],
    ) -> None:
        super().__init__()
        self._rows = [row for _, rows in groups for row in rows]
        self._raised: tuple[SettingsRow, ...] | None = None
        self._above, inside = column_of(*first, spacing=_GAP), styled(QWidget(), "scrolled")
        self._heads: list[tuple[QWidget, Sequence[SettingsRow]]] = []
        self._homes: dict[SettingsRow, QVBoxLayout] = {}
        below = column_of(spacing=_SMALL_GAP, inside=inside)
        for title, rows in groups:
            if len(rows) > 1:
                self._heads.append((_head(title), rows))
                below.addWidget(self._heads[-1][0])
            home = column_of(spacing=_SMALL_GAP)
            self._homes |= dict.fromkeys(rows, home)
            below.addLayout(home)
        below.addStretch()
        tip = tr("Shows or hides the settings that have their default.")
        self.more = Opener("foldLine", "more_settings", tr("More settings"), tip, inside)
        line = row_of(self.more, None, margins=(DOT_ROOM - 1, 0, 0, 0))
        everything = recipes, _BELOW_RECIPE, self._above, _BELOW_RECIPE, line, inside, None
        column_of(*everything, spacing=0, margins=(_LEFT, _TOP, BESIDE, 0), inside=self)

    def sort(self, settings: Settings) -> None:
        focus = self.window().focusWidget()
        raised = tuple(row for row in self._rows if self._is_raised(row, settings, focus))
        if raised == self._raised:
            return
        self._raised = raised
        for row in self._rows:
            (self._above if row in raised else self._homes[row]).addWidget(row)
            row.set_small(small=row not in raised)
            row.show()  # the layout would only do so later
        for head, rows in self._heads:
            head.setVisible(not set(rows) <= set(raised))
        count = len(self._rows) - len(raised)
        self.more.setText(tr("1 more setting") if count == 1 else tr("{count} more settings", count=count))
        self.more.setAccessibleName(self.more.text())
        self.more.setVisible(count > 0)

    def _is_raised(self, row: SettingsRow, settings: Settings, focus: QWidget | None) -> bool:
        if self._raised is not None and focus is not None and row.isAncestorOf(focus):
            return row in self._raised
        return any(getattr(settings, name) != SETTINGS[name].default for name in row.decide)


def _head(title: str) -> QWidget:
    head, rule = QWidget(), styled(QFrame(), "rule")
    rule.setFixedHeight(1)
    row_of(label("settingsHead", title), (rule, 1), spacing=10, margins=(DOT_ROOM, 0, 0, 0), inside=head)
    return head
