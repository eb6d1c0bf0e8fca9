"""Files in the data folder: kept once, gone when their time has come, and in the copy that is carried away."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import SCHOOL_ZONE
from bot.errors import StoreError
from bot.storage.backup import FILES, copy_database, put_back
from bot.storage.blobs import KEEP, Blobs


def test_the_same_bytes_are_kept_once_and_half_a_file_is_made_whole(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    path = blobs.put(b"one", ".txt")
    (tmp_path / path).write_bytes(b"o")
    assert blobs.put(b"one", ".txt") == path
    assert blobs.read(path) == b"one"
    assert [path] == blobs.paths()


@pytest.mark.parametrize("path", ["files/../secret", "secret", "/etc/passwd", "files/link", "files/ab/none"])
def test_nothing_outside_the_folder_is_read(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_bytes(b"no")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(StoreError):
        Blobs(tmp_path).read(path)


def test_what_nobody_points_to_goes_after_its_time(tmp_path: Path) -> None:
    blobs, now = Blobs(tmp_path), datetime.now(SCHOOL_ZONE)
    kept, left = blobs.put(b"kept", ".txt"), blobs.put(b"left", ".txt")
    assert blobs.clear({kept}, now + KEEP - timedelta(hours=1)) == 0
    assert blobs.clear({kept}, now + KEEP + timedelta(hours=1)) == 1
    assert blobs.paths() == [kept]
    with pytest.raises(StoreError):
        blobs.read(left)
    assert blobs.clear(set(), now + KEEP * 2) == 0  # wanted until last night
    assert blobs.clear(set(), now + KEEP * 2 + timedelta(days=1)) == 1


def database(folder: Path) -> Path:
    with closing(sqlite3.connect(folder / "records.sqlite3")) as made:
        made.execute("CREATE TABLE rows (a)")
    return folder / "records.sqlite3"


def test_a_copy_carries_the_files_and_gives_them_back(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    path = Blobs(old).put(b"bytes", ".docx")
    copy_database(database(old), tmp_path / "copy", files=True)
    put_back(tmp_path / "copy", new / "records.sqlite3")
    assert Blobs(new).read(path) == b"bytes"
    with closing(sqlite3.connect(new / "records.sqlite3")) as restored:
        assert [name for (name,) in restored.execute("SELECT name FROM sqlite_master WHERE type = 'table'")] == ["rows"]


def test_a_copy_with_a_false_name_is_refused(tmp_path: Path) -> None:
    copy_database(database(tmp_path), tmp_path / "copy", files=True)
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        copy.execute(f"INSERT INTO {FILES} VALUES ('../../evil.docx', x'00')")  # noqa: S608
        copy.commit()
    with pytest.raises(StoreError, match="没有恢复"):
        put_back(tmp_path / "copy", tmp_path / "records.sqlite3")
    assert not list(tmp_path.rglob("evil*"))
