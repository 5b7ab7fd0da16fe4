"""How the values of the program are drawn whose parts belong together."""

from collections.abc import Hashable, Sequence
from contextlib import suppress
from functools import cache, partial
from itertools import chain
from typing import Any, Final
from unittest.mock import create_autospec

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QFontMetrics, QFontMetricsF

from mnistviz.engine import evidence, futures
from mnistviz.engine.acts import Intervention
from mnistviz.engine.columns import Columns
from mnistviz.engine.digits import PIXELS, Digits, DigitSet, LabelledDigits
from mnistviz.engine.evaluation import Health, LayerHealth
from mnistviz.engine.evidence import Contributions
from mnistviz.engine.history import History
from mnistviz.engine.history_replayer import Visited
from mnistviz.engine.ideas.along import Curve
from mnistviz.engine.ideas.ball_race import LAP, BallRace, Fan
from mnistviz.engine.ideas.binary_outputs import FourthLayer, Sample, codes
from mnistviz.engine.ideas.circuit import SOLUTIONS, TABLES, WISHES, Circuit, Laid, Table, beginning, solution
from mnistviz.engine.ideas.detectors import Detector
from mnistviz.engine.ideas.landscape import LANDSCAPES, Landscape, Rules
from mnistviz.engine.ideas.perceptron import FAIR, GATES, inputs
from mnistviz.engine.microscope.layer_histograms import LayerHistogram, shared_histograms
from mnistviz.engine.microscope.mini_batch import MiniBatch, look_at
from mnistviz.engine.microscope.step_summary import StepSummary, keep_books
from mnistviz.engine.mistakes.mixing import MixingCurve
from mnistviz.engine.mistakes.pins import PictureAlong
from mnistviz.engine.mistakes.stories import FineStretch, Story
from mnistviz.engine.moment import Evaluation, KeptReadings, Moment, MomentKind, SetName
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.observations import RunFindings
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.trainer import Trainer
from mnistviz.gui.common.bar_table import BarTableContent
from mnistviz.gui.common.theme import DARK, LIGHT, Theme
from mnistviz.gui.curves import future_content
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.curves.future_content import FuturesContent
from mnistviz.gui.lab.edited_copy import EditedCopy
from mnistviz.gui.lab.in_card import STAGES, BatchStage
from mnistviz.gui.lab.preview import Mixture, Preview
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.layers import layer_words
from mnistviz.gui.layers.layer_charts import BarPlace, LayersContent
from mnistviz.gui.layers.layer_words import LayersBeside
from mnistviz.gui.minibatch.batch_words import books_table
from mnistviz.gui.mistakes import mistake_words
from mnistviz.gui.mistakes.confusion_matrix import MatrixCells
from mnistviz.gui.mistakes.read_digits import ReadDigits, ReadSide, TwoReadings
from mnistviz.gui.mistakes.story_strip import StoryMarks
from mnistviz.gui.mistakes.story_words import story_marks
from mnistviz.gui.network import card_picture, stage_words
from mnistviz.gui.network.card_picture import CardInput, CardPicture, Memory, PadContent
from mnistviz.gui.network.flow import Flow, flow
from mnistviz.gui.network.row.cells import CutEditor
from mnistviz.gui.network.selection import Selected, Selection
from mnistviz.gui.network.stage_words import StageContent
from tests.engine.luck.made_bands import made_band
from tests.engine.made_up import eta as changed_eta
from tests.engine.made_up import record
from tests.engine.test_notices import CASES, REMEDIES
from tests.gui.curves.test_what_next import forecast as made_forecast
from tests.gui.curves.test_what_next import with_fresh_orders
from tests.gui.said.draws import FIELDS, IMPORTED_FOR_TYPES, NAMED, TOGETHER, TYPED, Draws, hints_of

NAMES: Final = (tuple("0123456789"), tuple("0123456789"), ("Aa", "B", "a long name"))
LAYERS: Final = ((784, 4, 10), (784, 3, 2, 10), (784, 5, 3))
KINDS: Final[tuple[dict[str, str], ...]] = (
    {},
    {"activation": "tanh", "output": "softmax", "cost": "cross_entropy"},
    {"activation": "relu", "cost": "cross_entropy"},
    {"activation": "leaky_relu", "output": "softmax", "cost": "cross_entropy"},
)
SETTING_VALUES: Final[dict[str, tuple[Any, ...]]] = {
    "sizes": LAYERS, "seed": (1, 2, 77), "training_digits": (50_000, 1_000), "random_labels": (0.0, 0.0, 0.25, 1.0),
    "classes_left_out": ((), (), (3,), (1, 2)), "eta": (3.0, 0.5, 0.0625, 100.0), "mini_batch_size": (10, 1, 32),
    "weight_decay": (0.0, 0.1, 5.0), "momentum": (0.0, 0.9), "dropout": (0.0, 0.3), "schedule_epochs": (1, 10),
    "shift": (0, 2), "rotation": (0.0, 10.0), "elastic": (0.0, 1.5), "stop_epochs": (1, 30),
}  # fmt: skip
CHANGES: Final = ((("eta", 3.0, 0.5),), (("eta", 3.0, 0.5), ("momentum", 0.0, 0.9)))
COUNT: Final = 40  # digits of a set


