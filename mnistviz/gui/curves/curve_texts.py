"""Texts and numbers of the curves: ticks, labels of marks, and the values under the cursor."""

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
from mnistviz.gui.common.texts import tr
from mnistviz.gui.curves.drawn_runs import Unlike

MOST_LISTED = 6  # interventions under the cursor


class CurveTexts(QObject):
    # Ticks

    def unit(self, unit: PositionUnit, *, opened: bool) -> str:
        if opened:
            return tr("since opened")
        return tr("mini-batches") if unit == "steps" else tr("epochs")

    def cost_ticks(self, values: list[float]) -> list[str]:
        if values and (values[-1] < 1e-4 or values[-1] >= 1e6 or (values[0] > 0 and values[0] < 1e-4)):
            return [numbers.cost(value) if value else "0" for value in values]
        return self.plain_ticks(values)

    def percent_ticks(self, values: list[float]) -> list[str]:
        texts = self.plain_ticks([100 * value for value in values])
        return [tr("{percent} %", percent=text) for text in texts]

    def plain_ticks(self, values: list[float]) -> list[str]:
        locale = QLocale()
        return [
            locale.toString(value, "f", decimals([value])) if abs(value) > 1e-12 else "0" for value in values
        ]

    def intervention(self, what: Intervention) -> str:
        value, eta = names.value, names.short("eta")
        match what:
            case Restored(source=step):
                return tr("back to the weights of mini-batch {step}", step=step)
            case Halved(before=old, after=new):
                values = {"old": value("eta", old), "new": value("eta", new)}
                return tr("{name} halved: {old} → {new}", name=eta, **values)
            case Nudged():
                return tr("one weight changed by the smallest amount")
            case Stepped():
                return tr("step by hand: {name} {value}", name=eta, value=value("eta", what.eta))
            case SteppedBack(mini_batches=count):
                back = value("eta", what.eta)
                return tr("{count} mini-batches back with −{name} {value}", count=count, name=eta, value=back)
            case Edited(edit=edit):
                count = len(edit.places)
                return tr("weights set by hand in layer {layer}: {count}", layer=edit.layer, count=count)
            case Frozen(unit=unit, frozen=True):
                return tr("unit {unit} of layer {layer} frozen", unit=unit.number + 1, layer=unit.layer)
            case Frozen(unit=unit):
                return tr("unit {unit} of layer {layer} learns again", unit=unit.number + 1, layer=unit.layer)
            case Taught(lesson=lesson):
                return tr("drawing taught, {name} {value}", name=eta, value=value("eta", lesson.eta))
            case Changed():
                text = tr("{name} {old} → {new}")
                return ", ".join(
                    text.format(name=names.short(name), old=value(name, old), new=value(name, new))
                    for name, old, new in what.changes
                )

    def summed_up(self, group: Sequence[Intervention]) -> str:
        return ", ".join(map(self.intervention, summed_up(group)))

    def interventions(self, group: list[Intervention]) -> list[str]:
        group = by_gesture(group)
        lines = [
            tr("{what} after mini-batch {step}", what=self.intervention(each), step=each.step)
            for each in group[:MOST_LISTED]
        ]
        if len(group) > MOST_LISTED:
            lines.append(tr("and {count} more changes", count=len(group) - MOST_LISTED))
        return lines

    def flag(self, what: str, place: float, unit: PositionUnit) -> str:
        if unit == "steps":
            return tr("{what} at mini-batch {number}", what=what, number=round(place))
        return tr("{what} at epoch {number}", what=what, number=numbers.epochs(place))

    def costs(self, column: Column, epoch: int) -> list[str]:
        first, last = numbers.whole(column.first_step + 1), numbers.whole(column.last_step + 1)
        when = self._epoch(column.first_digits, epoch)
        covered = tr("mini-batches {first}–{last}", first=first, last=last)
        if first == last:
            covered = tr("mini-batch {number}", number=first)
        lines = [self.together((covered, when))]
        if column.count == 1:
            lines.append(tr("cost {cost}", cost=numbers.cost(column.mean)))
        elif column.count:
            low, high = numbers.cost(column.low), numbers.cost(column.high)
            smallest, largest = numbers.cost(column.smallest), numbers.cost(column.largest)
            band = tr("middle 80 %: {low}–{high}", low=low, high=high)
            lines += [
                self.together((self.mean_cost(column), band)),
                tr("smallest {smallest}, largest {largest}", smallest=smallest, largest=largest),
            ]
        if column.not_finite:
            lines.append(tr("not a finite number: {count}", count=column.not_finite))
        return lines

    def mean_cost(self, column: Column) -> str:
        return tr("mean {mean}", mean=numbers.cost(column.mean))

    def moment(self, column: Column, epoch: int) -> str:
        if column.last_step == 0:
            return tr("untrained network")
        step = tr("after mini-batch {number}", number=column.last_step)
        return self.together((step, self._epoch(column.last_digits, epoch)))

    def accuracy(self, set_name: str, column: Column, *, errors: bool, when: bool = False) -> str:
        """Return the accuracy on a set or its error rate, with `when` also the time of its measurement."""
        mean, low, high = column.mean, column.smallest, column.largest
        if errors:
            mean, low, high = 1 - mean, 1 - high, 1 - low
        form = tr("{set} {share} wrong") if errors else tr("{set} {share}")
        text = form.format(set=self.set_name(set_name), share=numbers.percent(mean))
        if column.count > 1:
            lowest, highest = numbers.percent(low), numbers.percent(high)
            text += tr(" (mean of {count}: {low} to {high})", count=column.count, low=lowest, high=highest)
        if column.part:
            text += tr(" of the first {count}", count=column.part)
        if when:
            text += tr(" (after mini-batch {number})", number=column.last_step)
        return text

    def together(self, parts: Iterable[str]) -> str:
        """Join texts on one line that breaks between them only."""
        return tr(" · ").join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)

    def luck_band(self, band: Band, *, cost: bool) -> tuple[str, ...]:
        """Describe a seed band or a band of perturbed copies, in ever shorter texts."""
        runs = self.runs_of_band(band)
        if band.kind == "seeds":
            text = tr("pale lines: {runs}") if cost else tr("{runs}: all, and the middle half")
            return text.format(runs=runs), runs
        dotted = tr("dotted: {runs}", runs=runs)
        if cost:
            return dotted, runs
        return tr("dotted: {runs}, all and the middle half", runs=runs), dotted, runs

    def runs_of_band(self, band: Band) -> str:
        one = len(band.runs) == 1
        if band.kind == "seeds":
            runs = tr("1 other seed") if one else tr("{count} other seeds")
        else:
            runs = tr("1 tiny change") if one else tr("{count} tiny changes")
        return runs.format(count=numbers.whole(len(band.runs)))

    def spread(self, band: Band, spread: Spread, *, errors: bool) -> str:
        low, high, median = spread.lowest, spread.highest, spread.median
        text = tr("{runs}: {low} to {high}")
        if errors:
            low, high, median = 1 - high, 1 - low, 1 - median
            text = tr("{runs}: {low} to {high} wrong")
        low_text, high_text, median_text = map(numbers.percent, (low, high, median))
        ends = text.format(runs=self.runs_of_band(band), low=low_text, high=high_text)
        return self.together((ends, tr("median {median}", median=median_text)))

    def run_of_band(self, band: Band, run: GrownRun, *, errors: bool) -> str:
        right = float(run.accuracy[-1])
        share = numbers.percent(1 - right if errors else right)
        named = tr("seed {number} {share}") if band.kind == "seeds" else tr("copy {number} {share}")
        return named.format(number=numbers.whole(run.seed), share=share)

    def thin_line(self, counts: Iterable[int]) -> tuple[str, ...]:
        return self._first(counts, tr("thin line: on the first {count} digits"))

    def dots(self, counts: Iterable[int], *, large: bool) -> tuple[str, ...]:
        """Describe the hollow points, in ever shorter texts; for a `large` network also how to evaluate all digits."""
        dots = tr("hollow: on the first {count} digits")
        if not large:
            return self._first(counts, dots)
        pause = tr("hollow: on the first {count} digits, as the network is large; pause to read all")
        return self._first(counts, pause, tr("hollow: on the first {count} digits; pause to read all"), dots)

    def _first(self, counts: Iterable[int], *texts: str) -> tuple[str, ...]:
        count = tr(", ").join(map(numbers.whole, sorted(set(counts))))
        short = tr("on the first {count} digits"), tr("first {count}")
        return tuple(text.format(count=count) for text in (*texts, *short))

    def not_drawn(self, letters: Sequence[str], unlike: Unlike) -> tuple[str, ...]:
        runs = tr(", ").join(letters)
        match unlike:
            case "cost":
                long, short = tr("trained with another cost"), tr("another cost")
            case "data":
                long, short = tr("trained on another data set"), tr("another data set")
            case _:
                long, short = tr("different number of training digits"), tr("other number of digits")
        texts = (tr("{runs} not drawn: {why}", runs=runs, why=why) for why in (long, short))
        return *texts, tr("{runs} not drawn", runs=runs)

    def lettered(self, letter: str, what: str) -> str:
        return tr("{run} {what}", run=letter, what=what).strip()

    def line(self, series: str) -> str:
        return tr("mean") if series == "cost" else self.set_name(series)

    def set_name(self, name: str) -> str:
        known = {"training": tr("training"), "validation": tr("validation"), "test": tr("test")}
        return known.get(name, name)

    def _epoch(self, digits: int, epoch: int) -> str:
        return tr("epoch {number}", number=numbers.epochs(digits / epoch))
