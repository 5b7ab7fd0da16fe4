"""The settings of a run: immutable, each declared once, with its bounds and whether it may change during a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from typing import Annotated, Any, Final, Literal, get_type_hints

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mnistviz.engine.functions import COSTS, NAMES
from mnistviz.engine.problems import Problem

MAX_HIDDEN_LAYERS = 8
MAX_UNITS = 2_000  # in one layer after the input
MAX_WEIGHTS = 5_000_000  # of a network: 20 MB a copy
MOST_CLASSES: Final = 10

Group = Literal["network", "training", "digits", "distortion", "stopping"]


class Setting(Struct, frozen=True):
    """Declaration of one of the `Settings`. Its name is also the code of its words, in `mnistviz.setting_words`.

    - `default`, with the type `kind`: a whole number, a number, a choice, or a list of whole numbers.
    - `group`: the group that it belongs to.
    - `bounds`: the smallest and largest value of a number, and of each in a list.
    - `usual`: the range of a number worth trying, if any; linear in steps of `step`, or logarithmic.
    - `choices`: the values of a choice.
    - `fixed`: True if it can't change during a run, like all of the group "network".
    """

    name: str
    default: Any
    group: Group = "training"
    bounds: tuple[float, float] = (-math.inf, math.inf)
    usual: tuple[float, float] | None = None
    step: float = 0.0
    choices: tuple[str, ...] = ()
    fixed: bool = False

    @property
    def kind(self) -> type:
        return type(self.default)

    @property
    def new_run(self) -> bool:
        """True if a change needs a new run. All others may change from the next mini-batch on."""
        return self.group == "network" or self.fixed

    def checked(self, value: object) -> Any:
        """Return `value` as a plain value of its kind; raise a `Problem` for another kind or out of bounds."""
        if self.name == "sizes":
            return _checked_list(value, "setting_not_sizes", self.name)
        if self.kind is tuple:
            return _checked_classes(self.name, value, *self.bounds)
        if self.kind is str:
            return _checked_choice(self.name, value, self.choices)
        return checked_number(self.name, value, *self.bounds, whole=self.kind is int)


def _about(group: Group = "training", **what: Any) -> Callable[..., Setting]:
    return partial(Setting, group=group, **what)


class Settings(Struct, frozen=True):
    """The settings of a run. The defaults are the book's first network.

    Values are checked by `checked`, which all training calls.

    - `training_digits`: number of training samples used, the first ones.
    - `random_labels`: the share of them with a random label, among the classes that are trained on.
    - `classes_left_out`: indices of classes that are not trained on. Their outputs stay.
    - `order`: of the samples in an epoch: "shuffled" anew in each; "sorted" by label after that; or as "stored". A
      change within an epoch continues at the same place of the new order.
    - `weight_decay`: λ of the book's L2 regularisation, C = C₀ + λ/2n Σw², with n training digits.
    - `momentum`: μ; `momentum_kind` says whether the gradient is taken before or after the velocity moves the weights.
    - `dropout`: the share of hidden neurons switched off, chosen anew for each sample.
    - `schedule`: of η. It stays ("constant"), falls along half a cosine over `schedule_epochs` ("cosine"),
      is divided by ten every `schedule_epochs` ("step"), or is halved whenever the validation accuracy has not
      improved for `schedule_epochs` ("halve").
    - `shift` in pixels and `rotation` in degrees: the largest random shift and rotation of each training sample;
      `elastic` in pixels: the standard deviation of its local displacements.
    - `stop`: never, after `stop_epochs`, or when validation has not improved for `stop_epochs`.
    """

    sizes: Annotated[tuple[int, ...], _about("network", bounds=(1, MAX_UNITS))] = (784, 30, 10)
    seed: Annotated[int, _about("network", bounds=(0, 2**31 - 1))] = 1
    activation: Annotated[str, _about("network", choices=tuple(NAMES["activation"]))] = "sigmoid"
    output: Annotated[str, _about("network", choices=tuple(NAMES["output"]))] = "sigmoid"
    cost: Annotated[str, _about("network", choices=tuple(NAMES["cost"]))] = "quadratic"
    initial_weights: Annotated[str, _about("network", choices=tuple(NAMES["initial_weights"]))] = "normal"
    training_digits: Annotated[int, _about("network", bounds=(50, 500_000), usual=(50, 50_000))] = 50_000
    random_labels: Annotated[
        float, _about("digits", bounds=(0.0, 1.0), usual=(0.0, 1.0), step=0.1, fixed=True)
    ] = 0.0
    classes_left_out: Annotated[
        tuple[int, ...], _about("digits", bounds=(0, MOST_CLASSES - 1), fixed=True)
    ] = ()
    eta: Annotated[float, _about(bounds=(0.0001, 1_000.0), usual=(0.001, 100.0))] = 3.0
    mini_batch_size: Annotated[int, _about(bounds=(1, 10_000), usual=(1, 1_000))] = 10
    order: Annotated[str, _about(choices=("shuffled", "sorted", "stored"))] = "shuffled"
    weight_decay: Annotated[float, _about(bounds=(0.0, 1_000.0), usual=(0.01, 100.0))] = 0.0
    momentum: Annotated[float, _about(bounds=(0.0, 0.999), usual=(0.0, 0.99), step=0.01)] = 0.0
    momentum_kind: Annotated[str, _about(choices=("classical", "nesterov"))] = "classical"
    dropout: Annotated[float, _about(bounds=(0.0, 0.9), usual=(0.0, 0.9), step=0.01)] = 0.0
    schedule: Annotated[str, _about(choices=("constant", "cosine", "step", "halve"))] = "constant"
    schedule_epochs: Annotated[int, _about(bounds=(1, 10_000))] = 10
    shift: Annotated[int, _about("distortion", bounds=(0, 6), usual=(0, 6), step=1)] = 0
    rotation: Annotated[float, _about("distortion", bounds=(0.0, 45.0), usual=(0.0, 45.0), step=1)] = 0.0
    elastic: Annotated[float, _about("distortion", bounds=(0.0, 10.0), usual=(0.0, 10.0), step=0.1)] = 0.0
    stop: Annotated[str, _about("stopping", choices=("never", "epochs", "no_improvement"))] = "never"
    stop_epochs: Annotated[int, _about("stopping", bounds=(1, 10_000))] = 30

    def checked(self) -> Settings:
        """Return the settings with plain numbers and tuples; NumPy numbers, lists, and 10.0 for a whole number are
        accepted. Raise a `Problem` that names the field if one is of another kind or out of bounds, or if some do not
        fit together."""
        settings = Settings(
            **{name: setting.checked(getattr(self, name)) for name, setting in SETTINGS.items()}
        )
        if (settings.output, settings.cost) not in COSTS:
            raise Problem("settings_do_not_fit", output=settings.output, cost=settings.cost)
        check_sizes(settings.sizes)
        if set(range(settings.sizes[-1])) <= set(settings.classes_left_out):
            raise Problem("no_class_left")
        return settings

    def changed(self, **changes: Any) -> Settings:
        return replace(self, **changes).checked()

    def by_hand(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return all changes when these values are set by hand: η ends its schedule, unless that is set too."""
        ends = self.schedule != "constant" and values.get("eta", self.eta) != self.eta
        return {**({"schedule": "constant"} if ends else {}), **values}

    def for_classes(self, count: int) -> Settings:
        """Return the settings, unchecked, for so many classes; leave out only classes that exist, and not all."""
        left_out = tuple(number for number in self.classes_left_out if number < count)
        sizes = (*self.sizes[:-1], count)
        return replace(self, sizes=sizes, classes_left_out=left_out if len(left_out) < count else ())

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> Settings:
        """Return settings from the names and values of a file, also of an older version; others have their defaults.
        Raise a `Problem` for a name that is no setting, a value of another kind, or one out of bounds."""
        values = renamed(values)
        for name in values:
            if not name:
                raise Problem("setting_unnamed")
            if name not in SETTINGS:
                raise Problem("setting_not_known", name=shortened(name))
        return cls(**values).checked()  # type: ignore[arg-type]

    def network_options(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("seed", *NAMES)}

    def needs_new_run(self, other: Settings) -> bool:
        return self is not other and any(
            setting.new_run and getattr(self, name) != getattr(other, name)
            for name, setting in SETTINGS.items()
        )


