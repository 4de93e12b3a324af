"""What lies in the root of the image that `make image` made last, held against the description."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from systemd.making.description import SYSTEMD, described
from tests.check_unit import PROJECT
from tests.description.ext4 import ImageRoot

pytestmark = pytest.mark.image
DESCRIPTION = described()
UNITS = "/etc/systemd/system"


@pytest.fixture(scope="module", params=["amd64", "arm64"])
def root(request: pytest.FixtureRequest) -> ImageRoot:
    """The root in the image that was made last for that processor."""
    made = sorted((PROJECT / "dist").glob(f"unsit-*-{request.param}.img"), key=lambda file: file.stat().st_mtime)
    if not made and os.environ.get("UNSIT_IMAGE_TESTS") != "required":
        pytest.skip(f"no image to look into; first: sudo make image ARCH={request.param}")
    return ImageRoot(made[-1])


def starts(root: ImageRoot) -> Iterator[str]:
    """The units that start by themselves, by the links that say so; a masked one never does."""
    for folder in root.names(UNITS):
        if folder.endswith((".wants", ".requires")):
            yield from (unit for unit in root.names(f"{UNITS}/{folder}") if not root.is_masked(f"{UNITS}/{unit}"))


def test_each_file_that_is_described_is_there(root: ImageRoot) -> None:
    for part in DESCRIPTION.parts.values():
        for file in part.files:
            if file.kind == "link":
                assert root.kind(file.place_in_package) == "../lib/unsit/current/unsit"
            elif file.reach in ("", "house"):
                assert root.kind(file.place_in_package) == "regular", file.place_in_package


def test_the_page_is_for_the_house_and_avahi_tells_of_it(root: ImageRoot) -> None:
    for file in DESCRIPTION.parts["page"].files:
        if file.reach == "house":
            assert root.text(file.place_in_package) == file.source.read_text("utf-8").replace(
                "sudo make install-", "sudo apt install unsit-"
            )


def test_what_is_described_starts_by_itself_and_nothing_else(root: ImageRoot) -> None:
    of_parts = [unit for part in DESCRIPTION.parts.values() for unit in part.enabled]
    assert {*starts(root)} == {*of_parts, *DESCRIPTION.image_enabled}


def test_no_key_for_ssh_is_made_and_nothing_else_lets_somebody_in(root: ImageRoot) -> None:
    assert root.kind("/usr/lib/systemd/system/sshd-keygen.service") == "regular"
    assert root.is_masked(f"{UNITS}/sshd-keygen.service")
    assert root.is_masked("/etc/systemd/system-generators/systemd-ssh-generator")
    assert not root.is_masked("/usr/lib/systemd/system/ssh.service")


def test_what_raspi_firmware_calls_by_name_is_there_and_writes_nothing(root: ImageRoot) -> None:
    hook = "/etc/kernel/postinst.d/z50-raspi-firmware"
    said = [line for line in root.text(hook).splitlines() if not line.startswith("#")]
    assert (said, root.mode(hook) & 0o777) == (["exit 0"], 0o755)


def test_the_users_that_are_described_are_there_and_in_their_groups(root: ImageRoot) -> None:
    users = {line.split(":")[0] for line in root.text("/etc/passwd").splitlines()}
    groups = {line.split(":")[0]: line.split(":")[3] for line in root.text("/etc/group").splitlines()}
    assert DESCRIPTION.users().keys() <= users
    assert {*DESCRIPTION.groups()} <= groups.keys()
    for user, its in DESCRIPTION.users().items():
        assert all(user in groups[group].split(",") for group in its)


def test_its_packages_are_those_that_are_described(root: ImageRoot) -> None:
    installed = {
        line.removeprefix("Package: ")
        for line in root.text("/var/lib/dpkg/status").splitlines()
        if line.startswith("Package: ")
    }
    of_parts = {package.split()[0] for part in DESCRIPTION.parts.values() for package in part.debian}
    assert of_parts | {*DESCRIPTION.image_packages["all"]} <= installed


def test_what_lies_over_the_root_is_there_as_it_is_in_the_project(root: ImageRoot) -> None:
    over = SYSTEMD / "image/root"
    for file in over.rglob("*"):
        place = f"/{file.relative_to(over)}"
        if file.is_symlink():
            assert root.kind(place) == os.readlink(file)
        elif file.is_file() and "__pycache__" not in file.parts:
            assert root.text(place) == file.read_text("utf-8"), place
            assert bool(root.mode(place) & 0o111) == bool(file.stat().st_mode & 0o111), place


def test_nobody_can_log_in_with_a_password(root: ImageRoot) -> None:
    shadow = [line.split(":") for line in root.text("/etc/shadow").splitlines()]
    assert [line[0] for line in shadow if line[1] not in ("*", "!", "!*", "!!")] == []
