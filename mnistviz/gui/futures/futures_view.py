"""The tab *What next?*: forecasts of the run from the viewed step, for several values of one setting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from PySide6.QtCore import QSize
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from mnistviz.engine.futures import MINI_BATCHES, Forecast, Varied
from mnistviz.engine.settings import Settings
from mnistviz.gui.common import numbers, prediction_words, setting_names
from mnistviz.gui.common.layouts import column_of, empty_label, label, row_of, stack_of, styled
from mnistviz.gui.common.steady import SteadyList
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import ActionPushButton, describe, new_action, push_button
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.futures import future_words as words
from mnistviz.gui.futures.future_content import FuturesContent, Guess, cover, present, with_guess
from mnistviz.gui.futures.future_plots import FutureFan, FutureLegend, FuturePlot, MisreadPlot
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import Shown

LENGTHS: Final = (50, 200, 500, 2_000)  # mini-batches
_KEY: Final = "what next"
_VARIED: Final[tuple[Varied, ...]] = ("eta", "momentum", "mini_batch_size")

_Of = tuple[object, ...]
"""What the forecasts depend on."""


class FuturesView(QWidget):
    """Requests forecasts from the viewed step, only while it is visible and the run is paused."""

    take: Callable[[str, float], object]
    """Adopts a value of a setting."""
    leave: Callable[[], object]
    """Is called when the view is hidden."""

    def __init__(self, theme: Theme, lab: Lab) -> None:
        super().__init__()
        self.setObjectName("futures")
        self._theme, self._lab, self._shown = theme, lab, Shown()
        self.take, self.leave = lambda _name, _value: None, lambda: None
        self._asked: _Of | None = None
        self.forecast: Forecast | None = None
        self._added: tuple[float, ...] = ()  # values that the user added
        self._guess = Guess()
        self._is_counted = True  # whether the guess is counted among the predictions, or empty
        self._answered: _Of | None = None  # the forecasts that were guessed or uncovered
        self.fan, self.misread = FutureFan(theme), MisreadPlot(theme)
        self._plots: tuple[FuturePlot, ...] = (self.fan, self.misread)
        self._legend = FutureLegend(theme)
        self._build()
        for plot, other_plot in (self._plots, self._plots[::-1]):
            plot.pointed.connect(other_plot.show_pointed)
            plot.value_wanted.connect(self._adopt)
        self.misread.added.connect(self._add)
        self.fan.drawn.connect(lambda x, y: self._answer(Guess(drawn=(x, y))))
        self.setFocusProxy(self.misread)

    @property
    def varied(self) -> Varied:
        return cast(Varied, self.setting.value())

    def _build(self) -> None:
        tips = {
            "eta": self.tr("Compares values of the learning rate."),
            "momentum": self.tr("Compares values of the momentum."),
            "mini_batch_size": self.tr("Compares mini-batch sizes, over the same number of digits."),
        }
        self.setting = Switch(
            "futures_setting",
            self.tr("The setting that is varied"),
            tuple((name, setting_names.short(name), tips[name]) for name in _VARIED),
            lambda _: self._vary(),
        )
        self.length = SteadyList()
        for count in LENGTHS:
            text = self.tr("{count} mini-batches").format(count=numbers.whole(count))
            self.length.addItem(text, count)
        self.length.setCurrentIndex(LENGTHS.index(MINI_BATCHES))
        tip = self.tr("How many mini-batches are trained on with each value.")
        describe(self.length, "futures_length", self.tr("How far ahead"), tip)
        self.length.activated.connect(self._request)
        self._note = styled(ShortenedLabel(), "quietText", "futures_note")
        self._order = styled(ShortenedLabel(), "quietText", "futures_order")
        about = ShortenedLabel(self.tr("mean of 20 mini-batches, log scale"), self.tr("log scale"))
        about, self._digits = styled(about, "cardNote"), styled(ShortenedLabel(), "cardNote")
        self._build_question()
        head = row_of(
            self.setting, self.length, (self._note, 1), self.show_button, self._ask_button, spacing=8
        )
        cost = row_of(label("cardTitle", self.tr("Cost")), (about, 1), spacing=8)
        misread = row_of(label("cardTitle", self.tr("Misread")), (self._digits, 1), self._legend, spacing=8)
        plots = row_of(
            (column_of(cost, (self.fan, 1), spacing=2), 1),
            (column_of(misread, (self.misread, 1), spacing=2), 1),
            spacing=14,
        )
        full = QWidget()
        column_of((plots, 1), self._order, spacing=2, inside=full)
        self._message = empty_label("futures_message")
        self._stack = stack_of(self._message, full)
        column_of(head, (self._stack, 1), spacing=4, inside=self)

    def _build_question(self) -> None:
        tip = self.tr("Hides what would come until you have drawn it or pointed at a value.")
        self.ask_action = new_action(self, "ask_first_action", self.tr("As&k first"), tip, checkable=True)
        self._lab.chosen.bind(self.ask_action, "futures", "ask_first")
        self.ask_action.toggled.connect(self._show)
        self._ask_button = styled(ActionPushButton(self.ask_action), "option")
        tip, spoken = self.tr("Shows what would come, without a guess."), self.tr("Show what would come")
        text = self.tr("Show")
        self.show_button = push_button(
            "option", "futures_show", text, tip, accessible=spoken, act=lambda: self._answer(Guess())
        )
        self.show_button.hide()

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(30 * line, 9 * line)

    # Drawing

    def draw(self, shown: Shown) -> None:
        if shown.number != self._shown.number:
            self.forecast = None
        self._shown = shown.of_run
        if self.isVisible():
            self._request()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for plot in self._plots:
            plot.set_theme(theme)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._request()

    def hideEvent(self, event: QHideEvent) -> None:
        """Cancel the request and drop the forecasts: hidden ones are not computed."""
        super().hideEvent(event)
        self._lab.futures.withdraw(_KEY)
        self._asked, self.forecast, self._added = None, None, ()
        self._shown = self._shown.put_aside()
        self.leave()

    # Requests

    def _now(self) -> Settings | None:
        """Return the settings of the mini-batch after the viewed step, with planned edits, or None while its weights
        are not available."""
        shown, run = self._shown, self._shown.run
        if run is None or not run.ready or shown.moment is None or shown.filming:
            return None
        if shown.live:
            return run.now if run.has_obeyed and not run.playing else None
        if shown.moment.kind != "exact" or shown.moment.step != shown.here:
            return None
        return shown.moment.settings.changed(**shown.draft.plan)

    @property
    def _can_learn(self) -> bool:
        run = self._shown.run
        return run is not None and run.ready and not (run.failed or self._shown.diverged)

    def _request(self) -> None:
        shown, run, now = self._shown, self._shown.run, self._now()
        if run is None or now is None or not self._can_learn:
            self._lab.futures.withdraw(_KEY)
            self._asked = None
            if self.forecast is None or not (shown.live and self._can_learn):  # else the next come at once
                self._show_message(self._reason())
            return
        acts = () if run.record is None else run.record.acts
        wanted = int(self.length.currentData())
        of = (run.number, shown.here, now, self.varied, wanted, acts, self._added)
        if of == self._asked:
            return
        self._asked = of
        if self.forecast is None or self.forecast.varied != self.varied:
            self._show_message(self.tr("Training with each value …"))
        then = self._on_forecast, self._on_error, self._show_progress
        self._lab.futures.ask(_KEY, run, shown.here, now, self.varied, *then, wanted, self._added)

    def _vary(self) -> None:
        self._added = ()
        self._request()

    def _add(self, value: float) -> None:
        self._added = (*self._added, value)
        self._request()

    def _reason(self) -> str:
        shown = self._shown
        if shown.run is None or not shown.run.ready:
            return self.tr("What would come next is shown here once a run has begun.")
        if shown.diverged or shown.run.failed:
            return self.tr("This network cannot learn on, so nothing comes next.")
        if shown.filming:
            return self.tr("Stop the replay to see what would come next.")
        return self.tr("Waiting for the moment …")

    def _show_progress(self, done: int, of: int) -> None:
        percent = numbers.whole(100 * done // max(of, 1))
        text = self.tr("Training with each value: {percent} %. Escape stops it.")
        self._show_message(text.format(percent=percent))

    def _on_error(self, error: Exception) -> None:
        self._show_message(self.tr("What would come could not be computed."))

    def _on_forecast(self, forecast: Forecast) -> None:
        self.forecast = forecast
        self._show()

    # Guesses

    @property
    def _about(self) -> _Of:
        forecast = self.forecast
        return () if forecast is None else (self._shown.number, forecast.step, forecast.varied)

    @property
    def covered(self) -> bool:
        return self.ask_action.isChecked() and self._answered != self._about

    def _answer(self, guess: Guess) -> None:
        self._answered, self._guess, self._is_counted = self._about, guess, False
        self._show()

    def _adopt(self, value: float) -> None:
        if self.covered:
            self._answer(Guess(value))
        else:
            self.take(self.varied, value)

    # Content

    def _show_message(self, text: str) -> None:
        self._message.setText(text)
        self._message.setAccessibleName(text)
        self._stack.setCurrentIndex(0)
        self._note.set_wordings()
        self.show_button.hide()

    def _show(self) -> None:
        forecast, run, digits = self.forecast, self._shown.run, self._shown.digits
        now = self._now()
        if forecast is None or run is None or digits is None or now is None:
            return
        chosen = getattr(now, forecast.varied)
        if all(future.value != chosen for future in forecast.futures):
            return
        wanted = int(self.length.currentData())
        content = present(forecast, chosen, wanted, len(digits.validation))
        asks = self.covered
        if asks:
            content = cover(content, forecast)
        elif self._answered == self._about:
            content = with_guess(content, self._guess)
        hue = self._theme.run_colour(run.hue)
        for plot in self._plots:
            plot.show_content(content, hue)
        self._legend.show_legend(() if asks else words.legend(), self._theme, hue)
        self._note.set_wordings(*(words.question(forecast) if asks else content.note))
        self.show_button.setVisible(asks)
        self._digits.set_wordings(*content.digits_note)
        self._order.set_wordings(*self._guess_texts(forecast, content), *content.order_note)
        self._stack.setCurrentIndex(1)

    def _guess_texts(self, forecast: Forecast, content: FuturesContent) -> tuple[str, ...]:
        result = "" if content.covered else content.told_of_guess(forecast)
        if not result:
            return ()
        score = content.score_of_guess(forecast)
        if score is not None and not self._is_counted:
            self._is_counted = True
            guess = content.guess
            guessed = self.tr("drawn") if guess.value is None else words.value(forecast.varied, guess.value)
            self._lab.predictions.add("what_next", forecast.varied, guessed, result, score)
        verdict, text = prediction_words.verdict(score), self.tr("{guess} {order}")
        scored = text.format(guess=result, order=verdict) if verdict else result
        return *(text.format(guess=scored, order=each) for each in content.order_note), scored, verdict
