"""One palette for light and one for dark, as a Qt style sheet and as colours for painting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPalette

from mnistviz.assets import asset

TEXT = 13  # pixels: the default size of text


@dataclass(frozen=True)
class Theme:
    """The colours of one look, "#rrggbb" each."""

    dark: bool
    window: str
    card: str
    border: str
    edge: str  # of controls: at least 3 : 1 on window, card and field
    text: str
    muted: str
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
    """How far the lines of training, validation and test go from the run's colour: towards the text, below 0 towards
    the card."""


LIGHT = Theme(
    dark=False, window="#f4f5f0", card="#ffffff", border="#dfe0da", edge="#8b8d89",
    text="#1c1d22", muted="#62666f", accent="#5550c8", on_accent="#ffffff", accent_soft="#ecebfa", field="#f7f7f3",
    grid="#ecece7", track="#dedfd9", tile="#d0d1cb", line="#86898f", answer="#1c1d22", yes="#c25500", no="#0068b5",
    right="#177a33", wrong="#c0362c",
    paper="#ffffff", ink="#101014", runs=(
        "#00857a", "#a34e9c", "#8a6d00", "#3b6ea8", "#b5482f", "#4f7a1f", "#c23a6b", "#6b6375",
    ), tones=(0.65, 0.3, 0.0),
)  # fmt: skip
DARK = Theme(
    dark=True, window="#15171b", card="#1e2027", border="#2f323b", edge="#747984",
    text="#eceded", muted="#9ba0ab", accent="#8a86f5", on_accent="#14141c", accent_soft="#2b2945", field="#262930",
    grid="#2a2d35", track="#363a44", tile="#3c404a", line="#7a7f8a", answer="#c9ccd2", yes="#ff8b2b", no="#45a5f0",
    right="#5fcf7f", wrong="#ff8378",
    paper="#000000", ink="#ffffff", runs=(
        "#35cdbd", "#dd8fd6", "#d8b84a", "#7fb4ea", "#f0937c", "#9fcc5f", "#ff8fb5", "#b9b3c6",
    ), tones=(0.55, 0.0, -0.24),
)  # fmt: skip


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


def letters_on(theme: Theme, ground: str) -> str:
    """Return the colour of text or of the card, whichever has more contrast on another colour."""

    def luminance(name: str) -> float:
        """Return the luminance as the Web Content Accessibility Guidelines define it."""
        colour = QColor(name)
        shares = (colour.redF(), colour.greenF(), colour.blueF())
        linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in shares)
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    card, text, on = (luminance(name) + 0.05 for name in (theme.card, theme.text, ground))
    return theme.card if max(card / on, on / card) > max(text / on, on / text) else theme.text


def weight_colours(theme: Theme) -> NDArray[np.uint8]:
    """Return RGBA, (256, 4), for weights −127 … +127 as bytes 1 … 255: blue negative, orange positive, 128 the card."""
    middle, no, yes = (
        np.array(QColor(name).getRgb(), dtype=float) for name in (theme.card, theme.no, theme.yes)
    )
    share = (np.arange(256)[:, np.newaxis] - 128) / 127
    strength = np.minimum(np.abs(share), 1)
    colours: NDArray[np.uint8] = np.rint(middle + strength * (np.where(share < 0, no, yes) - middle)).astype(
        np.uint8
    )
    return colours


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
    """Return the style sheet of the whole program; `scale` enlarges text for a classroom. Defaults are in the
    application's font and palette."""

    def px(points: float) -> str:
        return f"{round(points * scale)}px"

    return (
        _surfaces(theme, px)
        + _buttons(theme, px)
        + _runs(theme, px)
        + _fields(theme)
        + _sliders_and_bars(theme)
    )


