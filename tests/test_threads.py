"""One BLAS thread while there is training, and a host program's own number before and after."""

from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from mnistviz.engine.commands import FinishEpoch
from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.trainer import Trainer
from mnistviz.engine.unattended import train
from mnistviz.gui import app

SETTINGS = Settings(sizes=(784, 5, 10))


@pytest.fixture(autouse=True)
def host_with_two() -> Iterator[None]:
    """A host program that has chosen two threads still has them afterwards."""
    with threadpool_limits(limits=2, user_api="blas"):
        assert blas_threads() == {2}
        yield
        assert blas_threads() == {2}


def blas_threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_building_and_stepping_change_nothing(small_digits: Digits) -> None:
    Trainer(Network(SETTINGS.sizes), SETTINGS, small_digits.training).step()
    assert blas_threads() == {2}
    run = Run(1, SETTINGS, small_digits, Mailbox(lambda: None))
    run.handle(FinishEpoch())
    while run.work(lambda: False):
        pass
    assert blas_threads() == {2}


def test_sgd_works_with_one(small_digits: Digits) -> None:
    seen = []

    class Watched(Network):
        def evaluate(self, test_data: DigitSet) -> int:
            seen.append(blas_threads())
            return super().evaluate(test_data)

    Watched(SETTINGS.sizes).SGD(small_digits.training, 1, 100, 3.0, small_digits.test)
    assert seen == [{1}]


def test_train_works_with_one_and_gives_it_back_if_it_fails(small_digits: Digits) -> None:
    seen = []
    train(SETTINGS, small_digits, most_epochs=1, report=lambda epoch: seen.append(blas_threads()))
    assert seen == [{1}]
    with pytest.raises(Problem):
        train(Settings(sizes=(784, 3)), small_digits)


def test_the_last_one_out_lifts_the_limit() -> None:
    """Two threads of a host program train at once, and the first to begin is the first to end."""
    first, second = one_blas_thread(), one_blas_thread()
    first.__enter__()
    second.__enter__()
    assert blas_threads() == {1}
    first.__exit__(None, None, None)
    assert blas_threads() == {1}
    second.__exit__(None, None, None)
    assert blas_threads() == {2}


def test_the_window_lives_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def application() -> None:
        seen.append(blas_threads())
        raise InterruptedError("far enough")

    monkeypatch.setattr(app, "application", application)
    monkeypatch.setattr(
        "signal.signal", lambda *handler: None
    )  # or Ctrl-C would end the tests after it unasked
    with pytest.raises(InterruptedError):
        app.run_window()
    assert seen == [{1}]
