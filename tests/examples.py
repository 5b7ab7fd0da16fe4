"""How many examples a test tries that wants more of them, or fewer, than the others."""

from __future__ import annotations

from hypothesis import settings


def examples(count: int) -> int:
    """So many in the long profile, where a test by itself has a hundred; in the short one a fifth of them."""
    return max(3, count * settings().max_examples // 100)
