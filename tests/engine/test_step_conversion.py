"""Steps as digits and digits as steps: exact, however the size of the mini-batches was changed."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mnistviz.engine.recorder import BatchSizeSegment, cursor_at, segment_at, step_at
from mnistviz.engine.trainer import Cursor

EPOCH = 103


@given(sizes=st.lists(st.integers(1, 150), min_size=1, max_size=4), gap=st.integers(1, 60))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_steps_and_digits_are_each_others(sizes: list[int], gap: int) -> None:
    """The last mini-batch of an epoch may be short."""
    digits, seen, segments = 0, [0], [BatchSizeSegment(0, Cursor(0, 0), sizes[0])]
    for step in range(1, 4 * gap):
        size = sizes[((step - 1) // gap) % len(sizes)]
        if size != segments[-1].size:
            segments.append(BatchSizeSegment(step - 1, Cursor(*divmod(digits, EPOCH)), size))
        assert segment_at(segments, step - 1).size == size
        digits += min(size, EPOCH - digits % EPOCH)
        seen.append(digits)
    assert [cursor_at(segments, step, EPOCH).digits(EPOCH) for step in range(len(seen))] == seen
    assert [step_at(segments, place, EPOCH) for place in seen] == list(range(len(seen)))
    between = [place for place in range(seen[-1]) if place not in seen]
    assert all(seen[step_at(segments, place, EPOCH)] < place for place in between)
