"""Complaints are one line, whatever somebody has written into the file they are about."""

from __future__ import annotations


class OneLineError(Exception):
    """What is wrong, where, and what is allowed: one line to be read by the person who can mend it."""

    def __init__(self, message: str) -> None:
        # Keys and values are quoted as they were written, line ends and control characters included.
        shown = "".join(letter if letter.isprintable() or letter.isspace() else "?" for letter in message)
        super().__init__(" ".join(shown.split()))
