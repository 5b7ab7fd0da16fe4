"""Every remedy that is found for any run can be applied."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict

from mnistviz.engine.acts import Changed
from mnistviz.engine.evaluation import LayerHealth
from mnistviz.engine.functions import COSTS
from mnistviz.engine.history import History
from mnistviz.engine.moment import Best, Evaluation, SetName
from mnistviz.engine.observations import RunFindings, findings
from mnistviz.engine.settings import SETTINGS, Settings
from tests.declared import BOUNDS, CHOICES
from tests.engine.made_up import CLASSES, layer

EPOCH = 5_000
EVERY_CLASS = np.arange(1_000) % 10


def evaluation(predictions: np.ndarray, right: int, digits: int = 2 * EPOCH) -> Evaluation:
    return Evaluation("validation", digits // 5, digits, predictions.astype(np.uint8), right)


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
healths = st.builds(layer, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))


@given(
    settings=any_settings,
    health=st.lists(healths, min_size=1, max_size=4),
    read=st.sampled_from((EVERY_CLASS * 0, EVERY_CLASS // 2, EVERY_CLASS)),
    right=st.sampled_from((0, 100, 600, 900)),
    diverged=st.booleans(),
    stopped=st.booleans(),
    best=st.none() | st.builds(Best, st.just(1_000), st.just(1), st.sampled_from((0.1, 0.5, 0.95))),
    changed_from=st.none() | any_settings,
)
def test_every_remedy_can_be_applied_and_changes_something(
    settings: Settings,
    health: list[LayerHealth],
    read: np.ndarray,
    right: int,
    diverged: bool,
    stopped: bool,
    best: Best | None,
    changed_from: Settings | None,
) -> None:
    history = History()
    if changed_from is not None:
        before, now = asdict(changed_from), asdict(settings)
        live = [name for name in BOUNDS if name in before and not SETTINGS[name].new_run] + ["schedule"]
        changes = tuple((name, before[name], now[name]) for name in live if before[name] != now[name])
        history = history.with_accuracy("validation", 1_000, 5_000, 0.95)
        history = history.with_intervention(Changed(1_200, 6_000, changes))
    validation = evaluation(read, right)
    training = Evaluation(
        "training", validation.step, 2 * EPOCH, validation.predictions, min(1_000, right + 100)
    )
    sets: dict[SetName, Evaluation] = {"validation": validation, "training": training}
    record = RunFindings(
        history,
        settings,
        CLASSES,
        EPOCH,
        sets,
        health,
        best,
        diverged=diverged,
        stopped=stopped and settings.stop != "never",
    )
    found = findings(record)
    offers = [(each.remedy, each.back_to_best) for each in found if each.remedy or each.back_to_best]
    assert all(offer not in offers[:number] for number, offer in enumerate(offers))
    for finding in found:
        assert not finding.back_to_best or (best is not None and not finding.in_new_run)
        changed = settings.changed(**finding.remedy)
        for name in finding.remedy:
            assert asdict(changed)[name] != asdict(settings)[name]


def test_where_eta_can_be_no_smaller_that_is_not_the_remedy() -> None:
    low = BOUNDS["eta"][0]
    (finding,) = findings(RunFindings(History(), Settings(eta=low), CLASSES, EPOCH, diverged=True))
    assert finding.code == "run_diverged"
    assert finding.remedy == {}
    (finding,) = findings(RunFindings(History(), Settings(eta=2 * low), CLASSES, EPOCH, diverged=True))
    assert finding.remedy == {"eta": low}


def test_what_another_eta_did_is_not_said_of_the_one_that_was_just_set() -> None:
    settings = Settings(eta=0.08)

    def codes(changed_at: int) -> list[str]:
        change = Changed(changed_at // 10, changed_at, (("eta", 100.0, 0.08),))
        sets: dict[SetName, Evaluation] = {"validation": evaluation(EVERY_CLASS * 0, 100)}
        history = History().with_intervention(change)
        return [each.code for each in findings(RunFindings(history, settings, CLASSES, EPOCH, sets))]

    assert codes(EPOCH // 2) == ["eta_small"], "it has had more than an epoch"
    assert codes(2 * EPOCH - 10) == ["run_stuck"], "a new run helps, and not another η"
