"""A group of the panel: controls, one for each of its settings, below a heading or a line that folds them away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mnistviz.engine.settings import SETTINGS, Group
from mnistviz.gui.common import setting_names
from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.settings.choice_control import ChoiceControl
from mnistviz.gui.settings.number_field import NumberField
from mnistviz.gui.settings.setting_control import SettingControl

ROW_SPACING = 3  # pixels


class SettingsGroup(QWidget):
    """Makes its controls from what is declared of the settings, and keeps them by the settings' names."""

    edited = Signal(str)  # by the user; the name of the setting

    def __init__(self, head: QWidget, group: Group, about: str = "{what}") -> None:
        """`about` is what every control says when asked, with a place for `what` its setting is."""
        super().__init__()
        self.setObjectName(f"{group}_group")
        self._group, self._about = group, about
        self.controls: dict[str, SettingControl] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(ROW_SPACING)
        column.addWidget(head)
        self._inside = QWidget()
        self._inside.setProperty("role", "scrolled")
        column.addWidget(self._inside)
        self.body = QVBoxLayout(self._inside)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(ROW_SPACING)

    def _number(self, field: str) -> NumberField:
        """A field for a number."""
        setting, label = SETTINGS[field], setting_names.label(field)
        scale = None if setting.usual is None else Scale.of(setting)
        whole = setting.kind is int
        control = NumberField(label, field, setting.bounds, setting.default, whole=whole, scale=scale)
        self._explain(field, control)
        return control

    def _choice(self, field: str) -> ChoiceControl:
        """A list of all values of that setting."""
        label, names = setting_names.label(field), setting_names.choices(field)
        control = ChoiceControl(label, field, names, SETTINGS[field].default)
        self._explain(field, control)
        return control

    def _others(self) -> None:
        """Controls for the settings of the group that have none yet."""
        for field, setting in SETTINGS.items():
            if setting.group == self._group and field not in self.controls:
                if setting.choices:
                    self._choice(field)
                else:
                    self._number(field)

    def _explain(self, field: str, control: SettingControl, keys: str = "") -> None:
        control.explain(self._about.format(what=setting_names.tip(field)), keys)
        self._adopt(field, control)

    def _adopt(self, field: str, control: SettingControl) -> None:
        """Takes a control in; one that stands elsewhere has its place already."""
        control.changed.connect(self.edited)
        self.controls[field] = control
        if control.parentWidget() is None:
            self.body.addWidget(control)


class GroupHeading(QWidget):
    """The name of a group, and when what is set in it takes effect."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title, self.note = QLabel(title), QLabel()
        self.title.setProperty("role", "cardTitle")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.addWidget(self.title, 1)
        row.addWidget(self.note)


class FoldLine(QPushButton):
    """A line that folds a group away or opens it, with what is set in it at its right end."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__(title)
        self._title = title
        self.setProperty("role", "foldLine")
        self.setCheckable(True)
        self.setIconSize(QSize(12, 12))
        describe(self, f"{name}_fold", title, self.tr("Opens this group of settings, or folds it away."))
        self.state = QLabel()
        self.state.setProperty("role", "quietText")
        self.state.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.state, 0, Qt.AlignmentFlag.AlignRight)

    def show_state(self, text: str) -> None:
        """Says in words what is set."""
        if text != self.state.text():
            self.state.setText(text)
            self.setAccessibleName(f"{self._title}: {text}")
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + 8 + self.state.sizeHint().width(), hint.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class FoldedGroup(SettingsGroup):
    """A group that is one line until a click opens it."""

    def __init__(self, title: str, group: Group, about: str = "{what}") -> None:
        self.fold = FoldLine(title, f"{group}_group")
        super().__init__(self.fold, group, about)
        self.body.setContentsMargins(14, 0, 0, 4)
        self.fold.toggled.connect(self._toggled)
        self._theme: Theme | None = None

    def collapsed(self) -> bool:
        return not self.fold.isChecked()

    def set_collapsed(self, collapsed: bool) -> None:
        self.fold.setChecked(not collapsed)
        self._toggled()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._toggled()

    def _toggled(self) -> None:
        self._inside.setVisible(not self.collapsed())
        if self._theme is not None:
            name = "chevron-right" if self.collapsed() else "chevron-down"
            self.fold.setIcon(icon(name, self._theme.muted))
