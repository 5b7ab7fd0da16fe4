"""The open runs, a lane each: name, line, accuracy and switch; those beyond the window's height are scrolled to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QSizePolicy,
    QToolButton,
    QToolTip,
    QWidget,
)

from mnistviz.gui.common import numbers
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.icons import icon, spaced
from mnistviz.gui.common.layouts import styled
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import describe, push_button, restyle, scaled, small_font
from mnistviz.gui.common.wrapped import whole_words
from mnistviz.gui.lab.kept_runs import LONGEST_NAME
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.open_runs import MOST_OPEN
from mnistviz.gui.lab.run_names import made_name
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.runs.lane import LaneMaker, RunTexts, RunWords
from mnistviz.gui.runs.lane_menu import LaneMenu
from mnistviz.gui.runs.strip import BELOW, BORDER, LANE, Strip, room_above

_EDGE, _BADGE_AT = 4, 11  # pixels from the left edge to the selected lane's band, and to the letters
_SCROLLBAR, _TO_SCROLLBAR = 6, 8  # pixels
_TO_SHARE = 10  # pixels from the lines to the accuracy
_NAME_SHARE, _LEAST_NAME, _MOST_NAME = 0.2, 158, 214  # of the width; pixels at the usual text size
_FIELD = 220  # pixels, of the field to edit a name
_LANES_BELOW = (680, 2), (768, 3), (900, 4), (1050, 5)  # visible lanes by the window's height in pixels


def lanes_seen(window_height: int) -> int:
    """Return how many lanes are visible at most in a window of that height, with text of the usual size."""
    return next((lanes for below, lanes in _LANES_BELOW if window_height < below), MOST_OPEN)


class Lanes(Fitted, QWidget):
    pointed = Signal(object)  # the number of the run pointed at, or None
    height_changed = Signal()  # the number of lanes has changed

    def __init__(self, lab: Lab, new: QAction, time_actions: Sequence[QAction]) -> None:
        """Build the lanes, with a button for the action `new` below; their context menus end with `time_actions`."""
        super().__init__()
        styled(self, "lanes", "run_lanes")
        self.setAccessibleName(tr("Runs"))
        self.lab, self._time_actions = lab, time_actions
        self._words, self._maker = RunWords(self), LaneMaker()
        self.heads: dict[int, LaneHead] = {}  # by run number, the oldest run first
        self.tails: dict[int, LaneTail] = {}
        self._absences: Mapping[int, str] = {}
        self._renamed: int | None = None  # the number of the run being renamed
        self._selected: int | None = None
        self._most = self._allowed = MOST_OPEN  # lanes, by the room and by the height of the window
        self._band = styled(QFrame(self), "laneBand", "lane_band")
        self._band.hide()  # until there are several runs
        self.strip = Strip(lab, self)
        self.strip.run_words = self._title
        self._scrollbar = QScrollBar(Qt.Orientation.Vertical, self)
        describe(self._scrollbar, "lanes_scrollbar", tr("Other runs"), tr("Scrolls to the other runs."))
        self._scrollbar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scrolled = self._scrollbar.valueChanged
        self.scrolled.connect(self.refit)
        self._field = NameField(self, self._rename)
        words = new.iconText(), new.toolTip()
        self._new_button = push_button("newLane", "new_lane_button", *words, act=new.trigger)
        self._new_button.setParent(self)
        self._new_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        lab.listen(ChangeKind.RUNS, self.show_runs)
        self._arrange()
        self.show_runs()

    def adopt_theme(self) -> None:
        self._new_button.setIconSize(QSize(scaled(_ADD + _TO_ADD, self), scaled(_ADD, self)))
        self._new_button.setIcon(spaced(icon("add", theme().muted), _ADD, _TO_ADD))
        self._arrange()
        self.show_runs()

    def set_absences(self, absences: Mapping[int, str]) -> None:
        """Set why runs have no visible line, as codes by run number."""
        self._absences = dict(absences)
        self._write_some(self.lab.runs.open)

    @property
    def out_of_view(self) -> str:
        """The letters of the runs that one scrolls to."""
        runs = enumerate(self.lab.runs.open)
        return tr(", ").join(run.letter for place, run in runs if place not in self._visible)

    def draw(self, shown: Shown) -> None:
        if shown.number != self._selected:
            self.show_runs()
            return
        if self._new_button.isHidden() == self._begun:
            self._arrange()
        self._draw_lines(shown)
        self._write()

    def show_runs(self) -> None:
        """Show the current runs: add missing lanes and remove those of closed runs."""
        runs = [run.number for run in self.lab.runs.open]
        tails = (tail.switch for tail in self.tails.values())
        focused = any(part.hasFocus() for part in (*self.heads.values(), *tails))
        if runs != list(self.heads):
            of = self.heads, self.tails
            gone = [parts[number] for parts in of for number in parts.keys() - runs]
            self.heads = {number: self.heads.get(number) or LaneHead(self, number) for number in runs}
            self.tails = {number: self.tails.get(number) or LaneTail(self, number) for number in runs}
            if self._renamed is not None and self._renamed not in self.heads:
                self._field.hide()
                self._renamed = None
            self._selected = None
            for part in gone:  # last: moving the focus away may call this method again
                part.hide()
                part.deleteLater()
            self._arrange()
            self.pointed.emit(None)  # the mouse is over another lane now: Qt tells once it moves
        if (selected := self.lab.shown.number) != self._selected:
            self._selected = selected
            self._scroll_to_selected()
            if focused and selected in self.heads:  # its lane may be closed or scrolled away
                self.heads[selected].setFocus(Qt.FocusReason.TabFocusReason)
        self._write_some(self.lab.runs.open)
        self._draw_lines(self.lab.shown)

    def _write(self) -> None:
        self._write_some(self.lab.runs.open[self._visible.start : self._visible.stop])

    def _write_some(self, some: Sequence[RunFacts]) -> None:
        runs = self.lab.runs.open
        for run in some:
            head, tail = self.heads.get(run.number), self.tails.get(run.number)
            if head is None or tail is None:
                continue
            selected = run is self.lab.run
            absence = "" if selected else "hidden" if run.hidden else self._absences.get(run.number, "")
            words = self._words.of(run, runs, absence)
            head.show_run(words, theme().run_colour(run.hue), selected=selected, absent=bool(absence))
            tail.show_run(words, on=run.on)

    def _draw_lines(self, shown: Shown) -> None:
        run, runs = shown.run, self.lab.runs.open
        if run is None or not any(each.ready for each in runs):
            self.strip.clear()
            return
        playhead = run.digits_seen if shown.playhead is None else run.digits_at(shown.playhead)
        learns = run.playing and shown.playhead is None  # then each frame would have other checkpoints
        checkpoints = () if learns else self._maker.checkpoints(run)
        self.strip.draw(self._maker.lanes(runs, run.number), run.epoch, playhead, checkpoints)

    def _title(self, number: int) -> str:
        run = self.lab.runs.find(number)
        return "" if run is None else self._words.title(run, self.lab.runs.open)

    @property
    def _lane_height(self) -> int:
        lanes = min(len(self.heads), self._most)
        few = lanes < 2 or (lanes < _MANY and self._allowed > 2)  # where two fit, the tiles would shrink
        return max(TARGET if few else LANE, self._line)

    @property
    def _above(self) -> int:
        return room_above(self._lane_height) + BORDER

    @property
    def _line(self) -> int:
        return QFontMetrics(small_font(self)).height() + 1

    @property
    def _below(self) -> int:
        return max(BELOW, self._line + 2)

    def height_of(self, lanes: int) -> int:
        """Return the height of the widget with so many lanes, in pixels."""
        return self._above + self._lane_height * lanes + self._below

    def fit(self, height: int) -> None:
        """Adapt to the height of the window, of which the lanes have so much."""
        before = self._most, self._allowed
        self._allowed = lanes_seen(round(12 * self.window().height() / small_font(self).pixelSize()))
        self._most = max(1, min(1 + (height - self.height_of(1)) // self._lane_height, self._allowed))
        if before != (self._most, self._allowed):
            self.refit()
            self._scroll_to_selected()

    @property
    def _begun(self) -> bool:
        """Whether there is more than one run that has learned nothing."""
        runs = self.lab.runs.open
        return len(runs) > 1 or any(run.step or run.opened for run in runs)

    @property
    def _visible(self) -> range:
        first = self._scrollbar.value()
        return range(first, first + max(1, min(self._most, len(self.heads) - first)))

    def _scroll_to_selected(self) -> None:
        if self._selected in self.heads:
            self._scroll_to(list(self.heads).index(self._selected))

    def _scroll_to(self, place: int) -> None:
        seen = self._visible
        if place not in seen:
            self._scrollbar.setValue(place if place < seen.start else place - self._most + 1)
        self._arrange()

    def refit(self) -> None:
        self._arrange()
        self._write()
        self._draw_lines(self.lab.shown)

    def _arrange(self) -> None:
        high, beyond = self._lane_height, scaled(TARGET - SWITCH, self) // 2
        self._scrollbar.setRange(0, max(0, len(self.heads) - self._most))
        self._scrollbar.setPageStep(self._most)
        seen = self._visible
        height = self.height_of(len(seen))
        head = min(max(round(_NAME_SHARE * self.width()), _LEAST_NAME), _MOST_NAME)
        head = min(scaled(head, self), self.width() // 3)
        scrolls = len(self.heads) > self._most
        right = self.width() - _SCROLLBAR - _TO_SCROLLBAR
        share = QFontMetrics(small_font(self)).horizontalAdvance(numbers.percent(1.0))
        tail = share + 8 + scaled(SWITCH, self)
        self.strip.setGeometry(head, 0, max(1, right - head), height)
        self.strip.show_rows(seen, high, tail + _TO_SHARE - BORDER)
        self._scrollbar.setGeometry(self.width() - _SCROLLBAR, self._above, _SCROLLBAR, high * len(seen))
        wide = min(self._new_button.sizeHint().width(), head - _BADGE_AT)
        self._new_button.setGeometry(_BADGE_AT - 1, height - self._below, wide, self._below)
        self._new_button.setVisible(self._begun)
        self._scrollbar.setVisible(scrolls)
        for place, number in enumerate(self.heads):
            top = self._above + high * (place - seen.start)
            self.heads[number].setGeometry(_BADGE_AT - 1, top, head - _BADGE_AT, high)
            self.tails[number].setGeometry(right - tail, top, tail + beyond, high)
            self.heads[number].setVisible(place in seen)
            self.tails[number].setVisible(place in seen and self._begun)
            if number == self._selected:
                self._band.setGeometry(_EDGE, top, right, high)
                self._band.setVisible(place in seen and len(self.heads) > 1)
        self._band.lower()
        if height != self.height():
            self.setFixedHeight(height)
            self.height_changed.emit()

    def ask_name(self, number: int) -> None:
        """Show a field over the lane of a run to edit its name, unless the run has closed."""
        if (run := self.lab.runs.find(number)) is None or run.closed or number not in self.heads:
            return
        self._renamed = number
        self._scroll_to(list(self.heads).index(number))
        head, high = self.heads[number], self._field.sizeHint().height()
        top = min(max(0, head.geometry().center().y() - high // 2), max(0, self.height() - high))
        self._field.setGeometry(head.x(), top, max(_FIELD, head.width()), high)
        self._field.ask(run.name, made_name(run, self.lab.runs.open))

    def _rename(self, text: str | None) -> None:
        number, self._renamed = self._renamed, None
        if number is None:
            return
        if text is not None:
            self.lab.runs.rename(number, text)
        if number in self.heads:
            self.heads[number].setFocus(Qt.FocusReason.OtherFocusReason)

    def select(self, number: int) -> None:
        self.lab.runs.select(number)
        self._write()  # the click has unchecked the head of the selected run

    def open_menu(self, number: int, at: QPoint) -> None:
        if (run := self.lab.runs.find(number)) is not None:
            menu = LaneMenu(self.lab, run, partial(self.ask_name, number), self)
            menu.addSeparator()
            menu.addActions(self._time_actions if number == self._selected else [])
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(at)

    def move_focus(self, number: int, by: int) -> None:
        place = list(self.heads).index(number) + by
        if 0 <= place < len(self.heads):
            self._scroll_to(place)
            list(self.heads.values())[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _run_at(self, y: float) -> int | None:
        """Return the number of the run whose lane is at `y`, or of the selected run between the lanes."""
        place = self._visible.start + int((y - self._above) // self._lane_height)
        return list(self.heads)[place] if place in self._visible and self.heads else self._selected

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # so that the release comes here

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = self._run_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self.select(number)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if (number := self._run_at(event.pos().y())) is not None:
            self.open_menu(number, event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._scrollbar.isVisible():
            self._scrollbar.setValue(self._scrollbar.value() - (1 if event.angleDelta().y() > 0 else -1))
            event.accept()
        else:
            event.ignore()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.strip.minimumWidth() + _LEAST_NAME + 80, self.height())


_ADD, _TO_ADD = 12, 7  # pixels: the plus of "New run", and from it to the words
BADGE_WIDTH, BADGE_HEIGHT, TO_NAME = 16, 14, 7  # pixels
SWITCH, TARGET = 18, 24  # pixels: what is seen of a switch; what one hits
_MANY = 4  # lanes, from which on they are lower, and the menu Train has what they do


class LaneHead(Fitted, QPushButton):
    """Letter and name of a run; a click selects it."""

    def __init__(self, lanes: Lanes, number: int) -> None:
        super().__init__(lanes)
        self._lanes, self._number = lanes, number
        self.clicked.connect(lambda: lanes.select(number))
        self.setCheckable(True)
        self.setProperty("role", "lane")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._texts: RunTexts | None = None
        self._state: object = None
        self.letter, self.name = styled(QLabel(self), "laneLetter"), styled(QLabel(self), "laneName")
        self.letter.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for part in (self.letter, self.name):
            part.setTextFormat(Qt.TextFormat.PlainText)
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_run(self, texts: RunTexts, hue: str, *, selected: bool, absent: bool) -> None:
        self.setChecked(selected)
        if (state := (theme(), hue, absent)) != self._state:
            self._state = state
            inside, letter = (theme().card, hue) if absent else (hue, theme().card)
            self.letter.setStyleSheet(f"background: {inside}; color: {letter}; border: 1px solid {hue};")
        role = "chosenLaneName" if selected and len(self._lanes.heads) > 1 else "laneName"
        if self.name.property("role") != role:
            restyle(self.name, "role", role)
            self.refit()
        if texts != self._texts:
            self._texts = texts
            self.letter.setText(texts.letter)
            describe(self, f"run_{texts.letter}_lane", texts.said, texts.tip)
            self.refit()

    def refit(self) -> None:
        height = self.height()
        wide = max(BADGE_WIDTH, self.letter.fontMetrics().horizontalAdvance("W") + 4)
        high = min(max(BADGE_HEIGHT, self.letter.sizeHint().height() - 2), height)
        self.letter.setGeometry(1, (height - high) // 2, wide, high)
        left = 1 + wide + TO_NAME
        self.name.setGeometry(left, 0, max(0, self.width() - left), height)
        if self._texts is not None:
            self.name.setText(fitting(self._texts.names, self.name))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._lanes.ask_name(self._number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self._lanes.move_focus(self._number, -1 if event.key() == Qt.Key.Key_Up else 1)
            case Qt.Key.Key_Delete:
                self._lanes.lab.runs.close(self._number)
            case Qt.Key.Key_Menu:
                self._lanes.open_menu(self._number, self.mapToGlobal(self.rect().bottomLeft()))
            case _:
                super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tell which run is pointed at, by the mouse or the Tab key."""
        by_tab = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        tabbed = isinstance(event, QFocusEvent) and event.gotFocus() and event.reason() in by_tab
        if event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
            self._lanes.pointed.emit(None)
        elif event.type() == QEvent.Type.Enter or tabbed:
            self._lanes.pointed.emit(self._number)
        return super().event(event)


