"""Access on a real mosquitto, by the files that enrolling writes: each desk says its own and hears its own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from device.access.enrolling import Access
from device.access.mosquitto_files import mosquitto_proof
from device.access.users import Role
from device.mqtt.broker import Broker
from device.mqtt.client import Arrival, Backoff, Client, Hooks, Manners, Will
from device.mqtt.rounds import one_round
from device.office.clearing import ClearingError, clear
from device.office.office_file import Office, load_office
from device.topics.names import COMMANDS, STATES, Topics
from tests.mosquitto import Mosquitto, free_port
from tests.waiting import WITHIN_S

OWN, OTHER = Topics("unsit", "desk-a"), Topics("unsit", "desk-b")
WATCHERS = ("watcher", "late-watcher", "last-word")
"""They hear and may say everything. Each has a name of its own, since one user is one client."""
KEPT = [OTHER.availability, *(OTHER.state(name) for name in STATES), OTHER.sent, OTHER.offer]
REVOKED_WITHIN_S = 60.0


def said_by(desk: Topics) -> list[str]:
    """Every topic on which a desk speaks."""
    states = [desk.state(name) for name in STATES]
    return [desk.availability, *states, desk.event, desk.button, desk.facts, desk.days, desk.sent, desk.refused]


def said_to(desk: Topics) -> list[str]:
    """Every topic on which a desk is spoken to."""
    return [*(desk.command(name) for name in COMMANDS), desk.offer]


class Somebody:
    """A client of the broker, with whatever name, password and manners."""

    def __init__(
        self, house: House, user: str, *, name: str = "", hears: Sequence[str] = (), will: Will | None = None,
        keeps_s: int = 0, password: str | None = None, version: str = "5", port: int = 0,
    ) -> None:  # fmt: skip
        self.user = user
        self.heard: list[Arrival] = []
        self.troubles: list[str] = []
        self.taken: list[str] = []
        known = house.password(user) if password is None else password
        broker = Broker("127.0.0.1", port or house.broker.port, user, known, version=version)
        hooks = Hooks(message=self.heard.append, not_connected=self.troubles.append)
        quickly = Backoff(shortest_s=0.05, longest_s=0.2)
        self.client = Client(broker, name or user, hooks, Manners(will=will, hears=hears, keeps_s=keeps_s), quickly)

    @property
    def topics(self) -> set[str]:
        """The topics that it has heard."""
        return {each.topic for each in self.heard}

    def send(self, topics: Sequence[str], *, retain: bool = False) -> None:
        """Say something on each."""
        for each in topics:
            self.client.send(each, each.encode(), retain=retain, acknowledged=lambda each=each: self.taken.append(each))  # type: ignore[misc]


class House:
    """A broker with two desks, an office, and one who hears and may say everything."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "office"
        self.folder.mkdir()
        (self.folder / "office.toml").write_text('[broker]\nhost = "127.0.0.1"\ntls = "no"\n')
        self.office: Office = load_office(self.folder / "office.toml")
        self.access = Access(self.office)
        self.access.let_in(["desk-a", "desk-b"])
        self.access.let_in(["floor"], Role.BRIDGE)
        port = free_port()
        self._bring()
        self.lines = [
            line.replace("/etc/mosquitto/unsit", str(self._brought))
            for line in (self.access.broker_files[0] / "unsit.conf").read_text().splitlines()
            if not line.startswith("listener")
        ]
        self.broker = Mosquitto(folder / "broker", self.lines, port).start()
        self.people: list[Somebody] = []

    @property
    def _brought(self) -> Path:
        return self.folder.parent / "brought"

    def _bring(self) -> None:
        self._brought.mkdir(exist_ok=True)
        more = {"passwords": "".join(f"{each}:{mosquitto_proof('w')}\n" for each in WATCHERS)}
        more["access"] = "".join(f"\nuser {each}\ntopic readwrite #\n" for each in WATCHERS)
        for name in ("passwords", "access"):
            says = (self.access.broker_files[0] / name).read_text() + more[name]
            (self._brought / name).write_text(says)

    def bring_and_reload(self) -> None:
        """As docs/office.md has it done."""
        self._bring()
        self.broker.reload()

    def password(self, user: str) -> str:
        """The one that was given to that user."""
        if user in WATCHERS:
            return "w"
        if user == "floor":
            return self.carried(user).joinpath("bridge.conf").read_text().split("remote_password ")[1].splitlines()[0]
        file = self.office.password_file if user.startswith("office") else self.carried(user) / "mqtt-password"
        return file.read_text().strip()

    def carried(self, desk: str) -> Path:
        return self.folder / "access/to-carry" / desk

    def enters(self, user: str, **how: object) -> Somebody:
        """Somebody connects, and is there."""
        somebody = self.tries(user, **how)
        hears = bool(how.get("hears"))
        self.until(lambda: somebody.client.is_hearing if hears else somebody.client.is_connected)
        return somebody

    def tries(self, user: str, **how: object) -> Somebody:
        """Somebody tries to connect."""
        somebody = Somebody(self, user, **how)  # type: ignore[arg-type]
        self.people.append(somebody)
        somebody.client.open()
        return somebody

    def until(self, holds: Callable[[], object], within_s: float = WITHIN_S) -> None:
        ends_at = time.monotonic() + within_s
        while not holds():
            assert time.monotonic() < ends_at, [each.troubles for each in self.people]
            self.rounds(0.05)

    def rounds(self, for_s: float) -> None:
        one_round([each.client for each in self.people], time.monotonic() + for_s)

    def settle(self) -> None:
        """Until all that was said has been heard by whoever may hear it."""
        self.until(lambda: not any(each.client.unacknowledged for each in self.people))
        speaker = self.enters("last-word")
        speaker.send(["last/word"])
        watchers = [each for each in self.people if "#" in each.client._manners.hears]
        self.until(
            lambda: all("last/word" in each.topics for each in watchers if each.client._broker.user == "watcher")
        )
        speaker.client.close()
        self.people.remove(speaker)
        ends_at = time.monotonic() + 0.2
        while time.monotonic() < ends_at:
            self.rounds(0.05)

    def close(self) -> None:
        for each in self.people:
            each.client.close()
        self.broker.stop()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


