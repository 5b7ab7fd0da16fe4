"""Beliefs to try, and how right a prediction was."""

import re
from pathlib import Path

import numpy as np
import pytest

from mnistviz.engine.acts import Changed
from mnistviz.engine.beliefs import BELIEFS, BeliefRun, belief_figures, score_answer
from mnistviz.engine.commands import Pause
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.rebuilding import rebuilt
from mnistviz.engine.experiment.recipe_line import read_line
from mnistviz.engine.experiment.saved import run_of_recipe
from mnistviz.engine.fewest_pixels import fewest_pixels
from mnistviz.engine.history import History
from mnistviz.engine.moment import Evaluation, SetName
from mnistviz.engine.network import Network
from mnistviz.engine.scores import Grade, Score, score, score_choice, score_part, score_share
from mnistviz.engine.trainer import Trainer
from tests.present import there

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "beliefs.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BELIEFS)
def test_each_is_runs_that_can_be_trained(name: str, small_digits: Digits) -> None:
    belief = BELIEFS[name]
    assert len(belief.lines) == 2 or not belief.compares
    for line in belief.lines:
        recipe = read_line(line).recipe
        for classes in (10, 2):
            settings = recipe.settings.for_classes(classes).checked()
            assert len(small_digits.trained_on(settings)) == small_digits.epoch(settings)
        assert run_of_recipe(recipe, 1_003).content.record.step == recipe.step


def test_the_order_is_changed_at_the_ends_of_epochs_of_the_bundled_digits(mnist: Digits) -> None:
    recipe = read_line(BELIEFS["order"].lines[0]).recipe
    made = run_of_recipe(recipe, mnist.epoch(recipe.settings))
    acts = [act for act in made.content.record.acts if isinstance(act, Changed)]
    assert [act.digits for act in acts] == [50_000, 100_000]


def test_the_belief_on_order_draws_how_classes_are_forgotten_with_percentages(mnist: Digits) -> None:
    recipe = read_line(BELIEFS["order"].lines[0]).recipe
    run, _ = rebuilt(run_of_recipe(recipe, mnist.epoch(recipe.settings)).recipe, mnist)
    assert run is not None
    history = run.recorder.history
    steps = [int(row["last_step"]) for row in history.curves["validation", 0].rows]
    within = [step for step in steps if 5_000 < step < 10_000]
    assert len(within) >= 10, "a line between two ends is no forgetting"
    run.handle(Pause())
    while run.work(lambda: False):
        pass
    network = Network(run.trainer.settings.sizes)
    network.parameters[...] = run.state().parameters
    figures = belief_figures("order", [BeliefRun(history, run.content().evaluations, network)], mnist)
    assert figures["before"] > 0.85
    assert figures["ordered"] < 0.3
    assert figures["healed"] > 0.8
    assert score_answer("order", 0, figures).verdict == "right"
    assert score_answer("order", 2, figures).verdict == "wrong"


def test_a_belief_of_two_runs_takes_the_last_two_and_none_of_one(small_digits: Digits) -> None:
    labels = small_digits.test.labels

    def run(right: int) -> BeliefRun:
        predictions = labels.astype(np.uint8)
        predictions[right:] = (predictions[right:] + 1) % 10
        read: dict[SetName, Evaluation] = {"test": Evaluation("test", 1, 10, predictions, right)}
        return BeliefRun(History(), read, Network((784, 10)))

    assert belief_figures("equal", [run(10)], small_digits) == {}, "the other one was closed"
    assert belief_figures("equal", [run(0), run(10), run(15)], small_digits) == {"alone": 5.0}


def test_the_belief_on_what_it_sees_counts_the_pixels_that_turn_its_digit(mnist: Digits) -> None:
    network, number = Network((784, 10)), BELIEFS["sees"].fewest_pixels or 0
    search = fewest_pixels(network, mnist.test.images[number])
    assert search.pixels
    assert belief_figures("sees", [BeliefRun(History(), {}, network)], mnist) == {
        "pixels": len(search.pixels)
    }


@pytest.mark.long
def test_a_few_pixels_turn_the_digit_that_is_shown(mnist: Digits) -> None:
    """Fewer digits are trained on than in the run that is opened, where docs/beliefs.md has what they come to."""
    number, settings = BELIEFS["sees"].fewest_pixels, read_line(BELIEFS["sees"].lines[0]).recipe.settings
    assert number is not None
    assert mnist.test.labels[number] == 4, "as it is told"
    trainer = Trainer(Network(settings.sizes, **settings.network_options()), settings, mnist.training)
    for _ in range(3_000):
        trainer.step()
    found = fewest_pixels(trainer.network, mnist.test.images[number])
    assert found.verdicts[0] == 4
    assert found.verdicts[-1] == 9
    assert 1 < len(found.pixels) < 10


def test_the_page_says_what_was_tried_of_each() -> None:
    assert PAGE.count("\n## “") >= len(BELIEFS)


@pytest.mark.parametrize(
    ("measured", "said", "tens"),
    [
        ("and back with −η", r"back with −η: (\d+) to (\d+) %", 0),
        ("test digits read right", r"it still reads (\d+) to (\d+) %", 0),
        ("digits that only one of a pair misreads", r"misreads (\d+) to (\d+) digits", 1),
    ],
)
def test_the_guide_tells_of_beliefs_the_ranges_of_all_seeds(measured: str, said: str, tens: int) -> None:
    (told,) = re.findall(said, " ".join((DOCS / "guide.md").read_text(encoding="utf-8").split()))
    ranges = [
        tuple(round(float(end), -tens) for end in ends)
        for ends in re.findall(rf"^\| {measured} \|.* \| ([\d.]+) to ([\d.]+) \|$", PAGE, re.MULTILINE)
    ]
    assert tuple(map(float, told)) in ranges


@pytest.mark.parametrize(
    ("said", "was", "verdict"),
    [(0.94, 0.94, "right"), (0.92, 0.94, "right"), (0.90, 0.94, "close"), (0.6, 0.94, "wrong")],
)
def test_a_share_is_right_within_3_points_close_within_10(said: float, was: float, verdict: Grade) -> None:
    found = there(score_share(said, was))
    assert (found.verdict, found.unit) == (verdict, "points")
    assert found.off == pytest.approx(abs(said - was))


@pytest.mark.parametrize(("answer", "verdict"), [(0, "right"), (1, "close"), (2, "wrong")])
def test_the_answer_beside_the_right_one_is_close_if_they_have_an_order(answer: int, verdict: Grade) -> None:
    assert score_choice(answer, 0, ordered=True) == Score(verdict, answer)
    assert score_choice(answer, 0, ordered=False).verdict == ("right" if not answer else "wrong")


@pytest.mark.parametrize(("by", "verdict"), [(1.15, "right"), (0.6, "close"), (2.0, "wrong")])
def test_a_drawn_curve_is_scored_as_a_part_of_the_one_that_came(by: float, verdict: Grade) -> None:
    came = np.linspace(0.5, 0.1, 50)
    found = there(score_part(by * came, came))
    assert found.verdict == verdict
    assert found.off == pytest.approx(abs(by - 1))


def test_a_place_is_scored_by_its_distance() -> None:
    assert score((3.0, 4.0), (0.0, 0.0), 1.0, 5.0) == Score("close", 5.0, "plain")


def test_what_is_no_number_has_no_score() -> None:
    assert score_share(0.5, float("nan")) is None
    assert score_part(0.5, 0.0) is None
