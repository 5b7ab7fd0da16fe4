"""Every notice against a record that must show it and two near ones that must not, and what its remedy does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnistviz.engine.acts import Changed, Halved, Intervention, Restored
from mnistviz.engine.observations import Finding, RunFindings, findings
from mnistviz.notice_sentences import NOTICE_SENTENCES
from mnistviz.sentences import sentence
from tests.engine.made_up import EPOCH, STEPS, codes, eta, layer, record

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
    before: tuple[float, float], after: tuple[float, float], *more: tuple[str, object, object]
) -> RunFindings:
    """A run of 600 mini-batches, with η (and more) changed in the middle."""
    act = Changed(300, 3_000, (("eta", 3.0, 0.5), *more))
    return record(0.9, 0.12, acts=[act], costs=costs(before, after))


CALM, WILD, LOW, HIGH = 0.02, 0.1, 0.1, 0.2
MOVES = {"falls": (HIGH, LOW), "rises": (LOW, HIGH), "same": (LOW, LOW)}
SPREADS = {"less": (WILD, CALM), "more": (CALM, WILD), "same": (CALM, CALM)}
OTHERS = {"falls": "rises", "rises": "same", "same": "falls", "less": "more", "more": "same"}


def moved(mean: str, spread: str, *more: tuple[str, object, object]) -> RunFindings:
    means, spreads = MOVES[mean], SPREADS[spread]
    return changed((means[0], spreads[0]), (means[1], spreads[1]), *more)


COLLAPSED = record(0.4, 4, best=(2, 0.95), earlier=[(2, 0.95)], acts=[eta(12_000, 3.0, 100.0)])

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
    **{
        f"change_{mean}_{spread}": (
            moved(mean, spread),
            moved(OTHERS[mean], spread),
            moved(mean, OTHERS[spread] if spread != "same" else "less"),
        )
        for mean in MOVES
        for spread in SPREADS
    },
    **{
        f"changes_{mean}": (
            moved(mean, "same", ("momentum", 0.0, 0.5)),
            moved(OTHERS[mean], "same", ("momentum", 0.0, 0.5)),
            moved(mean, "same"),
        )
        for mean in MOVES
    },
}  # fmt: skip
"""By code: a record that must show it, and two near ones that must not."""


def only(of: RunFindings, code: str) -> Finding:
    (finding,) = [finding for finding in findings(of) if finding.code == code]
    return finding


def test_every_notice_has_its_records() -> None:
    assert set(CASES) == {code for code in NOTICE_SENTENCES if not code.endswith(("_short", "_why"))}


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


def test_a_run_that_goes_well_is_left_in_peace() -> None:
    assert codes(record(0.95, 20, training=0.97, health=[layer(0.85)], best=(19, 0.951))) == []
    assert codes(record(0.1, 0)) == []


# What was done


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
    found = findings(record(0.7, 4, silent=[3, 5], best=(2, 0.95), earlier=[(2, 0.95)], acts=acts))
    (finding,) = found
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
    finding = only(
        record(0.4, 4, best=(2, 0.95), earlier=[(2, 0.95)], acts=[first, second]), "run_worse_several"
    )
    assert finding.remedy == {"eta": 3.0, "momentum": 0.0}
    assert finding.values["settings"] == ("eta", "momentum")
    assert finding.values["step"] == 11_000


def test_what_was_changed_before_the_best_stays() -> None:
    acts = [eta(4_000, 3.0, 1.0), eta(12_000, 1.0, 100.0)]
    finding = only(record(0.4, 4, best=(2, 0.95), earlier=[(2, 0.95)], acts=acts), "run_worse")
    assert finding.remedy == {"eta": 1.0}


def test_eta_that_its_schedule_had_lowered_goes_back_to_what_it_was_lowered_to() -> None:
    took_over = Changed(12_000, 120_000, (("eta", 3.0, 100.0), ("schedule", "step", "constant")))
    made: dict[str, Any] = {"schedule": "step", "schedule_epochs": 1}
    finding = only(record(0.4, 4, best=(2, 0.95), earlier=[(2, 0.95)], acts=[took_over], **made), "run_worse")
    assert finding.remedy == {"eta": 0.03}
    assert finding.values["old"] == 0.03
    halved: list[Intervention] = [
        Halved(5_000, 50_000, 3.0, 1.5),
        replace(took_over, changes=(("eta", 3.0, 100.0), ("schedule", "halve", "constant"))),
    ]
    finding = only(
        record(0.4, 4, best=(2, 0.95), earlier=[(2, 0.95)], acts=halved, schedule="halve"), "run_worse"
    )
    assert finding.remedy == {"eta": 1.5}


def test_a_change_that_has_only_just_been_made_is_not_blamed() -> None:
    act = eta(4 * STEPS - 50, 3.0, 100.0)
    assert "run_worse" not in codes(
        record(0.4, 4, best=(2, 0.95), earlier=[(2, 0.95), (3, 0.95)], acts=[act])
    )


def test_in_the_first_epoch_a_new_run_goes_back_to_what_worked() -> None:
    finding = only(record(0.4, 0.8, earlier=[(0.4, 0.85)], acts=[eta(2_500, 3.0, 100.0)]), "run_worse_early")
    assert (finding.in_new_run, finding.back_to_best) == (True, False)
    assert finding.remedy == {"eta": 3.0}


def test_a_change_made_just_as_the_best_epoch_ended_was_made_after_it() -> None:
    acts = [eta(10_000, 3.0, 100.0)]
    finding = only(record(0.4, 4, best=(2, 0.95), earlier=[(2, 0.95)], acts=acts), "run_worse")
    assert finding.remedy == {"eta": 3.0}


def test_of_several_values_the_one_that_was_furthest_is_named() -> None:
    acts = [eta(12_000, 3.0, 100.0), eta(14_000, 100.0, 3.5)]
    finding = only(record(0.4, 4, best=(2, 0.95), earlier=[(2, 0.95)], acts=acts), "run_worse")
    assert (finding.values["old"], finding.values["new"]) == (3.0, 100.0)


def test_a_value_is_not_said_to_have_come_when_another_one_did() -> None:
    """From 3 it became 4, and only later 100: "until then 3 worked, and then it became 100" would be false."""
    acts = [eta(12_000, 3.0, 4.0), eta(13_000, 4.0, 100.0)]
    finding = only(record(0.4, 4, best=(2, 0.95), earlier=[(2, 0.95)], acts=acts), "run_worse_several")
    assert finding.values["settings"] == ("eta",)
    assert finding.remedy == {"eta": 3.0}


def test_with_momentum_the_usual_eta_is_smaller() -> None:
    (finding,) = findings(record(0.1, 0.3, eta=1.0, momentum=0.9, **RELU))
    assert finding.remedy == {"eta": 0.01}


def test_a_best_that_came_after_the_fall_is_nothing_to_go_back_to() -> None:
    earlier = [(0.4, 0.85), (1, 0.4)]
    (finding,) = findings(record(0.42, 2, best=(1, 0.4), earlier=earlier, acts=[eta(2_500, 3.0, 100.0)]))
    assert finding.code == "run_worse_early"
    assert not finding.back_to_best


def test_what_was_gone_back_to_is_not_said_to_be_worse() -> None:
    acts: list[Intervention] = [
        eta(12_000, 3.0, 100.0),
        Restored(14_000, 140_000, 10_000),
        eta(14_000, 100.0, 3.0),
    ]
    assert codes(record(0.95, 4, best=(2, 0.95), earlier=[(2, 0.95), (2.7, 0.4)], acts=acts)) == []


def test_eta_lowered_by_hand_is_not_blamed_for_what_was_never_learned() -> None:
    lowered = record(0.7, 6, silent=[7, 8], best=(3, 0.7), earlier=[(3, 0.7)], acts=[eta(20_000, 3.0, 0.1)])
    assert codes(lowered) == ["outputs_silent"]


def test_saturation_by_a_large_eta_is_not_laid_to_the_initial_weights() -> None:
    assert codes(record(0.7, 4, health=[layer(0.95)], eta=30.0)) == []


def test_the_remedy_for_vanishing_gradients_has_an_eta_that_relu_can_bear() -> None:
    vanishing = [layer(gradient=size) for size in (0.001, 0.01, 0.1)]
    finding = only(record(0.1, 0.1, health=vanishing, **{**DEEP, "eta": 3.0}), "gradients_vanish")
    assert finding.remedy == {"activation": "relu", "initial_weights": "he", "eta": 0.1}
    gentle = only(record(0.1, 0.1, health=vanishing, **{**DEEP, "eta": 0.05}), "gradients_vanish")
    assert gentle.remedy == {"activation": "relu", "initial_weights": "he"}


# Stopping


def test_a_run_that_has_stopped_offers_its_best_weights_unless_it_has_them() -> None:
    made: dict[str, Any] = {"stop": "epochs", "stop_epochs": 3, "stopped": True}
    assert only(record(0.9, 3, best=(2, 0.91), **made), "stopped_epochs").back_to_best
    assert not only(record(0.91, 3, best=(3, 0.91), **made), "stopped_epochs").back_to_best
    went_back = Restored(15_000, 150_000, 10_000)
    assert not only(record(0.91, 3, best=(2, 0.91), acts=[went_back], **made), "stopped_epochs").back_to_best


# Buttons


def test_no_two_notices_offer_the_same() -> None:
    both = record(0.8, silent=[8], health=[layer(0.8)])
    assert codes(both) == ["output_silent"]
    two_layers = record(0.8, health=[layer(0.8), layer(0.8)], sizes=(784, 30, 30, 10))
    (finding,) = findings(two_layers)
    assert finding.values["layer"] == 1
    stopped = record(0.84, 6, best=(4, 0.95), earlier=[(4, 0.95)], stopped=True, stop="epochs", stop_epochs=6)
    assert codes(stopped) == ["stopped_epochs"]


def test_smaller_initial_weights_are_not_offered_where_they_stop_the_gradient() -> None:
    deep = record(0.8, health=[layer(0.8)] * 5, sizes=(784, 30, 30, 30, 30, 30, 10))
    assert all(not finding.remedy for finding in findings(deep))


def test_weight_decay_goes_by_the_number_of_digits() -> None:
    assert only(record(0.9, training=1.0), "overfitting").remedy == {"weight_decay": 5.0}
    few = record(0.84, 3, training=1.0, epoch=1_000, training_digits=1_000)
    assert only(few, "overfitting").remedy == {"weight_decay": 0.7}


# Changes


def test_what_lies_in_a_column_across_the_change_counts_on_neither_side() -> None:
    """Of a long run a column holds many mini-batches, and one of them holds the change."""
    many = np.full(64_000, 0.5)
    many[40_050:] = 0.1
    act = eta(40_050, 3.0, 0.5)
    found = only(record(0.9, 12.8, acts=[act], costs=many, best=(12, 0.9)), "change_falls_same")
    assert (found.values["before"], found.values["after"]) == (0.5, 0.1)


def test_two_changes_within_an_epoch_both_have_their_answer_by_the_stretch_there_is() -> None:
    many = np.concatenate([np.tile((level - 0.01, level + 0.01), 150) for level in (0.9, 0.3, 0.1)])
    acts = [eta(300, 3.0, 1.0), eta(600, 1.0, 0.2)]
    first = only(record(0.9, 0.12, acts=acts[:1], costs=many[:600]), "change_falls_same")
    assert (first.values["before"], first.values["after"]) == (0.9, 0.3)
    second = only(record(0.9, 0.18, acts=acts, costs=many), "change_falls_same")
    assert (second.values["old"], second.values["new"]) == (1.0, 0.2)
    assert (second.values["before"], second.values["after"]) == (0.3, 0.1)


def test_a_drag_is_one_change_and_has_its_answer() -> None:
    many = np.concatenate((np.tile((0.29, 0.31), 150), np.full(40, 9.0), np.tile((0.09, 0.11), 150)))
    acts = [eta(300, 3.0, 2.0, 4), eta(320, 2.0, 1.0, 4), eta(340, 1.0, 0.5, 4)]
    finding = only(record(0.9, 0.128, acts=acts, costs=many), "change_falls_same")
    assert (finding.values["old"], finding.values["new"]) == (3.0, 0.5)
    assert (finding.values["before"], finding.values["after"]) == (0.3, 0.1)


def test_changes_one_after_the_other_are_one_where_nothing_was_learned_between() -> None:
    acts = [eta(300, 3.0, 2.0), eta(310, 2.0, 0.5)]
    finding = only(record(0.9, 0.12, acts=acts, costs=costs((0.2, CALM), (0.1, CALM))), "change_falls_same")
    assert (finding.values["old"], finding.values["new"]) == (3.0, 0.5)


def test_a_drag_that_came_to_nothing_leaves_the_answer_on_the_change_before() -> None:
    many = [*costs((0.2, CALM), (0.1, CALM)), *np.full(200, 9.0)]
    acts = [eta(300, 3.0, 0.5), eta(600, 0.5, 9.0, 4), eta(610, 9.0, 0.5, 4)]
    finding = only(record(0.9, 0.16, acts=acts, costs=many), "change_falls_same")
    assert (finding.values["before"], finding.values["after"]) == pytest.approx((0.2, 0.1), abs=0.002)


def test_what_lies_further_back_than_what_has_come_since_is_no_part_of_the_comparison() -> None:
    calm = np.tile((0.09, 0.11), 75)
    many = np.concatenate((np.full(300, 9.0), calm, calm))
    assert codes(record(0.9, 0.12, acts=[eta(450, 3.0, 0.5)], costs=many)) == ["change_same_same"]


def test_nothing_is_said_of_a_change_before_its_effect_can_be_seen() -> None:
    many = costs((0.2, CALM), (0.1, CALM))
    assert codes(record(0.9, 0.07, acts=[eta(300, 3.0, 0.5)], costs=many[:390])) == []


def test_weights_that_were_gone_back_to_are_not_told_as_the_effect_of_a_change() -> None:
    acts: list[Intervention] = [Restored(300, 3_000, 100), eta(300, 100.0, 3.0)]
    assert codes(record(0.9, 0.12, acts=acts, costs=costs((2.0, CALM), (0.1, CALM)), eta=100.0)) == []


def test_costs_that_are_no_numbers_are_not_compared() -> None:
    many = costs((0.2, CALM), (0.1, CALM))
    many[350] = float("nan")
    assert codes(record(0.9, 0.12, acts=[eta(300, 3.0, 0.5)], costs=many)) == []


def test_a_finding_is_the_same_while_only_its_figures_drift() -> None:
    dead = Finding("layer_dead", {"layer": 1, "share": 40})
    assert dead.identity == Finding("layer_dead", {"layer": 1, "share": 41}).identity
    assert dead.identity != Finding("layer_dead", {"layer": 2, "share": 40}).identity


assert EPOCH == 10 * STEPS
