"""The formats of numbers on the screen: one for each kind, in the user's language."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

_SHORTEST: Final = QLocale.FloatingPointPrecisionOption.FloatingPointShortest.value
_CLOSE: Final = 0.005  # a share of the digits
_MOST_WHOLE: Final = 1 << 63
_NOTHING: Final = 1e-14  # a difference of costs as small as a rounding error
_SUPERSCRIPT: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def whole(value: int) -> str:
    """Return a count: 50,000. Beyond 64 bits, such as a share of a diverged step, it has a power of ten."""
    return _true_minus(QLocale().toString(int(value))) if abs(value) < _MOST_WHOLE else tick(float(value))


def exact(value: float) -> str:
    """Return any number with full precision: 3.0, −0.25, 0.0001."""
    if not (value == 0 or 1e-6 <= abs(value) < 1e12):
        return _true_minus(QLocale().toString(value, "g", _SHORTEST))
    exponent = Decimal(repr(float(value))).as_tuple().exponent
    assert isinstance(exponent, int)
    return _true_minus(QLocale().toString(float(value), "f", max(1, -exponent)))


def _true_minus(text: str) -> str:
    return "−" + text[1:] if text.startswith("-") else text


def rounded(value: float, figures: int) -> str:
    return exact(float(f"{value:.{figures}g}"))


def number_text(value: float, decimals: int = 2, *, sign: bool = False) -> str:
    """Return a measured number with a true minus, and with a plus if `sign`: −0.52; a dash if it is not finite."""
    if not math.isfinite(value):
        return "–"
    text = QLocale().toString(abs(float(value)), "f", decimals)
    if round(abs(float(value)), decimals) == 0:
        return text
    if value < 0:
        return "−" + text
    return "+" + text if sign else text


def tick(value: float) -> str:
    """Return a round number at an axis, as short as it is: 0.5, 20, −3; large ones with separators."""
    shown = float(f"{abs(value):.6g}")
    decimals = 0 if shown == int(shown) else len(f"{shown:f}".rstrip("0").partition(".")[2])
    if shown and not 1e-6 <= shown < 1e9:
        text = QLocale().toString(shown, "g", 3)
    else:
        text = QLocale().toString(shown, "f", decimals)
    return "−" + text if value < 0 and shown else text


def percent(share: float, decimals: int = 2) -> str:
    """Return a share from 0 to 1 as a percentage, with its sign: 95.20 %."""
    return QCoreApplication.translate("", "{percent} %").format(percent=percent_number(share, decimals))


def percent_number(share: float, decimals: int = 2) -> str:
    """Return the percentage without the sign, for a text that has one: 95.20."""
    return QLocale().toString(100.0 * share, "f", decimals)


def beside(*shares: float) -> list[str]:
    """Return percentages shown side by side: 94.6; with one decimal more if they are close together, 98.08."""
    decimals = 1 if max(shares) - min(shares) >= _CLOSE else 2
    return [percent_number(share, decimals) for share in shares]


def epochs(value: float) -> str:
    """Return a number of epochs, never rounded up: 7.98."""
    return QLocale().toString(math.floor(100 * value + 1e-6) / 100, "f", 2)


def step_width(eta: float) -> str:
    """Return an η set by hand, to three figures and as short as it is: 0.1, 3, 216, 1,000."""
    return tick(float(f"{eta:.3g}"))


def changes(values: Sequence[float]) -> list[str]:
    """Return differences of mean costs in one format: −0.0347, or −2.59 × 10⁻⁶ if needed; a rounding error is 0."""
    sizes = [abs(value) for value in values if math.isfinite(value) and abs(value) >= _NOTHING]
    powers = bool(sizes) and min(sizes) < 1e-4
    return [_change(value, powers=powers) for value in values]


def _change(value: float, *, powers: bool) -> str:
    if not math.isfinite(value):
        return "–"
    if abs(value) < _NOTHING:
        return "0"
    size = float(f"{abs(value):.3g}")
    decimals = max(0, 2 - math.floor(math.log10(size)))
    text = _multiple(size) if powers else QLocale().toString(size, "f", decimals)
    return ("−" if value < 0 else "+") + text


def _multiple(value: float) -> str:
    exponent = math.floor(math.log10(abs(value)) + 1e-12)
    mantissa = QLocale().toString(value / 10.0**exponent, "f", 2)
    return QCoreApplication.translate("", "{mantissa} × 10{exponent}").format(
        mantissa=mantissa, exponent=str(exponent).translate(_SUPERSCRIPT)
    )


def cost(value: float) -> str:
    """Return a mean cost to four decimals: 0.0228; very small and very large ones with a power of ten."""
    if not math.isfinite(value):
        return "–"
    if value == 0 or 1e-3 <= abs(value) < 1e6:
        return QLocale().toString(value, "f", 4 if abs(value) < 100 else 1)
    return _multiple(value)


def short_cost(value: float) -> str:
    """Return a mean cost to four figures, or with a power of ten: 99.99, 123,457."""
    if not 1e-3 <= abs(value) < 1e6:
        return cost(value)
    return QLocale().toString(value, "f", min(4, max(0, 3 - math.floor(math.log10(abs(value))))))


def one_figure(value: float) -> str:
    """Return a number above 0 to one figure, for narrow places: 4·10⁻¹²."""
    return _power(value, 0)


def two_figures(value: float) -> str:
    """Return a number with its sign to two significant digits, below 0.0001 with a power of ten: −0.12, +4.3·10⁻⁵."""
    if not math.isfinite(value) or value == 0:
        return number_text(value, 0)
    size = abs(value)
    exponent = int(f"{size:.1e}".split("e")[1])
    text = _power(size, 1) if exponent < -4 or exponent > 5 else number_text(size, max(0, 1 - exponent))
    return ("+" if value > 0 else "−") + text


def _power(value: float, decimals: int) -> str:
    figure, exponent = f"{value:.{decimals}e}".split("e")
    return QCoreApplication.translate("", "{figure}·10{exponent}").format(
        figure=QLocale().toString(float(figure), "f", decimals),
        exponent=str(int(exponent)).translate(_SUPERSCRIPT),
    )
