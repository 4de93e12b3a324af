"""The fixtures: a machine that is ready to be used, or the reason why there is none."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.real_kernel.desk import Desk, desk
from tests.real_kernel.disk import installed_disk
from tests.real_kernel.kernel import kernel
from tests.real_kernel.machine import AGENT, SYSTEMD, MachineError

_TOOLS = {"mmdebstrap": "mmdebstrap", "mke2fs": "e2fsprogs", "dtc": "device-tree-compiler"}
"""Each command that is needed, and the Debian package that has it."""


@pytest.fixture(scope="session")
def machines(tmp_path_factory: pytest.TempPathFactory) -> None:
    """See to it that kernel and disk are there, and run here.

    Where they can't be, the tests step aside and say why; with UNSIT_KERNEL_TESTS=required they fail.
    """
    reason = _what_is_missing()
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


def _what_is_missing() -> str | None:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return f"User Mode Linux is for Linux on x86-64, this is {platform.system()} on {platform.machine()}"
    packages = [package for tool, package in _TOOLS.items() if shutil.which(tool) is None]
    return f"not installed: sudo apt install {' '.join(packages)}" if packages else None


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
