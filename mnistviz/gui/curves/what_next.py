"""*What next?*: forecasts of the run from the viewed step, for several values of one setting, over the plots."""

from collections.abc import Callable
from functools import partial
from typing import Final, cast

from msgspec.structs import replace
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QRegion, QShowEvent
from PySide6.QtWidgets import QWidget

from mnistviz.engine.futures import Forecast, Varied
from mnistviz.engine.settings import Settings
from mnistviz.gui.common import prediction_words, setting_names
from mnistviz.gui.common.layouts import label, row_of, styled
from mnistviz.gui.common.scales import Range
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.tab_tools import TabTools
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import ActionPushButton, new_action, push_button
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.curves import future_words as words
from mnistviz.gui.curves.future_content import FuturesContent, Guess, cover, present
from mnistviz.gui.curves.future_figures import AHEAD, FutureFan, FutureFigure, MisreadPlot
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import Shown

_KEY: Final = "what next"
_VARIED: Final[tuple[Varied, ...]] = ("eta", "momentum", "mini_batch_size")
_FAN: Final = 0.7, 0.73  # of the width is for the costs, at most where the strands have little room
_GAP, _TO_BUTTON, _KNOB = 14, 14, 6  # pixels; the last one, around the knob of the playhead

_Of = tuple[object, ...]  # what the forecasts depend on


