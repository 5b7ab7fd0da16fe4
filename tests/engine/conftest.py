"""What tests of the engine share."""

import pytest

from mnistviz.engine.digits import Digits
from tests.engine.time_machine import Worker


@pytest.fixture
def worker(small_digits: Digits) -> Worker:
    return Worker(small_digits)
