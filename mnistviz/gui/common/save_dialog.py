"""The dialog that asks where to save a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QFileDialog, QLineEdit, QToolTip, QWidget


def save_dialog(
    parent: QWidget,
    title: str,
    folder: str,
    file: str,
    filters: Mapping[str, str],
    save: Callable[[str], object],
) -> QFileDialog:
    """Return a dialog that suggests `file` and is deleted when it closes; `save` gets the chosen path.

    Names without a suffix get that of `file`, or of the chosen filter. Double quotes are rejected, with a hint: Qt's
    own dialog would save `my "best" run` as `best`.
    """
    dialog = QFileDialog(parent, title, folder)
    dialog.setObjectName("file_dialog")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(filters))
    dialog.setDefaultSuffix(Path(file).suffix[1:])
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(filters[chosen]))
    dialog.fileSelected.connect(save)
    dialog.selectFile(file)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    if isinstance(field, QLineEdit):  # absent in the system's own dialog
        field.setText(field.text().replace('"', "'"))
        field.setValidator(QRegularExpressionValidator(QRegularExpression('[^"]*'), field))
        why = QCoreApplication.translate("SaveDialog", "A name can't hold a double quote here.")
        field.inputRejected.connect(
            lambda: QToolTip.showText(field.mapToGlobal(field.rect().bottomLeft()), why, field)
        )
    return dialog
