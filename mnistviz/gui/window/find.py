"""The palette of Find and of the help: one types some letters, chooses a line, and Enter does it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal, NamedTuple

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
    QFrame,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QMenuBar,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import colour, pen
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import keys_text, without_mnemonic
from mnistviz.gui.common.widgets import describe, search_field, translated
from mnistviz.gui.window.action_conditions import Parts
from mnistviz.gui.window.find_words import GESTURES, QUESTIONS, WANTS


@dataclass(frozen=True)
class PaletteEntry:
    """A line of the palette: its words, what they lead to, its keys, where it is in the menus, why it is off, and what
    it does, if anything."""

    text: str
    leads: str = ""
    keys: str = ""
    path: str = ""
    off: str = ""
    act: Callable[[], object] | None = None
    is_question: bool = False


def folded(text: str) -> tuple[str, list[int]]:
    """Return a text without accents and case, and the place in `text` of each of its letters."""
    letters = [
        (letter, place)
        for place, whole in enumerate(text)
        for letter in unicodedata.normalize("NFKD", whole).casefold()
        if not unicodedata.combining(letter)
    ]
    return "".join(letter for letter, _ in letters), [place for _, place in letters]


def spans(text: str, typed: str) -> list[tuple[int, int]]:
    """Return where the typed parts of words begin and end in a text, in order and apart."""
    plain, places = folded(text)
    marked = set[int]()
    for part in folded(typed)[0].split():
        if (at := _place(plain, part)) >= 0:
            marked.update(places[at : at + len(part)])
    edges = sorted({place for place in marked if place - 1 not in marked})
    return [(begin, next(end for end in range(begin, len(text) + 1) if end not in marked)) for begin in edges]


def _place(plain: str, part: str) -> int:
    """Return where a part of a word is in a folded text: rather at the beginning of a word; −1 if it is not there."""
    at = f" {plain}".find(f" {part}")
    return at if at >= 0 else plain.find(part)


def search(entries: Sequence[PaletteEntry], typed: str) -> list[PaletteEntry]:
    """Return the entries that have all typed parts in their words, keys or menus. Questions come first and what is off
    last; of each, those with the parts at the beginning of their words."""
    parts = folded(typed)[0].split()
    matches = []
    for entry in entries:
        own = folded(entry.text)[0]
        every = f"{own} {folded(f'{entry.path} {entry.keys}')[0]}"
        if all(part in every for part in parts):
            far = sum((part not in own) + (f" {part}" not in f" {every}") for part in parts)
            matches.append((bool(entry.off), not entry.is_question, far, entry))
    return [entry for *_, entry in sorted(matches, key=lambda each: each[:3])]


class Known(NamedTuple):
    """What the palette knows of the window now."""

    questions: list[PaletteEntry]
    wants: list[PaletteEntry]
    actions: list[PaletteEntry]
    keys: list[PaletteEntry]


class Finder(QObject):
    """Lists what can be done in the window, and shows it in the palette."""

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts

    def open(self, what: Literal["anything", "wants", "keys"]) -> None:
        known, window = self.known(), self._parts.window
        for other in window.findChildren(Palette):
            other.close()
        title, first, every = {
            "anything": (
                self.tr("Find an action or a question"),
                known.questions,
                [*known.questions, *known.actions],
            ),
            "wants": (self.tr("I want to …"), known.wants, [*known.wants, *known.questions, *known.keys]),
            "keys": (self.tr("Search keys and gestures"), known.keys, known.keys),
        }[what]
        Palette(title, first, every, self._parts.look.theme, window).open()

    def known(self) -> Known:
        parts, by_name = self._parts, dict[str, PaletteEntry]()
        actions = list[PaletteEntry]()
        for menu in parts.window.findChildren(QMenuBar):
            for action, path in _in_menus(menu, ()):
                if action.objectName() or action.isEnabled():
                    entry = self._entry(action, path)
                    actions.append(entry)
                    by_name.setdefault(action.objectName(), entry)
        questions = []
        for text, leads, act, need in QUESTIONS:
            of = (
                by_name.get(act, PaletteEntry(""))
                if isinstance(act, str)
                else PaletteEntry("", act=partial(act, parts))
            )
            off = of.off if need is None or need.is_met(parts.lab.shown, parts) else translated(need.why)
            questions.append(
                PaletteEntry(translated(text), translated(leads), off=off, act=of.act, is_question=True)
            )
        wants = [replace(by_name[name], text=translated(text)) for text, name in WANTS if name in by_name]
        named = {"shift_left": "Shift+Left", "shift_right": "Shift+Right"}
        shortcuts = {name: keys_text(keys) for name, keys in named.items()}
        keys = [entry for entry in actions if entry.keys] + [
            PaletteEntry(translated(does), translated(gesture).format(**shortcuts), path=translated(where))
            for where, gestures in GESTURES
            for gesture, does in gestures
        ]
        return Known(questions, wants, actions, keys)

    def _entry(self, action: QAction, path: tuple[str, ...]) -> PaletteEntry:
        """Return the entry of an action. One that is hidden with the lab is done in the lab."""
        parts, (text, _, leads) = self._parts, without_mnemonic(action.text()).partition("\t")
        off, act = "", action.trigger
        if not action.isVisible():
            if parts.workspaces.in_ideas:
                act = partial(self._do_in_lab, action)
            else:
                off = self.tr("only in Ideas")
        elif not action.isEnabled():
            off = parts.book.reason(action, parts.lab.shown) or self.tr("not now")
        menus = " › ".join(path)
        return PaletteEntry(text, leads or menus, keys_text(action.shortcut()), menus, off, act)

    def _do_in_lab(self, action: QAction) -> None:
        self._parts.lab.chosen.choose("window", workspace="lab")
        action.trigger()


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


class Palette(QFrame):
    """A popup with a field and the lines that have what is typed. It is deleted when it closes."""

    def __init__(
        self,
        title: str,
        first: Sequence[PaletteEntry],
        every: Sequence[PaletteEntry],
        theme: Theme,
        window: QWidget,
    ) -> None:
        """Show `first` until something is typed; that is searched in `every`."""
        super().__init__(window, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # the closing click has no other effect
        styled(self, "explanation", "palette")
        self.setAccessibleName(title)
        self._window, self._first, self._every = window, first, every
        tip = self.tr("Type parts of words, in any order. Up and Down choose, Enter does it, Escape closes.")
        self.field = search_field("find_field", title, tip, self._search)
        self.field.setProperty("role", "findField")
        self.field.addAction(icon("search", theme.muted), self.field.ActionPosition.LeadingPosition)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setProperty("role", "findList")
        describe(self.list, "find_list", self.tr("What was found"), self.tr("Enter or a click does it."))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(_Row(theme, self.field.text, self.list))
        self.list.itemClicked.connect(self._do)
        self.list.currentItemChanged.connect(self._on_current)
        self._counts, keys = label("smallPrint", name="find_counts"), label("smallPrint", name="find_keys")
        keys.setText(self.tr("↑ ↓ choose · Enter does it · Esc closes"))
        foot = row_of((self._counts, 1), keys, spacing=12, margins=(10, 8, 10, 8))
        parts = self.field, 8, self.list, foot
        self._column = column_of(*parts, spacing=0, margins=(8, 8, 8, 2), inside=self)
        self._search("")

    def open(self) -> None:
        window = self._window
        self.setFixedWidth(min(WIDTH, window.width() - 16))
        self.move(
            window.mapToGlobal(QPoint((window.width() - self.width()) // 2, min(TOP, window.height() // 5)))
        )
        self._fit()
        self.show()
        self.field.setFocus()

    def _search(self, typed: str) -> None:
        matches = search(self._every, typed) if typed.strip() else self._first
        self.list.clear()
        for entry in matches:
            item = QListWidgetItem(entry.text, self.list)
            item.setData(_ENTRY, entry)
            off = self.tr("off: {why}").format(why=entry.off) if entry.off else ""
            parts = filter(None, (entry.text, entry.keys, off or entry.leads))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, self.tr(", ").join(parts))
        self.list.setCurrentRow(0)
        questions = sum(entry.is_question for entry in matches)
        counts = self.tr("Questions: {questions} · Actions: {actions}") if typed.strip() else ""
        if not matches:
            counts = self.tr("Nothing has these words.")
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
    """Paints a line: a sign, its words with what was typed in bold, and at the right its keys, or what it leads to, or
    why it is off."""

    def __init__(self, theme: Theme, typed: Callable[[], str], parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._typed = theme, typed

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, max(ROW, 2 * option.fontMetrics.height()))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: PaletteEntry = index.data(_ENTRY)
        theme, room = self._theme, QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.setBrush(colour(theme.accent_soft))
            painter.drawRoundedRect(room, 4, 4)
        self._paint_sign(painter, room, entry, option.font, chosen=chosen)
        room.adjust(40, 0, -11, 0)
        room.setRight(self._paint_right(painter, room, entry, option.font) - 12)
        self._paint_words(painter, room, entry, option.font)
        painter.restore()

    def _paint_sign(
        self, painter: QPainter, room: QRectF, entry: PaletteEntry, font: QFont, *, chosen: bool
    ) -> None:
        theme, disc = self._theme, QRectF(room.left() + 9, room.center().y() - 10, 20, 20)
        painter.setBrush(
            colour(theme.card if chosen else theme.accent_soft if entry.is_question else theme.field)
        )
        painter.drawEllipse(disc)
        bold = QFont(font)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(
            colour(theme.accent if entry.is_question else theme.muted if entry.off else theme.text)
        )
        draw_text(painter, disc, Qt.AlignmentFlag.AlignCenter, "?" if entry.is_question else "›")

    def _paint_right(self, painter: QPainter, room: QRectF, entry: PaletteEntry, font: QFont) -> float:
        """Paint what is at the right, and return where it begins."""
        theme, right = self._theme, room.right()
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        if entry.keys and not entry.off:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for key in reversed(_caps(entry.keys)):
                wide = max(KEY, metrics.horizontalAdvance(key) + 12)
                cap = QRectF(right - wide, room.center().y() - KEY / 2, wide, KEY)
                painter.setPen(pen(theme.edge))
                painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
                painter.setPen(colour(theme.text))
                draw_text(painter, cap, Qt.AlignmentFlag.AlignCenter, key)
                right = cap.left() - 4
            return right
        words = self.tr("off: {why}").format(why=entry.off) if entry.off else entry.leads
        wide = min(metrics.horizontalAdvance(words) + 2, 0.6 * room.width())
        place = QRectF(right - wide, room.top(), wide, room.height())
        painter.setPen(colour(theme.muted))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        draw_text(painter, place, flags, words, elide=Qt.TextElideMode.ElideRight)
        return place.left()

    def _paint_words(self, painter: QPainter, room: QRectF, entry: PaletteEntry, font: QFont) -> None:
        theme, bold = self._theme, QFont(font)
        bold.setBold(True)
        parts, at = list[tuple[str, bool]](), 0
        for begin, end in spans(entry.text, self._typed()):
            parts += [(entry.text[at:begin], False), (entry.text[begin:end], True)]
            at = end
        for text, typed in (*parts, (entry.text[at:], False)):
            painter.setFont(bold if typed else font)
            hue = theme.muted if entry.off else theme.accent if typed else theme.text
            painter.setPen(colour(hue))
            wide = min(QFontMetricsF(painter.font()).horizontalAdvance(text), room.width())
            place = QRectF(room.left(), room.top(), wide, room.height())
            if text and wide > 0:
                draw_text(
                    painter, place, Qt.AlignmentFlag.AlignVCenter, text, elide=Qt.TextElideMode.ElideRight
                )
                room.setLeft(place.right())


def _caps(keys: str) -> list[str]:
    """Return each key of a shortcut: "Ctrl" and "K" of "Ctrl+K"."""
    return re.split(r"\+(?=.)", keys)
