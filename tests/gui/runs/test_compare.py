"""Compare shows what differs between the runs, and how well each reads after as many digits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import Changed
from mnistviz.engine.digits import Digits
from mnistviz.engine.fork import Fork
from mnistviz.engine.history import History, Measured
from mnistviz.engine.moment import Evaluation, KeptReadings, Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.runs.compare import PICTURE, Compare
from mnistviz.gui.runs.comparison import best_epoch, compare, settings_at
from mnistviz.gui.runs.sparklines import Sparklines
from tests.engine.luck.made_bands import made_band
from tests.gui.children import child
from tests.gui.lab_by_hand import LabByHand
from tests.gui.pretending import pretend
from tests.gui.runs.conftest import Several

EPOCH = 1_000
NETWORK = Network((784, 5, 10), seed=1)


def run(number: int, digits: int, shares: dict[int, float], **settings: object) -> RunFacts:
    """A run that has seen so many digits, in mini-batches of ten; the shares of validation digits it read right, by
    digits."""
    chosen = replace(Settings(), **settings)  # type: ignore[arg-type]
    history = History()
    for at, share in shares.items():
        history = history.with_accuracy("validation", at // 10, at, share)
    moment = Moment(number, digits // 10, digits, NETWORK, chosen, NETWORK)
    return RunFacts(
        number, chosen, letter="ABCDEFGH"[number - 1], epoch=EPOCH, moment=moment, history=history
    )


def test_runs_are_compared_where_all_have_seen_as_many_digits() -> None:
    ahead = run(1, 5_000, {0: 0.1, 1_000: 0.5, 2_000: 0.7, 3_000: 0.6, 4_000: 0.9})
    behind = run(2, 3_000, {0: 0.1, 1_000: 0.4, 3_000: 0.8})
    found = compare([ahead, behind])
    assert found.digits == 3_000
    behind_last = Measured(0.8, 300, 3_000)
    assert [row.there for row in found.rows] == [Measured(0.6, 300, 3_000), behind_last]
    assert [row.best_until_there for row in found.rows] == [Measured(0.7, 200, 2_000), behind_last]
    assert [row.digits for row in found.rows] == [5_000, 3_000]
    assert [row.newest for row in found.rows] == [Measured(0.9, 400, 4_000), behind_last]
    assert [row.best for row in found.rows] == [Measured(0.9, 400, 4_000), behind_last]


def test_no_run_has_a_best_that_is_worse_than_it_is_now_on_the_same_digits() -> None:
    before = {0: 0.1, 1_000: 0.906}
    paused, worse = run(1, 1_600, {**before, 1_600: 0.9217}), run(2, 1_600, {**before, 1_600: 0.9})
    rows = compare([paused, worse]).rows
    for best in ([row.best for row in rows], [row.best_until_there for row in rows]):
        assert best == [Measured(0.9217, 160, 1_600), Measured(0.906, 100, 1_000)]
    early = run(1, 1_600, before)
    part = early.history.with_accuracy("validation", 160, 1_600, 0.97, 500, complete=False)
    assert compare([replace(early, history=part)]).rows[0].best == Measured(0.906, 100, 1_000)


def test_validation_digits_are_compared_also_where_only_the_first_were_read() -> None:
    early = run(1, 500, {})
    history = early.history.with_accuracy("validation", 40, 400, 0.69, 500, complete=False)
    history = history.with_accuracy("training", 40, 400, 0.73, 500, complete=False)
    assert compare([replace(early, history=history)]).set_name == "validation"
    assert compare([early]).set_name == "training"


def test_settings_are_those_where_the_runs_are_compared() -> None:
    ahead, behind = run(1, 5_000, {}, eta=3.0), run(2, 2_000, {}, eta=1.0)
    history = ahead.history
    for step, old, new in ((100, 3.0, 2.0), (300, 2.0, 0.5)):
        history = history.with_intervention(Changed(step, 10 * step, (("eta", old, new),)))
    ahead = replace(ahead, history=history)
    assert [settings_at(ahead, digits).eta for digits in (0, 999, 1_000, 2_999, 3_000, 4_999)] == [
        3.0, 3.0, 2.0, 2.0, 0.5, 0.5,
    ]  # fmt: skip
    assert compare([ahead, behind]).rows[0].values == {"eta": (3.0, 2.0)}


def test_settings_of_a_branch_before_its_fork_are_those_of_its_parent() -> None:
    branch = replace(run(2, 3_000, {}, eta=3.0), parent=Fork(1, 200, 2_000, {"eta": 0.5}))
    assert [settings_at(branch, digits).eta for digits in (1_000, 2_000, 2_500)] == [3.0, 0.5, 0.5]
    assert compare([branch, run(1, 1_000, {}, eta=1.0)]).rows[0].values == {"eta": (3.0, 3.0)}


def test_what_was_read_in_part_is_no_best() -> None:
    history = History()
    history = history.with_accuracy("validation", 0, 0, 0.3)
    history = history.with_accuracy("validation", 5, 50, 0.9, part=500, complete=False)
    assert history.measured("validation", 60, "digits") == Measured(0.9, 5, 50, 500)
    assert best_epoch(history, "validation", 60, 100) is None, "an untrained network is not the best of a run"
    history = history.with_accuracy("validation", 10, 100, 0.4)
    assert best_epoch(history, "validation", 99, 100) is None
    assert best_epoch(history, "validation", 100, 100) == Measured(0.4, 10, 100)
    assert History().measured("validation", 10, "digits") is None


@pytest.mark.parametrize("measured", [10, 5_000])
def test_best_is_exact_however_long_the_history(measured: int) -> None:
    history, shares = History(), np.random.default_rng(3).random(measured)
    for number, share in enumerate(shares.tolist(), 1):
        history = history.with_accuracy("validation", number, 10 * number, share)
    found = best_epoch(history, "validation", 10 * measured, 10)
    assert found.accuracy == shares.max()


def test_what_was_changed_on_the_way_differs_too() -> None:
    one, other = run(1, 100, {}), run(2, 100, {})
    other = replace(other, moment=run(2, 100, {}, eta=0.1).moment)
    assert compare([one, other]).rows[1].values == {"eta": (other.settings.eta, 0.1)}


def test_equal_networks_have_equal_rows_wherever_they_were_paused(small_digits: Digits) -> None:
    """One went on before all digits were read, so that only the first ones are known; the other read all."""
    labels = small_digits.validation.labels
    predictions = labels.copy()
    predictions[:5] += 1
    whole = Evaluation("validation", 30, 300, predictions, len(labels) - 5, len(labels))
    one = run(1, 400, {0: 0.1, 300: whole.accuracy})
    one = replace(one, readings=KeptReadings().with_evaluation(whole, EPOCH))
    other = run(2, 310, {0: 0.1, 310: 0.8})
    part = other.history.with_accuracy("validation", 30, 300, 0.95, 100, complete=False)
    found = compare([one, replace(other, history=part)], small_digits)
    assert found.digits == 300
    assert [row.there for row in found.rows] == [Measured(0.95, 30, 300, 100)] * 2
    assert [row.best for row in found.rows] == [None, None], "no epoch has ended"


def test_where_one_was_still_the_other_they_are_not_compared() -> None:
    trunk = run(1, 900, {0: 0.1, 600: 0.5, 900: 0.7})
    branch = replace(run(2, 800, {0: 0.1, 600: 0.5, 800: 0.6}), parent=Fork(1, 60, 600, {}))
    found = compare([trunk, branch])
    assert found.digits == 800
    assert [row.there and row.there.digits for row in found.rows] == [600, 800]
    both = replace(branch, history=branch.history.with_accuracy("validation", 90, 900, 0.8))
    assert compare([trunk, replace(both, moment=trunk.moment)]).digits == 900


def test_run_that_has_not_learned_yet_does_not_take_others_to_their_beginning(small_digits: Digits) -> None:
    ahead, behind = run(1, 5_000, {0: 0.1, 3_000: 0.6, 5_000: 0.9}), run(2, 3_000, {0: 0.1, 3_000: 0.8})
    new = run(3, 0, {0: 0.11}, eta=0.5)
    labels = small_digits.test.labels
    read = [
        replace(
            each,
            readings=KeptReadings().with_evaluation(Evaluation("test", at // 10, at, labels, 1, 1), EPOCH),
        )
        for each, at in ((ahead, 3_000), (behind, 3_000), (new, 0))
    ]
    found = compare(read, small_digits)
    assert found.digits == 3_000
    assert [row.there and row.there.accuracy for row in found.rows] == [0.6, 0.8, None]
    assert [row.alone for row in found.rows] == [0, 0, None]
    assert found.rows[2].newest == Measured(0.11, 0, 0)
    assert found.rows[2].values == {"eta": (0.5, 0.5)}, "its settings are compared all the same"
    apart = [
        replace(each, readings=each.readings.with_evaluation(Evaluation("test", 0, 0, labels, 1, 1), EPOCH))
        for each in (ahead, behind)
    ]
    assert [row.alone for row in compare(apart, small_digits).rows] == [None, None], (
        "what untrained networks misread says nothing of the runs"
    )
    alone = compare([new, replace(new, number=4)])
    assert [row.there for row in alone.rows] == [Measured(0.11, 0, 0)] * 2, (
        "where none has learned, as they begin"
    )


# The table


class Table:
    """The table of a lab, and what is read in it."""

    def __init__(self, lab: LabByHand, qtbot: QtBot) -> None:
        self.lab = lab
        self.view = Compare(LIGHT, lab)
        lab.show_together(qtbot, self.view, width=900, height=300)

    @property
    def table(self) -> QTableWidget:
        return child(self.view, QTableWidget, "compare_table")

    def resize(self, width: int, height: int) -> None:
        self.view.window().resize(width, height)
        for _ in range(4):
            QApplication.processEvents()

    def show(self, monkeypatch: pytest.MonkeyPatch, *runs: RunFacts) -> None:
        monkeypatch.setattr(type(self.lab.runs), "open", property(lambda lab: runs))
        self.lab.draw()

    @property
    def heads(self) -> list[str]:
        its = self.table
        return [
            item.text() if (item := its.horizontalHeaderItem(x)) else "" for x in range(its.columnCount())
        ]

    def column(self, head: str) -> list[str]:
        x, its = self.heads.index(head), self.table
        return [item.text() if (item := its.item(y, x)) else "" for y in range(its.rowCount())]

    @property
    def note(self) -> str:
        return child(self.view, QLabel, "compare_note").text()

    @property
    def luck(self) -> str:
        return child(self.view, QLabel, "compare_luck").text()


@pytest.fixture
def compared(several: Several, qtbot: QtBot) -> Callable[[int], Table]:
    """Shows the table of so many runs."""
    return lambda count: Table(several(count), qtbot)


Open = Callable[[int], Table]


def test_with_one_run_it_says_what_will_appear(compared: Open) -> None:
    its = compared(1)
    assert not its.table.isVisible()
    said = [label.text() for label in its.view.findChildren(QLabel) if label.isVisible()]
    assert any("With a second run" in text and "Ctrl+N" in text for text in said)


def test_the_table_of_two_runs(compared: Open) -> None:
    its = compared(2)
    assert its.heads == [
        "Run", "At 800 digits", "Accuracy", "Right on test", "Misread by it alone", "Newest", "Digits so far",
        "Branched off", "η",
    ]  # fmt: skip
    assert its.column("Branched off")[1].startswith("A at epoch 0.59")
    assert its.column("η") == ["3.0", "0.5"]
    assert its.column("Digits so far") == ["900", "800"]
    assert "compared after 800 digits" in its.note
    assert "another order" not in its.note
    assert "because" not in its.note
    share = its.lab.runs.open[1].evaluations["validation"].accuracy
    assert its.column("Newest")[1].startswith(f"{100 * share:.2f}")
    assert its.column("At 800 digits")[1] == its.column("Newest")[1]
    item = its.table.item(0, its.heads.index("Accuracy"))
    assert not item.icon().isNull()


def test_accuracies_on_other_digits_are_marked(compared: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    its = compared(2)

    def tip(y: int, head: str) -> str:
        item = its.table.item(y, its.heads.index(head))
        return item.toolTip().replace("\n", " ")

    assert its.column("At 800 digits")[0].startswith("≈ "), (
        "it was measured before it branched off, and then after"
    )
    assert its.note.endswith("≈: read before that, after 600 digits.")
    assert re.search(r"on all [\d,]+ validation digits", tip(1, "Newest"))
    one = run(1, 5_000, {0: 0.1, 1_000: 0.92})
    other = run(2, 3_000, {0: 0.1, 1_000: 0.9, 3_000: 0.95})
    partly = one.history.with_accuracy("validation", 500, 5_000, 0.97, 3_022, complete=False)
    its.show(monkeypatch, replace(one, history=partly), other)
    assert its.column("Newest") == ["97.00 % of 3,022", "95.00 %"]
    assert "on only the first 3,022 of the set" in tip(0, "Newest")
    assert "Of 3,022: only the first digits of the set were read." in its.note


def test_the_small_print_leaves_the_rows_their_room(compared: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """With larger text at a projector, small print cut the first of three rows in half."""
    its = compared(3)
    its.view.window().resize(1400, 400)
    its.show(monkeypatch, *(run(number, 5_000, {0: 0.1, 5_000: 0.6}, seed=number) for number in (1, 2, 3)))
    second, first = "The digits come in another order", "Accuracy on validation digits, compared"
    note = child(its.view, QLabel, "compare_note")
    seen = [head for x, head in enumerate(its.heads) if not its.table.isColumnHidden(x)]
    assert "Best by then" in seen
    assert second in its.note
    assert not note.toolTip()
    for height in range(300, 80, -10):
        its.resize(1400, height)
        assert its.table.verticalScrollBar().maximum() == 0 or not note.isVisible(), height
        assert not note.isVisible() or its.note.startswith(first)
        if second not in its.note:
            assert second in note.toolTip().replace("\n", " ")
    assert second not in its.note, "the rows come first"
    its.resize(400, 400)
    assert its.table.isColumnHidden(its.heads.index("Best by then"))
    assert its.note.startswith(first)


def test_of_run_that_has_not_learned_yet_it_is_said(compared: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    its, left_out = compared(2), "Runs that have not learned yet are left out."
    assert left_out not in its.note
    its.show(monkeypatch, run(1, 3_000, {0: 0.1, 3_000: 0.92}), run(2, 0, {0: 0.11}))
    assert its.column("At 3,000 digits") == ["92.00 %", "–"]
    item = its.table.item(1, its.heads.index("At 3,000 digits"))
    assert "not learned yet" in item.toolTip()
    assert left_out in its.note


def test_where_all_have_seen_as_many_digits_nothing_is_said_twice(compared: Open) -> None:
    its = compared(2)
    its.lab.run_to(90)
    its.lab.draw()
    single = ["Right on test", "Misread by it alone"]
    assert its.heads == ["Run", "At 900 digits", "Accuracy", *single, "Branched off", "η"]


def test_a_sparkline_does_not_tell_what_was_there_before() -> None:
    first = run(1, 3_000, {0: 0.1, 3_000: 0.92})
    sparklines = Sparklines()
    for digits in (10_000, 10_010):
        found = compare([first, run(2, digits, {0: 0.2, 3_000: 0.8})])
        pictures = sparklines.pictures(found, LIGHT)
    anew = Sparklines().pictures(found, LIGHT)
    assert [each.toImage() for each in pictures] == [each.toImage() for each in anew]


def test_a_cell_loses_the_picture_of_the_column_that_was_there_before(compared: Open) -> None:
    its = compared(2)
    cells = [item for x in range(its.table.columnCount()) if (item := its.table.item(0, x)) is not None]
    has_picture = [not cell.icon().isNull() for cell in cells]
    with_picture = cells[has_picture.index(True)]
    for cell in cells:  # as if its column had come from elsewhere
        cell.setIcon(with_picture.icon())
        cell.setData(PICTURE, with_picture.data(PICTURE))
    its.lab.run_to(its.lab.run.step + 20)
    its.lab.draw()
    assert [not cell.icon().isNull() for cell in cells] == has_picture


def test_the_letter_keeps_the_hue_of_its_run_while_it_is_selected(compared: Open) -> None:
    its = compared(2)
    assert its.table.currentRow() == 1
    item = its.table.item(1, 0)
    size = its.table.iconSize()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        image = item.icon().pixmap(size, mode).toImage()
        assert image.pixelColor(2, image.height() // 2).name() == LIGHT.runs[1]


def test_eight_runs_are_seen_without_scrolling(compared: Open) -> None:
    its = compared(8)
    its.lab.runs.rename(its.lab.runs.open[3].number, "W" * 40)
    its.resize(1150, 230)
    for bar in (its.table.horizontalScrollBar(), its.table.verticalScrollBar()):
        assert bar.maximum() == 0
    assert not any(map(its.table.isColumnHidden, range(its.table.columnCount())))
    its.resize(700, 230)
    assert its.table.horizontalScrollBar().maximum() == 0
    assert its.table.isColumnHidden(its.heads.index("Branched off"))
    tip = its.table.item(1, 0)
    assert "branched off A at epoch 0.59" in tip.toolTip()


def test_where_there_is_little_room_names_still_tell_the_runs_apart(compared: Open) -> None:
    its = compared(1)
    lab = its.lab
    for step in (100, 110, 120):
        lab.runs.select(lab.runs.open[0].number)
        lab.run_to(step)
        lab.runs.butterfly()
        lab.work()
    its.resize(1200, 230)
    assert not its.table.isColumnHidden(its.heads.index("Branched off"))
    assert "tiny change" in its.column("Run")[-1]
    for width in range(1200, 500, -100):
        its.resize(width, 230)
        forks = its.heads.index("Branched off")
        shown = its.column("Run")
        assert its.table.sizeHintForColumn(0) <= its.table.columnWidth(0) or width < 700, (width, shown)
        if its.table.isColumnHidden(forks):
            assert len(set(shown)) == len(shown), (width, shown)
        else:
            told = set(zip(shown, its.column("Branched off"), strict=True))
            assert len(told) == len(shown), (width, told)


def test_where_the_table_scrolls_names_are_whole_and_the_selected_run_is_in_sight(compared: Open) -> None:
    """Names were cut, and the bar below lay on the run that is selected."""
    its = compared(8)
    its.view.window().resize(300, 190)
    its.lab.runs.rename(its.lab.runs.open[7].number, "sorted in epoch 2")
    its.lab.runs.select(its.lab.runs.open[7].number)
    for _ in range(3):
        QApplication.processEvents()
    assert its.table.horizontalScrollBar().maximum() > 0
    assert its.table.verticalScrollBar().maximum() > 0
    assert its.table.columnWidth(0) >= its.table.sizeHintForColumn(0)
    selected = its.table.visualRect(its.table.currentIndex())
    assert 0 <= selected.top() < selected.bottom() <= its.table.viewport().height()


def test_columns_take_the_room_of_a_scroll_bar_that_goes_with_the_words_below(compared: Open) -> None:
    its = compared(8)
    its.lab.runs.select(its.lab.runs.open[0].number)
    its.lab.runs.rename(its.lab.runs.open[0].number, "W" * 40)
    words, bar, height = child(its.view, QLabel, "compare_luck"), its.table.verticalScrollBar(), 300

    def widths() -> list[int]:
        its.resize(800, height)
        return [its.table.columnWidth(x) for x in range(its.table.columnCount())]

    expected = widths()
    while not bar.maximum():
        height -= 5
        widths()
    assert widths() != expected
    words.hide()
    assert widths() == expected
    assert bar.maximum() == 0


def test_a_click_on_a_run_selects_it(compared: Open, qtbot: QtBot) -> None:
    its = compared(3)
    lab, table = its.lab, its.table
    item = table.item(0, 1)
    assert item is not None
    place = table.visualItemRect(item).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert lab.run == lab.runs.open[0]
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert lab.run == lab.runs.open[1]
    lab.runs.select(lab.runs.open[2].number)
    assert table.currentRow() == 2


def test_another_seed_is_said_to_bring_the_digits_in_another_order(compared: Open) -> None:
    its = compared(2)
    its.lab.run_to(20, Settings(seed=9))
    assert its.column("seed") == ["1", "1", "9"]
    assert "The digits come in another order, since these settings differ: Seed." in its.note


def test_names_are_read_as_they_are(compared: Open) -> None:
    its = compared(2)
    name = "<b>&amp; {0} %1 🙂"
    its.lab.runs.rename(its.lab.runs.open[0].number, name)
    assert its.column("Run")[0] == name


def test_a_fork_from_a_closed_run_is_told_by_its_letter(compared: Open) -> None:
    its = compared(2)
    its.lab.runs.branch()
    its.lab.work()
    its.lab.runs.close(its.lab.runs.open[0].number)
    assert [text[:1] for text in its.column("Branched off")] == ["A", "B"]


def test_a_run_that_was_repeated_has_its_range_and_two_are_compared_over_their_seeds(compared: Open) -> None:
    its = compared(2)
    first, second = (run.number for run in its.lab.runs.open)
    assert "One run each may be luck." in its.luck
    pretend(its.lab, first, bands=(made_band([0.2, 0.3, 0.25], every=800),))
    assert its.column("Median of other seeds") == ["25.0 % (20.0 to 30.0, 3 seeds)", "–"]
    assert "No range yet: B." in its.luck
    pretend(its.lab, second, bands=(made_band([0.1, 0.2, 0.3], every=800),))
    assert its.column("Median of other seeds")[1] == "20.0 % (10.0 to 30.0, 3 seeds)"
    assert "over their seeds, no clear difference" in its.luck
    for width in (500, 1_000):
        its.resize(width, 230)
        assert not its.table.isColumnHidden(its.heads.index("Median of other seeds"))
    pretend(its.lab, first, bands=(made_band([0.2, 0.3, 0.25], every=400),))
    pretend(its.lab, second, bands=())
    assert its.column("Median of other seeds, at 400") == ["25.0 % (20.0 to 30.0, 3 seeds)", "–"]
    text = its.view.as_text(markdown=True, note="")
    assert "| A | " in text
    assert "| Median of other seeds, at 400 |" in text
    assert its.view.as_text(markdown=False, note="note").endswith("# note\n")


def test_the_range_of_other_seeds_takes_no_column_away(compared: Open) -> None:
    its = compared(2)

    def seen() -> set[str]:
        return {head for x, head in enumerate(its.heads) if not its.table.isColumnHidden(x)}

    its.resize(its.table.horizontalHeader().length() + 40, 230)
    before, bar = seen(), its.table.horizontalScrollBar()
    assert len(before) == len(its.heads)
    assert bar.maximum() == 0
    pretend(its.lab, its.lab.runs.open[0].number, bands=(made_band([0.2, 0.3, 0.25], every=800),))
    QApplication.processEvents()
    assert seen() == {*before, "Median of other seeds"}
    assert bar.maximum() > 0, "it scrolls instead"


def test_it_says_what_each_run_alone_misreads_and_opens_a_pair(lab_by_hand: LabByHand, qtbot: QtBot) -> None:
    for seed in (1, 2):
        lab_by_hand.run_to(50, Settings(seed=seed))
    digits = lab_by_hand.digits
    read = [run.readings.newest["test"].predictions != digits.test.labels for run in lab_by_hand.runs.open]
    found = compare(lab_by_hand.runs.open, digits)
    assert [row.alone for row in found.rows] == [(read[0] & ~read[1]).sum(), (read[1] & ~read[0]).sum()]
    assert [row.test.right for row in found.rows if row.test] == [int((~wrong).sum()) for wrong in read]
    assert [row.alone for row in compare(lab_by_hand.runs.open).rows] == [None, None]
    view = lab_by_hand.show(qtbot, Compare(LIGHT, lab_by_hand), 1130, 260)
    chosen = lab_by_hand.chosen
    pair = child(view, QPushButton, "compare_pair")
    assert pair.text() == "A and B digit by digit"
    pair.click()
    assert (chosen.now.window.tab, chosen.now.mistakes.against) == ("mistakes", AgainstPart("run", "A"))
    lab_by_hand.runs.select(1)
    assert pair.text() == "B and A digit by digit"
    view.open_pair()
    assert (chosen.now.mistakes.against, chosen.now.mistakes.overview) == (AgainstPart("run", "B"), "groups")
