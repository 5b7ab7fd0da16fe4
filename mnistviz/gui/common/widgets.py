"""Small widgets and helpers that several views share."""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QActionEvent,
    QFont,
    QFontInfo,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from mnistviz.engine.problems import Problem
from mnistviz.gui.common import numbers
from mnistviz.gui.common.icons import icon, spaced
from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.common.theme import TEXT, theme
from mnistviz.gui.common.tooltips import explain, set_tooltip, without_mnemonic
from mnistviz.gui.common.wrapped import whole_words
from mnistviz.sentences import sentence

SMALLEST: Final = 12  # pixels: no text is smaller
_ICON, _ICON_GAP = 14, 4  # pixels: an icon on a button, and the extra gap to its text


class ElidedLabel(QLabel):
    """A line of plain text elided with … after a whole word, with the full text as its tooltip."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent, textFormat=Qt.TextFormat.PlainText)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("…") * 2, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        text = whole_words(self.text(), self.fontMetrics(), self.width())
        set_tooltip(self, "" if text == self.text() else self.text())
        painter, ink = QPainter(self), QPalette.ColorRole.WindowText
        self.style().drawItemText(painter, self.rect(), self.alignment(), self.palette(), True, text, ink)


class Card(QFrame):
    """A panel with a title at its upper left, a quiet note at its upper right, and a body."""

    def __init__(self, title: str, note: str = "") -> None:
        super().__init__()
        self._docked = False
        self.setProperty("role", "card")
        self.title, self.note = label("cardTitle", title), styled(ElidedLabel(note), "cardNote")
        self.header, self.body = row_of(self.title, None, self.note, spacing=8), column_of(spacing=6)
        parts = self.header, (self.body, 1)
        self._outside = column_of(*parts, spacing=6, margins=(12, 9, 12, 10), inside=self)

    def show_docked(self, docked: bool) -> None:
        """Remove its frame and its margins, within another card, or restore them."""
        self._docked = docked
        restyle(self, "role", "scrolled" if docked else "card")
        self._outside.setContentsMargins(*((0, 0, 0, 0) if docked else (12, 9, 12, 10)))


def engine_sentence(code: str, values: Mapping[str, object]) -> str:
    """Return a sentence of the engine, given as a code and values, in the user's language."""
    return sentence(code, values, translated, _number, lambda percent: numbers.percent_number(percent / 100))


def _number(value: float) -> str:
    """Return a number in full if it has few figures, since somebody has set it; else rounded, since it was measured."""
    if isinstance(value, int):
        return numbers.whole(value)
    return numbers.exact(value) if float(f"{value:.6g}") == value else numbers.rounded(value, 4)


def problem_sentence(problem: Problem) -> str:
    return engine_sentence(problem.code, problem.values)


def show_scene(view: QGraphicsView) -> QGraphicsScene:
    """Give a view a scene of items without interaction: the mouse finds none of them, and nothing scrolls.

    Whenever an item changes, all of the view is painted. If that is too slow, set `MinimalViewportUpdate`, and change
    the paths of items that shrink or move by `set_path`.
    """
    scene = QGraphicsScene(view, itemIndexMethod=QGraphicsScene.ItemIndexMethod.NoIndex)
    view.setScene(scene)
    view.setInteractive(False)
    view.setAcceptDrops(False)  # a file that is dropped is for the window
    view.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
    view.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
    view.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
    return scene


def add_items(scene: QGraphicsScene, *items: tuple[float, QGraphicsItem]) -> None:
    """Add items to a scene, each at its height above the others."""
    for z, item in items:
        item.setZValue(z)
        scene.addItem(item)


def set_path(item: QGraphicsPathItem, path: QPainterPath) -> None:
    """Set the path of an item that seldom changes. If Qt paints an item before the scene reports the change to the
    view, the item forgets its old place, which is then never repainted; so that is updated here."""
    if (scene := item.scene()) is not None and not item.path().isEmpty():
        scene.update(item.sceneBoundingRect())
    if path.isEmpty():
        item.hide()  # first: or the corner of the scene is painted, and what lies over it
    item.setPath(path)
    item.setVisible(not path.isEmpty())


def small_font(widget: QWidget) -> QFont:
    """Return the widget's font for small print: never below 12 pixels."""
    font = QFont(widget.font())
    font.setPixelSize(max(SMALLEST, round(widget.fontInfo().pixelSize() * 12 / 13)))
    return font


def scaled(pixels: int, widget: QWidget) -> int:
    """Return as many pixels as `pixels` are with text of the usual size."""
    return round(pixels * widget.fontInfo().pixelSize() / TEXT)


def least_tab(view: QWidget) -> QSize:
    """Return the minimum size of every tab below the network: a title, and a table of ten rows with a head."""
    line = view.fontMetrics().height()
    return QSize(32 * line, 2 * line + 10 * least_row(view) + 22)


def least_row(view: QWidget) -> int:
    """Return the least height of a row of figures: `SMALLEST`, or more where text is much larger than usual."""
    return max(SMALLEST, int(0.85 * small_font(view).pixelSize()))


def restyle(widget: QWidget, name: str, value: str | bool) -> None:
    """Set a property that the style sheet uses, and apply that again if the property has changed."""
    if (widget.property(name) or "") != (value or ""):
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def describe(widget: QWidget, name: str, accessible: str, tip: str, keys: str = "") -> None:
    """Set a control's object name, accessible name, What's This text, and tooltip, which ends with the keys."""
    widget.setObjectName(name)
    widget.setAccessibleName(accessible)
    explain(widget, tip, keys)


