"""What a device that comes from the Debian packages says and does otherwise than one of `make install`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from device.files import installation
from device.files.installation import brings, comes_with, is_installed, is_of_debian, sets_anew, with_modules


def test_the_modules_tell_by_where_they_lie() -> None:
    assert is_of_debian(Path("/usr/lib/unsit/1.2.3"))
    assert not is_of_debian(Path("/usr/lib/unsit-1.2.3"))
    assert not is_of_debian()


def test_a_part_is_had_by_the_same_way_as_the_device() -> None:
    assert brings("page") == "sudo make install-page"
    assert brings("page", of_debian=True) == "sudo apt install unsit-page"
    assert comes_with("mqtt") == "comes with `sudo make install-mqtt`, in a checkout with `make run`"
    assert comes_with("mqtt", of_debian=True) == "comes with `sudo apt install unsit-mqtt`"


def test_where_the_page_is_reached_is_settled_anew_by_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sets_anew() == "sudo make install-page"
    monkeypatch.setattr(installation, "is_of_debian", lambda: True)
    assert sets_anew() == "sudo dpkg-reconfigure unsit-page"


def test_a_checkout_is_not_what_the_service_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_installed()
    monkeypatch.setattr(sys, "prefix", "/opt/unsit")
    assert is_installed()


def test_one_more_python_has_the_same_modules_and_what_its_caller_wants_beside(tmp_path: Path) -> None:
    asks = "import device, sys; print(device.__file__, sys.path[1:3])"
    environment = with_modules({"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin"})
    ran = subprocess.run([sys.executable, "-P", "-c", asks], cwd="/", env=environment, capture_output=True, text=True)
    file, _, path = ran.stdout.partition(" ")
    assert Path(file) == Path(installation.__file__).parents[1] / "__init__.py"
    assert str(tmp_path) in path
    assert with_modules({})["PYTHONPATH"] == str(Path(file).parents[1])
