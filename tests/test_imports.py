"""Imports point one way: from the command line down to the words, and from the hardware to the words only."""

from __future__ import annotations

import ast
import re
import statistics
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.floors import DECIDING, FLOORS

PROJECT = Path(__file__).parent.parent

MOST_FILES = 14
MOST_LINES_OF_A_CLASS = 400
MOST_LINES_OF_A_BODY = 30
MEDIAN_LINES_OF_A_BODY = 4
MOST_FILES_AT_THE_TOP = 6

BELOW_HARDWARE = {"device.body", "device.words", "device.settings", "device.stages", "device.pictures"}
"""What a part may know of the device."""
BELOW_ONE_OF_ITS_MODULES = {
    "hardware.parts": {"device.journal"},
    "hardware.renders.panel_picture": {"device.stretches"},
}
"""The table of all parts knows of the journal, which hears what they do; the picture of the device shows a stretch."""

OUTER_WORLD = {
    *("time", "sched", "random", "secrets", "uuid"),
    *("threading", "queue", "asyncio", "multiprocessing", "concurrent", "signal", "subprocess"),
    *("os", "io", "pathlib", "shutil", "tempfile", "socket", "sys", "logging", "importlib"),
}
"""What the floors that decide do without: time comes in with each event, and nothing is read or written."""

READERS = {
    "device.files.installation": {"os", "pathlib", "sys"},
    "device.files.user_file": {"os", "pathlib"},
    "device.files.whole_file": {"os", "pathlib"},
    "device.settings.settings_file": {"pathlib"},
    "device.settings.calibration_file": {"os", "pathlib"},
    "device.settings.changes_file": {"os", "pathlib"},
    "device.settings.layers": {"pathlib"},
    "device.settings.settings_place": {"os", "pathlib", "shutil"},
    "device.languages.language_files": {"importlib", "pathlib"},
    "device.stretches.repertoire": {"pathlib"},
    "device.history.day_file": {"io", "pathlib"},
}
"""The modules there that read what ships or what was set, once at start."""

LIBRARIES = {
    "device.run.calendar": {"schedule"},
    "device.pictures": {"PIL", "matplotlib"},
    "device.pictures.connect_card": {"PIL", "segno"},
    "device.desk.window": {"PIL"},
    "device.calendars.events": {"icalendar"},
    "device.calendars.reading": {"icalendar"},
    "device.calendars.series": {"icalendar", "recurring_ical_events"},
    "device.calendars.zone_names": {"icalendar"},
    "device.meetings.fetching": {"urllib3"},
    "device.commands.calendars.meetings": {"icalendar", "recurring_ical_events", "urllib3"},
    "device.office.store": {"sqlalchemy"},
    "device.mqtt.client": {"paho"},
    "device.office.chain": {"sqlalchemy"},
    "device.commands.brokers.office_asking": {"paho", "sqlalchemy"},
    "device.page.server": {"h11", "uvicorn"},
    "device.page.answers": {"starlette"},
    "device.page.guard": {"starlette"},
    "device.page.gate": {"starlette"},
    "device.page.streaming": {"starlette"},
    "device.page.one_by_one": {"starlette"},
    "device.page.orders": {"starlette"},
}
"""What else the device needs: by folder or module, the libraries it may import."""


def modules() -> list[str]:
    """Their dotted names."""
    files = (
        file.relative_to(PROJECT) for package in ("device", "hardware") for file in (PROJECT / package).rglob("*.py")
    )
    return sorted(".".join(file.with_suffix("").parts) for file in files if file.stem != "__init__")


MODULES = modules()
DECIDING_MODULES = [module for module in MODULES if module.rpartition(".")[0] in DECIDING]


def floor_of(module: str) -> str:
    return module.rpartition(".")[0]


def tree(module: str) -> ast.Module:
    return ast.parse((PROJECT / f"{module.replace('.', '/')}.py").read_text("utf-8"))


def imported(source: ast.Module) -> Iterator[str]:
    """Every dotted name that the source imports, be it inside a function."""
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a name comes from"
            # `from device.core import coach` imports a module as much as `import device.core.coach` does.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours_imported(module: str) -> set[str]:
    """Our modules that this one imports."""
    names = {f"{name}." for name in imported(tree(module))}
    return {each for each in MODULES if any(name.startswith(f"{each}.") for name in names)}


def packages_imported(module: str) -> set[str]:
    return {name.split(".")[0] for name in imported(tree(module))}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_its_own_floor_and_those_below(module: str) -> None:
    own = FLOORS.index(floor_of(module))
    above = {each for each in ours_imported(module) if FLOORS.index(floor_of(each)) > own}
    assert not above


@pytest.mark.parametrize("floor", FLOORS)
def test_no_floor_has_a_circle(floor: str) -> None:
    rooms = {each: ours_imported(each) for each in MODULES if floor_of(each) == floor}
    try:
        TopologicalSorter(rooms).prepare()
    except CycleError as error:
        pytest.fail(f"these import each other: {error.args[1]}")


