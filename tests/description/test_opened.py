"""What the image opens to the network is listed: held against the units, and the reading of what `ss` says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from device.settings.settings import Settings
from systemd.making.description import SYSTEMD, DescriptionError, described
from systemd.making.opened import FILE, opened
from tests.check_unit import PROJECT

HEAD = "Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process\n"
PAGE = 'tcp   LISTEN 0      4096         0.0.0.0:8016       0.0.0.0:*    users:(("systemd",pid=1,fd=42))\n'
NAMES = 'udp   UNCONN 0      0            0.0.0.0:5353       0.0.0.0:*    users:(("avahi-daemon",pid=12,fd=12))\n'
ANSWERS = 'udp   UNCONN 0      0               [::]:41234         [::]:*    users:(("avahi-daemon",pid=12,fd=15))\n'
SSH = 'tcp   LISTEN 0      128             [::]:22            [::]:*    users:(("sshd",pid=9,fd=4))\n'
LEASE = 'udp UNCONN 0 0 [fe80::1]%eth0:546 [::]:* users:(("NetworkManager",pid=7,fd=30))\n'


def units() -> dict[str, str]:
    """Every unit of ours that the image has, by name."""
    image = (SYSTEMD / "image/root").rglob("*.service")
    parts = [unit for part in described().parts.values() for unit in part.units()]
    files = [*parts, *(unit for unit in image if unit.stat().st_size)]
    return {unit.name: unit.read_text("utf-8") for unit in files if unit.suffix == ".service"}


def has_network(unit: str) -> bool:
    """By the unit's own word: a network of this computer's, and sockets that lead into it."""
    if "PrivateNetwork=yes" in unit.splitlines():
        return False
    families = re.search(r"^RestrictAddressFamilies=(.*)$", unit, re.MULTILINE)
    return families is None or not {*families[1].split()} <= {"none", "AF_UNIX", "AF_NETLINK"}


def test_the_units_with_a_network_are_those_that_are_listed() -> None:
    assert {name for name, unit in units().items() if has_network(unit)} == opened().units.keys()


def test_neither_the_device_nor_the_page_has_one() -> None:
    assert not {"unsit.service", "unsit-page.service"} & opened().units.keys()
    for name in ("unsit.service", "unsit-page.service"):
        assert "PrivateNetwork=yes" in units()[name].splitlines()


def test_a_part_is_said_to_have_a_network_where_one_of_its_units_has_one() -> None:
    for part in described().parts.values():
        assert part.has_network == any(unit.name in opened().units for unit in part.units()), part.name


def test_who_is_said_not_to_listen_cant() -> None:
    for name, what_for in opened().units.items():
        assert ("it can't listen" in what_for) == ("SocketBindDeny=any" in units()[name].splitlines()), name


def test_every_socket_of_ours_and_what_avahi_tells_of_it_is_listed() -> None:
    sockets = [*SYSTEMD.glob("*.socket"), *(SYSTEMD / "image/root").rglob("*.socket")]
    reaches = [file.source for part in described().parts.values() for file in part.files if file.reach]
    texts = [file.read_text("utf-8") for file in (*sockets, *reaches)]
    listens = re.compile(r"^Listen(?:Stream|Datagram)=(?:[\d.]+:|\[.*\]:)?(\d+)$|<port>(\d+)</port>", re.MULTILINE)
    told = {int(port) for text in texts for pair in listens.findall(text) for port in pair if port}
    assert told == {Settings().page.port}
    assert {port.number for port in opened().ports if "systemd" in port.programs} == told


def test_the_documents_table_has_each_port_and_each_unit() -> None:
    text = (PROJECT / "docs/network.md").read_text("utf-8")
    rows = re.findall(r"^\| (any|\d+) (tcp|udp) \| ([^|]+) \| (\w+) \| ([^|]+) \|$", text, re.MULTILINE)
    assert rows == [
        (str(port.number or "any"), port.protocol, f"`{port.programs[0]}`", port.when, port.who)
        for port in opened().ports
    ]
    told = dict(re.findall(r"^\| `([\w-]+\.service)` \| ([^|]+) \|$", text, re.MULTILINE))
    assert told == {**opened().units, **opened().debian_units}


def test_every_unit_of_debian_that_starts_in_the_image_is_known_for_its_network_or_for_having_none() -> None:
    without = {
        *("remote-fs.target", "systemd-pstore.service"),
        # It asks NetworkManager, and no more; a socket for programs of this computer.
        *("NetworkManager-wait-online.service", "avahi-daemon.socket"),
    }
    debians = {unit for unit in described().image_enabled if not unit.startswith("unsit-")}
    # These two start once they are needed.
    assert debians - without == opened().debian_units.keys() - {"comitup.service", "comitup-web.service"}


# ---- what `ss` says


def test_what_is_listed_may_be_there_and_nothing_else() -> None:
    assert opened().unlisted(HEAD + PAGE + NAMES + ANSWERS + LEASE, {"always", "network"}) == []
    assert opened().unlisted(HEAD + PAGE + SSH, {"always"}) == ["tcp [::]:22 sshd"]
    assert opened().unlisted(HEAD + PAGE + SSH, {"always", "ssh"}) == []
    assert opened().unlisted(HEAD + PAGE.replace("systemd", "nginx"), {"always"}) == ["tcp 0.0.0.0:8016 nginx"]


def test_what_only_this_computer_reaches_is_not_open() -> None:
    for address in ("127.0.0.1", "127.0.0.53%lo", "[::1]"):
        assert opened().unlisted(HEAD + SSH.replace("[::]:22", f"{address}:22"), {"always"}) == []
    for address in ("*", "10.0.2.15", "192.168.1.2%wlan0", "[fe80::1]%eth0"):
        assert len(opened().unlisted(HEAD + SSH.replace("[::]:22", f"{address}:22"), {"always"})) == 1


def test_a_socket_of_whom_nobody_knows_is_not_listed() -> None:
    anonymous = "tcp   LISTEN 0      4096         0.0.0.0:8016       0.0.0.0:*\n"
    assert opened().unlisted(HEAD + anonymous, {"always"}) == ["tcp 0.0.0.0:8016 somebody unknown"]


def test_what_has_to_be_there_and_isnt_is_named() -> None:
    assert opened().missing(HEAD + PAGE + NAMES, {"always", "network"}) == []
    assert opened().missing(HEAD + PAGE, {"always"}) == ["udp 5353"]
    assert opened().missing(HEAD + PAGE + NAMES, {"always", "ssh"}) == ["tcp 22"]


@pytest.mark.parametrize("said", ["", "bash: ss: command not found", f"{HEAD}tcp LISTEN", f"{HEAD}a b c d e f g"])
def test_what_ss_never_says_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="ss -tulpn"):
        opened().unlisted(said, {"always"})


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('protocol = "udp"', 'protocol = "sctp"', "ports, number 2: allowed: number, protocol"),
        ("sure = true", "", "ports, number 1"),
        ('when = "hotspot"', 'when = "sometimes"', "ports, number 7"),
        ("[units]", "[unit]", "allowed: ports, units, and debian_units"),
        ("[units]", "[units", "this can't be read"),
    ],
)
def test_a_broken_list_is_refused_in_one_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    file = tmp_path / "opened.toml"
    file.write_text(FILE.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(DescriptionError) as refused:
        opened(file)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
