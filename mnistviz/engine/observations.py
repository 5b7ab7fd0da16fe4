"""Findings in a run's record: codes and values, which are made into sentences elsewhere."""

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from mnistviz.engine import causes
from mnistviz.engine.acts import Changed, Restored, SteppedBack, puts_other_weights
from mnistviz.engine.evaluation import LayerHealth
from mnistviz.engine.functions import ACTIVATIONS, INITIAL_WEIGHTS
from mnistviz.engine.history import History
from mnistviz.engine.moment import Best, Evaluation, SetName
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.trials import ChangeResult
from mnistviz.engine.verdicts import LEAST_DIGITS, compare_sets

_FEW = 0.1  # of its fair share: an output that wins less often than this "hardly ever fires"
_CHANCE = 1.5  # times the share that guessing gets right is "hardly better than guessing"
_LARGE, _SMALL = 2.0, 0.1  # times the usual η
_FAR_TOO_LARGE = 5.0  # times the usual η: reducing it helps even a good network
_LITTLE = 0.5  # validation accuracy: less is low after an epoch
_SLOW = 0.8  # the same if η was never changed
_A_FIFTH, _LONG = 0.2, 3.0  # epochs: before guessing is reported; and before rare outputs are
_LOST = 0.05  # loss of validation accuracy
_ENOUGH = 200  # mini-batches before learning is judged
_SINCE = 100  # mini-batches after a change before a run is called worse
_OVERFIT = 0.03  # training accuracy above validation accuracy
_SATURATED = 0.7  # of a layer's activations
_DOES_WELL, _DOES_VERY_WELL = 0.9, 0.95  # of the validation digits
_MOST_LAYERS = 3  # hidden ones
_DEAD = 0.3  # of a layer's neurons
_VANISHED = 0.05  # length of the first layer's gradient over that of the last hidden one
_MOST_DROPPED = 0.5  # of the hidden neurons: more is much
_STRONG = {"shift": 3, "rotation": 25.0, "elastic": 3.0}  # distortions: more is much
_MILD: Mapping[str, float] = {"shift": 1, "rotation": 10.0, "elastic": 1.0}  # as in the recipe *distorted*
_FEW_STEPS = 100  # mini-batches in an epoch
_BY_HEART = 0.9  # of the training digits
_LABELS_DIFFER = 0.1  # validation accuracy above training accuracy
_RAN_OUT = 0.01  # share of η at the end of a schedule
_AT_0 = 1e-9  # share of η below which no weight changes
_NOTHING_YET = (
    "gradients_vanish", "eta_small", "run_stuck_large_eta", "run_stuck_momentum", "run_stuck", "only_by_heart",
    "dropout_large", "distortion_large", "decay_large", "few_units", "few_steps",
)  # fmt: skip
_DRIFTING = frozenset((
    "share", "times", "training", "validation", "before", "after", "without", "now", "count", "all", "epochs",
    "digits", "eta_now",
))  # fmt: skip


class Finding(Struct, frozen=True):
    """An observation about a run, and what would help; no two findings of a run offer the same.

    - `remedy`: the settings that would help, empty where none is known. They can always be applied:
      `settings.changed(**remedy)` of the run's settings never raises, and each of them changes something.
    - `back_to_best`: to go back to the best weights first, as `RestoreBest` does, and to change `remedy` (which may
      be empty) in the same gesture, at the same mini-batch. There is a best then, and it is never `in_new_run`.
    - `in_new_run`: the remedy needs a new run, or comes too late for this one: a run with `remedy` is to begin.
    """

    code: str
    values: Mapping[str, object]
    remedy: Mapping[str, object] = field(default_factory=dict)
    in_new_run: bool = False
    back_to_best: bool = False

    @property
    def offers(self) -> bool:
        return bool(self.remedy) or self.back_to_best

    @property
    def needs_trial(self) -> bool:
        """True if only a trial shows its effect: the best weights of a stopped run were evaluated as judged."""
        return self.offers and not self.code.startswith("stopped")

    @property
    def identity(self) -> Hashable:
        """Key that distinguishes findings, without the figures that change as the run goes on."""
        stable = ((name, value) for name, value in self.values.items() if name not in _DRIFTING)
        return self.code, tuple(stable)


