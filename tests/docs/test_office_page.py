"""What docs/office.md has somebody do is there when it is needed, and its commands are understood."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from device.__main__ import _parser
from tests.docs.recipe import PROJECT

TEXT = (PROJECT / "docs/office.md").read_text("utf-8")
COMMANDS = [
    (file.name, line.removeprefix("sudo ").removeprefix("unsit "))
    for file in sorted((PROJECT / "docs").glob("*.md"))
    for line in file.read_text("utf-8").splitlines()
    if re.match(r"(sudo )?unsit office( |$)", line)
]


@pytest.mark.parametrize(("file", "line"), COMMANDS)
def test_each_command_of_an_office_is_understood(file: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    assert _parser(words).parse_args(words).command, file


def test_what_a_step_needs_was_made_in_one_before_it() -> None:
    program = "/etc/unsit/office-changed"
    steps = TEXT.split("## A desk joins")[0]
    assert f'changed = "{program}"' in steps
    made, made_before = steps.index(f"sudo tee {program}"), steps.index("/etc/mosquitto/unsit\n")
    runs = [found.start() for found in re.finditer("^sudo unsit office enrol", steps, re.MULTILINE)]
    assert runs
    assert made_before < made < min(runs)


def test_the_files_to_carry_are_all_said() -> None:
    from device.access import enrolling

    for name in (enrolling._CA, enrolling._PASSWORD):
        assert f"`{Path(enrolling._AT_DESKS, name)}`" in TEXT
    assert f"`{enrolling._AT_FLOORS / enrolling._CA}`" in TEXT
