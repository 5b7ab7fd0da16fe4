"""The Layers tab: activation statistics of each layer on 1,000 digits, and how fast each layer learns over the run."""

from collections.abc import Callable
from functools import partial
from typing import Final, cast

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from mnistviz.engine.history import History, LayerSize
from mnistviz.engine.microscope.layer_histograms import shared_histograms
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.gui.common.layouts import column_of, empty_label, row_of, stack_of
from mnistviz.gui.common.tab_tools import ChoiceActions, ComparedChoice, ComparedList, TabTools
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.widgets import least_tab
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import RunEnded
from mnistviz.gui.lab.questions import SHORT, RepeatedQuestion
from mnistviz.gui.lab.run_names import run_name
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.layers import layer_words as words
from mnistviz.gui.layers.layer_charts import LayerCharts, LayersContent
from mnistviz.gui.layers.layer_words import present_sizes
from mnistviz.gui.layers.size_plot import SizePlot

_BESIDE: Final = "layers beside"  # the job key


class RunBeside(QObject):
    """The run chosen in a list, and its checkpoint: the newest while the selected run trains, or, if that is paused,
    the one after as many digits, which may have to be replayed."""

    def __init__(self, lab: Lab, changed: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._lab, self._notify = lab, changed
        self._letter = ""
        self._shown = Shown()
        self._asked: tuple[int, int] | None = None  # a run and a step
        self._found: Moment | None = None
        tip = tr("Shows the layers of another run beside these, after as many digits.")
        self.list = ComparedList("layers_beside", tip)
        lab.chosen.listen("layers", self._on_choice)
        self._on_choice()

    @property
    def run(self) -> RunFacts | None:
        return next((run for run in self._others() if run.letter == self._letter), None)

    def _others(self) -> list[RunFacts]:
        selected = self._lab.run
        runs = (
            () if selected is None else (run for run in self._lab.runs.open if run.number != selected.number)
        )
        return [run for run in runs if run.ready and not run.failed]

    def choices(self) -> list[ComparedChoice]:
        runs, now = self._lab.runs.open, self.run
        tip = tr("Shows the layers of the selected run alone.")
        choices = [ComparedChoice(tr("not compared"), tip, now is None, partial(self.choose, ""))]
        for run in self._others():
            tip = tr("Shows the layers of run {run}, {name}, beside these, after as many digits.")
            text, tip = (
                tr("beside {run}", run=run.letter),
                tip.format(run=run.letter, name=run_name(run, runs)),
            )
            act = partial(self.choose, run.letter)
            choices.append(ComparedChoice(text, tip, run.letter == self._letter, act))
        return choices

    def choose(self, letter: str) -> None:
        self._lab.chosen.choose("layers", beside=letter)

    def _on_choice(self) -> None:
        if (letter := self._lab.chosen.now.layers.beside) != self._letter:
            self._letter = letter
            self.forget()
            self.list.show_choices(self.choices())
            self._notify()

    def draw(self, shown: Shown) -> None:
        self._shown = shown.of_run
        self.list.show_choices(self.choices())

    def moment(self) -> Moment | None:
        """Return the run's checkpoint, or None without a run or until it is replayed; `changed` is called then."""
        run, shown = self.run, self._shown
        if run is None or shown.run is None or run.moment is None:
            return None
        if not shown.still:
            return run.moment
        if (step := min(run.nearest_step(shown.run.digits_at(shown.here)), run.step)) == run.step:
            return run.moment
        if self._asked != (run.number, step):
            self._asked, self._found = (run.number, step), None
            # without it the layers are shown alone
            self._lab.questions.ask_moment(_BESIDE, run, step, self._on_found, lambda error: None)
        return self._found

    def _on_found(self, moment: Moment) -> None:
        self._found = moment
        self._notify()

    def put_aside(self) -> None:
        self.forget()
        self._shown = self._shown.put_aside()

    def forget(self) -> None:
        self._lab.questions.withdraw(_BESIDE)
        self._asked = self._found = None


SECONDS: Final = 1.0  # the shortest interval while the network trains: each request takes some 40 ms
LATEST: Final = 200  # milliseconds until a result is shown, even if no frame is drawn
_COUNTED: Final = 1_000  # digits for the histograms
_KEY: Final = "layers"  # the job key

_Moments = tuple[Moment, ...]  # the checkpoint that is shown, and that of the run beside, if any


class LayersView(QWidget):
    """The Layers tab. It requests activation statistics of the shown step, but only while visible."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.setObjectName("layers")
        self._lab, self._shown = lab, Shown()
        self._layers: tuple[words.Layers, ...] = ()  # of the run, and of the one beside
        self._moments: _Moments = ()  # the source of `_layers`
        self._digits = 0
        self._sizes_of: object = None  # the source of the sizes over the run, besides their history
        self._histories: list[History | None] = [None, None]
        self._question = RepeatedQuestion[tuple[Network, ...]](lab.questions, _KEY, SECONDS, self._ask, self)
        # Active while a result waits to be shown.
        self._pending = new_timer(self, self._show_charts, LATEST)
        self.charts, self.sizes = LayerCharts(), SizePlot(self._go)
        spoken = tr("What is shown over the run")
        gradient = tr("Shows how large the gradient of each layer was.")
        step = tr("Shows how far a mini-batch moved each layer.")
        parts = (("gradient", tr("&gradient"), gradient), ("step", tr("&step"), step))
        self.over_run = ChoiceActions("layers_size", spoken, parts, self)
        lab.chosen.bind(self.over_run, "layers", "size")
        self.over_run.chosen.connect(self._show_sizes)
        self.beside = RunBeside(lab, self._ask, self)
        lab.listen(RunEnded, self._on_ended)
        self.tab_tools = TabTools(self, "layers_tools", self.over_run.control, self.beside.list)
        self.setFocusProxy(self.charts)
        self._empty = empty_label("layers_empty")
        full = QWidget()
        self._beside = row_of(self.charts, self.sizes, margins=(2, 0, 2, 2), spacing=22, inside=full)
        self._stack = stack_of(self._empty, full)
        column_of(self._stack, inside=self)

    def draw(self, shown: Shown) -> None:
        """Request the statistics of another network: at once if the run is paused, else at most every `SECONDS`."""
        before, self._shown = self._shown, shown
        if shown.is_first(before):
            self._forget()
        if not self.isVisible():
            return
        self.beside.draw(shown)
        self.tab_tools.offer(self.beside.list, self.beside.list.count() > 1)
        if shown.still:
            self._question.throttle.now()
        elif self._pending.isActive():
            self._show_charts()
        else:
            self._question.throttle.if_due()  # between two frames, so that it delays none

    def adopt_theme(self) -> None:
        self._show()

    @property
    def shown(self) -> Moment | None:
        return self._moments[0] if self._moments and self._stack.currentIndex() else None

    def minimumSizeHint(self) -> QSize:
        return least_tab(self)

    def _ask(self) -> None:
        shown = self._shown
        if not self.isVisible():
            return
        if shown.moment is None or shown.run is None or shown.digits is None or not shown.run.ready:
            self._show_charts()
            return
        self._show_sizes()
        moments: _Moments = shown.moment, *filter(None, (self.beside.moment(),))
        networks = tuple(each.network for each in moments)
        is_known = networks == self._question.of
        if is_known and (self._pending.isActive() or self._hue != self.charts.content.hue):
            self._show_charts()
        if self._question.begin(networks, shown):
            then = partial(self._on_found, moments), self._on_refused
            images = shown.digits.trained_on(shown.moment.settings).first(_COUNTED).images
            quick = len(images) * sum(network.parameters.size for network in networks) <= SHORT
            work = partial(shared_histograms, networks, images)
            self._lab.questions.ask(_KEY, lambda *_: (work(), len(images)), *then, quick=quick)

    def _on_found(self, moments: _Moments, answer: tuple[tuple[words.Layers, ...], int]) -> None:
        self._layers, self._digits = answer
        self._moments = moments
        self._question.end()
        if self._shown.rests or not self._stack.currentIndex():
            self._show_charts()
        else:
            self._pending.start()  # to be drawn between two frames

    def _on_refused(self, error: Exception) -> None:
        self._forget()
        self._show_message(tr("The layers could not be looked at. Choose another moment."))

    def _on_ended(self, change: RunEnded) -> None:
        """Release the networks of a run that may be closed, if the tab is hidden."""
        if not self.isVisible() and any(moment.run == change.run.number for moment in self._moments):
            self._forget()
            self.charts.show_content(LayersContent(theme().muted))

    def _forget(self) -> None:
        self._pending.stop()
        self._question.forget()
        self.beside.forget()
        self._layers = self._moments = ()

    def _show_message(self, text: str) -> None:
        self._empty.setText(text)
        self._stack.setCurrentIndex(0)

    def _show(self) -> None:
        self._show_charts()
        self._show_sizes()

    def _show_charts(self) -> None:
        self._pending.stop()
        if not self._layers or self._shown.run is None:
            waits = tr("The layers are being looked at …")
            self._show_message(waits if self._question.asked else words.nothing_yet(self._shown))
            return
        layers, network = self._layers[0], self._moments[0].network
        if not words.are_finite(layers, network, self._digits):
            text = tr(
                "Some weights or activations are no finite numbers any more, so there is nothing to count. Go back in "
                "time, or start a new run with a smaller η."
            )
            self._show_message(text)
            return
        content = words.present(layers, network, self._digits, self._hue, self._layers_beside())
        self.charts.show_content(content)
        charts = min(44 + 6 * len(layers), 74)
        self._beside.setStretch(0, charts)
        self._beside.setStretch(1, 100 - charts)
        self._stack.setCurrentIndex(1)

    def _layers_beside(self) -> words.LayersBeside | None:
        if (run := self.beside.run) is None or len(self._layers) < 2 or self._moments[1].run != run.number:
            return None
        layers, moment = self._layers[1], self._moments[1]
        if not words.are_finite(layers, moment.network, self._digits):
            return None
        return words.LayersBeside(run.letter, self._hue_of(run), moment.step, layers, moment.network)

    @property
    def _hue(self) -> str:
        return self._hue_of(self._shown.run)

    def _hue_of(self, run: RunFacts | None) -> str:
        return theme().muted if run is None else theme().run_colour(run.hue)

    def _show_sizes(self) -> None:
        shown, other, name = self._shown.of_run, self.beside.run, cast(LayerSize, self.over_run.value())
        histories = [None if run is None else run.history for run in (shown.run, other)]
        hues = self._hue, self._hue_of(other)
        of = shown.number, shown.here, shown.end, name, *hues, None if other is None else other.letter
        same = (one is before for one, before in zip(histories, self._histories, strict=True))
        if of != self._sizes_of or not all(same):
            self._sizes_of, self._histories = of, histories
            self.sizes.show_content(present_sizes(shown, name, hues[0], other, hues[1]))

    def _go(self, epochs: float) -> None:
        if (run := self._shown.run) is not None:
            self._lab.playhead.visit_nearest(epochs * self._shown.epoch_of(run))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._question.throttle.prioritise()
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pending.stop()
        self._question.withdraw()
        self.beside.put_aside()
        self._shown = self._shown.put_aside()
