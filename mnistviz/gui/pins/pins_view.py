"""Pinned pictures, a view of Mistakes: what every open run predicts for them, from its start to now."""

from functools import partial
from typing import Final, NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QIcon, QKeyEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from mnistviz.engine.acts import Intervention
from mnistviz.engine.digits import SIDE
from mnistviz.engine.mistakes.pins import PictureAlong, Pin, PinStory, outputs_along
from mnistviz.engine.mistakes.stories import FineStretch, look_finer
from mnistviz.gui.common import numbers
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.layouts import ScrolledColumn, column_of, empty_label, row_of, stack_of, styled
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.timers import Throttle
from mnistviz.gui.common.tooltips import explain
from mnistviz.gui.common.widgets import ElidedLabel, describe, least_tab, push_button, truth_legend
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.pins import pin_words as words
from mnistviz.gui.pins.pin_curves import PinCurves, PinCurvesContent, PinRow
from mnistviz.gui.pins.pinned import Pinned

SECONDS: Final = 1.0  # between two requests, at least, while a run learns
_PICTURE: Final = 36  # pixels, of a pin in the list
_AROUND: Final = 30  # pixels, beside and between a picture and its words
_FINER: Final = "pin finer"


class _Predictions(NamedTuple):
    """A run's predictions for each pin, valid for this step and these interventions."""

    step: int
    acts: tuple[Intervention, ...]
    results: dict[Pin, PictureAlong]


