"""A preview of the network's inputs: some training digits, distorted, over the original digits."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnistviz.engine.digits import SIDE, DigitSet
from mnistviz.engine.distortion import GROUP, Distortion
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.gui.common.painted_figure import inked
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import describe

COLUMNS, ROWS = 4, 2
_GAP = 4  # pixels
_LARGEST = 72
_TINT = 0.55  # opacity of the original digit


class DistortionPreview(QWidget):
    """Eight digits in two rows: the distorted digit as ink, the original as a tint."""

    def __init__(self) -> None:
        super().__init__()
        tip = tr("Dark: what the network is shown. Coloured: the digit as it was written.")
        describe(self, "distortion_preview", tr("Distorted digits"), tip)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._digits: DigitSet | None = None
        self._settings = Settings()
        self._number = 0  # seed of the examples
        self._pictures: list[QImage] = []
        self.shown: NDArray[np.uint8] = np.empty((0, SIDE * SIDE), np.uint8)

    def set_digits(self, digits: DigitSet) -> None:
        self._digits = digits
        self._forget()

    def set_settings(self, settings: Settings) -> None:
        """Distort the examples anew, if these settings change the distortion."""
        old, self._settings = self._settings, settings
        fields = "seed", *(field for field, each in SETTINGS.items() if each.group == "distortion")
        if any(getattr(old, field) != getattr(settings, field) for field in fields):
            self._forget()

    def other_examples(self) -> None:
        self._number += 1
        self._forget()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return ROWS * self._side(width) + (ROWS - 1) * _GAP

    def sizeHint(self) -> QSize:
        return QSize(220, self.heightForWidth(220))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._prepare()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._prepare()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        side = self._side(self.width())
        for place, picture in enumerate(self._pictures):
            row, column = divmod(place, COLUMNS)
            target = QRectF(column * (side + _GAP), row * (side + _GAP), side, side)
            painter.drawImage(target, picture)
            inked(painter, theme().border).drawRect(target.adjusted(0.5, 0.5, -0.5, -0.5))

    @staticmethod
    def _side(width: int) -> int:
        return min(_LARGEST, (width - (COLUMNS - 1) * _GAP) // COLUMNS)

    def _forget(self) -> None:
        self._pictures = []
        self.update()

    adopt_theme = _forget

    def _prepare(self) -> None:
        """Distort as the trainer would, each example in a group of its own, since a group shares its rotation."""
        if self._digits is None or self._pictures or not len(self._digits):
            return
        count = COLUMNS * ROWS
        chosen = np.random.default_rng(self._number).integers(0, len(self._digits), count)
        written = self._digits.images[chosen]
        distortion = Distortion(self._settings, self._number, count * GROUP)
        self.shown = np.concatenate([distortion.apply(written[i : i + 1], i * GROUP) for i in range(count)])
        self._pictures = [self._picture(*pair) for pair in zip(written, self.shown, strict=True)]

    def _picture(self, written: NDArray[np.uint8], shown: NDArray[np.uint8]) -> QImage:
        hues = theme().paper, theme().ink, theme().accent
        paper, ink, tint = (np.array(QColor(hue).getRgb(), np.float32)[:3] for hue in hues)
        under = (_TINT / 255 * written)[:, np.newaxis].astype(np.float32)
        over = (shown / 255)[:, np.newaxis].astype(np.float32)
        colours = paper + under * (tint - paper)
        colours += over * (ink - colours)
        pixels = np.ascontiguousarray(np.rint(colours).astype(np.uint8).reshape(SIDE, SIDE, 3))
        return QImage(pixels.data, SIDE, SIDE, 3 * SIDE, QImage.Format.Format_RGB888).copy()
