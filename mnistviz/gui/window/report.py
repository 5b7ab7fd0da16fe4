"""The report of a run: one page of HTML with embedded pictures, printed on two sheets of A4."""

import base64
from collections.abc import Callable, Iterator
from html import escape
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.engine.acts import by_gesture
from mnistviz.engine.digits import SIDE, Digits
from mnistviz.engine.evaluation import evaluated
from mnistviz.engine.luck.bands import Spread, band_of
from mnistviz.engine.mistakes.confusion import confusion_matrix, in_order, misread
from mnistviz.engine.moment import Evaluation, Moment
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.common import numbers
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.picture_file import png_bytes
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import LIGHT, Theme
from mnistviz.gui.common.weight_images import Tiles, colour_table
from mnistviz.gui.common.widgets import problem_sentence
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.lab.run_names import run_name
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.network.weight_colours import fitted_limit
from mnistviz.gui.runs.comparison import ComparedRun, compare
from mnistviz.gui.runs.seed_ranges import range_text

THEME: Final[Theme] = LIGHT  # light for paper, whatever the window's theme
MISTAKES: Final = 15
MOST_UNITS: Final = 100
MOST_CHANGES: Final = 10
MOST_LISTED: Final = 36  # the most changes listed in the recipe of a run that has no line
_DONE: Final = "# after "
"""The start of a change's line in the note of a run."""
_COLUMNS: Final = 6  # of units
_INACTIVE: Final[dict[str, tuple[str, object]]] = {
    "momentum_kind": ("momentum", 0.0),
    "schedule_epochs": ("schedule", "constant"),
    "stop_epochs": ("stop", "never"),
}  # settings without effect while another one has this value
_MANY: Final = 36  # units; more are set closer
_ZOOM: Final = 2  # pixels per weight

Told = Callable[[float], object]

_STYLE: Final = """
@page { size: A4; margin: 12mm; }
* { box-sizing: border-box; }
body { font: 12px/1.35 system-ui, "Segoe UI", "Noto Sans", sans-serif; color: #1c1d22; margin: 0 auto;
  max-width: 186mm; }
h1 { font-size: 22px; margin: 0; }
h2 { font-size: 14px; margin: 9px 0 4px; }
p { margin: 2px 0; }
.quiet { color: #62666f; }
.figures { display: flex; gap: 26px; margin: 8px 0 2px; }
.figures b { display: block; font-size: 18px; }
.settings { columns: 3; column-gap: 18px; font-size: 11px; }
.settings div { display: flex; justify-content: space-between; gap: 8px; border-bottom: 1px solid #ecece7;
  padding: 1px 0; break-inside: avoid; }
.settings .own { font-weight: 600; }
.two { display: flex; gap: 14px; align-items: flex-start; }
.two > * { flex: 1 1 0; min-width: 0; }
img { max-width: 100%; }
img.curve { display: block; width: 70%; margin-bottom: 6px; border: 1px solid #dfe0da; border-radius: 6px; }
img.pixels { image-rendering: pixelated; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.confusion td, .confusion th { width: 30px; height: 21px; text-align: center; font-size: 11px; padding: 0 2px;
  border: 1px solid #ecece7; font-weight: 400; overflow: hidden; }
.confusion th { color: #62666f; border-color: transparent; }
.runs td, .runs th { text-align: left; padding: 1px 8px 1px 0; font-weight: 400; border-bottom: 1px solid #ecece7; }
.runs th { color: #62666f; }
.mistakes { display: flex; flex-wrap: wrap; gap: 6px 10px; }
.mistakes figure { margin: 0; width: 52px; text-align: center; font-size: 10px; line-height: 1.25; }
.mistakes img { width: 48px; height: 48px; border: 1px solid #d0d1cb; }
ul { margin: 2px 0; padding-left: 16px; font-size: 10.5px; line-height: 1.3; }
.runs { font-size: 10px; line-height: 1.2; }
pre { font: 8.5px/1.3 ui-monospace, "DejaVu Sans Mono", monospace; columns: 3; column-gap: 16px; white-space: pre-wrap;
  margin: 0; overflow-wrap: anywhere; }
pre.line { columns: auto; }
section { break-inside: avoid; }
@media screen { body { padding: 24px 16px; } }
* { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
"""


