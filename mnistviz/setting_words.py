"""Names and descriptions of the settings: every word for them, once, in English. The window translates them; the
command line and settings files use them as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from mnistviz.marking import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class SettingWords:
    """The words for a setting.

    - `label`: on its control.
    - `short`: as on a mark of the curves.
    - `subject`: where a sentence begins with it.
    - `tip`: what its control says when asked; none if its choices have tips.
    - `meaning`: what it is, in half a sentence, for the command line and for files.
    - `unit`: what its number counts, as the command line writes it.
    - `symbol`: whether `short` is the symbol that formulas have for it.
    - `choices`: what the values of a choice are called, if they are no entries of a table in `engine/functions.py`.
    """

    label: str
    short: str
    subject: str
    tip: str
    meaning: str
    unit: str = ""
    symbol: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)


NO_CLASS: Final = QT_TRANSLATE_NOOP("sentences", "none")
"""The name of an empty list of classes."""

# fmt: off
SETTING_WORDS: Final[dict[str, SettingWords]] = {
    "sizes": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Hidden layers"),
        QT_TRANSLATE_NOOP("sentences", "layers"),
        QT_TRANSLATE_NOOP("sentences", "The size of a layer"),
        QT_TRANSLATE_NOOP("sentences", "Neurons in each layer, from pixels to outputs."),
        "units in each layer, input to output",
        unit="N,…",
    ),
    "seed": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Seed"),
        QT_TRANSLATE_NOOP("sentences", "seed"),
        QT_TRANSLATE_NOOP("sentences", "The seed"),
        QT_TRANSLATE_NOOP("sentences",
            "The same seed gives the same initial weights and the same order of digits."),
        "the same seed, the same network",
    ),
    "activation": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Neurons"),
        QT_TRANSLATE_NOOP("sentences", "neurons"),
        QT_TRANSLATE_NOOP("sentences", "The activation function"),
        QT_TRANSLATE_NOOP("sentences", "The activation function: what a hidden neuron makes of its weighted "
                                       "input z."),
        "the activation function of the hidden neurons",
    ),
    "output": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Output"),
        QT_TRANSLATE_NOOP("sentences", "output"),
        QT_TRANSLATE_NOOP("sentences", "The output"),
        "",
        "the activation function of the last layer",
    ),
    "cost": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Cost"),
        QT_TRANSLATE_NOOP("sentences", "cost"),
        QT_TRANSLATE_NOOP("sentences", "The cost"),
        QT_TRANSLATE_NOOP("sentences", "What the training makes small."),
        "the cost function, which training makes small",
    ),
    "initial_weights": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Initial weights"),
        QT_TRANSLATE_NOOP("sentences", "initial weights"),
        QT_TRANSLATE_NOOP("sentences", "The rule for initial weights"),
        QT_TRANSLATE_NOOP("sentences",
            "The standard deviation of the initial weights of a neuron with n inputs."),
        "the rule for initial weights, of standard deviation {spreads}, with n inputs",
    ),
    "training_digits": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Training digits"),
        QT_TRANSLATE_NOOP("sentences", "training digits"),
        QT_TRANSLATE_NOOP("sentences", "The number of training digits"),
        QT_TRANSLATE_NOOP("sentences",
            "How many of the training digits are used. With few of them the network overfits."),
        "how many of the training digits are used",
    ),
    "random_labels": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Random labels"),
        QT_TRANSLATE_NOOP("sentences", "random labels"),
        QT_TRANSLATE_NOOP("sentences", "The share of random labels"),
        QT_TRANSLATE_NOOP("sentences",
            "The share of training digits whose label is drawn by chance, once for the whole run."),
        "the share of training digits whose label is drawn by chance, once for the whole run",
    ),
    "classes_left_out": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Left out"),
        QT_TRANSLATE_NOOP("sentences", "left out"),
        QT_TRANSLATE_NOOP("sentences", "The list of classes left out"),
        QT_TRANSLATE_NOOP("sentences",
            "The network never sees a training digit of these classes. Its outputs stay."),
        "numbers of classes, from 0, whose digits are not trained on; the outputs stay",
        unit="CLASS,…",
    ),
    "eta": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Learning rate η"),
        QT_TRANSLATE_NOOP("sentences", "η"),
        QT_TRANSLATE_NOOP("sentences", "The learning rate η"),
        QT_TRANSLATE_NOOP("sentences", "How far each step goes downhill."),
        "the learning rate η",
        symbol=True,
    ),
    "mini_batch_size": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Mini-batch size"),
        QT_TRANSLATE_NOOP("sentences", "mini-batch"),
        QT_TRANSLATE_NOOP("sentences", "The mini-batch size"),
        QT_TRANSLATE_NOOP("sentences", "How many digits each gradient is computed from."),
        "digits in a mini-batch",
    ),
    "order": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Order"),
        QT_TRANSLATE_NOOP("sentences", "order"),
        QT_TRANSLATE_NOOP("sentences", "The order of the training digits"),
        QT_TRANSLATE_NOOP("sentences",
            "The order of the training digits in each epoch. In mid-epoch it goes on at the same place of the "
            "new order."),
        "the order of the training digits in each epoch",
        choices={
            "shuffled": QT_TRANSLATE_NOOP("sentences", "shuffled"),
            "sorted": QT_TRANSLATE_NOOP("sentences", "sorted by class"),
            "stored": QT_TRANSLATE_NOOP("sentences", "as stored"),
        },
    ),
    "weight_decay": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Weight decay λ"),
        QT_TRANSLATE_NOOP("sentences", "λ"),
        QT_TRANSLATE_NOOP("sentences", "The weight decay λ"),
        QT_TRANSLATE_NOOP("sentences",
            "Shrinks all weights a little at each step, against overfitting. Without momentum it acts only where ηλ/n "
            "is above 3·10⁻⁸."),
        "weight decay λ: the cost has λ/2n Σw² added, with n training digits; without momentum it acts only where "
        "ηλ/n is above 3e-8",
        symbol=True,
    ),
    "momentum": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Momentum μ"),
        QT_TRANSLATE_NOOP("sentences", "μ"),
        QT_TRANSLATE_NOOP("sentences", "The momentum μ"),
        QT_TRANSLATE_NOOP("sentences", "How much of its velocity each weight keeps from step to step."),
        "momentum μ: the share of a step that is kept for the next",
        symbol=True,
    ),
    "momentum_kind": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Kind"),
        QT_TRANSLATE_NOOP("sentences", "momentum"),
        QT_TRANSLATE_NOOP("sentences", "The kind of momentum"),
        QT_TRANSLATE_NOOP("sentences", "classical: the gradient where the weights are. Nesterov: where "
                                       "their velocity takes them."),
        "the kind of momentum; Nesterov computes the gradient ahead",
        choices={
            "classical": QT_TRANSLATE_NOOP("sentences", "classical"),
            "nesterov": QT_TRANSLATE_NOOP("sentences", "Nesterov"),
        },
    ),
    "dropout": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Dropout"),
        QT_TRANSLATE_NOOP("sentences", "dropout"),
        QT_TRANSLATE_NOOP("sentences", "Dropout"),
        QT_TRANSLATE_NOOP("sentences",
            "The share of hidden neurons that are switched off, chosen anew for each digit, against "
            "overfitting."),
        "the share of hidden neurons that are switched off, chosen anew for each digit",
    ),
    "schedule": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Schedule of η"),
        QT_TRANSLATE_NOOP("sentences", "schedule of η"),
        QT_TRANSLATE_NOOP("sentences", "The schedule of η"),
        QT_TRANSLATE_NOOP("sentences", "How η changes automatically. Changing η by hand ends the schedule."),
        "what η does: stay, fall along half a cosine, drop to a tenth, or halve when validation stalls",
        choices={
            "constant": QT_TRANSLATE_NOOP("sentences", "constant"),
            "cosine": QT_TRANSLATE_NOOP("sentences", "cosine"),
            "step": QT_TRANSLATE_NOOP("sentences", "step"),
            "halve": QT_TRANSLATE_NOOP("sentences", "halve at a stall"),
        },
    ),
    "schedule_epochs": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Epochs"),
        QT_TRANSLATE_NOOP("sentences", "epochs of the schedule"),
        QT_TRANSLATE_NOOP("sentences", "The number of epochs of the schedule"),
        QT_TRANSLATE_NOOP("sentences", "How many epochs the schedule counts."),
        "epochs of the cosine, between two steps, or without improvement",
        unit="EPOCHS",
    ),
    "shift": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Shift, pixels"),
        QT_TRANSLATE_NOOP("sentences", "shift"),
        QT_TRANSLATE_NOOP("sentences", "The shift"),
        QT_TRANSLATE_NOOP("sentences", "How far a digit is moved at most."),
        "training digits are moved by at most this many pixels",
        unit="PIXELS",
    ),
    "rotation": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Rotation, °"),
        QT_TRANSLATE_NOOP("sentences", "rotation"),
        QT_TRANSLATE_NOOP("sentences", "The rotation"),
        QT_TRANSLATE_NOOP("sentences", "How far a digit is turned at most."),
        "training digits are turned by at most this many degrees",
        unit="DEGREES",
    ),
    "elastic": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Elastic, pixels"),
        QT_TRANSLATE_NOOP("sentences", "elastic"),
        QT_TRANSLATE_NOOP("sentences", "The elastic distortion"),
        QT_TRANSLATE_NOOP("sentences", "How far the lines of a digit are bent (standard deviation)."),
        "training digits are bent by about this many pixels",
        unit="PIXELS",
    ),
    "stop": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Stop"),
        QT_TRANSLATE_NOOP("sentences", "stop"),
        QT_TRANSLATE_NOOP("sentences", "The stopping rule"),
        QT_TRANSLATE_NOOP("sentences", "When the run pauses automatically."),
        "when training ends: never, after so many epochs, or after so many without improvement",
        choices={
            "never": QT_TRANSLATE_NOOP("sentences", "never"),
            "epochs": QT_TRANSLATE_NOOP("sentences", "after n epochs"),
            "no_improvement": QT_TRANSLATE_NOOP("sentences", "no gain"),
        },
    ),
    "stop_epochs": SettingWords(
        QT_TRANSLATE_NOOP("sentences", "Epochs n"),
        QT_TRANSLATE_NOOP("sentences", "epochs to stop"),
        QT_TRANSLATE_NOOP("sentences", "The number of epochs of the stopping rule"),
        QT_TRANSLATE_NOOP("sentences", "How many epochs the stopping rule counts."),
        "epochs of the stopping rule",
        unit="EPOCHS",
    ),
}
# fmt: on
"""The words for each setting, by its name."""