class RunFindings(Struct, frozen=True):
    """Known facts about a run. `epoch` is the number of samples in one, `present` says which of the classes have
    validation samples (empty: all), and `eta` is that of the next mini-batch, None if it is as set."""

    history: History
    settings: Settings
    classes: Sequence[str]
    epoch: int
    evaluations: Mapping[SetName, Evaluation] = field(default_factory=dict)
    health: Sequence[LayerHealth] = ()
    best: Best | None = None
    diverged: bool = False
    stopped: bool = False
    present: Sequence[bool] = ()
    eta: float | None = None


def findings(record: RunFindings) -> list[Finding]:
    """Return the findings, the most important first. Of two with the same remedy, keep the first."""
    result: list[Finding] = []
    for finding in _all_findings(record):
        remedy = _allowed(finding.remedy, record.settings)
        finding = replace(finding, remedy=remedy, in_new_run=finding.in_new_run and bool(remedy))
        if not _offer(finding) or _offer(finding) not in map(_offer, result):
            result.append(finding)
    return result


def _allowed(remedy: Mapping[str, object], settings: Settings) -> dict[str, object]:
    allowed: dict[str, object] = {}
    for name, value in remedy.items():
        if isinstance(value, float):
            low, high = SETTINGS[name].bounds
            value = min(max(value, low), high)
        if value != getattr(settings, name):
            allowed[name] = value
    return allowed


def _offer(finding: Finding) -> Hashable:
    return (tuple(finding.remedy.items()), finding.back_to_best) if finding.offers else None


def _all_findings(record: RunFindings) -> list[Finding]:
    worked = causes.find_working_settings(
        record.history, record.settings, record.best, record.epoch, len(record.classes)
    )
    if record.diverged:
        return [_diverged(record, worked)]
    result = _stopped(record) if record.stopped else []
    validation = record.evaluations.get("validation")
    if validation is None or not validation.digits or _are_few(validation):
        return result + _effect(record)  # nothing is learned yet, or too few samples
    if (worse := _worse(record, worked, validation)) is not None:  # other findings come after it
        unsuited = _unsuited(record, validation, weak=validation.accuracy < _SLOW)
        if worse.code == "run_fell" and unsuited is not None:  # nothing was changed, and this explains it
            worse = unsuited
        return [*result, worse, *_effect(record)]
    learned = _learned(record, validation)
    result += learned + _run_out(record) + _effect(record)
    if not any(finding.code in _NOTHING_YET for finding in learned):
        result += _layers(record, validation)
        if worked is None or worked.accuracy - validation.accuracy <= _LOST:  # a loss has another cause
            result += _overfitting(record, validation)
    return result


def _are_few(validation: Evaluation) -> bool:
    return len(validation.predictions) < LEAST_DIGITS


def _percent(share: float) -> float:
    return round(100 * share, 2)


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")


def _diverged(record: RunFindings, worked: causes.WorkingSettings | None) -> Finding:
    settings, best = record.settings, record.best
    smaller = {"eta": _rounded(min(settings.eta / 10, causes.usual_eta(settings)))}
    if worked is None:
        return Finding("run_diverged", {}, {**causes.suitable_settings(settings), **smaller}, in_new_run=True)
    remedy = _differing(worked.settings, settings) or smaller
    if best is None or worked.best is None:
        return Finding("run_diverged", {}, remedy, in_new_run=True)
    values = {"epoch": best.epoch, "accuracy": _percent(best.accuracy)}
    return Finding("run_diverged_best", values, remedy, back_to_best=True)


