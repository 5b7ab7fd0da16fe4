"""A saved network comes back as it was; what stood there before is safe; a bad file is refused unread."""

import base64
import json
import os
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import about_run, load_network, save_network
from tests import refusals
from tests.examples import examples
from tests.refusals import said
from tests.zips import members_of, npy, rewritten

SIZES = (6, 4, 3)
FIRST_RELEASE = (  # a network that 0.1.0 has saved, packed for this page
    "c-jl_W@Zs#fB;2?CHsmM4**#p%nigDsfj76MS5Aq`FYh`3QB4DMY)M3N>&PnIzV1(UV3I;Dv+mSpl7IOpac>t&a6r;1`0)UDJU4}"
    "fCw&ySdc_wa!F=cVo7Fx9!NuRW_oUZW(rtKerZWTX$iV$a(*#btgtjOr3k1m8De}%Vi8z459E>@h*)ZB3Q))xY)eu;*eIZ5L5fog"
    "KyC#(p_Z#Q0L7ycY7waufGiN^1>*A5%=C<s;&?;7yn@Qfexberk&Fyw4Atr>sl~}f>Q)NsHfbj6ItuE*ASfwH%!|)20tO6F+$}Mu"
    "I29;foRL_N3gl}T=_nX!>L}DIkPW!@hfT77vS6+K<VD^4VlV8sM|JwVdEZ}m09hc+1H?(0iN&eZaXDq~2D<$6wDtB2FH7$a@MdHZ"
    "VaA=VV4#7K0X3DOYebJHgvOWXv4*Y{J)96)moTD+T7Wkz8%Ty32-gAWFeVTW0Bt|A9R"
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "network.npz"
    save_network(Network(SIZES, seed=5), path, {"step": 12})
    return path


def refusal(path: Path) -> str:
    """The code of the problem that loading `path` meets; its sentence must name the file."""
    problem = refusals.refusal(load_network, path)
    assert path.name in said(problem)
    return problem.code


def header_with(path: Path, **changes: object) -> dict[str, bytes | None]:
    return {"header.json": json.dumps(json.loads(members_of(path)["header.json"]) | changes).encode()}


class TestRoundTrip:
    @settings(max_examples=examples(15), deadline=None)
    @given(
        sizes=st.lists(st.integers(1, 12), min_size=2, max_size=6),
        seed=st.integers(0, 2**31 - 1),
        about=st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=8), max_size=4),
    )
    def test_a_network_comes_back_as_it_was(
        self, tmp_path_factory: pytest.TempPathFactory, sizes: list[int], seed: int, about: dict[str, object]
    ) -> None:
        path = tmp_path_factory.mktemp("saved") / "network.npz"
        network = Network(sizes, seed)
        save_network(network, path, about)
        loaded, header = load_network(path)
        assert loaded.sizes == network.sizes
        for before, after in zip(
            network.weights + network.biases, loaded.weights + loaded.biases, strict=True
        ):
            assert after.dtype == np.float32
            assert before.tobytes() == after.tobytes()
        assert header["about"] == about

    def test_the_same_network_gives_the_same_file(self, saved: Path, tmp_path: Path) -> None:
        save_network(Network(SIZES, seed=5), tmp_path / "again.npz", {"step": 12})
        assert (tmp_path / "again.npz").read_bytes() == saved.read_bytes()

    def test_numpy_reads_it_too(self, saved: Path) -> None:
        with np.load(saved) as arrays:
            assert arrays["weights_1"].shape == (4, 6)
            assert arrays["biases_2"].shape == (3,)
            assert json.loads(arrays["header.json"])["sizes"] == list(SIZES)

    def test_a_compressed_file_is_read_as_well(self, saved: Path) -> None:
        rewritten(saved, {}, zipfile.ZIP_DEFLATED)
        assert load_network(saved)[0].sizes == SIZES

    def test_so_is_one_whose_packer_made_room_for_more_than_4_gigabytes(self, saved: Path) -> None:
        members = members_of(saved)
        with zipfile.ZipFile(saved, "w") as archive:
            for name, content in members.items():
                with archive.open(name, "w", force_zip64=True) as member:  # as numpy.savez does
                    member.write(content)
        assert load_network(saved)[0].sizes == SIZES

    def test_arrays_that_numpy_has_written_anew_are_read(self, saved: Path) -> None:
        weights = np.arange(24, dtype=np.float32).reshape(4, 6)
        rewritten(saved, {"weights_1.npy": npy(weights), "biases_2.npy": npy(weights[0, :3])})
        network, _ = load_network(saved)
        assert (network.weights[0] == weights).all()
        assert network.biases[1].tolist() == [0, 1, 2]

    def test_a_file_of_the_first_release_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "old.npz").write_bytes(zlib.decompress(base64.b85decode(FIRST_RELEASE)))
        network, header = load_network(tmp_path / "old.npz")
        assert (network.sizes, network.seed, header["about"]) == ((2, 2), 3, {"step": 12})
        assert (network.parameters == Network((2, 2), seed=3).parameters).all()

    def test_float64_becomes_float32(self, tmp_path: Path) -> None:
        save_network(Network(SIZES, dtype=np.float64), tmp_path / "wide.npz", {})
        assert load_network(tmp_path / "wide.npz")[0].weights[0].dtype == np.float32

    def test_keeps_where_the_network_comes_from(self, tmp_path: Path) -> None:
        part = DigitSet(np.zeros((1, 784), np.uint8), np.zeros(1, np.uint8))
        digits = Digits("letters", part, part, part, ("a", "b"), "c0ffee")
        about = about_run(Settings(), digits, 50, step=7, consumed=70, right={"test": (9, 10)})
        save_network(Network(SIZES), tmp_path / "network.npz", about)
        kept = load_network(tmp_path / "network.npz")[1]["about"]
        assert kept["settings"]["eta"] == 3.0
        assert kept["data"] == {"name": "letters", "checksum": "c0ffee", "classes": ["a", "b"]}
        assert (kept["step"], kept["digits"], kept["right"]) == (7, 70, {"test": [9, 10]})


