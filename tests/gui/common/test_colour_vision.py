"""Runs are told apart by colour with any vision of colours, or by dash and letter."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from mnistviz.gui.common.theme import CLEAR, DARK, LIGHT, Theme
from mnistviz.gui.curves.pens import lettered, style

SEEN: dict[str, tuple[tuple[float, ...], ...]] = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritan": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}  # fmt: skip
"""Linear RGB as it is seen: Machado, Oliveira, Fernandes (2009), severity 1."""
TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.072175),
    (0.0193339, 0.119192, 0.9503041),
)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("vision", SEEN)
def test_each_two_of_eight_runs_differ_in_colour(theme: Theme, vision: str) -> None:
    """ΔE of 1976, in CIELAB with the white of D65."""
    colours = map(QColor, theme.runs)
    rgb = np.array([(each.redF(), each.greenF(), each.blueF()) for each in colours])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ np.array(SEEN[vision]).T
    xyz = linear.clip(0, 1) @ np.array(TO_XYZ).T / (0.95047, 1, 1.08883)
    x, y, z = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29).T
    lab = np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=1)
    assert np.linalg.norm(lab[:, np.newaxis] - lab, axis=2)[np.triu_indices(8, 1)].min() >= 11


def test_in_the_clear_look_dashes_tell_them_apart() -> None:
    lines = [lettered(style(CLEAR, "cost", hue, "faint"), letter) for hue, letter in enumerate("ABCDEFGH")]
    assert len({line.dash for line in lines}) == len({line.letter for line in lines}) == 8
    assert {line.colour for line in lines} == {CLEAR.text}
