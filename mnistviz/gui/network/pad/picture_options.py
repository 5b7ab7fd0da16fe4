"""Noise and framing: a small window at the scratchpad that sets how a drawing becomes the network's input."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from mnistviz.engine.distortion import Noise, NoiseToll
from mnistviz.gui.common.layouts import column_of, label, row_of
from mnistviz.gui.common.steady import SteadySlider
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.widgets import ActionButton, describe, tabular
from mnistviz.gui.network.card_layout import TOOL
from mnistviz.gui.network.pad import picture_words
from mnistviz.gui.network.pad.noise_figure import NoiseFigure
from mnistviz.gui.network.pad.scratchpad import Scratchpad

_STEPS: Final = 20  # of the slider, up to a standard deviation of full ink
_GAP: Final = 6  # pixels between the window and its button
_WIDTH: Final = 46  # characters in a line


class PictureOptions(QFrame):
    """Window that opens at its button. Escape or a click outside closes it and keeps the choices."""

    def __init__(self, pad: Scratchpad, figure: NoiseFigure, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(
            Qt.WidgetAttribute.WA_NoMouseReplay
        )  # the click that closes the window has no other effect
        self.setProperty("role", "explanation")
        self.setObjectName("picture_options")
        self.setAccessibleName(self.tr("Noise and framing"))
        self._pad, self._figure = pad, figure
        self.framing = Switch(
            "picture_framing",
            self.tr("How a drawing is framed"),
            (
                ("mnist", self.tr("as in MNIST"), self.tr("Scales and centres a drawing. (M)")),
                ("drawn", self.tr("as drawn"), self.tr("Leaves a drawing where it is. (M)")),
            ),
            lambda _: pad.centred_action.trigger(),
        )
        self._framing_said, self._noise_said = (
            self._sentence("picture_framing_said"),
            self._sentence("noise_said"),
        )
        self.slider = SteadySlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(4)
        describe(
            self.slider,
            "noise_strength",
            self.tr("Strength of the noise"),
            self.tr("The standard deviation of what is added to each pixel, as a share of full ink."),
        )
        self._value = label("smallPrint", name="noise_strength_value")
        self._value.setFont(tabular(self._value.font()))
        self.anew = ActionButton(pad.noise_anew_action, self)
        self.anew.setProperty("role", "small")
        self.anew.setFixedSize(TOOL, TOOL)
        column_of(
            row_of(label("cardTitle", self.tr("A drawing")), None, self.framing, spacing=12),
            self._framing_said,
            8,
            row_of(
                label("cardTitle", self.tr("Noise")), (self.slider, 1), self._value, self.anew, spacing=10
            ),
            self._noise_said,
            spacing=5,
            margins=(14, 11, 14, 12),
            inside=self,
        )
        self._connect()
        self._show()

    def _connect(self) -> None:
        pad = self._pad
        self.slider.valueChanged.connect(self._on_slider)
        pad.changed.connect(self._show)
        self._figure.changed.connect(self._show)

    def _sentence(self, name: str) -> QLabel:
        return label("smallPrint", name=name, wraps=True)

    def open(self, at: QWidget) -> None:
        """Open below a button, or above it if there is no room below, inside its window."""
        self._show()
        self.ensurePolished()
        window = at.window()
        width = min(_WIDTH * self.fontMetrics().averageCharWidth(), window.width() - 2 * _GAP)
        self.setFixedWidth(width)
        self._value.setFixedWidth(self._value.fontMetrics().horizontalAdvance(picture_words.strength(1)) + 2)
        for sentence, longest in (
            (self._framing_said, picture_words.framing(centred=False)),
            (self._noise_said, picture_words.noise(1.0, NoiseToll(1, 1, 1), 10_000_000, None)),
        ):
            room = sentence.fontMetrics().boundingRect(
                0, 0, width - 28, 999, Qt.TextFlag.TextWordWrap, longest
            )
            sentence.setFixedHeight(room.height() + 2)  # nothing moves when a choice changes
        self.setFixedHeight(self.sizeHint().height())
        corner = at.mapTo(window, QPoint(0, at.height() + _GAP))
        if corner.y() + self.height() > window.height():
            corner.setY(max(_GAP, corner.y() - 2 * _GAP - at.height() - self.height()))
        corner.setX(max(_GAP, min(corner.x(), window.width() - width - _GAP)))
        self.move(window.mapToGlobal(corner))
        self.show()
        self.slider.setFocus()

    def _on_slider(self, position: int) -> None:
        noise = self._pad.noise
        self._pad.set_noise(
            Noise(position / _STEPS, 0 if noise is None else noise.seed) if position else None
        )

    def _show(self) -> None:
        pad, figure, noise = self._pad, self._figure, self._pad.noise
        share = 0.0 if noise is None else noise.strength
        figure.set_noise(noise)
        pad.options_action.setChecked(noise is not None or not pad.is_centred)
        self.framing.set_value("mnist" if pad.is_centred else "drawn")
        self.slider.setValue(round(_STEPS * share))
        self._value.setText(picture_words.strength(share))
        self._framing_said.setText(picture_words.framing(centred=pad.is_centred))
        self._noise_said.setText(picture_words.noise(share, figure.toll, figure.step, figure.counted))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
