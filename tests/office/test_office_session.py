"""The name under which a broker keeps messages for the collector: nobody guesses it, and it outlives its password."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from device.mqtt.rounds import one_round
from device.office.collecting import Collector
from device.office.office_file import load_office
from device.office.session import OfficeBrokerError, connection_of, office_broker
from device.office.store import OfficeStore
from tests.mosquitto import Mosquitto
from tests.office.desks import KEEPS_ALL, Desks, chain, collecting, facts_in, office_at
from tests.waiting import WITHIN_S


def test_what_waits_for_the_collector_comes_after_it_has_another_password(tmp_path: Path) -> None:
    mosquitto = Mosquitto(tmp_path / "broker", KEEPS_ALL).start()
    url = f"sqlite:///{tmp_path}/office.db"
    office = office_at(tmp_path, mosquitto, url)
    try:
        office.password_file.write_text("one\n")
        with collecting(office, mosquitto, url):
            pass
        desks = Desks(mosquitto)
        desks.client.open()
        _go_on(desks, lambda: desks.client.is_connected)
        desks.send("d1", "facts", chain(1, 3))
        _go_on(desks, lambda: desks.taken == 3)
        desks.client.close()
        office.password_file.write_text("two\n")
        with collecting(office, mosquitto, url) as both:
            both.until(lambda: facts_in(url) == [("d1", 1), ("d1", 2), ("d1", 3)])
    finally:
        mosquitto.stop()


def _go_on(desks: Desks, holds: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < ends_at
        one_round([desks.client], time.monotonic() + 0.1)


def test_its_name_is_drawn_once_for_the_owners_eyes(tmp_path: Path) -> None:
    names = set()
    for folder in ("a", "a", "b"):
        (tmp_path / folder).mkdir(exist_ok=True)
        names.add(_name_at(tmp_path / folder))
    assert len(names) == 2
    file = tmp_path / "a/session"
    assert file.stat().st_mode & 0o777 == 0o600
    assert f"office-{file.read_text().strip()}" in names
    assert len(file.read_text().strip()) == 16


@pytest.mark.parametrize("nonsense", ["", "x y", "abc"])
def test_a_drawn_part_that_makes_no_sense_is_one_line(tmp_path: Path, nonsense: str) -> None:
    (tmp_path / "session").write_text(nonsense)
    with pytest.raises(OfficeBrokerError, match="session: makes no sense; delete it, and the next start draws another"):
        _name_at(tmp_path)


def test_a_folder_that_takes_no_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "session.new").mkdir()
    with pytest.raises(OfficeBrokerError, match=r"session: Is a directory"):
        _name_at(tmp_path)


def _name_at(folder: Path) -> str:
    (folder / "office.toml").write_text('[broker]\nhost = "127.0.0.1"\ntls = "no"\n')
    office = load_office(folder / "office.toml")
    store = OfficeStore(office.database_url)
    try:
        return connection_of(office, office_broker(office), Collector(office, store))._name
    finally:
        store.close()
