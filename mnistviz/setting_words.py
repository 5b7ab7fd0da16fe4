"""Names and descriptions of the settings: every word for them, once, in English. The window translates them; the
command line and settings files use them as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from mnistviz.marking import marked


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


NO_CLASS: Final = marked("sentences", "none")
"""The name of an empty list of classes."""

# fmt: off
SETTING_WORDS: Final[dict[str, SettingWords]] = {
    "sizes": SettingWords(
        marked("sentences", "Hidden layers"),
        marked("sentences", "layers"),
        marked("sentences", "The size of a layer"),
        marked("sentences", "Neurons in each layer, from pixels to outputs."),
        "units in each layer, input to output",
        unit="N,…",
    ),
    "seed": SettingWords(
        marked("sentences", "Seed"),
        marked("sentences", "seed"),
        marked("sentences", "The seed"),
        marked("sentences", "The same seed gives the same initial weights and the same order of digits."),
        "the same seed, the same network",
    ),
    "activation": SettingWords(
        marked("sentences", "Neurons"),
        marked("sentences", "neurons"),
        marked("sentences", "The activation function"),
        marked("sentences", "The activation function: what a hidden neuron makes of its weighted input z."),
        "the activation function of the hidden neurons",
    ),
    "output": SettingWords(
        marked("sentences", "Output"),
        marked("sentences", "output"),
        marked("sentences", "The output"),
        "",
        "the activation function of the last layer",
    ),
    "cost": SettingWords(
        marked("sentences", "Cost"),
        marked("sentences", "cost"),
        marked("sentences", "The cost"),
        marked("sentences", "What the training makes small."),
        "the cost function, which training makes small",
    ),
    "initial_weights": SettingWords(
        marked("sentences", "Initial weights"),
        marked("sentences", "initial weights"),
        marked("sentences", "The rule for initial weights"),
        marked("sentences", "The standard deviation of the initial weights of a neuron with n inputs."),
        "the rule for initial weights, of standard deviation {spreads}, with n inputs",
    ),
    "training_digits": SettingWords(
        marked("sentences", "Training digits"),
        marked("sentences", "training digits"),
        marked("sentences", "The number of training digits"),
        marked("sentences",
            "How many of the training digits are used. With few of them the network overfits."),
        "how many of the training digits are used",
    ),
    "random_labels": SettingWords(
        marked("sentences", "Random labels"),
        marked("sentences", "random labels"),
        marked("sentences", "The share of random labels"),
        marked("sentences",
            "The share of training digits whose label is drawn by chance, once for the whole run."),
        "the share of training digits whose label is drawn by chance, once for the whole run",
    ),
    "classes_left_out": SettingWords(
        marked("sentences", "Left out"),
        marked("sentences", "left out"),
        marked("sentences", "The list of classes left out"),
        marked("sentences", "The network never sees a training digit of these classes. Its outputs stay."),
        "numbers of classes, from 0, whose digits are not trained on; the outputs stay",
        unit="CLASS,…",
    ),
    "eta": SettingWords(
        marked("sentences", "Learning rate η"),
        marked("sentences", "η"),
        marked("sentences", "The learning rate η"),
        marked("sentences", "How far each step goes downhill."),
        "the learning rate η",
        symbol=True,
    ),
    "mini_batch_size": SettingWords(
        marked("sentences", "Mini-batch size"),
        marked("sentences", "mini-batch"),
        marked("sentences", "The mini-batch size"),
        marked("sentences", "How many digits each gradient is computed from."),
        "digits in a mini-batch",
    ),
    "order": SettingWords(
        marked("sentences", "Order"),
        marked("sentences", "order"),
        marked("sentences", "The order of the training digits"),
        marked("sentences",
            "The order of the training digits in each epoch. In mid-epoch it goes on at the same place of the "
            "new order."),
        "the order of the training digits in each epoch",
        choices={
            "shuffled": marked("sentences", "shuffled"),
            "sorted": marked("sentences", "sorted by class"),
            "stored": marked("sentences", "as stored"),
        },
    ),
    "weight_decay": SettingWords(
        marked("sentences", "Weight decay λ"),
        marked("sentences", "λ"),
        marked("sentences", "The weight decay λ"),
        marked("sentences",
            "Shrinks all weights a little at each step, against overfitting. Without momentum it acts only where ηλ/n "
            "is above 3·10⁻⁸."),
        "weight decay λ: the cost has λ/2n Σw² added, with n training digits; without momentum it acts only where "
        "ηλ/n is above 3e-8",
        symbol=True,
    ),
    "momentum": SettingWords(
        marked("sentences", "Momentum μ"),
        marked("sentences", "μ"),
        marked("sentences", "The momentum μ"),
        marked("sentences", "How much of its velocity each weight keeps from step to step."),
        "momentum μ: the share of a step that is kept for the next",
        symbol=True,
    ),
    "momentum_kind": SettingWords(
        marked("sentences", "Kind"),
        marked("sentences", "momentum"),
        marked("sentences", "The kind of momentum"),
        marked("sentences", "classical: the gradient where the weights are. Nesterov: where "
                                       "their velocity takes them."),
        "the kind of momentum; Nesterov computes the gradient ahead",
        choices={
            "classical": marked("sentences", "classical"),
            "nesterov": marked("sentences", "Nesterov"),
        },
    ),
    "dropout": SettingWords(
        marked("sentences", "Dropout"),
        marked("sentences", "dropout"),
        marked("sentences", "Dropout"),
        marked("sentences",
            "The share of hidden neurons that are switched off, chosen anew for each digit, against "
            "overfitting."),
        "the share of hidden neurons that are switched off, chosen anew for each digit",
    ),
    "schedule": SettingWords(
        marked("sentences", "Schedule of η"),
        marked("sentences", "schedule of η"),
        marked("sentences", "The schedule of η"),
        marked("sentences", "How η changes automatically. Changing η by hand ends the schedule."),
        "what η does: stay, fall along half a cosine, drop to a tenth, or halve when validation stalls",
        choices={
            "constant": marked("sentences", "constant"),
            "cosine": marked("sentences", "cosine"),
            "step": marked("sentences", "step"),
            "halve": marked("sentences", "halve at a stall"),
        },
    ),
    "schedule_epochs": SettingWords(
        marked("sentences", "Epochs"),
        marked("sentences", "epochs of the schedule"),
        marked("sentences", "The number of epochs of the schedule"),
        marked("sentences", "How many epochs the schedule counts."),
        "epochs of the cosine, between two steps, or without improvement",
        unit="EPOCHS",
    ),
    "shift": SettingWords(
        marked("sentences", "Shift, pixels"),
        marked("sentences", "shift"),
        marked("sentences", "The shift"),
        marked("sentences", "How far a digit is moved at most."),
        "training digits are moved by at most this many pixels",
        unit="PIXELS",
    ),
    "rotation": SettingWords(
        marked("sentences", "Rotation, °"),
        marked("sentences", "rotation"),
        marked("sentences", "The rotation"),
        marked("sentences", "How far a digit is turned at most."),
        "training digits are turned by at most this many degrees",
        unit="DEGREES",
    ),
    "elastic": SettingWords(
        marked("sentences", "Elastic, pixels"),
        marked("sentences", "elastic"),
        marked("sentences", "The elastic distortion"),
        marked("sentences", "How far the lines of a digit are bent (standard deviation)."),
        "training digits are bent by about this many pixels",
        unit="PIXELS",
    ),
    "stop": SettingWords(
        marked("sentences", "Stop"),
        marked("sentences", "stop"),
        marked("sentences", "The stopping rule"),
        marked("sentences", "When the run pauses automatically."),
        "when training ends: never, after so many epochs, or after so many without improvement",
        choices={
            "never": marked("sentences", "never"),
            "epochs": marked("sentences", "after n epochs"),
            "no_improvement": marked("sentences", "no gain"),
        },
    ),
    "stop_epochs": SettingWords(
        marked("sentences", "Epochs n"),
        marked("sentences", "epochs to stop"),
        marked("sentences", "The number of epochs of the stopping rule"),
        marked("sentences", "How many epochs the stopping rule counts."),
        "epochs of the stopping rule",
        unit="EPOCHS",
    ),
}
# fmt: on
"""The words for each setting, by its name."""
