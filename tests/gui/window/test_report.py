"""Film and report: what they say of an earlier moment, and of a run that has diverged."""

import re
from typing import Any

from msgspec.structs import replace

from mnistviz.engine.commands import Step
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.gui.common import numbers
from mnistviz.gui.window.report import ReportContent, report_page
from tests.gui.children import known
from tests.gui.lab_by_hand import LabByHand

RELU = Settings(sizes=(784, 12, 10), activation="relu", eta=0.01, weight_decay=5.0)


def page_with(lab: LabByHand, **other: Any) -> str:
    """The report of what is shown, which is no line, with something else in it."""
    shown = lab.shown
    of_shown = {name: getattr(shown, name) for name in ("run", "others", "moment", "diverged", "digits")}
    content = ReportContent(
        **of_shown | other, curves=(), note="", line=Problem("line_too_long", most=1), day="today"
    )
    return report_page(content, lambda share: None).decode()


def page_of(lab: LabByHand, *, forgets: bool = False) -> str:
    lab.settings.change({"eta": 1_000.0})
    lab.runs.send(Step(400))
    lab.work()
    shown = lab.shown
    assert shown.diverged
    assert shown.run is not None
    run = replace(shown.run, readings=shown.run.readings.forked(0)) if forgets else shown.run
    page = page_with(lab, run=run, others=())
    assert f"has diverged: when it stopped, at mini-batch {shown.run.step}," in page
    assert "nan" not in re.sub(r"base64,[^\"]*", "", page)
    assert ">Now<" not in page
    return page


def test_it_shows_the_last_predictions_of_finite_weights_or_nothing(lab_by_hand: LabByHand) -> None:
    lab_by_hand.run_to(60, RELU)
    page = page_of(lab_by_hand)
    run, digits = lab_by_hand.run, lab_by_hand.digits
    last = run.readings.test[-1]
    assert 60 <= last.step < run.step
    assert f"<b>{numbers.percent(int((last.predictions == digits.test.labels).sum()) / 300)}</b>" in page
    assert f"of 300, at mini-batch {last.step}" in page
    counts = [int(text) for text in re.findall(r'<td style="[^"]*">(\d+)</td>', page)]
    assert sum(counts) == 300
    lab_by_hand.run_to(0, RELU)
    page = page_of(lab_by_hand, forgets=True)
    assert "<b>–</b>" in page
    assert "What each test digit was read as" not in page
    assert "The surest mistakes" not in page


def test_runs_stand_beside_each_other_after_as_many_digits(lab_by_hand: LabByHand) -> None:
    """B at mini-batch 5,551 stood beside A at 7,625."""
    lab_by_hand.run_to(130)
    lab_by_hand.run_to(240, Settings(seed=2))
    shown, page = lab_by_hand.shown, page_with(lab_by_hand)
    (table,) = re.findall(r'<table class="runs">(.*?)</table>', page)
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in table.split("</tr>")]
    at_end_of_epoch = {
        run.letter: next(each for each in run.readings.test if each.digits == 1_003)
        for run in (shown.run, *shown.others)
    }
    assert {row[0]: (row[2], row[3]) for row in rows if row} == {
        letter: (
            numbers.whole(each.step),
            numbers.percent(float((each.predictions == shown.digits.test.labels).mean())),
        )
        for letter, each in at_end_of_epoch.items()
    }


def test_a_report_of_an_earlier_moment_tells_of_no_later_change(lab_by_hand: LabByHand) -> None:
    lab = lab_by_hand
    lab.run_to(20)
    lab.settings.change({"eta": 0.5})
    run = lab.run_to(40)
    for step, told in ((40, True), (10, False)):
        page = page_with(lab, moment=replace(known(run.moment), step=step, digits=10 * step))
        assert ("after 20 mini-batches" in page) == told
