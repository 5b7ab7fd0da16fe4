"""The mutations that show which tests are missing are made where they should be, and nowhere else."""

import random
from pathlib import Path

import pytest

from tests import line_map, mutations
from tests.mutations import Mutation, chosen, failure, nearest_tests

SOURCE = '''
LIMIT: Final = 3

def worth(η: int = 1, *rest: Literal[2]) -> bool:
    """More than 1 + 1."""
    print(f"η {η + 1}", len(rest)) if η > 0.5 and not rest else None
    return max(η, 2) - pow(η, 2) < LIMIT and all(zip((), (), strict=True))
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small program in the place of this one."""
    for module in (mutations, line_map):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    (tmp_path / "worth.py").write_text(SOURCE, encoding="utf-8")
    return tmp_path


def test_each_operator_constant_condition_and_order_of_a_line_is_changed_alone(folder: Path) -> None:
    lines = SOURCE.splitlines()
    found = list(mutations.mutations("worth.py", {6, 7}))
    assert {each.after for each in found if each.line == 6} == {
        "None if η > 0.5 and (not rest) else print(f'η {η + 1}', len(rest))",
        "print(len(rest), f'η {η + 1}')",
        "η > 0.5 or not rest",
        "η >= 0.5",
        "1.5",
        "rest",
    }
    assert {each.after for each in found if each.line == 7} == {
        "max(η, 2) - pow(η, 2) < LIMIT or all(zip((), (), strict=True))",
        "max(η, 2) - pow(η, 2) <= LIMIT",
        "max(η, 2) + pow(η, 2)",
        "pow(2, η)",
        "3",
    }
    for each in found:
        after = each.text.decode().splitlines()
        assert after[: each.line - 1] + after[each.line :] == lines[: each.line - 1] + lines[each.line :]
        compile(each.text, "worth.py", "exec")


def test_only_lines_that_a_test_runs_in_files_that_are_as_they_were_are_chosen(folder: Path) -> None:
    about = {"checksum": line_map.checksum("worth.py"), "lines": {"6": [], "7": [0]}}
    known = {"files": {"worth.py": about}, "tests": [["a test", 1.0]]}
    found = chosen(known, "wor", 30, random.Random(1))
    assert {each.line for each in found} == {7}
    assert chosen(known, "other/", 30, random.Random(1)) == []
    assert [str(each) for each in chosen(known, "wor", 2, random.Random(5))] == [
        str(each) for each in chosen(known, "wor", 2, random.Random(5))
    ]
    (folder / "worth.py").write_text(SOURCE + "\n", encoding="utf-8")
    assert chosen(known, "wor", 30, random.Random(1)) == []


def test_a_failing_test_notices_and_files_are_restored(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # to load them takes longer than all else
    (tree := folder / "tree").mkdir()
    for each in (tree, folder):
        (each / "worth.py").write_text("value = 1\n")
    (tree / "test_worth.py").write_text(
        "import worth\n\ndef test_it() -> None:\n    assert worth.value in (1, 2)\n"
    )
    for value, failed in ((2, ""), (3, "FAILED test_worth.py::test_it - assert 3 in (1, 2)")):
        mutation = Mutation("worth.py", 1, (8, 9), "1", str(value))
        assert failure(tree, mutation, ["test_worth.py"]) == failed
        assert (tree / "worth.py").read_text() == "value = 1\n"


def test_the_tests_nearest_to_a_line_come_first_and_as_many_as_have_time(folder: Path) -> None:
    tests = [
        ["tests/test_other.py::quick", 1.0],
        ["tests/test_worth.py::slow", 40.0],
        ["tests/test_third.py::slow", 30.0],
    ]
    known = {"tests": tests, "files": {"worth.py": {"lines": {"7": [0, 1, 2]}}}}
    found = nearest_tests(known, Mutation("worth.py", 7, (0, 0), "", ""))
    assert found == ["tests/test_worth.py::slow", "tests/test_other.py::quick"]
    tests[1][1] = 100.0
    assert nearest_tests(known, Mutation("worth.py", 7, (0, 0), "", "")) == ["tests/test_worth.py::slow"]