class Pins(QWidget):
    """Requests each run's outputs for the pinned pictures at its stored checkpoints, only while it is visible.
    Results are saved with the run, which later has fewer and fewer of the checkpoints."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.setObjectName("pins")
        self._lab, self._shown = lab, Shown()
        self.pinned, self.pins = Pinned(lab.chosen), tuple[Pin, ...]()
        self._predictions: dict[int, _Predictions] = {}
        self._facts: tuple[object, ...] = ()  # which facts of the runs are shown
        self._follows = False  # whether the selected run's row stays visible: from the first change of it
        self._throttle = Throttle(SECONDS, self._request, self)
        self._build()
        self._show_list()
        self._show_finer()
        lab.chosen.listen("pins", self._on_choices)
        self._on_choices()

    def _build(self) -> None:
        self._empty = empty_label("pins_empty", words.invitation())
        self._title = styled(ElidedLabel(), "cardTitle", "pins_title")
        self.list, self.curves = QListWidget(), PinCurves(self._go, self._on_pointed)
        tip = tr("Chooses which of the pinned pictures is shown.")
        describe(self.list, "pin_list", tr("Pinned pictures"), tip)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setIconSize(QSize(_PICTURE, _PICTURE))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        finer, unpin = tr("Finer here"), self._unpin_chosen
        self.finer = push_button("option", "pin_finer", accessible=finer, act=self._on_finer)
        tip = tr("Takes this picture from the pins.")
        self.unpin_button = push_button("option", "pin_unpin", tr("Unpin"), tip, "Del", act=unpin)
        self.legend, full = truth_legend(), QWidget()
        self._column = ScrolledColumn(self.curves)
        self._column.verticalScrollBar().rangeChanged.connect(self._follow_row)
        head = row_of((self._title, 1), self.legend, self.finer, self.unpin_button, spacing=8)
        right = column_of(head, (self._column, 1), spacing=4)
        row_of(self.list, (right, 1), spacing=16, margins=(2, 0, 2, 2), inside=full)
        self._stack = stack_of(self._empty, full)
        column_of(self._stack, inside=self)
        self.setFocusProxy(self.list)
        self.list.currentRowChanged.connect(self._on_chosen)

    def _on_choices(self) -> None:
        pins, chosen = self.pinned.pins, self._lab.chosen.now.pins.chosen
        if pins == self.pins:
            self.list.setCurrentRow(min(max(0, chosen), len(pins) - 1))
            return
        self._stop()
        self.pins = pins
        self._show_list(chosen)
        if self.isVisible():
            self._throttle.now()

    def _unpin_chosen(self) -> None:
        if (pin := self._chosen) is not None:
            self.pinned.unpin(pin)

    @property
    def _chosen(self) -> Pin | None:
        at = self.list.currentRow()
        return self.pins[at] if 0 <= at < len(self.pins) else None

    def draw(self, shown: Shown) -> None:
        """Request what is new: at once if all runs are paused, otherwise throttled."""
        before, self._shown = self._shown, shown
        if not self.isVisible():
            return
        if shown.digits is not before.digits:
            self._show_list(self.list.currentRow())
        runs = self._runs
        facts = tuple((run.number, run.letter, run.hue, run.ready, run.failed) for run in runs)
        if facts != self._facts or shown.number != before.number:
            self._facts = facts
            self._show()
        self._show_viewed()
        (self._throttle.ask if any(run.playing for run in runs) else self._throttle.now)()

    def adopt_theme(self) -> None:
        self._show_list(self.list.currentRow())

    def minimumSizeHint(self) -> QSize:
        return least_tab(self)

    @property
    def _runs(self) -> list[RunFacts]:
        """The runs shown, the oldest first."""
        own = () if self._shown.run is None else (self._shown.run,)
        return sorted((*own, *self._shown.others), key=lambda run: run.number)

    def _request(self) -> None:
        if not self.isVisible() or not self.pins:
            return
        open_now = {run.number for run in self._runs}
        self._predictions = {number: each for number, each in self._predictions.items() if number in open_now}
        for run in self._runs:
            self._request_for(run)

    def _request_for(self, run: RunFacts) -> None:
        known, now = self._predictions.get(run.number), run.moment
        at = run.step, run.history.interventions
        if known is not None and known[:2] == at and known.results.keys() == set(self.pins):
            return
        cannot = all(words.why_none(run, pin) for pin in self.pins)
        if cannot or self._lab.questions.is_open(_key(run.number)):
            return
        newest = self._lab.runs.find(run.number) or run  # including what was stored since the last draw
        saved = {story.pixels: story.along for story in newest.stories}
        before = [saved.get(pin.pixels) for pin in self.pins]
        images = [pin.image for pin in self.pins]
        if now is not None:
            self._lab.questions.ask_run(
                _key(run.number),
                run,
                lambda recorded, *_: outputs_along(recorded.record, now, run.epoch, images, before),
                partial(self._on_predicted, run.number, self.pins, *at),
                lambda error: None,  # the run was closed, and the next draw no longer contains it
                quick=True,
            )

    def _on_predicted(
        self,
        number: int,
        pins: tuple[Pin, ...],
        step: int,
        acts: tuple[Intervention, ...],
        results: tuple[PictureAlong, ...],
    ) -> None:
        if pins == self.pins:
            self._predictions[number] = _Predictions(step, acts, dict(zip(pins, results, strict=True)))
            self._save(number)
            self._show()
            self._throttle.ask()  # the run may have learned in the meantime

    def _save(self, number: int) -> None:
        step, _, results = self._predictions[number]
        stories = [PinStory(pin.pixels, along.until(step)) for pin, along in results.items()]
        self._lab.runs.save_stories(number, stories)

    def _show_list(self, chosen: int = 0) -> None:
        named = words.pin_names(self.pins, self._shown.digits)
        self.list.blockSignals(True)
        self.list.clear()
        for pin, (name, is_a) in zip(self.pins, named, strict=True):
            picture = QPixmap.fromImage(digit_image(pin.image.reshape(SIDE, SIDE), theme()))
            icon = QIcon(picture)
            icon.addPixmap(picture, QIcon.Mode.Selected)  # Qt would tint it
            item = QListWidgetItem(icon, f"{name}\n{is_a}" if is_a else name)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words.pin_title(name, is_a))
            self.list.addItem(item)
        self.list.setCurrentRow(min(max(chosen, 0), len(self.pins) - 1))
        self.list.blockSignals(False)
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(text) for pair in named for text in pair), default=0)
        bar = self.list.verticalScrollBar().sizeHint().width()
        self.list.setFixedWidth(min(widest, 13 * metrics.height()) + _PICTURE + bar + _AROUND)
        self._stack.setCurrentIndex(int(bool(self.pins)))
        self._show()

    def _on_chosen(self, row: int) -> None:
        self._lab.chosen.choose("pins", chosen=max(0, row))
        self.cancel()
        self._show()

    def _show(self) -> None:
        if (pin := self._chosen) is None or not self.isVisible():
            return
        name, is_a = words.pin_names(self.pins, self._shown.digits)[self.list.currentRow()]
        self._title.setText(words.pin_title(name, is_a))
        self.legend.setVisible(pin.label is not None)
        rows = tuple(self._row(run, pin) for run in self._runs)
        most = max((int(row.along.digits[-1]) for row in rows if row.along is not None), default=0)
        epoch = 0 if self._shown.run is None else self._shown.run.epoch
        before, selected = self.curves.content.selected, self._shown.number or 0
        labels = words.axis_labels(most, epoch)
        self.curves.show_content(PinCurvesContent(rows, max(1, most), labels, selected))
        if selected != before:
            self._follows = bool(before)
            self._follow_row()
        self._show_viewed()
        self._show_finer()

    def _follow_row(self) -> None:
        """Scroll to the row of the selected run, after a change of the selection or of the rows."""
        if self._follows:
            self._column.show_place(self.curves.place_of(self.curves.content.selected))

    def _row(self, run: RunFacts, pin: Pin) -> PinRow:
        hue = theme().run_colour(run.hue)
        why, known = words.why_none(run, pin), self._predictions.get(run.number)
        along = None if known is None else known.results.get(pin)
        if why or along is None:
            waits = tr("{run}: its kept states are being asked …", run=run.letter)
            return PinRow(run.number, run.letter, why or waits, hue)
        digits, epoch = self._shown.digits, run.epoch  # the lambda must not hold the run's snapshots
        classes = () if digits is None or digits.checksum != run.data else digits.classes
        title, told = words.row_title(along, classes, epoch), partial(words.look_told, along, classes, epoch)
        of = along, classes, pin.label, along.stretches
        return PinRow(run.number, run.letter, title, hue, *of, told)

    def _show_viewed(self) -> None:
        run, moment = self._shown.run, self._shown.moment
        past = run is not None and moment is not None and not self._shown.live
        self.curves.show_viewed((run.number, moment.digits) if past and run and moment else None)

    def _on_pointed(self) -> None:
        """Scroll to the chosen row: the keys may have moved to one out of sight."""
        self._show_finer()
        if self.curves.chosen is not None:
            self._column.show_place(self.curves.place_of(self.curves.chosen[0].run))

    def _go(self, number: int, step: int) -> None:
        self._lab.runs.select(number)
        self._lab.playhead.visit(step)

    def _show_finer(self, done: int = 0, of: int = 0) -> None:
        """Update the button that replays mini-batches up to the chosen change, or cancels that."""
        if self._lab.questions.is_open(_FINER):
            self.finer.setText(tr("Cancel: {percent} %", percent=numbers.whole(100 * done // max(1, of))))
            tip, on = tr("Stops the closer look. (Escape)"), True
        else:
            chosen = self.curves.chosen
            on = chosen is not None and chosen[1].step > chosen[1].last + 1
            self.finer.setText(tr("Finer here"))
            if chosen is None or not on:
                tip = tr(
                    "There is no change of the verdict, or each mini-batch before it was looked at already."
                )
            else:
                row, change = chosen
                tip = tr(
                    "Replays mini-batches {begin} to {end} of {run}, up to the framed change, and looks at this "
                    "picture after each.", begin=change.last, end=change.step, run=row.letter,
                )  # fmt: skip
        self.finer.setAccessibleName(self.finer.text())
        self.finer.setEnabled(on)
        explain(self.finer, tip)

    def _on_finer(self) -> None:
        chosen, pin = self.curves.chosen, self._chosen
        if self.cancel() or chosen is None or pin is None:
            return
        row, change = chosen
        if (run := next((each for each in self._runs if each.number == row.run), None)) is not None:
            self._lab.questions.ask_run(
                _FINER,
                run,
                lambda recorded, *how: look_finer(recorded, pin.image, change.last, change.step, *how),
                partial(self._on_fine, run.number, pin),
                lambda error: self._show_finer(),
                self._show_finer,
            )
            self._show_finer(0, 1)

    def _on_fine(self, number: int, pin: Pin, stretch: FineStretch) -> None:
        if (known := self._predictions.get(number)) is not None and pin in known.results:
            self._lab.questions.withdraw(_key(number))  # which started without the stretch
            known.results[pin] = known.results[pin].with_stretch(stretch)
            self._save(number)
            self._show()

    def cancel(self) -> bool:
        """Cancel the replay for finer predictions; return False if there is none."""
        if not self._lab.questions.is_open(_FINER):
            return False
        self._lab.questions.withdraw(_FINER)
        self._show_finer()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self._unpin_chosen()
        elif event.key() != Qt.Key.Key_Escape or not self.cancel():
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._throttle.prioritise()
        self._facts = ()
        self.draw(self._lab.shown)  # the window draws nothing while all rests
        self._follows = False  # open at the top: a first row without its head is hard to read
        self._column.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.list.scrollToItem(self.list.currentItem())
        self.curves.setMinimumHeight(self.curves.minimumSizeHint().height())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stop()
        self._shown = self._shown.put_aside()

    def _stop(self) -> None:
        self.cancel()
        for run in self._runs:
            self._lab.questions.withdraw(_key(run.number))


def _key(number: int) -> str:
    return f"pins {number}"
