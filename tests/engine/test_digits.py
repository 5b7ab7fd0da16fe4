"""A data set is read whole and right, or refused in one sentence that names the file."""

import gzip
import hashlib
import os
import shutil
import struct
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnistviz.assets import asset
from mnistviz.engine.digits import PIXELS, Digits, DigitSet, checksum_of, grey_values, load_digits
from mnistviz.engine.problems import Problem
from tests import refusals
from tests.examples import one_quick
from tests.locked import locked

TRAIN_IMAGES = "train-images-idx3-ubyte"
TRAIN_LABELS = "train-labels-idx1-ubyte"
TEST_IMAGES = "t10k-images-idx3-ubyte"
TEST_LABELS = "t10k-labels-idx1-ubyte"


def images_file(count: int, side: int = 28, magic: int = 0x803) -> bytes:
    pixels = np.arange(count * side * side) % 251
    return struct.pack(">4I", magic, count, side, side) + pixels.astype(np.uint8).tobytes()


def labels_file(labels: list[int], magic: int = 0x801) -> bytes:
    return struct.pack(">2I", magic, len(labels)) + bytes(labels)


def contents() -> dict[str, bytes]:
    return {
        TRAIN_IMAGES: images_file(12),
        TRAIN_LABELS: labels_file([0, 1, 2, 3] * 3),
        TEST_IMAGES: images_file(4),
        TEST_LABELS: labels_file([3, 2, 1, 0]),
    }


def write(folder: Path, files: dict[str, bytes], *, packed: bool = True) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / (f"{name}.gz" if packed else name)
        path.write_bytes(gzip.compress(content, 1) if packed else content)
    return folder


refusal = partial(refusals.refusal, load_digits)


def _arrays(part: DigitSet) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    return part.images, part.labels


class TestBundledDigits:
    def test_has_50000_10000_and_10000_digits(self, mnist: Digits) -> None:
        assert [len(part) for part in (mnist.training, mnist.validation, mnist.test)] == [
            50_000,
            10_000,
            10_000,
        ]
        assert mnist.name == "MNIST"
        assert mnist.classes == tuple("0123456789")

    def test_is_the_mnist_that_everyone_knows(self, mnist: Digits) -> None:
        assert mnist.training.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
        assert mnist.test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
        everything = np.concatenate([mnist.training.images, mnist.validation.images])
        assert everything.mean() == pytest.approx(33.3184, abs=1e-3)

    def test_has_the_checksum_of_its_contents(self, mnist: Digits) -> None:
        whole = (
            np.concatenate(each)
            for each in zip(*map(_arrays, (mnist.training, mnist.validation)), strict=True)
        )
        assert mnist.checksum == checksum_of(DigitSet(*whole), mnist.test)

    def test_validation_is_the_last_sixth_of_the_training_files(self, mnist: Digits) -> None:
        raw = gzip.decompress(asset("mnist", f"{TRAIN_IMAGES}.gz").read_bytes())
        assert mnist.validation.images.tobytes() == raw[16 + 50_000 * PIXELS :]

    def test_arrays_are_bytes_in_rows_that_nobody_can_change(self, mnist: Digits) -> None:
        for part in (mnist.training, mnist.validation, mnist.test):
            assert part.images.shape == (len(part), PIXELS)
            assert part.images.dtype == part.labels.dtype == np.uint8
            assert part.images.flags.c_contiguous
            assert part.labels.flags.c_contiguous
            assert not part.images.flags.writeable
            assert not part.labels.flags.writeable

    @one_quick(
        "damage",
        [lambda b: b[:-9] + b"x" + b[-8:], lambda b: b[:-1], lambda b: b + b"x"],
        ids=["changed", "cut", "longer"],
    )
    def test_demands_its_checksums(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes]
    ) -> None:
        copy = tmp_path / "mnist"
        shutil.copytree(asset("mnist"), copy)
        path = copy / f"{TEST_LABELS}.gz"
        path.write_bytes(damage(path.read_bytes()))
        monkeypatch.setattr("mnistviz.engine.digits.asset", lambda *parts: copy)
        problem = refusal(None)
        assert (problem.code, problem.values["file"]) == ("data_checksum", path.name)

    def test_says_that_checksums_are_missing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("mnistviz.engine.digits.asset", lambda *parts: write(tmp_path, contents()))
        assert refusal(None).values["file"] == "SHA256SUMS"