class Metrics:
    """A font whose letters are all seven pixels wide."""

    def horizontalAdvance(self, text: str) -> int:
        return 7 * len(text)

    def height(self) -> int:
        return 15

    def ascent(self) -> int:
        return 12

    def descent(self) -> int:
        return 3

    lineSpacing = height


def spread(count: int, key: int = 0) -> NDArray[np.float64]:
    """Numbers from 0 to below 1 that look like chance, and are the same everywhere."""
    return np.asarray((np.arange(1, count + 1) * 0.6180339887 + 0.37 * key) % 1.0, np.float64)


@cache
def digits_of(classes: tuple[str, ...]) -> Digits:
    def some(key: int) -> DigitSet:
        images = (256 * spread(COUNT * PIXELS, key)).astype(np.uint8).reshape(COUNT, PIXELS)
        images[:, ::3] = 0
        return DigitSet(images, (np.arange(COUNT) % len(classes)).astype(np.uint8))

    return Digits("noise", some(1), some(2), some(3), classes, "noise")


@cache
def network_of(sizes: tuple[int, ...], kind: int, seed: int) -> Network:
    return Network(sizes, seed=seed, **KINDS[kind])


def settings(draws: Draws) -> Settings:
    values = {}
    for name, setting in SETTINGS.items():
        some = setting.choices or SETTING_VALUES[name]
        here = draws.part(name)
        values[name] = here.part("which").one_of(some) if here.below(3) == 0 else setting.default
    values["sizes"] = draws.part("sizes").one_of(LAYERS)
    if values["output"] == "softmax":
        values["cost"] = "cross_entropy"
    return Settings(**values)


def network(draws: Draws) -> Network:
    return network_of(
        draws.part("sizes").one_of(LAYERS),
        draws.part("kind").below(len(KINDS)),
        draws.part("seed").one_of((1, 2)),
    )


def moment(draws: Draws) -> Moment:
    made, step = network(draws), draws.part("step").one_of((0, 1, 70, 5_000, 12_345))
    now = replace(settings(draws.part("settings")), sizes=made.sizes)
    kinds: tuple[MomentKind, ...] = ("live", "live", "exact", "near", "mixed", "copy")
    kind = draws.part("live").one_of(kinds)
    frozen = draws.part("frozen").one_of(((), (), (Unit(0, 1),)))
    size = draws.part("size").one_of((10, 32))
    return Moment(draws.part("run").one_of((1, 2)), step, size * step, made, now, made, kind, frozen)


def classes_for(made: Network) -> tuple[str, ...]:
    return NAMES[0] if made.sizes[-1] == 10 else NAMES[2]


