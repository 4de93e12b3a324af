"""What a power cut has left on a card, looked at from outside while the machine is off."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.image.firmware import Partition, partitions

ROOT, KEPT = 2, 4
"""Which partitions they are; the second is there from the first start on."""
JOURNAL = "/var/lib/unsit/journal.db"
_WOULD_MEND = 4
_OF_ANY_CUT = re.compile(
    r"|Pass \d.*|Fix\? no|Clear\? no|\S+: \*+ WARNING: .*|\S+: \d+/\d+ files .*"
    # The kernel adds these two up when it mounts, and takes the flag away when it unmounts.
    r"|Free (?:blocks|inodes) count wrong \(\d+, counted=\d+\)\."
    r"|Feature orphan_present is set but orphan file is clean\."
)
"""What e2fsck says of every filesystem that was in use when the power went."""


@dataclass(frozen=True, slots=True)
class Left:
    """What was found."""

    root_is_unchanged: bool
    kept: str
    """Of the partition with what is kept: `none yet`, `whole`, or what e2fsck says against it."""
    journal: str
    """Of the journal on it: `none yet`, `ok`, or what SQLite says against it."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was lost that had been there, and nothing is to be mended."""
        return self.root_is_unchanged and self.kept in ("none yet", "whole") and self.journal in ("none yet", "ok")


def examined(card: Path, image: Path, folder: Path) -> Left:
    """Look at a card whose machine is off; `image` is what was written to it when it was new."""
    parts = {part.nth: part for part in partitions(card)}
    unchanged = is_same(card, image, parts[ROOT])
    if KEPT not in parts:
        return Left(unchanged, "none yet", "none yet")
    copy = taken_out(card, parts[KEPT], folder / "kept.img")
    try:
        kept = _checked(copy)
        return Left(unchanged, kept, _journal(copy, folder) if kept == "whole" else "not looked at")
    finally:
        copy.unlink()


def is_same(one: Path, other: Path, part: Partition) -> bool:
    """Whether two cards have the same bytes in that partition."""
    skipped, compared = f"--ignore-initial={part.start}", f"--bytes={part.size}"
    return subprocess.run(["cmp", "--silent", skipped, compared, str(one), str(other)], check=False).returncode == 0


def taken_out(card: Path, part: Partition, to: Path) -> Path:
    """A partition as a file of its own; what is empty takes no room."""
    to.unlink(missing_ok=True)
    words = [f"if={card}", f"of={to}", "bs=1M", f"skip={part.start}", f"count={part.size}"]
    subprocess.run(["dd", *words, "iflag=skip_bytes,count_bytes", "conv=sparse", "status=none"], check=True)
    with to.open("r+b") as file:
        file.truncate(part.size)
    return to


def put_back(content: Path, card: Path, part: Partition) -> None:
    """Write a file over a partition."""
    words = [f"if={content}", f"of={card}", "bs=1M", f"seek={part.start}"]
    subprocess.run(["dd", *words, "oflag=seek_bytes", "conv=notrunc", "status=none"], check=True)


def _checked(filesystem: Path) -> str:
    """After its own journal was played back, as each mount does, nothing may be left to mend."""
    subprocess.run(["e2fsck", "-p", "-E", "journal_only", str(filesystem)], capture_output=True, check=False)
    check = subprocess.run(["e2fsck", "-f", "-n", str(filesystem)], capture_output=True, text=True, check=False)
    against = [line for line in check.stdout.splitlines() if not _OF_ANY_CUT.fullmatch(line)]
    return "whole" if check.returncode in (0, _WOULD_MEND) and not against else check.stdout.strip()


def _journal(filesystem: Path, folder: Path) -> str:
    journal = folder / "journal.db"
    for ending in ("", "-wal"):
        file = Path(f"{journal}{ending}")
        file.unlink(missing_ok=True)
        # A journal of SQLite is both files; of one that isn't there debugfs makes none.
        words = [f"dump {JOURNAL}{ending} {file}", str(filesystem)]
        subprocess.run(["debugfs", "-R", *words], capture_output=True, check=True)
    # One that was about to be made is empty, or the start of one.
    if not journal.exists() or not journal.stat().st_size:
        return "none yet"
    with closing(sqlite3.connect(journal)) as opened:
        try:
            (said,) = opened.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.DatabaseError as error:
            return str(error)
    return str(said)
