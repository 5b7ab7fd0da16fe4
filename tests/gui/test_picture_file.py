"""Pictures from files: any usual kind, upright, and nothing that a file claims is believed."""

import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QImageReader, QImageWriter

from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import clean, find_candidates, read_row, row_of
from mnistviz.gui.common.picture_file import MOST_SIDE, SUFFIXES, pixels_of, read_picture
from tests import made_pictures as made
from tests import picture_files as files
from tests.examples import one_quick
from tests.programs import ended_well


def image(pixels: NDArray[np.uint8]) -> QImage:
    height, width = pixels.shape
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, width, height, width, QImage.Format.Format_Grayscale8).copy()


@pytest.fixture
def picture(mnist: Digits) -> NDArray[np.uint8]:
    return made.as_bytes(made.on_paper(made.writing(mnist, 2)[0]))


@pytest.mark.parametrize("kind", ["png", "bmp", "pgm"])
def test_exact_kinds_give_their_very_pixels(kind: str, picture: NDArray[np.uint8], tmp_path: Path) -> None:
    file = tmp_path / f"picture.{kind}"
    image(picture).save(str(file))
    pixels, scale = read_picture(file)
    assert scale == 1
    assert np.array_equal(pixels if pixels.ndim == 2 else pixels[..., 0], picture)


@one_quick(("kind", "quality"), [("jpg", 30), ("jpg", 90), ("webp", 50)])
def test_a_photo_is_read(kind: str, quality: int, reader: Network, mnist: Digits, tmp_path: Path) -> None:
    right = 0
    for seed in range(6):
        ink, row = made.writing(mnist, seed)
        photo = made.noisy(made.shadowed(made.on_paper(made.tilted(ink, 5))), seed, 0.03)
        file = tmp_path / f"{seed}.{kind}"
        assert image(made.as_bytes(photo)).save(str(file), quality=quality)
        digits = read_row(reader, find_candidates(row_of(clean(read_picture(file)[0]).line()))).digits
        right += sum(a == b for a, b in zip(digits, row.labels, strict=True)) if len(digits) == 5 else 0
    assert right >= 24


