"""What each setting is called, and what it is: every word for it, once, in English.

The window shows them in its own language; the command line and the files of settings say them as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from mnistviz.translatable import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class SettingWords:
    """The words for a setting.

    - `label`: on its control.
    - `short`: as on a mark of the curves.
    - `subject`: where a sentence begins with it.
    - `tip`: what its control says when asked.
    - `meaning`: what it is, in half a sentence, for the command line and for files.
    - `unit`: what its number counts, as the command line writes it.
    - `symbol`: whether `short` is the symbol that formulas have for it.
    - `choices`: what the values of a choice are called.
    """

    label: str
    short: str
    subject: str
    tip: str
    meaning: str
    unit: str = ""
    symbol: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)


# fmt: off
SETTING_WORDS: Final[dict[str, SettingWords]] = {
    "sizes": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Layers"),
        QT_TRANSLATE_NOOP("Sentences", "layers"),
        QT_TRANSLATE_NOOP("Sentences", "The size of a layer"),
        QT_TRANSLATE_NOOP("Sentences", "Neurons in each layer, from pixels to outputs."),
        "units in each layer, input to output",
        unit="N,…",
    ),
    "seed": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Seed"),
        QT_TRANSLATE_NOOP("Sentences", "seed"),
        QT_TRANSLATE_NOOP("Sentences", "The seed"),
        QT_TRANSLATE_NOOP("Sentences",
            "The same seed gives the same initial weights and the same order of digits."),
        "the same seed, the same network",
    ),
    "activation": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Neurons"),
        QT_TRANSLATE_NOOP("Sentences", "neurons"),
        QT_TRANSLATE_NOOP("Sentences", "The activation function"),
        QT_TRANSLATE_NOOP("Sentences", "How a hidden neuron answers its weighted input z."),
        "the activation function of the hidden neurons",
        choices={
            "sigmoid": QT_TRANSLATE_NOOP("Sentences", "sigmoid"),
            "tanh": QT_TRANSLATE_NOOP("Sentences", "tanh"),
            "relu": QT_TRANSLATE_NOOP("Sentences", "ReLU"),
            "leaky_relu": QT_TRANSLATE_NOOP("Sentences", "leaky ReLU"),
        },
    ),
    "output": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Output"),
        QT_TRANSLATE_NOOP("Sentences", "output"),
        QT_TRANSLATE_NOOP("Sentences", "The output"),
        QT_TRANSLATE_NOOP("Sentences",
            "How an output neuron answers: each by itself, or all as shares of one."),
        "the activation function of the last layer",
        choices={
            "sigmoid": QT_TRANSLATE_NOOP("Sentences", "sigmoid"),
            "softmax": QT_TRANSLATE_NOOP("Sentences", "softmax"),
        },
    ),
    "cost": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Cost"),
        QT_TRANSLATE_NOOP("Sentences", "cost"),
        QT_TRANSLATE_NOOP("Sentences", "The cost"),
        QT_TRANSLATE_NOOP("Sentences", "What the network learns to make small."),
        "the cost function, which training makes small",
        choices={
            "quadratic": QT_TRANSLATE_NOOP("Sentences", "quadratic"),
            "cross_entropy": QT_TRANSLATE_NOOP("Sentences", "cross-entropy"),
        },
    ),
    "initial_weights": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Initial weights"),
        QT_TRANSLATE_NOOP("Sentences", "initial weights"),
        QT_TRANSLATE_NOOP("Sentences", "The rule for initial weights"),
        QT_TRANSLATE_NOOP("Sentences",
            "The standard deviation that the initial weights of a neuron with n inputs are drawn with."),
        "the rule for initial weights, of standard deviation 1, 1/√n or √(2/n), with n inputs",
        choices={
            "normal": QT_TRANSLATE_NOOP("Sentences", "1"),
            "scaled": QT_TRANSLATE_NOOP("Sentences", "1/√n"),
            "he": QT_TRANSLATE_NOOP("Sentences", "√(2/n), He"),
        },
    ),
    "training_digits": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Training digits"),
        QT_TRANSLATE_NOOP("Sentences", "training digits"),
        QT_TRANSLATE_NOOP("Sentences", "The number of training digits"),
        QT_TRANSLATE_NOOP("Sentences",
            "How many of the training digits are used. With few of them the network overfits."),
        "how many of the training digits are used",
    ),
    "eta": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Learning rate η"),
        QT_TRANSLATE_NOOP("Sentences", "η"),
        QT_TRANSLATE_NOOP("Sentences", "The learning rate η"),
        QT_TRANSLATE_NOOP("Sentences", "How far each step goes downhill."),
        "the learning rate η",
        symbol=True,
    ),
    "mini_batch_size": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Mini-batch size"),
        QT_TRANSLATE_NOOP("Sentences", "mini-batch"),
        QT_TRANSLATE_NOOP("Sentences", "The mini-batch size"),
        QT_TRANSLATE_NOOP("Sentences", "How many digits each gradient is taken from."),
        "digits in a mini-batch",
    ),
    "weight_decay": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Weight decay λ"),
        QT_TRANSLATE_NOOP("Sentences", "λ"),
        QT_TRANSLATE_NOOP("Sentences", "The weight decay λ"),
        QT_TRANSLATE_NOOP("Sentences", "Shrinks all weights a little at each step, against overfitting."),
        "weight decay λ: the cost has λ/2n Σw² added, with n training digits",
        symbol=True,
    ),
    "momentum": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Momentum μ"),
        QT_TRANSLATE_NOOP("Sentences", "μ"),
        QT_TRANSLATE_NOOP("Sentences", "The momentum μ"),
        QT_TRANSLATE_NOOP("Sentences", "How much of its velocity each weight keeps from step to step."),
        "momentum μ: the share of a step that is kept for the next",
        symbol=True,
    ),
    "momentum_kind": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Kind"),
        QT_TRANSLATE_NOOP("Sentences", "momentum"),
        QT_TRANSLATE_NOOP("Sentences", "The kind of momentum"),
        QT_TRANSLATE_NOOP("Sentences", "Whether the gradient is taken before the weights coast on, or after."),
        "whether the gradient is taken before or after the coasting",
        choices={
            "classical": QT_TRANSLATE_NOOP("Sentences", "classical"),
            "nesterov": QT_TRANSLATE_NOOP("Sentences", "Nesterov"),
        },
    ),
    "dropout": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Dropout"),
        QT_TRANSLATE_NOOP("Sentences", "dropout"),
        QT_TRANSLATE_NOOP("Sentences", "Dropout"),
        QT_TRANSLATE_NOOP("Sentences",
            "The share of hidden neurons that sits out, others for each digit, against overfitting."),
        "the share of hidden neurons that sits out, others for each digit",
    ),
    "schedule": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Schedule of η"),
        QT_TRANSLATE_NOOP("Sentences", "schedule of η"),
        QT_TRANSLATE_NOOP("Sentences", "The schedule of η"),
        QT_TRANSLATE_NOOP("Sentences", "How η changes by itself. Touching η ends the schedule."),
        "what η does: stay, fall along half a cosine, drop to a tenth, or halve when validation stalls",
        choices={
            "constant": QT_TRANSLATE_NOOP("Sentences", "constant"),
            "cosine": QT_TRANSLATE_NOOP("Sentences", "cosine"),
            "step": QT_TRANSLATE_NOOP("Sentences", "step"),
            "halve": QT_TRANSLATE_NOOP("Sentences", "halve at a stall"),
        },
    ),
    "schedule_epochs": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Epochs"),
        QT_TRANSLATE_NOOP("Sentences", "epochs of the schedule"),
        QT_TRANSLATE_NOOP("Sentences", "The number of epochs of the schedule"),
        QT_TRANSLATE_NOOP("Sentences", "How many epochs the schedule counts."),
        "epochs of the cosine, between two steps, or of stalling",
        unit="EPOCHS",
    ),
    "shift": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Shift, pixels"),
        QT_TRANSLATE_NOOP("Sentences", "shift"),
        QT_TRANSLATE_NOOP("Sentences", "The shift"),
        QT_TRANSLATE_NOOP("Sentences", "How far a digit is moved at the most."),
        "training digits are moved by so many pixels at the most",
        unit="PIXELS",
    ),
    "rotation": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Rotation, degrees"),
        QT_TRANSLATE_NOOP("Sentences", "rotation"),
        QT_TRANSLATE_NOOP("Sentences", "The rotation"),
        QT_TRANSLATE_NOOP("Sentences", "How far digits are turned at the most."),
        "training digits are turned by so many degrees at the most",
        unit="DEGREES",
    ),
    "elastic": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Elastic, pixels"),
        QT_TRANSLATE_NOOP("Sentences", "elastic"),
        QT_TRANSLATE_NOOP("Sentences", "The elastic distortion"),
        QT_TRANSLATE_NOOP("Sentences", "How far the lines of a digit are bent: a standard deviation."),
        "training digits are bent by about so many pixels",
        unit="PIXELS",
    ),
    "stop": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Stop"),
        QT_TRANSLATE_NOOP("Sentences", "stop"),
        QT_TRANSLATE_NOOP("Sentences", "The stopping rule"),
        QT_TRANSLATE_NOOP("Sentences", "When the run pauses by itself."),
        "when training ends: never, after so many epochs, or so many after validation improved last",
        choices={
            "never": QT_TRANSLATE_NOOP("Sentences", "never"),
            "epochs": QT_TRANSLATE_NOOP("Sentences", "after n epochs"),
            "no_improvement": QT_TRANSLATE_NOOP("Sentences", "no improvement"),
        },
    ),
    "stop_epochs": SettingWords(
        QT_TRANSLATE_NOOP("Sentences", "Epochs n"),
        QT_TRANSLATE_NOOP("Sentences", "epochs to stop"),
        QT_TRANSLATE_NOOP("Sentences", "The number of epochs of the stopping rule"),
        QT_TRANSLATE_NOOP("Sentences", "How many epochs the stopping rule counts."),
        "epochs of the stopping rule",
        unit="EPOCHS",
    ),
}
# fmt: on
"""The words for each setting, by its name."""
