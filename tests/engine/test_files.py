"""What is written is there whole or not at all, nothing is left lying about, and any path gives a sentence."""

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mnistviz.engine import files
from mnistviz.engine.digits import load_digits
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings_file import load_settings
from mnistviz.engine.storage import load_network, save_network
from mnistviz.sentences import sentence
from tests.locked import locked

UNFINISHED = ".mnistviz-0123456789ab.tmp"
NOT_UTF_8 = b"n\xe4tz \xff".decode(errors="surrogateescape")


@pytest.fixture
def there(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"what stood there")
    return path


def write(path: Path, content: bytes, error: BaseException | None = None) -> None:
    with files.replacing(path) as file:
        file.write(content)
        if error is not None:
            raise error


class TestReading:
    def test_gives_the_whole_file(self, there: Path) -> None:
        assert files.read_file(there, 16) == b"what stood there"

    def test_stops_at_a_file_that_is_too_large(self, there: Path) -> None:
        with pytest.raises(files.TooLarge):
            files.read_file(there, 15)

    def test_does_not_wait_at_a_pipe(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(OSError, match="regular"):
            files.read_file(tmp_path / "pipe", 10)

    @pytest.mark.parametrize("path", ["/dev/zero", "/"])
    def test_reads_no_device_and_no_folder(self, path: str) -> None:
        with pytest.raises(OSError, match=r"regular|directory"):
            files.read_file(Path(path), 10)


class TestPaths:
    @pytest.mark.parametrize("read", [load_network, load_digits, load_settings, files.check_writable])
    @pytest.mark.parametrize(
        "name",
        ["zero\0byte", "half \ud800", "x" * 300, "x/" * 3_000, "pipe", "loop", "file/in", "locked/in"],
        ids=["zero", "half", "long", "deep", "pipe", "loop", "file", "locked"],
    )
    def test_that_lead_nowhere_are_a_sentence(
        self, tmp_path: Path, there: Path, read: Callable[[Path], object], name: str
    ) -> None:
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "loop").symlink_to("loop")
        (tmp_path / "locked").mkdir()
        with locked(tmp_path / "locked"), pytest.raises(Problem) as caught:
            read(tmp_path / name)
        assert "None" not in sentence(caught.value.code, caught.value.values)

    def test_a_name_that_is_not_utf_8_is_as_good_as_any(self, tmp_path: Path) -> None:
        path = tmp_path / NOT_UTF_8
        save_network(Network((2, 2)), path, {})
        save_network(Network((3, 2)), path, {})
        assert load_network(path)[0].sizes == (3, 2)
        assert os.listdir(os.fsencode(tmp_path)) == [b"n\xe4tz \xff"]


