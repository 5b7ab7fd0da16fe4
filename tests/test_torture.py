"""Each part of `make torture`, in its short form."""

from __future__ import annotations

import pytest

from tests.torture import Result, __main__


@pytest.mark.parametrize("part", __main__.PARTS)
def test_no_promise_is_broken(part: str) -> None:
    results = __main__.PARTS[part](False, 1)
    assert not [fault for result in results for fault in result.faults]


def test_a_broken_promise_is_told_by_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__main__.PARTS, "files", lambda thorough, seed: [Result("saved", "1", ("lost",))])
    assert __main__.main(["--only", "files", "--short"]) == 1
    assert "lost" in capsys.readouterr().out
    monkeypatch.setitem(__main__.PARTS, "files", lambda thorough, seed: [Result("saved", "1")])
    assert __main__.main(["--only", "files", "--short"]) == 0
