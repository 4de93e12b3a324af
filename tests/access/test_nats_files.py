"""The file of users for a cluster of nats-server; tests/office_cluster tries it on a real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.access.nats_files import NATS, NatsNameError, nats_files, nats_password
from device.access.users import BrokerUser, Role
from device.office.office_file import DesksBroker, Office, OfficeBroker

OFFICE = Office(Path("office.toml"), OfficeBroker("cluster.example"), DesksBroker())
KEPT = '["unsit.*.availability", "unsit.*.state.*", "unsit.*.sent", "unsit.*.offer"]'


def line_about(name: str, *users: BrokerUser) -> str:
    lines = nats_files(OFFICE, users)["unsit-users.conf"].decode().splitlines()
    return next(line for line in lines if f'user: "{name}"' in line)


def test_a_desk_says_and_hears_its_own_and_gives_itself_neither_orders_nor_offers() -> None:
    says, hears = line_about("desk-1", BrokerUser("desk-1", Role.DESK, {NATS: "$2b$04$x"})).split("subscribe:")
    assert '"unsit.desk-1.facts"' in says
    assert "unsit.desk-1.set" not in says
    assert "unsit.desk-1.offer" not in says
    assert "[" + '"unsit.desk-1.set.*", "unsit.desk-1.offer", "$MQTT.sub.>"]' in hears


@pytest.mark.parametrize(
    ("role", "says", "hears"),
    [
        (Role.COLLECTOR, '["unsit.*.set.resend"]', '["unsit.*.facts", "unsit.*.days", "unsit.*.sent", "$MQTT.sub.>"]'),
        (Role.OFFERING, '["unsit.*.offer"]', '["$MQTT.sub.>"]'),
        (Role.BRIDGE, '["unsit.*.facts", "unsit.*.days", "unsit.*.sent"]', '["unsit.*.set.resend", "unsit.*.offer"'),
        (Role.CLEARING, KEPT, '["$MQTT.sub.>"]'),
    ],
)
def test_each_of_the_offices_own_users_may_do_its_part(role: Role, says: str, hears: str) -> None:
    said, heard = line_about("office", BrokerUser("office", role, {NATS: "$2b$04$x"})).split("subscribe:")
    assert f"publish: {says}" in said
    assert hears in heard


def test_who_is_shut_out_stays_with_another_password_each_time() -> None:
    gone = BrokerUser("desk-1", Role.DESK, {})
    assert "locked" in line_about("desk-1", gone)
    assert line_about("desk-1", gone) != line_about("desk-1", gone)


def test_a_password_is_hashed_with_another_salt_each_time() -> None:
    first, second = nats_password("secret"), nats_password("secret")
    assert first != second
    assert all(each.startswith("$2b$04$") and len(each) == 60 for each in (first, second))


@pytest.mark.parametrize("name", ["a.b", "a b", "*", "x>", 'x"', "a/b", "$SYS", ""])
def test_a_name_that_means_something_else_there_is_refused(name: str) -> None:
    with pytest.raises(NatsNameError, match="a name on a nats-server"):
        nats_files(OFFICE, [BrokerUser(name, Role.DESK, {})])
