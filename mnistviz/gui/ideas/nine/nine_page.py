"""Parts of a nine: four painted detectors, a network that learned the question, and readings of the lab's layers."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.ideas import detectors
from mnistviz.engine.ideas.detectors import LearnedQuestion, example_detectors, learn_question, solved
from mnistviz.engine.ideas.layer_readings import DepthReading, read_depth
from mnistviz.engine.moment import Moment
from mnistviz.engine.scores import score_choice
from mnistviz.gui.common.layouts import FlowLayout, label, row_of
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.common.steady import SteadySlider
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.common.widgets import push_button, set_icon
from mnistviz.gui.ideas.nine import nine_words as words
from mnistviz.gui.ideas.nine.count_figures import (
    CountsFigure,
    Judgements,
    WrongBars,
    judgements_of_network,
    judgements_of_parts,
)
from mnistviz.gui.ideas.nine.depth_figure import DepthFigure
from mnistviz.gui.ideas.nine.nine_words import parts_result, question_of, said, say, tasks_of, text_of
from mnistviz.gui.ideas.nine.painting import FURTHEST, Painted, Painting
from mnistviz.gui.ideas.nine.parts_figure import BINS, PartsContent, PartsFigure
from mnistviz.gui.ideas.nine.tile_row import LearnedFigure
from mnistviz.gui.ideas.page import PageContext, Scene, SceneOutcome
from mnistviz.gui.ideas.parts.lab_page import LabPage
from mnistviz.gui.ideas.parts.page_parts import ChoiceRow, MainButton, Question, SteadyText, Value
from mnistviz.gui.lab.shown import Shown

PENS: Final = {"ink": 1, "no_ink": -1, "rub_out": 0}
BRUSH: Final = (1, 2, 6)  # pixels: the narrowest, that of the beginning, and the widest
STEP: Final = 0.5  # of a threshold, by keys


class PaintTools:
    """Three pens, the width of the brush, and undo."""

    def __init__(self, canvas: PartsFigure, undo: Callable[[], object]) -> None:
        self._canvas = canvas
        self.pens = ChoiceRow("nine_pen", say.choices(*PENS), self._take_pen, spacing=4)
        self.brush, beside = SteadySlider(Qt.Orientation.Horizontal), QWidget()
        self.brush.setRange(BRUSH[0], BRUSH[2])
        self.brush.setFixedWidth(62)
        tip = say("undo_tip")
        self.undo = push_button("", "nine_undo", "", tip, "Ctrl+Z", accessible=say("undo"), act=undo)
        say.describe(self.brush, "nine_brush", "brush")
        name = label("hint", say("brush"))
        name.setBuddy(self.brush)
        row_of(name, self.brush, spacing=6, inside=beside)
        self.parts = (self.pens, beside, self.undo)
        self.brush.valueChanged.connect(self._take_brush)
        self.put_back()

    def _take_pen(self, pen: str) -> None:
        self._canvas.pen = PENS[pen]

    def _take_brush(self, width: int) -> None:
        self._canvas.brush = width
        self._canvas.update()

    def put_back(self) -> None:
        self._take_pen("ink")
        self.pens.show_choice("ink")
        self.brush.setValue(BRUSH[1])

    def set_icons(self) -> None:
        set_icon(self.undo, "undo")
        colours = {"ink": ("pen", theme().yes), "no_ink": ("pen", theme().no), "rub_out": ("eraser", None)}
        for id, (name, colour) in colours.items():
            set_icon(self.pens.buttons[id], name, colour)


class NinePage(LabPage):
    """Two scenes: *parts*, which needs digits alone, and *depth*, on the lab's network."""

    id = "nine"
    network_scenes = ("depth",)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, say("title"), say("text_parts"))
        self.work = self.add_work("nine_work")
        self.shown_digits: Digits | None = None
        self.label: int | None = 9
        self.painting = Painting()
        self._painted: Painted = (self.painting.detectors, self.painting.vote)
        self.learned: LearnedQuestion | None = None
        self._network_judged: Judgements | None = None  # the network's answers for all digits
        self.depth_reading: DepthReading | None = None
        self.number = 0
        gestures = self.painting.remember, self._ink, self._set_threshold, self._show_threshold
        self.canvas = PartsFigure(*gestures)
        self.paint_tools = PaintTools(self.canvas, self.undo)
        self.row, self.counts = LearnedFigure(), CountsFigure(self._show_digit_of)
        self.layers, self.bars = DepthFigure(), WrongBars()
        self.misread = label("cardTitle", wraps=True)
        self.fitted = SteadyText("hint")
        title, tip, bounds = say("threshold", number=1), say("threshold_tip"), (-FURTHEST, FURTHEST)
        self.threshold = Value("nine_threshold", title, tip, Scale(-20, 60, step=STEP), 0.0, bounds=bounds)
        self.threshold.changed = self._type_threshold
        must_fire, votes = label("hint", say("must_fire")), say.choices("all", "but_one", "any")
        self.votes = ChoiceRow("nine_vote", votes, self._choose_vote, spacing=4, wraps=True, before=must_fire)
        self.paint_tools.set_icons()
        self._arrange()
        self._show_class()
        self.open_scene("parts")

    def _arrange(self) -> None:
        top = QWidget()
        line = FlowLayout(top, spacing=8)
        self.choice = ChoiceRow("nine_scene", say.choices("parts", "depth"), self.open_scene, spacing=4)
        for part in (self.choice, *self.paint_tools.parts):
            line.addWidget(part)
        figures = {top: 0, self.canvas: 0, self.row: 0, self.counts: 1}
        for place, (figure, stretch) in enumerate(figures.items()):
            self.around.insertWidget(place, figure, stretch)
        self.around.setStretchFactor(self._stack, 1)
        self.add_figure(self.layers)
        for described, name, id in (
            (self.canvas, "nine_canvas", "canvas"), (self.row, "nine_learned", "learned"),
            (self.counts, "nine_counts", "counts"), (self.layers, "nine_layers", "layers"),
            (self.bars, "nine_misread", "wrong_bars"),
        ):  # fmt: skip
            say.describe(described, name, id)
        values = (self.misread, self.bars, self.threshold, self.votes)
        for value in (*values, self.fitted):
            self.values.addWidget(value)
        self.tasks.add(*tasks_of("9", 1_009))
        by_hand = (*self.paint_tools.parts, self.canvas, self.row, self.counts, *values)
        deep = (self._stack, self.fitted, self.whose, self.newest_button)
        depth = Scene("depth", deep, tasks=("layers",), again=True)
        self.add_scenes(Scene("parts", by_hand, again=True, after="depth"), depth)
        self.main_button.keep_room(say("look"), say("next"))

    @property
    def name(self) -> str:
        classes = () if self.shown_digits is None else self.shown_digits.classes
        return class_name(classes, self.label) if self.label is not None else ""

    def _use_digits(self, digits: Digits | None) -> None:
        """Adopt other digits: results for the previous ones are dropped, the painting stays."""
        self.work.cancel()
        self.shown_digits, self.learned = digits, None
        self.label = 9 if digits is None else detectors.asked_class(digits)
        self.painting.judge(None if digits is None else digits.test, self.label)
        self._show_first()
        self.cover("parts")
        self._show_class()
        self._check_parts()
        self.renew()

    def _show_class(self) -> None:
        digits, asked = self.shown_digits, self.label
        if digits is None or asked is None or self.sums is None:
            return
        own = int(self.sums.is_own.sum())
        texts = self.question.line, self.question.detail
        for text, room in zip(texts, words.longest_words(self.name), strict=True):
            text.keep_room(room)  # for the longest texts that the page shows
        title = "title" if words.is_nine(digits.classes, asked) else "title_classes"
        self.question.title.setText(say(title))
        self.misread.setText(say("misread", count=len(digits.test)))
        for task in tasks_of(self.name, own):
            self.tasks.say(task.id, task.text)
        self._show_text()

    def _show_text(self) -> None:
        if (digits := self.shown_digits) is not None and self.label is not None and self._scene:
            self.words.setText(text_of(self._scene, digits.classes, self.label, self.name))

    def entered(self) -> None:
        self._show_text()
        super().entered()
        if self.needs_network:
            self._show_depth()

    def draw(self, shown: Shown) -> None:
        if shown.digits is not self.shown_digits:
            self._use_digits(shown.digits)
        super().draw(shown)

    def ask(self) -> Question | None:
        if self.needs_network:
            return question_of("depth", "")
        if self.sums is None:
            how = "no_digits" if self.shown_digits is None else "one_class"
            return Question(how, say(how))
        return question_of("parts", self.name)

    def name_main(self) -> MainButton:
        if self.lacks_network:
            return MainButton()
        if self.told and not self.needs_network:
            return say.main("next", self.sums is not None)
        return say.look(bool(self.prediction), not self.told and not self.work.is_working)

    def press_main(self) -> None:
        if not self.told:
            self._compute_outcome()
        elif not self.needs_network and self.sums is not None:
            self._show_digit((self.number + 1) % len(self.sums.digits))

    def _compute_outcome(self) -> None:
        if self.needs_network:
            if self.depth_reading is None:
                self.work_out(say("reading"), read_depth, self._on_depth)
            else:
                self._on_depth(self.depth_reading)
        elif self.learned is not None:
            self._on_learned(self.learned)
        elif self.shown_digits is not None and self.label is not None:
            learn = partial(learn_question, self.shown_digits, self.label)
            self.work.begin(say("learning"), learn, self._on_learned)
        self.say_main()

    def _on_learned(self, learned: LearnedQuestion) -> None:
        self.learned, self._network_judged = learned, judgements_of_network(learned)
        self._store_outcome("parts")
        self._check_parts()

    def _on_depth(self, reading: DepthReading) -> None:
        self.depth_reading = reading
        self._store_outcome("depth")
        self._show_depth()

    def _store_outcome(self, scene: str) -> None:
        """Store the outcome of a scene, which may not be the open one by now, and show it."""
        answer, score = self.predictions.get(scene, ""), None
        if scene == "depth" and self.depth_reading is not None:
            came, asks = words.depth_result(self.depth_reading)
            if answer:
                score = score_choice(answer != self.depth_reading.order, 0, ordered=False)
        else:
            assert self.learned is not None
            came, asks = parts_result(self.learned, self.name), say("asks_parts")
        self.outcomes[scene] = SceneOutcome(said(answer, self.name), came, asks, score)
        self.renew()

    def ask_again(self) -> None:
        self.cover()
        self._check_parts()
        self._show_depth()
        self.renew()

    def show_me(self) -> None:
        """Show the outcome; then paint an example, without ticking anything."""
        if self.lacks_network or self.work.is_working:
            return
        if not self.told:
            self._compute_outcome()
        elif not self.needs_network and self.shown_digits is not None and self.label is not None:
            digits, asked = self.shown_digits, self.label
            self.work.begin(say("painting"), lambda *_: example_detectors(digits, asked), self._show_example)

    def reset(self) -> None:
        self.work.cancel()
        self.solved_by_show_me.clear()
        self.painting.clear()
        self.paint_tools.put_back()
        self.canvas.choose(0)
        self._show_first()
        self.cover("parts", "depth")
        self._check_parts()
        self._show_depth()
        self.open_scene("parts")

    @property
    def sums(self) -> detectors.DetectorSums | None:
        """The sums of the detectors for all test digits; None without digits or class."""
        return self.painting.sums

    def undo(self) -> None:
        """Undo the last stroke, threshold or vote. The restored state does not count as done by hand."""
        self.painting.undo()
        self._check_parts()

    def _ink(self, number: int, pixels: NDArray[np.intp], sign: int) -> None:
        self.painting.ink(number, pixels, sign)
        self._check_parts(by_hand=True)

    def _set_threshold(self, number: int, threshold: float) -> None:
        self.painting.set_threshold(number, threshold)
        self._check_parts(by_hand=True)

    def _type_threshold(self, threshold: float) -> None:
        self.painting.remember()
        self._set_threshold(self.canvas.current, threshold)

    def _choose_vote(self, vote: detectors.Vote) -> None:
        self.painting.remember()
        self.painting.vote = vote
        self._check_parts(by_hand=True)

    def _show_example(self, example: Painted) -> None:
        self.painting.show(example)
        self._check_parts()

    def _show_threshold(self) -> None:
        number = self.canvas.current
        if (strip := self.canvas.content.strips[number]) is not None:
            low, high = STEP * np.floor(strip.low / STEP), STEP * np.ceil(strip.high / STEP)
            self.threshold.rescale(Scale(float(low), float(high), step=STEP), (-FURTHEST, FURTHEST))
        self.threshold.set_title(say("threshold", number=number + 1))
        self.threshold.set_value(self.painting.detectors[number].threshold)

    def _check_parts(self, *, by_hand: bool = False) -> None:
        """Show the accuracy, and tick what was done `by_hand`, unless all pictures are the example's."""
        painting, sums, reading = self.painting, self.sums, self.painting.reading()
        self.votes.show_choice(painting.vote)
        self.paint_tools.undo.setEnabled(painting.can_undo)
        if sums is None or reading is None:
            self.canvas.show_content(PartsContent())
            self.row.show_learned(None, None, is_own=False)
            self.counts.show_judgements(None, None, self.name)
            return
        learned = self.learned if "parts" in self.outcomes else None
        digit, is_own = sums.digits.images[self.number], bool(sums.is_own[self.number])
        classes = () if self.shown_digits is None else self.shown_digits.classes
        label = class_name(classes, int(sums.digits.labels[self.number]))
        ids = ("test_digit", "test_digit_short", "test_digit_shortest")
        captions = tuple(say(id, number=self.number, name=label) for id in ids)
        strips = tuple(sums.strip(number, BINS) for number in range(detectors.DETECTORS))
        self.canvas.show_content(PartsContent(
            painting.detectors, strips, reading.shares, digit, captions, is_own, self.name, painting.vote,
            reading.needed,
        ))  # fmt: skip
        self.row.show_learned(learned, digit, is_own=is_own)
        network = None if learned is None else self._network_judged
        self.counts.show_judgements(judgements_of_parts(reading), network, self.name)
        self.bars.show_wrong(reading.own, reading.wrong, None if learned is None else learned.wrong)
        self._show_threshold()
        met = solved(reading)
        if not by_hand or painting.is_example:
            self.solved_by_show_me |= met
        self.solved_by_show_me -= {"better", "part", "found"} - met
        for task in met - self.solved_by_show_me:
            self.tasks.finish(task)
        painted = painting.detectors, painting.vote
        if painted[0] is not self._painted[0] or painted[1] != self._painted[1]:
            self._painted = painted
            self.changed()

    def _show_first(self) -> None:
        if self.sums is not None:
            self.number = int(np.flatnonzero(self.sums.is_own)[0])

    def _show_digit(self, number: int) -> None:
        self.number = number
        self._check_parts()

    def _show_digit_of(self, votes: int, is_own: bool) -> None:
        """Show the next test digit, of the class or not, for which this many detectors fire."""
        if self.sums is None:
            return
        matches = np.flatnonzero((self.sums.votes() == votes) & (self.sums.is_own == is_own))
        if len(matches):
            after = matches[matches > self.number]
            self._show_digit(int(after[0] if len(after) else matches[0]))

    def take_newest(self) -> None:
        super().take_newest()
        self._show_depth()  # nothing without a network

    def fits(self, moment: Moment) -> str:
        if len(moment.network.sizes) < 3:
            return say("no_hidden", sizes="-".join(map(str, moment.network.sizes)))
        return "" if np.isfinite(moment.network.parameters).all() else say("not_finite")

    def use(self, moment: Moment, digits: Digits) -> None:
        self.depth_reading = None
        if self.needs_network:
            self.work.cancel()
        self.cover("depth")
        self._show_depth()
        self.renew()

    def _show_depth(self) -> None:
        reading = self.depth_reading if "depth" in self.outcomes and self.taken is not None else None
        if self.taken is not None:
            self.layers.show_reading(self.taken.network.sizes, reading)
        told = "" if reading is None else say("fitted", fitted=reading.fitted, measured=reading.measured)
        self.fitted.setText(told)

    def solved(self) -> set[str]:
        return {"layers"} if self.needs_network and self.told and self.prediction else set()

    def record(self) -> dict[str, Any]:
        return {**super().record(), "painting": self.painting.record()}

    def take_record(self, record: dict[str, Any]) -> None:
        super().take_record(record)
        if "painting" in record:
            self.painting.take_record(record["painting"])
            self._check_parts()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo) and not self.needs_network:
            self.undo()
        else:
            super().keyPressEvent(event)

    def adopt_theme(self) -> None:
        super().adopt_theme()
        self.paint_tools.set_icons()