class TestOtherDigits:
    def test_are_named_after_their_folder(self, tmp_path: Path) -> None:
        digits = load_digits(write(tmp_path / "letters", contents()))
        assert digits.name == "letters"
        assert [len(part) for part in (digits.training, digits.validation, digits.test)] == [10, 2, 4]

    def test_have_the_same_checksum_packed_or_plain(self, tmp_path: Path) -> None:
        packed = load_digits(write(tmp_path / "packed", contents()))
        plain = load_digits(write(tmp_path / "plain", contents(), packed=False))
        assert packed.checksum == plain.checksum == hashlib.sha256(b"".join(contents().values())).hexdigest()
        assert (packed.training.images == plain.training.images).all()

    def test_may_be_packed_in_several_parts(self, tmp_path: Path) -> None:
        folder = write(tmp_path / "parts", contents())
        for name, content in contents().items():
            parts = (content[:5], content[5:9], b"", content[9:], b"")
            (folder / f"{name}.gz").write_bytes(b"".join(map(gzip.compress, parts)) + bytes(100))
        assert load_digits(folder).checksum == load_digits(write(tmp_path / "whole", contents())).checksum

    def test_may_lie_in_a_folder_whose_name_is_not_utf_8(self, tmp_path: Path) -> None:
        assert load_digits(write(tmp_path / os.fsdecode(b"Bl\xe4tter"), contents())).name == "Bl�tter"

    def test_have_another_checksum_when_one_pixel_differs(self, tmp_path: Path) -> None:
        changed = contents()
        changed[TEST_IMAGES] = changed[TEST_IMAGES][:-1] + b"\xff"
        first = load_digits(write(tmp_path / "first", contents()))
        assert load_digits(write(tmp_path / "second", changed)).checksum != first.checksum

    def test_without_names_have_as_many_classes_as_labels(self, tmp_path: Path) -> None:
        assert load_digits(write(tmp_path, contents())).classes == ("0", "1", "2", "3")

    def test_have_two_classes_at_least(self, tmp_path: Path) -> None:
        files = contents() | {TRAIN_LABELS: labels_file([0] * 12), TEST_LABELS: labels_file([0] * 4)}
        assert load_digits(write(tmp_path, files)).classes == ("0", "1")

    def test_take_the_names_of_their_classes_from_a_file(self, tmp_path: Path) -> None:
        write(tmp_path, contents())
        names = ("T-shirt", "Ärmel", "裤子", "dress", "coat")
        (tmp_path / "classes.txt").write_text("\n".join(names) + "\r\n\n", encoding="utf-8-sig")
        assert load_digits(tmp_path).classes == names

    @pytest.mark.parametrize(
        "text",
        [
            b"",
            b"one",
            b"a\n\nb",
            b"a\n" * 11,
            b"a\n" + b"b" * 41,
            b"a\nb\x07",
            b"\xff\xfe\nb",
            b"a\nb" + b" " * 5_000,
        ],
    )
    def test_refuse_names_that_cannot_be_shown(self, tmp_path: Path, text: bytes) -> None:
        write(tmp_path, contents())
        (tmp_path / "classes.txt").write_bytes(text)
        assert refusal(tmp_path).values["file"] == "classes.txt"

    def test_refuse_fewer_names_than_labels(self, tmp_path: Path) -> None:
        write(tmp_path, contents())
        (tmp_path / "classes.txt").write_text("a\nb\nc")
        assert refusal(tmp_path).code == "data_classes_too_few"

    def test_fit_a_network_with_their_pixels_and_classes_only(self, tmp_path: Path) -> None:
        digits = load_digits(write(tmp_path, contents()))
        digits.check_fit((784, 30, 4))
        for sizes in ((784, 30, 10), (100, 4)):
            with pytest.raises(Problem):
                digits.check_fit(sizes)


FAULTS: dict[str, tuple[str, str, bytes]] = {
    # what is wrong: (file, code, content before it is packed)
    "no header": (TRAIN_LABELS, "data_truncated", b"\0\0\x08"),
    "nothing": (TEST_IMAGES, "data_truncated", b""),
    "magic of labels": (TRAIN_IMAGES, "data_wrong_magic", images_file(12, magic=0x801)),
    "magic of nothing": (TEST_LABELS, "data_wrong_magic", labels_file([0] * 4, magic=7)),
    "large pictures": (TRAIN_IMAGES, "data_wrong_size", images_file(12, side=32)),
    "one byte short": (TRAIN_IMAGES, "data_truncated", images_file(12)[:-1]),
    "one byte long": (TRAIN_IMAGES, "data_too_long", images_file(12) + b"\0"),
    "four thousand million": (TRAIN_IMAGES, "data_too_large", struct.pack(">4I", 0x803, 2**32 - 1, 28, 28)),
    "a million labels": (TEST_LABELS, "data_too_large", struct.pack(">2I", 0x801, 1_000_000)),
    "label 10": (TRAIN_LABELS, "data_label_out_of_range", labels_file([0, 10] * 6)),
    "fewer labels": (TRAIN_LABELS, "data_counts_differ", labels_file([0] * 11)),
    "five pictures": (TRAIN_IMAGES, "data_too_few", images_file(5)),
    "no test pictures": (TEST_IMAGES, "data_empty", images_file(0)),
}


PACKED_FAULTS: dict[str, tuple[Any, set[str]]] = {
    # what is wrong: (what is done to the gzip file, codes)
    "not gzip": (lambda packed: b"<html>404</html>", {"data_not_gzip"}),
    **{f"cut by {cut}": (lambda packed, cut=cut: packed[:-cut], {"data_truncated"}) for cut in (1, 4, 8, 20)},
    "its own checksum": (
        lambda packed: packed[:-8] + bytes([packed[-8] ^ 1]) + packed[-7:], {"data_damaged"}
    ),
    "more digits": (lambda packed: packed + gzip.compress(b"more"), {"data_too_long"}),
    **{
        f"then {rest!r}": (lambda packed, rest=rest: packed + rest, {"data_damaged", "data_truncated"})
        for rest in (b"x", b"\0\0x", b"\x1f\x8b\x08", gzip.compress(b"", mtime=0)[:-1])
    },
}  # fmt: skip


