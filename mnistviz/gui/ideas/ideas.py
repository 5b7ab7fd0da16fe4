"""The ideas of the book's chapter, a page each: the bar on top, the list at the left, the open page beside it."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.choices import IdeasPart
from mnistviz.gui.common.digit_image import PadDigit
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import ScrolledColumn, column_of, row_of, styled
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.common.theme import set_theme, theme
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.widgets import describe, push_button, set_icon
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.ideas.page import GAP, Page, PageContext
from mnistviz.gui.ideas.pages import IDS, LEAST_WIDTH, LIST_WIDTH, PAGES, PageList, build
from mnistviz.gui.ideas.parts.page_parts import Act, SteadyButton
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import Shown


class IdeasBar(QWidget):
    """The lab's progress, whether it trains, and buttons for the previous and the next page."""

    def __init__(self, toggle: Act, previous: Act, next: Act) -> None:
        super().__init__()
        self._playing = False
        self.setProperty("role", "transportBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.state = styled(ShortenedLabel(), "quietText", "lab_state")
        self.state.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.pause = SteadyButton(toggle)
        self.pause.keep_room(tr("Pause the lab"), tr("Start the lab"))
        before = tr("‹ Previous"), tr("The page before.")
        after = tr("Next ›"), tr("The page after.")
        self.previous, self.next = (
            push_button("", f"{name}_page", text, tip, keys, accessible=text.strip("‹› "), act=act)
            for name, (text, tip), keys, act in (
                ("previous", before, "Alt+Left", previous), ("next", after, "Alt+Right", next),
            )
        )  # fmt: skip
        parts = (self.state, self.pause, None, self.previous, self.next)
        self.row = row_of(*parts, spacing=8, margins=(GAP, 8, GAP, 10), inside=self)
        self.row.insertSpacing(0, 8)
        self.draw(Shown())

    def draw(self, shown: Shown) -> None:
        run, moment = shown.run, shown.moment
        if run is None or moment is None:
            self.state.set_wordings(tr("The lab has no network yet"))
            self.pause.hide()
            return
        if not shown.live:
            wordings = tr("The lab looks back: epoch {epoch}"), tr("Lab looks back: epoch {epoch}")
        elif shown.plays:
            wordings = tr("The lab trains on: epoch {epoch}"), tr("Lab trains: epoch {epoch}")
        else:
            wordings = tr("The lab rests: epoch {epoch}"), tr("Lab rests: epoch {epoch}")
        texts = [each.format(epoch=numbers.epochs(moment.digits / shown.epoch_of(run))) for each in wordings]
        if (measured := shown.measured.get("validation")) is not None:
            texts.insert(0, f"{texts[0]} · {numbers.percent(measured.accuracy)}")
        self.state.set_wordings(*texts)
        self._playing = shown.plays
        text = tr("Pause the lab") if shown.plays else tr("Start the lab")
        if self.pause.text() != text:
            self.pause.setText(text)
            tip = tr("Pauses or starts the lab's network while you are here.")
            describe(self.pause, "lab_pause", text, tip)
            self.adopt_theme()
        self.pause.setVisible(shown.live and not (run.failed or run.diverged))

    def adopt_theme(self) -> None:
        set_icon(self.pause, "pause" if self._playing else "play")

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


NARROW = 1200  # pixels
ROOMY = 73  # times the height of text: in a narrower window the list is a combo box, and the page scrolls as a whole
AHEAD = 400  # milliseconds after which the page after this one is built


class Ideas(Fitted, QWidget):
    """Pages, each built when first opened. What was done on each is saved, even for pages not built in this session."""

    def __init__(
        self,
        lab: Lab,
        digit: Callable[[], PadDigit | None],
        offer_undo: Callable[[str, str, Act], object],
        try_it: Act = lambda: None,
    ) -> None:
        """`digit` returns the single digit on the pad, if any; `offer_undo` shows a message, long or short; `try_it`
        sets up the lab for the open page."""
        super().__init__()
        self._try_it = try_it
        self.offer_undo = offer_undo
        self.setObjectName("ideas")
        self._lab, self._large = lab, False
        self._digit = digit
        self.pages: dict[str, Page] = {}
        self._part: IdeasPart | None = None  # the saved choices that are shown
        self._is_adopting = False
        self._open = PAGES[0].id
        self.bar = IdeasBar(lab.time.toggle_play, partial(self.go, -1), partial(self.go, 1))
        self.list = PageList(((entry.id, translated(entry.title)) for entry in PAGES), self.open)
        self.bar.row.insertWidget(self.bar.row.count() - 2, self.list.names)
        self._stack = QStackedWidget()
        self._scrolled = ScrolledColumn(self._stack)
        self._ahead = new_timer(self, self._build_ahead, AHEAD)
        stage = styled(QWidget(), "stage")
        column_of(self.bar, (stage, 1), spacing=0, inside=self)
        row_of(self.list, (self._scrolled, 1), spacing=GAP, margins=(GAP, GAP, GAP, 0), inside=stage)
        lab.chosen.listen("ideas", self._adopt_choices)
        self._adopt_choices()

    def _save(self) -> None:
        self._show_done()
        if self._is_adopting:
            return
        pages = {id: done for id, done in self._lab.chosen.now.ideas.pages.items() if id not in self.pages}
        records = {id: page.record() for id, page in self.pages.items()}
        pages |= {id: record for id, record in records.items() if any(record.values())}
        self._part = IdeasPart(self._open, pages)
        self._lab.chosen.choose("ideas", page=self._open, pages=pages)

    def _adopt_choices(self) -> None:
        if (part := self._lab.chosen.now.ideas) == self._part:
            return
        self._part, self._is_adopting = part, True
        self._open = part.page if part.page in IDS else IDS[0]
        for entry in PAGES:
            done = self._record(entry.id).get("done")
            self.list.show_done(entry.id, isinstance(done, list) and set(entry.tasks) <= set(map(str, done)))
        try:
            for id, page in self.pages.items():
                page.take_record(self._record(id))
        finally:
            self._is_adopting = False
        self._show_done()

    def _record(self, id: str) -> dict[str, Any]:
        """Return what was done on a page; empty if nothing, or if the saved data are invalid."""
        record = self._lab.chosen.now.ideas.pages.get(id)
        return record if isinstance(record, dict) else {}

    @property
    def page(self) -> Page | None:
        return self.pages.get(self._open)

    def begin(self) -> None:
        self.open(self._open)

    def end(self) -> None:
        if self.page is not None:
            self.page.left()

    def open(self, id: str) -> None:
        self._lab.yield_cpu()
        before, self._open = self.page, id
        if before is not None and before.id != id:
            before.left()
        page = self.pages.get(id) or self._build(id)
        if self._stack.currentWidget() is not page:
            self._stack.addWidget(page)
            self._stack.setCurrentWidget(page)
            self._scrolled.verticalScrollBar().setValue(0)
        if before is not None and before is not page:
            before.setParent(None)
        if page.look is not theme():
            set_theme(theme(), page)
        self.bar.previous.setEnabled(id != IDS[0])
        self.bar.next.setEnabled(id != IDS[-1])
        self.list.choose(id)
        self.refit()
        shown = self._lab.shown
        self.bar.draw(shown)
        page.opened()
        page.draw(shown)
        self._save()
        self._ahead.start()

    def _build_ahead(self) -> None:
        """Build the page after the open one while that is read, so that it opens at once."""
        after = IDS[IDS.index(self._open) + 1 :][:1]
        if self.isVisible() and after and after[0] not in self.pages:
            self._lab.yield_cpu()
            self._build(after[0])

    def go(self, by: int) -> None:
        """Open the page that is `by` pages further, if there is one."""
        number = IDS.index(self._open) + by
        if 0 <= number < len(IDS):
            self.open(IDS[number])

    def _build(self, id: str) -> Page:
        lab, dones = self._lab, (self._save, self._go_to_lab, self._try_it)
        page = build(id, PageContext(lab, self._digit, self._stack, lab.predictions, *dones))
        page.take_record(self._record(id))
        self.pages[id] = page
        page.hide()  # not in the stack yet, which is as high as its highest page
        self._show_done()
        return page

    def _go_to_lab(self) -> None:
        self._lab.yield_cpu()
        self._lab.chosen.choose("window", workspace="lab")

    def detach_hidden(self) -> None:
        """Remove hidden pages from the window before its style changes: that takes 50 ms for each page in it."""
        for page in self.pages.values():
            if page.parent() and not page.isVisible():
                page.setParent(None)

    def reset(self) -> None:
        """Forget all ticks, answers and painted detectors, for the next class, and open the first page."""
        before, predictions = self._lab.chosen.now.ideas, self._lab.predictions.all
        self._lab.predictions.restore(())
        self.close_jobs()
        for page in self.pages.values():
            page.deleteLater()
        self.pages = {}
        self._lab.chosen.choose("ideas", page=IDS[0], pages={})
        self.open(IDS[0])

        def undo() -> None:
            self._lab.predictions.restore(predictions)
            self._lab.chosen.choose("ideas", page=before.page, pages=before.pages)
            if self.isVisible():
                self.open(self._open)

        text = tr(
            "Ideas reset: all ticks, answers and painted parts are gone. Undo brings ticks and parts back."
        )
        self.offer_undo(text, tr("Ideas reset"), undo)

    def _show_done(self) -> None:
        for id, page in self.pages.items():
            self.list.show_done(id, page.tasks.all_done)

    def press_main(self) -> None:
        button = self.page.main_button if self.page is not None else None
        if button is not None and button.isEnabled() and not button.isHidden():
            button.click()

    def put_back(self) -> None:
        if self.page is not None:
            self.page.reset()

    def show_me(self) -> None:
        if self.page is not None and self.page.show_me_button.isEnabled():
            self.page.show_me()

    def for_report(self) -> AbstractContextManager[QWidget | None]:
        """Return a context with the figures of the visible page in a fixed size, to be painted elsewhere, or None."""
        return nullcontext() if self.page is None or not self.page.isVisible() else self.page.for_report()

    def enlarge(self, on: bool) -> None:
        """Give head and figure all the room, or show list and text again."""
        self._large = on
        self.refit()

    def refit(self) -> None:
        self.list.wish(LEAST_WIDTH if self.width() < NARROW else LIST_WIDTH)
        folds = self.width() < ROOMY * self.fontInfo().pixelSize()
        self.list.setHidden(folds or self._large)
        self.list.fold(folds)
        if self.page is not None:
            self.page.beside.setHidden(self._large)
            self.page.scroll_parts(not folds, self._scrolled.height() - 2)

    def draw(self, shown: Shown) -> None:
        self.bar.draw(shown)
        if self.page is not None:
            self.page.draw(shown)

    def close_pages(self) -> None:
        """Cancel the pages' jobs and delete pages outside the window, when the window closes."""
        self.close_jobs()
        for page in self.pages.values():
            if page.parent() is None:
                page.deleteLater()

    def close_jobs(self) -> None:
        for page in self.pages.values():
            page.left()
            page.close_jobs()
