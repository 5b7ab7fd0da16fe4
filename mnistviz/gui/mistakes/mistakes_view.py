"""The Mistakes tab: which digits are misclassified, as what, and each of them."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, cast

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.mistakes.confusion import MistakeOrder, in_order
from mnistviz.engine.mistakes.stories import LearningGroup, LearningMap, learning_map
from mnistviz.engine.moment import SetName
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.layouts import (
    ScrolledColumn,
    column_of,
    empty_label,
    label,
    row_of,
    stack_of,
    styled,
)
from mnistviz.gui.common.place_field import PlaceField
from mnistviz.gui.common.tab_tools import ComparedChoice, ComparedList, TabTools
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.timers import Throttle
from mnistviz.gui.common.widgets import SMALLEST, ElidedLabel, least_tab, scaled
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.lab.in_card import Beside
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.run_names import shared_step
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.mistakes import against_words, read_digits, story_words
from mnistviz.gui.mistakes import mistake_words as words
from mnistviz.gui.mistakes.against import ALONE, COPY, HERE, Against, ChanceQuestion, Pair
from mnistviz.gui.mistakes.chosen_digit import ChosenDigit, OtherRun
from mnistviz.gui.mistakes.confusion_matrix import RIM, ConfusionMatrix
from mnistviz.gui.mistakes.digit_gallery import DigitGallery, GalleryContent, LargeDigit
from mnistviz.gui.mistakes.digit_map import Field, MapCard
from mnistviz.gui.mistakes.group_card import GroupCard
from mnistviz.gui.mistakes.mistake_choices import mistake_choices
from mnistviz.gui.mistakes.mixing_control import Mixing
from mnistviz.gui.mistakes.mixing_words import why_not
from mnistviz.gui.mistakes.read_digits import ALL_MISREAD, ReadDigits, ReadSide, TwoReadings, VerdictGroup

SECONDS: Final = 0.5  # the shortest interval between two updates while the network trains
NARROW: Final = 720  # pixels, at the usual size of text: in less, the chosen digit replaces the overview
MATRIX, CHOSEN = 0.335, 0.27  # of the width


MapChoice = LearningGroup | tuple[Field, Field]
"""A group of the map, or the fields between two corners."""


class Mistakes(QWidget):
    """The Mistakes tab: the newest evaluation of all digits of a set, at the shown step or the last one before."""

    def __init__(
        self, lab: Lab, show_digit: Callable[[SetName, int], object] = lambda _set, _number: None
    ) -> None:
        super().__init__()
        self.show_digit = show_digit
        self.setObjectName("mistakes")
        self._lab = lab
        self._shown = Shown()
        self._read: ReadDigits | None = None
        self._last_read: ReadDigits | None = None  # also while nothing is known of the shown run
        self._part = lab.chosen.now.mistakes  # the choices that are shown
        self._large: LargeDigit | None = None
        self._pinned: QWidget | None = None  # the pinned pictures, which can replace all else
        self._gallery_of: tuple[object, ...] = ()  # the source of the gallery, except for the evaluation
        self._gallery_shown = 0, 0  # how many digits it shows, and of which step
        self._gallery_waits = False  # True while it shows an older evaluation
        self._first: int | None = None  # the digit that is shown unless one is chosen
        self._throttle = Throttle(SECONDS, self._show, self)
        self.matrix = ConfusionMatrix(self.choose)
        self.gallery = DigitGallery(self._on_digit, self._open_large, self._update_gallery)
        self.chosen = ChosenDigit(lab, partial(self._choose, view="digits"))
        self.map_card = MapCard(lambda *fields: self._choose_on_map(fields), self._choose_on_map)
        self._map: LearningMap | None = None
        self._on_map: MapChoice | None = None  # what is chosen on the map
        self._unlike = False  # whether the other run trains on other digits
        self._two: TwoReadings | None = None
        self._sent_beside: Beside | None = None
        self.group_card = GroupCard(self._choose_verdicts, self._ask_chance)
        self.against = Against(lab, self._show_read, self)
        self.chance = ChanceQuestion(lab, self._show_chance)
        self.mixing = Mixing(lab, self._on_mixing, self)
        self.group_card.add_button(self.mixing.button)
        self._make_choices()
        self._build()
        self.setFocusProxy(self.matrix)
        lab.chosen.restored.connect(self._forget_read)
        lab.chosen.listen("mistakes", self._on_choices)
        lab.chosen.listen("pins", self._offer_pinned)
        self._on_choices()
        self._offer_pinned()

    def _make_choices(self) -> None:
        self.sets, self.views, self.overviews, self.order = mistake_choices(self, self._lab.chosen)
        tip = tr("Compares with another run after as many digits, or with another moment, digit by digit.")
        self.against_list = ComparedList("mistakes_against", tip)
        controls = self.overviews.control, self.order.control
        self.tab_tools = TabTools(
            self, "mistake_tools", self.sets.control, self.views.control, self.against_list, *controls
        )

    def _build(self) -> None:
        self._empty = empty_label("mistakes_empty")
        self.title = label("cardTitle", name="mistakes_title")
        self.note = styled(ShortenedLabel(), "quietText", "mistakes_note")
        self.place = PlaceField(
            lambda: self.against.position(self._shown),
            lambda step: self.compare_with(replace(self.against.choice, step=step)),
            "other_place",
            tr("Moment to compare with"),
            tr("Type a mini-batch or epoch to compare with it: 20104, +500, -1 or epoch 3. (Return)"),
        )
        self.place.hide()  # it is higher than the text beside it
        self.gallery_title = styled(ElidedLabel(), "cardTitle", "gallery_title")
        self.gallery_note = label("quietText", name="gallery_note")
        self._none = empty_label("gallery_none")
        self._tiles = stack_of(self.gallery, self._none)
        self._no_map = empty_label("map_none")
        self._scrolled: dict[QWidget, ScrolledColumn] = {
            self.matrix: ScrolledColumn(self.matrix, rows=(SMALLEST, RIM)),
            **{card: ScrolledColumn(card) for card in (self.map_card, self.group_card, self.chosen)},
        }
        self._overview = stack_of(*list(self._scrolled.values())[:-1], self._no_map)
        self._left, self._middle, full = QWidget(), QWidget(), QWidget()
        head = row_of(self.title, (self.note, 1), self.place, spacing=8)
        column_of(head, (self._overview, 1), spacing=2, inside=self._left)
        head = row_of(self.gallery_title, self.gallery_note, None, spacing=8)
        column_of(head, (self._tiles, 1), spacing=2, inside=self._middle)
        parts = self._left, self._middle, self._scrolled[self.chosen], self.mixing.card
        self._beside = row_of(*parts, spacing=20, margins=(2, 0, 2, 0), inside=full)
        self._full = full
        self._stack = stack_of(self._empty, full)
        column_of(self._stack, inside=self)
        self._arrange()

    def add_pinned(self, pinned: QWidget) -> None:
        self._pinned = pinned
        self._stack.addWidget(pinned)
        self._on_overview()

    def set_digits(self, digits: Digits) -> None:
        """Release the digits of another data set, which the tab would keep as long as it is hidden."""
        if (last := self._last_read) is not None and last.data != digits.checksum:
            self._read, self._last_read = None, replace(last, digits=digits.test)
            self._two = self._map = None
            self.gallery.clear()
            self.matrix.told = lambda choice: ""
            self.chosen.show_digit(self._shown, None, None)

    def draw(self, shown: Shown) -> None:
        """Show a new evaluation: at once if the run is paused, else at most every `SECONDS`."""
        before, self._shown = self._shown, shown.of_run
        if not self.isVisible() or self._shows_pinned:
            return
        self.mixing.follow(shown)
        self.chosen.show_here(self._shown)
        self._show_options()
        if shown.rests or shown.is_first(before) or self._read is None:
            self._throttle.now()
        else:
            self._throttle.if_due()  # between two frames, so that it delays none

    def adopt_theme(self) -> None:
        self._show_read()

    def minimumSizeHint(self) -> QSize:
        """Return a height for rotated class names above the matrix, which need more room than other tabs."""
        return least_tab(self).expandedTo(QSize(0, self._left.minimumSizeHint().height() + 2))

    @property
    def _shows_pinned(self) -> bool:
        return self._pinned is not None and self._part.overview == "pinned"

    def _offer_pinned(self) -> None:
        self._show_part("pinned", bool(self._lab.chosen.now.pins.pins))

    def _show_part(self, overview: str, on: bool) -> None:
        part = self.overviews.control.parts[overview]  # type: ignore[union-attr]
        if part.isHidden() == on:
            part.setVisible(on)
            self.tab_tools.offer(self.overviews.control, on=True)  # the other controls may fit now

    def _show_page(self) -> None:
        was_pinned = self._stack.currentWidget() is self._pinned
        page = self._empty if self._read is None else self._full
        self._stack.setCurrentWidget(self._pinned if self._shows_pinned and self._pinned else page)
        if was_pinned == self._shows_pinned:
            return
        for control in (self.sets.control, self.against_list, self.order.control):
            self.tab_tools.offer(control, not self._shows_pinned)
        self._arrange()

    @property
    def _digit(self) -> int | None:
        return _place(self._part.digit)

    @property
    def _shown_digit(self) -> int | None:
        """The chosen digit, or else the first one of the gallery."""
        return self._first if self._digit is None else self._digit

    @property
    def _group(self) -> VerdictGroup | None:
        return next((group for group in read_digits.VERDICT_GROUPS if group == self._part.group), None)

    def _choose(self, **fields: Any) -> None:
        self._lab.chosen.choose("mistakes", **fields)

    def _forget_read(self) -> None:
        """Discard the predictions before choices are restored: their digit has the number of another evaluation."""
        self._read = self._last_read = None

    def _on_choices(self) -> None:
        before, now = self._part, self._lab.chosen.now.mistakes
        self._part = now
        choice = read_digits.MatrixChoice(_place(now.true), _place(now.read))
        if choice != self.matrix.choice:
            self.matrix.told = lambda choice: ""  # the classes are unknown until it is drawn
            self.matrix.choose(choice)
            self._scrolled[self.matrix].show_place(
                self.matrix.places.cell(-1 if choice.true is None else choice.true, 0)
            )
        if now.view != before.view:
            self.mixing.close()  # the requested view replaces the mixtures
            self._arrange()
        if now.against != before.against:
            self.against.forget()
            self.chance.cancel()
            self._show_options()
        if now.set != before.set or self._read is None:
            self._show()
        if (now.against, now.overview) != (before.against, before.overview):
            self._on_overview()
        elif replace(now, view=before.view, digit=before.digit, set=before.set) != before:
            self.group_card.show_group(self._group or "")
            self._show_gallery()
        if now.digit != before.digit:
            self._name_digit()

    @property
    def set_name(self) -> SetName:
        return cast(SetName, self.sets.value())

    def _show(self) -> None:
        if not self.isVisible():
            return
        shown, read = self._shown, self._read
        new = read_digits.newest_whole(shown, self.set_name)
        if read is not None and read.run == shown.number and read.set_name == self.set_name:
            if self.against.is_outdated(shown):
                self._show_read()
                return
            old = read.found
            same = new is not None and new.step == old.step and new.predictions is old.predictions
            if same and new is not None and new.outputs is old.outputs:  # they may come later
                self._show_beside()  # the run may have been paused
                self._update_gallery()
                return
            waits = not shown.live and (shown.visited is None or not shown.visited.settled)
            if waits and self.set_name not in shown.evaluations:
                return  # the old content names its step; the new one follows at once
        self._read = now = read_digits.read_digits(shown, new)
        if now is not None:
            self._forget_digit(now)
        self._show_read()

    def _forget_digit(self, now: ReadDigits) -> None:
        """Keep the chosen digit while its number means the same digit, even in another run."""
        before, self._last_read = self._last_read, now
        if before is None or self._digit is None:
            return
        if not now.has_the_digits_of(before) or self._digit >= len(now.found.predictions):
            self._choose(digit=None)

    def _show_read(self) -> None:
        read = self._read
        if read is not None and read.run != self._shown.number:  # another run was selected while hidden
            self._show()
            return
        self._show_page()
        self._show_part("groups", self.against.choice != ALONE)
        if self._shows_pinned:
            return
        if read is None:
            self._empty.setText(words.nothing_yet(self._shown))
            return
        if max(self.matrix.choice.true or 0, self.matrix.choice.read or 0) >= len(read.classes):
            self._choose(true=None, read=None)  # of classes that no longer exist
        if self._digit is not None and self._digit >= len(read.found.predictions):
            self._choose(digit=None)
        self._show_place()
        hue = self._hue(self._shown.run)
        self._two = self._compared(read, hue)
        self.chance.follow(self.pair)
        self._show_beside()
        overview = self.overviews.value()
        if overview == "map":
            self._show_map(read, hue)
        elif self.against.choice == ALONE:
            self._head(self.matrix, tr("{count} misread", count=read.misread), words.measured_on(read))
            self.matrix.told = partial(words.choice_told, read)
            self.matrix.show_cells(words.matrix_cells(read), hue)
        elif self._two is None:
            self._show_waiting()
        elif overview == "groups":
            self._show_groups(self._two)
        else:
            self._show_difference(self._two)
        self._show_gallery()
        self._name_digit()

    def _show_place(self) -> None:
        run, position = self._shown.run, self.against.position(self._shown)
        self.place.setVisible(position is not None)
        if run is not None and position is not None:
            epochs = run.digits_at(position.here) / run.epoch
            self.place.show_place(against_words.place_wordings(position.here, epochs))

    def _hue(self, run: RunFacts | None) -> str:
        return theme().run_colour(0 if run is None else run.hue)

    def _compared(self, read: ReadDigits, hue: str) -> TwoReadings | None:
        shown, run = self._shown, self.against.run(self._shown)
        if run is None:
            self._choose(against=AgainstPart())
        self._unlike = run is not None and read_digits.trains_on_others(shown, run, read)
        if self._unlike:
            self.against.forget()
            return None
        if run is not None and run.number != shown.number:
            read = read_digits.at_equal_digits(shown, run, read)
        evaluation = self.against.evaluation(shown, read)
        if run is None or evaluation is None or shown.run is None:
            return None
        if run.number == shown.number:
            name, grey = self.against.moment_name, theme().muted
            there = against_words.moment_side(tr("then"), grey, evaluation)
            if name:
                there = ReadSide(name, grey, evaluation)
            if self.against.choice == COPY:
                return TwoReadings(there, ReadSide(shown.run.letter, hue, read.found), read)
            here = tr("now") if shown.live else tr("here")
            return TwoReadings(there, against_words.moment_side(here, hue, read.found), read)
        other = ReadSide(run.letter, self._hue(run), evaluation)
        return TwoReadings(other, ReadSide(shown.run.letter, hue, read.found), read)

    def _show_beside(self) -> None:
        """Show the outputs of the other network beside those of the shown step, while the run is paused."""
        two, run, moment, here = self._two, self.against.run(self._shown), None, self._shown.moment
        if not self.isVisible():
            if self.mixing.is_shown:
                return  # the mixture may be shown in another tab
            two = None
        other = None if run is None or self.against.choice == COPY else run.moment
        self.mixing.offer(two, why_not(two, other, here, rests=self._shown.rests))
        if two is not None and run is not None and self._shown.rests:
            moment = self.against.network(run, two.a.found.step)
        if self.mixing.is_open:
            self.mixing.take(moment, here)
            moment = None  # beside a mixture the letter of the shown run would be wrong
        wanted = None
        if moment is not None and two is not None:  # of the same run, the name of the other step only
            wanted = Beside(moment, two.a.in_sentence, "" if two.b.full else two.b.name)
        if wanted != self._sent_beside:
            self._sent_beside = wanted
            self._lab.show_in_card(beside=wanted)

    def _show_waiting(self) -> None:
        run = self.against.run(self._shown)
        letter, against = "" if run is None else run.letter, self.against
        how = {"reads": against.reads, "failed": against.has_failed()}
        waits = against_words.waiting(letter, against.progress, **how)
        self._no_map.setText(against_words.other_digits(letter) if self._unlike else waits)
        self._head(self._no_map, tr("Digit by digit"))

    def _head(self, overview: QWidget, title: str, notes: tuple[str, ...] = ()) -> None:
        self._overview.setCurrentWidget(self._scrolled.get(overview, overview))
        self.title.setText(title)
        self.note.set_wordings(*notes)

    def _show_groups(self, two: TwoReadings) -> None:
        self._head(self.group_card, against_words.title(two), against_words.measured_on(two))
        self.group_card.show_groups(two)
        self.group_card.show_group(self._group or "")
        self._show_chance()

    def _show_difference(self, two: TwoReadings) -> None:
        title = tr("{b} − {a}", a=two.a.name, b=two.b.name)
        self._head(self.matrix, title, against_words.difference_note(two))
        self.matrix.told = partial(against_words.choice_told, two)
        self.matrix.show_cells(against_words.difference_cells(two), two.b.hue, two.a.hue)

    def _show_map(self, read: ReadDigits, hue: str) -> None:
        run, name = self._shown.run, read.set_name
        learned, notes = None, tuple[str, ...]()
        if run is not None and name != "training":
            kept = [each for each in run.readings.of(name) if each.step <= self._shown.here]
            learned = learning_map(kept, read.digits)
            notes = (story_words.map_note(learned.measurements),)
        self._map = learned if learned is not None and learned.measurements else None
        if self._map is None:
            self._no_map.setText(story_words.no_map(name))
            self._head(self._no_map, story_words.map_title(), notes)
            return
        self._head(self.map_card, story_words.map_title(), notes)
        self.map_card.show_map(self._map, hue)
        self._mark_on_map()

    def _mark_on_map(self) -> None:
        chosen = self._on_map
        self.map_card.show_group(chosen if isinstance(chosen, str) else "")
        self.map_card.map.show_chosen(chosen if isinstance(chosen, tuple) else None)

    def _chosen(self, read: ReadDigits) -> tuple[read_digits.Numbers, str]:
        order, choice, on_map = cast(MistakeOrder, self.order.value()), self.matrix.choice, self._on_map
        fields = self.map_card.map.fields
        two, overview = self._two, self.overviews.value()
        if overview == "groups" and two is not None and self._group is not None:
            return two.group(self._group, order), against_words.group_title(two, self._group)
        if overview != "map" and two is not None:
            choice = choice if overview == "matrix" else ALL_MISREAD
            return two.chosen(choice, order), against_words.choice_title(two, choice)
        if self._map is None or on_map is None or fields is None or overview != "map":
            return read.chosen(choice, order), words.choice_title(read, choice)
        if isinstance(on_map, str):
            return in_order(self._map.numbers(on_map), read.found, order), story_words.group_title(on_map)
        numbers = np.flatnonzero(fields.inside(*on_map))
        return in_order(numbers, read.found, order), self.map_card.map.title(*on_map)

    def _show_gallery(self) -> None:
        if (read := self._read) is None:
            return
        chosen, title = self._chosen(read)
        of = (read.run, read.set_name, title, self.order.value(), self.against.choice, self._two is None)
        self._gallery_waits = of == self._gallery_of and not self._shown.rests and self.gallery.underMouse()
        if self._gallery_waits:  # a digit that the user aims at must not move
            count, step = self._gallery_shown
            self.gallery_note.setText(
                tr("{digits}, still of {step}", digits=words.digits_counted(count), step=step)
            )
            return
        self._gallery_of, self._gallery_shown = of, (len(chosen), read.found.step)
        stay = title == self.gallery_title.text()
        self.gallery_title.setText(title)
        self.gallery_note.setText(words.digits_counted(len(chosen)))
        self._none.setText(tr("{what}: there is no such digit here.", what=title))
        self._tiles.setCurrentIndex(int(not len(chosen)))
        two = self._two
        widest, lines = (against_words.widest_line(two), 2) if two is not None else words.widest_line(read)
        content = GalleryContent(
            read.digits.images,
            chosen,
            lambda number: f"{words.digit_title(read.set_name, number)}. {self._description(number)}",
            widest,
            partial(words.tile_lines, read) if two is None else partial(against_words.tile_lines, two),
            lines,
        )
        first = self._first
        if self._shown.rests or first not in chosen:
            first = int(chosen[0]) if len(chosen) else None
        changed, self._first = first != self._first, first
        self.gallery.show_content(content, self._shown_digit, stay=stay)
        if changed:
            self._name_digit()

    def _update_gallery(self) -> None:
        if self._gallery_waits or self._shown.rests:
            self._show_gallery()

    def choose(self, choice: read_digits.MatrixChoice) -> None:
        self._choose(true=choice.true, read=choice.read)

    def _choose_on_map(self, choice: MapChoice | None) -> None:
        """Choose fields or a group of the map; a group that is chosen already is left."""
        self._on_map = None if isinstance(choice, str) and choice == self._on_map else choice
        self._mark_on_map()
        self._show_gallery()

    def compare_with(self, choice: AgainstPart) -> None:
        """Compare the shown step with another run or step, or with nothing. A step can be typed then."""
        if not self.isVisible():  # called from the menu, when another run may be shown
            self._shown = self._lab.shown.of_run
        if choice.step == HERE:
            choice = replace(choice, step=self._shown.here)
        overview = "matrix" if choice == ALONE else self.overviews.value()
        self._choose(against=choice, overview=overview, group="")
        if not self.place.isHidden():
            self.place.setFocus()
        if not self.isVisible():
            self._release()

    def _show_options(self) -> None:
        self.against_list.show_choices(self.against.options(self._shown, self.compare_with))

    def compared_choices(self) -> list[ComparedChoice]:
        """Return the list as a menu, for tabs that have no room for it."""
        return self.against.options(self._lab.shown.of_run, self.compare_with)  # `_shown` may be outdated

    def _on_mixing(self) -> None:
        if self.mixing.is_open:
            self.chosen.stop()
        self._arrange()
        self._show_beside()

    def _choose_verdicts(self, group: VerdictGroup) -> None:
        self._choose(group="" if self._group == group else group)

    @property
    def pair(self) -> Pair | None:
        a, b, two = self.against.run(self._shown), self._shown.run, self._two
        if a is None or b is None or two is None or a.number == b.number:
            return None
        return a, b, shared_step(a, b, self._lab.runs.find), two

    def _ask_chance(self) -> None:
        pair = self.pair
        if not self.chance.cancel() and pair is not None:
            self.chance.ask(pair)
            self._show_chance()

    def _show_chance(self) -> None:
        pair, two = self.pair, self._two
        if two is None:
            return
        offered = (
            pair is not None
            and self._shown.rests
            and (pair[2] or 0) < min(two.a.found.step, two.b.found.step)
            and two.groups.differ > 0
        )
        answer = self.chance.answer(pair) if offered and pair is not None else None
        texts: tuple[str, ...] = () if answer is None else against_words.chance_told(two, answer)
        if self.chance.is_open:
            texts = (against_words.chance_progress(two, self.chance.progress),)
        elif offered and self.chance.has_failed and answer is None:
            texts = (tr("They could not be trained in other orders."),)
        trains = pair is not None and pair[2] is not None
        offered = offered and answer is None
        self.group_card.show_chance(*texts, offered=offered, works=self.chance.is_open, trains=trains)

    def _on_overview(self) -> None:
        groups = self.group_card.buttons["only_b_wrong"]
        parts = {"map": self.map_card.map, "groups": groups, "pinned": self._pinned}
        self.setFocusProxy(parts.get(self.overviews.value()) or self.matrix)
        self._show()
        self._show_read()

    def _on_digit(self, number: int) -> None:
        narrow = self._is_narrow and not self.mixing.is_open
        self._choose(digit=number, view="one" if narrow else self.views.value())
        digits, run = self._shown.digits, self._shown.run
        if self.set_name == "training" and digits is not None and run is not None:
            number = digits.training_number(run.settings, number)
        self.show_digit(self.set_name, number)

    def _name_digit(self) -> None:
        read, number = self._read, self._shown_digit
        if read is not None and number is not None and number >= len(read.found.predictions):
            number = None
        self.matrix.ring(None if read is None or number is None else read.label(number))
        text = "" if number is None else self._description(number)
        self.chosen.show_digit(self._shown, read, number, text, self._other_run())
        if read is not None and number is not None and self._large is not None and self._large.isVisible():
            title = words.digit_title(read.set_name, number)
            self._large.show_digit(read.digits.images[number], title, self._description(number))

    def _other_run(self) -> OtherRun | None:
        two, run, shown = self._two, self.against.run(self._shown), self._shown.run
        if two is None or run is None or shown is None or run.number == shown.number:
            return None
        return OtherRun(run, (two.a, two.b), shared_step(run, shown, self._lab.runs.find) or 0)

    def _description(self, number: int) -> str:
        read, two = self._read, self._two
        if two is not None and number < two.groups.of:
            return against_words.digit_told(two, number)
        return "" if read is None else words.digit_told(read, number)

    def _open_large(self) -> None:
        read, number = self._read, self._shown_digit
        if read is None or number is None:
            return
        if self._large is None:
            self._large = LargeDigit(self.gallery.walk, self)
        self._large.show()
        self._name_digit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape or not self._escape():
            super().keyPressEvent(event)

    def _escape(self) -> bool:
        """Handle Escape: cancel an evaluation, or choose all digits again. Return False if there is nothing to undo."""
        if self._shows_pinned:
            return False
        if self.chosen.cancel() or self.chance.cancel() or self.mixing.close():
            return True
        on_map = self.overviews.value() == "map"
        if self.chosen.back_button.isVisible():
            self._choose(view="digits")
        elif self.overviews.value() == "groups" and self._group is not None:
            self._choose_verdicts(self._group)
        elif on_map and self._on_map is not None:
            self._choose_on_map(None)
        elif not on_map and self.matrix.choice != ALL_MISREAD:
            self.choose(ALL_MISREAD)
        else:
            return False
        return True

    @property
    def _is_narrow(self) -> bool:
        return self.width() < scaled(NARROW, self)

    def _arrange(self) -> None:
        """Lay out the parts. With little width the chosen digit replaces the overview, and the mixtures the gallery, so
        that the gallery stays in place while one moves through it."""
        width, narrow, mixes = self.width(), self._is_narrow, self.mixing.is_open
        one = self.views.value() == "one" and not mixes
        self.tab_tools.offer(self.views.control, narrow and not self._shows_pinned)
        chosen = self._scrolled[self.chosen]
        if self._beside.indexOf(chosen) != (place := 0 if narrow else 2):
            self._beside.insertWidget(place, chosen)
        self._left.setVisible(not narrow or not one)
        self._middle.setVisible(not narrow or not mixes)
        chosen.setVisible((not narrow or one) and not mixes)
        self.chosen.back_button.setVisible(narrow)
        self.mixing.card.setVisible(mixes)
        left, beside = round((0.46 if narrow else MATRIX) * width), round(CHOSEN * width)
        self._left.setFixedWidth(left)
        chosen.setFixedWidth(left if narrow else beside)
        self.mixing.card.setMinimumWidth(0 if narrow else beside)
        self.mixing.card.setMaximumWidth(_MOST_PIXELS if narrow else beside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._throttle.prioritise()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.against.forget()
        self.chance.cancel()
        self._show_beside()
        self._release()

    def _release(self) -> None:
        """Release what is shown while the tab is hidden; it is set again before the tab is shown."""
        self.chosen.put_aside()
        self._shown = self._shown.put_aside()


_MOST_PIXELS: Final = (1 << 24) - 1  # Qt's limit on a widget's side


def _place(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None
