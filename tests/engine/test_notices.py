"""Every notice against a record that must show it and two near ones that must not, and what its remedy does."""

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from mnistviz.engine.acts import Changed, Halved, Intervention, Restored, Stepped, SteppedBack
from mnistviz.engine.causes import ChangeStretch, last_change, usual_eta
from mnistviz.engine.digits import Digits, grey_values
from mnistviz.engine.network import Network
from mnistviz.engine.observations import Finding, RunFindings, change_finding, findings
from mnistviz.engine.recipes import RECIPES
from mnistviz.engine.trials import ChangeResult
from mnistviz.notice_sentences import NOTICE_SENTENCES
from mnistviz.sentences import sentence
from tests.engine.made_up import EPOCH, STEPS, codes, eta, examine, layer, record
from tests.present import there

RELU: dict[str, Any] = {
    "activation": "relu",
    "output": "softmax",
    "cost": "cross_entropy",
    "initial_weights": "he",
}
DEEP: dict[str, Any] = {"sizes": (784, 30, 30, 30, 10), "initial_weights": "scaled"}


def costs(before: tuple[float, float], after: tuple[float, float]) -> list[float]:
    """300 mini-batches of a mean and a spread, and 300 of another."""
    chance = np.random.default_rng(0)
    return [
        float(cost) for mean, spread in (before, after) for cost in mean + spread * (chance.random(300) - 0.5)
    ]


def changed(
    before: tuple[float, float],
    after: tuple[float, float],
    *more: tuple[str, object, object],
    name: str = "eta",
) -> RunFindings:
    """A run of 600 mini-batches, with a setting (and more) changed in the middle."""
    act = Changed(300, 3_000, ((name, 0.1, 0.5), *more))
    return record(0.9, 0.12, acts=[act], costs=costs(before, after))


def fallen(*acts: Intervention, **settings: Any) -> RunFindings:
    """A run that reads 40 % after four epochs and read 95 % after two."""
    return record(0.4, 4, best=(2, 0.95), earlier=[(2, 0.95)], acts=acts, **settings)


CALM = 0.02
COLLAPSED = fallen(eta(12_000, 3.0, 100.0))

BY_HAND = Stepped(12_000, 120_000, 3.0, (1, 2, 3))
BACKWARDS = SteppedBack(11_900, 119_000, 3.0, 200, 10, "shuffled")

