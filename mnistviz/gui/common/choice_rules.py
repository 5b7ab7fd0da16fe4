"""Which choices follow from others: what a gesture in one place lets go of elsewhere."""

from __future__ import annotations

from dataclasses import replace

from mnistviz.gui.common.choices import AgainstPart, Choices, MiniBatchPart, MistakesPart


def follow(before: Choices, after: Choices) -> Choices:
    """Return the choices that a gesture leads to, which has made `after` of `before`."""
    return replace(after, mistakes=_mistakes(before.mistakes, after.mistakes))


def stage_up(part: MiniBatchPart) -> MiniBatchPart:
    """Return what Escape leads to: from the stage of one digit to that of all, and from there to the drawing."""
    return replace(part, which="all") if part.which == "one" else replace(part, stage="off")


def _mistakes(before: MistakesPart, after: MistakesPart) -> MistakesPart:
    if after.set != before.set:
        after = replace(after, digit=None)  # the number is that of another digit there
    if after.against != before.against:
        after = replace(after, group="")
        if after.against == AgainstPart():
            after = replace(after, overview="matrix" if after.overview == "groups" else after.overview)
        elif after.overview == "matrix":
            after = replace(after, overview="groups")
    return after
