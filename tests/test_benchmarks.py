"""Every part of every benchmark still works: each is run as short as it can be, and all of its figures have a line in
the table."""

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.observations import Finding
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import save_network
from mnistviz.engine.trials import RecordedRun, RemedyResult
from mnistviz.notice_sentences import NOTICE_SENTENCES
from tests import made_pictures as made
from tests.test_picture_reading import write_grey

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SHORT = """
import sys, parts
def good(): return {{"step_30": 1.0}}
def bad(): raise TimeoutError("no paint came")
def measure(all):
    all.measure("first", good)
    all.measure("second", {second})
    all.measure("third", good, variant="xcb")
sys.exit(parts.run_parts("tried", parts.options("").parse_args(["--json"]), measure))
"""


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)


def told(*command: str, cwd: Path | None = None) -> tuple[int, list[Any], str]:
    """The exit code of a benchmark, what it told of its parts, and what it said besides."""
    environment = {**os.environ, "PYTHONPATH": str(BENCHMARKS)}
    environment.pop("QT_QPA_PLATFORM", None)  # each chooses its own
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, env=environment, cwd=cwd
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.mark.long
@pytest.mark.parametrize(
    "command",
    [
        "engine", "long", "curves_of_runs", "start", "time_machine", "moments", "luck", "mistakes", "microscope",
        "ideas", "session", "tabs", "futures", "live --platform offscreen",
    ],
)  # fmt: skip
def test_each_part_can_be_measured(command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from table import is_known

    monkeypatch.setenv("HOME", str(tmp_path))
    name, *options = command.split()
    code, parts, said = told(str(BENCHMARKS / f"{name}.py"), "--short", "--json", *options)
    assert code == 0, said
    assert parts
    for part in parts:
        assert part["figures"], part
        assert all(map(is_known, part["figures"])), part


def test_a_part_that_fails_is_named_and_the_others_are_measured() -> None:
    code, (first, second, third), _ = told("-c", SHORT.format(second="bad"))
    assert code == 1
    assert second == {"part": "tried second", "fault": "TimeoutError: no paint came"}
    assert (first["part"], first["figures"]) == ("tried first", {"step_30": 1.0})
    assert (third["part"], third["figures"]) == ("tried xcb third", {"step_30.xcb": 1.0})


def test_mouse_events_are_made_in_the_windows_thread(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    import live

    made_in: list[int] = []

    def made(*given: Any) -> QMouseEvent:
        made_in.append(threading.get_ident())
        return QMouseEvent(*given)

    monkeypatch.setattr(live, "QMouseEvent", made)
    button, hand = QPushButton(), live.Hand()
    qtbot.addWidget(button)
    where = QPointF(button.rect().center())
    kinds = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease)
    with qtbot.waitSignal(button.clicked), ThreadPoolExecutor(1) as other:
        other.map(lambda kind: hand.post(button, kind, where), kinds)
    assert made_in == 2 * [threading.get_ident()]


def test_what_qt_swallows_fails_the_part() -> None:
    slot = """lambda: (sys.excepthook(ValueError, ValueError("in a slot"), None), {})[1]"""
    code, parts, _ = told("-c", SHORT.format(second=slot))
    assert code == 1
    assert parts[1]["fault"] == "ValueError: in a slot"


def test_the_table_keeps_what_was_measured_before_a_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import table

    monkeypatch.setattr(table, "NEWEST", tmp_path / "figures.json")
    monkeypatch.setattr(table, "ROOT", tmp_path)
    monkeypatch.setattr(table, "machine", lambda: {"processor": "one"})
    kept: list[Any] = []

    def measured(name: str, options: object) -> Any:
        yield {"part": f"{name} a", "seconds": 1.0, "figures": {"step_30": 2.0}}
        kept.append(json.loads((tmp_path / "figures.json").read_text("utf-8"))["figures"])
        yield {"part": f"{name} b", "fault": "TimeoutError: no paint came"}

    monkeypatch.setattr(table, "measured", measured)
    monkeypatch.setattr(sys, "argv", ["table.py", "--only", "long", "--only", "start"])
    assert table.main() == 1
    assert kept[0] == {"step_30": 2.0}
    assert list(json.loads((tmp_path / "figures.json").read_text("utf-8"))["faults"]) == ["long b", "start b"]
    assert "long b FAILED: TimeoutError: no paint came" in capsys.readouterr().out


@pytest.mark.long
def test_rows_are_read_and_put_in_a_table(tmp_path: Path) -> None:
    save_network(Network((784, 10), seed=1), tmp_path / "fast.npz", {})
    code, (results,), said = told(
        str(BENCHMARKS / "rows.py"),
        *("--rows", "1", "--recipes", "fast", "--networks", str(tmp_path), "--json"),
    )
    assert code == 0, said
    assert [each["rows"] for each in results] == [1, 1, 1, 1]


@pytest.mark.long
def test_notices_and_results_are_written_from_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    import notices
    import recorded
    import results

    from mnistviz.engine import RECIPES

    monkeypatch.setattr(notices, "wrong", lambda: [recorded.Trial("η = 100", Settings(eta=100.0), 1)])
    monkeypatch.setattr(notices, "unsuited", list)
    monkeypatch.setattr(notices, "recipes", list)
    monkeypatch.setattr(sys, "argv", ["notices.py", "--docs", str(tmp_path)])
    notices.main()
    assert "| 1 | better 1 × | " in (tmp_path / "notices.md").read_text("utf-8")
    assert "| η = 100 | run_stuck_large_eta | η = 3.0, in a new run |" in capsys.readouterr().out
    fast = RECIPES["fast"]
    quick = replace(fast, settings=fast.settings.changed(stop_epochs=1, schedule_epochs=1))
    monkeypatch.setattr(results, "RECIPES", {"fast": quick})
    monkeypatch.setattr(sys, "argv", ["results.py", "--docs", str(tmp_path), "--seeds", "1"])
    results.main()
    assert "| fast | 1 |" in (tmp_path / "results.md").read_text("utf-8")


def test_nine_of_ten_is_what_another_seed_most_likely_reaches() -> None:
    """The range of ten seeds is no promise: an eleventh lies below the lowest with a probability of one in eleven."""
    import results

    for seeds, said in ((8, "–"), (10, "90.00"), (12, "90.00"), (20, "90.10"), (30, "90.20")):
        shares = [0.9 + 0.001 * number for number in range(seeds)]
        assert results.nine_of_ten(shares[::-1]) == said


def test_a_row_stays_until_more_seeds_are_trained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import results

    def trained(seeds: int, right: float) -> Any:
        figures = {"epoch": 1, "test": right, "validation": right}
        each = {"best": figures, "last": figures, "seconds": 4.2}
        return {("chapter-1", seed): {"recipe": "chapter-1", "seed": seed, **each} for seed in range(seeds)}

    def rows(seeds: int, right: float) -> list[str]:
        results.write_page(tmp_path, trained(seeds, right))
        page = (tmp_path / "results.md").read_text("utf-8").splitlines()
        return [line for line in page if line.startswith(("| chapter-1 |", "- *chapter-1*"))]

    ten = rows(10, 0.91)
    page = tmp_path / "results.md"
    page.write_text(results.with_section(page.read_text("utf-8"), results.SECTION), encoding="utf-8")
    assert [" 91.00 (91.00 to 91.00) | 91.00 | " in line for line in ten] == [True, False]
    assert "10 of 10 seeds read 90 % or more, 91.00" in ten[1]
    assert rows(9, 0.92) == ten
    assert "| chapter-1 | 11 |" in rows(11, 0.93)[0]
    another = dict.fromkeys(results.machine(), "another")
    monkeypatch.setattr(results, "machine", lambda: another)
    assert "| chapter-1 | 9 |" in rows(9, 0.92)[0], "rows of another machine are dropped"
    assert page.read_text("utf-8").endswith(f"\n\n{results.SECTION}"), "another benchmark writes it"


def test_words_about_a_belief_hold_of_nine_of_ten_seeds() -> None:
    import beliefs

    values = (0.9, *(0.1 + 0.01 * number for number in range(18)), 0.8)
    assert beliefs.Figure("", values, lambda value: value < 0.3).hold
    assert not beliefs.Figure("", (*values[:-2], 0.7, 0.8), lambda value: value < 0.3).hold
    assert beliefs.Figure("", values).told == "19.5 % | 11.0 to 80.0 | 10.0 to 90.0"


def test_an_act_counts_from_where_training_has_reached_it(small_digits: Digits) -> None:
    """What was read before it was counted as read after it."""
    import recorded

    act = recorded.Act(150, {"eta": 0.5})
    readings = recorded.recorded(recorded.Trial("η 3 → 0.5", Settings(), 3, (act,)), small_digits)
    seen = {each["digits"]: each["acts"] for each in readings}
    reached = 1_003 + 49 * 10
    assert {acts for digits, acts in seen.items() if digits < reached} == {0}
    assert {acts for digits, acts in seen.items() if digits > reached} == {1}


def test_a_remedy_is_tried_on_a_run_that_was_changed_where_the_trial_says(
    monkeypatch: pytest.MonkeyPatch, small_digits: Digits
) -> None:
    """Changed at its start instead, a run was ruined before there was a best to go back to."""
    import recorded

    tried: list[RecordedRun] = []
    result = RemedyResult((0.5,), (0.5,), 1, 300)

    def try_remedy(run: RecordedRun, *_: object) -> RemedyResult:
        tried.append(run)
        return result

    monkeypatch.setattr(recorded, "try_remedy", try_remedy)
    trial = recorded.Trial("η 3 → 0.5", Settings(), 3, (recorded.Act(150, {"eta": 0.5}),))
    reading = {"step": 160, "acts": 1, "best": None}
    assert (
        recorded.tried_remedy(trial, reading, Finding("run_fell", {}, {"eta": 3.0}), small_digits) == result
    )
    ((act,), step) = tried[0].record.acts, tried[0].record.step
    assert (act.step, step) == (150, 160)


def test_every_notice_is_judged_on_the_page() -> None:
    from judged import NOTICES

    codes = {code for code in NOTICE_SENTENCES if not code.endswith(("_short", "_why"))}
    assert NOTICES.keys() == {code for code in codes if not code.startswith("change")} | {"changes"}
    page = (BENCHMARKS.parent / "docs" / "notices.md").read_text(encoding="utf-8")
    lacking = [
        code for code, texts in NOTICES.items() if not all(f"| {each} |" in page for each in (code, *texts))
    ]
    assert lacking == []


@pytest.mark.long
def test_labelled_photographs_are_scored_twice(reader: Network, tmp_path: Path, mnist: Digits) -> None:
    save_network(reader, tmp_path / "network.npz", {})
    photos = tmp_path / "photos"
    photos.mkdir()
    rows = ["file,text"]
    for number in range(3):
        ink, row = made.writing(mnist, 1 + number)
        write_grey(photos / f"paper{number}.pgm", made.as_bytes(made.on_paper(ink)))
        rows.append(f"paper{number}.pgm,{''.join(map(str, row.labels))}")
    rows[-1] = "paper2.pgm,77777"  # which it does not say
    (photos / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    command = [str(BENCHMARKS / "photos.py"), str(photos), "--network", str(tmp_path / "network.npz")]
    done = subprocess.run(
        [sys.executable, *command, "--failures", str(tmp_path / "failures")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "| paper | 2 of 3 (" in done.stdout
    assert "| rows | 2 of 3 (" in done.stdout
    assert "paper2.pgm: says 77777, read " in done.stdout
    (failure,) = (tmp_path / "failures").iterdir()
    assert failure.name.startswith("paper2 says 77777 read ")
    done = subprocess.run([sys.executable, command[0], str(tmp_path)], capture_output=True, text=True)
    assert (done.returncode, "There is no table labels.csv" in done.stderr) == (2, True)