CASES: dict[str, tuple[RunFindings, RunFindings, RunFindings]] = {
    "run_diverged": (
        record(diverged=True, eta=100.0),
        record(0.1, eta=100.0),
        record(diverged=True, best=(2, 0.9)),
    ),
    "run_diverged_best": (
        record(diverged=True, best=(2, 0.9)),
        record(0.9, best=(2, 0.9)),
        record(diverged=True, best=(2, 0.1)),  # guessing is nothing to go back to
    ),
    "run_worse": (
        COLLAPSED,
        record(0.91, 4, best=(2, 0.95), earlier=[(2, 0.95)], acts=[eta(12_000, 3.0, 100.0)]),  # 4 points
        record(0.4, 4, best=(2, 0.95), earlier=[(2, 0.95), (2.3, 0.4)], acts=[eta(12_000, 3.0, 1.0)]),  # before it
    ),
    "run_worse_several": (
        record(
            0.4, 4, best=(2, 0.95), earlier=[(2, 0.95)],
            acts=[Changed(12_000, 120_000, (("eta", 3.0, 9.0), ("momentum", 0.0, 0.9)))],
        ),
        COLLAPSED,
        record(
            0.93, 4, best=(2, 0.95), earlier=[(2, 0.95)],
            acts=[Changed(12_000, 120_000, (("eta", 3.0, 9.0), ("momentum", 0.0, 0.9)))],
        ),
    ),
    "run_worse_early": (
        record(0.4, 0.8, earlier=[(0.4, 0.85)], acts=[eta(2_500, 3.0, 100.0)]),
        record(0.83, 0.8, earlier=[(0.4, 0.85)], acts=[eta(2_500, 3.0, 100.0)]),
        record(0.12, 0.8, earlier=[(0.4, 0.2)], acts=[eta(2_500, 3.0, 100.0)]),  # it had learned nothing yet
    ),
    "run_worse_by_hand": (
        fallen(BY_HAND),
        record(0.93, 4, best=(2, 0.95), earlier=[(2, 0.95)], acts=[BY_HAND]),
        record(0.4, 4, best=(2, 0.95), earlier=[(2, 0.95), (2.3, 0.4)], acts=[BY_HAND]),  # before it
    ),
    "run_worse_backwards": (
        fallen(BACKWARDS),
        record(0.93, 4, best=(2, 0.95), earlier=[(2, 0.95)], acts=[BACKWARDS]),
        fallen(BACKWARDS, BY_HAND),
    ),
    "run_fell": (
        record(0.84, 6, best=(4, 0.95), earlier=[(4, 0.95)]),
        record(0.91, 6, best=(4, 0.95), earlier=[(4, 0.95)]),
        record(0.84, 6, best=(4, 0.95), earlier=[(4, 0.95)], acts=[eta(21_000, 3.0, 9.0)]),
    ),
    "stopped_epochs": (
        record(stopped=True, stop="epochs", stop_epochs=3, best=(2, 0.91)),
        record(stopped=False, stop="epochs", stop_epochs=3, best=(2, 0.91)),
        record(stopped=True, stop="no_improvement", stop_epochs=1, best=(2, 0.91)),
    ),
    "stopped_no_improvement": (
        record(stopped=True, stop="no_improvement", stop_epochs=1, best=(2, 0.91)),
        record(stopped=False, stop="no_improvement", stop_epochs=1, best=(2, 0.91)),
        record(stopped=True, stop="epochs", stop_epochs=3, best=(2, 0.91)),
    ),
    "run_stuck": (record(0.1, 1), record(0.16, 1), record(0.1, 0.9)),
    "run_stuck_large_eta": (
        record(0.1, 0.2, eta=100.0), record(0.16, 0.2, eta=100.0), record(0.1, 0.19, eta=100.0)
    ),
    "eta_small": (record(0.27, 30, eta=0.001), record(0.27, 30, eta=0.5), record(0.85, 30, eta=0.001)),
    "output_silent": (record(0.8, silent=[8]), record(0.8, silent=[7, 8]), record(0.8, 0.9, silent=[8])),
    "outputs_silent": (
        record(0.7, silent=[7, 8]),
        record(0.8, silent=[8]),
        record(0.24, 1, silent=[0, 3, 5, 7, 9]),  # it has only begun to learn
    ),
    "outputs_silent_large_eta": (
        record(0.6, silent=[7, 8], eta=30.0), record(0.6, eta=30.0), record(0.6, silent=[7, 8], eta=3.0)
    ),
    "run_stuck_momentum": (
        record(0.1, 0.2, momentum=0.99), record(0.16, 0.2, momentum=0.99), record(0.1, 0.2, momentum=0.9)
    ),
    "eta_large": (
        record(0.85, eta=9.0), record(0.92, eta=9.0), record(0.85, 0.9, eta=9.0)
    ),
    "dropout_large": (
        record(0.23, dropout=0.9), record(0.85, dropout=0.9), record(0.23, dropout=0.5)
    ),
    "distortion_large": (
        record(0.12, shift=6, rotation=45.0, elastic=10.0),
        record(0.9, shift=6, rotation=45.0, elastic=10.0),
        record(0.12, shift=3, rotation=20.0),
    ),
    "decay_large": (
        record(0.86, weight_decay=500.0), record(0.95, weight_decay=500.0), record(0.86, weight_decay=50.0)
    ),
    "few_units": (
        record(0.34, sizes=(784, 2, 10)), record(0.85, sizes=(784, 2, 10)), record(0.34, sizes=(784, 5, 10))
    ),
    "few_steps": (
        record(0.3, mini_batch=10_000, mini_batch_size=10_000, epochs=6),  # thirty steps in all
        record(0.9, mini_batch=10_000, mini_batch_size=10_000, epochs=60),
        record(0.3, mini_batch_size=500),
    ),
    "schedule_ended": (
        replace(record(schedule="cosine"), eta=0.001),
        replace(record(schedule="cosine"), eta=1.0),
        replace(record(schedule="cosine"), eta=0.0),
    ),
    "schedule_at_0": (
        replace(record(schedule="cosine"), eta=0.0),
        replace(record(schedule="cosine"), eta=0.001),
        replace(record(), eta=0.0),
    ),
    "only_by_heart": (
        record(0.1, training=0.35), record(0.3, training=0.99), record(0.1, training=0.25)
    ),
    "labels_doubtful": (
        record(0.9, training=0.5), record(0.9, training=0.85), record(0.9, 0.9, training=0.5)
    ),
    "reads_own_better": (
        record(0.2, training=0.28), record(0.84, training=0.95), record(0.84, training=0.86)
    ),
    "layer_dead": (
        record(health=[layer(dead=0.5)], eta=0.1, **RELU),
        record(health=[layer(dead=0.3)], eta=0.1, **RELU),
        record(0.9, 0.03, health=[layer(dead=0.5)], eta=0.1, **RELU),
    ),
    "layer_saturated": (
        record(0.85, 0.6, health=[layer(0.8)]),
        record(0.95, 10, health=[layer(0.85)]),  # a healthy run is left in peace
        record(0.85, 0.6, health=[layer(0.8)], initial_weights="scaled"),
    ),
    "gradients_vanish": (
        record(0.1, 0.1, health=[layer(gradient=size) for size in (0.001, 0.01, 0.1)], **DEEP),
        record(0.1, 0.1, health=[layer(gradient=size) for size in (0.006, 0.05, 0.1)], **DEEP),
        record(0.1, 0.1, health=[layer(dead=1, gradient=size) for size in (0.001, 0.1)], **RELU),
    ),
    "overfitting": (record(0.84, training=0.9), record(0.84, training=0.86), record(0.84, 0.9, training=0.9)),
    "change_other_cost": (
        changed((0.2, 0.02), (0.3, 0.02), name="dropout"),
        changed((0.2, 0.02), (0.3, 0.02)),
        record(0.9, 0.07, acts=[eta(300, 3.0, 0.5)], costs=costs((0.2, 0.02), (0.3, 0.02))),
    ),
    "changes_other_cost": (
        changed((0.2, 0.02), (0.3, 0.02), ("momentum", 0.0, 0.5), name="dropout"),
        changed((0.2, 0.02), (0.3, 0.02), ("momentum", 0.0, 0.5)),
        changed((0.2, 0.02), (0.3, 0.02), name="dropout"),
    ),
}  # fmt: skip
"""By code: a record that must show it, and two near ones that must not."""