class ReportContent(Struct, frozen=True, eq=False):
    """The content of a report: the run, the other open runs, the checkpoint shown, and the digits. `curves` are two
    plots as SVG, `note` is the recipe, `line` the run as one line or why there is none, `day` the date, `where` how it
    stands in a sentence. `diverged`: its weights are not finite."""

    run: RunFacts
    others: tuple[RunFacts, ...]
    moment: Moment
    diverged: bool
    digits: Digits
    curves: tuple[bytes, ...]
    note: str
    line: str | Problem
    day: str
    where: str = ""


def report_page(content: ReportContent, tell: Told) -> bytes:
    """Return the whole file. `tell` gets the share that is done and may raise to cancel."""
    moment, digits = content.moment, content.digits
    if content.diverged:  # what was read last before
        result = content.run.readings.last_before(moment.step, "test", digits.test)
    else:
        result = evaluated(moment, "test", digits, progress=lambda done, of: tell(0.8 * done / of))
    title = names.value("sizes", content.run.settings.sizes)
    if content.run.name:
        title = tr("{name}: {layers}", name=content.run.name, layers=title)
    body = "\n".join((*_first_sheet(content, result, title), *_second_sheet(content, result)))
    tell(1.0)
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return f"<!DOCTYPE html>\n<html><head>{head}</head>\n<body>\n{body}\n</body></html>\n".encode(
        errors="replace"
    )


def _first_sheet(content: ReportContent, result: Evaluation | None, title: str) -> Iterator[str]:
    digits, moment, run = content.digits, content.moment, content.run
    report = tr("Report of mnistviz, {day}", day=content.day)
    yield f'<h1>{escape(title)}</h1><p class="quiet">{escape(report)}</p>'
    epochs = moment.digits / run.epoch if run.epoch else 0.0
    right = tr("test digits read right, of {count}")
    if content.diverged and result is not None:
        right = tr("test digits read right, of {count}, at mini-batch {step}")
    step = "" if result is None else numbers.whole(result.step)
    right = right.format(count=numbers.whole(len(digits.test)), step=step)
    figures = (
        (tr("mini-batches"), numbers.whole(moment.step)),
        (tr("epochs"), numbers.epochs(epochs)),
        (right, "–" if result is None else numbers.percent(result.accuracy)),
        (tr("digits"), digits.name),
    )
    shown = "".join(f"<span><b>{escape(value)}</b>{escape(name)}</span>" for name, value in figures)
    yield f'<div class="figures">{shown}</div>'
    if content.diverged:
        yield _paragraph(_diverged(moment, result))
    yield _section(tr("Settings at the beginning"), _settings(run))
    pictures = (_data("svg+xml", svg) for svg in content.curves)
    curves = (f'<img class="curve" alt="{escape(content.where)}" src="{each}">' for each in pictures)
    yield _section(tr("Curves"), "".join(curves))
    changes = _section(tr("What was changed"), _changes(content))
    others = _section(tr("All open runs"), _others(content)) if content.others else ""
    yield f'<div class="two">{changes}{others}</div>'


def _diverged(moment: Moment, result: Evaluation | None) -> str:
    if result is None:
        text = tr(
            "This run has diverged: when it stopped, at mini-batch {step}, its weights were no longer numbers. "
            "Not all test digits had been read before."
        )
        return text.format(step=numbers.whole(moment.step))
    text = tr(
        "This run has diverged: when it stopped, at mini-batch {step}, its weights were no longer numbers. "
        "What it read is of mini-batch {last}, the last time that all test digits were read before."
    )
    return text.format(step=numbers.whole(moment.step), last=numbers.whole(result.step))


