"""Ink in 28 × 28 as MNIST was made, from the pad, a row or a picture alike."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.digits import SIDE, Digits, grey_values
from mnistviz.engine.framing import BOX, framed, ink_boxes, resized
from mnistviz.engine.handwriting import Ink, Stroke

SEVEN = np.array([(0.3, 0.2, 1), (0.7, 0.2, 1), (0.45, 0.8, 1)], dtype=np.float32)


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
    ink = Ink((Stroke(SEVEN),))
    picture = ink.picture()
    assert picture is not None
    by_row = framed(ink.raster(1.0)[np.newaxis]).reshape(SIDE, SIDE)
    assert np.abs(by_row.astype(float) - picture).mean() < 6
    assert abs(float(by_row.sum()) / float(picture.sum()) - 1) < 0.1


def test_the_pen_of_a_row_is_as_thick_however_large_one_writes() -> None:
    amounts = []
    for scale in (1.0, 0.5):
        points = SEVEN * np.array((scale, scale, 1), dtype=np.float32)
        amounts.append(framed(Ink((Stroke(points),)).raster(1.0)[np.newaxis]).sum(dtype=float))
    assert amounts[1] == pytest.approx(amounts[0], rel=0.1)


def test_a_row_of_digits_on_a_wide_pad_keeps_its_pixels() -> None:
    canvas = np.random.default_rng(3).integers(0, 256, (SIDE, 5 * SIDE), dtype=np.uint8)
    assert np.allclose(Ink(digit=canvas).raster(5.0) * 255, canvas, atol=1e-3)
    wiped = Ink(digit=canvas).erased((4.5, 0.5), (4.6, 0.5)).digit
    assert wiped is not None
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