def only(of: RunFindings, code: str) -> Finding:
    (finding,) = [finding for finding in findings(of) if finding.code == code]
    return finding


def test_every_notice_has_its_records() -> None:
    verdicts = ("less", "more", "probably_less", "probably_more", "same")
    tried = {f"{change}_{verdict}" for change in ("change", "changes") for verdict in verdicts}
    assert set(CASES) | tried == {code for code in NOTICE_SENTENCES if not code.endswith(("_short", "_why"))}


@pytest.mark.parametrize("code", CASES)
def test_it_is_shown_where_it_must_and_not_where_it_is_near(code: str) -> None:
    must, *near = CASES[code]
    finding = only(must, code)
    for form in ("", "_short", "_why"):
        said = sentence(code + form, finding.values)
        assert "{" not in said
        assert "went wrong" not in said
        assert "nan" not in said
    for each in near:
        assert code not in codes(each)


AT_THE_BOUND: tuple[tuple[str, RunFindings, RunFindings], ...] = (
    (
        "eta_small",
        record(0.27, 1, eta=0.001),
        record(0.27, 0.99, eta=0.001),
    ),  # guessing is no more than 15 % before
    ("eta_small", record(0.799, eta=0.001), record(0.8, eta=0.001)),
    ("eta_small", record(0.799, 1, eta=0.001), record(0.8, 1, eta=0.001)),
    ("eta_small", record(0.27, eta=0.29), record(0.27, eta=0.31)),  # a tenth of 3
    ("run_stuck", record(0.1, 1), record(0.1, 0.99)),
    ("run_stuck", record(0.149), record(0.15)),
    ("run_stuck_large_eta", record(0.1, 0.2, eta=6.1), record(0.1, 0.2, eta=6.0)),  # twice 3
    ("run_stuck_momentum", record(0.1, eta=3.0, momentum=0.96), record(0.1, eta=3.0, momentum=0.95)),
    ("only_by_heart", record(0.1, 1, training=0.301), record(0.1, 1, training=0.3)),
    ("only_by_heart", record(0.1, 1, training=0.35), record(0.1, 0.99, training=0.35)),
    ("eta_large", record(0.899, eta=6.1), record(0.899, eta=6.0)),
    ("eta_large", record(0.899, eta=15.0), record(0.9, eta=15.0)),
    ("eta_large", record(0.949, eta=15.1), record(0.95, eta=15.1)),
    ("dropout_large", record(0.5, 1, dropout=0.9), record(0.5, 0.99, dropout=0.9)),
    ("dropout_large", record(0.23, dropout=0.51), record(0.23, dropout=0.5)),
    ("distortion_large", record(0.12, rotation=25.1), record(0.12, rotation=25.0)),
    ("distortion_large", record(0.12, elastic=3.1), record(0.12, elastic=3.0)),
    ("decay_large", record(0.899, weight_decay=51.0), record(0.9, weight_decay=51.0)),
    ("few_steps", record(0.3, mini_batch_size=506), record(0.3, mini_batch_size=505)),  # 99 and 100 steps
    ("outputs_silent", record(0.24, 3, silent=[7, 8]), record(0.24, 2.99, silent=[7, 8])),
    ("outputs_silent", record(0.5, 1, silent=[7, 8]), record(0.499, 1, silent=[7, 8])),
)
"""By code: a record that is just over the bound, so that it must show it, and one that is just not."""


@pytest.mark.parametrize("number", range(len(AT_THE_BOUND)))
def test_each_bound_is_met_exactly(number: int) -> None:
    code, must, near = AT_THE_BOUND[number]
    assert code in codes(must)
    assert code not in codes(near)


