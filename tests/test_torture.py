"""Each part of `make torture`, in its short form."""

import json
import os
import sys
from collections.abc import Sequence

import pytest
from PySide6.QtGui import QImage

from tests.examples import one_quick
from tests.programs import ended_well
from tests.torture import Result, __main__, files, fresh, memory, monkey


@one_quick("part", __main__.PARTS)
def test_no_promise_is_broken(part: str) -> None:
    results = __main__.PARTS[part](False, 1)
    assert not [fault for result in results for fault in result.faults]


@pytest.mark.long
def test_no_bit_of_a_file_does_harm() -> None:
    assert not [fault for result in files.run(False, 1, all_bits=True) for fault in result.faults]


def test_exit_code_of_faults(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(__main__.PARTS, "files", lambda thorough, seed: [Result("saved", "1", ("lost",))])
    assert __main__.main(["--only", "files", "--short"]) == 1
    assert "lost" in capsys.readouterr().out
    monkeypatch.setitem(__main__.PARTS, "files", lambda thorough, seed: [Result("saved", "1")])
    assert __main__.main(["--only", "files", "--short"]) == 0


def faults(held: Sequence[float], resident: float = 200) -> list[str]:
    """What the monkey says when so many megabytes were held at its quiet moments, from the second minute on."""
    seen = monkey.Seen()
    for number, each in enumerate(held):
        at = monkey.WARM + 30 * number
        seen.quiet.append({"at": at, "held": each, "resident": resident, "threads": 7, "files": 14})
    assert "MB held" in seen.figures()
    seen.judge_memory()
    return seen.told_faults()


def test_the_monkey_sees_memory_that_grows_and_no_one_moment_decides() -> None:
    for growing in ([100 + 3 * number for number in range(16)], [100, 140]):
        assert faults(growing)
    for flat in ([100 + number for number in range(16)], [100], [100] * 15 + [180], [180] + [100] * 15):
        assert not faults(flat)


def test_a_fault_is_told_once_with_its_seed_and_what_was_done_before() -> None:
    seen = monkey.Seen(seed=7)
    seen.read("do click\n")
    seen.read("did 12 click at 3, 4\n")
    for size in (5, 6):
        seen.read(
            "FAULT " + json.dumps(f'Traceback\n File "mnistviz/a.py", line 3\nValueError: {size}') + "\n"
        )
    seen.read("FAULT " + json.dumps('Traceback\n File "mnistviz/b.py", line 3\nValueError: 5') + "\n")
    for end in ("a.py", "logging.py"):
        deep = [f'File "mnistviz/deep.py", line {line}' for line in (3, 4)]
        seen.read(
            "FAULT " + json.dumps("\n".join([*deep, f'File "{end}", line 1', "RecursionError: x"])) + "\n"
        )
    first, second, third = seen.told_faults()
    assert "2 times" in third
    assert "--seed 7, 2 times" in first
    assert "ValueError: 5" in first
    assert "did 12 click at 3, 4" in first
    assert "do click" not in first
    assert "b.py" in second


def test_two_pictures_differ_where_pixels_do_unless_they_may_or_are_few() -> None:
    before = QImage(20, 10, QImage.Format.Format_RGB32)
    before.fill(0xFFFFFF)
    now = before.copy()
    for number in range(9):
        assert not fresh.differing(before, now, [])
        now.setPixel(7 + number % 3, 3 + number // 3, 0)
    assert fresh.differing(before, now, []) == "9 pixels, 7 to 9 across, 3 to 5 down"
    assert fresh.differing(before, now, [(0, 0, 7, 10)])
    assert not fresh.differing(before, now, [(7, 3, 8, 4)])


@pytest.mark.parametrize(
    "leak",
    ["[bytes(100) for _ in range(100_000)]", "[bytes(10**6) for _ in range(20)]", "np.ones(2_000_000)"],
    ids=["small objects", "large objects", "an array"],
)
def test_whatever_is_kept_is_held_and_what_is_not_is_not(leak: str) -> None:
    told = ended_well(
        [
            sys.executable,
            "-c",
            "import numpy as np; from tests.torture.memory import held\n"
            f"before = held(); kept = {leak}; kept_then = held(); del kept; print(kept_then - before, held() - before)",
        ],
        env={**os.environ, **memory.ENVIRONMENT},
    ).stdout
    kept, let_go = map(float, told.split())
    assert 10 < kept < 40
    assert let_go < 1


def test_no_single_moment_decides_that_memory_grows() -> None:
    assert memory.growth([174, 178, 321, 179]) == 1
    assert memory.growth([100, 120, 140, 160]) == 20
    assert (memory.growth([5.0]), memory.growth([5.0, 7.0])) == (0, 2)
