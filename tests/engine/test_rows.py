"""Rows of digits: cut where the network is surest, and read."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import SIDE, Digits, grey_values, load_digits
from mnistviz.engine.framing import FAINTEST
from mnistviz.engine.handwriting import Ink, Stroke
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import (
    Candidates,
    MadeRow,
    RowReading,
    candidates,
    candidates_by_hand,
    certainty,
    clean,
    cut_at,
    filters,
    find_candidates,
    make_row,
    read_row,
    row_of,
    set_row,
)
from mnistviz.engine.rows.digit_row import ink_through, thickness
from tests import made_pictures as pictures
from tests.examples import one_quick

Ink2 = NDArray[np.float32]


def read(network: Network, ink: Ink2) -> RowReading:
    return read_row(network, find_candidates(row_of(ink)))


def with_tail(made: MadeRow) -> tuple[Ink2, slice]:
    """Return a row whose second digit hangs far below it, and the columns of that."""
    ink, box = np.pad(made.ink, ((0, 60), (0, 0))), made.boxes[1]
    there, start = slice(int(box.left), int(box.right)), int(0.4 * box.top + 0.6 * box.bottom)
    tail = np.repeat(ink[start : int(box.bottom), there], 4, axis=0)
    ink[start : start + len(tail), there] = tail
    return ink, there


def share_right(network: Network, mnist: Digits, rows: int = 20, **how: object) -> float:
    right = 0
    for number in range(rows):
        made = make_row(mnist.test, 5, number, **how)  # type: ignore[arg-type]
        right += read(network, made.ink).digits == made.labels
    return right / rows


def share_at_true_places(network: Network, mnist: Digits, rows: int = 20) -> float:
    right = 0
    for number in range(rows):
        made = make_row(mnist.test, 5, number)
        right += bool((network.predictions(mnist.test.images[list(made.numbers)]) == made.labels).all())
    return right / rows


class TestMade:
    def test_the_same_seed_makes_the_same_row_and_another_another(self, mnist: Digits) -> None:
        rows = [make_row(mnist.test, seed, number) for seed, number in ((1, 2), (1, 2), (1, 3), (2, 2))]
        assert np.array_equal(rows[0].canvas, rows[1].canvas)
        assert len({row.numbers for row in rows}) == 3

    @pytest.mark.parametrize("gaps", [(2, 6), (0, 0), (-2, -2)])
    def test_gaps_lie_between_the_boxes_of_ink(self, mnist: Digits, gaps: tuple[int, int]) -> None:
        found = set()
        for number in range(20):
            made = make_row(mnist.test, 1, number, gaps=gaps)
            found |= {after.left - before.right for before, after in pairwise(made.boxes)}
            for place, box in zip(made.numbers, made.boxes, strict=True):
                columns = np.flatnonzero(mnist.test.images[place].reshape(SIDE, SIDE).any(axis=0))
                assert box.right - box.left == columns[-1] - columns[0] + 1
        assert found == set(range(gaps[0], gaps[1] + 1))

    def test_it_stands_in_the_middle_of_a_canvas(self, mnist: Digits) -> None:
        made = make_row(mnist.test, 1, width=5 * SIDE)
        assert made.canvas.shape == (SIDE, 5 * SIDE)
        assert made.boxes[0].left == pytest.approx(5 * SIDE - made.boxes[-1].right, abs=1)
        assert made.labels == tuple(mnist.test.labels[list(made.numbers)].tolist())


class TestReading:
    def test_rows_with_gaps_are_read_as_their_digits_alone(self, reader: Network, mnist: Digits) -> None:
        assert share_right(reader, mnist, gaps=(2, 6)) >= share_at_true_places(reader, mnist) - 0.05

    @pytest.mark.parametrize(("gaps", "least"), [((0, 2), 0.75), ((-2, 1), 0.6)])
    def test_digits_that_touch_or_overlap_are_mostly_read(
        self, reader: Network, mnist: Digits, gaps: tuple[int, int], least: float
    ) -> None:
        assert share_right(reader, mnist, gaps=gaps) >= least

    @one_quick("rows", [20, 60])
    def test_digits_of_unlike_size_in_a_row_are_read(self, reader: Network, mnist: Digits, rows: int) -> None:
        assert share_right(reader, mnist, rows=rows, sizes=(0.5, 1.0)) >= 0.8

    @one_quick("count", [2, 1, 12])
    def test_any_number_of_digits(self, reader: Network, mnist: Digits, count: int) -> None:
        lengths = [len(read(reader, make_row(mnist.test, 8, n, count=count).ink).digits) for n in range(20)]
        assert sum(length == count for length in lengths) >= 17

    @one_quick("zoom", [2, 5])
    def test_the_size_of_the_writing_does_not_matter(self, reader: Network, mnist: Digits, zoom: int) -> None:
        same = 0
        for number in range(10):
            ink = make_row(mnist.test, 3, number).ink
            large = np.pad(np.kron(ink, np.ones((zoom, zoom), dtype=np.float32)), 30)
            same += read(reader, large).digits == read(reader, ink).digits
        assert same >= 9

    @pytest.mark.parametrize("reach", [-2, 4])
    def test_a_thin_or_a_thick_pen_is_evened_out(self, reader: Network, mnist: Digits, reach: int) -> None:
        right = 0
        for number in range(10):
            made = make_row(mnist.test, 3, number, gaps=(5, 8))
            ink = np.pad(np.kron(made.ink, np.ones((6, 6), dtype=np.float32)), 30)
            row = row_of(filters.largest(ink, reach) if reach > 0 else filters.smallest(ink, -reach))
            assert 1.7 <= thickness(row.ink) / row.unit <= 3.8
            digits = read_row(reader, find_candidates(row)).digits
            right += sum(a == b for a, b in zip(digits, made.labels, strict=True)) if len(digits) == 5 else 0
        assert right >= 40

    @one_quick("label", [9, 7])
    def test_a_long_tail_hides_no_digit(self, reader: Network, mnist: Digits, label: int) -> None:
        """Drawn as high as the tail is long, a 9 was so small that it was read as a 1."""
        right = 0
        numbers = [n for n in range(300) if mnist.test.labels[n] == label][:20]
        for number in numbers:
            digits = read(reader, with_tail(set_row(mnist.test, (0, number, 2, 3), (5, 5, 5)))[0]).digits
            right += digits[1:-2] == (label,)
        assert right >= 0.75 * len(numbers)

    def test_a_tail_is_cut_as_short_wherever_in_its_row_the_digit_stands(self, mnist: Digits) -> None:
        """A 9 that stood lower than its neighbours lost its head instead."""
        made = set_row(mnist.test, (0, int(np.flatnonzero(mnist.test.labels == 9)[0]), 2, 3), (5, 5, 5))
        box = made.boxes[1]

        def picture(lower: int) -> NDArray[np.uint8]:
            ink, there = with_tail(made)
            ink[:, there] = np.roll(ink[:, there], lower, axis=0)
            found = find_candidates(row_of(ink))
            at = np.abs(found.boxes[:, [0, 2]] - (box.left, box.right)).sum(axis=1)
            image: NDArray[np.uint8] = found.images[int(np.lexsort((-found.boxes[:, 3], at))[0])]
            return image

        np.testing.assert_array_equal(picture(20), picture(0))

    def test_the_least_ink_within_a_shape_is_that_of_the_cuts_between_its_ends(self, mnist: Digits) -> None:
        found = find_candidates(row_of(make_row(mnist.test, 2, gaps=(-1, 2)).ink))
        for (first, after), least in zip(found.ends, found.least_within(), strict=True):
            assert least == found.through[first + 1 : after].min(initial=np.inf)

    def test_a_digit_alone_may_be_wider_than_high(self, reader: Network, mnist: Digits) -> None:
        found = []
        for number, image in enumerate(mnist.test.images[:2000]):
            columns, rows = (np.flatnonzero(image.reshape(SIDE, SIDE).any(axis=axis)) for axis in (0, 1))
            if np.ptp(columns) >= 1.2 * np.ptp(rows):
                found.append(len(read(reader, set_row(mnist.test, (number,), ()).ink).digits))
        assert len(found) >= 10
        assert sum(count == 1 for count in found) >= 0.7 * len(found)

    def test_each_shape_is_read_as_the_picture_that_it_is(self, reader: Network, mnist: Digits) -> None:
        reading = read(reader, make_row(mnist.test, 2).ink)
        assert np.array_equal(reading.verdicts, reader.predictions(reading.candidates.images))
        assert ((reading.certainties >= 0) & (reading.certainties <= 1)).all()

    def test_a_row_nobody_waits_for_ends_soon(self, mnist: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(candidates, "_MOST_AT_ONCE", 1)
        row, asked = row_of(make_row(mnist.test, 6, 1).ink), [False, False, True]
        with pytest.raises(Withdrawn):
            find_candidates(row, lambda: asked.pop(0))
        assert not asked

    @pytest.mark.parametrize("gaps", [(2, 6), (-2, 1)])
    def test_a_few_shapes_at_a_time_give_the_same_as_all_at_once(
        self, mnist: Digits, gaps: tuple[int, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """All pixels of all shapes of a long row took more than a gigabyte."""
        row = row_of(make_row(mnist.test, 1, 0, count=12, gaps=gaps).ink)
        whole = find_candidates(row)
        made: list[int] = []
        cut_out = candidates._cut_out

        def noted(*these: Any) -> Any:
            inks = cut_out(*these)
            made.append(inks.size)
            return inks

        monkeypatch.setattr(candidates, "_cut_out", noted)
        monkeypatch.setattr(candidates, "_MOST_AT_ONCE", 20_000)
        parts = find_candidates(row)
        assert len(made) > 3
        assert max(made) <= 20_000
        assert np.array_equal(parts.ends, whole.ends)
        assert np.array_equal(parts.columns, whole.columns)
        assert np.abs(parts.images.astype(int) - whole.images).max() <= 1  # rounding

    def test_digits_with_gaps_are_cut_out_as_in_the_data_set(self, reader: Network, mnist: Digits) -> None:
        made = set_row(mnist.test, (0, 1, 2, 3, 4), (4, 4, 4, 4))
        reading = read(reader, made.ink)
        assert np.array_equal(reading.candidates.images[list(reading.way)], mnist.test.images[:5])
        for shape, box in zip(reading.way, made.boxes, strict=True):
            assert reading.candidates.box(shape) == pytest.approx(box, abs=1)


class TestNetworks:
    def test_sigmoid_outputs_judge_as_well(self, mnist: Digits) -> None:
        from mnistviz.engine.recipes import RECIPES
        from mnistviz.engine.unattended import train

        settings = RECIPES["chapter-3"].settings.changed(
            stop_epochs=2, schedule="constant", training_digits=15_000
        )
        network = train(settings, mnist).network
        assert share_right(network, mnist) >= share_at_true_places(network, mnist) - 0.1

    def test_a_network_that_has_learned_nothing_is_said_to_be_unsure(self, mnist: Digits) -> None:
        made = make_row(mnist.test, 2)
        for output, cost in (("sigmoid", "quadratic"), ("softmax", "cross_entropy")):
            network = Network([784, 30, 10], seed=3, output=output, cost=cost, initial_weights="scaled")
            reading = read(network, made.ink)
            assert not reading.judges_cuts
            assert not reading.is_sure

    @one_quick("rows", [40, 100])
    def test_texts_that_are_called_sure_are_right(self, reader: Network, mnist: Digits, rows: int) -> None:
        sure = right = 0
        for number in range(rows):
            made = make_row(mnist.test, 9, number)
            reading = read(reader, made.ink)
            assert reading.is_sure == (not any(reading.doubtful))
            sure += reading.is_sure
            right += reading.is_sure and reading.digits == made.labels
        assert sure >= 0.4 * rows
        assert right >= 0.9 * sure

    def test_one_bad_digit_spoils_no_row(self, reader: Network, mnist: Digits) -> None:
        found = read(reader, make_row(mnist.test, 2).ink)
        bad = found.certainties.copy()
        bad[found.way[2]] = 0.01
        assert replace(found, certainties=bad).judges_cuts
        bad[list(found.way)] = 0.3
        assert not replace(found, certainties=bad).judges_cuts

    def test_one_that_has_learned_is_sure(self, reader: Network, mnist: Digits) -> None:
        read_rows = [read(reader, make_row(mnist.test, 2, number).ink) for number in range(20)]
        assert sum(reading.judges_cuts for reading in read_rows) >= 19

    def test_one_that_has_diverged_is_unsure_and_does_no_harm(self, mnist: Digits) -> None:
        network = Network([784, 10], seed=1)
        network.parameters[...] = np.nan
        assert not read(network, make_row(mnist.test, 2).ink).is_sure

    def test_other_numbers_of_classes(self, mnist: Digits) -> None:
        reading = read(Network([784, 20, 3], seed=1), make_row(mnist.test, 2).ink)
        assert set(reading.digits) <= {0, 1, 2}
        assert reading.outputs.shape[1] == 3

    def test_certainty_asks_that_one_output_fires_and_no_other(self) -> None:
        outputs = np.array([[0.9, 0.0, 0.0], [0.9, 0.9, 0.0], [0.1, 0.1, 0.1]])
        assert certainty(outputs, "sigmoid") == pytest.approx([0.9, 0.09, 0.081])
        assert certainty(outputs, "softmax") == pytest.approx([0.9, 0.9, 0.1])


class TestCuts:
    @pytest.mark.parametrize("way", [1, -1])
    def test_leaning_strokes_are_parted_though_their_boxes_overlap(self, reader: Network, way: int) -> None:
        y = np.arange(20)
        ink = np.zeros((28, 40), dtype=np.float32)
        for start in (14, 20):
            for wide in range(3):
                ink[y + 4, start + wide - y // 2 + 9 - 5] = 1
        reading = read(reader, ink[:, ::way])
        assert reading.digits == (1, 1)
        left, right = (reading.candidates.box(shape) for shape in reading.way)
        assert right.left < left.right
        assert reading.candidates.through[reading.candidates.ends[reading.way[0], 1]] < 0.01

    @pytest.mark.parametrize("zoom", [1, 4])
    def test_a_cut_through_ink_tells_how_much(self, zoom: int) -> None:
        ink = np.zeros((20, 40), dtype=np.float32)
        ink[:, 4:7] = ink[:, 31:34] = 1
        ink[10:12, 7:31] = 1
        row = row_of(np.kron(ink, np.ones((zoom, zoom), dtype=np.float32)))
        found = find_candidates(row)
        assert found.through[1:-1].min() == pytest.approx(2, abs=0.1)
        assert ink_through(row, found.cuts) == pytest.approx(found.through, abs=0.1)


class TestByHand:
    @pytest.fixture
    def made(self, mnist: Digits) -> MadeRow:
        return set_row(mnist.test, (0, 1, 2), (2, 2))

    def at(self, made: MadeRow, *places: float) -> Candidates:
        row = row_of(made.ink)
        return candidates_by_hand(row, [cut_at(row, place) for place in places])

    def middles(self, made: MadeRow) -> list[float]:
        return [(before.right + after.left) / 2 for before, after in pairwise(made.boxes)]

    def test_cuts_at_the_gaps_give_the_digits(self, reader: Network, mnist: Digits, made: MadeRow) -> None:
        reading = read_row(reader, self.at(made, *self.middles(made)))
        assert reading.way == (0, 1, 2)
        assert np.array_equal(reading.candidates.images, mnist.test.images[:3])

    def test_the_networks_own_way_set_by_hand_is_the_same_way(self, reader: Network, mnist: Digits) -> None:
        for number in range(10):
            row = row_of(make_row(mnist.test, 4, number, gaps=(-1, 2)).ink)
            own = read_row(reader, find_candidates(row))
            by_hand = read_row(reader, candidates_by_hand(row, own.cuts[::-1]))
            assert by_hand.digits == own.digits
            assert np.array_equal(by_hand.candidates.images, own.candidates.images[list(own.way)])

    @pytest.mark.parametrize(("gaps", "digits"), [((), 1), ((0, 1, 2), 3), ((0, 0, 1), 3)])
    def test_a_cut_that_separates_no_ink_makes_no_shape(
        self, reader: Network, made: MadeRow, gaps: tuple[int, ...], digits: int
    ) -> None:
        places = [*self.middles(made), made.boxes[-1].right + 30]  # the last one is beside the ink
        assert len(read_row(reader, self.at(made, *(places[gap] for gap in gaps))).way) == digits

    def test_a_cut_through_a_digit_is_obeyed(self, reader: Network, made: MadeRow) -> None:
        box = made.boxes[1]
        middle = (box.left + box.right) / 2
        reading = read_row(reader, self.at(made, *self.middles(made), middle))
        assert len(reading.way) == 4
        assert reading.candidates.box(reading.way[1]).right == pytest.approx(middle, abs=4)


class TestPad:
    def test_strokes_on_a_wide_pad_are_a_row(self, reader: Network) -> None:
        one = [[(0.3, 0.2), (0.3, 0.8)]]
        seven = [[(0.9, 0.2), (1.3, 0.2), (1.05, 0.8)]]
        strokes = [Stroke(np.array([(x, y, 1) for x, y in s], dtype=np.float32)) for s in one + seven]
        assert read(reader, Ink(tuple(strokes)).raster(2.0)).digits == (1, 7)

    @pytest.mark.parametrize("ink", [np.zeros((28, 140)), np.full((28, 140), FAINTEST)])
    def test_blank_paper_is_no_row(self, ink: Ink2) -> None:
        with pytest.raises(Problem, match="row_empty"):
            row_of(ink.astype(np.float32))

    def test_a_long_line_is_no_row_of_digits(self) -> None:
        ink = np.zeros((40, 3000), dtype=np.float32)
        ink[10:14] = 1
        with pytest.raises(Problem, match="row_too_long"):
            row_of(ink)

    @pytest.mark.parametrize("spot", [(3, 3), (4, 1), (20, 1), (60, 60)])
    def test_what_is_no_digit_does_no_harm(self, reader: Network, spot: tuple[int, int]) -> None:
        ink = np.zeros((100, 200), dtype=np.float32)
        ink[20 : 20 + spot[0], 30 : 30 + spot[1]] = 1
        assert len(read(reader, ink).way) <= 3


RECORD = Path(__file__).with_name("rows.json")
"""To three digits. After a deliberate change `python -m tests.engine.test_rows` writes it anew; read its diff."""


def by_means(mnist: Digits) -> Network:
    """Return a network that takes an image for the digit whose mean it is nearest to: the same on every processor."""
    network = Network([784, 10], seed=1, output="softmax", cost="cross_entropy")
    images = grey_values(mnist.validation.images).astype(float)
    means = np.stack([images[mnist.validation.labels == label].mean(axis=0) for label in range(10)])
    network.weights[0][...], network.biases[0][...] = means / 4, -(means**2).sum(axis=1) / 8
    return network


def outcomes(mnist: Digits) -> dict[str, list[float]]:
    """Return, of all that rows and pictures give, the number of values, their mean, and that by their order."""
    inks, found = dict[str, Ink2](), dict[str, list[Any]]()
    for number, how in enumerate(
        ({"gaps": (-2, 1)}, {"gaps": (-1, 3), "sizes": (0.5, 1)}, {"gaps": (9, 14)})
    ):
        inks[f"row {number}"] = make_row(mnist.test, 6, number, count=(8, 8, 5)[number], **how).ink  # type: ignore
    made = set_row(mnist.test, (0, 9, 12), (2, 0))
    ink = np.pad(np.kron(made.ink, np.ones((3, 3), np.float32)), 12)
    inks |= {"thick": filters.largest(ink, 3), "thin": filters.smallest(ink, 1), "tail": with_tail(made)[0]}
    for name, ink in inks.items():
        every = find_candidates(row_of(ink))
        reading = read_row(by_means(mnist), every)
        cut = every.row.ink, every.row.unit, every.cuts, every.through, every.prices, every.least_within()
        shapes = every.ends, every.images, every.oddness, every.wide, every.boxes
        found[name] = [*cut, *shapes, reading.way, reading.chances, reading.digits]
    small = [pictures.writing(mnist, seed, count=4, zoom=2.0)[0] for seed in (2, 3)]
    ruled = pictures.ruled(pictures.shadowed(pictures.on_paper(pictures.tilted(small[0], 5))), 30)
    lines = pictures.boxed(pictures.on_paper(np.vstack([small[1], small[1]]), 0.2, 0.9), pen=0.9)
    grey = {"ruled": pictures.as_bytes(pictures.noisy(ruled, 1, 0.02)), "lines": pictures.as_bytes(lines)}
    for name, picture in (grey | {"boxes": pictures.in_boxes(mnist, 1)[0]}).items():
        page = clean(picture)
        ink = page.ink
        found[name] = [
            page.threshold,
            page.tilt,
            page.lines,
            ink,
            ink.min(),
            ink.max(),
            page.contrast,
            page.line(),
        ]

    def summary(values: Any) -> list[float]:
        flat = np.where(np.isfinite(values), values, 99).astype(float).ravel()
        return [len(flat), float(flat.mean()), float(flat @ np.linspace(0, 1, len(flat)) / len(flat))]

    return {name: [value for each in values for value in summary(each)] for name, values in found.items()}


def test_rows_and_pictures_give_what_they_gave(mnist: Digits) -> None:
    for name, values in outcomes(mnist).items():
        assert values == pytest.approx(json.loads(RECORD.read_text("utf-8"))[name], rel=3e-4, abs=3e-4), name


if __name__ == "__main__":
    given = outcomes(load_digits()).items()
    rounded = [f' "{name}": {[round(value, 4) for value in values]}' for name, values in given]
    RECORD.write_text("{\n" + ",\n".join(rounded) + "\n}\n", encoding="utf-8")
