"""`unsit office enrol`, `move`, `revoke` and `list`: what somebody who runs an office sees, and what comes of it."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from device.__main__ import main
from device.access.enrolling import Access
from device.commands.asking import EX_CONFIG, EX_IO_ERR, EX_NO_INPUT, EX_UNAVAILABLE, EX_USAGE
from device.mqtt.broker import Broker
from device.mqtt.client import Client, Hooks
from device.mqtt.rounds import one_round
from device.office.office_file import load_office
from device.office.store import OfficeStore
from tests.mosquitto import Mosquitto
from tests.waiting import WITHIN_S, until


class Runs:
    """Somebody at the office's computer."""

    def __init__(self, folder: Path, output: pytest.CaptureFixture[str]) -> None:
        self.folder, self._output = folder, output
        self.file = folder / "office.toml"
        self.told = folder / "told"
        program = folder / "changed"
        program.write_text(f'#!/bin/sh\nls "$1" >>{self.told}\n')
        program.chmod(0o755)
        self.file.write_text(f'changed = "{program}"\n[broker]\nhost = "broker.example"\n')

    def says(self, *words: str, code: int = 0) -> str:
        """What the command prints."""
        assert main(["office", *words, "--office", str(self.file)]) == code
        said = self._output.readouterr()
        return (said.out + said.err).strip()

    @property
    def passwords(self) -> str:
        """What the broker knows."""
        return (self.folder / "access/mosquitto/passwords").read_text()

    @property
    def teams(self) -> dict[str, str]:
        """Each desk that is enrolled, and its team."""
        with closing(OfficeStore(load_office(self.file).database_url)) as store:
            return {each.desk: each.team for each in store.stays() if each.gone is None}


@pytest.fixture
def runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Runs:
    return Runs(tmp_path, capsys)


def test_a_desk_gets_a_name_that_says_nothing_a_password_and_a_team(runs: Runs) -> None:
    said = runs.says("enrol", "--team", "Harbour & Hill")
    (name,) = re.findall("desk-[0-9a-f]{8}(?=:)", said)
    assert runs.teams == {name: "Harbour & Hill"}
    assert f"Carry what is in {runs.folder}/access/to-carry/{name} to the desk, then delete it here." in said
    assert f"\n{name}:$7$" in f"\n{runs.passwords}"
    assert runs.told.read_text().split() == ["access", "passwords", "unsit.conf"]
    password = (runs.folder / "access/to-carry" / name / "mqtt-password").read_text().strip()
    assert len(password) >= 32
    assert password not in said


def test_many_are_enrolled_at_once(runs: Runs) -> None:
    runs.says("enrol", "--team", "Harbour", "--count", "25")
    assert len(runs.teams) == 25
    assert runs.says("list").splitlines()[0] == "Harbour: 25 desks"
    assert runs.says() == runs.says("list")


def test_who_is_enrolled_is_not_enrolled_again_but_moved(runs: Runs) -> None:
    runs.says("enrol", "d1", "--team", "Harbour")
    before = runs.passwords
    assert "d1 is enrolled already" in runs.says("enrol", "d1", "--team", "Hill", code=EX_IO_ERR)
    assert (runs.teams, runs.passwords) == ({"d1": "Harbour"}, before)
    assert "d1: Hill from today on" in runs.says("move", "d1", "--team", "Hill")
    assert runs.teams == {"d1": "Hill"}
    assert "d9 isn't enrolled" in runs.says("move", "d9", "--team", "Hill", code=EX_NO_INPUT)


def test_a_desk_that_is_revoked_is_out_and_may_come_back(runs: Runs) -> None:
    for desk in ("d1", "d2"):
        runs.says("enrol", desk, "--team", "Harbour")
    assert "d1 is shut out." in runs.says("revoke", "d1")
    assert "d1:" not in runs.passwords
    assert not (runs.folder / "access/to-carry/d1").exists()
    assert runs.teams == {"d2": "Harbour"}
    assert "there is no desk called d9" in runs.says("revoke", "d9", code=EX_NO_INPUT)
    runs.says("enrol", "d1", "--team", "Harbour")
    assert runs.teams == {"d1": "Harbour", "d2": "Harbour"}


