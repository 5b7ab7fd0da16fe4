"""Any run is one line of text, under 2 KB, or the line says that it needs a file."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mnistviz.engine.acts import NOW, Changed, Intervention, Stepped, Taught
from mnistviz.engine.commands import Change, Command, FinishEpoch, Nudge, Pause, Restore, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.rebuilding import rebuilt
from mnistviz.engine.experiment.recipe_line import MOST_LINE, line_of, looks_like_line, read_line
from mnistviz.engine.experiment.saved import RunRecipe, checksum, run_of_recipe
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from tests.engine.test_record import BEGINS, COMMANDS, SMALL, follow, new_run, obeyed
from tests.refusals import refusal, said

DATA = "0123456789abcdef"


def recipe_of(run: Run, start: Network | None = None) -> RunRecipe:
    return RunRecipe.of(run.recorder.start.settings, run.record(), start)


def in_order(run: Run) -> list[Intervention]:
    """The acts of a run; in which order settings changed at one step says nothing."""
    return [
        replace(act, changes=tuple(sorted(act.changes, key=lambda change: change[0])))
        if isinstance(act, Changed)
        else act
        for act in run.record().acts
    ]


@given(
    start=st.fixed_dictionaries(BEGINS),
    plan=st.lists(st.tuples(st.one_of(COMMANDS, st.just(Nudge())), st.integers(0, 12)), max_size=15),
)
def test_any_run_survives_its_line(
    small_digits: Digits, start: dict[str, Any], plan: list[tuple[Command, int]]
) -> None:
    run = Run(1, replace(SMALL, **start), small_digits, Mailbox(lambda: None))
    follow(run, plan)
    obeyed(run, Pause())
    recipe = recipe_of(run)
    if any(isinstance(act, Taught) for act in recipe.acts):
        with pytest.raises(Problem, match="line_of_taught_drawing"):
            line_of(recipe, DATA)
        return
    line = line_of(recipe, DATA)
    assert looks_like_line(line)
    assert len(line.encode()) <= MOST_LINE
    found = read_line(line)
    assert DATA.startswith(found.data)
    other, departed = rebuilt(found.recipe, small_digits)
    assert departed is None
    assert other is not None
    assert checksum(other.state().parameters) == checksum(run.state().parameters)
    assert other.state().velocity.tobytes() == run.state().velocity.tobytes()
    assert other.state().schedule_state == run.state().schedule_state
    assert other.trainer.settings == run.trainer.settings
    assert other.record().judged == run.record().judged
    assert in_order(other) == in_order(run)
    assert read_line(line_of(recipe_of(other), DATA)).recipe.step == found.recipe.step


@pytest.mark.parametrize(
    ("settings", "commands"),
    [
        ({"schedule": "cosine"}, (Step(2), Change({"eta": 0.5, "schedule": "cosine"}), Step(3))),
        ({"stop": "epochs", "stop_epochs": 1}, (FinishEpoch(), Step(2))),
        ({"stop": "epochs", "stop_epochs": 1}, (FinishEpoch(),)),
    ],
    ids=["η set beside its schedule", "went on after its stopping rule", "stopped by its rule"],
)
def test_special(small_digits: Digits, settings: dict[str, Any], commands: tuple[Command, ...]) -> None:
    run = obeyed(new_run(small_digits, SMALL.changed(**settings)), *commands)
    other, _ = rebuilt(read_line(line_of(recipe_of(run), DATA)).recipe, small_digits)
    assert other is not None
    assert checksum(other.state().parameters) == checksum(run.state().parameters)
    assert other.trainer.settings == run.trainer.settings
    assert other.content().stopped == run.content().stopped


def test_how_it_looks(small_digits: Digits) -> None:
    settings = SMALL.changed(eta=3.0, weight_decay=0.1)
    commands = Step(2), Change({"eta": 0.5, "stop": "epochs"}), FinishEpoch()
    run = obeyed(new_run(small_digits, settings), *commands)
    obeyed(run, Restore(run.trainer.state_as_judged()), Stepped(*NOW, 0.25, (4, 17)), Step(1))
    assert line_of(recipe_of(run), DATA) == (
        "784-4-10 seed 4 training_digits 53 η 3 λ 0.1; 2: η 0.5 stop epochs; 6: back to 6; "
        "6: by hand η 0.25 digits 4,17; → 7; data 0123456789ab"
    )


def test_the_line_of_the_issue_is_understood() -> None:
    found = read_line("784-30-10 seed 1 η 3; 20104: η 0.5; → 31200")
    assert found.recipe.settings == Settings()
    assert found.recipe.acts == (Changed(20104, 0, (("eta", None, 0.5),)),)
    assert found.recipe.step == 31_200


def test_what_a_line_stands_for_is_known_before_it_is_trained(small_digits: Digits) -> None:
    run = obeyed(
        new_run(small_digits),
        Step(3),
        Change({"mini_batch_size": 7}),
        Step(9),
        Change({"eta": 0.5, "mini_batch_size": 5}),
        Step(1),
    )
    obeyed(run, Change({"mini_batch_size": 3}))
    found = run_of_recipe(read_line(line_of(recipe_of(run), DATA)).recipe, 53)
    assert found.content.record.acts == run.record().acts
    assert found.content.record.segments == run.record().segments
    assert not found.complete


@pytest.mark.parametrize(
    "text",
    [
        "784-30-10 seed 1 eta 3; 20104: eta 0.5; -> 31200",
        "  784-30-10\n seed 1 η 3.0;20104: η 0.5 ;\t→ 31200;",
    ],
)
def test_other_ways_to_write_it(text: str) -> None:
    found = read_line(text)
    assert looks_like_line(text)
    assert (found.recipe.step, len(found.recipe.acts)) == (31_200, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "line_not_understood"),
        ("hello", "line_not_understood"),
        ("784-30-10 seed", "line_not_understood"),
        ("784-30-10 luck 3", "setting_not_known"),
        ("784-30-10 sizes 3", "setting_not_known"),
        ("784-30-10 seed one", "line_not_understood"),
        ("784-30-10 seed 1 η 0", "setting_out_of_range"),
        ("784-9999-10 seed 1", "setting_out_of_range"),
        ("784-30-10 seed 1; 5: seed 2; → 9", "line_not_understood"),
        ("784-30-10 seed 1; 5: explode; → 9", "line_not_understood"),
        ("784-30-10 seed 1; 5: back to 7; → 9", "line_act_unfit"),
        ("784-30-10 seed 1; 5: by hand η 1 digits 50000; → 9", "line_act_unfit"),
        ("784-30-10 seed 1; 5: by hand η 1 digits 99999999; → 9", "line_act_unfit"),
        ("784-30-10 seed 1; 5: by hand η 1e999 digits 1; → 9", "setting_out_of_range"),
        ("784-30-10 seed 1; 5: nudge 99999.1.1; → 9", "line_act_unfit"),
        ("784-30-10 seed 1; 5: freeze 7.1; → 9", "line_act_unfit"),
        ("784-30-10 seed 1; 5: freeze 1; → 9", "line_not_understood"),
        ("784-30-10 seed 1; 5: set 99999 9.9=1; → 9", "line_act_unfit"),
        ("784-30-10 seed 1; 5: set 1; → 9", "line_not_understood"),
        ("784-30-10 seed 1; 5: luck 1; → 9", "setting_not_known"),
        ("784-30-99999; → 9", "setting_out_of_range"),
        ("784,30,10; → 9", "line_not_understood"),
        ("784-30-10 seed 1; η 5; → 9", "line_not_understood"),
        ("784-30-10 seed 1; 10: η 1; → 9", "line_not_in_order"),
        ("784-30-10 seed 1; → 99999999999999999999", "line_too_many_mini_batches"),
        ("784-30-10 seed 1; → 10000001", "line_too_many_mini_batches"),
        ("784-30-10 " + "x" * 30_000, "line_not_understood"),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(text: str, code: str) -> None:
    assert refusal(read_line, text).code == code
    assert looks_like_line(text) == (text not in ("", "hello"))


@pytest.mark.parametrize(
    "text", ["784-30-10", "784-30-10; → 5", "784-30-10;-> 5", "784,30,10; → 5", "784-30-99999;"]
)
def test_what_may_be_meant_as_a_run_is_taken_for_one(text: str) -> None:
    assert looks_like_line(text)


@pytest.mark.parametrize(
    "text", ["", "first.mnistviz", "784-30-10.mnistviz", "784-30-10-first.mnistviz", "a → b"]
)
def test_the_name_of_a_file_is_not_taken_for_a_run(text: str) -> None:
    assert not looks_like_line(text)


def test_what_needs_a_file_says_so(small_digits: Digits) -> None:
    run = obeyed(
        new_run(small_digits), *(each for k in range(300) for each in (Change({"eta": 1 + k / 7}), Step(1)))
    )
    for start, code in ((None, "line_too_long"), (run.start, "line_of_opened_network")):
        problem = refusal(line_of, recipe_of(run, start), DATA)
        assert problem.code == code
        assert "save the experiment" in said(problem)