class TestFaults:
    @pytest.mark.parametrize("fault", PACKED_FAULTS)
    @pytest.mark.parametrize("name", [TRAIN_IMAGES, TRAIN_LABELS])
    def test_of_a_packed_file(self, tmp_path: Path, fault: str, name: str) -> None:
        damage, codes = PACKED_FAULTS[fault]
        path = write(tmp_path, contents()) / f"{name}.gz"
        path.write_bytes(damage(path.read_bytes()))
        assert refusal(tmp_path).code in codes

    @pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
    @pytest.mark.parametrize("fault", FAULTS)
    def test_name_the_file(self, tmp_path: Path, fault: str, packed: bool) -> None:
        name, code, content = FAULTS[fault]
        problem = refusal(write(tmp_path, contents() | {name: content}, packed=packed))
        assert (problem.code, problem.values["file"]) == (code, f"{name}.gz" if packed else name)

    @pytest.mark.parametrize("name", contents())
    def test_a_missing_file(self, tmp_path: Path, name: str) -> None:
        write(tmp_path, contents())
        (tmp_path / f"{name}.gz").unlink()
        problem = refusal(tmp_path)
        assert (problem.code, problem.values["file"]) == ("data_missing", f"{name}.gz")

    def test_no_folder(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "nowhere").code == "data_no_folder"

    def test_a_folder_in_place_of_a_file(self, tmp_path: Path) -> None:
        path = write(tmp_path, contents()) / f"{TRAIN_LABELS}.gz"
        path.unlink()
        path.mkdir()
        assert refusal(tmp_path).code == "data_unreadable"

    def test_what_the_system_will_not_read(self, tmp_path: Path) -> None:
        folder = write(tmp_path / "folder", contents())
        with locked(folder):
            problem = refusal(folder)
        assert (problem.code, problem.values["reason"]) == ("data_unreadable", "Permission denied")

    @given(data=st.data())
    def test_any_bytes_changed_give_digits_or_a_sentence(
        self, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
    ) -> None:
        folder = write(tmp_path_factory.getbasetemp() / "changed", contents())
        path = folder / f"{data.draw(st.sampled_from(sorted(contents())))}.gz"
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 3))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(content)
        try:
            assert len(load_digits(folder).test) == 4
        except Problem:
            refusal(folder)

    def test_a_count_that_lies_makes_no_room(self, tmp_path: Path) -> None:
        write(tmp_path, contents() | {TRAIN_IMAGES: struct.pack(">4I", 0x803, 500_000, 28, 28)})
        tracemalloc.start()
        try:
            assert refusal(tmp_path).code == "data_truncated"
            assert tracemalloc.get_traced_memory()[1] < 1_000_000
        finally:
            tracemalloc.stop()

    @pytest.mark.parametrize("packed", [True, False])
    def test_digits_take_no_more_memory_than_they_need(self, tmp_path: Path, packed: bool) -> None:
        many, chance = 12_000, np.random.default_rng(1)  # noise, which no packing makes smaller
        pixels = chance.integers(0, 256, (many, PIXELS), dtype=np.uint8)
        large = {
            TRAIN_IMAGES: struct.pack(">4I", 0x803, many, 28, 28) + pixels.tobytes(),
            TRAIN_LABELS: labels_file([0, 1] * (many // 2)),
        }
        write(tmp_path, contents() | large, packed=packed)
        del large
        tracemalloc.start()
        try:
            digits = load_digits(tmp_path)
            assert tracemalloc.get_traced_memory()[1] < pixels.nbytes + 3_000_000
        finally:
            tracemalloc.stop()
        assert np.array_equal(digits.training.images, pixels[: len(digits.training)])

    def test_a_bomb_is_not_unpacked(self, tmp_path: Path) -> None:
        bomb = contents() | {TRAIN_IMAGES: images_file(12) + bytes(60_000_000)}
        write(tmp_path, bomb)
        del bomb
        tracemalloc.start()
        try:
            assert refusal(tmp_path).code == "data_too_long"
            assert tracemalloc.get_traced_memory()[1] < 2_000_000
        finally:
            tracemalloc.stop()


class TestGreyValues:
    @given(st.lists(st.integers(0, 255), min_size=1, max_size=64))
    def test_are_each_byte_over_255(self, values: list[int]) -> None:
        grey = grey_values(np.array(values, np.uint8))
        assert grey.dtype == np.float32
        assert grey.tolist() == [float(np.float32(value) / np.float32(255)) for value in values]

    def test_go_where_they_are_wanted(self) -> None:
        out = np.empty((2, 3), np.float32)
        assert grey_values(np.full((2, 3), 255, np.uint8), out) is out
        assert (out == 1).all()
