"""Noise and framing: a window that sets how a drawing becomes the input, the accuracy with noise, and the texts."""

from collections.abc import Hashable
from functools import partial
from hashlib import blake2b
from typing import Final

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from mnistviz.engine.digits import PIXELS, Digits
from mnistviz.engine.distortion import Noise, NoiseAccuracy, noise_accuracy
from mnistviz.engine.evidence import finite
from mnistviz.engine.network import Network
from mnistviz.gui.common.layouts import column_of, label, row_of
from mnistviz.gui.common.numbers import percent, percent_number, whole
from mnistviz.gui.common.steady import SteadySlider
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.widgets import ActionButton, Popup, describe
from mnistviz.gui.lab.questions import Questions, RepeatedQuestion
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.card_layout import TOOL
from mnistviz.gui.network.pad.scratchpad import Scratchpad

SECONDS: Final = 2.0  # between two counts while the network is trained, at least: each takes about 0.4 s
_KEY: Final = "noise toll"
_MOST_KNOWN: Final = 200  # results in the cache


class NoiseFigure(QObject):
    """Counts the correct test digits with and without the noise in a background job, while there is noise."""

    changed = Signal()

    def __init__(self, questions: Questions | None, parent: QObject) -> None:
        super().__init__(parent)
        self._questions = questions
        self._known: dict[Hashable, NoiseAccuracy] = {}  # by the state of the network and the noise
        self._shown = Shown()
        self._noise: Noise | None = None
        self.accuracy: NoiseAccuracy | None = None
        """The last result, perhaps of an earlier step, or None before the first."""
        self.step: int | None = None  # the step of the last result, or None if it belongs to no run
        self._share = 0.0  # progress of the running count
        self._question = RepeatedQuestion[Network](questions, _KEY, SECONDS, self._ask, self)

    @property
    def counted(self) -> float | None:
        return None if self._question.asked is None else self._share

    def set_noise(self, noise: Noise | None) -> None:
        if noise != self._noise:
            self._noise = noise
            self._forget()
            self._question.throttle.prioritise()
            if noise is not None:
                self._question.throttle.ask()
            self.changed.emit()

    def draw(self, shown: Shown) -> None:
        before, self._shown = self._shown, shown
        if self._noise is None or self._questions is None:
            return
        if shown.is_first(before):
            self._forget()
        self._question.follow(shown)

    def _ask(self) -> None:
        moment, noise = self._shown.moment, self._noise
        if moment is None or noise is None or self._questions is None or self._shown.digits is None:
            return
        network = moment.network
        if network.sizes[0] != PIXELS or not finite([network.parameters]):
            self._forget()
            self.changed.emit()
            return
        if self._question.begin(network, self._shown):
            of = _key(network, noise, self._shown.digits)
            on_found = partial(self._on_result, of, None if self._shown.preview is not None else moment.step)
            self._share = 0.0
            if (known := self._known.get(of)) is not None:
                self._questions.withdraw(_KEY)
                on_found(known)
                return
            work = partial(noise_accuracy, network, self._shown.digits.test, noise)
            self._questions.ask(_KEY, work, on_found, self._on_failed, self._on_progress)

    def _on_result(self, of: Hashable, step: int | None, accuracy: NoiseAccuracy) -> None:
        self._known[of] = accuracy
        for oldest in list(self._known)[:-_MOST_KNOWN]:
            del self._known[oldest]
        self._question.end()
        self.accuracy, self.step = accuracy, step
        self.changed.emit()
        if self._question.of is not (self._shown.moment and self._shown.moment.network):
            self._question.throttle.ask()  # training has continued

    def _on_progress(self, done: int, of: int) -> None:
        self._share = done / of
        self.changed.emit()

    def _on_failed(self, _error: Exception) -> None:
        self._forget()
        self.changed.emit()

    def _forget(self) -> None:
        self._question.forget()
        self.accuracy = None


def _key(network: Network, noise: Noise, digits: Digits) -> Hashable:
    """Return what the result depends on: the exact weights, the functions, the noise and the digits."""
    weights = blake2b(network.parameters.tobytes()).digest()
    return weights, network.sizes, network.activation, network.output, noise, digits.checksum


def strength_text(share: float) -> str:
    return percent(share, 0) if share else tr("off")


def framing_text(*, centred: bool) -> str:
    if centred:
        return tr("Scaled into 20 × 20 pixels, its centre of mass in the middle: as MNIST was made.")
    return tr(
        "The network gets a drawing where you draw it and as large as you draw it. On the scratchpad, Shift with an "
        "arrow key moves what lies there."
    )


