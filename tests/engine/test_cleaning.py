"""Pictures of handwriting: cleaned whatever the light, the paper and the hand that held the camera."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import (
    Cleaned,
    RowReading,
    clean,
    even,
    find_candidates,
    read_row,
    row_of,
    set_row,
    take_ink,
)
from mnistviz.engine.rows.connected import connected
from tests import made_pictures as made
from tests.examples import one_quick

Picture = NDArray[np.uint8]
Grey = NDArray[np.float32]

SEEDS = range(8)
few_or_all = pytest.mark.parametrize(
    "seeds", [SEEDS[:3], pytest.param(SEEDS, marks=pytest.mark.long)], ids=len
)


def read(network: Network, cleaned: Cleaned) -> RowReading:
    return read_row(network, find_candidates(row_of(cleaned.line())))


def with_alpha(ink: Grey, *, white: bool = False) -> Picture:
    """Black or white ink on a sheet that one can look through."""
    rgba = np.full((*ink.shape, 4), 255 if white else 0, dtype=np.uint8)
    rgba[..., 3] = made.as_bytes(ink)
    return rgba


def in_colour(ink: Grey) -> Picture:
    """Blue ink on yellow paper."""
    paper, pen = np.array([250, 240, 170, 255]), np.array([30, 50, 160, 255])
    mixed: Picture = np.rint(paper + (pen - paper) * ink[..., np.newaxis]).astype(np.uint8)
    return mixed


def on_a_table(grey: Grey) -> Grey:
    return np.pad(grey, ((60, 50), (80, 70)), constant_values=0.25)


def half_in_the_shade(grey: Grey) -> Grey:
    """A shadow with a hard edge right across the digits."""
    height, width = grey.shape
    y, x = np.mgrid[:height, :width]
    return np.where(y + 0.5 * x > height * 0.9, grey * 0.6, grey).astype(np.float32)


def dotted(grey: Grey) -> Grey:
    chance = np.random.default_rng(5)
    dirty = grey.copy()
    for y, x in zip(
        chance.integers(0, len(grey) - 5, 12), chance.integers(0, grey.shape[1] - 5, 12), strict=True
    ):
        dirty[y : y + 4, x : x + 4] = 0.2
    return dirty


KINDS: dict[str, Callable[[Grey, int], Picture]] = {
    "plain": lambda ink, seed: made.as_bytes(made.on_paper(ink)),
    "light on dark": lambda ink, seed: made.as_bytes(made.on_paper(ink, 0.1, 0.9)),
    "noise": lambda ink, seed: made.as_bytes(made.noisy(made.on_paper(ink), seed, 0.2)),
    "shadow": lambda ink, seed: made.as_bytes(made.noisy(made.shadowed(made.on_paper(ink)), seed, 0.02)),
    "hard shadow": lambda ink, seed: made.as_bytes(half_in_the_shade(made.on_paper(ink))),
    "blackboard in uneven light": lambda ink, seed: made.as_bytes(
        made.shadowed(made.on_paper(ink, 0.15, 0.9))
    ),
    "pale pencil": lambda ink, seed: made.as_bytes(made.noisy(made.on_paper(ink, 0.8, 0.6), seed, 0.01)),
    "tilted 10": lambda ink, seed: made.as_bytes(made.on_paper(made.tilted(ink, 10))),
    "tilted -10": lambda ink, seed: made.as_bytes(made.on_paper(made.tilted(ink, -10))),
    "tilted 4 with noise": lambda ink, seed: made.as_bytes(
        made.noisy(made.on_paper(made.tilted(ink, 4)), seed)
    ),
    "ruled": lambda ink, seed: made.as_bytes(made.ruled(made.on_paper(ink), 45)),
    "ruled dark": lambda ink, seed: made.as_bytes(made.ruled(made.on_paper(ink), 45, pale=0.2)),
    "squared": lambda ink, seed: made.as_bytes(
        made.ruled(made.ruled(made.on_paper(ink), 30, pale=0.7).T, 30, pale=0.7).T
    ),
    "ruled and tilted": lambda ink, seed: made.as_bytes(
        1 - made.tilted(1 - made.ruled(np.pad(made.on_paper(ink), 90, constant_values=0.92), 45), 7)
    )[130:-130, 130:-130],
    "specks": lambda ink, seed: made.as_bytes(dotted(made.on_paper(ink))),
    "a finger at the edge": lambda ink, seed: made.as_bytes(
        np.pad(made.on_paper(ink), ((0, 0), (14, 0)), constant_values=0.2)
    ),
    "on a table": lambda ink, seed: made.as_bytes(on_a_table(made.on_paper(ink))),
    "black with alpha": lambda ink, seed: with_alpha(ink),
    "white with alpha": lambda ink, seed: with_alpha(ink, white=True),
    "colour": lambda ink, seed: in_colour(ink),
}


@pytest.fixture(scope="module")
def writings(mnist: Digits) -> list[tuple[Grey, tuple[int, ...]]]:
    return [(ink, row.labels) for ink, row in (made.writing(mnist, seed, zoom=3.0) for seed in SEEDS)]


@few_or_all
@one_quick("kind", KINDS, quick=7)
def test_every_kind_of_picture_is_read_like_clean_paper(
    kind: str, reader: Network, writings: list[tuple[Grey, tuple[int, ...]]], seeds: range
) -> None:
    right = 0
    for seed in seeds:
        ink, labels = writings[seed]
        cleaned = clean(KINDS[kind](ink, seed))
        assert len(cleaned.lines) == 1
        assert cleaned.light_on_dark == (
            kind in ("light on dark", "blackboard in uneven light", "white with alpha")
        )
        digits = read(reader, cleaned).digits
        right += sum(a == b for a, b in zip(digits, labels, strict=True)) if len(digits) == len(labels) else 0
    assert right >= 0.75 * 5 * len(seeds)


def ring(high: int, wide: int, pen: float) -> Grey:
    """A round zero."""
    y, x = np.mgrid[-high / 2 : high / 2, -wide / 2 : wide / 2]
    away = (np.hypot(y / (high / 2 - pen), x / (wide / 2 - pen)) - 1) * (min(high, wide) / 2 - pen)
    drawn: Grey = np.clip(pen / 2 + 0.5 - np.abs(away), 0, 1).astype(np.float32)
    return drawn


class TestPencils:
    """Strokes that are dark where the pencil is pressed, and pale elsewhere."""

    def test_a_round_digit_that_is_pale_at_the_top_hangs_together(self) -> None:
        fading = np.linspace(0.2, 0.8, 90, dtype=np.float32)[:, np.newaxis]
        paper: Grey = np.pad(ring(90, 80, 6) * fading, 40)
        inked = clean(made.as_bytes(made.on_paper(paper, pen=0))).line() > 0.5
        assert connected(inked)[1] == 1
        assert connected(~inked)[1] == 2  # paper around it, and within

    def test_what_is_pale_all_over_is_no_ink(self) -> None:
        paper = np.zeros((170, 400), dtype=np.float32)
        for left, strength in ((40, 0.8), (160, 0.8), (280, 0.25)):  # the last one shows through from behind
            paper[40:130, left : left + 80] = strength * ring(90, 80, 6)
        assert connected(clean(made.as_bytes(made.on_paper(paper, pen=0))).line() > 0.5)[1] == 2

    def test_wide_thin_zeros_in_wide_gaps_are_not_cut(self, reader: Network) -> None:
        zeros = [np.pad(ring(90, wide, 4), ((40, 40), (50, 50))) for wide in (100, 108, 112, 104)]
        assert read(reader, clean(made.as_bytes(made.on_paper(np.hstack(zeros))))).digits == (0, 0, 0, 0)


class TestTightPictures:
    """Pictures that show the digits and next to nothing around them, as one cuts them out of a form or a page."""

    def test_bars_of_a_digit_are_no_ruled_lines(self, reader: Network, mnist: Digits) -> None:
        right = total = 0
        for number in range(40):
            if mnist.validation.labels[number] in (2, 5, 7):  # those with bars
                ink = made.smooth(set_row(mnist.validation, (number,), ()).ink, 8.0)
                rows, columns = (np.flatnonzero((ink > 0.5).any(axis=axis)) for axis in (1, 0))
                tight = np.pad(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], ((8, 8), (20, 20)))
                digits = read(reader, clean(made.as_bytes(made.on_paper(tight)))).digits
                right += digits == (int(mnist.validation.labels[number]),)
                total += 1
        assert right >= 0.9 * total

    def test_a_frame_is_taken_away_with_its_sides(self, reader: Network, mnist: Digits) -> None:
        right = 0
        for seed in range(10):
            ink, row = made.writing(mnist, seed, count=4, zoom=2.0)
            picture = made.boxed(made.on_paper(ink))
            right += read(reader, clean(made.as_bytes(picture))).digits == row.labels
        assert right >= 8

    def test_tilted_boxes_side_by_side_are_removed(self, reader: Network, mnist: Digits) -> None:
        right = 0
        for seed in range(8):
            picture, labels = made.in_boxes(mnist, seed)
            digits = read(reader, clean(picture)).digits
            right += sum(a == b for a, b in zip(digits, labels, strict=True)) if len(digits) == 6 else 0
        assert right >= 0.85 * 6 * 8

    def test_a_small_round_digit_is_no_speck_and_a_long_line_above_is_no_digit(self) -> None:
        paper = np.full((120, 600), 0.9, dtype=np.float32)
        paper[40:100, 100:106] = paper[40:100, 300:306] = 0.1  # two bars
        paper[60:77, 200:217] = 0.1  # and a ring, drawn with a thin pen
        paper[62:75, 202:215] = 0.9
        paper[10:13, 80:360] = 0.1
        cleaned = clean(made.as_bytes(paper))
        assert cleaned.ink[:20].max() == 0
        assert cleaned.ink[60:77, 200:217].max() == 1

    def test_a_1_beside_heavy_zeros_is_no_fold(self) -> None:
        y, x = np.mgrid[-50:50, -100:200]
        zeros = (np.abs(np.hypot(x, y) - 24) < 7) | (np.abs(np.hypot(x - 100, y) - 24) < 7)
        one = (np.abs(x + 60) <= 4) & (np.abs(y) < 36)
        assert clean(made.as_bytes(made.on_paper((zeros | one).astype(np.float32)))).ink[one].min() > 0.4

    def test_a_line_along_the_edge_takes_no_digit_with_it(self) -> None:
        paper = np.full((90, 400), 0.9, dtype=np.float32)
        paper[20:88, 100:108] = paper[20:70, 200:208] = 0.1
        paper[84:, 60:260] = 0.1  # along half of the lower edge; one bar stands on it
        ink = clean(made.as_bytes(paper)).ink
        assert ink[25:80, 103].min() == 1
        assert ink[-3:].max() == 0

    def test_a_pale_line_below_digits_leaves_them_whole(self, reader: Network, mnist: Digits) -> None:
        right = 0
        for seed in range(10):
            ink, row = made.writing(mnist, seed, count=4, zoom=3.0)
            tight = ink[30:-30]
            below = len(tight) - int(np.flatnonzero((tight > 0.5).any(axis=1))[-1]) + 2
            picture = made.underlined(made.on_paper(tight), below, pale=0.45)
            right += read(reader, clean(made.as_bytes(picture))).digits == row.labels
        assert right >= 7


class TestTilt:
    @few_or_all
    @pytest.mark.parametrize("degrees", [-10.0, -5.0, 5.0, 10.0])
    def test_it_is_found_and_taken_back(
        self, writings: list[tuple[Grey, tuple[int, ...]]], degrees: float, seeds: range
    ) -> None:
        off = []
        for seed in seeds:
            ink, _ = writings[seed]
            off.append(abs(clean(made.as_bytes(made.on_paper(made.tilted(ink, degrees)))).tilt - degrees))
        assert np.median(off) <= 2

    def test_a_single_digit_is_left_as_it_is(self, mnist: Digits) -> None:
        for seed in SEEDS:
            ink, _ = made.writing(mnist, seed, count=1)
            assert clean(made.as_bytes(made.on_paper(made.tilted(ink, 8)))).tilt == 0

    def test_what_was_found_is_told_in_the_picture(self, mnist: Digits) -> None:
        ink = made.tilted(np.pad(made.writing(mnist, 2, zoom=3.0)[0], ((0, 60), (90, 0))), 9)
        for large in (1, 4):  # which is made smaller first
            found = clean(np.kron(made.as_bytes(made.on_paper(ink)), np.ones((large, large), dtype=np.uint8)))
            here, there = (np.argwhere(each > 0.5).mean(axis=0)[::-1] for each in (found.ink, ink))
            assert found.in_picture(here) == pytest.approx(there * large, abs=large)
            assert max(found.ink.shape) <= 1800


class TestThreshold:
    def test_a_threshold_that_is_given_is_used(self, mnist: Digits) -> None:
        ink, _ = made.writing(mnist, 1, zoom=3.0)
        evened = even(made.as_bytes(made.on_paper(ink)))
        amounts = [np.count_nonzero(take_ink(evened, threshold).ink > 0.5) for threshold in (0.2, 0.5, 0.8)]
        assert amounts[0] > amounts[1] > amounts[2] > 0
        assert take_ink(evened, 0.3).threshold == 0.3

    @pytest.mark.parametrize("threshold", [0.0, 1.0])
    def test_the_ends_of_its_range_do_no_harm(self, mnist: Digits, threshold: float) -> None:
        ink, _ = made.writing(mnist, 1, zoom=3.0)
        assert clean(made.as_bytes(made.on_paper(ink)), threshold).lines


class TestNumberOfDigits:
    def test_one(self, reader: Network, mnist: Digits) -> None:
        right = 0
        for seed in range(10):
            ink, row = made.writing(mnist, seed, count=1)
            right += read(reader, clean(made.as_bytes(made.on_paper(ink)))).digits == row.labels
        assert right >= 8

    def test_twenty(self, reader: Network, mnist: Digits) -> None:
        for seed in range(2):
            ink, row = made.writing(mnist, seed, count=20)
            digits = read(reader, clean(made.as_bytes(made.on_paper(ink)))).digits
            assert len(digits) == 20
            assert sum(a == b for a, b in zip(digits, row.labels, strict=True)) >= 17

    @pytest.mark.parametrize("degrees", [0.0, 6.0])
    def test_two_lines_are_two(self, mnist: Digits, degrees: float) -> None:
        inks = [made.writing(mnist, seed, zoom=3.0)[0] for seed in (1, 2)]
        wide = max(ink.shape[1] for ink in inks)
        both = np.concatenate([np.pad(ink, ((0, 0), (0, wide - ink.shape[1]))) for ink in inks])
        cleaned = clean(made.as_bytes(made.on_paper(made.tilted(both, degrees))))
        assert len(cleaned.lines) == 2
        assert cleaned.lines[0].bottom <= cleaned.lines[1].top
        assert not (cleaned.line(0) * cleaned.line(1)).any()

    @pytest.mark.parametrize("grey", [0, 128, 255])
    def test_a_blank_picture_has_none(self, grey: int) -> None:
        with pytest.raises(Problem, match="picture_without_digits"):
            clean(np.full((200, 300), grey, dtype=np.uint8))

    def test_noise_light_and_rules_are_none(self) -> None:
        paper = np.full((240, 500), 0.9, dtype=np.float32)
        for picture in (
            made.noisy(paper, 1),
            made.noisy(made.shadowed(paper), 2, 0.03),
            made.noisy(made.ruled(paper, 40), 3, 0.02),
        ):
            with pytest.raises(Problem, match="picture_without_digits"):
                clean(made.as_bytes(picture))

    @pytest.mark.parametrize("shape", [(1, 1), (1, 400), (400, 1), (3, 3), (2, 2000)])
    def test_the_smallest_pictures_are_none(self, shape: tuple[int, int]) -> None:
        for picture in (np.zeros(shape, dtype=np.uint8), np.zeros((*shape, 4), dtype=np.uint8)):
            with pytest.raises(Problem, match="picture_without_digits"):
                clean(picture)


class TestWork:
    def test_it_tells_its_progress_can_be_cancelled_and_leaves_the_picture_alone(self, mnist: Digits) -> None:
        picture = made.as_bytes(made.on_paper(made.writing(mnist, 1)[0]))
        picture.flags.writeable = False
        told: list[float] = []
        clean(picture, tell=told.append)
        assert told == sorted(told)
        assert told[-1] == 1
        assert len(told) >= 5

        class EndedError(Exception):
            pass

        def end(share: float) -> None:
            raise EndedError

        with pytest.raises(EndedError):
            clean(picture, tell=end)