def _differing(wanted: Settings, settings: Settings) -> dict[str, object]:
    return {
        name: getattr(wanted, name)
        for name, setting in SETTINGS.items()
        if setting.group != "stopping" and getattr(wanted, name) != getattr(settings, name)
    }


def _stopped(record: RunFindings) -> list[Finding]:
    if (best := record.best) is None:
        return []
    values = {"epochs": record.settings.stop_epochs, "epoch": best.epoch, "accuracy": _percent(best.accuracy)}
    validation = record.evaluations.get("validation")
    later = validation is not None and not _are_few(validation) and validation.accuracy < best.accuracy
    code = "stopped_epochs" if record.settings.stop == "epochs" else "stopped_no_improvement"
    return [Finding(code, values, back_to_best=later)]


def _worse(
    record: RunFindings, worked: causes.WorkingSettings | None, validation: Evaluation
) -> Finding | None:
    """Return a finding if the accuracy is clearly below an earlier one, with what changed in between."""
    if worked is None or worked.accuracy - validation.accuracy <= _LOST:
        return None
    best, touched = worked.best, worked.touched
    values: dict[str, object] = {"accuracy": _percent(worked.accuracy), "now": _percent(validation.accuracy)}
    if best is not None:
        values["epoch"] = best.epoch
        by_hand = None if touched else _fell_by_hand(record, best, values)
        if by_hand is not None:
            return by_hand
        before = causes.accuracy_until(record.history, touched[0].step) if touched else 0.0
        if not worked.accuracy - before <= _LOST:  # the accuracy fell before any change
            usual, eta = causes.usual_eta(record.settings), record.settings.eta
            smaller = {"eta": _rounded(usual if eta > _LARGE * usual else eta / 5)}
            return Finding("run_fell", values, smaller, back_to_best=True)
    if validation.step - touched[0].step < _SINCE:
        return None
    values["step"] = touched[0].step
    remedy, names = _differing(worked.settings, record.settings), tuple(each.name for each in touched)
    if best is None:
        return Finding("run_worse_early", values | {"settings": names}, remedy, in_new_run=True)
    if len(touched) > 1 or not touched[0].at_once:
        return Finding("run_worse_several", values | {"settings": names}, remedy, back_to_best=True)
    values |= {"setting": touched[0].name, "old": touched[0].old, "new": touched[0].new}
    return Finding("run_worse", values, remedy, back_to_best=True)


def _fell_by_hand(record: RunFindings, best: Best, values: dict[str, object]) -> Finding | None:
    """Return a finding if the accuracy fell only after a manual edit of the weights made after the best."""
    history = record.history
    acts = [act for act in history.interventions if act.step >= best.step and puts_other_weights(act)]
    acts = [act for act in acts if not isinstance(act, Restored)]
    if not acts or best.accuracy - causes.accuracy_until(history, acts[0].step) > _LOST:
        return None
    last = acts[-1]
    if isinstance(last, SteppedBack):
        return Finding("run_worse_backwards", values | {"count": last.mini_batches}, back_to_best=True)
    return Finding("run_worse_by_hand", values | {"step": last.step}, back_to_best=True)


