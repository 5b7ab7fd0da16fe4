"""Texts about the changes that wait for a branch or a new run, derived from the settings and the step shown."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.common import setting_names
from mnistviz.gui.common.texts import tr
from mnistviz.gui.lab.run_names import setting
from mnistviz.gui.lab.shown import Draft, RunFacts, Shown


class PlanWords(Struct, frozen=True):
    """Texts and buttons of the foot of the settings, from long to short, and the names of the `changed` settings."""

    about: tuple[str, ...]
    changed: frozenset[str] = frozenset()
    branch: tuple[str, ...] = ()
    """Texts of the button that branches; empty for the one that begins a new run."""

    @property
    def waits(self) -> bool:
        return bool(self.changed)


def plan_words(draft: Draft, shown: Shown, recipe: str) -> PlanWords:
    """Describe the pending changes of a draft; `recipe` is the name of the settings, if they have one."""
    waiting = _for_new_run(draft)
    plan = {} if draft.for_new_run else dict(draft.plan)
    past = not shown.live
    changed = frozenset((*waiting, *plan))
    branch = _branch_button(plan) if past else ()
    if plan and waiting:
        both = tr("{count} settings changed, some for a new run", count=len(changed))
        return PlanWords((both, tr("{count} settings changed", count=len(changed))), changed, branch)
    if waiting:
        return PlanWords(_new_run(draft, waiting, recipe), changed, () if draft.for_new_run else branch)
    if plan:
        return PlanWords(_planned(draft, plan, shown), changed, branch)
    if past:
        return PlanWords((tr("A change here is a plan for a branch."),), branch=branch)
    return PlanWords(_nothing(shown.run))


def can_begin_anew(run: RunFacts | None) -> bool:
    """Return True if a run has nothing to lose: a change that needs a new run then starts one at once."""
    if run is None or run.replayed is not None:
        return False
    return run.step == 0 and not run.playing and not run.opened


def _for_new_run(draft: Draft) -> list[str]:
    if draft.running is None:
        return []
    names = (name for name, each in SETTINGS.items() if each.new_run or draft.for_new_run)
    return [name for name in names if getattr(draft.settings, name) != getattr(draft.running, name)]


def _new_run(draft: Draft, names: list[str], recipe: str) -> tuple[str, ...]:
    if draft.for_new_run and recipe:
        return tr("“{name}” in a new run", name=recipe), tr("A recipe in a new run")
    what = tr(", ").join(setting(name, getattr(draft.settings, name)) for name in names)
    full = tr("{what} in a new run", what=what)
    if len(names) == 1:
        return full, tr("1 setting in a new run")
    return full, tr("{count} settings in a new run", count=len(names))


def _planned(draft: Draft, plan: Mapping[str, Any], shown: Shown) -> tuple[str, ...]:
    step = draft.step
    if len(plan) == 1:
        ((field, value),) = plan.items()
        before = None if draft.running is None else getattr(draft.running, field)
        name, old, new = (
            setting_names.short(field),
            *(setting_names.value(field, each) for each in (before, value)),
        )
        texts = (
            tr("{name} {old} → {new} from mini-batch {step}", name=name, old=old, new=new, step=step),
            tr("{name} {new} from mini-batch {step}", name=name, new=new, step=step),
            tr("from mini-batch {step}", step=step),
        )
        return texts[shown.here != step :]  # elsewhere the old value may be another
    what = tr(", ").join(setting(name, value) for name, value in plan.items())
    return (
        tr("{what} from mini-batch {step}", what=what, step=step),
        tr("{count} settings from mini-batch {step}", count=len(plan), step=step),
        tr("from mini-batch {step}", step=step),
    )


def _branch_button(plan: Mapping[str, Any]) -> tuple[str, ...]:
    branch_here = tr("Branch here")
    if len(plan) == 1:
        ((name, value),) = plan.items()
        what = setting(name, value)
        return tr("Branch with {what}", what=what), tr("Branch: {what}", what=what), branch_here
    if plan:
        return tr("Branch with {count} changes", count=len(plan)), branch_here
    return (branch_here,)


def _nothing(run: RunFacts | None) -> tuple[str, ...]:
    if run is None or can_begin_anew(run):
        return tr("Nothing learned yet: a change acts at once."), tr("A change acts at once.")
    return tr("A change acts at the next mini-batch."), tr("Acts at the next mini-batch.")