def test_what_a_schedule_has_left_is_said_in_two_figures() -> None:
    finding = only(replace(record(schedule="cosine"), eta=0.00123456), "schedule_ended")
    assert sentence("schedule_ended_short", finding.values) == "The schedule has lowered η to 0.0012"


@pytest.mark.parametrize("code", ["run_worse", "run_worse_early", "run_worse_several"])
def test_a_fall_names_the_setting_in_its_short_form_too(code: str) -> None:
    short = sentence(f"{code}_short", only(CASES[code][0], code).values)
    assert short.startswith("η"), short


@pytest.mark.parametrize("code", ["run_worse", "run_fell", "stopped_epochs"])
def test_nothing_is_offered_where_too_few_digits_are_measured(code: str) -> None:
    """A fall by two digits of 33 brought “Apply: back to the best”."""
    must = CASES[code][0]
    read = must.evaluations["validation"]
    for count, offers in ((199, False), (200, True)):
        few = replace(read, predictions=read.predictions[:count], right=round(count * read.accuracy))
        found = findings(replace(must, evaluations={**must.evaluations, "validation": few}))
        assert any(finding.offers for finding in found) is offers


def test_what_a_change_has_just_lost_is_not_called_overfitting() -> None:
    acts = [eta(19_990, 3.0, 100.0)]
    lost = record(0.84, 4, training=0.9, best=(2, 0.95), earlier=[(2, 0.95)], acts=acts)
    assert "overfitting" not in codes(lost)
    assert "overfitting" in codes(
        record(0.84, 4, training=0.9, best=(2, 0.85), earlier=[(2, 0.85)], acts=acts)
    )


@pytest.mark.parametrize("code", ["overfitting", "labels_doubtful"])
def test_a_gap_that_chance_makes_between_few_digits_is_none(code: str) -> None:
    """90 and 84 % of 1,000 digits are clearly apart, of 200 they are not."""
    shows = record(0.84, training=0.9) if code == "overfitting" else record(0.62, training=0.5, eta=2.0)
    for count, said in ((200, False), (1_000, True)):
        read = {
            name: replace(each, predictions=each.predictions[:count], right=round(count * each.accuracy))
            for name, each in shows.evaluations.items()
        }
        assert (code in codes(replace(shows, evaluations=read))) == said


FADING = [layer(gradient=size) for size in (0.001, 0.01, 0.1)]
REMEDIES: tuple[tuple[RunFindings, str, dict[str, Any]], ...] = (
    # what was changed before the best stays
    (fallen(eta(4_000, 3.0, 1.0), eta(12_000, 1.0, 100.0)), "run_worse", {"eta": 1.0}),
    # a change made just as the best epoch ended was made after it
    (fallen(eta(10_000, 3.0, 100.0)), "run_worse", {"eta": 3.0}),
    (record(0.4, 0.8, earlier=[(0.4, 0.85)], acts=[eta(2_500, 3.0, 100.0)]), "run_worse_early", {"eta": 3.0}),
    # without a change a fallen run is offered a smaller η
    (
        record(0.84, 6, best=(4, 0.95), earlier=[(4, 0.95)], sizes=(784, 30, 30, 30, 30, 10), activation="tanh",
               eta=0.5),
        "run_fell", {"eta": 0.1},
    ),
    # momentum, tanh and ReLU bear a smaller η
    (record(0.1, 0.3, eta=1.0, momentum=0.9, **RELU), "run_stuck_large_eta", {"eta": 0.01}),
    (record(0.869, activation="tanh"), "eta_large", {"eta": 0.5, "initial_weights": "scaled"}),
    (record(0.932, cost="cross_entropy"), "eta_large", {"eta": 0.5}),
    (
        record(0.1, 0.1, health=FADING, **{**DEEP, "eta": 3.0}), "gradients_vanish",
        {"activation": "relu", "initial_weights": "he", "eta": 0.1},
    ),
    (
        record(0.1, 0.1, health=FADING, **{**DEEP, "eta": 0.05}), "gradients_vanish",
        {"activation": "relu", "initial_weights": "he"},
    ),
    # smaller weights come with an η that so many units can bear
    (
        record(0.6, silent=[7, 8], sizes=(784, 300, 10)), "outputs_silent",
        {"initial_weights": "scaled", "eta": 1.0},
    ),
    (
        record(0.6, silent=[7, 8], sizes=(784, 500, 10)), "outputs_silent",
        {"initial_weights": "scaled", "eta": 0.6},
    ),
    (record(0.6, silent=[7, 8], sizes=(784, 100, 10)), "outputs_silent", {"initial_weights": "scaled"}),
    # the setting at fault
    (record(0.1, 1, momentum=0.99), "run_stuck_momentum", {"momentum": 0.0}),
    (record(0.1, 1, mini_batch_size=1), "run_stuck_large_eta", {"eta": 0.3}),
    (record(0.1, 1, weight_decay=1_000.0), "decay_large", {"weight_decay": 5.0}),
    (record(0.1, 1, dropout=0.9), "dropout_large", {"dropout": 0.2}),
    (record(0.1, 1, shift=6, rotation=45.0), "distortion_large", {"shift": 1, "rotation": 10.0}),
    (record(0.1, 1, sizes=(784, 2, 10)), "few_units", {"sizes": (784, 30, 10)}),
    (record(0.1, 1, mini_batch_size=10_000, eta=30.0), "few_steps", {"mini_batch_size": 10, "eta": 3.0}),
    # decay goes by the number of digits
    (record(0.9, training=1.0), "overfitting", {"weight_decay": 5.0}),
    (record(0.84, 3, training=1.0, epoch=1_000, training_digits=1_000), "overfitting", {"weight_decay": 0.7}),
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(REMEDIES)))
def test_the_remedy_is_what_helps_there(number: int) -> None:
    of, code, remedy = REMEDIES[number]
    finding = only(of, code)
    assert finding.remedy == remedy
    assert finding.back_to_best == (code in ("run_worse", "run_fell"))


