"""This end of the device's line: a device that is gone, hangs up, says nonsense or doesn't answer."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from device.mqtt.link import LineHooks, Link, Message
from device.mqtt.rounds import one_round
from device.run.line import Line
from device.run.orders import OrderError
from tests.waiting import WITHIN_S


class End:
    """The link, and what it was told."""

    def __init__(self, path: Path) -> None:
        self.told: list[Message] = []
        self.gone = 0
        self.link = Link(path, LineHooks(self.told.append, self._lose))

    def _lose(self) -> None:
        self.gone += 1

    def until(self, holds: Callable[[], object]) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not holds():
            assert time.monotonic() < deadline, (self.told, self.gone)
            one_round([self.link], time.monotonic() + 0.05)

    def orders(self, do: str, to: object) -> Message | None:
        answers: list[Message | None] = []
        self.link.order(do, to, answers.append, time.monotonic())
        self.until(lambda: answers)
        return answers[0]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.mqtt.link._AGAIN_S", (0.01,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "line"


@pytest.fixture
def end(path: Path) -> Iterator[End]:
    it = End(path)
    yield it
    it.link.close()


@pytest.fixture
def device(path: Path) -> Iterator[socket.socket]:
    """Somebody who listens where the device would."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as it:
        it.bind(str(path))
        it.listen(4)
        yield it


def _a_line(path: Path) -> Line:
    line = Line(path, lambda: line.stand("device", version="1"), obey=obey)
    return line


def obey(do: object, to: object) -> dict[str, Any]:
    if do == "sound":
        return {"told": to}
    raise OrderError("there is no {what}", what=do)


def test_it_hears_and_gives_orders_as_soon_as_there_is_a_device_and_again_after_it_was_gone(
    path: Path, end: End
) -> None:
    end.until(lambda: end.gone >= 2)
    assert end.orders("sound", True) is None
    for _ in range(2):
        line = _a_line(path)
        end.until(lambda: end.told)
        assert end.told == [{"kind": "device", "version": "1"}]
        answer = end.orders("sound", True)
        assert answer is not None
        assert (answer["fine"], answer["told"]) == (True, True)
        answer = end.orders("noise", True)
        assert answer is not None
        assert answer["fine"] is False
        line.close()
        end.until(lambda: not end.link.wants())
        end.told.clear()


def test_a_long_message_that_comes_in_pieces_is_heard_whole(device: socket.socket, end: End) -> None:
    end.until(lambda: end.link.wants())
    caller, _ = device.accept()
    with caller:
        line = json.dumps({"kind": "fact", "says": "x" * 200_000}).encode() + b"\n"
        for begin in range(0, len(line), 50_000):
            caller.sendall(line[begin : begin + 50_000])
            one_round([end.link], time.monotonic() + 0.01)
        end.until(lambda: end.told)
    assert len(end.told[0]["says"]) == 200_000


@pytest.mark.parametrize("says", [b"nonsense\n", b"[]\n", b'{"no": "kind"}\n', b"1\n", b"x" * 2_000_000])
def test_a_device_that_says_nonsense_is_left_and_looked_for_again(
    device: socket.socket, end: End, says: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    end.until(lambda: end.link.wants())
    caller, _ = device.accept()
    with caller:
        caller.setblocking(False)
        left = says
        while left and not end.gone:
            try:
                left = left[caller.send(left) :]
            except BlockingIOError:
                pass
            except OSError:
                break
            one_round([end.link], time.monotonic() + 0.01)
        end.until(lambda: end.gone)
    assert ("isn't understood" in caplog.text) == (len(says) < 100)
    end.until(lambda: end.link.wants())
    device.accept()[0].close()


def test_a_device_that_does_not_answer_is_not_waited_for_for_ever(
    device: socket.socket, end: End, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.mqtt.link._ANSWERS_WITHIN_S", 0.1)
    end.until(lambda: end.link.wants())
    caller, _ = device.accept()
    with caller:
        assert end.orders("sound", True) is None
        assert json.loads(caller.recv(4096)) == {"kind": "order", "nth": 1, "do": "sound", "to": True}
        # Too late.
        caller.sendall(b'{"kind": "answer", "nth": 1, "fine": true}\n{"kind": "device"}\n')
        end.until(lambda: end.told)


def test_who_waits_for_an_answer_hears_at_once_that_the_device_has_gone(device: socket.socket, end: End) -> None:
    end.until(lambda: end.link.wants())
    answers: list[Message | None] = []
    end.link.order("sound", True, answers.append, time.monotonic())
    device.accept()[0].close()
    end.until(lambda: answers)
    assert answers == [None]


def test_a_device_that_is_not_heard_is_said_once_and_once_more_when_it_is(
    path: Path, end: End, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    for round_nth, why in enumerate(("No such file or directory", "it has hung up")):
        end.until(lambda: end.gone >= 3)
        gone = f"the device isn't heard at {path}: {why}; looking again"
        assert [each.message for each in caplog.records[2 * round_nth :]] == [gone]
        line = _a_line(path)
        end.until(lambda: len(caplog.records) == 2 * round_nth + 2)  # noqa: B023 - asked at once
        assert caplog.records[-1].message == "the device is heard"
        end.gone = 0
        line.close()
