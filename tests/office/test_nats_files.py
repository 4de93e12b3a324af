"""The file of users for a cluster of nats-server; tests/office_cluster tries it on a real one."""

from __future__ import annotations

import pytest

from device.office.nats_files import NatsNameError, nats_password, nats_users, read_nats_users


def test_what_is_written_is_read_back() -> None:
    hashes = {"desk-1": nats_password("one"), "desk-2": ""}
    assert read_nats_users(nats_users(hashes, {"office": "$2b$04$x"}, "unsit")) == {**hashes, "office": "$2b$04$x"}


def test_a_desk_says_and_hears_its_own_and_gives_itself_neither_orders_nor_offers() -> None:
    written = nats_users({"desk-1": "$2b$04$x"}, {}, "unsit")
    says, hears = written.split("subscribe:")
    assert "unsit.desk-1.facts" in says
    assert "unsit.desk-1.offer.answer" not in says
    assert "unsit.desk-1.set" not in says
    assert '"unsit.desk-1.offer"' not in says
    assert '"unsit.desk-1.set.*", "unsit.desk-1.offer"' in hears
    assert ">" not in written.replace('"$MQTT.sub.>"', "")


def test_who_is_locked_out_has_another_password_each_time() -> None:
    assert nats_users({"desk-1": ""}, {}, "unsit") != nats_users({"desk-1": ""}, {}, "unsit")


def test_a_password_is_hashed_with_another_salt_each_time() -> None:
    first, second = nats_password("secret"), nats_password("secret")
    assert first != second
    assert all(each.startswith("$2b$04$") and len(each) == 60 for each in (first, second))


@pytest.mark.parametrize("name", ["a.b", "a b", "*", "x>", 'x"', "a/b", "$SYS", ""])
def test_a_name_that_means_something_else_there_is_refused(name: str) -> None:
    with pytest.raises(NatsNameError, match="a name on a nats-server"):
        nats_users({name: ""}, {}, "unsit")
