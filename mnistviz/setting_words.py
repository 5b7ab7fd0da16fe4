"""Names and descriptions of the settings, once, in English: the window translates them, the command line does not."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

from mnistviz.marking import marked


class SettingWords(Struct, frozen=True):
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


NO_CLASS: Final = marked("none")  # the name of an empty list of classes

# fmt: off
SETTING_WORDS: Final[dict[str, SettingWords]] = {
    "sizes": SettingWords(
        marked("Hidden layers"),
        marked("layers"),
        marked("The size of a layer"),
        marked("Neurons in each layer, from pixels to outputs."),
        "units in each layer, input to output",
        unit="N,…",
    ),
    "seed": SettingWords(
        marked("Seed"),
        marked("seed"),
        marked("The seed"),
        marked("The same seed gives the same initial weights and the same order of digits."),
        "the same seed, the same network",
    ),
    "activation": SettingWords(
        marked("Neurons"),
        marked("neurons"),
        marked("The activation function"),
        marked("The activation function: what a hidden neuron makes of its weighted input z."),
        "the activation function of the hidden neurons",
    ),
    "output": SettingWords(
        marked("Output"),
        marked("output"),
        marked("The output"),
        "",
        "the activation function of the last layer",
    ),
    "cost": SettingWords(
        marked("Cost"),
        marked("cost"),
        marked("The cost"),
        marked("What the training makes small."),
        "the cost function, which training makes small",
    ),
    "initial_weights": SettingWords(
        marked("Initial weights"),
        marked("initial weights"),
        marked("The rule for initial weights"),
        marked("The standard deviation of the initial weights of a neuron with n inputs."),
        "the rule for initial weights, of standard deviation {spreads}, with n inputs",
    ),
    "training_digits": SettingWords(
        marked("Training digits"),
        marked("training digits"),
        marked("The number of training digits"),
        marked("How many of the training digits are used. With few of them the network overfits."),
        "how many of the training digits are used",
    ),
    "random_labels": SettingWords(
        marked("Random labels"),
        marked("random labels"),
        marked("The share of random labels"),
        marked("The share of training digits whose label is drawn by chance, once for the whole run."),
        "the share of training digits whose label is drawn by chance, once for the whole run",
    ),
    "classes_left_out": SettingWords(
        marked("Left out"),
        marked("left out"),
        marked("The list of classes left out"),
        marked("The network never sees a training digit of these classes. Its outputs stay."),
        "numbers of classes, from 0, whose digits are not trained on; the outputs stay",
        unit="CLASS,…",
    ),
    "eta": SettingWords(
        marked("Learning rate η"),
        marked("η"),
        marked("The learning rate η"),
        marked("How far each step goes downhill."),
        "the learning rate η",
        symbol=True,
    ),
    "mini_batch_size": SettingWords(
        marked("Mini-batch size"),
        marked("mini-batch"),
        marked("The mini-batch size"),
        marked("How many digits each gradient is computed from."),
        "digits in a mini-batch",
    ),
    "order": SettingWords(
        marked("Order"),
        marked("order"),
        marked("The order of the training digits"),
        marked(
            "The order of the training digits in each epoch. In mid-epoch it goes on at the same place of the new "
            "order."),
        "the order of the training digits in each epoch",
        choices={
            "shuffled": marked("shuffled"),
            "sorted": marked("sorted by class"),
            "stored": marked("as stored"),
        },
    ),
    "weight_decay": SettingWords(
        marked("Weight decay λ"),
        marked("λ"),
        marked("The weight decay λ"),
        marked(
            "Shrinks all weights a little at each step, against overfitting. Without momentum it acts only where ηλ/n "
            "is above 3·10⁻⁸."),
        "weight decay λ: the cost has λ/2n Σw² added, with n training digits; without momentum it acts only where "
        "ηλ/n is above 3e-8",
        symbol=True,
    ),
    "momentum": SettingWords(
        marked("Momentum μ"),
        marked("μ"),
        marked("The momentum μ"),
        marked("How much of its velocity each weight keeps from step to step."),
        "momentum μ: the share of a step that is kept for the next",
        symbol=True,
    ),
    "momentum_kind": SettingWords(
        marked("Kind"),
        marked("momentum"),
        marked("The kind of momentum"),
        marked("classical: the gradient where the weights are. Nesterov: where their velocity takes them."),
        "the kind of momentum; Nesterov computes the gradient ahead",
        choices={
            "classical": marked("classical"),
            "nesterov": marked("Nesterov"),
        },
    ),
    "dropout": SettingWords(
        marked("Dropout"),
        marked("dropout"),
        marked("Dropout"),
        marked("The share of hidden neurons that are switched off, chosen anew for each digit, against overfitting."),
        "the share of hidden neurons that are switched off, chosen anew for each digit",
    ),
    "schedule": SettingWords(
        marked("Schedule of η"),
        marked("schedule of η"),
        marked("The schedule of η"),
        marked("How η changes automatically. Changing η by hand ends the schedule."),
        "what η does: stay, fall along half a cosine, drop to a tenth, or halve when validation stalls",
        choices={
            "constant": marked("constant"),
            "cosine": marked("cosine"),
            "step": marked("step"),
            "halve": marked("halve at a stall"),
        },
    ),
    "schedule_epochs": SettingWords(
        marked("Epochs"),
        marked("epochs of the schedule"),
        marked("The number of epochs of the schedule"),
        marked("How many epochs the schedule counts."),
        "epochs of the cosine, between two steps, or without improvement",
        unit="EPOCHS",
    ),
    "shift": SettingWords(
        marked("Shift, pixels"),
        marked("shift"),
        marked("The shift"),
        marked("How far a digit is moved at most."),
        "training digits are moved by at most this many pixels",
        unit="PIXELS",
    ),
    "rotation": SettingWords(
        marked("Rotation, °"),
        marked("rotation"),
        marked("The rotation"),
        marked("How far a digit is turned at most."),
        "training digits are turned by at most this many degrees",
        unit="DEGREES",
    ),
    "elastic": SettingWords(
        marked("Elastic, pixels"),
        marked("elastic"),
        marked("The elastic distortion"),
        marked("How far the lines of a digit are bent (standard deviation)."),
        "training digits are bent by about this many pixels",
        unit="PIXELS",
    ),
    "stop": SettingWords(
        marked("Stop"),
        marked("stop"),
        marked("The stopping rule"),
        marked("When the run pauses automatically."),
        "when training ends: never, after so many epochs, or after so many without improvement",
        choices={
            "never": marked("never"),
            "epochs": marked("after n epochs"),
            "no_improvement": marked("no gain"),
        },
    ),
    "stop_epochs": SettingWords(
        marked("Epochs n"),
        marked("epochs to stop"),
        marked("The number of epochs of the stopping rule"),
        marked("How many epochs the stopping rule counts."),
        "epochs of the stopping rule",
        unit="EPOCHS",
    ),
}
# fmt: on
"""The words for each setting, by its name."""
