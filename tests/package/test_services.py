"""What an upgrade does to the services, under a real systemd."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.package.debians import Kind, fresh
from tests.package.versions import OLDER, apt_installs, packages_of, version_here

pytestmark = pytest.mark.package
HERE = version_here()
# There are no pins in it: the desk is a simulated one, which serves a page of its own.
_SIMULATED = """\
[Service]
ExecStart=
ExecStart=/usr/bin/unsit run --hardware simulated --set page.port=8055 --set journal.file=/var/lib/unsit/journal.db
RestrictAddressFamilies=AF_UNIX AF_INET
IPAddressDeny=
PrivateNetwork=no
"""
_TOLD = """
told() {
    echo "$1 active=$(systemctl is-active unsit.service unsit-page.socket unsit-meetings.timer | tr '\\n' ' ')"
    echo "$1 starts=$(journalctl -u unsit.service -o cat | grep -c '^Started')"
    echo "$1 page=$(python3 -c "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8016/').status)")"
    echo "$1 version=$(unsit --version)"
    echo "$1 process=$(systemctl show --property MainPID --value unsit-page.service)"
}
for n in $(seq 120); do systemctl --quiet is-active unsit && break; sleep 1; done
"""


@pytest.fixture(scope="module")
def said(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a booted one told before and after an upgrade, after a refusal, and after a removal."""
    debian = fresh(Kind("trixie", "amd64"), tmp_path_factory.mktemp("booted") / "changes", packages)
    folder = "/etc/systemd/system/unsit.service.d"
    debian.says(f"{apt_installs(OLDER)}mkdir -p {folder} && cat >{folder}/simulated.conf <<'END'\n{_SIMULATED}END")
    return debian.boots(
        f"{_TOLD}told before\ndpkg --install {packages_of(HERE)}; sleep 5; told after\n"
        f"systemctl stop unsit-page.socket; systemctl disable unsit-page.socket; dpkg --install {packages_of(HERE)}\n"
        "echo off page=$(systemctl is-active unsit-page.socket)\n"
        "systemctl cat unsit >/var/tmp/unit; dpkg --remove unsit-page unsit-meetings unsit-mqtt unsit\n"
        "echo gone active=$(systemctl is-active unsit unsit-meetings.timer | tr '\\n' ' ')"
    )


def told(said: str, when: str, what: str) -> str:
    found = re.search(rf"^{when} {what}=(.*)$", said, re.MULTILINE)
    assert found, said[-3000:]
    return found[1].strip()


def test_the_services_start_with_the_system(said: str) -> None:
    assert told(said, "before", "active") == "active active active"
    assert told(said, "before", "page") == "200"
    assert told(said, "before", "version") == f"unsit {OLDER}"


def test_an_upgrade_restarts_the_device_once(said: str) -> None:
    assert told(said, "after", "version") == f"unsit {HERE}"
    assert told(said, "after", "active") == "active active active"
    assert int(told(said, "after", "starts")) == int(told(said, "before", "starts")) + 1


def test_after_an_upgrade_the_page_is_the_new_one(said: str) -> None:
    assert told(said, "after", "page") == "200"
    assert told(said, "before", "process") != told(said, "after", "process")


def test_what_somebody_has_switched_off_stays_off(said: str) -> None:
    assert told(said, "off", "page") == "inactive"


def test_removing_ends_what_runs(said: str) -> None:
    assert told(said, "gone", "active") == "inactive inactive"
