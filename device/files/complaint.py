"""Error messages of one line, whatever the file contains."""

from __future__ import annotations

import reprlib
from datetime import date, time


class Complaint:
    """An error in English, with its values, so that it can be translated."""

    def __init__(self, text: str, /, **values: object) -> None:
        self.text, self.values = text, values

    def __str__(self) -> str:
        return self.text.format(**self.values)

    def told(self) -> dict[str, object]:
        """The complaint as JSON has it."""
        return {"text": self.text, "values": {name: _told(value) for name, value in self.values.items()}}


def in_a_line(text: str) -> str:
    """The text in one line of letters that can be shown and sent, whatever is in it."""
    shown = "".join(letter if letter.isprintable() or letter.isspace() else "?" for letter in text)
    return " ".join(shown.split())


def _told(value: object) -> object:
    if isinstance(value, Complaint):
        return value.told()
    return value if isinstance(value, int | float) else in_a_line(str(value))


def complaint_told(told: object) -> Complaint:
    """The complaint from JSON: the opposite of `told`. Raises ValueError."""
    match told:
        case {"text": str() as text, "values": dict() as values}:
            return Complaint(text, **{name: _value(value) for name, value in values.items()})
    raise ValueError("this is no complaint")


def _value(told: object) -> object:
    return complaint_told(told) if isinstance(told, dict) else told


class ComplaintError(Exception):
    """The program can't do what it was asked to."""

    def __init__(self, text: str, /, **values: object) -> None:
        self.complaint = Complaint(text, **values)
        super().__init__(str(self.complaint))


class OneLineError(Exception):
    """One line for the person who can mend it: what is wrong, where, and what is allowed."""

    def __init__(self, message: str) -> None:
        # Keys and values are quoted as they were written, line ends and control characters included.
        super().__init__(in_a_line(message))


class _Brief(reprlib.Repr):
    def repr_int(self, x: int, level: int) -> str:  # noqa: ARG002 - reprlib's own word
        # Python refuses to write thousands of digits; in hexadecimal it doesn't.
        return _cut(hex(x) if x.bit_length() > _LONGEST else str(x))

    def repr_bool(self, x: bool, level: int) -> str:  # noqa: ARG002
        # As TOML and JSON write it, and so the person who wrote it.
        return "true" if x else "false"

    def repr_NoneType(self, x: None, level: int) -> str:  # noqa: ARG002, N802 - Python's own name
        return "null"

    def repr_dict(self, x: dict[str, object], level: int) -> str:
        pairs = [
            f"{_key(key)} = {self.repr1(x[key], level - 1)}" for key in list(x)[: self.maxdict if level > 0 else 0]
        ]
        return f"{{{', '.join([*pairs, '...'] if len(pairs) < len(x) else pairs)}}}"

    def repr_instance(self, x: object, level: int) -> str:
        return x.isoformat() if isinstance(x, date | time) else super().repr_instance(x, level)

    def repr_str(self, x: str, level: int) -> str:  # noqa: ARG002
        return _cut(repr(x[:_LONGEST]))


_LONGEST = 60
_BRIEF = _Brief()
_BRIEF.maxother = _LONGEST


def brief(value: object) -> str:
    """A value for an error message, shortened if it is long."""
    return _BRIEF.repr(value)


def _key(key: str) -> str:
    """The key as it was written, as far as it can be shown."""
    return _cut("".join(letter if letter.isprintable() else "?" for letter in key))


def _cut(shown: str) -> str:
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."


class ContentError(OneLineError):
    """Content that can't be shown: one line naming file, stretch, key, what is wrong and what is allowed."""
