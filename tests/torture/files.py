"""Network files: killed while saving, a full disk, damage of every kind, and bombs.

The promise: a file that was saved is there, whole, whatever happened since; and a file that is damaged or made
to harm gives the network that was saved or a sentence, in little memory.
"""

import contextlib
import io
import os
import random
import resource
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from mnistviz.engine.files import LEFTOVER_AGE
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.storage import load_network, save_network
from mnistviz.sentences import sentence
from tests.torture import Result

SMALL: Final = (2, 2)
WIDE: Final = (36, 32, 2)
USUAL: Final = (784, 30, 10)
MOST_MEMORY: Final = 1_000_000  # bytes that the refusal of a bomb may take at its worst moment

FEW: Final = 7  # prime to the eight bits of a byte, so that each of them has its turn

_PACKINGS: Final = {
    zipfile.ZIP_STORED: "stored",
    zipfile.ZIP_DEFLATED: "deflated",
    zipfile.ZIP_BZIP2: "bzip2",
    zipfile.ZIP_LZMA: "LZMA",
}
_ROOT: Final = Path(__file__).resolve().parents[2]
_LONGEST_WAIT: Final = 0.05  # seconds before a kill: time for several networks
_SAVES: Final = """
import itertools, sys
from pathlib import Path
from mnistviz.engine.network import Network
from mnistviz.engine.storage import save_network
from tests.torture.files import USUAL
for seed in itertools.count(int(sys.argv[2])):
    save_network(Network(USUAL, seed), Path(sys.argv[1]), {})
    print(seed, flush=True)
"""


def run(thorough: bool, seed: int, *, all_bits: bool = False) -> list[Result]:
    """In short one bit or cut in `FEW` is tried, beginning with another for each seed, or all of them."""
    few = slice(None) if thorough or all_bits else slice(seed % FEW, None, FEW)
    with TemporaryDirectory(prefix="torture-") as name:
        folder = Path(name)
        return [
            killed_while_saving(folder / "killed", 200 if thorough else 4, seed),
            size_limited(folder / "limited", 500 if thorough else 25),
            *([disk_full(folder / "disk", 100, seed)] if thorough else []),
            bits(folder / "bits", zipfile.ZIP_STORED, few),
            *([bits(folder / "packed bits", zipfile.ZIP_DEFLATED, few)] if thorough else []),
            bits_of_structure(folder / "structure", few),
            bits_of_headers(folder / "headers", few),
            random_flips(folder / "flips", 1_000 if thorough else 100, seed),
            cuts(folder / "cuts", few),
            bombs(folder / "bombs", 500_000_000 if thorough else 4_000_000),
        ]


