"""Runs the benchmarks and holds their figures against what was asked for, and against the last release.

    python benchmarks/table.py                 engine, live, start, long and curves_of_runs
    python benchmarks/table.py --only peers    one of them
    python benchmarks/table.py --save          and keep the figures in last-release.json

Each benchmark is a script of its own, with parts (parts.py). As a part ends, its figures are printed and kept in
figures.json. A part that fails is named, the others are still measured, and the exit code is 1. What the scripts
share is here.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

ROOT: Final = Path(__file__).resolve().parent.parent
LAST_RELEASE: Final = Path(__file__).with_name("last-release.json")
NEWEST: Final = Path(__file__).with_name("figures.json")
USUAL: Final = ("engine", "live", "start", "long", "curves_of_runs")
OTHERS: Final = (
    "ideas",
    "time_machine",
    "moments",
    "luck",
    "mistakes",
    "microscope",
    "session",
    "tabs",
    "futures",
    "peers",
)
SLOWER: Final = 1.1  # a change by more than this is worth a sign
ERROR: Final = "_se"  # ends the name of a figure that is the standard error of another
# This checkout, with the plain reference in its tests; but one that PYTHONPATH names comes before it
sys.path.insert(len(sys.path) if os.environ.get("PYTHONPATH") else 0, str(ROOT))

from mnistviz.gui.common.tooltips import without_mnemonic  # noqa: E402
from mnistviz.gui.window.views import ViewPlace, entries_of  # noqa: E402


class Line(Struct, frozen=True):
    """A line of the table: what a figure is, in which unit, and what it should be at the least and at best.

    Without `least` nothing is asked of it. `more` says that larger is better.
    """

    what: str
    unit: str
    least: float | None = None
    aim: float | None = None
    more: bool = False

    def verdict(self, value: float) -> str:
        if self.least is None or self.aim is None:
            return ""
        for limit, word in ((self.aim, "reached, and the aim"), (self.least, "reached")):
            if value >= limit if self.more else value <= limit:
                return word
        return "short"


EVALUATIONS: Final = 22
"""Percent: an epoch trains on 50,000 digits with two large products each; at its end 21,000 digits are read with one,
and 500 with two. docs/performance.md says why it is not less."""

LINES: Final = {
    "step_30": Line("784-30-10: time over that of its matrix products alone", "×", 2.5, 1.8),
    "step_100": Line("784-100-10: time over that of its matrix products alone", "×"),
    "step_fast": Line("recipe fast: time over that of its matrix products alone", "×"),
    "step_best": Line("recipe best: time over that of its matrix products alone", "×"),
    "book_30": Line("784-30-10: faster than the book's loop over single digits", "×", 18, 25, more=True),
    "book_100": Line("784-100-10: faster than the book's loop over single digits", "×", more=True),
    "evaluation_30": Line("784-30-10: evaluations, of training", "%", EVALUATIONS, 15),
    "evaluation_100": Line("784-100-10: evaluations, of training", "%", EVALUATIONS, 15),
    "evaluation_fast": Line("recipe fast: evaluations, of training", "%", EVALUATIONS, 15),
    "evaluation_best": Line("recipe best: evaluations, of training", "%", EVALUATIONS, 15),
    "torch_30": Line("784-30-10: faster than PyTorch, eager", "×", 8, 8, more=True),
    "torch_100": Line("784-100-10: faster than PyTorch, eager", "×", more=True),
    "torch_fast": Line("network of recipe fast: faster than PyTorch, eager", "×", more=True),
    "torch_best": Line("network of recipe best: faster than PyTorch, eager", "×", more=True),
    "sklearn_30": Line("784-30-10: faster than scikit-learn's MLPClassifier", "×", 4.5, 4.5, more=True),
    "sklearn_100": Line("784-100-10: faster than scikit-learn's MLPClassifier", "×", more=True),
    "sklearn_fast": Line("network of recipe fast: faster than scikit-learn's", "×", more=True),
    "sklearn_best": Line("network of recipe best: faster than scikit-learn's", "×", more=True),
    "kept_30": Line("speed kept beside 30 frames/s", "%", 90, 95, more=True),
    "kept_60": Line("speed kept beside 60 frames/s", "%", 77, 92, more=True),
    "headless": Line("speed while no frame is drawn", "mini-batches/s", more=True),
    "frames_30": Line("painted frames a second, 30 asked for", "/s", more=True),
    "frames_60": Line("painted frames a second, 60 asked for", "/s", more=True),
    "cost_frame": Line("processor time of a frame at 30/s", "ms"),
    "cost_network": Line("… of it drawing the network", "ms"),
    "cost_verdict": Line("… of it the verdict", "ms"),
    "cost_curves": Line("… of it the curves, every third frame", "ms"),
    "cost_others": Line("… of it settings, figures on top, and others", "ms"),
    "cost_painting": Line("… painting, and the rest", "ms"),
    "gap_median": Line("gap between frames at 30/s, median", "ms"),
    "gap_p99": Line("gap between frames at 30/s, p99", "ms", 40, 36),
    "gap_worst": Line("gap between frames at 30/s, worst", "ms", 60, 40),
    "busy_p99": Line("gap while η is dragged and digits are drawn, p99", "ms"),
    "busy_worst": Line("gap while η is dragged and digits are drawn, worst", "ms", 60, 40),
    "pause": Line("mouse press on Pause to the last step, median", "ms"),
    "pause_worst": Line("mouse press on Pause to the last step, worst", "ms", 50, 5),
    "stroke": Line("stroke to painted verdict while training, median", "ms"),
    "stroke_p99": Line("stroke to painted verdict while training, p99", "ms", 50, 20),
    "digit_kept_30": Line("speed kept beside 30 frames/s, one digit on the pad", "%", more=True),
    "row_kept_30": Line("speed kept beside 30 frames/s, a row of five on the pad", "%", more=True),
    "row_stroke": Line("stroke in a row of five to painted verdicts while training, median", "ms"),
    "row_stroke_p99": Line("stroke in a row of five to painted verdicts while training, p99", "ms", 50, 20),
    "luck_seeds": Line("eight other seeds of one epoch, while the run rests", "s"),
    "luck_without_gap_p99": Line("gap between frames while a run without a band learns, p99", "ms", 45, 40),
    "luck_trained_gap_p99": Line("… while eight other seeds are trained", "ms", 45, 40),
    "luck_drawn_gap_p99": Line("… while they are drawn behind the curves", "ms", 45, 40),
    "two_moments": Line("two moments of the past, 256 mini-batches to replay, at rest", "ms", 50),
    "two_moments_worst": Line("… the worst of 40", "ms"),
    "replay_kept": Line("speed kept beside a long replay", "%", 50, more=True),
    "curves_draw": Line("drawing of the curves while all learn", "ms"),
    "curves_paint": Line("… painting it", "ms"),
    "curves_both": Line("… drawn and painted, median", "ms", 5, 5),
    "curves_both_p95": Line("… drawn and painted, p95", "ms"),
    "memory_start": Line("memory of the whole program, data read", "MB"),
    "memory": Line("memory of the whole program at the end", "MB", 350, 200),
    "memory_growth": Line("memory that a long run has added after its first tenth", "MB"),
    "costs_lost": Line("mini-batches whose cost is missing from the curve", "", 0, 0),
    "shown": Line("command to window painted", "s", 1.0, 0.5),
    "ready": Line("command to data ready", "s"),
    "first": Line("command to first mini-batch, asked for at once", "s"),
    "frame_ratio": Line("frame at 10⁷ mini-batches over that at 10⁴", "×", 1.2, 1.0),
    "frame_4": Line("processor time of a frame at 10⁴ mini-batches", "ms"),
    "frame_5": Line("processor time of a frame at 10⁵ mini-batches", "ms"),
    "frame_6": Line("processor time of a frame at 10⁶ mini-batches", "ms"),
    "frame_7": Line("processor time of a frame at 10⁷ mini-batches", "ms"),
    "history_4": Line("memory of the history at 10⁴ mini-batches", "MB"),
    "history_7": Line("memory of the history at 10⁷ mini-batches", "MB"),
    "ideas_kept": Line(
        "speed kept beside an open page of the ideas, of that of rest", "%", 97, 97, more=True
    ),
    "ideas_open": Line("click to painted page", "ms", 100, 100),
    "ideas_drag": Line("movement of the hand to painted page, median", "ms"),
    "ideas_drag_p99": Line("movement of the hand to painted page, p99", "ms"),
    "more_runs": Line("memory of seven more runs, without snapshots", "MB", 64, 64),
    "snapshots": Line("snapshots, of training", "%", 3, 3),
    "bookkeeping": Line("bookkeeping of a kept state", "µs"),
    "near": Line("a moment of the past, to something near", "ms"),
    "replayed": Line("… mini-batches replayed to the exact one", ""),
    "beyond": Line("… beyond the engine's own time for them", "ms", 20, 20),
    "back": Line("one step back from there", "ms", 50, 50),
    "move": Line("a move to something new, while it learns, median", "ms"),
    "move_worst": Line("a move to something new, while it learns, worst", "ms", 50, 50),
    "branch": Line("a branch is there after", "ms"),
    "saving": Line("an experiment saved, with its states, median of 5", "s", 1.0, 1.0),
    "saving_worst": Line("… the worst", "s"),
    "saved_size": Line("… its size", "MB"),
    "opening": Line("… and opened, median", "s"),
    "keeping_cost": Line("four runs learn: keeping the session, of training", "%", 1, 0.5),
    "keeping_gap_p99": Line("the window hears nothing as all four are kept, p99", "ms"),
    "keeping_gap_worst": Line("the window hears nothing as all four are kept, worst", "ms", 45, 40),
    "not_keeping_gap_worst": Line("… the worst where nothing is kept", "ms"),
    "session_shown": Line("command to window painted, with a session over without", "ms", 50, 20),
    "session_ready": Line("command to data ready, with a session over without", "ms", 50, 20),
    "session_first": Line("command to first mini-batch, with a session over without", "ms"),
    **{
        key: line
        for name, called in (
            (entry.id, without_mnemonic(entry.title)) for entry in entries_of(ViewPlace.LOWER)
        )
        for key, line in {
            f"{name}_opened": Line(f"{called}: wish to painted tab, the longest of 5", "ms", 100, 50),
            f"{name}_kept": Line(f"{called}: speed kept while it is open", "%", 85, 90, more=True),
            f"{name}_gap_p99": Line(f"{called}: gap between frames, p99", "ms", 45, 40),
        }.items()
    },
    "layers_deep": Line(
        "*Layers* of 784-30-30-30-10: wish to counted and shown, the longest of 5", "ms", 100, 100
    ),
    "stage": Line("a stage of the mini-batch: wish to painted network, the longest of 6", "ms", 50, 50),
    "fan": Line("What next?: wish to painted futures, median", "s", 0.6, 0.4),
    "fan_alone": Line("… the engine alone", "s"),
    "fan_length": Line("… mini-batches of each future", "", more=True),
    "fan_deaf_p99": Line("… the window hears nothing meanwhile, p99", "ms", 45, 20),
    "fan_deaf_worst": Line("… the worst", "ms"),
    "readings": Line("keeping what was read, of training", "%", 1, 1),
    "pins": Line("eight pins, looked at once a second, of training", "%", 1, 1),
    "pins_whole": Line("… at all kept states at once", "ms"),
    "compared": Line("two networks read 10,000 digits and are compared", "ms", 500, 500),
    "nearest": Line("nearest training digits of a digit", "ms", 300, 300),
    "finer": Line("a mini-batch replayed with a look at one digit", "µs"),
    "mapped": Line("map of all test digits", "ms"),
    "look_at": Line("a mini-batch of ten digits in every detail", "ms"),
    "mini_batch_at": Line("… any of a run, replayed from a kept state", "ms"),
    "books": Line("what its step promised and brought, with 1,000 other digits", "ms"),
    "leave_one_out": Line("the step without each of its ten digits", "ms", 50, 50),
    "bill": Line("a unit switched off: 10,000 digits read without it", "ms"),
    "rank_units": Line("each of 30 units switched off, 10,000 digits each", "ms"),
    "histograms": Line("784-30-30-30-10: histograms of all layers, 1,000 digits", "ms", 100, 100),
}
"""By the keys of the figures; some carry a variant behind a point, as "kept_30.xcb"."""

Figures = dict[str, float]


def alternate(works: Sequence[Callable[[], float]], rounds: int) -> list[list[float]]:
    """What each of the works returns, round by round, A B A B: what slows the machine slows all of them."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for results, work in zip(found, works, strict=True):
            results.append(work())
    return found


def ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """The median of what one is over the other in the same round."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-percent * len(ordered) // 100) - 1)]


def trimmed(values: Sequence[float], share: float = 0.2) -> tuple[float, float]:
    """The mean without this share of the values at either end, and its standard error (Yuen 1974); of two at least."""
    ordered, cut = sorted(values), int(share * len(values))
    inner = ordered[cut : len(ordered) - cut]
    winsorised = cut * inner[:1] + inner + cut * inner[-1:]
    error = statistics.stdev(winsorised) / ((1 - 2 * cut / len(ordered)) * len(ordered) ** 0.5)
    return statistics.mean(inner), error


def middle(values: Sequence[float]) -> tuple[float, float]:
    """The median, and its standard error: of the ranks, half the distance from √n / 2 below it to as much above."""
    ordered, half = sorted(values), len(values) / 2
    reach = len(values) ** 0.5 / 2
    low, high = max(0, round(half - reach - 0.5)), min(len(values) - 1, round(half + reach - 0.5))
    return statistics.median(ordered), (ordered[high] - ordered[low]) / 2


def memory() -> float:
    """What this process takes of the memory, in MB; where the system doesn't tell, the most it ever took."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def replaced(owner: object, name: str, function: object) -> Iterator[None]:
    """Another function in the place of a method, for a while. (`unittest.mock` would add 10 MB of its own.)"""
    before = getattr(owner, name)
    setattr(owner, name, function)
    try:
        yield
    finally:
        setattr(owner, name, before)