WENT_BACK: list[Intervention] = [
    eta(12_000, 3.0, 100.0), Restored(14_000, 140_000, 10_000), eta(14_000, 100.0, 3.0)
]  # fmt: skip
RAISED: dict[str, Any] = {"acts": [eta(7_000, 3.0, 100.0)], "best": (1, 0.906), "earlier": [(1, 0.906)]}
TOLD: tuple[tuple[RunFindings, list[str]], ...] = (
    # a run that goes well is left in peace, and one that has not begun
    (record(0.95, 20, training=0.97, health=[layer(0.85)], best=(19, 0.951)), []),
    (record(0.1, 0), []),
    (record(0.95, cost="cross_entropy"), []),
    # η lowered by hand is not blamed for what was never learned
    (
        record(0.7, 6, silent=[7, 8], best=(3, 0.7), earlier=[(3, 0.7)], acts=[eta(20_000, 3.0, 0.1)]),
        ["outputs_silent"],
    ),
    # saturation by a large η is not laid to the initial weights
    (record(0.7, 4, health=[layer(0.95)], eta=30.0), ["eta_large"]),
    # what was gone back to is not said to be worse
    (record(0.95, 4, best=(2, 0.95), earlier=[(2, 0.95), (2.7, 0.4)], acts=WENT_BACK), []),
    # 91 % just after η went from 3 to 100 was read with η = 3
    (record(0.91, 1.4, **RAISED), []),
    (record(0.88, 2.4, **RAISED), ["eta_large"]),
    # classes without digits are not silent
    (replace(record(0.8, silent=[8, 9]), present=(True,) * 8 + (False,) * 2), []),
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(TOLD)))
def test_nothing_else_is_told(number: int) -> None:
    of, told = TOLD[number]
    assert codes(of) == told


def test_a_change_that_has_only_just_been_made_is_not_blamed() -> None:
    of = record(
        0.4, 4, best=(2, 0.95), earlier=[(2, 0.95), (3, 0.95)], acts=[eta(4 * STEPS - 50, 3.0, 100.0)]
    )
    assert "run_worse" not in codes(of)


def test_the_remedy_goes_back_to_what_worked() -> None:
    act = eta(9_120, 0.05, 100.0)
    finding = only(
        record(0.1, 3, best=(1, 0.93), earlier=[(1, 0.93)], acts=[act], eta=0.05, **RELU), "run_worse"
    )
    assert finding.back_to_best
    assert finding.remedy == {"eta": 0.05}
    assert "η = 0.05 worked until mini-batch 9,120: 93" in sentence(finding.code, finding.values)
    finding = only(
        record(diverged=True, best=(1, 0.93), earlier=[(1, 0.93)], acts=[act], eta=0.05, **RELU),
        "run_diverged_best",
    )
    assert finding.back_to_best
    assert finding.remedy == {"eta": 0.05}


def test_outputs_killed_by_a_large_step_are_not_laid_to_the_initial_weights() -> None:
    """Also once η is back: what it was in between is what was done."""
    acts = [eta(12_000, 3.0, 100.0), eta(13_000, 100.0, 3.0)]
    (finding,) = findings(record(0.7, 4, silent=[3, 5], best=(2, 0.95), earlier=[(2, 0.95)], acts=acts))
    assert finding.code == "run_worse"
    assert (finding.values["old"], finding.values["new"]) == (3.0, 100.0)
    assert finding.back_to_best
    assert finding.remedy == {}


