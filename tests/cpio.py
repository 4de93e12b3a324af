"""Writing an archive that the kernel unpacks before all else."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO


class Cpio:
    """Writes what the kernel unpacks as its first root: everything root's, no device nodes, so nobody need be root."""

    def __init__(self, to: BinaryIO) -> None:
        self._to = to
        self._entries = 0
        self._folders = {"."}

    def folder(self, name: str) -> None:
        """Add a folder, unless it is there; the folders that anything else is in come by themselves."""
        if name not in self._folders:
            self._folders.add(name)
            self._entry(name, 0o040755)

    def file(self, name: str, content: bytes, mode: int = 0o644) -> None:
        """Add a file."""
        self._entry(name, 0o100000 | mode, content)

    def link(self, name: str, to: str) -> None:
        """Add a link."""
        self._entry(name, 0o120777, to.encode())

    def end(self) -> None:
        """What comes after this is another archive, which the kernel unpacks over this one."""
        self._entry("TRAILER!!!", 0)

    def _entry(self, name: str, mode: int, content: bytes = b"") -> None:
        for parent in reversed(Path(name).parents):
            self.folder(str(parent))
        self._entries += 1
        path = name.encode() + b"\0"
        fields = (self._entries, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(path), 0)
        head = b"070701" + b"".join(b"%08x" % field for field in fields) + path
        for part in (head, content):
            self._to.write(part + b"\0" * (-len(part) % 4))