either_version = pytest.mark.parametrize("version", ["5", "3.1.1"])


@either_version
@pytest.mark.parametrize("retain", [False, True])
def test_a_desk_says_its_own_and_nothing_else(house: House, version: str, retain: bool) -> None:
    watcher = house.enters("watcher", hears=["#"])
    thief = house.enters("desk-a", version=version)
    closed = [*said_to(OWN), *said_by(OTHER), *said_to(OTHER), OWN.root, f"{OWN.root}/", f"{OWN.root}/state"]
    closed += [f"{OWN.root}/state/x/y", f"{OWN.root}/facts/more", "unsit/desk-a/../desk-b/facts", "/unsit/desk-a/facts"]
    closed += ["$SYS/broker/version", "homeassistant/device/x/config", "unsit/office/facts", "unsit//facts", "anything"]
    for each in closed:
        # To some it answers by hanging up.
        house.until(lambda: thief.client.is_connected)
        thief.send([each], retain=retain)
        house.until(lambda: not thief.client.unacknowledged)
    house.until(lambda: thief.client.is_connected)
    thief.send(said_by(OWN), retain=retain)
    house.until(lambda: watcher.topics >= set(said_by(OWN)))
    house.settle()
    assert watcher.topics - {"last/word"} == set(said_by(OWN))
    late = house.enters("late-watcher", hears=["#"])
    house.settle()
    assert {each.topic for each in late.heard if each.is_retained} == (set(said_by(OWN)) if retain else set())


@either_version
def test_a_desk_hears_its_own_and_nothing_else(house: House, version: str) -> None:
    filters = ["#", "+/+/+", "+/+/+/+", "unsit/#", "unsit/desk-b/#", "unsit/+/facts", "unsit/+/set/+", "$SYS/#"]
    filters += ["unsit/desk-a/#", "$share/g/unsit/#", "unsit/desk-b/set/mute", "unsit/desk-b/offer", "/#", "+/#"]
    watcher = house.enters("watcher", hears=["#"])
    for retain in (True, False):
        watcher.send([*said_by(OTHER), *said_to(OTHER), *said_by(OWN), *said_to(OWN)], retain=retain)
    thief = house.enters("desk-a", hears=filters, version=version)
    for retain in (True, False):
        watcher.send([*said_by(OTHER), *said_to(OTHER), *said_by(OWN), *said_to(OWN)], retain=retain)
    house.until(lambda: thief.topics >= set(said_to(OWN)))
    house.settle()
    assert thief.topics == set(said_to(OWN))


