"""A client and a real mosquitto: it connects, sends, hears, and comes back whatever happens to the broker."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from device.mqtt.broker import Broker
from device.mqtt.client import Arrival, Backoff, Client, Hooks, Manners, Will
from device.mqtt.rounds import one_round
from tests.meetings.tls_server import Authority
from tests.mosquitto import Mosquitto, free_port
from tests.waiting import WITHIN_S

PLAIN = Manners()


class Talker:
    """A client on the test's own thread, and what it was told."""

    def __init__(self, broker: Broker, name: str = "talker", manners: Manners = PLAIN) -> None:
        self.heard: list[Arrival] = []
        self.told: list[str] = []
        self.why: list[str] = []
        hooks = Hooks(
            connected=lambda present: self.told.append("session" if present else "connected"),
            lost=lambda: self.told.append("lost"),
            message=self.heard.append,
            not_connected=self.why.append,
        )
        self.client = Client(broker, name, hooks, manners, Backoff(lambda: 0.0, shortest_s=0.02))
        self.hears = manners.hears
        self.client.open()

    def until(self, holds: Callable[[], object]) -> None:
        """Attend until it does."""
        deadline = time.monotonic() + WITHIN_S
        while not holds():
            assert time.monotonic() < deadline, (self.told, self.why, self.heard)
            one_round([self.client], time.monotonic() + 0.05)

    def connected(self, times: int = 1) -> Talker:
        self.until(lambda: self.client.is_connected and len([t for t in self.told if t != "lost"]) >= times)
        self.until(lambda: self.client.is_hearing or not self.hears)
        return self

    def payloads(self) -> list[bytes]:
        return [each.payload for each in self.heard]


@contextmanager
def talker(broker: Broker, name: str = "talker", manners: Manners = PLAIN) -> Iterator[Talker]:
    it = Talker(broker, name, manners)
    try:
        yield it
    finally:
        it.client.close()


