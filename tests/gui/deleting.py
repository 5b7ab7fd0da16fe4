"""What a test has closed is deleted, as the program's end would do it."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject


def delete(*objects: QObject) -> None:
    """Deletes objects of Qt, once they have done what they had put off until now: else that would hold them."""
    for each in objects:
        each.deleteLater()
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