def test_where_nothing_is_learned_at_a_large_eta_the_remedy_is_no_large_eta_either() -> None:
    for settings in (RELU, {**RELU, "sizes": (784, 30, 30, 30, 30, 10)}):
        for of in (record(0.1, 0.3, eta=100.0, **settings), record(diverged=True, eta=100.0, **settings)):
            (finding,) = findings(of)
            assert finding.in_new_run
            assert finding.remedy == {"eta": 0.1}


def test_several_changes_are_all_taken_back_and_how_it_stops_is_left() -> None:
    first = Changed(11_000, 110_000, (("eta", 3.0, 9.0), ("stop", "never", "epochs")))
    second = Changed(12_000, 120_000, (("momentum", 0.0, 0.9),))
    finding = only(fallen(first, second), "run_worse_several")
    assert finding.remedy == {"eta": 3.0, "momentum": 0.0}
    assert finding.values["settings"] == ("eta", "momentum")
    assert finding.values["step"] == 11_000


def test_eta_that_its_schedule_had_lowered_goes_back_to_what_it_was_lowered_to() -> None:
    took_over = Changed(12_000, 120_000, (("eta", 3.0, 100.0), ("schedule", "step", "constant")))
    made: dict[str, Any] = {"schedule": "step", "schedule_epochs": 1}
    finding = only(fallen(took_over, **made), "run_worse")
    assert finding.remedy == {"eta": 0.03}
    assert finding.values["old"] == 0.03
    halved: list[Intervention] = [
        Halved(5_000, 50_000, 3.0, 1.5),
        replace(took_over, changes=(("eta", 3.0, 100.0), ("schedule", "halve", "constant"))),
    ]
    finding = only(fallen(*halved, schedule="halve"), "run_worse")
    assert finding.remedy == {"eta": 1.5}


@pytest.mark.parametrize(("old", "furthest", "then"), [(3.0, 100.0, 3.5), (0.1, 6.0, 0.5)])
def test_of_several_values_the_furthest_one_is_named(old: float, furthest: float, then: float) -> None:
    finding = only(fallen(eta(12_000, old, furthest), eta(14_000, furthest, then)), "run_worse")
    assert (finding.values["old"], finding.values["new"]) == (old, furthest)


def test_a_value_is_not_said_to_have_come_when_another_one_did() -> None:
    """From 3 it became 4, and only later 100: "until then 3 worked, and then it became 100" would be false."""
    finding = only(fallen(eta(12_000, 3.0, 4.0), eta(13_000, 4.0, 100.0)), "run_worse_several")
    assert finding.values["settings"] == ("eta",)
    assert finding.remedy == {"eta": 3.0}


def test_a_best_that_came_after_the_fall_is_nothing_to_go_back_to() -> None:
    earlier = [(0.4, 0.85), (1, 0.4)]
    (finding,) = findings(record(0.42, 2, best=(1, 0.4), earlier=earlier, acts=[eta(2_500, 3.0, 100.0)]))
    assert finding.code == "run_worse_early"
    assert not finding.back_to_best


def test_the_notice_on_vanishing_gradients_says_of_which_it_speaks(small_digits: Digits) -> None:
    """Measured at the biases it is another number than at the weights."""
    options: dict[str, Any] = {"cost": "cross_entropy", "initial_weights": "scaled"}
    network = Network((784, 30, 30, 30, 30, 10), 1, **options)
    few = small_digits.training.first(500)
    nabla_b, nabla_w = network.backprop(grey_values(few.images), np.eye(10, dtype=np.float32)[few.labels])
    biases, weights = (
        float(np.linalg.norm(found[-2]) / np.linalg.norm(found[0])) for found in (nabla_b, nabla_w)
    )
    finding = only(record(0.1, 0.1, health=examine(network, few).layers[:-1], **DEEP), "gradients_vanish")
    assert finding.values["times"] == pytest.approx(biases, rel=0.02)
    assert biases > 2 * weights
    said = sentence(finding.code, finding.values)
    assert (
        f"∂C/∂b is {finding.values['times']} times shorter in hidden layer 1 than in hidden layer 4" in said
    )
    assert "those of ∂C/∂w differ less" in sentence(f"{finding.code}_why", finding.values)


def test_one_unit_is_said_to_be_few_and_no_seed_is_promised_to_help() -> None:
    finding = only(record(0.2, sizes=(784, 1, 10), silent=[2, 4, 5, 7, 8, 9]), "few_units")
    assert finding.remedy == {"sizes": (784, 30, 10)}
    assert "1 units" not in sentence(finding.code, finding.values)
    for code in ("output_silent", "outputs_silent", "few_units"):
        said = NOTICE_SENTENCES[code] + NOTICE_SENTENCES[f"{code}_why"]
        assert "with another seed" not in said


def test_digits_that_are_not_known_by_heart_are_not_said_to_be() -> None:
    """28 % of the training digits beside 20 % of the others is nothing learned by heart."""
    of = record(0.2, training=0.28)
    assert "overfitting" not in codes(of)
    finding = only(of, "reads_own_better")
    assert "by heart" not in sentence(finding.code, finding.values)