def _settings(run: RunFacts) -> str:
    rows = []
    for name, setting in SETTINGS.items():
        condition, inactive = _INACTIVE.get(name, ("", None))
        if condition and getattr(run.settings, condition) == inactive:
            continue
        value = getattr(run.settings, name)
        own = ' class="own"' if value != setting.default else ""
        label = {
            "sizes": tr("Layers"),
            "momentum_kind": tr("Kind of momentum"),
            "schedule_epochs": tr("Epochs of the schedule"),
            "stop_epochs": tr("Epochs to stop"),
        }.get(name) or names.label(name)
        rows.append(
            f"<div{own}><span>{escape(label)}</span><span>{escape(names.value(name, value))}</span></div>"
        )
    return f'<div class="settings">{"".join(rows)}</div>'


def _changes(content: ReportContent) -> str:
    texts = CurveTexts()
    done = by_gesture([act for act in content.run.history.interventions if act.step <= content.moment.step])
    if not done:
        return _paragraph(tr("Nothing was changed while it learned."))
    lines = [
        tr("after {step} mini-batches: {what}", step=act.step, what=texts.intervention(act))
        for act in done[:MOST_CHANGES]
    ]
    if len(done) > MOST_CHANGES:
        more = tr("and {count} more changes, which the second sheet lists")
        lines.append(more.format(count=numbers.whole(len(done) - MOST_CHANGES)))
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _others(content: ReportContent) -> str:
    runs = (content.run, *content.others)
    compared = compare(runs, content.digits).rows
    head = [tr("Run"), tr("What it is"), tr("Mini-batches"), tr("Test digits read right")]
    seeds = [_of_seeds(row) for row in compared]
    if any(seeds):
        head.append(tr("Median of other seeds"))
    rows = ["".join(f"<th>{escape(each)}</th>" for each in head)]
    for row, spread in zip(compared, seeds, strict=True):
        run, result = row.run, row.test
        share = "–" if result is None else numbers.percent(result.accuracy)
        if run.diverged:
            share = tr("diverged")
        step = run.step if result is None else result.step
        cells = [run.letter, run_name(run, runs), numbers.whole(step), share]
        cells += [range_text(spread) if spread else "–"] if any(seeds) else []
        rows.append("".join(f"<td>{escape(each)}</td>" for each in cells))
    return f'<table class="runs">{"".join(f"<tr>{row}</tr>" for row in rows)}</table>'


def _second_sheet(content: ReportContent, result: Evaluation | None) -> Iterator[str]:
    moment = content.moment
    scaled_to = moment.initial if content.diverged else moment.network
    count = moment.network.sizes[1]
    title = tr("Units of the first layer")
    if count > MOST_UNITS:
        title = tr("The first {most} of {count} units of the first layer", most=MOST_UNITS, count=count)
    shown = [(tr("At the beginning"), units(moment.initial, None, scaled_to))]
    if not content.diverged:
        shown += [
            (tr("Now"), units(moment.network, None, moment.network)),
            (tr("What training has added"), units(moment.network, moment.initial, moment.network)),
        ]
    pictures = "".join(
        f'<div><p class="quiet">{escape(word)}</p><img class="pixels" alt="" src="{picture}"></div>'
        for word, picture in shown
    )
    text = _paragraph(tr("Orange is above zero and says yes, blue is below zero and says no."), quiet=True)
    yield _section(title, f'<div class="two">{pictures}</div>{text}')
    if result is not None:
        parts = _section(tr("What each test digit was read as"), _confusion(content.digits, result))
        if result.outputs is not None:
            parts += _section(tr("The surest mistakes"), _mistakes(content.digits, result))
        yield f'<div class="two">{parts}</div>'
    text = _paragraph(tr("Saved as a .toml file, mnistviz train --settings begins the same run."), quiet=True)
    yield _section(tr("The recipe"), f"{text}<pre>{escape(_recipe(content))}</pre>")
    yield _section(tr("The run as one line"), _line(content.line))


