"""What the network gets of a drawn digit, its outputs, and the verdict that follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from mnistviz.engine.digits import SIDE, grey_values
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.class_names import class_name
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.theme import LIGHT, Theme
from mnistviz.gui.common.widgets import Card, describe
from mnistviz.gui.network.output_bars import OutputBars

_SURE: Final = 0.5
_TEXT_A_PIXEL: Final = 4  # the text's pixels for each with which the picture's are drawn: both grow together
_SYMBOLS: Final = {True: "✓", False: "✗"}
_WRAPPED: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_ELIDE: Final = Qt.TextElideMode.ElideRight


class Verdict(Card):
    """The 28 × 28 that the network gets, the class it takes it for, and every output as a bar."""

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.setObjectName("verdict")
        self.title.setText(self.tr("What the network sees"))
        self.set_note(self.tr("28 × 28, centred"))
        self._classes: tuple[str, ...] = tuple(map(str, range(10)))
        self._image: NDArray[np.uint8] | None = None
        self._grey: NDArray[np.float32] | None = None
        self._said: tuple[Any, ...] = ()

        self._picture = _Picture()
        self._answer = _Answer()
        self._bars = OutputBars()
        describe(
            self._picture,
            "verdict_picture",
            self.tr("What the network gets"),
            self.tr("The 28 × 28 pixels that the network gets: scaled and centred as in MNIST."),
        )
        describe(
            self._answer,
            "verdict_answer",
            self.tr("Verdict"),
            self.tr("The class whose output is the largest, and whether it reaches one half."),
        )
        describe(
            self._bars,
            "verdict_outputs",
            self.tr("Outputs"),
            self.tr("Each output of the network, from 0 to 1. Only with softmax do they add up to 1."),
        )
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addWidget(self._picture)
        top.addWidget(self._answer, 1)
        self.body.addLayout(top)
        self.body.addWidget(self._bars, 1)
        self._bars.set_names(self._classes)
        self.set_theme(theme)
        self.draw(None, None)

    def set_classes(self, names: Sequence[str]) -> None:
        """What the outputs stand for."""
        self._classes = tuple(names)
        self._bars.set_names(self._classes)
        self._said = ()

    def set_theme(self, theme: Theme) -> None:
        for part in (self._picture, self._answer, self._bars):
            part.set_theme(theme)

    def forget(self) -> None:
        """Forgets what was said: the next network speaks for itself. The picture is the user's."""
        self._said = ()

    def draw(
        self,
        moment: Moment | None,
        image: NDArray[np.uint8] | None,
        true_label: int | None = None,
        *,
        loaded: bool = False,
    ) -> None:
        """Shows what the network of `moment` makes of `image`, uint8 (28, 28), which nobody changes later.

        `loaded` says that the network was opened from a file, so that it may know something at step 0.
        """
        if image is not self._image:
            self._image = image
            self._grey = None if image is None else grey_values(image.reshape(1, -1))
            self._picture.show_image(image)
        if moment is None or self._grey is None:
            self._bars.show_outputs([])
            self._say("empty" if image is None else "waiting")
            return
        outputs = moment.network.feedforward(self._grey)[0]
        if not np.isfinite(outputs).all():
            self._bars.show_outputs([])
            self._say("diverged")
            return
        winner = int(outputs.argmax())
        self._bars.show_outputs(outputs.tolist(), winner)
        kind = "guess" if moment.step == 0 and not loaded else "answer"
        self._say(kind, winner, bool(outputs[winner] >= _SURE), len(outputs), true_label)

    def _say(
        self, kind: str, winner: int = 0, sure: bool = False, outputs: int = 10, label: int | None = None
    ) -> None:
        """Puts the verdict into words, if it is another than the last."""
        if self._said == (kind, winner, sure, outputs, label):
            return
        self._said = (kind, winner, sure, outputs, label)
        if kind == "empty":
            self._answer.show_words("", self.tr("Draw a digit and its ten outputs appear here"))
        elif kind == "waiting":
            self._answer.show_words("", self.tr("The answer appears here as soon as there is a network"))
        elif kind == "diverged":
            self._answer.show_words("", self.tr("The network has diverged: its outputs are not numbers"))
        else:
            right = None if label is None else label == winner
            truth = ""
            if right is not None:
                truth = self.tr("right") if right else self.tr("wrong: its label is {name}")
                truth = truth.format(name=self._name(label or 0))
            word = self._name(winner) if sure else self.tr("not sure")
            self._answer.show_words(word, self._reason(kind == "guess", winner, sure, outputs), right, truth)

    def _reason(self, guess: bool, winner: int, sure: bool, outputs: int) -> str:
        if guess and sure:
            return self.tr("a guess: this network has not learned yet")
        if guess:
            pattern = self.tr("perhaps {name}: a guess, this network has not learned yet")
            return pattern.format(name=self._name(winner))
        if not sure:
            return self.tr("perhaps {name}").format(name=self._name(winner))
        if outputs == 10:
            return self.tr("surest of ten outputs")
        return self.tr("surest of {count} outputs").format(count=QLocale().toString(outputs))

    def _name(self, output: int) -> str:
        return class_name(self._classes, output)