_DEFAULTS: Final = Settings()
SETTINGS: Final[dict[str, Setting]] = {
    name: hint.__metadata__[0](name, getattr(_DEFAULTS, name))
    for name, hint in get_type_hints(Settings, include_extras=True).items()
}
"""Every setting by its name."""


OLD_NAMES: Final = {"start": "initial_weights"}
"""Current names by those of older versions, which files and options may still use."""


def renamed(values: Mapping[str, object]) -> dict[str, object]:
    """Return `values` by current names. A name that is also given in its current form stays."""
    return {
        OLD_NAMES[name] if name in OLD_NAMES and OLD_NAMES[name] not in values else name: value
        for name, value in values.items()
    }


def check_sizes(sizes: tuple[int, ...]) -> None:
    """Raise a `Problem` for layers that are too large for the program, or that are no network."""
    low, high = SETTINGS["sizes"].bounds
    hidden = len(sizes) - 2
    if not 0 <= hidden <= MAX_HIDDEN_LAYERS:
        raise Problem(
            "too_many_layers" if hidden > 0 else "too_few_layers", value=hidden, high=MAX_HIDDEN_LAYERS
        )
    for size in sizes[1:]:
        if not low <= size <= high:
            raise Problem("setting_out_of_range", field="sizes", value=size, low=low, high=high)
    if not 1 <= sizes[0] <= 784:
        raise Problem("setting_out_of_range", field="inputs", value=sizes[0], low=1, high=784)
    if (weights := sum(n_in * n_out for n_in, n_out in pairwise(sizes))) > MAX_WEIGHTS:
        raise Problem("too_many_weights", value=weights, high=MAX_WEIGHTS)