def test_a_recipe_is_not_said_to_have_a_large_eta() -> None:
    """Its mini-batches of 64 make up for its momentum; with ten digits the same η would be large."""
    for name in ("fast", "best", "distorted"):
        settings = RECIPES[name].settings
        assert settings.eta < 2 * usual_eta(settings)
        assert settings.eta > 2 * usual_eta(settings.changed(mini_batch_size=10))


@pytest.mark.parametrize("setting", [{"dropout": 0.9}, {"shift": 6}])
def test_where_a_setting_keeps_it_from_learning_nothing_else_is_blamed(setting: dict[str, Any]) -> None:
    """Neither dead neurons, which come of it, nor η where a run falls to and fro."""
    dead = {"health": [layer(dead=0.5)], "eta": 0.1, **RELU, **setting}
    assert codes(record(0.25, 0.5, **dead)) == []
    (told,) = codes(record(0.25, 2, **dead))
    assert told in ("dropout_large", "distortion_large")
    assert codes(record(0.25, 3, best=(2, 0.35), earlier=[(2, 0.35)], **dead)) == [told]


@pytest.mark.parametrize(
    "code", ["only_by_heart", "overfitting", "reads_own_better", "layer_saturated", "output_silent"]
)
def test_what_follows_from_classes_that_were_left_out_is_not_wondered_at(code: str) -> None:
    shows = CASES[code][0]
    left_out = replace(shows, settings=replace(shows.settings, classes_left_out=(0, 1, 2)))
    assert code in codes(shows)
    assert code not in codes(left_out)


def test_a_run_that_has_stopped_offers_its_best_weights_unless_it_has_them() -> None:
    made: dict[str, Any] = {"stop": "epochs", "stop_epochs": 3, "stopped": True}
    assert only(record(0.9, 3, best=(2, 0.91), **made), "stopped_epochs").back_to_best
    assert not only(record(0.91, 3, best=(3, 0.91), **made), "stopped_epochs").back_to_best
    went_back = Restored(15_000, 150_000, 10_000)
    assert not only(record(0.91, 3, best=(2, 0.91), acts=[went_back], **made), "stopped_epochs").back_to_best


def test_no_two_notices_offer_the_same() -> None:
    assert codes(record(0.8, silent=[8], health=[layer(0.8)])) == ["output_silent"]
    (finding,) = findings(record(0.8, health=[layer(0.8), layer(0.8)], sizes=(784, 30, 30, 10)))
    assert finding.values["layer"] == 1


def test_smaller_initial_weights_are_not_offered_where_they_stop_the_gradient() -> None:
    deep = record(0.8, health=[layer(0.8)] * 5, sizes=(784, 30, 30, 30, 30, 30, 10))
    assert all(not finding.remedy for finding in findings(deep))


def change_in(of: RunFindings) -> ChangeStretch | None:
    return last_change(of.history, of.epoch)


def the_change(of: RunFindings) -> ChangeStretch:
    return there(change_in(of))


def test_what_lies_in_a_column_across_the_change_is_left_out() -> None:
    """Of a long run a column holds many mini-batches, and one of them holds the change."""
    many = np.full(64_000, 0.5)
    many[40_050:] = 0.1
    found = the_change(record(0.9, 12.8, acts=[eta(40_050, 3.0, 0.5)], costs=many, best=(12, 0.9)))
    assert (found.before, found.begin, found.end) == (0.5, 400_500, 450_500)


def test_two_changes_within_an_epoch_are_both_told_by_the_stretch_there_is() -> None:
    many = np.concatenate([np.tile((level - 0.01, level + 0.01), 150) for level in (0.9, 0.3, 0.1)])
    acts = [eta(300, 3.0, 1.0), eta(600, 1.0, 0.2)]
    first = the_change(record(0.9, 0.12, acts=acts[:1], costs=many[:600]))
    assert (first.changes, round(first.before, 3)) == ((("eta", 3.0, 1.0),), 0.9)
    second = the_change(record(0.9, 0.18, acts=acts, costs=many))
    assert (second.changes, round(second.before, 3)) == ((("eta", 1.0, 0.2),), 0.3)
    assert (second.step, second.begin, second.end) == (600, 6_000, 8_991)


@pytest.mark.parametrize(
    ("since", "most", "length"), [(0.5, 4, 0.5), (1.9, 4, 1), (3.5, 4, 2), (9, 4, 4), (9, 1, 1)]
)
def test_what_is_compared_after_a_change_grows_with_the_run(since: float, most: int, length: float) -> None:
    begin = 2_000  # mini-batches: less than an epoch
    many = np.full(begin + round(since * EPOCH / 10), 0.5)
    of = record(0.9, len(many) * 10 / EPOCH, acts=[eta(begin, 3.0, 0.5)], costs=many, best=(1, 0.9))
    found = there(last_change(of.history, of.epoch, most))
    columns = 400  # digits in one, which may be left out at the end
    assert found.end - found.begin == pytest.approx(length * EPOCH, abs=columns)


