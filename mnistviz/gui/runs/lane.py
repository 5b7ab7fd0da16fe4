"""The lanes of the runs as values: the line of each, and its texts, without painting."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct
from PySide6.QtCore import QObject

from mnistviz.engine.acts import Flag
from mnistviz.engine.fork import Fork, lineage
from mnistviz.engine.history import Measured
from mnistviz.engine.moment import SetName
from mnistviz.gui.common import numbers
from mnistviz.gui.common.texts import tr
from mnistviz.gui.lab.run_names import changes_of, fork_place, made_names, run_name
from mnistviz.gui.lab.shown import Lifecycle, RunFacts


class Lane(NamedTuple):
    """The line of a run along its digits. Equal lanes look the same."""

    run: int
    hue: int
    selected: bool
    begin: int  # after how many digits the line begins: 0, or where it branches off another lane
    end: int
    thick: int  # up to how many digits the line is the past of the selected run
    parent: int | None = None  # the index of the lane that it branches off, or None
    flags: tuple[Flag, ...] = ()
    best: tuple[int, int, float] | None = None  # the digits, mini-batches and accuracy of the best checkpoint
    diverged: bool = False


class LaneMaker:
    def __init__(self) -> None:
        self._flags: dict[int, tuple[object, tuple[Flag, ...]]] = {}
        self._checkpoints: tuple[object, tuple[int, ...]] = None, ()

    def lanes(self, runs: Sequence[RunFacts], selected: int | None) -> tuple[Lane, ...]:
        """Return a lane for each run, in order; one branches off its nearest open ancestor, or begins by itself."""
        forks = {run.number: run.parent for run in runs if run.parent is not None}
        places: dict[int | None, int] = {run.number: place for place, run in enumerate(runs)}
        left: dict[int, tuple[int | None, int]] = {}
        for run in runs:
            left[run.number] = _left(run, forks, left)
        thick: dict[int, int] = {}
        number, until = selected, max((run.digits_seen for run in runs), default=0)
        while number is not None and number in places:
            thick[number] = min(until, runs[places[number]].digits_seen)
            number, until = left[number]
        stars = [(run, run.best_so_far) for run in runs]
        return tuple(
            Lane(
                run.number,
                run.hue,
                run.number == selected,
                left[run.number][1],
                run.digits_seen,
                thick.get(run.number, 0),
                places.get(left[run.number][0]),
                self._flags_of(run),
                None if star is None else (star.digits, star.step, star.accuracy),
                run.diverged,
            )
            for run, star in stars
        )

    def checkpoints(self, run: RunFacts) -> tuple[int, ...]:
        """Return after how many digits a run has stored checkpoints; the same tuple until another one is stored."""
        states = () if run.record is None else run.record.snapshots
        of = run.number, len(states), states[-1].step if states else 0
        if self._checkpoints[0] != of:
            self._checkpoints = of, (0, *(run.digits_at(state.step) for state in states))
        return self._checkpoints[1]

    def _flags_of(self, run: RunFacts) -> tuple[Flag, ...]:
        """Return the flags of a run, cached until its interventions change: strokes of the brush can be hundreds."""
        of = run.history.interventions, run.parent
        if (known := self._flags.get(run.number)) is None or known[0] != of:
            known = self._flags[run.number] = of, run.flags
        return known[1]


def _left(
    run: RunFacts, forks: Mapping[int, Fork], left: Mapping[int, tuple[int | None, int]]
) -> tuple[int | None, int]:
    """Return the nearest open ancestor of a run, and after how many digits the run branched off it."""
    until = run.digits_seen
    for number, _, digits in lineage(run.number, forks.get):
        until = min(until, digits)
        if number in left and until >= left[number][1]:
            return number, until
    return None, 0


def nearest_flag(flags: tuple[Flag, ...], digits: float, within: float) -> Flag | None:
    """Return the flag nearest to `digits`, or None if it is further away than `within`."""
    at = bisect_left(flags, digits, key=lambda flag: flag.digits)
    near = [flag for flag in flags[max(0, at - 1) : at + 1] if abs(flag.digits - digits) <= within]
    return min(near, key=lambda flag: abs(flag.digits - digits), default=None)


WORTH_SAYING = 3_000  # digits: runs that learn in turn stay closer together than that


class RunTexts(Struct, frozen=True):
    """The texts of a run. `names` are from long to short; `share` is its accuracy."""

    letter: str
    names: tuple[str, ...]
    share: str
    tip: str
    said: str  # the whole description for screen readers
    waits: bool = False


class RunWords(QObject):
    """Texts for the lanes and the table, in the language and number format of the program."""

    def of(self, run: RunFacts, runs: Sequence[RunFacts], absence: str = "") -> RunTexts:
        """Return the texts of a run among the open ones; `absence` is the code of why it has no visible line."""
        share, last, absent = self.share(run), self.waits_for(run, runs), self.absent(absence)
        waits = tr("paused until {run} catches up", run=last) if last else ""
        state = waits or (tr("on") if run.on else tr("off"))
        if run.diverged:
            state = tr("diverged: its cost is no longer a finite number")
        names = self.names(run, runs)
        if run.replayed is not None:
            done, of = run.replayed
            percent = tr("{percent} %", percent=100 * done // max(1, of))
            again = tr("trained from its start, {percent}", percent=percent)
            names = (*self._with(names, again, percent), *names)  # with the name
        elif last:  # with the name: the switch shows the state, too
            short = tr("paused for {run}", run=last), tr("paused")
            names = (*self._with(names, waits, *short), *names)
        elif absent:
            names = (*self._with(names, absent), *names)
        no_line = tr("no line in view: {why}", why=absent) if absent else ""
        said_all = tr(", ").join(filter(None, (self.title(run, runs), self._of_what(run), state, no_line)))
        tip = tr("{run}. Click to select it, double-click to give it a name.", run=said_all)
        if run.about:
            tip = tr("{about}\n{tip}", about=run.about, tip=tip)
        return RunTexts(run.letter, names, share or tr("–"), tip, said_all, bool(waits))

    def title(self, run: RunFacts, runs: Sequence[RunFacts]) -> str:
        return tr("{run} {what}", run=run.letter, what=run_name(run, runs))

    def waits_for(self, run: RunFacts, runs: Sequence[RunFacts]) -> str:
        """Return the letter of the run that this one waits for, now or as soon as they learn, or an empty text."""
        on = (other for other in runs if other.on and not (other.failed or other.diverged))
        racing = [other for other in on if other.playing == run.playing]
        if run not in racing or run.lifecycle is Lifecycle.LEARNING:
            return ""
        last = min(racing, key=lambda other: other.digits_seen)
        return "" if run.digits_seen - last.digits_seen < WORTH_SAYING else last.letter

    def absent(self, code: str) -> str:
        return {
            "hidden": tr("hidden"),
            "data": tr("other data set"),
            "epoch": tr("other number of digits"),
            "nothing": tr("nothing measured"),
            "forked": tr("same as another run"),
            "beyond": tr("out of view"),
        }.get(code, "")

    def share(self, run: RunFacts) -> str:
        """Return the last validation accuracy, or training accuracy if there is none; empty for a diverged run."""
        last = None if run.diverged else newest(run)
        return "" if last is None else numbers.percent(last[1].accuracy)

    def _with(self, names: Sequence[str], *states: str) -> list[str]:
        return [tr("{name} · {more}", name=name, more=each) for name in names for each in states]

    def _of_what(self, run: RunFacts) -> str:
        if (last := newest(run)) is None or run.diverged:
            return ""
        name, measured = last
        share = numbers.percent(measured.accuracy)
        text = {
            ("validation", True): tr("{share} of the first {count} validation digits right"),
            ("training", True): tr("{share} of the first {count} training digits right"),
            ("validation", False): tr("{share} of the validation digits right"),
            ("training", False): tr("{share} of the training digits right"),
        }[name, bool(measured.part)]
        return text.format(share=share, count=numbers.whole(measured.part))

    def names(self, run: RunFacts, runs: Sequence[RunFacts], *, with_place: bool = True) -> tuple[str, ...]:
        """Return the names of a run among the open ones, from long to short; short ones are unique if `with_place`."""
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
            whats = [tr("tiny change")]
        elif changes := changes_of(run, fork):
            whats = [tr(", ").join(changes), changes[0]]
        else:
            whats = [tr("twin")]
        place = fork_place(run, fork)
        placed = [tr("{what} from {place}", what=what, place=place) for what in whats]
        return (placed[0], whats[0], *placed[1:], *whats[1:])


def newest(run: RunFacts) -> tuple[str, Measured] | None:
    """Return the last accuracy and its set: validation, or training if there is none; None before the first."""
    sets: tuple[SetName, ...] = ("validation", "training")
    return next(((name, measured) for name in sets if (measured := run.newest(name)) is not None), None)
