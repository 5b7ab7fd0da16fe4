"""Compare shows what differs between the runs, and how well each reads after as many digits."""

import gc
from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QTableWidget, QTableWidgetItem
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import Changed
from mnistviz.engine.digits import Digits
from mnistviz.engine.fork import Fork, Origin
from mnistviz.engine.history import History, Measured
from mnistviz.engine.moment import Evaluation, KeptReadings, Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.numbers import cost
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.lab.run_names import made_name
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.runs.compare import Compare
from mnistviz.gui.runs.comparison import compare, settings_at
from mnistviz.gui.runs.lane import RunWords
from tests.engine.luck.made_bands import made_band
from tests.gui.children import child, known
from tests.gui.lab_by_hand import LabByHand
from tests.gui.pretending import pretend
from tests.gui.runs.conftest import Several

EPOCH = 1_000
NETWORK = Network((784, 5, 10), seed=1)


def run(number: int, digits: int, shares: dict[int, float], **settings: object) -> RunFacts:
    """A run that has seen so many digits, in mini-batches of ten; the shares of validation digits it read right, by
    digits."""
    chosen = replace(Settings(), **settings)
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
    early = run(1, 500, {})
    history = early.history.with_accuracy("validation", 40, 400, 0.69, 500, complete=False)
    history = history.with_accuracy("training", 40, 400, 0.73, 500, complete=False)
    short = replace(early, number=3, history=history)
    assert compare([short]).set_name == "validation", "though only the first were read"
    found = compare([short, ahead, behind])
    assert (found.digits, found.left_out) == (3_000, (short,)), "it would leave only the first to be compared"
    assert [row.there for row in found.rows] == [None, Measured(0.6, 300, 3_000), behind_last]
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
    one, other = run(1, 100, {}), run(2, 100, {})
    other = replace(other, moment=run(2, 100, {}, eta=0.1).moment)
    assert compare([one, other]).rows[1].values == {"eta": (other.settings.eta, 0.1)}, "changed on the way"


def test_settings_of_a_branch_before_its_fork_are_those_of_its_parent() -> None:
    branch = replace(run(2, 3_000, {}, eta=3.0), parent=Fork(1, 200, 2_000, {"eta": 0.5}))
    assert [settings_at(branch, digits).eta for digits in (1_000, 2_000, 2_500)] == [3.0, 0.5, 0.5]
    assert compare([branch, run(1, 1_000, {}, eta=1.0)]).rows[0].values == {"eta": (3.0, 3.0)}


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
        for each, at in ((ahead, 2_000), (behind, 2_000), (new, 0))
    ]
    later = read[0].readings.with_evaluation(Evaluation("test", 300, 3_000, labels, 1, 1), EPOCH)
    read[0] = replace(read[0], readings=later)
    found = compare(read, small_digits)
    assert found.digits == 3_000
    assert [row.there and row.there.accuracy for row in found.rows] == [0.6, 0.8, None]
    assert [row.test and row.test.digits for row in found.rows] == [2_000, 2_000, None]
    assert found.rows[2].values == {"eta": (0.5, 0.5)}, "its settings are compared all the same"
    alone = compare([new, replace(new, number=4)])
    assert [row.there for row in alone.rows] == [Measured(0.11, 0, 0)] * 2, (
        "where none has learned, as they begin"
    )


class Table:
    """The table of a lab, and what is read in it."""

    def __init__(self, lab: LabByHand, qtbot: QtBot) -> None:
        self.lab, self.view = lab, lab.show(qtbot, Compare(lab), 900, 300)

    @property
    def table(self) -> QTableWidget:
        return child(self.view, QTableWidget, "compare_table")

    def resize(self, width: int, height: int) -> None:
        self.view.setFixedHeight(height)
        self.view.window().resize(width, height)
        for _ in range(4):
            QApplication.processEvents()

    def show(self, monkeypatch: pytest.MonkeyPatch, *runs: RunFacts) -> None:
        monkeypatch.setattr(type(self.lab.runs), "open", property(lambda lab: runs))
        self.lab.draw()

    def item(self, y: int, x: int) -> QTableWidgetItem:
        item = self.table.item(y, x)
        assert item is not None
        return item

    @property
    def heads(self) -> list[str]:
        items = map(self.table.horizontalHeaderItem, range(self.table.columnCount()))
        return ["" if item is None else item.text() for item in items]

    @property
    def letters(self) -> list[str]:
        return [self.tip(y)[0] for y in range(self.table.rowCount())]

    def column_at(self, x: int) -> list[str]:
        return [self.item(y, x).text() for y in range(self.table.rowCount())]

    def column(self, head: str) -> list[str]:
        return self.column_at(self.heads.index(head))

    def tip(self, y: int) -> str:
        return self.item(y, 0).toolTip()

    @property
    def sentence(self) -> str:
        return child(self.view, QLabel, "compare_luck").accessibleName()


@pytest.fixture
def compared(several: Several, qtbot: QtBot) -> Callable[[int], Table]:
    """Shows the table of so many runs."""
    return lambda count: Table(several(count), qtbot)