class LaneTail(Fitted, QWidget):
    def __init__(self, lanes: Lanes, number: int) -> None:
        super().__init__(lanes)
        self.setObjectName("lane_tail")
        self._state: object = None
        self.share = styled(QLabel(self), "laneShare")
        self.share.setTextFormat(Qt.TextFormat.PlainText)
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.switch = styled(QToolButton(self), "laneSwitch")
        self.switch.setCheckable(True)
        self.switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.switch.clicked.connect(lambda on: lanes.lab.time.switch(number, on))

    def show_run(self, texts: RunTexts, *, on: bool) -> None:
        self.share.setText(texts.share)
        self.switch.setChecked(on)
        if (state := (texts.letter, theme(), texts.waits, on)) == self._state:
            return
        self._state = state
        name = "waits" if texts.waits else "switch-on" if on else "switch-off"
        self.switch.setIcon(icon(name, theme().accent if on else theme().muted))
        tip = tr("When this is on, run {run} learns whenever the lab learns.", run=texts.letter)
        describe(self.switch, f"run_{texts.letter}_switch", tr("Run {run} on", run=texts.letter), tip)

    def refit(self) -> None:
        width, height = self.width(), self.height()
        target = scaled(TARGET, self)
        self.switch.setGeometry(width - target, 0, target, height)
        switch = scaled(SWITCH, self) + scaled(TARGET - SWITCH, self) // 2
        self.share.setGeometry(0, 0, max(0, width - switch - 8), height)


