"""`mnistviz read`: what it prints, what it says of bad pictures, and how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mnistviz import doctor, picture_reading
from mnistviz.doctor import SystemFinding
from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import set_row
from mnistviz.engine.storage import save_network
from tests import made_pictures as made
from tests.programs import Program

NUMBERS = (0, 1, 2, 3, 4)  # of the first test digits, which are easy ones
LABELS = "72104"


@pytest.fixture(scope="session")
def network(reader: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("networks") / "reader.npz"
    save_network(reader, file, {"data": {"classes": list("0123456789")}})
    return file


def write_grey(file: Path, pixels: NDArray[np.uint8]) -> Path:
    """As a PGM, which needs no library."""
    file.write_bytes(b"P5 %d %d 255\n" % pixels.shape[::-1] + pixels.tobytes())
    return file


def photograph(mnist: Digits, folder: Path, zoom: int = 4) -> Path:
    row = set_row(mnist.test, NUMBERS, (4, 4, 4, 4))
    ink = np.pad(np.kron(row.ink, np.ones((zoom, zoom), dtype=np.float32)), 10 * zoom)
    return write_grey(folder / f"{zoom}.pgm", made.as_bytes(made.on_paper(ink)))


@pytest.fixture
def program(capfd: pytest.CaptureFixture[str]) -> Program:
    """The command, with what libraries print."""
    return Program(capfd)


@pytest.fixture
def photo(mnist: Digits, tmp_path: Path) -> Path:
    return photograph(mnist, tmp_path)


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    return write_grey(tmp_path / "blank.pgm", np.full((80, 200), 250, dtype=np.uint8))


def test_one_picture_gives_its_digits_and_nothing_else(network: Path, photo: Path, program: Program) -> None:
    assert program("read", network, photo) == (f"{LABELS}\n", "")


def test_several_give_a_line_each_with_their_names(network: Path, photo: Path, program: Program) -> None:
    assert program("read", network, photo, photo).out == f"{photo}: {LABELS}\n" * 2


@pytest.mark.parametrize("zoom", [4, 24])
def test_json_has_boxes_in_the_pixels_of_the_file_and_certainties(
    zoom: int, network: Path, mnist: Digits, tmp_path: Path, program: Program
) -> None:
    photo = photograph(mnist, tmp_path, zoom)
    (picture,) = json.loads(program("read", network, photo, "--json").out)["pictures"]
    assert picture["file"] == str(photo)
    assert picture["text"] == LABELS
    assert picture["sure"] is True
    boxes = set_row(mnist.test, NUMBERS, (4, 4, 4, 4)).boxes
    for digit, label, box in zip(picture["digits"], LABELS, boxes, strict=True):
        assert digit["class"] == label
        assert 0 < digit["certainty"] <= 1
        assert 0 < digit["chance"] <= 1
        assert digit["doubtful"] is False
        assert digit["box"] == pytest.approx([zoom * (edge + 10) for edge in box], abs=2 * zoom)


def test_what_cannot_be_read_is_a_sentence_and_the_others_are_read_all_the_same(
    network: Path, photo: Path, blank: Path, tmp_path: Path, program: Program
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(400))
    gone = tmp_path / "gone.png"
    shown = program("read", network, blank, broken, gone, photo, code=2)
    assert shown.out == f"{photo}: {LABELS}\n"
    assert [line.startswith("mnistviz read: ") for line in shown.err.splitlines()] == [True] * 3
    assert "There is no writing in blank.pgm" in shown.err


def page(mnist: Digits, folder: Path, gap: int = 30) -> tuple[Path, list[str]]:
    """Three lines of writing one below the other, the middle one shorter."""
    lines, texts = [], []
    for first, count in ((0, 5), (5, 3), (8, 5)):
        row = set_row(mnist.test, range(first, first + count), (4,) * (count - 1))
        ink = np.pad(np.kron(row.ink, np.ones((4, 4), dtype=np.float32)), ((gap, gap), (40, 40)))
        lines.append(ink)
        texts.append("".join(str(mnist.test.labels[number]) for number in range(first, first + count)))
    wide = max(ink.shape[1] for ink in lines)
    whole = np.concatenate([np.pad(ink, ((0, 0), (0, wide - ink.shape[1]))) for ink in lines])
    return write_grey(folder / "page.pgm", made.as_bytes(made.on_paper(whole))), texts


def test_each_line_of_a_page_is_read(network: Path, mnist: Digits, tmp_path: Path, program: Program) -> None:
    picture, texts = page(mnist, tmp_path)
    shown = program("read", network, picture, code=(0, 1)).out
    assert shown.splitlines() == [f"{picture}:{number}: {text}" for number, text in enumerate(texts, start=1)]
    (told,) = json.loads(program("read", network, picture, "--json", code=(0, 1)).out)["pictures"]
    assert told["text"] == "\n".join(texts)
    assert [line["text"] for line in told["lines"]] == texts
    tops = [min(digit["box"][1] for digit in line["digits"]) for line in told["lines"]]
    assert tops == sorted(tops)
    assert "digits" not in told


def test_one_line_can_be_asked_for(network: Path, mnist: Digits, tmp_path: Path, program: Program) -> None:
    picture, texts = page(mnist, tmp_path)
    assert program("read", network, picture, "--line", "2", code=(0, 1)).out == f"{texts[1]}\n"
    shown = program("read", network, picture, "--line", "4", "--json", code=2)
    assert "page.pgm shows 3 lines of writing, so there is no line 4." in shown.err
    assert json.loads(shown.out)["pictures"] == [{"file": str(picture), "problem": "picture_line_absent"}]
    for wrong in ("0", "-1", "two", "9" * 400):
        program.refuses("read", network, picture, "--line", wrong)


def test_a_network_that_has_learned_nothing_is_said_to_be_unsure(
    photo: Path, tmp_path: Path, program: Program
) -> None:
    file = tmp_path / "new.npz"
    save_network(Network([784, 30, 10], seed=1, initial_weights="scaled"), file, {})
    assert "not sure enough" in program("read", file, photo, code=1).err


def test_a_doubt_exits_with_1(network: Path, mnist: Digits, tmp_path: Path, program: Program) -> None:
    row = set_row(mnist.test, NUMBERS, (4, 4, 4, 4))
    left, wide = int(row.boxes[2].left), int(row.boxes[2].right - row.boxes[2].left)
    ink = np.insert(row.ink, [left] * (14 - wide), 0, axis=1)
    y, x = np.mgrid[:28, :14]
    ink[:, left : left + 14] = ((x < 3) | (x > 10) | (abs(y - 14) < 2)) & (abs(y - 14) < 10)  # an H
    ink = np.pad(np.kron(ink, np.ones((4, 4), dtype=np.float32)), 40)
    photo = write_grey(tmp_path / "letter.pgm", made.as_bytes(made.on_paper(ink)))
    shown = program("read", network, photo, "--json", code=1)
    (picture,) = json.loads(shown.out)["pictures"]
    doubtful = [number for number, digit in enumerate(picture["digits"], start=1) if digit["doubtful"]]
    assert picture["sure"] is False
    assert doubtful == [3, 4]  # it was cut in two
    assert "Not sure of letter.pgm" in shown.err
    assert "from the left: 3, 4." in shown.err


def test_of_a_single_doubtful_digit_no_count_is_told(network: Path, tmp_path: Path, program: Program) -> None:
    y, x = np.mgrid[:28, :20]
    ink: made.Grey = np.pad((x < y * 20 / 28).astype(np.float32), 10)  # a triangle
    ink = np.kron(ink, np.ones((4, 4), dtype=np.float32))
    photo = write_grey(tmp_path / "one.pgm", made.as_bytes(made.on_paper(ink)))
    told = program("read", network, photo, code=1).err
    assert "Not sure of the digit in one.pgm" in told
    assert "1 digits" not in told


def test_classes_are_named_as_in_data(photo: Path, letters: Path, tmp_path: Path, program: Program) -> None:
    file = tmp_path / "letters.npz"
    network = Network([784, 3], seed=1)
    network.parameters[...] = 0
    network.biases[0][...] = (-9, 9, -9)  # it sees nothing but the second class
    save_network(network, file, {"data": {"classes": ["alpha", "beta", "gamma"]}})
    assert set(program("read", file, photo).out.split()) == {"beta"}
    assert set(program("read", file, photo, "--data", letters).out.strip()) == {"1"}


def test_an_experiment_reads_the_same(photo: Path, letters: Path, tmp_path: Path, program: Program) -> None:
    alone, experiment = tmp_path / "alone.npz", tmp_path / "all.mnistviz"
    saving = ["--save", alone, "--save-experiment", experiment]
    program("train", "--sizes", "784,5,3", "--epochs", "1", "--data", letters, *saving)
    told = program("read", alone, photo, code=(0, 1))
    assert program("read", experiment, photo, "--run", "A", code=(0, 1)) == told


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"data": None},
        {"data": {"classes": "0123456789"}},
        {"data": {"classes": [1, 2]}},
        {"data": {"classes": ["a"]}},
    ],
)
def test_a_header_that_names_no_classes_gives_numbers(
    about: dict[str, object], reader: Network, photo: Path, tmp_path: Path, program: Program
) -> None:
    file = tmp_path / "network.npz"
    save_network(reader, file, about)
    assert program("read", file, photo).out == f"{LABELS}\n"


def test_a_threshold_can_be_given(network: Path, photo: Path, program: Program) -> None:
    told = json.loads(program("read", network, photo, "--threshold", "0.3", "--json").out)
    assert told["pictures"][0]["threshold"] == 0.3


@pytest.mark.parametrize(
    "typed", ["read", "read network.npz", "read n.npz p.png --threshold 2", "read n.npz p"]
)
def test_faults_are_one_sentence_and_exit_code_2(typed: str, program: Program) -> None:
    program.refuses(*typed.split())


def test_what_qt_lacks_is_said_in_the_doctors_words(
    network: Path, photo: Path, monkeypatch: pytest.MonkeyPatch, program: Program
) -> None:
    missing = doctor.examine_pictures(lambda name: (_ for _ in ()).throw(OSError()), "linux")
    monkeypatch.setattr(doctor, "obstacles_to_pictures", lambda: missing)
    shown = program("read", network, photo, code=1)
    assert shown.out == ""
    assert "libGL.so.1" in shown.err
    assert "sudo apt install" in shown.err


def test_all_libraries_there_is_no_obstacle() -> None:
    assert doctor.examine_pictures(lambda name: object(), "linux") == []
    assert doctor.examine_pictures(lambda name: (_ for _ in ()).throw(OSError()), "darwin") == []
    assert all(isinstance(each, SystemFinding) for each in doctor.obstacles_to_pictures())


def test_qt_is_not_loaded_before_the_network_is_known_to_do(photo: Path, tmp_path: Path) -> None:
    def never() -> picture_reading.PictureReader:
        raise AssertionError

    assert picture_reading.read(tmp_path / "gone.npz", [photo], never) == 2
    file = tmp_path / "small.npz"
    save_network(Network([784, 10], seed=1), file, {})
    with pytest.raises(AssertionError):
        picture_reading.read(file, [photo], never)


def test_the_reader_may_fail(network: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def failing(path: Path) -> tuple[NDArray[np.uint8], float]:
        raise Problem("picture_damaged", file=path.name)

    assert picture_reading.read(network, [tmp_path / "a\nb.png"], lambda: failing) == 2
    assert capfd.readouterr().err.count("\n") == 1


@pytest.mark.long
def test_as_a_program_without_a_screen(network: Path, photo: Path) -> None:
    without = {
        k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    command = [sys.executable, "-m", "mnistviz", "read", str(network), str(photo)]
    ran = subprocess.run(command, capture_output=True, text=True, env=without, check=True)
    assert (ran.stdout, ran.stderr) == (f"{LABELS}\n", "")
