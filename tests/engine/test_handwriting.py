"""What a drawing becomes, from the pad, a row or a picture alike: 28 × 28 as MNIST was made."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnistviz.engine import handwriting
from mnistviz.engine.digits import SIDE, Digits, grey_values
from mnistviz.engine.framing import BOX, framed, ink_boxes, resized
from mnistviz.engine.handwriting import ERASER, Ink, Stroke
from tests.examples import examples
from tests.present import there

Picture = NDArray[np.uint8]
Points = list[tuple[float, float]]

SEVEN: Points = [(0.3, 0.3), (0.6, 0.3), (0.4, 0.7)]

places = st.tuples(st.floats(0, 1, width=32), st.floats(0, 1, width=32))
few = settings(max_examples=examples(40), deadline=None)
lines = st.lists(st.lists(places, min_size=1, max_size=12), min_size=1, max_size=4)


def ink(*strokes: Points, pressure: float = 1.0) -> Ink:
    return Ink(tuple(Stroke(np.array([(x, y, pressure) for x, y in s], dtype=np.float32)) for s in strokes))


def moved(strokes: list[Points], scale: float, x: float, y: float) -> list[Points]:
    return [[(px * scale + x, py * scale + y) for px, py in stroke] for stroke in strokes]


def picture(drawing: Ink) -> Picture:
    found = there(drawing.picture())
    assert found.shape == (28, 28)
    assert found.dtype == np.uint8
    return found


def centre(found: Picture) -> tuple[float, float]:
    """The centre of mass (x, y), counted from the middle of the first pixel."""
    along = np.arange(28)
    mass = found.sum()
    return float(found.sum(axis=0) @ along / mass), float(found.sum(axis=1) @ along / mass)


def box(found: Picture, above: int = 0) -> tuple[int, int]:
    """Width and height of the ink."""
    rows, columns = np.nonzero(found > above)
    return int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


def difference(one: Picture, other: Picture) -> NDArray[np.int_]:
    return np.abs(one.astype(int) - other)


def test_blank_paper_is_no_picture() -> None:
    assert Ink().picture() is None
    assert not Ink()


@few
@given(lines)
def test_the_centre_of_mass_lies_in_the_middle_to_half_a_pixel(strokes: list[Points]) -> None:
    """Unless the ink would not fit then: in that case it touches the edge."""
    found = picture(ink(*strokes))
    edges = np.concatenate([found[0], found[-1], found[:, 0], found[:, -1]])
    assert edges.any() or centre(found) == pytest.approx((14, 14), abs=0.5)


@settings(max_examples=examples(100), deadline=None)
@given(lines, st.lists(st.floats(0.5, 1.5), min_size=4, max_size=4))
def test_the_ink_fits_a_box_of_twenty_pixels(strokes: list[Points], pressures: list[float]) -> None:
    """The faintest rim of it too, however thick the lines and wherever the centre of mass lies."""
    drawn = [ink(stroke, pressure=pressure) for stroke, pressure in zip(strokes, pressures, strict=False)]
    assert max(box(picture(Ink(tuple(line for part in drawn for line in part.strokes))))) <= BOX


def test_a_drawing_fills_the_box() -> None:
    assert max(box(picture(ink(SEVEN)))) >= BOX - 1


@few
@given(lines, st.floats(0, 0.5), st.floats(0, 0.5))
def test_where_one_draws_makes_no_difference(strokes: list[Points], x: float, y: float) -> None:
    here = picture(ink(*moved(strokes, 0.5, 0, 0)))
    assert difference(here, picture(ink(*moved(strokes, 0.5, x, y)))).max() <= 3


@few
@given(lines, st.floats(0.3, 1))
def test_how_large_one_draws_makes_hardly_a_difference(strokes: list[Points], scale: float) -> None:
    assume(np.ptp(np.array([point for stroke in strokes for point in stroke]), axis=0).max() > 0.5)
    large, small = picture(ink(*strokes)), picture(ink(*moved(strokes, scale, 0, 0)))
    assert difference(large, small).max() <= 128  # half of full ink, at the edge of a line
    assert difference(large, small).mean() <= 5


def test_proportions_are_kept() -> None:
    wide, high = box(picture(ink([(0.2, 0.4), (0.8, 0.4), (0.8, 0.6), (0.2, 0.6), (0.2, 0.4)])), above=100)
    assert wide == pytest.approx(20, abs=1)
    assert high == pytest.approx(17.5 / 3 + 2.5, abs=1)


def test_a_dot_stays_a_dot() -> None:
    found = picture(ink([(0.3, 0.8)]))
    assert max(box(found)) <= 4
    assert found.max() == 255
    assert difference(found, picture(ink([(0.3, 0.8), (0.305, 0.8)]))).max() < 200


def test_a_vertical_line_is_a_thin_one() -> None:
    wide, high = box(picture(ink([(0.5, 0.1), (0.5, 0.9)])))
    assert wide <= 4
    assert high >= BOX - 1


def test_there_is_as_much_ink_as_in_mnist(mnist: Digits) -> None:
    """Lines about as thick: a zero drawn has the ink of the zeros in the test set."""
    turns = np.linspace(0, 2 * np.pi, 40)
    zero = [(0.5 + 0.22 * float(np.cos(t)), 0.5 + 0.35 * float(np.sin(t))) for t in turns]
    usual = mnist.test.images[mnist.test.labels == 0].mean()
    assert picture(ink(zero)).mean() == pytest.approx(usual, rel=0.25)


def test_pressing_harder_draws_a_thicker_line() -> None:
    light, hard = (picture(ink(SEVEN, pressure=p)) for p in (0.6, 1.5))
    assert hard.sum() > 1.8 * light.sum()


def test_edges_are_smooth() -> None:
    assert len(np.unique(picture(ink([(0.2, 0.2), (0.5, 0.9)])))) > 10


def test_a_line_is_as_thick_all_along_however_small_it_was_drawn() -> None:
    for end in ((0.5, 0.55), (0.53, 0.55)):
        rows = picture(ink([(0.5, 0.45), end])).sum(axis=1, dtype=int)
        inner = rows[rows > 0][2:-2]  # both ends are round
        assert inner.min() > 0.9 * inner.max()


def test_the_picture_changes_gently_while_one_draws() -> None:
    """No jump from one point to the next, once there is a line to speak of."""
    turns = np.linspace(0, 1.8 * np.pi, 80)
    line = [(0.5 + 0.3 * float(np.cos(t)), 0.5 + 0.4 * float(np.sin(t))) for t in turns]
    pictures = [picture(ink(line[:n])) for n in range(20, len(line))]
    changes = [difference(a, b).mean() for a, b in pairwise(pictures)]
    assert max(changes) < 8


def test_the_eraser_cuts_a_line_in_two() -> None:
    line = ink([(0.1, 0.5), (0.9, 0.5)])
    left, right = line.erased((0.5, 0.2), (0.5, 0.8)).strokes
    assert left.points[-1, 0] < 0.5 - ERASER
    assert right.points[0, 0] > 0.5 + ERASER
    assert len(line.strokes) == 1


def test_the_eraser_leaves_what_it_does_not_touch() -> None:
    seven = ink(SEVEN)
    assert seven.erased((0.9, 0.9), (0.95, 0.95)) is seven
    both = ink(SEVEN, [(0.8, 0.8), (0.9, 0.9)])
    assert both.erased((0.85, 0.85), (0.85, 0.85)).strokes[0] is both.strokes[0]


@few
@given(lines, places, places)
def test_it_rubs_out(strokes: list[Points], start: tuple[float, float], end: tuple[float, float]) -> None:
    once = ink(*strokes).erased(start, end)
    for stroke in once.strokes:
        for share in np.linspace(0, 1, 50):  # all along its way
            at = np.array(start) + share * np.subtract(end, start)
            assert np.hypot(*(stroke.line[:, :2] - at).T).min() > ERASER


def test_rubbing_everything_out_leaves_blank_paper() -> None:
    rubbed = ink([(0.45, 0.5), (0.55, 0.5)]).erased((0.3, 0.5), (0.7, 0.5))
    assert not rubbed
    assert rubbed.picture() is None


def test_ink_over_a_digit_joins_it(mnist: Digits) -> None:
    digit = mnist.test.images[0].reshape(28, 28)
    line = ink([(0.3, 0.5), (0.7, 0.5)])
    alone, crossed = picture(Ink(digit=digit)), picture(Ink(line.strokes, digit))
    assert crossed.sum() > 1.1 * alone.sum()
    assert max(box(crossed, above=16)) <= BOX + 2
    assert centre(crossed) == pytest.approx((14, 14), abs=0.5)


def test_a_digit_that_becomes_ink_still_looks_the_same(mnist: Digits) -> None:
    """It is only moved by a fraction of a pixel."""
    for image in mnist.test.images[:20]:
        digit = image.reshape(28, 28)
        assert difference(digit, picture(Ink(digit=digit))).mean() < 12


def test_the_eraser_works_on_a_digit_too(mnist: Digits) -> None:
    digit = mnist.test.images[0].reshape(28, 28)
    whole = Ink(digit=digit)
    assert whole.erased((0.02, 0.02), (0.03, 0.02)) is whole
    half = there(whole.erased((0.1, 0.3), (0.9, 0.3)).digit)
    assert half[8].max() == 0
    assert np.array_equal(half[16:], digit[16:])
    ink_left = whole
    for y in np.linspace(0, 1, 12):
        ink_left = ink_left.erased((0, y), (1, y))
    assert not ink_left


def test_a_blank_digit_is_no_ink() -> None:
    blank = np.zeros((28, 28), dtype=np.uint8)
    assert Ink(digit=blank).picture() is None
    assert np.array_equal(picture(Ink(ink(SEVEN).strokes, blank)), picture(ink(SEVEN)))


def test_a_long_scribble_is_still_a_picture() -> None:
    chance = np.random.default_rng(1)
    scribble = [[(float(x), float(y)) for x, y in chance.random((400, 2))] for _ in range(10)]
    assert picture(ink(*scribble)).mean() > 60


def test_a_dot_beside_much_ink_is_not_lost() -> None:
    scribble = [(0.1, y) for _ in range(20) for y in (0.1, 0.9)]
    beside = picture(ink(scribble, [(0.9, 0.1)], [(0.9, 0.9)]))[:, 18:]
    assert beside[:14].max() == beside[14:].max() == 255


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0, 1, width=32)), max_size=40))
def test_the_largest_share_of_a_pixel_counts(pairs: list[tuple[int, float]]) -> None:
    wanted = [0.0] * 301
    for place, share in pairs:
        wanted[place] = max(wanted[place], share)
    places = np.array([place for place, _ in pairs], np.intp)
    found = handwriting.largest_at(places, np.array([share for _, share in pairs], np.float32), 301)
    assert found.tolist() == wanted


def test_as_drawn_it_lies_where_it_was_drawn_as_large_as_it_was_drawn() -> None:
    for line, edges in (
        ([(0.1, 0.1), (0.2, 0.3)], [1, 1, 9, 6]),
        ([(0.6, 0.5), (0.7, 0.7)], [12, 15, 20, 20]),
    ):
        rows, columns = np.nonzero(there(ink(line).as_drawn()) > 16)
        assert [rows.min(), columns.min(), rows.max(), columns.max()] == edges
    assert Ink().as_drawn() is None


def test_as_drawn_a_digit_keeps_its_bytes_and_a_row_fits(mnist: Digits) -> None:
    digit = mnist.test.images[3].reshape(28, 28)
    np.testing.assert_array_equal(Ink(digit=digit).as_drawn(), digit)
    rows, columns = np.nonzero(there(Ink(digit=np.tile(digit, (1, 2))).as_drawn(2.0)))
    assert rows.min() >= 7
    assert rows.max() <= 20
    assert columns.max() > 18


def test_ink_moves_by_whole_pixels_as_far_as_the_pad_goes(mnist: Digits) -> None:
    digit = mnist.test.images[3].reshape(28, 28)
    at = Ink(digit=digit).moved(2, -3)
    assert at.digit is not None
    np.testing.assert_array_equal(at.digit[:25, 2:], digit[3:, :26])
    assert Ink(digit=digit).moved(9, 0).digit is digit, "it would leave the pad"
    line = ink([(0.3, 0.2), (0.5, 0.6)])
    drawn, moved_line = line.as_drawn(), line.moved(-4, 5).as_drawn()
    assert drawn is not None
    assert moved_line is not None
    difference = moved_line[5:, :24].astype(int) - drawn[:23, 4:]
    assert np.abs(difference).max() <= 1
    assert line.moved(-9, 0) is line
    np.testing.assert_array_equal(line.moved(3, 2).picture(), line.picture())


DRAWN_SEVEN = np.array([(0.3, 0.2, 1), (0.7, 0.2, 1), (0.45, 0.8, 1)], dtype=np.float32)


def test_digits_of_mnist_come_out_as_they_are(mnist: Digits) -> None:
    images = mnist.test.images[:500]
    same = (framed(grey_values(images).reshape(-1, SIDE, SIDE)) == images).all(axis=1)
    assert same.mean() > 0.99  # a few of them stand half a pixel beside their centre


@pytest.mark.parametrize("size", [(40, 30), (200, 90), (12, 60)])
def test_any_size_fills_the_box_with_its_centre_of_mass_in_the_middle(size: tuple[int, int]) -> None:
    ink = np.zeros((1, 260, 260), dtype=np.float32)
    ink[0, 11 : 11 + size[0], 30 : 30 + size[1]] = 1
    ink[0, 11 : 11 + size[0] // 3, 30 + size[1] // 2 : 30 + size[1]] = 0
    picture = framed(ink).reshape(SIDE, SIDE) / 255
    rows, columns = np.nonzero(picture > 0.5)
    assert abs(max(np.ptp(rows), np.ptp(columns)) + 1 - BOX) <= 1
    along = np.arange(SIDE)
    centre = picture.sum(axis=0) @ along / picture.sum(), picture.sum(axis=1) @ along / picture.sum()
    assert centre == pytest.approx((SIDE / 2, SIDE / 2), abs=0.1)


def test_a_drawing_is_the_same_picture_by_the_way_of_a_row() -> None:
    ink = Ink((Stroke(DRAWN_SEVEN),))
    picture = there(ink.picture())
    by_row = framed(ink.raster(1.0)[np.newaxis]).reshape(SIDE, SIDE)
    assert np.abs(by_row.astype(float) - picture).mean() < 6
    assert abs(float(by_row.sum()) / float(picture.sum()) - 1) < 0.1


def test_the_pen_of_a_row_is_as_thick_however_large_one_writes() -> None:
    amounts = []
    for scale in (1.0, 0.5):
        points = DRAWN_SEVEN * np.array((scale, scale, 1), dtype=np.float32)
        amounts.append(framed(Ink((Stroke(points),)).raster(1.0)[np.newaxis]).sum(dtype=float))
    assert amounts[1] == pytest.approx(amounts[0], rel=0.1)


def test_a_row_of_digits_on_a_wide_pad_keeps_its_pixels() -> None:
    canvas = np.random.default_rng(3).integers(0, 256, (SIDE, 5 * SIDE), dtype=np.uint8)
    assert np.allclose(Ink(digit=canvas).raster(5.0) * 255, canvas, atol=1e-3)
    wiped = there(Ink(digit=canvas).erased((4.5, 0.5), (4.6, 0.5)).digit)
    assert np.array_equal(wiped[:, : 4 * SIDE], canvas[:, : 4 * SIDE])
    assert wiped[14, 4 * SIDE + 14] == 0


def test_boxes_hold_the_ink_and_nothing_else() -> None:
    inks = np.zeros((2, 9, 12), dtype=np.float32)
    inks[0, 2:5, 7:11] = 1
    assert ink_boxes(inks).tolist() == [[7, 2, 11, 5], [0, 0, 0, 0]]


@pytest.mark.parametrize("scale", [0.3, 0.5, 1.0, 1.7])
def test_resizing_keeps_the_mean(scale: float) -> None:
    ink = np.random.default_rng(1).random((40, 60), dtype=np.float32)
    assert resized(ink, scale).mean() == pytest.approx(ink.mean(), rel=0.02)