Open = Callable[[int], Table]


def test_the_table_has_the_best_run_first_and_says_what_differs(compared: Open) -> None:
    its = compared(2)
    first, second = its.lab.runs.open
    assert its.heads == [
        "Run", "accuracy on 300 validation digits", "after 800", "", "cost", "epochs", "beside B",
    ]  # fmt: skip
    shares = [float(text.removeprefix("≈ ").removesuffix(" %")) for text in its.column("after 800")]
    assert shares == sorted(shares, reverse=True)
    own = its.letters.index("B")
    assert its.column("Run")[own].endswith("from epoch 0.59")
    assert its.column("beside B")[own] == ""
    assert its.column("epochs")[own] == "0.79"
    assert its.column("cost")[own] == cost(known(second.cost_at(second.step)))
    assert "Learning rate η: 0.5" in its.tip(own)
    assert its.column("after 800")[1 - own].startswith("≈ "), "A was measured before B began, and then after"
    assert its.column("beside B")[1 - own] == "may be luck: one run"
    its.lab.runs.select(first.number)
    assert its.heads[-1] == "beside A"
    its.lab.runs.rename(first.number, name := "<b>&amp; {0} %1 🙂")
    assert name in its.column("Run")
    its.lab.runs.select(second.number)
    its.lab.run_to(90)
    its.lab.draw()
    assert its.heads[2] == "", "all have seen as many digits"