def evaluation(draws: Draws, classes: int = 10) -> Evaluation:
    count = draws.part("count").one_of((COUNT, COUNT, COUNT - 10))
    labels = np.arange(count) % classes
    wrong = spread(count, draws.part("key").below(9)) < draws.part("wrong").one_of((0.0, 0.02, 0.3, 0.9))
    predictions = np.where(wrong, (labels + 1 + np.arange(count) // 7) % classes, labels).astype(np.uint8)
    outputs = spread(count, 3).astype(np.float32) if draws.part("outputs").below(4) else None
    step = draws.part("step").one_of((0, 70, 5_000))
    sets: tuple[SetName, ...] = ("validation", "test", "training")
    name = draws.part("set").one_of(sets)
    right = int((predictions == labels).sum())
    return Evaluation(name, step, 10 * step, predictions, right, COUNT, count == COUNT, outputs)


def evaluations(draws: Draws) -> dict[SetName, Evaluation]:
    return {each.set: each for each in (evaluation(draws.part(number)) for number in range(2))}


def read_digits(draws: Draws) -> ReadDigits:
    classes = draws.part("classes").one_of(NAMES)
    found = evaluation(draws.part("found"), len(classes))
    kind = draws.part("output").one_of(("sigmoid", "softmax"))
    return ReadDigits(1, "noise", found, getattr(digits_of(classes), found.set), classes, kind)


def two_readings(draws: Draws) -> Any:
    read = read_digits(draws.part("read"))
    other = replace(evaluation(draws.part("other"), len(read.classes)), set=read.found.set)
    names = draws.part("names").one_of(
        (("A", "B", ""), ("start", "now", ""), ("then", "now", "mini-batch 70"))
    )
    sides = ReadSide(names[0], "#123456", other, names[2]), ReadSide(names[1], "#abcdef", read.found)
    return TwoReadings(*sides, read)


def story(draws: Draws) -> Story:
    count = draws.part("count").one_of((1, 2, 4, 7))
    steps = np.cumsum([0, *([draws.part("spacing").one_of((1, 100, 5_000))] * (count - 1))])
    if count > 3:
        steps[-1] += 1
    label = draws.part("label").one_of((0, 3, 9))
    read = np.array([draws.part(number).one_of((label, label, 1, 7)) for number in range(count)], np.uint8)
    return Story(label, steps, 10 * steps, read)


def stretch(draws: Draws) -> FineStretch:
    steps = np.arange(1, 1 + draws.part("count").one_of((2, 5)), dtype=np.int64)
    outputs = spread(10 * len(steps), draws.part("key").below(9)).reshape(-1, 10).astype(np.float32)
    return FineStretch(steps, 10 * steps, outputs)


def along(draws: Draws) -> PictureAlong:
    steps = np.cumsum(
        [0, *([draws.part("spacing").one_of((1, 100, 5_000))] * draws.part("count").one_of((0, 1, 3, 6)))]
    )
    outputs = spread(10 * len(steps), draws.part("key").below(9)).reshape(-1, 10).astype(np.float32)
    outputs[:, draws.part("winner").one_of((0, 3))] *= draws.part("times").one_of((0.1, 1, 2))
    return PictureAlong(steps, 10 * steps, np.minimum(outputs, 1))


def layer_health(draws: Draws, units: int = 4) -> LayerHealth:
    saturated, dead, gradient = (
        draws.part(name).one_of((0.0, 0.004, 0.3, 0.99)) for name in ("saturated", "dead", "gradient")
    )
    means = spread(10 * units, draws.part("key").below(9)).reshape(10, units).astype(np.float32)
    full, a_unit = draws.part("full").one_of((0.0, 1.0, 2.5)), draws.part("a unit").one_of((0.0, 1.2, 3.75))
    return LayerHealth(saturated, dead, gradient, full, means, a_unit)


def health_of(draws: Draws) -> Health:
    sizes = draws.part("sizes").one_of(LAYERS)
    layers = tuple(layer_health(draws.part(number), size) for number, size in enumerate(sizes[1:]))
    return Health(layers, draws.part("full").one_of((0.0, 3.5))) if draws.part("known").below(3) else Health()


def run_findings(draws: Draws) -> RunFindings:
    """Draw a run that has a notice, or is near to one, or one at the bounds of several."""
    if draws.part("made").below(2):
        return draws.part("which").one_of([*chain(*CASES.values()), *(each[0] for each in REMEDIES)])
    shares = (0.1, 0.149, 0.15, 0.5, 0.8, 0.84, 0.9, 0.95)
    right, training, before = (draws.part(name).one_of(shares) for name in ("right", "training", "before"))
    health = [layer_health(draws.part(number)) for number in range(draws.part("layers").below(4))]
    place = draws.part("place").one_of((100, 500, 10_000, 12_000))
    acts = (changed_eta(place, 3.0, draws.part("eta").one_of((0.2, 3.5, 6.0, 100.0))),)
    found = record(
        right, draws.part("epochs").one_of((0.04, 0.2, 0.9, 1.0, 3.0, 3.1)), training=training, health=health,
        acts=acts[: draws.part("acts").below(2)], best=draws.part("best").one_of((None, (2, before))),
        silent=draws.part("silent").one_of(((), (8,), (7, 8))), stopped=draws.part("stopped").below(6) == 0,
        diverged=draws.part("diverged").below(9) == 0, earlier=[(0.02, before)],
    )  # fmt: skip
    share = draws.part("share").one_of((None, 0.0, 1e-9, 0.001, 0.01))
    now = settings(draws.part("settings"))
    return replace(found, settings=now, eta=None if share is None else share * now.eta)


def of_run(draws: Draws) -> dict[str, Any]:
    found, step = run_findings(draws.part("run")), draws.part("step").one_of((99, 10_000, 12_000, 20_000))
    given = {name: getattr(found, name) for name in ("history", "settings", "best", "epoch")}
    return {
        **given,
        "classes": 10,
        "step": step,
        "highest": bool(step % 2),
        "most": draws.part("most").one_of((1, 4)),
    }


def accuracies(draws: Draws) -> dict[str, Any]:
    count, more = 2 + draws.part("count").below(4), draws.part("more").one_of((0, 0.004, -0.02))
    a, b = (np.round(0.9 + 0.02 * spread(count, draws.part(each).below(9)), 3) for each in "ab")
    return {
        "a": a, "b": draws.part("pairs").one_of((b, b, a)) + more, "values": a, "variance_b": 0.0001, "freedom_b": 3,
        "digits": draws.part("digits").one_of((100, 1_000, 10_000)), "looks": 1 + draws.part("looks").below(5),
    }  # fmt: skip


def rules(draws: Draws) -> Rules:
    eta = draws.part("eta").one_of((0.05, 0.3, 0.36, 1.0, 50.0))
    momentum, noise = draws.part("μ").one_of((0.0, 0.0, 0.9)), draws.part("noise").one_of((0.0, 0.0, 0.2))
    return Rules(eta, momentum, noise, draws.part("seed").below(3))


def asked_of_race(draws: Draws) -> dict[str, Any]:
    surface = draws.part("surface").of(Landscape)
    start = draws.part("start").one_of((surface.start, (3.0, 0.0), (-0.5, 1.0)))
    return {"surface": surface, "start": start, "rules": rules(draws.part("rules"))}


def ball_race(draws: Draws) -> BallRace:
    given = asked_of_race(draws)
    both = given["rules"], replace(given["rules"], eta=draws.part("other").one_of((0.02, 0.33, 1.2)))
    return BallRace.begun(given["surface"], given["start"], both).run(draws.part("run").one_of((1, 4, LAP)))


def tried_etas(draws: Draws) -> frozenset[float]:
    return frozenset(draws.part(each).one_of((0.05, 0.33, 0.34, 0.345)) for each in range(draws.below(4)))


def perceptron_asked(draws: Draws) -> dict[str, Any]:
    numbers = (1.0, -2.0, 0.0, 0.5, 3.0, -0.25)
    x, y, bias, *weights = (draws.part(number).one_of(numbers) for number in range(5 + draws.below(2)))
    is_fair, given = len(weights) == 3, draws.part("given").one_of(inputs(len(weights)))
    return {
        "weights": weights, "bias": bias, "given": given, "x": x, "y": y, "along": (y, x or 1.0),
        "target": FAIR if is_fair else draws.part("gate").one_of((*GATES.values(),)),
        "corners": [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], "w1": weights[0], "w2": weights[1],
        "count": len(weights),
    }  # fmt: skip


def layer_asked(draws: Draws) -> dict[str, Any]:
    labels, shares = (np.arange(12) * 7 % 10).astype(np.uint8), (0.1, 0.12, 0.5, 0.9, 0.3)
    activations = np.round(56 * np.eye(10)[labels] + 16 * spread(120, draws.below(9)).reshape(12, 10)) / 64
    a = np.round(spread(20, draws.below(9)).reshape(10, 2), 2)
    return {
        "self": draws.part("layer").of(FourthLayer), "activations": activations, "labels": labels, "classes": 10,
        "fired": codes(10)[labels], "unit": activations[:, 3], "share": 0.5, "digits": 1_000, "a": a,
        "by": draws.part("by").one_of((0.0, 0.3, 0.6)), "targets": a[:, ::-1] ** 2,
        "shares": [draws.part(number).one_of(shares) for number in range(draws.part("layers").below(5) + 1)],
    }  # fmt: skip


def samples_asked(draws: Draws) -> dict[str, Any]:
    digits = digits_of(draws.one_of(NAMES))
    outputs = spread(len(digits.test) * len(digits.classes), draws.below(9)).reshape(len(digits.test), -1)
    return {"digits": digits, "outputs": np.round(outputs, 1)}


def costs_asked(draws: Draws) -> dict[str, Any]:
    settings = replace(draws.of(Settings), shift=draws.below(2), rotation=5.0 * draws.part("turned").below(2))
    return {
        "settings": settings, "weights": draws.part("weights").one_of((23_860, 79_510, 535_818)),
        "sizes": [draws.part("size").one_of((10, 64))] * 34, "ways": 1 + draws.below(4),
        "wanted": draws.part("wanted").one_of((100, 300, 1_000)),
    }  # fmt: skip


def future_asked(draws: Draws) -> dict[str, Any]:
    found = forecast(draws)
    future = draws.part("future").one_of(found.futures)
    return {"self": found, "future": future, "value": future.value}


def detector(draws: Draws) -> Detector:
    weights = np.sign(np.round(3 * spread(PIXELS, draws.below(9)) - 1.5)).astype(np.int8)
    return Detector(weights * draws.one_of((0, 1, 1)), draws.part("threshold").one_of((-3.0, 0.0, 20.5)))


def detector_asked(draws: Draws) -> dict[str, Any]:
    return {"self": detector(draws), "pixels": digits_of(NAMES[0]).test.images[draws.below(5)]}


def formula_asked(draws: Draws) -> dict[str, Any]:
    found = batch(draws.part("batch").below(10))
    return {
        "batch": found, "digit": draws.part("digit").below(len(found)), "output": draws.part("output").below(10),
        "hidden": Unit(1, draws.part("hidden").below(3)), "unit": Unit(*draws.part("unit").one_of(((1, 0), (2, 1)))),
        "place": draws.part("place").one_of((None, 0, 1, 2)),
    }  # fmt: skip


def curve(draws: Draws) -> Curve:
    at, costs = np.linspace(0, 3, 13), np.round(spread(13, draws.part("costs").below(9)), 1)
    right = np.cumsum(draws.part("moves").one_of((0, 1)) * (spread(13, draws.part("right").below(9)) < 0.3))
    return Curve(at, draws.part("flat").one_of((0, 1, 1)) * costs + 0.5, right, 20)


def columns(draws: Draws) -> Columns:
    count = draws.part("count").one_of((0, 1, 7, 40, 70, 150))
    values = (1 + draws.part("large").below(2)) * spread(count, draws.part("key").below(9))
    values[5::17] = draws.part("odd").one_of((np.nan, -np.inf, 0.0, 3e-8, 2e4, 1e200))
    steps = 3 * np.arange(count)
    found = Columns(draws.part("capacity").one_of((2, 8, 64)), histogram=draws.part("histogram").of(bool))
    found = found.extended(steps[:20], 10 * steps[:20], values[:20])
    return found.extended(steps[20:], 10 * steps[20:], values[20:], draws.part("part").one_of((0, 500)))


def grouped(draws: Draws) -> dict[str, Any]:
    group = 1 + draws.part("group").below(4)
    every = {
        "percents": (0, 10, 50, 90, 100), "unit": draws.part("unit").one_of(("steps", "digits")), "group": group,
        "start": group * draws.part("start").below(3), "number": draws.part("number").below(4),
        "position": draws.part("position").one_of((-1.0, 7.5, 58.5, 300.0, 1e6)),
        "stop": draws.part("stop").one_of((None, 5, 99)),
    }  # fmt: skip
    return {"self": columns(draws.part("self")), **every}


def circuit(draws: Draws) -> Circuit:
    found = draws.part("solved").one_of([*SOLUTIONS.values()])
    wires = list(found.wires())
    for number in range(4):
        source, target = draws.part(number).one_of(wires)[0], draws.part(-number - 1).one_of(wires)[1]
        with suppress(Problem):
            found = found.wired(source, target)
    return found


def history(draws: Draws) -> History:
    found = History()
    if count := draws.part("count").one_of((0, 3, 70, 120)):
        found = found.with_costs(0, 0, 2 - spread(count, draws.part("key").below(9)), 10)
    for number in range(draws.part("acts").one_of((0, 0, 1, 2))):
        found = found.with_intervention(draws.part(number).of(Intervention))
    return found


def shown(draws: Draws) -> Shown:
    run = None if draws.part("run").below(6) == 0 else draws.part("run").of(RunFacts)
    now = None if run is None else run.moment
    if run is not None and draws.part("near").below(4) == 0:
        now = draws.part("moment").of(Moment)
    digits = (
        None
        if draws.part("digits").below(6) == 0
        else digits_of(NAMES[0] if now is None else classes_for(now.network))
    )
    playhead = draws.part("playhead").one_of((None, None, 0, 70))
    preview = draws.part("stand in").of(Preview) if draws.part("stands").below(5) == 0 else None
    visited = None
    if playhead is not None and now is not None and draws.part("visited").below(4):
        visited = replace(draws.part("visited").of(Visited), moment=now)
    others = tuple(
        draws.part(f"other {number}").of(RunFacts) for number in range(draws.part("others").below(3))
    )
    given = {
        "digits": digits, "run": run, "moment": now, "other_runs": others, "playhead": playhead, "visited": visited,
        "preview": preview,
    }  # fmt: skip
    return Shown(**_fields(draws, Shown, **given))


def flow_of(draws: Draws) -> Flow:
    made = network(draws)
    found = flow(made, a_digit(draws.part("digit")), draws.part("output").one_of((None, None, 0, 2)))
    assert found is not None
    return found


def contributions(draws: Draws) -> Contributions:
    made = flow_of(draws)
    rival = draws.part("rival").one_of((None, 1))
    return evidence.said(made.network, made.activations, draws.part("output").one_of((0, 2)), rival)


@cache
def batch(key: int) -> MiniBatch:
    rules: tuple[dict[str, Any], ...] = (
        {}, {"momentum": 0.9, "weight_decay": 5.0}, {"dropout": 0.3, "momentum": 0.5, "momentum_kind": "nesterov"},
        {"mini_batch_size": 1, "weight_decay": 0.1},
        {"activation": "relu", "output": "softmax", "cost": "cross_entropy"},
    )  # fmt: skip
    sizes = LAYERS[key % 2]
    own = Settings(sizes=sizes, training_digits=COUNT, **{"mini_batch_size": 4, **rules[key % len(rules)]})
    training = digits_of(NAMES[0]).training
    working = Trainer(Network(sizes, **own.network_options(), dtype=np.float64), own, training)
    for _ in range(key % 3):
        working.step()
    return look_at(working.state(), Network(sizes, **own.network_options(), dtype=np.float64), training)


@cache
def books(key: int) -> StepSummary:
    return keep_books(batch(key), digits_of(NAMES[0]).validation)


def stage(draws: Draws) -> BatchStage:
    made = batch(draws.part("batch").below(10))
    return BatchStage(
        1,
        made,
        draws.part("name").one_of(STAGES),
        draws.part("digit").below(len(made)),
        draws.part("all").of(bool),
        NAMES[0],
    )


@cache
def histograms(one: Network, other: Network) -> tuple[tuple[LayerHistogram, ...], ...]:
    return shared_histograms([one, other], digits_of(NAMES[0]).training.images)


def mixing(draws: Draws) -> MixingCurve:
    shares = draws.part("shape").one_of(
        ((9, 8, 7, 8, 9), (9, 2, 1, 2, 9), (1, 3, 5, 7, 9), (5, 8, 9, 8, 5), (5, 5, 5, 5, 5))
    )
    return MixingCurve(np.linspace(0, 1, 5), 100 * np.array(shares, np.int64), 1_000)


def forecast(draws: Draws) -> Any:
    kinds: tuple[tuple[futures.Varied, tuple[str, ...]], ...] = (
        ("eta", ("v1", "v3", "v10")),
        ("momentum", ("v0", "v0_5", "v0_9")),
        ("mini_batch_size", ("v5", "v10", "v40")),
    )
    varied, names = draws.part("varied").one_of(kinds)
    ends = {name: draws.part(name).one_of((0.06, 0.0612, 0.07, 0.2, 1.0)) for name in names}
    now = Settings(schedule=draws.part("schedule").one_of(("constant", "constant", "cosine")))
    found = made_forecast(varied, now, draws.part("order").one_of((0.0003, 0.003, 0.03)), **ends)
    found = replace(found, read=draws.part("read").one_of((10_000, 500, 50)))
    fewer = draws.part("fewer").one_of((None, 0.0, 0.004, 0.1))
    return found if fewer is None else with_fresh_orders(found, *(fewer + 0.0001 * each for each in range(5)))


def of_forecast(draws: Draws) -> dict[str, Any]:
    found = forecast(draws)
    return {"forecast": found, "future": draws.part("future").one_of(found.futures)}


def layers_shown(draws: Draws) -> dict[str, Any]:
    own, other = network(draws.part("own")), network(draws.part("other"))
    mine, theirs = histograms(own, other)
    with_other = draws.part("beside").below(2)
    beside = LayersBeside("B", "#abcdef", 1_234, theirs, other) if with_other else None
    return {"layers": mine, "network": own, "digits": COUNT, "hue": "#123456", "beside": beside}


def bar_shown(draws: Draws) -> dict[str, Any]:
    every = layers_shown(draws)
    layers = every["layers"]
    layer, of_z = draws.part("layer").below(len(layers)), draws.part("of z").of(bool)
    last = len(layers[layer].z_counts if of_z else layers[layer].a_counts) - 1
    place = BarPlace(layer, of_z, draws.part("bar").one_of((0, 1, last // 2, last)))
    return {name: every[name] for name in ("layers", "network", "beside")} | {"place": place}


def unit_shown(draws: Draws) -> dict[str, Any]:
    now = moment(draws)
    layer = 1 + draws.part("layer").below(len(now.network.sizes) - 1)
    unit = layer, draws.part("unit").below(min(3, now.network.sizes[layer]))
    found = flow(now.network, a_digit(draws.part("digit")), None) if draws.part("flow").below(2) else None
    initial = network_of(now.network.sizes, 0, 2) if draws.part("initial").below(2) else None
    cell = draws.part("cell").one_of((None, 0, 1))
    return {
        "moment": now,
        "initial": initial,
        "unit": unit,
        "cell": cell,
        "flow": found,
        "classes": classes_for(now.network),
    }


def story_shown(draws: Draws) -> StoryMarks:
    found, run = story(draws.part("story")), draws.part("run").of(RunFacts)
    end = int(found.digits[-1]) + draws.part("more").one_of((0, 1_000))
    return story_marks(found, run, NAMES[0], (), end=end, name=draws.part("name").one_of(("", "A")))


def futures_shown(draws: Draws) -> FuturesContent:
    found = forecast(draws)
    return future_content.present(found, draws.part("chosen").one_of(found.futures).value, 10_000)


def selected_of(draws: Draws, made: Network) -> Selected:
    layer = 1 + draws.part("layer").below(len(made.sizes) - 1)
    unit = Unit(layer, draws.part("unit").below(2)) if draws.part("chosen").below(3) else None
    cell = draws.part("cell").one_of((None, None, 1))
    path, learned = draws.part("path").of(bool), draws.part("learned").of(bool)
    return Selected(
        unit, cell, draws.part("output").one_of((None, None, 0, 2)), layer=layer, path=path, learned=learned
    )


def card_shown(draws: Draws) -> CardPicture:
    now = moment(draws.part("moment"))
    classes = classes_for(now.network)
    run = replace(draws.part("run").of(RunFacts), moment=now)
    lies = draws.part("digit").below(4)
    digit = digits_of(NAMES[0]).test.images[lies].reshape(28, 28)
    pad = PadContent(digit, lies, "test digit 1") if lies else PadContent()
    selected = selected_of(draws.part("selected"), now.network)
    return card_picture.present(CardInput(Shown(run=run, moment=now), pad, selected, Memory(), classes, 0.0))


def table_shown(draws: Draws) -> BarTableContent:
    key = draws.part("batch").below(10)
    return books_table(batch(key), books(key))


def stage_shown(draws: Draws) -> StageContent:
    found = stage(draws)
    return stage_words.content(found, selected_of(draws.part("selected"), found.batch.before))


def a_digit(draws: Draws) -> NDArray[np.float32]:
    """One digit, as networks get it."""
    return digits_of(NAMES[0]).test.images[[draws.below(5)]].astype(np.float32) / np.float32(255)


def preview(draws: Draws) -> Preview:
    of = draws.part("of").of(Moment)
    kinds: tuple[type[Preview], ...] = (Mixture, EditedCopy)
    kind = draws.part("kind").one_of(kinds)
    return kind(**_fields(draws, kind, of=of))


def _fields(draws: Draws, kind: type[Struct], **given: Any) -> dict[str, Any]:
    hints = hints_of(kind)
    every = {
        name: draws.named(name, hints[name], kind.__name__)
        for name in kind.__struct_fields__
        if name not in given
    }
    return every | given


def fourth_layer(draws: Draws) -> FourthLayer:
    signs = (np.floor(3 * spread(44, draws.below(9))) - 1).astype(np.int8).reshape(11, 4)
    return FourthLayer(signs[:10], signs[10])


def sample(draws: Draws) -> Sample:
    pixels = digits_of(NAMES[0]).test.images[draws.below(5)]
    return Sample(pixels, spread(10, draws.below(9)), draws.part("label").one_of((None, 3)))


def array(draws: Draws, dtype: Any) -> NDArray[Any]:
    count = draws.part("count").length((0, 1, 4, 9))
    if np.dtype(dtype).kind == "b":
        return spread(count, draws.below(9)) < 0.5
    if np.dtype(dtype).kind in "iu":
        if draws.fits:
            return np.roll(np.arange(count), draws.below(3)).astype(dtype)
        if np.dtype(dtype) == np.int8:
            return (3 * spread(count, draws.below(9)) - 1).astype(dtype)
        return np.cumsum(1 + 9 * spread(count, draws.below(9))).astype(dtype) % 250
    return (
        draws.part("times").one_of((1, 0.01, 300))
        * (spread(count, draws.below(9)) - draws.part("less").one_of((0, 0.5)))
    ).astype(dtype)


def prepare() -> None:
    """Teach the draws what is here."""

    def plain_number(draws: Draws) -> float:
        return draws.one_of((0.0, 3.0, 12.5, 90.0, 240.0, 640.0))

    def whole(draws: Draws) -> int:
        return draws.one_of((0, 3, 24, 100, 320, 640, 1_024))

    IMPORTED_FOR_TYPES["MiniBatch"] = MiniBatch
    texts, sizes = (Sequence[str], tuple[str, ...]), tuple[int, ...]
    NAMED.update({("classes", kind): lambda draws: draws.one_of(NAMES) for kind in texts})
    NAMED.update({
        ("which", NDArray[Any]): lambda draws: np.arange(draws.part("count").length()),
        ("letter", str): lambda draws: draws.one_of(("A", "B", "C")),
        ("hue", str): lambda draws: draws.one_of(("#123456", "#abcdef")),
        ("field", str): lambda draws: draws.one_of(tuple(SETTINGS)),
        ("share", float): lambda draws: draws.one_of((0.0, 0.0004, 0.25, 0.5, 0.999, 1.0)),
        ("decimals", int): lambda draws: draws.below(4),
        ("layer", int): lambda draws: draws.below(4),
        ("opened", int): lambda draws: draws.below(3),
        ("unit", int): lambda draws: draws.below(3),
        ("place", int): lambda draws: draws.below(4),
        ("mark", int): lambda draws: draws.below(4),
        ("output", int | None): lambda draws: draws.one_of((None, 0, 1, 2)),
        ("classes", int): lambda draws: draws.one_of((10, 3)),
        ("sizes", sizes): lambda draws: draws.one_of(LAYERS),
        ("sizes", Sequence[int]): lambda draws: draws.one_of(LAYERS),
        ("epoch", int): lambda draws: draws.one_of((0, 400, 50_000)),
    })  # fmt: skip
    FIELDS.update({
        "Judgements.counts": lambda draws: (90 * spread(20, draws.below(9))).astype(np.int64).reshape(2, 10),
        "PartsContent.shares": lambda draws: spread(8, draws.below(9)).reshape(4, 2),
        "PartsContent.digit": lambda draws: draws.one_of((None, digits_of(NAMES[0]).test.images[draws.below(5)])),
        "PartsContent.strips": lambda draws: (None,) * 4, "RunFacts.hue": lambda draws: draws.below(8),
        "RunFacts.record": lambda draws: None, "RunFacts.stories": lambda draws: (),
        "RunFacts.evaluations": evaluations,
        "DetectorReading.shares": lambda draws: spread(8, draws.below(9)).reshape(4, 2),
        "DetectorReading.counts": lambda draws: (90 * spread(10, draws.below(9))).astype(np.int64).reshape(2, 5),
        "DetectorReading.needed": lambda draws: 1 + draws.below(4),
        "LearnedQuestion.z": lambda draws: np.round(6 * spread(20, draws.below(9))) - 3,
        "LearnedQuestion.is_own": lambda draws: spread(20, draws.below(9)) < 0.3,
        "Tried.down": tried_etas, "Tried.out": tried_etas,
        "RunFacts.readings": lambda draws: KeptReadings(),
        "RunFacts.bands": bands,
        "Fork.plan": lambda draws: draws.one_of(({}, {"eta": 0.5}, {"eta": 0.5, "momentum": 0.9}, {"dropout": 0.3})),
        "Changed.changes": lambda draws: draws.one_of(CHANGES),
        "Draft.plan": lambda draws: draws.one_of(({}, {"eta": 0.5}, {"sizes": (784, 9, 10)}, {"eta": 0.5, "seed": 4})),
        "BarPlace.panel": lambda draws: draws.below(2),
        "BarPlace.bar": lambda draws: draws.one_of((0, 3, 7, 19)),
    })  # fmt: skip
    TOGETHER.update({
        "future_words.told": of_forecast, "future_words.guessed": of_forecast, "future_words.end": of_forecast,
        "layer_words.present": layers_shown, "layer_words.bar_told": bar_shown,
        "card_words.unit_reading": unit_shown,
        "verdicts.compare_seeds": accuracies, "verdicts.compare_orders": accuracies, "verdicts.variance": accuracies,
        "verdicts.compare_few_orders": accuracies,
        **{f"causes.{name}": of_run for name in ("find_working_settings", "accuracy_until", "last_change")},
        **{f"perceptron.{name}": perceptron_asked for name in (
            "inputs", "weighted_sum", "output", "outputs", "stacked", "agreeing", "best_bias", "through", "turned",
            "nearest_on_line", "firing_side",
        )},
        **{f"binary_outputs.{name}": layer_asked for name in (
            "FourthLayer.z", "FourthLayer.outputs", "FourthLayer.fired", "FourthLayer.share_right", "unlike",
            "number_of", "share_of_codes",
        )},
        "binary_outputs.samples_of": samples_asked, "futures.affordable_length": costs_asked,
        **{f"futures.Forecast.{name}": future_asked for name in ("of", "mean_misread", "verdict")},
        **{f"layer_readings.{name}": layer_asked for name in ("order_of", "least_squares", "best_question")},
        "detectors.Detector.sum_of": detector_asked, "detectors.Detector.fires": detector_asked,
        **{f"formulas.{name}": formula_asked for name in (
            "output_error", "back_error", "gradient_terms", "weight_step",
        )},
        "verdicts.student_t": lambda draws: {"p": draws.one_of((0.01, 0.1, 0.5)), "freedom": 1 + draws.below(9)},
        **{f"columns.Columns.{name}": grouped for name in ("percentiles", "means", "positions", "column", "column_at")},
        "landscape.contours": lambda draws: {"values": spread(20, draws.below(9)).reshape(4, 5), "levels": (0.3, 0.8)},
        "landscape.descend": lambda draws: {**asked_of_race(draws), "steps": draws.part("steps").one_of((0, 1, 9))},
        "ball_race.BallRace.run": lambda draws: {"self": ball_race(draws), "steps": draws.below(9)},
    })  # fmt: skip
    TYPED.update({
        Settings: settings, Network: network, Moment: moment, Evaluation: evaluation, ReadDigits: read_digits,
        Story: story, FineStretch: stretch, PictureAlong: along, LayerHealth: layer_health, Health: health_of,
        History: history, Shown: shown, Flow: flow_of, Contributions: contributions, BatchStage: stage,
        MiniBatch: lambda draws: batch(draws.part("batch").below(10)),
        StepSummary: lambda draws: books(draws.part("batch").below(10)),
        MixingCurve: mixing, RunFindings: run_findings, futures.Forecast: forecast, Preview: preview,
        FourthLayer: fourth_layer, Sample: sample,
        Digits: lambda draws: digits_of(draws.one_of(NAMES)),
        DigitSet: lambda draws: digits_of(draws.one_of(NAMES)).test,
        LabelledDigits: lambda draws: digits_of(draws.one_of(NAMES)).training,
        Detector: detector, Curve: curve,
        Landscape: lambda draws: draws.one_of([*LANDSCAPES.values()]), Rules: rules, BallRace: ball_race,
        Fan: lambda draws: Fan.of(ball_race(draws)), Columns: columns, Circuit: circuit,
        Theme: lambda draws: draws.one_of((LIGHT, DARK)),
        QColor: lambda draws: QColor(draws.one_of(("#123456", "#ffffff", "#80ff0000"))),
        QPoint: lambda draws: QPoint(whole(draws.part(0)), whole(draws.part(1))),
        QPointF: lambda draws: QPointF(plain_number(draws.part(0)), plain_number(draws.part(1))),
        QSize: lambda draws: QSize(whole(draws.part(0)), whole(draws.part(1))),
        QSizeF: lambda draws: QSizeF(plain_number(draws.part(0)), plain_number(draws.part(1))),
        QRect: lambda draws: QRect(*(whole(draws.part(number)) for number in range(4))),
        QRectF: lambda draws: QRectF(*(plain_number(draws.part(number)) for number in range(4))),
        QFontMetrics: lambda draws: Metrics(), QFontMetricsF: lambda draws: Metrics(),
        QFontMetrics | QFontMetricsF: lambda draws: Metrics(),
        CurveTexts: lambda draws: CurveTexts(),
        LayersContent: lambda draws: layer_words.present(**layers_shown(draws)),
        MatrixCells: lambda draws: mistake_words.matrix_cells(read_digits(draws)),
        StoryMarks: story_shown, FuturesContent: futures_shown, CardPicture: card_shown,
        BarTableContent: table_shown, StageContent: stage_shown, Selection: lambda draws: Selection(),
        Laid: lambda draws: draws.part("how").one_of((beginning, solution))(draws.part("wish").one_of(WISHES)),
        Table: lambda draws: draws.one_of(tuple(TABLES.values())), CutEditor: lambda draws: create_autospec(CutEditor),
        range: lambda draws: range(draws.one_of((1, 2, 3))),
        bytes: lambda draws: digits_of(NAMES[0]).test.images[draws.below(3)].tobytes(),
        object: lambda draws: draws.one_of((1, 0.5, "a", 3.0)),
        Any: lambda draws: draws.one_of((1, 0.5, "a", 3.0)),
        Hashable: lambda draws: draws.one_of((1, "a")),
        Exception: lambda draws: draws.one_of((ValueError("what"), MemoryError())),
    })  # fmt: skip
    TYPED[TwoReadings] = two_readings
    numbers: dict[Any, Any] = {
        NDArray[np.float64]: np.float64, NDArray[np.float32]: np.float32, NDArray[np.uint8]: np.uint8,
        NDArray[np.int8]: np.int8, NDArray[np.int64]: np.int64, NDArray[np.intp]: np.intp,
        NDArray[np.bool_]: np.bool_, NDArray[Any]: np.float64,
    }  # fmt: skip
    TYPED.update({kind: partial(array, dtype=dtype) for kind, dtype in numbers.items()})
    TYPED[ArrayLike] = lambda draws: draws.of(float)  # of other parts with each NumPy


def bands(draws: Draws) -> Any:
    every = (
        made_band((0.93, 0.95, 0.947)),
        made_band((0.3, 0.9), "tiny changes", epochs=2),
        made_band((0.9,), begin=100),
    )
    return draws.one_of(((), (every[0],), (every[1],), (every[2],)))