class _Picture(QWidget):
    """28 × 28 pixels of paper, each of them sharp."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._data: NDArray[np.uint8] | None = None
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = SIDE * max(1, QFontInfo(self.font()).pixelSize() // _TEXT_A_PIXEL) + 2
        return QSize(side, side)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.show_image(self._data)

    def show_image(self, data: NDArray[np.uint8] | None) -> None:
        self._data = data
        self._image = None if data is None else digit_image(data, self._theme)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.border))
        inside = self.rect().adjusted(1, 1, -1, -1)
        painter.fillRect(inside, QColor(self._theme.paper))
        if self._image is not None:
            painter.drawImage(inside, self._image)


class _Answer(QWidget):
    """A word as large as fits, the reason for it, and whether it is true."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._word = self._reason = self._truth = ""
        self._right: bool | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_words(self, word: str, reason: str, right: bool | None = None, truth: str = "") -> None:
        """`right` is None where the truth is not known; `truth` says it in words."""
        self._word, self._reason, self._right, self._truth = word, reason, right, truth
        self.setAccessibleDescription(". ".join(filter(None, (word, reason, truth))))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        usual = QFontInfo(self.font()).pixelSize()
        small, large, bold = (QFont(self.font()) for _ in range(3))
        small.setPixelSize(max(1, round(usual * 0.85)))
        bold.setWeight(QFont.Weight.DemiBold)
        large.setWeight(QFont.Weight.Bold)
        truth = f"{_SYMBOLS[self._right]} {self._truth}" if self._right is not None else ""
        told = self._theme.right if self._right else self._theme.wrong
        below = [(small, self._theme.muted, self._reason), (bold, told, truth)]

        left = self.height() - sum(_wrapped_height(font, text, self.width()) for font, _, text in below)
        if self._word:
            largest = usual * (3 if len(self._word) < 3 else 2)
            large.setPixelSize(largest)
            metrics = QFontMetricsF(large)
            share = min(1.0, self.width() / metrics.horizontalAdvance(self._word), left / metrics.height())
            large.setPixelSize(max(usual, int(largest * share)))
            metrics = QFontMetricsF(large)
            below.insert(0, (large, self._theme.text, metrics.elidedText(self._word, _ELIDE, self.width())))
            left -= metrics.height()
        top = max(0.0, left / 2)
        for font, colour, text in below:
            height = _wrapped_height(font, text, self.width())
            painter.setFont(font)
            painter.setPen(QColor(colour))
            painter.drawText(QRectF(0, top, self.width(), height), _WRAPPED, text)
            top += height


def _wrapped_height(font: QFont, text: str, width: int) -> float:
    if not text:
        return 0.0
    return QFontMetricsF(font).boundingRect(QRectF(0, 0, width, 10_000), _WRAPPED, text).height()
