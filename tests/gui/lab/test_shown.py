"""What is shown is a value: what was shown once stays what it was, whatever the runs and the hand do meanwhile."""

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from msgspec import Struct, to_builtins
from msgspec.structs import astuple, replace
from PySide6.QtCore import QObject, QTimer

from mnistviz.engine.acts import BIAS, Changed, Lesson, Restored, WeightEdit
from mnistviz.engine.columns import Columns
from mnistviz.engine.commands import Visit
from mnistviz.engine.digits import Digits
from mnistviz.engine.handover import Mailbox, Update
from mnistviz.engine.history import History
from mnistviz.engine.history_replayer import VisitBox, Visited
from mnistviz.engine.microscope.edit_effect import taught
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.scores import score_choice, score_share
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.records import read_record
from mnistviz.gui.lab import lab_core as playing
from mnistviz.gui.lab import shown as module
from mnistviz.gui.lab import shown_record
from mnistviz.gui.lab.edited_copy import EditedCopy
from mnistviz.gui.lab.lab_core import Playhead
from mnistviz.gui.lab.predictions import MOST, Prediction, Predictions
from mnistviz.gui.lab.preview import Mixture
from mnistviz.gui.lab.shown import COST_OVER, Draft, Lifecycle, RunFacts, RunMirror, Shown
from mnistviz.gui.lab.shown_record import CopyRecord, ShownRecord, ShownRestorer
from mnistviz.gui.network.card_picture import health_of
from mnistviz.gui.window.scene import WindowScene
from tests.gui.children import child, known
from tests.gui.lab.conftest import SMALL, Hand
from tests.gui.lab_by_hand import LabByHand
from tests.gui.live_run import live_run


def frozen(value: Any) -> Any:
    """All that a value holds, copied: arrays as bytes, and so on to the last field."""
    match value:
        case Digits():
            return value.checksum
        case Network():
            return value.sizes, value.parameters.tobytes()
        case Columns():
            bins = () if value._bins is None else tuple(each.tobytes() for each in value._bins)
            return value.span, value.size, value.rows.tobytes(), bins
        case np.ndarray():
            return value.shape, value.tobytes()
        case Mapping():
            return {name: frozen(each) for name, each in value.items()}
        case tuple() | list():
            return type(value), [frozen(each) for each in value]
        case Struct():
            return {name: frozen(getattr(value, name)) for name in value.__struct_fields__}
    return value


def test_what_was_shown_stays_what_it_was_while_the_runs_go_on(hand: Hand) -> None:
    lab = hand.lab
    hand.run(replace(SMALL, seed=2), steps=20)
    hand.run(steps=30)
    kept: list[tuple[Shown, Any]] = []

    def keep() -> None:
        kept.append((lab.shown, frozen(lab.shown)))

    keep()
    first, second = (run.number for run in lab.runs.open)
    lab.settings.change({"eta": 0.5})
    hand.learn()
    keep()
    lab.time.switch(first, True)
    lab.runs.rename(second, "mine")
    lab.runs.relabel(second, hue=5)
    lab.runs.relabel(first, hidden=True)
    keep()
    hand.wait(lambda: hand.selected.best is not None)
    hand.look(12)
    keep()
    hand.wait(lambda: bool(lab.shown.evaluations))
    lab.settings.change({"eta": 0.1})
    keep()
    lab.runs.branch()
    # its first news may come before it has begun to learn, and `toggle_play` pauses what learns
    hand.wait(lambda: hand.selected.ready and hand.selected.playing and hand.selected.step > 12)
    keep()
    lab.time.toggle_play()
    lab.runs.close(first)
    hand.wait(lambda: not any(run.playing for run in lab.runs.open))
    for number, (shown, then) in enumerate(kept):
        assert frozen(shown) == then, number
    assert len({str(then) for _, then in kept}) == len(kept), "each time something was another"