def at(mosquitto: Mosquitto, version: str = "5", **more: object) -> Broker:
    return Broker("127.0.0.1", mosquitto.port, version=version, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_what_is_sent_is_acknowledged_and_heard_by_another(mosquitto: Mosquitto, version: str) -> None:
    broker, came = at(mosquitto, version), []
    with talker(broker, "other", Manners(hears=["a/+"])) as other, talker(broker) as one:
        other.connected()
        one.connected()
        for nth in range(50):
            one.client.send("a/b", b"%d" % nth, acknowledged=lambda nth=nth: came.append(nth))  # type: ignore[misc]
        assert one.client.unacknowledged == 50
        one.until(lambda: len(came) == 50)
        other.until(lambda: len(other.heard) == 50)
    assert came == list(range(50))
    assert other.payloads() == [b"%d" % nth for nth in range(50)]
    assert not any(each.is_retained for each in other.heard)


def test_who_takes_leave_is_told_that_the_connection_is_gone_and_only_once(mosquitto: Mosquitto) -> None:
    with talker(at(mosquitto)) as one:
        one.client.close()
        assert one.told == []
        one.client.open()
        one.connected().client.close()
        one.client.close()
        assert one.told == ["connected", "lost"]


def test_who_sends_what_the_broker_doesnt_take_is_told(tmp_path: Path) -> None:
    access = tmp_path / "access"
    access.write_text("topic readwrite may/#\n", "utf-8")
    mosquitto = Mosquitto(tmp_path / "mosquitto", ["allow_anonymous true", f"acl_file {access}"]).start()
    answers: list[str] = []
    try:
        with talker(at(mosquitto)) as one:
            one.connected()
            for topic in ("may/a", "not/a", "may/b"):
                one.client.send(
                    topic,
                    b"1",
                    acknowledged=lambda topic=topic: answers.append(f"{topic} taken"),  # type: ignore[misc]
                    refused=lambda topic=topic: answers.append(f"{topic} refused"),  # type: ignore[misc]
                )
            one.until(lambda: len(answers) == 3)
            assert one.client.unacknowledged == 0
    finally:
        mosquitto.kill()
    assert sorted(answers) == ["may/a taken", "may/b taken", "not/a refused"]


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_killed_broker_is_found_again_and_what_it_had_not_acknowledged_is_dropped(
    mosquitto: Mosquitto, version: str
) -> None:
    came: list[str] = []
    with talker(at(mosquitto, version)) as one:
        one.connected()
        mosquitto.kill()
        one.client.send("a", b"never", acknowledged=lambda: came.append("never"))
        one.until(lambda: one.told == ["connected", "lost"])
        one.client.send("a", b"neither", acknowledged=lambda: came.append("neither"))
        one.until(lambda: any("nobody listens" in why for why in one.why))
        mosquitto.start()
        one.connected(2)
        one.client.send("a", b"this", acknowledged=lambda: came.append("this"))
        one.until(lambda: came)
    assert came == ["this"]
    assert one.client.unacknowledged == 0


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_the_broker_tells_the_will_of_who_is_cut_off_but_not_of_who_takes_leave(
    mosquitto: Mosquitto, version: str
) -> None:
    broker, manners = at(mosquitto, version), Manners(will=Will("one/availability", b"offline"))
    with talker(broker, "other", Manners(hears=["#"])) as other:
        other.connected()
        one = Talker(broker, "one", manners).connected()
        one.client.close()
        again = Talker(broker, "one", manners).connected()
        again.client.send("one/availability", b"online", retain=True)
        again.until(lambda: again.client.unacknowledged == 0)
        assert again.client._paho is not None
        again.client._paho.handed.shutdown(socket.SHUT_RDWR)
        other.until(lambda: len(other.heard) == 2)
        assert other.payloads() == [b"online", b"offline"]
        again.client.close()
    with talker(broker, "late", Manners(hears=["#"])) as late:
        late.until(lambda: late.heard)
        assert [(each.payload, each.is_retained) for each in late.heard] == [(b"offline", True)]


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_the_broker_keeps_what_comes_while_who_asks_for_it_is_away(mosquitto: Mosquitto, version: str) -> None:
    broker, keeps = at(mosquitto, version), Manners(hears=["offer"], keeps_s=3600)
    Talker(broker, "one", keeps).connected().client.close()
    with talker(broker) as other:
        other.connected()
        other.client.send("offer", b"while away")
        other.until(lambda: other.client.unacknowledged == 0)
    with talker(broker, "one", keeps) as one:
        one.until(lambda: one.heard)
        assert one.told == ["session"]
        assert one.payloads() == [b"while away"]


def test_who_acknowledges_by_itself_hears_again_what_it_has_not(mosquitto: Mosquitto) -> None:
    broker, manners = at(mosquitto), Manners(hears=["a"], keeps_s=3600, acknowledges_itself=True)
    one = Talker(broker, "one", manners).connected()
    with talker(broker) as other:
        other.connected()
        for payload in (b"safe", b"not safe"):
            other.client.send("a", payload)
        other.until(lambda: other.client.unacknowledged == 0)
    one.until(lambda: len(one.heard) == 2)
    one.client.acknowledge(one.heard[0])
    one.client.close()
    with talker(broker, "one", manners) as again:
        again.until(lambda: again.heard)
        assert again.payloads() == [b"not safe"]


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_what_came_without_a_wish_for_an_answer_is_not_acknowledged(mosquitto: Mosquitto, version: str) -> None:
    broker = at(mosquitto, version)
    with talker(broker, "one", Manners(hears=["a"], acknowledges_itself=True)) as one, talker(broker) as other:
        one.connected()
        other.connected()
        assert other.client._paho is not None
        other.client._paho.publish("a", b"fleeting", qos=0)
        other.client.send("a", b"lasting")
        other.until(lambda: other.client.unacknowledged == 0)
        one.until(lambda: len(one.heard) == 2)
        for each in one.heard:
            one.client.acknowledge(each)
        assert one.client._paho is not None
        one.until(lambda: not one.client._paho.want_write())  # type: ignore[union-attr]
        other.client.send("a", b"next")
        other.until(lambda: other.client.unacknowledged == 0)
        one.until(lambda: len(one.heard) >= 3)
        # For an acknowledgement of nothing the broker hangs up.
        assert one.told == ["connected"]
    assert one.payloads() == [b"fleeting", b"lasting", b"next"]


def test_over_tls_long_messages_arrive_whole(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.context()
    lines = ["allow_anonymous true", f"cafile {tmp_path}/ca.pem"]
    lines += [f"certfile {tmp_path}/server.pem", f"keyfile {tmp_path}/server.key"]
    mosquitto = Mosquitto(tmp_path / "mosquitto", lines).start()
    broker = at(mosquitto, tls=ssl.create_default_context(cafile=str(authority.file)))
    long = b"x" * 300_000
    try:
        with talker(broker, manners=Manners(hears=["a"])) as one:
            one.connected()
            for nth in range(8):
                one.client.send("a", long + b"%d" % nth)
            one.until(lambda: len(one.heard) == 8)
            assert one.payloads() == [long + b"%d" % nth for nth in range(8)]
    finally:
        mosquitto.kill()


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_wrong_password_is_said_and_tried_again_later(tmp_path: Path, version: str) -> None:
    (tmp_path / "passwords").write_text("")
    mosquitto = Mosquitto(tmp_path / "m", ["allow_anonymous false", f"password_file {tmp_path}/passwords"]).start()
    try:
        with talker(at(mosquitto, version, user="desk", password="wrong")) as one:
            one.until(lambda: len(one.why) >= 2)
            assert set(one.why) == {
                f"127.0.0.1, port {mosquitto.port}: it refuses the user or the password: mqtt.user, mqtt.password"
            }
            assert not one.told
    finally:
        mosquitto.kill()


class Stranger:
    """Listens, and says one thing to whoever comes."""

    def __init__(self, says: bytes | None) -> None:
        self._listens = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listens.getsockname()[1]
        self._says, self._open = says, list[socket.socket]()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        try:
            while True:
                caller, _ = self._listens.accept()
                self._open.append(caller)
                caller.recv(1)
                if self._says is not None:
                    caller.sendall(self._says)
                    caller.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self) -> None:
        self._listens.shutdown(socket.SHUT_RDWR)
        for each in (self._listens, *self._open):
            each.close()
        self._thread.join(WITHIN_S)


@pytest.mark.parametrize(
    "says", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x20\x02\x00\x01", b"\x20\x01", b"\x31\xff\xff\xff\xff\x01"]
)
def test_whatever_is_no_broker_is_said_to_be_none_and_tried_again(says: bytes) -> None:
    stranger = Stranger(says)
    try:
        with talker(Broker("127.0.0.1", stranger.port)) as one:
            one.until(lambda: len(one.why) >= 2)
            assert not one.told
            assert all("hangs up" in why or "doesn't speak MQTT 5" in why for why in one.why), one.why
    finally:
        stranger.close()


def test_no_more_is_on_its_way_than_the_broker_takes_at_once() -> None:
    # More than the three that it says, and it hangs up.
    with (
        socket.create_server(("127.0.0.1", 0)) as listens,
        talker(Broker("127.0.0.1", listens.getsockname()[1])) as one,
    ):
        one.until(lambda: one.client._paho)
        caller, _ = listens.accept()
        with caller:
            caller.sendall(b"\x20\x06\x00\x00\x03\x21\x00\x03")
            one.connected()
            for nth in range(10):
                one.client.send("topic", b"%d" % nth)
            one.until(lambda: b"topic" in caller.recv(4096, socket.MSG_PEEK))
            assert _topics_in(caller) == 3
            caller.sendall(b"\x40\x02\x00\x01\x40\x02\x00\x02")
            one.until(lambda: one.client.unacknowledged == 8)
            one.until(lambda: not one.client._paho.want_write())  # type: ignore[union-attr]
            assert _topics_in(caller) == 2


def _topics_in(caller: socket.socket) -> int:
    """How many messages have come since the last look."""
    return caller.recv(4096).count(b"topic")


def test_a_broker_that_wants_no_sign_of_life_is_asked_for_one_all_the_same_and_not_all_the_time() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listens,
        talker(Broker("127.0.0.1", listens.getsockname()[1]), manners=Manners(keepalive_s=1)) as one,
    ):
        one.until(lambda: one.client._paho)
        caller, _ = listens.accept()
        with caller:
            # Its keep alive is 0.
            caller.sendall(b"\x20\x06\x00\x00\x03\x13\x00\x00")
            one.connected()
            assert (one.client.deadline or 0.0) - time.monotonic() > 0.5
            one.until(lambda: caller.recv(4096, socket.MSG_PEEK).endswith(b"\xc0\x00"))
            # No answer comes.
            one.until(lambda: one.told == ["connected", "lost"])


