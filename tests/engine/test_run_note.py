"""What is written beside a picture is enough to have its run again."""

from __future__ import annotations

from dataclasses import asdict
from tomllib import loads

from mnistviz.engine.acts import (
    Changed,
    Edited,
    Frozen,
    Halved,
    Lesson,
    Restored,
    Stepped,
    Taught,
    WeightEdit,
)
from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Unit
from mnistviz.engine.settings import Settings
from mnistviz.engine.settings_file import NotedRun, as_comment, run_note

ACTS = (
    Changed(200, 2_000, (("eta", 3.0, 1.0),), gesture=1),
    Changed(210, 2_100, (("eta", 1.0, 0.5),), gesture=1),
    Halved(300, 3_000, 0.5, 0.25),
    Restored(400, 4_000, 300),
    Stepped(450, 4_500, 0.1, (7, 3)),
    Edited(460, 4_600, WeightEdit(2, ((0, 0), (2, 3)), (0.0, 1.0))),
    Frozen(470, 4_700, Unit(1, 3)),
    Frozen(480, 4_800, Unit(1, 3), frozen=False),
    Taught(490, 4_900, Lesson(bytes(784), 7, 0.3, (4, 17), 2)),
)


def test_a_note_is_a_file_of_settings_that_says_what_was_done(small_digits: Digits) -> None:
    settings = Settings(sizes=(784, 5, 10), eta=3.0, seed=7)
    note = run_note(NotedRun(settings, ACTS, 500, len(small_digits.training) * 2), small_digits)
    assert Settings.from_mapping(loads(note)) == settings
    for said in (
        "after 500 mini-batches, 2 epochs",
        small_digits.checksum,
        "after 200 mini-batches: eta 3.0 → 0.5",  # one gesture
        "after 300 mini-batches: eta halved by its schedule, 0.5 → 0.25",
        "after 400 mini-batches: back to the weights after 300 mini-batches",
        "after 450 mini-batches: one step by eta 0.1 on the training digits 7, 3",
        "after 460 mini-batches: 2 weights or biases of layer 2 set by hand",
        "after 470 mini-batches: unit 3 of layer 1 stops learning",
        "after 480 mini-batches: unit 3 of layer 1 learns again",
        "after 490 mini-batches: a drawing taught as class 7: 2 steps by eta 0.3, beside it the training digits 4, 17",
    ):
        assert said in note
    assert "weights of a file" not in note


def test_the_run_before_is_told_of_in_comments(small_digits: Digits) -> None:
    shown, before = Settings(eta=0.5), Settings(eta=2.0)
    other = NotedRun(before, ACTS[:1], 9, 90, loaded=True)
    note = run_note(NotedRun(shown, (), 0, 0), small_digits, [other])
    assert loads(note) == {**asdict(shown), "sizes": [784, 30, 10], "classes_left_out": []}
    for said in (
        "# The run before, after 9 mini-batches",
        "# begun with the weights of a file",
        "# eta = 2.0",
    ):
        assert said in note


def test_as_a_comment_every_line_is_one(small_digits: Digits) -> None:
    note = run_note(NotedRun(Settings(), ACTS, 1, 10), small_digits)
    lines = as_comment(note).splitlines()
    assert len(lines) == len(note.splitlines())
    assert all(line.startswith("#") for line in lines)
    assert as_comment("") == ""