def print_lines(figures: Figures, last: Figures, *, same_machine: bool) -> None:
    """A line for each figure: value, what was asked for and whether it is reached, change since the release."""
    order = list(LINES)
    errors = {key for key in figures if key.partition(".")[0].endswith(ERROR)}
    for key in sorted(
        figures.keys() - errors, key=lambda key: (key.partition(".")[2], order.index(key.partition(".")[0]))
    ):
        value, (name, _, variant) = figures[key], key.partition(".")
        line = LINES[name]
        what = f"{line.what}, {variant}" if variant else line.what
        asked = "" if line.least is None or line.aim is None else f"{line.least:g}, aim {line.aim:g}"
        error = figures.get(f"{name}{ERROR}.{variant}" if variant else f"{name}{ERROR}")
        number = f"{value:9.4g}" + (f" ± {error:<5.2g}" if error is not None else 8 * " ")
        change = ""
        comparable = same_machine or line.unit in ("×", "%")
        if last.get(key) and comparable:
            factor = value / last[key]
            worse = (1 / factor if line.more and factor else factor) > SLOWER
            change = f"{100 * (factor - 1):+.0f} %{' worse' if worse else ''}"
        print(f"{what:63} {number} {line.unit:14} {asked:14} {line.verdict(value):20} {change}".rstrip())


