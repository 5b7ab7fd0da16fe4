"""Error messages of the pages of Ideas by their codes, a part of `SENTENCES`."""

from __future__ import annotations

from typing import Final

from mnistviz.marking import QT_TRANSLATE_NOOP

IDEA_SENTENCES: Final[dict[str, str]] = {
    "circuit_circle": QT_TRANSLATE_NOOP(
        "sentences",
        "Gate {gate} feeds gate {source} already: a wire back would close a circle, and each would wait for the "
        "other. Signals here run one way.",
    ),
    "circuit_circle_itself": QT_TRANSLATE_NOOP(
        "sentences",
        "Gate {gate} can't feed itself: it would wait for its own answer. Signals here run one way.",
    ),
    "circuit_full": QT_TRANSLATE_NOOP("sentences", "There is room for {most} gates. Take one away first."),
}
