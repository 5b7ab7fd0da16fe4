"""What `mnistviz train` has reached is kept, whatever happens to it, its outputs and its disk."""

import contextlib
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import mnistviz
from mnistviz.assets import asset
from mnistviz.engine import Trainer, load_network
from mnistviz.interruption import SIGNALS, Interruption
from tests.examples import one_quick
from tests.programs import Program, Said

Train = Callable[..., Said]
SMALL = ["--sizes", "784,5,3", "--mini-batch-size", "7"]
COMMAND = [sys.executable, "-m", "mnistviz", "train", *SMALL]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(mnistviz.__file__).parent.parent)}


@pytest.fixture(autouse=True)
def usual_signals() -> Iterator[None]:
    """Signals as a terminal has them, even where the tests run in the background."""
    before = [signal.signal(signal.SIGINT, signal.default_int_handler)]
    before += [signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTERM, signal.SIGHUP)]
    yield
    for number, handler in zip(SIGNALS, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture
def train(letters: Path, program: Program) -> Train:
    """Runs `mnistviz train` on few digits."""
    return partial(program, "train", *SMALL, "--epochs", 3, "--data", letters)


def process(*typed: object, shell: str = 'exec "$@"', **options: Any) -> subprocess.CompletedProcess[str]:
    """What a program of its own does, in a shell that may close its outputs."""
    command = ["sh", "-c", shell, "sh", *COMMAND, *map(str, typed)]
    return subprocess.run(command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, timeout=60, **options)


def goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is deleted during training, while there is no other place for what was to be in it."""
    folder = tmp_path / "gone"
    folder.mkdir()
    no_other_place(monkeypatch)
    during_training(lambda: shutil.rmtree(folder), monkeypatch)
    return folder


def during_training(act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Has `act` done in the middle of mini-batch 10, which is in the second epoch."""
    step: Callable[[Trainer], float] = Trainer.step

    def acted(trainer: Trainer) -> float:
        if trainer.step_number == 9:
            act()
        return step(trainer)

    monkeypatch.setattr(Trainer, "step", acted)


def no_other_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getcwd", lambda: "/dev/null/here")
    monkeypatch.setenv("XDG_DATA_HOME", "/dev/null")
    monkeypatch.setattr(tempfile, "gettempdir", lambda: "/dev/null/tmp")


def digits_seen(file: Path) -> int:
    return int(load_network(file)[1]["about"]["digits"])


class TestSignals:
    @one_quick("number", SIGNALS, ids=lambda number: number.name)
    def test_each_ends_it_in_good_order(self, number: signal.Signals, letters: Path, tmp_path: Path) -> None:
        file, curves = tmp_path / "network.npz", tmp_path / "curves.csv"
        files = ["--save", str(file), "--curves", str(curves)]
        command = [*COMMAND, "--stop", "never", "--data", str(letters), *files]
        with subprocess.Popen(
            command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as running:
            assert running.stdout.readline().startswith("Epoch 0: ")
            running.send_signal(number)
            _, told = running.communicate(timeout=60)
        assert running.returncode == 128 + number
        assert "Stopped in epoch " in told
        assert digits_seen(file) >= 50
        assert curves.exists()

    def test_a_closed_terminal_does_not_prevent_saving(self, letters: Path, tmp_path: Path) -> None:
        file = tmp_path / "network.npz"
        command = [*COMMAND, "--stop", "never", "--data", str(letters), "--save", str(file)]
        ours, terminal = pty.openpty()
        with subprocess.Popen(
            command, env=ENVIRONMENT, stdin=terminal, stdout=terminal, stderr=terminal
        ) as running:
            os.close(terminal)
            seen = b""
            while b"Epoch 0: " not in seen:
                seen += os.read(ours, 1000)
            os.close(ours)
            running.send_signal(signal.SIGHUP)
            running.send_signal(signal.SIGHUP)
            assert running.wait(timeout=60) == 128 + signal.SIGHUP
        assert digits_seen(file) >= 50

    @pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
    def test_a_second_one_ends_at_once(self, number: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
        ended: list[int] = []

        def end(number: int, frame: FrameType | None) -> None:
            ended.append(number)

        now = 0.0
        monkeypatch.setattr("mnistviz.interruption.time.monotonic", lambda: now)
        signal.signal(number, end)
        with Interruption() as interruption:
            signal.raise_signal(number)
            assert interruption.number == number
            now = 2.0
            assert not ended
            signal.raise_signal(number)
            assert ended == [number]
        assert signal.getsignal(number) is end

    def test_one_that_is_heard_twice_is_no_second_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = 0.0
        monkeypatch.setattr("mnistviz.interruption.time.monotonic", lambda: now)
        with Interruption() as interruption:
            signal.raise_signal(signal.SIGHUP)
            now = 0.5
            signal.raise_signal(signal.SIGHUP)
            signal.raise_signal(signal.SIGTERM)
            assert interruption.number == signal.SIGHUP

    def test_what_is_ignored_stays_ignored(self) -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        with Interruption() as interruption:
            signal.raise_signal(signal.SIGHUP)
            assert interruption.number is None


@pytest.fixture
def reader_left() -> Iterator[int]:
    """A pipe that nobody reads any more, to write to."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.mark.parametrize(
    "form", [[], pytest.param(["--json"], marks=pytest.mark.long)], ids=["lines", "json"]
)
class TestWhereNothingCanBeSaid:
    @one_quick(
        ("where", "code"),
        [(">/dev/full", 2), (">&- 2>&-", 0), (">/dev/full 2>&1", 2), (">&-", 0), ("2>&-", 0)],
        quick=2,
    )
    def test_the_network_is_trained_and_saved(
        self, where: str, code: int, form: list[str], letters: Path, tmp_path: Path
    ) -> None:
        file = tmp_path / "network.npz"
        typed = ["--epochs", "3", "--data", letters, "--save", file, *form]
        ran = process(*typed, shell=f'exec "$@" {where}', stdout=subprocess.PIPE)
        assert ran.returncode == code
        assert digits_seen(file) == 150
        assert not re.search("Traceback|Exception", ran.stderr)
        if where == ">/dev/full":
            assert ran.stderr.endswith("mnistviz: The output cannot be written: No space left on device.\n")

    def test_so_it_is_after_its_reader_has_left(
        self, form: list[str], letters: Path, tmp_path: Path, reader_left: int
    ) -> None:
        file = tmp_path / "network.npz"
        ran = process("--epochs", "3", "--data", letters, "--save", file, *form, stdout=reader_left)
        assert ran.returncode == 1
        assert ran.stderr.count("\n") == (4 if form else 0)  # its three epochs, and where the network is
        assert digits_seen(file) == 150


def test_with_nothing_to_save_it_ends_when_its_reader_has_left(letters: Path, reader_left: int) -> None:
    ran = process("--stop", "never", "--data", letters, stdout=reader_left)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr


class TestSaving:
    def test_where_the_curves_fail_the_network_is_saved(
        self, train: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gone = goes(tmp_path, monkeypatch)
        file = tmp_path / "network.npz"
        shown = train("--save", file, "--curves", gone / "curves.csv", code=2)
        assert digits_seen(file) == 150
        assert shown.out.endswith(f"Saved in {file}.\n")
        failed = f"mnistviz train: {gone / 'curves.csv'} cannot be written: No such file or directory.\n"
        assert shown.err == failed

    def test_both_are_told(self, train: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        gone = goes(tmp_path, monkeypatch)
        files = gone / "network.npz", gone / "curves.csv"
        shown = train("--save", files[0], "--curves", files[1], "--json", code=2)
        assert all(f"{file} cannot be written" in shown.err for file in files)
        told = json.loads(shown.out)["files"]
        assert told == {"save": None, "experiment": None, "curves": None, "settings": None}

    def test_curves_of_weights_that_ran_away_are_kept(self, train: Train, tmp_path: Path) -> None:
        file, curves = tmp_path / "network.npz", tmp_path / "curves.csv"
        wild = ["--activation", "relu", "--output", "softmax", "--cost", "cross_entropy", "--eta", "1000"]
        wild += ["--sizes", "784,50,50,3", "--mini-batch-size", "10", "--epochs", "30"]
        assert f"{file} was not saved" in train(*wild, "--save", file, "--curves", curves, code=2).err
        assert curves.exists()
        assert not file.exists()

    @pytest.mark.parametrize("place", ["current", "data", "temporary"])
    def test_another_place_is_found_and_named(
        self, place: str, train: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gone, folder = goes(tmp_path, monkeypatch), tmp_path / "there"
        folder.mkdir()
        if place == "current":
            monkeypatch.setattr(os, "getcwd", lambda: str(folder))
        elif place == "data":
            monkeypatch.setenv("XDG_DATA_HOME", str(folder))
            folder /= "mnistviz"
        else:
            monkeypatch.setattr(tempfile, "gettempdir", lambda: str(folder))
        shown = train("--save", gone / "network.npz", "--json", code=2)
        assert digits_seen(folder / "network.npz") == 150
        assert f"It is saved in {folder / 'network.npz'} instead." in shown.err
        assert json.loads(shown.out)["files"]["save"] == str(folder / "network.npz")

    def test_nothing_is_overwritten_in_another_place(
        self, train: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gone, folder = goes(tmp_path, monkeypatch), tmp_path / "there"
        folder.mkdir()
        (folder / "network.npz").write_text("an older one")
        (folder / "network-2.npz").symlink_to("nowhere")
        monkeypatch.setattr(os, "getcwd", lambda: str(folder))
        train("--save", gone / "network.npz", code=2)
        assert (folder / "network.npz").read_text() == "an older one"
        assert digits_seen(folder / "network-3.npz") == 150

    def test_the_folder_may_go(self, train: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        gone = tmp_path / "gone"
        gone.mkdir()
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        during_training(lambda: shutil.rmtree(gone), monkeypatch)
        with contextlib.chdir(gone):  # no longer than needed: pytest may fail in a folder that has gone
            train("--save", "network.npz", code=2)
        assert digits_seen(tmp_path / "data" / "mnistviz" / "network.npz") == 150

    def test_room_is_looked_for_before_training(self, letters: Path, tmp_path: Path) -> None:
        file = tmp_path / "network.npz"
        typed = ["--sizes", "784,30,3", "--data", letters, "--save", file]
        ran = process(*typed, shell='ulimit -f 64; exec "$@"', stdout=subprocess.PIPE)
        size = 4 * (785 * 30 + 31 * 3) + 64 * 1024
        reason = f"which may need {size:,} bytes: File too large"
        told = f"mnistviz train: There is no room for {file}, {reason}.\n"
        assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", told)
        assert list(tmp_path.iterdir()) == []


class TestNames:
    def test_bytes_are_written(self, train: Train, letters: Path, tmp_path: Path, program: Program) -> None:
        odd = os.fsdecode(b"odd-\xff")
        data, file, curves = tmp_path / odd, tmp_path / f"{odd}.npz", tmp_path / f"{odd}.csv"
        shutil.copytree(letters, data)
        told = json.loads(train("--data", data, "--save", file, "--curves", curves, "--json").out)
        assert os.fsencode(told["files"]["save"]) == os.fsencode(file)
        assert load_network(file)[1]["about"]["data"]["name"] == "odd-\ufffd"
        assert curves.exists()
        program("evaluate", file, "--data", data)

    def test_that_are_too_long_are_refused_before_training(self, train: Train, tmp_path: Path) -> None:
        shown = train("--save", tmp_path / ("x" * 300), code=2)
        assert shown.out == ""
        assert "cannot be written: File name too long." in shown.err

    def test_in_a_lost_folder_are_refused_before_training(self, letters: Path, tmp_path: Path) -> None:
        folder = tmp_path / "there"
        folder.mkdir()
        typed = ["--data", letters, "--save", "network.npz"]
        ran = process(*typed, shell='rmdir "$PWD"; exec "$@"', cwd=folder, stdout=subprocess.PIPE)
        assert not folder.exists()
        told = "mnistviz train: network.npz cannot be written: No such file or directory.\n"
        assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", told)


def _symlink(file: Path) -> Path:
    file.with_name("link").symlink_to(file)
    return file.with_name("link")


def _linked_folder(file: Path) -> Path:
    (file.parent / "folder").symlink_to(file.parent)
    return file.parent / "folder" / file.name


def _hard_link(file: Path) -> Path:
    file.touch()
    os.link(file, file.with_name("link"))
    return file.with_name("link")


OUTPUTS = ("save", "curves", "write-settings")
OTHER_PATHS = [
    _symlink,
    _linked_folder,
    _hard_link,
    lambda file: Path(f"{file.parent}/../{file.parent.name}/{file.name}"),
    lambda file: Path(os.path.relpath(file)),
]


class TestOneFileForTwoThings:
    @pytest.mark.parametrize("other_path", OTHER_PATHS)
    def test_two_outputs_or_what_is_read_and_written_are_refused(
        self, other_path: Callable[[Path], Path], train: Train, tmp_path: Path
    ) -> None:
        for number, options in enumerate(
            (("save", "curves"), ("write-settings", "save"), *(("settings", each) for each in OUTPUTS))
        ):
            file = tmp_path / str(number) / "file.toml"
            file.parent.mkdir()
            if reads := options[0] == "settings":
                file.write_text("eta = 0.5\n", encoding="utf-8")
            shown = train(f"--{options[0]}", file, f"--{options[1]}", other_path(file), code=2)
            assert shown.out == ""
            assert ("the program reads it" if reads else "is named for two things") in shown.err
            assert not file.exists() or file.read_text(encoding="utf-8") == reads * "eta = 0.5\n"

    @pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz", "classes.txt"])
    def test_nor_is_a_file_of_digits(self, name: str, train: Train, letters: Path, tmp_path: Path) -> None:
        data = tmp_path / "data"
        shutil.copytree(letters, data)  # the name may be one that would be read next time
        assert "the program reads it" in train("--data", data, "--save", data / name, code=2).err
        assert sorted(os.listdir(data)) == sorted(os.listdir(letters))
        for _ in range(2):
            train("--data", data, "--save", data / "network.npz")  # an older network may be there

    @pytest.mark.parametrize("name", [("mnist", "train-images-idx3-ubyte.gz"), ("icons", "mnistviz.svg")])
    def test_nor_what_ships_with_the_program(self, name: tuple[str, str], train: Train) -> None:
        before = asset(*name).read_bytes()
        try:
            assert "the program reads it" in train("--curves", asset(*name), code=2).err
        finally:
            with contextlib.suppress(OSError):
                if asset(*name).read_bytes() != before:
                    asset(*name).write_bytes(before)