def test_accuracies_on_other_digits_are_marked_and_runs_without_one_are_last(
    compared: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    its = compared(2)
    one, other = (
        replace(each, history=each.history.with_accuracy("validation", 300, 3_000, 0.97, 322, complete=False))
        for each in (run(1, 3_000, {0: 0.1, 1_000: 0.92}), run(2, 3_000, {0: 0.1, 1_000: 0.9}))
    )
    with watched() as painted:
        its.show(monkeypatch, one, other)
    assert [each.text for each in painted if each.text.endswith(" %")][:3] == ["90 %", "95 %", "100 %"]
    assert its.column_at(2) == ["≈ 97.00 %", "≈ 97.00 %"]
    assert "on only the first 322 of the set" in its.tip(0)
    its.show(monkeypatch, run(1, 0, {0: 0.11}), run(2, 3_000, {0: 0.1, 3_000: 0.92}))
    assert its.column_at(2) == ["92.00 %", "–"]
    assert its.column_at(6)[1] == "has not learned yet"
    its.show(monkeypatch, replace(run(1, 0, {}), diverged=True), run(2, 3_000, {3_000: 0.92}))
    assert its.column_at(6)[1] == "diverged"


def test_runs_of_one_seed_are_called_the_same(compared: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """A longer run merges its costs in columns, whose mean is that of others than the last hundred."""
    its, costs = compared(2), np.random.default_rng(0).random(5_000)
    its.lab.runs.select(1)
    own = known(its.lab.run)
    runs = [
        replace(
            each,
            settings=own.settings,
            data=own.data,
            history=each.history.with_costs(0, 0, costs[:count], 10),
        )
        for each, count in ((run(1, 50_000, {990: 0.9}), 5_000), (run(2, 1_000, {990: 0.9}), 100))
    ]
    its.show(monkeypatch, *runs)
    assert its.column("beside A") == ["", "the same run"]
    assert its.column("cost") == [cost(float(costs[:96].mean()))] * 2
    assert its.sentence == "All have the same settings and seed: the same run."
    twin = replace(runs[1], origin=Origin(), parent=Fork(1, 10, 100, kind="twin", letter="A"))
    its.show(monkeypatch, replace(runs[0], origin=Origin()), twin)
    assert its.column("beside A") == ["", "nothing was changed"], "no luck is asked about"
    changed = twin.history.with_intervention(Changed(90, 900, (("eta", 3.0, 1.0),)))
    assert made_name(replace(twin, history=changed)).startswith("twin ")
    at_once = twin.history.with_intervention(Changed(10, 100, (("eta", 3.0, 1.0),)))
    assert made_name(replace(twin, history=at_once)).startswith("η 1.0"), "it was the same for no mini-batch"
    assert "twin" not in str(RunWords().names(replace(twin, history=at_once), ())), (
        "nor is it in a small window"
    )
    its.show(monkeypatch, replace(runs[0], origin=Origin()), replace(twin, history=changed))
    assert its.column("beside A") == ["", "may be luck: one run"]


def test_while_a_run_learns_no_row_changes_its_place(compared: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    its = compared(2)
    its.show(monkeypatch, *(run(number, 1_000, {1_000: share}) for number, share in ((1, 0.9), (2, 0.8))))
    assert its.letters == ["A", "B"]
    rests = its.lab.shown.rests
    monkeypatch.setattr(type(its.lab.shown), "rests", property(lambda shown: False))
    later = [run(number, 2_000, {2_000: share}) for number, share in ((1, 0.8), (2, 0.9))]
    its.show(monkeypatch, *later)
    assert its.letters == ["A", "B"]
    monkeypatch.setattr(type(its.lab.shown), "rests", property(lambda shown: rests))
    its.show(monkeypatch, *later)
    assert its.letters == ["B", "A"]
    for many in range(120):
        its.show(monkeypatch, *(run(number, 1_000, {1_000: many / 200}) for number in (1, 2)))
    pictures = sum(isinstance(each, QPixmap) for each in gc.get_objects())
    assert pictures < 100, "it has them of the last moments alone"


def test_the_letter_keeps_the_hue_of_its_run_while_it_is_selected(compared: Open) -> None:
    its = compared(2)
    item = its.table.item(its.table.currentRow(), 0)
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        image = item.icon().pixmap(its.table.iconSize(), mode).toImage()
        assert image.pixelColor(2, image.height() // 2).name() == LIGHT.runs[1]
    (axis,) = (each for each in its.view.findChildren(QLabel) if not each.pixmap().isNull())
    light = axis.pixmap().toImage()
    set_theme(DARK, its.view)
    assert axis.pixmap().toImage() != light
    set_theme(LIGHT, its.view)


@pytest.mark.parametrize("width", [1_150, 860])
def test_rows_are_seen_whole_and_the_selected_one_is_among_them(compared: Open, width: int) -> None:
    its = compared(8)
    its.lab.runs.rename(its.lab.runs.open[3].number, "W" * 40)
    its.resize(width, 260)
    assert its.table.verticalScrollBar().maximum() == 0, "all eight"
    assert its.table.horizontalScrollBar().maximum() == 0
    for height in range(250, 100, -7):
        its.resize(width, height)
        high = its.table.verticalHeader().defaultSectionSize()
        rows, rest = divmod(its.table.viewport().height(), high)
        assert rest == 0, height
        least = its.table.fontMetrics().height() + 3
        assert rows == 8 or (rows + 1) * least > rows * high, "as many as fit"
        (axis,) = (each for each in its.view.findChildren(QLabel) if not each.pixmap().isNull())
        assert axis.x() == its.table.columnViewportPosition(1) + 6, "below the accuracies"
        selected = its.table.visualRect(its.table.currentIndex())
        assert 0 <= selected.top() < selected.bottom() <= its.table.viewport().height()
        blank = height - its.view.luck_button.geometry().bottom()
        assert 0 <= blank < rows + 8 or rows == 8, "the rows that are seen fill the card"
    font, usual = QFont(its.view.font()), its.view.fontInfo().pixelSize()
    with watched() as painted:
        for pixels in (2 * usual, usual):
            font.setPixelSize(pixels)
            its.view.setFont(font)
            its.view.adopt_theme()
    assert all(each.fits for each in painted)
    assert its.table.verticalHeader().defaultSectionSize() == high, "also after larger text"


def test_a_click_on_a_run_selects_it(compared: Open, qtbot: QtBot) -> None:
    its = compared(3)
    lab, table = its.lab, its.table
    place = table.visualItemRect(its.item(0, 2)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert lab.run is not None
    assert lab.run.letter == its.letters[0]
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert lab.run.letter == its.letters[1]
    lab.runs.select(lab.runs.open[2].number)
    assert its.letters[table.currentRow()] == lab.runs.open[2].letter


def test_runs_with_other_seeds_have_a_range_and_a_verdict(compared: Open) -> None:
    its = compared(2)
    first, second = (run.number for run in its.lab.runs.open)
    assert its.sentence == "One run each may be luck. Is it luck? repeats B with other seeds."
    pretend(its.lab, second, bands=(made_band([0.2, 0.3, 0.25], every=800),))
    assert its.heads[3] == "over 3 other seeds"
    assert its.sentence == "Repeat another run with other seeds, too, to compare it with B."
    pretend(its.lab, first, bands=(made_band([0.1, 0.2, 0.3], every=800),))
    assert sorted(its.column_at(3)) == ["10.00 to 30.00 %", "20.00 to 30.00 %"], "of other seeds alone"
    assert sorted(its.column("beside B")) == ["", "no clear difference"]
    assert its.sentence == "Over their seeds, no clear difference between B and A."
    pretend(its.lab, first, bands=(made_band([0.2, 0.3, 0.25], every=400),))
    pretend(its.lab, second, bands=())
    assert its.heads[3] == "over 3 other seeds, after 400"
    text = its.view.as_text(markdown=True, note="")
    assert "| A 784-30-10, η 3.0 | " in text
    assert "| over 3 other seeds, after 400 |" in text
    assert its.view.as_text(markdown=False, note="note").endswith("# note\n")


def test_digit_by_digit_opens_the_run_selected_before(compared: Open) -> None:
    its = compared(2)
    chosen = its.lab.chosen
    its.view.pair_button.click()
    assert (chosen.now.window.tab, chosen.now.mistakes.against) == ("mistakes", AgainstPart("run", "A"))
    its.lab.runs.select(1)
    its.view.open_pair()
    assert (chosen.now.mistakes.against, chosen.now.mistakes.overview) == (AgainstPart("run", "B"), "groups")
