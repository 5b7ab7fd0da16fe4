"""The findings about a run as messages, with remedies."""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import QObject

from mnistviz.engine.observations import Finding
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.gui.common import numbers
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.common.widgets import engine_sentence
from mnistviz.gui.lab.run_names import nearer_way, way_back_words
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.lab.tryouts import TriedFinding, Tryouts
from mnistviz.gui.window.message import Offer, Rank, StatusMessage
from mnistviz.marking import marked

_IDEAS = {
    "layer_": "sigmoid", "output": "sigmoid", "gradients": "sigmoid", "few_units": "nine", "dropout": "nine",
    "change_other_cost": "step", "changes_other_cost": "step", "change": "few_digits", "few_steps": "few_digits",
    "overfitting": "few_digits", "reads_own": "few_digits", "only_by": "few_digits", "labels": "few_digits",
    "distortion": "few_digits",
}  # fmt: skip
"""The page of ideas behind findings whose codes begin so; behind all others it is the valley."""


# fmt: off
_HELPED: Final = {
    (True, True): marked("{what} Tried with three seeds: {remedied} after {digits} digits."),
    (True, False): marked("{what} Tried with three seeds: {remedied} instead of {without} after {digits} digits."),
    (False, True): marked("{what} Tried in three orders: {remedied} after {digits} more digits."),
    (False, False): marked("{what} Tried in three orders: {remedied} instead of {without} after {digits} more digits."),
}  # by whether the remedy needs a new run, and whether the run itself has no accuracy
_AMONG_SEEDS: Final = {
    "clearly": marked("With {count} other seeds this run reads {lowest} to {highest} %, clearly fewer."),
    "probably": marked("With {count} other seeds this run reads {lowest} to {highest} %, probably fewer."),
    "": marked("With {count} other seeds this run reads {lowest} to {highest} %: no clear difference."),
}
# fmt: on


def idea_of(code: str) -> str:
    return next((page for begin, page in _IDEAS.items() if code.startswith(begin)), "valley")


EVERY = 4  # frames, while the run learns


