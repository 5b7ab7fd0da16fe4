"""Texts about a run, in longer and shorter wordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from mnistviz.engine.history import Measured
from mnistviz.engine.moment import SetName
from mnistviz.gui.common import numbers
from mnistviz.gui.lab.run_names import changes_of, made_names, run_name
from mnistviz.gui.lab.shown import Lifecycle, RunFacts

WORTH_SAYING = 3_000  # digits: runs that learn in turn stay closer together than that


@dataclass(frozen=True)
class RunTexts:
    """The texts of a run. `names` are from long to short; `share` is its accuracy."""

    letter: str
    names: tuple[str, ...]
    share: str
    tip: str
    said: str
    """The whole description for screen readers."""
    waits: bool = False


class RunWords(QObject):
    """Texts for the lanes and the table, in the language and number format of the program."""

    def of(self, run: RunFacts, runs: Sequence[RunFacts], absence: str = "") -> RunTexts:
        """Return the texts of a run among the open ones; `absence` is the code of why it has no visible line."""
        share, last, absent = self.share(run), self.waits_for(run, runs), self.absent(absence)
        waits = self.tr("paused until {run} catches up").format(run=last) if last else ""
        state = self.state(run, waits)
        names = self.names(run, runs)
        if run.replayed is not None:
            done, of = run.replayed
            percent = self.tr("{percent} %").format(percent=numbers.whole(100 * done // max(1, of)))
            again = self.tr("trained from its start, {percent}").format(percent=percent)
            names = (*self._with(names, again, percent), *names)  # with the name
        elif last:  # with the name: the switch shows the state, too
            short = self.tr("paused for {run}").format(run=last), self.tr("paused")
            names = (*self._with(names, waits, *short), *names)
        elif absent:
            names = (*self._with(names, absent), *names)
        no_line = self.tr("no line in view: {why}").format(why=absent) if absent else ""
        parts = [self.title(run, runs), self._of_what(run), state, no_line]
        said_all = self.tr(", ").join(filter(None, parts))
        tip = self.tr("{run}. Click to select it, double-click to give it a name.").format(run=said_all)
        if run.about:
            tip = self.tr("{about}\n{tip}").format(about=run.about, tip=tip)
        return RunTexts(run.letter, names, share or self.tr("–"), tip, said_all, bool(waits))

    def title(self, run: RunFacts, runs: Sequence[RunFacts]) -> str:
        return self.tr("{run} {what}").format(run=run.letter, what=run_name(run, runs))

    def state(self, run: RunFacts, waits: str) -> str:
        """Return whether the run learns when the lab learns, and what it waits for."""
        if run.diverged:
            return self.tr("diverged: its cost is no longer a finite number")
        if waits:
            return waits
        return self.tr("on") if run.on else self.tr("off")

    def waits_for(self, run: RunFacts, runs: Sequence[RunFacts]) -> str:
        """Return the letter of the run that this one waits for, now or as soon as they learn, or an empty text."""
        racing = [
            other
            for other in runs
            if other.on and other.playing == run.playing and not (other.failed or other.diverged)
        ]
        if run not in racing or run.lifecycle is Lifecycle.LEARNING:
            return ""
        last = min(racing, key=lambda other: other.digits_seen)
        if run.digits_seen - last.digits_seen < WORTH_SAYING:
            return ""
        return last.letter

    def absent(self, code: str) -> str:
        return {
            "hidden": self.tr("hidden"),
            "data": self.tr("other data set"),
            "epoch": self.tr("other number of digits"),
            "nothing": self.tr("nothing measured"),
            "forked": self.tr("same as another run"),
            "beyond": self.tr("out of view"),
        }.get(code, "")

    def share(self, run: RunFacts) -> str:
        """Return the last validation accuracy, or training accuracy without validation digits; empty for a diverged
        run."""
        last = None if run.diverged else newest(run)
        return "" if last is None else numbers.percent(last[1].accuracy)

    def _with(self, names: Sequence[str], *states: str) -> list[str]:
        return [self.tr("{name} · {more}").format(name=name, more=each) for name in names for each in states]

    def _of_what(self, run: RunFacts) -> str:
        last = newest(run)
        if last is None or run.diverged:
            return ""
        name, measured = last
        share = numbers.percent(measured.accuracy)
        if measured.part:
            text = (
                self.tr("{share} of the first {count} validation digits right")
                if name == "validation"
                else self.tr("{share} of the first {count} training digits right")
            )
            return text.format(share=share, count=numbers.whole(measured.part))
        text = (
            self.tr("{share} of the validation digits right")
            if name == "validation"
            else self.tr("{share} of the training digits right")
        )
        return text.format(share=share)

    def names(self, run: RunFacts, runs: Sequence[RunFacts], *, with_place: bool = True) -> tuple[str, ...]:
        """Return the names of a run among the open ones, from long to short. Unless `with_place` is False, short ones
        are unique."""
        full = run_name(run, runs)
        if run.name or run.opened:
            return (full,)
        if run.parent is None:
            return made_names(run, runs)
        others = [other for other in runs if other.number != run.number]
        taken = {short for other in others for short in self._shorter(other, runs) if with_place}
        return tuple(dict.fromkeys((full, *(each for each in self._shorter(run, runs) if each not in taken))))

    def _shorter(self, run: RunFacts, runs: Sequence[RunFacts]) -> tuple[str, ...]:
        """Return the short names that a run may have; those of a branch may be another run's as well."""
        fork = run.parent
        if run.name or run.opened:
            return ()
        if fork is None:
            return made_names(run, runs)
        if fork.kind == "butterfly":
            whats = [self.tr("tiny change")]
        elif fork.kind == "twin":
            whats = [self.tr("twin")]
        else:
            changes = changes_of(run, fork)
            whats = [self.tr(", ").join(changes), changes[0]]
        place = numbers.epochs(fork.digits / run.epoch if run.epoch else 0.0)
        placed = [self.tr("{what} from {place}").format(what=what, place=place) for what in whats]
        return (placed[0], whats[0], *placed[1:], *whats[1:])


def newest(run: RunFacts) -> tuple[str, Measured] | None:
    """Return the last accuracy and its set: validation, or training if there is none; None before the first."""
    sets: tuple[SetName, ...] = ("validation", "training")
    for name in sets:
        measured = run.newest(name)
        if measured is not None:
            return name, measured
    return None