def _recipe(content: ReportContent) -> str:
    """Return the note with its changes, or without them if the run has a line, which contains them."""
    lines = content.note.splitlines()
    done = [line for line in lines if line.startswith(_DONE)]
    room = 0 if isinstance(content.line, str) else MOST_LISTED
    left = set(map(id, done[room:]))
    shown = [line for line in lines if id(line) not in left]
    if room and left:
        more = tr("and {count} more changes", count=len(left))
        shown.insert(shown.index(done[room - 1]) + 1, f"# {more}")
    return "\n".join(shown)


def _line(line: str | Problem) -> str:
    if isinstance(line, Problem):
        return _paragraph(problem_sentence(line), quiet=True)
    text = tr(
        "Copied and pasted into the window, or given to mnistviz replay, it is trained to the same weights."
    )
    return f'{_paragraph(text, quiet=True)}<pre class="line">{escape(line)}</pre>'


def _confusion(digits: Digits, result: Evaluation) -> str:
    named = [escape(name) for name in digits.classes]
    rows = ["<th></th>" + "".join(f"<th>{name}</th>" for name in named)]
    matrix = confusion_matrix(result, digits.test, len(digits.classes))
    most = max(1, int((matrix - np.diag(np.diag(matrix))).max()))
    for label, counts in enumerate(matrix.tolist()):
        cells = "".join(
            f'<td style="background:{_shade(count, most, right=label == place)}">'
            f"{numbers.whole(count) if count else ''}</td>"
            for place, count in enumerate(counts)
        )
        rows.append(f"<th>{named[label]}</th>{cells}")
    text = _paragraph(tr("Rows: what it is. Columns: what was read."), quiet=True)
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table class="confusion">{table}</table>{text}'


def _mistakes(digits: Digits, result: Evaluation) -> str:
    mistakes = in_order(misread(result, digits.test), result, "surest")[:MISTAKES].tolist()
    if not mistakes or result.outputs is None:
        return _paragraph(tr("There are none."))
    shown = []
    for number in mistakes:
        picture = digit_image(digits.test.images[number].reshape(SIDE, SIDE), THEME)
        read, label = result.predictions[number], digits.test.labels[number]
        words = tr("{read}, is {label}", read=digits.classes[read], label=digits.classes[label])
        shown.append(
            f'<figure><img class="pixels" alt="" src="{_data("png", png_bytes(picture))}">{escape(words)}<br>'
            f'<span class="quiet">{escape(numbers.number_text(float(result.outputs[number])))}</span></figure>'
        )
    return f'<div class="mistakes">{"".join(shown)}</div>'


def units(network: Network, initial: Network | None, scaled_to: Network) -> str:
    """Return the first layer's weights, or how they differ from `initial`, as HTML, in the colours of `scaled_to`."""
    weights: NDArray[Any] = network.weights[0][:MOST_UNITS]
    before = None if initial is None else initial.weights[0]
    limit = fitted_limit(1.0, scaled_to.weights[0], before)
    columns = min(_COLUMNS if len(weights) <= _MANY else 2 * _COLUMNS, len(weights))
    tiles = Tiles(weights.shape[1], len(weights), _ZOOM, columns, (4, 4))
    first = None if before is None else before[: len(weights)]
    return _data("png", png_bytes(tiles.colour(weights, limit, colour_table(THEME), first)))


def _section(title: str, content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{content}</section>"


def _paragraph(text: str, *, quiet: bool = False) -> str:
    kind = ' class="quiet"' if quiet else ""
    return f"<p{kind}>{escape(text)}</p>"


def _data(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _shade(count: int, most: int, *, right: bool) -> str:
    if right:
        return "#e3f2e6"
    return f"rgba(192,54,44,{0.55 * count / most:.2f})" if count else "transparent"


def _of_seeds(row: ComparedRun) -> Spread | None:
    """Return the spread of the test accuracies with other seeds, if it is measured where the run is compared."""
    band = band_of(row.run.bands, "seeds")
    return None if band is None or row.test is None or band.until != row.test.digits else band.test