@either_version
def test_a_last_will_says_nothing_on_the_topic_of_another(house: House, version: str) -> None:
    watcher = house.enters("watcher", hears=["#"])
    for topic in (OTHER.availability, OTHER.facts, OWN.command("mute"), "unsit/office/facts"):
        thief = house.tries("desk-a", will=Will(topic, b"boo"), version=version)
        house.until(lambda thief=thief: thief.client.is_connected or thief.troubles)  # type: ignore[misc]
        # Without a word: the broker tells the will, if it does.
        thief.client._hang_up()
        house.people.remove(thief)
    own = house.enters("desk-a", will=Will(OWN.availability, b"offline"), version=version)
    own.client._hang_up()
    house.people.remove(own)
    house.until(lambda: OWN.availability in watcher.topics)
    house.settle()
    assert watcher.topics == {OWN.availability, "last/word"}


@either_version
def test_a_desk_can_take_nobodys_place(house: House, version: str) -> None:
    desk = house.enters("desk-b", hears=[OTHER.commands], keeps_s=3600)
    collector = house.enters("office", hears=["unsit/+/facts"], keeps_s=3600)
    for name in ("desk-b", "unsit-desk-b", "office", ""):
        house.enters("desk-a", name=name or "desk-a", version=version).client.close()
    house.rounds(0.2)
    assert desk.client.is_connected
    assert collector.client.is_connected
    assert desk.troubles + collector.troubles == []


def test_a_desk_that_is_shut_out_is_out_at_once_and_nobody_else_is(house: House) -> None:
    stolen = house.enters("desk-b", hears=[OTHER.commands], keeps_s=3600)
    others = [house.enters("desk-a"), house.enters("office", hears=["unsit/+/facts"])]
    began = time.monotonic()
    password = house.password("desk-b")
    assert house.access.shut_out("desk-b")
    house.bring_and_reload()
    house.until(lambda: len(stolen.troubles) >= 2, REVOKED_WITHIN_S)
    assert time.monotonic() - began < REVOKED_WITHIN_S
    assert "refuses the user or the password" in stolen.troubles[-1]
    assert all(each.client.is_connected and each.troubles == [] for each in others)
    assert not house.carried("desk-b").exists()
    house.access.let_in(["desk-b"])
    house.bring_and_reload()
    house.enters("desk-b")
    again = house.tries("desk-b", password=password, name="thief")
    house.until(lambda: again.troubles)
    assert "refuses" in again.troubles[0], "the old password holds no longer"


@pytest.mark.parametrize(("user", "password"), [("", ""), ("desk-a", "guess"), ("desk-a", ""), ("desk-c", "guess")])
def test_without_a_password_nobody_gets_in(house: House, user: str, password: str) -> None:
    somebody = house.tries(user, password=password, name="x")
    house.until(lambda: somebody.troubles)
    assert "refuses the user or the password" in somebody.troubles[0]


@pytest.mark.parametrize(
    ("user", "says", "hears"),
    [
        ("office", [OTHER.command("resend")], [OTHER.facts, OTHER.days, OTHER.sent]),
        ("office-offers", [OTHER.offer], []),
        ("office-forgets", KEPT, []),
        (
            "floor",
            [OTHER.facts, OTHER.days, OTHER.sent],
            [OTHER.command("resend"), OTHER.offer],
        ),
    ],
)
def test_those_who_are_no_desks_have_only_the_rights_that_they_need(
    house: House, user: str, says: list[str], hears: list[str]
) -> None:
    watcher = house.enters("watcher", hears=["#"])
    somebody = house.enters(user, hears=["#", "$SYS/#"])
    somebody.send([*said_by(OTHER), *said_to(OTHER), "anything"])
    house.settle()
    assert watcher.topics == {*says, "last/word"}
    somebody.heard.clear()
    watcher.send([*said_by(OTHER), *said_to(OTHER), "anything"])
    house.settle()
    assert somebody.topics == set(hears)


def test_whoever_may_not_clear_what_the_broker_keeps_of_a_desk_is_told(house: House) -> None:
    broker = Broker("127.0.0.1", house.broker.port, "desk-a", house.password("desk-a"))
    with pytest.raises(ClearingError, match="doesn't let desk-a clear unsit/desk-b/availability"):
        clear(broker, OTHER)