def killed_while_saving(folder: Path, count: int, seed: int) -> Result:
    """Kills `count` programs that save networks over and over to one file, each at a random moment."""
    folder.mkdir()
    path = folder / "network.npz"
    chance = random.Random(seed)
    faults: list[str] = []
    saved = newest = 0
    for number in range(count):
        command = [sys.executable, "-c", _SAVES, str(path), str(newest + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as program:
            said = program.stdout.readline()
            time.sleep(chance.uniform(0, _LONGEST_WAIT))
            program.kill()
            said += program.stdout.read()
        lines = said.rpartition("\n")[0].split()  # whole ones
        if not lines:
            faults.append(f"kill {number}: nothing was saved at all")
            continue
        last = int(lines[-1])
        try:
            network, _ = load_network(path)
            assert network.seed in (last, last + 1), f"{last} was saved, and {network.seed} is there"
            assert (network.parameters == Network(USUAL, network.seed).parameters).all(), "mixed up"
            saved += network.seed - newest
            newest = network.seed
        except (Problem, AssertionError) as error:
            faults.append(f"kill {number}: {error}")
            newest = last + 1
    left = [other for other in folder.iterdir() if other != path]
    for other in left:
        os.utime(other, (0, time.time() - LEFTOVER_AGE - 60))
    save_network(Network(USUAL), path, {})
    if os.listdir(folder) != [path.name]:
        faults.append(f"not swept: {sorted(os.listdir(folder))}")
    return Result(
        f"killed while saving, {count} times",
        f"{saved} saved, none lost, {len(left)} left-overs swept",
        tuple(faults),
    )


def size_limited(folder: Path, count: int) -> Result:
    folder.mkdir()
    disk = _Disk(folder)
    for number in range(count):
        with _no_file_larger_than(number * disk.size // count):
            disk.save_in_vain()
    disk.save()
    return Result(f"no room for the file, {count} limits", f"{disk.refused} sentences", tuple(disk.faults))


def disk_full(folder: Path, count: int, seed: int) -> Result:
    """Saves to a small disk of its own that is full but for a random part of what is needed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "torture", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        return Result("a full disk", "no disk can be mounted here")
    try:
        disk = _Disk(folder)
        chance = random.Random(seed)
        filler = folder / "filler"
        for _ in range(count):
            free = os.statvfs(folder)
            filler.write_bytes(
                bytes(free.f_bavail * free.f_frsize - chance.randrange(disk.size - 2 * free.f_frsize))
            )
            disk.save_in_vain()
            filler.unlink()
        disk.save()
    finally:
        subprocess.run(["umount", str(folder)], check=True)
    return Result(f"a full disk, {count} times", f"{disk.refused} sentences", tuple(disk.faults))


def bits(folder: Path, packing: int, which: slice) -> Result:
    damage = damage_of(folder, SMALL)
    whole = packed(damage.path, packing)
    for bit in range(8 * len(whole))[which]:
        damage.load(flipped(whole, bit), f"bit {bit}")
    return damage.result(f"bits of a small file, {_PACKINGS[packing]}")


def bits_of_structure(folder: Path, which: slice) -> Result:
    """The same with all but the numbers of a file whose arrays are read in several pieces."""
    damage = damage_of(folder, WIDE)
    whole, (network, _) = damage.content, load_network(damage.path)
    numbers: set[int] = set()
    for array in (*network.weights, *network.biases):
        start = whole.index(array.tobytes())
        numbers.update(range(start, start + array.nbytes))
    structure = [bit for bit in range(8 * len(whole)) if bit // 8 not in numbers]
    for bit in structure[which]:
        damage.load(flipped(whole, bit), f"bit {bit}")
    return damage.result("bits of a file's structure")


def bits_of_headers(folder: Path, which: slice) -> Result:
    """The same with the headers within a small file, whose checksums are made to fit again."""
    damage = damage_of(folder, SMALL)
    with zipfile.ZipFile(damage.path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}

    def same_weights(found: tuple[bytes, object]) -> bool:
        return bool(found[:1] == damage.whole[:1])  # type: ignore[index]

    for name, content in members.items():
        header = content.index(b"\n") if name.endswith(".npy") else len(content)
        for bit in range(8 * header)[which]:
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w") as archive:
                for other, whole in members.items():
                    archive.writestr(other, flipped(whole, bit) if other == name else whole)
            # the header in JSON may well say something else now, but it says nothing of the weights
            alike = same_weights if name == "header.json" else None
            damage.load(file.getvalue(), f"{name}, bit {bit}", alike)
    return damage.result("bits of the headers, checksums right")


def random_flips(folder: Path, count: int, seed: int) -> Result:
    damage, chance = damage_of(folder, USUAL), random.Random(seed)
    for number in range(count):
        content = damage.content
        for _ in range(chance.randint(1, 8)):
            content = flipped(content, chance.randrange(8 * len(content)))
        damage.load(content, f"flip {number}")
    return damage.result(f"bits of a usual file, {count} times")


def cuts(folder: Path, which: slice) -> Result:
    """Cuts a small file off after a byte, and cuts its first part off."""
    damage = damage_of(folder, SMALL)
    whole = damage.content
    for length in range(len(whole))[which]:
        damage.load(whole[:length], f"cut after {length}")
        damage.load(whole[length + 1 :], f"cut before {length + 1}")
    if damage.same:
        damage.faults.append("a part was taken for the whole")
    return damage.result("a small file cut off")


def bombs(folder: Path, size: int) -> Result:
    """Small files that unpack to `size` bytes, by each way of packing, honest and forged, in each member."""
    damage, largest = damage_of(folder, SMALL), 0
    for packing, method in list(_PACKINGS.items())[1:]:
        for member in ("header.json", "weights_1.npy"):
            honest = packed(damage.path, packing, member, size)
            with zipfile.ZipFile(damage.path) as archive:
                announced = archive.getinfo(member).file_size
            forged = honest.replace(size.to_bytes(4, "little"), announced.to_bytes(4, "little"))
            assert forged != honest
            for content, kind in ((honest, "honest"), (forged, "forged")):
                largest = max(largest, len(content))
                damage.bomb(content, f"{kind}, {method}, {member}", MOST_MEMORY)
    return damage.result(f"bombs of {size // 1_000_000} MB in at most {largest // 1000} kB")


class _Disk:
    """A folder with one saved network, and what becomes of it as others fail to be saved over it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "network.npz"
        self.refused = 0
        self.faults: list[str] = []
        self._there = Network(USUAL)
        self.save()
        self.size = self.path.stat().st_size

    def save(self) -> None:
        try:
            save_network(self._there, self.path, {})
        except Problem as problem:
            self.faults.append(f"not saved where there is room: {_said(problem)}")

    def save_in_vain(self) -> None:
        before = set(os.listdir(self.path.parent))
        try:
            save_network(Network(USUAL, seed=1), self.path, {})
            self.faults.append("nothing was said")
        except Problem as problem:
            self.refused += problem.code == "file_not_written"
        if set(os.listdir(self.path.parent)) != before:
            self.faults.append(f"left: {sorted(os.listdir(self.path.parent))}")
        if not (load_network(self.path)[0].parameters == self._there.parameters).all():
            self.faults.append("the network that was there is lost")


class Damage:
    """A saved file, and what loading says of each damaged copy. `read` gives what matters of a file of this kind."""

    def __init__(self, path: Path, read: Callable[[Path], object], kind: str) -> None:
        self.path, self.content, self.whole = path, path.read_bytes(), read(path)
        self._copy, self._read, self._kind = path.with_name("damaged"), read, kind
        self.same = self.refused = self.most = 0
        self.faults: list[str] = []

    def load(self, content: bytes, what: str, alike: Callable[[Any], bool] | None = None) -> None:
        self._copy.write_bytes(content)
        try:
            found = self._read(self._copy)
        except Problem as problem:
            _said(problem)
            self.refused += 1
        except Exception as error:
            self.faults.append(f"{what}: {type(error).__name__}: {error}")
        else:
            if found == self.whole or (alike is not None and alike(found)):
                self.same += 1
            else:
                self.faults.append(f"{what}: another {self._kind}")

    def bomb(self, content: bytes, what: str, most: int) -> None:
        """Loads what may take so many bytes of memory at its worst moment."""
        tracemalloc.start()
        self.load(content, what)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        self.most = max(self.most, peak)
        if peak > most:
            self.faults.append(f"{what}: {peak:,} bytes of memory")

    def result(self, what: str) -> Result:
        figures = f"{self.refused} sentences, {self.same} times the {self._kind}"
        figures += f", {self.most / 1e6:.1f} MB of memory at most" if self.most else ""
        result = Result(what, figures, tuple(self.faults))
        self.same, self.refused, self.most, self.faults = 0, 0, 0, []
        return result


def damage_of(folder: Path, sizes: tuple[int, ...]) -> Damage:
    """A saved network of these sizes in a new folder."""
    folder.mkdir()
    path = folder / "network.npz"
    save_network(Network(sizes, seed=3), path, {"step": 12})

    def read(path: Path) -> object:
        network, header = load_network(path)
        return network.parameters.tobytes(), header["about"]

    return Damage(path, read, "network")


def _said(problem: Problem) -> str:
    return sentence(problem.code, problem.values)


def flipped(content: bytes, bit: int) -> bytes:
    byte = bit // 8
    return content[:byte] + bytes([content[byte] ^ 1 << bit % 8]) + content[byte + 1 :]


def packed(path: Path, packing: int, blown_up: str = "", size: int = 0, *, others_too: bool = True) -> bytes:
    """The zip at `path` packed anew, with one member as so many bytes that pack well."""
    file = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(file, "w", packing) as made:
        for info in archive.infolist():
            if info.filename != blown_up:
                made.writestr(info.filename if others_too else info, archive.read(info))
        if blown_up:
            with made.open(blown_up, "w") as member:
                for _ in range(0, size, 1_000_000):
                    member.write(b" " * min(size, 1_000_000))
    return file.getvalue()


@contextlib.contextmanager
def _no_file_larger_than(size: int) -> Iterator[None]:
    usual, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (usual, most))