def shortened(text: str, most: int = 40) -> str:
    """Return text of any origin fit for a sentence: limited in length, without control characters."""
    shown = text if len(text) <= most else f"{text[:most]}…"
    return "".join(letter if letter.isprintable() else "�" for letter in shown)


def checked_number(field: str, value: object, low: float, high: float, *, whole: bool) -> int | float:
    """Return `value` as a float, or an int if it must be `whole`; raise a `Problem` that names `field` if it is no such
    number from `low` to `high`."""
    if (number := _plain_number(value)) is None:
        raise Problem("setting_is_text" if isinstance(value, str) else "setting_not_number", field=field)
    if not low <= number <= high:  # also refuses NaN
        raise Problem("setting_out_of_range", field=field, value=number, low=low, high=high)
    if not whole:
        return float(number)
    if not isinstance(number, int):
        raise Problem("setting_not_whole", field=field, value=number)
    return number


def _checked_choice(field: str, value: object, choices: tuple[str, ...]) -> str:
    if not isinstance(value, str) or not value:
        raise Problem("setting_not_choice", field=field, choices=choices)
    if value not in choices:
        raise Problem("setting_unknown", field=field, value=shortened(value), choices=choices)
    return str(value)


def _checked_classes(field: str, value: object, low: float, high: float) -> tuple[int, ...]:
    classes = sorted(set(_checked_list(value, "setting_not_classes", field)))
    for each in classes:
        checked_number(field, each, low, high, whole=True)
    return tuple(classes)


def _checked_list(value: object, code: str, field: str) -> tuple[int, ...]:
    """Return a list of whole numbers as a tuple; raise a `Problem` with this code for anything else."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    numbers = [_plain_number(each) for each in value] if isinstance(value, list | tuple) else [None]
    whole = tuple(number for number in numbers if isinstance(number, int))
    if len(whole) < len(numbers):
        raise Problem(code, field=field)
    return whole


def _plain_number(value: object) -> int | float | None:
    """Return a number as Python's own, an int if it is whole, a float if it has hundreds of digits; else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return None
    try:
        number = float(value)
    except OverflowError:
        number = math.inf if value > 0 else -math.inf
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