def _learned(record: RunFindings, validation: Evaluation) -> list[Finding]:
    begun = validation.step < _ENOUGH
    if begun and not (_has_few_steps(record) and validation.digits >= _LONG * record.epoch):
        return []
    vanishing = [] if begun else _vanishing(record)
    if vanishing:
        return vanishing
    settings, accuracy = record.settings, validation.accuracy
    epochs, usual = validation.digits / record.epoch, causes.usual_eta(settings)
    if settings.classes_left_out:
        return []  # validation samples of these classes are misclassified by design
    guessing, values = _is_guessing(record, validation), _progress(record, validation)
    if guessing and epochs >= 1 and _training_share(record, validation) > 2 * _CHANCE / len(record.classes):
        return [
            Finding("only_by_heart", values | {"training": _percent(_training_share(record, validation))})
        ]
    if settings.order != "shuffled" or settings.random_labels:
        return []  # such training data says nothing about other settings
    unsuited = _unsuited(record, validation, weak=guessing if epochs < 1 else accuracy < _SLOW)
    if unsuited is not None:
        return [unsuited] if epochs >= _A_FIFTH else []
    if begun:
        return []
    little = _LITTLE if record.history.interventions else _SLOW
    changes = (act for act in record.history.interventions if isinstance(act, Changed))
    since = max(
        (act.digits for act in changes if any(name == "eta" for name, _, _ in act.changes)), default=0
    )
    # Earlier evaluations don't reflect the new η
    settled = not since or validation.digits - since >= record.epoch
    if settled and settings.eta < _SMALL * usual and (guessing if epochs < 1 else accuracy < little):
        return [Finding("eta_small", values, {"eta": _rounded(usual)})] if epochs >= _A_FIFTH else []
    if guessing and settings.eta > _LARGE * usual:
        heavy = settings.momentum > causes.HEAVY_MOMENTUM
        values |= {"momentum": settings.momentum, "times": round(1 / (1 - settings.momentum))}
        code = "run_stuck_momentum" if heavy else "run_stuck_large_eta"
        return [_new_run_finding(code, values, record)] if epochs >= _A_FIFTH else []
    if epochs < 1:
        return []
    if guessing:
        return [_new_run_finding("run_stuck", values, record)]
    silent = _rare_outputs(record, validation)
    well = _DOES_VERY_WELL if settings.eta > _FAR_TOO_LARGE * usual else _DOES_WELL
    if not silent and settled and accuracy < well and settings.eta > _LARGE * usual:
        return [_new_run_finding("eta_large", values, record)]
    return silent


def _training_share(record: RunFindings, validation: Evaluation) -> float:
    training = record.evaluations.get("training")
    return 0.0 if training is None or training.step != validation.step else training.accuracy


def _is_guessing(record: RunFindings, validation: Evaluation) -> bool:
    return validation.accuracy < _CHANCE / len(record.classes)


def _progress(record: RunFindings, validation: Evaluation) -> dict[str, object]:
    return {
        "now": _percent(validation.accuracy),
        "epochs": round(validation.digits / record.epoch, 1),
        "classes": len(record.classes),
        "eta": record.settings.eta,
    }


def _unsuited(record: RunFindings, validation: Evaluation, *, weak: bool) -> Finding | None:
    """Return a setting that prevents learning whatever η is; most are reported only if the network is `weak`. Weights
    at guessing level mostly stay there, and so do neurons that dropout or distortion have made inactive."""
    settings, values = record.settings, _progress(record, validation)
    guessing, usual_decay = _is_guessing(record, validation), _decay(record.epoch)
    if settings.weight_decay > 10 * usual_decay and validation.accuracy < _DOES_WELL:
        values |= {"weight_decay": settings.weight_decay, "digits": record.epoch}
        return Finding("decay_large", values, {"weight_decay": usual_decay}, guessing)
    if not weak:
        return None
    if settings.dropout > _MOST_DROPPED:
        return Finding("dropout_large", {**values, "dropout": settings.dropout}, {"dropout": 0.2}, True)
    if any(getattr(settings, name) > most for name, most in _STRONG.items()):
        milder = {name: type(getattr(settings, name))(most) for name, most in _MILD.items()
                  if getattr(settings, name) > most}  # fmt: skip
        return Finding("distortion_large", values, milder, True)
    hidden = settings.sizes[1:-1]
    narrow = [number for number, size in enumerate(hidden, start=1) if size < len(record.classes) / 2]
    if narrow:
        wider = tuple(
            max(30, size) if number in narrow else size for number, size in enumerate(hidden, start=1)
        )
        sizes = (settings.sizes[0], *wider, settings.sizes[-1])
        values |= {"layer": narrow[0], "units": hidden[narrow[0] - 1]}
        return Finding("few_units", values, {"sizes": sizes}, True)
    if _has_few_steps(record):
        smaller: dict[str, object] = {"mini_batch_size": 10}
        values |= {"steps": _steps(record), "mini_batch_size": settings.mini_batch_size}
        remedy = smaller | causes.suitable_settings(settings.changed(**smaller))
        return Finding("few_steps", values, remedy, guessing)
    return None


