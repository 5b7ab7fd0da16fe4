"""The strip below all columns: a lane for each open run, the playhead, and the field of its place."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QSizePolicy

from mnistviz.gui.common import numbers
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import row_of, styled
from mnistviz.gui.common.painted_figure import RIGHT
from mnistviz.gui.common.place_field import PlaceField
from mnistviz.gui.common.position_entry import RunPosition
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.timers import Throttle
from mnistviz.gui.common.widgets import ActionPushButton, describe, set_icon, small_font
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.runs.lanes import Lanes
from mnistviz.gui.runs.strip import BORDER

WORDS_EVERY: Final = 0.25  # seconds between updates of the texts
COARSE: Final = 1.0  # seconds of replay between two stored checkpoints that make the past coarse
_BESIDE, _LEAST_BESIDE = 302, 204  # pixels for button and field, with text of the usual size
_GAP, _TO_FIELD = 12, 6  # pixels from the lanes to the button, and from that to the field
_LEAST_SHARE = 0.7  # of the width for the lanes; with less the button has no word


class Timeline(Fitted, QFrame):
    """The runs along their digits; moves the playhead of the lab."""

    def __init__(self, lab: Lab, new: QAction, live: QAction, branch: QAction, train_on: QAction) -> None:
        super().__init__()
        styled(self, "card", "timeline")
        self._lab, self._shown = lab, Shown()
        self._replaying: tuple[int, int] | None = None
        self._speed = 0.0  # the most mini-batches per second seen of the selected run
        self._live_action = live
        self.live_button = ActionPushButton(live)
        self.live_button.hide()
        self.lanes = Lanes(lab, new, (live, branch, train_on))
        self.strip = self.lanes.strip
        tip = tr("Type a mini-batch or epoch to go there: 20104, +500, -1 or epoch 3. (Return)")
        words = tr("Mini-batch to go to")
        self.field = styled(
            PlaceField(self._run_there_is, lab.playhead.visit, "place", words, tip), "quietField"
        )
        self.field.setAlignment(RIGHT)
        tip = tr(
            "A lane for each run. Click or drag to look at a moment. The states marked below the axis are kept; "
            "other moments are computed again. Arrows move by one mini-batch, with Shift by ten; Page keys "
            "move by an epoch; Home and End go to the ends."
        )
        describe(self.strip, "time_strip", tr("The runs along their training"), tip)
        self._renewing = Throttle(WORDS_EVERY, self._renew, self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        parts = (self.lanes, 1), _GAP, self.live_button, _TO_FIELD, self.field
        row_of(*parts, spacing=0, margins=(0, 0, 4, 0), inside=self)
        self.lanes.height_changed.connect(self._fit_height)
        self.adopt_theme()

    def draw(self, shown: Shown) -> None:
        first = shown.is_first(self._shown)
        if shown.number != self._shown.number:
            self._replaying, self._speed = None, 0.0
        if shown.run is not None:
            self._speed = max(self._speed, shown.run.mini_batches_per_second or 0.0)
        self._shown = shown
        if first or shown.rests:
            self._renewing.now()
        else:
            self._renewing.ask()

    def _renew(self) -> None:
        self.lanes.draw(self._shown)
        self.refit()
        self.live_button.setVisible(self._shown.playhead is not None)

    def adopt_theme(self) -> None:
        set_icon(self._live_action, "live")
        self._fit_height()
        self.refit()

    def show_progress(self, done: int, of: int) -> None:
        """Show the progress of a replay in mini-batches; 0 of 0 ends it."""
        self._replaying = (done, of) if of else None
        self._write()

    def _run_there_is(self) -> RunPosition | None:
        run, shown = self._shown.run, self._shown
        if run is None or not run.ready:
            return None
        return run.position(run.step if shown.playhead is None else shown.playhead)

    @property
    def is_coarse(self) -> bool:
        """Whether stored checkpoints are so far apart that an exact replay may take a while."""
        return self.spacing > COARSE * self._speed > 0

    @property
    def spacing(self) -> int:
        """How many mini-batches lie between stored checkpoints, or 0 if unknown."""
        visited = self._shown.visited
        return 0 if visited is None else visited.spacing

    def _write(self) -> None:
        self.field.show_place(self._wordings())
        self.strip.setAccessibleDescription(self.field.accessibleDescription())
        self.field.setEnabled(self._shown.run is not None and self._shown.run.step > 0)

    def _wordings(self) -> tuple[str, ...]:
        shown = self._shown
        if shown.run is not None and shown.run.replayed is not None:
            done, of = map(numbers.whole, shown.run.replayed)
            long = tr("trained from its start: {done} of {of} mini-batches", done=done, of=of)
            short = tr("from its start: {done} of {of}", done=done, of=of)
            return long, short, tr("{done} of {of}", done=done, of=of)
        texts = moment_words.place(shown)
        if self._replaying is not None:
            done, of = map(numbers.whole, self._replaying)
            replay = tr("replaying {done} of {of}", done=done, of=of)
            return tr("{where} · {replay}", where=texts[-1], replay=replay), replay
        return texts

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._replaying is not None:
            self._lab.playhead.cancel()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.minimumHeight())

    @property
    def least_height(self) -> int:
        return self._height_around(self.lanes.height_of(1))

    def grow_by(self, most: int) -> None:
        """Show as many lanes as fit in `most` pixels more than the least height."""
        self.lanes.fit(self.least_height + most - 2 * BORDER)

    def _height_around(self, lanes: int) -> int:
        """Return the height with lanes of that height, at least that of the button and the field."""
        self.live_button.ensurePolished()
        beside = (self.field, self.live_button)
        return max(lanes, *(each.sizeHint().height() + 4 for each in beside)) + 2 * BORDER

    def _fit_height(self) -> None:
        self.setFixedHeight(self._height_around(self.lanes.height()))

    def refit(self) -> None:
        scale = small_font(self).pixelSize() / 12
        short = scale * _BESIDE > (1 - _LEAST_SHARE) * self.width()
        self.live_button.set_icon_only(short)
        taken = 0 if self._shown.playhead is None else self.live_button.sizeHint().width()
        self.field.setFixedWidth(round(scale * (_LEAST_BESIDE if short else _BESIDE)) - taken)
        self._write()
