"""The fixtures: a machine that is ready to be used, or the reason why there is none."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.real_kernel.desk import Desk, desk
from tests.real_kernel.disk import installed_disk
from tests.real_kernel.kernel import kernel
from tests.real_kernel.machine import AGENT, SYSTEMD, MachineError
from tests.tools import missing

_TOOLS = {"mmdebstrap": "mmdebstrap", "mke2fs": "e2fsprogs", "dtc": "device-tree-compiler"}
"""Each command that is needed, and the Debian package that has it."""
_FIGURE = "figure"
_LONGEST = ("test_presses_that_bounce", "test_a_power_cut", "test_the_device_with_a_converter")


@pytest.fixture(scope="session")
def machines(tmp_path_factory: pytest.TempPathFactory) -> None:
    """See to it that kernel and disk are there, and run here.

    Where they can't be, the tests step aside and say why; with UNSIT_KERNEL_TESTS=required they fail.
    """
    reason = what_is_missing()
    if reason is None:
        try:
            kernel()
            installed_disk()
            with desk(tmp_path_factory.mktemp("first"), init=AGENT) as first:
                first.machine.do("true")
        except (MachineError, subprocess.CalledProcessError, OSError) as error:
            reason = str(error)
    if reason is None:
        return
    if os.environ.get("UNSIT_KERNEL_TESTS") == "required":
        pytest.fail(f"the tests on a real kernel can't run: {reason}")
    pytest.skip(f"no real kernel to test on: {reason}")


def what_is_missing() -> str | None:
    """Why no kernel can be built or run here, in a line; None when nothing stands against it."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return f"User Mode Linux is for Linux on x86-64, this is {platform.system()} on {platform.machine()}"
    return missing(_TOOLS)


@pytest.fixture
def board(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:  # noqa: ARG001
    """A machine of one's own without systemd, up in a second, as root; the service is not started."""
    with desk(tmp_path_factory.mktemp("board"), init=AGENT) as it:
        yield it


@pytest.fixture(scope="session")
def _booted(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:  # noqa: ARG001
    with desk(tmp_path_factory.mktemp("booted"), init=SYSTEMD) as it:
        it.until(lambda: it.systemctl("is-system-running") == "running", "running system", 120)
        yield it


@pytest.fixture
def booted(_booted: Desk) -> Iterator[Desk]:
    """A whole Raspberry Pi 3B with the service as it was installed; one for all tests, tidied up before each."""
    _booted.afresh()
    yield _booted
    assert not _booted.panel.defects


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Callable[[str, list[float]], None]:
    """Say in the end how long something took: what, and each time in seconds."""

    def say(what: str, took_s: list[float]) -> None:
        took_ms = sorted(1000 * each for each in took_s)
        p50, p99 = (took_ms[round(share * (len(took_ms) - 1))] for share in (0.5, 0.99))
        record_property(
            _FIGURE, f"{what}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, most {took_ms[-1]:.1f} ms, of {len(took_ms)}"
        )

    return say


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, or a worker has it alone in the end while the others have nothing to do."""
    items.sort(key=lambda item: not item.name.startswith(_LONGEST))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures, after all else."""
    for outcome in terminalreporter.getreports("passed"):
        for name, figure in outcome.user_properties:
            if name == _FIGURE:
                terminalreporter.write_line(figure)
