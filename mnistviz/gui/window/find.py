"""The palette of Find and of the help: one types some letters, chooses a line, and Enter does it."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QAction, QFont, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QMenu,
    QMenuBar,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mnistviz.gui.common import setting_names
from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.painted_figure import CENTRE, LEFT, bold, inked
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import keys_text, tooltip, without_mnemonic
from mnistviz.gui.common.widgets import Popup, describe, scaled, search_field
from mnistviz.gui.window.action_conditions import Parts
from mnistviz.gui.window.find_words import GESTURES, QUESTIONS, WANTS, StudentQuestion


class PaletteEntry(Struct, frozen=True):
    """A line of the palette: words, what they lead to, keys, menus, why it is off, effect, and `also` other words."""

    text: str
    leads: str = ""
    keys: str = ""
    path: str = ""
    off: str = ""
    act: Callable[[], object] | None = None
    also: str = ""
    is_question: bool = False


def folded(text: str) -> str:
    """Return a text without accents and case, of the same length."""
    letters = unicodedata.normalize("NFC", text)
    return "".join(unicodedata.normalize("NFKD", letter)[0].casefold()[0] for letter in letters)


def spans(text: str, typed: str) -> list[tuple[int, int]]:
    """Return where the typed parts of words begin and end in a text."""
    parts = sorted(folded(typed).split(), key=len, reverse=True)
    return [match.span() for match in re.finditer("|".join(map(re.escape, parts)) or "$^", folded(text))]


def search(entries: Sequence[PaletteEntry], typed: str) -> list[PaletteEntry]:
    """Return the entries that have all typed parts in their words, keys or menus, and then those with other words for
    them. Questions come first and what is off last; of each, those that begin with a part, and have the others at the
    beginning of their words, are first."""

    def rank(entry: PaletteEntry) -> tuple[bool, bool, bool, int] | None:
        own, menus = folded(entry.text), folded(f" {entry.path} {entry.keys}")
        if not all(part in own + menus + folded(entry.also) for part in parts):
            return None
        far = sum((part not in own) + (f" {part}" not in f" {own}{menus}") for part in parts)
        named, first = all(part in own + menus for part in parts), own.startswith(tuple(parts))
        return not named, bool(entry.off), not entry.is_question, 2 * far + (not first)

    parts = folded(typed).split()
    ranked = [(each, entry) for entry in entries if (each := rank(entry)) is not None]
    return [entry for _, entry in sorted(ranked, key=lambda each: each[0])]


class Finder(QObject):
    """Lists what can be done in the window, and shows it in the palette."""

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts

    def open(self, what: Literal["anything", "wants", "keys"]) -> None:
        parts = self._parts
        menus = [each for menu in parts.window.findChildren(QMenuBar) for each in _in_menus(menu, ())]
        named = [(action, path) for action, path in menus if action.objectName() or action.isEnabled()]
        actions = [self._entry(action, path) for action, path in named]
        by_name = {action.objectName(): entry for (action, _), entry in zip(named, actions, strict=True)}
        questions = [self._question(each, by_name) for each in QUESTIONS]
        shortcuts = {"shift_left": keys_text("Shift+Left"), "shift_right": keys_text("Shift+Right")}
        gestures = [
            PaletteEntry(
                tr("{where}: {does}", where=translated(where), does=translated(does)),
                translated(gesture, **shortcuts),
            )
            for where, each in GESTURES
            for gesture, does in each
        ]
        settings = [
            PaletteEntry(setting_names.label(name), setting_names.tip(name), act=partial(self._go_to, name))
            for name in parts.controls.by_name
        ]
        if what == "anything":
            title, first, every = tr("Find anything"), questions, [*questions, *actions, *settings]
        elif what == "wants":
            first = [replace(by_name[name], text=translated(text)) for text, name in WANTS if name in by_name]
            title, every = tr("I want to …"), [*first, *questions, *actions, *gestures]
        else:
            first = every = [*(entry for entry in actions if entry.keys), *gestures]
            title = tr("Search keys and gestures")
        for other in parts.window.findChildren(Palette):
            other.close()
        Palette(title, first, every, parts.window).open()

    def _question(self, asked: StudentQuestion, by_name: Mapping[str, PaletteEntry]) -> PaletteEntry:
        text, leads, act, need, also = asked
        words = PaletteEntry(translated(text), translated(leads), also=translated(also), is_question=True)
        parts = self._parts
        if isinstance(act, str):
            return replace(words, off=by_name[act].off, act=by_name[act].act)
        off = "" if need is None or need.is_met(parts.lab.shown, parts) else translated(need.why)
        return replace(words, off=off, act=partial(act, parts))

    def _entry(self, action: QAction, path: tuple[str, ...]) -> PaletteEntry:
        """Return the entry of an action. One that is hidden with the lab is done in the lab."""
        parts, (text, _, leads) = self._parts, without_mnemonic(action.text()).partition("\t")
        off, act = "", action.trigger
        if not action.isVisible():
            if parts.workspaces.in_ideas:
                act = partial(self._do_in_lab, action)
            else:
                off = tr("only in Ideas")
        elif not action.isEnabled():
            off = parts.book.reason(action, parts.lab.shown) or tr("not now")
        menus = " › ".join(path)
        wants = [translated(want) for want, name in WANTS if name == action.objectName()]
        also = " ".join((action.whatsThis(), *wants))
        return PaletteEntry(text, leads or menus, keys_text(action.shortcut()), menus, off, act, also)

    def _do_in_lab(self, action: QAction) -> None:
        self._parts.lab.chosen.choose("window", workspace="lab")
        action.trigger()

    def _go_to(self, setting: str) -> None:
        self._parts.lab.chosen.choose("window", workspace="lab")
        for action, on in (("enlarge", False), ("show_controls", True)):
            self._parts.book[action].setChecked(on)
        self._parts.controls.go_to(setting)


def _in_menus(menu: QMenu | QMenuBar, path: tuple[str, ...]) -> Iterator[tuple[QAction, tuple[str, ...]]]:
    if isinstance(menu, QMenu):
        menu.aboutToShow.emit()  # some are only filled then
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _in_menus(inner, (*path, without_mnemonic(inner.title())))
        elif not action.isSeparator():
            yield action, path


WIDTH, TOP, ROW, KEY = 600, 112, 40, 22  # pixels
MOST_ROWS: Final = 8  # seen at once
_ENTRY: Final = Qt.ItemDataRole.UserRole


class Palette(Popup):
    """A popup with a field and the lines that have what is typed. It is deleted when it closes."""

    def __init__(
        self, title: str, first: Sequence[PaletteEntry], every: Sequence[PaletteEntry], window: QWidget
    ) -> None:
        """Show `first` until something is typed; that is searched in `every`."""
        super().__init__("palette", window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(title)
        self._window, self._first, self._every = window, first, every
        tip = tr("Type parts of words, in any order. Up and Down choose, Enter does it, Escape closes.")
        self.field = styled(search_field("find_field", title, tip, self._search), "findField")
        self.field.addAction(icon("search", theme().muted), self.field.ActionPosition.LeadingPosition)
        self.field.installEventFilter(self)
        self.list = styled(QListWidget(), "findList")
        describe(self.list, "find_list", tr("What was found"), tr("Enter or a click does it."))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(_Row(self.field.text, self.list))
        self.list.itemClicked.connect(self._do)
        self.list.currentItemChanged.connect(self._on_current)
        self._counts, keys = label("smallPrint", name="find_counts"), label("smallPrint", name="find_keys")
        keys.setText(tr("↑ ↓ choose · Enter does it · Esc closes"))
        foot = row_of((self._counts, 1), keys, spacing=12, margins=(10, 8, 10, 8))
        parts = self.field, 8, self.list, foot
        self._column = column_of(*parts, spacing=0, margins=(8, 8, 8, 2), inside=self)
        self._search("")

    def open(self) -> None:
        window = self._window
        self.setFixedWidth(min(scaled(WIDTH, self), window.width() - 16))
        corner = QPoint((window.width() - self.width()) // 2, min(TOP, window.height() // 5))
        self.move(window.mapToGlobal(corner))
        self._fit()
        self.show()
        self.field.setFocus()

    def _search(self, typed: str) -> None:
        matches = search(self._every, typed) if typed.strip() else self._first
        self.list.clear()
        for entry in matches:
            item = QListWidgetItem(entry.text, self.list)
            item.setData(_ENTRY, entry)
            off = tr("off: {why}", why=entry.off) if entry.off else ""
            parts = filter(None, (entry.text, entry.keys, off or entry.leads))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words := tr(", ").join(parts))
            item.setToolTip(tooltip(words))
        self.list.setCurrentRow(0)
        questions = sum(entry.is_question for entry in matches)
        counts = tr("Questions: {questions} · Actions: {actions}") if typed.strip() else ""
        if not matches:
            counts = tr("Nothing has these words.")
        self._counts.setText(counts.format(questions=questions, actions=len(matches) - questions))
        self._fit()

    def _fit(self) -> None:
        """Take the height of the lines, which the style knows once it is polished."""
        row = self.list.sizeHintForRow(0) if self.list.count() else 0
        self.list.setFixedHeight(min(self.list.count(), MOST_ROWS) * row)
        self._column.activate()
        self.setFixedHeight(self._column.sizeHint().height())

    def _on_current(self, item: QListWidgetItem | None) -> None:
        """Let a screen reader, which is in the field, hear the chosen line."""
        self.field.setAccessibleDescription(item.data(Qt.ItemDataRole.AccessibleTextRole) if item else "")

    def _do(self, item: QListWidgetItem | None) -> None:
        entry: PaletteEntry | None = item.data(_ENTRY) if item is not None else None
        if entry is not None and entry.act is not None and not entry.off:
            self.close()
            QTimer.singleShot(0, self._window, entry.act)  # once the window has the focus again

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key, row, last = event.key(), self.list.currentRow(), self.list.count() - 1
        by = {
            Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -MOST_ROWS, Qt.Key.Key_PageDown: MOST_ROWS,
        }  # fmt: skip
        if key in by:
            self.list.setCurrentRow(max(0, min(last, row + by[Qt.Key(key)])))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do(self.list.currentItem())
        elif key == Qt.Key.Key_Escape:
            self.close()
        else:
            return False
        return True


class _Row(QStyledItemDelegate):
    """Paints a line: a sign, its words with typed ones in bold, and its keys, what it leads to, or why it is off."""

    def __init__(self, typed: Callable[[], str], parent: QObject) -> None:
        super().__init__(parent)
        self._typed = typed

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, max(ROW, 2 * option.fontMetrics.height()))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry, room = index.data(_ENTRY), QRectF(option.rect)
        plain, heavy = option.font, bold(option.font)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen := bool(option.state & QStyle.StateFlag.State_Selected):
            inked(painter, fill=theme().accent_soft).drawRoundedRect(room, 4, 4)
        disc = QRectF(room.left() + 9, room.center().y() - 10, 20, 20)
        ground = theme().card if chosen else theme().accent_soft if entry.is_question else theme().field
        inked(painter, fill=ground).drawEllipse(disc)
        ink, accent = (theme().muted,) * 2 if entry.off else (theme().text, theme().accent)
        sign, hue = ("?", theme().accent) if entry.is_question else ("›" if entry.act else "·", ink)
        _write(painter, disc, sign, heavy, hue, CENTRE)
        room.adjust(40, 0, -11, 0)
        room.setRight(self._paint_right(painter, room, entry, plain) - 12)
        at = 0
        for begin, end in (*spans(entry.text, self._typed()), (len(entry.text),) * 2):
            _write(painter, room, entry.text[at:begin], plain, ink)
            _write(painter, room, entry.text[begin:end], heavy, accent)
            at = end
        painter.restore()

    def _paint_right(self, painter: QPainter, room: QRectF, entry: PaletteEntry, font: QFont) -> float:
        """Paint the keys, or else what it leads to or why it is off, and return where that begins."""
        metrics, right = QFontMetricsF(font), room.right()
        if entry.off or not entry.keys:
            words = tr("off: {why}", why=entry.off) if entry.off else entry.leads
            wide = min(metrics.horizontalAdvance(words) + 2, 0.6 * room.width())
            place = QRectF(right - wide, room.top(), wide, room.height())
            _write(painter, place, words, font, theme().muted)
            return right - wide
        for key in reversed(re.split(r"\+(?=.)", entry.keys)):
            wide = max(KEY, metrics.horizontalAdvance(key) + 12)
            cap = QRectF(right - wide, room.center().y() - KEY / 2, wide, KEY)
            inked(painter, theme().edge).drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            _write(painter, QRectF(cap), key, font, theme().text, CENTRE)
            right -= wide + 4
        return right


def _write(
    painter: QPainter, room: QRectF, text: str, font: QFont, hue: str, where: Qt.AlignmentFlag = LEFT
) -> None:
    """Paint a text, and take its place away from `room`, where the next one begins."""
    if text and room.width() > 0:
        painter.setFont(font)
        draw_text(painter, room, where, text, ink=hue, elide=Qt.TextElideMode.ElideRight)
        room.setLeft(room.left() + QFontMetricsF(font).horizontalAdvance(text))