class Notices(QObject):
    """Checks regularly for findings about the run."""

    def __init__(
        self,
        tryouts: Tryouts,
        parent: QObject,
        *,
        say: Callable[[Sequence[StatusMessage]], object],
        tell: Callable[[str], object],
        apply: Callable[[Finding], object],
        go_back: Callable[[], object],
    ) -> None:
        """Call `say` with all messages, the most important first, `tell` with the result of a trial that has no notice
        any more, and `go_back` to return to before the last change."""
        super().__init__(parent)
        self._show_all, self._report, self._apply, self._go_back = say, tell, apply, go_back
        self._tryouts = tryouts
        self._frames = 0
        self._due = False
        self._findings: Sequence[TriedFinding] = ()
        self._shown = Shown()
        tryouts.changed.connect(self._update)

    def draw(self, shown: Shown) -> None:
        """Update the findings, unless an evaluation is incomplete or the past is viewed, where no remedy applies."""
        before, self._shown = self._shown, shown
        if shown.number != before.number:
            self._due = False
        if (run := shown.run) is None or shown.moment is None:
            return
        if shown.live != before.live:
            self._show()
        if not shown.live:
            return
        self._frames += 1
        self._due |= self._frames % EVERY == 0 or not run.playing
        if self._due and (run.diverged or len({each.step for each in run.evaluations.values()}) < 2):
            self._due = False
            self._update()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        self._findings = [TriedFinding(finding) for finding in findings]
        self._show()

    def finds(self, *codes: str) -> bool:
        return any(tried.finding.code in codes for tried in self._findings)

    def _update(self) -> None:
        if self._shown.live:
            quiet = _quiet_codes(self._shown.run)
            findings = () if "" in quiet else self._tryouts.findings(self._shown)
            self._findings = [tried for tried in findings if not tried.finding.code.startswith(quiet)]
            self._show()

    def _report_trial(self, tried: TriedFinding) -> None:
        """Report the result of a requested trial if the run has other findings by now."""
        if tried.result is None:
            self._report(tr("The remedy could not be tried."))
        elif not any(each.result is tried.result for each in self._findings):
            form = tr(
                "Tried: after {digits} digits {remedied} with {remedy}, {without} without. Meanwhile the run has "
                "learned on."
            )
            self._report(form.format(remedy=_remedy_text(tried.finding), **_shares(tried)))

    def _show(self) -> None:
        self._show_all([self._message(tried) for tried in self._findings if _is_finite(tried.finding)])

    def _message(self, tried: TriedFinding) -> StatusMessage:
        finding = tried.finding
        values = _in_words(finding.values)
        text, short, why = (engine_sentence(finding.code + form, values) for form in ("", "_short", "_why"))
        if tried.state == "helps":
            text, short = self._with_result(tried, text), self._with_result(tried, short + ".")
        elif tried.state == "useless":
            form = tr(
                "A remedy was tried and did not clearly help: after {digits} digits {remedied} instead of {without}."
            )
            why = f"{why} {form.format(**_shares(tried))}"
        if tried.weighed is not None:
            spread, verdict = tried.weighed.spread, tried.weighed.verdict
            lowest, highest = numbers.beside(spread.lowest, spread.highest)
            among = _AMONG_SEEDS[verdict.sureness if verdict.outcome == "better" else ""]
            seeds = translated(among, count=spread.n, lowest=lowest, highest=highest)
            text, why = f"{text} {seeds}", f"{why} {seeds}"
        offer = self._offer(tried)
        trial = None if offer is None else self._trial(tried)
        idea = idea_of(finding.code)
        return StatusMessage(Rank.NOTICE, finding.identity, text, short, why, offer, trial, idea)

    def _with_result(self, tried: TriedFinding, what: str) -> str:
        assert tried.result is not None
        nothing = not any(tried.result.without)  # non-finite weights have no accuracy
        return translated(_HELPED[tried.finding.in_new_run, nothing], what=what, **_shares(tried))

    def _trial(self, tried: TriedFinding) -> Offer | None:
        text, short, trying = tr("Try it first"), tr("Try"), tried.state == "trying"
        if trying:
            done = numbers.whole(round(100 * tried.done)).rjust(3, "\u2007")  # for a constant width
            text = tr("Trying it: {done} %", done=done)
            short = tr("{done} %", done=done)
        elif tried.state != "untried":
            return None
        tip = tr("Trains copies with it and without it, and says how many digits each reads right.")
        take = partial(self._tryouts.try_first, self._shown, tried.finding, self._report_trial)
        return Offer(text, short, tip, take, off=trying)

    def _offer(self, tried: TriedFinding) -> Offer | None:
        """Return the remedy as a button, or None without a remedy or if its trial did not help."""
        finding, past = tried.finding, not self._shown.live
        if not finding.offers or tried.state == "useless":
            return None
        text, short, tip, take = self._remedy(finding)
        if past:
            tip = tr("Not while you look back: press Live first.")
        elif tried.state in ("untried", "trying"):
            tip = tr("{tip} It has not been tried.", tip=tip)
        return Offer(text, short, f"{text}. {tip}", take, off=past)

    def _remedy(self, finding: Finding) -> tuple[str, str, str, Callable[[], object]]:
        """Return the remedy's text, short text, tooltip and function. Going back to before the last change replaces
        going back to the best if it does the same and is nearer in time."""
        way = None if self._shown.run is None else nearer_way(self._shown.run, finding)
        if way is not None:
            tip = tr("It takes the weights and the settings of the moment just before.")
            return way_back_words(way), tr("Go back"), tip, self._go_back
        remedy = _remedy_text(finding)
        text, tip = tr("Apply: {remedy}", remedy=remedy), tr("It acts at the next mini-batch.")
        if finding.in_new_run:
            text, tip = tr("Apply in a new run: {remedy}", remedy=remedy), tr("It begins at once.")
        return text, tr("Apply"), tip, partial(self._apply, finding)


def _remedy_text(finding: Finding) -> str:
    back = [tr("back to the best")] if finding.back_to_best else []
    changes = (
        tr("{name} = {value}", name=names.short(field), value=names.value(field, value))
        for field, value in finding.remedy.items()
    )
    return ", ".join((*back, *changes))


def _quiet_codes(run: RunFacts | None) -> tuple[str, ...]:
    """Return the beginnings of the codes of findings that have no notice: all for a belief's run that is trained, whose
    result is already explained, and in the first epoch of a usual run, of which little is known; where only η or other
    live settings were changed in it, those about the initial weights."""
    if run is None or (run.about and not run.on):
        return ("",)
    settings, usual = run.now, Settings()
    sizes = (settings.sizes[0], *usual.sizes[1:-1], settings.sizes[-1])
    usual = replace(usual, sizes=sizes, seed=settings.seed)
    if run.digits_seen >= run.epoch or run.opened or settings.needs_new_run(usual):
        return ()
    return ("layer_", "output", "gradients") if settings != usual or run.history.interventions else ("",)


def _shares(tried: TriedFinding) -> dict[str, str]:
    assert tried.result is not None
    return {
        "digits": numbers.whole(tried.result.digits),
        "remedied": numbers.percent(statistics.median(tried.result.remedied)),
        "without": numbers.percent(statistics.median(tried.result.without)),
    }


def _is_finite(finding: Finding) -> bool:
    return all(math.isfinite(value) for value in finding.values.values() if isinstance(value, float))


def _in_words(values: Mapping[str, object]) -> dict[str, object]:
    changed = str(values.get("setting", ""))

    def in_words(name: str, value: object) -> object:
        field = changed if changed and name in ("old", "new") else name
        return names.value(field, value) if field in SETTINGS else value

    return {name: in_words(name, value) for name, value in values.items()}