def test_every_floor_is_small_enough_to_be_overlooked_and_opens_with_a_sentence() -> None:
    for folder in {(PROJECT / floor.replace(".", "/")) for floor in FLOORS}:
        files = list(folder.glob("*.py"))
        assert len(files) <= (MOST_FILES_AT_THE_TOP if folder.name == "device" else MOST_FILES), folder
        said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))
        assert said, folder


def test_a_folder_without_code_is_small_enough_to_be_overlooked_too() -> None:
    folders = {file.parent for package in ("device", "hardware") for file in (PROJECT / package).rglob("*")}
    shipped = [folder for folder in folders if folder.name != "__pycache__"]
    assert len(shipped) > len(FLOORS)
    crowded = [folder for folder in shipped if sum(each.is_file() for each in folder.iterdir()) > MOST_FILES]
    assert crowded == []


def test_the_scripts_of_the_page_import_one_way_too() -> None:
    static = PROJECT / "device/page/static"
    floors: dict[str, set[str]] = {
        "shared": set(),
        "talking": {"shared"},
        "seat": {"shared", "talking"},
        "desk": {"shared", "talking", "seat"},
        "day": {"shared", "talking"},
        "phones": {"shared", "talking"},
        "welcome": {"shared", "talking"},
        "settings": {"shared", "talking"},
        "stretches": {"shared", "talking"},
    }
    assert {script.parent.name for script in static.rglob("*.js")} == floors.keys()
    for script in static.rglob("*.js"):
        others = set(re.findall(r'(?:from|import|import\() ?"\.\./(\w+)/', script.read_text("utf-8")))
        assert others <= floors[script.parent.name], script


def bodies() -> dict[str, int]:
    """How many lines each function has below its docstring."""
    lines = {}
    for module in MODULES:
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                said = [each for each in node.body if each is not node.body[0] or ast.get_docstring(node) is None]
                lines[f"{module}:{node.lineno} {node.name}"] = last_line(said[-1]) - said[0].lineno + 1 if said else 0
    return lines


def last_line(node: ast.stmt) -> int:
    assert node.end_lineno is not None, "parsed from a file"
    return node.end_lineno


def test_functions_are_short() -> None:
    lines = bodies()
    assert {name: count for name, count in lines.items() if count > MOST_LINES_OF_A_BODY} == {}
    assert statistics.median(lines.values()) <= MEDIAN_LINES_OF_A_BODY


def test_classes_can_be_overlooked() -> None:
    for module in MODULES:
        classes = (node for node in ast.walk(tree(module)) if isinstance(node, ast.ClassDef))
        assert [each.name for each in classes if last_line(each) - each.lineno >= MOST_LINES_OF_A_CLASS] == [], module


@pytest.mark.parametrize("module", [each for each in MODULES if each.startswith("device.")])
def test_only_the_command_line_imports_hardware(module: str) -> None:
    assert "hardware" not in packages_imported(module) or module.startswith("device.commands.")


@pytest.mark.parametrize("module", [each for each in MODULES if each.startswith("hardware.")])
def test_hardware_knows_only_the_words_of_the_device(module: str) -> None:
    may = BELOW_HARDWARE | BELOW_ONE_OF_ITS_MODULES.get(module, set())
    assert {floor_of(each) for each in ours_imported(module) if each.startswith("device.")} <= may


_OF_CALENDARS = ("device.calendars", "device.meetings")


@pytest.mark.parametrize("module", [each for each in MODULES if floor_of(each) not in _OF_CALENDARS])
def test_only_its_command_imports_what_reads_calendars_and_the_device_reads_their_spans(module: str) -> None:
    used = {each for each in ours_imported(module) if floor_of(each) in _OF_CALENDARS}
    assert used <= {"device.meetings.spans_file"} or floor_of(module) == "device.commands.calendars"


@pytest.mark.parametrize("module", DECIDING_MODULES)
def test_what_decides_touches_neither_clock_nor_thread_nor_file(module: str) -> None:
    assert not packages_imported(module) & (OUTER_WORLD - READERS.get(module, set()))


@pytest.mark.parametrize("module", DECIDING_MODULES)
def test_what_decides_never_asks_what_time_it_is(module: str) -> None:
    asked = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "today", "utcnow"}
        and ast.unparse(node.value).split(".")[-1] in {"datetime", "date"}
    ]
    assert not asked


@pytest.mark.parametrize("module", [each for each in MODULES if each.startswith("device.")])
def test_the_device_needs_no_library_but_where_it_says_so(module: str) -> None:
    libraries = packages_imported(module) - {"device", "hardware"} - set(sys.stdlib_module_names)
    assert libraries <= LIBRARIES.get(module, LIBRARIES.get(floor_of(module), set()))


def test_every_library_that_is_imported_is_asked_for_in_setup() -> None:
    libraries = set().union(*map(packages_imported, MODULES)) - {"device", "hardware"} - set(sys.stdlib_module_names)
    sold_as = {"PIL": "Pillow", "luma": "luma.core", "recurring_ical_events": "recurring-ical-events"}
    sold_as |= {"sqlalchemy": "SQLAlchemy", "paho": "paho-mqtt", "vtkmodules": "vtk"}
    setup = (PROJECT / "setup.py").read_text("utf-8")
    assert [name for name in libraries if f'"{sold_as.get(name, name)}>=' not in setup] == []