class TestWriting:
    def test_running_out_of_memory_halfway_leaves_the_old_file_and_no_other(
        self, saved: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*args: object, **options: object) -> None:
            raise MemoryError

        before = saved.read_bytes()
        monkeypatch.setattr(np.lib.format, "write_array", fail)
        with pytest.raises(MemoryError):
            save_network(Network((2, 2)), saved, {})
        assert saved.read_bytes() == before
        assert os.listdir(saved.parent) == [saved.name]

    def test_half_a_character_in_what_is_said_of_it_costs_nothing(self, saved: Path) -> None:
        name = os.fsdecode(b"\xe9t\xe9 \xff")
        save_network(Network(SIZES), saved, {"data": name, "η": "Ä"})
        assert load_network(saved)[1]["about"] == {"data": name, "η": "Ä"}

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_a_diverged_network_is_not_saved_over_a_good_one(self, saved: Path, value: float) -> None:
        before = saved.read_bytes()
        network = Network(SIZES)
        network.weights[1][0, 0] = value
        with pytest.raises(Problem, match="network_diverged"):
            save_network(network, saved, {})
        assert saved.read_bytes() == before


def described(text: str) -> bytes:
    """Four numbers in a file that describes them so."""
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + bytes(16)


def raised(content: bytes, byte: int) -> bytes:
    return content[:byte] + bytes([content[byte] + 1]) + content[byte + 1 :]


STRANGE: list[dict[str, object]] = [
    {"format": 0}, {"format": "1"}, {"sizes": [6]}, {"sizes": [6, True, 3]}, {"sizes": [6, 4.0, 3]}, {"sizes": "643"},
    {"seed": -1}, {"seed": None}, {"about": []}, {"sizes": [6, 5, 3]}, {"sizes": [6, 4, 3, 3]},
]  # fmt: skip
HEADERS: list[tuple[Any, str]] = [
    ({"format": 2}, "network_newer"),
    ({"format": 2, "sizes": "of another kind"}, "network_newer"),
    ({"activation": "swish"}, "network_newer"),
    ({"cost": "free"}, "network_newer"),
    *((changes, "network_unknown") for changes in STRANGE),
    *(
        ({"sizes": sizes}, "network_too_large")
        for sizes in ([6, 0, 3], [784, 10**9, 10], [784, 2_000, 2_000, 2_000, 10], [2] * 50)
    ),
]  # fmt: skip
ARRAY = "{'descr': '<f4', 'fortran_order': False, 'shape': "
UNKNOWN = {"network_unknown"}
EITHER = {"network_unknown", "network_damaged"}
MEMBERS: list[tuple[Any, set[str]]] = [
    *(({"header.json": header}, EITHER) for header in (b"{", b"\xff", b"[" * 60_000, b"9" * 60_000, b"NaN")),
    ({"header.json": b" " * 100_000}, UNKNOWN),
    ({f"{number}.npy": b"" for number in range(5_000)}, UNKNOWN),
    *(({name: None}, EITHER) for name in ("header.json", "weights_2.npy")),
    ({"weights_3.npy": npy(np.zeros((3, 3), np.float32))}, EITHER),
    *(
        ({"weights_1.npy": npy(array)}, EITHER)
        for array in (
            np.zeros((6, 4), np.float32), np.zeros((4, 6), np.float64), np.zeros((4, 6), np.int32),
            np.asfortranarray(np.zeros((4, 6), np.float32)),
        )
    ),
    *(
        ({"biases_1.npy": content}, EITHER)
        for content in (
            npy(np.array([{}] * 4, dtype=object)), b"x" * 144, b"", npy(np.zeros(4, np.float32))[:-1],
            npy(np.zeros(4, np.float32)) + b"\0",
        )
    ),
    # numbers that begin otherwise, or are described in other words
    *(({"biases_1.npy": raised(npy(np.zeros(4, np.float32)), byte)}, UNKNOWN) for byte in (0, 5, 6, 7, 8, 9)),
    *(
        ({"biases_1.npy": described(text)}, UNKNOWN)
        for text in (
            ARRAY + "(4,), }", ARRAY + "(4,), }      \n ", ARRAY + "(2 + 2,), }\n",
            ARRAY + "(4,), 'descr': '<f4', }\n", ARRAY + "(4, \n", '\t"""\n', "(" * 100 + "\n", "\x1b\n", "1_\n",
        )
    ),
    *(
        ({"biases_1.npy": npy(np.array([0, value, 0, 0], np.float32))}, {"network_not_finite"})
        for value in (np.nan, -np.inf)
    ),
]  # fmt: skip