def read_by_a_process(paths: Sequence[Path]) -> dict[str, str]:
    """What came of each file, by its name: the size that was read, or the code of the problem. All of them are read in
    one process, which must live to the end and print nothing else."""
    program = (
        "import sys; from pathlib import Path; from mnistviz.gui.common.picture_file import read_picture\n"
        "from mnistviz.engine.problems import Problem\n"
        "for path in map(Path, sys.argv[1:]):\n"
        "    try: print(path.name, 'x'.join(map(str, read_picture(path)[0].shape[:2])), flush=True)\n"
        "    except Problem as problem: print(path.name, problem.code, flush=True)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, *map(str, paths)], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    return dict(line.split() for line in ran.stdout.splitlines())


def written(kind: str, picture: NDArray[np.uint8], file: Path) -> bool:
    """Whether a file of one of Qt's kinds could be made."""
    by_hand = {
        "gif": lambda: files.gif((picture > 127).astype(np.uint8)),
        "tga": lambda: files.tga(np.stack([picture] * 3, axis=-1)),
        "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    }
    if kind in by_hand:
        return bool(file.write_bytes(by_hand[kind]()))
    return kind in QImageWriter.supportedImageFormats() and image(picture).save(str(file))


def test_a_tiff_of_any_usual_kind_is_read(picture: NDArray[np.uint8], tmp_path: Path) -> None:
    colours = np.stack([picture, picture, 255 - picture], axis=-1)
    paths, expected = [], {}
    for compression in ("none", "lzw", "deflate"):
        for name, content in {
            "grey": files.tiff(picture, compression=compression),
            "rgb": files.tiff(colours, compression=compression),
            "1bit": files.tiff(picture, compression=compression, bits=1),
            "16bit": files.tiff(picture, compression=compression, bits=16),
            "pages": files.tiff(picture, colours[:9], picture[:9], compression=compression),
            "turned": files.tiff(np.rot90(picture), compression=compression, orientation=6),
            "short": files.tiff(picture, compression=compression)[:500],
        }.items():
            paths.append(tmp_path / f"{name}-{compression}.tiff")
            paths[-1].write_bytes(content)
            size = "picture_damaged" if name == "short" else "x".join(map(str, picture.shape))
            expected[paths[-1].name] = size
    assert read_by_a_process(paths) == expected
    assert np.array_equal(read_picture(tmp_path / "grey-lzw.tiff")[0], picture)
    assert np.array_equal(read_picture(tmp_path / "rgb-none.tiff")[0][..., :3], colours)


def test_every_kind_that_qt_knows_is_read_if_the_dialog_offers_it_and_else_refused(
    picture: NDArray[np.uint8], tmp_path: Path
) -> None:
    square, paths = picture[:200, :200], []
    for kind in (bytes(each.data()).decode() for each in QImageReader.supportedImageFormats()):
        whole, short = tmp_path / f"whole.{kind}", tmp_path / f"short.{kind}"
        if written(kind, square, whole):
            short.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
            paths += [whole, short]
    found = read_by_a_process(paths)
    refused = {"picture_unknown", "picture_damaged"}
    assert {name for name in found if found[name] not in refused} == {
        f"whole{suffix}"
        for suffix in (*SUFFIXES, ".cur")  # which Qt writes as an icon
    }
    assert set(found.values()) <= {"200x200", *refused}


def test_a_picture_of_just_less_than_80_megapixels_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.png"
    file.write_bytes(files.png(np.zeros((1_000, 79_000 // 8), dtype=np.uint8), bits=1))
    assert read_picture(file)[0].shape == (30, MOST_SIDE)


def test_the_name_does_not_decide_what_it_is(picture: NDArray[np.uint8], tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    image(picture).save(str(file))
    assert np.array_equal(read_picture(file.rename(tmp_path / "picture.jpg"))[0], picture)


def test_colours_and_alpha_are_kept() -> None:
    coloured = QImage(3, 2, QImage.Format.Format_ARGB32)
    coloured.fill(QColor(10, 20, 30, 40))
    assert pixels_of(coloured, "").shape == (2, 3, 4)
    assert pixels_of(coloured, "")[1, 2].tolist() == [10, 20, 30, 40]


def test_pixels_are_a_copy_and_lines_of_odd_width_are_whole() -> None:
    pixels = np.arange(35, dtype=np.uint8).reshape(5, 7)
    source = image(pixels)
    copied = pixels_of(source, "")
    source.fill(0)
    assert np.array_equal(copied, pixels)


def test_a_large_picture_from_the_clipboard_is_made_smaller_or_refused() -> None:
    large = QImage(6000, 900, QImage.Format.Format_RGB32)
    large.fill(200)
    assert pixels_of(large, "it").shape[:2] == (360, MOST_SIDE)
    with pytest.raises(Problem, match="picture_too_large"):
        pixels_of(QImage(10_001, 8_000, QImage.Format.Format_Mono), "it")


def test_a_program_without_a_terminal_reads_pictures_too(
    picture: NDArray[np.uint8], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "picture.png"
    image(picture).save(str(file))
    monkeypatch.setattr(sys, "stderr", None)
    assert np.array_equal(read_picture(file)[0], picture)


def test_a_large_picture_is_made_smaller_while_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.png"
    large = QImage(6000, 900, QImage.Format.Format_Grayscale8)
    large.fill(200)
    large.save(str(file))
    pixels, scale = read_picture(file)
    assert pixels.shape == (360, MOST_SIDE)
    assert scale == pytest.approx(MOST_SIDE / 6000)


def test_a_photograph_taken_upright_is_upright(picture: NDArray[np.uint8], tmp_path: Path) -> None:
    file = tmp_path / "turned.jpg"
    image(picture).save(str(file), quality=95)
    content = file.read_bytes()
    turned_right = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    marker = b"\xff\xe1" + struct.pack(">H", len(turned_right) + 2) + turned_right
    file.write_bytes(content[:2] + marker + content[2:])
    pixels, _ = read_picture(file)
    assert pixels.shape[:2] == picture.shape[::-1]


class TestFaults:
    def refused(self, file: Path) -> str:
        with pytest.raises(Problem) as refused:
            read_picture(file)
        assert str(refused.value.values["file"]).endswith(file.name)
        return refused.value.code

    def test_a_hundred_megapixels(self, tmp_path: Path) -> None:
        file = tmp_path / "huge.png"
        file.write_bytes(files.png(np.zeros((1, 1), dtype=np.uint8), size=(10_000, 10_000)))
        assert self.refused(file) == "picture_too_large"

    @pytest.mark.parametrize("kind", ["png", "jpg"])
    def test_what_is_cut_off(self, kind: str, picture: NDArray[np.uint8], tmp_path: Path) -> None:
        file = tmp_path / f"short.{kind}"
        image(picture).save(str(file))
        file.write_bytes(file.read_bytes()[:1500])
        assert self.refused(file) == "picture_damaged"

    @pytest.mark.parametrize(
        "content",
        [b"", b"text", b"\x89PNG\r\n\x1a\n", b'<svg xmlns="http://www.w3.org/2000/svg"/>', b"%PDF-1.4"],
    )
    def test_what_is_no_picture(self, content: bytes, tmp_path: Path) -> None:
        file = tmp_path / "picture.png"
        file.write_bytes(content)
        assert self.refused(file) in ("picture_unknown", "picture_damaged")

    def test_what_is_not_there(self, tmp_path: Path) -> None:
        assert self.refused(tmp_path / "nothing.png") == "picture_missing"

    def test_folders_and_pipes(self, tmp_path: Path) -> None:
        assert self.refused(tmp_path) == "picture_unreadable"
        os.mkfifo(tmp_path / "pipe")
        assert self.refused(tmp_path / "pipe") == "picture_unreadable"


def test_no_screen_window_or_application_is_needed(picture: NDArray[np.uint8], tmp_path: Path) -> None:
    file = tmp_path / "picture.jpg"
    image(picture).save(str(file))
    program = (
        "import sys; from pathlib import Path; from mnistviz.gui.common.picture_file import read_picture\n"
        "pixels, _ = read_picture(Path(sys.argv[1]))\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "print(pixels.shape, QCoreApplication.instance(), 'PySide6.QtWidgets' in sys.modules)"
    )
    without = {
        k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    ran = ended_well([sys.executable, "-c", program, str(file)], env=without)
    assert ran.stdout == f"{picture.shape} None False\n"
    assert ran.stderr == ""


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="the system does not tell what is loaded")
def test_qts_other_formats_are_not_loaded(picture: NDArray[np.uint8], tmp_path: Path) -> None:
    """That of SVG connects signals while it looks at a file. A worker that does so can stop the window for good."""
    paths = [tmp_path / "picture.png", tmp_path / "picture.txt"]
    for path, content in zip(paths, (files.png(picture), b"no picture"), strict=True):
        path.write_bytes(content)
    program = (
        "import sys; from contextlib import suppress; from pathlib import Path\n"
        "from mnistviz.gui.common.picture_file import read_picture\n"
        "from mnistviz.engine.problems import Problem\n"
        "for path in map(Path, sys.argv[1:]):\n"
        "    with suppress(Problem): read_picture(path)\n"
        "print('libqsvg' in Path('/proc/self/maps').read_text())"
    )
    assert ended_well([sys.executable, "-c", program, *map(str, paths)]).stdout == "False\n"
