"""What all tests share: small data sets, and the rule that no thread outlives its test."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from threadpoolctl import threadpool_limits

from mnistviz.engine import evaluation
from mnistviz.engine.digits import PIXELS, Digits, DigitSet, load_digits
from mnistviz.engine.network import Network
from mnistviz.engine.recipes import RECIPES
from mnistviz.engine.unattended import train
from tests.data_sets import write_data_set
from tests.freeing import free
from tests.programs import Program

evaluation.TRAINING_DIGITS, evaluation.HEALTH_DIGITS = 300, 100  # to evaluate is most of what short runs do
unwatched = bool(os.environ.get("CI"))  # then the same examples each time; elsewhere, new ones
slow = [HealthCheck.too_slow]  # whatever the machine is busy with, time fails none of them
for name, count in (("short", 20), ("long", 100)):
    settings.register_profile(
        name, max_examples=count, derandomize=unwatched, deadline=None, suppress_health_check=slow
    )
settings.load_profile("short")  # `--hypothesis-profile long` comes after this
os.fsync = lambda fd: None  # no machine stops amid the tests, so none waits for the disk


NOT_ON_WINDOWS = Path(__file__).with_name("not_on_windows.tsv")
"""Names of tests, or of their files, and what of it Windows has in no such form."""
lacking = dict(line.split("\t") for line in NOT_ON_WINDOWS.read_text("utf-8").splitlines())
collect_ignore = [name for name in lacking if name.endswith(".py") and sys.platform == "win32"]


def pytest_xdist_auto_num_workers() -> int:
    """Return one more than there are processors: a tenth of the time a worker waits for a thread or a program."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items if sys.platform == "win32" else ():
        reason = lacking.get(getattr(item, "originalname", item.name)) or lacking.get(item.name)
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(capsys)


@pytest.fixture(scope="session", autouse=True)
def signals_as_in_a_terminal() -> None:
    """What is started in the background begins with some signals ignored, and the program leaves it at that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def no_leftover_threads() -> Iterator[None]:
    """A thread that a test started and nobody stopped fails it."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and t.is_alive() and not t.daemon]
    assert not left, f"threads left running: {left}"


@pytest.fixture(scope="module", autouse=True)
def freed_before_each_module() -> None:
    """Before, for at its end the last test still holds what it had."""
    free()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def host_with_one_blas_thread() -> Iterator[None]:
    """For what steps trainers and runs directly; not by the engine's own means, which some tests watch."""
    with threadpool_limits(limits=1, user_api="blas"):
        yield


@pytest.fixture(scope="session")
def mnist() -> Digits:
    return load_digits()


def few(part: DigitSet, count: int) -> DigitSet:
    return DigitSet(part.images[:count], part.labels[:count])


@pytest.fixture(scope="session")
def small_digits(mnist: Digits) -> Digits:
    """A few real digits: 1,003 to train on, so that the last mini-batch of ten is short."""
    return Digits(
        "small",
        few(mnist.training, 1_003),
        few(mnist.validation, 300),
        few(mnist.test, 300),
        mnist.classes,
        "small",
    )


@pytest.fixture(scope="session")
def reader(mnist: Digits) -> Network:
    """A network that reads digits well, trained within two seconds."""
    return train(RECIPES["fast"].settings.changed(stop_epochs=3, schedule_epochs=3), mnist).network


@pytest.fixture
def random_digits() -> Digits:
    """Twenty-odd digits of noise, for what needs no meaning."""
    chance = np.random.default_rng(7)

    def some(count: int) -> DigitSet:
        images = chance.integers(0, 256, (count, PIXELS), dtype=np.uint8)
        return DigitSet(images, (np.arange(count) % 10).astype(np.uint8))

    return Digits("noise", some(23), some(20), some(20), tuple("0123456789"), "noise")


@pytest.fixture(scope="session")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of three classes: 60 pictures to train and validate with, and 20 to test with."""
    return write_data_set(tmp_path_factory.mktemp("data") / "letters", classes=3, training=60, test=20)