class TestRefusals:
    """What is cut off, has bits turned over or is a bomb: `tests/torture/files.py`."""

    @pytest.mark.parametrize(("changes", "code"), HEADERS, ids=str)
    def test_a_header_of_something_else(self, saved: Path, changes: dict[str, object], code: str) -> None:
        rewritten(saved, header_with(saved, **changes))
        assert refusal(saved) == code

    @pytest.mark.parametrize("number", range(len(MEMBERS)))
    def test_members_other_than_announced(self, saved: Path, number: int) -> None:
        changed, codes = MEMBERS[number]
        rewritten(saved, changed)
        assert refusal(saved) in codes

    def test_no_file(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "none.npz") == "network_missing"

    def test_a_folder(self, tmp_path: Path) -> None:
        assert refusal(tmp_path) == "network_unreadable"
        with pytest.raises(Problem) as caught:
            load_network(Path("/"))
        assert caught.value.values["file"] == "/"

    @pytest.mark.parametrize("content", [b"", b"x", b"x" * 1_000, b"PK\5\6"])
    def test_no_zip(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "network.npz"
        path.write_bytes(content)
        assert refusal(path) == "network_unknown"

    def test_more_bytes_than_any_network_has(self, tmp_path: Path) -> None:
        path = tmp_path / "large.npz"
        with path.open("wb") as file:
            file.truncate(1_000_000_000)
        assert refusal(path) == "network_too_large"

    def test_a_numpy_file_of_something_else(self, tmp_path: Path) -> None:
        np.savez(tmp_path / "other.npz", a=np.zeros(3))
        assert refusal(tmp_path / "other.npz") == "network_unknown"

    def test_a_member_that_announces_more_than_it_holds(self, saved: Path) -> None:
        rewritten(saved, {}, zipfile.ZIP_DEFLATED)
        with zipfile.ZipFile(saved) as archive:
            size = archive.getinfo("header.json").file_size
        content = saved.read_bytes()
        saved.write_bytes(content.replace(size.to_bytes(4, "little"), (size + 1).to_bytes(4, "little")))
        assert refusal(saved) == "network_damaged"

    def test_a_directory_that_another_record_overrules(self, saved: Path) -> None:
        content = saved.read_bytes()
        locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(content) - 22, 1)
        saved.write_bytes(content[:-22] + locator + content[-22:])
        assert refusal(saved) == "network_unknown"

    def test_a_member_at_no_place_that_a_file_has(self, saved: Path) -> None:
        place = zipfile.ZipInfo("header.json")
        place.extra = struct.pack("<HHQ", 1, 8, 2**64 - 1)
        members = members_of(saved)
        with zipfile.ZipFile(saved, "w") as archive:
            for name, content in members.items():
                archive.writestr(place if name == place.filename else name, content)
        whole = bytearray(saved.read_bytes())
        entry = whole.index(b"PK\1\2")
        whole[entry + 42 : entry + 46] = b"\xff" * 4  # "see the larger number beside"
        saved.write_bytes(whole)
        assert refusal(saved) == "network_damaged"