def _surfaces(t: Theme, px: Callable[[float], str]) -> str:
    return f"""
    QMainWindow, QDialog, QMessageBox, [role="stage"] {{ background: {t.window}; }}
    QDialogButtonBox, QMessageBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QToolTip {{ background: {t.card}; color: {t.text}; border: 1px solid {t.border}; padding: 4px; }}
    [role="card"] {{ background: {t.card}; border: 1px solid {t.border}; border-radius: 10px; }}
    [role="docked"] {{ background: {t.card}; border: 1px solid transparent; border-left-color: {t.border};
        border-top-right-radius: 9px; border-bottom-right-radius: 9px; }}
    [role="docked"][ring="true"] {{ border-color: {t.accent}; border-radius: 9px; }}
    [role="cardTitle"] {{ font-weight: 600; }}
    [role="cardNote"], [role="hint"], [role="statusText"], [role="figureName"] {{
        color: {t.muted}; font-size: {px(12)}; }}
    [role="quietText"] {{ color: {t.muted}; }}
    [role="hero"] {{ font-weight: 600; font-size: {px(15)}; }}
    [role="heroField"] {{ font-weight: 600; font-size: {px(14)}; padding: 3px 4px; }}
    [role="rule"] {{ background: {t.border}; }}
    [role="overlay"] {{ background: {t.card}; color: {t.wrong}; border: 1px solid {t.wrong}; border-radius: 6px;
        padding: 6px 8px; }}
    [role="smallPrint"] {{ color: {t.muted}; font-size: {px(12)}; }}
    [role="reading"] {{ font-size: {px(TEXT)}; }}
    [role="hint"][invalid="true"] {{ color: {t.wrong}; }}
    [role="figureValue"] {{ font-weight: 600; font-size: {px(15)}; }}
    [role="dot"] {{ background: {t.accent}; border-radius: 3px; }}
    [role="foot"] {{ border: 0; border-top: 1px solid {t.border}; }}
    [role="foot"] QPushButton {{ padding: 4px 6px; }}
    [role="planText"] {{ font-size: {px(12)}; }}
    [role="mark"] {{ color: {t.accent}; font-size: {px(12)}; }}
    [role="mark"][invalid="true"] {{ color: {t.wrong}; }}
    [role="ideaTitle"] {{ font-weight: 600; font-size: {px(18)}; }}
    [role="figureTitle"] {{ font-weight: 600; font-size: {px(14)}; }}
    [role="ideaLine"] {{ font-size: {px(16)}; }}
    [role="ideaDetail"] {{ color: {t.muted}; font-size: {px(TEXT)}; }}
    [role="questionBar"] {{ background: {t.accent}; border-radius: 1px; }}
    [role="task"] {{ background: {t.field}; border: 1px solid {t.border}; border-left: 3px solid {t.accent};
        border-radius: 7px; }}
    [role="task"][done="true"] {{ background: {t.card}; border-color: {t.right}; }}
    [role="taskMark"] {{ color: {t.accent}; font-weight: 600; }}
    [role="taskMark"][done="true"], [role="pageTick"] {{ color: {t.right}; font-weight: 600; }}
    [role="rightWord"] {{ color: {t.right}; font-size: {px(12)}; }}
    [role="wrongWord"] {{ color: {t.wrong}; font-size: {px(12)}; }}
    [role="pageEntry"] {{ border: 1px solid transparent; border-radius: 7px; }}
    [role="pageEntry"]:hover {{ background: {t.field}; }}
    [role="pageEntry"][chosen="true"] {{ background: {t.accent_soft}; }}
    [role="pageEntry"][ring="true"] {{ border-color: {t.accent}; }}
    [role="pageEntryText"] {{ color: {t.muted}; }}
    [role="pageEntryText"][chosen="true"] {{ color: {t.text}; }}
    [role="bottomLine"] QPushButton {{ font-size: {px(12)}; padding: 2px 8px; }}
    [role="bottomLine"] [role="quiet"] {{ background: transparent; padding: 2px 4px; }}
    [role="explanation"] {{ background: {t.card}; border: 1px solid {t.line}; }}
    [role="transportBar"] {{ background: {t.card}; border-bottom: 1px solid {t.border}; }}
    [role="transportBar"] QPushButton {{ padding: 5px 9px; }}
    [role="transportBar"] [role="primary"][ring="true"] {{ padding: 4px 8px; }}
    QMenuBar {{ background: {t.card}; }}
    QMenuBar::item {{ padding: 4px 9px; background: transparent; border-radius: 4px; }}
    QMenuBar::item:selected, QMenu::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
    QMenu {{ background: {t.card}; border: 1px solid {t.border}; padding: 4px; }}
    QMenu::item {{ padding: 5px 22px 5px 22px; border-radius: 4px; }}
    QMenu::item:disabled {{ color: {t.muted}; }}
    QMenu::separator {{ height: 1px; background: {t.border}; margin: 4px 8px; }}
    """


