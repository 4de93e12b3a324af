"""A file that is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from device.files.whole_file import write_whole

OLD, NEW = b"the old", b"the new"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.json"


@pytest.mark.parametrize("umask", [0, 0o027, 0o077])
def test_only_the_device_writes_the_file_and_only_its_group_reads_it(file: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        for _ in range(2):
            write_whole(file, OLD)
            assert file.stat().st_mode & 0o777 == 0o640
            file.chmod(0o666)
    finally:
        os.umask(before)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may write what is another's")
def test_root_writes_the_file_without_taking_it_over(file: Path) -> None:
    os.chown(file.parent, 1234, 5678)
    for _ in range(2):
        write_whole(file, OLD)
        assert (file.stat().st_uid, file.stat().st_gid) == (1234, 5678)
        os.chown(file.parent, 0, 0)


@pytest.mark.parametrize("fails", ["os.open", "os.fchmod", "os.fsync", "pathlib.Path.replace"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    write_whole(file, OLD)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(fails, full)
        with pytest.raises(OSError, match="No space"):
            write_whole(file, NEW)
    assert file.read_bytes() == OLD
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_the_disk_has_the_text_before_the_name_and_then_the_name(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, rename = os.fsync, Path.replace

    def synced(number: int) -> None:
        done.append("folder" if os.path.isdir(f"/proc/self/fd/{number}") else "text")
        fsync(number)

    def renamed(draft: Path, to: Path) -> Path:
        done.append("name")
        return rename(draft, to)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    write_whole(file, OLD)
    assert done == ["text", "name", "folder"]


def test_a_draft_that_somebody_else_left_is_in_nobodys_way(file: Path) -> None:
    draft = file.with_name("file.json.new")
    draft.symlink_to(file.with_name("elsewhere"))
    write_whole(file, OLD)
    assert file.read_bytes() == OLD
    assert not file.with_name("elsewhere").exists()
