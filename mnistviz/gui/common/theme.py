"""One palette for light and one for dark, as a Qt style sheet and as colours for painting."""

from functools import cache
from string import Template

from msgspec import Struct
from msgspec.structs import asdict, replace
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget

from mnistviz.assets import asset

TEXT = 13  # pixels: the default size of text


class Theme(Struct, frozen=True):
    """The colours of one look, "#rrggbb" each."""

    dark: bool
    window: str
    card: str
    border: str
    edge: str  # of controls: at least 3 : 1 on window, card and field
    text: str
    muted: str
    off: str  # text and icons of disabled controls
    off_part: str  # the same within a switch
    accent: str  # buttons, selection, playhead
    on_accent: str
    accent_soft: str
    field: str
    grid: str
    track: str
    tile: str  # frames of units and of small pictures
    line: str  # frames and connectors that must be visible
    answer: str  # the activation of a unit
    yes: str  # a positive weight
    no: str  # a negative weight
    right: str
    wrong: str
    paper: str  # handwriting is dark on light, in the dark look light on dark, as MNIST stores it
    ink: str
    runs: tuple[str, ...]  # the colours of the eight runs
    tones: tuple[float, float, float]
    """How far the lines of each set go from the run's colour: towards the text, below 0 towards the card."""
    ring: str = "2px"  # thickness of the ring around the focus
    hatched: bool = False  # whether negative weights are hatched
    lettered: bool = False  # whether the lines of other runs have a dash of their own, and letters

    def run_colour(self, hue: int) -> str:
        return self.runs[hue % len(self.runs)]


LIGHT = Theme(
    dark=False, window="#f4f5f0", card="#ffffff", border="#dfe0da", edge="#8b8d89",
    text="#1c1d22", muted="#62666f", off="#62666f", off_part="#8b8d89", accent="#5550c8", on_accent="#ffffff",
    accent_soft="#ecebfa", field="#f7f7f3", grid="#ecece7", track="#dedfd9", tile="#d0d1cb", line="#86898f",
    answer="#1c1d22", yes="#c25500", no="#0068b5", right="#177a33", wrong="#c0362c",
    paper="#ffffff", ink="#101014", runs=(
        "#046e5d", "#984391", "#8e7003", "#4176b1", "#a33c1d", "#558136", "#bd3263", "#777084",
    ), tones=(0.65, 0.3, 0.0),
)  # fmt: skip
DARK = Theme(
    dark=True, window="#15171b", card="#1e2027", border="#2f323b", edge="#747984",
    text="#eceded", muted="#9ba0ab", off="#9ba0ab", off_part="#747984", accent="#8a86f5", on_accent="#14141c",
    accent_soft="#2b2945", field="#262930", grid="#2a2d35", track="#363a44", tile="#3c404a", line="#7a7f8a",
    answer="#c9ccd2", yes="#ff8b2b", no="#45a5f0", right="#5fcf7f", wrong="#ff8378",
    paper="#000000", ink="#ffffff", runs=(
        "#2cc2b2", "#dd8fd6", "#d4b543", "#89c1f8", "#faa188", "#a2d167", "#fd86ac", "#c8c4d9",
    ), tones=(0.55, 0.0, -0.24),
)  # fmt: skip


def _clear(theme: Theme, ink: str, ground: str, off: str, accent: str, soft: str, grid: str) -> Theme:
    """Return a look of two colours and one accent, for the highest contrast; only what is disabled is grey."""
    return replace(
        theme, window=ground, card=ground, border=ink, edge=ink, text=ink, muted=ink, off=off, off_part=off,
        accent=accent, on_accent=ground, accent_soft=soft, field=ground, grid=grid, track=grid, tile=ink,
        line=ink, answer=ink, yes=ink, no=accent, right=ink, wrong=ink, runs=(ink,) * len(theme.runs),
        tones=(0.0, 0.0, 0.0), ring="3px", hatched=True, lettered=True,
    )  # fmt: skip


CLEAR = _clear(LIGHT, "#000000", "#ffffff", "#6e6e6e", "#0000c8", "#dcdcff", "#c0c0c0")
CLEAR_DARK = _clear(DARK, "#ffffff", "#000000", "#929292", "#ffe34d", "#3c3600", "#585858")


_theme = LIGHT


def theme() -> Theme:
    """Return the look in which all is painted now."""
    return _theme


def set_theme(theme: Theme, *widgets: QWidget) -> None:
    """Set the look, and have widgets follow with all in them: parts first, and those with pens, icons or a cache by a
    method `adopt_theme`."""
    global _theme
    _theme = theme
    for widget in widgets:
        for part in (*reversed(widget.findChildren(QWidget)), widget):
            part.update()
            if hasattr(part, "adopt_theme"):
                part.adopt_theme()


@cache
def toned(theme: Theme, colour: str, tone: float) -> str:
    """Return a colour mixed with that of text by a share, or below 0 with that of the card."""
    own, other = QColor(colour), QColor(theme.text if tone > 0 else theme.card)
    share = abs(tone)
    return QColor.fromRgbF(
        own.redF() + share * (other.redF() - own.redF()),
        own.greenF() + share * (other.greenF() - own.greenF()),
        own.blueF() + share * (other.blueF() - own.blueF()),
    ).name()


@cache
def letters_on(theme: Theme, ground: str) -> str:
    """Return the colour of text or of the card, whichever is read better on a colour; black or white if neither is."""

    def light(name: str) -> float:
        """Return 0.05 more than the luminance, as the Web Content Accessibility Guidelines define both."""
        colour = QColor(name)
        shares = (colour.redF(), colour.greenF(), colour.blueF())
        red, green, blue = (
            each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05

    def contrast(name: str) -> float:
        return max(light(name) / light(ground), light(ground) / light(name))

    usual = max(theme.text, theme.card, key=contrast)
    return usual if contrast(usual) >= 4.5 else max("#000000", "#ffffff", key=contrast)


def palette(theme: Theme) -> QPalette:
    """Return the colours that the style sheet does not set."""
    colours = QPalette()
    role = QPalette.ColorRole
    for roles, colour in (
        ((role.Window,), theme.window),
        ((role.Base,), theme.card),
        ((role.Button, role.AlternateBase), theme.field),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), theme.text),
        ((role.ToolTipBase,), theme.card),
        ((role.PlaceholderText,), theme.muted),
        ((role.Highlight, role.Link), theme.accent),
        ((role.HighlightedText,), theme.on_accent),
        ((role.BrightText,), theme.wrong),
    ):
        for each in roles:
            colours.setColor(each, QColor(colour))
    return colours


def stylesheet(theme: Theme, scale: float = 1.0) -> str:
    """Return the program's style sheet; `scale` enlarges text. Font and palette are the application's."""
    icons = {name: asset("icons", f"{name}.svg").as_posix() for name in ("arrow", "check")}
    sizes = {f"px{size}": f"{round(size * scale)}px" for size in range(12, 19)}
    return _style().substitute(asdict(theme), **icons, **sizes)


@cache
def _style() -> Template:
    return Template(asset("style.qss").read_text(encoding="utf-8"))