def test_a_drag_is_one_change() -> None:
    many = np.concatenate((np.tile((0.29, 0.31), 150), np.full(40, 9.0), np.tile((0.09, 0.11), 150)))
    acts = [eta(300, 3.0, 2.0, 4), eta(320, 2.0, 1.0, 4), eta(340, 1.0, 0.5, 4)]
    found = the_change(record(0.9, 0.128, acts=acts, costs=many))
    assert found.changes == (("eta", 3.0, 0.5),)
    assert (found.acts, found.begin, round(found.before, 3)) == (tuple(acts), 3_400, 0.3)


def test_changes_one_after_the_other_are_one_where_nothing_was_learned_between() -> None:
    acts = [eta(300, 3.0, 2.0), eta(310, 2.0, 0.5)]
    found = the_change(record(0.9, 0.12, acts=acts, costs=costs((0.2, CALM), (0.1, CALM))))
    assert found.changes == (("eta", 3.0, 0.5),)


def test_a_drag_that_came_to_nothing_leaves_the_change_before() -> None:
    many = [*costs((0.2, CALM), (0.1, CALM)), *np.full(200, 9.0)]
    acts = [eta(300, 3.0, 0.5), eta(600, 0.5, 9.0, 4), eta(610, 9.0, 0.5, 4)]
    found = the_change(record(0.9, 0.16, acts=acts, costs=many))
    assert (found.changes, found.begin, found.end) == ((("eta", 3.0, 0.5),), 3_000, 6_000)


def test_what_lies_further_back_than_what_has_come_since_is_no_part_of_the_comparison() -> None:
    calm = np.tile((0.09, 0.11), 75)
    many = np.concatenate((np.full(300, 9.0), calm, calm))
    assert the_change(record(0.9, 0.12, acts=[eta(450, 3.0, 0.5)], costs=many)).before == pytest.approx(
        0.1, abs=0.001
    )


def test_nothing_is_told_of_a_change_before_its_effect_can_be_seen() -> None:
    many = costs((0.2, CALM), (0.1, CALM))
    assert change_in(record(0.9, 0.07, acts=[eta(300, 3.0, 0.5)], costs=many[:390])) is None


def test_weights_that_were_gone_back_to_are_not_told_as_the_effect_of_a_change() -> None:
    acts: list[Intervention] = [Restored(300, 3_000, 100), eta(300, 100.0, 3.0)]
    assert change_in(record(0.9, 0.12, acts=acts, costs=costs((2.0, CALM), (0.1, CALM)), eta=100.0)) is None


def test_costs_that_are_no_numbers_are_not_compared() -> None:
    many = costs((0.2, CALM), (0.1, CALM))
    many[350] = float("nan")
    assert change_in(record(0.9, 0.12, acts=[eta(300, 3.0, 0.5)], costs=many)) is None


@pytest.mark.parametrize(
    ("after", "without", "spread", "verdict"),
    [
        (0.1049, 0.1052, 0.0, "same"),  # less than two in a hundred
        (0.09, 0.1, 0.02, "same"),  # less than other orders do
        (0.09, 0.1, 0.001, "less"),
        (0.12, 0.1, 0.001, "more"),
        (0.09, 0.1, 0.006, "probably_less"),
        (0.11, 0.1, 0.006, "probably_more"),
    ],
)
def test_a_change_is_told_beside_no_change(after: float, without: float, spread: float, verdict: str) -> None:
    result = ChangeResult((after, after + spread, after - spread, after), (without,) * 4, EPOCH)
    finding = change_finding(the_change(changed((0.2, CALM), (0.1, CALM))), result, EPOCH)
    assert finding.code == f"change_{verdict}"
    assert finding.values["place"] == 0.1, "3,000 digits of 50,000"
    assert f"without the change, to {without}:" in sentence(finding.code, finding.values)
    several = the_change(changed((0.2, CALM), (0.1, CALM), ("momentum", 0.0, 0.5)))
    finding = change_finding(several, result, EPOCH)
    assert finding.code == f"changes_{verdict}"
    for form in ("", "_short", "_why"):
        assert "{" not in sentence(finding.code + form, finding.values)


def test_a_finding_is_the_same_while_only_its_figures_drift() -> None:
    dead = Finding("layer_dead", {"layer": 1, "share": 40})
    assert dead.identity == Finding("layer_dead", {"layer": 1, "share": 41}).identity
    assert dead.identity != Finding("layer_dead", {"layer": 2, "share": 40}).identity


assert EPOCH == 10 * STEPS
