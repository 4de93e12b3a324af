"""Where a library is bent to our needs, a mark says why, and docs/patched-libraries.md lists them all."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_imports import MODULES, PROJECT, tree

MARK = re.compile(r"^ *# Patched: (\S+ \d+\.\d+) (.+)$")
PAGE = PROJECT / "docs/patched-libraries.md"

MADE_FOR_IT = {
    "starlette.responses.StreamingResponse",
    "gpiozero.pins.local.LocalPiFactory",
    "gpiozero.pins.local.LocalPiPin",
    "gpiozero.pins.mock.MockFactory",
    # Our own base, and luma's drivers that it goes under.
    "luma.oled.device.sh1106",
    "luma.oled.device.ssd1306",
}
"""What the libraries mean to be subclassed, or what is marked where its base is."""


def file_of(module: str) -> Path:
    return PROJECT / f"{module.replace('.', '/')}.py"


def marks(module: str) -> dict[int, str]:
    """The library and its version, by the line of the mark."""
    lines = file_of(module).read_text("utf-8").splitlines()
    return {number: found[1] for number, line in enumerate(lines, 1) if (found := MARK.match(line))}


def foreign_names(source: ast.Module) -> dict[str, str]:
    """The names that other people's modules give here, by what they are called here."""
    ours = {"device", "hardware", "tests", *sys.stdlib_module_names}
    names: dict[str, str] = {}
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name.split(".")[0]: alias.asname or alias.name.split(".")[0]
                      for alias in node.names}  # fmt: skip
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return {name: whole for name, whole in names.items() if whole.split(".")[0] not in ours}


def bent(module: str) -> Iterator[int]:
    """The lines where a library's class is subclassed that isn't made for it, or something of a library replaced."""
    source = tree(module)
    names = foreign_names(source)
    for node in ast.walk(source):
        if isinstance(node, ast.ClassDef):
            for base in map(ast.unparse, node.bases):
                first, _, rest = base.partition(".")
                whole = ".".join(filter(None, [names.get(first), rest]))
                if first in names and whole not in MADE_FOR_IT:
                    yield node.lineno
        if not isinstance(node, ast.Assign):
            continue
        for target in (each for whole in node.targets for each in ast.walk(whole)):
            if isinstance(target, ast.Attribute) and ast.unparse(target).split(".")[0] in names:
                yield node.lineno


@pytest.mark.parametrize("module", MODULES)
def test_where_a_library_is_bent_a_mark_above_says_why(module: str) -> None:
    lines = file_of(module).read_text("utf-8").splitlines()
    for number in bent(module):
        above = number - 1
        while lines[above - 1].lstrip().startswith(("#", "@")):
            above -= 1
        # What is replaced for a while is put back, and the mark is where it begins.
        near = marks(module).keys() & set(range(above, number))
        assert near or module_has_mark_for(module, lines[number - 1]), f"{module}:{number}"


def module_has_mark_for(module: str, line: str) -> bool:
    """Assignments come in pairs, so one mark of that library serves both."""
    return any(library.split(".")[0].split()[0] in line for library in marks(module).values())


def test_something_is_bent_and_found() -> None:
    assert {module for module in MODULES if list(bent(module))} >= {"device.page.server", "hardware.panel.drivers"}


def test_all_marks_are_in_the_list_and_nothing_else() -> None:
    listed = re.findall(r"^\| `([\w/.]+)` \| (\S+ \d+\.\d+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    marked = [(f"{module.replace('.', '/')}.py", library) for module in MODULES for library in marks(module).values()]
    assert sorted(listed) == sorted(marked)