class WhatNext(QWidget):
    """Lies over the plots, right of the playhead: the past keeps its pixels. Requests forecasts from the viewed step,
    only while it is visible and the run is paused."""

    take: Callable[[str, float], object]  # adopts a value of a setting
    branch: Callable[[str, float], object]  # branches from the viewed step with a value of a setting
    mark: Callable[[tuple[tuple[float, str, str], ...], str, float | None], object]
    """Marks forecasts at the slider of η, in a hue: value, outcome and sentence of each, and the η of before."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.setObjectName("futures")
        self._lab, self._shown = lab, Shown()
        self.take = self.branch = lambda _name, _value: None
        self.mark = lambda *_: None
        self._asked: _Of | None = None
        self.forecast: Forecast | None = None
        self._guess = Guess()
        self._is_counted = True  # whether the guess is counted among the predictions, or empty
        self._answered: _Of | None = None  # the forecasts that were guessed or uncovered
        self._place: tuple[QRectF, Range, float, float, QRect] | None = None
        self.fan, self.misread = FutureFan(), MisreadPlot()
        self._figures: tuple[FutureFigure, ...] = (self.fan, self.misread)
        self._build()
        for figure in self._figures:
            figure.setParent(self)
            figure.pointed.connect(self.point)
            figure.value_wanted.connect(self.adopt)
        self.branch_button.raise_()
        self.fan.drawn.connect(lambda x, y: self._answer(Guess(drawn=(x, y))))
        self.setFocusProxy(self.misread)

    @property
    def varied(self) -> Varied:
        return cast(Varied, self.setting.value())

    def _build(self) -> None:
        tips = {
            "eta": tr("Compares values of the learning rate."),
            "momentum": tr("Compares values of the momentum."),
            "mini_batch_size": tr("Compares mini-batch sizes, over the same number of digits."),
        }
        ways = tuple((name, setting_names.short(name), tips[name]) for name in _VARIED)
        spoken = tr("The setting that is varied")
        self.setting = Switch("futures_setting", spoken, ways, lambda _: self._request())
        tip = tr("Hides what would come until you have drawn it or pointed at a value.")
        self.ask_action = new_action(self, "ask_first_action", tr("As&k first"), tip, checkable=True)
        self._lab.chosen.bind(self.ask_action, "futures", "ask_first")
        self.ask_action.toggled.connect(self._show)
        ask = styled(ActionPushButton(self.ask_action), "option")
        tip, spoken = tr("Shows what would come, without a guess."), tr("Show what would come")
        act = partial(self._answer, Guess())
        self.show_button = push_button("option", "futures_show", tr("Show"), tip, accessible=spoken, act=act)
        self._order = styled(ShortenedLabel(), "quietText", "futures_order")
        self._tools = TabTools(self, "futures_tools", ask, self.show_button, self.setting)
        self._tools.offer(self.show_button, on=False)
        self.head = QWidget()
        self.destroyed.connect(self.head.deleteLater)  # it has another parent
        row_of((self._order, 1), self._tools, spacing=8, inside=self.head)
        self._title = styled(ShortenedLabel(parent=self), "cardNote", "futures_title")
        self._digits = styled(ShortenedLabel(), "cardNote")
        self._misread_title = QWidget(self)
        row_of(label("cardTitle", tr("Misread")), (self._digits, 1), spacing=8, inside=self._misread_title)
        spoken, tip = tr("Branch"), tr("Starts a branch here that learns on with this value.")
        self.branch_button = push_button(
            "option", "futures_branch", "", tip, accessible=spoken, act=self._branch
        )
        self.branch_button.setParent(self)
        self.branch_button.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(theme().card))

    def place(self, costs: QRectF, span: Range, playhead: float, beyond: float, title: QRect) -> None:
        """Lie over the whole parent, right of the playhead: `costs` is the area of the cost there, `span` its axis, and
        `title` the room of its title. A label below the axis reaches `beyond` the playhead."""
        self._place = costs, span, playhead, beyond, title
        self._arrange()

    def _arrange(self) -> None:
        if self._place is None:
            return
        costs, span, playhead, beyond, title = self._place
        room = (self.parentWidget() or self).rect()
        self.setGeometry(room)
        left = round(min(max(playhead, costs.left()), costs.right())) + 1
        beside = max(self.fan.beside_area(), _TO_BUTTON + self._button_width())
        least, most = (round(share * room.width()) for share in _FAN)
        begin = min(max(left + AHEAD + round(beside), least), most)
        fan = QRect(left, title.bottom() + 1, begin - left, room.height() - title.bottom() - 1)
        self.fan.setGeometry(fan)
        self.misread.setGeometry(begin, fan.top(), room.width() - begin, fan.height())
        high, down = costs.height(), costs.top() - fan.top()
        wide = min(AHEAD, fan.width() - beside)
        self.fan.set_costs(span)
        self.fan.set_area(QRectF(0, down, max(wide, 1), high))
        before, after = self.misread.beside_area()
        self.misread.set_area(QRectF(before, down, max(self.misread.width() - before - after, 1), high))
        words_at = max(left + 9, title.right() + _GAP)
        self._title.setGeometry(words_at, title.top(), max(begin - words_at - _GAP, 0), title.height())
        self._misread_title.setGeometry(begin, title.top(), room.width() - begin, title.height())
        seen = QRegion(QRect(title.right() + _GAP // 2, 0, room.width(), title.bottom() + 1))
        around = QRect(left - 1 - _KNOB, round(costs.top()) - _KNOB, 2 * _KNOB, 2 * _KNOB)
        knob = QRegion(around, QRegion.RegionType.Ellipse)
        label = QRect(left, round(costs.bottom()) + 2, round(beyond), room.height())
        seen += QRegion(fan) + QRegion(self.misread.geometry())
        self.setMask(seen - knob - QRegion(label))
        self._place_button()
        self._tell_misread()

    def _button_width(self) -> int:
        """Return the width of the button with the longest text that it may have."""
        if (forecast := self.forecast) is not None and (content := self.fan.content) is not None:
            texts = (words.branch(forecast, end.value) for end in content.ends)
            self.branch_button.setText(max(texts, key=self.branch_button.fontMetrics().horizontalAdvance))
        return self.branch_button.sizeHint().width()

    def _place_button(self) -> None:
        value, fan, button = self.fan.value, self.fan, self.branch_button
        at = None if value is None else fan.labels().get(value)
        button.setVisible(at is not None)
        if at is None or value is None or self.forecast is None:
            return
        button.setText(words.branch(self.forecast, value))
        button.setAccessibleName(button.text())
        button.adjustSize()
        end, middle = at
        x = min(fan.x() + round(end.x()) + _TO_BUTTON, fan.geometry().right() - button.width())
        button.move(x, fan.y() + round(middle) - button.height() // 2)

    def point(self, value: float) -> None:
        """Show a value as the one pointed at: by a strand, a dot, or a tick of the slider."""
        if (content := self.fan.content) is not None and any(end.value == value for end in content.ends):
            for figure in self._figures:
                figure.show_pointed(value)
            self._place_button()
            self._tell_misread()

    def _tell_misread(self) -> None:
        """Tell the value pointed at in the title of a plot that is too low for words."""
        content, misread = self.fan.content, self.misread
        if content is None:
            return
        pointed = () if misread.has_room_for_words or content.covered else misread.end_of(content).labels[1:]
        self._digits.set_wordings(*pointed, *content.digits_note)

    def draw(self, shown: Shown) -> None:
        if shown.number != self._shown.number:
            self.forecast = None
        self._shown = shown.of_run
        if self.isVisible():
            self._request()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._request()

    def hideEvent(self, event: QHideEvent) -> None:
        """Cancel the request: hidden forecasts are not computed."""
        super().hideEvent(event)
        self._lab.futures.withdraw(_KEY)
        self._asked = None
        self._shown = self._shown.put_aside()
        self.mark((), "", None)

    def _now(self) -> Settings | None:
        """Return the settings after the viewed step, with planned edits; None while its weights are missing."""
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
        if (of := (run.number, shown.here, now, self.varied, acts)) == self._asked:
            return
        self._asked = of
        if self.forecast is None or self.forecast.varied != self.varied:
            self._show_message(tr("Training with each value …"))
        failed = tr("What would come could not be computed.")
        then = self._on_forecast, lambda _: self._show_message(failed), self._show_progress
        self._lab.futures.ask(_KEY, run, shown.here, now, self.varied, *then)

    def _reason(self) -> str:
        shown = self._shown
        if shown.run is None or not shown.run.ready:
            return tr("What would come next is shown here once a run has begun.")
        if shown.diverged or shown.run.failed:
            return tr("This network cannot learn on, so nothing comes next.")
        if shown.filming:
            return tr("Stop the replay to see what would come next.")
        return tr("Waiting for the moment …")

    def _show_progress(self, done: int, of: int) -> None:
        percent = 100 * done // max(of, 1)
        self._show_message(tr("Training with each value: {percent} %. Escape stops it.", percent=percent))

    def _on_forecast(self, forecast: Forecast) -> None:
        self.forecast = forecast
        self._show()

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

    def adopt(self, value: float) -> None:
        """Take a value as the guess while it is asked for, or else set it."""
        if self.covered:
            self._answer(Guess(value))
        else:
            self.take(self.varied, value)

    def _branch(self) -> None:
        if self.fan.value is not None:
            self.branch(self.varied, self.fan.value)

    def _show_message(self, text: str) -> None:
        self.fan.message = text
        self.fan.setAccessibleName(text)
        for figure in self._figures:
            figure.show_content(None, theme().runs[0])
        for shown in (self._title, self._digits, self._order):
            shown.set_wordings()
        self._tools.offer(self.show_button, on=False)
        self.branch_button.hide()
        self.mark((), "", None)

    def _show(self) -> None:
        forecast, run, digits = self.forecast, self._shown.run, self._shown.digits
        now = self._now()
        if forecast is None or run is None or digits is None or now is None:
            return
        chosen = getattr(now, forecast.varied)
        if all(future.value != chosen for future in forecast.futures):
            return
        content = present(forecast, chosen, len(digits.validation))
        if asks := self.covered:
            content = cover(content, forecast)
            if self.misread.content is None or not self.misread.content.covered:
                self.fan.value = self.misread.value = None
        elif self._answered == self._about:
            content = replace(content, guess=self._guess)
        hue = theme().run_colour(run.hue)
        for figure in self._figures:
            figure.show_content(content, hue)
        ends = () if asks or forecast.varied != "eta" else content.ends
        self.mark(tuple((end.value, end.outcome, end.told) for end in ends), hue, forecast.now.eta)
        self._tools.offer(self.show_button, asks)
        self._title.set_wordings(*content.title)
        self._order.set_wordings(*self._guess_texts(forecast, content), *content.order_note)
        self._arrange()

    adopt_theme = _show

    def _guess_texts(self, forecast: Forecast, content: FuturesContent) -> tuple[str, ...]:
        if not (result := "" if content.covered else content.told_of_guess(forecast)):
            return ()
        if (score := content.score_of_guess(forecast)) is not None and not self._is_counted:
            self._is_counted = True
            guess = content.guess
            guessed = tr("drawn") if guess.value is None else words.value(forecast.varied, guess.value)
            self._lab.predictions.add("what_next", forecast.varied, guessed, result, score)
        verdict, text = prediction_words.verdict(score), tr("{guess} {order}")
        scored = text.format(guess=result, order=verdict) if verdict else result
        return *(text.format(guess=scored, order=each) for each in content.order_note), scored, verdict