def _buttons(t: Theme, px: Callable[[float], str]) -> str:
    return f"""
    QPushButton, QToolButton {{
        background: {t.card}; border: 1px solid {t.edge}; border-radius: 7px; padding: 5px 11px; font-weight: 600;
    }}
    QPushButton, QToolButton, QCheckBox, QComboBox, QSlider {{ outline: none; }}
    QToolButton {{ padding: 5px; }}
    [role="small"] {{ padding: 2px; }}
    QPushButton:hover, QToolButton:hover {{ border-color: {t.text}; }}
    QPushButton:pressed, QToolButton:pressed {{ background: {t.accent_soft}; }}
    QToolButton:checked, QPushButton:checked {{ background: {t.accent_soft}; border-color: {t.accent}; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {t.muted}; border-color: {t.border}; }}
    QPushButton[ring="true"], QToolButton[ring="true"], QLineEdit[ring="true"], QSpinBox[ring="true"],
    QComboBox[ring="true"] {{ border-color: {t.accent}; }}
    [role="tab"] {{ background: transparent; border: 1px solid transparent; color: {t.muted}; padding: 4px 11px; }}
    [role="tab"]:checked {{ background: {t.accent_soft}; border-color: {t.accent_soft}; color: {t.text}; }}
    [role="option"] {{ font-weight: 400; background: transparent; color: {t.muted}; padding: 3px 8px;
        font-size: {px(12)}; }}
    [role="option"]:checked, [role="option"]:hover {{ color: {t.text}; }}
    [role="edge"] {{ border-radius: 8px; padding: 0; }}
    [role="tab"][ring="true"], [role="option"][ring="true"], [role="edge"][ring="true"] {{
        border-color: {t.accent}; }}
    [role="primary"] {{ background: {t.accent}; color: {t.on_accent}; border: 1px solid {t.accent}; }}
    [role="primary"]:hover {{ border-color: {t.text}; }}
    [role="primary"][ring="true"] {{ border: 2px solid {t.text}; padding: 4px 10px; }}
    [role="primary"]:disabled {{ background: {t.accent_soft}; color: {t.muted}; border-color: {t.border}; }}
    [role="quiet"] {{ background: transparent; border: 1px solid transparent; font-weight: 400; color: {t.muted};
        padding: 2px 5px; font-size: {px(12)}; }}
    [role="heading"] {{ background: transparent; border: 1px solid transparent; padding: 1px 2px; font-weight: 600;
        text-align: left; }}
    [role="heading"]:checked {{ background: transparent; border-color: transparent; }}
    [role="heading"]:hover {{ background: {t.accent_soft}; }}
    [role="heading"][ring="true"] {{ border-color: {t.accent}; }}
    [role="quiet"]:hover, [role="quiet"]:checked {{ color: {t.text}; background: {t.accent_soft}; }}
    [role="quiet"]::menu-indicator {{ image: none; width: 0; }}
    [role="quiet"][ring="true"] {{ border-color: {t.accent}; }}
    [role="foldLine"], [role="foldLine"]:checked, [role="foldLine"]:hover {{ background: transparent;
        border: 1px solid transparent; padding: 3px 0; font-weight: 400; color: {t.muted}; text-align: left; }}
    [role="foldLine"]:hover {{ background: {t.accent_soft}; }}
    [role="foldLine"][ring="true"] {{ border-color: {t.accent}; }}
    [role="answer"] {{ border-radius: 12px; padding: 4px 13px; font-weight: 400; }}
    [role="workspace"] {{ border-radius: 0; padding: 5px 8px; }}
    [role="workspace"][end="left"] {{ border-top-left-radius: 7px; border-bottom-left-radius: 7px; border-right: 0; }}
    [role="workspace"][end="right"] {{ border-top-right-radius: 7px; border-bottom-right-radius: 7px; }}
    [role="workspace"]:checked {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
    [role="workspace"][ring="true"] {{ border-color: {t.text}; }}
    [role="cell"] {{ padding: 3px 9px; }}
    [role="switch"] {{ background: {t.card}; border: 1px solid {t.edge}; border-radius: 7px; }}
    [role="switchPart"] {{ background: transparent; border: 1px solid transparent; padding: 0 9px; font-weight: 400;
        font-size: {px(12)}; color: {t.muted}; }}
    [role="switchPart"]:hover {{ color: {t.text}; border-color: transparent; }}
    [role="switchPart"]:checked {{ background: {t.accent_soft}; border-color: {t.accent}; color: {t.text};
        font-weight: 600; }}
    [role="switchPart"][ring="true"] {{ border: 2px solid {t.accent}; padding: 0 8px; }}
    """


