"""The texts about when digits were learned: the history of one, and the map of all."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from mnistviz.engine.mistakes.stories import FineStretch, LearningGroup, Story, lead_of
from mnistviz.engine.moment import SetName
from mnistviz.gui.common import numbers
from mnistviz.gui.common.scales import Range, ticks
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.mistakes.story_strip import StoryMarks
from mnistviz.marking import marked

_LABELS: Final = 6  # along the axis, about
_SHORT: Final = 2  # letters of a name that fit into a mark


def story_marks(
    story: Story,
    run: RunFacts,
    classes: Sequence[str],
    fine: Sequence[FineStretch],
    *,
    end: int,
    name: str = "",
) -> StoryMarks:
    """Return the marks of a history along an axis of `end` digits. `fine` are the stretches evaluated after every
    mini-batch; the run has a `name` if there are two."""
    heights = np.ones(len(story.steps))
    for stretch in fine:
        heights[np.searchsorted(story.steps, stretch.steps)] = np.abs(lead_of(stretch.outputs, story.label))
    end, epoch = max(1, end), max(1, run.epoch)
    signs = tuple(name if len(name) <= _SHORT else "✗" for name in classes)
    texts = tuple(
        "✓" if read == story.label else signs[read] if read < len(signs) else "✗"
        for read in story.read.tolist()
    )
    places = ticks(Range(0.0, end / epoch), _LABELS) if end > 1 else [0.0]
    return StoryMarks(
        story.steps,
        story.digits / end,
        story.right,
        np.minimum(heights, 1.0),
        texts,
        tuple((place * epoch / end, numbers.tick(place)) for place in places),
        tuple((int(each.digits[0]) / end, int(each.digits[-1]) / end) for each in fine),
        lambda mark: mark_told(story, mark, epoch, classes, name),
        end=min(1.0, run.digits_seen / end),
    )


def mark_told(story: Story, mark: int, epoch: int, classes: Sequence[str], name: str = "") -> str:
    if name:
        return tr("{run}: {told}", run=name, told=mark_told(story, mark, epoch, classes))
    place = numbers.epochs(int(story.digits[mark]) / epoch)
    step = numbers.whole(int(story.steps[mark]))
    if (read := int(story.read[mark])) == story.label:
        return tr("Epoch {place}, mini-batch {step}: read right. Click to go there.", place=place, step=step)
    text = tr("Epoch {place}, mini-batch {step}: read as {read}. Click to go there.")
    return text.format(place=place, step=step, read=class_name(classes, read))


_LOST: Final = {  # by whether it was lost once, and is right now: a sentence, and that in short
    (True, True): (
        marked("Learned at epoch {first}; lost once; right since epoch {since}."),
        marked("right since epoch {since}, lost once")),
    (True, False): (
        marked("Learned at epoch {first}; lost once; wrong since epoch {since}."),
        marked("wrong since epoch {since}, lost once")),
    (False, True): (
        marked("Learned at epoch {first}; lost {count} times; right since epoch {since}."),
        marked("right since epoch {since}, lost {count} times")),
    (False, False): (
        marked("Learned at epoch {first}; lost {count} times; wrong since epoch {since}."),
        marked("wrong since epoch {since}, lost {count} times")),
}  # fmt: skip


def story_told(story: Story, epoch: int, looked_closer: int = 0) -> str:
    """Return when the digit was first correct, how often it was forgotten, and its last prediction. `looked_closer` is
    the number of measurements after single mini-batches."""
    if (facts := story.facts) is None:
        return tr("Its story begins with the first measurement of all digits.")

    def epochs(place: tuple[int, int]) -> str:
        return numbers.epochs(place[1] / max(1, epoch))

    since = epochs(facts.since)
    if facts.first_right is None and looked_closer:
        text = tr(
            "It was wrong in every measurement since the start, and after each of {count} mini-batches."
        )
        return text.format(count=numbers.whole(looked_closer))
    if facts.first_right is None:
        return tr("It was wrong in every measurement since the start.")
    first = epochs(facts.first_right)
    if facts.right and not facts.lost:
        return tr("Read right in every measurement since epoch {first}.", first=first)
    text = translated(_LOST[facts.lost == 1, facts.right][0])
    return text.format(first=first, since=since, count=numbers.whole(facts.lost))


def story_in_short(story: Story, epoch: int) -> str:
    """Return the last prediction of the digit and how often it was forgotten, for two runs side by side."""
    if (facts := story.facts) is None:
        return tr("no measurement of all digits yet")
    if facts.first_right is None:
        return tr("wrong in every measurement")
    if facts.right and not facts.lost:
        text = tr("right since epoch {since}, never lost")
    else:
        text = translated(_LOST[facts.lost == 1, facts.right][1])
    return text.format(since=numbers.epochs(facts.since[1] / max(1, epoch)), count=numbers.whole(facts.lost))


def no_story() -> str:
    return tr("Stories are kept of validation and test digits only.")


_GROUPS: Final = {  # the title of each group, its words in short, and the tip
    "always": (marked("Always right"), marked("always right"),
        marked("Chooses the digits that were right in each measurement after the first mini-batch.")),
    "late": (marked("Learned late"), marked("learned late"),
        marked("Chooses the digits that were wrong at first, then right, and never lost.")),
    "relearned": (marked("Forgotten and relearned"), marked("relearned"),
        marked("Chooses the digits that were lost at least once and are right again.")),
    "lost": (marked("Learned and lost"), marked("lost"),
        marked("Chooses the digits that were right before and are wrong now.")),
    "never": (marked("Never learned"), marked("never learned"),
        marked("Chooses the digits that were right in no measurement.")),
}  # fmt: skip


def group_words(group: LearningGroup) -> tuple[str, str]:
    _, short, tip = _GROUPS[group]
    return translated(short), translated(tip)


def group_title(group: LearningGroup) -> str:
    return translated(_GROUPS[group][0])


def no_map(name: SetName) -> str:
    if name == "training":
        return no_story()
    return tr("How each digit was learned appears here after the first measurement of all digits.")


def map_title() -> str:
    return tr("How each digit was learned")


def map_note(measurements: int) -> str:
    return tr("in 1 measurement") if measurements == 1 else tr("in {count} measurements", count=measurements)
