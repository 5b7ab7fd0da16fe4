"""What is printed reaches any terminal, commands none, and ends in good order where it can't be printed."""

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import mnistviz
from mnistviz import terminal
from mnistviz.command_line import main
from mnistviz.engine import RECIPES
from mnistviz.sentences import printable, sentence
from tests.examples import one_quick
from tests.programs import Program

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(mnistviz.__file__).parent.parent)}
ENVIRONMENT.pop("PYTHONUNBUFFERED", None)  # as on most desks
COMMANDS = [[], ["train"], ["recipes"], ["evaluate"]]


def run(typed: list[str], where: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs `mnistviz` in a shell, its outputs led `where`."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {where}', "sh", sys.executable, "-m", "mnistviz", *typed],
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        encoding="latin-1",
        timeout=60,
    )


class TestFewLetters:
    @pytest.mark.parametrize("typed", COMMANDS, ids=["mnistviz", "train", "recipes", "evaluate"])
    @pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
    def test_help_is_shown(self, typed: list[str], encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
        content = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(content, encoding=encoding))
        with pytest.raises(SystemExit) as ended:
            main([*typed, "--help"])
        assert ended.value.code == 0
        shown = content.getvalue().decode(encoding)
        assert "--help" in shown
        assert "\\u" not in shown  # every letter of ours has a spelling

    @one_quick(
        "environment",
        [{"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}],
        ids=["latin-1", "ascii"],
    )
    def test_in_a_real_terminal_too(self, environment: dict[str, str]) -> None:
        ran = run(["train", "--help"], **environment)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert "the learning rate eta" in ran.stdout
        assert "weight decay lambda" in ran.stdout

    def test_json_is_the_same_everywhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        content = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(content, encoding="ascii"))
        assert main(["recipes", "--json"]) == 0
        told = json.loads(content.getvalue())
        assert [entry["about"] for entry in told] == [sentence(each.about, {}) for each in RECIPES.values()]


class TestWhatOthersWrote:
    """What a file holds, or is called, is no command to the terminal."""

    @pytest.mark.parametrize(
        "content",
        [
            '"\\u001b[31mred" = 1',
            '"\\u009b31mred" = 1',
            'activation = "\\u001b]0;title\\u0007"',
            'sizes = "\\r\\u202eback"',
            'eta = [1, "\\u001b[2J"]',
            "\x1b[31m = 1",
            '"" = 1',
        ],
    )
    def test_settings_are_shown_as_written(self, content: str, tmp_path: Path, program: Program) -> None:
        file = tmp_path / "settings.toml"
        file.write_text(content, encoding="utf-8")
        told = program.refuses("train", "--settings", file)
        assert told[:-1].isprintable()
        assert content != '"" = 1' or told == "mnistviz train: A setting has no name.\n"

    @pytest.mark.parametrize("name", [b"\x1b[31mred", b"two\nlines", b"\xff", "\u202e".encode()])
    @pytest.mark.parametrize("typed", ["", "evaluate", "train --settings", "recipes"])
    def test_names_are_too(self, typed: str, name: bytes, program: Program) -> None:
        assert program(*typed.split(), os.fsdecode(name), code=2).err[:-1].isprintable()

    def test_other_letters_stay(self) -> None:
        text = "déjà vu, 漢字, 1\u202f000 and 🙂"
        assert printable(text) == text


class TestWhereNothingCanBePrinted:
    @one_quick("typed", [["--help"], ["--version"], ["recipes"], ["train", "--help"]], ids=" ".join)
    def test_a_full_disk_is_said_in_a_sentence(self, typed: list[str]) -> None:
        ran = run(typed, ">/dev/full")
        assert ran.returncode == 2
        assert ran.stderr == "mnistviz: The output cannot be written: No space left on device.\n"

    @one_quick("where", [">&-", "2>&-", ">&- 2>&-", "2>/dev/full"])
    def test_a_closed_output_is_no_accident(self, where: str) -> None:
        ran = run(["recipes"], where)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert run(["evaluate", "nothing.npz"], where).returncode == 2, "a fault still ends as one"

    def test_a_reader_who_has_left_is_no_fault(self, monkeypatch: pytest.MonkeyPatch) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        with open(writing, "wb") as output:
            ran = subprocess.run(
                [sys.executable, "-m", "mnistviz", "recipes"],
                env=ENVIRONMENT,
                stdout=output,
                stderr=subprocess.PIPE,
            )
        assert (ran.returncode, ran.stderr) == (1, b"")
        monkeypatch.setattr(sys, "platform", "win32")
        assert terminal.NotPrinted(OSError(errno.EINVAL, "")).reader_left, "as Windows says it"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestProgressBar:
    @pytest.fixture
    def drawn(self, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[str, str]]:
        """What a bar has drawn after five seconds, and after it was cleared."""
        now = 0.0
        monkeypatch.setattr("mnistviz.terminal.time.monotonic", lambda: now)

        def draw(stream: io.StringIO, *, wanted: bool = True) -> tuple[str, str]:
            nonlocal now
            monkeypatch.setattr(sys, "stderr", stream)
            bar = terminal.ProgressBar(200, wanted=wanted)
            now += 5.0
            bar.show(50, "Epoch 1")
            shown = stream.getvalue()
            bar.clear()
            return shown, stream.getvalue()

        return draw

    def test_shows_progress_and_leaves_a_free_line(self, drawn: Callable[..., tuple[str, str]]) -> None:
        shown, cleared = drawn(Screen())
        assert shown == f"\rEpoch 1 [{'#' * 7}{'.' * 23}] 25%, 15 s left"
        assert cleared.endswith(f"\r{' ' * (len(shown) - 1)}\r")

    def test_is_not_drawn_elsewhere(self, drawn: Callable[..., tuple[str, str]]) -> None:
        assert drawn(io.StringIO()) == drawn(Screen(), wanted=False) == ("", "")