def is_known(key: str) -> bool:
    """Whether it is still the key of a figure."""
    return key.partition(".")[0].removesuffix(ERROR) in LINES


def machine() -> dict[str, str]:
    """What the figures depend on."""
    from results import machine as described

    return described()


def measured(name: str, options: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Runs a benchmark; what it tells of each part, as the part ends."""
    script = Path(__file__).with_name(f"{name}.py")
    last, faults = "its first part", 0
    with subprocess.Popen(
        [sys.executable, script, "--json", *options], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            told = json.loads(line)
            last, faults = told["part"], faults + ("fault" in told)
            yield told
    if running.returncode and not faults:
        yield {"part": name, "fault": f"it ended with exit code {running.returncode} after {last}"}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", action="append", choices=(*USUAL, *OTHERS), help="this one; can be repeated"
    )
    parser.add_argument(
        "--minutes", type=float, help="how long live goes on training (a quarter of a minute)"
    )
    parser.add_argument("--short", action="store_true", help="all parts, as short as can be: do they work?")
    parser.add_argument("--save", action="store_true", help=f"keep the figures in {LAST_RELEASE.name}")
    asked = parser.parse_args()
    kept: dict[str, Any] = json.loads(LAST_RELEASE.read_text("utf-8")) if LAST_RELEASE.exists() else {}
    here = machine()
    same_machine = kept.get("machine", {}).get("processor") == here["processor"]
    print(
        f"{', '.join(here.values())}; load {os.getloadavg()[0]:.1f} at the beginning"
        + (f"; changes against {kept['machine']['mnistviz']}" if kept else ""),
        flush=True,
    )
    newest: dict[str, Any] = {"machine": here, "figures": {}, "faults": {}}
    for name in asked.only or USUAL:
        options = ["--short"] if asked.short else []
        options += ["--minutes", str(asked.minutes)] if name == "live" and asked.minutes else []
        for told in measured(name, options):
            if "fault" in told:
                newest["faults"][told["part"]] = told["fault"]
                print(f"{told['part']} FAILED: {told['fault']}", flush=True)
            else:
                newest["figures"] |= {key: round(value, 4) for key, value in told["figures"].items()}
                print(f"{told['part']}, {told['seconds']:.0f} s")
                print_lines(told["figures"], kept.get("figures", {}), same_machine=same_machine)
            NEWEST.write_text(json.dumps(newest, indent=1) + "\n", "utf-8")
    print(f"load {os.getloadavg()[0]:.1f} at the end; the figures are in {NEWEST.relative_to(ROOT)}")
    if asked.save:
        old = {key: value for key, value in kept.get("figures", {}).items() if is_known(key)}
        together = {"machine": here, "figures": old | newest["figures"]}
        LAST_RELEASE.write_text(json.dumps(together, indent=1) + "\n", "utf-8")
    if newest["faults"]:
        print(f"Not measured: {', '.join(newest['faults'])}.")
    return int(bool(newest["faults"]))


if __name__ == "__main__":
    sys.exit(main())