def push_button(
    role: str,
    name: str,
    text: str = "",
    tip: str = "",
    keys: str = "",
    *,
    accessible: str = "",
    checkable: bool = False,
    act: Callable[[], object] | None = None,
) -> QPushButton:
    """Return a button in the style of a `role`, which calls `act`; its accessible name is its text, or `accessible`."""
    button = styled(QPushButton(text), role)
    button.setCheckable(checkable)
    describe(button, name, accessible or text, tip, keys)
    if act is not None:
        button.clicked.connect(act)
    return button


def search_field(name: str, text: str, tip: str, find: Callable[[str], object], keys: str = "") -> QLineEdit:
    """Return a described field that calls `find` with the text while it is typed; `text` says what it is for."""
    field = QLineEdit(placeholderText=text, clearButtonEnabled=True)
    describe(field, name, text, tip, keys)
    field.textChanged.connect(find)
    return field


def new_action(
    owner: QObject,
    name: str,
    text: str,
    tip: str = "",
    keys: str = "",
    *,
    short: str = "",
    checkable: bool = False,
    act: Callable[..., object] | None = None,
) -> QAction:
    """Return a described action of `owner`, which calls `act` when it is triggered, with its checked state if `act`
    takes that; `short` is its text on a button."""
    action = QAction(text, owner, iconText=short, shortcut=QKeySequence(keys), checkable=checkable)
    action.setObjectName(name)
    explain(action, tip, keys)
    if act is not None:
        action.triggered.connect(act)
    return action


def claims(event: QEvent, *keys: int) -> bool:
    """Return True for a press of one of these keys, and accept it, or it would be a shortcut of the window."""
    override = event.type() == QEvent.Type.ShortcutOverride
    if claimed := override and isinstance(event, QKeyEvent) and event.key() in keys:
        event.accept()
    return claimed


class Popup(QFrame):
    """A frame that opens above the window; Qt closes it at Escape or a click outside."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # the closing click has no other effect
        styled(self, "explanation", name)


class EntryMenu(QMenu):
    """A menu that shows the tooltips of its entries, and accepts the keys printed beside them."""

    def __init__(self, name: str, title: str, parent: QWidget) -> None:
        super().__init__(title, parent, toolTipsVisible=True)
        self.setObjectName(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = QKeySequence(event.keyCombination())
        entry = next((each for each in self.actions() if keys in each.shortcuts() and each.isVisible()), None)
        if entry is not None:
            self.setActiveAction(entry)
            event = QKeyEvent(event.type(), Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
        super().keyPressEvent(event)

    def add(
        self,
        name: str,
        text: str,
        tip: str,
        act: Callable[[], object] | None = None,
        *,
        checked: bool | None = None,
        enabled: bool = True,
    ) -> QAction:
        """Add an entry that calls `act`; it has a tick box if it is `checked` or unchecked, and none for None."""
        action = new_action(self, name, text, tip, checkable=checked is not None, act=act)
        action.setChecked(bool(checked))
        action.setEnabled(enabled)
        self.addAction(action)
        return action


class ActionButton(QToolButton):
    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDefaultAction(action)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setObjectName(f"{action.objectName()}_button")
        self._describe()

    def actionEvent(self, event: QActionEvent) -> None:
        super().actionEvent(event)
        self._describe()

    def _describe(self) -> None:
        if (action := self.defaultAction()) is not None:
            self.setAccessibleName(without_mnemonic(action.text()))
            self.setWhatsThis(action.whatsThis() or action.toolTip())


class ActionPushButton(QPushButton):
    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._action = action
        self._icon_only = False
        self.setCheckable(action.isCheckable())
        self.setObjectName(f"{action.objectName()}_button")
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def set_icon_only(self, icon_only: bool) -> None:
        if icon_only != self._icon_only:
            self._icon_only = icon_only
            self._follow()

    def _follow(self) -> None:
        action = self._action
        self.setText("" if self._icon_only else action.iconText())
        show_beside(self, action.icon())
        self.setEnabled(action.isEnabled())
        self.setChecked(action.isChecked())
        self.setToolTip(action.toolTip())
        self.setAccessibleName(without_mnemonic(action.text()))
        self.setWhatsThis(action.whatsThis() or action.toolTip())


def set_icon(target: QAbstractButton | QAction, name: str, colour: str | None = None) -> None:
    target.setIcon(icon(name, colour or theme().text, theme().off))


def show_beside(button: QPushButton, shown: QIcon) -> None:
    """Set an icon on a button, with a gap before its text, if it has some."""
    gap = _ICON_GAP if button.text() and not shown.isNull() else 0
    scale = QFontInfo(QApplication.font()).pixelSize() / TEXT  # whatever the button's own text
    button.setIconSize(QSize(_ICON + gap, _ICON) * scale)
    button.setIcon(spaced(shown, _ICON, gap) if gap else shown)


def demi_bold(font: QFont) -> QFont:
    font = QFont(font)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def truth_legend() -> QWidget:
    """Return two words in the colours of correct and wrong predictions, each with its sign."""
    legend = styled(QWidget(), "", "truth_legend")
    words = label("rightWord", tr("✓ right")), label("wrongWord", tr("✗ wrong"))
    row_of(*words, spacing=5, inside=legend)
    return legend
