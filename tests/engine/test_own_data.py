"""Folders of pictures, tables, arrays and EMNIST become digits, or are refused in a sentence."""

import copy
import gzip
import io
import shutil
import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Progress, Withdrawn
from mnistviz.engine.data_sets.array_files import holds_data_set
from mnistviz.engine.data_sets.importing import (
    LEAST,
    are_all_light_on_dark,
    are_light_on_dark,
    examples,
    files_of,
    is_of_four_files,
    make_digits,
    open_data,
    survey,
)
from mnistviz.engine.data_sets.source import DataChoice
from mnistviz.engine.digits import SIDE, Digits, load_digits
from mnistviz.engine.experiment.experiment_file import load_network_or_experiment
from mnistviz.engine.framing import resized
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.storage import save_network
from mnistviz.gui.common.picture_file import PICTURE_FILES
from tests import refusals
from tests.data_sets import idx, write_data_set
from tests.made_pictures import as_bytes, noisy, on_paper, shadowed, smooth
from tests.picture_files import png

Bytes = NDArray[np.uint8]


def choice(path: Path, **chosen: object) -> DataChoice:
    return DataChoice(path, pictures=lambda: PICTURE_FILES, **chosen)  # type: ignore[arg-type]


def refusal(path: Path, **chosen: object) -> Problem:
    """The problem that a data set meets; its sentence must name its file."""
    return refusals.refusal(open_data, choice(path, **chosen))


