"""The contrast of two colours."""

from PySide6.QtGui import QColor


def contrast(one: QColor | str, other: QColor | str) -> float:
    """As the Web Content Accessibility Guidelines count it: relative luminances, 0.05 added to each."""
    dark, light = sorted((_luminance(QColor(one)), _luminance(QColor(other))))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(share: float) -> float:
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = colour.redF(), colour.greenF(), colour.blueF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