@either_version
def test_whoever_clears_what_the_broker_keeps_of_a_desk_reads_none_of_it(house: House, version: str) -> None:
    desk = house.enters("desk-b")
    desk.send([topic for topic in KEPT if topic != OTHER.offer], retain=True)
    house.enters("office-offers").send([OTHER.offer], retain=True)
    house.settle()
    user = "office-forgets"
    nosy = house.enters(user, hears=["#", f"{OTHER.root}/state/+", OTHER.availability], version=version)
    house.settle()
    assert nosy.heard == []
    nosy.client.close()
    house.people.remove(nosy)
    clear(Broker("127.0.0.1", house.broker.port, user, house.password(user), version=version), OTHER)
    late = house.enters("late-watcher", hears=["#"])
    house.settle()
    assert not [each for each in late.heard if each.is_retained]


# ---- what enrolling writes


def test_what_is_carried_to_a_desk_is_for_its_owner_and_makes_sense_there(house: House) -> None:
    from device.settings.settings_file import load_settings

    folder = house.carried("desk-a")
    assert (folder / "mqtt-password").stat().st_mode & 0o777 == 0o600
    assert house.folder.joinpath("access").stat().st_mode & 0o777 == 0o700
    mqtt = load_settings(folder / "unsit.toml", [])[0].mqtt
    assert (mqtt.host, mqtt.user, mqtt.desk, mqtt.share, mqtt.discovery) == (
        *("127.0.0.1", "desk-a", "desk-a"),
        *("days", ""),
    )


def test_no_password_is_kept_where_the_broker_or_the_office_reads(house: House) -> None:
    passwords = [house.password(user) for user in ("desk-a", "desk-b", "floor", "office")]
    assert len(set(passwords)) == 4
    for file in (house.folder / "access/users.json", *house.access.broker_files[0].iterdir()):
        assert not [each for each in passwords if each in file.read_text()], file


def test_the_proof_is_one_that_mosquittos_own_program_would_make() -> None:
    kind, rounds, salt, proof = mosquitto_proof("secret")[1:].split("$")
    assert (kind, rounds, len(salt), len(proof)) == ("7", "101", 16, 88)


def test_users_that_make_no_sense_are_one_line(house: House) -> None:
    from device.access.enrolling import EnrolError

    file = house.folder / "access/users.json"
    for nonsense in ("", "{}", '{"users": [1]}', json.dumps({"users": [{"name": "a", "role": "king", "proofs": {}}]})):
        file.write_text(nonsense)
        with pytest.raises(EnrolError, match="makes no sense"):
            house.access.let_in(["desk-c"])


# ---- from floor to company


def test_a_floor_passes_all_on_to_the_company_and_brings_back_what_desks_are_told(house: House, tmp_path: Path) -> None:
    file = house.folder / "office.toml"
    file.write_text(file.read_text() + f"port = {house.broker.port}\n")
    access = Access(load_office(file))
    carried = access.let_in(["floor-3"], Role.BRIDGE)["floor-3"]
    house.bring_and_reload()
    assert (carried / "bridge.conf").stat().st_mode & 0o777 == 0o600
    bridge = (carried / "bridge.conf").read_text().splitlines()
    # The floor has the same files of users, and a bridge besides.
    floor = Mosquitto(tmp_path / "floor", [*house.lines, *bridge, "restart_timeout 1"]).start()
    try:
        collector = house.enters("office", hears=["unsit/+/facts", "unsit/+/days", "unsit/+/sent"], keeps_s=3600)
        desk = house.enters("desk-a", port=floor.port, hears=[OWN.commands, OWN.offer], keeps_s=3600)
        desk.send([OWN.facts, OWN.days])
        desk.send([OWN.sent], retain=True)
        house.until(lambda: collector.topics == {OWN.facts, OWN.days, OWN.sent})
        collector.send([OWN.command("resend")])
        house.until(lambda: desk.topics == {OWN.command("resend")})
        house.enters("office-offers").send([OWN.offer])
        house.until(lambda: desk.topics == {OWN.command("resend"), OWN.offer})
        # While the company's broker is away, what desks say waits on the floor.
        house.broker.stop()
        desk.send([f"{OWN.facts}"] * 200)
        house.until(lambda: not desk.client.unacknowledged)
        collector.heard.clear()
        house.broker.start()
        house.until(lambda: len(collector.heard) >= 200)
    finally:
        floor.stop()
