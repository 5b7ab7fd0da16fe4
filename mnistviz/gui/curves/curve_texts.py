"""Texts and numbers of the curves: ticks, labels of marks, and the values under the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QLocale, QObject

from mnistviz.engine.acts import (
    Changed,
    Edited,
    Frozen,
    Halved,
    Intervention,
    Nudged,
    Restored,
    Stepped,
    SteppedBack,
    Taught,
    by_gesture,
    summed_up,
)
from mnistviz.engine.columns import Column, PositionUnit
from mnistviz.engine.luck.bands import Band, GrownRun, Spread
from mnistviz.gui.common import numbers
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.scales import decimals
from mnistviz.gui.curves.drawn_runs import Unlike

MOST_LISTED = 6  # interventions under the cursor


class CurveTexts(QObject):
    # Ticks

    def unit(self, unit: PositionUnit, *, opened: bool) -> str:
        if opened:
            return self.tr("since opened")
        return self.tr("mini-batches") if unit == "steps" else self.tr("epochs")

    def cost_ticks(self, values: list[float]) -> list[str]:
        if values and (values[-1] < 1e-4 or values[-1] >= 1e6 or (values[0] > 0 and values[0] < 1e-4)):
            return [numbers.cost(value) if value else "0" for value in values]
        return self.plain_ticks(values)

    def percent_ticks(self, values: list[float]) -> list[str]:
        texts = self.plain_ticks([100 * value for value in values])
        return [self.tr("{percent} %").format(percent=text) for text in texts]

    def plain_ticks(self, values: list[float]) -> list[str]:
        locale = QLocale()
        return [
            locale.toString(value, "f", decimals([value])) if abs(value) > 1e-12 else "0" for value in values
        ]

    # Marks

    def way_back(self, step: int) -> str:
        return self.tr("back to mini-batch {step}").format(step=numbers.whole(step))

    def intervention(self, what: Intervention) -> str:
        whole, value, eta = numbers.whole, names.value, names.short("eta")
        match what:
            case Restored(source=step):
                return self.tr("back to the weights of mini-batch {step}").format(step=whole(step))
            case Halved(before=old, after=new):
                values = {"old": value("eta", old), "new": value("eta", new)}
                return self.tr("{name} halved: {old} → {new}").format(name=eta, **values)
            case Nudged():
                return self.tr("one weight changed by the smallest amount")
            case Stepped():
                return self.tr("step by hand: {name} {value}").format(name=eta, value=value("eta", what.eta))
            case SteppedBack(mini_batches=count):
                text = self.tr("{count} mini-batches back with −{name} {value}")
                return text.format(count=whole(count), name=eta, value=value("eta", what.eta))
            case Edited(edit=edit):
                text = self.tr("weights set by hand in layer {layer}: {count}")
                return text.format(layer=whole(edit.layer), count=whole(len(edit.places)))
            case Frozen(unit=unit):
                text = self.tr("unit {unit} of layer {layer} learns again")
                if what.frozen:
                    text = self.tr("unit {unit} of layer {layer} frozen")
                return text.format(unit=whole(unit.number + 1), layer=whole(unit.layer))
            case Taught(lesson=lesson):
                return self.tr("drawing taught, {name} {value}").format(
                    name=eta, value=value("eta", lesson.eta)
                )
            case Changed():
                text = self.tr("{name} {old} → {new}")
                return ", ".join(
                    text.format(name=names.short(name), old=value(name, old), new=value(name, new))
                    for name, old, new in what.changes
                )

    def summed_up(self, group: Sequence[Intervention]) -> str:
        return ", ".join(map(self.intervention, summed_up(group)))

    def interventions(self, group: list[Intervention]) -> list[str]:
        group = by_gesture(group)
        lines = [
            self.tr("{what} after mini-batch {step}").format(
                what=self.intervention(each), step=numbers.whole(each.step)
            )
            for each in group[:MOST_LISTED]
        ]
        if len(group) > MOST_LISTED:
            lines.append(
                self.tr("and {count} more changes").format(count=numbers.whole(len(group) - MOST_LISTED))
            )
        return lines

    def flag(self, what: str, place: float, unit: PositionUnit) -> str:
        if unit == "steps":
            return self.tr("{what} at mini-batch {number}").format(
                what=what, number=numbers.whole(round(place))
            )
        return self.tr("{what} at epoch {number}").format(what=what, number=numbers.epochs(place))

    # Values under the cursor

    def costs(self, column: Column, epoch: int) -> list[str]:
        first, last = numbers.whole(column.first_step + 1), numbers.whole(column.last_step + 1)
        when = self._epoch(column.first_digits, epoch)
        covered = self.tr("mini-batches {first}–{last}").format(first=first, last=last)
        if first == last:
            covered = self.tr("mini-batch {number}").format(number=first)
        lines = [self.together((covered, when))]
        if column.count == 1:
            lines.append(self.tr("cost {cost}").format(cost=numbers.cost(column.mean)))
        elif column.count:
            low, high = numbers.cost(column.low), numbers.cost(column.high)
            smallest, largest = numbers.cost(column.smallest), numbers.cost(column.largest)
            band = self.tr("middle 80 %: {low}–{high}").format(low=low, high=high)
            lines += [
                self.together((self.mean_cost(column), band)),
                self.tr("smallest {smallest}, largest {largest}").format(smallest=smallest, largest=largest),
            ]
        if column.not_finite:
            lines.append(
                self.tr("not a finite number: {count}").format(count=numbers.whole(column.not_finite))
            )
        return lines

    def mean_cost(self, column: Column) -> str:
        return self.tr("mean {mean}").format(mean=numbers.cost(column.mean))

    def moment(self, column: Column, epoch: int) -> str:
        if column.last_step == 0:
            return self.tr("untrained network")
        step = self.tr("after mini-batch {number}").format(number=numbers.whole(column.last_step))
        return self.together((step, self._epoch(column.last_digits, epoch)))

    def accuracy(self, set_name: str, column: Column, *, errors: bool, when: bool = False) -> str:
        """Return the accuracy on a set or its error rate, with `when` also the time of its measurement."""
        mean, low, high = column.mean, column.smallest, column.largest
        if errors:
            mean, low, high = 1 - mean, 1 - high, 1 - low
        text = (self.tr("{set} {share} wrong") if errors else self.tr("{set} {share}")).format(
            set=self.set_name(set_name), share=numbers.percent(mean)
        )
        if column.count > 1:
            text += self.tr(" (mean of {count}: {low} to {high})").format(
                count=numbers.whole(column.count), low=numbers.percent(low), high=numbers.percent(high)
            )
        if column.part:
            text += self.tr(" of the first {count}").format(count=numbers.whole(column.part))
        if when:
            text += self.tr(" (after mini-batch {number})").format(number=numbers.whole(column.last_step))
        return text

    def together(self, parts: Iterable[str]) -> str:
        """Join texts on one line that breaks between them only."""
        return self.tr(" · ").join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)

    def band(self) -> tuple[str, ...]:
        return (self.tr("middle 80 %"),)

    def luck_band(self, band: Band, *, cost: bool) -> tuple[str, ...]:
        """Describe a seed band or a band of perturbed copies, in ever shorter texts."""
        runs = self.runs_of_band(band)
        if band.kind == "seeds":
            text = self.tr("pale lines: {runs}") if cost else self.tr("{runs}: all, and the middle half")
            return text.format(runs=runs), runs
        dotted = self.tr("dotted: {runs}").format(runs=runs)
        if cost:
            return dotted, runs
        return self.tr("dotted: {runs}, all and the middle half").format(runs=runs), dotted, runs

    def runs_of_band(self, band: Band) -> str:
        one = len(band.runs) == 1
        if band.kind == "seeds":
            runs = self.tr("1 other seed") if one else self.tr("{count} other seeds")
        else:
            runs = self.tr("1 tiny change") if one else self.tr("{count} tiny changes")
        return runs.format(count=numbers.whole(len(band.runs)))

    def spread(self, band: Band, spread: Spread, *, errors: bool) -> str:
        low, high, median = spread.lowest, spread.highest, spread.median
        text = self.tr("{runs}: {low} to {high}")
        if errors:
            low, high, median = 1 - high, 1 - low, 1 - median
            text = self.tr("{runs}: {low} to {high} wrong")
        low_text, high_text, median_text = map(numbers.percent, (low, high, median))
        ends = text.format(runs=self.runs_of_band(band), low=low_text, high=high_text)
        return self.together((ends, self.tr("median {median}").format(median=median_text)))

    def run_of_band(self, band: Band, run: GrownRun, *, errors: bool) -> str:
        share = float(run.accuracy[-1])
        named = self.tr("seed {number} {share}") if band.kind == "seeds" else self.tr("copy {number} {share}")
        return named.format(
            number=numbers.whole(run.seed), share=numbers.percent(1 - share if errors else share)
        )

    def thin_line(self, counts: Iterable[int]) -> tuple[str, ...]:
        return self._first(counts, self.tr("thin line: on the first {count} digits"))

    def dots(self, counts: Iterable[int], *, large: bool) -> tuple[str, ...]:
        """Describe the hollow points, in ever shorter texts; for a `large` network also how to evaluate all digits."""
        dots = self.tr("hollow: on the first {count} digits")
        if not large:
            return self._first(counts, dots)
        pause = self.tr("hollow: on the first {count} digits, as the network is large; pause to read all")
        return self._first(
            counts, pause, self.tr("hollow: on the first {count} digits; pause to read all"), dots
        )

    def _first(self, counts: Iterable[int], *texts: str) -> tuple[str, ...]:
        count = self.tr(", ").join(map(numbers.whole, sorted(set(counts))))
        short = self.tr("on the first {count} digits"), self.tr("first {count}")
        return tuple(text.format(count=count) for text in (*texts, *short))

    def not_drawn(self, letters: Sequence[str], unlike: Unlike) -> tuple[str, ...]:
        runs = self.tr(", ").join(letters)
        match unlike:
            case "cost":
                long, short = self.tr("trained with another cost"), self.tr("another cost")
            case "data":
                long, short = self.tr("trained on another data set"), self.tr("another data set")
            case _:
                long = self.tr("different number of training digits")
                short = self.tr("other number of digits")
        text = self.tr("{runs} not drawn: {why}")
        texts = (text.format(runs=runs, why=why) for why in (long, short))
        return *texts, self.tr("{runs} not drawn").format(runs=runs)

    def lettered(self, letter: str, what: str) -> str:
        return self.tr("{run} {what}").format(run=letter, what=what).strip()

    def line(self, series: str) -> str:
        return self.tr("mean") if series == "cost" else self.set_name(series)

    def set_name(self, name: str) -> str:
        known = {
            "training": self.tr("training"),
            "validation": self.tr("validation"),
            "test": self.tr("test"),
        }
        return known.get(name, name)

    def _epoch(self, digits: int, epoch: int) -> str:
        return self.tr("epoch {number}").format(number=numbers.epochs(digits / epoch))
