"""For all tests: a busy computer or a late hour is no reason to fail, one browser serves all, none waits for a disk."""

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import is_hypothesis_test, settings

# A day that is lived through on the real clock isn't cut by midnight: the tests run in a zone where it is ten.
# It is set before any of them is read, since some say "today" then.
os.environ["TZ"] = f"Etc/GMT{11 - (10 - time.gmtime().tm_hour + 11) % 24:+d}"
time.tzset()

# Journals are written to the disk once a minute, and there are thousands of days. Where the memory has room, it is the
# disk.
_IN_MEMORY, _ROOM = Path("/dev/shm"), 4 << 30


def _has_room(place: Path) -> bool:
    return place.is_dir() and shutil.disk_usage(place).free > _ROOM and not os.statvfs(place).f_flag & os.ST_NOEXEC


if "TMPDIR" not in os.environ and _has_room(_IN_MEMORY):
    os.environ["TMPDIR"] = tempfile.tempdir = str(_IN_MEMORY)

from tests.chromium import browser  # noqa: E402
from tests.world import pull_every_plug  # noqa: E402

__all__ = ["browser"]

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


_LONG = ("slow", "kernel", "raspi3b", "home_assistant", "image", "package", "first_boot", "pythons", "case")
_AT_MOST_S = 300
"""No quick test takes a tenth of this. One that hangs fails with its stack, and the others go on."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever looks through a browser says so by itself, and whatever is to be quick has a limit."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if not any(item.get_closest_marker(name) for name in _LONG):
            item.add_marker(pytest.mark.timeout(_AT_MOST_S))


def pytest_collection_finish() -> None:
    """Thousands of tests are there to the end: whoever collects garbage needn't look through them each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _processes_are_quick_to_start() -> None:
    """A thousand of them start: none compiles all of the device anew, and none is counted line by line."""
    for each in ("PYTHONDONTWRITEBYTECODE", "COVERAGE_PROCESS_CONFIG"):
        os.environ.pop(each, None)


@pytest.fixture(autouse=True)
def _plugs_are_pulled() -> Iterator[None]:
    yield
    pull_every_plug()


def _is_uncounted(item: pytest.Item) -> bool:
    is_made_up = isinstance(item, pytest.Function) and is_hypothesis_test(item.obj)
    return is_made_up or item.get_closest_marker("uncounted") is not None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Coverage counts what somebody has thought of. It makes a test take up to four times as long.

    Made-up examples are others each time, and what is long and marked is tried line by line elsewhere.
    """
    counting = Coverage.current()
    if counting is None or not _is_uncounted(item):
        yield
        return
    counting.stop()
    try:
        yield
    finally:
        counting.start()
        # It asks all processes from now on to be counted, as it did at its first start.
        os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
