"""A field that shows a place of a run, a mini-batch or an epoch, and accepts another."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from mnistviz.gui.common import numbers, position_entry
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import styled
from mnistviz.gui.common.position_entry import Refused
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.widgets import describe, restyle
from mnistviz.gui.common.wrapped import WrappedLabel

INSIDE = 18  # pixels: frame and margins of a field
_ABOVE_WIDTH, _WIDTH = 270, 260  # pixels of an error above and below its field
_GAP, _SIDE = 4, 4  # pixels, between the field and its error, and from the edge of the window at least


class FieldError(WrappedLabel):
    """A sentence on top of other widgets, beside a field that it follows: nothing moves, so a click hits its target."""

    def __init__(self, owner: QWidget | None, name: str = "", *, above: bool = False) -> None:
        """Create the label as a child of `owner`; it is shown in the window of the field."""
        super().__init__(parent=owner)
        self._field: QWidget | None = None
        self._above = above
        styled(self, "overlay", name)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_error(self, field: QWidget, why: str) -> None:
        """Show why the text of this field is invalid; an empty sentence hides the error."""
        if not (why or self.text()):
            return
        self._watch(False)
        self._field = field
        self.setText(why)
        self.hide()
        if why:
            self._watch(True)
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the field when it or a parent is moved, scrolled or resized."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._place()
        return False

    def _watch(self, watches: bool) -> None:
        around = self._field
        while around is not None:
            around.removeEventFilter(self)
            if watches:
                around.installEventFilter(self)
            around = None if around.isWindow() else around.parentWidget()

    def _place(self) -> None:
        field = self._field
        assert field is not None
        window = field.window()
        if self.parent() is not window:
            self.setParent(window)
        self.setVisible(not field.visibleRegion().isEmpty())  # the field may be scrolled out of view
        wide = _ABOVE_WIDTH if self._above else _WIDTH
        self.setFixedWidth(wide)
        self.resize(wide, self.heightForWidth(wide))
        below = -_GAP - self.height() if self._above else field.height() + _GAP
        corner = field.mapTo(window, QPoint(field.width(), below))
        self.move(max(_SIDE, corner.x() - wide), corner.y())
        self.raise_()


class PlaceField(Fitted, QLineEdit):
    """A field that shows the longest text on a place that fits. While the user types, it is not overwritten."""

    refused = Signal(str)  # the reason why the text is invalid

    def __init__(
        self,
        run: Callable[[], position_entry.RunPosition | None],
        go: Callable[[int], object],
        name: str,
        words: str,
        tip: str,
    ) -> None:
        """`run` returns what is needed to parse a place, or None before there is a run; `go` gets the typed step.
        `name` begins the object name; `words` is the accessible name."""
        super().__init__()
        self._run, self._go = run, go
        self._wordings: Sequence[str] = ("",)
        self._error = FieldError(None, f"{name}_error", above=True)
        describe(self, f"{name}_field", words, tip)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.returnPressed.connect(self._read)
        self.textEdited.connect(lambda: self._refuse(""))

    def show_place(self, wordings: Sequence[str]) -> None:
        self._wordings = wordings
        self.setAccessibleDescription(wordings[0])
        self.refit()

    def refit(self) -> None:
        text = self._fitting()
        if not self.isModified() and text != self.text():
            selected = self.hasSelectedText()
            self.setText(text)
            self.setCursorPosition(0)
            if selected and self.hasFocus():
                self.selectAll()

    def _fitting(self) -> str:
        metrics, room = self.fontMetrics(), self.width() - INSIDE
        fits = (text for text in self._wordings if metrics.horizontalAdvance(text) <= room)
        return next(fits, self._wordings[-1])

    def _read(self) -> None:
        if (run := self._run()) is None or not self.isModified():
            return
        try:
            step = position_entry.read(self.text(), run, {tr("epoch"), tr("epochs"), "epochs"})
        except Refused as refused:
            self._refuse(why := self._reason(refused, run))
            self.refused.emit(why)
            self.selectAll()
            return
        self._restore()
        self._go(step)

    def _reason(self, refused: Refused, run: position_entry.RunPosition) -> str:
        if refused.why == "unreadable":
            return tr("The run has no such place. Type a mini-batch, such as 20104, +500 or -1, or epoch 3.")
        if refused.why == "before":
            return tr("Nothing comes before the first mini-batch.")
        epochs = numbers.epochs(run.epochs)
        return tr("The run ends at mini-batch {end}, epoch {epochs}.", end=run.end, epochs=epochs)

    def _restore(self) -> None:
        self.setModified(False)
        self._refuse("")
        self.refit()
        self.selectAll()

    def _refuse(self, why: str) -> None:
        restyle(self, "invalid", bool(why))
        self._error.show_error(self, why)

    @property
    def error(self) -> str:
        return self._error.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.isModified() or self._error.text():
                self._restore()
                return
            self.clearFocus()  # letters are shortcuts of the window again
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._restore()
            self.deselect()

    def mouseReleaseEvent(self, event: object) -> None:
        super().mouseReleaseEvent(event)  # type: ignore[arg-type]
        if not self.isModified() and not self.hasSelectedText():
            self.selectAll()