def test_a_desk_is_shut_out_even_while_the_database_is_away(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.office.store._PATIENCE_S", 0.05)
    runs.says("enrol", "d1", "--team", "Harbour")
    with closing(sqlite3.connect(runs.folder / "office.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "locked" in runs.says("revoke", "d1", code=EX_UNAVAILABLE)
        other.rollback()
    assert "d1:" not in runs.passwords
    runs.says("revoke", "d1")
    assert runs.teams == {}


def test_collectors_and_bridges_have_names_of_their_own(runs: Runs) -> None:
    assert "collector-2: a collector." in runs.says("enrol", "collector-2", "--collector")
    assert "floor-3: a bridge." in runs.says("enrol", "floor-3", "--bridge")
    assert "a bridge needs a name, such as bridge-2" in runs.says("enrol", "--bridge", code=EX_USAGE)
    assert "What is stored" not in runs.says("revoke", "collector-2"), "nothing of a collector is"
    runs.says("enrol", "collector-2", "--collector")
    assert "office is enrolled already" in runs.says("enrol", "office", "--team", "Harbour", code=EX_IO_ERR)
    assert Access(load_office(runs.file)).names() == [
        *("collector-2", "floor-3", "office", "office-forgets", "office-offers"),
    ]
    assert runs.teams == {}


def test_what_to_carry_where_is_said_as_it_is(runs: Runs) -> None:
    carry = runs.folder / "access/to-carry"
    said = runs.says("enrol", "floor-3", "--bridge")
    assert f"Carry bridge.conf in {carry}/floor-3 to the floor's broker, then delete that folder here." in said
    said = runs.says("enrol", "collector-2", "--collector")
    assert f"Carry mqtt-password in {carry}/collector-2 to its computer, then delete that folder here." in said


def test_nobody_guesses_the_place_of_a_bridge(runs: Runs) -> None:
    places = set()
    for floor in ("floor-3", "floor-4"):
        runs.says("enrol", floor, "--bridge")
        says = (runs.folder / "access/to-carry" / floor / "bridge.conf").read_text()
        places.update(re.findall(f"^remote_clientid {floor}-([0-9a-f]{{16}})$", says, re.MULTILINE))
    assert len(places) == 2


def test_who_vouches_for_the_broker_is_carried_along(runs: Runs) -> None:
    certificate = runs.folder / "company-ca.pem"
    certificate.write_text("a certificate\n")
    office = f'[broker]\nhost = "broker.example"\nca = "{certificate}"\n'
    runs.file.write_text(office)
    for desk in ("d1", "d2"):
        runs.says("enrol", desk, "--team", "Harbour")
    carry = runs.folder / "access/to-carry"
    assert 'ca = "/etc/unsit/office-ca.pem"\n' in _settings_of(runs, "d1")
    assert str(certificate) not in _settings_of(runs, "d1"), "that is a path of this computer"
    said = runs.says("enrol", "floor-3", "--bridge")
    assert f"Carry bridge.conf and office-ca.pem in {carry}/floor-3" in said
    assert "bridge_cafile /etc/mosquitto/unsit/office-ca.pem\n" in (carry / "floor-3/bridge.conf").read_text()
    assert "office-ca.pem" in runs.says("enrol", "collector-2", "--collector")
    for name in ("d1", "d2", "floor-3", "collector-2"):
        assert (carry / name / "office-ca.pem").read_text() == "a certificate\n"
        assert (carry / name / "office-ca.pem").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("broker", "desks", "ca", "is_carried"),
    [
        ("yes", 'ca = "/srv/floor.pem"', 'ca = "/srv/floor.pem"', False),
        ("yes", 'tls = "no"', "", False),
        ("no", 'tls = "yes"', 'ca = "/etc/unsit/office-ca.pem"', True),
        ("no", "", "", False),
    ],
)
def test_desks_of_another_broker_trust_whom_its_lines_say(
    runs: Runs, broker: str, desks: str, ca: str, is_carried: bool
) -> None:
    certificate = runs.folder / "ca.pem"
    certificate.write_text("a certificate\n")
    runs.file.write_text(
        f'[broker]\nhost = "broker.example"\ntls = "{broker}"\nca = "{certificate}"\n[desks]\n{desks}\n'
    )
    runs.says("enrol", "d1", "--team", "Harbour")
    assert re.findall("^ca = .*", _settings_of(runs, "d1"), re.MULTILINE) == ([ca] if ca else [])
    assert (runs.folder / "access/to-carry/d1/office-ca.pem").exists() == is_carried


def test_a_certificate_that_isnt_there_is_one_line_and_nobody_is_let_in(runs: Runs) -> None:
    runs.file.write_text('[broker]\nhost = "broker.example"\nca = "/nowhere/ca.pem"\n')
    said = runs.says("enrol", "d1", "--team", "Harbour", code=EX_IO_ERR)
    assert f"{runs.file}: broker.ca: /nowhere/ca.pem: No such file or directory" in said
    assert runs.says("list").startswith("No desk is enrolled")
    runs.says("enrol", "floor-3", "--bridge", code=EX_IO_ERR)


def test_the_office_is_not_shut_out_but_gets_another_password(runs: Runs) -> None:
    runs.says("enrol", "d1", "--team", "Harbour")
    before, password = runs.passwords, (runs.folder / "password").read_text()
    assert "office is the office itself; delete" in runs.says("revoke", "office", code=EX_IO_ERR)
    assert runs.passwords == before
    (runs.folder / "password").unlink()
    runs.says("revoke", "d1")
    assert (runs.folder / "password").read_text() != password
    assert not set(before.splitlines()) & set(runs.passwords.splitlines())


def test_an_empty_password_of_the_office_is_one_line(runs: Runs) -> None:
    (runs.folder / "password").touch()
    said = runs.says("enrol", "d1", "--team", "Harbour", code=EX_IO_ERR)
    assert f"{runs.folder}/password is empty; allowed: a file with the password in its first line" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("enrol", "Anna!", "--team", "x"), "Anna!: allowed: up to 40 small letters"),
        (("enrol", "d1", "--team", "a/b"), "a/b: allowed: up to 40 letters"),
        (("enrol", "d1"), "one of the arguments --team --collector --bridge is required"),
        (("enrol", "--team", "x", "--count", "0"), "a whole number from 1 to 1000"),
    ],
)
def test_a_wrong_word_is_one_line(
    runs: Runs, words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        runs.says(*words)
    assert says in capsys.readouterr().err


def test_names_for_desks_are_not_given_with_a_count(runs: Runs) -> None:
    assert "leave DESK out" in runs.says("enrol", "d1", "--team", "x", "--count", "2", code=EX_USAGE)


def test_a_broker_that_cant_be_told_is_said(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    program, files = runs.folder / "changed", runs.folder / "access/mosquitto"
    ends = f"The broker may not know of it yet; when that is mended: {program} {files}"
    runs.says("enrol", "d1", "--team", "Harbour")
    for nth, (body, why) in enumerate(
        [
            ("#!/bin/sh\nexit 3\n", "it ended with 3"),
            ("#!/bin/sh\nkill -9 $$\n", "it was ended by SIGKILL"),
            ("#!/bin/sh\nexec sleep 30\n", "it didn't end within 0.5 s"),
            ("#!/nowhere/sh\n", "it can't be started: No such file or directory"),
        ]
    ):
        monkeypatch.setattr("device.access.enrolling._HOOK_S", 0.5)
        program.write_text(body)
        said = runs.says("enrol", f"e{nth}", "--team", "Harbour", code=EX_IO_ERR)
        assert said.splitlines()[-1] == f"unsit: {runs.file}: changed: {program}: {why}. {ends}"
    runs.file.write_text('[broker]\nhost = "broker.example"\n')
    said = runs.says("revoke", "d1")
    assert f"Bring the files in {runs.folder}/access/mosquitto to the broker" in said


def test_the_broker_is_told_at_the_next_revoke_if_it_wasnt_at_the_first(runs: Runs) -> None:
    runs.says("enrol", "d1", "--team", "Harbour")
    program = runs.folder / "changed"
    works = program.read_text()
    program.write_text("#!/bin/sh\nexit 3\n")
    for _ in range(2):
        said = runs.says("revoke", "d1", code=EX_IO_ERR)
        assert said.splitlines()[-1].endswith(", or `unsit office revoke d1` again")
        assert runs.teams == {}, "nothing more of it is stored"
    with closing(sqlite3.connect(runs.folder / "office.db")) as other:
        other.execute("DROP TABLE unsit")
        other.execute("CREATE TABLE unsit (layout INTEGER)")
        other.execute("INSERT INTO unsit VALUES (9)")
        other.commit()
        said = runs.says("revoke", "d1", code=EX_UNAVAILABLE)
        assert "it ended with 3" in said, "both are said"
        assert "is of a newer Unsit" in said
        other.execute("DELETE FROM unsit")
        other.commit()
    runs.told.unlink()
    program.write_text(works)
    assert "d1 is shut out." in runs.says("revoke", "d1")
    assert "passwords" in runs.told.read_text()


def test_the_broker_is_told_when_somebody_is_enrolled_again_whom_it_wasnt_told_of(runs: Runs) -> None:
    program = runs.folder / "changed"
    works = program.read_text()
    program.write_text("#!/bin/sh\nexit 3\n")
    for words in (("d1", "--team", "Harbour"), ("floor-3", "--bridge")):
        runs.says("enrol", *words, code=EX_IO_ERR)
    program.write_text(works)
    for words in (("d1", "--team", "Harbour"), ("floor-3", "--bridge")):
        runs.told.unlink(missing_ok=True)
        assert f"{program} has told the broker." in runs.says("enrol", *words, code=EX_IO_ERR)
        assert "passwords" in runs.told.read_text()


def test_a_stolen_password_is_out_after_a_second_revoke_though_the_first_never_reached_the_broker(
    runs: Runs, tmp_path: Path
) -> None:
    runs.says("enrol", "d1", "--team", "Harbour")
    brought = tmp_path / "passwords"
    brought.write_text(runs.passwords)
    broker = Mosquitto(tmp_path / "broker", ["allow_anonymous false", f"password_file {brought}"]).start()
    try:
        brings = f"#!/bin/sh\ncp $1/passwords {brought} && kill -HUP {broker.pid}\n"
        password = (runs.folder / "access/to-carry/d1/mqtt-password").read_text().strip()
        assert _lets_in(broker, password)
        (runs.folder / "changed").write_text("#!/bin/sh\nexit 3\n")
        runs.says("revoke", "d1", code=EX_IO_ERR)
        assert _lets_in(broker, password), "it doesn't know yet"
        (runs.folder / "changed").write_text(brings)
        runs.says("revoke", "d1")
        until(lambda: not _lets_in(broker, password))
    finally:
        broker.stop()


def _lets_in(broker: Mosquitto, password: str) -> bool:
    troubles: list[str] = []
    client = Client(Broker("127.0.0.1", broker.port, "d1", password), "d1", Hooks(not_connected=troubles.append))
    client.open()
    try:
        ends_at = time.monotonic() + WITHIN_S
        while not (client.is_connected or troubles):
            assert time.monotonic() < ends_at
            one_round([client], time.monotonic() + 0.05)
        return client.is_connected
    finally:
        client.close()


def test_a_slow_enrol_doesnt_bring_back_what_a_revoke_has_taken(runs: Runs) -> None:
    runs.says("enrol", "d1", "--team", "Harbour")
    slow, brings, brought = (runs.folder / each for each in ("slow", "brings", "brought"))
    (runs.folder / "changed").write_text(
        f'#!/bin/sh\ncat "$1/passwords" >{brought}.$$\n'
        f"if mv {slow} {brings} 2>/dev/null; then while [ -e {brings} ]; do sleep 0.05; done; fi\n"
        f"mv {brought}.$$ {brought}\n"
    )
    slow.touch()
    enrols = _process(runs, "enrol", "d2", "--team", "Harbour")
    until(brings.exists)
    revokes = _process(runs, "revoke", "d1")
    until(lambda: revokes.poll() is not None or _waits_for_a_lock(revokes.pid))
    brings.unlink()
    assert (enrols.wait(20), revokes.wait(20)) == (0, 0)
    assert re.findall("^d[0-9]", brought.read_text(), re.MULTILINE) == ["d2"]


def _process(runs: Runs, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "device", "office", *words, "--office", str(runs.file)])


def _waits_for_a_lock(pid: int) -> bool:
    return bool(re.search(rf"-> FLOCK .* {pid} ", Path("/proc/locks").read_text()))


def test_a_desk_that_was_forgotten_comes_back_as_is_said(runs: Runs) -> None:
    runs.says("enrol", "d1", "--team", "Harbour")
    with closing(OfficeStore(load_office(runs.file).database_url)) as store:
        store.delete_desk("d1")
    said = runs.says("enrol", "d1", "--team", "Harbour", code=EX_IO_ERR)
    assert "`unsit office revoke d1` first" in said
    runs.says("revoke", "d1")
    runs.says("enrol", "d1", "--team", "Harbour")
    assert runs.teams == {"d1": "Harbour"}


def test_a_wrong_office_file_is_one_line(runs: Runs) -> None:
    runs.file.write_text("[broker]\n")
    assert "broker.host is missing" in runs.says("list", code=EX_CONFIG)


def test_a_cluster_of_nats_servers_gets_a_file_of_users_instead(runs: Runs) -> None:
    nats = 'access = "nats"\n[broker]\nhost = "x"\n'
    runs.file.write_text(nats)
    assert 'allowed: broker.version = "3.1.1"' in runs.says("list", code=EX_CONFIG)
    runs.file.write_text(f'{nats}version = "3.1.1"\n')
    runs.says("enrol", "d1", "--team", "Harbour")
    file = runs.folder / "access/nats/unsit-users.conf"
    users = re.findall(r'user: "([^"]*)", password: "\$2b', file.read_text())
    assert sorted(users) == ["d1", "office", "office-forgets", "office-offers"]
    runs.says("revoke", "d1")
    assert 'user: "d1", password: "locked ' in file.read_text(), "it stays there"
    runs.file.write_text(f'{nats}version = "3.1.1"\n'.replace("nats", "mosquitto+nats"))
    assert 'version = "3.1.1"' in (runs.says("enrol", "d2", "--team", "Harbour") and _settings_of(runs, "d2"))
    assert runs.passwords.startswith("d2:$7$")
    assert 'user: "d2", password: "$2b' in file.read_text()
    runs.file.write_text(f'{nats}version = "3.1.1"\ntopic = "a.b"\n')
    assert "a.b: a name on a nats-server" in runs.says("enrol", "d3", "--team", "Harbour", code=EX_IO_ERR)


@pytest.mark.parametrize("before", ["mosquitto", "nats"])
def test_the_office_may_connect_to_a_kind_of_broker_that_is_added_later(runs: Runs, before: str) -> None:
    broker = '[broker]\nhost = "x"\nversion = "3.1.1"\n'
    runs.file.write_text(f'access = "{before}"\n{broker}')
    runs.says("enrol", "d1", "--team", "Harbour")
    password = (runs.folder / "password").read_text()
    runs.file.write_text(f'access = "mosquitto+nats"\n{broker}')
    runs.says("enrol", "d2", "--team", "Harbour")
    assert (runs.folder / "password").read_text() == password
    nats = (runs.folder / "access/nats/unsit-users.conf").read_text()
    for name in ("office", "office-forgets", "office-offers"):
        assert f'user: "{name}", password: "$2b' in nats
        assert f"{name}:$7$" in runs.passwords


def _settings_of(runs: Runs, desk: str) -> str:
    return (runs.folder / "access/to-carry" / desk / "unsit.toml").read_text()
