"""Which digit the fourth layer reads: what lies on the lab's pad, a test digit of a class, or the next one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from mnistviz.engine.digits import Digits, grey_values
from mnistviz.engine.network import Network
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.binary_outputs.content import Sample
from mnistviz.gui.ideas.binary_outputs.layer_view import LayerView


class DigitChoice(QObject):
    """Shows digits in the figure of the layer, and what `network` answers to them."""

    def __init__(
        self, view: LayerView, drawing: Callable[[], NDArray[np.uint8] | None], parent: QObject
    ) -> None:
        """`drawing` gives what lies on the pad."""
        super().__init__(parent)
        self._view, self._drawing = view, drawing
        self._last = -1
        self._network: Network | None = None
        self._digits: Digits | None = None
        view.sample_chosen.connect(self._show_sample)

    def use(self, network: Network, digits: Digits) -> None:
        """Another network; its first digit is shown."""
        self._network, self._digits = network, digits
        self.show_first()

    def show_first(self) -> None:
        """What lies on the lab's pad, or a test digit where nothing does."""
        drawing = self._drawing()
        if drawing is None:
            self._last = -1
            self.show_next()
        else:
            self._show(drawing.reshape(-1), None, self.tr("your drawing"))

    def show_next(self) -> None:
        """The next test digit."""
        assert self._digits is not None
        test = self._digits.test
        self._last = (self._last + 1) % len(test)
        label = int(test.labels[self._last])
        text = self.tr("test digit {number}, a “{name}”")
        text = text.format(number=numbers.whole(self._last), name=self._view.content.name(label))
        self._show(test.images[self._last], label, text)

    def _show(self, pixels: NDArray[np.uint8], label: int | None, caption: str) -> None:
        assert self._network is not None
        answers = self._network.feedforward(grey_values(pixels))
        self._view.show_sample(Sample(pixels, answers, label), caption)

    def _show_sample(self, label: int) -> None:
        content = self._view.content
        if content.samples[label] is not None:
            caption = self.tr("a test digit, a “{name}”").format(name=content.name(label))
            self._view.show_sample(content.samples[label], caption)
