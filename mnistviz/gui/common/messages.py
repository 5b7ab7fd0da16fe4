"""Messages to the user: what happened, why, and what to do. They never block the window's work."""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from mnistviz.gui.common.icons import icon


def message(parent: QWidget, title: str, text: str, *, fault: bool = False) -> QMessageBox:
    """A message box that is deleted when it closes; the caller may add to it, then calls `open()`. One that tells of a
    `fault` has the icon for that."""
    box = QMessageBox(parent)
    box.setObjectName("message")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    colours = parent.palette()
    colour = (colours.brightText() if fault else colours.highlight()).color().name()
    box.setIconPixmap(icon("error" if fault else "info", colour).pixmap(32, 32))
    box.setWindowTitle(title)
    box.setText(f"<b>{title}</b>")
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setInformativeText(escape(text, quote=False))  # a name in it may hold anything
    return box


def tell(parent: QWidget, title: str, text: str) -> None:
    """Tells of something that did not work, and goes on."""
    message(parent, title, text, fault=True).open()


def tell_fault(parent: QWidget, details: str) -> None:
    """Tells of a fault that nobody foresaw, once at a time, and goes on."""
    if parent.findChild(QMessageBox, "fault") is None:
        title = QCoreApplication.translate("messages", "Something went wrong")
        text = QCoreApplication.translate(
            "messages",
            "The program continues, but something may look wrong until you begin a new run. The log "
            "file, in the Help menu, has the details.",
        )
        box = message(parent, title, text, fault=True)
        box.setObjectName("fault")
        box.setDetailedText(details)
        box.open()


def saved_words(path: Path) -> tuple[str, str]:
    """That a file was saved, with its folder, and in fewer words."""
    return (
        QCoreApplication.translate("Messages", "Saved: {file}, in {folder}").format(
            file=path.name, folder=path.parent
        ),
        QCoreApplication.translate("Messages", "Saved: {file}").format(file=path.name),
    )