def test_facts_are_the_same_object_until_something_is_new_and_know_how_long_an_epoch_is(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, lab = hand.run(steps=5), hand.lab
    assert hand.still(run)
    facts = known(lab.run)
    assert all(each is facts for each in (lab.shown.run, lab.runs.open[0], lab.runs.find(facts.number)))
    lab.runs.rename(facts.number, "mine")
    assert lab.run is not facts
    assert (facts.name, run.name) == ("", "mine")
    assert facts.epoch > 0
    monkeypatch.setattr(Digits, "epoch", lambda *_: pytest.fail("the digits were counted"))
    assert lab.shown.epoch_of(facts) == facts.epoch


def networks_in(value: Any) -> int:
    """How many networks a value holds, to the last field."""
    match value:
        case Network():
            return 1
        case Mapping():
            return sum(map(networks_in, value.values()))
        case tuple() | list():
            return sum(map(networks_in, value))
        case Struct():
            return sum(networks_in(getattr(value, name)) for name in value.__struct_fields__)
    return 0


def test_what_is_put_aside_holds_no_network_and_knows_its_run_again(hand: Hand) -> None:
    lab = hand.lab
    blank = lab.shown
    hand.run(replace(SMALL, seed=2), steps=20)
    hand.run(steps=30)
    shown = lab.shown
    aside = shown.put_aside()
    assert networks_in(shown) > 0
    assert networks_in(aside) == 0
    assert not shown.is_first(aside)
    assert not shown.is_first(aside.put_aside())
    assert shown.is_first(blank.put_aside())
    assert [run.number for run in aside.others] == [run.number for run in shown.others]


SETTINGS = Settings(sizes=(784, 10))
NETWORK = Network(SETTINGS.sizes)

Tell = Callable[..., None]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox(lambda: None)


@pytest.fixture
def mirror(mailbox: Mailbox) -> RunMirror:
    return RunMirror(RunFacts(1, SETTINGS), mailbox)


@pytest.fixture
def tell(mailbox: Mailbox, mirror: RunMirror) -> Tell:
    """Lets the mirror take an update of a run that has reached a step."""

    def told(step: int = 0, history: History | None = None, **what: object) -> None:
        moment = Moment(1, step, 10 * step, NETWORK, SETTINGS, NETWORK)
        mailbox.put(Update(moment, history or History(), **what))  # type: ignore[arg-type]
        assert mirror.take()

    return told


def test_no_view_knows_a_mirror() -> None:
    """What is shown is a value; its content would move on under whoever held the mirror."""
    gui = Path(module.__file__).parents[1]
    knows = [path for path in gui.rglob("*.py") if "RunMirror" in path.read_text(encoding="utf-8")]
    assert {path.parent.name for path in knows} == {"lab"}


def test_what_was_told_before_the_last_press_is_not_believed(mirror: RunMirror, tell: Tell) -> None:
    """Start was pressed, and the worker has not heard of it yet: the button stays at pause."""
    mirror.expect(7)
    mirror.change(lifecycle=Lifecycle.LEARNING)
    tell(playing=False, obeyed=6)
    assert mirror.facts.playing
    assert not mirror.facts.has_obeyed
    tell(playing=False, obeyed=7)  # and rests again, by its stopping rule
    assert not mirror.facts.playing
    assert mirror.facts.has_obeyed


def test_the_cost_is_the_mean_of_the_last_hundred_or_some_columns(mirror: RunMirror, tell: Tell) -> None:
    assert COST_OVER == 100
    assert mirror.facts.cost_at(mirror.facts.step) is None
    tell(0)
    assert mirror.facts.cost_at(mirror.facts.step) is None
    costs = np.concatenate((np.full(500, 1.0), np.linspace(0.5, 0.1, 1_000)))
    history = History()
    for step in range(0, 1_500, 7):
        history = history.with_costs(step, 10 * step, costs[step : step + 7], 10)
        end = min(step + 7, 1_500)
        tell(end, history)
        assert mirror.facts.cost_at(mirror.facts.step) == pytest.approx(costs[max(0, end - 100) : end].mean())
    costs, history = np.random.default_rng(0).random(9_003), History()
    for end in (5_000, 5_001, 8_111, 9_003):
        begin = history.costs.size
        history = history.with_costs(begin, 10 * begin, costs[begin:end], 10)
        tell(end, history)
        means = [costs[end - over : end].mean() for over in range(100, 100 + end // 1_000 + 1)]
        assert any(mirror.facts.cost_at(end) == pytest.approx(mean, rel=1e-12) for mean in means)
    for end in range(8_000, 8_300, 7):  # beside a run with columns of 128
        assert mirror.facts.cost_at(end, 128) == pytest.approx(0.5, abs=0.15)


def test_the_cost_is_none_of_earlier_weights_and_nan_where_it_diverged(mirror: RunMirror, tell: Tell) -> None:
    history = (
        History().with_costs(0, 0, np.linspace(1.0, 2.0, 50), 10).with_intervention(Restored(50, 500, 7))
    )
    tell(50, history)
    assert mirror.facts.cost_at(50) is None
    assert mirror.facts.cost_at(49) == pytest.approx(np.linspace(1.0, 2.0, 50)[:49].mean())
    later = history.with_intervention(Changed(50, 500, (("eta", 3.0, 1.0),)))
    later = later.with_costs(50, 500, np.array([0.25, 0.75]), 10)
    tell(52, later)
    assert mirror.facts.cost_at(52) == pytest.approx(0.5)
    tell(2, History().with_costs(0, 0, np.array([1.0, np.inf]), 10))
    assert not np.isfinite(known(mirror.facts.cost_at(2)))


def test_the_speed_is_that_of_the_last_second_and_none_at_rest(mirror: RunMirror, tell: Tell) -> None:
    assert mirror.facts.mini_batches_per_second is None
    tell(0, playing=True, clock=50.0)
    assert mirror.facts.mini_batches_per_second is None
    for tenth in range(1, 31):  # 1,000 a second for two seconds, then 4,000
        step = 100 * tenth + 300 * max(0, tenth - 20)
        tell(step, playing=True, clock=50 + tenth / 10)
    assert mirror.facts.mini_batches_per_second == pytest.approx(4_000, rel=0.1)
    tell(step, playing=False, clock=53.5)
    assert mirror.facts.mini_batches_per_second is None
    tell(step, playing=True, clock=500.0)
    tell(step + 10, playing=True, clock=501.0)
    assert mirror.facts.mini_batches_per_second == pytest.approx(10), "the rest does not count"


def test_facts_stay_what_they_were_when_news_or_gestures_make_others(mirror: RunMirror, tell: Tell) -> None:
    assert not mirror.take()
    tell(3, playing=True, clock=50.0)
    assert not mirror.take()
    before, kept = mirror.facts, astuple(mirror.facts)
    tell(9, History().with_costs(0, 0, np.ones(9), 10), playing=False, clock=51.0, diverged=True, eta=0.5)
    mirror.change(name="mine", hue=3, on=True)
    assert astuple(before) == kept
    assert (mirror.facts.step, mirror.facts.name, mirror.facts.eta) == (9, "mine", 0.5)
    assert not mirror.take()
    assert mirror.facts is mirror.facts, "the same as long as nothing is new"


FIRST = Draft().begin(Settings(), None)


def test_a_recipe_waits_for_a_new_run_and_follows_nothing() -> None:
    recipe = Settings(eta=0.5, seed=7)
    draft = FIRST.choose(recipe).follow(Settings(eta=2.0))
    assert draft.for_new_run
    assert draft.settings == recipe
    assert draft.revert() == FIRST.follow(Settings(eta=2.0))
    assert not FIRST.choose(Settings()).for_new_run  # the run learns with it
    assert not Draft().choose(recipe).for_new_run  # there is no run yet


def some_predictions() -> Predictions:
    found = Predictions()
    far = known(score_share(0.6, 0.94))
    found.add("binary_outputs", "layer", "You said 60 %.", "All bits: 94 %, outputs: 95 %.", far)
    found.add("binary_outputs", "layer", "You said 94 %.", "", score_choice(0, 0, ordered=False))
    found.add("perceptron", "xor", "You said: no.", "", score_choice(0, 0, ordered=False))
    return found


def test_a_page_counts_its_own_predictions_the_table_has_all_and_the_next_start_finds_them_again() -> None:
    assert some_predictions().tally("binary_outputs") == {"right": 1, "close": 0, "wrong": 1}
    assert not sum(some_predictions().tally("valley").values())
    rows = list(csv.DictReader(some_predictions().as_csv().splitlines()))
    assert [row["verdict"] for row in rows] == ["wrong", "right", "right"]
    assert rows[0] == {
        "page": "binary_outputs", "question": "layer", "said": "You said 60 %.",
        "came": "All bits: 94 %, outputs: 95 %.", "verdict": "wrong", "off": "0.34", "unit": "points",
    }  # fmt: skip
    found = some_predictions()
    written = WindowScene(predictions=found.all).values()
    again = Predictions()
    again.restore(WindowScene.of(written).predictions)
    assert again.all == found.all
    again.restore(WindowScene.of({"predictions": [{"verdict": "perhaps"}, 7, None]}).predictions)
    assert not again.all
    again.restore([Prediction(verdict="right", question=str(number)) for number in range(MOST + 5)])
    assert len(again.all) == MOST
    assert again.all[-1:][0].question == str(MOST + 4)


SMALL_NETWORK = Network(SMALL.sizes)


class Worker:
    """Has every moment at once."""

    def __init__(self) -> None:
        self.visits = VisitBox(lambda: None)

    def send(self, number: int, command: object) -> None:
        if isinstance(command, Visit):
            moment = Moment(
                number, command.step, 10 * command.step, SMALL_NETWORK, SMALL, SMALL_NETWORK, "exact"
            )
            self.visits.put(Visited(command.step, moment, SMALL.eta))


@pytest.mark.parametrize(("rate", "most"), [(96.0, 24), (None, 250)])
def test_after_a_stall_the_film_goes_on_where_it_was(
    qapp: QObject, monkeypatch: pytest.MonkeyPatch, rate: float | None, most: int
) -> None:
    """It goes on by what a quarter of a second has of it, however long the window stood still."""
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(playing, "time", SimpleNamespace(monotonic=lambda: clock.now))
    run = RunFacts(1, SMALL, moment=Moment(1, 10_000, 100_000, SMALL_NETWORK, SMALL, SMALL_NETWORK))
    parent = QObject()
    session: Any = SimpleNamespace(run=run, training=Worker(), rate=rate, tell=print)
    playhead = Playhead(session, lambda _: None, parent)
    playhead.visit(1_000)
    assert playhead.take()
    playhead.film(True)
    clock.now += 5.0
    child(playhead, QTimer).timeout.emit()
    assert playhead.take()
    assert playhead.here == 1_000 + most
    clock.now += 0.125  # as a float exactly
    child(playhead, QTimer).timeout.emit()
    assert playhead.here == int(1_000 + 1.5 * most)
    playhead.film(False)


@pytest.fixture
def again(lab: LabByHand) -> ShownRestorer:
    lab.run_to(20)
    lab.run_to(30)
    return ShownRestorer(lab, lambda: None, lab)


def moment_of(lab: LabByHand) -> Moment:
    return known(lab.shown.of_run.moment)


def copy_of(lab: LabByHand) -> EditedCopy:
    """One with a lesson, weights and a frozen unit."""
    assert lab.digits is not None
    moment = moment_of(lab)
    first = EditedCopy.begin(moment).with_edit(WeightEdit(2, ((0, 3),), (0.25,)))
    lesson = Lesson(lab.digits.test.images[1].tobytes(), 4, 0.5, (2, 3), 3)
    copy = taught(first.network, lesson, lab.digits.trained_on(moment.settings))
    edit = WeightEdit(1, ((6, 400), (6, BIAS)), (0.1, -2.0))
    return first.with_lesson(copy).with_edit(edit).with_frozen(Unit(1, 2), True)


def written(again: ShownRestorer) -> ShownRecord:
    """The record of now, as a file has it."""
    return read_record(ShownRecord, json.loads(json.dumps(to_builtins(again.record()))))


def show(lab: LabByHand, again: ShownRestorer, record: ShownRecord) -> None:
    lab.go_live()
    lab.settings.move_plan()
    again.begin(record)
    lab.work()


@pytest.mark.parametrize("step", [None, 11])
def test_a_copy_by_hand_is_the_same_bit_by_bit_and_not_there_for_another_step_nor_if_it_is_too_large(
    lab: LabByHand, again: ShownRestorer, monkeypatch: pytest.MonkeyPatch, step: int | None
) -> None:
    if step is not None:
        lab.playhead.visit(step)
        lab.work()
        lab.settings.edit({"eta": 0.25})
    copy, scale = copy_of(lab), known(health_of(lab.shown)).full_contribution
    lab.show_preview(copy)
    assert known(health_of(lab.shown)).full_contribution == scale > 0, "its bars can be compared"
    record = written(again)
    show(lab, again, record)
    assert lab.playhead.step == step
    assert lab.settings.draft.plan == ({} if step is None else {"eta": 0.25})
    found = lab.preview
    assert isinstance(found, EditedCopy)
    assert found.acts == copy.acts
    np.testing.assert_array_equal(found.network.parameters, copy.network.parameters)
    assert found.moment.frozen == copy.moment.frozen
    assert written(again) == record
    with monkeypatch.context() as patched:
        patched.setattr(shown_record, "MOST_COPY_BYTES", 1_000)
        assert written(again) == replace(record, copy=CopyRecord())
    lab.playhead.visit(4)
    assert lab.preview is not None, "the network of that step is not there yet"
    assert (written(again).step, written(again).copy) == (4, CopyRecord())


def test_a_mixture_is_of_the_same_two_and_what_was_kept_meanwhile_is_not_shown_on_top_of_it(
    lab: LabByHand, again: ShownRestorer
) -> None:
    lab.show_preview(Mixture(moment_of(lab), known(lab.runs.open[0].moment), 0.25, ("A", "B")))
    parameters = lab.shown.moment.network.parameters
    show(lab, again, written(again))
    found = lab.preview
    assert isinstance(found, Mixture)
    assert (found.share, found.names, found.a.run) == (0.25, ("A", "B"), lab.runs.open[0].number)
    np.testing.assert_array_equal(found.moment.network.parameters, parameters)
    copy = copy_of(lab)
    lab.show_preview(copy)
    record = written(again)
    lab.keep(copy)
    lab.work()
    assert live_run(lab).history.interventions
    show(lab, again, record)
    assert lab.preview is None


def test_what_is_not_shown_yet_is_what_is_written(lab: LabByHand, again: ShownRestorer) -> None:
    lab.playhead.visit(11)
    lab.work()
    lab.show_preview(copy_of(lab))
    record = written(again)
    lab.go_live()
    again.begin(record)
    assert lab.preview is None
    assert written(again) == record
    lab.go_live()
    assert written(again) == ShownRecord(), "the user was quicker"
    lab.work()
    assert lab.preview is None


EDIT = [30, 300, "edited", 0, [[6, -1]], [0.5]]


def test_what_makes_no_sense_is_passed_over(
    lab: LabByHand, again: ShownRestorer, caplog: pytest.LogCaptureFixture
) -> None:
    records: list[dict[str, Any]] = [
        {"step": 10**30},
        {"step": -5, "plan": {"eta": 1}},
        {"step": 4, "plan": {"eta": -1}},
        {"step": 4, "plan": {"sizes": [784, 1, 10], "nothing": 3}},
        {"mixture": {"letter": "A", "step": 10**9, "share": 0.5, "names": ["A", "B"]}},
        {"mixture": {"letter": "A", "step": 3, "share": float("nan")}},
        {"mixture": {"letter": "A", "step": 20, "share": 0.5, "names": ["\n", "B"]}},
        {"mixture": {"letter": "Z", "step": 3, "share": 0.5}},
        {"copy": {"acts": [["edited"]]}},
        {"copy": {"acts": [EDIT], "had": 7}},
        {"copy": {"acts": [[29, *EDIT[1:]]]}},
        {"copy": {"acts": [[31, *EDIT[1:]]]}},
        {"copy": {"acts": [[*EDIT[:4], [[30, 0]], [0.5]]]}},
        {"copy": {"acts": [[*EDIT[:5], [10**400]]]}},
        {"copy": {"acts": [[*EDIT[:5], [float("inf")]]]}},
        {"copy": {"acts": [[*EDIT[:3], 7, *EDIT[4:]]]}},
        {"copy": {"acts": [[30, 300, "frozen", 0, 30, True]]}},
        {"copy": {"acts": [[30, 300, "nudged", 0, 1, 1]]}},
        {"copy": {"acts": [[30, 300, "taught", "AAAA", 3, 0.5, [], 1]]}},
        {"copy": {"acts": [[30, 300, "taught", "?", 3, 0.5, [], 1]]}},
        {"copy": {"acts": [EDIT] * 10_001}},
    ]
    for record in records:
        show(lab, again, read_record(ShownRecord, record))
        assert lab.preview is None, record
        assert not [each for each in caplog.records if each.exc_info], "nobody wonders about it"
        assert not lab.settings.draft.plan or lab.settings.draft.plan == {"eta": 1}, record
    show(lab, again, read_record(ShownRecord, {"copy": {"acts": [EDIT]}}))
    assert isinstance(lab.preview, EditedCopy), "and nothing else is in its way"