class TestWriting:
    @pytest.mark.parametrize("error", [RuntimeError(), MemoryError(), KeyboardInterrupt(), ValueError()])
    def test_the_old_file_stays_until_the_new_one_is_whole(self, there: Path, error: BaseException) -> None:
        with pytest.raises(type(error)):
            write(there, b"half of", error)
        assert there.read_bytes() == b"what stood there"
        assert os.listdir(there.parent) == [there.name]

    def test_a_full_disk_is_a_sentence_and_leaves_nothing(self, there: Path) -> None:
        with pytest.raises(Problem) as caught:
            write(there, b"half of", OSError(28, "No space left on device"))
        assert caught.value.values == {"file": str(there), "reason": "No space left on device"}
        assert there.read_bytes() == b"what stood there"
        assert os.listdir(there.parent) == [there.name]

    def test_is_on_the_disk_before_it_takes_the_place_and_the_place_before_it_counts_as_saved(
        self, there: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done: list[str] = []

        def fsync(number: int) -> None:
            found = os.fstat(number)
            done.append("folder" if stat.S_ISDIR(found.st_mode) else f"file of {found.st_size}")

        def replace(source: str, target: str) -> None:
            done.append("replace")
            rename(source, target)

        rename = os.replace
        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(os, "replace", replace)
        write(there, b"new")
        assert done == ["file of 3", "replace", "folder"]

    def test_a_new_folder_is_written_through_with_all_above_it_that_are_new(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Else a machine that stops loses the folder, with the files in it that were written through."""
        done: set[int] = set()
        monkeypatch.setattr(os, "fsync", lambda number: done.add(os.fstat(number).st_ino))
        files.make_folder(tmp_path / "own" / "runs")
        assert (tmp_path / "own" / "runs").is_dir()
        assert done == {tmp_path.stat().st_ino, (tmp_path / "own").stat().st_ino}
        done.clear()
        files.make_folder(tmp_path / "own" / "runs")
        assert not done

    def test_a_new_file_may_be_read_by_those_that_the_umask_lets(self, there: Path) -> None:
        write(there.parent / "new", b"")
        assert (there.parent / "new").stat().st_mode == there.stat().st_mode

    def test_a_replaced_file_keeps_its_permissions_and_has_no_others_meanwhile(self, there: Path) -> None:
        there.chmod(0o600)
        with files.replacing(there):
            assert [path.stat().st_mode & 0o777 for path in there.parent.iterdir()] == [0o600, 0o600]
        assert there.stat().st_mode & 0o777 == 0o600

    def test_a_link_stays_a_link(self, there: Path) -> None:
        link = there.parent / "link"
        link.symlink_to(there)
        write(link, b"new")
        assert link.is_symlink()
        assert there.read_bytes() == b"new"

    def test_a_reader_who_soon_ends_is_waited_for(self, there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Windows renames nothing to a file that another program reads, such as a virus scanner."""
        monkeypatch.setattr(files, "RENAME_PAUSES", (0.0, 0.0))
        plain, refusals = os.replace, 2

        def refuse_twice(path: str, target: str) -> None:
            nonlocal refusals
            refusals -= 1
            if refusals >= 0:
                raise PermissionError
            plain(path, target)

        monkeypatch.setattr(os, "replace", refuse_twice)
        write(there, b"new")
        assert there.read_bytes() == b"new"

    @pytest.mark.parametrize("place", ["missing/network.npz", ""])
    def test_a_place_that_cannot_be_written_is_known_beforehand(self, tmp_path: Path, place: str) -> None:
        with pytest.raises(Problem, match="file_not_written"):
            files.check_writable(tmp_path / place)

    def test_looking_whether_one_may_write_changes_nothing(self, there: Path) -> None:
        files.check_writable(there)
        files.check_writable(there.parent / "new")
        assert there.read_bytes() == b"what stood there"
        assert os.listdir(there.parent) == [there.name]


def aged(path: Path, seconds: float) -> Path:
    path.touch()
    os.utime(path, (0, time.time() - seconds))
    return path


class TestLeftovers:
    def test_are_removed_an_hour_after_the_last_word_was_written(self, tmp_path: Path) -> None:
        aged(tmp_path / UNFINISHED, 3_700)
        young = aged(tmp_path / ".mnistviz-ba9876543210.tmp", 3_500)
        assert files.remove_leftovers(tmp_path) == 1
        assert list(tmp_path.iterdir()) == [young]
        assert files.remove_leftovers(tmp_path, older_than=60) == 1

    def test_are_removed_as_something_is_written_beside_them(self, there: Path) -> None:
        aged(there.parent / UNFINISHED, 4_000)
        link = there.parent.parent / f"{there.parent.name}-link"
        link.symlink_to(there)
        write(link, b"new")  # beside them is where the link leads
        link.unlink()
        assert os.listdir(there.parent) == [there.name]

    def test_what_another_is_writing_now_is_none(self, there: Path) -> None:
        with files.replacing(there) as file:
            file.write(b"slowly")
            write(there.parent / "other", b"meanwhile")
        assert there.read_bytes() == b"slowly"

    @pytest.mark.parametrize(
        "name",
        ["mnistviz-0123456789ab.tmp", ".mnistviz-0123456789ab.tmp.gz", ".mnistviz-0123456789AB.tmp",
         ".mnistviz-0123456789abc.tmp", ".mnistviz-notes.tmp", "x.mnistviz-0123456789ab.tmp",
         f"{UNFINISHED}\n"],
    )  # fmt: skip
    def test_a_file_by_another_name_is_nobody_s_leftover(self, tmp_path: Path, name: str) -> None:
        aged(tmp_path / name, 1e6)
        assert files.remove_leftovers(tmp_path) == 0
        assert os.listdir(tmp_path) == [name]

    def test_links_and_folders_are_let_be(self, tmp_path: Path) -> None:
        folder = tmp_path / "folder"
        folder.mkdir()
        (folder / UNFINISHED).symlink_to(aged(tmp_path / "theirs", 1e6))
        (folder / ".mnistviz-ba9876543210.tmp").mkdir()
        assert files.remove_leftovers(folder, older_than=-1e9) == 0
        assert len(os.listdir(folder)) == 2

    @pytest.mark.parametrize("name", ["missing", "file", "zero\0byte", "locked"])
    def test_where_one_cannot_look_there_are_none(self, there: Path, name: str) -> None:
        (there.parent / "locked").mkdir()
        with locked(there.parent / "locked"):
            assert files.remove_leftovers(there.parent / name) == 0
