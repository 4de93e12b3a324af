"""Imports point one way: from the command line down to the words, and from the hardware to the words only."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.layers import AROUND_IT, CORE

PROJECT = Path(__file__).parent.parent

WORDS_OF_HARDWARE = {
    "choices",
    "complaint",
    "diary",
    "events",
    "effects",
    "fact_form",
    "figure",
    "instants",
    "ports",
    "settings",
    "skeleton",
    "stretches",
    "user_file",
    "zones",
}

OUTER_WORLD = {
    *("time", "sched", "random", "secrets", "uuid"),
    *("threading", "queue", "asyncio", "multiprocessing", "concurrent", "signal", "subprocess"),
    *("os", "io", "pathlib", "shutil", "tempfile", "socket", "sys", "logging", "importlib"),
}
"""What the core does without: time comes in with each event, and nothing is read or written."""

READERS = {
    "user_file": {"os", "pathlib"},
    "settings_file": {"pathlib"},
    "vocabulary": {"importlib", "pathlib"},
    "repertoire": {"pathlib"},
}
"""The modules of the core that read what ships or what was set, once at start."""


def modules(package: str) -> list[str]:
    """Their dotted names within the package."""
    files = (file.relative_to(PROJECT / package) for file in (PROJECT / package).rglob("*.py"))
    return sorted(".".join(file.with_suffix("").parts) for file in files if file.stem != "__init__")


def tree(package: str, module: str) -> ast.Module:
    return ast.parse((PROJECT / package / f"{module.replace('.', '/')}.py").read_text("utf-8"))


def imported(source: ast.Module) -> Iterator[str]:
    """Every dotted name that the source imports, be it inside a function."""
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a name comes from"
            # `from device import coach` imports a module as much as `import device.coach` does.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_from(package: str, source: ast.Module) -> set[str]:
    """The modules of `package` that the source imports."""
    names = {f"{name}." for name in imported(source)}
    return {module for module in modules(package) if any(name.startswith(f"{package}.{module}.") for name in names)}


def imported_packages(source: ast.Module) -> set[str]:
    return {name.split(".")[0] for name in imported(source)}


CORE_MODULES = sorted(set().union(*CORE) & set(modules("device")))


def test_every_module_has_its_place() -> None:
    placed = set().union(*CORE, *AROUND_IT)
    assert set(modules("device")) <= placed, "say in tests/layers.py where the new module belongs"


@pytest.mark.parametrize("module", modules("device"))
def test_a_module_imports_only_from_the_layers_before_its_own(module: str) -> None:
    layers = [*CORE, *AROUND_IT]
    own = next(place for place, layer in enumerate(layers) if module in layer)
    before = set().union(*layers[:own])
    assert imported_from("device", tree("device", module)) <= before


@pytest.mark.parametrize("module", modules("device"))
def test_only_the_command_line_imports_hardware(module: str) -> None:
    imports_hardware = "hardware" in imported_packages(tree("device", module))
    assert not imports_hardware or module.startswith("commands.")


@pytest.mark.parametrize("module", modules("hardware"))
def test_hardware_knows_only_the_words_of_the_device(module: str) -> None:
    assert imported_from("device", tree("hardware", module)) <= WORDS_OF_HARDWARE


@pytest.mark.parametrize("module", CORE_MODULES)
def test_the_core_touches_neither_clock_nor_thread_nor_file(module: str) -> None:
    allowed = READERS.get(module, set())
    assert not imported_packages(tree("device", module)) & (OUTER_WORLD - allowed)


@pytest.mark.parametrize("module", CORE_MODULES)
def test_the_core_never_asks_what_time_it_is(module: str) -> None:
    asked = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree("device", module))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "today", "utcnow"}
        and ast.unparse(node.value).split(".")[-1] in {"datetime", "date"}
    ]
    assert not asked


@pytest.mark.parametrize("module", modules("device"))
def test_the_device_needs_no_library_but_schedule_for_its_calendar(module: str) -> None:
    ours = {"device", "hardware"}
    libraries = imported_packages(tree("device", module)) - ours - set(sys.stdlib_module_names)
    assert libraries == ({"schedule"} if module == "calendar" else set())


def test_every_library_that_is_imported_is_asked_for_in_setup() -> None:
    sources = [tree(package, module) for package in ("device", "hardware") for module in modules(package)]
    libraries = set().union(*map(imported_packages, sources)) - {"device", "hardware"} - set(sys.stdlib_module_names)
    sold_as = {"PIL": "Pillow", "luma": "luma.core"}
    setup = (PROJECT / "setup.py").read_text("utf-8")
    assert [name for name in libraries if f'"{sold_as.get(name, name)}>=' not in setup] == []