def some(digits: Digits, count: int = 60) -> tuple[Bytes, Bytes]:
    """Pictures (n, 28, 28) and labels, as many of each class."""
    chosen = np.concatenate(
        [np.flatnonzero(digits.test.labels == label)[: count // 10] for label in range(10)]
    )
    return digits.test.images[chosen].reshape(-1, SIDE, SIDE), digits.test.labels[chosen]


def write_pictures(folder: Path, images: Sequence[Bytes], names: Sequence[object]) -> Path:
    """A PNG for each picture, in a subfolder for each class."""
    for number, (image, name) in enumerate(zip(images, names, strict=True)):
        below = folder / str(name)
        below.mkdir(parents=True, exist_ok=True)
        (below / f"{number:04}.png").write_bytes(png(image))
    return folder


def write_table(
    path: Path, images: NDArray[Any], labels: Sequence[object], *, last: bool = False, head: str = ""
) -> Path:
    lines = [head] if head else []
    for image, label in zip(images, labels, strict=True):
        values = list(map(str, image.reshape(-1)))
        lines.append(",".join([*values, str(label)] if last else [str(label), *values]))
    path.write_text("\n".join(lines) + "\n")
    return path


def write_arrays(path: Path, **arrays: NDArray[np.generic]) -> Path:
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    return path


def in_folders(folder: Path, digits: Digits, count: int = 60) -> Path:
    """Some digits as pictures, in a folder for each class."""
    images, labels = some(digits, count)
    return write_pictures(folder, list(images), labels.tolist())


@pytest.fixture
def folder(tmp_path: Path, mnist: Digits) -> Path:
    return in_folders(tmp_path / "mine", mnist)


@pytest.fixture
def table(tmp_path: Path, mnist: Digits) -> Path:
    images, labels = some(mnist)
    return write_table(tmp_path / "mine.csv", images, labels.tolist())


class TestFolders:
    def test_each_subfolder_is_a_class(self, folder: Path) -> None:
        digits = open_data(choice(folder))
        assert digits.name == "mine"
        assert digits.classes == tuple("0123456789")
        assert [len(part) for part in (digits.training, digits.validation, digits.test)] == [42, 8, 10]
        assert not digits.training.images.flags.writeable

    def test_controls_are_left_out_of_names(self, tmp_path: Path, mnist: Digits) -> None:
        images, _ = some(mnist, 40)
        names = ["\u202eevil", "two\nlines", "\u2066a\x07\x9b\u2069", "\u202e"]
        digits = open_data(choice(write_pictures(tmp_path / "my\u202b set", list(images), names * 10)))
        assert sorted(digits.classes) == ["?", "a", "evil", "two lines"]
        assert digits.name == "my set"

    def test_the_same_folder_gives_the_same_digits(self, tmp_path: Path, mnist: Digits) -> None:
        first, again = (open_data(choice(in_folders(tmp_path / name, mnist))) for name in ("one", "two"))
        assert first.checksum == again.checksum
        assert open_data(choice(tmp_path / "one", fit="scaled")).checksum != first.checksum

    def test_classes_are_mixed_before_they_are_parted(self, tmp_path: Path, mnist: Digits) -> None:
        digits = open_data(choice(in_folders(tmp_path / "mine", mnist, 300)))
        for part in (digits.training, digits.validation, digits.test):
            assert len(set(part.labels.tolist())) > 5

    def test_a_test_folder_is_the_test_part(self, tmp_path: Path, mnist: Digits) -> None:
        images, labels = some(mnist)
        names = ["zero" if label == 0 else "other" for label in labels]
        write_pictures(tmp_path / "Train", list(images), names)
        write_pictures(tmp_path / "test", list(images[:9]), names[:9])
        digits = open_data(choice(tmp_path))
        assert digits.classes == ("other", "zero")
        assert len(digits.test) == 9
        assert len(digits.training) + len(digits.validation) == 60

    def test_what_is_no_picture_is_passed_over(self, folder: Path) -> None:
        (folder / "0" / "Thumbs.db").write_bytes(b"x")
        (folder / "0" / ".hidden.png").write_bytes(b"x")
        (folder / ".git").mkdir()
        (folder / "read me.txt").write_text("x")
        assert len(open_data(choice(folder)).classes) == 10

    def test_a_damaged_picture_is_left_out_and_named_with_its_folder(self, folder: Path) -> None:
        files = sorted(folder.glob("*/*.png"))
        for file in files[20:26]:
            file.write_bytes(file.read_bytes()[:60])
        digits = open_data(choice(folder))
        assert sum(map(len, (digits.training, digits.validation, digits.test))) == 54
        assert digits.left_out[0] == str(files[20].relative_to(folder))
        assert len(digits.left_out) == 6
        files[30].write_bytes(b"")
        assert refusal(folder).values["file"] == digits.left_out[0], "more than a tenth is damaged"

    def test_what_can_be_no_data_set_hears_what_is_one(self, tmp_path: Path, mnist: Digits) -> None:
        assert refusal(tmp_path).code == "data_no_set"
        (tmp_path / "3.png").write_bytes(png(mnist.test.images[0].reshape(SIDE, SIDE)))
        for place in (tmp_path, tmp_path / "3.png"):
            assert refusal(place).code == "data_no_set"
            with pytest.raises(Problem, match="data_no_set"):
                is_of_four_files(place)
        for name in ("a", "b"):
            (tmp_path / "empty" / name).mkdir(parents=True)
        assert refusal(tmp_path / "empty").code == "data_no_pictures"

    def test_one_class_is_too_few_as_few_pictures_are_and_eleven_are_too_many(
        self, tmp_path: Path, mnist: Digits
    ) -> None:
        images, _ = some(mnist)
        one = write_pictures(tmp_path / "one", list(images[:20]), ["a"] * 20)
        assert refusal(one).code == "data_few_classes"
        names = [f"c{number % 11}" for number in range(55)]
        many = write_pictures(tmp_path / "many", list(images[:55]), names)
        assert refusal(many).values["count"] == 11
        chosen = open_data(choice(many, classes=("c10", "c2", "c3"), fit="scaled"))
        assert chosen.classes == ("c10", "c2", "c3")
        assert {*chosen.training.labels.tolist()} == {0, 1, 2}, "places among the chosen ones"
        assert refusal(many, classes=("c2",)).code == "data_few_classes"
        assert refusal(many, classes=("c2", "no")).code == "data_no_class"
        few = write_pictures(tmp_path / "few", list(images[: LEAST - 1]), list("ab" * LEAST)[: LEAST - 1])
        assert refusal(few).values["least"] == LEAST

    def test_the_work_can_be_ended_and_needs_a_reader(self, folder: Path) -> None:
        def no(share: float) -> None:
            if share > 0.6:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            open_data(choice(folder), no)
        with pytest.raises(Problem, match="data_no_reader"):
            open_data(folder)


class TestMakingDigits:
    def test_a_digit_of_mnist_stays_what_it_is(self, mnist: Digits) -> None:
        images, _ = some(mnist)
        assert np.array_equal(make_digits(images, "scaled", None), images.reshape(-1, 784))
        larger = np.kron(images, np.ones((1, 2, 2), np.uint8))
        assert np.array_equal(make_digits(larger, "scaled", None), images.reshape(-1, 784))
        beside = np.pad(images[:, :, 7:21], ((0, 0), (0, 0), (7, 7)))  # half as wide: in the middle
        narrow = np.kron(images[:, :, 7:21], np.ones((1, 2, 2), np.uint8))
        assert np.array_equal(make_digits(narrow, "scaled", None), beside.reshape(-1, 784))
        made = make_digits(images, "mnist", None).astype(int)
        same = (np.abs(made - images.reshape(-1, 784)) < 3).all(axis=1)
        assert same.mean() > 0.8  # a few are moved by a pixel, as their boxes are not 20 wide

    @pytest.mark.parametrize("dark", [False, True])
    @pytest.mark.parametrize("size", [8, 20, 64, pytest.param(200, marks=pytest.mark.long)])
    def test_any_size_and_polarity(self, mnist: Digits, reader: Network, size: int, dark: bool) -> None:
        images, labels = some(mnist, 200)
        grey = np.stack([resized(image.astype(np.float32) / 255, size / SIDE) for image in images])
        pictures = as_bytes(on_paper(grey) if dark else grey)
        least = {8: 0.5, 20: 0.85, 64: 0.9, 200: 0.85}[size]
        right = reader.predictions(make_digits(pictures, "mnist", None)) == labels
        assert right.mean() >= least

    def test_a_digit_anywhere_on_the_paper_is_found(self, mnist: Digits, reader: Network) -> None:
        images, labels = some(mnist, 200)
        paper = np.full((len(images), 90, 140), 255, dtype=np.uint8)
        paper[:, 5:33, 100:128] = 255 - images
        assert (reader.predictions(make_digits(paper, "mnist", None)) == labels).mean() > 0.9
        assert (reader.predictions(make_digits(paper, "scaled", None)) == labels).mean() < 0.5

    def test_the_grain_of_small_scans_is_no_ink(self, mnist: Digits, reader: Network) -> None:
        images, labels = some(mnist, 200)
        grey = np.pad(images.astype(np.float32) / 255, ((0, 0), (12, 30), (40, 8)))
        grainy = as_bytes(np.stack([noisy(on_paper(each), number) for number, each in enumerate(grey)]))
        assert (reader.predictions(make_digits(grainy, "mnist", None)) == labels).mean() > 0.8

    def test_small_pictures_are_enlarged_without_steps(self) -> None:
        picture = np.zeros((1, 8, 8), dtype=np.uint8)
        picture[0, 1:7, 2:5] = 255
        made = make_digits(picture, "mnist", None).reshape(SIDE, SIDE).astype(int)
        assert np.abs(np.diff(made, axis=1)).max() < 128, "an edge becomes several steps"

    def test_photographs_with_shadows_are_read(self, mnist: Digits, reader: Network) -> None:
        images, labels = some(mnist, 50)
        made = []
        for number, image in enumerate(images):
            large = np.pad(smooth(image.astype(np.float32) / 255, 8), 30)
            large[5:9, 5:9] = large[-8:-4, 20:24] = 1  # specks
            photo = as_bytes(noisy(shadowed(on_paper(large)), number, 0.03))
            made.append(make_digits(photo[np.newaxis], "mnist", None)[0])
        assert (reader.predictions(np.stack(made)) == labels).mean() >= 0.8

    def test_the_paper_decides_what_is_ink(self) -> None:
        light = np.zeros((1, 12, 12), dtype=np.uint8)
        light[0, 4:8, 5:7] = 200
        assert are_light_on_dark(np.concatenate([light, 255 - light])).tolist() == [True, False]

    @pytest.mark.parametrize("fit", ["mnist", "scaled"])
    @pytest.mark.parametrize("shape", [(1, 1, 1), (2, 1, 40), (1, 300, 2), (1, 28, 28), (1, 500, 400)])
    @pytest.mark.parametrize("grey", [0, 9, 255])
    def test_empty_paper_is_no_fault(self, fit: str, shape: tuple[int, int, int], grey: int) -> None:
        made = make_digits(np.full(shape, grey, dtype=np.uint8), fit, None)  # type: ignore[arg-type]
        assert made.shape == (shape[0], 784)
        if fit == "mnist":
            assert not made.any()

    @pytest.mark.parametrize(("contrast", "is_ink"), [(10, False), (11, True)])
    def test_ink_stands_out_from_its_paper_by_a_25th_of_white(self, contrast: int, is_ink: bool) -> None:
        """No grey of a byte is just as much, so nothing hangs on the limit itself."""
        paper = np.full((1, SIDE, SIDE), 40, np.uint8)
        paper[0, 10:18, 12:16] += contrast
        assert make_digits(paper, "mnist", None).any() == is_ink


class TestTables:
    @pytest.mark.parametrize("last", [False, True])
    @pytest.mark.parametrize("head", [False, True])
    def test_the_label_is_first_or_last(self, tmp_path: Path, mnist: Digits, last: bool, head: bool) -> None:
        images, labels = some(mnist)
        columns = [f"pixel{number}" for number in range(784)]
        heading = ",".join([*columns, "label"] if last else ["label", *columns]) if head else ""
        path = write_table(tmp_path / "mine.csv", images, labels.tolist(), last=last, head=heading)
        digits = open_data(choice(path, fit="scaled"))
        assert (digits.name, digits.classes) == ("mine", tuple("0123456789"))
        known = {image.tobytes(): label for image, label in zip(images, labels, strict=True)}
        for part in (digits.training, digits.validation, digits.test):
            assert [known[image.tobytes()] for image in part.images] == part.labels.tolist()

    def test_labels_may_be_words_and_commas_semicolons(self, tmp_path: Path, mnist: Digits) -> None:
        images, labels = some(mnist)
        names = [f'"number {label}"' for label in labels]
        path = write_table(tmp_path / "mine.csv", images[:, ::4, ::4], names, last=True)
        path.write_text(path.read_text().replace(",", ";"), encoding="utf-8-sig")
        assert open_data(path).classes[3] == "number 3"

    @pytest.mark.parametrize("last", [False, True])
    def test_grey_values_up_to_16_or_to_1_go_to_255(self, tmp_path: Path, mnist: Digits, last: bool) -> None:
        images, labels = some(mnist)
        for name, values in (("16", images // 16), ("1", (images / 255).round(3))):
            path = write_table(tmp_path / f"{name}.csv", values, labels.tolist(), last=last)
            digits = open_data(choice(path, fit="scaled"))
            assert digits.training.images.max() == 255
            assert np.unique(digits.training.images).size > 10

    def test_the_table_with_test_in_its_name_is_the_test_part(self, tmp_path: Path, mnist: Digits) -> None:
        images, labels = some(mnist)
        path = write_table(tmp_path / "some_train.csv", images, labels.tolist())
        other = write_table(tmp_path / "some_test.csv", images[::5], labels[::5].tolist())
        assert len(open_data(path).test) == 12
        other.write_text("\n".join(line.partition(",")[2] for line in other.read_text().splitlines()))
        assert len(open_data(path).test) == 10, "Kaggle's test table has no labels"

    @pytest.mark.parametrize(
        "damage",
        [
            lambda line, after: (line[:-9], after),
            *(
                lambda line, after, by=by: (line.replace("0,0", by, 1), after)
                for by in ("0,-1", "0,256", "0,nan", "0,")
            ),
            lambda line, after: ("," + line.partition(",")[2], after),
            lambda line, after: (line + ",0", after.rpartition(",")[0]),
        ],
    )  # fmt: skip
    def test_a_faulty_line_is_told(self, table: Path, damage: Callable[[str, str], tuple[str, str]]) -> None:
        lines = table.read_text().splitlines()
        lines[7:9] = damage(*lines[7:9])
        table.write_text("\n".join(lines))
        problem = refusal(table)
        assert (problem.code, problem.values["line"]) == ("data_table_line", 8)

    @pytest.mark.parametrize(
        ("content", "code"),
        [(b"hello\nworld", "data_table_width"), (b"", "data_table_empty"), (b"\0\xff", "data_no_table")],
    )
    def test_what_is_no_table_is_told(self, table: Path, content: bytes, code: str) -> None:
        table.write_text("".join(f"{line},0\n" for line in table.read_text().splitlines()))
        assert refusal(table).code == "data_table_width"
        table.write_bytes(content)
        assert refusal(table).code == code

    def test_a_fault_far_down_is_told_by_its_line(self, tmp_path: Path) -> None:
        lines = ["1,0,9,0,9", "2,9,0,9,0", ""] * 400
        lines[1100] = "1,0,9,x,9"
        path = tmp_path / "mine.csv"
        path.write_text("\n".join(lines))
        assert refusal(path).values == {"file": "mine.csv", "line": 1101}
        lines = ["1,0,9,0,9", "2,9,0,9,0"] * 400
        lines[700], lines[701] = f"{lines[700]},0", lines[701].rpartition(",")[0]
        path.write_text("\n".join(lines))
        assert refusal(path).values["line"] == 701, "a number too many, and one too few in the next line"

    @given(st.binary(max_size=300))
    def test_all_is_read_or_refused(self, tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
        path = tmp_path_factory.mktemp("table") / "any.csv"
        path.write_bytes(content)
        refusal(path)


class TestArrays:
    def test_mnist_as_keras_has_it_is_mnist(self, tmp_path: Path, mnist: Digits) -> None:
        """The same checksum: so a network of the one is known to be of the other."""
        few = 120
        images, labels = mnist.training.images, mnist.training.labels
        parts = {
            "x_train": images[:few].reshape(-1, SIDE, SIDE), "y_train": labels[:few],
            "x_test": images[few:150].reshape(-1, SIDE, SIDE), "y_test": labels[few:150],
        }  # fmt: skip
        folder = tmp_path / "idx"
        folder.mkdir()
        for part, name in (("train", "train"), ("test", "t10k")):
            (folder / f"{name}-images-idx3-ubyte").write_bytes(idx(parts[f"x_{part}"]))
            (folder / f"{name}-labels-idx1-ubyte").write_bytes(idx(parts[f"y_{part}"]))
        path = write_arrays(tmp_path / "mnist.npz", **parts)
        arrays, four = open_data(choice(path, fit="scaled")), load_digits(folder)
        assert arrays.checksum == four.checksum
        assert np.array_equal(arrays.validation.images, four.validation.images)

    @pytest.mark.parametrize("kind", ["uint8", "int64", "float32", "float64"])
    @pytest.mark.parametrize("form", ["flat", "grey", "one channel", "colours"])
    def test_kinds_and_shapes(self, tmp_path: Path, mnist: Digits, kind: str, form: str) -> None:
        images, labels = some(mnist)
        values = (images / 255 if kind.startswith("float") else images).astype(kind)
        shaped = {
            "flat": values.reshape(len(values), -1),
            "grey": values,
            "one channel": values[..., np.newaxis],
            "colours": np.repeat(values[..., np.newaxis], 3, axis=3),
        }[form]
        path = write_arrays(
            tmp_path / "mine.npz", x_train=shaped, y_train=labels.astype(np.int64)[:, np.newaxis]
        )
        digits = open_data(choice(path, fit="scaled"))
        known = {image.tobytes() for image in images}
        assert all(image.tobytes() in known for image in digits.training.images)
        assert holds_data_set(path)

    def test_what_is_pickled_is_refused_and_not_run(self, tmp_path: Path) -> None:
        class Bomb:
            def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
                return (Path.touch, (tmp_path / "run",))

        path = tmp_path / "mine.npz"
        objects = np.array([Bomb()], dtype=object)
        np.savez(path, x_train=objects, y_train=objects)
        assert refusal(path).code == "data_array_shape"
        assert not (tmp_path / "run").exists()

    @pytest.mark.parametrize(
        ("images", "labels", "code"),
        [
            (np.zeros((20, 28, 28), np.uint8), np.zeros(19, np.uint8), "data_counts_differ"),
            (np.zeros((20, 29), np.uint8), np.zeros(20, np.uint8), "data_array_shape"),
            (np.zeros((20, 600, 2), np.uint8), np.zeros(20, np.uint8), "data_array_shape"),
            (np.full((20, 28, 28), -1), np.zeros(20, np.uint8), "data_array_values"),
            (np.full((20, 28, 28), np.nan), np.zeros(20, int), "data_array_values"),
            (np.zeros((20, 28, 28), np.uint8), np.zeros(20), "data_array_shape"),
            (np.zeros((0, 28, 28), np.uint8), np.zeros(0, int), "data_array_shape"),
        ],
    )
    def test_faults_are_told(
        self, tmp_path: Path, images: NDArray[np.generic], labels: NDArray[np.generic], code: str
    ) -> None:
        assert refusal(write_arrays(tmp_path / "mine.npz", x_train=images, y_train=labels)).code == code
        for name in ("x", "x_train"):
            assert refusal(write_arrays(tmp_path / "mine.npz", **{name: images})).code == "data_no_arrays"

    def test_a_bomb_is_refused_before_it_goes_off(self, tmp_path: Path) -> None:
        header = io.BytesIO()
        np.lib.format.write_array_header_1_0(
            header, {"descr": "|u1", "fortran_order": False, "shape": (500_001, 16, 16)}
        )
        path = tmp_path / "mine.npz"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            with archive.open("x_train.npy", "w") as member:
                member.write(header.getvalue())
                member.write(bytes(500_001 * 256))
            archive.writestr("y_train.npy", b"")
        tracemalloc.start()
        assert refusal(path).code == "data_too_large"
        assert tracemalloc.get_traced_memory()[1] < 20e6, "nothing was unpacked"
        tracemalloc.stop()

    def test_members_that_share_their_content_are_refused(self, tmp_path: Path) -> None:
        noise = np.random.default_rng(1).integers(0, 256, (20, 28, 28), np.uint8)
        path = write_arrays(tmp_path / "mine.npz", x_train=noise, y_train=np.arange(20) % 2)
        assert holds_data_set(path)
        with zipfile.ZipFile(path, "a") as archive:
            twice = copy.copy(archive.getinfo("x_train.npy"))
            twice.filename = "x_test.npy"
            archive.filelist.append(twice)
            archive.writestr("more", b"")  # or the directory is not written again
        assert not holds_data_set(path)
        assert refusal(path).code == "data_no_arrays"

    @pytest.mark.parametrize("more", [-784, 1, 784])
    def test_an_array_is_as_long_as_it_says(self, tmp_path: Path, more: int) -> None:
        header = io.BytesIO()
        shape = (20, SIDE, SIDE)
        np.lib.format.write_array_header_1_0(header, {"descr": "|u1", "fortran_order": False, "shape": shape})
        labels = io.BytesIO()
        np.lib.format.write_array(labels, np.arange(20) % 2)
        with zipfile.ZipFile(tmp_path / "mine.npz", "w") as archive:
            archive.writestr("x_train.npy", header.getvalue() + bytes(20 * SIDE * SIDE + more))
            archive.writestr("y_train.npy", labels.getvalue())
        assert refusal(tmp_path / "mine.npz").code == "data_array_shape"

    def test_damage_is_a_refusal_or_the_right_digits(self, tmp_path: Path, mnist: Digits) -> None:
        images, labels = some(mnist)
        path = write_arrays(tmp_path / "mine.npz", x_train=images[:, ::4, ::4], y_train=labels)
        content = path.read_bytes()
        right = open_data(path).checksum
        chance = np.random.default_rng(5)
        for place in chance.integers(0, len(content), 150):
            for damaged in (
                content[:place],
                content[:place] + bytes([content[place] ^ 1 << int(place % 8)]) + content[place + 1 :],
            ):
                path.write_bytes(damaged)
                try:
                    found = open_data(path).checksum
                except Problem:
                    continue
                assert found == right

    def test_a_network_is_no_data_set(self, tmp_path: Path) -> None:
        path = write_arrays(tmp_path / "network.npz", weights_1=np.zeros((3, 2), np.float32))
        assert not holds_data_set(path)
        assert not holds_data_set(tmp_path / "no.npz")
        path.write_bytes(b"PK")
        assert not holds_data_set(path)


class TestEmnist:
    @pytest.fixture
    def folder(self, tmp_path: Path, mnist: Digits) -> Path:
        """Digits that lie on their sides, as letters a, b, c … of EMNIST, and a second set beside them."""
        images, labels = some(mnist)
        for start in ("emnist-letters-", "emnist-digits-"):
            for part in ("train", "test"):
                (tmp_path / f"{start}{part}-images-idx3-ubyte").write_bytes(idx(images.transpose(0, 2, 1)))
                (tmp_path / f"{start}{part}-labels-idx1-ubyte").write_bytes(idx(labels + 1))
        lines = "\n".join(f"{number} {64 + number} {96 + number} 1024" for number in range(1, 27))
        (tmp_path / "emnist-letters-mapping.txt").write_text(lines)
        return tmp_path

    def test_it_is_turned_and_its_letters_have_names(self, folder: Path, mnist: Digits) -> None:
        path = folder / "emnist-letters-train-images-idx3-ubyte"
        assert not is_of_four_files(path)
        digits = open_data(choice(path, fit="scaled"))
        assert digits.name == "emnist-letters"
        assert digits.classes[:3] == ("Aa", "Bb", "Cc")
        images, _ = some(mnist)
        assert np.array_equal(digits.test.images.reshape(-1, SIDE, SIDE), images)
        lying = open_data(choice(path, fit="scaled", transposed=False))
        assert np.array_equal(lying.test.images.reshape(-1, SIDE, SIDE), images.transpose(0, 2, 1))

    def test_of_several_sets_one_is_to_be_chosen(self, folder: Path) -> None:
        assert refusal(folder).values["names"] == ("emnist-digits", "emnist-letters")

    def test_the_four_files_of_mnist_can_be_turned_too(self, tmp_path: Path) -> None:
        folder = write_data_set(tmp_path / "letters", classes=3, training=60, test=20)
        assert is_of_four_files(folder)
        plain = open_data(folder)
        assert plain.checksum == load_digits(folder).checksum
        turned = open_data(choice(folder, fit="scaled", transposed=True))
        square = plain.training.images.reshape(-1, SIDE, SIDE).transpose(0, 2, 1)
        assert np.array_equal(turned.training.images.reshape(-1, SIDE, SIDE), square)


class TestExamples:
    def test_they_are_of_each_class_in_turn(self, table: Path) -> None:
        source = survey(choice(table), list[float]().append)
        pictures, names = examples(source, 20)
        assert names == [str(label) for label in range(10) for _ in range(2)]
        assert len(pictures) == 20
        assert are_all_light_on_dark(source, list[float]().append) is True

    def test_where_pictures_differ_each_decides(self, tmp_path: Path, mnist: Digits) -> None:
        images, labels = some(mnist)
        mixed = np.where((np.arange(len(images)) % 2 == 0)[:, np.newaxis, np.newaxis], images, 255 - images)
        path = write_table(tmp_path / "mine.csv", mixed, labels.tolist())
        assert are_all_light_on_dark(survey(choice(path), list[float]().append), list[float]().append) is None
        digits = open_data(choice(path, fit="scaled"))
        known = {image.tobytes() for image in images}
        assert all(image.tobytes() in known for image in digits.training.images)


def test_every_file_that_may_be_read_is_known(tmp_path: Path, mnist: Digits, folder: Path) -> None:
    assert folder / "3" / "0020.png" in files_of(folder)
    images, labels = some(mnist)
    table = write_table(tmp_path / "a_train.csv", images, labels.tolist())
    other = write_table(tmp_path / "a_test.csv", images, labels.tolist())
    assert {table, other} <= set(files_of(DataChoice(table)))


def test_what_lies_beside_a_set_is_not_read_with_it(tmp_path: Path, table: Path, letters: Path) -> None:
    (tmp_path / "network.npz").touch()
    assert tmp_path / "network.npz" not in files_of(table)
    folder = shutil.copytree(letters, tmp_path / "data")
    (folder / "runs").mkdir()
    kept = [folder / "curves.csv", folder / "runs" / "network.npz"]
    for file in kept:
        file.touch()
    assert not set(kept) & set(files_of(folder))
    assert {folder / "classes.txt", folder / "train-images-idx3-ubyte.gz"} <= set(files_of(folder))


def times_heard(work: Callable[[Progress], object]) -> int:
    """How often the reading of a faulty set calls its progress, which is where Cancel ends it."""
    shares: list[float] = []
    with pytest.raises(Problem):
        work(shares.append)
    assert shares
    assert all(0 <= share <= 1 for share in shares)
    return len(shares)


class TestCancel:
    """However much a file holds of what is no picture, Cancel is heard while it is read."""

    def test_in_a_table_of_empty_lines(self, tmp_path: Path) -> None:
        table = tmp_path / "train.csv"
        table.write_bytes(b"\n" * 100_000)
        assert times_heard(partial(survey, choice(table))) >= 100

    def test_in_the_table_beside_it(self, tmp_path: Path) -> None:
        table = write_table(tmp_path / "train.csv", np.zeros((2, 4), dtype=int), "ab")
        (tmp_path / "test.csv").write_bytes(b"\n" * 100_000)
        shares: list[float] = []
        survey(choice(table), shares.append)
        assert len(shares) >= 100

    def test_in_a_table_of_long_lines(self, tmp_path: Path) -> None:
        table = tmp_path / "train.csv"
        table.write_text(f"{'0,' * 100_000}\n" * 100)
        assert times_heard(partial(survey, choice(table))) >= 10

    def test_large_pictures_are_all_read(self, tmp_path: Path) -> None:
        table = tmp_path / "large.csv"
        table.write_text("".join(f"{'ab'[number % 2]}{f',{number}' * 256**2}\n" for number in range(50)))
        source = survey(choice(table), list[float]().append)
        stack = np.concatenate(list(source.training.stacks(np.arange(50))))
        assert stack[:, 0, 0].tolist() == list(range(50))

    def test_in_a_folder_of_other_files(self, tmp_path: Path) -> None:
        folder = tmp_path / "class"
        folder.mkdir()
        for number in range(2_000):
            (folder / str(number)).touch()
        for look in (partial(survey, choice(tmp_path)), partial(is_of_four_files, folder)):
            assert times_heard(look) >= 5

    @pytest.mark.parametrize("emnist", [False, True])
    def test_in_packed_files_that_hold_nothing(self, tmp_path: Path, emnist: bool) -> None:
        start = "emnist-digits-" if emnist else ""
        (tmp_path / f"{start}train-images-idx3-ubyte.gz").write_bytes(gzip.compress(b"") * 2_000)
        work = partial(survey, choice(tmp_path)) if emnist else partial(load_digits, tmp_path)
        assert times_heard(work) >= 100

    def test_in_plain_files(self, letters: Path) -> None:
        shares: list[float] = []
        load_digits(letters, shares.append)
        assert len(shares) >= 4

    def test_in_saved_networks_and_experiments(self, tmp_path: Path) -> None:
        save_network(Network([784, 3], seed=1), tmp_path / "network.npz", {})
        with pytest.raises(Withdrawn):
            load_network_or_experiment(tmp_path / "network.npz", lambda: True)


def test_a_place_that_is_not_there_is_told(tmp_path: Path) -> None:
    for name in ("no.csv", "no.npz"):
        assert refusal(tmp_path / name).code == "data_no_file"
    assert refusal(tmp_path / "no").code == "data_no_folder"