def noise_text(share: float, accuracy: NoiseAccuracy | None, step: int | None, counted: float | None) -> str:
    """Return what noise is, or its effect on the test digits after `step` mini-batches, if there is a run. While the
    effect is being computed, `counted` is the progress."""
    if not share:
        return tr("Adds a random number to each pixel. Nothing learns from it.")
    if accuracy is not None:
        text = tr("With this noise {noisy} % of the test digits are read right, {plain} % without.")
        if step is not None:
            text = tr(
                "With this noise {noisy} % of the test digits are read right at mini-batch {step}, {plain} % without."
            )
        return text.format(**_shares(accuracy), step=whole(step or 0))
    if counted is not None:
        return tr("The test digits are being read with this noise: {percent} %", percent=round(100 * counted))
    return tr("How many test digits are read right with this noise is not known.")


def captions(share: float, accuracy: NoiseAccuracy | None, *, centred: bool) -> tuple[str, ...]:
    """Return captions of the 28 × 28, from long to short, or nothing if it is made the usual way."""
    if not share:
        return () if centred else (tr("not scaled, not centred"), tr("not centred"))
    short = tr("noise {percent} %")
    if not centred:
        short = tr("noise {percent} %, not centred")
    short = short.format(percent=whole(round(100 * share)))
    if accuracy is None:
        return (short,)
    values = _shares(accuracy)
    long = tr("test digits: {noisy} % right, {plain} % without noise")
    middle = tr("{noisy} % right, {plain} % without")
    return f"{short} · {long.format(**values)}", long.format(**values), middle.format(**values), short


def _shares(accuracy: NoiseAccuracy) -> dict[str, str]:
    counts = {"noisy": accuracy.right, "plain": accuracy.plain}
    return {name: percent_number(right / accuracy.of, 1) for name, right in counts.items()}


_STEPS: Final = 20  # of the slider, up to a standard deviation of full ink
_GAP: Final = 6  # pixels between the window and its button
_WIDTH: Final = 46  # characters in a line


class PictureOptions(Popup):
    """Window that opens at its button. Escape or a click outside closes it and keeps the choices."""

    def __init__(self, pad: Scratchpad, figure: NoiseFigure, parent: QWidget) -> None:
        super().__init__("picture_options", parent)
        self.setAccessibleName(tr("Noise and framing"))
        self._pad, self._figure = pad, figure
        self.framing = Switch(
            "picture_framing",
            tr("How a drawing is framed"),
            (
                ("mnist", tr("as in MNIST"), tr("Scales and centres a drawing. (M)")),
                ("drawn", tr("as drawn"), tr("Leaves a drawing where it is. (M)")),
            ),
            lambda _: pad.centred_action.trigger(),
        )
        self._framing_said = label("smallPrint", name="picture_framing_said", wraps=True)
        self._noise_said = label("smallPrint", name="noise_said", wraps=True)
        self.slider = SteadySlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.words = lambda at: strength_text(at / _STEPS)
        self.slider.setPageStep(4)
        tip = tr("The standard deviation of what is added to each pixel, as a share of full ink.")
        describe(self.slider, "noise_strength", tr("Strength of the noise"), tip)
        self._value = label("smallPrint", name="noise_strength_value")
        self.anew = ActionButton(pad.noise_anew_action, self)
        self.anew.setProperty("role", "small")
        self.anew.setFixedSize(TOOL, TOOL)
        column_of(
            row_of(label("cardTitle", tr("A drawing")), None, self.framing, spacing=12),
            self._framing_said,
            8,
            row_of(label("cardTitle", tr("Noise")), (self.slider, 1), self._value, self.anew, spacing=10),
            self._noise_said,
            spacing=5,
            margins=(14, 11, 14, 12),
            inside=self,
        )
        self.slider.valueChanged.connect(self._on_slider)
        for drawn in (pad, figure):
            drawn.changed.connect(self._show)
        self._show()

    def open(self, at: QWidget) -> None:
        self._show()
        self.ensurePolished()
        window = at.window()
        width = min(_WIDTH * self.fontMetrics().averageCharWidth(), window.width() - 2 * _GAP)
        self.setFixedWidth(width)
        self._value.setFixedWidth(self._value.fontMetrics().horizontalAdvance(strength_text(1)) + 2)
        for sentence, longest in (
            (self._framing_said, framing_text(centred=False)),
            (self._noise_said, noise_text(1.0, NoiseAccuracy(1, 1, 1), 10_000_000, None)),
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
        self._value.setText(strength_text(share))
        self._framing_said.setText(framing_text(centred=pad.is_centred))
        self._noise_said.setText(noise_text(share, figure.accuracy, figure.step, figure.counted))
