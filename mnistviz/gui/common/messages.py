"""Messages to the user, which never block the window: what happened, why, and what to do; and where to save a file."""

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Final

from PySide6.QtCore import QDir, QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QMessageBox, QToolTip, QWidget

from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.texts import tr

_BUTTONS: Final = 90  # pixels: what a window's frame has beside its title, without the icon in the box


def message(parent: QWidget, title: str, text: str, *, fault: bool = False) -> QMessageBox:
    """Return a message box that is deleted when it closes; the caller calls `open()`. A `fault` has its own icon."""
    box = QMessageBox(parent, text=f"<b>{title}</b>", textFormat=Qt.TextFormat.RichText)
    box.setObjectName("message")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    colours = parent.palette()
    colour = (colours.brightText() if fault else colours.highlight()).color().name()
    box.setIconPixmap(icon("error" if fault else "info", colour).pixmap(32, 32))
    box.setWindowTitle(title)
    box.setInformativeText(escape(text, quote=False))  # a name in it may contain anything
    if label := box.findChild(QLabel, "qt_msgbox_label"):  # the title fits beside the buttons of the frame
        label.setMinimumWidth(box.fontMetrics().horizontalAdvance(f"{title} — mnistviz") + _BUTTONS)
    return box


def tell(parent: QWidget, title: str, text: str) -> None:
    message(parent, title, text, fault=True).open()


def report_fault(parent: QWidget, details: str) -> None:
    if parent.findChild(QMessageBox, "fault") is None:
        title = tr("Something went wrong")
        text = tr(
            "The program continues, but something may look wrong until you begin a new run. The log "
            "file, in the Help menu, has the details."
        )
        box = message(parent, title, text, fault=True)
        box.setObjectName("fault")
        box.setDetailedText(details)
        box.open()


def saved_messages(path: Path) -> tuple[str, str]:
    """Return the message that a file was saved, with its folder, and a shorter one."""
    return (
        tr("Saved: {file}, in {folder}", file=path.name, folder=path.parent),
        tr("Saved: {file}", file=path.name),
    )


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
    dialog = QFileDialog(parent, title, folder, acceptMode=QFileDialog.AcceptMode.AcceptSave)
    dialog.setObjectName("file_dialog")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setNameFilters(list(filters))
    dialog.setDefaultSuffix(Path(file).suffix[1:])
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(filters[chosen]))
    dialog.fileSelected.connect(save)
    dialog.selectFile(file)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    if isinstance(field, QLineEdit):  # absent in the system's own dialog
        field.setText(field.text().replace('"', "'"))
        field.setValidator(QRegularExpressionValidator(QRegularExpression('[^"]*'), field))
        why, corner = tr("A name can't hold a double quote here."), field.rect().bottomLeft
        field.inputRejected.connect(lambda: QToolTip.showText(field.mapToGlobal(corner()), why, field))
    return dialog


def home() -> Path:
    """Return the user's home folder, or the root if there is none: `Path.home` would raise."""
    return Path(QDir.homePath())
