"""With which Pythons `make test-pythons` runs the tests."""

import sys
from pathlib import Path

from tests.pythons import Python, choose, look_at


def python(version: str, folder: str = "pyenv") -> Python:
    return Python(tuple(map(int, version.split("."))), Path(f"/{folder}/{version}"))


SYSTEM = python("3.13.5", "usr")


def test_the_newest_of_each_version_is_taken_and_the_systems_own_in_any_case() -> None:
    own = python("3.11.7")
    found = [own, python("3.12.1"), python("3.12.4"), python("3.13.9"), python("3.14.0"), SYSTEM]
    assert choose(found, own, SYSTEM) == [python("3.14.0"), SYSTEM, python("3.12.4")]
    assert choose(found, python("3.13.9"), SYSTEM) == [python("3.14.0"), SYSTEM, python("3.12.4"), own]


def test_the_one_that_has_run_them_is_not_taken_again() -> None:
    assert choose([SYSTEM], SYSTEM, SYSTEM) == []
    assert choose([SYSTEM, python("3.13.9")], SYSTEM, SYSTEM) == []
    assert choose([], SYSTEM, None) == []


def test_what_is_no_python_of_today_is_passed_over(tmp_path: Path) -> None:
    own = look_at(Path(sys.executable))
    assert own.version == sys.version_info[:3]
    assert own.path == Path(sys.executable).resolve()
    answers = {"old": "echo 3 10 13 /old", "lame": "exit 1", "odd": "echo '3 12 1 /a folder/python3'"}
    for name, answer in answers.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    assert look_at(tmp_path / "old") is None
    assert look_at(tmp_path / "lame") is None
    assert look_at(tmp_path / "gone") is None
    assert look_at(tmp_path / "odd") == Python((3, 12, 1), Path("/a folder/python3"))