def test_two_of_the_same_name_are_told_of_each_other() -> None:
    # As a broker says it to who was there first; mosquitto 2.0.11 says nothing. paho 2.1 needs more than the number.
    stranger = Stranger(b"\x20\x03\x00\x00\x00" + b"\xe0\x08\x8e\x06\x1f\x00\x03bye")
    try:
        with talker(Broker("127.0.0.1", stranger.port)) as one:
            one.until(lambda: one.why)
            assert one.told == ["connected", "lost"]
            assert "another one has connected as talker: each desk needs an mqtt.desk of its own" in one.why[0]
    finally:
        stranger.close()


def test_a_name_that_takes_long_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = threading.Event()

    def asked(*_: object, **__: object) -> list[object]:
        answer.wait(WITHIN_S)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", asked)
    with talker(Broker("broker.nowhere", 1883)) as one:
        began = time.monotonic()
        for _ in range(3):
            one_round([one.client], time.monotonic())
        assert time.monotonic() - began < 1.0
        assert not one.why
        answer.set()
        one.until(lambda: one.why)
        assert "no computer is called broker.nowhere" in one.why[0]


def test_the_next_try_comes_later_each_time_and_never_on_the_same_beat() -> None:
    waits = Backoff(lambda: 0.0)
    assert [waits.next_s() for _ in range(9)] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    waits.begin_afresh()
    assert waits.next_s() == 1
    last = Backoff(lambda: 1.0)
    assert [last.next_s() for _ in range(9)] == [2, 4, 8, 16, 32, 64, 120, 120, 120]