def _runs(t: Theme, px: Callable[[float], str]) -> str:
    return f"""
    QTableWidget {{ background: {t.card}; border: none; selection-background-color: {t.accent_soft};
        selection-color: {t.text}; outline: none; }}
    QTableWidget::item {{ padding: 0 8px; border-bottom: 1px solid {t.grid}; }}
    QTableWidget::item:selected {{ background: {t.accent_soft}; }}
    QListWidget::item:selected {{ background: {t.accent_soft}; color: {t.text}; border-radius: 4px; }}
    QHeaderView {{ background: {t.card}; }}
    QHeaderView::section {{ background: {t.card}; color: {t.muted}; border: none; border-bottom: 1px solid {t.border};
        padding: 1px 8px 1px 11px; font-size: {px(12)}; }}
    [role="laneBand"] {{ background: {t.accent_soft}; border-radius: 3px; }}
    [role="lane"], [role="lane"]:checked {{ background: transparent; border: 1px solid transparent; border-radius: 3px;
        padding: 0; }}
    [role="lane"]:hover, [role="lane"][ring="true"], [role="laneSwitch"]:hover, [role="laneSwitch"][ring="true"] {{
        border-color: {t.accent}; }}
    [role="laneLetter"] {{ font-weight: 700; font-size: {px(12)}; border-radius: 2px; }}
    [role="laneShare"], [role="laneName"] {{ font-size: {px(12)}; font-weight: 400; }}
    [role="chosenLaneName"] {{ font-size: {px(12)}; font-weight: 700; }}
    [role="laneSwitch"], [role="laneSwitch"]:checked {{ background: transparent; border: 1px solid transparent;
        border-radius: 3px; padding: 0; }}
    """


def _fields(t: Theme) -> str:
    return f"""
    QLineEdit, QSpinBox, QComboBox, QPlainTextEdit, QTextBrowser, QListWidget {{
        background: {t.field}; border: 1px solid {t.edge}; border-radius: 6px; padding: 3px 6px;
        selection-background-color: {t.accent}; selection-color: {t.on_accent};
    }}
    QLineEdit, QSpinBox, QComboBox {{ min-height: 18px; }}
    QLineEdit[planned="true"] {{ border-color: {t.accent}; }}
    QSpinBox::up-button, QSpinBox::down-button {{ width: 0; height: 0; border: none; }}
    QLineEdit[invalid="true"], QSpinBox[invalid="true"] {{ border: 1px solid {t.wrong}; }}
    QCheckBox::indicator, QListWidget::indicator {{ width: 13px; height: 13px; border: 1px solid {t.edge};
        border-radius: 3px; background: {t.field}; }}
    QCheckBox::indicator:checked, QListWidget::indicator:checked {{ background: {t.accent}; border-color: {t.accent};
        image: url({asset("icons", "check.svg").as_posix()}); }}
    QCheckBox[ring="true"] {{ color: {t.accent}; }}
    QComboBox {{ padding: 3px 0 3px 6px; }}
    QComboBox::drop-down {{ border: none; width: 18px; }}
    QComboBox::down-arrow {{ image: url({asset("icons", "arrow.svg").as_posix()}); width: 12px; height: 12px; }}
    QComboBox QAbstractItemView {{ background: {t.card}; selection-background-color: {t.accent_soft};
        selection-color: {t.text}; }}
    QComboBox QAbstractItemView::item {{ padding: 3px 6px; }}
    QComboBox QAbstractItemView::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
    QComboBox QAbstractItemView::item:disabled {{ color: {t.muted}; }}
    """


def _sliders_and_bars(t: Theme) -> str:
    return f"""
    QSlider {{ min-height: 18px; }}
    QSlider::groove:horizontal {{ height: 2px; border: 1px solid {t.edge}; border-radius: 2px;
        background: {t.track}; }}
    QSlider::handle:horizontal {{ width: 14px; height: 14px; margin: -6px 0; border-radius: 7px;
        background: {t.accent}; border: none; }}
    QSlider[ring="true"]::handle:horizontal {{ border: 2px solid {t.text}; width: 10px; height: 10px; }}
    QSlider::handle:horizontal:disabled {{ background: {t.muted}; }}
    [role="hollowKnob"] {{ background: {t.card}; border: 2px solid {t.accent}; border-radius: 6px; }}
    QProgressBar {{ background: {t.track}; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }}
    QProgressBar::chunk {{ background: {t.accent}; border-radius: 2px; }}
    QScrollArea {{ background: transparent; border: none; }}
    [role="scrolled"] {{ background: transparent; }}
    QScrollBar:vertical {{ width: 9px; background: transparent; margin: 0; }}
    QScrollBar:horizontal {{ height: 9px; background: transparent; margin: 0; }}
    QScrollBar::handle {{ background: {t.edge}; border-radius: 4px; min-height: 24px; min-width: 24px; }}
    QScrollBar::handle:hover {{ background: {t.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QSplitter::handle {{ background: transparent; }}
    QSplitter::handle:hover {{ background: {t.accent_soft}; }}
    """
