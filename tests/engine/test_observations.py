"""What a run shows is found from its record, and said in a sentence."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnistviz.engine.acts import Changed
from mnistviz.engine.functions import COSTS
from mnistviz.engine.health import LayerHealth
from mnistviz.engine.history import History
from mnistviz.engine.moment import Evaluation, SetName
from mnistviz.engine.observations import Record, findings
from mnistviz.engine.settings import Settings
from mnistviz.sentences import sentence
from tests.declared import BOUNDS, CHOICES

CLASSES = tuple("0123456789")
EPOCH = 5_000


def evaluation(predictions: np.ndarray, right: int, digits: int = EPOCH) -> Evaluation:
    return Evaluation("validation", digits // 10, digits, predictions.astype(np.uint8), right)


def history_of(*stretches: tuple[float, float]) -> History:
    """A history with 300 mini-batches of ten for each (mean, spread), and a change of η between them."""
    history, chance = History(), np.random.default_rng(0)
    for number, (mean, spread) in enumerate(stretches):
        step = 300 * number
        if number:
            history.add_intervention(Changed(step, 10 * step, (("eta", 3.0, 0.5),)))
        history.add_costs(step, 10 * step, mean + spread * (chance.random(300) - 0.5), 10)
    return history


def codes(
    history: History, seen: Evaluation | None, eta: float = 3.0, *, diverged: bool = False
) -> list[str]:
    evaluations = {} if seen is None else {seen.set: seen}
    found = findings(Record(history, Settings(eta=eta), CLASSES, EPOCH, evaluations, diverged=diverged))
    for finding in found:
        text = sentence(finding.code, finding.values)
        assert "{" not in text
        assert "went wrong" not in text
    return [finding.code for finding in found]


def layer_health(saturated: float, dead: float, gradient: float) -> LayerHealth:
    return LayerHealth(saturated, dead, gradient, 1.0, np.zeros((len(CLASSES), 1), np.float32), 1.0)


def record_of(seen: Evaluation) -> Record:
    return Record(History(), Settings(), CLASSES, EPOCH, {seen.set: seen})


EVERY_CLASS = np.arange(1_000) % 10


def test_a_run_that_goes_well_is_left_in_peace() -> None:
    assert codes(history_of((0.1, 0.02)), evaluation(EVERY_CLASS, 900)) == []
    assert codes(History(), None) == []


def test_a_cost_that_is_no_number_is_said_before_all() -> None:
    assert codes(History(), evaluation(EVERY_CLASS * 0, 100), diverged=True) == ["run_diverged"]


@pytest.mark.parametrize(("eta", "code"), [(100.0, "run_stuck_large_eta"), (0.001, "run_stuck")])
def test_guessing_is_said_from_a_fifth_of_an_epoch_on(eta: float, code: str) -> None:
    for digits in (EPOCH // 5, EPOCH):
        assert codes(History(), evaluation(EVERY_CLASS * 0, 100, digits=digits), eta) == [code]
    assert codes(History(), evaluation(EVERY_CLASS * 0, 100, digits=EPOCH // 5 - 10), eta) == []


def test_outputs_that_never_fire_are_named() -> None:
    without_8 = np.where(EVERY_CLASS == 8, 3, EVERY_CLASS)
    (finding,) = findings(record_of(evaluation(without_8, 800)))
    assert "Output 8 hardly ever fires" in sentence(finding.code, finding.values)
    without_7 = np.where(without_8 == 7, 3, without_8)
    (finding,) = findings(record_of(evaluation(without_7, 700)))
    assert "7, 8" in sentence(finding.code, finding.values)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ((0.2, 0.1), (0.1, 0.02), "change_falls_less"),
        ((0.1, 0.02), (0.2, 0.1), "change_rises_more"),
        ((0.1, 0.05), (0.1, 0.05), "change_same_same"),
    ],
)
def test_the_effect_of_a_change_is_compared_over_equal_stretches(
    before: tuple[float, float], after: tuple[float, float], code: str
) -> None:
    assert codes(history_of(before, after), None) == [code]


def test_what_lies_further_back_than_what_has_come_since_is_no_part_of_the_comparison() -> None:
    history, calm = History(), np.tile((0.09, 0.11), 75)
    history.add_costs(0, 0, np.full(300, 9.0), 10)
    history.add_costs(300, 3_000, calm, 10)
    history.add_intervention(Changed(450, 4_500, (("eta", 3.0, 0.5),)))
    history.add_costs(450, 4_500, calm, 10)
    assert codes(history, None) == ["change_same_same"]


def test_a_drag_is_spoken_of_as_one_change_from_what_was_before_to_what_came_of_it() -> None:
    history = History()
    history.add_costs(0, 0, np.tile((0.29, 0.31), 150), 10)
    for number, (old, new) in enumerate(((3.0, 2.0), (2.0, 1.0), (1.0, 0.5))):
        step = 300 + 20 * number
        history.add_intervention(Changed(step, 10 * step, (("eta", old, new),), gesture=4))
        if number < 2:
            history.add_costs(step, 10 * step, np.full(20, 9.0), 10)
    history.add_costs(340, 3_400, np.tile((0.09, 0.11), 150), 10)
    (finding,) = findings(Record(history, Settings(), CLASSES, EPOCH))
    assert finding.code == "change_falls_same"
    assert (finding.values["old"], finding.values["new"]) == (3.0, 0.5)
    assert (finding.values["before"], finding.values["after"]) == (0.3, 0.1)


def test_nothing_is_said_of_a_change_before_its_effect_can_be_seen() -> None:
    history = history_of((0.2, 0.1))
    history.add_intervention(Changed(300, 3_000, (("eta", 3.0, 0.5),)))
    history.add_costs(300, 3_000, np.full(50, 0.1), 10)
    assert codes(history, None) == []


def test_a_gradient_that_vanishes_is_said_from_the_first_epoch_on() -> None:
    health = [layer_health(0, 0, gradient) for gradient in (0.001, 0.01, 0.1, 1.0)]
    early = evaluation(EVERY_CLASS * 0, 100, digits=EPOCH // 10)
    record = Record(History(), Settings(), CLASSES, EPOCH, {"validation": early}, health)
    (finding,) = findings(record)
    assert "learns 100 times more slowly" in sentence(finding.code, finding.values)
    assert finding.remedy == {"activation": "relu", "initial_weights": "he"}


def test_layers_that_do_badly_are_named_after_an_epoch() -> None:
    seen: dict[SetName, Evaluation] = {"validation": evaluation(EVERY_CLASS, 900)}
    for health, code in (
        (layer_health(0.9, 0, 1), "layer_saturated"),
        (layer_health(0, 0.5, 1), "layer_dead"),
    ):
        record = Record(History(), Settings(), CLASSES, EPOCH, seen, [health, layer_health(0, 0, 1)])
        (finding,) = findings(record)
        early: dict[SetName, Evaluation] = {"validation": evaluation(EVERY_CLASS, 900, digits=EPOCH - 10)}
        assert findings(replace(record, evaluations=early)) == []
        assert finding.code == code
        assert "hidden layer 1" in sentence(finding.code, finding.values)


def numbers(field: str) -> st.SearchStrategy[float]:
    """All that a setting may be, its ends often."""
    low, high = BOUNDS[field]
    if isinstance(getattr(Settings(), field), int):
        return st.integers(int(low), int(high))
    return st.sampled_from((low, high)) | st.floats(low, high) | st.floats(low, min(high, 100 * low + 1e-3))


def settings_of(values: dict[str, Any], fitting: tuple[str, str]) -> Settings:
    return Settings(**{**values, "output": fitting[0], "cost": fitting[1]})


any_settings = st.builds(
    settings_of,
    st.fixed_dictionaries(
        {field: numbers(field) for field in BOUNDS}
        | {field: st.sampled_from(choices) for field, choices in CHOICES.items()}
    ),
    st.sampled_from(sorted(COSTS)),
)
healths = st.builds(layer_health, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))


@given(
    settings=any_settings,
    health=st.lists(healths, min_size=1, max_size=4),
    read=st.sampled_from((EVERY_CLASS * 0, EVERY_CLASS // 2, EVERY_CLASS)),
    right=st.sampled_from((0, 100, 600, 900)),
    diverged=st.booleans(),
    stopped=st.booleans(),
)
def test_every_remedy_can_be_applied_and_changes_something(
    settings: Settings, health: list[LayerHealth], read: np.ndarray, right: int, diverged: bool, stopped: bool
) -> None:
    validation = evaluation(read, right)
    training = Evaluation("training", validation.step, EPOCH, validation.predictions, min(1_000, right + 100))
    sets: dict[SetName, Evaluation] = {"validation": validation, "training": training}
    record = Record(
        History(),
        settings,
        CLASSES,
        EPOCH,
        sets,
        health,
        diverged=diverged,
        stopped=stopped and settings.stop != "never",
    )
    for finding in findings(record):
        changed = settings.changed(**finding.remedy)
        for name in finding.remedy:
            assert asdict(changed)[name] != asdict(settings)[name]


def test_where_eta_can_be_no_smaller_that_is_not_the_remedy() -> None:
    low = BOUNDS["eta"][0]
    (finding,) = findings(Record(History(), Settings(eta=low), CLASSES, EPOCH, diverged=True))
    assert finding.code == "run_diverged"
    assert finding.remedy == {}
    (finding,) = findings(Record(History(), Settings(eta=2 * low), CLASSES, EPOCH, diverged=True))
    assert finding.remedy == {"eta": low}
