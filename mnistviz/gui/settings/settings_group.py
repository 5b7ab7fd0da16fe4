"""A group of settings: a control for each, below a heading or a line that folds them away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from mnistviz.engine.settings import SETTINGS, Group, Settings
from mnistviz.gui.common import setting_names
from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.layouts import column_of, row_of, styled
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import ElidedLabel, describe
from mnistviz.gui.settings.setting_control import DOT_ROOM, ChoiceControl, NumberField, SettingControl

ROW_SPACING, LOW_ROW_SPACING = 6, 2  # pixels, in most windows and in low ones
LABEL_WIDTH = 121  # pixels from the left end of a row to its control, at least
_INDENT = 14  # pixels, of a folded group's controls
_IN_FIELD = 8  # pixels from the edge of a field to its text

Control = TypeVar("Control", bound=SettingControl)


class SettingsGroup(QWidget):
    """Creates its controls from the declared settings, and stores them by the settings' names."""

    def __init__(self, head: QWidget, group: Group, about: str = "{what}") -> None:
        super().__init__()
        self.setObjectName(f"{group}_group")
        self._group, self._about = group, about
        self.controls: dict[str, SettingControl] = {}
        self._inside = styled(QWidget(), "scrolled")
        self._column, self.body = column_of(head, self._inside, inside=self), column_of(inside=self._inside)
        self.set_low(False)

    def set_low(self, low: bool) -> None:
        for layout in (self._column, self.body):
            layout.setSpacing(LOW_ROW_SPACING if low else ROW_SPACING)

    def labels(self) -> list[QLabel]:
        return [control.label for control in self.controls.values() if self.isAncestorOf(control)]

    def show_hints(self, settings: Settings, epoch: int) -> None:
        """Show what `settings` mean, with `epoch` digits in an epoch, 0 if unknown; disable what does not fit them."""

    def _number(self, field: str) -> NumberField:
        return self._explain(field, NumberField(field))

    def _choice(self, field: str) -> ChoiceControl:
        return self._explain(field, ChoiceControl(field))

    def _others(self) -> None:
        for field, setting in SETTINGS.items():
            if setting.group == self._group and field not in self.controls:
                (self._choice if setting.choices else self._number)(field)

    def _explain(self, field: str, control: Control, keys: str = "") -> Control:
        """Add a control to the group, with its tooltip."""
        control.explain(self._about.format(what=setting_names.tip(field)), keys)
        self._adopt(field, control)
        return control

    def _adopt(self, field: str, control: SettingControl) -> None:
        """Add a control to the group, and to its layout unless it is placed elsewhere."""
        self.controls[field] = control
        if control.parentWidget() is None:
            self.body.addWidget(control)


class GroupHeading(QWidget):
    def __init__(self, title: str) -> None:
        super().__init__()
        self.title, self.note = QLabel(title), QLabel()
        self.title.setProperty("role", "cardTitle")
        row_of((self.title, 1), self.note, margins=(DOT_ROOM, 0, 0, 0), inside=self)


class FoldLine(QPushButton):
    """A line that folds or unfolds a group, with a summary of its settings where other rows have their control."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__(title)
        self._title = title
        self.setProperty("role", "foldLine")
        self.setCheckable(True)
        self.setIconSize(QSize(12, 12))
        describe(self, f"{name}_fold", title, self.tr("Shows or hides this group of settings."))
        self.state = styled(ElidedLabel(), "quietText")
        self.state.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row_of(self.state, inside=self)
        self.set_label_width(LABEL_WIDTH)

    def set_label_width(self, width: int) -> None:
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(width + _IN_FIELD, 0, 0, 0)

    def show_state(self, text: str) -> None:
        if text != self.state.text():
            self.state.setText(text)
            self.setAccessibleName(f"{self._title}: {text}")
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        layout = self.layout()
        assert layout is not None
        beside = layout.contentsMargins().left() + self.state.sizeHint().width()
        return QSize(max(hint.width(), beside), hint.height())

    def minimumSizeHint(self) -> QSize:
        return super().sizeHint()


class FoldedGroup(SettingsGroup):
    def __init__(self, title: str, group: Group, about: str = "{what}") -> None:
        self.fold = FoldLine(title, f"{group}_group")
        super().__init__(self.fold, group, about)
        self.body.setContentsMargins(0, 0, 0, 4)
        self.fold.toggled.connect(self._toggled)
        self._theme: Theme | None = None

    def _adopt(self, field: str, control: SettingControl) -> None:
        super()._adopt(field, control)
        control.label.indent_by(_INDENT)

    def show_unusual(self, settings: Settings, none: str, several: Callable[[list[str]], str]) -> None:
        """Show beside the title what differs from the defaults: `none`, one setting with its value, or `several`."""
        unusual = [field for field in self.controls if getattr(settings, field) != SETTINGS[field].default]
        names = [setting_names.short(field) for field in unusual]
        if len(names) == 1:
            value = setting_names.value(unusual[0], getattr(settings, unusual[0]))
            self.fold.show_state(self.tr("{name} {value}").format(name=names[0], value=value))
        else:
            self.fold.show_state(several(names) if names else none)

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