def fitting(wordings: tuple[str, ...], label: QLabel) -> str:
    """Return the first of some wordings that fits a label, or as many words of the last one as fit."""
    metrics, room = label.fontMetrics(), label.width()
    fits = (text for text in wordings if metrics.horizontalAdvance(text) <= room)
    return next(fits, whole_words(wordings[-1], metrics, room))


class NameField(QLineEdit):
    """Enter or leaving accepts the name, Escape keeps the old one. An empty name restores the generated one."""

    def __init__(self, parent: QWidget, done: Callable[[str | None], object]) -> None:
        super().__init__(parent)
        self._done = done
        self._too_long = tr("A name has {count} letters at most.", count=LONGEST_NAME)
        tip = tr("A name of up to {count} letters. Enter takes it, Escape keeps the old one.")
        describe(self, "run_name_field", tr("Name of the run"), tip.format(count=LONGEST_NAME))
        self.textEdited.connect(self._shorten)
        self.returnPressed.connect(lambda: self._finish(self.text()))
        self.hide()

    def ask(self, name: str, made: str) -> None:
        """Show the field with a name, or with the generated one as a placeholder."""
        self.setText(name)
        self.setPlaceholderText(made if len(made) <= LONGEST_NAME else "")
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _shorten(self, text: str) -> None:
        if len(text) > LONGEST_NAME:
            at = self.cursorPosition()
            self.setText(text[:LONGEST_NAME])
            self.setCursorPosition(min(at, len(self.text())))
            QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), self._too_long, self)

    def _finish(self, text: str | None) -> None:
        if not self.isHidden():
            self.hide()
            self._done(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._finish(None)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:  # its own menu
            self._finish(self.text())