def test_an_idle_connection_stays_and_wakes_up_at_the_keepalive_only(mosquitto: Mosquitto) -> None:
    with talker(at(mosquitto), manners=Manners(keepalive_s=1)) as one:
        one.connected()
        one.until(lambda: one.client._wrote_at)
        rounds, ends_at = 0, time.monotonic() + 3.6
        while time.monotonic() < ends_at:
            one_round([one.client], ends_at)
            rounds += 1
        # A question and its answer in every 1.2 s, what is left of the connecting, and the end.
        assert rounds <= 12
        assert one.told == ["connected"]


def test_a_broker_that_hangs_is_given_up(mosquitto: Mosquitto) -> None:
    import os
    import signal

    with talker(at(mosquitto), manners=Manners(keepalive_s=1)) as one:
        one.connected()
        os.kill(mosquitto.pid, signal.SIGSTOP)
        try:
            one.until(lambda: "lost" in one.told)
        finally:
            os.kill(mosquitto.pid, signal.SIGCONT)
        one.connected(2)


def test_nobody_at_all_is_said() -> None:
    port = free_port()
    with talker(Broker("127.0.0.1", port)) as one:
        one.until(lambda: one.why)
        assert one.why[0] == f"mqtt.port: nobody listens at 127.0.0.1, port {port}"
