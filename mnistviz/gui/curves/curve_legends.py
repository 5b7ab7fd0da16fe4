"""Contents of both legends: the meaning of bands, thin lines and dots, and which runs are not drawn and why."""

from __future__ import annotations

from collections.abc import Iterator

from mnistviz.engine.evaluation import EARLY_DIGITS, interim_digits
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.curves.curve_legend import CurveLegend, Entry
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.curves.drawn_runs import Unlike, XAxis, is_dotted
from mnistviz.gui.curves.pens import hue
from mnistviz.gui.lab.run_names import run_name


class CurveLegends:
    def __init__(self, texts: CurveTexts, cost: CurveLegend, accuracy: CurveLegend) -> None:
        self._texts, self._cost, self._accuracy = texts, cost, accuracy

    def draw(self, axis: XAxis, theme: Theme) -> None:
        """Fill both legends for the runs of an axis."""
        colour = hue(theme, 0 if axis.selected is None else axis.selected.run.hue)
        band = Entry(self._texts.band(), colour, "band")
        lucky = [] if axis.selected is None else [band for band in axis.selected.run.bands if band.runs]
        pale = [Entry(self._texts.luck_band(each, cost=True), colour, "thin line") for each in lucky]
        self._cost.set_entries(theme, (band, *pale, *self._not_drawn(axis, "cost", theme)))
        parts = () if axis.selected is None else {part for _, part in axis.selected.drawn_parts}
        dotted, joined = ([part for part in parts if is_dotted(part) is dots] for dots in (True, False))
        lines = [Entry(self._texts.thin_line(joined), colour, "thin line")] if joined else []
        words = self._texts.dots(dotted, large=_is_large(axis))
        dots = [Entry(words, colour, "dot")] if dotted else []
        spread = [Entry(self._texts.luck_band(each, cost=False), colour, "band") for each in lucky]
        missing = self._not_drawn(axis, "validation", theme)
        self._accuracy.set_entries(theme, (*spread, *lines, *dots, *missing))

    def names(self, axis: XAxis, theme: Theme) -> tuple[Entry, ...]:
        """Return entries with the names of the runs for an exported picture, or none if there is only one run."""
        runs = [] if len(axis.runs) < 2 else [drawn.run for drawn in axis.runs]
        return tuple(
            Entry((self._texts.lettered(run.letter, run_name(run, runs)),), hue(theme, run.hue))
            for run in runs
        )

    def _not_drawn(self, axis: XAxis, series: str, theme: Theme) -> Iterator[Entry]:
        letters: dict[Unlike, list[str]] = {}
        drawn = axis.drawn(series)
        for each in axis.runs:
            if each not in drawn:
                letters.setdefault(axis.unlike(each), []).append(each.run.letter)
        for unlike, of in letters.items():
            yield Entry(self._texts.not_drawn(of, unlike), theme.muted, "none")


def _is_large(axis: XAxis) -> bool:
    """Return True if the selected network is so large that slow motion evaluates only as many digits as the dots
    show."""
    moment = None if axis.selected is None else axis.selected.run.moment
    return moment is not None and interim_digits(moment.network) <= EARLY_DIGITS
