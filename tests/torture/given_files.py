"""What the monkey finds to open: networks, data sets, experiments and pictures, good ones and damaged ones."""

import gzip
import random
import shutil
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPen

from mnistviz.engine.network import Network
from mnistviz.engine.storage import save_network
from tests.data_sets import idx, write_data_set
from tests.picture_files import png

OWN: Final = "own"  # what the names of data sets begin with that are not in the four files of MNIST
_SAMPLE: Final = Path(__file__).resolve().parents[1] / "samples" / "experiment-1.mnistviz"
_SIZES: Final = (
    (784, 10), (784, 30, 10), (784, 1, 3), (784, 2000, 2), (784, *[20] * 8, 10), (784, 5), (100, 4, 10),
)  # fmt: skip


def write_files(folder: Path, seed: int) -> None:
    folder.mkdir()
    (folder / "exports").mkdir()
    chance = random.Random(seed)
    for number, sizes in enumerate(_SIZES):
        about = {"mini_batches": 50_000, "epochs": 10.0} if number % 2 else {}
        save_network(Network(sizes, seed=number), folder / f"good{number}.npz", about)
    whole = (folder / "good1.npz").read_bytes()
    flipped = bytearray(whole)
    flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    for number, content in enumerate(
        (b"", b"PK nonsense", whole[: len(whole) // 2], bytes(flipped), chance.randbytes(5000))
    ):
        (folder / f"bad{number}.npz").write_bytes(content)
    for classes in (2, 3, 7, 10):
        write_data_set(folder / f"data{classes}", classes, training=60 * classes, test=10 * classes)
    damaged = folder / "data_damaged"
    shutil.copytree(folder / "data3", damaged)
    (damaged / "train-labels-idx1-ubyte").write_bytes(b"\0\0\10\1")
    _write_own_data(folder)
    experiment = _SAMPLE.read_bytes()
    (folder / "experiment_other.mnistviz").write_bytes(experiment)  # on other digits than any that are here
    (folder / "experiment_cut.mnistviz").write_bytes(experiment[: chance.randrange(len(experiment))])
    _write_pictures(folder / "pictures", chance)


def _write_own_data(folder: Path) -> None:
    """Data sets in each form but MNIST's: folders of pictures, tables, arrays and EMNIST's files, and damaged ones."""
    images = np.random.default_rng(1).integers(0, 256, (120, 28, 28), dtype=np.uint8)
    labels = np.arange(120) % 12
    for name, classes in (("pictures", 3), ("classes", 12)):
        for number, image in enumerate(images):
            below = folder / f"{OWN}_{name}" / f"class {number % classes}"
            below.mkdir(parents=True, exist_ok=True)
            (below / f"{number}.png").write_bytes(png(image[: 20 + number % 9]))
    (folder / f"{OWN}_pictures" / "class 0" / "0.png").write_bytes(b"no picture")
    rows = [",".join(map(str, [label, *image.ravel()])) for image, label in zip(images, labels, strict=True)]
    (folder / f"{OWN}_table.csv").write_text("\n".join(rows))
    (folder / f"{OWN}_short.csv").write_text("\n".join([*rows[:50], rows[50][:1000]]))
    np.savez(
        folder / f"{OWN}_arrays.npz", x_train=images, y_train=labels, x_test=images[:30], y_test=labels[:30]
    )
    np.savez(folder / f"{OWN}_counts.npz", x_train=images, y_train=labels[:7])
    emnist = folder / f"{OWN}_emnist"
    emnist.mkdir()
    for part in ("train", "test"):
        start = emnist / f"emnist-few-{part}"
        Path(f"{start}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(images)))
        Path(f"{start}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels.astype(np.uint8))))


def _write_pictures(folder: Path, chance: random.Random) -> None:
    folder.mkdir()
    for kind in ("png", "jpg", "tiff", "bmp", "webp", "gif"):
        image = QImage(240, 80, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setPen(QPen(Qt.GlobalColor.black, 5))
        for number in range(5):
            painter.drawLine(20 + 40 * number, 15, 30 + 40 * number, 65)
            painter.drawEllipse(16 + 40 * number, 40, 20, 22)
        painter.end()
        image.save(str(folder / f"row.{kind}"))
    QImage(30, 30, QImage.Format.Format_Mono).save(str(folder / "nothing.png"))
    whole = (folder / "row.png").read_bytes()
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])
    (folder / "nonsense.jpg").write_bytes(chance.randbytes(500))
    (folder / "empty.tiff").write_bytes(b"")
