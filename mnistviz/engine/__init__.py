"""The network, the digits and the training: NumPy only, and no screen.

from mnistviz.engine import RECIPES, load_digits, train

digits = load_digits()
outcome = train(RECIPES["fast"].settings, digits, report=lambda epoch: print(epoch.accuracy("validation")))
print(outcome.best, outcome.best_network.evaluate(digits.test))

`train` and `Network.SGD` limit BLAS to one thread while they work and leave the host program as it was; steps
of a `Trainer` belong into `with one_blas_thread():`.
"""

from mnistviz.engine.curves_file import save_curves
from mnistviz.engine.digits import Digits, DigitSet, grey_values, load_digits
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.recipes import RECIPES, Recipe
from mnistviz.engine.settings import Settings
from mnistviz.engine.settings_file import load_settings, save_settings
from mnistviz.engine.storage import load_network, save_network
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.trainer import Trainer
from mnistviz.engine.unattended import Epoch, Outcome, train

__all__ = [
    "RECIPES",
    "DigitSet",
    "Digits",
    "Epoch",
    "Network",
    "Outcome",
    "Problem",
    "Recipe",
    "Settings",
    "Trainer",
    "grey_values",
    "load_digits",
    "load_network",
    "load_settings",
    "one_blas_thread",
    "save_curves",
    "save_network",
    "save_settings",
    "train",
]
