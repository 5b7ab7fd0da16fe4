"""The chips: all open runs in one row, from two runs on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.run_names import made_name
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.runs.chip import LEVELS, Chip
from mnistviz.gui.runs.chip_menu import ChipMenu, ColourMenu
from mnistviz.gui.runs.name_field import NameField
from mnistviz.gui.runs.run_words import RunWords

FIGURES_STAY = 250  # milliseconds: nobody reads faster
_BETWEEN = 6  # pixels
_FIELD = 220  # pixels, of a name that is typed


class RunChips(QWidget):
    """All chips have as many words as there is room for, the selected one the most."""

    pointed = Signal(object)  # the number of a run that is pointed at, or None
    shown_changed = Signal()  # there are chips now, or no longer

    def __init__(self, theme: Theme, lab: Lab, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run_chips")
        self.setAccessibleName(self.tr("Runs"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._theme, self._lab = theme, lab
        self._words = RunWords(self)
        self._chips: dict[int, Chip] = {}  # by the numbers of the runs
        self._absences: Mapping[int, str] = {}
        self._renamed: int | None = None  # the number of the run that is given a name
        self._field = NameField(self)
        self._field.done.connect(self._rename)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_BETWEEN)
        self._row.addStretch(1)
        self._pace = QTimer(self)
        self._pace.setSingleShot(True)
        self._pace.setInterval(FIGURES_STAY)
        self._pace.timeout.connect(self._catch_up)
        self._news = False
        lab.runs_changed.connect(self._show)
        lab.playhead.moved.connect(self._show)
        self.hide()
        self._show()

    # A view

    def draw(self, shown: Shown) -> None:
        """Brings the figures up to date, if it is time."""
        self._news = True
        if not self._pace.isActive():
            self._catch_up()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._show()

    def set_absences(self, absences: Mapping[int, str]) -> None:
        """Takes why runs have no line in view, by their numbers."""
        self._absences = dict(absences)
        self._show()

    @property
    def chips(self) -> list[Chip]:
        """Those that there are, the oldest run first."""
        return list(self._chips.values())

    def chip(self, number: int) -> Chip:
        """The chip of a run, by its number."""
        return self._chips[number]

    def colour_menu(self, parent: QWidget) -> ColourMenu:
        """A menu with the colours of the selected run."""
        return ColourMenu(lambda: self._theme, lambda: self._lab.run, self._lab, parent)

    # Drawing

    def _catch_up(self) -> None:
        if self._news and self.isVisible():
            self._tell()
            self._pace.start()
        self._news = False

    def _show(self) -> None:
        """Makes the chips that are needed, and takes away the others."""
        runs = [run.number for run in self._lab.runs]
        wanted = len(runs) > 1 or self._lab.playhead.train_on or self._renamed is not None
        if runs != list(self._chips):
            gone = [chip for number, chip in self._chips.items() if number not in runs]
            self._chips = {number: self._chips.get(number) or self._made(number) for number in runs}
            for chip in gone:
                self._row.removeWidget(chip)
            for place, chip in enumerate(self._chips.values()):
                self._row.insertWidget(place, chip)
            for chip in gone:  # last: one with the focus gives it away, and that may come back to here
                chip.hide()
                chip.deleteLater()
            if self._renamed is not None and self._renamed not in self._chips:
                self._field.hide()
                self._renamed = None
        self._tell()
        if (wanted and bool(runs)) == self.isHidden():
            self.setVisible(wanted and bool(runs))
            self.shown_changed.emit()

    def _made(self, number: int) -> Chip:
        chip = Chip(self)
        chip.clicked.connect(partial(self._select, number))
        chip.switched.connect(partial(self._lab.switch, number))
        chip.rename_wanted.connect(partial(self.ask_name, number))
        chip.close_wanted.connect(partial(self._lab.close_run, number))
        chip.menu_wanted.connect(partial(self._open_menu, number))
        chip.pointed.connect(partial(self._point, number))
        chip.moved.connect(partial(self._move_focus, number))
        return chip

    def _tell(self) -> None:
        """What each chip says now."""
        runs = self._lab.runs
        for run in runs:
            chip = self._chips.get(run.number)
            if chip is None:
                continue
            selected = run is self._lab.run
            absence = "" if selected else "hidden" if run.hidden else self._absences.get(run.number, "")
            words = self._words.of(run, runs, absence)
            chip.show_run(words, selected=selected, on=run.on, absent=bool(absence))
            chip.set_look(self._theme, self._theme.runs[run.hue % len(self._theme.runs)], waits=words.waits)
        self._fit()

    def _fit(self) -> None:
        """Takes the most words that have room."""
        between = _BETWEEN * max(0, len(self._chips) - 1)
        chips = self.chips
        for level in range(len(LEVELS)):
            if sum(chip.wide(level) for chip in chips) + between <= self.width():
                break
        for chip in chips:
            chip.set_level(level)

    # The hand

    def ask_name(self, number: int) -> None:
        """Lets a name be typed over the chip of a run; of one that has closed meanwhile, nothing."""
        run = self._lab.find(number)
        if run is None or run.closed:
            return
        self._renamed = number
        self._show()
        chip = self._chips[number]
        layout = self.layout()
        assert layout is not None
        layout.activate()
        width = min(max(_FIELD, chip.width()), max(self.width(), 80))
        self._field.setGeometry(min(chip.x(), max(0, self.width() - width)), 0, width, self.height())
        self._field.ask(run.name, made_name(run, self._lab.runs))

    def _rename(self, text: str | None) -> None:
        number, self._renamed = self._renamed, None
        if number is None:
            return
        if text is not None:
            self._lab.rename(number, text)
        self._show()
        if number in self._chips:
            self._chips[number].setFocus(Qt.FocusReason.OtherFocusReason)

    def _select(self, number: int) -> None:
        self._lab.select(number)
        self._tell()  # a click has unticked the chip of the one that is selected

    def _open_menu(self, number: int, at: QPoint) -> None:
        run = self._lab.find(number)
        if run is not None:
            menu = ChipMenu(self._lab, run, self._theme, partial(self.ask_name, number), self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(at)

    def _point(self, number: int, on: bool) -> None:
        self.pointed.emit(number if on else None)

    def _move_focus(self, number: int, by: int) -> None:
        chips = self.chips
        place = chips.index(self._chips[number]) + by
        if 0 <= place < len(chips):
            chips[place].setFocus(Qt.FocusReason.TabFocusReason)

    # Size

    def minimumSizeHint(self) -> QSize:
        high = max((chip.sizeHint().height() for chip in self._chips.values()), default=0)
        return QSize(0, high)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self._chips:
            QTimer.singleShot(0, self, self._fit)  # once the labels know how large their text is
            self.updateGeometry()