def _has_few_steps(record: RunFindings) -> bool:
    """Return True if an epoch has few steps because its mini-batches are large."""
    return _steps(record) < _FEW_STEPS and record.settings.mini_batch_size > 10


def _steps(record: RunFindings) -> int:
    return -(-record.epoch // record.settings.mini_batch_size)


def _new_run_finding(code: str, values: Mapping[str, object], record: RunFindings) -> Finding:
    """Return a finding whose remedy is a new run with usual settings."""
    return Finding(code, values, causes.suitable_settings(record.settings), in_new_run=True)


def _rare_outputs(record: RunFindings, validation: Evaluation) -> list[Finding]:
    settings, classes = record.settings, record.classes
    counts = np.bincount(validation.predictions, minlength=len(classes))
    present = record.present or (True,) * len(classes)
    few = _FEW * counts.sum() / sum(present)
    rare = [
        (name, int(count))
        for name, count, is_present in zip(classes, counts, present, strict=False)
        if is_present and count < few
    ]
    if not rare:
        return []
    values = {
        "names": tuple(name for name, _ in rare),
        "number": len(rare),
        "count": sum(count for _, count in rare),
        "all": int(counts.sum()),
        "eta": settings.eta,
    }
    if settings.eta > _LARGE * causes.usual_eta(settings):
        return [_new_run_finding("outputs_silent_large_eta", values, record)]
    if validation.accuracy < _LITTLE and validation.digits < _LONG * record.epoch:
        return []  # too early to tell
    code = "output_silent" if len(rare) == 1 else "outputs_silent"
    return [Finding(code, values, _smaller_weights(settings), in_new_run=True)]


def _smaller_weights(settings: Settings) -> dict[str, object]:
    """Return initial weights of 1/√n, or √(2/n) for ReLU, with an η that suits them; none for many sigmoid layers,
    through which they let no gradient pass."""
    activation = ACTIVATIONS[settings.activation]
    too_deep = activation.steepest < 1 and len(settings.sizes) - 2 > _MOST_LAYERS
    if not INITIAL_WEIGHTS[settings.initial_weights].large or too_deep:
        return {}
    smaller: dict[str, object] = {"initial_weights": activation.initial_weights}
    return smaller | causes.suitable_settings(settings.changed(**smaller))


def _vanishing(record: RunFindings) -> list[Finding]:
    """Return a finding if hardly any gradient reaches the first hidden layer: seen best in the first epoch. The
    lengths of ∂C/∂b of the first and the last hidden layer are compared, as in the tab *Layers*."""
    hidden = record.health[:-1]
    bounded = ACTIVATIONS[record.settings.activation].bounds is not None
    if not bounded or len(hidden) < 2 or not hidden[-1].gradient > 0:
        return []
    if (share := hidden[0].gradient / hidden[-1].gradient) >= _VANISHED:
        return []
    values = {"times": round(1 / max(share, 1e-9)), "layer": len(hidden)}
    relu: dict[str, object] = {"activation": "relu", "initial_weights": "he"}
    remedy = relu | causes.suitable_settings(record.settings.changed(**relu))
    return [Finding("gradients_vanish", values, remedy, in_new_run=True)]


def change_finding(change: causes.ChangeStretch, result: ChangeResult, epoch: int) -> Finding:
    """Return the effect of a change compared with no change; `epoch` is the number of samples in one."""
    values = _change_values(change, epoch)
    values |= {"before": round(change.before, 4), "after": round(result.after, 4)}
    values |= {"without": round(result.without, 4), "digits": result.digits}
    values |= {"effect": result.verdict, "short_effect": result.verdict}
    several = "s" if len(change.changes) > 1 else ""
    return Finding(f"change{several}_{result.verdict}", values)


def _change_values(change: causes.ChangeStretch, epoch: int) -> dict[str, object]:
    values: dict[str, object] = {"place": round(change.acts[0].digits / epoch, 1)}
    if len(change.changes) > 1:
        return values | {"settings": tuple(name for name, _, _ in change.changes)}
    name, old, new = change.changes[0]
    return values | {"setting": name, "old": old, "new": new}


def _effect(record: RunFindings) -> list[Finding]:
    change = causes.last_change(record.history, record.epoch)
    if change is None or not any(name in causes.OTHER_COSTS for name, _, _ in change.changes):
        return []
    several = "s" if len(change.changes) > 1 else ""
    return [Finding(f"change{several}_other_cost", _change_values(change, record.epoch))]


def _layers(record: RunFindings, validation: Evaluation) -> list[Finding]:
    if validation.step < _ENOUGH or _unsuited(record, validation, weak=True) is not None:
        return []  # an unsuitable setting is reported first
    settings, layers = record.settings, []
    large = settings.eta > _LARGE * causes.usual_eta(settings)
    # samples of classes that were left out can't be classified correctly
    does_well = validation.accuracy >= _DOES_WELL or settings.classes_left_out
    slow = not does_well and INITIAL_WEIGHTS[settings.initial_weights].large and not large
    for number, layer in enumerate(record.health[:-1], start=1):
        values: dict[str, object] = {"layer": number}
        if layer.dead > _DEAD:
            values["share"] = round(100 * layer.dead)
            if large:
                layers.append(_new_run_finding("layer_dead", values, record))
            else:
                layers.append(Finding("layer_dead", values, {"activation": "leaky_relu"}, in_new_run=True))
        elif layer.saturated > _SATURATED and slow:
            values["share"] = round(100 * layer.saturated)
            layers.append(Finding("layer_saturated", values, _smaller_weights(settings), in_new_run=True))
    return layers


def _overfitting(record: RunFindings, validation: Evaluation) -> list[Finding]:
    training = record.evaluations.get("training")
    if training is None or training.step != validation.step or validation.digits < record.epoch:
        return []
    if record.settings.classes_left_out:
        return []  # they are missing in the training set only
    counts = len(training.predictions), len(validation.predictions)
    if compare_sets(training.accuracy, validation.accuracy, *counts).sureness != "clearly":
        return []
    values = {
        "training": _percent(training.accuracy),
        "validation": _percent(validation.accuracy),
        "digits": len(training.predictions),
    }
    if validation.accuracy - training.accuracy > _LABELS_DIFFER:
        return [] if record.settings.random_labels else [Finding("labels_doubtful", values)]
    if training.accuracy - validation.accuracy <= _OVERFIT:
        return []
    code = "overfitting" if training.accuracy >= _BY_HEART else "reads_own_better"
    decay = {} if record.settings.weight_decay else {"weight_decay": _decay(record.epoch)}
    return [Finding(code, values, decay)]


def _run_out(record: RunFindings) -> list[Finding]:
    settings, eta = record.settings, record.eta
    if eta is None or settings.schedule == "constant" or eta >= _RAN_OUT * settings.eta or record.stopped:
        return []
    remedy = {"schedule": "constant", "eta": _rounded(settings.eta / 10)}
    if is_at_0(settings, eta):
        return [Finding("schedule_at_0", {"schedule": settings.schedule}, remedy)]
    return [Finding("schedule_ended", {"eta_now": _rounded(eta), "schedule": settings.schedule}, remedy)]


def is_at_0(settings: Settings, eta: float) -> bool:
    return eta <= _AT_0 * settings.eta


def _decay(digits: int) -> float:
    """Return a weight decay λ to begin with: the book's 5 for 50,000 samples, scaled by the square root (measured)."""
    return float(f"{5 * (digits / 50_000) ** 0.5:.1g}")
