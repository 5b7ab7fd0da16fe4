"""Rules for choices that follow from others."""

from __future__ import annotations

from dataclasses import replace

from mnistviz.gui.common.choices import (
    NETWORK_TAB,
    AgainstPart,
    Choices,
    MiniBatchPart,
    MistakesPart,
    WindowPart,
)


def follow(before: Choices, after: Choices) -> Choices:
    """Return the choices after a gesture that changed `before` into `after`."""
    mistakes, window = _mistakes(before.mistakes, after.mistakes), _window(before.window, after.window)
    return replace(after, mistakes=mistakes, window=window)


def restored(now: WindowPart, kept: WindowPart) -> WindowPart:
    """Return how the window shows restored choices: the network card stays folded or not, and layers shown in their tab
    stay visible."""
    if now.folded and now.tab == NETWORK_TAB:
        return replace(kept, tab=NETWORK_TAB, behind=kept.lower, folded=True)
    return replace(kept, folded=now.folded)


def stage_up(part: MiniBatchPart) -> MiniBatchPart:
    """Return the choice after Escape: from the stage of one digit to that of all, and from there to the drawing."""
    return replace(part, which="all") if part.which == "one" else replace(part, stage="off")


def _mistakes(before: MistakesPart, after: MistakesPart) -> MistakesPart:
    if after.set != before.set:
        after = replace(after, digit=None)  # the number means another digit there
    if after.against != before.against:
        after = replace(after, group="")
        if after.against == AgainstPart():
            after = replace(after, overview="matrix" if after.overview == "groups" else after.overview)
        elif after.overview == "matrix":
            after = replace(after, overview="groups")
    return after


def _window(before: WindowPart, after: WindowPart) -> WindowPart:
    if after.folded and not before.folded:
        # the layers replace the curves; another open tab stays
        after = replace(after, tab=NETWORK_TAB if after.lower == WindowPart.tab else after.lower)
    if after.tab != NETWORK_TAB:
        return replace(after, behind="")
    return replace(after, behind=after.behind or before.lower)
