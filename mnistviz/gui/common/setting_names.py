"""What the settings and their choices are called on the screen: on controls, marks of the curves, and buttons."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QObject


class SettingNames(QObject):
    """The names, in the language and the number format of the program."""

    def choices(self, field: str) -> dict[str, str]:
        """What the values of a choice are called; empty for a number."""
        known = {
            "activation": {
                "sigmoid": self.tr("sigmoid"),
                "tanh": self.tr("tanh"),
                "relu": self.tr("ReLU"),
                "leaky_relu": self.tr("leaky ReLU"),
            },
            "output": {"sigmoid": self.tr("sigmoid"), "softmax": self.tr("softmax")},
            "cost": {"quadratic": self.tr("quadratic"), "cross_entropy": self.tr("cross-entropy")},
            "start": {
                "normal": self.tr("1"),
                "scaled": self.tr("1/√n"),
                "he": self.tr("√(2/n), He"),
            },
            "momentum_kind": {"classical": self.tr("classical"), "nesterov": self.tr("Nesterov")},
            "schedule": {
                "constant": self.tr("constant"),
                "cosine": self.tr("cosine"),
                "step": self.tr("step"),
                "halve": self.tr("halve at a stall"),
            },
            "stop": {
                "never": self.tr("never"),
                "epochs": self.tr("after n epochs"),
                "no_improvement": self.tr("no improvement"),
            },
        }
        return known.get(field, {})

    def short(self, field: str) -> str:
        """The name of a setting, as short as on a mark of the curves."""
        known = {
            "sizes": self.tr("layers"),
            "seed": self.tr("seed"),
            "activation": self.tr("neurons"),
            "output": self.tr("output"),
            "cost": self.tr("cost"),
            "start": self.tr("start weights"),
            "training_digits": self.tr("training digits"),
            "eta": "η",
            "mini_batch_size": self.tr("mini-batch"),
            "weight_decay": "λ",
            "momentum": "μ",
            "momentum_kind": self.tr("momentum"),
            "dropout": self.tr("dropout"),
            "schedule": self.tr("schedule of η"),
            "schedule_epochs": self.tr("epochs of the schedule"),
            "shift": self.tr("shift"),
            "rotation": self.tr("rotation"),
            "elastic": self.tr("elastic"),
            "stop": self.tr("stop"),
            "stop_epochs": self.tr("epochs to stop"),
        }
        return known.get(field, field)

    def value(self, field: str, value: object) -> str:
        """The value of a setting, a number as exact as it is."""
        if isinstance(value, tuple):
            return " → ".join(map(str, value))
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self.choices(field).get(str(value), str(value))
        if isinstance(value, int):
            return QLocale().toString(value)
        if value.is_integer() and abs(value) < 1e6:
            return QLocale().toString(value, "f", 1)
        return QLocale().toString(
            value, "g", QLocale.FloatingPointPrecisionOption.FloatingPointShortest.value
        )
