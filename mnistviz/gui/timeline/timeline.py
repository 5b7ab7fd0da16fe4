"""The strip under all columns: where in the film of the selected run one looks, and the ways from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QSizePolicy

from mnistviz.gui.common import numbers
from mnistviz.gui.common.mnemonics import without_mnemonic
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.throttle import Throttle
from mnistviz.gui.common.widgets import ActionPushButton, describe, set_icon
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.timeline import position_entry
from mnistviz.gui.timeline.film import Film
from mnistviz.gui.timeline.place_field import PlaceField
from mnistviz.gui.timeline.strip import Strip

HIGH, LOW = 52, 36  # pixels, in most windows and in small ones
WORDS_EVERY: Final = 0.25  # seconds: nobody reads faster
AT_ONCE: Final = 0.05  # seconds of replay that nobody waits for
COARSE: Final = 1.0  # seconds of replay between two kept states, from which on the past is called coarse
_SPACING = 8  # pixels
FIGURES = 6  # of the steps that the field has room for; where there are more, it says less in words
_MOST_BANDS = 400


class Timeline(QFrame):
    """A view of the selected run as a film. It says where one wants to go; it goes nowhere itself.

    Where it is narrow, it leaves things away one after the other, and only as many as it must: all of them are in
    the menu.
    """

    step_wanted = Signal(int)
    walked = Signal(int)
    epochs_walked = Signal(int)
    live_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, theme: Theme, live: QAction, train_on: QAction, branch: QAction) -> None:
        super().__init__()
        self.setObjectName("timeline")
        self.setProperty("role", "card")
        self._theme, self._shown = theme, Shown()
        self._replaying: tuple[int, int] | None = None
        self._film_of: object = None
        self._speed = 0.0  # mini-batches a second: the most that was seen of the selected run
        self._train_on_action, self._live_action = train_on, live
        self.live_button, self.branch_button = ActionPushButton(live), ActionPushButton(branch)
        self.train_on = QCheckBox(train_on.iconText())
        describe(self.train_on, "train_on_box", without_mnemonic(train_on.text()), train_on.whatsThis())
        self.train_on.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.strip = Strip(theme)
        self.field = PlaceField(self._run_there_is)
        describe(
            self.strip,
            "time_strip",
            self.tr("The run from its begin to its end"),
            self.tr(
                "The validation accuracy along the run. A click or a drag goes there; arrows go on by "
                "one mini-batch, with Shift by ten; Page, Home and End go there, too."
            ),
        )
        self._renewing = Throttle(WORDS_EVERY, self._renew, self)
        self._lay_out()
        self._shorter: tuple[Callable[[bool], None], ...] = (
            self.branch_button.setHidden,
            self._shorten_words,
            self.live_button.set_icon_only,
            self._shorten_more,
            self.train_on.setHidden,
        )
        """What it leaves away where it is narrow, first things first."""
        self._connect()
        self.set_low(False)
        self.set_theme(theme)

    def _lay_out(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setSpacing(_SPACING)
        row.addWidget(self.live_button)
        row.addWidget(self.strip, 1)
        row.addWidget(self.train_on)
        row.addWidget(self.field)
        row.addWidget(self.branch_button)
        self.strip.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)

    def _connect(self) -> None:
        strip = self.strip
        strip.digits_wanted.connect(self._want_digits)
        strip.step_wanted.connect(self.step_wanted)
        strip.walked.connect(self.walked)
        strip.epochs_walked.connect(self.epochs_walked)
        strip.end_wanted.connect(self._want_end)
        strip.live_wanted.connect(self.live_wanted)
        strip.resized.connect(self._draw_strip)
        self.field.wanted.connect(self.step_wanted)
        self.train_on.toggled.connect(self._train_on_action.setChecked)
        self._train_on_action.toggled.connect(self.train_on.setChecked)

    # A view

    def draw(self, shown: Shown) -> None:
        """Shows the run and where in it one is. Costs next to nothing where little is new."""
        another = shown.number != self._shown.number
        first = shown.is_first(self._shown)
        self._shown = shown
        if another:
            self._replaying = None
            self.strip.clear()
        if shown.run is None:
            self._speed = 0.0
        else:
            self._speed = max(0.0 if another else self._speed, shown.run.mini_batches_per_second or 0.0)
        if first or shown.rests:
            self._renewing.now()
        else:
            self._renewing.ask()

    def _renew(self) -> None:
        """The strip as seldom as the words: it is painted whole."""
        self._draw_strip()
        self._write()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.strip.set_theme(theme)
        set_icon(self._live_action, "live", theme)
        self.set_low(self._low)
        self._fit_width()
        self._draw_strip()

    def set_low(self, low: bool) -> None:
        """Whether the window is small; the buttons have room all the same, however large the text is."""
        self._low = low
        margin = 0 if low else 3
        self.live_button.ensurePolished()
        needed = max(each.sizeHint().height() for each in (self.live_button, self.field)) + 2 * margin + 2
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(8, margin, 8, margin)
        self.setFixedHeight(max(LOW if low else HIGH, needed))

    def show_progress(self, done: int, of: int) -> None:
        """How far a replay is, in mini-batches; 0 of 0 when it is over."""
        self._replaying = (done, of) if of else None
        self._write()

    # Where one is

    def _run_there_is(self) -> position_entry.RunPosition | None:
        run, shown = self._shown.run, self._shown
        if run is None or not run.ready:
            return None
        here = run.step if shown.playhead is None else shown.playhead
        return position_entry.RunPosition(
            here,
            run.step,
            run.digits_seen / run.epoch,
            lambda epochs: run.step_at(round(epochs * run.epoch)),
        )

    def _draw_strip(self) -> None:
        shown, run = self._shown, self._shown.run
        if run is None or not run.ready or self.strip.width() < 2:
            return
        here = run.digits_seen if shown.playhead is None else run.digits_at(shown.playhead)
        film, hues = self._film(run), self._theme.runs
        self.strip.handle, self.strip.end = here, run.digits_seen
        self.strip.draw(film, run.history, hues[run.hue % len(hues)], run.digits_seen, here, self._ready(run))

    def _film(self, run: RunFacts) -> Film:
        """The same one as long as nothing was done."""
        of = run.number, run.history.interventions, run.parent, run.best
        if of != self._film_of or self.strip.film is None:
            self._film_of = of
            best = (
                None if run.best is None else (run.best.epoch * run.epoch, run.best.step, run.best.accuracy)
            )
            return Film(run.number, run.epoch, run.flags, best)
        return self.strip.film

    def _ready(self, run: RunFacts) -> list[tuple[int, int]]:
        """Where moments are there at once, as digits: within what is replayed in a moment from the kept states. Known
        once one has looked back."""
        reach, spacing = self._speed * AT_ONCE, self.spacing
        if self._shown.live or not spacing or not reach:
            return []
        if reach >= spacing:
            return [(0, run.digits_seen)]
        starts = range(0, run.step, max(spacing, spacing * (run.step // spacing // _MOST_BANDS)))
        return [(run.digits_at(at), run.digits_at(min(run.step, at + int(reach)))) for at in starts]

    @property
    def is_coarse(self) -> bool:
        """Whether the kept states of this run lie so far apart that an exact moment may take a while."""
        return self.spacing > COARSE * self._speed > 0

    @property
    def spacing(self) -> int:
        """How many mini-batches lie between two kept states; 0 where that is not known yet."""
        visited = self._shown.visited
        return 0 if visited is None else visited.spacing

    def _write(self) -> None:
        self.field.show_place(self._wordings())
        self.strip.setAccessibleDescription(self.field.accessibleDescription())
        self.field.setEnabled(self._shown.run is not None and self._shown.run.step > 0)

    def _wordings(self) -> tuple[str, ...]:
        shown = self._shown
        if shown.run is None or shown.moment is None or shown.run.step == 0:
            return self.tr("nothing learned yet"), self.tr("no film yet"), "–"
        said = moment_words.place(shown)
        if self._replaying is not None:
            done, of = map(numbers.whole, self._replaying)
            replay = self.tr("replays {done} of {of}").format(done=done, of=of)
            return self.tr("{where} · {replay}").format(where=said[-1], replay=replay), replay
        return said

    # Where one wants to go

    def _want_digits(self, digits: float) -> None:
        run = self._shown.run
        if run is not None and run.ready:
            self.step_wanted.emit(run.nearest_step(round(digits)))

    def _want_end(self, last: bool) -> None:
        run = self._shown.run
        if run is not None:
            self.step_wanted.emit(run.step if last else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._replaying is not None:
            self.cancel_wanted.emit()
        else:
            super().keyPressEvent(event)

    # Size

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_width()

    def _fit_width(self) -> None:
        """Leaves away as little as it must."""
        layout = self.layout()
        assert layout is not None
        for left_away in range(len(self._shorter) + 1):
            for number, leave_away in enumerate(self._shorter):
                leave_away(number < left_away)
            layout.invalidate()
            if layout.minimumSize().width() + self._wanted_for_strip() <= self.width():
                break
        self._write()

    def _wanted_for_strip(self) -> int:
        """More than the strip needs at least, so that one can hit something on it."""
        return self.width() // 4

    def _shorten_words(self, short: bool) -> None:
        self._fit_field(1 if short else 0)

    def _shorten_more(self, short: bool) -> None:
        if short:
            self._fit_field(2)

    def _fit_field(self, wording: int) -> None:
        number = int("8" * FIGURES)
        widest = moment_words.widest(number)[wording]
        texts = (*widest, self.tr("no film yet"))
        self.field.setFixedWidth(max(map(self.field.width_for, texts)))
